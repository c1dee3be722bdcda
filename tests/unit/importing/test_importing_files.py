"""Files as they come: whatever is in one, the rows behind it are read, and memory stays bounded."""

from __future__ import annotations

import gzip
import json
import sys
import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.domain.errors import BadRequest, ConfigurationError
from service.importing.loading import parse
from service.importing.mapping import Mapping
from service.importing.sources import opened
from service.importing.values import Refused

MAPPING = """
format: 1
name: shop
description: a test
zone: Asia/Shanghai
currency: CNY
sources:
  orders:
    key: id
    events:
      order:
        kind: order
        id: id
        occurred_at: at
        recorded_at: {after_seconds: 1}
"""


def mapping(**csv: object) -> Mapping:
    return parse(MAPPING.replace("    key: id\n", f"    key: id\n    csv: {json.dumps(csv)}\n")).mapping


def read(path: Path, how: Mapping | None = None, after: object = None) -> list[tuple[object, object]]:
    """(place, cells or reason) of every row."""
    (source,) = opened(how or mapping(), [f"orders={path}"])
    return [(place, row.reason if isinstance(row, Refused) else tuple(row)) for place, row in source.rows(after)]


def everything(word: str) -> None:
    for source in opened(mapping(), [word]):
        list(source.rows(None))


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def to(data: bytes | str, name: str = "orders.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return to


def test_a_plain_csv_and_where_its_rows_stand(write: Callable[..., Path]) -> None:
    path = write('\ufeffat,id,info\nt1,1,"a\nb\nc"\n\nt2,2,x\n')
    assert read(path) == [(2, ("1", "t1")), (6, ("2", "t2"))]
    assert read(path, after=2) == [(6, ("2", "t2"))]
    packed = write(gzip.compress(path.read_bytes()), "orders.csv.gz")
    assert read(packed) == read(path)


def test_a_dump_with_tabs_escapes_and_no_header(write: Callable[..., Path]) -> None:
    how = mapping(delimiter="\t", quote=None, escape="\\", columns=["id", "info", "at"])
    assert read(write("1\ta\\\tb\tt1\n2\t\\N\tt2\n", "orders.txt"), how) == [(1, ("1", "t1")), (2, ("2", "t2"))]


def test_chinese_exports_are_read_in_the_encoding_named(write: Callable[..., Path]) -> None:
    path = write("id,at\n订单1,t1\n".encode("gb18030"))
    assert read(path, mapping(encoding="gb18030")) == [(2, ("订单1", "t1"))]
    ((_, cells),) = read(path)
    assert any("\udc80" <= each <= "\udcff" for each in str(cells[0]))  # kept apart, refused when it is taken for an id


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["1,t1", "2", "3,t3"], [(2, ("1", "t1")), (3, "wrong_number_of_cells"), (4, ("3", "t3"))]),
        (["1,t1,x", "3,t3"], [(2, "wrong_number_of_cells"), (3, ("3", "t3"))]),
        (["x" * 140_000 + ",t1", "3,t3"], [(2, "not_csv"), (3, ("3", "t3"))]),
        (["x" * 3_000_000 + ",t1", "3,t3"], [(2, "line_too_long"), (3, ("3", "t3"))]),
        (["a\x00b,t1", "3,t3"], [(2, ("a\x00b", "t1")), (3, ("3", "t3"))]),
    ],
)
def test_a_damaged_row_costs_only_itself(lines: list[str], expected: list[object], write: Callable[..., Path]) -> None:
    assert read(write("id,at\n" + "\n".join(lines) + "\n")) == expected


def test_a_quote_never_closed_does_not_swallow_the_file(write: Callable[..., Path]) -> None:
    rows = read(write('id,at\n1,"t1\n' + "".join(f"{n},t{n}\n" for n in range(10_000))))
    reasons = [cells for _, cells in rows if isinstance(cells, str)]
    assert reasons == ["quote_never_closed"]
    assert len(rows) > 7_900
    assert rows[-1] == (10_002, ("9999", "t9999"))


def test_memory_does_not_grow_with_a_line(tmp_path: Path) -> None:
    path = tmp_path / "orders.ndjson.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(60):
            file.write(b" " * 1_000_000)  # 60 MB in one line, 60 KB on disk
        file.write(b'\n{"id": "1", "at": "t1"}\n')
    tracemalloc.start()
    rows = read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert rows == [(1, "line_too_long"), (2, ("1", "t1"))]
    assert peak < 12_000_000


def test_ndjson(write: Callable[..., Path]) -> None:
    path = write('{"id": 1, "at": "t1", "x": 2}\n\n[1]\n{"id":\n{"at": "t2"}\n' + "[" * 5000 + "\n", "orders.ndjson")
    assert read(path) == [
        (1, (1, "t1")), (3, "not_an_object"), (4, "not_json"), (5, (None, "t2")), (6, "not_json"),
    ]  # fmt: skip


def test_parquet_by_row_group(tmp_path: Path) -> None:
    path = tmp_path / "orders.parquet"
    at = [datetime(2026, 1, 1, 0, n % 60, tzinfo=UTC) for n in range(250)]
    table = pa.table(
        {"id": [Decimal(n) for n in range(250)], "at": pa.array(at, pa.timestamp("ns", "UTC")), "secret": ["s"] * 250}
    )
    pq.write_table(table, path, row_group_size=100)
    rows = read(path)
    assert len(rows) == 250
    assert rows[0] == (1, (Decimal(0), at[0]))
    assert read(path, after=130) == rows[130:]


def test_a_database_table_is_read_in_order_of_its_key_and_never_written(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE orders (id INTEGER, at TEXT, carmi TEXT)")
        connection.exec_driver_sql("INSERT INTO orders VALUES (3, 't3', 's'), (1, 't1', 's'), (2, 't2', 's')")
    engine.dispose()
    before = path.read_bytes()
    (source,) = opened(mapping(), [f"sqlite:///{path}"])
    assert [(place, tuple(row)) for place, row in source.rows(None)] == [(1, (1, "t1")), (2, (2, "t2")), (3, (3, "t3"))]  # type: ignore[arg-type]
    assert [place for place, _ in source.rows(2)] == [3]
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        ("id,when\n", "orders.csv", "no column at"), ("at,id,id\n", "orders.csv", "twice"), ("", "orders.csv", "empty"),
        ("id,at\n".encode("utf-16"), "orders.csv", "UTF-16"), (b"PK\x03\x04abc", "orders.csv", "workbook"),
        (b"\x1f\x8bnot gzip", "orders.csv.gz", "cannot be read"), ("x", "orders.parquet", "not a Parquet file"),
        ("x", "orders.xlsx", "no format"), ("x", "other.csv", "no source 'other'"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_in_a_sentence(
    data: bytes | str, name: str, said: str, write: Callable[..., Path]
) -> None:
    path = write(data, name)
    with pytest.raises(BadRequest) as error:
        everything(str(path))
    assert said in error.value.detail


@pytest.mark.parametrize(
    "address",
    [
        "mysql+pymysql://reader:hunter2@127.0.0.1:9/shop", "postgresql://reader:hunter2@127.0.0.1:9/shop",
        "mysql://reader:hunter2@127.0.0.1:9/shop", "postgresql+psycopg://r:hunter2@[::1/shop", "oracle://r:hunter2@h/s",
        "mysql+nothing://r:hunter2@h/s", "sqlite:///nowhere/hunter2.db?password=hunter2",
    ],
)  # fmt: skip
def test_no_error_tells_a_password(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOP_URL", address)
    for word in (address, "env:SHOP_URL"):
        with pytest.raises((BadRequest, ConfigurationError)) as error:
            everything(word)
        assert "hunter2" not in str(error.value).replace("nowhere/hunter2.db", "")


@pytest.mark.parametrize("word", ["orders=orders.parquet", "mysql://reader@127.0.0.1/shop"])
def test_what_needs_more_packages_says_how_to_get_them(
    word: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pymysql", None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.parquet").write_bytes(b"PAR1")
    with pytest.raises(ConfigurationError) as error:
        everything(word)
    assert 'pip install "prereview[import]"' in error.value.detail


def test_a_source_given_twice_is_refused(write: Callable[..., Path]) -> None:
    path = write("id,at\n1,t\n")
    with pytest.raises(BadRequest, match="twice"):
        opened(mapping(), [str(path), f"orders={path}"])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=400), st.sampled_from(("orders.csv", "orders.ndjson", "orders.csv.gz", "orders.parquet")))
def test_no_bytes_break_the_reading(tmp_path: Path, data: bytes, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(data if name.endswith((".gz", ".parquet")) else b"id,at\n1,t1\n" + data)
    try:
        rows = read(path)
    except BadRequest:
        return
    if name.endswith(".csv"):
        assert rows
        assert rows[0][0] == 2
