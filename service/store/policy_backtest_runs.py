"""Back-tests of policies: one at a time for each platform, their progress, and what came of them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from service.domain.actors import Actor, ActorKind
from service.domain.errors import Conflict, NotFound
from service.store import audit
from service.store.database import Database, utc
from service.store.policy_work_tables import policy_backtests as table
from service.store.tables import cases

SILENT_AFTER = timedelta(seconds=60)
"""Whoever runs one and says nothing for so long is taken for dead."""
_KEPT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestRun:
    """``state``: running, done, failed or stopped; ``version`` None: of a draft. ``result``: JSON-ready, once done."""

    platform_id: str
    id: uuid.UUID
    version: str | None
    text_sha256: str
    certified: bool
    since: datetime
    until: datetime
    actor: Actor
    state: str
    total: int
    done: int
    started_at: datetime
    updated_at: datetime
    result: Any = None


class PolicyBacktestRuns:
    """Unavailable as for every method of the store."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def window(self, platform_id: str, since: datetime, until: datetime, most: int) -> tuple[datetime, int]:
        """Where a window begins that holds ``most`` cases at most, and how many it holds: the newest are kept."""
        within = sa.and_(cases.c.platform_id == platform_id, cases.c.accepted_at >= since, cases.c.accepted_at < until)
        newest = sa.select(cases.c.accepted_at).where(within).order_by(cases.c.accepted_at.desc()).limit(most + 1)
        some = newest.subquery()
        async with self._database.reading() as connection:
            count = await connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0
            if count <= most:
                return since, count
            # Cases of one moment stay together, or a window would begin in their middle.
            last: datetime | None = await connection.scalar(sa.select(sa.func.min(some.c.accepted_at)))
            assert last is not None
            begin = utc(last) + timedelta(microseconds=1)
            held = await connection.scalar(
                sa.select(sa.func.count()).select_from(some).where(some.c.accepted_at > last)
            )
        return begin, held or 0

    async def start(self, run: BacktestRun) -> None:
        """Conflict while another one of the platform runs. Old ones beyond the newest fifty go."""
        async with self._database.transaction() as tx:
            silent = run.started_at - SILENT_AFTER
            running = sa.and_(table.c.platform_id == run.platform_id, table.c.state == "running")
            await tx.execute(sa.update(table).where(running, table.c.updated_at < silent).values(state="failed"))
            row = {
                "platform_id": run.platform_id, "id": run.id, "version": run.version, "text_sha256": run.text_sha256,
                "certified": run.certified, "since": run.since, "until": run.until,
                "actor_kind": run.actor.kind.value, "actor_name": run.actor.name, "state": "running",
                "total": run.total, "done": 0, "started_at": run.started_at, "updated_at": run.started_at,
            }  # fmt: skip
            made = await tx.execute(insert(table).on_conflict_do_nothing().returning(table.c.id), row)
            if made.first() is None:
                raise Conflict("A back-test of this platform is running. Wait for it, or stop it first.")
            each = table.alias()
            kept = (
                sa.select(each.c.id)
                .where(each.c.platform_id == run.platform_id)
                .order_by(each.c.started_at.desc())
                .limit(_KEPT)
            )
            await tx.execute(
                sa.delete(table).where(
                    table.c.platform_id == run.platform_id, table.c.state != "running", table.c.id.not_in(kept)
                )
            )
            told = {"version": run.version, "text_sha256": run.text_sha256, "cases": run.total}
            await audit.register_actor(tx, run.platform_id, run.actor, run.started_at)
            await audit.add_entry(
                tx, run.platform_id, run.actor, "policy.backtested", f"policy:{run.version or 'draft'}",
                run.started_at, told, after=told,
            )  # fmt: skip

    async def note_progress(self, platform_id: str, run_id: uuid.UUID, done: int, now: datetime) -> bool:
        """False where it is to end: somebody stopped it, or took it for dead."""
        async with self._database.transaction() as tx:
            noted = await tx.execute(_running(platform_id, run_id).values(done=done, updated_at=now))
            return noted.rowcount == 1

    async def end(
        self, platform_id: str, run_id: uuid.UUID, state: str, now: datetime, *, done: int | None = None,
        result: Any = None,
    ) -> bool:  # fmt: skip
        """``state``: done, failed or stopped; without effect, and False, on one that has ended."""
        values: dict[str, Any] = {"state": state, "updated_at": now, "result": result}
        if done is not None:
            values["done"] = done
        async with self._database.transaction() as tx:
            ended = await tx.execute(_running(platform_id, run_id).values(**values))
            return ended.rowcount == 1

    async def get(self, platform_id: str, run_id: uuid.UUID, now: datetime) -> BacktestRun:
        """NotFound for one the platform does not have."""
        query = sa.select(table).where(table.c.platform_id == platform_id, table.c.id == run_id)
        async with self._database.reading() as connection:
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise NotFound("There is no such back-test on this platform.")
        return _run(row, now)

    async def listed(self, platform_id: str, now: datetime, limit: int = 20) -> tuple[BacktestRun, ...]:
        """Newest first, without results."""
        columns = [column for column in table.c if column.name != "result"]
        query = sa.select(*columns, sa.null().label("result")).where(table.c.platform_id == platform_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(query.order_by(table.c.started_at.desc()).limit(limit))
            return tuple(_run(row, now) for row in rows)


def _running(platform_id: str, run_id: uuid.UUID) -> sa.Update:
    return sa.update(table).where(table.c.platform_id == platform_id, table.c.id == run_id, table.c.state == "running")


def _run(row: sa.Row[*tuple[Any, ...]], now: datetime) -> BacktestRun:
    dead = row.state == "running" and utc(row.updated_at) < now - SILENT_AFTER
    return BacktestRun(
        platform_id=row.platform_id,
        id=row.id,
        version=row.version,
        text_sha256=row.text_sha256,
        certified=row.certified,
        since=utc(row.since),
        until=utc(row.until),
        actor=Actor(ActorKind(row.actor_kind), row.actor_name),
        state="failed" if dead else row.state,
        total=row.total,
        done=row.done,
        started_at=utc(row.started_at),
        updated_at=utc(row.updated_at),
        result=row.result,
    )
