"""The trail as a file, entry by entry as it is read: CSV that no spreadsheet runs, or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from typing import Any

from service.review.trail_desk import AuditEntry

COLUMNS = (
    "position", "id", "at", "actor_kind", "actor", "action", "subject", "reason", "before", "after", "details_sha256",
)  # fmt: skip
# What a spreadsheet takes for a formula, full-width forms included; OWASP's list for CSV injection.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_TOGETHER = 200


def defused(text: str) -> str:
    """``text`` so that a spreadsheet shows it instead of computing it: an apostrophe before what begins a formula."""
    return f"'{text}" if text.lstrip(" \u3000\ufeff\0").startswith(_FORMULA) or text.startswith(_FORMULA) else text


async def csv_file(entries: AsyncIterator[AuditEntry], most: int) -> AsyncIterator[bytes]:
    """UTF-8 with its mark, for spreadsheets. A file that is cut at ``most`` says so in its last row."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    written.write("\ufeff")
    writer.writerow(COLUMNS)
    count, last = 0, None
    async for entry in entries:
        row = _row(entry)
        writer.writerow([defused(_cell(row[name])) for name in COLUMNS])
        count, last = count + 1, entry.at
        if count % _TOGETHER == 0:
            yield _taken(written)
    if count == most and last is not None:
        writer.writerow([f"cut after {most} entries; export again from {_moment(last)}"])
    yield _taken(written)


async def json_file(entries: AsyncIterator[AuditEntry], most: int, told: Mapping[str, Any]) -> AsyncIterator[bytes]:
    """One object: ``told``, the entries, and whether these are all."""
    head = json.dumps(dict(told), ensure_ascii=False)
    yield (head[:-1] + (", " if told else "") + '"entries": [').encode()
    count, last, waiting = 0, None, []
    async for entry in entries:
        waiting.append(("\n" if count == 0 else ",\n") + json.dumps(_row(entry), ensure_ascii=False))
        count, last = count + 1, entry.at
        if len(waiting) == _TOGETHER:
            yield "".join(waiting).encode(errors="replace")
            waiting.clear()
    cut = count == most and last is not None
    end = {"count": count, "complete": not cut, "goes_on_from": _moment(last) if cut and last else None}
    yield ("".join(waiting) + "\n], " + json.dumps(end)[1:] + "\n").encode(errors="replace")


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {
        "position": entry.position,
        "id": entry.id,
        "at": _moment(entry.at),
        "actor_kind": entry.actor.kind.value,
        "actor": entry.actor.name,
        "action": entry.action,
        "subject": entry.subject,
        "reason": entry.reason,
        "before": entry.before,
        "after": entry.after,
        "details_sha256": entry.details_sha256,
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _taken(written: io.StringIO) -> bytes:
    text = written.getvalue()
    written.seek(0)
    written.truncate()
    return text.encode(errors="replace")
