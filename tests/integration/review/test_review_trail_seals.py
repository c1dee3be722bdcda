"""Seals of audit entries and what the tables hold against the trail, tampered with as the owner of the database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from service.domain.actors import Actor, ActorKind
from service.domain.clock import FixedClock
from service.domain.trail import TrailSeals
from service.review.trail import PlatformTrail, Trail
from service.store import CheckpointFiles, CheckpointKey, CheckpointRule, Store

LIN = Actor(ActorKind.PERSON, "cli:lin")
KEY = b"a key of this deployment's own"
COLUMNS = "platform_id, actor_kind, actor_name, action, subject, at, details_sha256, reason, before, after"
Tamper = Callable[..., None]


def opened(database_url: str, tmp_path: Path, now: datetime, *keys: bytes) -> Store:
    seals = TrailSeals(keys) if keys else None
    return Store(database_url, str(tmp_path / "evidence"), clock=FixedClock(now), seals=seals)


@pytest.fixture
async def sealed(store: Store, database_url: str, tmp_path: Path, now: datetime) -> AsyncIterator[Store]:
    """The same database by a process that has the key; the platform's own entry is from before."""
    one = opened(database_url, tmp_path, now, KEY)
    yield one
    await one.close()


@pytest.fixture
def tamper(database_url: str) -> Tamper:
    def run(*statements: str) -> None:
        with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    return run


@pytest.fixture
async def decided(sealed: Store, accept_request, decide_request) -> Store:
    """One case approved, one with a person, and a key."""
    for order, approve in (("A1", True), ("A2", False)):
        request = accept_request(key=order)
        claim = replace(request.claim, order=replace(request.claim.order, order_number=order))
        await sealed.accept(replace(request, claim=claim))
        await sealed.decide(decide_request(request.case_id, approve=approve))
    await sealed.create_key("acme", "shop", ["claims:write"], LIN, decide_request(request.case_id).now)
    return sealed


async def verified(store: Store, tmp_path: Path, now: datetime) -> tuple[PlatformTrail, tuple[str, ...]]:
    rule = CheckpointRule(entries=10, within=timedelta(minutes=5))
    files = CheckpointFiles(str(tmp_path / "outside"))
    trail = Trail(store, CheckpointKey(b"secret"), files, FixedClock(now), rule, timedelta(seconds=60))
    await trail.tend()
    report = await trail.verify("acme")
    return report.platforms[0], report.notes


async def kinds(store: Store, tmp_path: Path, now: datetime) -> list[str]:
    found, _ = await verified(store, tmp_path, now)
    return sorted(each.kind.value for each in found.findings)


async def test_what_the_service_wrote_is_sound_and_what_is_older_is_said(decided, tmp_path, now):
    found, notes = await verified(decided, tmp_path, now)
    assert found.findings_in_all == 0
    assert found.unsealed == 1
    assert any("entries were sealed: 1." in note for note in notes)


async def test_a_row_inserted_before_it_is_chained_is_found(decided, tamper, tmp_path, now):
    tamper(
        f"INSERT INTO audit ({COLUMNS}) SELECT {COLUMNS} FROM audit WHERE action = 'case.accepted' LIMIT 1",
        f"INSERT INTO audit ({COLUMNS}, seal) SELECT {COLUMNS}, seal FROM audit WHERE action = 'key.created'",
        f"INSERT INTO audit ({COLUMNS}, seal) SELECT {COLUMNS.replace('reason', 'NULL')}, seal FROM audit "
        "WHERE action = 'case.accepted' LIMIT 1",
        f"INSERT INTO audit ({COLUMNS}, seal) SELECT {COLUMNS}, sha256('x') FROM audit LIMIT 1",
    )
    expected = ["seal_repeated"] * 2 + ["seal_unknown_key", "seal_wrong", "unsealed"]
    assert await kinds(decided, tmp_path, now) == expected


async def test_another_platforms_entry_does_not_pass_for_this_ones(decided, tamper, tmp_path, now):
    await decided.add_platform(replace(await decided.platform("acme"), id="other"), LIN)
    columns = COLUMNS.replace("platform_id", "'acme'")
    tamper(f"INSERT INTO audit ({COLUMNS}, seal) SELECT {columns}, seal FROM audit WHERE platform_id = 'other'")
    assert await kinds(decided, tmp_path, now) == ["seal_wrong"]


@pytest.mark.parametrize(
    ("statement", "kind", "subject"),
    [
        ("UPDATE grants SET amount_minor = 900000", "grant_changed", "case:"),
        ("INSERT INTO grants SELECT platform_id, gen_random_uuid(), (SELECT id FROM cases WHERE state = 'in_review'), "
         "'A2', NULL, 5000, currency, document, granted_at + interval '1 second' FROM grants",
         "grant_changed", "case:"),
        ("UPDATE cases SET state = 'approved' WHERE state = 'in_review'", "state_changed", "case:"),
        ("UPDATE platforms SET mode = 'live'", "mode_changed", "platform:acme"),
        ("UPDATE grants SET ended_as = 'lapsed', ended_at = granted_at", "grant_changed", "case:"),
        ("UPDATE grants SET paid_minor = amount_minor, paid_at = granted_at", "grant_changed", "case:"),
        ("UPDATE api_keys SET expires_at = now()", "key_changed", "key:"),
        ("UPDATE api_keys SET scopes = '{operate}'", "key_changed", "key:"),
        ("UPDATE api_keys SET token_sha256 = sha256('mine')", "key_changed", "key:"),
        ("INSERT INTO api_keys (platform_id, id, token_sha256, scopes, name, created_at) "
         "SELECT platform_id, gen_random_uuid(), sha256('mine'), scopes, name, created_at + interval '1 second' "
         "FROM api_keys", "key_changed", "key:"),
    ],
)  # fmt: skip
async def test_a_change_behind_the_services_back_is_found_and_named(
    decided, tamper, tmp_path, now, statement, kind, subject
):
    tamper(statement)
    found, _ = await verified(decided, tmp_path, now)
    (finding,) = found.findings
    assert finding.kind.value == kind
    assert finding.subject.startswith(subject)


async def test_a_key_that_was_revoked_and_works_again_is_found(decided, tamper, tmp_path, now):
    (key,) = await decided.list_keys("acme")
    await decided.revoke_key("acme", key.id, LIN, now)
    assert await kinds(decided, tmp_path, now) == []
    tamper("UPDATE api_keys SET revoked_at = NULL")
    assert await kinds(decided, tmp_path, now) == ["key_changed"]


async def test_after_a_new_key_the_old_ones_entries_are_known_with_it_alone(decided, database_url, tmp_path, now):
    new = b"the next key of this deployment"
    both, forgot = opened(database_url, tmp_path, now, new, KEY), opened(database_url, tmp_path, now, new)
    try:
        await both.create_key("acme", "second", [], LIN, now)
        assert await kinds(both, tmp_path, now) == []
        assert set(await kinds(forgot, tmp_path, now)) == {"seal_unknown_key"}
    finally:
        await both.close()
        await forgot.close()
