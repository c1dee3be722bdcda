"""What an import found: counted as it goes, kept in its checkpoint, shown at its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from service.importing.converting import Known
from service.importing.values import Refused

MAX_EXAMPLES = 5
MAX_STATUSES = 50
MAX_SHOWN = 40


class Example(BaseModel):
    """Where a refused row stands. ``shown`` is never an identifier: only times, amounts, statuses and the like."""

    place: int | str
    column: str = ""
    shown: str = ""


class Refusals(BaseModel):
    rows: int = 0
    examples: list[Example] = Field(default_factory=list)


class Span(BaseModel):
    """First and last moment."""

    first: datetime | None = None
    last: datetime | None = None

    def widen(self, first: datetime, last: datetime) -> None:
        self.first = first if self.first is None else min(self.first, first)
        self.last = last if self.last is None else max(self.last, last)


class Report(BaseModel):
    """One source. ``new``: events written (or that would be); ``known``: whose ids were there already,
    ``contradicting`` of them with other contents, which stay as they were. ``money``: kind and currency → count and
    minor units."""

    source: str
    rows: int = 0
    rows_without_events: int = 0
    events: dict[str, int] = Field(default_factory=dict)
    new: int = 0
    known: int = 0
    contradicting: int = 0
    refused: dict[str, Refusals] = Field(default_factory=dict)
    statuses: dict[str, int] = Field(default_factory=dict)
    unknown_statuses: dict[str, int] = Field(default_factory=dict)
    occurred: Span = Field(default_factory=Span)
    recorded: Span = Field(default_factory=Span)
    money: dict[str, tuple[int, int]] = Field(default_factory=dict)

    @property
    def rows_refused(self) -> int:
        return sum(each.rows for each in self.refused.values())

    @property
    def refused_share(self) -> float:
        return self.rows_refused / self.rows if self.rows else 0.0

    def refuse(self, place: Any, why: Refused) -> None:
        self.rows += 1
        found = self.refused.setdefault(why.reason, Refusals())
        found.rows += 1
        if len(found.examples) < MAX_EXAMPLES:
            found.examples.append(
                Example(place=place if isinstance(place, int) else str(place)[:MAX_SHOWN], column=why.column,
                        shown=_short(why.shown))
            )  # fmt: skip
        if why.reason == "unknown_status":
            _count(self.unknown_statuses, _short(why.shown))

    def take(self, status: str | None, made: Sequence[Known]) -> None:
        """Count a row that was taken."""
        self.rows += 1
        if status is not None:
            _count(self.statuses, _short(status))
        if not made:
            self.rows_without_events += 1
            return
        happened = [event.occurred_at for event, _ in made]
        recorded = [moment for _, moment in made]
        self.occurred.widen(min(happened), max(happened))
        self.recorded.widen(min(recorded), max(recorded))
        for event, _ in made:
            kind = event.kind.value
            self.events[kind] = self.events.get(kind, 0) + 1
            if event.amount is not None:
                name = f"{kind} {event.amount.currency}"
                count, total = self.money.get(name, (0, 0))
                self.money[name] = (count + 1, total + event.amount.minor)

    def document(self) -> dict[str, Any]:
        """JSON-ready, for machines and for the checkpoint."""
        return {**self.model_dump(mode="json"), "rows_refused": self.rows_refused}


def _count(counts: dict[str, int], name: str) -> None:
    if name not in counts and len(counts) >= MAX_STATUSES:
        name = "(others)"
    counts[name] = counts.get(name, 0) + 1


def _short(text: str) -> str:
    """Storable and short: a report is kept in the database and shown on terminals."""
    text = "".join(each if each.isprintable() else "\ufffd" for each in text[: MAX_SHOWN + 1])
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
