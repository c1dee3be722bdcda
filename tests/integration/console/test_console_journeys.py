"""Whole journeys at the console as people make them: in a real browser, by keyboard, on a platform of their own."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from api_service import CLOCK_START, FOUNDER, Service, platform_policy
from browsing import Watched
from console_people import PASSWORD
from hostile import open_platform

from service.store import EmbeddedPostgres, Store, quality
from tests.running_service import screen
from training.screens.browser import chromium_path

pytestmark = [
    pytest.mark.proof,
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]
Make = Callable[..., dict[str, Any]]
DECIDED_SECONDS = 40
"""A decision takes effect ten seconds after it was made."""


@dataclass(frozen=True, slots=True)
class House:
    """A platform of its own on the running service."""

    id: str
    service: Service
    url: str
    claim: Make
    person: Callable[..., str]

    def case(self, *, files: list[tuple[str, bytes]] | None = None, **changes: Any) -> dict[str, Any]:
        """One that waits for a person, its score shown at once."""
        used = {"fulfilment": {"state": "delivered", "use": "viewed"}, **changes}
        answer = self.service.submit(self.claim(**used), files, key=self.id)
        assert answer.status_code in (201, 202), answer.text
        case: dict[str, Any] = self.until(answer.json()["case_id"], "in_review", "awaiting_materials")
        if case["state"] == "awaiting_materials":
            self.post(case["case_id"], "send-to-review", {"as": "reviewer", "by": "setup", "reason": "for the test"})
        now = datetime.now(UTC)
        self.run(lambda store: _draw(store, self.id, uuid.UUID(case["case_id"]), now))
        return case

    def until(self, case_id: str, *states: str) -> dict[str, Any]:
        end = time.monotonic() + DECIDED_SECONDS
        with self.service.http(self.id) as http:
            while True:
                case: dict[str, Any] = http.get(f"/v1/cases/{case_id}").json()
                if case["state"] in states and not case.get("reassessing"):
                    return case
                assert time.monotonic() < end, f"still {case['state']}"
                time.sleep(0.2)

    def post(self, case_id: str, action: str, body: dict[str, Any]) -> None:
        sent = {"Idempotency-Key": uuid.uuid4().hex}
        with self.service.http(self.id) as http:
            answer = http.post(f"/v1/cases/{case_id}/{action}", json=body, headers=sent)
        assert answer.status_code < 300, answer.text

    def appeal(self, case_id: str) -> None:
        details = {"as": "buyer", "statement": "The code was redeemed from a phone that is not mine."}
        parts = [("details", ("details.json", orjson.dumps(details), "application/json"))]
        parts += [("evidence", ("proof.png", b"\x89PNG no picture", "image/png"))]
        with self.service.http(self.id, **{"Idempotency-Key": uuid.uuid4().hex}) as http:
            answer = http.post(f"/v1/cases/{case_id}/appeal", files=parts)
        assert answer.status_code < 300, answer.text

    def run(self, work: Callable[[Store], Awaitable[object]]) -> None:
        """In a thread: Playwright keeps an event loop running."""

        async def whole() -> None:
            store = Store(self.url, str(self.service.evidence))
            await work(store)
            await store.close()

        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(whole())).result()


async def _draw(store: Store, platform_id: str, case_id: uuid.UUID, now: datetime) -> None:
    async with store.transaction() as tx:
        await quality.keep_draw(tx, platform_id, case_id, False, 200, now)


@pytest.fixture
def house(service: Service, postgres: EmbeddedPostgres, claim: Make, new_person: Callable[..., str]) -> House:
    platform_id = f"house-{uuid.uuid4().hex[:8]}"
    url = postgres.url(service.database)
    known = open_platform(service, url, platform_id, platform_policy(platform_id, CLOCK_START).text)

    def person(*roles: str) -> str:
        return new_person(*roles, platform=platform_id)

    return House(platform_id, known, url, claim, person)


def signs_in(watched: Watched, platform_id: str, login: str) -> None:
    page = watched.page
    page.context.clear_cookies()
    page.goto("/console/")
    page.wait_for_url("**/console/sign-in**")
    page.fill("#platform", platform_id)
    page.keyboard.press("Tab")
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")


def test_from_the_sign_in_over_an_appeal_to_the_audit_trail(house: House, signed_in: Callable[..., Watched]) -> None:
    ana, bo, eve = house.person("reviewer"), house.person("reviewer"), house.person("auditor")
    case = house.case(files=[("order.jpg", screen())])
    case_id = case["case_id"]
    first = signed_in(login=ana, platform=house.id, language="en")
    signs_in(first, house.id, ana)

    # The next case, and where on the screenshot its facts stand.
    page = first.page
    page.keyboard.press("n")
    page.wait_for_url(f"**/console/cases/{case_id}")
    page.wait_for_function("document.querySelector('.paper img')?.naturalWidth > 0")
    row = page.locator("tr[data-fact][data-picture]").first
    fact = row.get_attribute("data-fact")
    row.hover()
    assert "lit" in (page.locator(f'rect[data-fact="{fact}"]').first.get_attribute("class") or "").split()
    page.locator(f'rect[data-fact="{fact}"]').first.hover(force=True)
    assert "lit" in (row.get_attribute("class") or "").split()
    first.accessible()

    # Rejected by keyboard, taken back, and rejected after all.
    page.keyboard.press("r")
    assert page.evaluate("document.activeElement.name") == "clause"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("the log shows the code was viewed")
    page.keyboard.press("Control+Enter")
    page.locator(".held-bar").wait_for()
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{case_id}?undone=*")
    assert page.locator("#act-reject-reason").input_value() == "the log shows the code was viewed"
    page.locator("#act-reject-reason").focus()
    page.keyboard.press("Control+Enter")
    page.locator(".held-bar").wait_for()
    house.until(case_id, "rejected")
    first.quiet()

    # The appeal goes to somebody who has not seen the case.
    house.appeal(case_id)
    house.until(case_id, "appealed")
    page.goto("/console/")
    page.keyboard.press("n")
    page.wait_for_load_state()
    assert case_id not in page.url
    second = signed_in(login=bo, platform=house.id, language="en")
    page = second.page
    page.goto("/console/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/console/cases/{case_id}")
    page.keyboard.press("b")
    page.keyboard.press("Control+Enter")
    house.until(case_id, "in_second_review")
    page.goto(f"/console/cases/{case_id}")
    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.name") == "message"
    page.keyboard.press("Control+Enter")
    page.locator(".held-bar").wait_for()
    house.until(case_id, "approved", "partially_approved")
    second.quiet()

    # The trail tells all of it, and who.
    third = signed_in(login=eve, platform=house.id, language="en")
    page = third.page
    page.goto("/console/")
    page.keyboard.press("l")
    page.wait_for_url("**/console/audit")
    page.keyboard.press("c")
    page.keyboard.type(case["number"])
    page.keyboard.press("Enter")
    page.wait_for_url("**case=**")
    rows = [" ".join(text.split()) for text in page.locator("tbody tr").all_inner_texts()]
    told = [("case.accepted", ""), ("case.assessed", ""), ("case.taken", ana), ("case.decision_held", ana)]
    told += [("case.decision_undone", ana), ("case.reject", ana), ("case.appeal", ""), ("case.taken", bo)]
    told += [("case.begin_second_review", bo), ("case.decision_held", bo), ("case.approve", bo)]
    missing = [each for each in told if not any(each[0] in row and each[1] in row for row in rows)]
    assert missing == [], "\n".join(rows)
    third.accessible()
    third.quiet()


def test_two_reviewers_race_for_one_case(house: House, signed_in: Callable[..., Watched]) -> None:
    case_id = house.case()["case_id"]
    seats = [signed_in(login=house.person("reviewer"), platform=house.id, language="en") for _ in range(2)]
    for seat in seats:
        seat.page.goto("/console/")
    # Both are on their way before either has an answer.
    for seat in seats:
        seat.page.evaluate("setTimeout(() => document.querySelector('form[action$=\"/next\"] button').click(), 300)")
    for seat in seats:
        seat.page.wait_for_timeout(400)
        seat.page.wait_for_load_state()
        seat.page.wait_for_url(lambda url: not url.endswith("/console/"))
    won = [seat for seat in seats if case_id in seat.page.url]
    assert len(won) == 1, [seat.page.url for seat in seats]
    (lost,) = [seat for seat in seats if seat is not won[0]]
    # Whoever has the page open all the same is told, and a decision on an old page changes nothing.
    late = lost.page
    late.goto(f"/console/cases/{case_id}")
    assert late.locator("#lock-strip, .lock-strip").first.inner_text() != ""
    page = won[0].page
    page.keyboard.press("a")
    page.keyboard.press("Control+Enter")
    page.locator(".held-bar").wait_for()
    if late.locator("#act-approve-message").count():
        late.keyboard.press("a")
        late.keyboard.press("Control+Enter")
        late.wait_for_load_state()
        assert late.locator(".held-bar .held[data-left]").count() == 0
        assert late.locator('[role="alert"], .case-notice').count() > 0
    house.until(case_id, "approved")
    for seat in seats:
        seat.quiet(expected=("409", "403", "422", "Conflict"))


def test_a_breaker_trip_is_seen_at_every_desk_without_loading_again(
    house: House, signed_in: Callable[..., Watched]
) -> None:
    case_id = house.case()["case_id"]
    places = {"reviewer": ["/console/queues", f"/console/cases/{case_id}"], "risk_owner": ["/console/risk"]}
    seats = []
    for role, paths in places.items():
        login = house.person(role)
        for path in paths:
            seat = signed_in(login=login, platform=house.id, language="en")
            seat.page.goto(path)
            seat.page.evaluate("window.__same = true")
            assert "The breaker has tripped" not in seat.page.inner_text("body")
            seats.append(seat)
    house.run(lambda store: store.trip_breaker(house.id, "too much was wrong", FOUNDER, CLOCK_START))
    for seat in seats:
        seat.page.get_by_text("The breaker has tripped").first.wait_for(timeout=10_000)
        assert seat.page.evaluate("window.__same") is True
        seat.accessible()
        seat.quiet()


def test_language_and_theme_are_kept_from_page_to_page(house: House, signed_in: Callable[..., Watched]) -> None:
    house.case()
    seat = signed_in(login=house.person("reviewer", "auditor"), platform=house.id, language="zh-CN")
    page = seat.page
    page.goto("/console/queues")
    assert page.locator("html").get_attribute("lang") == "zh-CN"
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for name in ("English", "Dark"):
        button = page.get_by_role("button", name=name, exact=True)
        button.focus()
        with page.expect_navigation(url="**/console/queues"):
            page.keyboard.press("Enter")
    for path in ("/console/queues", "/console/audit", "/console/"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        seat.accessible()
    # Single keys can be switched off, for who speaks to the machine or has unsteady hands.
    with page.expect_navigation():
        page.get_by_role("button", name="Single keys").click()
    page.goto("/console/")
    page.keyboard.press("q")
    page.wait_for_timeout(300)
    assert page.url.endswith("/console/")
    seat.quiet()
