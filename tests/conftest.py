"""Fixtures shared by all rooms: a real PostgreSQL, a fresh migrated database for every test, and claims to put in."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.claims import Account, Claim, Fulfilment, GoodsKind, Order, Product, ReasonCode
from service.domain.clock import FixedClock
from service.domain.money import Money
from service.store import EmbeddedPostgres, Platform, Store, migrate

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

# A busy machine makes any example slow; how long things take is for the benchmarks to say.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[EmbeddedPostgres]:
    """One server for the session, shared by the workers of pytest-xdist. Nothing is kept, so nothing is synced."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    settings = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    with EmbeddedPostgres(shared / "postgres", settings=settings) as server:
        yield server


@pytest.fixture(scope="session")
def _template(postgres: EmbeddedPostgres, worker_id: str) -> str:
    name = f"migrated_{worker_id}"
    with _administration(postgres) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    migrate(postgres.url(name))
    return name


@pytest.fixture
def database_url(postgres: EmbeddedPostgres, _template: str) -> Iterator[str]:
    """A migrated database of the test's own."""
    name = f"test_{uuid.uuid4().hex}"
    with _administration(postgres) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{_template}"')
    yield postgres.url(name)
    with _administration(postgres) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def empty_database_url(postgres: EmbeddedPostgres) -> Iterator[str]:
    """A database without any table."""
    name = f"empty_{uuid.uuid4().hex}"
    with _administration(postgres) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    yield postgres.url(name)
    with _administration(postgres) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def store(database_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """An open store with the platform ``acme`` (Asia/Shanghai, CNY, demo), whose clock stands at ``now``."""
    opened = Store(database_url, str(tmp_path / "evidence"), clock=FixedClock(NOW))
    await opened.open()
    platform = Platform(id="acme", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=NOW)
    await opened.add_platform(platform, Actor(ActorKind.PERSON, "founder"))
    yield opened
    await opened.close()


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def make_claim() -> Callable[..., Claim]:
    """A plain claim on ``order_number``; keyword arguments replace fields of the account or of the claim."""

    def make(order_number: str = "A1001", *, platform_id: str = "acme", amount: int = 3000, **changes: Any) -> Claim:
        account_fields = {"id": "buyer-1", "device_id": "device-1", "payer_id": "payer-1", "ip": "203.0.113.7"}
        account_fields |= {name: changes.pop(name) for name in list(changes) if name in account_fields}
        claim = Claim(
            platform_id=platform_id,
            reference=f"ref-{order_number}",
            account=Account(**account_fields),
            order=Order(
                order_number=order_number,
                product=Product(id="product-1", name="点卡 30 元", kind=GoodsKind.CARD_CODE),
                seller_id="seller-1",
                amount_paid=Money(amount),
                amount_refunded=Money(0),
                ordered_at=NOW - timedelta(hours=2),
            ),
            fulfilment=Fulfilment(),
            reason=ReasonCode.CODE_INVALID,
            amount_claimed=Money(amount),
        )
        return replace(claim, **changes)

    return make


def _administration(server: EmbeddedPostgres) -> psycopg.Connection[Any]:
    return psycopg.connect(server.url().replace("+psycopg", ""), autocommit=True)
