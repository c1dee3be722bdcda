"""Whatever fails, a person decides: one claim that is approved where nothing fails, and everything that may fail."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from service import wiring
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.cases import CaseState
from service.domain.claims import Claim, Fulfilment, FulfilmentState, UseState
from service.domain.clock import FixedClock
from service.domain.codec import to_data
from service.domain.errors import PrereviewError
from service.domain.lifecycle import Action, Party
from service.policy import load_policy, platform_policy_text
from service.review.desk import Acting
from service.review.requests import Caller, Scope, Submission
from service.review.service import ATTEMPTS
from service.settings import Settings
from service.store import MoveRequest, PolicyVersion, Store
from service.wiring import building

LIN, WANG = (Actor(ActorKind.PERSON, name) for name in ("lin", "wang"))
CALLER = Caller(key_id="k", platform_id="acme", scopes=frozenset(Scope), actor=Actor(ActorKind.KEY, "k"))
POLICY = platform_policy_text("demo").replace("platform: demo", "platform: acme", 1)


class Shop:
    """The service as wiring builds it, on a clock that can be moved."""

    def __init__(self, deployment: wiring.Deployment, clock: FixedClock, make_claim: Callable[..., Claim]) -> None:
        self.deployment, self.clock, self.make_claim = deployment, clock, make_claim
        self.store, self.review = deployment.store, deployment.review

    async def sql(self, statement: str) -> None:
        async with self.store.transaction() as tx:
            await tx.execute(sa.text(statement))

    async def publish(self, text: str, at: datetime) -> None:
        rules = load_policy(text)
        await self.store.add_policy(
            PolicyVersion(
                platform_id="acme", version=rules.fingerprint[:8], effective_at=at, text=text, digest=rules.digest,
                actor=LIN, recorded_at=at,
            )
        )  # fmt: skip

    async def accept(self, number: str) -> uuid.UUID:
        """An unused code that can be voided; its request dies before it is decided."""
        delivered = self.clock.now() - timedelta(hours=1)
        unused = Fulfilment(
            state=FulfilmentState.DELIVERED, use=UseState.NEVER_VIEWED, voidable=True, delivered_at=delivered
        )
        claim = self.make_claim(number, fulfilment=unused)
        data = to_data(claim)
        submission = Submission(claim=claim, claim_data=data, files=(), idempotency_key=number, respond_async=True)
        return (await self.review.submit(CALLER, submission)).view.case.id

    async def work(self, case_id: uuid.UUID) -> list[CaseState]:
        """The states it was in after each attempt of the job."""
        states = []
        for attempt in range(1, ATTEMPTS + 1):
            with contextlib.suppress(PrereviewError, sa.exc.DBAPIError, psycopg.Error):
                await self.review.finish("acme", case_id, attempt=attempt)
            record = await self.store.load_case("acme", case_id)
            assert record is not None
            states.append(record.case.state)
        return states

    async def reasons(self, case_id: uuid.UUID) -> list[str]:
        record = await self.store.load_case("acme", case_id)
        assert record is not None
        assert record.assessment is not None
        return [reason.code for reason in record.assessment.verdict.reasons]


@pytest.fixture
async def shop(
    store: Store,
    database_url: str,
    tmp_path: Path,
    now: datetime,
    make_claim: Callable[..., Claim],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> AsyncIterator[Shop]:
    clock = FixedClock(now)
    monkeypatch.setattr(building, "clock", lambda settings: clock)
    settings = Settings(home=tmp_path / "home", **getattr(request, "param", {}))
    shop = Shop(wiring.build(settings, database_url), clock, make_claim)
    await shop.store.open()
    await shop.publish(POLICY, now - timedelta(days=30))
    yield shop
    await shop.review.close()
    await shop.store.close()


async def test_it_is_approved_where_nothing_fails(shop: Shop) -> None:
    assert await shop.work(await shop.accept("A1")) == [CaseState.AUTO_APPROVED] * ATTEMPTS


async def trip(shop: Shop) -> None:
    await shop.store.trip_breaker("acme", "too much wrong", LIN, shop.clock.now())


async def stop(shop: Shop) -> None:
    await shop.deployment.use_cases.switching.stop("acme", "forged pages", LIN)


async def observe(shop: Shop) -> None:
    await shop.deployment.use_cases.switching.set_mode("acme", PlatformMode.OBSERVING, "new terms", LIN)


async def spend(shop: Shop) -> None:
    await shop.publish(POLICY.replace("max_count: 20000", "max_count: 0", 1), shop.clock.now())


async def hold_back(shop: Shop) -> None:
    await shop.publish(f"{POLICY}\nrollout: {{approved_permille: 0}}\n", shop.clock.now())


async def lose_budgets(shop: Shop) -> None:
    await shop.sql("ALTER TABLE budget_usage RENAME TO gone")


async def lose_history(shop: Shop) -> None:
    await shop.sql("ALTER TABLE history_events RENAME TO gone")


async def lose_policy(shop: Shop) -> None:
    await shop.sql("UPDATE policies SET effective_at = effective_at + interval '10 years'")


async def spoil_policy(shop: Shop) -> None:
    await shop.sql("UPDATE policies SET text = 'format: 1'")


async def put_the_clock_back(shop: Shop) -> None:
    shop.clock.at -= timedelta(hours=1)


async def put_the_clock_forward(shop: Shop) -> None:
    shop.clock.at += timedelta(days=400)


FAILURES: dict[Callable[[Shop], Awaitable[None]], str] = {
    trip: "breaker_tripped",
    stop: "mode_stopped",
    observe: "mode_observing",
    spend: "budget_exhausted",
    hold_back: "outside_rollout",
    lose_budgets: "fault.assessment_failed",
    lose_history: "fault.history_unavailable",
    lose_policy: "fault.policy_unavailable",
    spoil_policy: "fault.policy_unavailable",
    put_the_clock_back: "fault.clock_went_back",
    put_the_clock_forward: "fault.facts_too_old",
}


@pytest.mark.parametrize(("fail", "reason"), FAILURES.items(), ids=lambda each: getattr(each, "__name__", ""))
async def test_what_fails_after_a_claim_was_accepted_ends_with_a_person(
    shop: Shop, fail: Callable[[Shop], Awaitable[None]], reason: str
) -> None:
    case_id = await shop.accept("A1")
    await fail(shop)
    states = await shop.work(case_id)
    assert CaseState.AUTO_APPROVED not in states
    assert states[-1] is CaseState.IN_REVIEW
    assert reason in await shop.reasons(case_id)


@pytest.mark.parametrize("shop", [{"models": Path("/nowhere")}], indirect=True)
async def test_without_a_model_nothing_is_approved(shop: Shop) -> None:
    case_id = await shop.accept("A1")
    assert await shop.work(case_id) == [CaseState.IN_REVIEW] * ATTEMPTS
    assert "bundle_unhealthy" in await shop.reasons(case_id)


@pytest.mark.parametrize("corrected", [False, True])
async def test_a_case_opened_again_is_not_approved_on_a_record_of_long_ago(shop: Shop, corrected: bool) -> None:
    """The buyer lets it lapse, uses the code, and comes back: unless the platform has spoken since, nobody knows."""
    case_id = await shop.accept("A1")
    await shop.review.finish("acme", case_id, attempt=1)
    shop.clock.at += timedelta(days=30)
    async with shop.store.transaction() as tx:
        case = await shop.store.lock_case(tx, "acme", case_id)
        lapse = MoveRequest(action=Action.LAPSE, party=Party.PREREVIEW, actor=LIN, now=shop.clock.now())
        await shop.store.move_case(tx, case, lapse)
    casework = shop.deployment.use_cases.casework
    await casework.reopen(Acting(platform_id="acme", party=Party.BUYER, actor=LIN), case_id)
    if corrected:
        platform = Acting(platform_id="acme", party=Party.PLATFORM, actor=LIN)
        claim = replace(case.claim, order=replace(case.claim.order, payment_method="wechat"))
        await casework.materials.correct(platform, case_id, lambda request: (claim, request), ["order"])

    states = await shop.work(case_id)

    assert states == [CaseState.AUTO_APPROVED if corrected else CaseState.IN_REVIEW] * ATTEMPTS
    assert ("fault.facts_too_old" in await shop.reasons(case_id)) is not corrected
