"""Platforms of a test's own, so that what it proposes and signs changes nothing for other tests."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from api_service import CLOCK_START, FOUNDER, platform_policy

from service.domain.assessment import PlatformMode
from service.store import Platform, Store


def own_platforms(database_url: str, evidence: str, *platforms: str) -> None:
    """Each with the demo's policy, in force as version 1; those there are stay as they are."""

    async def add() -> None:
        store = Store(database_url, evidence)
        await store.open()
        for platform in platforms:
            new = Platform(
                id=platform, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=CLOCK_START
            )
            if await store.add_platform(new, FOUNDER):
                await store.add_policy(platform_policy(platform, CLOCK_START))
        await store.close()

    # In a thread: beside Playwright's running event loop no other may be run in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, add()).result()
