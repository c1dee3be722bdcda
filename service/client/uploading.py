"""Many events in pieces of a size, from where an earlier upload broke off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any


def pieces(lines: Iterable[Mapping[str, Any] | bytes], reached: int, size: int) -> Iterator[list[bytes]]:
    """Lists of at most ``size`` lines as JSON without line breaks, the first ``reached`` left out."""
    rest = islice(iter(lines), reached, None)
    while batch := [_line(each) for each in islice(rest, size)]:
        yield batch


def _line(event: Mapping[str, Any] | bytes) -> bytes:
    if isinstance(event, bytes):
        if b"\n" in event:
            raise ValueError("an event is one line: leave the line breaks out")
        return event
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
