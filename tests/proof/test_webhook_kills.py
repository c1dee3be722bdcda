"""Workers are killed while they send: no event is lost, and the feed has no gap. Prints its table."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
import pytest
import standardwebhooks
from running_service import Site, free_port, new_claim, new_database, set_up, wait_for

from service.store import EmbeddedPostgres

pytestmark = pytest.mark.proof
KILLS = 4


@contextmanager
def receiver(chance: random.Random) -> Iterator[tuple[int, list[tuple[dict[str, str], bytes]]]]:
    """Takes its time, fails one message in ten, and remembers what it acknowledged."""
    taken: list[tuple[dict[str, str], bytes]] = []
    refused: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(chance.uniform(0, 0.4))
            # At the first attempt only: the later ones are minutes apart.
            ok = self.headers["webhook-id"] in refused or chance.random() > 0.1
            if not ok:
                refused.add(self.headers["webhook-id"])
            if ok:
                taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(204 if ok else 503)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", free_port()), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], taken
    finally:
        server.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def site(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Site:
    return set_up(
        tmp_path_factory.mktemp("home"), new_database(postgres), PREREVIEW_READER_WORKERS="1",
        PREREVIEW_WEBHOOK_ALLOW_PRIVATE="true",
    )  # fmt: skip


def test_killed_workers_lose_no_event(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(11)
    with receiver(chance) as (port, taken), site.serving() as server:
        with server.http() as http:
            made = http.post(
                "/v1/webhooks", json={"url": f"http://127.0.0.1:{port}/"}, headers={"Idempotency-Key": "one"}
            ).json()
        accepted: list[str] = []

        enough = threading.Event()

        def submit() -> None:
            while not enough.wait(0.5):
                answer = server.submit(new_claim())
                if answer.status_code in (200, 201, 202):
                    accepted.append(answer.json()["case_id"])

        sending = threading.Thread(target=submit)
        sending.start()
        cut_off = 0
        for _ in range(KILLS):
            before = len(taken)
            with site.working() as worker:
                wait_for(lambda before=before: len(taken) > before + 3, 120, "the worker sent nothing")
                time.sleep(chance.uniform(0, 0.5))
                worker.kill()
                cut_off += site.rows("SELECT count(*) FROM webhook_deliveries WHERE lease IS NOT NULL")[0][0]
        enough.set()
        sending.join(120)
        with site.working():
            wait_for(lambda: _over(site), 180, "not everything was delivered", 0.5)
        events = site.rows("SELECT id, position, case_id FROM outgoing_events ORDER BY position")
        feed = _feed(server)
    assert [position for _, position, _ in events] == list(range(1, len(events) + 1))
    assert [event["id"] for event in feed] == [str(event_id) for event_id, _, _ in events]
    assert {str(case_id) for _, _, case_id in events if case_id} == set(accepted)
    got = Counter(headers["webhook-id"] for headers, _ in taken)
    assert set(got) == {str(event_id) for event_id, _, _ in events}
    for headers, body in taken[-20:]:
        standardwebhooks.Webhook(made["secret"]).verify(body, headers)
    for _, body in taken:
        assert orjson.loads(body)["schema_version"] == 1
    assert cut_off > 0, "no kill met a worker that was sending"
    with capsys.disabled():
        print(
            f"\nclaims {len(accepted)}, worker kills {KILLS}, deliveries cut off {cut_off}, events {len(events)}, "
            f"delivered {len(got)}, "
            f"delivered more than once {sum(count > 1 for count in got.values())}, lost {len(events) - len(got)}"
        )


def _over(site: Site) -> bool:
    [(unplaced,)] = site.rows("SELECT count(*) FROM outgoing_events WHERE position IS NULL")
    [(pending,)] = site.rows("SELECT count(*) FROM webhook_deliveries WHERE state <> 'delivered'")
    [(events,)] = site.rows("SELECT count(*) FROM outgoing_events")
    print(f"events {events}, unplaced {unplaced}, not delivered {pending}")  # shown where it is not over in time
    return events > 0 and unplaced == 0 and pending == 0


def _feed(server: Any) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    after = 0
    with server.http() as http:
        while True:
            page = http.get("/v1/feed", params={"after": after, "limit": 7}).json()
            events += page["events"]
            if page["next"] == after:
                return events
            after = page["next"]
