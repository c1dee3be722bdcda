"""Mappings: what is wrong with one is said with its place, and a ready one reads what it says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.domain.errors import BadRequest
from service.importing.converting import Converter, Moments
from service.importing.loading import load, parse, ready_names
from service.importing.values import Refused

NOW = datetime(2026, 3, 1, tzinfo=UTC)
MAPPING = """
format: 1
name: shop
description: a test
zone: Asia/Shanghai
currency: CNY
sources:
  refunds:
    key: id
    events:
      asked:
        kind: refund_requested
        id: {join: [{constant: asked}, id]}
        occurred_at: asked_at
        recorded_at: {after_seconds: 60}
        account_id: {first_of: [buyer, guest]}
        amount: {column: amount, unit: major}
      granted:
        kind: refund_granted
        id: {join: [{constant: granted}, id]}
        when_present: granted_at
        occurred_at: {column: granted_at, format: epoch_seconds}
        recorded_at: {at: {column: granted_at, format: epoch_seconds}}
        account_id: buyer
        outcome: {column: how, map: {"1": original, "2": balance}}
"""


def row(**cells: object) -> list[object]:
    asked = {"id": "7", "asked_at": "2026-01-02 08:00:00", "buyer": "u1", "amount": "12.50", "how": "1", **cells}
    return [asked.get(name) for name in converter().columns]


def converter() -> Converter:
    mapping = parse(MAPPING).mapping
    return Converter(mapping, mapping.sources["refunds"])


def refused(moments: Moments = Moments(now=NOW), **cells: object) -> tuple[str, str]:  # noqa: B008
    with pytest.raises(Refused) as why:
        converter().events(row(**cells), moments)
    return why.value.reason, why.value.column


def test_a_row_makes_the_events_the_mapping_says() -> None:
    (asked, asked_recorded), (granted, recorded) = converter().events(
        row(granted_at=1767400000, how="2"), Moments(now=NOW)
    )
    assert (asked.event_id, asked.kind.value, asked.account_id) == ("asked:7", "refund_requested", "u1")
    assert asked.amount is not None
    assert (asked.amount.minor, asked.amount.currency) == (1250, "CNY")
    assert asked.occurred_at == datetime(2026, 1, 2, tzinfo=UTC)
    assert (asked_recorded - asked.occurred_at).total_seconds() == 60
    assert granted.occurred_at == recorded == datetime.fromtimestamp(1767400000, UTC)
    assert (granted.outcome, granted.amount) == ("balance", None)


def test_the_first_value_that_is_there_counts_and_empty_columns_make_no_event() -> None:
    ((asked, _),) = converter().events(row(buyer=" ", guest="g9", granted_at="NULL"), Moments(now=NOW))
    assert asked.account_id == "g9"


def test_a_row_is_refused_as_a_whole() -> None:
    assert refused(granted_at=1767400000, how="3") == ("not_in_map", "how")
    assert refused(amount="12.345") == ("finer_than_the_currency", "amount")
    assert refused(id="") == ("no_id", "id")
    assert refused(asked_at="") == ("no_time", "asked_at")
    assert refused(buyer="=1+1") == ("formula", "buyer")
    assert refused(buyer={"a": 1}) == ("not_a_text", "buyer")


def test_the_two_clocks_are_held_against_each_other_and_ours() -> None:
    assert refused(asked_at="2026-03-02 08:00:00") == ("in_the_future", "asked_at")
    early = Moments(now=NOW, decided_to=datetime(2026, 1, 2, 0, 2, tzinfo=UTC))
    assert refused(early) == ("before_a_decided_case", "asked_at")
    later = Moments(now=NOW, decided_to=datetime(2026, 1, 2, 0, 1, tzinfo=UTC))
    assert len(converter().events(row(), later)) == 1  # recorded at the very as_of: seen only by cases after it
    learnt = Moments(now=NOW, recorded=NOW)
    assert converter().events(row(), learnt)[0][1] == NOW


def test_what_contradicts_itself_is_refused() -> None:
    mapping = parse(MAPPING.replace("{after_seconds: 60}", "{at: granted_at}")).mapping
    one = Converter(mapping, mapping.sources["refunds"])
    cells = {"id": "7", "asked_at": "2026-01-02 08:00:00", "granted_at": "2026-01-01 08:00:00", "amount": "1"}
    with pytest.raises(Refused) as why:
        one.events([cells.get(name) for name in one.columns], Moments(now=NOW))
    assert why.value.reason == "recorded_before_it_happened"


def test_the_ids_of_our_own_events_cannot_be_taken() -> None:
    mapping = parse(MAPPING.replace("id: {join: [{constant: asked}, id]}", "id: id")).mapping
    one = Converter(mapping, mapping.sources["refunds"])
    cells = {"id": "case:0198:refund_granted", "asked_at": "2026-01-02 08:00:00"}
    with pytest.raises(Refused) as why:
        one.events([cells.get(name) for name in one.columns], Moments(now=NOW))
    assert why.value.reason == "reserved_id"


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ("zone: Asia/Shanghai", "zone: Asia/Shangai", "zone", "not a time zone"),
        ("kind: refund_requested", "kind: refunded", "sources.refunds.events.asked.kind", "refund_requested"),
        ("account_id: buyer", "acount_id: buyer", "sources.refunds.events.granted.acount_id", "spelling"),
        ("{after_seconds: 60}", "{}", "sources.refunds.events.asked.recorded_at", "at (a column) or after_seconds"),
        ("unit: major", "unit: yuan", "sources.refunds.events.asked.amount.unit", "major"),
        ("format: 1", "format: 2", "format", "1"),
        ("{constant: asked}, id", "id", "sources.refunds.events.asked.id.join", "at least 2"),
        ("epoch_seconds}", "epoch}", "sources.refunds.events.granted.occurred_at.format", "epoch_seconds"),
        ("currency: CNY", "currency: yuan", "currency", "A-Z"),
    ],
)
def test_errors_name_the_place_and_say_what_to_write(old: str, new: str, path: str, said: str) -> None:
    with pytest.raises(BadRequest) as error:
        parse(MAPPING.replace(old, new, 1))
    found = {item["path"]: item["message"] for item in error.value.extra["errors"]}
    assert path in found, found
    assert said in found[path]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("format: 1\nformat: 1", "given twice"), ("a: &x [1]\nb: *x", "alias"), ("a: [", "line"), ("[" * 3000, "YAML"),
        ("- 1", "errors"), ("x: !!python/object/apply:os.system [id]", "YAML"), ("a" * 200_001, "characters"),
    ],
)  # fmt: skip
def test_what_is_no_mapping_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadRequest) as error:
        parse(text)
    assert said in error.value.detail


def test_a_status_names_events_that_exist() -> None:
    text = MAPPING.replace("    key: id\n", "    key: id\n    status: {column: how, values: {1: [asked, paid]}}\n")
    with pytest.raises(BadRequest) as error:
        parse(text)
    assert "paid" in str(error.value.extra)


def test_the_ready_mappings_are_valid_and_never_read_codes() -> None:
    assert ready_names() == ("dujiaoka", "template")
    for name in ready_names():
        assert load(name).mapping.name == name
    asked = {column for rule in load("dujiaoka").mapping.sources.values() for column in rule.columns}
    assert asked.isdisjoint({"carmi", "info", "title"})


@pytest.mark.parametrize(
    ("status", "kinds"),
    [
        ("1", []), ("-1", []), ("2", ["order", "payment"]), ("4", ["order", "payment", "fulfilment"]),
        ("6", ["order", "payment", "fulfilment"]),
    ],
)  # fmt: skip
def test_an_order_of_dujiaoka(status: str, kinds: list[str]) -> None:
    mapping = load("dujiaoka").mapping
    orders = Converter(mapping, mapping.sources["orders"])
    cells = {
        "id": 5, "order_sn": "SN1", "goods_id": 3, "actual_price": "9.90", "email": " Li@Mail.COM ", "status": status,
        "buy_ip": "203.0.113.9", "created_at": "2026-01-02 08:00:00", "updated_at": "2026-01-02 08:01:00",
    }  # fmt: skip
    events = orders.events([cells[name] for name in orders.columns], Moments(now=NOW))
    assert [event.kind.value for event, _ in events] == kinds
    for event, recorded in events:
        assert event.account_id == "6981aa88e4d44f5020815192fe2547d28259ea0e7f6cd1531e9ac6b80f247908"  # of li@mail.com
        assert recorded == datetime(2026, 1, 2, 0, 1, tzinfo=UTC)
        assert "@" not in repr(event)
