"""The whole service on a loopback port: real PostgreSQL, real reader, real worker, two platforms with keys.

Fixtures of all faces (conftest.py takes them over), so that one service does for a whole run of the tests.
"""

from __future__ import annotations

import asyncio
import contextlib
import copy
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import uvicorn
from api_service import CLOCK_START, FOUNDER, Service, platform_policy
from running_service import migrated_database

from service import wiring
from service.api import examples
from service.domain.assessment import PlatformMode
from service.main import create_app
from service.review.requests import Scope
from service.settings import Settings
from service.store import EmbeddedPostgres, KeyTerms, Platform, Store


async def _prepare(settings: Settings, url: str) -> dict[str, str]:
    store = Store(url, wiring.evidence_url(settings))
    await store.open()
    now = CLOCK_START
    keys = {}
    for platform_id in ("demo", "north"):
        platform = Platform(
            id=platform_id, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=now
        )
        await store.add_platform(platform, FOUNDER)
        await store.add_policy(platform_policy(platform_id, now))
    everything = tuple(scope.value for scope in Scope)
    for name, platform_id, scopes in (
        ("full", "demo", everything),
        ("claims", "demo", (Scope.CLAIMS.value,)),
        ("cases", "demo", (Scope.CASES.value,)),
        ("events", "demo", (Scope.EVENTS.value,)),
        ("signer", "demo", everything),
        ("north", "north", everything),
        ("revoked", "demo", everything),
        ("trickle", "demo", everything),
    ):
        terms = KeyTerms(rate_class={"claims": "standard", "trickle": "trickle"}.get(name, "large"))
        record, keys[name] = await store.create_key(platform_id, name, scopes, FOUNDER, now, terms)
        if name == "revoked":
            await store.revoke_key(platform_id, record.id, FOUNDER, now)
    await store.close()
    return keys


@contextlib.contextmanager
def _serving(settings: Settings, url: str) -> Iterator[str]:
    app = create_app(settings, url, with_worker=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="on"))
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    end = time.monotonic() + 60
    while not server.started:
        assert thread.is_alive(), "the server ended at start"
        assert time.monotonic() < end, "the server did not start within 60 s"
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(30)
    listener.close()
    assert not thread.is_alive(), "the server did not stop"


@pytest.fixture(scope="session")
def service(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[Service]:
    """One service for the session of a test worker; tests keep apart by their order numbers."""
    database = f"api_{worker_id}"
    url = migrated_database(postgres, database)
    settings = Settings(
        home=tmp_path_factory.mktemp("home"),
        reader_workers=1,
        clock_start=CLOCK_START,
        rate_limits={
            "standard": "100/second; 3000/minute",
            "large": "2000/second",
            "unlimited": "",
            "trickle": "3/minute",
        },
    )
    keys = asyncio.run(_prepare(settings, url))
    with _serving(settings, url) as address:
        yield Service(url=address, keys=keys, evidence=settings.home / "evidence", database=database)


@pytest.fixture
def claim() -> Callable[..., dict[str, Any]]:
    """The documented example on an order of its own; keyword arguments change the claim's top level."""

    def make(order_number: str | None = None, **changes: Any) -> dict[str, Any]:
        data = copy.deepcopy(examples.CLAIM)
        data["order"]["order_number"] = order_number or f"T{uuid.uuid4().hex[:16]}"
        data["reference"] = f"RF-{data['order']['order_number']}"
        data["account"]["id"] = f"u-{uuid.uuid4().hex[:8]}"
        data.update(changes)
        return data

    return make
