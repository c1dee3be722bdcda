"""The job process: finishes cases whose request did not, and whatever else leaves through the job table."""

from __future__ import annotations

import uuid

from service import wiring
from service.settings import Settings
from service.store import jobs
from service.wiring import Deployment


def bind(deployment: Deployment) -> None:
    """Tell the job table's tasks which use case does the work."""

    async def assess(platform_id: str, case_id: str, attempt: int) -> None:
        await deployment.review.finish(platform_id, uuid.UUID(case_id), attempt=attempt)

    jobs.bind(assess=assess)


async def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job in hand is finished first."""
    async with wiring.deployed(settings) as deployment:
        bind(deployment)
        await jobs.run_worker(deployment.store, name="prereview-worker")
