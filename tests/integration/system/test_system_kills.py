"""Processes die at the worst moment: every accepted claim is decided once, or ends with a person."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from running_service import Child, Server, Site, busy_reader, long_capture, new_claim, screen, wait_for


@pytest.fixture(scope="module")
def site(make_site: Callable[..., Site]) -> Site:
    return make_site(
        PREREVIEW_READER_WORKERS="1", PREREVIEW_ANSWER_DEADLINE_SECONDS="5", PREREVIEW_READER_DEADLINE_SECONDS="60"
    )


@pytest.fixture(scope="module")
def server(site: Site) -> Iterator[Server]:
    """Without a worker: what its requests leave undone stays undone until one is started."""
    with site.serving() as running:
        yield running


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[Child]:
    with site.working() as running:
        yield running


def assessments(site: Site, case_id: str) -> int:
    count: int = site.rows("SELECT count(*) FROM assessments WHERE case_id = %s", case_id)[0][0]
    return count


def grants(site: Site, case_id: str) -> int:
    query = "SELECT count(*) FROM history_events WHERE case_id = %s AND kind = 'refund_granted'"
    count: int = site.rows(query, case_id)[0][0]
    return count


def test_two_processes_open_one_case_for_one_order_and_one_key(server: Server, site: Site) -> None:
    with site.serving() as other, ThreadPoolExecutor(8) as pool:
        sent, key = new_claim(), uuid.uuid4().hex
        same_key = list(pool.map(lambda i: (server, other)[i % 2].submit(sent, idempotency_key=key), range(8)))
        sent = new_claim()
        same_order = list(pool.map(lambda i: (server, other)[i % 2].submit(sent), range(8)))
    assert {answer.status_code for answer in same_key} <= {201, 409}
    assert {answer.json()["type"] for answer in same_key if answer.status_code == 409} <= {
        "urn:prereview:problem:request-in-flight"
    }
    cases = {answer.json()["case_id"] for answer in same_key if answer.status_code == 201}
    assert len(cases) == 1
    assert sorted(answer.status_code for answer in same_order) == [200] * 7 + [201]
    live = {answer.json()["case_id"] for answer in same_order}
    assert len(live) == 1
    for case_id in cases | live:
        assert assessments(site, case_id) == 1
        assert grants(site, case_id) <= 1


def test_a_reader_killed_in_the_middle_of_a_page_fails_that_page_alone(server: Server) -> None:
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(server.submit, new_claim(), [long_capture(12)])
        busy_reader(server.child).kill()
        response = answer.result(60)
    assert response.status_code in (201, 202), response.text
    data = server.decided(response.json()["case_id"])
    assert [item["status"] for item in data["internal"]["evidence"]] == ["failed"]
    assert data["internal"]["evidence"][0]["reason"] == "reader_crashed"
    assert data["decision"] != "auto_approved"
    following = server.decided(server.submit(new_claim(), [screen()]).json()["case_id"])
    assert [item["status"] for item in following["internal"]["evidence"]] == ["read"]
    assert wait_for(lambda: _part(server, "reader") == "ok", 20, "the reader was not replaced")


def _part(server: Server, name: str) -> str:
    parts: list[dict[str, str]] = server.get("/readyz").json()["parts"]
    return next(part["state"] for part in parts if part["name"] == name)


def test_an_answer_on_request_later_is_the_workers(server: Server, site: Site, worker: Child) -> None:
    response = server.submit(new_claim(), [screen()], Prefer="respond-async")
    assert response.status_code == 202, response.text
    case_id = response.json()["case_id"]
    decided = server.decided(case_id)
    assert [item["status"] for item in decided["internal"]["evidence"]] == ["read"]
    assert assessments(site, case_id) == 1


def test_more_claims_than_one_process_may_assess_are_the_workers(site: Site, worker: Child) -> None:
    with site.serving(PREREVIEW_ASSESSING_AT_ONCE="1") as small, ThreadPoolExecutor(1) as pool:
        first = pool.submit(small.submit, new_claim(), [long_capture(10)])
        busy_reader(small.child)
        second = small.submit(new_claim())
        assert second.status_code == 202, second.text
        small.decided(second.json()["case_id"])
        assert first.result(60).status_code in (201, 202)  # the latter on a machine so busy that its deadline passed
        small.decided(first.result().json()["case_id"])
        wait_for(lambda: small.submit(new_claim()).status_code == 201, 20, "no claim was answered in its request")


def test_a_claim_too_slow_for_its_answer_is_finished_and_answered_once(
    server: Server, site: Site, worker: Child
) -> None:
    sent, key = new_claim(), uuid.uuid4().hex
    slow = [long_capture(12) for _ in range(4)]
    response = server.submit(sent, slow, idempotency_key=key)
    assert response.status_code == 202, response.text
    assert int(response.headers["Retry-After"]) >= 1
    case_id = response.json()["case_id"]
    server.decided(case_id, 60)
    again = server.submit(sent, slow, idempotency_key=key)
    assert (again.status_code, again.json()["case_id"]) == (201, case_id)
    assert assessments(site, case_id) == 1


@pytest.mark.parametrize("approvable", [False, True], ids=["person", "approvable"])
def test_a_service_killed_between_accept_and_decision_loses_nothing(
    server: Server, site: Site, worker: Child, approvable: bool
) -> None:
    """``approvable``: a code that can be voided, so that a second decision would be a second refund."""
    sent = new_claim()
    sent["fulfilment"]["voidable"] = approvable
    with site.serving() as doomed, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(_submit_and_die, doomed, sent)
        busy_reader(doomed.child)
        doomed.child.kill()
        assert answer.result(30) is None
    (case_id,) = site.rows(
        "SELECT id::text FROM cases WHERE order_number = %s AND state IN ('accepted', 'assessing')",
        sent["order"]["order_number"],
    )[0]
    assert assessments(site, case_id) == 0
    decided = server.decided(case_id, 60)
    assert (decided["decision"] == "auto_approved") == (grants(site, case_id) == 1)
    assert assessments(site, case_id) == 1
    linked = server.submit(sent)
    if decided["decision"] != "auto_approved":
        assert (linked.status_code, linked.json()["case_id"]) == (200, case_id)


def _submit_and_die(doomed: Server, claim: dict[str, Any]) -> httpx.Response | None:
    with contextlib.suppress(httpx.TransportError):
        return doomed.submit(claim, [long_capture(8)])
    return None


def test_stopping_a_platform_holds_for_a_claim_whose_pages_are_being_read(server: Server, site: Site) -> None:
    def answer(pages: list[bytes]) -> dict[str, Any]:
        return server.decided(server.submit(new_claim(), pages).json()["case_id"])

    page = long_capture(6, "0011-toast.jpg")
    assert answer([page])["decision"] == "auto_approved"
    page = long_capture(6, "0011-toast.jpg")
    with ThreadPoolExecutor(1) as pool:
        pending = pool.submit(answer, [page])
        busy_reader(server.child)
        site.execute("UPDATE platforms SET mode = 'stopped'")
        stopped = pending.result(60)
    site.execute("UPDATE platforms SET mode = 'demo'")
    assert [item["status"] for item in stopped["internal"]["evidence"]] == ["read"]
    assert stopped["decision"] == "manual_review"
