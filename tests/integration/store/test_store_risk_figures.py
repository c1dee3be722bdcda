"""What the risk desk counts: days in the platform's zone, scored history as it was then, what is still owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Grant, ObligationKind, PlatformMode, Reason, Risk, Text
from service.domain.claims import Route
from service.domain.money import Money
from service.features import FEATURE_HASH
from service.policy import load_platform_policy
from service.policy.tradeoff import Standing
from service.review.thresholds import past_claims
from service.scoring import Champion
from service.store import Store, outcomes
from service.store.risk_figures import RiskFigures
from service.store.tables import assessments, cases

CERTIFICATE = Champion(Path(__file__).parents[3] / "models" / "risk", feature_hash=FEATURE_HASH).current().certificate
FOUNDER = Actor(ActorKind.PERSON, "founder")
_TEXT = Text(zh="好", en="fine")


@pytest.fixture
def figures(store: Store) -> RiskFigures:
    return RiskFigures(store.database)


@pytest.fixture
def decided(store, accept_request, decide_request, make_claim):
    """A decided claim, as it was at ``at``."""
    number = 0

    async def make(at: datetime, *, approve=True, amount=3000, risk=0.01, codes=("class_risk",), **changes):
        nonlocal number
        number += 1
        claim = make_claim(f"F{number}", amount=amount)
        accepting = accept_request(claim, f"key-{number}", now=at, due_at=at)
        await store.accept(accepting)
        deciding = decide_request(accepting.case_id, approve=approve, now=at)
        verdict = replace(
            deciding.assessment.verdict,
            approval_class="risk" if approve else None,
            reasons=tuple(Reason(code=code, text=_TEXT) for code in codes),
        )
        if approve:
            verdict = replace(verdict, grant=Grant(amount=Money(amount), fee=Money(0), route=Route.ORIGINAL))
        made = replace(
            deciding.assessment,
            as_of=at, assessed_at=at, verdict=verdict, mode=PlatformMode.DEMO, certificate=CERTIFICATE.id,
            risk=Risk(probability=risk, log_odds=0.0, base=0.0, contributions=(), model=CERTIFICATE.model),
            versions={"model": CERTIFICATE.model}, **changes,
        )  # fmt: skip
        await store.decide(replace(deciding, assessment=made, fallback=replace(deciding.fallback, as_of=at)))
        return accepting.case_id

    return make


async def test_days_are_the_platforms_own_and_are_counted_once(store, figures, decided, now):
    """Midnight in Shanghai is 16:00 UTC; what is over is kept, whatever becomes of its cases afterwards."""
    midnight = now.replace(hour=16) - timedelta(days=4)
    await decided(midnight - timedelta(minutes=1), amount=1_000)
    await decided(midnight, amount=2_000)
    await decided(midnight + timedelta(hours=1), approve=False, amount=4_000)
    assert await figures.count_days("acme", "CNY", "Asia/Shanghai", now) == 28
    assert await figures.count_days("acme", "CNY", "Asia/Shanghai", now) == 0
    found = {one.day: one for one in await figures.days("acme", "CNY", "Asia/Shanghai", now)}
    assert len(found) == 30
    first, second = found[date(2026, 2, 26)], found[date(2026, 2, 27)]
    assert (first.claims, first.approved, first.approved_minor, first.share) == (1, 1, 1_000, 1.0)
    assert (second.claims, second.approved, second.claimed_minor, second.approved_minor) == (2, 1, 6_000, 2_000)
    assert [one.complete for one in found.values()] == [True] * 28 + [False] * 2
    await decided(now, amount=500)
    assert (await figures.days("acme", "CNY", "Asia/Shanghai", now))[-1].approved_minor == 500


async def test_another_platform_sees_none_of_it(store, figures, decided, now):
    await decided(now)
    await store.add_platform(replace(await store.platform("acme"), id="north"), FOUNDER)
    assert sum(one.claims for one in await figures.days("north", "CNY", "Asia/Shanghai", now)) == 0
    later = now + timedelta(minutes=1)
    assert await figures.scored("north", later) == ()
    assert await figures.obligations("north") == ((), 0)
    assert await figures.sellers("north", "CNY") == ()
    assert len(await figures.scored("acme", later)) == 1


async def test_the_newest_claims_come_with_the_score_they_were_given_then(store, figures, decided, now):
    early, late = await decided(now - timedelta(days=2), risk=0.07), await decided(now - timedelta(days=1))
    # What was learned while a person had the case is not what the threshold was asked.
    async with store.transaction() as tx:
        row = (await tx.execute(sa.select(assessments).where(assessments.c.case_id == early))).one()._asdict()
        document = {**row["document"], "under_review": True}
        again = {**row, "id": late, "document": document, "risk": 0.9, "recorded_at": now}
        await tx.execute(sa.insert(assessments), {**again, "claim": None})
        await tx.execute(sa.update(cases).where(cases.c.id == early).values(assessment_id=late))
    found = await figures.scored("acme", now)
    assert [(one.case_id, one.risk) for one in found] == [(late, 0.01), (early, 0.07)]
    assert [one.case_id for one in await figures.scored("acme", now, limit=1)] == [late]
    assert [one.case_id for one in await figures.scored("acme", now - timedelta(days=1))] == [early]


async def test_what_the_rule_said_is_read_from_its_reasons(figures, decided, now):
    at = now - timedelta(days=1)
    above = ("risk_above_threshold", "risk.account_age_days")
    ids = {
        await decided(at): Standing.BY_RISK,
        await decided(at, approve=False, codes=above, risk=0.1): Standing.ABOVE,
        await decided(at, approve=False, codes=("mode_observing", *above)): Standing.PERSON,
        await decided(at, approve=False, codes=("check_failed",)): Standing.PERSON,
    }
    rules = load_platform_policy("demo")
    past = past_claims(await figures.scored("acme", now), rules, CERTIFICATE, now)
    assert {one.case_id: one.standing for one in past} == ids
    newer = replace(CERTIFICATE, id="another")
    assert list(past_claims(await figures.scored("acme", now), rules, newer, now)) == []


async def test_what_is_still_to_be_taken_back_comes_oldest_first(store, figures, decided, now):
    grant = Grant(amount=Money(3000), fee=Money(0), route=Route.ORIGINAL, obligations=(ObligationKind.VOID_CODE,))
    ids = [await decided(now - timedelta(hours=hours), would_have_been=None) for hours in (5, 9)]
    async with store.transaction() as tx:
        rows = (await tx.execute(sa.text("SELECT case_id, id, granted_at FROM grants ORDER BY granted_at"))).all()
        for row in rows:
            await outcomes.open_obligations(tx, "acme", row.case_id, row.id, grant, row.granted_at)
    found, count = await figures.obligations("acme")
    assert ([one.case_id for one in found], count) == ([ids[1], ids[0]], 2)
    assert found[0].amount == Money(3000)


async def test_sellers_are_summed_over_what_stands(figures, decided, now):
    await decided(now - timedelta(hours=2), amount=1_000)
    await decided(now - timedelta(hours=1), amount=2_500)
    (seller,) = await figures.sellers("acme", "CNY")
    assert (seller.seller_id, seller.grants, seller.granted, seller.recover) == (
        "seller-1", 2, Money(3_500), Money(0),
    )  # fmt: skip
