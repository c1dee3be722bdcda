"""Service, worker, reader and database processes are killed at random, the disk fills and clocks jump while claims
arrive: no claim is lost or decided twice, no webhook lost, budgets right, and the audit trail verifies."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from rich.console import Console
from rich.table import Table
from running_service import (
    CLOCK_START,
    Child,
    NotYet,
    Server,
    Site,
    long_capture,
    new_claim,
    screen,
    set_up,
    wait_for,
)

from service.store import EmbeddedPostgres

pytestmark = pytest.mark.proof

CLAIMS = 500  # at least, and until so many faults are done
FAULTS = 60
CLIENTS = 6
LOAD_SECONDS = 1200
ANSWER_SECONDS = 180  # the longest a platform asks for one answer
SETTLE_SECONDS = 300
ORDERS_CLAIMED_TWICE = 0.15  # of the claims, under another key
PAID = 0.5  # of the approvals are reported as paid, twice
KINDS = {"service": 5, "worker": 5, "reader": 6, "database": 3, "disk full": 2, "clock jump": 3}
PAUSES = (0.5, 2.0)  # seconds between one client's claims: the pages of all must fit on the disk
DISK_BYTES = 1 * 2**30


class Receiver:
    """A platform's webhook endpoint that fails every fifth time, but no event more than twice: the third retry is two
    minutes off, the fourth fifteen. Keeps the ids of what it took."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.failed: Counter[str] = Counter()
        chance, lock = random.Random(11), threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    fails = receiver.failed[event["id"]] < 2 and chance.random() < 0.2
                    (receiver.failed if fails else receiver.taken)[event["id"]] += 1
                self.send_response(503 if fails else 204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Cluster:
    """Two services and a worker on one database; each is started again when it is killed."""

    site: Site
    postgres: EmbeddedPostgres
    disk: Path
    chance: random.Random
    stack: contextlib.ExitStack = field(default_factory=contextlib.ExitStack)
    servers: list[Server] = field(default_factory=list)
    worker: Child | None = None
    done: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        self.servers = [self._server() for _ in range(2)]
        self.worker = self.stack.enter_context(self.site.working())

    def _server(self, **environment: str) -> Server:
        return self.stack.enter_context(self.site.serving(**environment))

    def strike(self) -> None:
        """One fault, and the part it struck at work again."""
        kind = self.chance.choices(list(KINDS), list(KINDS.values()))[0]
        if kind == "service":
            self._serve_again()
        elif kind == "worker":
            assert self.worker
            self.worker.kill()
            self.worker = self.stack.enter_context(self.site.working())
        elif kind == "reader":
            if not self._kill_reader():
                return
        elif kind == "database":
            pid = int((self.postgres.data / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(pid, signal.SIGKILL)
            # Asked a moment too early it is still taken for running, and stays dead.
            wait_for(lambda: not psutil.pid_exists(pid), 20, "the database did not die")
            self.postgres.acquire()
        elif kind == "disk full":
            self._fill_disk()
        else:
            # Its clock is hours off the others', until it is killed in its turn.
            off = timedelta(hours=self.chance.choice((-3, 2, 5)))
            self._serve_again(PREREVIEW_CLOCK_START=(CLOCK_START + off).isoformat())
        self.done[kind] += 1

    def _serve_again(self, **environment: str) -> None:
        index = self.chance.randrange(len(self.servers))
        self.servers[index].child.kill()
        self.servers[index] = self._server(**environment)

    def _kill_reader(self) -> bool:
        assert self.worker
        child = self.chance.choice([*(server.child for server in self.servers), self.worker])
        readers = child.readers()
        with contextlib.suppress(psutil.Error):
            if readers:
                self.chance.choice(readers).kill()
        return bool(readers)

    def _fill_disk(self) -> None:
        filler = self.disk / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(bytes(2**20))
        time.sleep(2)
        filler.unlink(missing_ok=True)


@dataclass(frozen=True)
class Accepted:
    """What a platform was told: these must be true for ever after."""

    order: str
    case_id: str
    decision: str | None


def send(cluster: Cluster, claim: dict[str, Any], pages: list[bytes], key: str) -> Accepted:
    """As a careful platform does: the same key again until there is an answer."""
    until = time.monotonic() + ANSWER_SECONDS
    while True:
        assert time.monotonic() < until, f"a claim with {len(pages)} pages was never answered"
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
        if response.status_code == 422:  # a service whose clock lags takes the order for one of the future
            time.sleep(0.2)
            continue
        assert response.status_code == 503, response.text
        time.sleep(0.5)


def tell_paid(cluster: Cluster, answer: Accepted) -> None:
    """Twice under one reference, as often as it takes."""
    said = {
        "reference": f"pay-{answer.case_id}",
        "kind": "paid",
        "occurred_at": (CLOCK_START - timedelta(hours=4)).isoformat(),
        "amount": 2950,
    }
    for attempt in range(2):
        key = f"paid-{answer.case_id}-{attempt}"
        until = time.monotonic() + ANSWER_SECONDS
        while True:
            assert time.monotonic() < until, "a payment was never taken"
            try:
                with random.choice(cluster.servers).http() as http:
                    response = http.post(
                        f"/v1/cases/{answer.case_id}/outcomes", json=said, headers={"Idempotency-Key": key}
                    )
            except httpx.TransportError:
                time.sleep(0.2)
                continue
            if response.status_code == 200:
                break
            assert response.status_code in (409, 422, 503), response.text
            time.sleep(0.3)


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
        pages = [chance.choice(slow if chance.random() < 0.2 else quick) + uuid.uuid4().bytes]
        yield claim, [] if chance.random() < 0.7 else pages


@pytest.fixture
def own_disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system for the evidence, so that filling it hurts nobody else."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("a disk can only be filled where this user may mount one")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    started = Receiver()
    yield started
    started.close()


@pytest.fixture
def cluster(tmp_path: Path, own_disk: Path, receiver: Receiver) -> Iterator[Cluster]:
    with EmbeddedPostgres(tmp_path / "db") as postgres, contextlib.ExitStack() as stack:
        site = set_up(
            tmp_path,
            postgres.url(),
            PREREVIEW_READER_WORKERS="1",
            PREREVIEW_ANSWER_DEADLINE_SECONDS="4",
            PREREVIEW_READER_DEADLINE_SECONDS="20",
            PREREVIEW_EVIDENCE_URL=own_disk.as_uri(),
            PREREVIEW_WEBHOOK_ALLOW_PRIVATE="true",
            PREREVIEW_RATE_LIMITS='{"standard": ""}',
            PREREVIEW_CHECKPOINT_ENTRIES="200",
            PREREVIEW_LOG_LEVEL="WARNING",
        )
        made = site.command("webhooks", "create", "--platform", "demo", "--url", receiver.url)
        assert made.returncode == 0, made.stderr
        started = Cluster(site, postgres, own_disk, random.Random(20261121), stack)
        started.start()
        yield started


def test_no_fault_loses_a_claim_decides_one_twice_or_breaks_the_chain(cluster: Cluster, receiver: Receiver) -> None:
    until = time.monotonic() + LOAD_SECONDS
    answers: list[Accepted] = []
    claims, turn, chance = make_claims(random.Random(7)), threading.Lock(), random.Random(5)

    def enough() -> bool:
        return len(answers) >= CLAIMS and sum(cluster.done.values()) >= FAULTS

    def client() -> None:
        while not enough() and time.monotonic() < until:
            with turn:
                claim, pages = next(claims)
            answer = send(cluster, claim, pages, uuid.uuid4().hex)
            answers.append(answer)
            if answer.decision == "auto_approved" and chance.random() < PAID:
                tell_paid(cluster, answer)
            time.sleep(chance.uniform(*PAUSES))

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(client) for _ in range(CLIENTS)]
        while not enough() and time.monotonic() < until and not all(one.done() for one in clients):
            time.sleep(cluster.chance.uniform(0.5, 3.0))
            cluster.strike()
            Console().print(f"{time.monotonic() - began:5.0f} s  {len(answers)} answers  {dict(cluster.done)}")
        for one in clients:
            one.result()
    loaded = time.monotonic() - began

    site = cluster.site
    with contextlib.suppress(NotYet):
        wait_for(lambda: _left(site, receiver) == 0, SETTLE_SECONDS, "something is still to be done", 1.0)
    verified = site.command("audit", "verify", "--json")
    show(cluster, answers, receiver, loaded, verified.returncode)
    hold(site, answers, receiver)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert len(answers) >= CLAIMS
    assert sum(cluster.done.values()) >= FAULTS
    assert set(cluster.done) == set(KINDS)


_PENDING = "SELECT count(*) FROM cases WHERE state IN ('accepted', 'assessing')"
_UNCHAINED = "SELECT count(*) FROM audit WHERE position IS NULL"


def _left(site: Site, receiver: Receiver) -> int:
    """Cases to assess, entries to chain and events to tell."""
    told = {event_id for (event_id,) in site.rows("SELECT id::text FROM outgoing_events")}
    pending, unchained = site.rows(_PENDING)[0][0], site.rows(_UNCHAINED)[0][0]
    return int(pending) + int(unchained) + len(told - set(receiver.taken))


def hold(site: Site, answers: list[Accepted], receiver: Receiver) -> None:
    cases = {case_id: (order, state) for case_id, order, state in _cases(site)}
    assert site.rows(_PENDING) == [(0,)]
    for answer in answers:
        assert cases[answer.case_id][0] == answer.order, "an accepted claim was lost"
    orders = Counter(order for order, _ in cases.values())
    assert set(orders.values()) == {1}, "an order has more than one live case"
    decided = _counted(site, "SELECT subject, count(*) FROM audit WHERE action = 'case.assessed' GROUP BY 1")
    assert {decided.get(f"case:{case_id}", 0) for case_id in cases} == {1}, "a case was decided not exactly once"
    granted = _counted(site, "SELECT case_id::text, count(*) FROM grants GROUP BY 1")
    recorded = _counted(
        site, "SELECT case_id::text, count(*) FROM history_events WHERE kind = 'refund_granted' GROUP BY 1"
    )
    approved = {case_id for case_id, (_, state) in cases.items() if state in ("auto_approved", "paid")}
    assert granted == recorded == dict.fromkeys(approved, 1), "a grant was made twice, or without an approval"
    stands = dict(site.rows("SELECT case_id::text, decision FROM assessments WHERE superseded_at IS NULL"))
    for answer in answers:
        assert answer.decision in (None, stands[answer.case_id]), "a platform was told another decision"
    used = site.rows("SELECT coalesce(sum(count), 0) FROM budget_usage WHERE budget = 'platform-day'")[0][0]
    assert used == len(approved), "budgets and approvals disagree"
    payments = _counted(site, "SELECT case_id::text, count(*) FROM outcomes GROUP BY 1")
    paid = {case_id for case_id, (_, state) in cases.items() if state == "paid"}
    assert payments == dict.fromkeys(paid, 1), "a payment was lost or kept twice"
    events = site.rows("SELECT id::text, position FROM outgoing_events ORDER BY position")
    assert [position for _, position in events] == list(range(1, len(events) + 1)), "the feed has a gap"
    assert {event_id for event_id, _ in events} == set(receiver.taken), "a webhook was lost"
    assert site.rows(_UNCHAINED) == [(0,)]


def _cases(site: Site) -> list[tuple[Any, ...]]:
    return site.rows("SELECT id::text, order_number, state FROM cases")


def _counted(site: Site, query: str) -> dict[str, int]:
    return dict(site.rows(query))


def show(cluster: Cluster, answers: list[Accepted], receiver: Receiver, seconds: float, verify: int) -> None:
    """For `pytest -s` and for the report of a failure."""
    table = Table("what", "count")
    site = cluster.site
    by_state = Counter(state for _, _, state in _cases(site))
    reasons = "SELECT e->'outcome'->>'reason' FROM assessments, jsonb_array_elements(document->'evidence') e"
    failed = Counter(reason for (reason,) in site.rows(reasons) if reason)
    rows = {
        "claims answered": len(answers),
        "seconds of load": round(seconds),
        "answered while still pending": sum(answer.decision is None for answer in answers),
        "cases": sum(by_state.values()),
        **{f"cases {state}": count for state, count in sorted(by_state.items())},
        **{f"faults: {kind}": count for kind, count in sorted(cluster.done.items())},
        **{f"pages failed: {reason}": count for reason, count in sorted(failed.items())},
        "events told": len(receiver.taken),
        "events told more than once": sum(count > 1 for count in receiver.taken.values()),
        "webhooks refused by the receiver": receiver.failed.total(),
        "audit entries": site.rows("SELECT count(*) FROM audit")[0][0],
        "exit code of audit verify": verify,
    }
    for name, count in rows.items():
        table.add_row(name, str(count))
    Console().print(table)
