"""What people do to the versions of a policy: each kept for ever, never changed, in force only once a second signed."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind
from service.domain.errors import Conflict, InvalidRequest, NotFound, StaleWrite
from service.domain.policy_versions import LEAD, PolicyRecord, PolicyStep, Signature, text_digest
from service.store import audit, keys
from service.store.database import Database, utc
from service.store.policies import SIGNED, author_columns, policy_at, signature_columns, text_columns
from service.store.policy_tables import policies
from service.store.tables import platforms

_WITHDRAWABLE = frozenset({PolicyStep.DRAFTED, PolicyStep.PROPOSED, PolicyStep.SIGNED_OFF})


class PolicyLife:
    """The versions of every platform and what people do to them. Each step is one transaction with its audit entry.

    A platform's steps wait for each other (its row is locked, in a way that leaves claims alone), so that of two
    people who sign at once the second sees what the first did.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, platform_id: str) -> tuple[PolicyRecord, ...]:
        """Every version of a platform, oldest first."""
        column = policies.c
        query = sa.select(policies).where(column.platform_id == platform_id)
        async with self._database.reading() as connection:
            rows = await connection.execute(
                query.order_by(column.recorded_at, sa.func.length(column.version), column.version)
            )
            return tuple(_record(row) for row in rows)

    async def one(self, platform_id: str, version: str) -> PolicyRecord:
        """NotFound for a version the platform does not have."""
        async with self._database.reading() as connection:
            return await _load(connection, platform_id, version)

    async def draft(
        self, platform_id: str, text: str, digest: str, note: str, wanted_at: datetime | None, author: Signature
    ) -> PolicyRecord:
        """A new version that nobody has proposed yet; numbered in order. NotFound for an unknown platform."""
        async with self._database.transaction() as tx:
            await _lock(tx, platform_id)
            return await _add(tx, platform_id, text, digest, note, wanted_at, author)

    async def propose_new(
        self, platform_id: str, text: str, digest: str, note: str, wanted_at: datetime | None, author: Signature
    ) -> PolicyRecord:
        """A new version, proposed at once."""
        async with self._database.transaction() as tx:
            await _lock(tx, platform_id)
            record = await _add(tx, platform_id, text, digest, note, wanted_at, author)
            return await _propose(tx, record, author)

    async def propose(self, platform_id: str, version: str, by: Signature) -> PolicyRecord:
        """Propose a draft. Conflict where it is none."""
        async with self._database.transaction() as tx:
            await _lock(tx, platform_id)
            return await _propose(tx, await _load(tx, platform_id, version), by)

    async def sign_off(self, platform_id: str, version: str, text_sha256: str, by: Signature) -> PolicyRecord:
        """A second person's signature under the text with this digest: from its time on the version is in force.

        Conflict where it is not proposed, where who signs may be who drafted or proposed it, or where its time has
        come too near; StaleWrite where the text is another one, or another version was signed since it was proposed.
        """
        async with self._database.transaction() as tx:
            await _lock(tx, platform_id)
            record = await _load(tx, platform_id, version)
            _require(record, {PolicyStep.PROPOSED}, "signed off")
            await _require_second_person(tx, record, by)
            _require_text(record, text_sha256)
            await _require_base(tx, record)
            effective = _effective(record, by.at)
            changes = {
                **signature_columns("signed", by),
                "step": PolicyStep.SIGNED_OFF.value,
                "effective_at": effective,
            }
            return await _step(tx, record, by, "policy.signed_off", changes, effective_at=effective.isoformat())

    async def end(self, platform_id: str, version: str, step: PolicyStep, why: str, by: Signature) -> PolicyRecord:
        """Reject a proposal, or withdraw what is not in force yet. Conflict where it is too late for that."""
        async with self._database.transaction() as tx:
            await _lock(tx, platform_id)
            record = await _load(tx, platform_id, version)
            allowed = _WITHDRAWABLE if step is PolicyStep.WITHDRAWN else frozenset({PolicyStep.PROPOSED})
            _require(record, allowed, step.value)
            _require_not_in_force(record, by.at)
            changes = {**signature_columns("ended", by), "step": step.value, "ended_why": why}
            return await _step(tx, record, by, f"policy.{step.value}", changes, why=why)


async def _lock(tx: AsyncConnection, platform_id: str) -> None:
    # NO KEY UPDATE: accepting a claim refers to this row and must not wait for people and their signatures.
    query = sa.select(platforms.c.id).where(platforms.c.id == platform_id).with_for_update(key_share=True)
    if (await tx.execute(query)).first() is None:
        raise NotFound(f"there is no platform {platform_id!r} here")


async def _load(connection: AsyncConnection, platform_id: str, version: str) -> PolicyRecord:
    which = sa.and_(policies.c.platform_id == platform_id, policies.c.version == version)
    row = (await connection.execute(sa.select(policies).where(which))).one_or_none()
    if row is None:
        raise NotFound(f"there is no policy version {version!r} of {platform_id!r} here; list them first")
    return _record(row)


async def _add(
    tx: AsyncConnection,
    platform_id: str,
    text: str,
    digest: str,
    note: str,
    wanted_at: datetime | None,
    author: Signature,
) -> PolicyRecord:
    version = await _next_number(tx, platform_id)
    row = {
        **text_columns(platform_id, version, text, digest),
        **author_columns(author.person, author.actor, author.at),
        "step": PolicyStep.DRAFTED.value, "note": note, "wanted_at": wanted_at,
    }  # fmt: skip
    await tx.execute(sa.insert(policies), row)
    record = await _load(tx, platform_id, version)
    await _audit(tx, record, author, "policy.drafted", note=note)
    return record


async def _next_number(tx: AsyncConnection, platform_id: str) -> str:
    number = sa.cast(policies.c.version, sa.BigInteger)
    which = sa.and_(policies.c.platform_id == platform_id, policies.c.version.regexp_match("^[0-9]{1,9}$"))
    return str((await tx.scalar(sa.select(sa.func.max(number)).where(which)) or 0) + 1)


async def _propose(tx: AsyncConnection, record: PolicyRecord, by: Signature) -> PolicyRecord:
    _require(record, {PolicyStep.DRAFTED}, "proposed")
    if record.wanted_at is not None and record.wanted_at <= by.at:
        raise InvalidRequest(
            f"It is to come into force at {record.wanted_at.isoformat()}, which is past: no decision that was made may "
            "change its rules. Give a later time."
        )
    ruling = await policy_at(tx, record.platform_id, by.at)
    if ruling is not None and ruling.text == record.text:
        raise Conflict(f"version {ruling.version!r}, which is in force, has this very text; there is nothing to sign")
    base = await _last_signed(tx, record.platform_id)
    changes = {**signature_columns("proposed", by), "step": PolicyStep.PROPOSED.value, "based_on": base}
    return await _step(tx, record, by, "policy.proposed", changes, based_on=base)


async def _last_signed(tx: AsyncConnection, platform_id: str) -> str | None:
    query = sa.select(policies.c.version).where(policies.c.platform_id == platform_id, SIGNED)
    found: str | None = await tx.scalar(query.order_by(policies.c.signed_at.desc(), policies.c.version.desc()).limit(1))
    return found


def _require(record: PolicyRecord, allowed: frozenset[PolicyStep] | set[PolicyStep], what: str) -> None:
    if record.step not in allowed:
        wanted = " or ".join(sorted(step.value.replace("_", " ") for step in allowed))
        raise Conflict(
            f"version {record.version!r} is {record.step.value.replace('_', ' ')}; only one that is {wanted} can be "
            f"{what}",
            extra={"step": record.step.value},
        )


async def _require_second_person(tx: AsyncConnection, record: PolicyRecord, by: Signature) -> None:
    before = [signature for signature in (record.drafted, record.proposed) if signature is not None]
    # Who replaces a key has both for a while.
    key = await _first_key(tx, record.platform_id, by.actor)
    same_key = key is not None and key in [await _first_key(tx, record.platform_id, each.actor) for each in before]
    if same_key or any(signature.may_be_of(by.person, by.actor) for signature in before):
        raise Conflict("a policy is proposed by one person and signed off by another; have somebody else sign it off")


async def _first_key(tx: AsyncConnection, platform_id: str, actor: Actor) -> uuid.UUID | None:
    """The key an actor's goes back to, through all its replacements; None for who acts through no key of ours."""
    try:
        key_id = uuid.UUID(actor.name) if actor.kind is ActorKind.KEY else None
    except ValueError:
        key_id = None
    return None if key_id is None else await keys.first_of(tx, platform_id, key_id)


def _require_text(record: PolicyRecord, text_sha256: str) -> None:
    # Rows can be changed behind our back: what is signed is the text as it stands now, and as it was read.
    if not record.text_sha256 == text_digest(record.text) == text_sha256:
        raise StaleWrite(
            f"the text of version {record.version!r} is not the one this signature is for; read it again and sign that",
            extra={"version": record.version, "text_sha256": text_digest(record.text)},
        )


async def _require_base(tx: AsyncConnection, record: PolicyRecord) -> None:
    last = await _last_signed(tx, record.platform_id)
    if last != record.based_on:
        raise StaleWrite(
            f"since version {record.version!r} was proposed, another version was signed off or withdrawn (now "
            f"{last!r}, then {record.based_on!r}); look at the difference and propose it again",
            extra={"version": record.version, "based_on": record.based_on, "last_signed": last},
        )


def _effective(record: PolicyRecord, at: datetime) -> datetime:
    earliest = at + LEAD
    if record.wanted_at is None:
        return earliest
    if record.wanted_at < earliest:
        raise Conflict(
            f"it was to come into force at {record.wanted_at.isoformat()}, less than {_shown(LEAD)} after this "
            "signature; propose it again with a later time"
        )
    return record.wanted_at


def _require_not_in_force(record: PolicyRecord, at: datetime) -> None:
    if record.effective_at is not None and record.effective_at < at + LEAD:
        raise Conflict(
            f"version {record.version!r} comes into force at {record.effective_at.isoformat()}, and can be taken back "
            f"only up to {_shown(LEAD)} before that; propose the earlier text again, or stop the platform"
        )


def _shown(span: timedelta) -> str:
    return f"{int(span.total_seconds())} seconds"


async def _step(
    tx: AsyncConnection, record: PolicyRecord, by: Signature, action: str, changes: Mapping[str, Any], **details: Any
) -> PolicyRecord:
    which = sa.and_(policies.c.platform_id == record.platform_id, policies.c.version == record.version)
    await tx.execute(sa.update(policies).where(which).values(**changes))
    await _audit(tx, record, by, action, step=str(changes["step"]), **details)
    return await _load(tx, record.platform_id, record.version)


async def _audit(tx: AsyncConnection, record: PolicyRecord, by: Signature, action: str, **details: Any) -> None:
    told = {"version": record.version, "text_sha256": record.text_sha256, "digest": record.digest, "person": by.person}
    subject = f"policy:{record.version}"
    await audit.register_actor(tx, record.platform_id, by.actor, by.at)
    reason = details.get("why") or record.note
    await audit.add_entry(
        tx, record.platform_id, by.actor, action, subject, by.at, {**told, **details},
        reason=str(reason) or None, before={"step": record.step.value}, after={**told, **details},
    )  # fmt: skip


def _record(row: sa.Row[Any]) -> PolicyRecord:
    author = Actor(ActorKind(row.actor_kind), row.actor_name)
    return PolicyRecord(
        platform_id=row.platform_id,
        version=row.version,
        step=PolicyStep(row.step),
        text=row.text,
        text_sha256=row.text_sha256,
        digest=row.digest,
        note=row.note,
        wanted_at=_moment(row.wanted_at),
        effective_at=_moment(row.effective_at),
        based_on=row.based_on,
        drafted=Signature(person=row.drafted_by, actor=author, at=utc(row.recorded_at)),
        proposed=_signed_by(row, "proposed"),
        signed=_signed_by(row, "signed"),
        ended=_signed_by(row, "ended"),
        ended_why=row.ended_why,
    )


def _signed_by(row: sa.Row[Any], name: str) -> Signature | None:
    at = getattr(row, f"{name}_at")
    if at is None:
        return None
    actor = Actor(ActorKind(getattr(row, f"{name}_actor_kind")), getattr(row, f"{name}_actor_name"))
    return Signature(person=getattr(row, f"{name}_by"), actor=actor, at=utc(at))


def _moment(at: datetime | None) -> datetime | None:
    return None if at is None else utc(at)
