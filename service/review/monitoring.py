"""The models at work, for whoever watches them: versions, certificate, shadow, and drift looked at now and then."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.clock import Clock
from service.features import FEATURE_HASH, FEATURE_NAMES
from service.review.shadowing import ShadowCounts, Shadowing
from service.scoring import Champion, Shadow
from service.scoring.drift import Level, drift, sample_of
from service.store import Store

WINDOW = timedelta(days=7)
NEWEST = 1_000
"""Claims looked at: enough to tell a PSI of 0.1 from chance, and some 20 ms once an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFigures:
    """Over all platforms. ``psi``: of the score, the label delay and how pages are read; ``features``: how many are at
    each level."""

    claims: int
    psi: Mapping[str, float]
    features: Mapping[str, int]
    approved_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsAtWork:
    """``refused``: a version is named that cannot be used, so an older one, or none, is at work."""

    champion: str | None
    shadow: str | None
    refused: bool
    certificate_expires_at: datetime | None
    shadow_counts: ShadowCounts
    drift: DriftFigures | None


class Monitoring:
    """One per process; what it knows of drift is from its last look."""

    def __init__(self, store: Store, champion: Champion, shadow: Shadow, shadowing: Shadowing, clock: Clock) -> None:
        self._store = store
        self._champion = champion
        self._shadow = shadow
        self._shadowing = shadowing
        self._clock = clock
        self._drift: DriftFigures | None = None

    def models(self) -> ModelsAtWork:
        """What is at work now; reads nothing."""
        champion, shadow = self._champion.current(), self._shadow.current()
        certificate = champion.certificate if champion else None
        return ModelsAtWork(
            champion=champion.version if champion else None,
            shadow=shadow.version if shadow else None,
            refused=self._champion.problem is not None,
            certificate_expires_at=certificate.expires_at if certificate else None,
            shadow_counts=self._shadowing.counts,
            drift=self._drift,
        )

    async def look(self) -> DriftFigures | None:
        """Hold the newest claims against the champion's reference; None without reference or claims."""
        bundle = self._champion.current()
        self._drift = None
        if bundle is None or bundle.reference is None:
            return None
        now = self._clock.now()
        lately = await self._store.learning.lately(
            None, now - WINDOW, now, features=FEATURE_NAMES, feature_hash=FEATURE_HASH, limit=NEWEST
        )
        if not lately.rows:
            return None
        sample = sample_of(lately.rows, lately.risks, lately.label_delay_days, lately.approved)
        threshold = bundle.certificate.threshold if bundle.certificate else None
        report = await asyncio.to_thread(drift, bundle.reference, sample, threshold=threshold)
        shown = (report.score, *report.reading, *([report.label_delay] if report.label_delay else []))
        self._drift = DriftFigures(
            claims=report.claims,
            psi={one.name: one.psi for one in shown},
            features={level.value: report.count(level) for level in Level},
            approved_share=report.approved_share,
        )
        return self._drift
