"""One row to the events it makes, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.history import HistoryEvent
from service.domain.money import Money
from service.importing.mapping import EventRule, Recorded, SourceRule
from service.importing.mapping import Mapping as Mapped
from service.importing.values import (
    MomentReader,
    Reader,
    Refused,
    Row,
    amount_reader,
    cell_text,
    moment_reader,
    text_reader,
)

# As for events a platform sends: clocks differ, but not by more.
FUTURE_TOLERANCE = timedelta(minutes=5)
# Ids our own events have (service/store/history.py): whoever took one would keep a grant of ours out of the history.
_RESERVED = "case:"

Known = tuple[HistoryEvent, datetime]
"""An event with the moment it was recorded."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What times are held against. ``now``: of the import's start; ``decided_to``: latest ``as_of`` of the platform's
    cases; ``recorded``: what every event is recorded at, where it is not the source's word."""

    now: datetime
    decided_to: datetime | None = None
    recorded: datetime | None = None


class Converter:
    """Rows of one source to events. A row is as long as ``columns`` and in their order."""

    def __init__(self, mapping: Mapped, rule: SourceRule) -> None:
        self.columns = rule.columns
        self.key = rule.key
        places = {name: place for place, name in enumerate(self.columns)}
        empty = frozenset(rule.empty)
        self._status = rule.status
        self._status_place = places[rule.status.column] if rule.status else -1
        self._makers = {name: _maker(one, mapping, places, empty) for name, one in rule.events.items()}

    def status(self, row: Row) -> str | None:
        """The row's status as it is counted; None for a source without one."""
        if self._status is None:
            return None
        text = cell_text(row[self._status_place], self._status.column)
        return "" if text is None else text.strip()

    def events(self, row: Row, moments: Moments) -> list[Known]:
        """Every event of a row with the moment it was recorded; Refused for the row as a whole."""
        made = []
        for name in self._wanted(row):
            known = self._makers[name](row, moments)
            if known is not None:
                made.append(known)
        return made

    def _wanted(self, row: Row) -> Any:
        if self._status is None:
            return self._makers
        status = self.status(row)
        wanted = self._status.values.get(status or "")
        if wanted is None:
            raise Refused("unknown_status", self._status.column, status or "")
        return wanted


def _maker(
    rule: EventRule, mapping: Mapped, places: dict[str, int], empty: frozenset[str]
) -> Callable[[Row, Moments], Known | None]:
    kind = rule.kind
    event_id = text_reader(rule.id, places, empty)
    occurred = moment_reader(rule.occurred_at, mapping.zone, places, empty)
    recorded = _recorded(rule.recorded_at, mapping, places, empty)
    amount = amount_reader(rule.amount, mapping.currency, places, empty) if rule.amount else _no_amount
    fields = {name: text_reader(value, places, empty, word=name == "outcome") for name, value in rule.values()}
    present = None if rule.when_present is None else places[rule.when_present]

    def make(row: Row, moments: Moments) -> Known | None:
        if present is not None and (row[present] is None or str(row[present]).strip() in empty):
            return None
        happened = _needed(occurred(row), rule.occurred_at.column)
        event = HistoryEvent(
            event_id=_free_id(event_id(row), rule),
            kind=kind,
            occurred_at=happened,
            amount=amount(row),
            **_texts(fields, row),
        )
        return event, _checked(happened, recorded(row, happened), rule, moments)

    return make


def _texts(fields: Mapping[str, Reader], row: Row) -> dict[str, Any]:
    return {name: read(row) for name, read in fields.items()}


def _recorded(
    rule: Recorded, mapping: Mapped, places: dict[str, int], empty: frozenset[str]
) -> Callable[[Row, datetime], datetime]:
    if rule.at is None:
        delay = timedelta(seconds=rule.after_seconds or 0)
        return lambda _row, happened: happened + delay
    column = rule.at.column
    read: MomentReader = moment_reader(rule.at, mapping.zone, places, empty)
    return lambda row, _happened: _needed(read(row), column)


def _checked(happened: datetime, recorded: datetime, rule: EventRule, moments: Moments) -> datetime:
    """When the event is recorded, after both of its clocks were held against each other and ours."""
    if happened > moments.now + FUTURE_TOLERANCE:
        raise Refused("in_the_future", rule.occurred_at.column, happened.isoformat())
    if moments.recorded is not None:
        return moments.recorded
    column = rule.recorded_at.at.column if rule.recorded_at.at else rule.occurred_at.column
    if recorded < happened:
        raise Refused("recorded_before_it_happened", column, recorded.isoformat())
    if recorded > moments.now + FUTURE_TOLERANCE:
        raise Refused("recorded_in_the_future", column, recorded.isoformat())
    if moments.decided_to is not None and recorded < moments.decided_to:
        raise Refused("before_a_decided_case", column, recorded.isoformat())
    return recorded


def _needed(moment: datetime | None, column: str) -> datetime:
    if moment is None:
        raise Refused("no_time", column)
    return moment


def _free_id(text: str | None, rule: EventRule) -> str:
    column = next(rule.id.columns(), "")
    if text is None:
        raise Refused("no_id", column)
    if text.startswith(_RESERVED):
        raise Refused("reserved_id", column)
    return text


def _no_amount(_row: Row) -> Money | None:
    return None
