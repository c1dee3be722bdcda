"""Platforms and the versions of their policies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind, two_people
from service.domain.assessment import PlatformMode
from service.domain.errors import Conflict, NotFound
from service.store import audit
from service.store.database import utc
from service.store.tables import platforms, policies


@dataclass(frozen=True, slots=True, kw_only=True)
class Tripped:
    """The breaker has sent everything to people since ``at``."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """``zone``: IANA name, e.g. Asia/Shanghai. ``currency``: ISO 4217. ``breaker_since``: audit findings settled before
    the last reset do not count again."""

    id: str
    zone: str
    currency: str
    mode: PlatformMode
    created_at: datetime
    breaker: Tripped | None = None
    breaker_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyVersion:
    """A policy's text as written, with the digest of its decision-relevant part; in force from ``effective_at``."""

    platform_id: str
    version: str
    effective_at: datetime
    text: str
    digest: str
    actor: Actor
    recorded_at: datetime


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
    )  # fmt: skip
    return True


async def set_mode(tx: AsyncConnection, platform_id: str, mode: PlatformMode, actor: Actor, now: datetime) -> None:
    """NotFound for an unknown platform."""
    changed = await tx.execute(sa.update(platforms).where(platforms.c.id == platform_id).values(mode=mode.value))
    if changed.rowcount == 0:
        raise NotFound(f"there is no platform {platform_id!r} here")
    subject = f"platform:{platform_id}"
    await audit.add_entry(tx, platform_id, actor, "platform.mode_set", subject, now, {"mode": mode.value})


async def trip(tx: AsyncConnection, platform_id: str, reason: str, actor: Actor, now: datetime) -> bool:
    """Nothing is approved from the next decision on; True if the breaker was not tripped before."""
    changed = await tx.execute(
        sa.update(platforms)
        .where(platforms.c.id == platform_id, platforms.c.breaker_tripped_at.is_(None))
        .values(breaker_tripped_at=now, breaker_reason=reason)
    )
    if changed.rowcount == 0:
        return False
    subject = f"platform:{platform_id}"
    await audit.add_entry(tx, platform_id, actor, "platform.breaker_tripped", subject, now, {"reason": reason})
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
        {"reason": reason, "approved_by": approved_by.name},
    )  # fmt: skip


async def get(connection: AsyncConnection, platform_id: str) -> Platform | None:
    row = (await connection.execute(sa.select(platforms).where(platforms.c.id == platform_id))).one_or_none()
    return None if row is None else _platform(row)


async def listed(connection: AsyncConnection) -> tuple[Platform, ...]:
    rows = await connection.execute(sa.select(platforms).order_by(platforms.c.id))
    return tuple(_platform(row) for row in rows)


async def add_policy(tx: AsyncConnection, policy: PolicyVersion) -> bool:
    """True if it is new. Conflict where the version exists with another text; NotFound for an unknown platform."""
    row = {
        "platform_id": policy.platform_id, "version": policy.version, "effective_at": policy.effective_at,
        "text": policy.text, "digest": policy.digest, "actor_kind": policy.actor.kind.value,
        "actor_name": policy.actor.name, "recorded_at": policy.recorded_at,
    }  # fmt: skip
    try:
        new = await tx.execute(insert(policies).on_conflict_do_nothing().returning(policies.c.version), row)
    except sa.exc.IntegrityError as error:
        raise NotFound(f"there is no platform {policy.platform_id!r} here") from error
    if new.first() is None:
        which = sa.and_(policies.c.platform_id == policy.platform_id, policies.c.version == policy.version)
        if await tx.scalar(sa.select(policies.c.text).where(which)) != policy.text:
            raise Conflict(
                f"policy version {policy.version!r} exists with another text; give the new one a new version"
            )
        return False
    details = {"version": policy.version, "digest": policy.digest, "effective_at": policy.effective_at.isoformat()}
    subject = f"policy:{policy.version}"
    await audit.add_entry(tx, policy.platform_id, policy.actor, "policy.added", subject, policy.recorded_at, details)
    return True


_POLICY_COLUMNS = ("version", "effective_at", "text", "digest", "actor_kind", "actor_name", "recorded_at")


async def policy_at(connection: AsyncConnection, platform_id: str, moment: datetime) -> PolicyVersion | None:
    """The version in force at a moment; of two with one effective date, the one recorded later."""
    column = policies.c
    row = (
        await connection.execute(
            sa.select(policies)
            .where(column.platform_id == platform_id, column.effective_at <= moment)
            .order_by(column.effective_at.desc(), column.recorded_at.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else _policy(row)


_IN_FORCE = (
    sa.select(
        platforms.c.id,
        platforms.c.zone,
        platforms.c.currency,
        platforms.c.mode,
        platforms.c.created_at,
        platforms.c.breaker_tripped_at,
        platforms.c.breaker_reason,
        platforms.c.breaker_since,
        *(policies.c[name].label(f"policy_{name}") for name in _POLICY_COLUMNS),
    )
    .join_from(platforms, policies)
    .where(platforms.c.id == sa.bindparam("platform_id"), policies.c.effective_at <= sa.bindparam("moment"))
    .order_by(policies.c.effective_at.desc(), policies.c.recorded_at.desc())
    .limit(1)
)


async def in_force(
    connection: AsyncConnection, platform_id: str, moment: datetime
) -> tuple[Platform, PolicyVersion] | None:
    """A platform as it is now with its policy in force at ``moment``; None where either is missing."""
    row = (await connection.execute(_IN_FORCE, {"platform_id": platform_id, "moment": moment})).one_or_none()
    if row is None:
        return None
    return _platform(row), _policy_of(platform_id, {name: getattr(row, f"policy_{name}") for name in _POLICY_COLUMNS})


async def policy_version(connection: AsyncConnection, platform_id: str, version: str) -> PolicyVersion | None:
    which = sa.and_(policies.c.platform_id == platform_id, policies.c.version == version)
    row = (await connection.execute(sa.select(policies).where(which))).one_or_none()
    return None if row is None else _policy(row)


def _platform(row: sa.Row[Any]) -> Platform:
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
    )


def _policy(row: sa.Row[Any]) -> PolicyVersion:
    return _policy_of(row.platform_id, row._asdict())


def _policy_of(platform_id: str, row: Mapping[str, Any]) -> PolicyVersion:
    return PolicyVersion(
        platform_id=platform_id,
        version=row["version"],
        effective_at=utc(row["effective_at"]),
        text=row["text"],
        digest=row["digest"],
        actor=Actor(ActorKind(row["actor_kind"]), row["actor_name"]),
        recorded_at=utc(row["recorded_at"]),
    )
