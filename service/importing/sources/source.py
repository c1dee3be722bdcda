"""What every source of rows is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from service.importing.values import Refused, Row


class Read(NamedTuple):
    """One row. ``place``: its line, row number or key, to find it by; ``row``: its cells, or why there are none."""

    place: Any
    row: Row | Refused


class Source(Protocol):
    """A table that can be read from where an earlier run stopped."""

    name: str
    """The mapping's name of the source."""
    shown: str
    """What a person calls it; never holds a password."""

    def identity(self) -> str:
        """The same as long as its content is (files), or the table's address (databases)."""
        ...

    def size(self) -> int | None:
        """Of what ``done`` counts, for the progress bar; None where it is not known."""
        ...

    def done(self) -> int:
        """How much has been read."""
        ...

    def rows(self, after: Any | None) -> Iterator[Read]:
        """Rows behind the place ``after``, all of them for None. BadRequest where the source cannot be read."""
        ...
