"""What every write and every list keeps to: once, at most once at a time, never on something that has changed."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from api_service import Service

from service.store import EmbeddedPostgres

Make = Callable[..., dict[str, Any]]
# A person has to look: the case stays where moves are possible.
UNDECIDED = {"reason": "unauthorised"}


def opened(service: Service, claim: Make) -> dict[str, Any]:
    answer = service.submit(claim(**UNDECIDED))
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "in_review"
    return {**answer.json(), "etag": answer.headers["ETag"]}


def withdraw(http: httpx.Client, case: dict[str, Any], key: str = "", **headers: str) -> httpx.Response:
    sent = {"Idempotency-Key": key or uuid.uuid4().hex, **headers}
    return http.post(f"/v1/cases/{case['case_id']}/withdraw", json={"reason": "works now"}, headers=sent)


def moves(service: Service, postgres: EmbeddedPostgres, case: dict[str, Any]) -> int:
    """How often the case was withdrawn, by the audit trail."""
    url = postgres.url(service.database).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT count(*) FROM audit WHERE subject = %s AND action = 'case.withdraw'", [f"case:{case['case_id']}"]
        ).fetchone()
    assert found is not None
    return int(found[0])


def test_a_write_sent_again_is_answered_from_memory(service: Service, claim: Make, postgres: EmbeddedPostgres) -> None:
    case, key = opened(service, claim), uuid.uuid4().hex
    with service.http() as http:
        first, again = withdraw(http, case, key), withdraw(http, case, key)
        with_other_body = http.post(
            f"/v1/cases/{case['case_id']}/withdraw", json={"reason": "x"}, headers={"Idempotency-Key": key}
        )
        with_other_key = withdraw(http, case)
    assert (first.status_code, first.json()["state"], first.json()["version"]) == (200, "withdrawn", 3)
    assert "Idempotent-Replayed" not in first.headers
    assert (again.status_code, again.content) == (200, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (with_other_body.status_code, with_other_body.json()["type"].rpartition(":")[2]) == (
        409,
        "idempotency-key-reused",
    )
    assert (with_other_key.status_code, with_other_key.json()["type"].rpartition(":")[2]) == (409, "illegal-move")
    assert moves(service, postgres, case) == 1


def test_the_same_write_many_times_at_once_happens_once(
    service: Service, claim: Make, postgres: EmbeddedPostgres
) -> None:
    case, key, start = opened(service, claim), uuid.uuid4().hex, threading.Barrier(8)

    def send(_: int) -> httpx.Response:
        with service.http() as http:
            start.wait(10)
            return withdraw(http, case, key)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(send, range(8)))
    done = [answer for answer in answers if answer.status_code == 200]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert len(done) + len(refused) == 8
    assert sum("Idempotent-Replayed" not in answer.headers for answer in done) == 1
    assert len({answer.content for answer in done}) == 1
    assert {answer.json()["type"].rpartition(":")[2] for answer in refused} <= {"request-in-flight"}
    assert all(answer.headers["Retry-After"] for answer in refused)
    assert moves(service, postgres, case) == 1


def test_what_was_refused_is_not_remembered(service: Service, claim: Make, postgres: EmbeddedPostgres) -> None:
    case, key = opened(service, claim), uuid.uuid4().hex
    with service.http() as http:
        stale = withdraw(http, case, key, **{"If-Match": '"1"'})
        fresh = withdraw(http, case, key, **{"If-Match": case["etag"]})
    assert (stale.status_code, stale.json()["type"].rpartition(":")[2]) == (409, "stale-write")
    assert (stale.json()["state"], stale.json()["version"]) == ("in_review", 2)
    assert fresh.status_code == 200
    assert moves(service, postgres, case) == 1


@pytest.mark.parametrize("header", ['"x"', "2", 'W/"2"', '"2", "3"', '"-1"', '"99999999999"'])
def test_an_if_match_that_cannot_be_meant_is_refused(service: Service, claim: Make, header: str) -> None:
    with service.http() as http:
        answer = withdraw(http, {"case_id": uuid.uuid4()}, **{"If-Match": header})
    assert answer.status_code == 400


def test_a_case_not_changed_is_not_sent_again(service: Service, claim: Make) -> None:
    case = opened(service, claim)
    with service.http() as http:
        read = http.get(f"/v1/cases/{case['case_id']}")
        same = http.get(f"/v1/cases/{case['case_id']}", headers={"If-None-Match": read.headers["ETag"]})
        weak = http.get(f"/v1/cases/{case['case_id']}", headers={"If-None-Match": f'"x", W/{read.headers["ETag"]}'})
        other = http.get(
            f"/v1/cases/{case['case_id']}",
            headers={"If-None-Match": read.headers["ETag"], "Accept-Language": "en"},
        )
        withdraw(http, case)
        changed = http.get(f"/v1/cases/{case['case_id']}", headers={"If-None-Match": read.headers["ETag"]})
    assert read.headers["ETag"] == case["etag"]
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", case["etag"])
    assert (weak.status_code, other.status_code, changed.status_code) == (304, 200, 200)


def test_an_answer_is_not_repeated_to_a_key_that_may_see_less(service: Service, claim: Make) -> None:
    case, key = opened(service, claim), uuid.uuid4().hex
    with service.http() as full, service.http("cases") as cases:
        assert withdraw(full, case, key).status_code == 200
        assert withdraw(cases, case, key).status_code == 403


def test_another_platform_neither_acts_nor_learns(service: Service, claim: Make) -> None:
    case, key = opened(service, claim), uuid.uuid4().hex
    with service.http("north") as north, service.http() as own:
        foreign = withdraw(north, case, key)
        nobodys = withdraw(north, {"case_id": uuid.uuid4()})
        assert withdraw(own, case, key).status_code == 200
        after = withdraw(north, case, key)
    for answer in (foreign, nobodys, after):
        assert answer.status_code == 404
    shown = [{**answer.json(), "request_id": ""} for answer in (foreign, nobodys)]
    assert shown[0] == shown[1]


def test_a_key_that_used_up_its_requests_is_told_when_to_come_back(service: Service) -> None:
    with service.http("trickle") as http:
        answers = [http.get(f"/v1/cases/{uuid.uuid4()}") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [404, 404, 404, 429, 429]
    assert all(answer.headers["RateLimit-Policy"] == '"minute";q=3;w=60' for answer in answers)
    left = [answer.headers["RateLimit"].split(";")[1] for answer in answers]
    assert left == ["r=2", "r=1", "r=0", "r=0", "r=0"]
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 120
    assert answers[3].json()["type"].rpartition(":")[2] == "too-many-requests"
    with service.http() as http:  # its platform's other keys are not held to it
        assert http.get(f"/v1/cases/{uuid.uuid4()}").status_code == 404
