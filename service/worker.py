"""The job process: finishes cases whose request did not, and whatever else leaves through the job table."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import uuid

from service import wiring
from service.settings import Settings
from service.wiring import Deployment


async def work(deployment: Deployment) -> None:
    """Assess cases whose request did not, until cancelled."""

    async def assess(platform_id: str, case_id: uuid.UUID, attempt: int) -> None:
        await deployment.review.finish(platform_id, case_id, attempt=attempt)

    await deployment.store.run_worker(assess)


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job in hand is finished first."""
    async with wiring.deployed(settings) as deployment:
        task = asyncio.create_task(work(deployment))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task
