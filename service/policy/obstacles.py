"""Everything that keeps a claim from being approved automatically, most important first."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.assessment import PlatformMode, Text
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim, ReasonCode
from service.domain.evidence import OUR_FAULT, Failed
from service.domain.money import Money
from service.policy.amounts import Refundable, left_to_refund
from service.policy.clauses import Facts, negative_findings
from service.policy.confirmations import confirmation_findings
from service.policy.findings import Effect, Finding, Told
from service.policy.gap_sentences import FILES, UNUSABLE_AS_SENT
from service.policy.inputs import DecideInput
from service.policy.log_clauses import access_findings, log_findings
from service.policy.parts import Handling
from service.policy.schema import Policy

REASON_FOR_PERSON = "reason_for_person"
# What an order from abroad brings with it: a person, but with the proof that the policy asks for.
ABROAD = frozenset({"cross_border", "foreign_currency"})
# What these find speaks of the pages themselves, and does not contradict the record.
_OF_THE_PAGES = frozenset({CheckCode.EVIDENCE_READABLE, CheckCode.EVIDENCE_COMPLETE, CheckCode.EVIDENCE_ORIGINAL})


def obstacles(policy: Policy, given: DecideInput, amount: Refundable | None) -> tuple[Finding, ...]:
    """In the order the house rules give: mode, faults, evidence, model, exclusions, order, log, checks."""
    facts = Facts(
        policy=policy, claim=given.claim, as_of=given.as_of, claimed_at=given.claimed_at, evidence=given.evidence
    )
    negative = tuple(negative_findings(facts))
    return (
        *_mode(given),
        *_faults(policy, given),
        *_unreadable(given),
        *_model(given),
        *(finding for finding in negative if finding.effect is Effect.EXCLUDES),
        *_reason(policy, given.claim),
        *_order(policy, given.claim),
        *_amount(policy, given.claim, amount),
        *(finding for finding in negative if finding.effect is not Effect.EXCLUDES),
        *log_findings(facts),
        *access_findings(facts),
        *_checks(given),
        *_incomplete(given),
        *_reused(given),
        *confirmation_findings(policy, given),
    )


def one_currency(policy: Policy, claim: Claim) -> bool:
    """Whether every amount of the claim is in the policy's currency."""
    order = claim.order
    amounts = (claim.amount_claimed, order.amount_paid, order.amount_refunded)
    return all(amount.currency == policy.currency for amount in amounts)


def _person(
    code: str,
    zh: str,
    en: str,
    *,
    clause: str | None = None,
    evidence: str | None = None,
    told: Told | None = None,
) -> Finding:
    return Finding(
        code=code,
        effect=Effect.NEEDS_PERSON,
        text=Text(zh=zh, en=en),
        clause=clause,
        evidence=evidence,
        told=told,
    )


def _mode(given: DecideInput) -> Iterator[Finding]:
    if given.mode is PlatformMode.STOPPED:
        yield _person("mode_stopped", "平台已停止自动审批", "Automatic approval is stopped on this platform")
    if given.breaker_tripped:
        yield _person(
            "breaker_tripped",
            "审计发现误批过多，熔断已触发，不自动通过",
            "The audit found too much money wrong, so the breaker has tripped: nothing is approved",
        )


def _faults(policy: Policy, given: DecideInput) -> Iterator[Finding]:
    for fault in given.faults:
        yield _person(f"fault.{fault}", f"处理途中出现故障：{fault}", f"Something failed on the way: {fault}")
    if given.platform_id != policy.platform or given.claim.platform_id != given.platform_id:
        yield _person(
            "fault.wrong_platform",
            f"申请、规则与平台不一致（{given.claim.platform_id}、{policy.platform}、{given.platform_id}）",
            f"Claim ({given.claim.platform_id}), policy ({policy.platform}) and platform ({given.platform_id}) differ",
        )
    if given.evidence and {check.code for check in given.checks} != set(CheckCode):
        yield _person("fault.checks_incomplete", "核对结果不完整", "Some checks were not made")


def _unreadable(given: DecideInput) -> Iterator[Finding]:
    failed = [item for item in given.evidence if isinstance(item.outcome, Failed)]
    for item in failed:
        assert isinstance(item.outcome, Failed)
        reason = item.outcome.reason
        again = reason in UNUSABLE_AS_SENT
        yield Finding(
            code="evidence_unreadable",
            effect=Effect.NEEDS_PERSON_UNLESS_SENT_AGAIN if again else Effect.NEEDS_PERSON,
            text=Text(zh=f"图片无法识别：{reason.value}", en=f"An image could not be read: {reason.value}"),
            evidence=item.sha256,
            told=None if reason in OUR_FAULT else Told.UNREADABLE,
            wording=FILES.get(reason),
        )
    for check in given.checks:
        if not failed and check.code is CheckCode.EVIDENCE_READABLE and check.result is Result.FAIL:
            yield _person(
                "evidence_unreadable",
                "图片内容无法辨认",
                "A page cannot be made out",
                evidence=check.evidence_sha256,
                told=Told.UNREADABLE,
            )


def _model(given: DecideInput) -> Iterator[Finding]:
    if not given.bundle_healthy:
        yield _person("bundle_unhealthy", "风险模型不可用，不自动通过", "No healthy risk model: nothing is approved")
    elif given.risk is None:
        yield _person("risk_missing", "没有风险评分，不自动通过", "There is no risk score: nothing is approved")
    elif not 0 <= given.risk.probability <= 1:
        yield _person("risk_unusable", "风险评分不是概率", "The risk score is not a probability")


def _reason(policy: Policy, claim: Claim) -> Iterator[Finding]:
    rule = policy.reasons.get(claim.reason)
    if rule is None or rule.handling is not Handling.AUTOMATIC:
        wording = rule.text if rule is not None else Text(zh=claim.reason.value, en=claim.reason.value)
        yield _person(
            REASON_FOR_PERSON,
            f"此类原因一律人工处理：{wording.zh}",
            f"This reason always goes to a person: {wording.en}",
            clause=f"reasons.{claim.reason.value}",
            told=Told.IMPRECISE if claim.reason is ReasonCode.OTHER else None,
        )


def _order(policy: Policy, claim: Claim) -> Iterator[Finding]:
    if claim.order.disputed:
        yield _person("disputed", "该笔付款在支付渠道有争议", "The payment is disputed at the payment provider")
    if claim.order.cross_border:
        yield _person("cross_border", "跨境订单", "Cross-border order")
    if not any(rule.route is claim.route for rule in policy.routes):
        yield _person(
            "route_not_offered", f"平台不提供该退款方式：{claim.route.value}", f"Route not offered: {claim.route.value}"
        )


def _amount(policy: Policy, claim: Claim, amount: Refundable | None) -> Iterator[Finding]:
    if not one_currency(policy, claim):
        yield _person("foreign_currency", f"金额不是 {policy.currency}", f"Not all amounts are in {policy.currency}")
        return
    order, claimed = claim.order, claim.amount_claimed
    left, zero = left_to_refund(order.amount_paid, order.amount_refunded), Money(0, policy.currency)
    if order.amount_refunded < zero or order.amount_refunded > order.amount_paid:
        yield _person("amounts_impossible", "已退金额与付款不符", "What was refunded does not fit what was paid")
    if claimed <= zero:
        yield _person("nothing_claimed", "申请金额不大于零", "The amount claimed is not above zero")
    if claimed > left:
        yield _person(
            "claimed_exceeds_paid",
            f"申请 {claimed}，而付款减已退为 {left}",
            f"{claimed} is claimed, but paid less refunded is {left}",
        )
    elif amount is None:
        yield _person("amount_unclear", "缺少用量，无法按比例计算", "Units used are not on record: no pro-rata amount")
    elif amount.due < claimed:
        yield _person(
            "only_part_is_due",
            f"按规则应退 {amount.due}，少于申请的 {claimed}",
            f"{amount.due} is due by the rules, less than the {claimed} claimed",
        )
    elif amount.net <= zero:
        yield _person("nothing_to_grant", "扣除手续费后无可退金额", "Nothing is left after the fee")


def _checks(given: DecideInput) -> Iterator[Finding]:
    for check in given.checks:
        if check.result is Result.FAIL and check.code not in _OF_THE_PAGES:
            yield _person(
                f"check_failed.{check.code.value}",
                f"截图与记录不符（{CHECK_NAMES[check.code].zh}）：{_compared(check, '截图', '记录')}",
                f"The page contradicts the record ({CHECK_NAMES[check.code].en}): {_compared(check, 'page', 'record')}",
                evidence=check.evidence_sha256,
            )


def _incomplete(given: DecideInput) -> Iterator[Finding]:
    """A page that hides what it should show proves nothing; where no page is needed it stands in nobody's way."""
    for check in given.checks:
        if check.code is CheckCode.EVIDENCE_COMPLETE and check.result is Result.FAIL:
            yield Finding(
                code="evidence_incomplete",
                effect=Effect.NEEDS_PERSON_UNLESS_UPLOAD_FREE,
                text=Text(
                    zh=f"凭证被截掉、遮挡或看不清：{check.read or '–'}",
                    en=f"The evidence is cut off, covered or illegible: {check.read or '–'}",
                ),
                evidence=check.evidence_sha256,
            )


def _compared(check: CheckResult, page: str, record: str) -> str:
    return f"{page} {check.read or '–'}, {record} {check.record or check.claimed or '–'}"


def _reused(given: DecideInput) -> Iterator[Finding]:
    failed = (check for check in given.checks if check.result is Result.FAIL)
    original = next((check.evidence_sha256 for check in failed if check.code is CheckCode.EVIDENCE_ORIGINAL), None)
    if given.reused_orders > 0:
        yield _person(
            "evidence_reused",
            f"同一凭证也用于另外 {given.reused_orders} 个订单",
            f"The same page was sent for {given.reused_orders} other order(s)",
        )
    elif original is not None:
        yield _person("evidence_reused", "凭证曾用于其他订单", "A page was sent for another order", evidence=original)


CHECK_NAMES: dict[CheckCode, Text] = {
    CheckCode.ORDER_NUMBER: Text(zh="订单号", en="order number"),
    CheckCode.TRADE_NUMBER: Text(zh="交易单号", en="trade number"),
    CheckCode.AMOUNT: Text(zh="金额", en="amount"),
    CheckCode.ORDERED_AT: Text(zh="下单时间", en="order time"),
    CheckCode.PAID_AT: Text(zh="付款时间", en="payment time"),
    CheckCode.PRODUCT: Text(zh="商品", en="product"),
    CheckCode.PAYEE: Text(zh="收款方", en="payee"),
    CheckCode.RECHARGED_ACCOUNT: Text(zh="充值账号", en="recharged account"),
    CheckCode.PAYMENT_STATE: Text(zh="付款状态", en="payment state"),
    CheckCode.PROMPT_REASON: Text(zh="提示与原因", en="prompt against reason"),
    CheckCode.PROMPT_FULFILMENT: Text(zh="提示与履约记录", en="prompt against fulfilment"),
    CheckCode.EVIDENCE_READABLE: Text(zh="图片可读", en="readable page"),
    CheckCode.EVIDENCE_COMPLETE: Text(zh="凭证完整", en="complete page"),
    CheckCode.EVIDENCE_ORIGINAL: Text(zh="凭证未曾用于他单", en="page not used elsewhere"),
    CheckCode.IDENTITY: Text(zh="身份证明", en="identity proof"),
}
