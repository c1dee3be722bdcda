"""The models at work as metrics, read when they are scraped. No label names a platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.review.monitoring import DriftFigures, ModelsAtWork


class ModelCollector(Collector):
    """``models``: what is at work now."""

    def __init__(self, models: Callable[[], ModelsAtWork]) -> None:
        self._models = models

    def collect(self) -> Iterator[Metric]:
        found = self._models()
        versions = {"champion": found.champion or "none", "shadow": found.shadow or "none"}
        yield InfoMetricFamily("prereview_models", "Versions at work in this process.", value=versions)
        yield GaugeMetricFamily(
            "prereview_model_refused",
            "1 where the version named champion cannot be used: an older one, or none, is at work.",
            value=float(found.refused),
        )
        if found.certificate_expires_at is not None:
            yield GaugeMetricFamily(
                "prereview_certificate_expires_timestamp_seconds",
                "When the champion's certificate ends; from then on risk approves nothing.",
                value=found.certificate_expires_at.timestamp(),
            )
        shadow = CounterMetricFamily(
            "prereview_shadow_claims", "Claims offered to the shadow model, by what became of them.", labels=["outcome"]
        )
        for outcome in ("scored", "dropped", "failed"):
            shadow.add_metric([outcome], float(getattr(found.shadow_counts, outcome)))
        yield shadow
        if found.drift is not None:
            yield from _drift(found.drift)


def _drift(found: DriftFigures) -> Iterator[Metric]:
    yield GaugeMetricFamily("prereview_drift_claims", "Newest claims drift was told from.", value=float(found.claims))
    psi = GaugeMetricFamily(
        "prereview_drift_psi",
        "Population stability against what the champion learned from: 0.1 watch, 0.25 act.",
        labels=["figure"],
    )
    for name, value in found.psi.items():
        psi.add_metric([name], value)
    yield psi
    levels = GaugeMetricFamily(
        "prereview_drift_features", "Features of the model, by how far they moved.", labels=["level"]
    )
    for level, count in found.features.items():
        levels.add_metric([level], float(count))
    yield levels
    if found.approved_share is not None:
        yield GaugeMetricFamily(
            "prereview_approved_share", "Share of those claims that were approved at once.", value=found.approved_share
        )
