"""Who did what, when, why, before and after: one entry for every change.

Entries stay for good and are chained (``chain``), so nothing personal goes in: details are digested, a reason's long
numbers and addresses are masked, and before and after hold states, amounts and ids of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.codec import digest
from service.domain.masking import mask_text
from service.domain.trail import TrailEntry
from service.store.database import seals_of, utc
from service.store.tables import actors, audit

_ENTRY = sa.insert(audit).inline()
_ACTOR = insert(actors).on_conflict_do_nothing()
COLUMNS = (
    "platform_id", "actor_kind", "actor_name", "action", "subject", "at", "details_sha256", "reason", "before", "after",
    "seal",
)  # fmt: skip
_LONGEST_REASON = 2_000
_LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """``subject`` is a kind and an id, e.g. ``case:0198…``; ``details_sha256``: of what the actor saw or set.

    ``position``: its place in the platform's chain, from 1; None until it is chained.
    """

    id: int
    actor: Actor
    action: str
    subject: str
    at: datetime
    details_sha256: str
    reason: str | None
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    position: int | None


def case_subject(case_id: object) -> str:
    return f"case:{case_id}"


async def add_entry(
    tx: AsyncConnection,
    platform_id: str,
    actor: Actor,
    action: str,
    subject: str,
    at: datetime,
    details: Mapping[str, Any],
    *,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """One entry in the caller's transaction.

    ``details`` is digested, not stored; JSON-ready. ``before`` and ``after`` are stored for good: what changed, by
    name (states, modes, versions, amounts), flat, without personal data. Their texts are cut at 200 characters, the
    reason at 2,000. Whole numbers and texts only: a fraction has more than one spelling.
    """
    row = entry_row(tx, platform_id, actor, action, subject, at, details, reason=reason, before=before, after=after)
    await add_row(tx, row)


async def add_row(tx: AsyncConnection, row: Mapping[str, Any]) -> None:
    """One that ``entry_row`` made."""
    await tx.execute(_ENTRY, row)


def entry_row(
    tx: AsyncConnection,
    platform_id: str,
    actor: Actor,
    action: str,
    subject: str,
    at: datetime,
    details: Mapping[str, Any],
    *,
    reason: str | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """As ``add_entry``, for whoever writes it together with something else in ``tx``."""
    row: dict[str, Any] = {
        "actor_kind": actor.kind.value, "actor_name": actor.name, "action": action, "subject": subject, "at": at,
        "details_sha256": digest(details), "reason": _lasting(reason, _LONGEST_REASON) if reason else None,
        "before": _summary(before), "after": _summary(after),
    }  # fmt: skip
    seals = seals_of(tx)
    seal = None if seals is None else seals.seal(platform_id, TrailEntry(id=0, **row))
    return {"platform_id": platform_id, **row, "seal": seal}


def _summary(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if values is None else {str(name): _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**63:
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(one) for one in (value if isinstance(value, list | tuple) else sorted(value, key=str))]
    if isinstance(value, datetime):
        return value.isoformat()
    return _lasting(str(value), _LONGEST_VALUE)


def _lasting(text: str, longest: int) -> str:
    return mask_text(text.replace("\0", ""))[:longest]


async def register_actor(tx: AsyncConnection, platform_id: str, actor: Actor, at: datetime) -> None:
    """Note an actor when it is first seen on a platform."""
    await tx.execute(
        _ACTOR, {"platform_id": platform_id, "kind": actor.kind.value, "name": actor.name, "first_seen_at": at}
    )


async def entries(connection: AsyncConnection, platform_id: str, subject: str) -> tuple[AuditEntry, ...]:
    """All entries on a subject, oldest first."""
    rows = await connection.execute(
        sa.select(audit).where(audit.c.platform_id == platform_id, audit.c.subject == subject).order_by(audit.c.id)
    )
    return tuple(entry_of(row) for row in rows)


async def by_action(
    connection: AsyncConnection, platform_id: str, action: str, *, since: datetime | None = None, limit: int
) -> tuple[AuditEntry, ...]:
    """Entries of one kind of change, newest first. Looks at the platform's whole trail."""
    query = sa.select(audit).where(audit.c.platform_id == platform_id, audit.c.action == action)
    if since is not None:
        query = query.where(audit.c.at >= since)
    return tuple(entry_of(row) for row in await connection.execute(query.order_by(audit.c.id.desc()).limit(limit)))


def entry_of(row: sa.Row[Any]) -> AuditEntry:
    """A row of ``audit``, all columns."""
    return AuditEntry(
        id=row.id,
        actor=Actor(ActorKind(row.actor_kind), row.actor_name),
        action=row.action,
        subject=row.subject,
        at=utc(row.at),
        details_sha256=row.details_sha256,
        reason=row.reason,
        before=row.before,
        after=row.after,
        position=row.position,
    )
