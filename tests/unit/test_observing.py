"""Traces towards a collector that is away, and what a span may tell."""

from __future__ import annotations

import logging
import socket
import time
import uuid
from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from service import observing
from service.api.metrics import Metrics
from service.domain.errors import ConfigurationError
from service.review import spans
from service.settings import Settings


@pytest.fixture
def told() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    spans.trace_with(provider.get_tracer("test"))
    yield exporter
    spans.trace_with(None)


@pytest.mark.parametrize("answers", [False, True], ids=["refuses", "hangs"])
def test_a_collector_that_is_away_costs_nothing_and_fails_nothing(
    answers: bool, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        if not answers:
            listener.close()
        with observing.tracing(Settings(otlp_endpoint=f"http://127.0.0.1:{port}")):
            begun = time.process_time()
            for _ in range(5_000):  # more than the queue holds
                with spans.span("assess", faults=0):
                    pass
            each = (time.process_time() - begun) / 5_000
            begun = time.monotonic()
        assert each < 0.001
        assert time.monotonic() - begun < 9, "the process must be able to end"
    assert sum(record.name.startswith("opentelemetry") for record in caplog.records) <= 4
    assert not spans.traced()


def test_without_a_collector_nothing_is_traced() -> None:
    with observing.tracing(Settings()), spans.span("assess") as one:
        assert not one.is_recording()
        assert not spans.traced()


@pytest.mark.parametrize("wrong", ["127.0.0.1:4318", "ftp://collector", "grpc://collector:4317"])
def test_a_wrong_address_is_said_at_start(wrong: str) -> None:
    with (
        pytest.raises(ConfigurationError, match="PREREVIEW_OTLP_ENDPOINT"),
        observing.tracing(Settings(otlp_endpoint=wrong)),
    ):
        pass


def test_an_error_leaves_its_type_and_not_its_words(told: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="13912345678"), spans.span("assess"):
        raise ValueError("13912345678 is no account")
    (span,) = told.get_finished_spans()
    assert span.attributes == {"error.type": "ValueError"}
    assert span.status.status_code is StatusCode.ERROR
    assert span.status.description is None
    assert not span.events


def test_what_is_not_listed_is_not_told(told: InMemorySpanExporter) -> None:
    """A request id is the caller's word, and some callers send an order's number."""
    case_id = uuid.uuid4()
    with spans.of_case("assess", case_id, account="u-48213", request_id="2026112022001485") as one:  # type: ignore[call-arg]
        spans.note(one, statement="private")  # type: ignore[call-arg]
    (span,) = told.get_finished_spans()
    assert span.attributes == {"prereview.case_id": str(case_id), "prereview.request_id": "202****85"}


def test_a_port_in_use_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings = Settings(metrics_port=taken.getsockname()[1])
        with (
            pytest.raises(ConfigurationError, match="metrics cannot be served"),
            observing.metrics_served(settings, Metrics()),
        ):
            logging.getLogger(__name__).error("unreachable")
