"""Replay over stored cases: the same decision, or the name of what differs."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from running_service import CLOCK_START, SCREENS, Site, migrated_database, new_claim, set_up

from service import wiring
from service.api.schemas.claims import ClaimIn
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.errors import NotFound
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
        self.claim: dict[str, Any] = {}

    async def submit(self) -> None:
        data = self.claim = new_claim()
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

    async def send_more(self, page: str) -> uuid.UUID:
        """The same order once more, from the same buyer, with a further page."""
        data = {**new_claim(), "reference": "another"}
        data |= {name: self.claim[name] for name in ("order", "account")}
        caller = Caller(key_id="k", platform_id="demo", scopes=frozenset(Scope), actor=PERSON)
        submission = Submission(
            claim=ClaimIn.model_validate(data).to_domain("demo"),
            claim_data=data,
            files=(UploadedFile(name=page, data=(SCREENS / page).read_bytes()),),
            idempotency_key="more",
        )
        answer = await self.deployment.review.submit(caller, submission)
        assert answer.linked_claim_id is not None
        return answer.view.case.id

    async def replay(self, assessment_id: str | None = None) -> ReplayReport:
        return await wiring.replay(self.deployment).case(self.number, assessment_id)

    async def differences(self) -> dict[str, object]:
        return {item.what: item.now for item in (await self.replay()).differences}

    def file(self, index: int) -> Path:
        return self.home / "evidence" / "demo" / self.hashes[index]

    def execute(self, statement: str, *values: object) -> None:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            assert connection.execute(statement.encode(), values).rowcount == 1


@pytest.fixture
def site(postgres: EmbeddedPostgres, tmp_path: Path) -> Site:
    return set_up(tmp_path, migrated_database(postgres))


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


async def test_a_superseded_assessment_is_repeated_as_well_and_erasure_is_named(decided: Decided) -> None:
    first = (await decided.replay()).assessment_id
    case_id = await decided.send_more("0016-redeem_dialog.webp")
    await decided.deployment.review.finish("demo", case_id, attempt=1)
    again, before = await decided.replay(), await decided.replay(first)
    assert again.assessment_id != first
    assert (again.same, again.differences, again.standing) == (True, (), True)
    assert (before.same, before.differences, before.standing) == (True, (), False)
    with pytest.raises(NotFound, match=first):
        await decided.replay("019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b")

    record = await decided.deployment.store.load_case("demo", case_id)
    assert record is not None
    decided.execute("UPDATE cases SET state = 'rejected'")
    done = await decided.deployment.personal_data.erase(
        "demo", record.case.claim.account.id, PERSON, Actor(ActorKind.PERSON, "second"), "asked"
    )
    assert done.files == 3
    for report in (await decided.replay(first), await decided.replay()):
        named = "\n".join(report.erased)
        assert all(digest[:12] in named for digest in decided.hashes)
        assert "erasure of the account" in named
        assert f"the claimant, who is {done.pseudonym} now" in named
        assert report.decision_stored == before.decision_stored or report.standing
        assert not any(item.what.startswith(("version", "history")) for item in report.differences), report.differences
        assert not any(item.what.startswith("evidence") for item in report.differences), "erased there as here"


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
