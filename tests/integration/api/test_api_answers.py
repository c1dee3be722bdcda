"""A claim gets its answer: the contract, idempotency, linking, polling, scopes, languages."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import orjson
import pytest
from api_service import Service

from service.api.schemas.answers import CaseOut

Make = Callable[..., dict[str, Any]]
DECISIONS = {"auto_approved", "manual_review", "materials_needed"}


def test_a_claim_is_answered_by_the_contract(service: Service, claim: Make) -> None:
    response = service.submit(claim())
    assert response.status_code == 201, response.text
    data = response.json()
    assert CaseOut.model_validate(data).model_dump(mode="json") == data
    assert data["decision"] in DECISIONS
    assert uuid.UUID(data["case_id"]).version == 7
    assert response.headers["Location"] == f"/v1/cases/{data['case_id']}"
    assert response.headers["Content-Language"] == "zh"
    granted = [data[name] is not None for name in ("amount", "currency", "fee", "route")]
    assert granted == [data["decision"] == "auto_approved"] * 4
    with service.http() as http:
        again = http.get(response.headers["Location"])
    assert (again.status_code, again.json()) == (200, data)


def test_the_same_key_and_body_give_the_same_answer_and_one_case(service: Service, claim: Make) -> None:
    sent, key = claim(), uuid.uuid4().hex
    files = [("a.png", b"first"), ("b.png", b"second")]
    first = service.submit(sent, files, idempotency_key=key)
    rewritten = orjson.dumps(sent, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    second = service.submit(rewritten, files[::-1], idempotency_key=key)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_is_a_conflict(service: Service, claim: Make) -> None:
    sent, key = claim(), uuid.uuid4().hex
    assert service.submit(sent, idempotency_key=key).status_code == 201
    for other, files in ((sent, [("a.png", b"x")]), ({**sent, "statement": "other"}, [])):
        refused = service.submit(other, files, idempotency_key=key)
        assert refused.status_code == 409
        assert refused.json()["type"] == "urn:prereview:problem:idempotency-key-reused"


def test_one_platforms_keys_are_not_anothers(service: Service, claim: Make) -> None:
    sent, key = claim(), uuid.uuid4().hex
    ours = service.submit(sent, idempotency_key=key)
    theirs = service.submit(sent, idempotency_key=key, key="north")
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert ours.json()["case_id"] != theirs.json()["case_id"]
    with service.http("north") as http:
        hidden = http.get(f"/v1/cases/{ours.json()['case_id']}")
    assert (hidden.status_code, hidden.json()["type"]) == (404, "urn:prereview:problem:not-found")


def test_another_claim_on_a_live_order_is_linked(service: Service, claim: Make) -> None:
    sent = claim()
    first = service.submit(sent).json()
    key = uuid.uuid4().hex
    for _ in range(2):
        linked = service.submit({**sent, "statement": "once more"}, idempotency_key=key)
        assert linked.status_code == 200, linked.text
        assert linked.json()["case_id"] == first["case_id"]
        assert uuid.UUID(linked.json()["linked_claim_id"])


def test_asynchronous_on_request_and_polled_to_its_decision(service: Service, claim: Make) -> None:
    response = service.submit(claim(), [("a.png", b"not an image")], Prefer="respond-async, wait=5")
    assert response.status_code == 202, response.text
    data = response.json()
    assert (data["decision"], data["amount"], data["state"]) == (None, None, "accepted")
    assert int(response.headers["Retry-After"]) >= 1
    end = time.monotonic() + 30
    with service.http() as http:
        while data["decision"] is None:
            assert time.monotonic() < end, "the job did not finish the case within 30 s"
            time.sleep(0.1)
            data = http.get(response.headers["Location"]).json()
    assert data["decision"] in DECISIONS


def test_internal_reasons_need_their_scope(service: Service, claim: Make) -> None:
    full = service.submit(claim())
    plain = service.submit(claim(), key="claims")
    assert full.json()["internal"]["reasons"]
    assert "internal" not in plain.json()
    assert "probability" not in plain.text
    assert service.submit(claim(), key="events").status_code == 403


@pytest.mark.parametrize(("wanted", "language"), [("en-GB,en;q=0.9", "en"), ("zh-CN", "zh"), ("fr", "zh")])
def test_texts_follow_accept_language(service: Service, claim: Make, wanted: str, language: str) -> None:
    response = service.submit(claim(), **{"Accept-Language": wanted})
    assert response.headers["Content-Language"] == language
    message = response.json()["buyer"]["message"]
    assert any("\u4e00" <= character <= "\u9fff" for character in message) == (language == "zh")


def test_files_that_cannot_be_read_do_not_lose_the_claim(service: Service, claim: Make) -> None:
    files = [
        ("empty.png", b""),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("shot.png", b"MZ\x90\x00 this is a program"),
        ("again.png", b"MZ\x90\x00 this is a program"),
    ]
    response = service.submit(claim(), files)
    assert response.status_code == 201, response.text
    data = response.json()
    assert data["decision"] != "auto_approved"
    evidence = data["internal"]["evidence"]
    assert len(evidence) == 3
    assert {item["status"] for item in evidence} == {"failed"}
    assert "empty_file" in {item["reason"] for item in evidence}


def test_a_foreign_currency_goes_to_a_person(service: Service, claim: Make) -> None:
    sent = claim()
    sent["order"]["currency"] = "USD"
    assert service.submit(sent).json()["decision"] == "manual_review"


def test_one_key_sent_many_times_at_once_opens_one_case(service: Service, claim: Make) -> None:
    sent, key = claim(), uuid.uuid4().hex
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: service.submit(sent, idempotency_key=key), range(8)))
    decided = [answer for answer in answers if answer.status_code == 201]
    waiting = [answer for answer in answers if answer.status_code == 409]
    assert len(decided) + len(waiting) == 8
    assert len([answer for answer in decided if "Idempotent-Replayed" not in answer.headers]) == 1
    assert len({answer.json()["case_id"] for answer in decided}) == 1
    for answer in waiting:
        assert answer.json()["type"] == "urn:prereview:problem:request-in-flight"
        assert int(answer.headers["Retry-After"]) >= 1


def test_one_order_claimed_many_times_at_once_is_one_live_case(service: Service, claim: Make) -> None:
    sent = claim()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: service.submit(sent), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["case_id"] for answer in answers}) == 1
