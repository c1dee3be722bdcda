"""Stored cases judged again under another policy: what would change. Reads only; nothing is decided anew.

The audit draw is left out on both sides; what is found still tells of it where a case was answered otherwise than by
the rules, so it is for operators and for keys with the internal scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from service import features, policy
from service.domain.assessment import Decision, PlatformMode, Risk, Verdict
from service.domain.certificate import Certificate, Origin, Serving
from service.domain.errors import InvalidPolicy, NotFound
from service.domain.policy_versions import PolicyRecord, in_force
from service.policy import DecideInput, Outcome, Policy
from service.review.policies import PolicyDesk, parsed
from service.scoring import Champion
from service.store import Store, TriedCase

PERSON, ASKED = "person", "asked_for_material"
# Its verdict is what budgets left of it; what the rules themselves said is judged again.
_BUDGET = "budget_exhausted"
_NO_CERTIFICATE = frozenset({"certificate_mismatch", "no_certificate"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What one policy makes of one case. ``rescored``: its caps moved the risk; ``outcome`` before budgets."""

    outcome: Outcome
    rescored: bool

    @property
    def verdict(self) -> Verdict:
        """What the rules say, before budgets."""
        return self.outcome.would_have_been or self.outcome.verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """One case under two policies. ``stored``: as it was answered; ``before``: the rules of then, judged again;
    ``after``: the other policy. ``version``: of the rules of then."""

    case: TriedCase
    version: str
    stored: Verdict
    before: Verdict
    after: Verdict
    notes: tuple[str, ...]

    @property
    def changed(self) -> tuple[str, ...]:
        """Names of what is different between before and after, in words of the answer."""
        return tuple(name for name, (one, other) in facts_of(self.before, self.after).items() if one != other)


def facts_of(before: Verdict, after: Verdict) -> dict[str, tuple[object, object]]:
    """What a decision comes to, side by side."""

    def facts(verdict: Verdict) -> dict[str, object]:
        grant = verdict.grant
        return {
            "decision": verdict.decision.value,
            "approval_class": verdict.approval_class,
            "amount": grant.amount.minor if grant else None,
            "fee": grant.fee.minor if grant else None,
            "route": grant.route.value if grant else None,
            "obligations": [each.value for each in grant.obligations] if grant else [],
            "recommendation": verdict.recommendation.value,
            "clauses": list(verdict.clauses),
            "missing": [each.code for each in verdict.buyer.missing],
            "lane": verdict.lane,
            "senior": verdict.senior,
            "second_review": verdict.second_review,
        }

    one, other = facts(before), facts(after)
    return {name: (one[name], other[name]) for name in one}


class PolicyTrials:
    def __init__(self, store: Store, desk: PolicyDesk, champion: Champion) -> None:
        self._store = store
        self._desk = desk
        self._champion = champion

    async def dry_run(self, platform_id: str, reference: str, text: str, *, certified: bool = False) -> DryRun:
        """A stored case under the policy written in ``text``; NotFound, InvalidPolicyText.

        ``certified``: as if the certificate held under the other policy too; else it holds only where the
        decision-relevant part is the same, as in service.
        """
        other = await self._desk.check(platform_id, text)
        case = await self._store.trial_cases.one(platform_id, reference)
        if case is None:
            raise NotFound(f"There is no assessed case {reference!r} on this platform. Give its id or its number.")
        bench = await self.bench(platform_id)
        ruling = bench.ruling(case)
        before = bench.before(case)
        after = bench.judge(other, case, certified=certified or _alike(bench.policy_of(case), other))
        return DryRun(
            case=case,
            version=ruling.version if ruling else "",
            stored=case.assessment.verdict,
            before=before.verdict,
            after=after.verdict,
            notes=tuple(_notes(bench.policy_of(case), other, certified=certified)),
        )

    async def bench(self, platform_id: str) -> Bench:
        """What is needed to judge any case of a platform again."""
        return Bench(await self._store.policy_life.listed(platform_id), self._champion)


class Bench:
    """Judges stored cases: the rules of their time, or others. ``records``: every version of the platform."""

    def __init__(self, records: Sequence[PolicyRecord], champion: Champion) -> None:
        self._records = records
        self._champion = champion

    def ruling(self, case: TriedCase) -> PolicyRecord | None:
        """The version in force when the case was assessed."""
        return in_force(self._records, case.assessment.assessed_at)

    def policy_of(self, case: TriedCase) -> Policy | None:
        """The policy of then; None where it is not stored, or is written in a form that is not read any more."""
        ruling = self.ruling(case)
        if ruling is None:
            return None
        try:
            return parsed(ruling.text)
        except InvalidPolicy:
            return None

    def before(self, case: TriedCase) -> Judged:
        """The rules of then, judged again; as it was stored where they cannot be."""
        then = self.policy_of(case)
        if then is None:
            stored = case.assessment.would_have_been or case.assessment.verdict
            return Judged(outcome=Outcome(verdict=stored, fallback=stored), rescored=False)
        return self.judge(then, case, certified=True)

    def judge(self, rules: Policy, case: TriedCase, *, certified: bool) -> Judged:
        """What ``rules`` make of what the case's first assessment saw."""
        seen, then = case.assessment, self.policy_of(case)
        risk, rescored = self._risk(rules, then, case)
        versions = seen.versions
        serving = Serving(
            model=versions.get("model", ""),
            features=versions.get("features", ""),
            policy=rules.digest,
            reader=versions.get("reader", ""),
        )
        given = DecideInput(
            claim=case.claim,
            as_of=seen.as_of,
            evidence=seen.evidence,
            checks=seen.checks,
            risk=risk,
            certificate=_certificate(rules, case, serving) if certified else None,
            serving=serving,
            mode=PlatformMode.LIVE,
            platform_id=case.claim.platform_id,
            bundle_healthy=bool(serving.model),
            faults=seen.faults,
            reused_orders=seen.reused_orders,
            breaker_tripped=seen.breaker_tripped,
            answered=seen.answered,
            claimed_at=case.accepted_at,
            under_review=seen.under_review,
            share_draw=0.0,
        )
        return Judged(outcome=policy.decide(rules, given), rescored=rescored)

    def _risk(self, rules: Policy, then: Policy | None, case: TriedCase) -> tuple[Risk | None, bool]:
        """The stored risk; scored anew where the policy's caps, which features measure amounts by, are others."""
        seen, stored = case.assessment, case.assessment.risk
        if stored is None or then is None or policy.feature_caps(rules) == policy.feature_caps(then):
            return stored, False
        bundle = self._champion.current()
        if bundle is None or bundle.version != stored.model:
            return stored, False
        limits = policy.feature_caps(rules)
        row = features.row(
            case.claim,
            as_of=seen.as_of,
            evidence=seen.evidence,
            checks=seen.checks,
            history=seen.history,
            caps=features.Caps(auto_amount=limits.auto_amount, one_click_amount=limits.one_click_amount),
            reused_orders=seen.reused_orders,
            reused_accounts=seen.reused_accounts,
        )
        return bundle.assess(row.values), True


def repeated(case: TriedCase, before: Judged) -> bool:
    """Whether the rules of then, judged again, say what was stored; what budgets turned away is no difference."""
    stored = case.assessment.would_have_been or case.assessment.verdict
    exhausted = any(reason.code == _BUDGET for reason in case.assessment.verdict.reasons)
    return exhausted or stored.decision is before.verdict.decision


def route_of(verdict: Verdict) -> str:
    """The class that approved, or who has it now."""
    if verdict.decision is Decision.AUTO_APPROVED:
        return str(verdict.approval_class)
    return ASKED if verdict.decision is Decision.MATERIALS_NEEDED else PERSON


def _certificate(rules: Policy, case: TriedCase, serving: Serving) -> Certificate | None:
    """The threshold of then as certified for these rules; None where there was none, or it did not hold."""
    seen = case.assessment
    said = {reason.code for verdict in (seen.verdict, seen.would_have_been) if verdict for reason in verdict.reasons}
    if seen.threshold is None or said & _NO_CERTIFICATE:
        return None
    alpha = rules.classes.risk.wrong_share_up_to_permille / 1000
    return Certificate(
        id=seen.certificate or "assumed",
        threshold=seen.threshold,
        alpha=alpha,
        delta=0.05,
        bound=alpha,
        labels=0,
        origin=Origin.LIVE,
        platforms=(case.claim.platform_id,),
        model=serving.model,
        features=serving.features,
        policy=serving.policy,
        reader=serving.reader,
        issued_at=seen.as_of,
        expires_at=seen.as_of + timedelta(days=1),
        data_hash="",
        code_version="",
    )


def _alike(then: Policy | None, other: Policy) -> bool:
    return then is not None and then.digest == other.digest


def _notes(then: Policy | None, other: Policy, *, certified: bool) -> list[str]:
    found = [RULES_ALONE]
    if then is None:
        found.append("The policy of then cannot be read any more; before is the answer as it was stored.")
    if not _alike(then, other) and other.classes.risk.opted_in:
        found.append(CERTIFIED if certified else VOID)
    return found


RULES_ALONE = "Both sides are what the rules say, before mode, share approved, budgets and the audit draw."
VOID = (
    "The other policy decides by other rules, so the certificate does not hold under it: until a new one is issued, "
    "risk approves nothing."
)
CERTIFIED = (
    "The threshold is taken as certified for the other policy; in service it is not until a certificate says so."
)
