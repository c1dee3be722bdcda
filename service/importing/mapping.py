"""A mapping: how rows of a platform's own tables become history events. Data only; nothing in it is ever evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from service.domain.history import EventKind

Column = Annotated[str, StringConstraints(min_length=1, max_length=128)]
Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
FORMATS = ("iso", "epoch_seconds", "epoch_milliseconds")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


def _zone(name: str | None) -> str | None:
    if name is not None:
        try:
            ZoneInfo(name)
        except Exception:
            raise ValueError(f"{name!r} is not a time zone; write one such as Asia/Shanghai") from None
    return name


class Value(Part):
    """One text: a column's, a constant, several joined, or the first that is there. A bare word is a column's name.

    ``trim`` takes blanks off both ends, then ``lower``, ``map`` (a value it does not list refuses the row) and
    ``sha256`` (hex digest, for what must not be kept in clear) apply, in this order.
    """

    column: Column | None = None
    constant: str | None = None
    join: tuple[Value, ...] | None = Field(None, min_length=2)
    separator: Annotated[str, StringConstraints(max_length=8)] = ":"
    first_of: tuple[Value, ...] | None = Field(None, min_length=2)
    trim: bool = True
    lower: bool = False
    map: dict[str, str] | None = None
    sha256: bool = False

    @model_validator(mode="before")
    @classmethod
    def _bare_column(cls, data: Any) -> Any:
        return {"column": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if sum(each is not None for each in (self.column, self.constant, self.join, self.first_of)) != 1:
            raise ValueError("say where the value comes from: exactly one of column, constant, join, first_of")
        return self

    def columns(self) -> Iterator[str]:
        if self.column is not None:
            yield self.column
        for part in (*(self.join or ()), *(self.first_of or ())):
            yield from part.columns()


class Moment(Part):
    """A point in time. ``format``: iso, epoch_seconds, epoch_milliseconds or a strptime pattern; ``zone``: of times
    without an offset, where it is not the mapping's."""

    column: Column
    format: str = "iso"
    zone: str | None = None

    _known_zone = field_validator("zone")(_zone)

    @model_validator(mode="before")
    @classmethod
    def _bare_column(cls, data: Any) -> Any:
        return {"column": data} if isinstance(data, str) else data

    @field_validator("format")
    @classmethod
    def _known_format(cls, pattern: str) -> str:
        if pattern not in FORMATS and "%" not in pattern:
            raise ValueError(f"write one of {', '.join(FORMATS)} or a pattern such as %Y/%m/%d %H:%M")
        return pattern


class Recorded(Part):
    """When the platform itself knew of the event: a moment of the row, or so many seconds after it happened."""

    at: Moment | None = None
    after_seconds: int | None = Field(None, ge=0, le=366 * 86_400)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.at is None) == (self.after_seconds is None):
            raise ValueError("say either at (a column) or after_seconds (a delay)")
        return self


class Amount(Part):
    """Money. ``major``: the currency's unit, e.g. decimal yuan; ``minor``: its hundredth (fen)."""

    column: Column
    unit: Literal["major", "minor"]
    currency: Currency | None = None
    currency_column: Column | None = None


class EventRule(Part):
    """One event a row makes. ``id`` must be the id the platform sends the same event under, if it ever does."""

    kind: EventKind
    id: Value
    occurred_at: Moment
    recorded_at: Recorded
    when_present: Column | None = Field(None, description="Made only of rows in which this column is not empty.")
    account_id: Value | None = None
    device_id: Value | None = None
    payer_id: Value | None = None
    ip: Value | None = None
    seller_id: Value | None = None
    product_id: Value | None = None
    order_number: Value | None = None
    amount: Amount | None = None
    outcome: Value | None = None

    def values(self) -> Iterator[tuple[str, Value]]:
        """Field of HistoryEvent → its value, of those that are given."""
        for name in ("account_id", "device_id", "payer_id", "ip", "seller_id", "product_id", "order_number", "outcome"):
            value = getattr(self, name)
            if value is not None:
                yield name, value

    def columns(self) -> Iterator[str]:
        for value in (self.id, *(value for _, value in self.values())):
            yield from value.columns()
        moments = (self.occurred_at, self.recorded_at.at, self.amount)
        yield from (each.column for each in moments if each is not None)
        yield from filter(None, (self.when_present, self.amount and self.amount.currency_column))


class Status(Part):
    """Which events a row makes, by the value of one column. A value that is not listed refuses the row."""

    column: Column
    values: dict[str, tuple[Word, ...]] = Field(min_length=1)


class Dialect(Part):
    """How a CSV is written. ``columns``: its columns' names where it has no header line."""

    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] = ","
    quote: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = '"'
    escape: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    columns: tuple[Column, ...] | None = None
    encoding: Literal["utf-8", "gb18030"] = "utf-8"


class SourceRule(Part):
    """One table: files of its name, or a table of a database. Only the columns named here are ever read."""

    table: str | None = Field(None, description="Its name in a database, where it is another; schema.table is taken.")
    key: Column | None = Field(None, description="Unique, growing column of a database table: what a resume goes by.")
    csv: Dialect = Dialect()
    empty: tuple[str, ...] = ("", "NULL", "\\N")
    status: Status | None = None
    events: dict[Word, EventRule] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _statuses_name_events(self) -> Self:
        named = {name for names in (self.status.values.values() if self.status else ()) for name in names}
        unknown = sorted(named - set(self.events))
        if unknown:
            raise ValueError(f"status names {unknown[0]!r}, which is not among the events")
        if not self.events and self.status is None:
            raise ValueError("a source makes events or has a status to count; this one has neither")
        return self

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Every column a row is asked for, in a fixed order; the key, if there is one, comes first."""
        asked = [self.key] if self.key else []
        asked += [self.status.column] if self.status else []
        for rule in self.events.values():
            asked += rule.columns()
        return tuple(dict.fromkeys(asked))


class Mapping(Part):
    """A whole mapping, already validated."""

    format: Literal[1]
    name: Word
    description: str
    zone: str
    currency: Currency
    sources: dict[Word, SourceRule] = Field(min_length=1)

    _known_zone = field_validator("zone")(_zone)
