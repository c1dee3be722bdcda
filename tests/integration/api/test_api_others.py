"""Events, policy, scores, probes, metrics, the document, and a database that goes away and comes back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import orjson
import psycopg
import pytest
from api_service import Service

from service.api import examples
from service.features import FEATURE_NAMES
from service.store import EmbeddedPostgres

Make = Callable[..., dict[str, Any]]
AT = "2026-11-20T21:04:40+08:00"


def event(**changes: Any) -> dict[str, Any]:
    return {"event_id": uuid.uuid4().hex, "kind": "session", "occurred_at": AT, "account_id": "u-1", **changes}


def test_events_are_recorded_once(service: Service) -> None:
    batch = [event(), event(kind="payment", amount=2950, data={"note": "x", "n": 1, "ok": True, "none": None})]
    with service.http("events") as http:
        first = http.post("/v1/events", json={"events": batch})
        again = http.post("/v1/events", json={"events": [*batch, event()]})
    assert first.status_code == 200, first.text
    assert (first.json()["accepted"], first.json()["duplicates"]) == (2, 0)
    assert (again.json()["accepted"], again.json()["duplicates"]) == (1, 2)


def test_the_documented_examples_are_taken(service: Service) -> None:
    with service.http("north") as http:
        assert http.post("/v1/events", json=examples.EVENTS).status_code == 200
        scored = http.post("/v1/scores", json=examples.SCORES)
    assert scored.status_code in (200, 503)
    assert service.submit(examples.CLAIM, key="north").status_code in (200, 201)


def test_events_by_the_line(service: Service) -> None:
    lines = b"\n".join(orjson.dumps(event()) for _ in range(1_000)) + b"\r\n\n"
    with service.http("events", **{"Content-Type": "application/x-ndjson"}) as http:
        recorded = http.post("/v1/events", content=lines)
        broken = http.post("/v1/events", content=orjson.dumps(event()) + b"\n{\n")
        wrong = http.post("/v1/events", content=orjson.dumps(event()) + b"\n\n" + orjson.dumps(event(kind="party")))
        many = http.post("/v1/events", content=lines + orjson.dumps(event()))
    assert (recorded.status_code, recorded.json()["accepted"]) == (200, 1_000)
    assert (broken.status_code, broken.json()["line"]) == (400, 2)
    assert wrong.status_code == 422
    assert [(error["line"], error["path"]) for error in wrong.json()["errors"]] == [(3, "kind")]
    assert many.status_code == 422


@pytest.mark.parametrize(
    ("bad", "path"),
    [
        ({"event_id": "case:0198a7c2-1111-7222-8333-444455556666:refund_granted"}, "events[1].event_id"),
        ({"kind": "party"}, "events[1].kind"),
        ({"occurred_at": "2026-11-20"}, "events[1].occurred_at"),
        ({"amount": -1}, "events[1].amount"),
        ({"case_id": "x"}, "events[1].case_id"),
        ({"data": {"deep": {"er": 1}}}, "events[1].data.deep"),
        ({"data": {"text": "\x00"}}, "events[1].data.text"),
        ({"occurred_at": "2099-01-01T00:00:00Z"}, "events[1].occurred_at"),
    ],
)
def test_a_batch_with_one_bad_event_is_refused_whole(service: Service, bad: dict[str, Any], path: str) -> None:
    good = event()
    with service.http("events") as http:
        refused = http.post("/v1/events", json={"events": [good, event(**bad)]})
        alone = http.post("/v1/events", json={"events": [good]})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["path"].startswith(path)
    assert (alone.json()["accepted"], alone.json()["duplicates"]) == (1, 0)


def test_events_need_their_scope_their_type_and_something_in_them(service: Service) -> None:
    with service.http("claims") as http:
        assert http.post("/v1/events", json={"events": [event()]}).status_code == 403
    with service.http("events") as http:
        assert http.post("/v1/events", json={"events": []}).status_code == 422
        assert http.post("/v1/events", json={"events": [event()] * 1_001}).status_code == 422
        assert http.post("/v1/events", content=b"x", headers={"Content-Type": "text/csv"}).status_code == 415
        assert http.post("/v1/events", json={"events": "x" * 5_000_000}).status_code == 413


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_policy_is_shown_to_any_key(service: Service, language: str) -> None:
    with service.http("events", **{"Accept-Language": language}) as http:
        response = http.get("/v1/policy")
    assert (response.status_code, response.headers["Content-Language"]) == (200, language)
    assert isinstance(response.json(), dict)
    assert response.json()


def test_scores(service: Service) -> None:
    row: dict[str, float | None] = dict.fromkeys(FEATURE_NAMES, 0.0)
    with service.http() as http:
        scored = http.post("/v1/scores", json={"rows": [row, row]})
        lacking = http.post("/v1/scores", json={"rows": [row, {}]})
        unknown = http.post("/v1/scores", json={"rows": [{**row, "shoe_size": 44}]})
        text = http.post("/v1/scores", json={"rows": [{**row, FEATURE_NAMES[0]: "1"}]})
        none = http.post("/v1/scores", json={"rows": []})
        many = http.post("/v1/scores", json={"rows": [{}] * 1_001})
    if scored.status_code == 503:
        assert scored.json()["type"] == "urn:prereview:problem:unavailable"
        assert scored.headers["Retry-After"]
    else:
        assert scored.status_code == 200, scored.text
        first, second = scored.json()["scores"]
        assert first == second
        total = first["base"] + sum(item["log_odds"] for item in first["contributions"])
        assert total == pytest.approx(first["log_odds"], abs=1e-9)
    assert lacking.json()["errors"][0] == {"path": "rows[1]", "message": f"lacks {FEATURE_NAMES[0]}"}
    assert unknown.json()["errors"] == [{"path": "rows[0].shoe_size", "message": "is not a known feature"}]
    assert text.json()["errors"][0]["path"] == f"rows[0].{FEATURE_NAMES[0]}"
    assert {answer.status_code for answer in (lacking, unknown, text, none, many)} == {422}
    with service.http("claims") as http:
        assert http.post("/v1/scores", json={"rows": [row]}).status_code == 403


def test_probes_metrics_and_document_need_no_key(service: Service, claim: Make) -> None:
    assert service.submit(claim()).status_code == 201
    with service.http(Authorization="") as http:
        assert http.get("/livez").text == "ok"
        ready = http.get("/readyz")
        assert (ready.status_code, ready.json()["state"]) in ((200, "ok"), (200, "degraded"))
        assert {part["name"] for part in ready.json()["parts"]}
        text = http.get("/metrics").text
        assert 'prereview_http_requests_total{method="POST",route="/v1/pre-reviews",status="201"}' in text
        assert "prereview_answers_total{" in text
        assert http.get("/openapi.json").json()["openapi"].startswith("3.1")


def test_a_database_that_goes_away_and_comes_back(service: Service, claim: Make, postgres: EmbeddedPostgres) -> None:
    name, sent, key = service.database, claim(), uuid.uuid4().hex
    with psycopg.connect(postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            refused = service.submit(sent, idempotency_key=key)
            with service.http() as http:
                ready, alive = http.get("/readyz"), http.get("/livez")
        finally:
            connection.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:prereview:problem:unavailable")
    assert int(refused.headers["Retry-After"]) >= 1
    assert (ready.status_code, ready.json()["state"], alive.status_code) == (503, "down", 200)
    end = time.monotonic() + 20
    while (answer := service.submit(sent, idempotency_key=key)).status_code == 503:
        assert time.monotonic() < end, "no recovery within 20 s"
        time.sleep(0.2)
    assert answer.status_code == 201
    with service.http() as http:
        assert http.get("/readyz").status_code == 200
