"""The decision: pure, total, deterministic. Whatever goes wrong inside ends with a person.

``decide`` never rejects and moves no money: it approves, asks for material, or hands the case to a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from service.domain.assessment import (
    Decision,
    Grant,
    MissingMaterial,
    PlatformMode,
    Reason,
    Recommendation,
    Reservation,
    Risk,
    Text,
    Verdict,
)
from service.domain.claims import Claim
from service.policy.amounts import refundable
from service.policy.budgets import reservations
from service.policy.buyer import BARE, for_approval, for_materials, for_person
from service.policy.classes import Application, applications, exposure
from service.policy.clauses import Facts
from service.policy.confirmations import to_ask
from service.policy.findings import BLOCKING, KEEPS_FROM_ASKING, Effect, Finding
from service.policy.grants import grant_of, offered
from service.policy.inputs import DecideInput, Outcome
from service.policy.materials import further_clauses, missing_materials
from service.policy.obstacles import ABROAD, REASON_FOR_PERSON, obstacles, one_currency
from service.policy.parts import ApprovalClass, Handling
from service.policy.schema import Policy

CONTRIBUTIONS_SHOWN = 3


def decide(policy: Policy, given: DecideInput) -> Outcome:
    """The outcome for one claim. Raises nothing: an error inside is manual review with reason ``internal_error``."""
    try:
        return _decide(policy, given)
    except Exception as error:
        return _internal_error(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """Everything found out about the claim before anything is decided."""

    policy: Policy
    given: DecideInput
    findings: tuple[Finding, ...]
    applications: tuple[Application, ...]
    missing: tuple[MissingMaterial, ...]
    refundable: Grant | None

    @property
    def blocked(self) -> bool:
        return any(finding.effect in BLOCKING for finding in self.findings)

    @property
    def proof_first(self) -> bool:
        """A cross-border claim still lacks what the policy asks of such claims."""
        asked = {code for clause in further_clauses(self.policy, self.given.claim) for code in clause.materials}
        return self.given.claim.order.cross_border and any(each.code in asked for each in self.missing)

    @property
    def only_costless(self) -> bool:
        return any(finding.effect is Effect.NEEDS_PERSON_UNLESS_COSTLESS for finding in self.findings)

    @property
    def only_upload_free(self) -> bool:
        return any(finding.effect is Effect.NEEDS_PERSON_UNLESS_UPLOAD_FREE for finding in self.findings)


def _decide(policy: Policy, given: DecideInput) -> Outcome:
    case = _look(policy, given)
    ruled, application = _rule(case)
    if given.under_review:
        return _instead(case, ruled, _UNDER_REVIEW)
    if given.mode is PlatformMode.STOPPED:
        return Outcome(verdict=ruled, fallback=ruled)
    if given.mode is PlatformMode.OBSERVING:
        return _instead(case, ruled, _OBSERVING)
    if application is None:
        return Outcome(verdict=ruled, fallback=ruled)
    if not _within_share(policy, given):
        return replace(_instead(case, ruled, _HELD_BACK), held_back=True)
    drawn = given.audit_drawn and application.name in policy.audit.classes
    if drawn and exposure(given.claim) >= policy.money(policy.audit.approved_first_below_minor):
        return _instead(case, ruled, _DRAWN)
    return Outcome(
        verdict=ruled,
        fallback=_manual(case, [_EXHAUSTED], Recommendation.APPROVE),
        reservations=_reserved(case, ruled, application.name),
        audited_later=drawn,
    )


def _within_share(policy: Policy, given: DecideInput) -> bool:
    share = policy.rollout.approved_permille / 1000
    return share >= 1.0 or (given.share_draw is not None and given.share_draw < share)


def _look(policy: Policy, given: DecideInput) -> _Case:
    in_policy_currency = one_currency(policy, given.claim)
    amount = refundable(policy, given.claim, given.counted_at) if in_policy_currency else None
    facts = Facts(
        policy=policy, claim=given.claim, as_of=given.as_of, claimed_at=given.claimed_at, evidence=given.evidence
    )
    return _Case(
        policy=policy,
        given=given,
        findings=obstacles(policy, given, amount),
        applications=applications(policy, given) if in_policy_currency else (),
        missing=missing_materials(facts),
        refundable=grant_of(policy, given.claim, amount) if amount is not None else None,
    )


def _rule(case: _Case) -> tuple[Verdict, Application | None]:
    """What the rules say, before mode and audit draw have their word; the class that approved, if one did."""
    if not case.blocked:
        for application in case.applications:
            if application.approves and _allowed(case, application):
                return _approved(case, application), application
    if case.missing and _may_ask(case):
        return _asking(case), None
    return _manual(case, _refusals(case), _recommendation(case)), None


def _allowed(case: _Case, application: Application) -> bool:
    if case.only_costless and application.name is not ApprovalClass.RECOVERABLE:
        return False
    return not (application.needs_materials and (case.missing or case.only_upload_free))


def _may_ask(case: _Case) -> bool:
    """Not where a person is needed anyway, save for reasons that are put to a person only with the materials, and for
    orders from abroad that lack their proof; never for the classes whose point is that nothing need be uploaded, even
    if something else refused them."""
    blocking = [finding for finding in case.findings if finding.effect in KEEPS_FROM_ASKING]
    rule = case.policy.reasons.get(case.given.claim.reason)
    first = rule is not None and rule.handling is Handling.PERSON_AFTER_MATERIALS
    if first or case.proof_first:
        put_off = {REASON_FOR_PERSON} | (ABROAD if case.proof_first else set())
        return all(finding.code in put_off for finding in blocking)
    return not blocking and not case.only_costless and not any(_upload_free(each) for each in case.applications)


def _upload_free(application: Application) -> bool:
    return application.fits and not application.needs_materials


def _approved(case: _Case, application: Application) -> Verdict:
    assert case.refundable is not None  # an unknown amount is an obstacle
    grant = replace(case.refundable, obligations=application.obligations)
    return _verdict(
        case,
        [application.finding],
        decision=Decision.AUTO_APPROVED,
        recommendation=Recommendation.APPROVE,
        grant=grant,
        approval_class=application.name.value,
    )


def _asking(case: _Case) -> Verdict:
    unusable = (each for each in case.findings if each.effect is Effect.NEEDS_PERSON_UNLESS_SENT_AGAIN)
    return _verdict(
        case,
        [*_missing(case), *unusable],
        decision=Decision.MATERIALS_NEEDED,
        recommendation=Recommendation.ASK_FOR_MATERIALS,
    )


def _missing(case: _Case) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            code=f"material_missing.{each.code}",
            effect=Effect.NEEDS_MATERIAL,
            text=Text(zh=f"缺少材料：{each.text.zh}", en=f"Missing: {each.text.en}"),
            clause=f"materials.{each.code}",
        )
        for each in case.missing
    )


def _manual(case: _Case, further: Sequence[Finding], recommendation: Recommendation) -> Verdict:
    policy, given, second = case.policy, case.given, _second_review(case)
    verdict = _verdict(
        case,
        [*case.findings, *further, *second],
        decision=Decision.MANUAL_REVIEW,
        recommendation=recommendation,
    )
    return replace(
        verdict,
        offer=_offer(case),
        ask=tuple(clause.ask for clause in to_ask(policy, given)),
        senior=_senior(policy, given.claim),
        second_review=bool(second),
    )


def _offer(case: _Case) -> Grant | None:
    if not one_currency(case.policy, case.given.claim):
        return None
    met = {finding.clause for finding in case.findings if finding.clause is not None}
    return offered(case.policy, case.given.claim, case.given.counted_at, met)


def _senior(policy: Policy, claim: Claim) -> bool:
    rule, floor = policy.senior_review, policy.senior_review.amount_from_minor
    return (
        (rule.cross_border and claim.order.cross_border)
        or (rule.disputed and claim.order.disputed)
        or claim.reason in rule.reasons
        or (floor is not None and _reaches(policy, claim, floor))
    )


def _reaches(policy: Policy, claim: Claim, minor: int) -> bool:
    return claim.amount_claimed.currency == policy.currency and claim.amount_claimed.minor >= minor


def _verdict(
    case: _Case,
    findings: Sequence[Finding],
    *,
    decision: Decision,
    recommendation: Recommendation,
    grant: Grant | None = None,
    approval_class: str | None = None,
) -> Verdict:
    policy, claim = case.policy, case.given.claim
    if grant is not None:
        buyer = for_approval(policy, claim, grant)
    elif decision is Decision.MATERIALS_NEEDED:
        buyer = for_materials(policy, case.missing)
    else:
        buyer = for_person(policy, claim, case.given.evidence, case.findings)
    return Verdict(
        decision=decision,
        recommendation=recommendation,
        reasons=(*(finding.reason for finding in findings), *_contributions(case.given.risk)),
        buyer=buyer,
        grant=grant,
        refundable=case.refundable,
        approval_class=approval_class,
        lane=_lane(case),
        clauses=_clauses(findings),
    )


def _clauses(findings: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.clause for finding in findings if finding.clause is not None))


def _contributions(risk: Risk | None) -> tuple[Reason, ...]:
    """The features that raised the risk most, as reasons."""
    if risk is None:
        return ()
    raising = sorted((each for each in risk.contributions if each.log_odds > 0), key=lambda each: -each.log_odds)
    return tuple(
        Reason(code=f"risk.{each.feature}", text=each.text, contribution=each.log_odds)
        for each in raising[:CONTRIBUTIONS_SHOWN]
    )


def _refusals(case: _Case) -> tuple[Finding, ...]:
    """Why no class approved, where nothing else says it."""
    if case.blocked or case.only_costless or case.only_upload_free:
        return ()
    fitting = [each for each in case.applications if each.fits or each.name is ApprovalClass.RISK]
    found = tuple(dict.fromkeys(refusal for each in fitting for refusal in each.refusals))
    return found or (_NO_CLASS,)


def _recommendation(case: _Case) -> Recommendation:
    blocking = [finding for finding in case.findings if finding.effect in BLOCKING]
    if any(finding.effect is Effect.EXCLUDES for finding in blocking):
        return Recommendation.REJECT
    if [finding.code for finding in blocking] == ["only_part_is_due"]:
        return Recommendation.APPROVE_PARTIALLY
    return Recommendation.REVIEW


def _lane(case: _Case) -> str:
    lanes, claim = case.policy.lanes, case.given.claim
    if _reaches(case.policy, claim, lanes.large_amount_from_minor):
        return "large_amount"
    return "elderly" if lanes.elderly_first and claim.account.elderly else "standard"


def _second_review(case: _Case) -> tuple[Finding, ...]:
    rule, claim = case.policy.second_review, case.given.claim
    large = _reaches(case.policy, claim, rule.amount_from_minor)
    return (_SECOND_REVIEW,) if large or claim.reason in rule.reasons else ()


def _instead(case: _Case, ruled: Verdict, why: Finding) -> Outcome:
    """A person decides in place of the rules; what they said is kept. The recommendation does not give away an
    approval that was set aside, so that the person's judgement stays his or her own."""
    told: tuple[Finding, ...] = ()
    recommendation = ruled.recommendation
    if ruled.decision is Decision.AUTO_APPROVED:
        recommendation = Recommendation.REVIEW
    elif ruled.decision is Decision.MATERIALS_NEEDED:
        told = _missing(case)
    else:
        told = _refusals(case)
    verdict = _manual(case, [*told, why], recommendation)
    return Outcome(verdict=verdict, fallback=verdict, would_have_been=ruled)


def _reserved(case: _Case, ruled: Verdict, name: ApprovalClass) -> tuple[Reservation, ...]:
    assert ruled.grant is not None
    return reservations(case.policy, case.given.claim, ruled.grant.amount, name)


def _internal_error(error: Exception) -> Outcome:
    # The message of an error may hold personal data; its class does not.
    name = type(error).__name__
    verdict = for_want_of_rules("internal_error", Text(zh=f"规则判断时出错（{name}）", en=f"The rules failed ({name})"))
    return Outcome(verdict=verdict, fallback=verdict)


def for_want_of_rules(code: str, text: Text) -> Verdict:
    """A person decides, because there are no rules to ask."""
    return Verdict(
        decision=Decision.MANUAL_REVIEW,
        recommendation=Recommendation.REVIEW,
        reasons=(Reason(code=code, text=text),),
        buyer=BARE,
    )


def _tells(code: str, zh: str, en: str) -> Finding:
    return Finding(code=code, effect=Effect.TELLS, text=Text(zh=zh, en=en))


_OBSERVING = _tells(
    "mode_observing", "平台处于观察期，一律人工处理", "The platform is observing: everything to a person"
)
_UNDER_REVIEW = _tells("under_review", "审核员已在处理，由人工决定", "A reviewer has the case: a person decides")
_DRAWN = _tells("audit_draw", "抽中审计样本，由人工判断", "Drawn for the audit sample: a person judges")
_HELD_BACK = _tells(
    "outside_rollout",
    "目前只有一部分申请自动通过，本单不在其中",
    "Only a share of claims is approved automatically yet, and this one is not in it",
)
_EXHAUSTED = _tells("budget_exhausted", "自动通过的额度已用完", "A budget for automatic approval is used up")
_NO_CLASS = _tells("no_class_applies", "不属于任何自动通过的类别", "No class of automatic approval applies")
_SECOND_REVIEW = _tells("second_review", "须由第二位审核员复核", "A second reviewer must agree")
