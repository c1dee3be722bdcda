from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from service.domain.codec import from_data
from service.domain.history import EventKind, HistoryEvent
from training.demo_history import ORDINARY, RING, RING_FROM, write_demo_history
from training.simulator.parameters import load_parameters

COMMITTED = Path(__file__).parents[3] / "service" / "demo" / "history.ndjson.gz"
NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
Entry = tuple[HistoryEvent, datetime]


def read(path: Path) -> list[Entry]:
    entries = []
    for line in gzip.decompress(path.read_bytes()).splitlines():
        data = orjson.loads(line)
        recorded_at = datetime.fromisoformat(data.pop("recorded_at"))
        entries.append((from_data(HistoryEvent, data), recorded_at))
    return entries


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return read(COMMITTED)


def test_the_committed_file_is_what_the_command_writes(tmp_path: Path) -> None:
    path = tmp_path / "history.ndjson.gz"
    write_demo_history(path, load_parameters())
    assert gzip.decompress(path.read_bytes()) == gzip.decompress(COMMITTED.read_bytes())


def test_it_is_small_unique_and_past(entries: list[Entry]) -> None:
    assert COMMITTED.stat().st_size <= 600_000
    assert len({event.event_id for event, _ in entries}) == len(entries) > 5000
    cases = [(event.case_id, event.kind) for event, _ in entries if event.case_id]
    assert len(set(cases)) == len(cases)
    for event, recorded_at in entries:
        assert event.occurred_at <= recorded_at < NOW


def test_the_ring_shares_everything_and_was_refunded(entries: list[Entry]) -> None:
    since = NOW - timedelta(days=90)
    recent = [event for event, _ in entries if event.account_id in RING and event.occurred_at > since]
    granted = [event for event in recent if event.kind is EventKind.REFUND_GRANTED]
    assert {event.account_id for event in granted} == set(RING)
    assert len(granted) >= 15
    assert sum(event.kind in (EventKind.REFUND_WRONG, EventKind.CHARGEBACK) for event in recent) >= 3
    for event in granted:
        assert {name: getattr(event, name) for name in RING_FROM} == RING_FROM


def test_ordinary_accounts_buy_and_are_rarely_refunded(entries: list[Entry]) -> None:
    since = NOW - timedelta(days=90)
    for account_id in ORDINARY:
        mine = [event for event, _ in entries if event.account_id == account_id]
        orders = [event for event in mine if event.kind is EventKind.ORDER and event.occurred_at > since]
        assert len(orders) >= 4, account_id
        assert sum(event.kind is EventKind.REFUND_GRANTED for event in mine) <= 1
        assert any(event.kind is EventKind.ACCOUNT_OPENED for event in mine)


def test_all_twelve_sellers_have_a_past(entries: list[Entry]) -> None:
    sellers = {event.seller_id for event, _ in entries if event.kind is EventKind.ORDER}
    assert sellers >= {f"sel-{number:02d}" for number in range(1, 13)}
