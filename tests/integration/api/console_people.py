"""People of the running service, and their browsers without a screen."""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterable

import httpx
from api_service import FOUNDER, Service

from service.domain.clock import SystemClock
from service.review.accounts import Accounts
from service.store.database import Database
from service.store.sign_in_failures import SignInFailures
from service.store.user_sessions import Sessions
from service.store.users import Users

PASSWORD = "correct horse battery"


def add_person(database_url: str, *roles: str, platform: str = "demo") -> str:
    """A login of its own with these roles and ``PASSWORD``."""
    login = f"p{uuid.uuid4().hex[:10]}"

    async def add() -> None:
        database = Database(database_url)
        accounts = Accounts(Users(database), Sessions(database), SignInFailures(database), SystemClock())
        await accounts.add(platform, login, roles, FOUNDER, password=PASSWORD)
        await database.close()

    asyncio.run(add())
    return login


def browser(service: Service, **headers: str) -> httpx.Client:
    """Cookies and the headers a browser sends with a form of the page it is on."""
    sent = {"Origin": service.url, "Sec-Fetch-Site": "same-origin", "Accept-Language": "en", **headers}
    return httpx.Client(base_url=f"{service.url}/console", headers=sent, trust_env=False, timeout=30)


def sign_in(http: httpx.Client, login: str, password: str = PASSWORD, platform: str = "demo") -> httpx.Response:
    return http.post("/sign-in", data={"platform": platform, "login": login, "password": password})


def token_on(page: httpx.Response) -> str:
    """The session's token, from a page's first form."""
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text
    return found[1]


def submit(http: httpx.Client, path: str, data: dict[str, str | Iterable[str]] | None = None) -> httpx.Response:
    """A form of the first page, which carries the session's token."""
    return http.post(path, data={"csrf": token_on(http.get("/password")), **(data or {})})
