"""Any sequence of actions, by anybody, on the real store: what must hold whatever happens to a case."""

from __future__ import annotations

import asyncio
import hashlib
import random
import uuid
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy.dialects.postgresql import aggregate_order_by

from service.domain.actors import PREREVIEW_JOB, Actor, ActorKind
from service.domain.assessment import Assessment, PlatformMode
from service.domain.cases import FINAL_STATES, CaseState
from service.domain.claims import Claim
from service.domain.errors import IllegalMove, PrereviewError
from service.domain.identifiers import new_id
from service.domain.labels import LabelSource
from service.domain.lifecycle import MOVES, Action, Change, Party, moves_from
from service.policy import load_policy, platform_policy_text
from service.review.casework import CaseWork
from service.review.deciding import Decision
from service.review.desk import Acting
from service.store import AcceptRequest, DecideRequest, NewEvidence, Platform, PolicyVersion, Store
from service.store.case_tables import grants, outgoing_events
from service.store.learning_tables import labels
from service.store.step_tables import case_steps, proposals
from service.store.tables import audit, cases, history_events, order_evidence

PARTIES = [party for party in Party if party is not Party.PREREVIEW]
DONE: Counter[str] = Counter()
NOT_ASKED_FOR = {Action.REASSESS, Action.CONFIRM_PAYMENT, Action.FAIL_PAYMENT}
PEOPLE = ("ana", "bo", "mei")
PAID = {"O1": 190_000, "O2": 250_000}  # the second is large enough for the demo's policy to want two people
TOO_MUCH = max(PAID.values()) + 1
SPOKEN = st.sampled_from(("said before", "Support promised me the refund in writing.", "The log is another phone's."))


class SteppingClock:
    def __init__(self, start: datetime) -> None:
        self.moment = start

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


class Life(RuleBasedStateMachine):
    """One platform with two orders; whatever raises must have changed nothing."""

    store: Store
    loop: asyncio.AbstractEventLoop
    make_claim: Callable[..., Claim]
    make_assessment: Callable[..., Assessment]
    start: datetime

    def __init__(self) -> None:
        super().__init__()
        self.platform = f"p{uuid.uuid4().hex[:12]}"
        self.clock = SteppingClock(self.start)
        self.work = CaseWork(self.store, self.clock)
        self.files = 0
        self.run(self._set_up())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(work)

    async def _set_up(self) -> None:
        founder = Actor(ActorKind.PERSON, "founder")
        text = platform_policy_text("demo").replace("platform: demo", f"platform: {self.platform}", 1)
        platform = Platform(
            id=self.platform, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=self.start
        )
        await self.store.add_platform(platform, founder)
        await self.store.add_policy(
            PolicyVersion(
                platform_id=self.platform, version="1", effective_at=self.start, text=text,
                digest=load_policy(text).digest, actor=founder, recorded_at=self.start,
            )
        )  # fmt: skip

    # --- what happens -----------------------------------------------------------------------------------------

    @rule(order=st.sampled_from(tuple(PAID)), files=st.integers(0, 1), again=st.booleans())
    def submit(self, order: str, files: int, again: bool) -> None:
        now = self.clock.now()
        case_id = new_id()
        claim = self.make_claim(order, platform_id=self.platform, amount=PAID[order])
        claim = replace(claim, reference=f"{order}-{again}", statement="said before")
        request = AcceptRequest(
            platform_id=self.platform, idempotency_key=str(case_id), body_digest=str(case_id), claim=claim,
            claim_data={}, files=self._files(files), actor=Actor(ActorKind.KEY, "key"), case_id=case_id,
            number=f"R-{case_id}", now=now, due_at=now, assess_in_seconds=600,
        )  # fmt: skip
        self.run(self.store.accept(request))

    @rule(approve=st.booleans(), pick=st.integers(0, 7))
    @precondition(lambda self: self._ids())
    def assess(self, approve: bool, pick: int) -> None:
        """Whatever the pre-review would say: it stores what it may."""
        self._assess(self._pick(pick), approve)

    def _assess(self, case_id: uuid.UUID, approve: bool) -> None:
        record = self.run(self.store.load_case(self.platform, case_id))
        case = record.case
        common = {"as_of": case.as_of, "assessed_at": self.clock.now(), "under_review": case.under_review}
        approving = approve and not case.under_review
        made = self.make_assessment(case.id, approve=approving, **common)
        decision = DecideRequest(
            platform_id=self.platform, case_id=case.id, assessment=made, reservations=(),
            fallback=self.make_assessment(case.id, approve=False, **common),
            new_state=CaseState.AUTO_APPROVED if approving else CaseState.IN_REVIEW,
            fallback_state=CaseState.IN_REVIEW, actor=PREREVIEW_JOB, now=self.clock.now(),
        )  # fmt: skip
        self.run(self.store.decide(decision))

    @rule(
        likely=st.integers(0, 60),
        wild=st.sampled_from([None] * 6 + [(action, party) for action in Action for party in PARTIES][::7]),
        who=st.sampled_from(PEOPLE),
        amount=st.sampled_from((None, 50_000, 150_000, 230_000, TOO_MUCH)),
        said=SPOKEN,
        pick=st.integers(0, 7),
        seen=st.sampled_from((0, 0, 0, 0, -1)),
    )
    @precondition(lambda self: self._ids())
    def act(
        self,
        likely: int,
        wild: tuple[Action, Party] | None,
        who: str,
        amount: int | None,
        said: str,
        pick: int,
        seen: int,
    ) -> None:
        """Mostly something the machine has from here, by anybody; now and then anything by anybody."""
        case_id = self._pick(pick)
        if likely % 4:
            self._assess(case_id, likely % 9 == 1)
        case = self.run(self.store.load_case(self.platform, case_id)).case
        possible = [(move.action, party) for party in PARTIES for move in moves_from(case.state, party)]
        possible = [each for each in possible if each[0] not in NOT_ASKED_FOR]
        possible += [("evidence", Party.BUYER)]
        possible.sort(key=lambda each: DONE[each[0]])  # what was done least comes first, else most would never be
        what, party = wild or possible[likely % min(len(possible), 5)]
        acting = Acting(platform_id=self.platform, party=party, actor=Actor(ActorKind.PERSON, who))
        before = self.run(self._everything())
        try:
            self.run(self._do(what, acting, case.id, amount, said, case.version + seen))
            DONE[what] += 1
        except PrereviewError:
            assert self.run(self._everything()) == before

    async def _do(
        self, what: str, acting: Acting, case_id: uuid.UUID, amount: int | None, said: str, seen: int
    ) -> None:
        work = self.work
        decision = Decision(message="m", reason="r", amount=amount, clause="N1", ruling="x")
        match what:
            case Action.WITHDRAW:
                await work.withdraw(acting, case_id, expected_version=seen)
            case Action.REOPEN:
                await work.reopen(acting, case_id, "r", seen)
            case Action.CLOSE:
                await work.close(acting, case_id, "r", seen)
            case Action.REVERSE:
                await work.reverse(acting, case_id, "r", 1.0, LabelSource.RECORD, seen)
            case Action.APPROVE:
                await work.deciding.approve(acting, case_id, replace(decision, amount=None), seen)
            case Action.APPROVE_PARTIALLY:
                await work.deciding.approve_partially(acting, case_id, decision, seen)
            case Action.REJECT:
                await work.deciding.reject(acting, case_id, decision, seen)
            case Action.UPHOLD:
                await work.deciding.uphold(acting, case_id, decision, seen)
            case Action.RULE_APPROVED:
                await work.deciding.rule(acting, case_id, Action.RULE_APPROVED, replace(decision, amount=None), seen)
            case Action.RULE_PARTIALLY | Action.RULE_REJECTED:
                await work.deciding.rule(acting, case_id, Action(what), decision, seen)
            case Action.OFFER:
                await work.offers.offer(acting, case_id, decision, seen)
            case Action.COUNTER:
                await work.offers.counter(acting, case_id, amount or 1, said, seen)
            case Action.ACCEPT_OFFER:
                await work.offers.accept(acting, case_id, seen)
            case Action.DECLINE_OFFER:
                await work.offers.decline(acting, case_id, "r", seen)
            case Action.APPEAL:
                await work.appeals.appeal(acting, case_id, said, self._files(0), seen)
            case Action.BEGIN_SECOND_REVIEW:
                await work.appeals.begin_second_review(acting, case_id, seen)
            case Action.ESCALATE:
                await work.appeals.escalate(acting, case_id, "r", seen)
            case Action.REQUEST_ARBITRATION:
                await work.appeals.request_arbitration(acting, case_id, said, seen)
            case Action.ASK_FOR_MATERIALS:
                await work.materials.ask(acting, case_id, ["payment"], expected_version=seen)
            case Action.ASK_SUPPLIER:
                await work.materials.ask_supplier(acting, case_id, "?", expected_version=seen)
            case Action.SEND_TO_REVIEW:
                await work.materials.hand_back(acting, case_id, "r", seen)
            case "evidence":
                await work.materials.add_evidence(acting, case_id, self._files(1), seen)
            case _:
                raise IllegalMove("what only we do, or what outcomes tell")

    # --- what must hold ---------------------------------------------------------------------------------------

    @invariant()
    def an_order_has_one_live_case_and_one_standing_grant_within_what_is_left(self) -> None:
        live = sa.select(sa.func.count()).where(
            cases.c.platform_id == self.platform, cases.c.state.not_in(FINAL_STATES)
        )
        for count in self._column(live.group_by(cases.c.order_number)):
            assert count == 1
        standing = sa.select(grants.c.order_number, sa.func.count(), sa.func.sum(grants.c.amount_minor)).where(
            grants.c.platform_id == self.platform, grants.c.ended_as.is_(None)
        )
        for order, count, total in self._rows(standing.group_by(grants.c.order_number)):
            assert count == 1
            assert total <= PAID[order]

    @invariant()
    def every_version_has_its_audit_entry_and_its_event(self) -> None:
        versions = dict(self._rows(sa.select(cases.c.id, cases.c.version).where(cases.c.platform_id == self.platform)))
        told: dict[uuid.UUID, list[int]] = {}
        event = outgoing_events.c
        for case_id, version in self._rows(
            sa.select(event.case_id, event.case_version)
            .where(event.platform_id == self.platform, event.case_version.is_not(None))
            .order_by(event.case_version)
        ):
            told.setdefault(case_id, []).append(version)
        assert all(told.get(case_id, []) == list(range(2, last + 1)) for case_id, last in versions.items())
        beside = ["case.accepted", "case.claim_linked", "case.labelled"]
        noted = sa.select(audit.c.subject, sa.func.count()).where(
            audit.c.platform_id == self.platform, audit.c.subject.like("case:%"), audit.c.action.not_in(beside)
        )
        counted = dict(self._rows(noted.group_by(audit.c.subject)))
        assert all(counted.get(f"case:{case_id}", 0) == last - 1 for case_id, last in versions.items())

    @invariant()
    def every_step_is_a_move_of_the_machine(self) -> None:
        for row in self._rows(sa.select(case_steps).where(case_steps.c.platform_id == self.platform)):
            if row.action in set(Change):
                assert row.from_state == row.to_state
                continue
            move = MOVES[Action(row.action)]
            assert CaseState(row.from_state) in move.sources
            assert CaseState(row.to_state) in move.targets
            assert Party(row.party) in move.parties

    @invariant()
    def what_was_granted_or_rejected_is_in_the_history_once(self) -> None:
        kinds = sa.select(history_events.c.case_id, history_events.c.kind).where(
            history_events.c.platform_id == self.platform, history_events.c.case_id.is_not(None)
        )
        told = [tuple(row) for row in self._rows(kinds)]
        assert len(told) == len(set(told))
        granted = set(self._column(sa.select(grants.c.case_id).where(grants.c.platform_id == self.platform)))
        assert {case for case, kind in told if kind == "refund_granted"} == granted
        rejected = sa.select(case_steps.c.case_id).where(
            case_steps.c.platform_id == self.platform, case_steps.c.action == Action.REJECT.value
        )
        assert {case for case, kind in told if kind == "refund_rejected"} >= set(self._column(rejected))

    @invariant()
    def the_trail_tells_every_state_and_grant_as_it_is(self) -> None:
        assert self.run(self.store.trail.differing(self.platform)) == ()

    def holds(self) -> None:
        self.an_order_has_one_live_case_and_one_standing_grant_within_what_is_left()
        self.every_version_has_its_audit_entry_and_its_event()
        self.every_step_is_a_move_of_the_machine()
        self.what_was_granted_or_rejected_is_in_the_history_once()
        self.the_trail_tells_every_state_and_grant_as_it_is()

    # --- inside -----------------------------------------------------------------------------------------------

    def _files(self, count: int) -> tuple[NewEvidence, ...]:
        self.files += count
        named = hashlib.sha256(f"{self.platform}{self.files}".encode()).hexdigest()
        return (NewEvidence(sha256=named, size=1),) * count

    def _ids(self) -> list[uuid.UUID]:
        query = sa.select(cases.c.id).where(cases.c.platform_id == self.platform).order_by(cases.c.accepted_at.desc())
        return list(self._column(query))

    def _pick(self, pick: int) -> uuid.UUID:
        ids = self._ids()
        return ids[pick % min(len(ids), 3)]

    async def _everything(self) -> Any:
        """Enough to tell that nothing was written."""
        tables = (cases, case_steps, proposals, audit, outgoing_events, grants, labels, history_events, order_evidence)
        facts: list[Any] = [
            sa.select(sa.func.count()).where(table.c.platform_id == self.platform).scalar_subquery() for table in tables
        ]
        row = sa.func.concat_ws(" ", cases.c.id, cases.c.version, cases.c.state, cases.c.as_of)
        states = sa.func.array_agg(aggregate_order_by(row, cases.c.id))
        facts.append(sa.select(states).where(cases.c.platform_id == self.platform).scalar_subquery())
        async with self.store.reading() as connection:
            return tuple((await connection.execute(sa.select(*facts))).one())

    def _rows(self, query: Any) -> Any:
        async def read() -> Any:
            async with self.store.reading() as connection:
                return (await connection.execute(query)).all()

        return self.run(read())

    def _column(self, query: Any) -> list[Any]:
        return [row[0] for row in self._rows(query)]


@pytest.fixture
def life(
    database_url: str,
    tmp_path: Path,
    now: datetime,
    make_claim: Callable[..., Claim],
    make_assessment: Callable[..., Assessment],
) -> Iterator[type[Life]]:
    loop = asyncio.new_event_loop()
    Life.store, Life.loop, Life.start = Store(database_url, str(tmp_path / "evidence")), loop, now
    Life.make_claim, Life.make_assessment = staticmethod(make_claim), staticmethod(make_assessment)
    yield Life
    loop.run_until_complete(Life.store.close())
    loop.close()


def test_a_long_life(life: type[Life]) -> None:
    """Longer than chance would take it, the same every time, and far: most of the machine is gone through."""
    DONE.clear()
    for seed in range(3):
        chance, walk = random.Random(seed), life()
        walk.submit(order="O1", files=0, again=False)
        for step in range(60):
            if chance.random() < 0.25:
                walk.submit(order=chance.choice(tuple(PAID)), files=1, again=True)
            walk.act(
                likely=chance.randrange(61),
                wild=None if chance.random() < 0.9 else (chance.choice(list(Action)), chance.choice(PARTIES)),
                who=chance.choice(PEOPLE),
                amount=chance.choice((None, 50_000, 150_000, 230_000, TOO_MUCH)),
                said=chance.choice(("said before", f"Something new, for the {step}th time.")),
                pick=chance.choice((0, 0, 0, 1)),
                seen=chance.choice((0, 0, 0, 0, -1)),
            )
            if step % 5 == 4:
                walk.holds()
    assert len(DONE) >= 13, DONE


@pytest.mark.proof
def test_whatever_happens_to_a_case(life: type[Life]) -> None:
    chosen = settings(max_examples=40, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(life, settings=chosen)
