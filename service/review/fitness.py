"""Whether a case is for somebody: their role, what the case asks for, and whether they have had a hand in it."""

from __future__ import annotations

from enum import StrEnum

from service.domain.actors import same_person
from service.domain.cases import CaseState
from service.domain.queues import Lane
from service.domain.users import Role, User
from service.policy import Policy
from service.review import opinions
from service.review.deciding import handed_up, handled_before_appeal, only_for_seniors, rejected_by
from service.review.requests import CaseView

_SECOND_LOOK = (CaseState.APPEALED, CaseState.IN_SECOND_REVIEW)


class Unfit(StrEnum):
    """Why a case is not for somebody."""

    NO_REVIEWER = "no_reviewer"
    DISABLED = "disabled"
    SENIOR = "senior_only"
    HANDLED_BEFORE = "handled_before"
    REJECTED_IT = "rejected_it"
    DIFFERS = "differs"
    SKILL = "skill"


def unfit(user: User, view: CaseView, policy: Policy) -> Unfit | None:
    """Why ``user`` cannot decide the case as it stands; None where nothing is against it."""
    case, senior = view.case, Role.SENIOR in user.roles
    if user.disabled_at is not None:
        return Unfit.DISABLED
    if not user.may((Role.REVIEWER,), change=True):
        return Unfit.NO_REVIEWER
    differing = opinions.differing(view.steps)
    if any(same_person(each, user.actor) for each in differing):
        return Unfit.DIFFERS
    above = case.state is CaseState.ARBITRATION or handed_up(view.steps) or bool(differing)
    if not senior and (above or only_for_seniors(policy, case.claim)):
        return Unfit.SENIOR
    if case.state in _SECOND_LOOK and handled_before_appeal(view.steps, user.actor):
        return Unfit.HANDLED_BEFORE
    if case.state is CaseState.ARBITRATION and rejected_by(view.steps, user.actor):
        return Unfit.REJECTED_IT
    return None


def unskilled(user: User, lane: Lane, view: CaseView) -> bool:
    """Whether they are set for other lanes or reasons. ``lane``: as assigned."""
    return not user.skills.cover(lane, view.case.claim.reason)
