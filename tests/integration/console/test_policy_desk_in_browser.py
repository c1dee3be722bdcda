"""A change of policy as two risk owners make it in their browsers, with a slip and a lost session on the way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from api_service import Service
from browsing import Watched
from console_people import PASSWORD
from own_platform import own_platforms

from service.store import EmbeddedPostgres
from training.screens.browser import chromium_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]
PLATFORM = "policy-browser"
FEE = "buyer_at_fault_permille: 10"


def replace_in_editor(page: Any, old: str, new: str) -> None:
    """As a person does it: select the words, type over them."""
    page.evaluate(
        """([old]) => {
          const text = document.getElementById("text"), at = text.value.indexOf(old);
          text.focus();
          text.setSelectionRange(at, at + old.length);
        }""",
        [old],
    )
    page.keyboard.insert_text(new)


def test_two_risk_owners_change_the_policy(
    service: Service, postgres: EmbeddedPostgres, signed_in: Callable[..., Watched], new_person: Callable[..., str]
) -> None:
    own_platforms(postgres.url(service.database), str(service.evidence), PLATFORM)
    ana = new_person("risk_owner", platform=PLATFORM)
    watched = signed_in(login=ana, platform=PLATFORM, language="en")
    page = watched.page
    page.goto("/console/")
    page.keyboard.press("y")
    page.wait_for_url("**/console/policy")
    assert page.locator("#negative_list code", has_text="N8").count() == 1
    page.get_by_role("link", name="Edit", exact=True).click()

    replace_in_editor(page, FEE, "buyer_at_fault_permille: 5%")
    problem = page.locator("#pd-checked .pd-problems li")
    problem.wait_for()
    assert "5 for 0.5 %" in problem.inner_text()
    line = problem.locator("a").inner_text().removeprefix("Line ")
    page.wait_for_function("line => document.querySelector('#pd-gutter b')?.textContent.trim() === line", arg=line)
    problem.locator("a").click()
    assert "5%" in page.evaluate("window.getSelection().toString()")
    page.set_viewport_size({"width": 390, "height": 844})
    watched.fits()
    page.set_viewport_size({"width": 1366, "height": 768})

    # The session ends while they type: the sign-in leads back, and the words are there.
    cookies = page.context.cookies()
    page.context.clear_cookies(name="prereview-session")
    replace_in_editor(page, "buyer_at_fault_permille: 5%", "buyer_at_fault_permille: 20")
    page.wait_for_url("**/console/sign-in?back=%2Fpolicy%2Fedit")
    assert cookies
    page.fill("#platform", PLATFORM)
    page.fill("#login", ana)
    page.fill("#password", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/policy/edit")
    assert page.locator("#pd-restored").is_visible()
    assert "buyer_at_fault_permille: 20" in page.locator("#text").input_value()
    page.locator("#pd-checked[data-pd-saved=yes]").wait_for()

    page.get_by_role("button", name="Keep and compare").click()
    page.wait_for_url("**/console/policy/draft")
    assert page.locator(".pd-meanings ins").inner_text() == "2%"
    assert page.locator(".pd-sides tr.changed").count() == 1
    page.fill("#note", "a fee of 2 % from now on")
    page.get_by_role("button", name="Propose", exact=True).click()
    page.wait_for_url("**/console/policy/versions/*?done=proposed")
    where = page.url.partition("?")[0]
    assert page.get_by_role("button", name="Sign", exact=True).count() == 0
    watched.quiet()

    second = signed_in("risk_owner", platform=PLATFORM, language="zh-CN", theme="dark")
    second.page.goto(where)
    second.page.get_by_label("我已核对以上差异").check()
    second.page.get_by_role("button", name="签署", exact=True).click()
    second.page.wait_for_url("**done=signed")
    assert second.page.locator("h1 .tag").inner_text() == "已签署，待生效"
    second.quiet()
