"""Replay over stored cases: the same decision, or the name of what differs."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest
from running_service import CLOCK_START, SCREENS, Site, new_claim, new_database, set_up

from service import wiring
from service.api.schemas.claims import ClaimIn
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.policy import platform_policy_text
from service.review.replay import ReplayReport
from service.review.requests import Caller, Scope, Submission, UploadedFile
from service.settings import Settings
from service.store import EmbeddedPostgres

PERSON = Actor(ActorKind.PERSON, "tester")
PAGES = ("0011-toast.jpg", "0003-order_cards.jpg")


class Decided:
    """One decided case and everything it was decided from."""

    def __init__(self, deployment: wiring.Deployment, home: Path, url: str) -> None:
        self.deployment, self.home, self.url = deployment, home, url
        self.hashes = [hashlib.sha256((SCREENS / name).read_bytes()).hexdigest() for name in PAGES]
        self.number = ""

    async def submit(self) -> None:
        data = new_claim()
        caller = Caller(key_id="k", platform_id="demo", scopes=frozenset(Scope), actor=PERSON)
        submission = Submission(
            claim=ClaimIn.model_validate(data).to_domain("demo"),
            claim_data=data,
            files=tuple(UploadedFile(name=name, data=(SCREENS / name).read_bytes()) for name in PAGES),
            idempotency_key="replayed",
        )
        answer = await self.deployment.review.submit(caller, submission)
        assert answer.view.assessment
        self.number = answer.view.case.number

    async def replay(self) -> ReplayReport:
        return await wiring.replay(self.deployment).case(self.number)

    async def differences(self) -> dict[str, object]:
        return {item.what: item.now for item in (await self.replay()).differences}

    def file(self, index: int) -> Path:
        return self.home / "evidence" / "demo" / self.hashes[index]

    def execute(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            assert connection.execute(statement.encode(), values).rowcount == 1


@pytest.fixture
def site(postgres: EmbeddedPostgres, tmp_path: Path) -> Site:
    return set_up(tmp_path, new_database(postgres))


@pytest.fixture
async def decided(site: Site, tmp_path: Path) -> AsyncIterator[Decided]:
    url = site.url
    settings = Settings(home=tmp_path, reader_workers=1, clock_start=CLOCK_START)
    async with wiring.running(wiring.build(settings, url)) as deployment:
        case = Decided(deployment, tmp_path, url)
        await case.submit()
        yield case


async def test_nothing_differs_and_what_does_is_named(decided: Decided) -> None:
    report = await decided.replay()
    assert (report.same, report.differences) == (True, ())

    # A later version of the policy is not the one the case was decided under.
    later = platform_policy_text("demo").replace("certain_from_minor: 400000", "certain_from_minor: 300000")
    await wiring.set_up_platform(decided.deployment, later, PlatformMode.DEMO, PERSON)
    assert await decided.differences() == {}

    kept = [decided.file(index).read_bytes() for index in range(2)]
    decided.file(0).unlink()
    decided.file(1).chmod(0o600)
    decided.file(1).write_bytes(kept[1][:-1] + b"?")
    found = await decided.differences()
    assert found[f"evidence {decided.hashes[0][:12]}"] == "erased"
    assert found[f"evidence {decided.hashes[1][:12]}"] == "damaged"
    assert (await decided.deployment.store.find_readings("demo", decided.hashes, "other")) == {}

    for index, data in enumerate(kept):
        decided.file(index).write_bytes(data)
    assert await decided.differences() == {}


async def test_a_policy_changed_behind_our_back_is_named(decided: Decided) -> None:
    changed = platform_policy_text("demo").replace("certain_from_minor: 400000", "certain_from_minor: 500000")
    decided.execute("UPDATE policies SET text = %s", changed)
    found = await decided.differences()
    assert "version policy_text" in found


async def test_a_past_changed_behind_our_back_is_named(decided: Decided) -> None:
    statement = (
        "INSERT INTO history_events (platform_id, recorded_at, event_id, kind, occurred_at, account_id) "
        "SELECT 'demo', %s, 'forged', 'refund_requested', %s, account_id FROM cases"
    )
    before = CLOCK_START.replace(day=20)
    decided.execute(statement, before, before)
    found = await decided.differences()
    assert any(name.startswith("history account_") for name in found)
    assert any(name.startswith("feature account_") for name in found)
    assert not any(name.startswith(("version", "evidence", "check")) for name in found)
