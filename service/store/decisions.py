"""Transaction 2: whoever locks the case row decides; budgets, assessment, events, audit and jobs go together."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.assessment import Assessment, Decision, Reservation
from service.domain.assessment import Party as Asked
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.codec import from_data
from service.domain.deadlines import Deadline
from service.domain.errors import NotFound
from service.domain.history import EventKind, HistoryEvent
from service.domain.lifecycle import MOVES, Action, Change, Party
from service.domain.steps import Step
from service.policy import refund_lock
from service.store import assessments, audit, budgets, case_moves, deadlines, history, outcomes, outgoing, steps
from service.store.case_moves import ChangeRequest
from service.store.jobs import Jobs
from service.store.outgoing import OutgoingEvent
from service.store.standing import still_holds
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
    deadline: Deadline | None = None
    fallback_deadline: Deadline | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """``assessment`` is the one that stands; ``reserved`` False: no room in a budget, so it is the fallback."""

    assessment: Assessment
    reserved: bool


@dataclass(frozen=True, slots=True)
class AlreadyDecided:
    """Somebody was quicker. None where the case ended without any assessment, e.g. withdrawn."""

    assessment: Assessment | None


@dataclass(frozen=True, slots=True)
class Outdated:
    """Something new was learned of the case meanwhile, or its platform was stopped: nothing was stored, it is to be
    assessed anew."""


DecideOutcome = Decided | AlreadyDecided | Outdated

_ACTION_TO = {
    CaseState.AUTO_APPROVED: Action.APPROVE_AUTOMATICALLY,
    CaseState.IN_REVIEW: Action.SEND_TO_REVIEW,
    CaseState.AWAITING_MATERIALS: Action.ASK_FOR_MATERIALS,
    CaseState.AWAITING_SUPPLIER: Action.ASK_SUPPLIER,
}

_THIS = (cases.c.platform_id == sa.bindparam("of_platform"), cases.c.id == sa.bindparam("of_case"))
_LOCK: sa.Select[Any] = (
    sa.select(
        cases.c.state,
        cases.c.version,
        cases.c.number,
        cases.c.claim,
        cases.c.assessment_id,
        cases.c.assess_job_id,
        cases.c.as_of,
        cases.c.reassessing,
    )
    .where(*_THIS)
    .with_for_update()
)
_DECIDED = (
    sa.update(cases)
    .where(*_THIS)
    .values(
        {name: sa.bindparam(name) for name in ("state", "version", "lane", "assessment_id", "decided_at")}
        | {"state_since": sa.bindparam("decided_at"), "assess_job_id": None, "reassessing": False}
    )
)


async def decide(tx: AsyncConnection, jobs: Jobs, request: DecideRequest) -> DecideOutcome:
    """Store the decision unless the case has one. NotFound for a case this platform does not have.

    A case that a person has gets the assessment beside its state: nothing is granted, reserved or asked for by it.
    """
    which = {"of_platform": request.platform_id, "of_case": request.case_id}
    row = (await tx.execute(_LOCK, which)).one_or_none()
    if row is None:
        raise NotFound(f"there is no case {request.case_id} here")
    if row.state not in PENDING_STATES and not row.reassessing:
        stored = row.assessment_id and await assessments.get(tx, request.platform_id, row.assessment_id)
        return AlreadyDecided(stored)
    if row.as_of != request.assessment.as_of:
        return Outdated()
    if row.state not in PENDING_STATES:
        return await _beside(tx, jobs, request, row)
    if not await still_holds(tx, request.platform_id, request.assessment):
        return Outdated()
    claim = from_data(Claim, row.claim)
    locked = await _locked(tx, request, claim)
    reserved = locked is None and await budgets.reserve(tx, request.platform_id, request.reservations, request.now)
    stands = request.assessment if reserved else request.fallback
    if locked is not None:
        stands = replace(stands, verdict=refund_lock.instead(stands.verdict, locked))
    await _store(tx, request, stands, reserved, row)
    await _tell(tx, request, stands, reserved, row, claim)
    events = _events(request, stands, reserved, claim)
    if events:
        await history.record_events(tx, request.platform_id, events, request.now)
    if row.assess_job_id is not None:
        await jobs.cancel(tx, row.assess_job_id)
    return Decided(stands, reserved)


async def _locked(tx: AsyncConnection, request: DecideRequest, claim: Claim) -> str | None:
    """Why an approval is none as of this transaction: its payment is locked or given back by another case, or a person
    refused an earlier claim on its order."""
    grant = request.assessment.verdict.grant
    if request.new_state is not CaseState.AUTO_APPROVED or grant is None:
        return None
    if await outcomes.why_not(tx, request.platform_id, request.case_id, claim, grant.amount) is not None:
        return refund_lock.REFUND_LOCKED
    refused = sa.select(cases.c.id).where(
        cases.c.platform_id == request.platform_id,
        cases.c.order_number == claim.order.order_number,
        cases.c.id != request.case_id,
        cases.c.state.in_([CaseState.REJECTED.value, CaseState.CLOSED.value, CaseState.REVERSED.value]),
    )
    return refund_lock.REFUSED_BEFORE if (await tx.execute(refused.limit(1))).first() is not None else None


async def _beside(tx: AsyncConnection, jobs: Jobs, request: DecideRequest, row: sa.Row[Any]) -> DecideOutcome:
    stands = request.assessment
    if not stands.under_review:
        return Outdated()  # made before a person took the case up
    document = await _add(tx, request, stands, row)
    which = sa.and_(cases.c.platform_id == request.platform_id, cases.c.id == request.case_id)
    values = {"assessment_id": stands.id, "assess_job_id": None, "reassessing": False}
    await tx.execute(sa.update(cases).where(which).values(values))
    case = await case_moves.lock(tx, request.platform_id, request.case_id)
    change = ChangeRequest(
        change=Change.REASSESSED,
        party=Party.PREREVIEW,
        actor=request.actor,
        now=request.now,
        recorded={
            "assessment": str(stands.id),
            "recommendation": stands.verdict.recommendation.value,
            "document_sha256": document,
        },
    )
    await case_moves.change(tx, case, change)
    if row.assess_job_id is not None:
        await jobs.cancel(tx, row.assess_job_id)
    return Decided(stands, True)


def _why(stands: Assessment) -> str | None:
    """The reasons' codes, without the audit draw: nobody who judges the case may come upon it."""
    return ", ".join(reason.code for reason in stands.verdict.reasons if reason.code != "audit_draw") or None


async def _add(tx: AsyncConnection, request: DecideRequest, stands: Assessment, row: sa.Row[Any]) -> str:
    """SHA-256 of the document as stored: the audit trail holds it, so that a changed decision is found out."""
    return await assessments.add(
        tx,
        request.platform_id,
        stands,
        recorded_at=request.now,
        audit_drawn=request.audit_drawn,
        draw_probability=request.draw_probability,
        supersedes=row.assessment_id,
    )


async def _store(
    tx: AsyncConnection, request: DecideRequest, stands: Assessment, reserved: bool, row: sa.Row[Any]
) -> None:
    document = await _add(tx, request, stands, row)
    state = request.new_state if reserved else request.fallback_state
    await tx.execute(
        _DECIDED,
        {
            "of_platform": request.platform_id, "of_case": request.case_id, "state": state.value,
            "version": row.version + 1, "lane": stands.verdict.lane, "assessment_id": stands.id,
            "decided_at": request.now,
        },
    )  # fmt: skip
    details = {
        "assessment": str(stands.id), "decision": stands.verdict.decision.value, "state": state.value,
        "reserved": reserved, "versions": dict(stands.versions),
    }  # fmt: skip
    subject = audit.case_subject(request.case_id)
    decided = {name: value for name, value in details.items() if name != "versions"}
    await audit.add_entry(
        tx, request.platform_id, request.actor, "case.assessed", subject, request.now, details,
        reason=_why(stands),
        before={"state": row.state, "version": row.version},
        after={**decided, "version": row.version + 1, "model": stands.versions.get("model"),
               "policy": stands.versions.get("policy"), "document_sha256": document},
    )  # fmt: skip


async def _tell(
    tx: AsyncConnection, request: DecideRequest, stands: Assessment, reserved: bool, row: sa.Row[Any], claim: Claim
) -> None:
    """The grant, the deadline that runs from now, and what the platform is told."""
    state = request.new_state if reserved else request.fallback_state
    deadline = request.deadline if reserved else request.fallback_deadline
    move = MOVES[_ACTION_TO[state]]
    if state is CaseState.AUTO_APPROVED and stands.verdict.grant is not None:
        await case_moves.write_grant(tx, request.platform_id, request.case_id, claim, stands.verdict.grant, request.now)
    if deadline is not None:
        await deadlines.set_running(tx, request.platform_id, request.case_id, deadline, request.now)
    told = case_moves.told_of(row.number, claim, state, deadline)
    if state is CaseState.AWAITING_SUPPLIER:
        await _note_who_is_asked(tx, request, stands, row)
    event = OutgoingEvent(
        type=move.event,
        occurred_at=request.now,
        case_id=request.case_id,
        case_version=row.version + 1,
        data=told,
    )
    await outgoing.tell(tx, request.platform_id, event)


async def _note_who_is_asked(tx: AsyncConnection, request: DecideRequest, stands: Assessment, row: sa.Row[Any]) -> None:
    """For whoever asks on the platform's side, and so that the next assessment knows who was."""
    step = Step(
        version=row.version + 1,
        action=Action.ASK_SUPPLIER.value,
        party=Party.PREREVIEW,
        actor=request.actor,
        from_state=CaseState(row.state),
        to_state=CaseState.AWAITING_SUPPLIER,
        at=request.now,
        data={"asked": next(iter(stands.verdict.ask), Asked.SUPPLIER).value},
    )
    await steps.add(tx, request.platform_id, request.case_id, step)


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
