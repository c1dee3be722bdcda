"""Background work on the same PostgreSQL: a job exists exactly if the transaction that deferred it committed."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import procrastinate
import procrastinate.exceptions
import psycopg
import psycopg_pool
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import driver_connection

Assess = Callable[[str, uuid.UUID, int], Awaitable[None]]
DeferOverdue = Callable[[], Awaitable[int]]

_ASSESS = "assess_case"
_RESCUE = "rescue_jobs"
_QUEUE = "assess"
_log = logging.getLogger(__name__)

# What procrastinate's own ``defer_jobs`` and ``cancel_job`` run, as parts of a statement that writes more
# (``together``): one job of ``given``, and one removed that has not started.
DEFER = (
    "(procrastinate_defer_jobs_v1(ARRAY(SELECT job FROM jsonb_populate_recordset("
    "CAST(NULL AS procrastinate_job_to_defer_v1), given.data -> 'jobs') AS job)))[1]"
)
CANCEL = "procrastinate_cancel_job_v1(CAST(given.data ->> 'cancel_job' AS bigint), false, true)"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerOptions:
    """``concurrency``: jobs at once; the rest in seconds. A worker silent for ``stalled_after`` counts as dead.

    ``poll`` is what remains when a notification is missed; ``heartbeat`` must be well below ``stalled_after``.
    """

    concurrency: int = 2
    heartbeat: float = 5.0
    stalled_after: float = 30.0
    poll: float = 5.0
    rescue_every: int = 10


class Jobs:
    """procrastinate, narrowed to what we use. Deferring needs no open pool; only a worker opens one."""

    def __init__(self, conninfo: str) -> None:
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

    def to_defer(self, platform_id: str, case_id: uuid.UUID, seconds: float) -> dict[str, Any]:
        """The same job for ``DEFER``, where it is written together with something else."""
        job = self._app.configure_task(_ASSESS, schedule_in={"milliseconds": round(seconds * 1000)}).make_new_job(
            platform_id=platform_id, case_id=str(case_id)
        )
        return {
            "queue_name": job.queue, "task_name": job.task_name, "priority": job.priority, "lock": job.lock,
            "queueing_lock": job.queueing_lock, "args": job.task_kwargs, "scheduled_at": job.scheduled_at,
        }  # fmt: skip

    async def cancel(self, tx: AsyncConnection, job_id: int) -> None:
        """Remove a job that has not started, if the transaction commits; one that runs goes on."""
        manager = self._app.job_manager
        await manager.cancel_job_by_id_async(job_id, delete_job=True, connection=await driver_connection(tx))

    async def run_worker(self, options: WorkerOptions = WorkerOptions()) -> None:
        """Work until cancelled; running jobs get 30 s to end. Survives the loss of the database by connecting anew."""
        if self._assess is None:
            raise RuntimeError("bind() an assessment before running a worker")
        self._schedule_rescue(options)
        while True:
            try:
                async with self._app.open_async():
                    await self._app.run_worker_async(
                        concurrency=options.concurrency,
                        delete_jobs="successful",
                        fetch_job_polling_interval=options.poll,
                        install_signal_handlers=False,
                        shutdown_graceful_timeout=30,
                        stalled_worker_timeout=options.stalled_after,
                        update_heartbeat_interval=options.heartbeat,
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

    def _schedule_rescue(self, options: WorkerOptions) -> None:
        if _RESCUE in self._app.tasks:
            return

        # Six fields: the last are seconds. The lock keeps one rescue waiting at most, however many workers there are.
        @self._app.periodic(cron=f"* * * * * */{options.rescue_every}")
        @self._app.task(name=_RESCUE, queue="rescue", queueing_lock=_RESCUE)
        async def rescue(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes it
            await self._requeue_stalled(options.stalled_after)
            if self._defer_overdue is not None:
                await self._defer_overdue()

    async def _requeue_stalled(self, stalled_after: float) -> None:
        """Give the jobs of workers without heartbeat back to the queue."""
        manager = self._app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=stalled_after):
            await manager.retry_job(job)
            _log.warning("job %s (%s) was left by its worker and is queued again", job.id, job.task_name)


def _connector(conninfo: str) -> Any:
    return procrastinate.PsycopgConnector(conninfo=conninfo, min_size=1, max_size=4, timeout=10)
