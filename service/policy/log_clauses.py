"""What the platform's own log says about the reason given: clauses of the house, which no platform has to list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from service.domain.assessment import Text
from service.domain.claims import FulfilmentState, ReasonCode, UseState
from service.policy.clauses import CLOCK_TOLERANCE, Facts, activated_or_consumed, promise_over
from service.policy.findings import Effect, Finding
from service.policy.parts import Fault, NegativeRule


@dataclass(frozen=True, slots=True, kw_only=True)
class LogClause:
    """A clause of the house: record or terms do not bear the reason out, so nobody is paid on the reason alone."""

    id: str
    effect: Effect
    text: Text
    holds: Callable[[Facts], bool]


def log_findings(facts: Facts) -> Iterator[Finding]:
    """What speaks against the reason in the platform's own log."""
    for clause in LOG_CLAUSES:
        if clause.holds(facts):
            yield Finding(code=clause.id, effect=clause.effect, text=clause.text, clause=clause.id)


def access_findings(facts: Facts) -> Iterator[Finding]:
    """What the platform knows of who had the account, for the person who judges a claim that it was somebody else."""
    if facts.claim.reason is not ReasonCode.UNAUTHORISED:
        return
    account = facts.claim.account
    for known, texts in ((account.second_factor_passed, _SECOND_FACTOR), (account.contact_confirmed, _CONTACT)):
        if known is not None:
            code, text = texts[known]
            yield Finding(code=code, effect=Effect.TELLS, text=text)


_SECOND_FACTOR = {
    True: (
        "access.second_factor_passed",
        Text(zh="下单时通过了账号的二次验证", en="The order passed the account's second factor"),
    ),
    False: (
        "access.second_factor_not_passed",
        Text(zh="下单时没有通过二次验证", en="The order did not pass a second factor"),
    ),
}
_CONTACT = {
    True: (
        "access.contact_confirmed",
        Text(zh="申请已由注册手机或邮箱确认", en="The claim was confirmed from the registered phone or mailbox"),
    ),
    False: (
        "access.contact_not_confirmed",
        Text(zh="申请未经注册手机或邮箱确认", en="The claim was not confirmed from the registered phone or mailbox"),
    ),
}


def log_proves(facts: Facts) -> bool:
    """Whether the platform's own log already proves what the buyer says, so that no screenshot need be asked for."""
    fulfilment, reason = facts.claim.fulfilment, facts.claim.reason
    if reason in (ReasonCode.NOT_DELIVERED, ReasonCode.SERVICE_ABNORMAL):
        return undelivered(facts)
    if reason is ReasonCode.CODE_INVALID:
        return fulfilment.use is UseState.VOIDED
    if reason is ReasonCode.CODE_ALREADY_USED:
        return fulfilment.use is UseState.ACTIVATED and fulfilment.used_by_claimant is False
    if reason is ReasonCode.WRONG_TARGET:
        return fulfilment.state is FulfilmentState.FAILED
    return False


def undelivered(facts: Facts) -> bool:
    """The log says delivery failed, or has not begun although the promised time is over."""
    state = facts.claim.fulfilment.state
    return state is FulfilmentState.FAILED or (
        state is FulfilmentState.NOT_DELIVERED and promise_over(facts.policy, facts.claim, facts.as_of)
    )


_USED = (UseState.VIEWED, UseState.ACTIVATED, UseState.PARTLY_USED)
_UNUSED = (UseState.NEVER_VIEWED, UseState.VIEWED)


def _contradicts_itself(facts: Facts) -> bool:
    order, fulfilment = facts.claim.order, facts.claim.fulfilment
    moments = (order.ordered_at, order.paid_at, order.confirmed_at, fulfilment.delivered_at, fulfilment.activated_at)
    total, used = fulfilment.units_total, fulfilment.units_used or 0
    undelivered_states = (FulfilmentState.NOT_DELIVERED, FulfilmentState.FAILED)
    return (
        any(moment is not None and moment > facts.as_of + CLOCK_TOLERANCE for moment in moments)
        or (fulfilment.activated_at is not None and fulfilment.use in _UNUSED)
        or (fulfilment.state in undelivered_states and fulfilment.use in _USED)
        or (fulfilment.state is FulfilmentState.NOT_DELIVERED and fulfilment.delivered_at is not None)
        or (fulfilment.voidable and fulfilment.use in (UseState.ACTIVATED, UseState.PARTLY_USED))
        or used < 0
        or (total is not None and used > total)
        or (used > 0 and fulfilment.use in _UNUSED)
    )


def _says_delivered(facts: Facts) -> bool:
    return facts.claim.reason is ReasonCode.NOT_DELIVERED and facts.claim.fulfilment.state is FulfilmentState.DELIVERED


def _may_still_arrive(facts: Facts) -> bool:
    if facts.claim.reason not in (ReasonCode.NOT_DELIVERED, ReasonCode.SERVICE_ABNORMAL):
        return False
    state = facts.claim.fulfilment.state
    return state is FulfilmentState.IN_PROGRESS or (
        state is FulfilmentState.NOT_DELIVERED and not promise_over(facts.policy, facts.claim, facts.as_of)
    )


def _never_activated(facts: Facts) -> bool:
    needs_use = facts.claim.reason in (ReasonCode.CODE_ALREADY_USED, ReasonCode.USED_WITHOUT_EFFECT)
    return needs_use and facts.claim.fulfilment.use in _UNUSED


def _user_unknown(facts: Facts) -> bool:
    return (
        facts.claim.reason is ReasonCode.CODE_ALREADY_USED
        and facts.claim.fulfilment.use not in _UNUSED
        and facts.claim.fulfilment.used_by_claimant is None
    )


def _activated_all_the_same(facts: Facts) -> bool:
    """Also where the platform's own list does not speak of it: activated goods bear these reasons out for nobody."""
    return facts.claim.reason in _NEVER_ACTIVATED and not _listed(facts, NegativeRule.ACTIVATED_OR_CONSUMED)


_NEVER_ACTIVATED = (ReasonCode.NOT_DELIVERED, ReasonCode.CODE_INVALID, ReasonCode.CODE_ALREADY_USED)


def _listed(facts: Facts, rule: NegativeRule) -> bool:
    """Whether the platform's list has a clause of this rule for claims of this reason and kind."""
    reason, kind = facts.claim.reason, facts.claim.order.product.kind
    return any(
        clause.rule is rule
        and (not clause.reasons or reason in clause.reasons)
        and (not clause.goods or kind in clause.goods)
        for clause in facts.policy.negative_list
    )


def _duplicate_not_named(facts: Facts) -> bool:
    return facts.claim.reason is ReasonCode.DUPLICATE_PAYMENT and not facts.claim.duplicate_of


def _notice_without_clause(facts: Facts) -> bool:
    """What was shown for the product binds even where the platform's own list does not speak of notices."""
    terms, policy = facts.claim.order.terms, facts.policy
    rule = policy.reasons.get(facts.claim.reason)
    return (
        terms.no_refund_notice
        and terms.conspicuous
        and (rule is None or rule.fault is Fault.BUYER)
        and all(clause.rule is not NegativeRule.NO_REFUND_NOTICE for clause in policy.negative_list)
    )


LOG_CLAUSES: tuple[LogClause, ...] = (
    LogClause(
        id="terms.no_refund_notice",
        effect=Effect.NEEDS_PERSON,
        text=Text(
            zh="下单时商品页显著注明不支持退款", en="A conspicuous no-refund notice was shown when the order was placed"
        ),
        holds=_notice_without_clause,
    ),
    LogClause(
        id="log.contradicts_itself",
        effect=Effect.NEEDS_PERSON,
        text=Text(
            zh="平台记录自相矛盾（时间、状态或用量）", en="The record contradicts itself (times, states, counts)"
        ),
        holds=_contradicts_itself,
    ),
    LogClause(
        id="log.activated",
        effect=Effect.NEEDS_PERSON,
        text=Text(zh="激活记录显示已由申请人激活或无法排除", en="The log says activated, and not by somebody else"),
        holds=lambda facts: _activated_all_the_same(facts) and activated_or_consumed(facts),
    ),
    LogClause(
        id="log.user_unknown",
        effect=Effect.NEEDS_PERSON,
        text=Text(zh="激活记录未说明由谁使用", en="The activation log does not say who used the code"),
        holds=_user_unknown,
    ),
    LogClause(
        id="log.delivered",
        effect=Effect.NEEDS_PERSON_UNLESS_COSTLESS,
        text=Text(zh="称未到账，但平台记录显示已交付", en="Claimed as not delivered, but the log says delivered"),
        holds=_says_delivered,
    ),
    LogClause(
        id="log.may_still_arrive",
        effect=Effect.NEEDS_PERSON_UNLESS_COSTLESS,
        text=Text(
            zh="仍在处理中或承诺时间未到，可能还会到账", en="Still under way or within the promise: may yet arrive"
        ),
        holds=_may_still_arrive,
    ),
    LogClause(
        id="log.never_activated",
        effect=Effect.NEEDS_PERSON_UNLESS_COSTLESS,
        text=Text(zh="称已使用，但平台记录显示从未激活", en="Claimed as used, but the log says never activated"),
        holds=_never_activated,
    ),
    LogClause(
        id="log.duplicate_not_named",
        effect=Effect.NEEDS_PERSON_UNLESS_COSTLESS,
        text=Text(zh="称重复扣款，但未指明另一笔", en="Claimed as paid twice, but the other payment is not named"),
        holds=_duplicate_not_named,
    ),
)
