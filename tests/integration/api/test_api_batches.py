"""POST /v1/pre-reviews/batch: each claim for itself, none decided twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import orjson
import pytest
from api_service import Service

Make = Callable[..., dict[str, Any]]


def item(claim: dict[str, Any], *parts: str) -> dict[str, Any]:
    return {"idempotency_key": uuid.uuid4().hex, "claim": claim, "evidence": list(parts)}


def send(service: Service, items: Any, files: tuple[tuple[str, bytes], ...] = (), key: str = "full") -> httpx.Response:
    with service.http(key) as http:
        if not files:
            return http.post("/v1/pre-reviews/batch", json=items)
        parts: list[Any] = [("claims", ("claims.json", orjson.dumps(items), "application/json"))]
        parts += [(name, (f"{name}.png", data, "image/png")) for name, data in files]
        return http.post("/v1/pre-reviews/batch", files=parts)


def test_every_claim_is_answered_for_itself(service: Service, claim: Make) -> None:
    good, foreign, broken = claim(), claim(platform="north"), claim(amount_claimed="29.50")
    items = [item(good), item(foreign), item(broken), {"claim": good}, "nonsense", item(claim(), "no_such_part")]
    answer = send(service, items)
    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    assert [result["status"] for result in results] == [201, 403, 422, 422, 422, 422]
    assert (answer.json()["accepted"], answer.json()["refused"]) == (1, 5)
    assert results[0]["case"]["decision"] is not None
    assert [result["index"] for result in results] == list(range(6))
    assert results[2]["problem"]["errors"][0]["path"] == "amount_claimed"
    assert all((result["case"] is None) != (result["problem"] is None) for result in results)
    with service.http() as http:
        alone = http.get(f"/v1/cases/{results[0]['case']['case_id']}")
    assert alone.json() == results[0]["case"]


def test_a_batch_sent_again_decides_nothing_twice(service: Service, claim: Make) -> None:
    items = [item(claim()) for _ in range(12)]
    first, again = send(service, items), send(service, items)
    assert [result["replayed"] for result in first.json()["results"]] == [False] * 12
    assert [result["replayed"] for result in again.json()["results"]] == [True] * 12
    cases = [result["case"]["case_id"] for result in first.json()["results"]]
    assert cases == [result["case"]["case_id"] for result in again.json()["results"]]
    assert len(set(cases)) == 12
    changed = [{**items[0], "claim": {**items[0]["claim"], "statement": "other"}}, *items[1:3]]
    assert [result["status"] for result in send(service, changed).json()["results"]] == [409, 201, 201]
    # One of a batch is the same as one alone.
    single = service.submit(items[0]["claim"], idempotency_key=items[0]["idempotency_key"])
    assert (single.json()["case_id"], single.headers["Idempotent-Replayed"]) == (cases[0], "true")


def test_one_order_twice_in_a_batch_is_one_case(service: Service, claim: Make) -> None:
    order = f"T{uuid.uuid4().hex[:16]}"
    both = [item(claim(order, reason="unauthorised")), item(claim(order, reason="unauthorised"))]
    results = send(service, both).json()["results"]
    assert sorted(result["status"] for result in results) == [200, 201]
    assert len({result["case"]["case_id"] for result in results}) == 1


def test_files_go_to_the_claims_that_name_them(service: Service, claim: Make) -> None:
    page = b"no picture at all"
    items = [item(claim(), "order_page"), item(claim())]
    answer = send(service, items, (("order_page", page), ("unused", b"no picture either")))
    assert answer.status_code == 200, answer.text
    first, second = answer.json()["results"]
    assert len(first["case"]["internal"]["evidence"]) == 1
    assert second["case"]["internal"]["evidence"] == []


def test_claims_by_the_line(service: Service, claim: Make) -> None:
    lines = b"\n".join(orjson.dumps(item(claim())) for _ in range(3)) + b"\n\n"
    with service.http("claims", **{"Content-Type": "application/x-ndjson", "Prefer": "respond-async"}) as http:
        answer = http.post("/v1/pre-reviews/batch", content=lines)
        broken = http.post("/v1/pre-reviews/batch", content=lines + b"{\n")
    assert [result["status"] for result in answer.json()["results"]] == [202] * 3
    assert (broken.status_code, broken.json()["line"]) == (400, 5)


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"[]", "application/json", 422),
        (b"", "application/json", 422),
        (b"[" + b",".join([b"{}"] * 101) + b"]", "application/json", 422),
        (b"[{}", "application/json", 400),
        (b"a,b", "text/csv", 415),
        (b"--x--\r\n", "multipart/form-data; boundary=x", 400),
    ],
)
def test_what_is_no_batch_is_refused_whole(service: Service, body: bytes, kind: str, status: int) -> None:
    with service.http(**{"Content-Type": kind}) as http:
        answer = http.post("/v1/pre-reviews/batch", content=body)
    assert answer.status_code == status, answer.text


def test_a_batch_costs_what_its_claims_cost(service: Service, claim: Make) -> None:
    def left(answer: httpx.Response) -> int:
        minute = next(part for part in answer.headers["RateLimit"].split(", ") if part.startswith('"minute"'))
        return int(minute.split(";")[1].removeprefix("r="))

    with service.http("claims") as http:
        before = left(http.get(f"/v1/cases/{uuid.uuid4()}"))
    after = left(send(service, [item(claim(platform="nowhere"))] * 20, key="claims"))
    # The window slides, so that a little may have come back meanwhile.
    assert 10 <= before - after <= 20
