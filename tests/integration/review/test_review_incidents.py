"""Incidents against a real PostgreSQL: who is struck, what is grouped, what is kept out of whose history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.clock import FixedClock
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.identifiers import new_id
from service.domain.incidents import Struck
from service.review.incidents import Incidents
from service.store.tables import cases, history_events

LIN, ANA = Actor(ActorKind.PERSON, "lin"), Actor(ActorKind.PERSON, "ana")


@pytest.fixture
def incidents(store, now):
    return Incidents(store, FixedClock(now + timedelta(minutes=5)))


@pytest.fixture
def claim_on(store, accept_request, make_claim, now):
    async def submit(
        order_number, *, seller="seller-1", product="product-1", account="buyer-1", at=now, paid=timedelta(hours=1)
    ):
        claim = make_claim(order_number, id=account)
        goods = replace(claim.order.product, id=product)
        claim = replace(claim, order=replace(claim.order, seller_id=seller, product=goods, paid_at=at - paid))
        request = accept_request(claim, f"key-{order_number}", now=at)
        await store.accept(request)
        return request.case_id

    return submit


async def struck(store):
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(cases.c.id, cases.c.incident_id))
        return {row.id for row in rows if row.incident_id is not None}


async def kinds(store):
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(history_events.c.kind, history_events.c.case_id))
        return {row.case_id: row.kind for row in rows}


async def test_a_declared_outage_takes_the_claims_it_strikes_and_no_others(store, incidents, claim_on, now):
    mine = await claim_on("A1")
    other = await claim_on("A2", seller="seller-2")
    earlier = await claim_on("A3", paid=timedelta(days=3))
    began = now - timedelta(minutes=30)

    incident = await incidents.declare("acme", Struck.SELLER, "seller-1", began, "supplier down", LIN)
    later = await claim_on("A4", at=now + timedelta(minutes=4))
    await incidents.look()

    assert await struck(store) == {mine, later}
    assert await incidents.cases("acme", incident.id) == (mine, later)
    assert set((await kinds(store)).values()) == {"refund_requested"}
    with pytest.raises(Conflict, match="approved by another"):
        await incidents.confirm("acme", incident.id, "I say so twice", Actor(ActorKind.PERSON, "Lin "))
    await incidents.confirm("acme", incident.id, "the supplier says so", ANA)
    found = await kinds(store)
    assert found[mine] == found[later] == "incident_claim"  # in nobody's refunds
    assert found[other] == found[earlier] == "refund_requested"


async def test_thirty_accounts_are_noticed_and_one_account_thirty_times_is_not(store, incidents, claim_on):
    for n in range(30):
        await claim_on(f"A{n}", seller="busy", product=f"product-{n}", account=f"buyer-{n}")
        await claim_on(f"B{n}", seller="flooded", account="one")
    await incidents.look()
    await incidents.look()

    (noticed,) = await incidents.listed("acme")
    assert (noticed.struck, noticed.struck_id, noticed.noticed) == (Struck.SELLER, "busy", True)
    assert noticed.confirmed_at is None


async def test_what_was_only_noticed_changes_nobodys_history_until_a_person_confirms(store, incidents, claim_on):
    struck_cases = [await claim_on(f"A{n}", account=f"buyer-{n}") for n in range(30)]
    await incidents.look()
    (noticed,) = await incidents.listed("acme")
    assert noticed.struck is Struck.PRODUCT  # the narrowest there is
    assert set((await kinds(store)).values()) == {"refund_requested"}
    assert await struck(store) == set(struck_cases)

    await incidents.confirm("acme", noticed.id, "the carrier says so", LIN)

    assert set((await kinds(store)).values()) == {"incident_claim"}


async def test_one_that_is_dismissed_lets_its_cases_go(store, incidents, claim_on):
    for n in range(30):
        await claim_on(f"A{n}", account=f"buyer-{n}")
    await incidents.look()
    for each in await incidents.listed("acme"):
        await incidents.dismiss("acme", each.id, "a raid of coupon hunters", LIN)

    assert await struck(store) == set()
    assert set((await kinds(store)).values()) == {"refund_requested"}
    await incidents.look()  # the same jump is not noticed again; whether it is the seller's is asked apart
    assert {each.struck for each in await incidents.listed("acme", going_on=True)} == {Struck.SELLER}


async def test_one_thing_has_one_incident_and_another_platform_sees_none(incidents, now):
    incident = await incidents.declare("acme", Struck.PLATFORM, "", now - timedelta(hours=1), "down", LIN)
    with pytest.raises(Conflict):
        await incidents.declare("acme", Struck.PLATFORM, "", now - timedelta(hours=1), "down", LIN)
    with pytest.raises(NotFound):
        await incidents.incident("other", incident.id)
    with pytest.raises(InvalidRequest):
        await incidents.declare("acme", Struck.SELLER, "s", now + timedelta(hours=1), "not yet", LIN)


async def test_who_bought_after_an_outage_was_over_is_not_kept_out_of_history_by_it(store, incidents, claim_on, now):
    mine = await claim_on("A1", paid=timedelta(hours=2))
    bought_later = await claim_on("A2", paid=timedelta(minutes=10))
    incident = await incidents.declare("acme", Struck.SELLER, "seller-1", now - timedelta(hours=3), "down", LIN)
    await incidents.confirm("acme", incident.id, "it is", ANA)
    assert set((await kinds(store)).values()) == {"incident_claim"}

    await incidents.end("acme", incident.id, now - timedelta(hours=1), "it had long been over", LIN)

    assert await kinds(store) == {mine: "incident_claim", bought_later: "refund_requested"}


async def test_a_bulk_decision_tells_of_each_case_what_became_of_it(store, decide_request, incidents, claim_on, now):
    ids = [await claim_on(f"A{n}") for n in range(4)]
    for case_id in ids[:3]:  # the fourth does not wait for a person yet
        await store.decide(decide_request(case_id, approve=False))
    incident = await incidents.declare("acme", Struck.SELLER, "seller-1", now - timedelta(hours=1), "down", LIN)

    async def decide(case_id):
        if case_id == ids[1]:
            raise Conflict("somebody was quicker")
        return new_id()

    outcome = await incidents.decide_all("acme", incident.id, decide)

    assert outcome.done == (ids[0], ids[2])
    assert outcome.refused == {ids[1]: "somebody was quicker"}
    assert (await incidents.decide_all("acme", incident.id, decide, at_most=1)).left == 2


async def test_what_came_while_nobody_looked_is_taken_at_the_next_look(store, claim_on, now):
    began = now - timedelta(hours=6)
    clock = FixedClock(now)
    incidents = Incidents(store, clock)
    await incidents.look()
    incident = await incidents.declare("acme", Struck.SELLER, "seller-1", began, "supplier down", LIN)
    await incidents.confirm("acme", incident.id, "the supplier says so", ANA)
    mine = await claim_on("A1", at=now + timedelta(minutes=1))

    clock.at = now + timedelta(hours=5)  # the worker was down meanwhile
    await Incidents(store, clock).look()

    assert await struck(store) == {mine}
    assert await kinds(store) == {mine: "incident_claim"}
