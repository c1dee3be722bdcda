"""The policy in force on a platform: the signed version whose time came last."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.errors import Conflict, NotFound
from service.domain.policy_versions import PolicyStep, Signature, text_digest
from service.store import audit
from service.store.database import utc
from service.store.platforms import Platform, platform_of
from service.store.policy_tables import policies
from service.store.tables import platforms


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


_POLICY_COLUMNS = ("version", "effective_at", "text", "digest", "actor_kind", "actor_name", "recorded_at")
SIGNED = policies.c.step == PolicyStep.SIGNED_OFF.value
_LATEST = (policies.c.effective_at.desc(), policies.c.signed_at.desc(), policies.c.version.desc())


async def policy_at(connection: AsyncConnection, platform_id: str, moment: datetime) -> PolicyVersion | None:
    """The version in force at a moment; of two with one effective date, the one signed later."""
    column = policies.c
    row = (
        await connection.execute(
            sa.select(policies)
            .where(column.platform_id == platform_id, SIGNED, column.effective_at <= moment)
            .order_by(*_LATEST)
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else _version(platform_id, row._asdict())


_IN_FORCE = (
    sa.select(platforms, *(policies.c[name].label(f"policy_{name}") for name in _POLICY_COLUMNS))
    .join_from(platforms, policies)
    .where(platforms.c.id == sa.bindparam("platform_id"), SIGNED, policies.c.effective_at <= sa.bindparam("moment"))
    .order_by(*_LATEST)
    .limit(1)
)


async def in_force(
    connection: AsyncConnection, platform_id: str, moment: datetime
) -> tuple[Platform, PolicyVersion] | None:
    """A platform as it is now with its policy in force at ``moment``; None where either is missing."""
    row = (await connection.execute(_IN_FORCE, {"platform_id": platform_id, "moment": moment})).one_or_none()
    if row is None:
        return None
    return platform_of(row), _version(platform_id, {name: getattr(row, f"policy_{name}") for name in _POLICY_COLUMNS})


def _version(platform_id: str, row: Mapping[str, Any]) -> PolicyVersion:
    return PolicyVersion(
        platform_id=platform_id,
        version=row["version"],
        effective_at=utc(row["effective_at"]),
        text=row["text"],
        digest=row["digest"],
        actor=Actor(ActorKind(row["actor_kind"]), row["actor_name"]),
        recorded_at=utc(row["recorded_at"]),
    )


async def policy_version(connection: AsyncConnection, platform_id: str, version: str) -> PolicyVersion | None:
    """A signed version by its name."""
    which = sa.and_(policies.c.platform_id == platform_id, policies.c.version == version, SIGNED)
    row = (await connection.execute(sa.select(policies).where(which))).one_or_none()
    return None if row is None else _version(platform_id, row._asdict())


async def add_signed(tx: AsyncConnection, policy: PolicyVersion) -> bool:
    """The operator's own signature, for setting a platform up: a first policy has nobody yet who could be second.

    True if it is new. Conflict where the version exists with another text; NotFound for an unknown platform.
    """
    row = {
        **text_columns(policy.platform_id, policy.version, policy.text, policy.digest),
        **author_columns(policy.actor.name, policy.actor, policy.recorded_at),
        **signature_columns("signed", Signature(person=policy.actor.name, actor=policy.actor, at=policy.recorded_at)),
        "step": PolicyStep.SIGNED_OFF.value, "effective_at": policy.effective_at,
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
    details = {
        "version": policy.version, "text_sha256": text_digest(policy.text), "digest": policy.digest,
        "effective_at": policy.effective_at.isoformat(),
    }  # fmt: skip
    subject = f"policy:{policy.version}"
    await audit.add_entry(
        tx, policy.platform_id, policy.actor, "policy.set_up", subject, policy.recorded_at, details, after=details
    )
    return True


def text_columns(platform_id: str, version: str, text: str, digest: str) -> dict[str, Any]:
    return {
        "platform_id": platform_id, "version": version, "text": text, "text_sha256": text_digest(text),
        "digest": digest, "note": "", "ended_why": "",
    }  # fmt: skip


def author_columns(person: str, actor: Actor, at: datetime) -> dict[str, Any]:
    return {"drafted_by": person, "actor_kind": actor.kind.value, "actor_name": actor.name, "recorded_at": at}


def signature_columns(name: str, signature: Signature) -> dict[str, Any]:
    return {
        f"{name}_by": signature.person, f"{name}_actor_kind": signature.actor.kind.value,
        f"{name}_actor_name": signature.actor.name, f"{name}_at": signature.at,
    }  # fmt: skip
