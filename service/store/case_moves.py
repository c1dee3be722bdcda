"""A case moves: under its row's lock, from a version to the next, with audit entry, event, deadline and grant."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.assessment import BuyerAnswer, Grant
from service.domain.cases import FINAL_STATES, CaseState
from service.domain.claims import Claim
from service.domain.codec import from_data, to_data
from service.domain.deadlines import Deadline
from service.domain.errors import Conflict, NotFound, RefundLocked, StaleWrite
from service.domain.identifiers import new_id
from service.domain.lifecycle import REASSESSED, REASSESSED_BESIDE, Action, Change, Party, legal_move
from service.domain.steps import Step
from service.store import audit, deadlines, outcomes, outgoing, steps
from service.store.case_tables import grants
from service.store.outgoing import OutgoingEvent
from service.store.tables import cases


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedCase:
    """A case's row, locked until the transaction ends."""

    platform_id: str
    id: uuid.UUID
    number: str
    claim: Claim
    state: CaseState
    version: int
    state_since: datetime
    as_of: datetime
    assessment_id: uuid.UUID | None
    assess_job_id: int | None
    accepted_at: datetime
    reassessing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRequest:
    """``target`` only where the move has several. ``expected_version``: refuse with StaleWrite where it is another.

    ``told`` goes to the platform and its buyer, ``recorded`` only into the audit entry; both JSON-ready and free of
    personal data. ``kept`` is for whoever works on the case (statements, questions, answers), ``buyer`` what the buyer
    reads. ``deadline`` runs from this move on; those of the state that is left end.
    """

    action: Action
    party: Party
    actor: Actor
    now: datetime
    target: CaseState | None = None
    expected_version: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    deadline: Deadline | None = None
    grant: Grant | None = None
    buyer: BuyerAnswer | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRequest:
    """As MoveRequest, for what changes a case where it is."""

    change: Change
    party: Party
    actor: Actor
    now: datetime
    expected_version: int | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    kept: Mapping[str, Any] = field(default_factory=dict)


_LOCK = (
    sa.select(cases)
    .where(cases.c.platform_id == sa.bindparam("of_platform"), cases.c.id == sa.bindparam("of_case"))
    .with_for_update()
)


async def lock(tx: AsyncConnection, platform_id: str, case_id: uuid.UUID) -> LockedCase:
    """The case, locked; NotFound where the platform has none of this id."""
    row = (await tx.execute(_LOCK, {"of_platform": platform_id, "of_case": case_id})).one_or_none()
    if row is None:
        raise NotFound("There is no case with this id on your platform.")
    return LockedCase(
        platform_id=row.platform_id,
        id=row.id,
        number=row.number,
        claim=from_data(Claim, row.claim),
        state=CaseState(row.state),
        version=row.version,
        state_since=row.state_since,
        as_of=row.as_of,
        assessment_id=row.assessment_id,
        assess_job_id=row.assess_job_id,
        accepted_at=row.accepted_at,
        reassessing=row.reassessing,
    )


async def apply(tx: AsyncConnection, case: LockedCase, request: MoveRequest) -> LockedCase:
    """Move a locked case. IllegalMove where the machine has no such move, StaleWrite where the case moved on, Conflict
    where the order has another live case meanwhile."""
    refuse_stale(case, request.expected_version)
    move = legal_move(case.state, request.action, request.party, request.target)
    target = request.target or move.target
    moved = replace(
        case,
        state=target,
        version=case.version + 1,
        state_since=request.now,
        # What is decided is not looked at beside any more.
        reassessing=case.reassessing and target in REASSESSED | REASSESSED_BESIDE,
    )
    if case.state in FINAL_STATES and moved.state not in FINAL_STATES:
        await _refuse_second_live_case(tx, case)
    try:
        async with tx.begin_nested():
            await _write(tx, moved)
    except sa.exc.IntegrityError:  # a claim on the order came in between the look and the write
        await _refuse_second_live_case(tx, case)
        raise
    await _keep_deadlines(tx, case, request)
    granted = await keep_grant(tx, moved, request.grant, request.now)
    await steps.drop_proposal(tx, case.platform_id, case.id)
    await _note(tx, case, moved, request, move.action.value, move.event, request.deadline, request.buyer, granted)
    return moved


async def change(tx: AsyncConnection, case: LockedCase, request: ChangeRequest) -> LockedCase:
    """A new version of a locked case in the state it is in: whoever has it open learns of it. StaleWrite."""
    refuse_stale(case, request.expected_version)
    changed = replace(case, version=case.version + 1)
    await _write(tx, changed)
    await steps.drop_proposal(tx, case.platform_id, case.id)
    await _note(tx, case, changed, request, request.change.value, request.change.event, None, None)
    return changed


def refuse_stale(case: LockedCase, expected_version: int | None) -> None:
    """StaleWrite where the caller saw another version."""
    if expected_version is not None and expected_version != case.version:
        raise StaleWrite(
            f"The case is {case.state.value} at version {case.version} now, not at version "
            f"{expected_version}. Read it again and decide anew.",
            extra={"state": case.state.value, "version": case.version},
        )


async def _refuse_second_live_case(tx: AsyncConnection, case: LockedCase) -> None:
    other = (
        await tx.execute(
            sa.select(cases.c.id, cases.c.number).where(
                cases.c.platform_id == case.platform_id,
                cases.c.order_number == case.claim.order.order_number,
                cases.c.state.not_in(FINAL_STATES),
                cases.c.id != case.id,
            )
        )
    ).first()
    if other is not None:
        raise Conflict(
            f"The order has another live case, {other.number}: one order, one live case. Go on with that one.",
            extra={"case_id": str(other.id), "case_number": other.number},
        )


async def _write(tx: AsyncConnection, case: LockedCase) -> None:
    await tx.execute(
        sa.update(cases)
        .where(cases.c.platform_id == case.platform_id, cases.c.id == case.id)
        .values(
            state=case.state.value,
            version=case.version,
            state_since=case.state_since,
            reassessing=case.reassessing,
        )
    )


async def _note(
    tx: AsyncConnection,
    case: LockedCase,
    moved: LockedCase,
    request: MoveRequest | ChangeRequest,
    action: str,
    event: str,
    deadline: Deadline | None,
    buyer: BuyerAnswer | None,
    granted: Mapping[str, Any] | None = None,
) -> None:
    """What is written of every change: the audit entry, the step people read, the event the platform is told."""
    details = {
        "action": action, "party": request.party.value, "reason": request.reason, **request.recorded, **request.told,
    }  # fmt: skip
    await audit.add_entry(
        tx,
        case.platform_id,
        request.actor,
        f"case.{action}",
        audit.case_subject(case.id),
        request.now,
        details,
        reason=request.reason or None,
        before={"state": case.state.value, "version": case.version},
        after={"state": moved.state.value, "version": moved.version, **request.recorded, **(granted or {})},
    )
    step = Step(
        version=moved.version,
        action=action,
        party=request.party,
        actor=request.actor,
        from_state=case.state,
        to_state=moved.state,
        at=request.now,
        reason=request.reason,
        buyer=buyer,
        data=request.kept,
    )
    await steps.add(tx, case.platform_id, case.id, step)
    told = told_of(moved.number, moved.claim, moved.state, deadline) | dict(request.told)
    await outgoing.tell(
        tx,
        case.platform_id,
        OutgoingEvent(type=event, occurred_at=request.now, case_id=case.id, case_version=moved.version, data=told),
    )


def told_of(number: str, claim: Claim, state: CaseState, deadline: Deadline | None = None) -> dict[str, Any]:
    """What every event about a case says of it."""
    told = {
        "case_number": number, "reference": claim.reference, "order_number": claim.order.order_number,
        "state": state.value,
    }  # fmt: skip
    return told if deadline is None else told | {"due_at": deadline.due_at.isoformat(), "due": deadline.kind.value}


async def _keep_deadlines(tx: AsyncConnection, case: LockedCase, request: MoveRequest) -> None:
    ended = "expired" if request.action is Action.LAPSE else "met"
    await deadlines.end(tx, case.platform_id, case.id, ended, request.now)
    if request.deadline is not None:
        await deadlines.set_running(tx, case.platform_id, case.id, request.deadline, request.now)


_ENDS_GRANT = {CaseState.LAPSED: "lapsed", CaseState.REVERSED: "reversed", CaseState.IN_REVIEW: "returned"}


async def keep_grant(tx: AsyncConnection, case: LockedCase, grant: Grant | None, now: datetime) -> dict[str, Any]:
    """A grant given is stored; one whose case lapsed, was reversed or went back to a person ends. Returns what the
    audit entry tells of a new one."""
    ended_as = _ENDS_GRANT.get(case.state)
    if ended_as is not None:
        await tx.execute(
            sa.update(grants)
            .where(grants.c.platform_id == case.platform_id, grants.c.case_id == case.id, grants.c.ended_as.is_(None))
            .values(ended_as=ended_as, ended_at=now)
        )
    if grant is None:
        return {}
    return await add_grant(tx, case.platform_id, case.id, case.claim, grant, now)


async def add_grant(
    tx: AsyncConnection, platform_id: str, case_id: uuid.UUID, claim: Claim, grant: Grant, now: datetime
) -> dict[str, Any]:
    """RefundLocked where the payment is given back elsewhere, or too little of the order is left.

    The unique index on standing grants is what makes a second one of the same case impossible.
    """
    why = await outcomes.why_not(tx, platform_id, case_id, claim, grant.amount)
    if why is not None:
        raise RefundLocked(f"Nothing can be granted now: {why}.")
    row = grant_row(platform_id, case_id, claim, grant, now)
    await tx.execute(sa.insert(grants), row)
    await outcomes.open_obligations(tx, platform_id, case_id, row["id"], grant, now)
    return told_grant(row)


def told_grant(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit entry tells of a grant, so that one changed or added behind its back is found."""
    return {"grant": str(row["id"]), "granted_minor": row["amount_minor"], "currency": row["currency"]}


GRANT_COLUMNS = (
    "platform_id", "id", "case_id", "order_number", "trade_number", "amount_minor", "currency", "document",
    "granted_at",
)  # fmt: skip


def grant_row(platform_id: str, case_id: uuid.UUID, claim: Claim, grant: Grant, now: datetime) -> dict[str, Any]:
    """As ``add_grant`` without what it rests on, for whoever writes it together with something else."""
    return {
        "platform_id": platform_id, "id": new_id(), "case_id": case_id, "order_number": claim.order.order_number,
        "trade_number": claim.order.trade_number, "amount_minor": grant.amount.minor,
        "currency": grant.amount.currency, "document": to_data(grant), "granted_at": now,
    }  # fmt: skip
