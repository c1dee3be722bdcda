"""Traces of the work, by the OpenTelemetry API; without a tracer a span costs next to nothing.

A span says what was done, of which case, and how it ended. What a claim, a text or a file says is in none: the facts a
span may have are listed here, and an error leaves only its type, for its words quote values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TypedDict, Unpack
from uuid import UUID

import structlog
from opentelemetry.context import Context
from opentelemetry.trace import INVALID_SPAN, Span, SpanKind, Status, StatusCode, Tracer
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from service.domain.masking import mask_text

_PROPAGATOR = TraceContextTextMapPropagator()


class Facts(TypedDict, total=False):
    """All that a span may tell. Strings are words of our own, but for ``request_id``, which is masked."""

    method: str
    route: str
    status: int
    request_id: str
    case_id: UUID
    webhook_id: UUID
    event_id: UUID
    outcome: str
    decision: str
    approval_class: str
    files: int
    faults: int
    attempt: int
    delivered: bool


_NAMES = {
    "method": "http.request.method",
    "route": "http.route",
    "status": "http.response.status_code",
}


class _Traced:
    """The tracer of this process: its own and not OpenTelemetry's global one, so that no library traces beside us."""

    tracer: Tracer | None = None


def trace_with(tracer: Tracer | None) -> None:
    """Trace from now on with ``tracer``; None: not at all."""
    _Traced.tracer = tracer


def traced() -> bool:
    return _Traced.tracer is not None


def caller_context(traceparent: str) -> Context | None:
    """Where the caller's trace goes on. Of W3C trace context only ``traceparent``: the rest is the caller's words."""
    return _PROPAGATOR.extract({"traceparent": traceparent}) if traceparent else None


@contextmanager
def span(
    name: str,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: Context | None = None,
    **facts: Unpack[Facts],
) -> Iterator[Span]:
    """A span around the block, within the one around it."""
    tracer = _Traced.tracer
    if tracer is None:
        yield INVALID_SPAN
        return
    with tracer.start_as_current_span(
        name, context=parent, kind=kind, record_exception=False, set_status_on_exception=False
    ) as one:
        _set(one, facts)
        try:
            yield one
        except BaseException as error:
            one.set_attribute("error.type", type(error).__qualname__)
            one.set_status(Status(StatusCode.ERROR))
            raise


@contextmanager
def of_case(name: str, case_id: UUID, /, **facts: Unpack[Facts]) -> Iterator[Span]:
    """A span about a case; every line logged inside carries the case's id."""
    with structlog.contextvars.bound_contextvars(case_id=str(case_id)), span(name, **facts) as one:
        note(one, case_id=case_id)
        yield one


def note(one: Span, **facts: Unpack[Facts]) -> None:
    """Facts known only later."""
    if one.is_recording():
        _set(one, facts)


def failed(one: Span, error_type: str) -> None:
    """It ended without an exception, and badly."""
    if one.is_recording():
        one.set_attribute("error.type", error_type)
        one.set_status(Status(StatusCode.ERROR))


def _set(one: Span, facts: Mapping[str, object]) -> None:
    for fact in facts.keys() & Facts.__annotations__.keys():
        value = facts[fact]
        name = _NAMES.get(fact, f"prereview.{fact}")
        text = mask_text(str(value)) if fact == "request_id" else str(value)
        one.set_attribute(name, value if isinstance(value, (bool, int)) else text)
