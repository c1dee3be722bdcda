"""Appeals, second reviews and arbitration: something new, and somebody else."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from service.domain.cases import CaseState
from service.domain.errors import Conflict, InvalidRequest
from service.domain.lifecycle import Action
from service.policy import buyer_steps
from service.review import deciding
from service.review.desk import Acting, Desk, Work
from service.review.requests import CaseView
from service.store import NewEvidence, deadlines

SHORTEST_STATEMENT = 10
"""Characters, blanks left out: less says nothing new."""


class Appeals:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def appeal(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        statement: str = "",
        files: Sequence[NewEvidence] = (),
        expected_version: int | None = None,
    ) -> CaseView:
        """Against a rejection, with new evidence or a new statement. Conflict where nothing is new, where the time to
        appeal is over, or where the order has another live case, which is named. ``files``: as Materials.receive kept
        them."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            if work.case.state is CaseState.REJECTED:
                await _in_time(work, "appeal")
                if any(step.action == Action.UPHOLD for step in await work.steps()):
                    raise Conflict("A second review has upheld the rejection: ask for arbitration instead.")
            fresh = await work.store.casework.add_files(work.tx, work.case, files, work.now)
            if not fresh and not await _says_something_new(work, statement):
                raise Conflict(
                    "An appeal needs something new: a file that was not sent before, or a statement of at least "
                    f"{SHORTEST_STATEMENT} characters that was not made before."
                )
            await work.move(
                Action.APPEAL,
                deadline=work.deadline(CaseState.APPEALED),
                buyer=buyer_steps.BY_STATE[CaseState.APPEALED],
                kept={"statement": statement, "files": list(fresh)},
                recorded={"files": list(fresh), "statement": bool(statement.strip())},
            )
            if fresh:
                await work.reassess("evidence", kept={"files": list(fresh)}, recorded={"files": list(fresh)})
        return await self._desk.view(acting, case_id)

    async def begin_second_review(
        self, acting: Acting, case_id: uuid.UUID, expected_version: int | None = None
    ) -> CaseView:
        """Take up an appeal: somebody who has not had a hand in the case."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            if work.case.state is CaseState.APPEALED:
                await deciding.may_decide(work, Action.BEGIN_SECOND_REVIEW)
                await deciding.untouched(work)
            await work.move(
                Action.BEGIN_SECOND_REVIEW,
                deadline=work.deadline(CaseState.IN_SECOND_REVIEW),
                buyer=buyer_steps.BY_STATE[CaseState.IN_SECOND_REVIEW],
            )
        return await self._desk.view(acting, case_id)

    async def escalate(
        self, acting: Acting, case_id: uuid.UUID, reason: str, expected_version: int | None = None
    ) -> CaseView:
        """Hand a second review on to arbitration."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            await deciding.may_decide(work, Action.ESCALATE)
            await work.move(
                Action.ESCALATE,
                reason=reason,
                deadline=work.deadline(CaseState.ARBITRATION),
                buyer=buyer_steps.BY_STATE[CaseState.ARBITRATION],
            )
        return await self._desk.view(acting, case_id)

    async def request_arbitration(
        self, acting: Acting, case_id: uuid.UUID, statement: str, expected_version: int | None = None
    ) -> CaseView:
        """The last step against a rejection."""
        if _weight(statement) < SHORTEST_STATEMENT:
            raise InvalidRequest(f"A request for arbitration needs a statement of {SHORTEST_STATEMENT} characters.")
        async with self._desk.open(acting, case_id, expected_version) as work:
            if work.case.state is CaseState.REJECTED:
                await _in_time(work, "ask for arbitration")
            await work.move(
                Action.REQUEST_ARBITRATION,
                deadline=work.deadline(CaseState.ARBITRATION),
                buyer=buyer_steps.BY_STATE[CaseState.ARBITRATION],
                kept={"statement": statement},
            )
        return await self._desk.view(acting, case_id)


async def _in_time(work: Work, what: str) -> None:
    running = await deadlines.of_case(work.tx, work.case.platform_id, work.case.id)
    for each in running:
        if each.deadline.due_at < work.now:
            raise Conflict(f"The time to {what} ended at {each.deadline.due_at:%Y-%m-%d %H:%M} UTC.")


async def _says_something_new(work: Work, statement: str) -> bool:
    if _weight(statement) < SHORTEST_STATEMENT:
        return False
    before = {_plain(work.claim.statement)}
    before |= {_plain(str(step.data.get("statement", ""))) for step in await work.steps()}
    return _plain(statement) not in before


def _plain(statement: str) -> str:
    return "".join(each for each in statement.casefold() if each.isalnum())


def _weight(statement: str) -> int:
    return len(_plain(statement))
