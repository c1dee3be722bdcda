"""The shadow's queue: nothing is waited for, nothing comes back, and what fails is counted."""

from __future__ import annotations

import asyncio
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from bundle_variants import write_variant

from service.domain.assessment import PlatformMode
from service.domain.certificate import Serving
from service.domain.checks import CheckCode, CheckResult, Result
from service.features import FEATURE_HASH, FEATURE_NAMES
from service.policy import DecideInput, load_platform_policy
from service.review import shadowing
from service.review.shadowing import Asked, ShadowCounts, Shadowing
from service.scoring import Shadow, Versions
from service.store.learning_tables import shadow_scores

ROW = [1.0] * len(FEATURE_NAMES)


@pytest.fixture
def shadow(tmp_path: Path) -> Shadow:
    folder = tmp_path / "risk"
    write_variant(folder, "v2")
    Versions(folder).set_shadow("v2", by="ana", at=datetime(2026, 11, 22, tzinfo=UTC))
    made = Shadow(folder)
    assert made.current() is not None
    return made


@pytest.fixture
def asked(make_claim, now):
    rules = load_platform_policy("demo")
    given = DecideInput(
        claim=make_claim(),
        as_of=now,
        evidence=(),
        checks=tuple(CheckResult(code=code, result=Result.UNKNOWN) for code in CheckCode),
        risk=None,
        certificate=None,
        serving=Serving(model="v1", features=FEATURE_HASH, policy=rules.digest, reader="r"),
        mode=PlatformMode.OBSERVING,
        platform_id="acme",
        bundle_healthy=False,
        breaker_tripped=True,
        audit_drawn=True,
    )
    return lambda row=ROW: Asked(row=row, policy=rules, given=given)


@pytest.fixture
async def decided(store, accept_request, make_claim, make_assessment):
    """A case, and as many assessments of it as one likes."""
    request = accept_request(make_claim("A1"), key="A1", case_id=uuid.uuid4(), number="A1")
    await store.accept(request)
    record = await store.load_case("acme", request.case_id)
    return lambda: (record.case, make_assessment(request.case_id))


async def stored(store) -> list[sa.Row]:
    async with store.reading() as connection:
        return list(await connection.execute(sa.select(shadow_scores)))


async def test_claims_are_written_in_batches_after_the_answer(store, shadow, asked, decided, monkeypatch):
    monkeypatch.setattr(shadowing, "LINGER_SECONDS", 0.05)
    work = Shadowing(store, shadow)
    for _ in range(150):
        work.offer(*decided(), asked())
    assert await stored(store) == []
    await work.close()
    assert work.counts == ShadowCounts(scored=150, dropped=0, failed=0)
    found = await stored(store)
    assert len(found) == 150
    assert {(row.model, row.champion, row.champion_probability, row.champion_class) for row in found} == {
        ("v2", "v1", None, None)
    }


async def test_what_is_dropped_or_lost_is_counted_and_work_goes_on(store, shadow, asked, decided, monkeypatch):
    monkeypatch.setattr(shadowing, "LINGER_SECONDS", 0.01)
    monkeypatch.setattr(shadowing, "QUEUE", 10)
    async with store.transaction() as tx:
        await tx.execute(sa.text("ALTER TABLE shadow_scores RENAME TO gone"))
    work = Shadowing(store, shadow)
    for _ in range(15):
        work.offer(*decided(), asked())
    while work.counts.failed < 10:  # noqa: ASYNC110  nothing tells when a loss was counted
        await asyncio.sleep(0.05)
    assert work.counts == ShadowCounts(scored=0, dropped=5, failed=10)
    async with store.transaction() as tx:
        await tx.execute(sa.text("ALTER TABLE gone RENAME TO shadow_scores"))
    work.offer(*decided(), asked())
    await work.close()
    assert work.counts.scored == len(await stored(store)) == 1


async def test_one_row_that_cannot_be_scored_takes_no_other_with_it(store, shadow, asked, decided, monkeypatch):
    monkeypatch.setattr(shadowing, "LINGER_SECONDS", 0.01)
    work = Shadowing(store, shadow)
    for row in (ROW, [float("inf")] * len(ROW), [1.0]):
        work.offer(*decided(), asked(row))
    await work.close()
    assert work.counts == ShadowCounts(scored=1, dropped=0, failed=2)
    assert len(await stored(store)) == 1


async def test_offering_costs_the_request_next_to_nothing(store, shadow, asked, decided):
    work, (case, assessment), given = Shadowing(store, shadow), decided(), asked()
    start = time.thread_time()
    for _ in range(500):
        work.offer(case, assessment, given)
    assert (time.thread_time() - start) / 500 < 100e-6
    await work.close()


async def test_without_a_shadow_nothing_is_kept(store, tmp_path, asked, decided):
    work = Shadowing(store, Shadow(tmp_path))
    work.offer(*decided(), asked())
    work.offer(*decided(), None)
    await work.close()
    assert work.counts == ShadowCounts(scored=0, dropped=0, failed=0)
    assert await stored(store) == []
