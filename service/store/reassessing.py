"""Something new is known of a case: it is assessed anew, through a state of its own or beside the person who has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.claims import Claim
from service.domain.codec import to_data
from service.domain.errors import IllegalMove
from service.domain.lifecycle import BEFORE_DECISION, REASSESSED, REASSESSED_BESIDE, Action, Change, Party, moves_from
from service.store import case_moves
from service.store.case_moves import ChangeRequest, LockedCase, MoveRequest
from service.store.jobs import Jobs
from service.store.tables import assessments, cases

_TICK = timedelta(microseconds=1)
REASSESSABLE = BEFORE_DECISION | REASSESSED | REASSESSED_BESIDE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassessRequest:
    """``cause`` in a word: evidence, correction, supplier_answer, late_record, linked_claim, reopened.

    ``claim`` and ``request`` replace the case's where a fact was corrected. ``now`` becomes ``as_of``; ``due_at``: from
    when the job may be thought lost.
    """

    cause: str
    party: Party
    actor: Actor
    now: datetime
    due_at: datetime
    expected_version: int | None = None
    reason: str = ""
    claim: Claim | None = None
    request: Mapping[str, Any] | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)
    recorded: Mapping[str, Any] = field(default_factory=dict)


async def reassess(tx: AsyncConnection, jobs: Jobs, case: LockedCase, request: ReassessRequest) -> LockedCase:
    """Have a locked case assessed as of now. IllegalMove where nothing new can be taken in, StaleWrite.

    What was being assessed meanwhile is not stored any more (its ``as_of`` is another), so that no decision is made on
    less than what is known.
    """
    if case.state not in REASSESSABLE:
        names = ", ".join(move.action.value for move in moves_from(case.state, request.party))
        raise IllegalMove(
            f"A case that is {case.state.value} takes in nothing new. "
            + (f"Possible for {request.party.value} now: {names}." if names else "It is over.")
        )
    told = {"cause": request.cause}
    if case.state in REASSESSED:
        moved = await case_moves.apply(tx, case, _move(request, told))
    else:
        moved = await case_moves.change(tx, case, _change(request, told))
    if case.assess_job_id is not None:
        await jobs.cancel(tx, case.assess_job_id)
    job_id = await jobs.defer_assessment(tx, case.platform_id, case.id, 0)
    as_of = max(request.now, case.as_of + _TICK)  # clocks of two processes differ; as_of only ever goes up
    values: dict[str, Any] = {
        "as_of": as_of, "due_at": request.due_at, "assess_job_id": job_id,
        "reassessing": case.state in REASSESSED_BESIDE,
    }  # fmt: skip
    if request.claim is not None:
        await _keep_what_was_assessed(tx, case)
        values |= {"claim": to_data(request.claim), "request": request.request}
    which = sa.and_(cases.c.platform_id == case.platform_id, cases.c.id == case.id)
    await tx.execute(sa.update(cases).where(which).values(**values))
    return replace(
        moved, claim=request.claim or case.claim, as_of=as_of, assess_job_id=job_id,
        reassessing=values["reassessing"],
    )  # fmt: skip


async def _keep_what_was_assessed(tx: AsyncConnection, case: LockedCase) -> None:
    """Earlier assessments stay what they were: of the claim as it stood."""
    await tx.execute(
        sa.update(assessments)
        .where(
            assessments.c.platform_id == case.platform_id,
            assessments.c.case_id == case.id,
            assessments.c.claim.is_(None),
        )
        .values(claim=to_data(case.claim))
    )


def _move(request: ReassessRequest, told: Mapping[str, Any]) -> MoveRequest:
    return MoveRequest(
        action=Action.REASSESS,
        party=request.party,
        actor=request.actor,
        now=request.now,
        expected_version=request.expected_version,
        told=told,
        recorded=request.recorded,
        reason=request.reason,
        kept={**request.kept, **told},
    )


def _change(request: ReassessRequest, told: Mapping[str, Any]) -> ChangeRequest:
    return ChangeRequest(
        change=Change.REASSESSING,
        party=request.party,
        actor=request.actor,
        now=request.now,
        expected_version=request.expected_version,
        told=told,
        recorded=request.recorded,
        reason=request.reason,
        kept={**request.kept, **told},
    )
