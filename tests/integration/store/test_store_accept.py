"""Transaction 1 against a real PostgreSQL: nothing twice, nothing lost, whoever posts at once."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.cases import CaseState
from service.domain.claims import Consent, ReasonCode
from service.domain.errors import BadRequest, NotFound
from service.domain.identifiers import new_id
from service.store import Accepted, InFlight, KeyReused, Linked, NewEvidence, Replayed, Store
from service.store.tables import cases, history_events, idempotency, linked_claims

A, B, C = "a" * 64, "b" * 64, "c" * 64


async def count(store: Store, table: sa.Table) -> int:
    async with store.reading() as connection:
        return (await connection.scalar(sa.select(sa.func.count()).select_from(table))) or 0


async def jobs(store: Store) -> list[tuple[str, str]]:
    async with store.reading() as connection:
        rows = await connection.execute(sa.text("SELECT task_name, args ->> 'case_id' FROM procrastinate_jobs"))
        return [(row[0], row[1]) for row in rows]


async def test_a_claim_is_taken_in_whole(store, accept_request, make_claim, now):
    claim = make_claim()
    files = (NewEvidence(sha256=B, size=5, media_type="image/png", name="b.png"), NewEvidence(sha256=A, size=7))
    request = accept_request(claim, files=files)

    assert await store.accept(request) == Accepted(request.case_id)

    record = await store.load_case("acme", request.case_id)
    assert record is not None
    assert record.case.claim == claim
    assert record.case.state is CaseState.ACCEPTED
    assert (record.case.accepted_at, record.case.as_of) == (now, now)
    assert record.case.evidence == (B, A)  # as sent, not as sorted
    assert record.assessment is None
    assert record.linked == ()
    assert await store.case_by_number("acme", request.number) == record
    assert await jobs(store) == [("assess_case", str(request.case_id))]
    [entry] = await store.audit_entries("acme", request.case_id)
    assert (entry.action, entry.actor.name, entry.at) == ("case.accepted", "key-1", now)
    assert await store.order_files(None, "acme", "A1001") == (replace(files[0]), replace(files[1]))


async def test_the_same_request_again_is_in_flight_until_decided(store, accept_request, decide_request):
    request = accept_request()
    await store.accept(request)
    again = replace(request, case_id=new_id(), number="R-other")

    assert await store.accept(again) == InFlight(request.case_id)
    await store.decide(decide_request(request.case_id))
    assert await store.accept(again) == Replayed(request.case_id, None)
    assert await count(store, cases) == 1


async def test_the_same_key_with_another_body_is_refused(store, accept_request, make_claim):
    await store.accept(accept_request())
    assert await store.accept(accept_request(make_claim(amount=100))) == KeyReused()
    assert await count(store, cases) == 1


async def test_a_key_belongs_to_its_platform(store, accept_request, make_claim, now):
    other = replace(await store.platform("acme"), id="other")
    await store.add_platform(other, accept_request().actor)
    first = accept_request()
    second = accept_request(make_claim(platform_id="other"))
    assert await store.accept(first) == Accepted(first.case_id)
    assert await store.accept(second) == Accepted(second.case_id)
    assert await store.load_case("other", first.case_id) is None


async def test_a_second_claim_on_an_order_is_linked_and_its_files_count(store, accept_request, make_claim, now):
    first = accept_request(files=(NewEvidence(sha256=A, size=1),))
    await store.accept(first)
    later = make_claim(reason=ReasonCode.NOT_DELIVERED)
    second = accept_request(later, "key-b", files=(NewEvidence(sha256=B, size=1),), now=now + timedelta(minutes=1))

    outcome = await store.accept(second)

    assert isinstance(outcome, Linked)
    assert outcome.case_id == first.case_id
    record = await store.load_case("acme", first.case_id)
    assert [(one.id, one.claim, one.evidence) for one in record.linked] == [(outcome.linked_claim_id, later, (B,))]
    assert record.case.claim == first.claim
    assert await store.order_evidence(None, "acme", "A1001") == (A, B)
    assert await jobs(store) == [("assess_case", str(first.case_id))]  # none for the claim that opened no case
    assert await count(store, history_events) == 1
    assert [e.action for e in await store.audit_entries("acme", first.case_id)] == [
        "case.accepted",
        "case.claim_linked",
        "case.reassessing",
    ]
    assert await store.accept(replace(second, case_id=new_id())) == Replayed(first.case_id, outcome.linked_claim_id)


@pytest.mark.parametrize("state", ["rejected", "withdrawn", "lapsed", "reversed", "closed"])
async def test_after_the_end_of_a_case_its_order_gets_a_new_one(store, accept_request, state):
    first = accept_request(files=(NewEvidence(sha256=A, size=1),))
    await store.accept(first)
    async with store.transaction() as tx:
        await tx.execute(sa.update(cases).values(state=state))
    second = accept_request(key="key-b")
    assert await store.accept(second) == Accepted(second.case_id)
    assert (await store.load_case("acme", second.case_id)).case.evidence == (A,)  # evidence stays with the order


async def test_many_posts_of_one_request_at_once_make_one_case(store, accept_request):
    request = accept_request(files=(NewEvidence(sha256=A, size=1), NewEvidence(sha256=B, size=1)))
    posts = [replace(request, case_id=new_id(), number=f"R-{n}") for n in range(12)]
    outcomes = await asyncio.gather(*(store.accept(post) for post in posts))
    assert Counter(type(outcome) for outcome in outcomes) == {Accepted: 1, InFlight: 11}
    assert len({outcome.case_id for outcome in outcomes}) == 1
    assert len(await jobs(store)) == await count(store, cases) == await count(store, idempotency) == 1


async def test_many_claims_on_one_order_at_once_make_one_case(store, accept_request):
    files = (NewEvidence(sha256=A, size=1), NewEvidence(sha256=B, size=1))
    posts = [accept_request(key=f"key-{n}", files=files[:: (-1) ** n]) for n in range(12)]
    outcomes = await asyncio.gather(*(store.accept(post) for post in posts))
    assert Counter(type(outcome) for outcome in outcomes) == {Accepted: 1, Linked: 11}
    assert len({outcome.case_id for outcome in outcomes}) == 1
    assert await count(store, linked_claims) == 11
    assert len(await jobs(store)) == 1


async def test_many_claims_with_the_same_files_at_once_do_not_lock_each_other_out(store, accept_request, make_claim):
    files = tuple(NewEvidence(sha256=letter * 64, size=1) for letter in "abcdef")
    posts = [accept_request(make_claim(f"A{n}"), f"key-{n}", files=files[:: (-1) ** n]) for n in range(12)]
    outcomes = await asyncio.gather(*(store.accept(post) for post in posts))
    assert {type(outcome) for outcome in outcomes} == {Accepted}


async def test_an_unknown_platform_is_refused_and_leaves_nothing(store, accept_request, make_claim):
    with pytest.raises(NotFound, match="nowhere"):
        await store.accept(accept_request(make_claim(platform_id="nowhere")))
    assert await count(store, idempotency) == 0
    assert await jobs(store) == []


async def test_text_that_postgresql_cannot_hold_is_a_bad_request(store, accept_request, make_claim):
    with pytest.raises(BadRequest, match="NUL"):
        await store.accept(accept_request(make_claim(statement="a\x00b")))
    assert await count(store, idempotency) == 0


async def test_a_consent_is_kept_with_who_brought_it_and_has_the_order_looked_at_again(
    store, accept_request, decide_request, make_claim, now
):
    consent = Consent(given_at=now, purpose="checking the holder")
    first = await store.accept(accept_request())
    await store.decide(decide_request(first.case_id, approve=False))
    assert not await store.personal_data.consented("acme", "A1001", by=now)
    agreed = replace(make_claim(), consent=consent, reference="ref-2")
    later = now + timedelta(minutes=5)
    linked = await store.accept(accept_request(agreed, key="key-b", now=later))
    assert isinstance(linked, Linked)
    assert await store.personal_data.consented("acme", "A1001", by=later)
    assert not await store.personal_data.consented("acme", "A1001", by=now), "an earlier assessment had none"
    assert not await store.personal_data.consented("other", "A1001", by=later)
    record = await store.load_case("acme", first.case_id)
    assert record.to_assess, "what could not be read without it can be now"
    entries = await store.audit_entries("acme", first.case_id)
    assert [(each.reason, each.actor) for each in entries if each.action == "consent.recorded"] == [
        ("checking the holder", accept_request().actor)
    ]
