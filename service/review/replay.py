"""Run a stored decision again from what was stored, and name whatever differs."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.assessment import Assessment, Verdict
from service.domain.codec import canonical, to_data
from service.domain.errors import ConfigurationError, NotFound
from service.domain.evidence import Failed, FailedReason, ReadOutcome
from service.policy import load_policy, refund_lock
from service.review.assessing import Assessed, Assessor, PlatformContext
from service.store import ERASED, CaseRecord, KeptAssessment, Store, Tombstone

BUDGET_EXHAUSTED = "budget_exhausted"
# Two machines may round the last bits of a probability differently; a decision never hangs on them.
TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """``what`` names the stage and the item; values as JSON-ready data."""

    what: str
    stored: Any
    now: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayReport:
    """``same``: the verdict is. ``standing``: of the assessment that stands; False for one superseded since.

    ``erased``: what was seen then and is gone for good, with the reason it was taken away for.
    """

    case_id: str
    number: str
    assessment_id: str
    standing: bool
    decision_stored: str
    decision_now: str
    same: bool
    differences: tuple[Difference, ...]
    erased: tuple[str, ...] = ()


class Replay:
    """``assessor``: by the model's version; must read afresh: a kept reading would only prove that it was kept."""

    def __init__(self, store: Store, assessor: Callable[[str], Assessor]) -> None:
        self._store = store
        self._assessor = assessor

    async def case(self, reference: str, assessment_id: str | None = None) -> ReplayReport:
        """Replay one assessment of a case given by its id or number; without ``assessment_id`` the one that stands."""
        record = await self._store.find_case(reference)
        if record is None:
            raise NotFound(f"There is no case {reference!r}. Give its id or its number, e.g. R261120-7K3M9Q2XWA.")
        if record.assessment is None:
            raise NotFound(f"Case {record.case.number} has not been assessed yet.")
        kept = await self._store.casework.assessments(record.case.platform_id, record.case.id)
        chosen = _chosen(record, record.assessment.id, kept, assessment_id)
        stored = chosen.assessment
        platform = await self._platform(record.case.platform_id, stored)
        assessed = await self._assessor(stored.versions.get("model", "")).assess(
            replace(
                record.case,
                claim=chosen.claim,
                as_of=stored.as_of,
                under_review=stored.under_review,
                answered=stored.answered,
            ),
            platform,
            stored.assessed_at,
            last_resort="assessment_failed" in stored.faults,
            replayed=stored,
        )
        now = _comparable(stored, assessed)
        gone = await self._store.personal_data.tombstones(record.case.platform_id, [e.sha256 for e in stored.evidence])
        return ReplayReport(
            case_id=str(record.case.id),
            number=record.case.number,
            assessment_id=str(stored.id),
            standing=chosen.superseded_at is None,
            decision_stored=stored.verdict.decision.value,
            decision_now=now.verdict.decision.value,
            same=_verdict(stored.verdict) == _verdict(now.verdict),
            differences=tuple(_differences(stored, now)),
            erased=tuple(await self._erased(record.case.platform_id, chosen, gone)),
        )

    async def _erased(self, platform_id: str, chosen: KeptAssessment, gone: Mapping[str, Tombstone]) -> list[str]:
        """What was seen then and cannot be seen again, in words; differences follow from it."""
        erased = [
            f"evidence {sha256[:12]} ({stone.kind} page, {stone.why}, {stone.erased_at:%Y-%m-%d})"
            for sha256, stone in sorted(gone.items())
        ]
        if chosen.claim.account.id.startswith(ERASED):
            erased.append(f"the claimant, who is {chosen.claim.account.id} now: statement, recharged account, identity")
        others = await self._store.personal_data.erasures_since(platform_id, chosen.recorded_at)
        if others:
            erased.append(
                f"{others} accounts of the platform since: what they shared with this claim is not found again"
            )
        return erased

    async def _platform(self, platform_id: str, stored: Assessment) -> PlatformContext:
        record = await self._store.platform(platform_id)
        version = await self._store.policy_at(platform_id, stored.assessed_at)
        if record is None or version is None or stored.mode is None:
            raise ConfigurationError(
                "The policy this case was decided under is not stored any more; it cannot be replayed."
            )
        return PlatformContext(
            id=platform_id,
            zone=ZoneInfo(record.zone),
            currency=record.currency,
            mode=stored.mode,
            breaker_tripped=stored.breaker_tripped,
            threshold_limits=_limits(stored),
            policy=load_policy(version.text),
        )


def _limits(stored: Assessment) -> dict[str, float]:
    """The threshold it was held against, so that one tightened since has no say."""
    if stored.certificate is None or stored.threshold is None:
        return {}
    return {stored.certificate: stored.threshold}


def _chosen(
    record: CaseRecord, standing: uuid.UUID, kept: tuple[KeptAssessment, ...], wanted: str | None
) -> KeptAssessment:
    named = {str(one.assessment.id): one for one in kept}
    found = named.get((wanted or str(standing)).lower())
    if found is None:
        raise NotFound(
            f"Case {record.case.number} has no assessment {wanted!r}. Its assessments, oldest first: {', '.join(named)}"
        )
    return found


def _comparable(stored: Assessment, assessed: Assessed) -> Assessment:
    """What to hold the stored one against: the fallback where a budget was exhausted at the time."""
    codes = {reason.code for reason in stored.verdict.reasons}
    kept_back = codes & refund_lock.CODES
    if kept_back and assessed.assessment.verdict.grant is not None:
        return replace(assessed.fallback, verdict=refund_lock.instead(assessed.fallback.verdict, min(kept_back)))
    return assessed.fallback if BUDGET_EXHAUSTED in codes and assessed.reservations else assessed.assessment


def _verdict(verdict: Verdict) -> bytes:
    """A verdict without its contributions, whose last digits may differ between machines."""
    data = to_data(verdict)
    for reason in data["reasons"]:
        reason["contribution"] = None
    return canonical(data)


def _differences(stored: Assessment, now: Assessment) -> Iterator[Difference]:
    yield from _mapping("version", stored.versions, now.versions)
    yield from _evidence(stored, now)
    yield from _mapping(
        "check",
        {check.code.value: check.result.value for check in stored.checks},
        {check.code.value: check.result.value for check in now.checks},
    )
    yield from _mapping("history", stored.history, now.history)
    yield from _mapping("page on another order", _matches(stored), _matches(now))
    yield from _mapping("feature", stored.features, now.features)
    before = stored.risk.probability if stored.risk else None
    after = now.risk.probability if now.risk else None
    if not _equal(before, after):
        yield Difference(what="risk", stored=before, now=after)
    if stored.faults != now.faults:
        yield Difference(what="faults", stored=list(stored.faults), now=list(now.faults))
    if stored.verdict.decision is not now.verdict.decision:
        yield Difference(what="decision", stored=stored.verdict.decision.value, now=now.verdict.decision.value)
    if stored.verdict.grant != now.verdict.grant:
        yield Difference(what="grant", stored=_data(stored.verdict.grant), now=_data(now.verdict.grant))
    codes = [reason.code for reason in stored.verdict.reasons], [reason.code for reason in now.verdict.reasons]
    if codes[0] != codes[1]:
        yield Difference(what="reasons", stored=codes[0], now=codes[1])


def _matches(assessment: Assessment) -> dict[str, str]:
    return {f"{one.sha256[:12]} on {one.other_order}": f"{one.standing}, {one.kind}" for one in assessment.reuse}


def _evidence(stored: Assessment, now: Assessment) -> Iterator[Difference]:
    found = {item.sha256: item for item in now.evidence}
    for item in stored.evidence:
        other = found.get(item.sha256)
        if other is None:
            yield Difference(what=f"evidence {item.sha256[:12]}", stored="seen", now="not on the order any more")
            continue
        if _ended(item.outcome) != _ended(other.outcome):
            yield Difference(
                what=f"evidence {item.sha256[:12]}", stored=_ended(item.outcome), now=_ended(other.outcome)
            )
            continue
        before = {name.value: field.value for name, field in item.page.fields.items()} if item.page else {}
        after = {name.value: field.value for name, field in other.page.fields.items()} if other.page else {}
        yield from _mapping(f"evidence {item.sha256[:12]} field", before, after)


def _ended(outcome: ReadOutcome) -> str:
    """How reading ended, in one word: read, empty, erased (the file is gone), or why it failed."""
    if not isinstance(outcome, Failed):
        return outcome.status
    return "erased" if outcome.reason is FailedReason.MISSING_FILE else outcome.reason.value


def _mapping(kind: str, stored: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted({*stored, *now}):
        if not _equal(stored.get(name), now.get(name)):
            yield Difference(what=f"{kind} {name}", stored=stored.get(name), now=now.get(name))


def _equal(before: Any, after: Any) -> bool:
    if isinstance(before, float) and isinstance(after, float):
        both_missing = before != before and after != after
        return both_missing or abs(before - after) <= TOLERANCE * max(1.0, abs(before))
    return bool(before == after)


def _data(value: Any) -> Any:
    return None if value is None else to_data(value)
