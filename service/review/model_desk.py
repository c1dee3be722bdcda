"""The models of this deployment as a platform's data scientists look at them: versions, drift, shadow, labels."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from service.domain.certificate import Certificate
from service.domain.clock import Clock
from service.domain.errors import ConfigurationError
from service.features import FEATURE_HASH, FEATURE_NAMES
from service.review.remembered import Remembered
from service.scoring import Bundle, Champion, Shadow
from service.scoring.drift import DriftReport, Moved, drift, sample_of
from service.scoring.promotions import Change, Versions
from service.scoring.shadow_comparison import ShadowReport, compare_shadow
from service.store import Store
from service.store.labels_lately import LabelCount, LabelsLately

__all__ = [
    "BundleAtWork", "Change", "DriftReport", "LabelCount", "ModelDesk", "ModelsView", "Moved", "ShadowReport",
]  # fmt: skip

log = structlog.get_logger(__name__)

_DRIFT_WINDOW, _SHADOW_WINDOW, _LABEL_WINDOW = timedelta(days=7), timedelta(days=30), timedelta(days=14)
_NEWEST = 1_000
_SHADOW_CLAIMS = 5_000
_KEPT_SECONDS = 300.0
_CHANGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleAtWork:
    """A version in use. ``fits``: its features are this code's; ``card``: what its makers say of it, Markdown."""

    version: str
    origin: str
    feature_hash: str
    fits: bool
    certificate: Certificate | None
    first_day: str | None
    last_day: str | None
    card: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelsView:
    """``champion_problem``, ``shadow_problem``: why the version named is not the one in use; None where it is.
    ``changes``: the newest first. ``mlflow_url``: where runs are kept; empty where nobody has said."""

    champion: BundleAtWork | None
    champion_problem: str | None
    shadow: BundleAtWork | None
    shadow_problem: str | None
    code_features: str
    changes: tuple[Change, ...]
    mlflow_url: str


class ModelDesk:
    """One per process; what takes long to count is kept for five minutes."""

    def __init__(
        self, store: Store, champion: Champion, shadow: Shadow, versions: Versions, clock: Clock, mlflow_url: str
    ) -> None:
        self._store = store
        self._labels = LabelsLately(store.database)
        self._champion = champion
        self._shadow = shadow
        self._versions = versions
        self._clock = clock
        self._mlflow_url = mlflow_url
        self._remembered = Remembered()

    @property
    def now(self) -> datetime:
        return self._clock.now()

    async def models(self) -> ModelsView:
        champion, shadow = await asyncio.to_thread(lambda: (self._champion.current(), self._shadow.current()))
        return ModelsView(
            champion=_at_work(champion),
            champion_problem=self._champion.problem,
            shadow=_at_work(shadow),
            shadow_problem=self._shadow.problem,
            code_features=FEATURE_HASH,
            changes=await asyncio.to_thread(self._changes),
            mlflow_url=self._mlflow_url,
        )

    async def drift(self, platform_id: str) -> DriftReport | None:
        """The platform's newest thousand claims of seven days against what the champion learned from; None without
        claims or reference."""
        bundle = self._champion.current()
        if bundle is None or bundle.reference is None:
            return None
        key = ("drift", platform_id, bundle.version)
        return await self._remembered.get(key, _KEPT_SECONDS, lambda: self._drift(platform_id, bundle))

    async def shadow(self, platform_id: str) -> ShadowReport | None:
        """What the shadow makes of the platform's newest claims; None without a shadow or before it scored any."""
        shadow = self._shadow.current()
        if shadow is None:
            return None
        key = ("shadow", platform_id, shadow.version)
        return await self._remembered.get(key, _KEPT_SECONDS, lambda: self._compared(platform_id, shadow.version))

    async def labels(self, platform_id: str) -> tuple[LabelCount, ...]:
        """The labels of fourteen days, by source and day."""

        async def counted() -> tuple[LabelCount, ...]:
            now = self._clock.now()
            return await self._labels.counted(platform_id, now - _LABEL_WINDOW, now)

        return await self._remembered.get(("labels", platform_id), _KEPT_SECONDS / 5, counted)

    async def _drift(self, platform_id: str, bundle: Bundle) -> DriftReport | None:
        now = self._clock.now()
        lately = await self._store.learning.lately(
            platform_id, now - _DRIFT_WINDOW, now, features=FEATURE_NAMES, feature_hash=FEATURE_HASH, limit=_NEWEST
        )
        if not lately.rows or bundle.reference is None:
            return None
        sample = sample_of(lately.rows, lately.risks, lately.label_delay_days, lately.approved)
        threshold = bundle.certificate.threshold if bundle.certificate else None
        return await asyncio.to_thread(drift, bundle.reference, sample, threshold=threshold)

    async def _compared(self, platform_id: str, version: str) -> ShadowReport | None:
        now = self._clock.now()
        rows = await self._store.learning.judged_shadows(
            platform_id, now - _SHADOW_WINDOW, now, version, newest=_SHADOW_CLAIMS
        )
        return compare_shadow(rows) if rows else None

    def _changes(self) -> tuple[Change, ...]:
        try:
            return tuple(reversed(_newest(self._versions.record())))
        except ConfigurationError as error:
            log.error("the record of promotions cannot be read", detail=error.detail)
            return ()


def _newest(changes: Sequence[Change]) -> Sequence[Change]:
    return changes[-_CHANGES:]


def _at_work(bundle: Bundle | None) -> BundleAtWork | None:
    if bundle is None:
        return None
    reference = bundle.reference
    return BundleAtWork(
        version=bundle.version,
        origin=bundle.origin.value,
        feature_hash=bundle.feature_hash,
        fits=bundle.feature_hash == FEATURE_HASH,
        certificate=bundle.certificate,
        first_day=reference.first_day if reference else None,
        last_day=reference.last_day if reference else None,
        card=bundle.card,
    )
