"""Outcomes, anomalies, the ledger, incidents and chases over HTTP, as a platform's backend uses them."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from api_service import Service

Make = Callable[..., dict[str, Any]]
UNDECIDED = {"reason": "unauthorised"}
SPAN = {"since": "2026-11-01T00:00:00Z", "until": "2026-12-01T00:00:00Z"}


def post(service: Service, path: str, body: dict[str, Any], key: str = "full") -> Any:
    with service.http(key) as http:
        return http.post(path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex})


def get(service: Service, path: str, key: str = "full", **query: str) -> Any:
    with service.http(key) as http:
        return http.get(path, params=query)


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].rpartition(":")[2]


def outcome(kind: str, reference: str, **more: Any) -> dict[str, Any]:
    return {"kind": kind, "reference": reference, "occurred_at": "2026-11-21T09:31:00Z", **more}


def test_money_paid_without_a_grant_is_told_as_an_anomaly(service: Service, claim: Make) -> None:
    case = service.submit(claim(**UNDECIDED)).json()
    path, reference = f"/v1/cases/{case['case_id']}/outcomes", uuid.uuid4().hex

    answer = post(service, path, outcome("paid", reference, amount=3000))
    again = post(service, path, outcome("paid", reference, amount=3000))

    assert (answer.status_code, answer.json()["state"]) == (200, "in_review")
    assert again.status_code == 200
    found = get(service, "/v1/anomalies", kind="paid_without_grant").json()["anomalies"]
    assert [each["case_id"] for each in found].count(case["case_id"]) == 1
    assert case["case_id"] not in {
        each["case_id"] for each in get(service, "/v1/anomalies", "north").json()["anomalies"]
    }


@pytest.mark.parametrize("how", [("approve",), ("approve-partially",), ("offer", "accept-offer")], ids="-".join)
def test_what_a_person_refunds_whole_is_taken_back_first_where_it_can_be(
    service: Service, claim: Make, how: tuple[str, ...]
) -> None:
    """Refunded by a person and never voided, an unused code could be used after all."""
    unused = {"state": "delivered", "use": "never_viewed", "voidable": True}
    data = claim(reason="platform_fault", fulfilment=unused)
    case = service.submit(data).json()
    words: dict[str, Any] = {"by": "ana.lopez", "message": "已全额退款。"}
    if how[0] != "approve":
        words |= {"amount": data["amount_claimed"], "reason": "all of it"}
    for action, said in zip(how, (words, {}), strict=False):
        answer = post(service, f"/v1/cases/{case['case_id']}/{action}", said)
        assert answer.status_code == 200, answer.text
    granted = answer.json()
    state = "partially_approved" if how == ("approve-partially",) else "approved"
    assert (granted["state"], granted["obligations"]) == (state, ["void_code"])
    assert granted["deadline"]["due"] == "obligation"


def test_bad_outcomes_are_refused_with_what_to_do(service: Service, claim: Make) -> None:
    case = service.submit(claim(**UNDECIDED)).json()
    path = f"/v1/cases/{case['case_id']}/outcomes"
    assert problem(post(service, path, outcome("paid", "r"))) == (422, "invalid-request")
    assert problem(post(service, path, outcome("eaten", "r"))) == (422, "invalid-request")
    future = outcome("payment_failed", "r") | {"occurred_at": "2027-01-01T00:00:00Z"}
    assert problem(post(service, path, future)) == (422, "invalid-request")
    assert problem(post(service, path, outcome("paid", "r", amount=1), "north")) == (404, "not-found")
    assert problem(post(service, path, outcome("paid", "r", amount=1), "claims")) == (403, "scope-missing")


def test_anomalies_come_in_pages_that_neither_repeat_nor_skip(service: Service, claim: Make) -> None:
    for _ in range(3):
        case = service.submit(claim(**UNDECIDED)).json()
        post(service, f"/v1/cases/{case['case_id']}/outcomes", outcome("paid", uuid.uuid4().hex, amount=3000))
    everything = [each["anomaly_id"] for each in get(service, "/v1/anomalies", limit="200").json()["anomalies"]]
    walked: list[str] = []
    page = get(service, "/v1/anomalies", limit="2").json()
    while True:
        walked += [each["anomaly_id"] for each in page["anomalies"]]
        if page["next_cursor"] is None:
            break
        page = get(service, "/v1/anomalies", limit="2", cursor=page["next_cursor"]).json()
    assert walked == everything
    assert problem(get(service, "/v1/anomalies", cursor="bad")) == (422, "invalid-request")


def test_the_ledger_is_json_and_a_table_no_spreadsheet_runs(service: Service, claim: Make) -> None:
    granted = service.submit(claim()).json()
    as_json, as_csv = get(service, "/v1/ledger", **SPAN), get(service, "/v1/ledger", format="csv", **SPAN)
    assert as_json.status_code == as_csv.status_code == 200
    rows = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert {row["case_id"] for row in rows} == {each["case_id"] for each in as_json.json()["entries"]}
    if granted["state"] == "auto_approved":
        assert granted["case_id"] in {row["case_id"] for row in rows}
    assert all(not value.startswith(("=", "+", "-", "@")) for row in rows for value in row.values())
    backwards = {"since": SPAN["until"], "until": SPAN["since"]}
    assert problem(get(service, "/v1/ledger", **backwards)) == (422, "invalid-request")


def test_an_incident_is_declared_listed_and_ended(service: Service, claim: Make) -> None:
    struck = {"struck": "seller", "struck_id": f"seller-{uuid.uuid4().hex}", "began_at": "2026-11-21T08:00:00Z"}
    said = {"by": "ana.lopez", "reason": "the carrier is down"}

    declared = post(service, "/v1/incidents", {**struck, **said})
    twice = post(service, "/v1/incidents", {**struck, **said})

    assert declared.status_code == 201, declared.text
    incident = declared.json()
    assert problem(twice) == (409, "conflict")
    one = f"/v1/incidents/{incident['incident_id']}"
    assert get(service, one).json()["struck_id"] == struck["struck_id"]
    assert problem(get(service, one, "north")) == (404, "not-found")
    assert incident["confirmed_at"] is None
    assert problem(post(service, f"{one}/confirm", said)) == (409, "conflict")
    confirmed = post(service, f"{one}/confirm", {**said, "by": "ben"})
    assert confirmed.json()["confirmed_at"] is not None
    assert problem(post(service, f"{one}/dismiss", said)) == (409, "conflict")
    ended = post(service, f"{one}/end", {**said, "ended_at": "2026-11-21T09:00:00Z"})
    assert (ended.status_code, ended.json()["ended_at"]) == (200, "2026-11-21T09:00:00Z")
    going_on = get(service, "/v1/incidents", going_on="true").json()["incidents"]
    assert incident["incident_id"] not in {each["incident_id"] for each in going_on}
    assert problem(post(service, "/v1/incidents", {**said, "struck": "seller", "began_at": struck["began_at"]})) == (
        422,
        "invalid-request",
    )


def test_an_outage_is_decided_at_once_by_the_rules_of_each_case(service: Service, claim: Make) -> None:
    seller = f"seller-{uuid.uuid4().hex}"

    def struck(**changes: Any) -> dict[str, Any]:
        data = claim(**changes)
        data["order"] |= {"seller_id": seller, "paid_at": "2026-11-21T09:00:00Z"}
        case: dict[str, Any] = service.submit(data).json()
        return case

    fine, for_a_senior = struck(reason="platform_fault"), struck(**UNDECIDED)
    said = {"by": "ana.lopez", "reason": "down"}
    declared = post(
        service,
        "/v1/incidents",
        {"struck": "seller", "struck_id": seller, "began_at": "2026-11-21T08:59:00Z", **said},
    ).json()
    assert set(declared["open_cases"]) == {fine["case_id"], for_a_senior["case_id"]}

    answer = post(service, f"/v1/incidents/{declared['incident_id']}/approve-all", {**said, "message": "已全额退款。"})

    assert answer.status_code == 200, answer.text
    assert answer.json()["done"] == [fine["case_id"]]
    assert [each["case_id"] for each in answer.json()["refused"]] == [for_a_senior["case_id"]]
    assert get(service, f"/v1/cases/{fine['case_id']}").json()["state"] == "approved"
    assert get(service, f"/v1/cases/{for_a_senior['case_id']}").json()["state"] == "in_review"


def test_a_case_in_time_is_not_chased_and_waits_in_its_queue(service: Service, claim: Make) -> None:
    case = service.submit(claim(**UNDECIDED)).json()
    answer = post(service, f"/v1/cases/{case['case_id']}/chase", {})
    assert problem(answer) == (409, "conflict")
    assert "from" in answer.json()
    queues = get(service, "/v1/queues", limit="200").json()
    assert sum(each["cases"] for each in queues["lanes"]) == len(queues["next"]) or len(queues["next"]) == 200
    assert case["case_id"] in {each["case_id"] for each in queues["next"]}
