"""The service is killed at random while cases are withdrawn: sent again with its key, each write happens once."""

from __future__ import annotations

import contextlib
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from running_service import Server, Site, new_claim, new_database, set_up

from service.store import EmbeddedPostgres

pytestmark = pytest.mark.proof

CASES, CLIENTS, KILLS, LOST = 60, 4, 5, 0.3


@pytest.fixture
def site(postgres: EmbeddedPostgres, tmp_path: Path) -> Site:
    return set_up(tmp_path / "home", new_database(postgres), PREREVIEW_READER_WORKERS="1")


class Killed:
    """One service, killed and started anew; clients ask for where it is now."""

    def __init__(self, site: Site, stack: contextlib.ExitStack) -> None:
        self._site, self._stack = site, stack
        self.kills = 0
        self.server: Server = stack.enter_context(site.serving())

    def kill(self) -> None:
        self.server.child.kill()
        self.kills += 1
        self.server = self._stack.enter_context(self._site.serving())


def withdrawn(service: Killed, case_id: str, chance: random.Random) -> httpx.Response:
    """Sent until it is answered, now and then once more, as a client does whose answer was lost."""
    key, end = uuid.uuid4().hex, time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with service.server.http() as http:
                answer = http.post(
                    f"/v1/cases/{case_id}/withdraw", json={"as": "buyer"}, headers={"Idempotency-Key": key}
                )
        except httpx.TransportError:
            time.sleep(0.05)
            continue
        in_flight = answer.status_code == 409 and answer.json()["type"].endswith("request-in-flight")
        if answer.status_code != 503 and not in_flight and chance.random() > LOST:
            return answer
        time.sleep(0.02)
    raise AssertionError("never answered")


def test_every_write_happens_once(site: Site) -> None:
    chance = random.Random(20261122)
    with contextlib.ExitStack() as stack:
        service = Killed(site, stack)
        cases = []
        for _ in range(CASES):
            made = service.server.submit(new_claim(reason="unauthorised"))
            assert made.json()["state"] == "in_review", made.text
            cases.append(made.json()["case_id"])
        done = threading.Event()

        def kill_now_and_then() -> None:
            for _ in range(KILLS):
                if done.wait(chance.uniform(0.05, 0.4)):
                    return
                service.kill()

        with ThreadPoolExecutor(CLIENTS) as pool:
            killer = threading.Thread(target=kill_now_and_then)
            killer.start()
            answers = list(pool.map(lambda case_id: withdrawn(service, case_id, random.Random(case_id)), cases))
            done.set()
            killer.join()
    assert service.kills >= 2
    assert [answer.status_code for answer in answers] == [200] * CASES
    assert any("Idempotent-Replayed" in answer.headers for answer in answers)
    assert {(answer.json()["state"], answer.json()["version"]) for answer in answers} == {("withdrawn", 3)}
    times = dict(site.rows("SELECT subject, count(*) FROM audit WHERE action = 'case.withdraw' GROUP BY subject"))
    assert times == {f"case:{case_id}": 1 for case_id in cases}
    events = site.rows("SELECT count(*) FROM outgoing_events WHERE type = 'case.withdrawn'")
    kept = site.rows("SELECT count(*) FROM kept_answers")
    assert (events, kept) == ([(CASES,)], [(CASES,)])
