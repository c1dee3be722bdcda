"""The undo window on the real store: done once, or taken back, or told why not; whoever races, whatever dies."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.clock import FixedClock
from service.domain.errors import DecisionHeld, Forbidden, IdempotencyKeyReused, InvalidRequest, NotFound, StaleWrite
from service.domain.holding import Act, Ended, Intended
from service.domain.lifecycle import Party
from service.policy import load_policy, platform_policy_text
from service.review import held_decisions as module
from service.review.casework import CaseWork
from service.review.deciding import Decision
from service.review.desk import Acting
from service.review.held_decisions import Held, HeldDecisions, NotHeld, Wanted
from service.review.switching import Switching
from service.store import PolicyVersion
from service.store.case_tables import grants, outgoing_events
from service.store.learning_tables import labels
from service.store.switches import Switches
from service.store.tables import audit

ANA, BO, MEI = (Actor(ActorKind.PERSON, f"user:{name}") for name in ("ana", "bo", "mei"))
APPROVE = Intended(act=Act.APPROVE, message="您的退款已通过。", reason="the log shows it never arrived")
REJECT = Intended(act=Act.REJECT, message="未通过", reason="activated", clause="reasons.code_invalid")


def acting(actor: Actor = ANA, party: Party = Party.REVIEWER, platform_id: str = "acme") -> Acting:
    return Acting(platform_id=platform_id, party=party, actor=actor)


class World:
    """One platform, its desk, and two clocks."""

    def __init__(self, store, now):
        self.store, self.now = store, now
        self.clock, self.waiting = FixedClock(now), FixedClock(now)
        self.casework = CaseWork(store, self.clock)
        self.gone: set[Actor] = set()
        self.held = self.desk()

    def desk(self) -> HeldDecisions:
        async def may_still(who: Acting) -> bool:
            return who.actor not in self.gone

        return HeldDecisions(self.store, self.casework, self.clock, self.waiting, may_still, seconds=10)

    def wanted(self, case, intended=APPROVE, once="once-1") -> Wanted:
        return Wanted(case_id=case, version=2, intended=intended, once=once)

    def later(self, seconds: float = 11) -> None:
        self.waiting.at = self.now + timedelta(seconds=seconds)

    async def state(self, case) -> CaseState:
        return (await self.store.load_case("acme", case)).case.state

    async def count(self, table, *where) -> int:
        async with self.store.reading() as connection:
            return await connection.scalar(sa.select(sa.func.count()).select_from(table).where(*where))

    async def trail(self, case) -> list[tuple[str, str]]:
        entries = await self.store.audit_entries("acme", case)
        return [(each.action, each.actor.name) for each in entries if "decision" in each.action]


@pytest.fixture
async def world(store, now):
    text = platform_policy_text("demo").replace("platform: demo", "platform: acme", 1)
    founder = Actor(ActorKind.PERSON, "founder")
    await store.add_policy(
        PolicyVersion(
            platform_id="acme", version="1", effective_at=now - timedelta(days=1), text=text,
            digest=load_policy(text).digest, actor=founder, recorded_at=now - timedelta(days=1),
        )
    )  # fmt: skip
    return World(store, now)


@pytest.fixture
def in_review(world, accept_request, decide_request, make_claim):
    async def make(order: str = "A1001", **changes):
        claim = make_claim(order, **changes)
        request = accept_request(claim, key=order)
        await world.store.accept(request)
        await world.store.decide(decide_request(request.case_id, approve=False))
        return request.case_id

    return make


async def test_a_decision_waits_takes_effect_once_and_says_what_it_will_do(world, in_review):
    case = await in_review()
    held = await world.held.hold_one(acting(), world.wanted(case))

    assert (held.leads_to.state, str(held.leads_to.amount)) == (CaseState.APPROVED, "¥30.00")
    assert await world.state(case) is CaseState.IN_REVIEW
    # What was tried has left nothing.
    assert await world.count(grants) == await world.count(labels) == 0
    assert await world.count(outgoing_events, outgoing_events.c.type == "case.approved") == 0

    assert await world.held.look() == 0
    assert [each.id for each in await world.held.of_actor("acme", ANA)] == [held.id]
    assert await world.held.of_actor("acme", BO) == ()
    world.later()
    assert await world.held.look() == 1
    assert await world.held.look() == 0

    assert await world.state(case) is CaseState.APPROVED
    assert await world.count(grants) == await world.count(labels) == 1
    record = await world.store.load_case("acme", case)
    assert (record.steps[-1].actor, record.steps[-1].reason) == (ANA, APPROVE.reason)
    assert await world.trail(case) == [("case.decision_held", ANA.name)]
    assert (await world.held.get("acme", held.id)).ended is Ended.DONE
    assert await world.held.of_actor("acme", ANA) == ()
    with pytest.raises(NotFound):
        await world.held.get("north", held.id)


async def test_what_is_taken_back_never_happens_and_the_case_is_free_again(world, in_review):
    case = await in_review()
    held = await world.held.hold_one(acting(), world.wanted(case))

    assert await world.held.undo("acme", BO, [held.id]) == ()
    assert await world.held.undo("north", ANA, [held.id]) == ()
    assert [each.intended for each in await world.held.undo("acme", ANA, [held.id])] == [APPROVE]
    assert await world.held.undo("acme", ANA, [held.id]) == ()
    world.later()
    assert await world.held.look() == 0

    assert await world.state(case) is CaseState.IN_REVIEW
    assert await world.trail(case) == [("case.decision_held", ANA.name), ("case.decision_undone", ANA.name)]
    await world.held.hold_one(acting(BO), world.wanted(case, REJECT, once="once-2"))


async def test_while_it_waits_nobody_else_decides_and_the_buyer_still_may(world, in_review):
    case = await in_review()
    await world.held.hold_one(acting(), world.wanted(case))

    with pytest.raises(DecisionHeld) as refused:
        await world.casework.deciding.reject(
            acting(BO), case, Decision(message="no", reason="no", clause="reasons.code_invalid")
        )
    assert refused.value.extra["held_by"] == "user:ana"
    for actor in (ANA, BO):
        with pytest.raises(DecisionHeld):
            await world.held.hold_one(acting(actor), world.wanted(case, REJECT, once="once-9"))
    await world.casework.withdraw(acting(BO, Party.BUYER), case)

    world.later()
    assert await world.held.look() == 1
    assert await world.state(case) is CaseState.WITHDRAWN
    [told] = await world.held.of_actor("acme", ANA)
    assert told.ended is Ended.NOT_DONE
    assert "version 3" in told.why
    assert (await world.trail(case))[-1] == ("case.decision_not_done", "held decisions")
    await world.held.seen("acme", BO, [told.id])
    assert await world.held.of_actor("acme", ANA)
    await world.held.seen("acme", ANA, [told.id])
    assert await world.held.of_actor("acme", ANA) == ()


async def test_a_form_sent_twice_holds_once_also_at_the_same_time(world, in_review):
    case = await in_review()
    both = await asyncio.gather(*(world.held.hold_one(acting(), world.wanted(case)) for _ in range(4)))
    assert len({each.id for each in both}) == 1
    with pytest.raises(IdempotencyKeyReused):
        await world.held.hold_one(acting(), world.wanted(case, REJECT))
    world.later()
    await world.held.look()
    again = await world.held.hold_one(acting(), world.wanted(case))
    assert (again.id, again.ended) == (both[0].id, Ended.DONE)
    assert await world.count(grants) == 1


async def test_what_stands_against_it_is_said_at_once(world, in_review):
    case = await in_review()
    with pytest.raises(InvalidRequest, match="clause"):
        await world.held.hold_one(acting(), world.wanted(case, Intended(act=Act.REJECT, reason="no", message="no")))
    with pytest.raises(InvalidRequest, match="internal reason"):
        await world.held.hold_one(acting(), world.wanted(case, Intended(act=Act.CLOSE)))
    with pytest.raises(StaleWrite):
        await world.held.hold_one(acting(), Wanted(case_id=case, version=1, intended=APPROVE, once="a"))
    with pytest.raises(NotFound):
        await world.held.hold_one(acting(platform_id="north"), world.wanted(case))
    stolen = await in_review("A9", reason=ReasonCode.UNAUTHORISED)
    with pytest.raises(Forbidden, match="senior"):
        await world.held.hold_one(acting(), world.wanted(stolen))
    assert await world.held.of_actor("acme", ANA) == ()


async def test_a_stop_pressed_meanwhile_is_not_passed_and_neither_is_a_lost_role(world, in_review, store, now):
    stopped, gone = await in_review("A1"), await in_review("A2")
    refused = await in_review("A3")
    await world.held.hold_one(acting(), world.wanted(stopped))
    await world.held.hold_one(acting(BO), world.wanted(gone, REJECT))
    await world.held.hold_one(acting(MEI), world.wanted(refused, REJECT))
    world.gone.add(BO)
    await Switching(Switches(store.database), FixedClock(now + timedelta(seconds=3))).stop("acme", "a leak", ANA)

    world.later()
    assert await world.held.look() == 3
    assert await world.state(stopped) is await world.state(gone) is CaseState.IN_REVIEW
    assert await world.state(refused) is CaseState.REJECTED
    assert "stopped" in (await world.held.of_actor("acme", ANA))[0].why
    assert "may not decide" in (await world.held.of_actor("acme", BO))[0].why
    assert (await store.platform("acme")).mode is PlatformMode.STOPPED


async def test_two_executors_do_each_decision_once(world, in_review):
    made = [await in_review(f"A{number}") for number in range(6)]
    outcomes = await world.held.hold(acting(), [world.wanted(case) for case in made])
    assert all(isinstance(each, Held) for each in outcomes)
    assert len({each.due_at for each in outcomes}) == 1
    world.later()

    done = await asyncio.gather(*(world.desk().look() for _ in range(4)))

    assert sum(done) == 6
    assert await world.count(grants) == 6
    assert await world.count(outgoing_events, outgoing_events.c.type == "case.approved") == 6


async def test_one_killed_in_the_middle_has_done_nothing_and_the_next_does_it(world, in_review, monkeypatch):
    case = await in_review()
    await world.held.hold_one(acting(), world.wanted(case))
    world.later()
    end = module.held_decisions.end
    reached = asyncio.Event()

    async def hang(*arguments):
        reached.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(module.held_decisions, "end", hang)
    dying = asyncio.create_task(world.desk().look())
    await reached.wait()
    # Granted already, in a transaction that is never committed; another executor passes it over meanwhile.
    monkeypatch.setattr(module.held_decisions, "end", end)
    assert await world.desk().look() == 0
    dying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await dying
    assert await world.state(case) is CaseState.IN_REVIEW

    assert await world.desk().look() == 1
    assert await world.state(case) is CaseState.APPROVED
    assert await world.count(grants) == 1


async def test_an_undo_that_meets_its_execution_is_one_or_the_other(world, in_review):
    made = [await in_review(f"A{number}") for number in range(8)]
    outcomes = await world.held.hold(acting(), [world.wanted(case) for case in made])
    world.later()

    _, *undone = await asyncio.gather(
        world.held.look(), *(world.held.undo("acme", ANA, [held.id]) for held in reversed(outcomes))
    )
    await world.held.look()

    back = {each.case_id for some in undone for each in some}
    for case in made:
        wanted = CaseState.IN_REVIEW if case in back else CaseState.APPROVED
        assert await world.state(case) is wanted
    assert await world.count(grants) == len(made) - len(back)


async def test_many_at_once_are_held_each_by_itself(world, in_review):
    good, moved = await in_review("A1"), await in_review("A2")
    await world.casework.withdraw(acting(BO, Party.BUYER), moved)
    outcomes = await world.held.hold(acting(), [world.wanted(case, REJECT) for case in (good, moved)])
    assert isinstance(outcomes[0], Held)
    assert isinstance(outcomes[1], NotHeld)
    assert isinstance(outcomes[1].error, StaleWrite)
    undone = await world.held.undo("acme", ANA, [each.id for each in outcomes if isinstance(each, Held)])
    assert [each.case_id for each in undone] == [good]


async def test_what_fails_on_our_side_is_tried_again_and_then_told(world, in_review, monkeypatch):
    case, other = await in_review("A1"), await in_review("A2")
    await world.held.hold_one(acting(), world.wanted(case))
    world.later(0.001)
    await world.held.hold_one(acting(BO), world.wanted(other))
    perform = module.perform

    async def broken(casework, who, case_id, intended, version):
        if case_id == case:
            raise RuntimeError("a bug")
        return await perform(casework, who, case_id, intended, version)

    monkeypatch.setattr(module, "perform", broken)
    for minutes in range(1, 8):
        world.later(60 * minutes)
        await world.held.look()

    assert await world.state(other) is CaseState.APPROVED
    [told] = await world.held.of_actor("acme", ANA)
    assert (told.ended, told.tries) == (Ended.NOT_DONE, 4)
    assert await world.state(case) is CaseState.IN_REVIEW


async def test_a_second_person_confirms_what_a_first_one_held(world, in_review, store):
    case = await in_review(amount=250_000)
    first = await world.held.hold_one(acting(ANA, Party.SENIOR), world.wanted(case))
    assert first.leads_to.proposed
    world.later()
    await world.held.look()
    version = (await store.load_case("acme", case)).case.version
    again = Wanted(case_id=case, version=version, intended=APPROVE, once="x")
    with pytest.raises(Exception, match="another person"):
        await world.held.hold_one(acting(ANA, Party.SENIOR), again)
    second = await world.held.hold_one(acting(MEI, Party.SENIOR), again)
    assert not second.leads_to.proposed
    world.later(60)
    await world.held.look()
    assert await world.state(case) is CaseState.APPROVED


async def test_old_ones_are_forgotten_and_waiting_ones_are_not(world, in_review):
    case, other = await in_review("A1"), await in_review("A2")
    held = await world.held.hold_one(acting(), world.wanted(case))
    await world.held.undo("acme", ANA, [held.id])
    waits = await world.held.hold_one(acting(), world.wanted(other))
    world.later(20 * 24 * 3600)
    assert await world.held.forget() == 1
    assert (await world.held.get("acme", waits.id)).ended is None
    assert await world.count(audit, audit.c.action == "case.decision_undone") == 1
