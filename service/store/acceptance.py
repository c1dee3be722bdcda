"""Transaction 1: take a claim in. Once it has committed, nothing can lose the claim."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.cases import FINAL_STATES, CaseState
from service.domain.claims import Claim
from service.domain.codec import to_data
from service.domain.errors import NotFound, Unavailable
from service.domain.history import EventKind
from service.domain.identifiers import new_id
from service.domain.lifecycle import BEFORE_DECISION, UNDER_REVIEW, Party
from service.store import audit, case_moves, evidence_records, history, outgoing, together
from service.store import personal_data_consents as consents
from service.store.case_moves import LockedCase
from service.store.case_tables import outgoing_events
from service.store.evidence_records import NewEvidence
from service.store.jobs import DEFER, Jobs
from service.store.outgoing import OutgoingEvent
from service.store.reassessing import REASSESSABLE, ReassessRequest, reassess
from service.store.tables import audit as audit_table
from service.store.tables import cases, history_events, idempotency, linked_claims


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRequest:
    """Everything transaction 1 needs; ids and times are made by the caller.

    ``body_digest``: of the canonical claim and the sorted file hashes. ``claim_data``: the claim as it was sent, kept
    beside our own form of it. ``now`` becomes accepted_at and as_of. ``assess_in_seconds``: when the job takes over.
    """

    platform_id: str
    idempotency_key: str
    body_digest: str
    claim: Claim
    claim_data: Mapping[str, Any] | None
    files: tuple[NewEvidence, ...]
    actor: Actor
    case_id: uuid.UUID
    number: str
    now: datetime
    due_at: datetime
    assess_in_seconds: float


@dataclass(frozen=True, slots=True)
class Accepted:
    """A new case."""

    case_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Replayed:
    """The same request was answered before; ``linked_claim_id`` where it had been linked to a live case."""

    case_id: uuid.UUID
    linked_claim_id: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class InFlight:
    """The same request is being answered: its case has no assessment yet."""

    case_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class KeyReused:
    """The key came with another body before."""


@dataclass(frozen=True, slots=True)
class Linked:
    """The order has a live case; the claim was kept with it and its files count for the order."""

    case_id: uuid.UUID
    linked_claim_id: uuid.UUID


AcceptOutcome = Accepted | Replayed | InFlight | KeyReused | Linked

_KEY_COLUMNS = ("platform_id", "key", "body_digest", "case_id", "created_at")
_CASE_COLUMNS = (
    "platform_id", "id", "number", "order_number", "account_id", "state", "version", "claim", "request",
    "accepted_at", "state_since", "as_of", "due_at", "reassessing",
)  # fmt: skip


def _opening(taking_key: str) -> bytes:
    """Key, job, case, history event, audit entry and event to tell; answers (key taken, job, case opened).

    Each part is written only if the one before has a row, so an earlier request or a live case leaves nothing else.
    """
    ended = ", ".join(f"'{state}'" for state in sorted(FINAL_STATES))
    parts = {
        "key": taking_key,
        # Before the case, so that its row is written once, job number included.
        "job": f"SELECT {DEFER} AS id FROM key, given",  # noqa: S608
        "opened": together.insert_of(
            cases,
            _CASE_COLUMNS,
            only_if="job",
            beside={"assess_job_id": "job.id"},
            instead=f"ON CONFLICT (platform_id, order_number) WHERE state NOT IN ({ended}) DO NOTHING RETURNING id",
        ),
        "history": together.insert_of(
            history_events, history.ROW_COLUMNS, only_if="opened", instead="ON CONFLICT DO NOTHING"
        ),
        "entry": together.insert_of(audit_table, audit.COLUMNS, only_if="opened"),
        "told": together.insert_of(outgoing_events, outgoing.COLUMNS, only_if="opened"),
    }
    return together.statement(
        parts, "SELECT (SELECT count(*) FROM key), (SELECT id FROM job), (SELECT count(*) FROM opened)"
    )


_OPEN = _opening(together.insert_of(idempotency, _KEY_COLUMNS, instead="ON CONFLICT DO NOTHING RETURNING case_id"))
_OPEN_AGAIN = _opening("SELECT 1")  # the key is this transaction's already


async def accept(tx: AsyncConnection, jobs: Jobs, request: AcceptRequest) -> AcceptOutcome:
    """Key, case, evidence, history event, audit entry and job, or the reason why there is no new case.

    Two posts at once meet on the unique indexes: the later waits for the earlier to commit and then sees its rows.
    Locks are taken in one order (key, case, files by hash), so waiting never goes round in a circle; the event has the
    case's own id.
    """
    given = _given(tx, jobs, request)
    taken, job_id, opened = await _open(tx, request, _OPEN, given)
    if not taken:
        return await _earlier(tx, request)
    for _ in range(2):  # again where the live case ended between the two statements
        if opened:
            break
        # Of another claim's case: the job is for none.
        await jobs.cancel(tx, job_id)
        live = await _live_case(tx, request)
        if live is not None:
            return await _link(tx, jobs, request, live)
        _, job_id, opened = await _open(tx, request, _OPEN_AGAIN, given)
    if not opened:
        raise Unavailable("the order's case is changing right now", retry_after=1)
    case_id, claim = request.case_id, request.claim
    await evidence_records.attach(
        tx, request.platform_id, claim.order.order_number, case_id, claim.account.id, request.files, request.now
    )
    await _keep_consent(tx, request, case_id)
    return Accepted(case_id)


def _given(tx: AsyncConnection, jobs: Jobs, request: AcceptRequest) -> dict[str, Any]:
    """The rows of a new case, table by table."""
    case_id, claim, platform_id = request.case_id, request.claim, request.platform_id
    requested = history.case_event(
        EventKind.REFUND_REQUESTED,
        case_id,
        claim,
        occurred_at=request.now,
        amount=claim.amount_claimed,
        data={"reason": claim.reason.value},
    )
    told = _event(request, "case.accepted", case_id, request.number, {"state": CaseState.ACCEPTED.value})
    return {
        "idempotency": [
            {
                "platform_id": platform_id, "key": request.idempotency_key, "body_digest": request.body_digest,
                "case_id": case_id, "created_at": request.now,
            }
        ],
        "jobs": [jobs.to_defer(platform_id, case_id, request.assess_in_seconds)],
        "cases": [
            {
                "platform_id": platform_id, "id": case_id, "number": request.number,
                "order_number": claim.order.order_number, "account_id": claim.account.id,
                "state": CaseState.ACCEPTED.value, "version": 1, "claim": to_data(claim),
                "request": request.claim_data, "accepted_at": request.now, "state_since": request.now,
                "as_of": request.now, "due_at": request.due_at, "reassessing": False,
            }
        ],
        "history_events": [history.event_row(platform_id, requested, request.now)],
        "audit": [_entry(tx, request, "case.accepted", case_id)],
        "outgoing_events": [outgoing.event_row(platform_id, told)],
    }  # fmt: skip


async def _open(
    tx: AsyncConnection, request: AcceptRequest, statement: bytes, given: Mapping[str, Any]
) -> tuple[int, int, int]:
    """(1 if the key is this request's, the job's id, 1 if the case was opened)."""
    try:
        [(taken, job_id, opened)] = await together.run(tx, statement, given)
    except psycopg.errors.ForeignKeyViolation as error:
        raise NotFound(f"there is no platform {request.platform_id!r} here") from error
    return taken, job_id, opened


async def _earlier(tx: AsyncConnection, request: AcceptRequest) -> AcceptOutcome:
    """What became of the request that had the key before."""
    row = (
        await tx.execute(
            sa.select(idempotency, cases.c.assessment_id)
            .join(
                cases,
                sa.and_(cases.c.platform_id == idempotency.c.platform_id, cases.c.id == idempotency.c.case_id),
            )
            .where(idempotency.c.platform_id == request.platform_id, idempotency.c.key == request.idempotency_key)
        )
    ).one()
    if row.body_digest != request.body_digest:
        return KeyReused()
    if row.linked_claim_id is None and row.assessment_id is None:
        return InFlight(row.case_id)
    return Replayed(row.case_id, row.linked_claim_id)


async def _live_case(tx: AsyncConnection, request: AcceptRequest) -> uuid.UUID | None:
    """The id of the order's live case, which is locked then."""
    live: uuid.UUID | None = await tx.scalar(
        sa.select(cases.c.id)
        .where(
            cases.c.platform_id == request.platform_id,
            cases.c.order_number == request.claim.order.order_number,
            cases.c.state.not_in(FINAL_STATES),
        )
        .with_for_update()
    )
    return live


async def _link(tx: AsyncConnection, jobs: Jobs, request: AcceptRequest, live: uuid.UUID) -> Linked:
    """The claim goes with the live case; files the order did not have make a new assessment of it."""
    linked_claim_id = new_id()
    claim, platform_id = request.claim, request.platform_id
    case = await case_moves.lock(tx, platform_id, live)
    order_number = claim.order.order_number
    fresh = await evidence_records.not_on_order(tx, platform_id, order_number, request.files)
    await evidence_records.attach(tx, platform_id, order_number, live, claim.account.id, request.files, request.now)
    await tx.execute(
        sa.insert(linked_claims),
        {
            "platform_id": platform_id, "id": linked_claim_id, "case_id": live, "account_id": claim.account.id,
            "claim": to_data(claim), "request": request.claim_data,
            "evidence": [file.sha256 for file in request.files], "received_at": request.now,
        },
    )  # fmt: skip
    await tx.execute(
        sa.update(idempotency)
        .where(idempotency.c.platform_id == platform_id, idempotency.c.key == request.idempotency_key)
        .values(case_id=live, linked_claim_id=linked_claim_id)
    )
    await audit.add_row(tx, _entry(tx, request, "case.claim_linked", live))
    # With it an identity paper can be read that was not before.
    readable = await _keep_consent(tx, request, live)
    told = _event(request, "case.claim_linked", live, case.number, {"linked_claim_id": str(linked_claim_id)})
    await outgoing.tell(tx, platform_id, told)
    await _note_resubmission(tx, request, case, linked_claim_id)
    if (fresh or readable) and case.state in REASSESSABLE:
        await reassess(
            tx,
            jobs,
            case,
            ReassessRequest(
                cause="linked_claim",
                party=Party.PLATFORM,
                actor=request.actor,
                now=request.now,
                due_at=request.due_at,
                kept={"files": list(fresh), "linked_claim_id": str(linked_claim_id)},
                recorded={"files": list(fresh)},
            ),
        )
    return Linked(live, linked_claim_id)


async def _note_resubmission(
    tx: AsyncConnection, request: AcceptRequest, case: LockedCase, linked_claim_id: uuid.UUID
) -> None:
    """Asking again while a decision is due counts as asking once more.

    Not where the buyer was asked to send something, nor where the platform sends its same claim again.
    """
    probing = case.state in BEFORE_DECISION | (UNDER_REVIEW - {CaseState.AWAITING_MATERIALS})
    if not probing or request.claim.reference == case.claim.reference:
        return
    again = history.case_event(
        EventKind.REFUND_REQUESTED,
        linked_claim_id,
        request.claim,
        occurred_at=request.now,
        amount=request.claim.amount_claimed,
        data={"reason": request.claim.reason.value, "resubmitted": True},
    )
    await history.record_events(tx, request.platform_id, [replace(again, case_id=None)], request.now)


def _event(request: AcceptRequest, type_: str, case_id: uuid.UUID, number: str, told: dict[str, Any]) -> OutgoingEvent:
    data = {
        "case_number": number, "reference": request.claim.reference,
        "order_number": request.claim.order.order_number, **told,
    }  # fmt: skip
    return OutgoingEvent(type=type_, occurred_at=request.now, case_id=case_id, data=data)


async def _keep_consent(tx: AsyncConnection, request: AcceptRequest, case_id: uuid.UUID) -> bool:
    """Whether the claim brings the first consent on its order."""
    claim = request.claim
    if claim.consent is None:
        return False
    return await consents.record(
        tx, request.platform_id, claim.order.order_number, claim.account.id, case_id, claim.consent, request.actor,
        request.now,
    )  # fmt: skip


def _entry(tx: AsyncConnection, request: AcceptRequest, action: str, case_id: uuid.UUID) -> dict[str, Any]:
    details = {"body": request.body_digest, "files": sorted(file.sha256 for file in request.files)}
    return audit.entry_row(
        tx, request.platform_id, request.actor, action, audit.case_subject(case_id), request.now, details,
        reason=request.claim.reason.value,
        after={"amount_claimed": request.claim.amount_claimed.minor, "files": len(request.files)},
    )  # fmt: skip
