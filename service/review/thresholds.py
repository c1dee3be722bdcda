"""The threshold workbench: what another threshold, or another level of risk, would have done with past claims."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service import policy
from service.domain.assessment import PlatformMode
from service.domain.certificate import Certificate, Origin
from service.domain.clock import Clock
from service.domain.errors import NotFound
from service.domain.risk_figures import ScoredClaim
from service.policy import ApprovalClass, Policy
from service.policy.adjudication import settle
from service.policy.breaker import audit_weight
from service.policy.tradeoff import Effect, Past, PastClaim, Standing, curve, effect, largest_within
from service.review.remembered import Remembered
from service.scoring import Champion
from service.store import Store
from service.store.risk_figures import CLAIMS, RiskFigures

__all__ = ["CLAIMS", "ThresholdWorkbench", "Workbench"]

_DAY_SECONDS = 24 * 3600.0
_HISTORIES = 16  # of 5,000 claims each, some 2 MB
BEYOND = 2.0
"""So many times the certified threshold is looked at: what loosening would let through, to see what a new certificate
would be about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _History:
    """Worked out once a day. ``left_out``: claims scored by another model, under another certificate, or in another
    currency."""

    past: Past
    left_out: int
    effects: tuple[Effect, ...]
    counted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """``certificate`` None: there is no threshold to move, and everything else is empty. ``at_work``, ``chosen``: the
    present threshold and the one that is looked at; ``chosen`` None: no threshold keeps the loss within ``alpha``.
    ``effects``: the curve, thresholds rising, up to BEYOND times the certified one. ``confidence``: of each interval,
    two-sided, so that its upper end alone has the certificate's."""

    currency: str
    simulated: bool
    certificate: Certificate | None
    at_work: Effect | None
    chosen: Effect | None
    alpha: float | None
    effects: tuple[Effect, ...]
    confidence: float
    left_out: int
    counted_at: datetime | None
    days: float
    highest: float

    @property
    def tighter(self) -> bool:
        """Whether what is looked at may be proposed."""
        return self.chosen is not None and self.at_work is not None and self.chosen.threshold < self.at_work.threshold


class ThresholdWorkbench:
    """One per process; history is looked at once a day for each platform, model and certificate."""

    def __init__(self, store: Store, champion: Champion, clock: Clock) -> None:
        self._store = store
        self._figures = RiskFigures(store.database)
        self._champion = champion
        self._clock = clock
        self._remembered = Remembered(most=_HISTORIES)

    async def look(self, platform_id: str, *, threshold: float | None = None, alpha: float | None = None) -> Workbench:
        """What ``threshold`` would have done; else the largest one within ``alpha``; else the one at work.

        Numbers that are none are taken for none. NotFound for a platform that is not set up.
        """
        now = self._clock.now()
        found = await self._store.platform_in_force(platform_id, now)
        if found is None:
            raise NotFound(f"Platform {platform_id!r} is not set up. Add it with: prereview platforms add")
        platform, rules = found[0], policy.load_policy(found[1].text)
        bundle = self._champion.current()
        certificate = bundle.certificate if bundle is not None else None
        if certificate is None:
            return _nothing(rules, platform.mode)
        day = now.astimezone(ZoneInfo(platform.zone)).date()
        history = await self._remembered.get(
            (platform_id, day, certificate.id), _DAY_SECONDS, lambda: self._history(platform_id, rules, certificate)
        )
        highest, confidence = _highest(certificate), _confidence(certificate)
        present = policy.threshold_at_work(certificate, platform.threshold_limits)
        chosen: float | None = present
        if threshold is not None and math.isfinite(threshold):
            chosen = round(min(max(threshold, 0.0), highest), 6)
        elif alpha is not None and math.isfinite(alpha):
            within = largest_within(history.past, alpha, up_to=present, confidence=confidence)
            chosen = _down(within.threshold) if within is not None else None
        return Workbench(
            currency=rules.currency,
            simulated=certificate.origin is Origin.SIMULATED or platform.mode is PlatformMode.DEMO,
            certificate=certificate,
            at_work=effect(history.past, present, confidence=confidence),
            chosen=effect(history.past, chosen, confidence=confidence) if chosen is not None else None,
            alpha=alpha if threshold is None else None,
            effects=history.effects,
            confidence=confidence,
            left_out=history.left_out,
            counted_at=history.counted_at,
            days=history.past.days,
            highest=highest,
        )

    async def _history(self, platform_id: str, rules: Policy, certificate: Certificate) -> _History:
        now = self._clock.now()
        claims = await self._figures.scored(platform_id, now)
        past = Past(tuple(past_claims(claims, rules, certificate, now)), audited_up_to=certificate.threshold)
        effects = await asyncio.to_thread(curve, past, up_to=_highest(certificate), confidence=_confidence(certificate))
        return _History(past=past, left_out=len(claims) - len(past.claims), effects=effects, counted_at=now)


def past_claims(
    claims: Iterable[ScoredClaim], rules: Policy, certificate: Certificate, now: datetime
) -> Iterable[PastClaim]:
    """Those of this model, certificate and currency; what the audit found of them is as known ``now``."""
    within = timedelta(days=rules.audit.settled_within_days)
    for claim in claims:
        if claim.model != certificate.model or claim.certificate != certificate.id or claim.currency != rules.currency:
            continue
        standing = standing_of(claim)
        settled = None
        if claim.sampled is not None and standing is Standing.BY_RISK:
            settled = settle(claim.sampled, within=within, now=now)
        yield PastClaim(
            case_id=claim.case_id,
            accepted_at=claim.accepted_at,
            standing=standing,
            risk=claim.risk,
            amount_minor=claim.amount_minor,
            drawn=claim.sampled is not None,
            loss_share=settled.loss_share if settled is not None else None,
            weight=audit_weight(
                claim.amount_minor, rules.audit.certain_from_minor, rules.classes.risk.amount_up_to_minor
            ),
        )


def standing_of(claim: ScoredClaim) -> Standing:
    """What the rule said of it then, from the reasons it gave."""
    if claim.approval_class is not None:
        by_risk = claim.approval_class == ApprovalClass.RISK.value
        return (Standing.BY_RISK if claim.risk is not None else Standing.PERSON) if by_risk else Standing.OTHERWISE
    # What raised the risk is told beside the reasons, and keeps nothing back by itself.
    kept_back = {code for code in claim.codes if not code.startswith("risk.")}
    above = kept_back == {"risk_above_threshold"} and claim.risk is not None
    return Standing.ABOVE if above else Standing.PERSON


def _highest(certificate: Certificate) -> float:
    return min(1.0, BEYOND * certificate.threshold)


def _confidence(certificate: Certificate) -> float:
    return max(0.5, 1.0 - 2.0 * certificate.delta)


def _down(threshold: float) -> float:
    """To the millionth, never up."""
    return math.floor(threshold * 1e6) / 1e6


def _nothing(rules: Policy, mode: PlatformMode) -> Workbench:
    return Workbench(
        currency=rules.currency,
        simulated=mode is PlatformMode.DEMO,
        certificate=None,
        at_work=None,
        chosen=None,
        alpha=None,
        effects=(),
        confidence=0.0,
        left_out=0,
        counted_at=None,
        days=0.0,
        highest=0.0,
    )
