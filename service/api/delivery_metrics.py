"""How far telling platforms lags, read when it is scraped. No label names a platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from service.review.delivering import DeliveryStanding

_GAUGES = (
    ("unplaced", "prereview_events_unplaced", "Events that have no place in the feed yet."),
    ("unplaced_seconds", "prereview_events_unplaced_age_seconds", "Age of the oldest event without a place."),
    ("due", "prereview_webhook_deliveries_due", "Deliveries that are due; counted up to 10,000."),
    (
        "overdue_seconds",
        "prereview_webhook_overdue_seconds",
        "How long the oldest due delivery to an endpoint in order has been waiting.",
    ),
    ("dead", "prereview_webhook_dead_letters", "Deliveries given up and not replayed."),
    ("failing", "prereview_webhook_endpoints_failing", "Endpoints whose last attempts all failed."),
    ("disabled", "prereview_webhook_endpoints_disabled", "Endpoints that are sent nothing."),
)


class DeliveryCollector(Collector):
    """``seen``: how it stood at the last look; None before that."""

    def __init__(self, seen: Callable[[], DeliveryStanding | None]) -> None:
        self._seen = seen

    def collect(self) -> Iterator[Metric]:
        found = self._seen()
        if found is not None:
            for field, name, text in _GAUGES:
                yield GaugeMetricFamily(name, text, value=float(getattr(found, field)))
