"""Imports into a real PostgreSQL: written once, gone on with, dry, and never into what a decided case has seen."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.claims import Claim
from service.domain.clock import FixedClock
from service.domain.errors import BadRequest, Conflict, NotFound
from service.features.declared.history import AGGREGATES
from service.importing import importer
from service.importing.importer import Order, Outcome, RecordedBy, run_import
from service.importing.loading import load
from service.importing.sources import opened
from service.store import AcceptRequest, Store
from service.store.tables import history_events

DATA_ENGINEER = Actor(ActorKind.PERSON, "data")
MAPPING = load("dujiaoka")


def order_row(number: int, *, status: str = "4", **changes: str) -> dict[str, str]:
    cells = {
        "id": str(number), "order_sn": f"SN{number}", "goods_id": "7", "title": "点卡", "actual_price": "9.90",
        "email": f"b{number % 5}@mail.com", "info": "CODE\nCODE", "buy_ip": "203.0.113.1", "status": status,
        "created_at": "2026-02-20 10:00:00", "updated_at": "2026-02-20 10:01:00",
    }  # fmt: skip
    return cells | changes


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


async def bring_in(
    store: Store, words: list[str], now: datetime, progress: Callable[..., None] = lambda *_: None, **changes: Any
) -> list[Outcome]:
    order = replace(Order(platform_id="acme", loaded=MAPPING, max_refused=1.0), **changes)
    return await run_import(store, FixedClock(now), DATA_ENGINEER, order, opened(MAPPING.mapping, words), progress)


async def table(store: Store) -> list[tuple[Any, ...]]:
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(history_events).order_by(history_events.c.event_id))
        return [tuple(row) for row in rows]


async def test_a_platform_has_its_past_on_the_first_day(
    store: Store, tmp_path: Path, now: datetime, make_claim: Callable[..., Claim]
) -> None:
    path = write(tmp_path / "orders.csv", [order_row(n) for n in range(1, 21)] + [order_row(21, status="-1")])
    (outcome,) = await bring_in(store, [str(path)], now)
    assert (outcome.report.rows, outcome.report.new, outcome.report.rows_without_events) == (21, 60, 1)
    assert outcome.report.money["payment CNY"] == (20, 19_800)
    buyer = next(row[5] for row in await table(store))
    claim = make_claim("SN1")
    claim = replace(claim, account=replace(claim.account, id=buyer))
    found = await store.history(None, claim, now, AGGREGATES)
    assert (found["account_orders_30d"], found["account_paid_amount_90d"]) == (4, 4 * 990)
    # Known to no decision before the shop itself knew.
    then = datetime(2026, 2, 20, 2, 1, tzinfo=UTC)
    assert (await store.history(None, claim, then, AGGREGATES))["account_orders_30d"] == 0
    async with store.reading() as connection:
        noted = await connection.scalars(sa.text("SELECT action FROM audit WHERE subject LIKE 'import:%' ORDER BY id"))
        assert noted.all() == ["history.import_began", "history.imported"]


async def test_again_writes_nothing_and_names_what_changed(store: Store, tmp_path: Path, now: datetime) -> None:
    path = write(tmp_path / "orders.csv", [order_row(n) for n in range(1, 11)])
    await bring_in(store, [str(path)], now)
    before = await table(store)
    write(path, [order_row(n, actual_price="9.91" if n == 3 else "9.90") for n in range(1, 13)])
    (dry,) = await bring_in(store, [str(path)], now, dry_run=True)
    assert await table(store) == before
    (again,) = await bring_in(store, [str(path)], now)
    for outcome in (dry, again):
        assert (outcome.report.new, outcome.report.known, outcome.report.contradicting) == (6, 30, 2)
    assert [row for row in await table(store) if row in before] == before


async def test_a_dry_run_says_what_a_run_would(store: Store, tmp_path: Path, now: datetime) -> None:
    rows = [order_row(n) for n in range(1, 9)]
    rows += [order_row(3), order_row(4, actual_price="1.00"), order_row(9, status="7"), order_row(10, order_sn="=1+1")]
    rows += [order_row(11, created_at="2026-02-20"), order_row(12, actual_price="-1"), order_row(13, order_sn="a\x00")]
    path = write(tmp_path / "orders.csv", rows)
    (dry,) = await bring_in(store, [str(path)], now, dry_run=True)
    assert await table(store) == []
    (real,) = await bring_in(store, [str(path)], now)
    assert dry.report == real.report
    assert (real.report.new, real.report.known, real.report.contradicting) == (24, 6, 2)
    assert {reason: found.rows for reason, found in real.report.refused.items()} == {
        "unknown_status": 1, "formula": 1, "not_a_time": 1, "negative_amount": 1, "not_printable": 1,
    }  # fmt: skip
    assert real.report.unknown_statuses == {"7": 1}
    assert real.report.refused["not_a_time"].examples[0].shown == "2026-02-20"
    assert real.report.refused["formula"].examples[0].shown == ""  # an identifier is never shown
    assert real.report.refused["formula"].examples[0].place == 24  # rows before it have two lines each


async def test_what_stopped_in_the_middle_goes_on_and_ends_the_same(
    store: Store, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH_ROWS", 7)
    rows = [order_row(n, status=str(n % 7)) for n in range(1, 41)]
    path = write(tmp_path / "orders.csv", rows)
    (whole,) = await bring_in(store, [str(path)], now, dry_run=True)

    def stop(_source: Any, done: int) -> None:
        if done >= 21:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await bring_in(store, [str(path)], now, progress=stop)
    assert 0 < len(await table(store)) < whole.report.new
    (rest,) = await bring_in(store, [str(path)], now + timedelta(hours=1))
    assert rest.resumed == 21
    assert rest.report == whole.report
    assert len(await table(store)) == whole.report.new


async def test_two_runs_at_once_do_not_share_a_checkpoint(
    store: Store, tmp_path: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importer, "BATCH_ROWS", 7)
    path = write(tmp_path / "orders.csv", [order_row(n) for n in range(1, 41)])
    written, other = store.imports.write, []

    async def write_after_another(*arguments: Any) -> Any:
        if not other:
            other.append(True)
            await bring_in(store, [str(path)], now)
        return await written(*arguments)

    monkeypatch.setattr(store.imports, "write", write_after_another)
    with pytest.raises(Conflict, match="Another run"):
        await bring_in(store, [str(path)], now)
    assert len(await table(store)) == 120


async def test_too_many_refused_rows_write_nothing(store: Store, tmp_path: Path, now: datetime) -> None:
    path = write(tmp_path / "orders.csv", [order_row(n, actual_price="x" if n < 3 else "1") for n in range(1, 101)])
    (outcome,) = await bring_in(store, [str(path)], now, max_refused=0.01)
    assert not outcome.complete
    assert outcome.report.rows_refused == 2
    assert await table(store) == []
    (dry,) = await bring_in(store, [str(path)], now, max_refused=0.01, dry_run=True)
    assert (dry.complete, dry.report.rows, dry.report.new) == (True, 100, 98 * 3)  # reads on
    (outcome,) = await bring_in(store, [str(path)], now, max_refused=0.02)
    assert outcome.complete
    assert outcome.report.new == 98 * 3


async def test_nothing_is_recorded_before_a_case_that_did_not_see_it(
    store: Store,
    tmp_path: Path,
    now: datetime,
    accept_request: Callable[..., AcceptRequest],
    make_claim: Callable[..., Claim],
) -> None:
    await store.accept(accept_request())
    claim = make_claim()
    claim = replace(claim, order=replace(claim.order, seller_id="shop"))
    seen = await store.history(None, claim, now, AGGREGATES)
    late = {"created_at": "2026-03-02 12:30:00", "updated_at": "2026-03-02 12:31:00"}  # behind the case's as_of
    path = write(tmp_path / "orders.csv", [order_row(n) for n in range(1, 6)] + [order_row(6, **late)])
    after = now + timedelta(hours=1)
    (outcome,) = await bring_in(store, [str(path)], after)
    assert (outcome.report.new, outcome.report.refused["before_a_decided_case"].rows) == (3, 5)
    (outcome,) = await bring_in(store, [str(path)], after, recorded_by=RecordedBy.IMPORT)
    assert (outcome.report.new, outcome.report.known, outcome.report.rows_refused) == (15, 3, 0)
    assert await store.history(None, claim, now, AGGREGATES) == seen
    later = await store.history(None, claim, after + timedelta(minutes=1), AGGREGATES)
    assert later["seller_orders_30d"] == 6


async def test_a_case_accepted_while_a_batch_is_written_turns_it_back(
    store: Store,
    tmp_path: Path,
    now: datetime,
    accept_request: Callable[..., AcceptRequest],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = write(tmp_path / "orders.csv", [order_row(n) for n in range(1, 6)])
    written = store.imports.write
    accepted = []

    async def write_later(*arguments: Any) -> Any:
        if not accepted:
            accepted.append(await store.accept(accept_request()))
        return await written(*arguments)

    monkeypatch.setattr(store.imports, "write", write_later)
    (outcome,) = await bring_in(store, [str(path)], now + timedelta(seconds=1))
    assert outcome.report.refused["before_a_decided_case"].rows == 5
    assert [row for row in await table(store) if row[1].startswith("order:")] == []


async def test_from_a_database_by_its_address(store: Store, tmp_path: Path, now: datetime) -> None:
    """The tables of 独角数卡 in SQLite: no MySQL server is here; only the driver below SQLAlchemy differs."""
    path = tmp_path / "shop.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, order_sn TEXT, goods_id INTEGER, title TEXT, type INTEGER, "
            "total_price DECIMAL(10,2), actual_price DECIMAL(10,2), email TEXT, info TEXT, buy_ip TEXT, trade_no TEXT, "
            "status INTEGER, created_at TIMESTAMP, updated_at TIMESTAMP)"
        )
        connection.exec_driver_sql(
            "CREATE TABLE carmis (id INTEGER PRIMARY KEY, goods_id INTEGER, status INTEGER, is_loop INTEGER, "
            "carmi TEXT, created_at TIMESTAMP)"
        )
        for number in range(1, 31):
            connection.exec_driver_sql(
                "INSERT INTO orders VALUES (?, ?, 7, '点卡', 1, 9.9, 9.9, 'b@mail.com', 'CODE', '203.0.113.1', '42', "
                "?, '2026-02-20 10:00:00', '2026-02-20 10:01:00')",
                (number, f"SN{number}", (4, 1, 6)[number % 3]),
            )
            connection.exec_driver_sql(
                "INSERT INTO carmis VALUES (?, 7, ?, 0, 'SECRET-CODE', '2026-02-20')", (number, (1, 2, 9)[number % 3])
            )
    engine.dispose()
    orders, carmis = await bring_in(store, [f"sqlite:///{path}"], now)
    assert (orders.report.rows, orders.report.new) == (30, 60)
    assert orders.report.money["order CNY"] == (20, 19_800)
    assert (carmis.report.new, carmis.report.statuses) == (0, {"1": 10, "2": 10})
    assert carmis.report.unknown_statuses == {"9": 10}
    kept = json.dumps(await table(store), default=str)
    assert "SECRET" not in kept
    assert "@" not in kept


async def test_a_source_cannot_be_made_to_write(store: Store, empty_database_url: str, now: datetime) -> None:
    """A view of PostgreSQL that writes when it is read: the session is read only. Rows come by a server's cursor."""
    engine = sa.create_engine(empty_database_url)
    with engine.begin() as connection:
        for statement in (
            "CREATE TABLE trace (at timestamptz)",
            "CREATE TABLE carmis (id int PRIMARY KEY, status int)",
            "CREATE TABLE shop_orders (id int PRIMARY KEY, order_sn text, goods_id int, actual_price numeric(10, 2), "
            "email text, buy_ip text, status int, created_at timestamp, updated_at timestamp)",
            "INSERT INTO shop_orders SELECT n, 'SN' || n, 7, 9.90, 'b@mail.com', '203.0.113.1', 4, "
            "'2026-02-20 10:00', '2026-02-20 10:01' FROM generate_series(1, 12000) n",
            "CREATE FUNCTION leave_trace() RETURNS int LANGUAGE plpgsql AS "
            "'BEGIN INSERT INTO trace VALUES (now()); RETURN 1; END'",
            "CREATE VIEW orders AS SELECT * FROM shop_orders",
        ):
            connection.exec_driver_sql(statement)
    word = sa.make_url(empty_database_url).render_as_string(hide_password=False)
    orders, _ = await bring_in(store, [word], now)
    assert (orders.report.rows, orders.report.new) == (12_000, 36_000)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE OR REPLACE VIEW orders AS SELECT id, order_sn, goods_id, actual_price, email, buy_ip, "
            "leave_trace() + 3 AS status, created_at, updated_at FROM shop_orders"
        )
    with pytest.raises(BadRequest, match="cannot be read"):
        await bring_in(store, [word], now, anew=True)
    with engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM trace").scalar_one() == 0
    engine.dispose()


async def test_an_unknown_platform_is_refused(store: Store, tmp_path: Path, now: datetime) -> None:
    path = write(tmp_path / "orders.csv", [order_row(1)])
    with pytest.raises(NotFound, match="platforms add"):
        await bring_in(store, [str(path)], now, platform_id="nowhere")
