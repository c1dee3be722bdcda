"""What a running process shows of itself: its metrics, and its traces where a collector is named."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator

import prometheus_client
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

import service
from service.api.delivery_metrics import DeliveryCollector
from service.api.metrics import Metrics
from service.api.model_metrics import ModelCollector
from service.api.operation_metrics import OperationCollector
from service.api.trail_metrics import TrailCollector
from service.domain.errors import ConfigurationError
from service.review import spans
from service.settings import Settings
from service.wiring import Deployment

_EXPORT_SECONDS = 5.0
_LAST_SECONDS = 2.0
"""What spans still unsent get when the process ends."""
_TOLD_EVERY = 60.0


def metrics_of(deployment: Deployment) -> Metrics:
    """All that can be scraped of a process."""
    metrics = Metrics()
    for collector in (
        OperationCollector(deployment.operations),
        ModelCollector(deployment.monitoring.models),
        TrailCollector(lambda: deployment.trail.seen),
        DeliveryCollector(lambda: deployment.telling.seen),
    ):
        metrics.registry.register(collector)
    return metrics


@contextlib.contextmanager
def metrics_served(settings: Settings, metrics: Metrics) -> Iterator[None]:
    """Serve them on the port of the settings, where one is given: for a process without the API.

    ConfigurationError where the port cannot be had.
    """
    if settings.metrics_port is None:
        yield
        return
    where = f"{settings.metrics_host}:{settings.metrics_port}"
    try:
        server, thread = prometheus_client.start_http_server(
            settings.metrics_port, settings.metrics_host, metrics.registry
        )
    except OSError as error:
        raise ConfigurationError(f"metrics cannot be served on {where}: {error.strerror or error}") from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def tracing(settings: Settings) -> Iterator[None]:
    """Send traces to the collector of the settings until the block ends; without one nothing is traced.

    A collector that does not answer costs nothing but its spans: they wait in a bounded queue of their own thread.
    """
    if settings.otlp_endpoint is None:
        yield
        return
    _quiet()
    exporter = OTLPSpanExporter(
        endpoint=_traces_url(settings.otlp_endpoint), timeout=_EXPORT_SECONDS, compression=Compression.Gzip
    )
    share = TraceIdRatioBased(settings.trace_share)
    provider = TracerProvider(
        # A caller may keep its trace out of ours, and not have more of it kept than we keep.
        sampler=ParentBased(share, remote_parent_sampled=share),
        # Not what the environment would add: host, process and command line are nobody's business.
        resource=Resource({"service.name": "prereview", "service.version": service.__version__}),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter))
    spans.trace_with(provider.get_tracer("prereview", service.__version__))
    try:
        yield
    finally:
        spans.trace_with(None)
        enough = threading.Timer(_LAST_SECONDS, exporter.shutdown)
        enough.start()
        provider.shutdown()
        enough.cancel()


def _traces_url(endpoint: str) -> str:
    if not endpoint.startswith(("http://", "https://")):
        raise ConfigurationError("PREREVIEW_OTLP_ENDPOINT must be the http(s) address of a collector")
    bare = endpoint.rstrip("/")
    return bare if bare.endswith("/v1/traces") else f"{bare}/v1/traces"


class _Seldom(logging.Filter):
    """A collector that is away is told of once a minute, not with every batch."""

    def __init__(self) -> None:
        super().__init__()
        self._last = -_TOLD_EVERY

    def filter(self, record: logging.LogRecord) -> bool:
        now = time.monotonic()
        if "already shutdown" in str(record.msg) or now - self._last < _TOLD_EVERY:
            return False
        self._last = now
        return True


def _quiet() -> None:
    for name in ("opentelemetry.exporter.otlp.proto.http.trace_exporter", "opentelemetry.sdk._shared_internal"):
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Seldom) for each in logger.filters):
            logger.addFilter(_Seldom())
