"""One case over HTTP: seen by its platform only, decided once, held, taken back, and never lost on the way."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from api_service import Service
from console_people import browser, sign_in, token_on


class At:
    """Somebody signed in, with one case before them."""

    def __init__(self, http: httpx.Client, case_id: str) -> None:
        self.http, self.case_id = http, case_id
        self.path = f"/cases/{case_id}"

    def page(self, path: str | None = None) -> httpx.Response:
        return self.http.get(path or self.path)

    def fields(self, act: str) -> dict[str, str]:
        """What the act's form on the page holds besides what is typed."""
        page = self.page()
        return {
            "csrf": token_on(page),
            "act": act,
            "version": _hidden(page, "version"),
            "once": _hidden(page, "once"),
        }

    def send(self, act: str, fields: dict[str, str] | None = None, **typed: Any) -> httpx.Response:
        return self.http.post(self.path, data={**(fields or self.fields(act)), **typed})

    def undo(self) -> httpx.Response:
        page = self.page()
        ids = re.findall(r'<input type="hidden" name="id" value="([0-9a-f-]{36})">', page.text)
        return self.http.post("/held/undo", data={"csrf": token_on(page), "id": ids})


def _hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text[:2000]
    return found[1]


@pytest.fixture
def in_review(service: Service, claim: Callable[..., dict[str, Any]]) -> Callable[..., str]:
    """A case that waits for a person, and its id."""

    def make(key: str = "full", files: list[tuple[str, bytes]] | None = None, **changes: Any) -> str:
        used = {"fulfilment": {"state": "delivered", "use": "viewed"}, **changes}
        answer = service.submit(claim(**used), files, key=key)
        assert answer.status_code in (201, 202), answer.text
        case_id = str(answer.json()["case_id"])
        with service.http(key) as http:
            end = time.monotonic() + 60
            while http.get(f"/v1/cases/{case_id}").json()["state"] in ("accepted", "assessing"):
                assert time.monotonic() < end
                time.sleep(0.1)
            if http.get(f"/v1/cases/{case_id}").json()["state"] == "awaiting_materials":
                http.post(
                    f"/v1/cases/{case_id}/send-to-review",
                    json={"as": "reviewer", "by": "setup", "reason": "for the test"},
                    headers={"Idempotency-Key": uuid.uuid4().hex},
                )
        return case_id

    return make


@pytest.fixture
def at(service: Service, new_person: Callable[..., str]) -> Iterator[Callable[..., At]]:
    opened: list[httpx.Client] = []

    def make(case_id: str, *roles: str, platform: str = "demo", language: str = "en") -> At:
        http = browser(service, **{"Accept-Language": language}).__enter__()
        opened.append(http)
        sign_in(http, new_person(*(roles or ("reviewer",)), platform=platform), platform=platform)
        return At(http, case_id)

    yield make
    for http in opened:
        http.close()


def state(service: Service, case_id: str) -> str:
    with service.http() as http:
        return str(http.get(f"/v1/cases/{case_id}").json()["state"])


def test_a_decision_is_held_shown_and_taken_back_with_what_was_written(
    service: Service, in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    case_id = in_review()
    seat, other = at(case_id), at(case_id)
    fields = seat.fields("approve")
    sent = seat.send("approve", fields, message="Your refund is on its way.", reason="the log shows it <never> arrived")
    assert sent.status_code == 303, sent.text
    page = seat.page()
    assert re.search(r"Approved ¥29.\d\d for case R", page.text), page.text[:3000]
    assert "has decided" in other.page().text
    refused = other.send("reject", {**fields, "csrf": token_on(other.page())}, clause="N1", message="No.", reason="x")
    assert refused.status_code == 409
    assert "has just decided this case" in refused.text

    # The same form again, and twice at once, is the same decision.
    assert (
        seat.send(
            "approve", fields, message="Your refund is on its way.", reason="the log shows it <never> arrived"
        ).status_code
        == 303
    )
    changed = seat.send("approve", fields, message="Something else.", reason="")
    assert changed.status_code == 409
    assert "nothing was done twice" in changed.text

    back = seat.undo()
    assert back.status_code == 303
    page = seat.page(back.headers["location"].removeprefix("/console"))
    assert "Taken back" in page.text
    assert "the log shows it &lt;never&gt; arrived" in page.text
    assert "Approved" not in page.text.split("case-head")[0]
    assert state(service, case_id) == "in_review"
