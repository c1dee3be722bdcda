"""The stages of an assessment: how long each took is stored with it, and told in traces."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from service.review import spans


@contextmanager
def stage(ms: dict[str, float], name: str) -> Iterator[None]:
    """Time the block, in milliseconds, under ``name``."""
    start = time.perf_counter()
    try:
        with spans.span(name):
            yield
    finally:
        ms[name] = since(start)


def since(start: float) -> float:
    """Milliseconds from ``start``, a moment of ``time.perf_counter``."""
    return round((time.perf_counter() - start) * 1e3, 3)
