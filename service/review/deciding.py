"""Decisions by people: who may, what is granted, when a second person has to agree, and what is written of it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from service.domain.actors import Actor, same_person
from service.domain.assessment import Assessment, Grant, Text
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.errors import Conflict, Forbidden, InvalidRequest
from service.domain.evidence import PageKind
from service.domain.history import EventKind
from service.domain.labels import LabelSource
from service.domain.lifecycle import Action, Change, Party, legal_move
from service.domain.money import Money
from service.domain.steps import Step
from service.policy import Policy, buyer_steps
from service.policy.amounts import left_to_refund, refundable
from service.policy.classes import recovered_first
from service.policy.grants import grant_of, offered, settled_grant
from service.review import opinions
from service.review.desk import Acting, Desk, Work
from service.review.requests import CaseView
from service.store import ChangeRequest

_PEOPLE = (Party.REVIEWER, Party.SENIOR)
_RULINGS = frozenset({Action.RULE_APPROVED, Action.RULE_PARTIALLY, Action.RULE_REJECTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """``message`` is for the buyer, ``reason`` internal. ``amount`` (minor units): only where it is not what the
    policy works out, which needs a reason. ``clause``: of the policy, for a rejection. ``ruling``: of an arbitration.
    """

    message: str = ""
    reason: str = ""
    amount: int | None = None
    clause: str | None = None
    ruling: str = ""


class Deciding:
    """Approve, approve in part, reject, uphold, rule. Forbidden, Conflict, InvalidRequest, IllegalMove, StaleWrite."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def approve(
        self, acting: Acting, case_id: uuid.UUID, decision: Decision, expected_version: int | None = None
    ) -> CaseView:
        """All that was claimed, less a fee the policy asks for."""
        return await self._grant(acting, case_id, Action.APPROVE, decision, expected_version)

    async def approve_partially(
        self, acting: Acting, case_id: uuid.UUID, decision: Decision, expected_version: int | None = None
    ) -> CaseView:
        """The part the policy works out, or another with a reason."""
        return await self._grant(acting, case_id, Action.APPROVE_PARTIALLY, decision, expected_version)

    async def reject(
        self, acting: Acting, case_id: uuid.UUID, decision: Decision, expected_version: int | None = None
    ) -> CaseView:
        """Under a clause of the policy, which the buyer is told."""
        return await self._refuse(acting, case_id, Action.REJECT, decision, expected_version)

    async def uphold(
        self, acting: Acting, case_id: uuid.UUID, decision: Decision, expected_version: int | None = None
    ) -> CaseView:
        """The rejection stands after a second review."""
        return await self._refuse(acting, case_id, Action.UPHOLD, decision, expected_version)

    async def rule(
        self,
        acting: Acting,
        case_id: uuid.UUID,
        action: Action,
        decision: Decision,
        expected_version: int | None = None,
    ) -> CaseView:
        """Record the ruling of an arbitration; it is binding. ``action``: one of the three rulings."""
        if action not in _RULINGS:
            raise ValueError(f"{action} is no ruling")
        if action is not Action.RULE_REJECTED:
            return await self._grant(acting, case_id, action, decision, expected_version)
        async with self._desk.open(acting, case_id, expected_version) as work:
            await may_decide(work, action)
            await work.move(
                action,
                reason=decision.reason,
                buyer=buyer_steps.final(work.policy, decision.message),
                kept={"ruling": decision.ruling},
                recorded={"ruled": "rejected"},
            )
            await work.record(EventKind.REFUND_REJECTED)
            await work.label(LabelSource.APPEAL, 1.0)
        return await self._desk.view(acting, case_id)

    async def hand_up(
        self, acting: Acting, case_id: uuid.UUID, reason: str, expected_version: int | None = None
    ) -> CaseView:
        """Leave a case one may decide to a senior reviewer. Conflict for a senior one, and where it was done before."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            legal_move(work.case.state, Action.APPROVE, acting.party)
            if acting.party is not Party.REVIEWER:
                raise Conflict("You are a senior reviewer yourself: decide it, or hand it over to another.")
            if handed_up(await work.steps()):
                raise Conflict("The case was handed up already; a senior reviewer decides it.")
            change = ChangeRequest(
                change=Change.HANDED_UP, party=acting.party, actor=acting.actor, now=work.now, reason=reason
            )
            work.case = await work.store.casework.change(work.tx, work.case, change)
        return await self._desk.view(acting, case_id)

    async def _grant(
        self, acting: Acting, case_id: uuid.UUID, action: Action, decision: Decision, expected_version: int | None
    ) -> CaseView:
        async with self._desk.open(acting, case_id, expected_version) as work:
            await may_decide(work, action)
            await needs_identity(work)
            partial = action in (Action.APPROVE_PARTIALLY, Action.RULE_PARTIALLY)
            grant = await (part(work, decision) if partial else whole(work, decision))
            if await opinions.confirmed_or_proposed(work, action, grant, decision.reason):
                await self._grant_now(work, action, grant, decision)
        return await self._desk.view(acting, case_id)

    async def _grant_now(self, work: Work, action: Action, grant: Grant, decision: Decision) -> None:
        state = (
            CaseState.PARTIALLY_APPROVED
            if action in (Action.APPROVE_PARTIALLY, Action.RULE_PARTIALLY)
            else CaseState.APPROVED
        )
        source = LabelSource.REVIEW if work.case.state in _FIRST_REVIEW else LabelSource.APPEAL
        whole_of = opinions.would_be_granted(await work.assessment(), work.claim)
        wrong = opinions.share_not_due(grant.amount.minor, whole_of.minor)
        await work.move(
            action,
            reason=decision.reason,
            grant=grant,
            buyer=buyer_steps.granted(work.policy, work.claim, grant, decision.message),
            deadline=work.deadline(state, obligations=bool(grant.obligations)),
            kept={"ruling": decision.ruling} if decision.ruling else None,
            recorded=opinions.sums(grant) | {"basis": list(grant.basis)},
            told=opinions.sums(grant) | {"fee": grant.fee.minor, "route": grant.route.value},
        )
        await work.record(EventKind.REFUND_GRANTED, grant.amount)
        await opinions.label(work, source, wrong)

    async def _refuse(
        self, acting: Acting, case_id: uuid.UUID, action: Action, decision: Decision, expected_version: int | None
    ) -> CaseView:
        async with self._desk.open(acting, case_id, expected_version) as work:
            await may_decide(work, action)
            basis = clause_wording(work, decision.clause)
            if await opinions.refusal_stands(work, action, decision.reason):
                await _refuse_now(work, action, decision, basis)
        return await self._desk.view(acting, case_id)


async def _refuse_now(work: Work, action: Action, decision: Decision, basis: Text) -> None:
    deadline = work.deadline(CaseState.REJECTED)
    source = LabelSource.REVIEW if action is Action.REJECT else LabelSource.APPEAL
    await work.move(
        action,
        reason=decision.reason,
        buyer=buyer_steps.rejected(work.policy, basis, deadline, decision.message),
        deadline=deadline,
        kept={"clause": decision.clause},
        recorded={"clause": decision.clause},
    )
    await work.record(EventKind.REFUND_REJECTED)
    await opinions.label(work, source, 1.0)


_FIRST_REVIEW = frozenset(
    {CaseState.IN_REVIEW, CaseState.AWAITING_MATERIALS, CaseState.AWAITING_SUPPLIER, CaseState.COUNTERED}
)


# --- who may -------------------------------------------------------------------------------------------------------


async def may_decide(work: Work, action: Action) -> None:
    """Forbidden where the case is for seniors, or for somebody who has not had a hand in it."""
    why = only_for_seniors(work.policy, work.claim) or (HANDED_UP if handed_up(await work.steps()) else "")
    if why and work.acting.party is Party.REVIEWER:
        raise Forbidden(f"Only a senior reviewer decides {why}. Have one do it, with `as: senior`.")
    if work.case.state is CaseState.IN_SECOND_REVIEW:
        await untouched(work)
    if action in _RULINGS and rejected_by(await work.steps(), work.acting.actor):
        raise Forbidden("Whoever rejected the claim does not rule on it. Have another senior reviewer record it.")


def only_for_seniors(policy: Policy, claim: Claim) -> str:
    """Which of the policy's reasons makes it so; empty where none does."""
    rule = policy.senior_review
    if rule.disputed and claim.order.disputed:
        return "disputed orders"
    if rule.cross_border and claim.order.cross_border:
        return "cross-border orders"
    if claim.reason in rule.reasons:
        return f"claims for {claim.reason.value}"
    claimed = claim.amount_claimed
    limit = rule.amount_from_minor
    if limit is not None and (claimed.currency != policy.currency or claimed.minor >= limit):
        return f"claims from {policy.money(limit)} on"
    return ""


async def untouched(work: Work) -> None:
    """Forbidden for whoever had a hand in the case before it was appealed."""
    if handled_before_appeal(await work.steps(), work.acting.actor):
        raise Forbidden("You have handled this case before; its second review is for somebody who has not.")


HANDED_UP = "cases handed up to one"


def handed_up(steps: Sequence[Step]) -> bool:
    """Whether a reviewer left the case to a senior one, since it came into the state it is in."""
    moved = max((step.version for step in steps if step.from_state is not step.to_state), default=0)
    return any(step.action == Change.HANDED_UP and step.version > moved for step in steps)


def handled_before_appeal(steps: Sequence[Step], person: Actor) -> bool:
    """Whether somebody had a hand in a case before it was appealed (the last time)."""
    appealed = max((step.version for step in steps if step.action == Action.APPEAL), default=0)
    return any(step.version < appealed and step.party in _PEOPLE and same_person(step.actor, person) for step in steps)


def rejected_by(steps: Sequence[Step], person: Actor) -> bool:
    """Whether somebody rejected the claim, or upheld that."""
    decided = (Action.REJECT.value, Action.UPHOLD.value)
    return any(step.action in decided and same_person(step.actor, person) for step in steps)


async def needs_identity(work: Work) -> None:
    """Conflict for a cross-border order whose evidence shows no identity card."""
    if not work.claim.order.cross_border:
        return
    assessment = await work.assessment()
    pages = assessment.evidence if assessment is not None else ()
    if not any(item.page is not None and item.page.kind is PageKind.IDENTITY for item in pages):
        raise Conflict(
            "A cross-border refund needs proof of identity among its evidence, and there is none that could be read. "
            "Ask for it with ask-for-materials."
        )


# --- how much ------------------------------------------------------------------------------------------------------


async def whole(work: Work, decision: Decision) -> Grant:
    """What the policy works out, where that is all that was claimed. InvalidRequest, Conflict."""
    if decision.amount is not None:
        raise InvalidRequest("amount belongs to a partial approval: use approve-partially, or leave it out.")
    due = refundable(work.policy, work.claim, work.case.accepted_at)
    if due is None:
        raise Conflict(
            "The policy cannot work out the amount (units used are not known): approve-partially, naming it."
        )
    if due.net + due.fee < work.claim.amount_claimed:
        raise Conflict(
            f"Of {work.claim.amount_claimed} claimed only {due.net + due.fee} is due by the policy: approve-partially."
        )
    return replace(grant_of(work.policy, work.claim, due), obligations=recovered_first(work.policy, work.claim))


async def part(work: Work, decision: Decision) -> Grant:
    """The part due by the policy, else what it lets be offered, or the amount given with its reason."""
    worked_out = part_worked_out(work.policy, work.claim, work.case.accepted_at, await work.assessment())
    if decision.amount is None:
        if worked_out is None:
            raise InvalidRequest("The policy works out no part for this claim: name the amount, and the reason for it.")
        return worked_out
    amount = Money(decision.amount, work.claim.amount_claimed.currency)
    if worked_out is not None and amount == worked_out.amount:
        return worked_out
    if not decision.reason.strip():
        named = f"the policy works out {worked_out.amount}" if worked_out is not None else "the policy works out none"
        raise InvalidRequest(f"An amount of one's own needs a reason ({named}).")
    _within_bounds(work, amount)
    grant = settled_grant(work.policy, work.claim, amount, Money(0, amount.currency), basis=("reviewer",))
    # All of it under another name; for a part the buyer keeps the goods.
    all_of_it = amount >= work.claim.amount_claimed
    return replace(grant, obligations=recovered_first(work.policy, work.claim)) if all_of_it else grant


def _within_bounds(work: Work, amount: Money) -> None:
    order = work.claim.order
    left = left_to_refund(order.amount_paid, order.amount_refunded)
    most = min(left, work.claim.amount_claimed)
    if not 0 < amount.minor <= most.minor:
        raise InvalidRequest(f"The amount must be above nothing and at most {most}: what was claimed and is left.")


def part_worked_out(policy: Policy, claim: Claim, since: datetime, assessment: Assessment | None) -> Grant | None:
    """The part that is due by the policy of a claim accepted at ``since``, else what it lets be offered."""
    due = refundable(policy, claim, since)
    if due is not None and 0 < (due.net + due.fee).minor < claim.amount_claimed.minor:
        return grant_of(policy, claim, due)
    met = frozenset(assessment.verdict.clauses) if assessment is not None else frozenset()
    return offered(policy, claim, since, met)


def clause_wording(work: Work, clause: str | None) -> Text:
    """The published wording of a clause of the negative list or of the reason; InvalidRequest for any other."""
    policy = work.policy
    known = {each.id: each.text for each in policy.negative_list}
    known |= {f"reasons.{reason.value}": rule.text for reason, rule in policy.reasons.items()}
    known |= {f"materials.{code}": material.text for code, material in policy.materials.items()}
    if clause is None or clause not in known:
        raise InvalidRequest(
            f"A rejection names the clause of the policy it rests on; this policy has: {', '.join(known)}.",
            extra={"errors": [{"path": "clause", "message": "must be a clause of the policy"}], "error_count": 1},
        )
    return known[clause]
