"""A platform of a test's own, with cases that wait for its reviewers."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
from api_service import CLOCK_START, FOUNDER, Service, platform_policy
from console_people import PASSWORD, add_person, browser

from service.domain.assessment import PlatformMode
from service.domain.claims import Claim
from service.domain.deadlines import Deadline, DeadlineKind
from service.domain.money import Money
from service.domain.quality import QualitySettings
from service.store import AcceptRequest, DecideRequest, Platform, Store, quality


class QueuePlatform:
    """``now``: by the service's clock, as the first case was put in; the makers are the fixtures of these names."""

    def __init__(self, service: Service, url: str, folder: Path, now: datetime = CLOCK_START) -> None:
        self.service, self.url, self.id = service, url, f"q{uuid.uuid4().hex[:8]}"
        self.now = now
        self.folder = folder
        platform = Platform(
            id=self.id, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=CLOCK_START
        )
        # What is judged blind is drawn by lot; here nothing is.
        none = QualitySettings(blind_permille=0, golden_permille=0)

        async def add(store: Store) -> None:
            await store.add_platform(platform, FOUNDER)
            await store.add_policy(platform_policy(self.id, CLOCK_START))
            async with store.transaction() as tx:
                await quality.change_settings(tx, self.id, none, "for the test", FOUNDER, CLOCK_START)

        self.run(add)

    def makes(
        self,
        accept: Callable[..., AcceptRequest],
        decide: Callable[..., DecideRequest],
        claim: Callable[..., Claim],
    ) -> QueuePlatform:
        """With what makes its cases, and with none of them waiting."""
        self._accept, self._decide, self._claim = accept, decide, claim
        for table in ("case_locks", "queued_cases", "saved_views"):
            self.sql(f"DELETE FROM {table} WHERE platform_id = %s", self.id)
        return self

    def person(self, *roles: str) -> str:
        """Somebody of the platform with these roles, by login."""
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(add_person, self.url, *(roles or ("reviewer",)), platform=self.id).result()

    def run(self, work: Callable[[Store], Any]) -> Any:
        """In a thread: Playwright keeps an event loop running."""

        async def whole() -> Any:
            store = Store(self.url, str(self.folder))
            try:
                return await work(store)
            finally:
                await store.close()

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(lambda: asyncio.run(whole())).result()

    def case(
        self,
        order: str = "",
        *,
        lane: str = "standard",
        due_in: timedelta | None = timedelta(days=1),
        amount: int = 3000,
        seller: str = "seller-1",
        product: str = "点卡 30 元",
        age: timedelta = timedelta(0),
        **changes: Any,
    ) -> str:
        """One that waits for a person; its id."""
        order = order or f"T{uuid.uuid4().hex[:12]}"
        at = self.now - age
        plain = self._claim(order, platform_id=self.id, amount=amount, **changes)
        goods = replace(plain.order.product, name=product)
        claim = replace(plain, order=replace(plain.order, seller_id=seller, product=goods, amount_paid=Money(amount)))
        request = self._accept(claim, f"key-{order}", now=at, due_at=at + timedelta(seconds=10))
        decided = self._decide(request.case_id, platform_id=self.id, approve=False, now=at + timedelta(seconds=1))
        judged = replace(decided.assessment, as_of=at, verdict=replace(decided.assessment.verdict, lane=lane))
        deadline = None if due_in is None else Deadline(kind=DeadlineKind.REVIEW, due_at=self.now + due_in)

        async def put(store: Store) -> None:
            await store.accept(request)
            await store.decide(replace(decided, assessment=judged, deadline=deadline))

        self.run(put)
        return str(request.case_id)

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []


class Seat:
    """Somebody of the platform at their browser, without a screen."""

    def __init__(self, platform: QueuePlatform, login: str, language: str = "en") -> None:
        self.login, self._platform = login, platform
        self.http: httpx.Client = browser(platform.service, **{"Accept-Language": language})
        self.http.post("/sign-in", data={"platform": platform.id, "login": login, "password": PASSWORD})
        found = self.http.get("/password").text.split('name="csrf" value="')
        assert len(found) > 1, "not signed in"
        self.csrf = found[1][:64]

    def get(self, path: str, **query: str) -> httpx.Response:
        return self.http.get(path, params=query or None)

    def post(self, path: str, **form: Any) -> httpx.Response:
        return self.http.post(path, data={"csrf": self.csrf, **form})

    def next(self) -> str | None:
        """The case they are given; None where there is none."""
        answer = self.post("/next")
        where = answer.headers.get("location", "")
        return where.rpartition("/")[2] if answer.status_code == 303 else None
