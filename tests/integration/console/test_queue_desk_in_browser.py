"""The queues in a real browser: what others do is seen without loading again; a reviewer's day by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from api_service import FOUNDER, Service
from browsing import Watched
from queue_platform import QueuePlatform, Seat

from service.store import EmbeddedPostgres, Store
from training.screens.browser import chromium_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]


@pytest.fixture
def platform(
    service: Service,
    postgres: EmbeddedPostgres,
    tmp_path: Path,
    accept_request: Any,
    decide_request: Any,
    make_claim: Any,
) -> QueuePlatform:
    platform = QueuePlatform(service, postgres.url(service.database), tmp_path)
    return platform.makes(accept_request, decide_request, make_claim)


def test_anothers_claim_and_a_breaker_trip_are_seen_without_loading_again(
    platform: QueuePlatform, signed_in: Callable[..., Watched]
) -> None:
    bo = Seat(platform, platform.person())
    case_id = platform.case()
    watched = signed_in("reviewer", platform=platform.id)
    page = watched.page
    page.goto(f"/console/locks/{case_id}")
    page.evaluate("window.__same = true")
    assert "无人处理" in page.locator("#lock-strip").inner_text()

    assert bo.post(f"/locks/{case_id}", act="take").status_code == 303
    page.get_by_text(bo.login).wait_for(timeout=5000)
    assert "他人在处理" in page.locator("#lock-strip").inner_text()

    async def trip(store: Store) -> None:
        await store.trip_breaker(platform.id, "too much was wrong", FOUNDER, platform.now)

    platform.run(trip)
    page.get_by_text("熔断已触发").wait_for(timeout=5000)
    assert page.evaluate("window.__same") is True
    watched.quiet()
    bo.http.close()


@pytest.mark.proof
def test_a_reviewer_works_through_the_queue_by_keyboard(
    platform: QueuePlatform, signed_in: Callable[..., Watched]
) -> None:
    cases = [platform.case(due_in=timedelta(days=1, minutes=n)) for n in range(3)]
    watched = signed_in("reviewer", platform=platform.id, language="en")
    page = watched.page
    page.goto("/console/")
    page.keyboard.press("n")
    page.wait_for_url(f"**/cases/{cases[0]}")
    page.keyboard.press("n")
    page.wait_for_url(f"**/cases/{cases[1]}")
    page.keyboard.press("q")
    page.wait_for_url("**/queues")
    assert page.locator("tr.mine").count() == 2
    page.keyboard.press("f")
    page.select_option("#f-whose", "free")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**whose=free**")
    assert [cases[2]] == [href.rpartition("/")[2] for href in _cases(page)]
    page.fill("#view-name", "free ones")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="free ones").wait_for()
    page.keyboard.press("x")
    page.get_by_role("button", name="Reject…").click()
    page.select_option("#b-clause", "reasons.code_invalid")
    page.fill("#b-reason", "the log shows it was used")
    page.get_by_role("button", name="Preview").click()
    watched.accessible()
    page.get_by_role("button", name="Do these 1").click()
    page.wait_for_url("**/queues")
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{cases[2]}**")
    page.keyboard.press("/")
    page.keyboard.type(cases[0][:-2] + cases[0][-1] + cases[0][-2])
    page.keyboard.press("Enter")
    page.wait_for_url("**/search**")
    watched.quiet()


def _cases(page: Any) -> list[str]:
    return [str(link.get_attribute("href")) for link in page.locator("tbody a").all()]
