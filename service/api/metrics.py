"""What the API counts. No label names a platform: one platform must not read another's volume."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Up to the request deadline; the fine steps are where a decision without files lies.
_SECONDS = (0.005, 0.01, 0.015, 0.025, 0.04, 0.06, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


class Metrics:
    """Collectors of one application, on a registry of its own or one that other rooms add theirs to."""

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        self.registry = registry if registry is not None else CollectorRegistry()
        self.requests = Counter(
            "prereview_http_requests",
            "Requests answered, by method, route template and status.",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "prereview_http_request_seconds",
            "Seconds from the request's first byte to the answer's last.",
            ["method", "route"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.in_progress = Gauge(
            "prereview_http_requests_in_progress", "Requests being answered.", registry=self.registry
        )
        self.refused = Counter(
            "prereview_requests_refused",
            "Requests refused before any work: their key had used up its requests, or the process was full.",
            ["why"],
            registry=self.registry,
        )
        for why in ("rate_limited", "overloaded"):
            self.refused.labels(why)
        self.answers = Counter(
            "prereview_answers",
            "Answers to pre-review requests, by kind and decision (pending: none yet).",
            ["kind", "decision"],
            registry=self.registry,
        )

    def exposition(self) -> bytes:
        """The text format Prometheus scrapes."""
        return generate_latest(self.registry)
