"""How the deployment stands for one platform: nothing here tells what another one does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from service.store.database import Database, utc

_ALIVE_WITHIN = timedelta(seconds=30)
# procrastinate's own tables. Jobs that ended well are deleted, so that few rows are left to look at.
_WORKERS = sa.text("SELECT count(*) AS alive, max(last_heartbeat) AS last FROM procrastinate_workers "
                   "WHERE last_heartbeat > :since")  # fmt: skip
_JOBS = sa.text(
    "SELECT CASE WHEN status = 'todo' THEN CASE WHEN scheduled_at > :now THEN 'scheduled' ELSE 'due' END "
    "ELSE status::text END AS state, count(*) AS count, min(scheduled_at) AS oldest FROM procrastinate_jobs "
    "WHERE status IN ('todo', 'doing', 'failed') AND args ->> 'platform_id' = :platform_id GROUP BY 1"
)
_SIZE = sa.text("SELECT pg_database_size(current_database())")
_REVISION = sa.text("SELECT version_num FROM alembic_version")
_SERVER = sa.text("SHOW server_version")
# The oldest of each endpoint stands first in its index; a platform has ten of them at most.
_WEBHOOKS = sa.text(
    "SELECT min(first.due_at) FROM webhook_endpoints e CROSS JOIN LATERAL ("
    "SELECT d.due_at FROM webhook_deliveries d WHERE d.platform_id = e.platform_id AND d.endpoint_id = e.id "
    "AND d.state = 'pending' ORDER BY d.due_at, d.position LIMIT 1) AS first "
    "WHERE e.platform_id = :platform_id AND e.deleted_at IS NULL AND e.disabled_at IS NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemState:
    """``jobs``: the platform's own, by state; ``oldest_due_seconds``: of a job that no worker has taken up.

    ``database_bytes``: of the whole database, so it is shown rounded. ``webhook_lag_seconds``: how long the oldest
    delivery of the platform has been due.
    """

    workers: int
    jobs: dict[str, int]
    oldest_due_seconds: float
    database_bytes: int
    revision: str
    server: str
    webhook_lag_seconds: float


class SystemStates:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, platform_id: str, real: datetime) -> SystemState:
        """``real``: by the machine's clock, which workers and the courier go by."""
        async with self._database.reading() as connection:
            workers = (await connection.execute(_WORKERS, {"since": real - _ALIVE_WITHIN})).one()
            found = await connection.execute(_JOBS, {"now": real, "platform_id": platform_id})
            jobs = {row.state: row for row in found}
            due = await connection.scalar(_WEBHOOKS, {"platform_id": platform_id})
            size = await connection.scalar(_SIZE)
            revision = await connection.scalar(_REVISION)
            server = await connection.scalar(_SERVER)
        return SystemState(
            workers=workers.alive,
            jobs={state: jobs[state]._mapping["count"] if state in jobs else 0
                  for state in ("due", "doing", "scheduled", "failed")},
            oldest_due_seconds=_age(jobs["due"].oldest if "due" in jobs else None, real),
            database_bytes=size or 0,
            revision=str(revision),
            server=str(server).partition(" ")[0],
            webhook_lag_seconds=_age(due, real),
        )  # fmt: skip


def _age(oldest: datetime | None, now: datetime) -> float:
    return 0.0 if oldest is None else max(0.0, (now - utc(oldest)).total_seconds())
