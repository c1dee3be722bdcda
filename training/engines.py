"""What the declared aggregates run on: DuckDB by default, Spark for history that outgrows one process."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from service.domain.errors import ConfigurationError
from training.spark import Spark, peak_mib


class EngineName(StrEnum):
    DUCKDB = "duckdb"
    SPARK = "spark"


class Engine(Protocol):
    """Reads Parquet files as Ibis tables and computes Ibis tables. Days are 24 hours and moments compare in UTC."""

    def read(self, path: Path) -> ir.Table: ...

    def compute(self, table: ir.Table) -> pa.Table:
        """The rows in no particular order, with the columns' own types."""
        ...

    @property
    def peak_mib(self) -> float:
        """Most memory held so far, resident, over all processes at work."""
        ...


@contextmanager
def open_engine(name: EngineName, *, threads: int = 2, memory_mib: int = 2048) -> Iterator[Engine]:
    """An engine for as long as the block lasts. ``memory_mib`` bounds DuckDB's buffers, or Java's heap; what does not
    fit is spilled to a scratch folder. ConfigurationError if it is not installed."""
    with tempfile.TemporaryDirectory(prefix="prereview-engine-") as scratch:
        folder = Path(scratch)
        if name is EngineName.DUCKDB:
            yield _DuckDb(folder, threads, memory_mib)
            return
        spark = Spark(folder, threads=threads, memory_mib=memory_mib)
        try:
            yield _OnSpark(folder, spark)
        finally:
            spark.close()


def without_progress_bar(connection: duckdb.DuckDBPyConnection) -> None:
    """DuckDB's own bar would be drawn on standard output, in the midst of what is meant for machines."""
    # Asked first: a notebook has it off, and refuses to be told so.
    ((on,),) = connection.execute("SELECT current_setting('enable_progress_bar')").fetchall()
    if on:
        connection.execute("SET enable_progress_bar = false")


class _DuckDb:
    def __init__(self, folder: Path, threads: int, memory_mib: int) -> None:
        self._memory_mib = memory_mib
        self._connection: Any = ibis.duckdb.connect(
            threads=threads, memory_limit=f"{memory_mib}MiB", temp_directory=str(folder)
        )
        self._connection.raw_sql("SET TimeZone = 'UTC'")
        without_progress_bar(self._connection.con)

    def read(self, path: Path) -> ir.Table:
        return self._connection.read_parquet(path)

    def compute(self, table: ir.Table) -> pa.Table:
        try:
            return table.to_pyarrow()
        except duckdb.OutOfMemoryException:
            raise ConfigurationError(
                f"the histories did not fit into {self._memory_mib} MiB; give DuckDB more (--memory), fewer claims at "
                "once (--batch), or use --engine spark"
            ) from None

    @property
    def peak_mib(self) -> float:
        return own_peak_mib()


class _OnSpark:
    def __init__(self, folder: Path, spark: Spark) -> None:
        self._folder, self._spark, self._count = folder, spark, 0
        self._connection: Any = ibis.pyspark.connect(spark.session)

    def read(self, path: Path) -> ir.Table:
        return self._connection.read_parquet(path)

    def compute(self, table: ir.Table) -> pa.Table:
        """Through a file: Ibis would bring the rows over as pandas, where an integer that is NULL is a float."""
        self._count += 1
        made = self._folder / f"computed-{self._count}"
        self._connection.to_parquet(table, made)
        return pq.read_table(made)

    @property
    def peak_mib(self) -> float:
        return own_peak_mib() + self._spark.peak_mib


def own_peak_mib() -> float:
    """Most memory this process has held, resident."""
    return peak_mib("self")
