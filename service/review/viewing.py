"""A case as the faces show it."""

from __future__ import annotations

import uuid

from service.domain.assessment import BuyerAnswer, Grant
from service.domain.cases import CaseState
from service.domain.codec import from_data
from service.domain.errors import NotFound
from service.domain.lifecycle import BEFORE_DECISION, REASSESSED, REASSESSED_BESIDE, Action, Party, moves_from
from service.policy.buyer_steps import BY_STATE
from service.review.requests import CaseView
from service.store import CaseRecord, Store


async def view_of_case(store: Store, platform_id: str, case_id: uuid.UUID) -> CaseView:
    """NotFound where the platform has no such case, also where another platform has one."""
    record = await store.load_case(platform_id, case_id)
    if record is None:
        raise NotFound("There is no case with this id on your platform.")
    return view_of(record)


def buyer_answer(view: CaseView) -> BuyerAnswer | None:
    """What the buyer reads now: the last step's words, else those of the state, else the assessment's.

    None while the case is assessed.
    """
    state = view.case.state
    if state in BEFORE_DECISION:
        return None
    last = next((step for step in reversed(view.steps) if step.from_state is not step.to_state), None)
    if last is not None and last.to_state is state and last.buyer is not None:
        return last.buyer
    if state in BY_STATE:
        return BY_STATE[state]
    return view.assessment.verdict.buyer if view.assessment is not None else None


def standing_grant(view: CaseView) -> Grant | None:
    """What is granted now; None where nothing is, or not any more."""
    if view.grant is None and view.assessment is not None and view.case.state is CaseState.AUTO_APPROVED:
        return view.assessment.verdict.grant
    return view.grant


def last_offer(view: CaseView) -> tuple[Grant, int | None] | None:
    """The last offer, and the minor units of the counter-offer to it."""
    countered: int | None = None
    for step in reversed(view.steps):
        if step.action == Action.COUNTER and countered is None:
            countered = step.data.get("amount")
        if step.action == Action.OFFER:
            return from_data(Grant, step.data["grant"]), countered
    return None


def possible_actions(view: CaseView) -> dict[Party, tuple[str, ...]]:
    """What each party may do with the case as it stands, beside what only we do or what outcomes tell."""
    found: dict[Party, tuple[str, ...]] = {}
    for party in (Party.BUYER, Party.PLATFORM, Party.REVIEWER, Party.SENIOR):
        moves = [move.action for move in moves_from(view.case.state, party) if move.action not in _NOT_ASKED_FOR]
        names = [action.value.replace("_", "-") for action in moves]
        if view.case.state in REASSESSABLE:
            names += ["evidence", "corrections"]
            if party is not Party.BUYER and any(step.action == Action.ASK_SUPPLIER for step in view.steps):
                names.append("supplier-answer")
        if names:
            found[party] = tuple(names)
    return found


# Follow from what is sent in or reported.
_NOT_ASKED_FOR = frozenset({Action.REASSESS, Action.CONFIRM_PAYMENT, Action.FAIL_PAYMENT})
REASSESSABLE = BEFORE_DECISION | REASSESSED | REASSESSED_BESIDE


def view_of(record: CaseRecord) -> CaseView:
    return CaseView(
        case=record.case,
        assessment=record.assessment,
        linked_claims=tuple(item.id for item in record.linked),
        grant=record.grant,
        steps=record.steps,
        deadline=record.deadline,
        proposal=record.proposal,
        reassessing=record.reassessing,
    )
