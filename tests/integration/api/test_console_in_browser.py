"""The console in a real browser: a new reviewer's first minutes, both themes and languages, keys, and no violation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from api_service import Service
from console_people import PASSWORD, add_person
from test_public_in_browser import FAINT

from service.store import EmbeddedPostgres
from training.screens.browser import chromium_path

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.blockedURI));
"""


@pytest.fixture
def administrator(service: Service, postgres: EmbeddedPostgres) -> str:
    return add_person(postgres.url(service.database), "administrator")


# After whoever is added: Playwright keeps an event loop of its own running.
@pytest.fixture
def page(service: Service, administrator: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium_path()))
        context = opened.new_context(
            viewport={"width": 1366, "height": 768}, color_scheme="light", locale="zh-CN", base_url=service.url
        )
        context.add_init_script(VIOLATIONS)
        yield context.new_page()
        opened.close()


def readable(page: Any) -> None:
    assert page.evaluate(FAINT) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    assert page.evaluate("window.violations") == []


def sign_in(page: Any, login: str, password: str) -> None:
    page.goto("/console/sign-in")
    page.fill("#platform", "demo")
    page.fill("#login", login)
    page.fill("#password", password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def test_an_administrator_adds_a_reviewer_who_begins(service: Service, administrator: str, page: Any) -> None:
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.goto("/console")
    assert page.locator("h1").inner_text() == "登录"
    readable(page)
    sign_in(page, administrator, PASSWORD)

    page.keyboard.press("l")
    page.wait_for_url("**/console/audit")
    page.get_by_role("navigation").get_by_role("link", name="用户").click()
    page.wait_for_url("**/console/users")
    readable(page)
    page.keyboard.press("Tab")
    new = f"{administrator}r"
    page.fill("#login", new)
    page.get_by_label("审核员", exact=True).first.check()
    page.get_by_role("button", name="添加", exact=True).click()
    made = page.locator("#made").inner_text()
    readable(page)
    page.set_viewport_size({"width": 390, "height": 844})
    readable(page)

    page.get_by_role("button", name="深色").click()
    page.wait_for_load_state()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 22, 28)"
    readable(page)
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() == "Users"
    assert page.locator("#made").count() == 0
    page.set_viewport_size({"width": 1366, "height": 768})
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/console/sign-in")

    sign_in(page, new, made)
    page.wait_for_url("**/console/password")
    readable(page)
    page.fill("#old", made)
    page.fill("#new", "my own long password")
    page.fill("#again", "my own long password")
    page.keyboard.press("Enter")
    page.wait_for_url("**/console/")
    assert page.locator("h1").inner_text() == "Desk"
    assert page.get_by_role("link", name="Users").count() == 0
    readable(page)
    assert said == []
    assert all(url.startswith(service.url) for url in asked)
