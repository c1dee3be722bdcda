"""Outcomes against a real PostgreSQL: what a payment, a void, a chargeback and a doubled payment lead to."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Grant, ObligationKind
from service.domain.cases import CaseState
from service.domain.claims import Route
from service.domain.clock import FixedClock
from service.domain.deadlines import DeadlineKind
from service.domain.errors import Conflict, InvalidRequest, NotFound, RefundLocked
from service.domain.history import EventKind, HistoryEvent
from service.domain.identifiers import new_id
from service.domain.lifecycle import Action, Party
from service.domain.money import Money
from service.domain.outcomes import AnomalyKind, Outcome, OutcomeKind
from service.policy import load_policy
from service.policy.deadlines import deadline_of
from service.review.deadlines import Deadlines
from service.review.outcomes import Outcomes
from service.review.requests import Caller
from service.review.viewing import buyer_answer
from service.store import MoveRequest, anomaly_search, case_moves
from service.store.case_tables import deadlines, grants, outgoing_events
from service.store.learning_tables import labels
from service.store.tables import history_events

LIN = Actor(ActorKind.PERSON, "lin")
KEY = Actor(ActorKind.KEY, "key-1")
CALLER = Caller(key_id="key-1", platform_id="acme", scopes=frozenset(), actor=KEY)
POLICY = load_policy(files("service.policy").joinpath("platforms", "demo.yaml").read_text("utf-8"))
GRANT = Grant(amount=Money(3000), fee=Money(0), route=Route.ORIGINAL)
RECOVERABLE = replace(GRANT, obligations=(ObligationKind.VOID_CODE,))


async def policy_of(_: str):
    return POLICY


@pytest.fixture
def outcomes(store, now):
    return Outcomes(store, FixedClock(now + timedelta(hours=1)), policy_of)


@pytest.fixture
def told(now):
    def make(kind, reference="m-1", amount=None, **changes):
        money = None if amount is None else Money(amount)
        return Outcome(reference=reference, kind=kind, occurred_at=now + timedelta(minutes=30), amount=money, **changes)

    return make


@pytest.fixture
def approved(store, accept_request, decide_request, make_assessment, make_claim, now):
    async def make(order="A1001", grant=GRANT, claim=None):
        request = accept_request(claim or make_claim(order), f"key-{order}")
        await store.accept(request)
        assessment = make_assessment(request.case_id)
        assessment = replace(assessment, verdict=replace(assessment.verdict, grant=grant))
        due = deadline_of(POLICY, CaseState.AUTO_APPROVED, now, obligations=bool(grant.obligations))
        await store.decide(decide_request(request.case_id, assessment=assessment, deadline=due))
        return request.case_id

    return make


async def state(store, case_id):
    return (await store.load_case("acme", case_id)).case.state


async def column(store, of, *where):
    async with store.reading() as connection:
        return list((await connection.execute(sa.select(of).where(*where))).scalars())


async def test_what_was_granted_and_paid_is_settled(store, outcomes, approved, told):
    case_id = await approved()

    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))  # told again

    assert await state(store, case_id) is CaseState.PAID
    assert await column(store, grants.c.paid_minor) == [3000]
    assert await outcomes.anomalies("acme") == ()
    types = await column(store, outgoing_events.c.type)
    assert types.count("case.paid") == 1


async def test_another_sum_than_granted_is_kept_and_told(store, outcomes, approved, told):
    case_id = await approved()
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3500))

    assert await state(store, case_id) is CaseState.PAID
    (found,) = await outcomes.anomalies("acme")
    assert (found.kind, found.amount, found.data["granted"]) == (AnomalyKind.PAID_OTHER_SUM, Money(3500), 3000)
    assert "anomaly.found" in await column(store, outgoing_events.c.type)


async def test_money_paid_without_a_grant_is_not_refused_for_it_is_gone(
    store, outcomes, accept_request, decide_request, told
):
    request = accept_request()
    await store.accept(request)
    await store.decide(decide_request(request.case_id, approve=False))

    await outcomes.tell(CALLER, request.case_id, told(OutcomeKind.PAID, amount=3000))

    assert await state(store, request.case_id) is CaseState.IN_REVIEW
    assert [each.kind for each in await outcomes.anomalies("acme")] == [AnomalyKind.PAID_WITHOUT_GRANT]


async def test_a_grant_on_a_void_code_waits_for_the_void_and_then_for_payment(store, outcomes, approved, told):
    case_id = await approved(grant=RECOVERABLE)
    assert await column(store, deadlines.c.kind, deadlines.c.ended_as.is_(None)) == [DeadlineKind.OBLIGATION.value]

    await outcomes.tell(CALLER, case_id, told(OutcomeKind.CODE_VOIDED))

    assert await state(store, case_id) is CaseState.AUTO_APPROVED
    assert await column(store, deadlines.c.kind, deadlines.c.ended_as.is_(None)) == [DeadlineKind.PAYMENT.value]
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, "m-2", 3000))
    assert await outcomes.anomalies("acme") == ()


async def test_a_code_that_cannot_be_voided_ends_the_grant_and_leaves_the_case_to_a_person(
    store, outcomes, approved, told
):
    case_id = await approved(grant=RECOVERABLE)
    view = await outcomes.tell(CALLER, case_id, told(OutcomeKind.CODE_NOT_VOIDED))

    assert await state(store, case_id) is CaseState.IN_REVIEW
    assert await column(store, grants.c.ended_as) == ["returned"]
    assert await column(store, deadlines.c.kind, deadlines.c.ended_as.is_(None)) == [DeadlineKind.REVIEW.value]
    assert "person" in buyer_answer(view).message.en, "the buyer does not go on reading that it is approved"
    assert "case.returned_to_review" in await column(store, outgoing_events.c.type)
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, "m-2", 3000))
    assert [each.kind for each in await outcomes.anomalies("acme")] == [AnomalyKind.PAID_WITHOUT_GRANT]


async def test_a_code_that_cannot_be_voided_once_it_was_paid_is_told_to_a_person(store, outcomes, approved, told):
    case_id = await approved(grant=RECOVERABLE)
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.CODE_VOIDED))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, "m-2", 3000))
    for _ in range(2):
        await outcomes.tell(CALLER, case_id, told(OutcomeKind.CODE_NOT_VOIDED, "m-3"))

    (found,) = await outcomes.anomalies("acme")
    assert (found.kind, found.case_id, found.amount) == (AnomalyKind.NOT_RECOVERED, case_id, Money(3000))
    assert (await column(store, outgoing_events.c.type)).count("case.recovery_failed") == 1
    assert await state(store, case_id) is CaseState.PAID


async def test_a_payment_that_failed_is_made_in_time_or_goes_back_to_a_person(store, outcomes, approved, told, now):
    for order, then in (("A1", CaseState.PAID), ("A2", CaseState.IN_REVIEW)):
        case_id = await approved(order, grant=RECOVERABLE)
        await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAYMENT_FAILED, f"{order}-failed"))
        running = deadlines.c.ended_as.is_(None) & (deadlines.c.case_id == case_id)
        assert await column(store, deadlines.c.kind, running) == [DeadlineKind.PAYMENT.value]
        if then is CaseState.PAID:
            await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, f"{order}-paid", 3000))

        await Deadlines(store, FixedClock(now + timedelta(days=60)), policy_of).look()

        assert await state(store, case_id) is then
    assert await column(store, grants.c.ended_as, grants.c.case_id == case_id) == ["returned"]
    await granted_again(store, case_id, now)


async def test_paying_before_the_void_is_confirmed_is_told(store, outcomes, approved, told):
    case_id = await approved(grant=RECOVERABLE)
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))
    assert [each.kind for each in await outcomes.anomalies("acme")] == [AnomalyKind.PAID_BEFORE_CONFIRMATION]

    await outcomes.tell(CALLER, case_id, told(OutcomeKind.CODE_VOIDED, "m-2"))
    assert await column(store, deadlines.c.kind, deadlines.c.ended_as.is_(None)) == []  # nothing is to be paid any more


async def test_a_chargeback_after_a_refund_is_a_loss_a_label_and_history(store, outcomes, approved, told):
    case_id = await approved()
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.CHARGEBACK, "m-2", 3000))

    assert [each.kind for each in await outcomes.anomalies("acme")] == [AnomalyKind.REFUNDED_TWICE]
    assert await column(store, labels.c.loss_share) == [1.0]
    kinds = await column(store, history_events.c.kind)
    assert kinds.count("chargeback") == kinds.count("refund_wrong") == 1


async def test_a_dispute_elsewhere_keeps_people_and_machine_from_granting(
    store, outcomes, accept_request, decide_request, make_claim, told, now
):
    first = accept_request(make_claim("A1", amount=3000), "key-1")
    await store.accept(first)
    await store.decide(decide_request(first.case_id, approve=False))
    await outcomes.tell(CALLER, first.case_id, told(OutcomeKind.DISPUTE_OPENED))

    async def approve():
        async with store.transaction() as tx:
            case = await store.lock_case(tx, "acme", first.case_id)
            request = MoveRequest(action=Action.APPROVE, party=Party.REVIEWER, actor=LIN, now=now, grant=GRANT)
            await store.move_case(tx, case, request)

    with pytest.raises(RefundLocked, match="dispute_opened"):
        await approve()
    assert await state(store, first.case_id) is CaseState.IN_REVIEW

    await outcomes.tell(CALLER, first.case_id, told(OutcomeKind.DISPUTE_CLOSED, "m-2"))
    await approve()
    assert await state(store, first.case_id) is CaseState.APPROVED


async def test_two_orders_on_one_disputed_payment_are_both_locked_and_the_machine_asks_a_person(
    store, outcomes, accept_request, decide_request, make_claim, told
):
    def on_payment(order):
        claim = make_claim(order)
        return replace(claim, order=replace(claim.order, trade_number="T-1"))

    first, second = accept_request(on_payment("A1"), "key-1"), accept_request(on_payment("A2"), "key-2")
    await store.accept(first)
    await store.accept(second)
    await outcomes.tell(CALLER, first.case_id, told(OutcomeKind.REFUNDED_ELSEWHERE))

    decided = await store.decide(decide_request(second.case_id))

    assert not decided.reserved
    assert [reason.code for reason in decided.assessment.verdict.reasons] == ["refund_locked"]
    assert await state(store, second.case_id) is CaseState.IN_REVIEW


async def test_what_a_person_refused_no_machine_grants_afterwards(
    store, accept_request, make_claim, decide_request, now
):
    first = accept_request(make_claim("A1"), "key-1")
    await store.accept(first)
    await store.decide(decide_request(first.case_id, approve=False))
    async with store.transaction() as tx:
        case = await store.lock_case(tx, "acme", first.case_id)
        refused = MoveRequest(action=Action.REJECT, party=Party.REVIEWER, actor=LIN, now=now, reason="used")
        await store.move_case(tx, case, refused)
    again = accept_request(make_claim("A1"), "key-2")
    await store.accept(again)

    decided = await store.decide(decide_request(again.case_id))

    assert not decided.reserved
    assert [reason.code for reason in decided.assessment.verdict.reasons] == ["refused_before"]
    assert await state(store, again.case_id) is CaseState.IN_REVIEW


async def test_two_decisions_at_once_never_give_back_more_than_was_paid(
    store, accept_request, make_claim, decide_request, now
):
    """Two cases of one order can both live where one was rejected and is appealed."""
    ids = []
    for n in range(2):
        request = accept_request(make_claim("A1"), f"key-{n}")
        await store.accept(request)
        await store.decide(decide_request(request.case_id, approve=False))
        ids.append(request.case_id)
        async with store.transaction() as tx:  # out of the way of the next one, then back, as an appeal would
            case = await store.lock_case(tx, "acme", request.case_id)
            refused = MoveRequest(action=Action.WITHDRAW, party=Party.BUYER, actor=LIN, now=now)
            await store.move_case(tx, case, refused)

    async def grant(case_id):
        async with store.transaction() as tx:
            case = await store.lock_case(tx, "acme", case_id)
            await case_moves.add_grant(tx, "acme", case_id, case.claim, GRANT, now)

    done = await asyncio.gather(*(grant(case_id) for case_id in ids), return_exceptions=True)
    assert sum(isinstance(each, RefundLocked) for each in done) == 1
    assert await column(store, grants.c.amount_minor) == [3000]


async def granted_again(store, case_id, now):
    async with store.transaction() as tx:
        case = await store.lock_case(tx, "acme", case_id)
        await case_moves.add_grant(tx, "acme", case_id, case.claim, GRANT, now)


async def test_what_was_paid_as_its_grant_ended_is_not_granted_again(store, outcomes, approved, told, now):
    """The platform's payment crosses the end of its grant; a person decides anew."""
    case_id = await approved(grant=RECOVERABLE)
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.CODE_NOT_VOIDED))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, "m-2", 3000))

    with pytest.raises(RefundLocked, match="locked"):
        await granted_again(store, case_id, now)
    assert "case.refund_locked" in await column(store, outgoing_events.c.type)


async def test_a_second_payment_does_not_overwrite_the_first(store, outcomes, approved, told):
    case_id = await approved()
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, "m-2", 100))
    assert await column(store, grants.c.paid_minor) == [3000]
    assert [each.kind for each in await outcomes.anomalies("acme")] == [AnomalyKind.PAID_WITHOUT_GRANT]


async def test_a_refund_reversed_after_its_payment_still_counts_against_the_order(
    store, outcomes, approved, told, accept_request, make_claim, decide_request, now
):
    case_id = await approved(claim=make_claim("A1001", amount=3000))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))
    async with store.transaction() as tx:
        case = await store.lock_case(tx, "acme", case_id)
        await store.move_case(tx, case, MoveRequest(action=Action.REVERSE, party=Party.PLATFORM, actor=LIN, now=now))

    again = accept_request(make_claim("A1001", amount=3000), "key-again")
    await store.accept(again)
    decided = await store.decide(decide_request(again.case_id))

    assert [reason.code for reason in decided.assessment.verdict.reasons] == ["refund_locked"]
    with pytest.raises(RefundLocked, match="left to refund"):
        await granted_again(store, again.case_id, now)


async def test_an_order_refunded_in_one_currency_is_not_refunded_in_another(store, approved, make_claim, now):
    case_id = await approved()
    claim = make_claim("A1001")
    dollars = {name: Money(getattr(claim.order, name).minor, "USD") for name in ("amount_paid", "amount_refunded")}
    abroad = replace(claim, order=replace(claim.order, **dollars), amount_claimed=Money(3000, "USD"))

    with pytest.raises(RefundLocked, match="two currencies"):
        async with store.transaction() as tx:
            await case_moves.add_grant(tx, "acme", new_id(), abroad, replace(GRANT, amount=Money(3000, "USD")), now)
    assert await column(store, grants.c.case_id) == [case_id]


async def test_of_two_disputes_the_end_of_one_leaves_the_other_locking(store, outcomes, approved, told, now):
    case_id = await approved(grant=RECOVERABLE)
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.DISPUTE_OPENED, "provider"))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.DISPUTE_OPENED, "12315"))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.CODE_NOT_VOIDED, "m-0"))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.DISPUTE_CLOSED, "m-1"))
    with pytest.raises(RefundLocked, match="dispute_opened"):
        await granted_again(store, case_id, now)

    await outcomes.tell(CALLER, case_id, told(OutcomeKind.DISPUTE_CLOSED, "m-2"))
    await granted_again(store, case_id, now)


async def test_bad_outcomes_are_refused_and_change_nothing(store, outcomes, approved, told, now):
    case_id = await approved()
    with pytest.raises(InvalidRequest, match="needs the amount"):
        await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID))
    future = replace(told(OutcomeKind.PAID, amount=1), occurred_at=now + timedelta(days=1))
    with pytest.raises(InvalidRequest, match="future"):
        await outcomes.tell(CALLER, case_id, future)
    other = replace(CALLER, platform_id="other")
    with pytest.raises(NotFound):
        await outcomes.tell(other, case_id, told(OutcomeKind.PAYMENT_FAILED))
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAYMENT_FAILED))
    with pytest.raises(Conflict, match="was used for another"):
        await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))
    assert await state(store, case_id) is CaseState.PAYMENT_FAILED


def payment(event_id, order, at, *, trade, account="buyer-9", amount=3000, product="product-9"):
    return HistoryEvent(
        event_id=event_id, kind=EventKind.PAYMENT, occurred_at=at, account_id=account, order_number=order,
        product_id=product, amount=Money(amount), data={"trade_number": trade},
    )  # fmt: skip


async def test_doubled_payments_are_found_unasked_and_once(store, outcomes, now):
    at = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
    events = [
        payment("p1", "O1", at, trade="T1"),
        payment("p2", "O1", at + timedelta(minutes=3), trade="T2"),  # one order paid twice
        payment("p3", "O1", at + timedelta(minutes=4), trade="T2"),  # the second payment told twice
        payment("p4", "O2", at + timedelta(hours=1), trade="T4", product="product-1"),
        payment("p5", "O3", at + timedelta(hours=1, seconds=9), trade="T5", product="product-1"),  # seconds apart
        payment("p6", "O4", at + timedelta(hours=1, seconds=9), trade="T6", product="product-1", account="other"),
        payment("p7", "O5", at + timedelta(hours=3), trade="T7", product="product-1"),  # hours apart
        payment("p8", "O6", at + timedelta(hours=3, seconds=5), trade="T8", product="product-1", amount=2999),
    ]
    await store.record_events("acme", events, now)

    while await looked_at_to(store, now) < now + timedelta(minutes=30):
        await outcomes.look()

    found = {(each.kind, each.order_number, each.data["other"]) for each in await outcomes.anomalies("acme")}
    assert found == {
        (AnomalyKind.DUPLICATE_PAYMENT, "O1", "T1"),
        (AnomalyKind.IDENTICAL_ORDERS, "O3", "O2"),
    }


async def looked_at_to(store, now):
    async with store.reading() as connection:
        return await anomaly_search.seen_to(connection, "acme", now)


async def test_the_ledger_says_who_owes_what_and_whose_goods_fail(store, outcomes, approved, told, now):
    case_id = await approved()
    await outcomes.tell(CALLER, case_id, told(OutcomeKind.PAID, amount=3000))

    (entry,) = [each async for each in outcomes.ledger("acme", now - timedelta(days=1), now + timedelta(days=1))]

    assert (entry.case_id, entry.granted, entry.paid, entry.seller_id) == (
        case_id, Money(3000), Money(3000), "seller-1",
    )  # fmt: skip
    assert entry.liable is None  # this grant was made without a policy
    assert [each async for each in outcomes.ledger("other", now - timedelta(days=1), now + timedelta(days=1))] == []
