"""CSV and its like."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.domain.errors import BadRequest
from service.importing.mapping import SourceRule
from service.importing.sources.lines import LineFile, identity
from service.importing.sources.source import Read
from service.importing.values import Refused

# A quote that is never closed would take the rest of the file for one cell.
MAX_CELL = 131_072
MAX_LINES_OF_A_ROW = 2_000


class _Unfit(Exception):
    """A line that cannot be part of any row."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class DelimitedFile:
    """A CSV file with a header line, or with its columns' names in the mapping."""

    def __init__(self, name: str, rule: SourceRule, path: Path, *, delimiter: str | None) -> None:
        self.name, self.shown = name, path.name
        self._rule, self._path = rule, path
        self._lines = LineFile(path)
        # The ending says tabs where the mapping says nothing else.
        self._delimiter = delimiter if delimiter and rule.csv.delimiter == "," else rule.csv.delimiter

    def identity(self) -> str:
        return identity(self._path)

    def size(self) -> int | None:
        return self._path.stat().st_size

    def done(self) -> int:
        return self._lines.done()

    def rows(self, after: Any | None) -> Iterator[Read]:
        csv.field_size_limit(MAX_CELL)
        text = _Text(self._lines, self._rule.csv.encoding)
        reader = self._reader(text)
        header = self._header(reader)
        places, width = _places(header, self._rule.columns, self.shown), len(header)
        start = 0 if after is None else int(after)
        while True:
            first = text.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, _Unfit) as error:
                if first > start:
                    yield Read(first, Refused(error.reason if isinstance(error, _Unfit) else "not_csv"))
                continue
            if first <= start or not cells:
                continue
            if len(cells) == width:
                yield Read(first, [cells[place] for place in places])
            else:
                yield Read(first, Refused("wrong_number_of_cells", "", f"{len(cells)} instead of {width}"))

    def _reader(self, text: _Text) -> Iterator[list[str]]:
        dialect = self._rule.csv
        return csv.reader(
            text,
            delimiter=self._delimiter,
            quotechar=dialect.quote,
            quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
            escapechar=dialect.escape,
        )

    def _header(self, reader: Iterator[list[str]]) -> list[str]:
        if self._rule.csv.columns is not None:
            return list(self._rule.csv.columns)
        try:
            return [name.strip() for name in next(reader)]
        except StopIteration:
            raise BadRequest(f"{self.shown} is empty.") from None
        except (csv.Error, _Unfit):
            raise BadRequest(f"The first line of {self.shown} is not a CSV header.") from None


class _Text:
    """Lines as text. Not a generator: one that raised could not be asked for the line behind."""

    def __init__(self, lines: LineFile, encoding: str) -> None:
        self._file, self._lines, self._encoding = lines, iter(lines), encoding
        self._first = 1

    def begin(self) -> int:
        """Another row begins; returns the number of its first line."""
        self._first = self._file.line + 1
        return self._first

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        if line is None:
            raise _Unfit("line_too_long")
        if self._file.line - self._first >= MAX_LINES_OF_A_ROW:
            raise _Unfit("quote_never_closed")
        # What is no text stays as it is up to the cell it is in, which is refused if it is asked for.
        return line.decode(self._encoding, "surrogateescape")


def _places(header: list[str], asked: tuple[str, ...], shown: str) -> list[int]:
    missing = [name for name in asked if name not in header]
    if missing:
        raise BadRequest(
            f"{shown} has no column {', '.join(missing)}. It has {', '.join(header[:40])[:500]}. "
            "Correct the mapping, or name the columns under csv if there is no header line."
        )
    twice = [name for name in asked if header.count(name) > 1]
    if twice:
        raise BadRequest(f"{shown} has the column {twice[0]} twice; rename one.")
    return [header.index(name) for name in asked]
