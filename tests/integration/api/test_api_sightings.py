"""A file seen on another platform: told between platforms that agreed to it, as yes or no and nothing else."""

from __future__ import annotations

import asyncio
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from api_service import CLOCK_START, FOUNDER, Service

from service.store import EmbeddedPostgres, Sightings
from service.store.database import Database

Make = Callable[..., dict[str, Any]]
Share = Callable[..., None]


@pytest.fixture
def share(service: Service, postgres: EmbeddedPostgres) -> Share:
    def share(*platforms: str) -> None:
        async def work() -> None:
            database = Database(postgres.url(service.database))
            for platform_id in ("demo", "north"):
                await Sightings(database).share(platform_id, platform_id in platforms, "test", FOUNDER, CLOCK_START)
            await database.close()

        asyncio.run(work())

    return share


def sent(service: Service, claim: Make, page: bytes, key: str) -> str:
    answer = service.submit(claim(), [("page.png", page)], key=key)
    assert answer.status_code == 201, answer.text
    assert "seen_elsewhere" not in answer.text
    return str(answer.json()["case_id"])


def told(service: Service, case_id: str, key: str) -> Any:
    with service.http(key) as http:
        answer = http.get(f"/v1/cases/{case_id}")
    assert answer.status_code == 200
    return answer.json().get("internal", {}).get("seen_elsewhere")


def test_both_must_agree_and_neither_learns_more(
    service: Service, claim: Make, share: Share, postgres: EmbeddedPostgres
) -> None:
    page, other = uuid.uuid4().bytes, uuid.uuid4().bytes
    here, there = sent(service, claim, page, "full"), sent(service, claim, page, "north")
    alone = sent(service, claim, other, "full")
    for agreed, seen in (((), None), (("demo",), False), (("north",), None), (("demo", "north"), True)):
        share(*agreed)
        assert told(service, here, "full") is seen, agreed
    assert told(service, there, "north") is True
    assert told(service, alone, "full") is False
    assert told(service, here, "claims") is None
    with service.http() as http:
        shown = http.get(f"/v1/cases/{here}").text
    assert "north" not in shown
    assert there not in shown
    # Erased there, it is no longer seen there.
    with psycopg.connect(postgres.url(service.database).replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "INSERT INTO evidence_tombstones (platform_id, sha256, why, kind, erased_at) "
            "VALUES ('north', %s, 'test', 'unknown', now())",
            [hashlib.sha256(page).hexdigest()],
        )
    assert told(service, here, "full") is False
    share()
    assert told(service, here, "full") is None


def test_the_same_platform_is_not_elsewhere(service: Service, claim: Make, share: Share) -> None:
    page = uuid.uuid4().bytes
    share("demo", "north")
    first, second = sent(service, claim, page, "full"), sent(service, claim, page, "full")
    assert (told(service, first, "full"), told(service, second, "full")) == (False, False)
    share()
