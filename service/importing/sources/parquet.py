"""Parquet, through pyarrow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from service.domain.errors import BadRequest, ConfigurationError
from service.importing.mapping import SourceRule
from service.importing.sources.lines import identity
from service.importing.sources.source import Read

BATCH = 8_192


def _pyarrow() -> Any:
    """The library with its Parquet part: an extra, and imported only by who reads such a file."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise ConfigurationError(
            'Reading Parquet needs pyarrow. Install it with: pip install "prereview[import]"'
        ) from None
    return pyarrow


class ParquetTable:
    """Read a batch of a row group at a time, only the columns that are asked for."""

    def __init__(self, name: str, rule: SourceRule, path: Path) -> None:
        self._pyarrow = _pyarrow()
        self.name, self.shown = name, path.name
        self._columns, self._path = rule.columns, path
        self._done = 0

    def identity(self) -> str:
        return identity(self._path)

    def size(self) -> int | None:
        return int(self._open().metadata.num_rows)

    def done(self) -> int:
        return self._done

    def rows(self, after: Any | None) -> Iterator[Read]:
        file = self._open()
        names = file.schema_arrow.names
        missing = [name for name in self._columns if name not in names]
        if missing:
            raise BadRequest(f"{self.shown} has no column {', '.join(missing)}. It has {', '.join(names)[:500]}.")
        start = self._done = 0 if after is None else int(after)
        groups, skipped = _behind(file, start)
        number = skipped
        try:
            for batch in file.iter_batches(batch_size=BATCH, row_groups=groups, columns=list(self._columns)):
                columns = [self._plain(batch.column(name)).to_pylist() for name in self._columns]
                for row in zip(*columns, strict=True):
                    number += 1
                    if number > start:
                        self._done = number
                        yield Read(number, row)
        except (OSError, self._pyarrow.ArrowException) as error:
            raise BadRequest(
                f"{self.shown} cannot be read past row {number} ({type(error).__name__}); copy it anew, then run the "
                "same command: it goes on where it stopped."
            ) from None

    def _open(self) -> Any:
        try:
            return self._pyarrow.parquet.ParquetFile(self._path)
        except (OSError, self._pyarrow.ArrowException) as error:
            raise BadRequest(f"{self.shown} is not a Parquet file ({type(error).__name__}).") from None

    def _plain(self, column: Any) -> Any:
        """Moments to microseconds, which is what Python's have."""
        if self._pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
            return column.cast(self._pyarrow.timestamp("us", column.type.tz), safe=False)
        return column


def _behind(file: Any, start: int) -> tuple[list[int], int]:
    """Row groups that hold rows behind ``start``, and how many rows lie before them."""
    groups, before, passed = [], 0, 0
    for group in range(file.num_row_groups):
        rows = file.metadata.row_group(group).num_rows
        if passed + rows > start:
            groups.append(group)
        else:
            before += rows
        passed += rows
    return groups, before
