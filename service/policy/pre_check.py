"""Before a buyer applies: can the claim qualify, what would rule it out, what to send, what to expect.

It hangs on what is published and on the order's own record. Nothing of the account, the device or its past enters, no
ceiling, budget or risk; and it is no decision: whether a claim is approved shows when it is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.assessment import Grant, MissingMaterial, PlatformMode, Text
from service.domain.certificate import Serving
from service.domain.claims import Claim, ReasonCode
from service.domain.money import Money
from service.policy.amounts import Refundable, left_to_refund, refundable
from service.policy.classes import applications
from service.policy.clauses import Facts, claim_deadline, negative_findings, promised_by
from service.policy.confirmations import to_ask
from service.policy.findings import Effect, Finding
from service.policy.grants import grant_of, route_rule
from service.policy.inputs import DecideInput
from service.policy.log_clauses import log_findings
from service.policy.materials import missing_materials
from service.policy.obstacles import one_currency
from service.policy.parts import Handling
from service.policy.schema import Policy


class Prospect(StrEnum):
    """CAN_QUALIFY: nothing published speaks against it. PERSON: it can, and a person decides in any case. EXCLUDED: a
    published clause usually rules it out; a person still looks at whoever applies. TOO_EARLY: it may yet arrive."""

    CAN_QUALIFY = "can_qualify"
    PERSON = "person"
    EXCLUDED = "excluded"
    TOO_EARLY = "too_early"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseMet:
    """A published clause that the claim meets. ``excludes`` False: it takes a person."""

    id: str
    excludes: bool
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class PreCheck:
    """``expected``: what would be granted if the claim is right, None where it cannot be told. ``materials``: in the
    published words; none where ``no_upload``. ``apply_by``: None while what the limit counts from has not happened.
    ``wait_until``: the promise of delivery ends then. ``notes``: what else the buyer should know."""

    prospect: Prospect
    clauses: tuple[ClauseMet, ...]
    materials: tuple[MissingMaterial, ...]
    no_upload: bool
    expected: Grant | None
    arrival: Text | None
    apply_by: datetime | None
    wait_until: datetime | None
    answer_within: Text
    materials_within: Text
    official_channel: Text
    message: Text
    notes: tuple[Text, ...]


def pre_check(policy: Policy, claim: Claim, as_of: datetime) -> PreCheck:
    """``as_of``: aware, when it is asked. Total: what cannot be told is left out."""
    facts = Facts(policy=policy, claim=claim, as_of=as_of, evidence=())
    given = _given(policy, claim, as_of)
    clauses = tuple(_met(finding) for finding in negative_findings(facts))
    early = _may_still_arrive(facts)
    no_upload = _no_upload(policy, given, facts)
    amount = refundable(policy, claim, as_of) if one_currency(policy, claim) else None
    prospect = _prospect(policy, claim, clauses, early=early)
    rule = route_rule(policy, claim)
    return PreCheck(
        prospect=prospect,
        clauses=clauses,
        materials=() if no_upload else missing_materials(facts),
        no_upload=no_upload,
        expected=grant_of(policy, claim, amount) if amount is not None and amount.net.minor > 0 else None,
        arrival=rule.text if rule is not None else None,
        apply_by=claim_deadline(policy, claim),
        wait_until=promised_by(policy, claim) if early else None,
        answer_within=policy.review_promise.text,
        materials_within=policy.materials_deadline.text,
        official_channel=policy.official_channel.text,
        message=_MESSAGES[prospect],
        notes=tuple(_notes(policy, given, amount)),
    )


def _given(policy: Policy, claim: Claim, as_of: datetime) -> DecideInput:
    """What the rules may know beforehand: the order's record, and nothing else."""
    return DecideInput(
        claim=claim,
        as_of=as_of,
        evidence=(),
        checks=(),
        risk=None,
        certificate=None,
        serving=Serving(model="", features="", policy=policy.digest, reader=""),
        mode=PlatformMode.LIVE,
        platform_id=claim.platform_id,
        bundle_healthy=False,
    )


def _met(finding: Finding) -> ClauseMet:
    assert finding.clause is not None  # each is a clause of the negative list
    wording = finding.wording or finding.text
    return ClauseMet(id=finding.clause, excludes=finding.effect is Effect.EXCLUDES, text=wording)


def _may_still_arrive(facts: Facts) -> bool:
    return any(finding.code == "log.may_still_arrive" for finding in log_findings(facts))


def _no_upload(policy: Policy, given: DecideInput, facts: Facts) -> bool:
    """Whether the published conditions of a refund without screenshots are met, and nothing asks for more."""
    if not one_currency(policy, given.claim) or _handling(policy, given.claim) is not Handling.AUTOMATIC:
        return False
    if any(finding.effect is Effect.EXCLUDES for finding in negative_findings(facts)):
        return False
    return any(each.fits and not each.needs_materials for each in applications(policy, given))


def _handling(policy: Policy, claim: Claim) -> Handling:
    rule = policy.reasons.get(claim.reason)
    return Handling.PERSON if rule is None else rule.handling


def _prospect(policy: Policy, claim: Claim, clauses: tuple[ClauseMet, ...], *, early: bool) -> Prospect:
    if any(clause.excludes for clause in clauses):
        return Prospect.EXCLUDED
    if early:
        return Prospect.TOO_EARLY
    order = claim.order
    person = (
        bool(clauses)
        or _handling(policy, claim) is not Handling.AUTOMATIC
        or order.disputed
        or order.cross_border
        or not one_currency(policy, claim)
    )
    return Prospect.PERSON if person else Prospect.CAN_QUALIFY


def _notes(policy: Policy, given: DecideInput, amount: Refundable | None) -> Iterator[Text]:
    claim = given.claim
    if one_currency(policy, claim):
        yield from _amount_notes(claim, amount)
    else:
        yield Text(zh=f"金额不是 {policy.currency}，由人工核算", en=f"Not in {policy.currency}: a person works it out")
    if route_rule(policy, claim) is None:
        yield Text(zh="平台不提供您选择的退回方式", en="The way back you chose is not offered here")
    if claim.reason is ReasonCode.DUPLICATE_PAYMENT and not claim.duplicate_of:
        yield Text(zh="请指明另一笔付款或订单", en="Name the other payment or order")
    if claim.reason is ReasonCode.OTHER:
        yield Text(zh="选择更具体的原因会更快", en="A more precise reason is faster")
    if claim.order.disputed:
        yield Text(
            zh="该笔付款在支付渠道有争议，处理期间不会重复退款",
            en="The payment is disputed elsewhere; while that lasts it is not refunded twice",
        )
    for clause in to_ask(policy, given):
        yield clause.text


def _amount_notes(claim: Claim, amount: Refundable | None) -> Iterator[Text]:
    order = claim.order
    left = left_to_refund(order.amount_paid, max(order.amount_refunded, Money(0, order.amount_paid.currency)))
    if amount is None:
        yield Text(
            zh="记录中没有用量，由人工按未使用部分核算", en="What was used is not on record: a person works it out"
        )
    elif claim.amount_claimed > left:
        yield Text(zh=f"最多可退 {left}", en=f"At most {left} can be refunded")
    elif amount.due < claim.amount_claimed:
        yield Text(zh=f"按规则最多可退 {amount.due}", en=f"At most {amount.due} is due by the rules")


_NO_DECISION = Text(zh="这不是审批结果。", en="This is no decision.")
_MESSAGES = {
    Prospect.CAN_QUALIFY: Text(
        zh=f"可以申请：公布的规则中没有排除这种情况。{_NO_DECISION.zh}",
        en=f"You can apply: no published rule speaks against it. {_NO_DECISION.en}",
    ),
    Prospect.PERSON: Text(
        zh=f"可以申请，这类情况由人工判断。{_NO_DECISION.zh}",
        en=f"You can apply; a person decides cases like this. {_NO_DECISION.en}",
    ),
    Prospect.EXCLUDED: Text(
        zh=f"按公布的规则，这类情况通常不予退款；您仍可申请，由人工核对，有相反的证明请一并提交。{_NO_DECISION.zh}",
        en="The published rules usually rule this out; you may still apply, a person checks it, and proof to the "
        f"contrary helps. {_NO_DECISION.en}",
    ),
    Prospect.TOO_EARLY: Text(
        zh=f"承诺的到账时间未过，可能还会到账；之后仍未到账再申请。{_NO_DECISION.zh}",
        en=f"It may yet arrive: the promised time is not over. Apply if it has not come by then. {_NO_DECISION.en}",
    ),
}
