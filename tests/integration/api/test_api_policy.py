"""A platform's policy over the public API: read by buyers, proposed by one person, signed by another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import httpx
from api_service import Service

from service.policy import load_policy, platform_policy_text, public_view

DEMO = platform_policy_text("demo")
Make = Callable[..., dict[str, Any]]
WHEN = "2027-03-01T00:00:00+08:00"


def edited(fee: int) -> str:
    return DEMO.replace("buyer_at_fault_permille: 10", f"buyer_at_fault_permille: {fee}")


def post(service: Service, path: str, body: dict[str, Any], key: str = "full", **headers: str) -> httpx.Response:
    with service.http(key) as http:
        sent = {"Idempotency-Key": uuid.uuid4().hex, **headers}
        return http.post(f"/v1/policy/versions{path}", json=body, headers=sent)


def test_what_is_published_is_what_is_in_force_in_both_languages_and_is_not_sent_twice(service: Service) -> None:
    with service.http("claims") as http:
        found = {language: http.get("/v1/policy", headers={"Accept-Language": language}) for language in ("zh", "en")}
        again = http.get("/v1/policy", headers={"Accept-Language": "en", "If-None-Match": found["en"].headers["ETag"]})
    for language, answer in found.items():
        assert answer.status_code == 200, answer.text
        view = answer.json()
        assert view.pop("in_force")["version"] == "1"
        assert view == public_view(load_policy(DEMO), language)
    assert found["zh"].headers["ETag"] != found["en"].headers["ETag"]
    assert (again.status_code, again.content) == (304, b"")


def test_a_policy_needs_a_second_person_with_a_second_key(service: Service) -> None:
    proposed = post(service, "", {"text": edited(12), "by": "ana", "effective_at": WHEN, "note": "fee"})
    assert proposed.status_code == 201, proposed.text
    version = proposed.json()
    path = f"/{version['version']}/approve"
    assert proposed.headers["Location"].endswith(path.removesuffix("/approve"))
    assert (version["state"], version["voids_certificate"]) == ("proposed", True)
    sign = {"text_sha256": version["text_sha256"]}
    assert post(service, path, {**sign, "by": "ANA "}, key="signer").status_code in (409, 422)
    assert post(service, path, {**sign, "by": "bo"}).json()["type"].endswith(":conflict")
    assert post(service, path, {"by": "bo", "text_sha256": "0" * 64}, key="signer").status_code == 409
    assert post(service, path, {**sign, "by": "bo"}, key="north").status_code == 404
    signed = post(service, path, {**sign, "by": "bo"}, key="signer")
    assert signed.status_code == 200, signed.text
    assert signed.json()["state"] == "scheduled"
    assert signed.json()["effective_at"] == "2027-02-28T16:00:00Z"
    with service.http() as http:
        assert http.get("/v1/policy").json()["in_force"]["version"] == "1"
        listed = http.get("/v1/policy/versions").json()["versions"]
    states = {each["version"]: each["state"] for each in listed}
    assert states["1"] == "in_force"
    assert states[version["version"]] == "scheduled"
    withdrawn = post(service, f"/{version['version']}/withdraw", {"by": "ana", "why": "a test"})
    assert withdrawn.json()["state"] == "withdrawn"


def test_a_proposal_sent_again_with_its_key_is_one_version(service: Service) -> None:
    key = uuid.uuid4().hex
    body = {"text": edited(13), "by": "ana", "draft": True}
    first, again = [post(service, "", body, **{"Idempotency-Key": key}) for _ in range(2)]
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    version = first.json()["version"]
    assert first.json()["state"] == "drafted"
    assert post(service, f"/{version}/propose", {"by": "ana"}).json()["state"] == "proposed"
    rejected = post(service, f"/{version}/reject", {"by": "bo", "why": "no"}, key="signer").json()
    assert (rejected["state"], rejected["ended"]["by"], rejected["ended_why"]) == ("rejected", "bo", "no")


def test_errors_of_a_text_come_with_line_and_message(service: Service) -> None:
    refused = post(service, "", {"text": edited(1000), "by": "ana"})
    assert refused.status_code == 422
    problem = refused.json()
    assert problem["type"] == "urn:prereview:problem:invalid-policy-text"
    [error] = problem["errors"]
    assert error["line"] == DEMO[: DEMO.index("buyer_at_fault_permille")].count("\n") + 1
    assert error["path"] == "fee.buyer_at_fault_permille"
    foreign = post(service, "", {"text": edited(12).replace("platform: demo", "platform: north"), "by": "ana"})
    assert (foreign.status_code, foreign.json()["errors"][0]["path"]) == (422, "platform")


def test_no_time_is_taken_that_has_passed_and_nothing_that_is_in_force_already(service: Service) -> None:
    late = post(service, "", {"text": edited(14), "by": "ana", "effective_at": "2026-01-01T00:00:00Z"})
    assert late.status_code == 422
    assert "past" in late.json()["detail"]
    same = post(service, "", {"text": DEMO, "by": "ana"})
    assert same.status_code == 409


def test_a_version_is_compared_with_what_is_in_force(service: Service) -> None:
    version = post(service, "", {"text": edited(15), "by": "ana", "draft": True}).json()["version"]
    with service.http() as http:
        found = http.get(f"/v1/policy/versions/{version}/differences").json()
        text = http.get(f"/v1/policy/versions/{version}").json()["text"]
    [one] = found["differences"]
    assert (one["path"], one["before"], one["after"]) == ("fee.buyer_at_fault_permille", 10, 15)
    assert not found["decides_alike"]
    assert text == edited(15)


def test_versions_are_for_keys_that_may_see_them(service: Service) -> None:
    for path in ("", "/1"):
        with service.http("claims") as http:
            answer = http.get(f"/v1/policy/versions{path}")
        assert answer.status_code == 403
        assert answer.json()["scope"] == "policy"
    assert post(service, "", {"text": DEMO, "by": "ana"}, key="claims").status_code == 403
    with service.http("north") as http:
        assert [each["version"] for each in http.get("/v1/policy/versions").json()["versions"]] == ["1"]


def test_a_stored_case_is_tried_under_a_version_and_stays_as_it_is(service: Service, claim: Make) -> None:
    answered = service.submit(claim(reason="unused_change_of_mind")).json()
    version = post(service, "", {"text": edited(40), "by": "ana", "draft": True}).json()["version"]
    path = f"/{version}/dry-run"
    found = post(service, path, {"case": answered["number"]})
    assert found.status_code == 200, found.text
    data = found.json()
    assert set(data["changed"]) == {"amount", "fee"}
    assert data["before"]["fee"] < data["after"]["fee"]
    with service.http() as http:
        assert http.get(f"/v1/cases/{answered['case_id']}").json()["fee"] == answered["fee"]
    assert post(service, path, {"case": "R0"}).status_code == 404
    assert post(service, path, {"case": answered["number"]}, key="north").status_code == 404
