"""Cells to what an event is made of: texts, moments, money. What is not certain is refused, with a reason."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from service.domain.money import Money, exponent
from service.importing.mapping import Amount, Moment, Value

# As the API bounds what platforms send (service/api/schemas/fields.py).
MAX_IDENTIFIER = 128
MAX_AMOUNT = 10_000_000_00
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?([Zz]|[+-]\d\d:?\d\d)?\Z", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,15}(\.\d{1,20})?\Z", re.ASCII)
_INTEGER = re.compile(r"-?\d{1,15}\Z", re.ASCII)
_WORD = re.compile(r"[a-z][a-z0-9_]{0,31}\Z", re.ASCII)
# What a spreadsheet would run. A telephone number with its plus sign is none.
_FORMULA_BEGINS = frozenset("=@+-")
_FORMULA = re.compile(r"[=@]|[+-](?!\d+\Z)")
# What a spreadsheet makes of a long number, whose digits are gone.
_SHORTENED = re.compile(r"\d(\.\d+)?[Ee]\+\d+\Z", re.ASCII)

Row = Sequence[Any]
Reader = Callable[[Row], str | None]
MomentReader = Callable[[Row], datetime | None]


class Refused(Exception):
    """A row that is not taken. ``shown``: the cell, where it is neither an identifier nor personal."""

    def __init__(self, reason: str, column: str = "", shown: str = "") -> None:
        super().__init__(reason)
        self.reason, self.column, self.shown = reason, column, shown


def cell_text(cell: Any, column: str) -> str | None:
    """A cell as text, None where it is empty. Whole numbers of NDJSON, Parquet and databases are written plainly."""
    if cell is None or isinstance(cell, str):
        text: str | None = cell
    elif isinstance(cell, bool):
        text = "true" if cell else "false"
    elif isinstance(cell, int):
        text = str(cell)
    elif isinstance(cell, Decimal) and cell == cell.to_integral_value():
        text = f"{cell:f}".partition(".")[0]
    elif isinstance(cell, bytes):
        try:
            text = cell.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("not_utf8", column) from None
    else:
        raise Refused("not_a_text", column, type(cell).__name__)
    return text


def identifier(text: str, column: str) -> str:
    """An id as it may be stored: printable, short, and nothing a spreadsheet would run or has mangled."""
    if len(text) > MAX_IDENTIFIER:
        raise Refused("too_long", column)
    if not text.isprintable():
        raise Refused("not_utf8" if _has_surrogate(text) else "not_printable", column)
    if text[:1] in _FORMULA_BEGINS and _FORMULA.match(text):
        raise Refused("formula", column)
    if "+" in text and _SHORTENED.match(text):
        raise Refused("shortened_by_a_spreadsheet", column)
    return text


def _has_surrogate(text: str) -> bool:
    return any("\ud800" <= each <= "\udfff" for each in text)


def text_reader(value: Value, places: dict[str, int], empty: frozenset[str], *, word: bool = False) -> Reader:
    """A function from a row to the text ``value`` declares; None where nothing is there."""
    origin = _origin(value, places, empty)
    name = next(value.columns(), "")
    known = value.map

    def read(row: Row) -> str | None:
        text = origin(row)
        if text is None:
            return None
        if value.lower:
            text = text.lower()
        if known is not None:
            if text not in known:
                raise Refused("not_in_map", name, text)
            text = known[text]
        if value.sha256:
            if not text.isprintable():
                raise Refused("not_utf8" if _has_surrogate(text) else "not_printable", name)
            return hashlib.sha256(text.encode()).hexdigest()
        if word and not _WORD.match(text):
            raise Refused("not_a_word", name)
        return identifier(text, name)

    return read


def _origin(value: Value, places: dict[str, int], empty: frozenset[str]) -> Reader:
    if value.constant is not None:
        constant = value.constant
        return lambda _row: constant
    if value.join is not None:
        return _joined([text_reader(part, places, empty) for part in value.join], value.separator)
    if value.first_of is not None:
        parts = [text_reader(part, places, empty) for part in value.first_of]
        return lambda row: next((text for part in parts if (text := part(row)) is not None), None)
    assert value.column is not None
    return _cell(value.column, places[value.column], empty, trim=value.trim)


def _cell(column: str, place: int, empty: frozenset[str], *, trim: bool) -> Reader:
    def read(row: Row) -> str | None:
        text = cell_text(row[place], column)
        if text is None:
            return None
        if trim:
            text = text.strip()
        if text in empty:
            return None
        if not trim and text != text.strip():
            raise Refused("blanks_at_the_ends", column)
        return text

    return read


def _joined(parts: Sequence[Reader], separator: str) -> Reader:
    def read(row: Row) -> str | None:
        texts = [part(row) for part in parts]
        return None if None in texts else separator.join(text for text in texts if text is not None)

    return read


def moment_reader(moment: Moment, zone: str, places: dict[str, int], empty: frozenset[str]) -> MomentReader:
    """A function from a row to an aware UTC moment; None where the cell is empty."""
    column, place = moment.column, places[moment.column]
    local = ZoneInfo(moment.zone or zone)

    def read(row: Row) -> datetime | None:
        cell = row[place]
        if isinstance(cell, str):
            cell = cell.strip()
        if cell is None or cell in empty:
            return None
        return parse_moment(cell, moment.format, local, column)

    return read


def parse_moment(cell: Any, pattern: str, zone: ZoneInfo, column: str = "") -> datetime:
    """A cell as a UTC moment; a time the zone has twice or never is refused, not guessed."""
    try:
        if isinstance(cell, datetime):
            found = cell
        elif pattern in ("epoch_seconds", "epoch_milliseconds"):
            return _bounded(_since_epoch(cell, pattern, column), cell, column)
        elif not isinstance(cell, str) or len(cell) > MAX_IDENTIFIER:
            raise Refused("not_a_time", column, "a date" if isinstance(cell, date) else type(cell).__name__)
        elif pattern != "iso":
            found = datetime.strptime(cell, pattern)  # noqa: DTZ007  the zone is given below
        elif _ISO.match(cell):
            found = datetime.fromisoformat(cell)
        else:
            raise Refused("not_a_time", column, cell)
        return _bounded(_in_utc(found, zone, cell, column), cell, column)
    except (ValueError, OverflowError):
        raise Refused("not_a_time", column, str(cell)) from None


def _since_epoch(cell: Any, pattern: str, column: str) -> datetime:
    text = cell_text(cell, column)
    if text is None or not _INTEGER.match(text):
        raise Refused("not_a_time", column, str(cell))
    return _EPOCH + (
        timedelta(milliseconds=int(text)) if pattern.endswith("milliseconds") else timedelta(seconds=int(text))
    )


def _in_utc(found: datetime, zone: ZoneInfo, cell: Any, column: str) -> datetime:
    if found.tzinfo is not None:
        return found.astimezone(UTC)
    local = found.replace(tzinfo=zone)
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        # The hour the clocks go forward over does not exist, the one they go back over is there twice.
        raise Refused("ambiguous_time", column, str(cell))
    return local.astimezone(UTC)


def _bounded(found: datetime, cell: Any, column: str) -> datetime:
    if not _EARLIEST <= found < _LATEST:
        raise Refused("time_out_of_range", column, str(cell))
    return found


def amount_reader(
    amount: Amount, currency: str, places: dict[str, int], empty: frozenset[str]
) -> Callable[[Row], Money | None]:
    """A function from a row to money; None where the cell is empty."""
    place = places[amount.column]
    default = amount.currency or currency
    other = None if amount.currency_column is None else places[amount.currency_column]

    def read(row: Row) -> Money | None:
        cell = row[place]
        if isinstance(cell, str):
            cell = cell.strip()
        if cell is None or cell in empty:
            return None
        code = default
        if other is not None:
            code = cell_text(row[other], amount.currency_column or "") or ""
        try:
            return Money(parse_minor(cell, amount.unit, code, amount.column), code)
        except ValueError:
            raise Refused("not_a_currency", amount.currency_column or "", code) from None

    return read


def parse_minor(cell: Any, unit: str, currency: str, column: str = "") -> int:
    """Minor units, exactly: what has more digits than the currency is refused, never rounded.

    A float counts as the shortest decimal that is that float, which is the one it was written from.
    """
    text = _decimal_text(cell)
    if text is None or not (_DECIMAL if unit == "major" else _INTEGER).match(text):
        raise Refused("not_an_amount", column, str(cell))
    number = Decimal(text)
    scaled = number.scaleb(exponent(currency)) if unit == "major" else number
    if scaled != scaled.to_integral_value():
        raise Refused("finer_than_the_currency", column, text)
    if scaled < 0:
        raise Refused("negative_amount", column, text)
    if scaled > MAX_AMOUNT:
        raise Refused("amount_too_large", column, text)
    return int(scaled)


def _decimal_text(cell: Any) -> str | None:
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | float):
        return repr(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return None
