"""The job process: finishes cases whose request did not, and whatever else leaves through the job table."""

from __future__ import annotations

import asyncio
import contextlib
import signal

from service import observing, wiring
from service.settings import Settings


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job in hand is finished first."""
    with observing.tracing(settings):
        async with wiring.deployed(settings) as deployment:
            with observing.metrics_served(settings, observing.metrics_of(deployment)):
                await _work(deployment)


async def _work(deployment: wiring.Deployment) -> None:
    task = asyncio.create_task(wiring.work(deployment))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task
