"""Platforms and their breaker. Their mode is changed in ``service.store.switches``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, two_people
from service.domain.assessment import PlatformMode
from service.domain.errors import Conflict
from service.store import audit
from service.store.database import utc
from service.store.standing import before_change
from service.store.tables import platforms


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripped:
    """The breaker has sent everything to people since ``at``."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """Somebody has sent everything to people since ``at``; resumed, the platform is ``was`` again."""

    at: datetime
    reason: str
    was: PlatformMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """``zone``: IANA name, e.g. Asia/Shanghai. ``currency``: ISO 4217. ``breaker_since``: audit findings settled before
    the last reset do not count again. ``threshold_limits``: what two people tightened thresholds to, by certificate."""

    id: str
    zone: str
    currency: str
    mode: PlatformMode
    created_at: datetime
    breaker: Tripped | None = None
    breaker_since: datetime | None = None
    stopped: Stopped | None = None
    threshold_limits: Mapping[str, float] = field(default_factory=dict)


async def add(tx: AsyncConnection, platform: Platform, actor: Actor) -> bool:
    """True if it is new; one that exists stays as it is."""
    row = {
        "id": platform.id, "zone": platform.zone, "currency": platform.currency, "mode": platform.mode.value,
        "created_at": platform.created_at,
    }  # fmt: skip
    new = await tx.execute(insert(platforms).on_conflict_do_nothing().returning(platforms.c.id), row)
    if new.first() is None:
        return False
    await audit.add_entry(
        tx, platform.id, actor, "platform.added", f"platform:{platform.id}", platform.created_at,
        {"zone": platform.zone, "currency": platform.currency, "mode": platform.mode.value},
        after={"zone": platform.zone, "currency": platform.currency, "mode": platform.mode.value},
    )  # fmt: skip
    return True


async def trip(tx: AsyncConnection, platform_id: str, reason: str, actor: Actor, now: datetime) -> bool:
    """Nothing is approved from the next decision on; True if the breaker was not tripped before."""
    await before_change(tx, platform_id)
    changed = await tx.execute(
        sa.update(platforms)
        .where(platforms.c.id == platform_id, platforms.c.breaker_tripped_at.is_(None))
        .values(breaker_tripped_at=now, breaker_reason=reason)
    )
    if changed.rowcount == 0:
        return False
    subject = f"platform:{platform_id}"
    await audit.add_entry(
        tx, platform_id, actor, "platform.breaker_tripped", subject, now, {"reason": reason},
        reason=reason, before={"breaker": "closed"}, after={"breaker": "tripped"},
    )  # fmt: skip
    return True


async def reset_breaker(
    tx: AsyncConnection, platform_id: str, reason: str, actor: Actor, approved_by: Actor, now: datetime
) -> None:
    """Let approvals pass again; what was settled so far is not counted again. Two people, or Conflict."""
    two_people(actor, approved_by, "the breaker is reset")
    changed = await tx.execute(
        sa.update(platforms)
        .where(platforms.c.id == platform_id, platforms.c.breaker_tripped_at.is_not(None))
        .values(breaker_tripped_at=None, breaker_reason=None, breaker_since=now)
    )
    if changed.rowcount == 0:
        raise Conflict(f"the breaker of {platform_id!r} is not tripped")
    await audit.add_entry(
        tx, platform_id, actor, "platform.breaker_reset", f"platform:{platform_id}", now,
        {"reason": reason, "approved_by": approved_by.name}, reason=reason, before={"breaker": "tripped"},
        after={"breaker": "closed", "approved_by": approved_by.name},
    )  # fmt: skip


async def get(connection: AsyncConnection, platform_id: str) -> Platform | None:
    row = (await connection.execute(sa.select(platforms).where(platforms.c.id == platform_id))).one_or_none()
    return None if row is None else platform_of(row)


async def listed(connection: AsyncConnection) -> tuple[Platform, ...]:
    rows = await connection.execute(sa.select(platforms).order_by(platforms.c.id))
    return tuple(platform_of(row) for row in rows)


def platform_of(row: sa.Row[Any]) -> Platform:
    return Platform(
        id=row.id,
        zone=row.zone,
        currency=row.currency,
        mode=PlatformMode(row.mode),
        created_at=utc(row.created_at),
        breaker=None
        if row.breaker_tripped_at is None
        else Tripped(at=utc(row.breaker_tripped_at), reason=row.breaker_reason),
        breaker_since=None if row.breaker_since is None else utc(row.breaker_since),
        stopped=None
        if row.stopped_at is None
        else Stopped(at=utc(row.stopped_at), reason=row.stop_reason, was=PlatformMode(row.stopped_from)),
        threshold_limits=row.threshold_limits,
    )
