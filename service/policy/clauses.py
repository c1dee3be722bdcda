"""Clauses of the published negative list, and the time limits.

Each rule is a pure function of the facts. The terms shown for the product at order time bind over the platform's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.assessment import Text
from service.domain.claims import Anchor, Claim, FulfilmentState, GoodsKind, ReasonCode, UseState
from service.domain.evidence import Evidence, FieldName
from service.policy.amounts import used_of_total
from service.policy.binding import binding
from service.policy.findings import Effect, Finding, Told
from service.policy.parts import NegativeClause, NegativeRule
from service.policy.schema import Policy

# Clocks of the platform and ours may differ by this much before a time counts as being in the future.
CLOCK_TOLERANCE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    policy: Policy
    claim: Claim
    as_of: datetime
    evidence: Sequence[Evidence]
    claimed_at: datetime | None = None

    @property
    def counted_at(self) -> datetime:
        """The moment the buyer's own time limits and use are counted to."""
        return self.claimed_at or self.as_of


def negative_findings(facts: Facts) -> Iterator[Finding]:
    """The clauses of the negative list that apply, in the order the platform lists them."""
    for clause in facts.policy.negative_list:
        if clause.reasons and facts.claim.reason not in clause.reasons:
            continue
        if clause.goods and facts.claim.order.product.kind not in clause.goods:
            continue
        if _RULES[clause.rule](facts, clause):
            excludes = clause.effect == "excludes"
            yield Finding(
                code="excluded" if excludes else "clause_for_person",
                effect=Effect.EXCLUDES if excludes else Effect.NEEDS_PERSON,
                text=_negative_text(facts, clause),
                clause=clause.id,
                told=Told.EXCLUDED if excludes else None,
                wording=clause.text,
            )


def _negative_text(facts: Facts, clause: NegativeClause) -> Text:
    zh, en = f"适用负面清单 {clause.id}：{clause.zh}", f"Negative list {clause.id} applies: {clause.en}"
    end = claim_deadline(facts.policy, facts.claim)
    if clause.rule is NegativeRule.OUTSIDE_TIME_LIMIT and end is not None:
        local = f"{end.astimezone(facts.policy.time_zone):%Y-%m-%d %H:%M}"
        return Text(zh=f"{zh}（截止 {local}）", en=f"{en} (it ended {local})")
    return Text(zh=zh, en=en)


# --- time limits ---


def time_limit(policy: Policy, claim: Claim) -> tuple[int, Anchor]:
    """Hours and anchor that bind for this claim: product's terms, then reason, then kind of goods, then default."""
    bound = binding(policy, claim)
    return bound.time_limit_hours, bound.anchor


def claim_deadline(policy: Policy, claim: Claim) -> datetime | None:
    """The last moment to claim; None while the anchor has not happened (not delivered, receipt not confirmed)."""
    hours, anchor = time_limit(policy, claim)
    order, fulfilment = claim.order, claim.fulfilment
    paid = order.paid_at or order.ordered_at
    start: datetime | None = paid
    if anchor is Anchor.CONFIRMED:
        start = order.confirmed_at
    elif anchor is Anchor.DELIVERED:
        # Delivered, but when is not on record: counted from payment, the earlier moment.
        start = fulfilment.delivered_at or (paid if fulfilment.state is FulfilmentState.DELIVERED else None)
    return None if start is None else start + timedelta(hours=hours)


def promised_by(policy: Policy, claim: Claim) -> datetime:
    """Up to when delivery was promised, and before when goods do not count as missing."""
    rules, kind, promised = policy.delivery_promise, claim.order.product.kind, claim.fulfilment.promised_by
    paid = claim.order.paid_at or claim.order.ordered_at
    if promised is None:
        promised = paid + timedelta(hours=rules.by_goods_hours.get(kind, rules.default_hours))
    if kind in rules.missing_after_hours:
        promised = max(promised, paid + timedelta(hours=rules.missing_after_hours[kind]))
    return promised


def promise_over(policy: Policy, claim: Claim, as_of: datetime) -> bool:
    """Whether that time has passed."""
    return as_of > promised_by(policy, claim)


# --- the rules of the negative list ---


def activated_or_consumed(facts: Facts, _: NegativeClause | None = None) -> bool:
    fulfilment, reason = facts.claim.fulfilment, facts.claim.reason
    activated = fulfilment.use is UseState.ACTIVATED or (
        fulfilment.activated_at is not None and fulfilment.use is not UseState.PARTLY_USED
    )
    if reason is ReasonCode.CODE_ALREADY_USED:
        # The complaint is that someone used it: only a log that names the claimant speaks against it.
        return activated and fulfilment.used_by_claimant is True
    return activated and fulfilment.used_by_claimant is not False


def _partly_used(facts: Facts, _: NegativeClause) -> bool:
    return facts.claim.fulfilment.use is UseState.PARTLY_USED or (facts.claim.fulfilment.units_used or 0) > 0


def _used_above(facts: Facts, clause: NegativeClause) -> bool:
    counts = used_of_total("days" if _by_days(facts) else "units", facts.claim, facts.counted_at)
    if counts is None or clause.used_permille is None:
        return False
    used, total = counts
    return total > 0 and used * 1000 > total * clause.used_permille


def _by_days(facts: Facts) -> bool:
    rule = facts.policy.reasons.get(facts.claim.reason)
    return facts.claim.order.product.kind is GoodsKind.MEMBERSHIP or (rule is not None and rule.pro_rata_by == "days")


def _receipt_confirmed(facts: Facts, _: NegativeClause) -> bool:
    return facts.claim.order.confirmed_at is not None


def _code_viewed(facts: Facts, _: NegativeClause) -> bool:
    return facts.claim.fulfilment.use is UseState.VIEWED and not facts.claim.fulfilment.voidable


def _trial(facts: Facts, _: NegativeClause) -> bool:
    return facts.claim.order.terms.trial


def _past_validity(facts: Facts, _: NegativeClause) -> bool:
    valid_until = facts.claim.order.terms.valid_until
    return valid_until is not None and facts.counted_at > valid_until


def _outside_time_limit(facts: Facts, _: NegativeClause) -> bool:
    end = claim_deadline(facts.policy, facts.claim)
    return end is not None and facts.counted_at > end


def _no_refund_notice(facts: Facts, _: NegativeClause) -> bool:
    terms = facts.claim.order.terms
    return terms.no_refund_notice and terms.conspicuous


def _not_recallable(facts: Facts, _: NegativeClause) -> bool:
    arrived = facts.claim.fulfilment.state not in (FulfilmentState.FAILED, FulfilmentState.NOT_DELIVERED)
    return arrived and not facts.claim.fulfilment.recallable


def _prompt_shown(facts: Facts, clause: NegativeClause) -> bool:
    shown = {
        item.page.fields[FieldName.ERROR_PROMPT].value
        for item in facts.evidence
        if item.page is not None and FieldName.ERROR_PROMPT in item.page.fields
    }
    return any(prompt.value in shown for prompt in clause.prompts)


_RULES: Mapping[NegativeRule, Callable[[Facts, NegativeClause], bool]] = {
    NegativeRule.ACTIVATED_OR_CONSUMED: activated_or_consumed,
    NegativeRule.PARTLY_USED: _partly_used,
    NegativeRule.USED_ABOVE: _used_above,
    NegativeRule.RECEIPT_CONFIRMED: _receipt_confirmed,
    NegativeRule.CODE_VIEWED: _code_viewed,
    NegativeRule.TRIAL: _trial,
    NegativeRule.PAST_VALIDITY: _past_validity,
    NegativeRule.OUTSIDE_TIME_LIMIT: _outside_time_limit,
    NegativeRule.NO_REFUND_NOTICE: _no_refund_notice,
    NegativeRule.NOT_RECALLABLE: _not_recallable,
    NegativeRule.PROMPT_SHOWN: _prompt_shown,
    NegativeRule.ALWAYS: lambda _facts, _clause: True,
    # Published, but no record can tell: reviewers apply it.
    NegativeRule.JUDGED_BY_PERSON: lambda _facts, _clause: False,
}
