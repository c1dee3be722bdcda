"""The auditors' desk over HTTP: what was done is found, handed out harmlessly, verified by who may change nothing."""

from __future__ import annotations

import csv
import io
import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from api_service import Service
from console_people import browser, sign_in, token_on

Make = Callable[..., dict[str, Any]]
FORMULA = '=HYPERLINK("https://example.com","x")'


@pytest.fixture
def auditor(service: Service, new_person: Callable[..., str]) -> Iterator[httpx.Client]:
    with browser(service) as http:
        sign_in(http, new_person("auditor"))
        yield http


@pytest.fixture
def rejected(service: Service, claim: Make) -> dict[str, Any]:
    """A case somebody rejected, with a formula for a reason."""
    data = claim()
    data["fulfilment"] = {"state": "delivered", "use": "activated"}
    made: dict[str, Any] = service.submit(data).json()
    with service.http() as http:
        no = {"as": "reviewer", "by": f"r{uuid.uuid4().hex[:8]}", "clause": "N1", "message": "x", "reason": FORMULA}
        path = f"/v1/cases/{made['case_id']}/reject"
        assert http.post(path, json=no, headers={"Idempotency-Key": uuid.uuid4().hex}).status_code == 200
    return {**made, "by": no["by"]}


def rows(page: httpx.Response) -> list[str]:
    assert page.status_code == 200, page.text
    return [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr>\n(.*?)</tr>", page.text, re.DOTALL)]


def test_a_case_is_found_by_number_and_what_somebody_did_by_name(
    auditor: httpx.Client, rejected: dict[str, Any]
) -> None:
    by_number = rows(auditor.get("/audit", params={"case": rejected["number"]}))
    assert len(by_number) == len(rows(auditor.get("/audit", params={"case": rejected["case_id"]})))
    assert len(by_number) >= 3
    assert "case accepted" in by_number[-1]
    assert any("rejected" in row and FORMULA.replace('"', "&#34;") in row for row in by_number)
    by_actor = rows(auditor.get("/audit", params={"actor": rejected["by"]}))
    assert any("case.labelled" in row for row in by_actor)
    assert all(rejected["case_id"] in row for row in by_actor)
    of_action = rows(auditor.get("/audit", params={"actor": rejected["by"], "action": "case.labelled"}))
    assert 0 < len(of_action) < len(by_actor)
    unknown = auditor.get("/audit", params={"case": "R000000-NONE", "actor": "nobody", "since": "yesterday"})
    assert unknown.status_code == 422
    assert unknown.text.count('aria-invalid="true"') == 3


def test_pages_go_on_where_the_last_ended(auditor: httpx.Client, service: Service, claim: Make) -> None:
    for _ in range(30):
        service.submit(claim())
    seen: list[str] = []
    path = "/audit?since=2026-11-01"
    for _ in range(3):
        page = auditor.get(path)
        fresh = rows(page)
        assert len(fresh) <= 50
        assert not set(fresh) & set(seen)
        seen += fresh
        older = re.search(r'href="/console(/audit\?[^"]*after=[^"]*)"', page.text)
        if older is None:
            break
        path = older[1].replace("&amp;", "&")
    assert len(seen) > 60
    assert auditor.get("/audit?after=1-").status_code == 422
    assert auditor.get("/audit?after=99999999999999999999-1").status_code == 422


def test_a_file_runs_nothing_is_bounded_and_leaves_a_trace(auditor: httpx.Client, rejected: dict[str, Any]) -> None:
    asked = {"case": rejected["number"]}
    answer = auditor.get("/audit/file", params={**asked, "form": "csv"})
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    table = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert table[0]["action"] == "case.accepted"
    assert f"'{FORMULA}" in [row["reason"] for row in table]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in table for cell in row.values())
    data = auditor.get("/audit/file", params={**asked, "form": "json"}).json()
    assert data["complete"] is True
    assert data["count"] == len(data["entries"]) == len(table)
    assert FORMULA in [entry["reason"] for entry in data["entries"]]
    trace = rows(auditor.get("/audit", params={"action": "trail.exported"}))
    assert "csv" in "".join(trace[:2])
    assert "json" in trace[0]
    unbounded = auditor.get("/audit/file?form=csv&since=2026-11-01")
    assert unbounded.status_code == 303
    assert auditor.get("/audit/file?form=csv&case=case:%00x").status_code == 200  # not cut off in its middle
    assert auditor.get("/audit/file?form=xlsx&since=2026-11-01").status_code == 404


def test_an_auditor_has_the_chain_verified_and_the_result_stays(
    auditor: httpx.Client, rejected: dict[str, Any], service: Service
) -> None:
    page = auditor.get("/audit/chain")
    begun = auditor.post("/audit/chain/verifications", data={"csrf": token_on(page)})
    assert begun.status_code == 303, begun.text
    end = time.monotonic() + 30
    while "hx-trigger" in (part := auditor.get("/audit/chain/verifications").text):
        assert "<html" not in part
        assert time.monotonic() < end, "the verification did not end"
        time.sleep(0.2)
    assert "whole</span>" in part
    assert "Nobody has verified it yet" not in part
    # The auditor reads; every other door stays closed to changes.
    assert auditor.post("/users", data={"csrf": token_on(page), "login": "x"}).status_code == 403


def test_nobody_sees_the_trail_of_another_platform_or_without_the_role(
    service: Service, new_person: Callable[..., str], rejected: dict[str, Any]
) -> None:
    with browser(service) as http:
        sign_in(http, new_person("auditor", platform="north"), platform="north")
        assert http.get("/audit", params={"case": rejected["number"]}).status_code == 422
        assert rows(http.get("/audit", params={"case": rejected["case_id"]})) == []
        assert http.get("/audit/file", params={"case": rejected["case_id"], "form": "json"}).json()["entries"] == []
    with browser(service) as http:
        sign_in(http, new_person("reviewer"))
        assert {http.get(path).status_code for path in ("/audit", "/audit/chain", "/audit/file?form=csv")} == {403}
