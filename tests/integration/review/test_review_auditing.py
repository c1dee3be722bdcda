"""The audit sample at work, on a real database: two judgements a case, and a breaker that stops approvals."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Assessment
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.clock import FixedClock
from service.domain.errors import Conflict, NotFound
from service.features import FEATURE_HASH
from service.policy import load_policy, platform_policy_text
from service.review.auditing import Auditing
from service.scoring import Champion
from service.store import AcceptRequest, DecideRequest, PolicyVersion, Store, labels

FOUNDER, LIN, WANG, CHEN = (Actor(ActorKind.PERSON, name) for name in ("founder", "lin", "wang", "chen"))
MODELS = Path(__file__).parents[3] / "models" / "risk"


@pytest.fixture
async def desk(store: Store, now: datetime) -> Auditing:
    text = platform_policy_text("demo").replace("platform: demo", "platform: acme", 1)
    version = PolicyVersion(
        platform_id="acme", version="1", effective_at=now, text=text, digest=load_policy(text).digest,
        actor=FOUNDER, recorded_at=now,
    )  # fmt: skip
    await store.add_policy(version)
    return Auditing(store, Champion(MODELS, feature_hash=FEATURE_HASH), FixedClock(now + timedelta(days=1)))


@pytest.fixture
def drawn(
    store: Store,
    now: datetime,
    make_claim: Callable[..., Claim],
    accept_request: Callable[..., AcceptRequest],
    decide_request: Callable[..., DecideRequest],
    make_assessment: Callable[..., Assessment],
) -> Callable[..., object]:
    certificate = Champion(MODELS, feature_hash=FEATURE_HASH).current().certificate.id

    async def make(number: int, approval_class: str = "risk", of: str = certificate) -> uuid.UUID:
        accept = accept_request(make_claim(f"B{number}"), f"key-{number}")
        await store.accept(accept)
        approval = replace(make_assessment(accept.case_id).verdict, approval_class=approval_class)
        manual = make_assessment(accept.case_id, approve=False)
        assessment = replace(manual, would_have_been=approval, audit_drawn=True, certificate=of)
        await store.decide(
            decide_request(
                accept.case_id,
                assessment=assessment,
                fallback=assessment,
                new_state=CaseState.IN_REVIEW,
                audit_drawn=True,
                draw_probability=0.01,
            )
        )
        return accept.case_id

    return make


async def judged(desk: Auditing, case_id: uuid.UUID, share: float) -> None:
    for reviewer in (LIN, WANG):
        await desk.judge("acme", case_id, share, reviewer)


async def test_a_drawn_case_waits_for_two_people_who_see_nothing_of_each_other(desk: Auditing, drawn) -> None:
    case_id = await drawn(1)
    (waiting,) = await desk.open_cases("acme", LIN)
    assert (waiting.case_id, waiting.judgements) == (case_id, 0)
    await desk.judge("acme", case_id, 1.0, LIN)
    assert await desk.open_cases("acme", LIN) == ()
    (waiting,) = await desk.open_cases("acme", WANG)
    assert waiting.judgements == 1
    assert "loss" not in repr(waiting)
    standing = await desk.judge("acme", case_id, 1.0, WANG)
    assert (standing.settled, standing.unsettled, standing.tripped_at) == (1, 0, None)
    assert await desk.open_cases("acme", CHEN) == ()


async def test_a_senior_settles_only_what_two_others_differ_on(desk: Auditing, drawn) -> None:
    case_id = await drawn(1)
    with pytest.raises(Conflict, match="two reviewers judge first"):
        await desk.judge("acme", case_id, 0.0, CHEN, senior=True)
    await desk.judge("acme", case_id, 0.0, LIN)
    await desk.judge("acme", case_id, 1.0, WANG)
    with pytest.raises(Conflict, match="cannot settle"):
        await desk.judge("acme", case_id, 0.0, WANG, senior=True)
    standing = await desk.judge("acme", case_id, 0.25, CHEN, senior=True)
    assert (standing.settled, standing.mean_loss_share) == (1, 0.25)


async def test_nobody_overrules_what_is_settled(desk: Auditing, drawn) -> None:
    case_id = await drawn(1)
    await judged(desk, case_id, 1.0)
    for senior in (True, False):
        with pytest.raises(Conflict, match="is settled"):
            await desk.judge("acme", case_id, 0.0, CHEN, senior=senior)
    assert (await desk.standing("acme")).mean_loss_share == 1.0


async def test_a_name_spelt_otherwise_is_no_second_reviewer(desk: Auditing, drawn) -> None:
    case_id = await drawn(1)
    for name in ("cli:lin", "cli:Lin", "cli: LIN"):
        standing = await desk.judge("acme", case_id, 0.0, Actor(ActorKind.PERSON, name))
    assert (standing.settled, standing.unsettled) == (0, 1)
    assert await desk.open_cases("acme", Actor(ActorKind.PERSON, "cli:LIN")) == ()
    assert [case.judgements for case in await desk.open_cases("acme", WANG)] == [1]


async def test_only_drawn_cases_can_be_judged(desk: Auditing) -> None:
    with pytest.raises(NotFound):
        await desk.judge("acme", uuid.uuid4(), 0.0, LIN)


async def test_the_breaker_trips_for_good_and_two_people_close_it(desk: Auditing, drawn, store: Store) -> None:
    tripped = None
    for number in range(12):
        await judged(desk, await drawn(number), 1.0)
        platform = await store.platform("acme")
        if platform.breaker is not None:
            tripped = number + 1
            break
    assert tripped is not None
    assert tripped >= 2  # one wrong label never stops a platform
    standing = await desk.standing("acme")
    assert standing.share_at_least > standing.alpha == 0.02
    assert f"{tripped} audited claims" in standing.reason

    await judged(desk, await drawn(100), 0.0)  # good news does not close it
    assert (await store.platform("acme")).breaker is not None
    with pytest.raises(Conflict, match="another"):
        await desk.reset("acme", "mended", LIN, LIN)
    await desk.reset("acme", "mended", LIN, CHEN)
    assert (await store.platform("acme")).breaker is None
    with pytest.raises(Conflict, match="not tripped"):
        await desk.reset("acme", "mended", LIN, CHEN)


async def test_nobody_judging_is_no_way_around_it(desk: Auditing, drawn, store: Store, now: datetime) -> None:
    for number in range(6):
        await drawn(number)
    assert (await desk.watch("acme")).tripped_at is None
    later = Auditing(store, Champion(MODELS, feature_hash=FEATURE_HASH), FixedClock(now + timedelta(days=31)))
    (standing,) = await later.watch_all()
    assert standing.late == 6
    assert standing.tripped_at == now + timedelta(days=31)


async def test_other_classes_and_other_certificates_say_nothing_of_this_one(desk: Auditing, drawn) -> None:
    for number in range(4):
        await judged(desk, await drawn(number, "one_click"), 1.0)
        await judged(desk, await drawn(10 + number, "risk", "cert-of-another-model"), 1.0)
    standing = await desk.standing("acme")
    assert (standing.settled, standing.tripped_at) == (0, None)


async def test_what_was_approved_first_is_judged_like_any_other(
    desk: Auditing, store: Store, drawn, accept_request, decide_request, make_assessment, make_claim
) -> None:
    held = await drawn(1)
    certificate = Champion(MODELS, feature_hash=FEATURE_HASH).current().certificate.id
    found = {}
    for number, later in enumerate((True, False)):
        accept = accept_request(make_claim(f"F{number}"), f"first-{number}")
        await store.accept(accept)
        approval = replace(make_assessment(accept.case_id), certificate=certificate, audit_drawn=True)
        verdict = replace(approval.verdict, approval_class="risk")
        approval = replace(approval, verdict=verdict, audited_later=later)
        await store.decide(decide_request(accept.case_id, assessment=approval, audit_drawn=True, draw_probability=0.01))
        found[later] = accept.case_id
    # Drawn, but of a class that is not audited: approved, and in nobody's queue.
    assert {case.case_id for case in await desk.open_cases("acme", LIN)} == {held, found[True]}
    await judged(desk, found[True], 1.0)
    standing = await desk.standing("acme")
    assert (standing.settled, standing.unsettled, standing.mean_loss_share) == (1, 1, 1.0)


async def test_a_tripped_breaker_reaches_the_next_decision(desk: Auditing, store: Store, now: datetime) -> None:
    assert (await store.platform_in_force("acme", now))[0].breaker is None
    await store.trip_breaker("acme", "too much wrong", FOUNDER, now)
    platform, _ = await store.platform_in_force("acme", now)
    assert (platform.breaker.reason, platform.breaker.at) == ("too much wrong", now)
    assert not await store.trip_breaker("acme", "again", FOUNDER, now)


async def test_a_sample_of_any_size_is_read(store: Store) -> None:
    # One parameter a case would end at 65,535 of them.
    async with store.reading() as connection:
        assert await labels.labels_of(connection, "acme", [uuid.uuid4() for _ in range(70_000)]) == {}
