"""What would have changed the outcome: the decision made again, purely, with one finding taken away at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeAlias

from service.console.case_page.words import DECISIONS, RECOMMENDATIONS
from service.console.foreign_text import visible
from service.console.words import named
from service.domain.assessment import Assessment, Decision, Party, PlatformMode, Reason, Verdict
from service.domain.cases import Case
from service.domain.certificate import Certificate, Origin, Serving
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim
from service.domain.evidence import Failed
from service.domain.money import Money
from service.policy import ApprovalClass, DecideInput, Policy, decide
from service.policy.amounts import left_to_refund, refundable
from service.policy.parts import Handling

Tried: TypeAlias = tuple[Policy, DecideInput]
_Remove: TypeAlias = Callable[[Reason, Policy, DecideInput], Tried | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """``without``: the findings taken away, in words. ``changes``: the outcome is then another one."""

    codes: tuple[str, ...]
    without: tuple[str, ...]
    decision: Decision
    outcome: str
    amount: str | None
    changes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """``outcome``: of the rules on the case as it is. ``single``: each finding by itself; ``together``: all of them,
    where none does it alone. ``untried``: findings that cannot be thought away. ``assumed``: the certificate of the
    day is not at hand, so one that holds is taken for it. ``rules_changed``: the policy in force says otherwise than
    the one it was assessed under. ``set_aside``: the rules' answer was set aside for a person's own judgement, so it
    is not told here either."""

    outcome: str
    single: tuple[Change, ...] = ()
    together: Change | None = None
    untried: tuple[str, ...] = ()
    assumed: bool = False
    rules_changed: bool = False
    set_aside: bool = False


def what_if(
    case: Case, assessment: Assessment, policy: Policy, certificate: Certificate | None, language: str
) -> WhatIf | None:
    """None where the assessment does not say enough to decide again."""
    if assessment.mode is None:
        return None
    given = _given(case, assessment, policy, certificate)
    now = _ruled(policy, given)
    if now.decision is Decision.AUTO_APPROVED and assessment.verdict.decision is not Decision.AUTO_APPROVED:
        return WhatIf(outcome="", set_aside=True)
    found = [*_removable(now, policy, given)]
    single = tuple(_change((reason,), *tried, now, language) for reason, tried in found if tried is not None)
    tried = [reason for reason, each in found if each is not None]
    return WhatIf(
        outcome=_outcome(now, language),
        single=single,
        together=_together(tried, policy, given, now, language) if not any(one.changes for one in single) else None,
        untried=tuple(visible(reason.text.get(language)) for reason, each in found if each is None),
        assumed=assessment.certificate is not None and given.certificate is not certificate,
        rules_changed=now.decision is not (assessment.would_have_been or assessment.verdict).decision,
    )


def _given(case: Case, assessment: Assessment, policy: Policy, certificate: Certificate | None) -> DecideInput:
    versions = assessment.versions
    serving = Serving(
        model=versions.get("model", ""),
        features=versions.get("features", ""),
        policy=policy.digest,
        reader=versions.get("reader", ""),
    )
    return DecideInput(
        claim=case.claim,
        as_of=assessment.as_of,
        evidence=assessment.evidence,
        checks=assessment.checks,
        risk=assessment.risk,
        certificate=_certificate(assessment, policy, serving, certificate),
        serving=serving,
        mode=assessment.mode or PlatformMode.STOPPED,
        platform_id=case.platform_id,
        bundle_healthy=bool(serving.model) and "scoring_failed" not in assessment.faults,
        faults=assessment.faults,
        reused_orders=assessment.reused_orders,
        breaker_tripped=assessment.breaker_tripped,
        answered=assessment.answered,
        claimed_at=case.accepted_at,
        share_draw=0.0,
        threshold_limits=_limits(assessment),
    )


def _limits(assessment: Assessment) -> dict[str, float]:
    """The threshold the case was held against, which may have been tightened below the certified one."""
    if assessment.certificate is None or assessment.threshold is None:
        return {}
    return {assessment.certificate: assessment.threshold}


def _certificate(
    assessment: Assessment, policy: Policy, serving: Serving, certificate: Certificate | None
) -> Certificate | None:
    """The one of the day where it is at hand; else one of that name and threshold that holds, or that does not where
    the assessment says so."""
    if assessment.certificate is None or assessment.threshold is None:
        return None
    if certificate is not None and certificate.id == assessment.certificate:
        return certificate
    void = any(reason.code == "certificate_mismatch" for reason in assessment.verdict.reasons)
    return Certificate(
        id=assessment.certificate,
        threshold=assessment.threshold,
        alpha=0.0,
        delta=0.0,
        bound=0.0,
        labels=0,
        origin=Origin.SIMULATED if assessment.mode is PlatformMode.DEMO else Origin.OBSERVED,
        platforms=(policy.platform,),
        model=serving.model,
        features=serving.features,
        policy=serving.policy,
        reader=serving.reader,
        issued_at=assessment.as_of,
        expires_at=assessment.as_of + timedelta(days=-1 if void else 1),
        data_hash="",
        code_version="",
    )


def _ruled(policy: Policy, given: DecideInput) -> Verdict:
    """What the rules say, whether or not a person judges in their place."""
    outcome = decide(policy, given)
    return outcome.would_have_been or outcome.verdict


def _removable(verdict: Verdict, policy: Policy, given: DecideInput) -> Iterator[tuple[Reason, Tried | None]]:
    seen: set[str] = set()
    for reason in verdict.reasons:
        if reason.contribution is None and reason.code not in _ONLY_TELLS and (key := _key(reason)) not in seen:
            seen.add(key)
            yield reason, _without(reason, policy, given)


def _key(reason: Reason) -> str:
    return f"{reason.code} {reason.clause or ''}"


# Say something and stand in nobody's way.
_ONLY_TELLS = frozenset({"second_review", "mode_observing", "under_review", "no_class_applies", "budget_exhausted"})


def _together(reasons: list[Reason], policy: Policy, given: DecideInput, now: Verdict, language: str) -> Change | None:
    """What is left comes up only once the first findings are gone, so those are taken away in turn as well."""
    gone: list[Reason] = []
    pending = list(reasons)
    for _ in range(_ROUNDS):
        for reason in pending:
            tried = _without(reason, policy, given)
            if tried is not None:
                policy, given = tried
                gone.append(reason)
        verdict = _ruled(policy, given)
        done = {_key(reason) for reason in gone}
        pending = [reason for reason, tried in _removable(verdict, policy, given) if tried and _key(reason) not in done]
        if verdict.decision is Decision.AUTO_APPROVED or not pending:
            break
    if len(gone) < 2 or verdict.decision is now.decision:
        return None
    return _change(tuple(gone), policy, given, now, language)


_ROUNDS = 3


def _change(reasons: tuple[Reason, ...], policy: Policy, given: DecideInput, now: Verdict, language: str) -> Change:
    verdict = _ruled(policy, given)
    amount = verdict.grant.amount if verdict.grant is not None else None
    return Change(
        codes=tuple(reason.code for reason in reasons),
        without=tuple(visible(reason.text.get(language)) for reason in reasons),
        decision=verdict.decision,
        outcome=_outcome(verdict, language),
        amount=None if amount is None else str(amount),
        changes=(verdict.decision, verdict.recommendation) != (now.decision, now.recommendation),
    )


def _outcome(verdict: Verdict, language: str) -> str:
    if verdict.decision is Decision.MANUAL_REVIEW:
        advice = named(RECOMMENDATIONS, verdict.recommendation, language)
        return f"{named(DECISIONS, verdict.decision, language)} ({advice})"
    return named(DECISIONS, verdict.decision, language)


# --- taking a finding away --------------------------------------------------------------------------------------


def _without(reason: Reason, policy: Policy, given: DecideInput) -> Tried | None:
    """Policy and input as they would be if the finding were not there; None where nobody can say."""
    remove = _REMOVE.get(reason.code) or _REMOVE.get(reason.code.partition(".")[0])
    tried = remove(reason, policy, given) if remove is not None else None
    return None if tried is None else _still_certified(policy, *tried)


def _still_certified(before: Policy, policy: Policy, given: DecideInput) -> Tried:
    """A policy thought otherwise has another digest, which must not count as a certificate that ran out."""
    if policy is before:
        return policy, given
    certificate = given.certificate
    if certificate is not None and certificate.policy == before.digest:
        certificate = replace(certificate, policy=policy.digest)
    return policy, replace(given, certificate=certificate, serving=replace(given.serving, policy=policy.digest))


def _passed(checks: tuple[CheckResult, ...], *codes: str) -> tuple[CheckResult, ...]:
    return tuple(replace(check, result=Result.PASS) if check.code in codes else check for check in checks)


def _check_passed(reason: Reason, policy: Policy, given: DecideInput) -> Tried:
    return policy, replace(given, checks=_passed(given.checks, reason.code.partition(".")[2]))


def _no_fault(_: Reason, policy: Policy, given: DecideInput) -> Tried:
    return policy, replace(given, faults=())


def _readable(_: Reason, policy: Policy, given: DecideInput) -> Tried:
    kept = tuple(item for item in given.evidence if not isinstance(item.outcome, Failed))
    return policy, replace(given, evidence=kept, checks=_passed(given.checks, CheckCode.EVIDENCE_READABLE))


def _complete(_: Reason, policy: Policy, given: DecideInput) -> Tried:
    return policy, replace(given, checks=_passed(given.checks, CheckCode.EVIDENCE_COMPLETE))


def _original(_: Reason, policy: Policy, given: DecideInput) -> Tried:
    return policy, replace(given, reused_orders=0, checks=_passed(given.checks, CheckCode.EVIDENCE_ORIGINAL))


def _low_risk(_: Reason, policy: Policy, given: DecideInput) -> Tried | None:
    if given.risk is None:
        return None
    return policy, replace(given, risk=replace(given.risk, probability=0.0))


def _running(_: Reason, policy: Policy, given: DecideInput) -> Tried:
    mode = PlatformMode.LIVE if given.mode is PlatformMode.STOPPED else given.mode
    return policy, replace(given, mode=mode, breaker_tripped=False)


def _order(policy: Policy, given: DecideInput, **changes: bool) -> Tried:
    order = replace(given.claim.order, **changes)  # type: ignore[arg-type]
    return policy, replace(given, claim=replace(given.claim, order=order))


def _clause_gone(reason: Reason, policy: Policy, given: DecideInput) -> Tried:
    kept = tuple(clause for clause in policy.negative_list if clause.id != reason.clause)
    return policy.model_copy(update={"negative_list": kept}), given


def _automatic_reason(_: Reason, policy: Policy, given: DecideInput) -> Tried | None:
    rule = policy.reasons.get(given.claim.reason)
    if rule is None:
        return None
    opened = rule.model_copy(update={"handling": Handling.AUTOMATIC})
    return policy.model_copy(update={"reasons": {**policy.reasons, given.claim.reason: opened}}), given


def _claimed(policy: Policy, given: DecideInput, amount: Money) -> Tried:
    claim: Claim = replace(given.claim, amount_claimed=amount)
    return policy, replace(given, claim=claim)


def _only_due_claimed(_: Reason, policy: Policy, given: DecideInput) -> Tried | None:
    due = refundable(policy, given.claim, given.counted_at)
    return None if due is None or due.due.minor <= 0 else _claimed(policy, given, due.due)


def _only_left_claimed(_: Reason, policy: Policy, given: DecideInput) -> Tried | None:
    order = given.claim.order
    left = left_to_refund(order.amount_paid, order.amount_refunded)
    return None if left.minor <= 0 else _claimed(policy, given, left)


def _material_there(reason: Reason, policy: Policy, given: DecideInput) -> Tried | None:
    """As if nobody asked for it, which is what having it comes to."""
    code, rule = reason.code.partition(".")[2], policy.reasons.get(given.claim.reason)
    if rule is None:
        return None
    asked = rule.model_copy(update={"materials": tuple(each for each in rule.materials if each != code)})
    further = tuple(
        clause.model_copy(update={"materials": tuple(each for each in clause.materials if each != code)})
        for clause in policy.further_materials
    )
    update = {"reasons": {**policy.reasons, given.claim.reason: asked}, "further_materials": further}
    return policy.model_copy(update=update), given


def _answered(reason: Reason, policy: Policy, given: DecideInput) -> Tried:
    party = Party(reason.code.removeprefix("ask_"))
    return policy, replace(given, answered=(*given.answered, party))


def _class_closed(reason: Reason, policy: Policy, given: DecideInput) -> Tried:
    name = reason.code.removeprefix("class_")
    closed = getattr(policy.classes, name).model_copy(update={"opted_in": False})
    return policy.model_copy(update={"classes": policy.classes.model_copy(update={name: closed})}), given


_REMOVE: Mapping[str, _Remove] = {
    "check_failed": _check_passed,
    "fault": _no_fault,
    "evidence_unreadable": _readable,
    "evidence_incomplete": _complete,
    "evidence_reused": _original,
    "risk_above_threshold": _low_risk,
    "risk_above_ceiling": _low_risk,
    "mode_stopped": _running,
    "breaker_tripped": _running,
    "disputed": lambda _, policy, given: _order(policy, given, disputed=False),
    "cross_border": lambda _, policy, given: _order(policy, given, cross_border=False),
    "excluded": _clause_gone,
    "clause_for_person": _clause_gone,
    "reason_for_person": _automatic_reason,
    "only_part_is_due": _only_due_claimed,
    "claimed_exceeds_paid": _only_left_claimed,
    "material_missing": _material_there,
    **{f"ask_{party.value}": _answered for party in (Party.SELLER, Party.SUPPLIER)},
    **{f"class_{name.value}": _class_closed for name in ApprovalClass},
}
