"""The three ways to be approved without a person: recoverable goods, one-click, certified risk."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.assessment import ObligationKind, Text
from service.domain.claims import Claim, GoodsKind, ReasonCode, UseState
from service.domain.money import Money
from service.policy.budgets import entity_limit
from service.policy.certificate import mismatches, threshold_at_work
from service.policy.clauses import Facts
from service.policy.findings import Effect, Finding
from service.policy.inputs import DecideInput
from service.policy.log_clauses import undelivered
from service.policy.parts import ApprovalClass
from service.policy.schema import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One class applied to one claim. ``fits``: the published facts are met; it approves if nothing refuses too."""

    name: ApprovalClass
    fits: bool
    text: Text
    refusals: tuple[Finding, ...] = ()
    obligations: tuple[ObligationKind, ...] = ()

    @property
    def approves(self) -> bool:
        return self.fits and not self.refusals

    @property
    def needs_materials(self) -> bool:
        """Only risk rests on pages; that nothing need be uploaded is the point of the other two."""
        return self.name is ApprovalClass.RISK

    @property
    def finding(self) -> Finding:
        return Finding(
            code=f"class_{self.name.value}", effect=Effect.APPROVES, text=self.text, clause=f"classes.{self.name.value}"
        )


def applications(policy: Policy, given: DecideInput) -> tuple[Application, ...]:
    """Every class the platform opted into, in the order they are tried: the costless one first."""
    build = {
        ApprovalClass.RECOVERABLE: _recoverable,
        ApprovalClass.ONE_CLICK: _one_click,
        ApprovalClass.RISK: _risk,
    }
    return tuple(build[name](policy, given) for name in policy.opted_in)


def exposure(claim: Claim) -> Money:
    """What the order would have cost in all: the claim and what was refunded before. Caps hold for this sum, so that
    a large order cannot be refunded in small steps."""
    return claim.amount_claimed + claim.order.amount_refunded


def _recoverable(policy: Policy, given: DecideInput) -> Application:
    terms = policy.classes.recoverable
    obligation = recovery(given.claim)
    return Application(
        name=ApprovalClass.RECOVERABLE,
        fits=obligation is not None and exposure(given.claim) <= policy.money(terms.amount_up_to_minor),
        text=Text(
            zh="商品可无损收回（从未激活可作废，或充值可撤回），退款以平台确认收回为条件",
            en="The goods can be taken back at no cost; released when the platform confirms it",
        ),
        refusals=_risk_ceiling(given, terms.maximum_risk_permille),
        obligations=(obligation,) if obligation is not None else (),
    )


def recovery(claim: Claim) -> ObligationKind | None:
    """How the goods can be taken back at no cost; None where they cannot, or the log does not say so."""
    fulfilment = claim.fulfilment
    if fulfilment.activated_at is not None or (fulfilment.units_used or 0) > 0:
        return None
    if fulfilment.voidable and fulfilment.use in (UseState.NEVER_VIEWED, UseState.VIEWED):
        return ObligationKind.VOID_CODE
    is_top_up = claim.order.product.kind is GoodsKind.TOP_UP
    if is_top_up and fulfilment.recallable and fulfilment.use not in (UseState.ACTIVATED, UseState.PARTLY_USED):
        return ObligationKind.RECALL_TOP_UP
    return None


def recovered_first(policy: Policy, claim: Claim) -> tuple[ObligationKind, ...]:
    """What a whole refund rests on, whoever grants it, on a platform that takes goods back: unused and refunded, they
    could be used after all."""
    obligation = recovery(claim) if ApprovalClass.RECOVERABLE in policy.opted_in else None
    return () if obligation is None else (obligation,)


def _one_click(policy: Policy, given: DecideInput) -> Application:
    terms, claim = policy.classes.one_click, given.claim
    limit = policy.money(terms.amount_below_minor)
    facts = Facts(policy=policy, claim=claim, as_of=given.as_of, claimed_at=given.claimed_at, evidence=given.evidence)
    return Application(
        name=ApprovalClass.ONE_CLICK,
        fits=claim.order.amount_paid < limit
        and (not terms.goods or claim.order.product.kind in terms.goods)
        and no_trace_of_use(facts),
        text=Text(zh=f"一键退款：低于 {limit} 且无使用痕迹", en=f"One-click: below {limit} and no trace of use"),
        refusals=_risk_ceiling(given, terms.maximum_risk_permille),
    )


def no_trace_of_use(facts: Facts) -> bool:
    """The log says never viewed, or never delivered; a log that does not know is a no."""
    fulfilment = facts.claim.fulfilment
    if fulfilment.activated_at is not None or (fulfilment.units_used or 0) > 0:
        return False
    if fulfilment.use is UseState.NEVER_VIEWED:
        return True
    return fulfilment.use is UseState.UNKNOWN and undelivered(facts)


def _risk_ceiling(given: DecideInput, maximum_permille: int | None) -> tuple[Finding, ...]:
    probability = given.risk.probability if given.risk is not None else 1.0
    if maximum_permille is None or probability <= maximum_permille / 1000:
        return ()
    return (
        _refusal(
            "risk_above_ceiling",
            f"风险 {probability:.1%} 高于该类自动通过的上限 {maximum_permille / 1000:.1%}",
            f"Risk {probability:.1%} is above the ceiling {maximum_permille / 1000:.1%} of this class",
        ),
    )


def _risk(policy: Policy, given: DecideInput) -> Application:
    cap = policy.money(policy.classes.risk.amount_up_to_minor)
    threshold = threshold_at_work(given.certificate, given.threshold_limits) if given.certificate is not None else 0.0
    return Application(
        name=ApprovalClass.RISK,
        fits=exposure(given.claim) <= cap and _bears_out(given.claim),
        text=Text(
            zh=f"材料齐全、核对无误，风险不高于认证阈值 {threshold:.1%}",
            en=f"Materials complete, no check failed, risk within the certified threshold {threshold:.1%}",
        ),
        refusals=tuple(_risk_refusals(policy, given, cap)),
    )


def _bears_out(claim: Claim) -> bool:
    """A change of mind over goods that may have been seen rests on nothing a page could show."""
    return claim.reason is not ReasonCode.UNUSED_CHANGE_OF_MIND or claim.fulfilment.use is UseState.NEVER_VIEWED


def _risk_refusals(policy: Policy, given: DecideInput, cap: Money) -> list[Finding]:
    found = []
    if exposure(given.claim) > cap:
        found.append(_refusal("above_cap", f"金额超过自动通过上限 {cap}", f"Above the cap {cap} for approval by risk"))
    certificate, risk = given.certificate, given.risk
    if certificate is None:
        return [*found, _refusal("no_certificate", "没有认证阈值", "There is no certified threshold")]
    reasons = list(
        mismatches(
            certificate,
            given.serving,
            platform_id=given.platform_id,
            mode=given.mode,
            as_of=given.as_of,
            wrong_share_up_to_permille=policy.classes.risk.wrong_share_up_to_permille,
            entity_limit=entity_limit(policy),
        )
    )
    if given.serving.policy != policy.digest:
        reasons.append(Text(zh="当前规则与声明的规则不一致", en="the policy at work is not the one declared"))
    if risk is not None and risk.model != given.serving.model:
        reasons.append(Text(zh="评分来自另一个模型", en="the score comes from another model"))
    found += [
        _refusal("certificate_mismatch", f"证书不适用：{why.zh}", f"No valid certificate: {why.en}") for why in reasons
    ]
    probability = risk.probability if risk is not None else 1.0
    threshold = threshold_at_work(certificate, given.threshold_limits)
    if not probability <= threshold:
        tightened = threshold < certificate.threshold
        zh, en = ("收紧后的阈值", "tightened threshold") if tightened else ("认证阈值", "certified threshold")
        found.append(
            _refusal(
                "risk_above_threshold",
                f"风险 {probability:.1%} 高于{zh} {max(0.0, threshold):.1%}",
                f"Risk {probability:.1%} is above the {en} {max(0.0, threshold):.1%}",
            )
        )
    return found


def _refusal(code: str, zh: str, en: str) -> Finding:
    return Finding(code=code, effect=Effect.NEEDS_PERSON, text=Text(zh=zh, en=en))
