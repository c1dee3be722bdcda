"""Stored cases under another policy: nothing is written, and what changes is what the policy changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from running_service import CLOCK_START, Site, migrated_database, new_claim, set_up

from service import wiring
from service.api.schemas.claims import ClaimIn
from service.domain.actors import Actor, ActorKind
from service.domain.errors import InvalidRequest, NotFound
from service.policy import platform_policy_text
from service.review.requests import Caller, Scope, Submission
from service.settings import Settings
from service.store import EmbeddedPostgres

DEMO = platform_policy_text("demo")
ANY_TIME = CLOCK_START - timedelta(days=1)
NO_RECOVERABLE = DEMO.replace("recoverable: {opted_in: true", "recoverable: {opted_in: false")
BIGGER_FEE = DEMO.replace("buyer_at_fault_permille: 10", "buyer_at_fault_permille: 50")


class Past:
    """A deployment with a few decided cases."""

    def __init__(self, deployment: wiring.Deployment, url: str) -> None:
        self.deployment, self.url = deployment, url
        self.trials, self.backtests = deployment.use_cases.trials, deployment.use_cases.backtests

    async def submit(self, **changes: Any) -> str:
        data = new_claim(**changes)
        caller = Caller(
            key_id="k", platform_id="demo", scopes=frozenset(Scope), actor=Actor(ActorKind.PERSON, "tester")
        )
        claim = ClaimIn.model_validate(data).to_domain("demo")
        submission = Submission(claim=claim, claim_data=data, files=(), idempotency_key=data["reference"])
        answer = await self.deployment.review.submit(caller, submission)
        assert answer.view.assessment
        return answer.view.case.number

    def rows(self) -> dict[str, int]:
        with psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True) as connection:
            tables = connection.execute("SELECT relname FROM pg_stat_user_tables ORDER BY relname").fetchall()
            return {
                name: connection.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchone()[0]  # type: ignore[index]
                for (name,) in tables
            }


@pytest.fixture
def site(postgres: EmbeddedPostgres, tmp_path: Path) -> Site:
    return set_up(tmp_path, migrated_database(postgres))


@pytest.fixture
async def past(site: Site, tmp_path: Path) -> AsyncIterator[Past]:
    settings = Settings(home=tmp_path, reader_workers=1, clock_start=CLOCK_START)
    async with wiring.running(wiring.build(settings, site.url), reading=False) as deployment:
        yield Past(deployment, site.url)


async def test_a_case_under_the_policy_it_was_decided_under_comes_out_the_same(past: Past) -> None:
    number = await past.submit()
    relaid = "# only a comment\n" + DEMO
    found = await past.trials.dry_run("demo", number, relaid)
    assert found.stored.decision is found.before.decision is found.after.decision
    assert found.before == found.after
    assert found.changed == ()


async def test_another_policy_answers_otherwise_and_nothing_is_written(past: Past) -> None:
    number = await past.submit()
    slip = await past.submit(reason="unused_change_of_mind")
    before = past.rows()
    found = await past.trials.dry_run("demo", number, NO_RECOVERABLE)
    assert found.before.approval_class == "recoverable"
    assert found.after.approval_class != "recoverable"
    assert "approval_class" in found.changed
    dearer = await past.trials.dry_run("demo", slip, BIGGER_FEE)
    assert set(dearer.changed) == {"amount", "fee"}
    assert dearer.before.grant is not None
    assert dearer.after.grant is not None
    assert dearer.after.grant.fee.minor > dearer.before.grant.fee.minor
    with pytest.raises(NotFound):
        await past.trials.dry_run("demo", "R000000-NOSUCHCASE", DEMO)
    assert past.rows() == before


async def test_a_backtest_counts_what_changes(past: Past) -> None:
    numbers = [await past.submit() for _ in range(3)]
    slip = await past.submit(reason="unused_change_of_mind")
    before = past.rows()
    same = await past.backtests.run("demo", DEMO, ANY_TIME)
    assert (same.cases, same.changed, same.moved, same.not_repeated) == (4, 0, (), 0)
    assert same.before == same.after
    assert same.before.claims == 4

    fee = await past.backtests.run("demo", BIGGER_FEE, ANY_TIME)
    [moved] = fee.moved
    assert (moved.cases, moved.examples, moved.before, moved.after) == (1, [slip], "recoverable", "recoverable")
    assert fee.after.money - fee.before.money == moved.granted < 0
    assert sum(each.after - each.before for each in fee.periods) == moved.granted

    without = await past.backtests.run("demo", NO_RECOVERABLE, ANY_TIME)
    assert without.changed == 4
    assert dict(without.clauses)["classes.recoverable"] == -4
    assert set(numbers) <= {number for each in without.moved for number in each.examples}
    assert past.rows() == before


async def test_budgets_of_the_other_policy_hold_in_the_backtest(past: Past) -> None:
    for _ in range(3):
        await past.submit()
    tight = DEMO.replace("max_count: 2000, max_amount_minor: 5000000", "max_count: 2, max_amount_minor: 5000000")
    found = await past.backtests.run("demo", tight, ANY_TIME)
    assert (found.before.claims, found.after.claims, found.after.over_budget) == (3, 2, 1)
    assert found.changed == 1


async def test_a_window_without_cases_is_told(past: Past) -> None:
    with pytest.raises(InvalidRequest, match="longer window"):
        await past.backtests.run("demo", DEMO, ANY_TIME)
    with pytest.raises(InvalidRequest, match="empty"):
        await past.backtests.run("demo", DEMO, CLOCK_START, CLOCK_START - timedelta(hours=1))
