"""NDJSON: one object a line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from service.importing.mapping import SourceRule
from service.importing.sources.lines import LineFile, identity
from service.importing.sources.source import Read
from service.importing.values import Refused, Row


class JsonLinesFile:
    """A key an object lacks is an empty cell."""

    def __init__(self, name: str, rule: SourceRule, path: Path) -> None:
        self.name, self.shown = name, path.name
        self._columns, self._path = rule.columns, path
        self._lines = LineFile(path)

    def identity(self) -> str:
        return identity(self._path)

    def size(self) -> int | None:
        return self._path.stat().st_size

    def done(self) -> int:
        return self._lines.done()

    def rows(self, after: Any | None) -> Iterator[Read]:
        start = 0 if after is None else int(after)
        for number, line in enumerate(self._lines, start=1):
            if number > start and (line is None or line.strip()):
                yield Read(number, self._row(line))

    def _row(self, line: bytes | None) -> Row | Refused:
        if line is None:
            return Refused("line_too_long")
        try:
            found = orjson.loads(line)
        except orjson.JSONDecodeError:
            return Refused("not_json")
        if not isinstance(found, dict):
            return Refused("not_an_object")
        return [found.get(name) for name in self._columns]
