"""The buyer's page of a case, by the running service: only by its link, everything a buyer may do, nothing else."""

from __future__ import annotations

import html
import re
import string
import uuid
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from api_service import Service

Make = Callable[..., dict[str, Any]]
UNDECIDED = {"reason": "unauthorised"}
LACKING = {"reason": "other", "statement": "坏了"}


def link(service: Service, case: dict[str, Any]) -> str:
    with service.http() as http:
        answer = http.get(f"/v1/cases/{case['case_id']}/status-page")
    assert answer.status_code == 200, answer.text
    url: str = answer.json()["url"]
    assert url.startswith("/public/demo/cases/")
    return url


def get(service: Service, path: str, **query: str) -> httpx.Response:
    return httpx.get(f"{service.url}{path}", params=query or None, trust_env=False, timeout=30)


def act(service: Service, path: str, name: str, files: Any = None, **fields: Any) -> httpx.Response:
    """As the page's form does, with the version the page shows."""
    shown = re.search(r'name="version" value="(\d+)"', get(service, path).text)
    data = {"act": name, "version": shown[1] if shown else "0", **fields}
    parts = files or [("files", ("", b"", "application/octet-stream"))]
    return httpx.post(f"{service.url}{path}", data=data, files=parts, trust_env=False, timeout=30)


def test_a_buyer_sees_how_the_case_stands_and_no_one_elses(service: Service, claim: Make) -> None:
    case = service.submit(claim(**UNDECIDED)).json()
    page = get(service, link(service, case), lang="en")
    text = html.unescape(page.text)
    assert page.status_code == 200
    assert case["number"] in text
    assert "A person is looking at it" in text
    assert "You will have an answer by" in text
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    for private in ("risk", "audit", "score", "u-", "d-7f31c2", "recommend"):
        assert private not in text.lower(), private
    assert "人工审核中" in get(service, link(service, case)).text


def test_a_link_that_is_none_finds_nothing(service: Service, claim: Make) -> None:
    case = service.submit(claim(**UNDECIDED)).json()
    path = link(service, case)
    token = path.rpartition("/")[2]
    other = "B" if token[-10] != "B" else "C"
    for wrong in (
        token[:-10] + other + token[-9:],
        token[:-1],
        token + "A",
        "A" * 43,
        uuid.UUID(case["case_id"]).hex,
        "%2e%2e",
    ):
        assert get(service, f"/public/demo/cases/{wrong}").status_code == 404, wrong
    assert get(service, path.replace("/demo/", "/north/")).status_code == 404
    with service.http("north") as http:
        assert http.get(f"/v1/cases/{case['case_id']}/status-page").status_code == 404


def test_a_link_may_be_used_so_often_however_it_is_spelt_and_a_made_up_one_is_not_counted(
    service: Service, claim: Make
) -> None:
    path = link(service, service.submit(claim(**UNDECIDED)).json())
    letters = string.ascii_uppercase + string.ascii_lowercase + string.digits + "-_"
    same = path[:-1] + letters[letters.index(path[-1]) ^ 1]  # the last letter has two bits that say nothing
    with httpx.Client(base_url=service.url, trust_env=False, timeout=30) as http:
        made_up = "/public/demo/cases/" + "A" * 43
        assert {http.get(made_up).status_code for _ in range(70)} == {404}
        assert [http.get(path if number % 2 else same).status_code for number in range(61)] == [200] * 60 + [503]


def test_what_is_missing_can_be_sent_and_the_case_goes_on(service: Service, claim: Make) -> None:
    case = service.submit(claim(**LACKING)).json()
    assert case["state"] == "awaiting_materials", case["state"]
    path = link(service, case)
    page = html.unescape(get(service, path, lang="en").text)
    for missing in case["buyer"]["missing"]:
        assert missing["text"] in html.unescape(get(service, path).text)
    assert 'type="file"' in page
    sent = act(service, path, "evidence", [("files", ("page.png", b"\x89PNG no picture", "image/png"))])
    assert sent.status_code == 303, sent.text
    assert get(service, sent.headers["Location"] + "&lang=en").text.count("we have it") == 1
    with service.http() as http:
        assert http.get(f"/v1/cases/{case['case_id']}").json()["version"] > case["version"]


def test_words_that_are_missing_can_be_said_and_the_claim_is_judged_anew(service: Service, claim: Make) -> None:
    case = service.submit(claim(**LACKING)).json()
    path = link(service, case)
    said = {"reason": "code_invalid", "statement": "激活时提示激活码无效，请全额退款。"}
    assert act(service, path, "explain", **said).status_code == 303
    with service.http() as http:
        after = http.get(f"/v1/cases/{case['case_id']}").json()
    assert after["version"] > case["version"]
    assert act(service, path, "explain", reason="eaten", statement="x").status_code in (409, 422)


def test_the_reason_of_a_claim_stays_while_a_person_judges_it(service: Service, claim: Make) -> None:
    """The form is not on the page, but anybody can send it: another reason may ask for fewer or other reviewers."""
    case = service.submit(claim(**UNDECIDED)).json()
    assert case["state"] == "in_review"
    said = {"reason": "code_invalid", "statement": "激活时提示激活码无效，请全额退款。"}
    assert act(service, link(service, case), "explain", **said).status_code == 409
    with service.http() as http:
        assert http.get(f"/v1/cases/{case['case_id']}").json()["version"] == case["version"]


def test_withdrawn_twice_is_withdrawn_once_and_said_so(service: Service, claim: Make) -> None:
    path = link(service, service.submit(claim(**UNDECIDED)).json())
    assert act(service, path, "withdraw").status_code == 303
    again = act(service, path, "withdraw")
    assert again.status_code in (409, 422)
    assert "Withdrawn" in get(service, path, lang="en").text


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("approve", {}),
        ("", {}),
        ("withdraw", {"version": "0"}),
        ("counter", {"amount": "1e9"}),
        ("accept-offer", {}),
        ("evidence", {}),
        ("appeal", {"statement": "x" * 3000}),
    ],
)
def test_what_a_buyer_may_not_do_is_refused_and_changes_nothing(
    service: Service, claim: Make, name: str, fields: dict[str, str]
) -> None:
    case = service.submit(claim(**UNDECIDED)).json()
    path = link(service, case)
    answer = act(service, path, name, **fields)
    assert answer.status_code in (409, 422), answer.text
    assert 'role="alert"' in answer.text
    with service.http() as http:
        assert http.get(f"/v1/cases/{case['case_id']}").json()["state"] == "in_review"


def test_text_from_outside_stays_text(service: Service, claim: Make) -> None:
    data = claim(**UNDECIDED)
    data["statement"] = "<script>alert(1)</script>"
    page = get(service, link(service, service.submit(data).json()))
    assert "<script" not in page.text
    assert "script" not in page.headers["Content-Security-Policy"]
