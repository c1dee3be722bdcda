"""Who did what, when: one entry for every change. Entries hold digests of details, never personal data."""

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
from service.store.database import utc
from service.store.tables import actors, audit

_ENTRY = sa.insert(audit).inline()
_ACTOR = insert(actors).on_conflict_do_nothing()


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """``subject`` is a kind and an id, e.g. ``case:0198…``; ``details_sha256``: of what the actor saw or set."""

    id: int
    actor: Actor
    action: str
    subject: str
    at: datetime
    details_sha256: str


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
) -> None:
    """One entry in the caller's transaction. ``details`` is digested, not stored; JSON-ready."""
    await tx.execute(
        _ENTRY,
        {
            "platform_id": platform_id, "actor_kind": actor.kind.value, "actor_name": actor.name, "action": action,
            "subject": subject, "at": at, "details_sha256": digest(details),
        },
    )  # fmt: skip


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
    return tuple(
        AuditEntry(
            id=row.id,
            actor=Actor(ActorKind(row.actor_kind), row.actor_name),
            action=row.action,
            subject=row.subject,
            at=utc(row.at),
            details_sha256=row.details_sha256,
        )
        for row in rows
    )
