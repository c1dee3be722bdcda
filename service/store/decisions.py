"""Transaction 2: whoever locks the case row decides; budgets, assessment, events, audit and jobs go together."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.assessment import Assessment, Decision, Reservation
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.codec import from_data
from service.domain.errors import NotFound
from service.domain.history import EventKind, HistoryEvent
from service.store import assessments, audit, budgets, history
from service.store.jobs import Jobs
from service.store.tables import PENDING_STATES, cases


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRequest:
    """What to store, and what to store instead where a budget has no room.

    ``events`` enter the history only if ``assessment`` stands, ``fallback_events`` only if the fallback does. A grant
    of an automatic approval is recorded without being asked for.
    """

    platform_id: str
    case_id: uuid.UUID
    assessment: Assessment
    reservations: tuple[Reservation, ...]
    fallback: Assessment
    new_state: CaseState
    fallback_state: CaseState
    actor: Actor
    now: datetime
    events: tuple[HistoryEvent, ...] = ()
    fallback_events: tuple[HistoryEvent, ...] = ()
    audit_drawn: bool = False
    draw_probability: float | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """``assessment`` is the one that stands; ``reserved`` False: no room in a budget, so it is the fallback."""

    assessment: Assessment
    reserved: bool


@dataclass(frozen=True, slots=True)
class AlreadyDecided:
    """Somebody was quicker. None where the case ended without any assessment, e.g. withdrawn."""

    assessment: Assessment | None


DecideOutcome = Decided | AlreadyDecided

_THIS = (cases.c.platform_id == sa.bindparam("of_platform"), cases.c.id == sa.bindparam("of_case"))
_LOCK = (
    sa.select(cases.c.state, cases.c.claim, cases.c.assessment_id, cases.c.assess_job_id)
    .where(*_THIS)
    .with_for_update()
)
_DECIDED = (
    sa.update(cases)
    .where(*_THIS)
    .values({name: sa.bindparam(name) for name in ("state", "assessment_id", "decided_at")} | {"assess_job_id": None})
)


async def decide(tx: AsyncConnection, jobs: Jobs, request: DecideRequest) -> DecideOutcome:
    """Store the decision unless the case has one. NotFound for a case this platform does not have."""
    which = {"of_platform": request.platform_id, "of_case": request.case_id}
    row = (await tx.execute(_LOCK, which)).one_or_none()
    if row is None:
        raise NotFound(f"there is no case {request.case_id} here")
    if row.state not in PENDING_STATES:
        stored = row.assessment_id and await assessments.get(tx, request.platform_id, row.assessment_id)
        return AlreadyDecided(stored)
    reserved = await budgets.reserve(tx, request.platform_id, request.reservations, request.now)
    stands = request.assessment if reserved else request.fallback
    await _store(tx, request, stands, reserved, row.assessment_id)
    events = _events(request, stands, reserved, from_data(Claim, row.claim))
    if events:
        await history.record_events(tx, request.platform_id, events, request.now)
    if row.assess_job_id is not None:
        await jobs.cancel(tx, row.assess_job_id)
    return Decided(stands, reserved)


async def _store(
    tx: AsyncConnection, request: DecideRequest, stands: Assessment, reserved: bool, supersedes: uuid.UUID | None
) -> None:
    await assessments.add(
        tx,
        request.platform_id,
        stands,
        recorded_at=request.now,
        audit_drawn=request.audit_drawn,
        draw_probability=request.draw_probability,
        supersedes=supersedes,
    )
    state = request.new_state if reserved else request.fallback_state
    await tx.execute(
        _DECIDED,
        {
            "of_platform": request.platform_id, "of_case": request.case_id, "state": state.value,
            "assessment_id": stands.id, "decided_at": request.now,
        },
    )  # fmt: skip
    details = {
        "assessment": str(stands.id), "decision": stands.verdict.decision.value, "state": state.value,
        "reserved": reserved, "versions": dict(stands.versions),
    }  # fmt: skip
    subject = audit.case_subject(request.case_id)
    await audit.add_entry(tx, request.platform_id, request.actor, "case.assessed", subject, request.now, details)


def _events(request: DecideRequest, stands: Assessment, reserved: bool, claim: Claim) -> tuple[HistoryEvent, ...]:
    events = request.events if reserved else request.fallback_events
    grant = stands.verdict.grant
    approved = stands.verdict.decision is Decision.AUTO_APPROVED and grant is not None
    if not approved or any(event.kind is EventKind.REFUND_GRANTED for event in events):
        return events
    assert grant is not None
    granted = history.case_event(
        EventKind.REFUND_GRANTED, request.case_id, claim, occurred_at=request.now, amount=grant.amount
    )
    return (*events, granted)
