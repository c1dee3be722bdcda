"""Judgements before the score, second people, golden cases: on a real database, against who would get round them."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from api_service import platform_policy

from service.domain.actors import Actor, ActorKind
from service.domain.cases import CaseState
from service.domain.errors import Conflict, Forbidden, InvalidRequest, NotFound, PrereviewError
from service.domain.holding import Act, LeadsTo
from service.domain.labels import LabelSource
from service.domain.lifecycle import Action, Party
from service.domain.quality import Occasion, QualitySettings, Verdict
from service.domain.users import Role, User
from service.features import FEATURE_HASH
from service.policy import load_policy
from service.review.audit_sample import AuditSample
from service.review.auditing import Auditing
from service.review.case_locks import CaseLocks
from service.review.casework import CaseWork
from service.review.deciding import Decision
from service.review.desk import Acting
from service.review.golden import Golden
from service.review.next_case import NextCase
from service.review.performing import leads_to
from service.review.quality import Quality, Then
from service.scoring import Champion
from service.store import Store, quality
from service.store.tables import metadata
from service.store.users import Users

MODELS = Path(__file__).parents[3] / "models" / "risk"
SECRET = b"of the lots"
YES, NO = Decision(message="yes", reason="seen"), Decision(message="no", reason="used", clause="N1")
PART = Decision(message="part", reason="half used", amount=100_000)
LARGE = 250_000


class Clock:
    def __init__(self, moment) -> None:
        self.moment = moment

    def now(self):
        self.moment += timedelta(seconds=1)
        return self.moment


class Shop:
    """One platform with its use cases and people."""

    def __init__(self, store: Store, clock: Clock, make_case: Callable[..., Awaitable[uuid.UUID]]) -> None:
        self.store, self.clock, self.case = store, clock, make_case
        auditing = Auditing(store, Champion(MODELS, feature_hash=FEATURE_HASH), clock)
        self.golden = Golden(store, clock, self.policy_of, SECRET)
        self.quality = Quality(store, auditing, self.golden, clock, self.policy_of, SECRET)
        self.quality.sample = AuditSample(store, clock, remember_seconds=0.0)
        self.work = CaseWork(store, clock, after_decision=self.golden.after_decision)
        users = Users(store.database)
        self.locks = CaseLocks(store, users, self.policy_of, clock, self.quality)
        self.next = NextCase(store, self.policy_of, clock, self.quality)

    async def policy_of(self, _platform):
        return load_policy(platform_policy("acme", self.clock.now()).text)

    async def share(self, blind: int, golden: int = 0) -> None:
        settings = QualitySettings(blind_permille=blind, golden_permille=golden)
        await self.quality.change_settings("acme", settings, "test", LEAD.actor)

    async def judge(self, case_id: uuid.UUID, who: User, verdict: Verdict, amount: int | None = None):
        return await self.quality.first_judgement(acting(who), case_id, verdict, amount)

    async def rows(self, *tables: str) -> dict[str, int]:
        """How many of each of these tables, of all where none is named."""
        names = tables or tuple(metadata.tables)
        async with self.store.reading() as connection:
            return {
                name: await connection.scalar(sa.select(sa.func.count()).select_from(metadata.tables[name]))
                for name in names
            }

    async def read(self, table: str, *columns: str, **where: object):
        of = metadata.tables[table]
        query = sa.select(*(of.c[name] for name in columns)).where(*(of.c[k] == v for k, v in where.items()))
        async with self.store.reading() as connection:
            return [tuple(row) for row in await connection.execute(query)]


def person(login: str, *roles: Role) -> User:
    then = datetime(2026, 1, 1, tzinfo=UTC)
    return User(
        platform_id="acme", login=login, roles=frozenset(roles or (Role.REVIEWER,)), created_at=then,
        password_set_at=then,
    )  # fmt: skip


ANA, BO, CLEO = person("ana"), person("bo"), person("cleo")
MEI, LEAD = person("mei", Role.SENIOR), person("lead", Role.SENIOR, Role.RISK_OWNER)
AUDITOR, OWNER = person("audra", Role.AUDITOR), person("oz", Role.RISK_OWNER)


def acting(who: User, *, seen: bool = False) -> Acting:
    party = Party.SENIOR if Role.SENIOR in who.roles else Party.REVIEWER
    return Acting(platform_id="acme", party=party, actor=who.actor, score_seen=seen)


@pytest.fixture
async def shop(store, now, make_claim, accept_request, decide_request, make_assessment) -> Shop:
    await store.add_policy(platform_policy("acme", now))
    count = 0

    async def make(*, amount: int = 3000, drawn: bool = False, later: bool = False) -> uuid.UUID:
        nonlocal count
        count += 1
        claim = make_claim(f"B{count}", amount=amount)
        accept = accept_request(claim, f"key-{count}")
        await store.accept(accept)
        manual = make_assessment(accept.case_id, approve=False)
        approval = replace(make_assessment(accept.case_id).verdict, approval_class="risk")
        assessment = replace(manual, would_have_been=approval, audit_drawn=True) if drawn else manual
        if later:
            assessment = replace(manual, verdict=approval, audit_drawn=True, audited_later=True)
        state = CaseState.AUTO_APPROVED if later else CaseState.IN_REVIEW
        request = decide_request(
            accept.case_id, assessment=assessment, fallback=assessment, new_state=state, audit_drawn=drawn or later,
            draw_probability=0.5 if drawn or later else None,
        )  # fmt: skip
        await store.decide(request)
        return accept.case_id

    return Shop(store, Clock(now + timedelta(hours=1)), make)


# --- the lot -------------------------------------------------------------------------------------------------------


async def test_a_lot_is_drawn_once_and_nothing_draws_it_again(shop: Shop) -> None:
    cases = [await shop.case() for _ in range(40)]
    await shop.share(500)
    first = [await shop.quality.blind("acme", case, ANA) for case in cases]
    assert 5 < sum(first) < 35
    await shop.share(1000)
    other = Quality(shop.store, None, shop.golden, shop.clock, shop.policy_of, b"another secret")  # type: ignore[arg-type]
    for who, desk in ((ANA, shop.quality), (BO, shop.quality), (ANA, other)):
        assert [await desk.blind("acme", case, who) for case in cases] == first
    kept = await shop.read("blind_draws", "blind", "permille", platform_id="acme")
    assert (len(kept), {permille for _, permille in kept}) == (40, {500})
    assert sum(blind for blind, _ in kept) == sum(first)


async def test_who_only_looks_is_never_asked_and_another_platforms_case_is_none(shop: Shop) -> None:
    await shop.share(1000)
    case = await shop.case()
    assert not await shop.quality.blind("acme", case, AUDITOR)
    assert not await shop.quality.blind("acme", case, OWNER)
    assert await shop.quality.blind("acme", case, MEI)
    assert not await shop.quality.blind("globex", case, ANA)
    with pytest.raises(NotFound):
        await shop.judge(uuid.uuid4(), ANA, Verdict.APPROVE)


async def test_score_and_reasons_come_after_the_first_judgement_and_the_label_says_so(shop: Shop) -> None:
    await shop.share(1000)
    same, changed, never = [await shop.case() for _ in range(3)]
    for case in (same, changed):
        judged = await shop.judge(case, ANA, Verdict.APPROVE)
        assert judged.then is Then.SHOW
        assert (await shop.judge(case, ANA, Verdict.REJECT)).then is Then.SHOW  # a second submit changes nothing
        assert not await shop.quality.blind("acme", case, ANA)
        assert await shop.quality.blind("acme", case, BO)
    await shop.work.deciding.approve(acting(ANA, seen=True), same, YES)
    await shop.work.deciding.reject(acting(ANA, seen=True), changed, NO)
    await shop.work.deciding.approve(acting(ANA), never, YES)
    said = {
        case: await shop.read("labels", "loss_share", "score_seen", case_id=case) for case in (same, changed, never)
    }
    assert said == {same: [(0.0, False)], changed: [(1.0, True)], never: [(0.0, False)]}
    kept = await shop.read("judgements", "occasion", "verdict", "score_seen", case_id=changed)
    assert sorted(kept) == [("decision", "reject", True), ("first", "approve", False)]


async def test_asking_for_more_is_no_judgement_and_shows_nothing(shop: Shop) -> None:
    await shop.share(1000)
    case = await shop.case()
    assert (await shop.judge(case, ANA, Verdict.UNDECIDED)).then is Then.DO
    assert await shop.quality.blind("acme", case, ANA)
    assert await shop.rows("judgements", "labels") == {"judgements": 0, "labels": 0}


async def test_the_audit_sample_is_judged_blind_by_two_and_looks_like_any_case(shop: Shop) -> None:
    await shop.share(1000)
    ordinary, drawn, later = await shop.case(), await shop.case(drawn=True), await shop.case(later=True)
    await shop.judge(drawn, ANA, Verdict.APPROVE)
    await shop.work.deciding.approve(acting(ANA, seen=True), drawn, YES)
    views = {case: await shop.quality.sight("acme", case, BO) for case in (ordinary, drawn, later)}
    plain = views[ordinary].view
    for sight in views.values():
        view = sight.view
        assert sight.blind
        assert (view.case.state, view.steps, view.grant, view.proposal) == (CaseState.IN_REVIEW, (), None, None)
        assert (view.reassessing, view.case.under_review) == (plain.reassessing, plain.case.under_review)
        assert sight.judge_by is not None
        assert sight.judge_by > shop.clock.moment
    waiting = [each.case_id for each in await shop.quality.waiting("acme", BO)]
    assert set(waiting) == {drawn, later}
    assert [each.case_id for each in await shop.quality.waiting("acme", ANA)] == [later]
    assert await shop.quality.waiting("acme", AUDITOR) == ()
    for who in (BO, CLEO):
        assert (await shop.judge(later, who, Verdict.REJECT)).then is Then.SHOW
    assert await shop.read("labels", "source", "loss_share", "score_seen", case_id=later) == [("audit", 1.0, False)] * 2
    assert [each.case_id for each in await shop.quality.waiting("acme", MEI)] == [drawn]
    assert await shop.rows("grants") == {"grants": 2}  # the approvals that were made; judging grants nothing


async def test_between_two_audits_that_differ_a_senior_settles_as_blind_as_they(shop: Shop) -> None:
    later = await shop.case(later=True)
    await shop.judge(later, ANA, Verdict.APPROVE)
    await shop.judge(later, BO, Verdict.REJECT)
    assert await shop.quality.waiting("acme", CLEO) == ()
    assert not await shop.quality.blind("acme", later, CLEO)
    assert [each.case_id for each in await shop.quality.waiting("acme", MEI)] == [later]
    assert await shop.quality.blind("acme", later, MEI)
    assert (await shop.judge(later, MEI, Verdict.REJECT)).then is Then.SHOW
    assert await shop.read("labels", "source", "loss_share", "score_seen", reviewer_name="user:mei") == [
        ("adjudication", 1.0, False)
    ]
    assert await shop.quality.waiting("acme", LEAD) == ()


# --- the second person ---------------------------------------------------------------------------------------------


async def test_the_second_sees_nothing_of_the_first_until_they_have_said_their_own(shop: Shop) -> None:
    await shop.share(0)
    case = await shop.case(amount=LARGE)
    await shop.work.deciding.approve(acting(ANA, seen=True), case, YES)
    assert not (await shop.quality.sight("acme", case, ANA)).blind
    sight = await shop.quality.sight("acme", case, BO)
    assert sight.blind
    assert (sight.view.proposal, sight.view.steps) == (None, ())
    assert (await shop.judge(case, BO, Verdict.APPROVE)).then is Then.DO
    assert await shop.rows("grants") == {"grants": 0}
    await shop.work.deciding.approve(acting(BO), case, YES)
    assert await shop.rows("grants") == {"grants": 1}
    assert await shop.read("labels", "loss_share", "score_seen", case_id=case) == [(0.0, False)]


async def test_who_said_no_before_seeing_the_first_cannot_join_them_afterwards(shop: Shop) -> None:
    await shop.share(0)
    case = await shop.case(amount=LARGE)
    await shop.work.deciding.approve(acting(ANA, seen=True), case, YES)
    await shop.judge(case, BO, Verdict.REJECT)
    assert (await shop.quality.sight("acme", case, BO)).view.proposal is not None  # seen from now on
    await shop.work.deciding.approve(acting(BO, seen=True), case, YES)
    (found,) = await shop.quality.disagreements("acme")
    assert (found.first_verdict, found.second_verdict) == (Verdict.APPROVE, Verdict.REJECT)
    after = await shop.work.view(acting(BO), case)
    assert leads_to(Act.APPROVE, after) == LeadsTo(state=CaseState.IN_REVIEW, differs=True)
    for who in (ANA, BO, person("ANA", Role.SENIOR), person("bo", Role.SENIOR)):
        with pytest.raises(Forbidden, match="neither of you"):
            await shop.work.deciding.approve(acting(who), case, YES)
    with pytest.raises(Forbidden, match="a senior reviewer decides it"):
        await shop.work.deciding.reject(acting(CLEO), case, NO)
    assert await shop.rows("grants") == {"grants": 0}
    for who in (ANA, BO, CLEO, MEI):
        await Users(shop.store.database).add(who, "not a hash", LEAD.actor)
    assert [await shop.next.take(who) for who in (ANA, BO, CLEO)] == [None, None, None]
    with pytest.raises(Forbidden, match="neither of them"):
        await shop.locks.take(BO, case)
    assert (await shop.locks.take(MEI, case)).login == "mei"
    senior = await shop.quality.sight("acme", case, MEI)
    assert not senior.blind
    assert [step.action for step in senior.view.steps] == ["approval_proposed", "opinions_differ"]
    await shop.work.deciding.approve(acting(MEI, seen=True), case, YES)
    assert await shop.rows("grants") == {"grants": 1}
    assert await shop.quality.disagreements("acme") == ()
    said = await shop.read("judgements", "reviewer_name", "occasion", "verdict", case_id=case)
    assert sorted(said) == [
        ("user:ana", "decision", "approve"), ("user:bo", "second", "reject"), ("user:mei", "adjudication", "approve"),
    ]  # fmt: skip


async def test_another_amount_is_another_opinion(shop: Shop) -> None:
    case = await shop.case(amount=LARGE)
    await shop.work.deciding.approve_partially(acting(ANA), case, PART)
    await shop.work.deciding.approve_partially(acting(BO), case, replace(PART, amount=100_001))
    (found,) = await shop.quality.disagreements("acme")
    assert (found.first_minor, found.second_minor) == (100_000, 100_001)
    assert await shop.rows("grants") == {"grants": 0}


# --- golden cases --------------------------------------------------------------------------------------------------


async def proven(shop: Shop, *, wrong: bool) -> uuid.UUID:
    """A case decided by Ana whose truth the record told."""
    case = await shop.case()
    if wrong:
        await shop.work.deciding.approve(acting(ANA), case, YES)
        await shop.work.reverse(acting(MEI), case, "used after all", 1.0, LabelSource.RECORD)
    else:
        await shop.work.deciding.reject(acting(ANA), case, NO)
        platform = Acting(platform_id="acme", party=Party.BUYER, actor=Actor(ActorKind.KEY, "k"))
        await shop.work.appeals.appeal(platform, case, "It never arrived, here is the carrier's word.")
        await shop.work.appeals.begin_second_review(acting(MEI), case)
        await shop.work.deciding.approve(acting(MEI), case, YES)
    return case


async def placed(shop: Shop, who: User) -> uuid.UUID:
    """A decision of theirs that draws a golden case, and enough time."""
    await shop.share(0, golden=1000)
    await shop.work.deciding.approve(acting(who), await shop.case(), YES)
    await shop.share(0, golden=0)
    shop.clock.moment += timedelta(hours=2)
    (waiting,) = await shop.golden.waiting("acme", who.actor)
    return waiting.case_id


async def test_a_golden_case_is_a_closed_one_whose_truth_is_proven(shop: Shop) -> None:
    still_open, unproven = await shop.case(), await shop.case()
    await shop.work.deciding.approve(acting(ANA), unproven, YES)
    for case, what in ((still_open, "still open"), (unproven, "Nothing proves")):
        with pytest.raises(InvalidRequest, match=what):
            await shop.golden.make("acme", case, "look at the log", LEAD.actor)
    with pytest.raises(NotFound):
        await shop.golden.make("globex", unproven, "note", LEAD.actor)
    bad, good = await proven(shop, wrong=True), await proven(shop, wrong=False)
    made = [await shop.golden.make("acme", case, "look at the log", LEAD.actor) for case in (bad, good)]
    assert [each.verdict for each in made] == [Verdict.REJECT, Verdict.APPROVE]
    with pytest.raises(InvalidRequest, match="golden one already"):
        await shop.golden.make("acme", bad, "again", LEAD.actor)
    old = await proven(shop, wrong=True)
    shop.clock.moment += timedelta(days=31)
    with pytest.raises(InvalidRequest, match="older than 30 days"):
        await shop.golden.make("acme", old, "note", LEAD.actor)


async def test_judging_a_golden_case_pays_nothing_and_tells_nobody(shop: Shop) -> None:
    bad = await proven(shop, wrong=True)
    await shop.golden.make("acme", bad, "The log shows the use.", LEAD.actor)
    copy = await placed(shop, BO)
    before = await shop.rows()
    for verdict in (Verdict.APPROVE, Verdict.REJECT):  # the second submit counts for nothing
        judged = await shop.judge(copy, BO, verdict)
        assert (judged.then, judged.learned) == (Then.NEXT, copy)
    after = await shop.rows()
    changed = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert changed == {"audit": 1}  # that they judged; the placement itself was there
    lesson = await shop.golden.lesson("acme", copy, BO.actor)
    assert (lesson.right, lesson.golden.note, lesson.placement.verdict) == (
        False, "The log shows the use.", Verdict.APPROVE,
    )  # fmt: skip
    assert await shop.quality.waiting("acme", BO) == ()


async def test_nothing_can_be_done_to_a_golden_case_by_any_use_case(shop: Shop) -> None:
    await shop.golden.make("acme", await proven(shop, wrong=True), "note", LEAD.actor)
    copy = await placed(shop, BO)
    before = await shop.rows()
    work, who, senior = shop.work, acting(BO), acting(MEI)
    tried = (
        work.deciding.approve(who, copy, YES),
        work.deciding.approve_partially(who, copy, PART),
        work.deciding.reject(who, copy, NO),
        work.deciding.rule(senior, copy, Action.RULE_APPROVED, YES),
        work.offers.offer(who, copy, PART),
        work.materials.ask(who, copy, ["order_page"], "please", "why"),
        work.materials.ask_supplier(who, copy, "was it used?", reason="why"),
        work.reverse(senior, copy, "x", 1.0, LabelSource.RECORD),
        work.withdraw(who, copy),
        work.close(senior, copy, "x"),
        work.view(who, copy),
    )
    for attempt in tried:
        with pytest.raises(PrereviewError):
            await attempt
    assert await shop.rows() == before


async def test_a_golden_case_looks_like_any_other_and_says_nothing_of_what_became_of_it(shop: Shop) -> None:
    source = await proven(shop, wrong=True)
    await shop.golden.make("acme", source, "note", LEAD.actor)
    copy = await placed(shop, BO)
    await shop.share(1000)
    other = await shop.case()
    golden, plain = [await shop.quality.sight("acme", case, BO) for case in (copy, other)]
    assert golden.blind
    assert plain.blind
    for view in (golden.view, plain.view):
        assert (view.case.state, view.steps, view.grant, view.proposal) == (CaseState.IN_REVIEW, (), None, None)
        assert (view.linked_claims, view.reassessing, view.seen_elsewhere) == ((), False, None)
    assert golden.view.case.id.version == plain.view.case.id.version == 7
    assert golden.view.case.number[0] == "R"
    assert len(golden.view.case.number) == len("R260302-7K3M9Q2XWA")
    assert golden.view.case.id not in (source, golden.source)
    assert golden.source == source
    # Ids tell the time they were made at: of this one, when it seems to have come in.
    assert timedelta(minutes=2) < made_after(copy, since=uuid.UUID(int=other.int)) < timedelta(minutes=41)
    assert golden.view.assessment is not None
    assert golden.view.assessment.case_id == copy
    # It is there for whom it was put before, and for nobody else.
    for who in (ANA, CLEO, MEI):
        with pytest.raises(NotFound):
            await shop.quality.sight("acme", copy, who)
        assert await shop.quality.waiting("acme", who) == ()
    with pytest.raises(NotFound):
        await shop.golden.lesson("acme", copy, BO.actor)  # nothing to learn before


def made_after(one: uuid.UUID, since: uuid.UUID) -> timedelta:
    return timedelta(milliseconds=(one.int >> 80) - (since.int >> 80))


async def test_golden_and_audited_cases_are_taken_as_any_other(shop: Shop) -> None:
    await shop.golden.make("acme", await proven(shop, wrong=True), "note", LEAD.actor)
    later = await shop.case(later=True)
    copy = await placed(shop, BO)
    await shop.share(1000)
    ordinary = await shop.case()
    for who in (BO, CLEO):
        await Users(shop.store.database).add(who, "not a hash", LEAD.actor)
    taken = []
    while (lock := await shop.next.take(BO)) is not None:
        assert lock.login == "bo"
        taken.append(lock.case_id)
    assert set(taken) == {copy, later, ordinary}
    assert (await shop.locks.take(BO, copy)).login == "bo"
    with pytest.raises(Conflict, match="is at work on this case"):
        await shop.locks.take(CLEO, later)
    for case in (copy, later, ordinary):
        assert await shop.locks.extend(BO, case) is not None
        for refused in (
            shop.locks.hand_over(BO, case, "cleo"),
            shop.locks.put_on_hold(BO, case, "later", shop.clock.moment + timedelta(hours=1)),
        ):
            with pytest.raises(Conflict, match="Judge this case first"):
                await refused
    assert await shop.locks.release(BO, copy)
    assert await shop.next.take(BO) is not None  # it waits on
    await shop.judge(copy, BO, Verdict.REJECT)
    assert await shop.locks.holder("acme", copy) is None
    with pytest.raises(NotFound):
        await shop.locks.take(CLEO, copy)


async def test_nobody_meets_a_golden_case_they_know(shop: Shop) -> None:
    await shop.golden.make("acme", await proven(shop, wrong=True), "note", LEAD.actor)
    await shop.share(0, golden=1000)
    for who in (ANA, MEI, LEAD, BO, BO):  # decided it, reversed it, made it, and one who does not know it
        await shop.work.deciding.approve(acting(who), await shop.case(), YES)
    assert await shop.read("golden_placements", "reviewer") == [("bo",)]
    assert await shop.quality.waiting("acme", BO) == ()  # it comes after a while, not on the heels of the decision
    shop.clock.moment += timedelta(hours=1)
    assert len(await shop.quality.waiting("acme", BO)) == 1
    (golden,) = await shop.golden.listed("acme")
    assert await shop.golden.retire("acme", golden.id, LEAD.actor)
    assert await shop.quality.waiting("acme", BO) == ()
    assert not await shop.golden.retire("acme", golden.id, LEAD.actor)


async def test_what_was_said_is_kept_with_who_said_it_and_when(shop: Shop) -> None:
    await shop.share(1000)
    case = await shop.case()
    await shop.judge(case, ANA, Verdict.APPROVE_PARTIALLY, 1500)
    async with shop.store.reading() as connection:
        (said,) = await quality.of_case(connection, "acme", case)
    assert (said.occasion, said.amount_minor, said.loss_share, said.reviewer) == (Occasion.FIRST, 1500, 0.5, ANA.actor)
    assert await shop.read("audit", "action", actor_name="user:ana") == [("case.judged",)]
