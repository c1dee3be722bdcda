"""Service, worker and reader processes are killed at random while claims arrive: none lost, none decided twice."""

from __future__ import annotations

import contextlib
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from rich.console import Console
from rich.table import Table
from running_service import Child, NotYet, Server, Site, long_capture, new_claim, new_database, screen, set_up, wait_for

from service.store import EmbeddedPostgres

pytestmark = pytest.mark.proof

CLAIMS = 60  # at least, and until so many kills are done
KILLS = 30
CLIENTS = 4
LOAD_SECONDS = 120
SETTLE_SECONDS = 100
ORDERS_CLAIMED_TWICE = 0.25  # of the claims, under another key


@dataclass
class Cluster:
    """Two services and a worker on one database; each is started again when it is killed."""

    site: Site
    chance: random.Random
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    servers: list[Server] = field(default_factory=list)
    worker: Child | None = None
    killed: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        self.servers = [self._server() for _ in range(2)]
        self.worker = self.stack.enter_context(self.site.working())

    def _server(self) -> Server:
        return self.stack.enter_context(self.site.serving())

    def kill_something(self) -> None:
        kind = self.chance.choices(("service", "worker", "reader"), (3, 3, 6))[0]
        if kind == "service":
            index = self.chance.randrange(len(self.servers))
            self.servers[index].child.kill()
            self.servers[index] = self._server()
        elif kind == "worker":
            assert self.worker
            self.worker.kill()
            self.worker = self.stack.enter_context(self.site.working())
        else:
            assert self.worker
            child = self.chance.choice([*(server.child for server in self.servers), self.worker])
            readers = child.readers()
            if not readers:
                return
            with contextlib.suppress(psutil.Error):
                self.chance.choice(readers).kill()
        self.killed[kind] += 1


@dataclass(frozen=True)
class Accepted:
    """What a platform was told: these must be true for ever after."""

    order: str
    case_id: str
    decision: str | None


def send(cluster: Cluster, claim: dict[str, Any], pages: list[bytes], key: str, until: float) -> Accepted:
    """As a careful platform does: the same key again until there is an answer."""
    while True:
        assert time.monotonic() < until, "a claim was never answered"
        server = random.choice(cluster.servers)
        try:
            response = server.submit(claim, pages, idempotency_key=key)
        except httpx.TransportError:
            time.sleep(0.2)
            continue
        if response.status_code in (200, 201, 202):
            data = response.json()
            return Accepted(claim["order"]["order_number"], data["case_id"], data["decision"])
        if response.status_code == 409:  # accepted by a service that died over it: to be polled
            data = response.json()
            assert data["type"] == "urn:prereview:problem:request-in-flight", data
            return Accepted(claim["order"]["order_number"], data["case_id"], None)
        assert response.status_code == 503, response.text
        time.sleep(0.5)


def make_claims(chance: random.Random) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    slow = [long_capture(4, name) for name in ("0011-toast.jpg", "0003-order_cards.jpg")]
    quick = [screen(name) for name in ("0005-order_stacked.jpg", "0016-redeem_dialog.webp")]
    earlier: list[dict[str, Any]] = []
    while True:
        claim = new_claim()
        if earlier and chance.random() < ORDERS_CLAIMED_TWICE:
            claim["order"]["order_number"] = chance.choice(earlier)["order"]["order_number"]
        earlier.append(claim)
        # Bytes of their own, so that each page is read and not found among the readings kept.
        pages = [chance.choice(slow if chance.random() < 0.4 else quick) + uuid.uuid4().bytes]
        yield claim, [] if chance.random() < 0.3 else pages


@pytest.fixture
def cluster(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[Cluster]:
    site = set_up(
        tmp_path,
        new_database(postgres),
        PREREVIEW_READER_WORKERS="1",
        PREREVIEW_ANSWER_DEADLINE_SECONDS="4",
        PREREVIEW_READER_DEADLINE_SECONDS="20",
        PREREVIEW_LOG_LEVEL="WARNING",
    )
    with contextlib.ExitStack() as stack:
        started = Cluster(site, random.Random(20261121), stack)
        started.start()
        yield started


def test_random_kills_lose_no_claim_and_decide_none_twice(cluster: Cluster) -> None:
    until = time.monotonic() + LOAD_SECONDS
    answers: list[Accepted] = []
    claims, turn = make_claims(random.Random(7)), threading.Lock()

    def enough() -> bool:
        return len(answers) >= CLAIMS and sum(cluster.killed.values()) >= KILLS

    def client() -> None:
        while not enough():
            with turn:
                claim, pages = next(claims)
            answers.append(send(cluster, claim, pages, uuid.uuid4().hex, until))

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(client) for _ in range(CLIENTS)]
        while not enough() and time.monotonic() < until:
            time.sleep(cluster.chance.uniform(0.2, 1.5))
            cluster.kill_something()
        for one in clients:
            one.result()

    site = cluster.site
    pending = "SELECT count(*) FROM cases WHERE state IN ('accepted', 'assessing')"
    with contextlib.suppress(NotYet):
        wait_for(lambda: site.rows(pending) == [(0,)], SETTLE_SECONDS, "cases still pending", 1.0)
    show(cluster, answers)

    cases = {case_id: (order, state) for case_id, order, state in _cases(site)}
    assert site.rows(pending) == [(0,)]
    for answer in answers:
        assert cases[answer.case_id][0] == answer.order, "an accepted claim was lost"
    orders = Counter(order for order, _ in cases.values())
    assert set(orders.values()) == {1}, "an order has more than one live case"
    decisions = _counted(site, "SELECT case_id::text, count(*) FROM assessments GROUP BY 1")
    assert {decisions.get(case_id, 0) for case_id in cases} == {1}, "a case was decided not exactly once"
    grants = _counted(
        site, "SELECT case_id::text, count(*) FROM history_events WHERE kind = 'refund_granted' GROUP BY 1"
    )
    approved = {case_id for case_id, (_, state) in cases.items() if state == "auto_approved"}
    assert grants == dict.fromkeys(approved, 1), "a grant was recorded twice, or without an approval"
    stands = dict(site.rows("SELECT case_id::text, decision FROM assessments"))
    for answer in answers:
        assert answer.decision in (None, stands[answer.case_id]), "a platform was told another decision"
    used = site.rows("SELECT coalesce(sum(count), 0) FROM budget_usage WHERE budget = 'platform-day'")[0][0]
    assert used == len(approved), "budgets and approvals disagree"
    assert len(answers) >= CLAIMS
    assert sum(cluster.killed.values()) >= KILLS
    assert min(cluster.killed[kind] for kind in ("service", "worker", "reader")) >= 1


def _cases(site: Site) -> list[tuple[Any, ...]]:
    return site.rows("SELECT id::text, order_number, state FROM cases")


def _counted(site: Site, query: str) -> dict[str, int]:
    return dict(site.rows(query))


def show(cluster: Cluster, answers: list[Accepted]) -> None:
    """For `pytest -s` and for the report of a failure."""
    table = Table("what", "count")
    site = cluster.site
    by_state = Counter(state for _, _, state in _cases(site))
    reasons = "SELECT e->'outcome'->>'reason' FROM assessments, jsonb_array_elements(document->'evidence') e"
    failed = Counter(reason for (reason,) in site.rows(reasons) if reason)
    rows = {
        "claims answered": len(answers),
        "answered while still pending": sum(answer.decision is None for answer in answers),
        "cases": sum(by_state.values()),
        **{f"cases {state}": count for state, count in sorted(by_state.items())},
        **{f"killed: {kind}": count for kind, count in sorted(cluster.killed.items())},
        **{f"pages failed: {reason}": count for reason, count in sorted(failed.items())},
    }
    for name, count in rows.items():
        table.add_row(name, str(count))
    Console().print(table)
