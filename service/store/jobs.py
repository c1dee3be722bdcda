"""Background work on the same PostgreSQL: a job exists exactly if the transaction that deferred it committed."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import procrastinate
import procrastinate.exceptions
import psycopg
import psycopg_pool
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.errors import PrereviewError
from service.store.database import driver_connection

Assess = Callable[[str, uuid.UUID, int], Awaitable[None]]
DeferOverdue = Callable[[], Awaitable[int]]

_ASSESS = "assess_case"
_QUEUE = "assess"
_log = logging.getLogger(__name__)


class Jobs:
    """procrastinate, narrowed to what we use. Deferring needs no open pool; only a worker opens one."""

    def __init__(self, conninfo: str, *, stalled_after: float = 30.0) -> None:
        """``stalled_after``: seconds without heartbeat after which a worker counts as dead."""
        self._conninfo = conninfo
        self._stalled_after = stalled_after
        self._assess: Assess | None = None
        self._defer_overdue: DeferOverdue | None = None
        self._app = procrastinate.App(connector=_connector(conninfo))
        self._register()

    def bind(self, assess: Assess, defer_overdue: DeferOverdue | None = None) -> None:
        """Tell the worker what assessing a case means: platform, case, which attempt it is (from 1)."""
        self._assess = assess
        self._defer_overdue = defer_overdue

    async def defer_assessment(self, tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, seconds: float) -> int:
        """Have a worker assess the case in so many seconds, if the transaction commits; returns the job's id."""
        job = self._app.configure_task(
            _ASSESS, connection=await driver_connection(tx), schedule_in={"milliseconds": round(seconds * 1000)}
        )
        return await job.defer_async(platform_id=platform_id, case_id=str(case_id))

    async def cancel(self, tx: AsyncConnection, job_id: int) -> None:
        """Remove a job that has not started, if the transaction commits; one that runs goes on."""
        manager = self._app.job_manager
        await manager.cancel_job_by_id_async(job_id, delete_job=True, connection=await driver_connection(tx))

    async def run_worker(self, *, concurrency: int = 2, heartbeat: float = 5.0, poll: float = 5.0) -> None:
        """Work until cancelled; running jobs get 30 s to end. Survives the loss of the database by connecting anew.

        ``heartbeat`` and ``poll`` in seconds; ``heartbeat`` must be well below ``stalled_after``.
        """
        if self._assess is None:
            raise RuntimeError("bind() an assessment before running a worker")
        while True:
            try:
                async with self._app.open_async():
                    await self._app.run_worker_async(
                        concurrency=concurrency,
                        delete_jobs="successful",
                        fetch_job_polling_interval=poll,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=30,
                        stalled_worker_timeout=self._stalled_after,
                        update_heartbeat_interval=heartbeat,
                    )
            except (procrastinate.exceptions.ConnectorException, psycopg.Error, psycopg_pool.PoolTimeout) as error:
                _log.warning("worker lost the database, trying again: %s", error)
            # It also returns when a side task of its own failed: only being cancelled ends a worker.
            await asyncio.sleep(1)

    def _register(self) -> None:
        retry = procrastinate.RetryStrategy(max_attempts=5, exponential_wait=2)

        @self._app.task(name=_ASSESS, queue=_QUEUE, retry=retry, pass_context=True)
        async def assess_case(context: procrastinate.JobContext, platform_id: str, case_id: str) -> None:
            assert self._assess is not None
            await self._assess(platform_id, uuid.UUID(case_id), context.job.attempts + 1)

        # Six fields: the last are seconds. The lock keeps one rescue waiting at most, however many workers there are.
        @self._app.periodic(cron="* * * * * */10")
        @self._app.task(name="rescue_jobs", queue="rescue", queueing_lock="rescue_jobs")
        async def rescue_jobs(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes it
            await self.rescue()

    async def rescue(self) -> Sequence[int]:
        """Give jobs of workers without heartbeat back to the queue, and defer what is overdue without a job.

        Returns the ids given back. Needs an open worker.
        """
        manager = self._app.job_manager
        rescued = []
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self._stalled_after):
            await manager.retry_job(job)
            rescued.append(job.id or 0)
            _log.warning("job %s (%s) was left by its worker and is queued again", job.id, job.task_name)
        if self._defer_overdue is not None:
            try:
                await self._defer_overdue()
            except PrereviewError as error:
                _log.warning("overdue cases could not be queued: %s", error.detail)
        return rescued


def _connector(conninfo: str) -> Any:
    return procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4, timeout=10)
