"""Transaction 2: whoever locks the case row decides; budgets, assessment, events, audit and jobs go together."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

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
from service.store import (
    approving,
    assessments,
    audit,
    budgets,
    case_moves,
    deadlines,
    history,
    outcomes,
    outgoing,
    steps,
    together,
)
from service.store.approving import Looked
from service.store.case_moves import ChangeRequest
from service.store.case_tables import deadlines as deadline_table
from service.store.case_tables import grants, outgoing_events
from service.store.jobs import CANCEL, Jobs
from service.store.outcome_tables import obligations
from service.store.outgoing import OutgoingEvent
from service.store.step_tables import case_steps
from service.store.tables import PENDING_STATES, cases, history_events
from service.store.tables import audit as audit_table


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideRequest:
    """What to store, and what to store instead where a budget has no room.

    ``events`` enter the history only if ``assessment`` stands, ``fallback_events`` only if the fallback does. A grant
    of an automatic approval is recorded without being asked for. ``question``: of a supplier or seller who is asked.
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
    question: str = ""
    fallback_question: str = ""


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

_LOCK = (
    b"SELECT state, version, number, claim, assessment_id, assess_job_id, as_of, reassessing FROM cases "
    b"WHERE platform_id = $1 AND id = $2 FOR UPDATE"
)
_DECIDED_COLUMNS = ("platform_id", "id", "state", "version", "lane", "assessment_id", "decided_at")


_PARTS = {
    "cases": (
        "UPDATE cases SET state = row.state, version = row.version, lane = row.lane, "  # noqa: S608
        "assessment_id = row.assessment_id, decided_at = row.decided_at, state_since = row.decided_at, "
        f"assess_job_id = NULL, reassessing = false FROM given, {together.rows_of(cases, _DECIDED_COLUMNS)} "
        "WHERE cases.platform_id = row.platform_id AND cases.id = row.id"
    ),
    "budget_usage": budgets.TAKE,
    "grants": together.insert_of(grants, case_moves.GRANT_COLUMNS),
    "obligations": together.insert_of(obligations, outcomes.OBLIGATION_COLUMNS, instead="ON CONFLICT DO NOTHING"),
    "deadlines": together.insert_of(deadline_table, deadlines.COLUMNS),
    "case_steps": together.insert_of(case_steps, steps.COLUMNS),
    "audit": together.insert_of(audit_table, audit.COLUMNS),
    "outgoing_events": together.insert_of(outgoing_events, outgoing.COLUMNS),
    "history_events": together.insert_of(history_events, history.ROW_COLUMNS, instead="ON CONFLICT DO NOTHING"),
}


@lru_cache(maxsize=64)
def _writes(tables: tuple[str, ...], cancelling: bool) -> bytes:
    """Everything a decision changes besides its document. A table without rows is not named: what is sent to a person
    is stored also where budgets or the history are out of order."""
    parts = {f"of_{name}": _PARTS[name] for name in tables}
    if not cancelling:
        return together.statement(parts, "SELECT 1")
    parts["cancelled"] = f"SELECT {CANCEL} AS id FROM given"  # noqa: S608
    return together.statement(parts, "SELECT count(id) FROM cancelled")


class _Row(NamedTuple):
    """A case's row, locked."""

    state: str
    version: int
    number: str
    claim: dict[str, Any]
    assessment_id: uuid.UUID | None
    assess_job_id: int | None
    as_of: datetime
    reassessing: bool


async def decide(tx: AsyncConnection, jobs: Jobs, request: DecideRequest) -> DecideOutcome:
    """Store the decision unless the case has one. NotFound for a case this platform does not have.

    A case that a person has gets the assessment beside its state: nothing is granted, reserved or asked for by it.
    """
    found = await together.fetch(tx, _LOCK, (request.platform_id, request.case_id))
    if not found:
        raise NotFound(f"there is no case {request.case_id} here")
    row = _Row(*found[0])
    if row.state not in PENDING_STATES and not row.reassessing:
        if row.assessment_id is None:
            return AlreadyDecided(None)
        return AlreadyDecided(await assessments.get(tx, request.platform_id, row.assessment_id))
    if row.as_of != request.assessment.as_of:
        return Outdated()
    if row.state not in PENDING_STATES:
        return await _beside(tx, jobs, request, row)
    claim = from_data(Claim, row.claim)
    looked = await _look(tx, request, claim)
    if not looked.holds:
        return Outdated()
    locked = looked.locked if request.new_state is CaseState.AUTO_APPROVED else None
    reserved = locked is None and looked.room
    stands = request.assessment if reserved else request.fallback
    if locked is not None:
        stands = replace(stands, verdict=refund_lock.instead(stands.verdict, locked))
    document = await _add(tx, request, stands, row)
    rows = _rows(tx, request, stands, reserved, row, claim, document)
    if reserved:
        rows["budget_usage"] = looked.taken
    written = tuple(name for name in _PARTS if rows.get(name))
    await together.run(tx, _writes(written, "cancel_job" in rows), rows)
    return Decided(stands, reserved)


async def _look(tx: AsyncConnection, request: DecideRequest, claim: Claim) -> Looked:
    """Nothing stands against what is no approval."""
    approved = request.assessment.verdict.decision is Decision.AUTO_APPROVED
    if not (approved or request.reservations or request.new_state is CaseState.AUTO_APPROVED):
        return Looked()
    return await approving.look(
        tx, request.platform_id, request.case_id, claim, request.assessment, request.reservations, request.now
    )


async def _beside(tx: AsyncConnection, jobs: Jobs, request: DecideRequest, row: _Row) -> DecideOutcome:
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


async def _add(tx: AsyncConnection, request: DecideRequest, stands: Assessment, row: _Row) -> str:
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


def _rows(
    tx: AsyncConnection,
    request: DecideRequest,
    stands: Assessment,
    reserved: bool,
    row: _Row,
    claim: Claim,
    document: str,
) -> dict[str, Any]:
    """What ``_writes`` writes, table by table: the case's state, the grant and what it rests on, the deadline that runs
    from now, what the platform is told, and the audit entry."""
    state = request.new_state if reserved else request.fallback_state
    deadline = request.deadline if reserved else request.fallback_deadline
    platform_id, case_id, now, version = request.platform_id, request.case_id, request.now, row.version + 1
    rows: dict[str, Any] = {
        "cases": [
            {
                "platform_id": platform_id, "id": case_id, "state": state.value, "version": version,
                "lane": stands.verdict.lane, "assessment_id": stands.id, "decided_at": now,
            }
        ],
        "history_events": [
            history.event_row(platform_id, event, now) for event in _events(request, stands, reserved, claim)
        ],
    }  # fmt: skip
    event = OutgoingEvent(
        type=MOVES[_ACTION_TO[state]].event,
        occurred_at=now,
        case_id=case_id,
        case_version=version,
        data=case_moves.told_of(row.number, claim, state, deadline),
    )
    rows["outgoing_events"] = [outgoing.event_row(platform_id, event)]
    if deadline is not None:
        rows["deadlines"] = [deadlines.running_row(platform_id, case_id, deadline, now)]
    told: dict[str, Any] = {}
    if state is CaseState.AUTO_APPROVED and (grant := stands.verdict.grant) is not None:
        granted = case_moves.grant_row(platform_id, case_id, claim, grant, now)
        rows["grants"] = [granted]
        rows["obligations"] = outcomes.obligation_rows(platform_id, case_id, granted["id"], grant, now)
        told = case_moves.told_grant(granted)
    rows["audit"] = [_entry(tx, request, stands, reserved, row, state, document, told)]
    if state is CaseState.AWAITING_SUPPLIER:
        rows["case_steps"] = [_who_is_asked(request, stands, reserved, row)]
    if row.assess_job_id is not None:
        rows["cancel_job"] = row.assess_job_id
    return rows


def _entry(
    tx: AsyncConnection,
    request: DecideRequest,
    stands: Assessment,
    reserved: bool,
    row: _Row,
    state: CaseState,
    document: str,
    granted: Mapping[str, Any],
) -> dict[str, Any]:
    details = {
        "assessment": str(stands.id), "decision": stands.verdict.decision.value, "state": state.value,
        "reserved": reserved, "versions": dict(stands.versions),
    }  # fmt: skip
    decided = {name: value for name, value in details.items() if name != "versions"}
    return audit.entry_row(
        tx, request.platform_id, request.actor, "case.assessed", audit.case_subject(request.case_id), request.now,
        details,
        reason=_why(stands),
        before={"state": row.state, "version": row.version},
        after={**decided, "version": row.version + 1, "model": stands.versions.get("model"),
               "policy": stands.versions.get("policy"), "document_sha256": document, **granted},
    )  # fmt: skip


def _who_is_asked(request: DecideRequest, stands: Assessment, reserved: bool, row: _Row) -> dict[str, Any]:
    """For whoever asks on the platform's side, and so that the next assessment knows who was."""
    asked = next(iter(stands.verdict.ask), Asked.SUPPLIER).value
    question = request.question if reserved else request.fallback_question
    step = Step(
        version=row.version + 1,
        action=Action.ASK_SUPPLIER.value,
        party=Party.PREREVIEW,
        actor=request.actor,
        from_state=CaseState(row.state),
        to_state=CaseState.AWAITING_SUPPLIER,
        at=request.now,
        data={"asked": asked, **({"question": question} if question else {})},
    )
    return steps.step_row(request.platform_id, request.case_id, step)


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
