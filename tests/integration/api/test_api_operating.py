"""The kill switch, the budgets and personal data in the clear, over HTTP."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
import pytest
from api_service import CLOCK_START, FOUNDER, Service, platform_policy

from service.domain.assessment import PlatformMode
from service.policy import load_policy, platform_policy_text
from service.review.requests import Scope
from service.store import EmbeddedPostgres, KeyTerms, Platform, Store

OWN = "switched"
STOP = {"by": "ana.lopez", "reason": "forged top-up pages"}
RESUME = {"by": "ana.lopez", "approved_by": "wang.li", "reason": "checked by hand now"}
ASKED = {"by": "ana.lopez", "purpose": "asking the carrier", "what": ["recharged_account", "account"]}


@pytest.fixture(scope="module")
def own(service: Service, postgres: EmbeddedPostgres) -> Callable[[], httpx.Client]:
    """Asks as a platform of this test's own: nobody else's is stopped."""

    async def prepare() -> str:
        store = Store(postgres.url(service.database), "memory://")
        platform = Platform(
            id=OWN, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=CLOCK_START
        )
        await store.add_platform(platform, FOUNDER)
        await store.add_policy(platform_policy(OWN, CLOCK_START))
        everything = tuple(scope.value for scope in Scope)
        _, token = await store.create_key(
            OWN, "full", everything, FOUNDER, CLOCK_START, KeyTerms(rate_class="unlimited")
        )
        await store.close()
        return token

    headers = {"Authorization": f"Bearer {asyncio.run(prepare())}"}
    return lambda: httpx.Client(base_url=service.url, headers=headers, timeout=60, trust_env=False)


def post(http: httpx.Client, path: str, body: dict[str, Any], key: str | None = None) -> httpx.Response:
    return http.post(path, json=body, headers={"Idempotency-Key": key or uuid.uuid4().hex})


def problem(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


@contextmanager
def trail(service: Service, postgres: EmbeddedPostgres) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
    """Action → (who, subject, reason, what is so afterwards) on the platform, oldest first."""
    url = postgres.url(service.database).replace("+psycopg", "")
    query = b"SELECT actor_name, subject, reason, after FROM audit WHERE platform_id = %s AND action = %s ORDER BY id"
    with psycopg.connect(url, autocommit=True) as connection:
        yield lambda action: connection.execute(query, (OWN, action)).fetchall()


def test_one_stops_and_two_resume(
    service: Service, postgres: EmbeddedPostgres, own: Callable[[], httpx.Client], claim: Callable[..., Any]
) -> None:
    with own() as http, trail(service, postgres) as entries:
        assert problem(post(http, "/v1/platform/resume", RESUME)) == (409, "conflict")
        stopped = post(http, "/v1/platform/stop", STOP, "stop-1")
        assert stopped.json() == {"platform": OWN, "mode": "stopped", "changed": True}
        again, anew = post(http, "/v1/platform/stop", STOP, "stop-1"), post(http, "/v1/platform/stop", STOP)
        assert (again.json()["changed"], again.headers["Idempotent-Replayed"]) == (True, "true")
        assert anew.json()["changed"] is False
        assert [(who, why) for who, _, why, _ in entries("platform.stopped")] == [("api:ana.lopez", STOP["reason"])]

        for second in ("ana.lopez", "ＡＮＡ.lopez", "cli:ana.lopez"):
            alone = post(http, "/v1/platform/resume", {**RESUME, "approved_by": second})
            assert problem(alone) == (409, "conflict")
        files = {"claim": ("claim.json", httpx.Request("POST", "http://x", json=claim()).content, "application/json")}
        held = http.post("/v1/pre-reviews", files=files, headers={"Idempotency-Key": "claim-1"})
        assert (held.status_code, held.json()["state"]) == (201, "in_review")

        assert post(http, "/v1/platform/resume", RESUME).json()["mode"] == "demo"
        ((who, _, _, after),) = entries("platform.resumed")
        assert (who, after["approved_by"]) == ("api:ana.lopez", "api:wang.li")


@pytest.mark.parametrize("change", [{"by": ""}, {"by": "\u200b"}, {"reason": " "}, {"reason": "x" * 501}, {"to": "x"}])
def test_a_switch_without_name_or_reason_is_refused(own: Callable[[], httpx.Client], change: dict[str, str]) -> None:
    with own() as http:
        assert problem(post(http, "/v1/platform/stop", {**STOP, **change})) == (422, "invalid-request")
        assert problem(post(http, "/v1/platform/resume", {**RESUME, **change})) == (422, "invalid-request")


def test_every_budget_of_the_policy_is_told_with_its_limits(own: Callable[[], httpx.Client]) -> None:
    with own() as http:
        told = http.get("/v1/platform/budgets").json()["budgets"]
    rules = load_policy(platform_policy_text("demo")).budgets
    limits = {(each.id, each.window_hours, each.max_amount_minor, each.max_count) for each in rules}
    assert limits
    assert {
        (each["budget"], each["window_hours"], each["amount_limit"], each["approvals_limit"]) for each in told
    } == limits
    assert all(each["full"] >= 0 for each in told)


def test_personal_data_are_shown_for_a_purpose_and_every_showing_is_logged(
    service: Service, postgres: EmbeddedPostgres, own: Callable[[], httpx.Client], claim: Callable[..., Any]
) -> None:
    data = claim(reason="unauthorised")
    data["order"]["recharged_account"] = "13800138078"
    files = {"claim": ("claim.json", httpx.Request("POST", "http://x", json=data).content, "application/json")}
    with own() as http, trail(service, postgres) as entries:
        case = http.post("/v1/pre-reviews", files=files, headers={"Idempotency-Key": "claim-2"}).json()["case_id"]
        path = f"/v1/cases/{case}/reveals"
        for _ in range(2):
            shown = post(http, path, ASKED, "the-same-key")
            assert shown.status_code == 200, shown.text
            assert shown.headers["Cache-Control"] == "no-store"
            assert set(shown.json()) == {"recharged_account", "account"}
            assert (shown.json()["recharged_account"], shown.json()["account"]["id"]) == (
                "13800138078",
                data["account"]["id"],
            )
        logged = entries("personal_data.revealed")
        assert [(who, subject, why) for who, subject, why, _ in logged] == [
            ("api:ana.lopez", f"case:{case}", ASKED["purpose"])
        ] * 2

        for change in ({"purpose": " "}, {"purpose": ""}, {"what": []}, {"what": ["password"]}, {"by": "\u200b"}):
            assert post(http, path, {**ASKED, **change}).status_code in (400, 422)
        with service.http("north") as elsewhere:
            assert problem(post(elsewhere, path, ASKED)) == (404, "not-found")
        assert len(entries("personal_data.revealed")) == 2
