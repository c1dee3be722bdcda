"""Proposals that need a second person, and what each does once one agrees: in one transaction with its audit trail."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, ActorKind, same_person, two_people
from service.domain.certificate import Certificate
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.identifiers import new_id
from service.domain.proposals import Proposal, ProposalEnd, ProposalKind
from service.policy.certificate import threshold_at_work
from service.store import audit, platforms, switches
from service.store.database import Database, utc
from service.store.risk_tables import risk_proposals
from service.store.standing import before_change
from service.store.tables import platforms as platform_rows

NEWEST = 20
_WHAT = {
    ProposalKind.RESUME: "a stopped platform is resumed",
    ProposalKind.RESET_BREAKER: "the breaker is reset",
    ProposalKind.TIGHTEN: "the threshold is tightened",
}


class RiskProposals:
    """The proposals of one deployment's platforms. A platform's steps wait for each other: its row is locked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def listed(self, platform_id: str) -> tuple[Proposal, ...]:
        """Newest first, at most ``NEWEST``."""
        query = (
            sa.select(risk_proposals)
            .where(risk_proposals.c.platform_id == platform_id)
            .order_by(risk_proposals.c.proposed_at.desc(), risk_proposals.c.id.desc())
            .limit(NEWEST)
        )
        async with self._database.reading() as connection:
            return tuple(_proposal(row) for row in await connection.execute(query))

    async def propose(
        self,
        platform_id: str,
        kind: ProposalKind,
        reason: str,
        actor: Actor,
        now: datetime,
        *,
        threshold: float | None = None,
        certificate: Certificate | None = None,
    ) -> Proposal:
        """Conflict where there is nothing to propose, or one of the kind waits; InvalidRequest for a threshold that is
        not below the one at work."""
        proposal = Proposal(
            id=new_id(),
            platform_id=platform_id,
            kind=kind,
            reason=switches.plain(reason),
            proposed_by=actor,
            proposed_at=now,
            threshold=threshold,
            certificate=certificate.id if certificate is not None else None,
        )
        async with self._database.transaction() as tx:
            platform = await _locked(tx, platform_id)
            _require(proposal, platform, certificate)
            if any(one.kind is kind and one.waits(now) for one in await _newest(tx, platform_id)):
                raise Conflict(
                    "A proposal of this kind waits for a second person already. Withdraw it, or have it decided.",
                    extra={"code": "proposal_waits"},
                )
            await tx.execute(sa.insert(risk_proposals), _row(proposal))
            await _note(tx, proposal, "risk.proposed", actor, now, proposal.reason)
        return proposal

    async def approve(
        self, platform_id: str, proposal_id: uuid.UUID, actor: Actor, now: datetime, certificate: Certificate | None
    ) -> Proposal:
        """Agree to it as a second person: it takes effect now. Conflict for whoever proposed it, and where the
        situation is not the one it was proposed in."""
        async with self._database.transaction() as tx:
            await before_change(tx, platform_id)
            platform = await _locked(tx, platform_id)
            proposal = await _waiting(tx, platform_id, proposal_id, now)
            two_people(proposal.proposed_by, actor, _WHAT[proposal.kind])
            _require(proposal, platform, certificate)
            await _note(tx, proposal, "risk.proposal_approved", actor, now, proposal.reason)
            await _take_effect(tx, proposal, platform, actor, now)
            return await _end(tx, proposal, ProposalEnd.APPROVED, actor, now, None)

    async def decline(
        self, platform_id: str, proposal_id: uuid.UUID, reason: str, actor: Actor, now: datetime
    ) -> Proposal:
        """Withdraw one's own, or refuse another's."""
        why = switches.plain(reason)
        async with self._database.transaction() as tx:
            await _locked(tx, platform_id)
            proposal = await _waiting(tx, platform_id, proposal_id, now)
            own = same_person(proposal.proposed_by, actor)
            end = ProposalEnd.WITHDRAWN if own else ProposalEnd.REFUSED
            await _note(tx, proposal, f"risk.proposal_{end.value}", actor, now, why)
            return await _end(tx, proposal, end, actor, now, why)


def _require(proposal: Proposal, platform: platforms.Platform, certificate: Certificate | None) -> None:
    """That there is something to do, and that it is what was proposed."""
    at = proposal.proposed_at
    if proposal.kind is ProposalKind.RESUME and (platform.stopped is None or platform.stopped.at > at):
        raise _moved_on("The platform is not stopped, or was stopped again since. Look at it again.")
    if proposal.kind is ProposalKind.RESET_BREAKER and (platform.breaker is None or platform.breaker.at > at):
        raise _moved_on("The breaker is not tripped, or tripped again since. Look at it again.")
    if proposal.kind is ProposalKind.TIGHTEN:
        _require_tighter(proposal, platform, certificate)


def _require_tighter(proposal: Proposal, platform: platforms.Platform, certificate: Certificate | None) -> None:
    if certificate is None or proposal.certificate != certificate.id:
        raise _moved_on("The certificate this was proposed under is not the one at work. Propose it anew.")
    at_work = threshold_at_work(certificate, platform.threshold_limits)
    if proposal.threshold is None or not 0.0 <= proposal.threshold < at_work:
        raise InvalidRequest(
            f"The threshold at work is {at_work:.6f}, and a proposal must lie below it. Loosening it takes a new "
            "certificate: have the model certified again.",
            extra={"code": "not_tighter"},
        )


def _moved_on(why: str) -> Conflict:
    return Conflict(why, extra={"code": "moved_on"})


async def _take_effect(
    tx: AsyncConnection, proposal: Proposal, platform: platforms.Platform, actor: Actor, now: datetime
) -> None:
    by = proposal.proposed_by
    if proposal.kind is ProposalKind.RESUME:
        await switches.resume(tx, platform.id, proposal.reason, by, actor, now)
    elif proposal.kind is ProposalKind.RESET_BREAKER:
        await platforms.reset_breaker(tx, platform.id, proposal.reason, by, actor, now)
    else:
        assert proposal.certificate is not None
        assert proposal.threshold is not None
        limits = {**platform.threshold_limits, proposal.certificate: proposal.threshold}
        await tx.execute(
            sa.update(platform_rows).where(platform_rows.c.id == platform.id).values(threshold_limits=limits)
        )
        before = platform.threshold_limits.get(proposal.certificate)
        changed = {"certificate": proposal.certificate, "threshold": _exact(proposal.threshold)}
        await audit.add_entry(
            tx, platform.id, by, "platform.threshold_tightened", f"platform:{platform.id}", now,
            {**changed, "approved_by": actor.name}, reason=proposal.reason,
            before={"threshold": "certified" if before is None else _exact(before)},
            after={**changed, "approved_by": actor.name},
        )  # fmt: skip


async def _note(tx: AsyncConnection, proposal: Proposal, action: str, actor: Actor, now: datetime, reason: str) -> None:
    what: dict[str, Any] = {"kind": proposal.kind.value}
    if proposal.threshold is not None:
        what |= {"threshold": _exact(proposal.threshold), "certificate": proposal.certificate}
    await audit.register_actor(tx, proposal.platform_id, actor, now)
    await audit.add_entry(
        tx, proposal.platform_id, actor, action, f"proposal:{proposal.id}", now, what, reason=reason, after=what
    )


async def _end(
    tx: AsyncConnection, proposal: Proposal, end: ProposalEnd, actor: Actor, now: datetime, why: str | None
) -> Proposal:
    values = {
        "ended_as": end.value, "ended_kind": actor.kind.value, "ended_name": actor.name, "ended_at": now,
        "ended_why": why,
    }  # fmt: skip
    which = (risk_proposals.c.platform_id == proposal.platform_id, risk_proposals.c.id == proposal.id)
    row = (await tx.execute(sa.update(risk_proposals).where(*which).values(values).returning(risk_proposals))).one()
    return _proposal(row)


async def _locked(tx: AsyncConnection, platform_id: str) -> platforms.Platform:
    # NO KEY UPDATE: accepting a claim refers to this row and must not wait for people.
    query = sa.select(platform_rows).where(platform_rows.c.id == platform_id).with_for_update(key_share=True)
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        raise NotFound(f"there is no platform {platform_id!r} here")
    return platforms.platform_of(row)


async def _newest(tx: AsyncConnection, platform_id: str) -> list[Proposal]:
    """Of each kind one waits at most, so that the newest few hold it."""
    query = sa.select(risk_proposals).where(
        risk_proposals.c.platform_id == platform_id, risk_proposals.c.ended_as.is_(None)
    )
    rows = await tx.execute(query.order_by(risk_proposals.c.proposed_at.desc()).limit(NEWEST))
    return [_proposal(row) for row in rows]


async def _waiting(tx: AsyncConnection, platform_id: str, proposal_id: uuid.UUID, now: datetime) -> Proposal:
    which = (risk_proposals.c.platform_id == platform_id, risk_proposals.c.id == proposal_id)
    row = (await tx.execute(sa.select(risk_proposals).where(*which))).one_or_none()
    if row is None:
        raise NotFound("There is no such proposal on your platform.")
    proposal = _proposal(row)
    if not proposal.waits(now):
        raise _moved_on("The proposal was decided already, or its three days are over. Load the page again.")
    return proposal


def _row(proposal: Proposal) -> dict[str, Any]:
    return {
        "platform_id": proposal.platform_id, "id": proposal.id, "kind": proposal.kind.value,
        "reason": proposal.reason, "threshold": proposal.threshold, "certificate": proposal.certificate,
        "proposed_kind": proposal.proposed_by.kind.value, "proposed_name": proposal.proposed_by.name,
        "proposed_at": proposal.proposed_at,
    }  # fmt: skip


def _proposal(row: sa.Row[Any]) -> Proposal:
    ended_by = None if row.ended_name is None else Actor(ActorKind(row.ended_kind), row.ended_name)
    return Proposal(
        id=row.id,
        platform_id=row.platform_id,
        kind=ProposalKind(row.kind),
        reason=row.reason,
        threshold=row.threshold,
        certificate=row.certificate,
        proposed_by=Actor(ActorKind(row.proposed_kind), row.proposed_name),
        proposed_at=utc(row.proposed_at),
        ended_as=None if row.ended_as is None else ProposalEnd(row.ended_as),
        ended_by=ended_by,
        ended_at=None if row.ended_at is None else utc(row.ended_at),
        ended_why=row.ended_why,
    )


def _exact(threshold: float) -> str:
    """As it is recorded for good: to the millionth, as certificates are."""
    return f"{threshold:.6f}"
