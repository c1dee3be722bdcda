"""One assessment: evidence, checks, history, features, risk, decision. Whatever fails on the way ends with a person."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

import service
from service import evidence as extraction
from service import features, policy
from service.domain.assessment import Assessment, PlatformMode, Reservation, Risk, Text
from service.domain.cases import Case
from service.domain.certificate import Certificate, Serving
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.evidence import Evidence
from service.domain.identifiers import new_id
from service.domain.marks import ReadingLabel
from service.domain.reuse import ReuseFindings
from service.evidence.corrected import with_corrections
from service.policy import DecideInput, Policy, audit_draw, share_draw
from service.review.reading import EvidenceReading
from service.review.reuse import ReuseSearch
from service.review.shadowing import Asked
from service.review.stages import since, stage
from service.scoring import Champion
from service.store import Connection, NewEvidence, Store, marking

log = structlog.get_logger(__name__)

CLOCKS_APART = timedelta(minutes=5)
"""Clocks of two machines may differ by so much; a case that was accepted later than that had a clock put back."""
FACTS_HOLD = timedelta(hours=24)
"""After an outage longer than this, or a clock put forward, goods that could be taken back may have been used since."""
RECORD_HOLDS = timedelta(days=7)
"""So long, while a buyer or supplier was asked, the platform's record of the order is taken to be what it was. A buyer
who uses the goods, and then sends a file or opens a lapsed case again, must not be judged by an older one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformContext:
    """What a platform brings to a decision at one moment."""

    id: str
    zone: ZoneInfo
    currency: str
    mode: PlatformMode
    policy: Policy
    breaker_tripped: bool = False
    threshold_limits: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """The assessment to store, what it reserves, what is stored instead where a reservation fails, and what the policy
    was asked (None where nothing could be scored)."""

    assessment: Assessment
    fallback: Assessment
    reservations: tuple[Reservation, ...]
    asked: Asked | None = None


@dataclass(slots=True)
class _Findings:
    """Filled stage by stage; a stage that fails leaves its default and a fault."""

    evidence: tuple[Evidence, ...] = ()
    checks: tuple[CheckResult, ...] = ()
    history: Mapping[str, float | None] | None = None
    reuse: ReuseFindings | None = None
    row: features.FeatureRow | None = None
    risk: Risk | None = None
    certificate: Certificate | None = None
    healthy: bool = False
    model: str = ""
    faults: tuple[str, ...] = ()
    corrected: bool = False


class Assessor:
    """Runs the flow of one case up to the decision; stores nothing but readings and what pages are found again by."""

    def __init__(
        self, store: Store, reading: EvidenceReading, reuse: ReuseSearch, champion: Champion, audit_secret: bytes
    ) -> None:
        self._store = store
        self._reuse = reuse
        self._reading = reading
        self._champion = champion
        self._audit_secret = audit_secret

    @property
    def reader_version(self) -> str:
        return self._reading.reader_version

    async def assess(
        self,
        case: Case,
        platform: PlatformContext,
        now: datetime,
        *,
        last_resort: bool = False,
        replayed: Assessment | None = None,
    ) -> Assessed:
        """Assess ``case`` as known at its ``as_of``; ``replayed``: to see again what that assessment saw.

        ``last_resort``: earlier attempts did not come to an end; nothing is read or scored, a person decides.
        """
        findings, ms = _Findings(), dict[str, float]()
        start = time.perf_counter()
        if last_resort:
            findings.faults = ("assessment_failed",)
            findings.checks = _all_unknown()
        else:
            await self._look(case, platform, findings, ms, now, replayed)
            self._judge(case, platform, findings, ms)
        assessed = self._conclude(case, platform, findings, ms, now)
        ms["total"] = since(start)
        return replace(
            assessed, assessment=replace(assessed.assessment, ms=ms), fallback=replace(assessed.fallback, ms=ms)
        )

    def without_policy(self, case: Case, now: datetime) -> Assessed:
        """No policy of the platform can be read: a person decides, and nothing is looked at."""
        text = Text(zh="平台规则缺失或无法读取", en="The platform's policy is missing or cannot be read")
        assessment = Assessment(
            id=new_id(),
            case_id=case.id,
            as_of=case.as_of,
            assessed_at=now,
            verdict=policy.for_want_of_rules("fault.policy_unavailable", text),
            evidence=(),
            checks=_all_unknown(),
            features={},
            risk=None,
            threshold=None,
            certificate=None,
            faults=("policy_unavailable",),
            under_review=case.under_review,
            answered=case.answered,
            versions={"code": service.__version__},
        )
        return Assessed(assessment=assessment, fallback=assessment, reservations=())

    async def _look(
        self,
        case: Case,
        platform: PlatformContext,
        findings: _Findings,
        ms: dict[str, float],
        now: datetime,
        replayed: Assessment | None,
    ) -> None:
        """What was received and recorded, what the screenshots say, what the record says of it."""
        claim = case.claim
        findings.faults = (*findings.faults, *_faults_of_time(case, now))
        async with AsyncExitStack() as opened:
            with stage(ms, "files"):  # a pool without a free connection shows here
                connection = await opened.enter_async_context(self._store.reading())
                files = await self._files(case, findings, connection)
                corrections = await self._corrections(case, findings, connection) if files else ()
            with stage(ms, "history"):
                await self._past(case, findings, connection)
        with stage(ms, "reading"):
            try:
                local_day = case.as_of.astimezone(platform.zone).date()
                consented = bool(files) and await self._store.personal_data.consented(
                    platform.id, claim.order.order_number, by=case.as_of
                )
                read = await self._reading.of_order(platform.id, files, as_of=local_day, now=now, consented=consented)
                findings.evidence = with_corrections(read, corrections)
                findings.corrected = findings.evidence != tuple(read)
            except Exception as error:
                self._fault(case, findings, "reading_failed", error)
        with stage(ms, "reuse"):
            await self._search(case, platform, findings, now, replayed)
        with stage(ms, "checks"):
            try:
                findings.checks = extraction.verify(
                    claim, findings.evidence, zone=platform.zone, as_of=case.as_of, reuse=findings.reuse
                )
            except Exception as error:
                self._fault(case, findings, "checks_failed", error)
                findings.checks = _all_unknown()

    async def _files(self, case: Case, findings: _Findings, connection: Connection) -> tuple[NewEvidence, ...]:
        number = case.claim.order.order_number
        try:
            return await self._store.order_files(connection, case.platform_id, number, received_by=case.as_of)
        except Exception as error:
            self._fault(case, findings, "reading_failed", error)
            return ()

    async def _corrections(self, case: Case, findings: _Findings, connection: Connection) -> tuple[ReadingLabel, ...]:
        """What people put right on the order's pages: a claim made anew must not profit from a page misread."""
        try:
            return await marking.readings_of_order(
                connection, case.platform_id, case.claim.order.order_number, by=case.as_of
            )
        except Exception as error:
            self._fault(case, findings, "reading_failed", error)
            return ()

    async def _past(self, case: Case, findings: _Findings, connection: Connection) -> None:
        try:
            findings.history = await self._store.history(
                connection, case.claim, case.as_of, features.AGGREGATES, without_case=_own_past(case)
            )
        except Exception as error:
            self._fault(case, findings, "history_unavailable", error)

    async def _search(
        self,
        case: Case,
        platform: PlatformContext,
        findings: _Findings,
        now: datetime,
        replayed: Assessment | None,
    ) -> None:
        if not findings.evidence or (replayed is not None and replayed.reuse_seen_to is None):
            return
        seen_to = replayed.reuse_seen_to if replayed is not None else None
        try:
            findings.reuse = await self._reuse.of_claim(case, findings.evidence, platform.zone, now, seen_to=seen_to)
        except Exception as error:
            self._fault(case, findings, "reuse_search_failed", error)
            return
        if not findings.reuse.complete:
            findings.faults = (*findings.faults, "reuse_not_compared")

    def _judge(self, case: Case, platform: PlatformContext, findings: _Findings, ms: dict[str, float]) -> None:
        """The feature row and the model's risk."""
        reuse = findings.reuse or ReuseFindings()
        with stage(ms, "features"):
            try:
                if findings.history is not None:
                    findings.row = features.row(
                        case.claim,
                        as_of=case.accepted_at,  # ages are those of the claim, however often it is looked at
                        evidence=findings.evidence,
                        checks=findings.checks,
                        history=findings.history,
                        caps=_caps(platform.policy),
                        reused_orders=reuse.reused_orders,
                        reused_accounts=reuse.reused_accounts,
                    )
            except Exception as error:
                self._fault(case, findings, "features_failed", error)
        with stage(ms, "scoring"):
            try:
                bundle = self._champion.current()
                if bundle is not None:
                    findings.healthy, findings.model = True, bundle.version
                    findings.certificate = bundle.certificate
                    findings.risk = bundle.assess(findings.row.values) if findings.row is not None else None
            except Exception as error:
                findings.healthy, findings.risk = False, None
                self._fault(case, findings, "scoring_failed", error)

    def _conclude(
        self, case: Case, platform: PlatformContext, findings: _Findings, ms: dict[str, float], now: datetime
    ) -> Assessed:
        reuse = findings.reuse or ReuseFindings()
        probability, drawn = audit_draw(
            platform.policy, self._audit_secret, platform.id, case.claim.order.order_number, case.claim.amount_claimed
        )
        # What one reviewer says a page shows lets nothing through by itself: also not the same order's next claim.
        under_review = case.under_review or findings.corrected
        serving = Serving(
            model=findings.model,
            features=features.FEATURE_HASH,
            policy=platform.policy.digest,
            reader=self.reader_version,
        )
        given = DecideInput(
            claim=case.claim,
            as_of=case.as_of,
            evidence=findings.evidence,
            checks=findings.checks,
            risk=findings.risk,
            certificate=findings.certificate,
            serving=serving,
            mode=platform.mode,
            platform_id=platform.id,
            bundle_healthy=findings.healthy,
            audit_drawn=drawn,
            faults=findings.faults,
            reused_orders=reuse.reused_orders,
            breaker_tripped=platform.breaker_tripped,
            answered=case.answered,
            claimed_at=case.accepted_at,
            under_review=under_review,
            share_draw=share_draw(self._audit_secret, platform.id, case.claim.order.order_number),
            threshold_limits=platform.threshold_limits,
        )
        with stage(ms, "policy"):
            outcome = policy.decide(platform.policy, given)
        common = Assessment(
            id=new_id(),
            case_id=case.id,
            as_of=case.as_of,
            assessed_at=now,
            verdict=outcome.verdict,
            evidence=findings.evidence,
            checks=findings.checks,
            features=findings.row.as_mapping() if findings.row is not None else {},
            risk=findings.risk,
            threshold=policy.threshold_at_work(findings.certificate, platform.threshold_limits)
            if findings.certificate
            else None,
            certificate=findings.certificate.id if findings.certificate else None,
            would_have_been=outcome.would_have_been,
            history=findings.history or {},
            reused_orders=reuse.reused_orders,
            reused_accounts=reuse.reused_accounts,
            reuse=reuse.found,
            reuse_seen_to=reuse.seen_to,
            faults=findings.faults,
            mode=platform.mode,
            breaker_tripped=platform.breaker_tripped,
            under_review=under_review,
            answered=case.answered,
            audit_drawn=drawn,
            draw_probability=probability,
            audited_later=outcome.audited_later,
            held_back=outcome.held_back,
            versions=self._versions(platform, findings),
        )
        fallback = common
        if outcome.fallback is not None:
            fallback = replace(
                common,
                id=new_id(),
                verdict=outcome.fallback,
                would_have_been=outcome.verdict,
                audited_later=False,
            )
        asked = None
        if findings.row is not None:
            asked = Asked(row=findings.row.values, policy=platform.policy, given=given)
        return Assessed(assessment=common, fallback=fallback, reservations=outcome.reservations, asked=asked)

    def _versions(self, platform: PlatformContext, findings: _Findings) -> dict[str, str]:
        return {
            "code": service.__version__,
            "model": findings.model,
            "features": features.FEATURE_HASH,
            "policy": platform.policy.digest,
            "policy_text": platform.policy.fingerprint,
            "reader": self.reader_version,
        }

    def _fault(self, case: Case, findings: _Findings, fault: str, error: Exception) -> None:
        findings.faults = (*findings.faults, fault)
        log.error("assessment stage failed", fault=fault, case_id=str(case.id), error=repr(error), exc_info=error)


def _own_past(case: Case) -> uuid.UUID | None:
    """The case itself, where it is looked at again: its own request is no earlier one."""
    return case.id if case.as_of > case.accepted_at else None


def _faults_of_time(case: Case, now: datetime) -> tuple[str, ...]:
    if now < case.as_of - CLOCKS_APART:
        return ("clock_went_back",)
    told_at = max((case.accepted_at, *(each for each in case.corrected_at if each <= case.as_of)))
    old = now > case.as_of + FACTS_HOLD or case.as_of > told_at + RECORD_HOLDS
    return ("facts_too_old",) if old else ()


def _caps(rules: Policy) -> features.Caps:
    limits = policy.feature_caps(rules)
    return features.Caps(auto_amount=limits.auto_amount, one_click_amount=limits.one_click_amount)


def _all_unknown() -> tuple[CheckResult, ...]:
    return tuple(CheckResult(code=code, result=Result.UNKNOWN) for code in CheckCode)
