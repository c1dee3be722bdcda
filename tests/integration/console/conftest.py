"""People of the console in a real browser, by role."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from api_service import Service
from browsing import WATCH, Watched, csp_reports
from console_people import add_person, browser, sign_in

from service.store import EmbeddedPostgres
from training.screens.browser import chromium_path

SignedIn = Callable[..., Watched]


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """Chromium for a module. Playwright keeps an event loop running meanwhile: no async tests beside it."""
    if chromium_path() is None:
        pytest.skip("no chromium installed; set PREREVIEW_CHROMIUM to one")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(chromium_path()))
        yield opened
        opened.close()


@pytest.fixture
def new_person(service: Service, postgres: EmbeddedPostgres) -> Callable[..., str]:
    """``new_person(*roles, platform="demo")``: a login with the tests' password."""

    def add(*roles: str, platform: str = "demo") -> str:
        # In a thread: beside Playwright's running event loop no other may be run in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(add_person, postgres.url(service.database), *roles, platform=platform).result()

    return add


@pytest.fixture
def signed_in(service: Service, new_person: Callable[..., str], chrome: Any) -> Iterator[SignedIn]:
    """``signed_in("reviewer", login=..., language="zh-CN", theme="light", width=1366, height=768)``: a page of
    somebody with these roles, in a browser of their own."""
    contexts = []

    def open_page(
        *roles: str,
        login: str = "",
        platform: str = "demo",
        language: str = "zh-CN",
        theme: str = "light",
        width: int = 1366,
        height: int = 768,
    ) -> Watched:
        context = chrome.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale=language, base_url=service.url
        )
        contexts.append(context)
        context.add_init_script(WATCH)
        with browser(service) as http:
            sign_in(http, login or new_person(*roles, platform=platform), platform=platform)
            cookies = [
                {"name": one.name, "value": one.value or "", "url": service.url, "httpOnly": True, "sameSite": "Lax"}
                for one in http.cookies.jar
            ]
        context.add_cookies(cookies)
        look = f"{theme} {language}"
        return Watched(page=context.new_page(), service=service, before=csp_reports(service), look=look)

    yield open_page
    for context in contexts:
        context.close()
