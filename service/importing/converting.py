"""One row to the events it makes, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.domain.clock import FUTURE_TOLERANCE
from service.domain.history import OWN_EVENTS, HistoryEvent
from service.domain.money import Money
from service.importing.mapping import Amount, EventRule, Moment, Recorded, SourceRule, Value
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
        readers = _Readers(self.columns, frozenset(rule.empty), mapping)
        self._status = rule.status
        self._status_place = self.columns.index(rule.status.column) if rule.status else -1
        self._makers = {name: _maker(one, readers) for name, one in rule.events.items()}

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


class _Readers:
    """Functions from a row to its values. What several events of a row share is read once."""

    def __init__(self, columns: Sequence[str], empty: frozenset[str], mapping: Mapped) -> None:
        self._places = {name: place for place, name in enumerate(columns)}
        self._empty, self._mapping = empty, mapping
        self._made: dict[str, Callable[[Row], Any]] = {}

    def text(self, value: Value, *, word: bool = False) -> Reader:
        return self._once(f"{word} {value!r}", text_reader(value, self._places, self._empty, word=word))

    def moment(self, moment: Moment) -> MomentReader:
        return self._once(repr(moment), moment_reader(moment, self._mapping.zone, self._places, self._empty))

    def amount(self, amount: Amount | None) -> Callable[[Row], Money | None]:
        if amount is None:
            return lambda _row: None
        return self._once(repr(amount), amount_reader(amount, self._mapping.currency, self._places, self._empty))

    def present(self, column: str | None) -> Callable[[Row], bool]:
        if column is None:
            return lambda _row: True
        place = self._places[column]
        return lambda row: row[place] is not None and str(row[place]).strip() not in self._empty

    def _once(self, declared: str, read: Callable[[Row], Any]) -> Callable[[Row], Any]:
        return self._made.setdefault(declared, _remembering(read))


def _remembering(read: Callable[[Row], Any]) -> Callable[[Row], Any]:
    """Asked again for the same row, the same answer. The row is held on to, so no other can be taken for it."""
    last: Row | None = None
    found: Any = None

    def again(row: Row) -> Any:
        nonlocal last, found
        if row is not last:
            found, last = read(row), row
        return found

    return again


def _maker(rule: EventRule, readers: _Readers) -> Callable[[Row, Moments], Known | None]:
    kind, present = rule.kind, readers.present(rule.when_present)
    event_id, amount = readers.text(rule.id), readers.amount(rule.amount)
    occurred, recorded = readers.moment(rule.occurred_at), _recorded(rule.recorded_at, readers)
    fields = {name: readers.text(value, word=name == "outcome") for name, value in rule.values()}

    def make(row: Row, moments: Moments) -> Known | None:
        if not present(row):
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


def _recorded(rule: Recorded, readers: _Readers) -> Callable[[Row, datetime], datetime]:
    if rule.at is None:
        delay = timedelta(seconds=rule.after_seconds or 0)
        return lambda _row, happened: happened + delay
    column, read = rule.at.column, readers.moment(rule.at)
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
    if text is None:
        raise Refused("no_id", next(rule.id.columns(), ""))
    if text.startswith(OWN_EVENTS):
        raise Refused("reserved_id", next(rule.id.columns(), ""))
    return text
