"""GET /v1/cases: filters, and pages that hold still while cases arrive."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from api_service import Service

Make = Callable[..., dict[str, Any]]


def send(service: Service, claim: Make, account: str, **changes: Any) -> dict[str, Any]:
    made = claim(**changes)
    made["account"]["id"] = account
    answer = service.submit(made)
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body | {"reference": made["reference"], "order_number": made["order"]["order_number"]}


def pages(http: httpx.Client, **filters: Any) -> list[dict[str, Any]]:
    found, answer = [], http.get("/v1/cases", params=filters)
    for _ in range(50):
        assert answer.status_code == 200, answer.text
        found += answer.json()["cases"]
        if answer.json()["next_cursor"] is None:
            assert "Link" not in answer.headers
            return found
        target, _, relation = answer.headers["Link"].partition("; ")
        assert relation == 'rel="next"'
        assert answer.links["next"]["url"] == target.strip("<>")
        answer = http.get(target.strip("<>"))
    raise AssertionError("the list does not end")


def test_every_filter_finds_what_it_names(service: Service, claim: Make) -> None:
    account = f"u-{uuid.uuid4().hex[:8]}"
    first = send(service, claim, account, reason="unauthorised")
    second = send(service, claim, account)
    with service.http() as http:
        shown = pages(http, account_id=account)
        assert [case["case_id"] for case in shown] == [second["case_id"], first["case_id"]]
        assert (shown[1]["state"], shown[1]["version"], shown[1]["reason"]) == ("in_review", 2, "unauthorised")
        assert (shown[1]["amount_claimed"], shown[1]["currency"]) == (2950, "CNY")
        for name in ("number", "reference", "order_number"):
            assert [case["case_id"] for case in pages(http, **{name: first[name]})] == [first["case_id"]]
        both = {"account_id": account, "state": ["in_review", second["state"]]}
        assert len(pages(http, **both)) == 2
        assert [case["case_id"] for case in pages(http, account_id=account, reason="unauthorised")] == [
            first["case_id"]
        ]
        assert pages(http, account_id=account, state="lapsed") == []
        assert pages(http, account_id=account, lane="no_such_lane") == []
        moment = shown[0]["accepted_at"]
        assert [c["case_id"] for c in pages(http, account_id=account, accepted_after=moment)] == [second["case_id"]]
        assert [c["case_id"] for c in pages(http, account_id=account, accepted_before=moment)] == [first["case_id"]]


def test_pages_hold_still_while_cases_arrive(service: Service, claim: Make) -> None:
    account = f"u-{uuid.uuid4().hex[:8]}"
    old = [send(service, claim, account)["case_id"] for _ in range(5)]
    with service.http() as http:
        filters = {"account_id": account, "state": ["auto_approved", "in_review", "awaiting_materials"]}
        first = http.get("/v1/cases", params={**filters, "limit": 2}).json()
        new = send(service, claim, account)["case_id"]
        rest = pages(http, **filters, limit=2, cursor=first["next_cursor"])
        seen = [case["case_id"] for case in [*first["cases"], *rest]]
        assert seen == old[::-1]
        assert pages(http, **filters, limit=1)[0]["case_id"] == new


def test_a_cursor_opens_nothing_else(service: Service, claim: Make) -> None:
    account = f"u-{uuid.uuid4().hex[:8]}"
    for _ in range(2):
        send(service, claim, account)
    with service.http() as http, service.http("north") as north:
        cursor = http.get("/v1/cases", params={"account_id": account, "limit": 1}).json()["next_cursor"]
        others = http.get("/v1/cases", params={"cursor": cursor})
        assert (others.status_code, others.json()["errors"][0]["path"]) == (422, "query.cursor")
        # The platform is the key's, whatever the cursor says.
        assert pages(north, account_id=account, cursor=cursor) == []
        assert pages(north, account_id=account) == []


@pytest.mark.parametrize(
    "bad",
    [
        {"limit": 0},
        {"limit": 201},
        {"limit": "x"},
        {"cursor": ""},
        {"cursor": "%00"},
        {"cursor": "W10"},
        {"cursor": "x" * 513},
        {"state": "happy"},
        {"reason": "because"},
        {"accepted_after": "2026-11-21"},
        {"order_number": "\x00"},
        {"order_number": ""},
        {"lane": "Not A Word"},
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(service: Service, bad: dict[str, Any]) -> None:
    with service.http() as http:
        answer = http.get("/v1/cases", params=bad)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["path"].startswith("query.")


def test_lists_need_their_scope(service: Service) -> None:
    with service.http("claims") as http:
        assert http.get("/v1/cases").status_code == 403
