"""An act of a reviewer by its name: the same use case whether it is carried out now or was held for some seconds."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from service.domain.errors import InvalidRequest
from service.domain.holding import Act, Intended, LeadsTo
from service.domain.labels import LabelSource
from service.domain.lifecycle import Action
from service.review.casework import CaseWork
from service.review.deciding import Decision
from service.review.desk import Acting
from service.review.requests import CaseView
from service.review.viewing import last_offer, standing_grant

Carried: TypeAlias = Callable[[CaseWork, Acting, uuid.UUID, Intended, int | None], Awaitable[CaseView]]

GRANTING = frozenset({Act.APPROVE, Act.APPROVE_PARTIALLY, Act.OFFER, Act.RULE_APPROVED, Act.RULE_PARTIALLY})
"""Acts after which money may move."""
REASONED = frozenset({Act.SEND_TO_REVIEW, Act.ESCALATE, Act.HAND_UP, Act.CLOSE, Act.REVERSE})
"""Acts that say nothing by themselves: why has to be written down."""


async def perform(
    casework: CaseWork, acting: Acting, case_id: uuid.UUID, intended: Intended, expected_version: int | None
) -> CaseView:
    """Do it. InvalidRequest where an internal reason is missing that has to be; else what the use case raises."""
    if intended.act in REASONED and not intended.reason.strip():
        raise InvalidRequest("Say why, for your colleagues: the internal reason is missing.", extra={"code": "reason"})
    return await _CARRIED[intended.act](casework, acting, case_id, intended, expected_version)


def leads_to(act: Act, view: CaseView) -> LeadsTo:
    """What the act has made of the case, from the case after it."""
    if view.proposal is not None and act in GRANTING:
        return LeadsTo(state=view.case.state, amount=view.proposal.amount, proposed=True)
    if view.waits_for_another and view.proposal is None:
        return LeadsTo(state=view.case.state, differs=True)
    if act is Act.OFFER:
        offer = last_offer(view)
        return LeadsTo(state=view.case.state, amount=offer[0].amount if offer is not None else None)
    grant = standing_grant(view) if act in GRANTING else None
    return LeadsTo(state=view.case.state, amount=grant.amount if grant is not None else None)


def _decision(intended: Intended) -> Decision:
    return Decision(
        message=intended.message,
        reason=intended.reason,
        amount=intended.amount,
        clause=intended.clause,
        ruling=intended.ruling,
    )


async def _ask(casework: CaseWork, acting: Acting, case_id: uuid.UUID, what: Intended, version: int | None) -> CaseView:
    return await casework.materials.ask(
        acting, case_id, what.materials, what.message, what.reason, expected_version=version
    )


async def _ask_supplier(
    casework: CaseWork, acting: Acting, case_id: uuid.UUID, what: Intended, version: int | None
) -> CaseView:
    if not what.question.strip():
        raise InvalidRequest("Write what is to be asked.", extra={"code": "question"})
    return await casework.materials.ask_supplier(
        acting, case_id, what.question, seller=what.asks_seller, reason=what.reason, expected_version=version
    )


async def _answer(
    casework: CaseWork, acting: Acting, case_id: uuid.UUID, what: Intended, version: int | None
) -> CaseView:
    if not what.question.strip():
        raise InvalidRequest("Write what they answered.", extra={"code": "question"})
    return await casework.materials.answer_supplier(acting, case_id, what.question, expected_version=version)


async def _reverse(
    casework: CaseWork, acting: Acting, case_id: uuid.UUID, what: Intended, version: int | None
) -> CaseView:
    share = min(max(what.loss_permille, 0), 1000) / 1000
    return await casework.reverse(acting, case_id, what.reason, share, LabelSource.REVIEW, version)


def _ruling(action: Action) -> Carried:
    async def rule(
        casework: CaseWork, acting: Acting, case_id: uuid.UUID, what: Intended, version: int | None
    ) -> CaseView:
        if not what.ruling.strip():
            raise InvalidRequest("Write down the ruling.", extra={"code": "ruling"})
        return await casework.deciding.rule(acting, case_id, action, _decision(what), version)

    return rule


_CARRIED: Mapping[Act, Carried] = {
    Act.APPROVE: lambda work, who, case, what, at: work.deciding.approve(who, case, _decision(what), at),
    Act.APPROVE_PARTIALLY: lambda work, who, case, what, at: work.deciding.approve_partially(
        who, case, _decision(what), at
    ),
    Act.REJECT: lambda work, who, case, what, at: work.deciding.reject(who, case, _decision(what), at),
    Act.UPHOLD: lambda work, who, case, what, at: work.deciding.uphold(who, case, _decision(what), at),
    Act.OFFER: lambda work, who, case, what, at: work.offers.offer(who, case, _decision(what), at),
    Act.ASK_FOR_MATERIALS: _ask,
    Act.ASK_SUPPLIER: _ask_supplier,
    Act.SUPPLIER_ANSWER: _answer,
    Act.SEND_TO_REVIEW: lambda work, who, case, what, at: work.materials.hand_back(who, case, what.reason, at),
    Act.BEGIN_SECOND_REVIEW: lambda work, who, case, _, at: work.appeals.begin_second_review(who, case, at),
    Act.HAND_UP: lambda work, who, case, what, at: work.deciding.hand_up(who, case, what.reason, at),
    Act.ESCALATE: lambda work, who, case, what, at: work.appeals.escalate(who, case, what.reason, at),
    Act.REQUEST_ARBITRATION: lambda work, who, case, what, at: work.appeals.request_arbitration(
        who, case, what.question, at
    ),
    Act.RULE_APPROVED: _ruling(Action.RULE_APPROVED),
    Act.RULE_PARTIALLY: _ruling(Action.RULE_PARTIALLY),
    Act.RULE_REJECTED: _ruling(Action.RULE_REJECTED),
    Act.REOPEN: lambda work, who, case, what, at: work.reopen(who, case, what.reason, at),
    Act.REVERSE: _reverse,
    Act.CLOSE: lambda work, who, case, what, at: work.close(who, case, what.reason, at),
}
