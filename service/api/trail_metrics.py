"""How far the audit trail lags, read when it is scraped. No label names a platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.review.trail import TrailStanding


class TrailCollector(Collector):
    """``seen``: how the trail stood when it was last looked at; None before that."""

    def __init__(self, seen: Callable[[], TrailStanding | None]) -> None:
        self._seen = seen

    def collect(self) -> Iterator[Metric]:
        found = self._seen()
        if found is None:
            return
        yield GaugeMetricFamily(
            "prereview_audit_unchained_entries", "Audit entries without a place in the chain.", value=found.unchained
        )
        yield GaugeMetricFamily(
            "prereview_audit_unchained_age_seconds",
            "Age of the oldest audit entry that is not chained.",
            value=found.oldest_unchained_seconds,
        )
        yield GaugeMetricFamily(
            "prereview_audit_unkept_age_seconds",
            "Age of the oldest checkpoint that is not kept outside the database.",
            value=found.oldest_unkept_seconds,
        )
        yield GaugeMetricFamily(
            "prereview_audit_overdue",
            "1 where one of them is older than meant, or chaining fails.",
            value=float(found.overdue or found.problem is not None),
        )
