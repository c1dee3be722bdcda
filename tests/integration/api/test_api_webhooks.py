"""Webhook endpoints and the feed over HTTP."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import psycopg
import pytest
from api_service import Service

from service.domain.event_catalogue import EVENT_TYPES


def key(**more: str) -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex, **more}


@pytest.fixture
def made(service: Service) -> Any:
    """An endpoint of the demo platform, deleted afterwards: ten are all a platform may have."""
    url = f"https://shop-{uuid.uuid4().hex[:8]}.example/hooks"
    with service.http() as http:
        answer = http.post(
            "/v1/webhooks", json={"url": url, "types": ["case.approved"], "description": "desk"}, headers=key()
        )
        assert answer.status_code == 201, answer.text
        yield answer.json()
        http.delete(f"/v1/webhooks/{answer.json()['id']}")


def test_an_endpoint_is_made_read_changed_and_deleted(service: Service, made: dict[str, Any]) -> None:
    at = f"/v1/webhooks/{made['id']}"
    assert made["secret"].startswith("whsec_")
    with service.http() as http:
        shown = http.get(at).json()
        assert shown == {name: value for name, value in made.items() if name != "secret"}
        assert shown in http.get("/v1/webhooks").json()["webhooks"]
        assert made["secret"] not in http.get("/v1/webhooks").text
        sent = key()
        twice = [http.post(f"{at}/secrets", json={"overlap_hours": 1}, headers=sent).json() for _ in range(2)]
        assert twice[0] == twice[1], "a secret whose answer was lost on the way is told again"
        again = http.post("/v1/webhooks", json={"url": made["url"]}, headers=key())
        assert (again.status_code, again.json()["webhook_id"]) == (409, made["id"])
        sent = key()
        changed = http.patch(at, json={"types": [], "enabled": False}, headers=sent)
        assert changed.status_code == 200, changed.text
        assert (changed.json()["types"], changed.json()["state"]) == ([], "disabled")
        assert changed.json()["description"] == "desk", "what is not given stays"
        repeated = http.patch(at, json={"types": [], "enabled": False}, headers=sent)
        assert (repeated.headers["Idempotent-Replayed"], repeated.json()) == ("true", changed.json())
        assert http.post(f"{at}/test", headers=key()).status_code == 409
        rotated = http.post(f"{at}/secrets", json={"overlap_hours": 1}, headers=key())
        assert rotated.status_code == 201
        assert rotated.json()["secret"] != made["secret"]
        assert http.delete(at).status_code == 204
        assert http.get(at).status_code == http.delete(at).status_code == 404


def test_a_secret_is_kept_nowhere_in_the_clear(service: Service, made: dict[str, Any], postgres: Any) -> None:
    with psycopg.connect(postgres.url(service.database).replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        assert ("webhook_secrets",) in tables
        secret = made["secret"][6:]
        for (table,) in tables:  # in a text, or in bytes, which are shown in hexadecimal
            found = connection.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s OR t::text LIKE %s',
                (f"%{secret}%", f"%{secret.encode().hex()}%"),
            ).fetchone()
            assert found == (0,), table


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://shop.example/", "https://"),
        ("https://127.0.0.1/", "not public"),
        ("https://user:pw@shop.example/", "user name"),
        ("https://shop.example:22/", "443"),
        ("https://metadata.internal/", "public host"),
    ],
)
def test_addresses_that_are_not_public_are_refused(service: Service, url: str, said: str) -> None:
    with service.http() as http:
        answer = http.post("/v1/webhooks", json={"url": url}, headers=key())
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "url"
    assert said in answer.json()["detail"]


@pytest.mark.parametrize(
    "body", [{}, {"url": "https://shop.example/", "types": ["case.no_such"]}, {"url": "https://a.example", "x": 1}]
)
def test_bodies_with_errors_are_refused(service: Service, body: dict[str, Any]) -> None:
    with service.http() as http:
        answer = http.post("/v1/webhooks", json=body, headers=key())
    assert (answer.status_code, answer.json()["errors"] != []) == (422, True)


def test_another_platform_and_keys_without_the_scope_see_nothing(service: Service, made: dict[str, Any]) -> None:
    at = f"/v1/webhooks/{made['id']}"
    with service.http("north") as north:
        assert north.get("/v1/webhooks").json() == {"webhooks": []}
        for answer in (
            north.get(at), north.delete(at), north.patch(at, json={}, headers=key()), north.get(f"{at}/deliveries"),
            north.post(f"{at}/secrets", json={}, headers=key()), north.post(f"{at}/test", headers=key()),
            north.post(f"{at}/replay", json={}, headers=key()),
        ):  # fmt: skip
            assert answer.status_code == 404, answer.request.url
    with service.http("claims") as claims:
        assert {claims.get(path).status_code for path in ("/v1/webhooks", at, "/v1/feed")} == {403}


def read_all(http: httpx.Client, after: int = 0) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    while True:
        page = http.get("/v1/feed", params={"after": after, "limit": 50}).json()
        events += page["events"]
        if not page["more"] and not page["events"]:
            return events
        after = page["next"]


def test_a_claim_is_told_in_the_feed_and_queued_for_endpoints(
    service: Service, made: dict[str, Any], claim: Callable[..., dict[str, Any]]
) -> None:
    with service.http() as http:
        http.patch(f"/v1/webhooks/{made['id']}", json={"types": []}, headers=key())
        last = http.get("/v1/feed", params={"limit": 1}).json()
        behind = max((event["sequence"] for event in read_all(http)), default=last["next"])
        case = service.submit(claim(), [])
        case_id = case.json()["case_id"]
        seen: list[dict[str, Any]] = []
        after = behind
        for _ in range(10):
            page = http.get("/v1/feed", params={"after": after, "wait": 5}).json()
            after = page["next"]
            seen += [event for event in page["events"] if event["data"].get("case_id") == case_id]
            if len(seen) >= 2:
                break
        assert seen[0]["type"] == "case.accepted"
        assert seen[-1]["data"]["state"] == case.json()["state"]
        assert {event["type"] for event in seen} <= set(EVENT_TYPES)
        assert [event["sequence"] for event in seen] == sorted(event["sequence"] for event in seen)
        listed = http.get(f"/v1/webhooks/{made['id']}/deliveries").json()["deliveries"]
        assert {event["id"] for event in seen} <= {delivery["event_id"] for delivery in listed}
    with service.http("north") as north:
        assert case_id not in str(read_all(north))


def test_the_feed_refuses_what_it_cannot_read(service: Service) -> None:
    with service.http() as http:
        assert http.get("/v1/feed", params={"after": 2**52}).status_code == 409
        for wrong in ({"after": -1}, {"limit": 0}, {"limit": 5000}, {"wait": 21}, {"types": "x.y"}, {"after": "x"}):
            assert http.get("/v1/feed", params=wrong).status_code == 422, wrong


def test_how_far_telling_lags_is_scraped(service: Service) -> None:
    with service.http() as http:
        text = http.get("/metrics").text
    assert "prereview_events_unplaced_age_seconds" in text
    assert "prereview_webhook_dead_letters" in text
