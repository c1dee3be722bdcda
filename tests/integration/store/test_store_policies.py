"""The life of a policy's text in a real database: two people, one text, its own time, one after the other."""

from __future__ import annotations

import asyncio
import contextlib
import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.errors import Conflict, InvalidRequest, NotFound, StaleWrite
from service.domain.policy_versions import LEAD, PolicyState, PolicyStep, Signature, state_of, text_digest
from service.store import PolicyVersion, audit

FOUNDER = Actor(ActorKind.PERSON, "founder")
KEY = Actor(ActorKind.KEY, "key-1")


def signature(person, at, actor=None):
    return Signature(person=person, actor=actor or Actor(ActorKind.PERSON, f"cli:{person}"), at=at)


@pytest.fixture
async def life(store, now):
    """Platform acme with a first policy, set up by its operator."""
    await store.add_policy(
        PolicyVersion(
            platform_id="acme", version="1", effective_at=now, text="one", digest="d1", actor=FOUNDER, recorded_at=now
        )
    )
    return store.policy_life


async def proposed(life, now, text="two", wanted_at=None, by="ana"):
    return await life.propose_new("acme", text, f"d-{text}", "why", wanted_at, signature(by, now))


async def test_nothing_comes_into_force_before_a_second_person_signed_and_its_time_has_come(store, life, now):
    start = now + timedelta(days=2)
    record = await proposed(life, now, wanted_at=start)
    assert (record.version, record.step, record.based_on) == ("2", PolicyStep.PROPOSED, "1")
    assert (await store.policy_at("acme", start)).text == "one"
    assert await store.policy_version("acme", "2") is None
    signed = await life.sign_off("acme", "2", record.text_sha256, signature("bo", now))
    assert signed.effective_at == start
    assert (await store.policy_at("acme", start - timedelta(seconds=1))).text == "one"
    assert (await store.policy_at("acme", start)).text == "two"
    assert (await store.platform_in_force("acme", start))[1].text == "two"
    records = await life.listed("acme")
    states = {at: [state_of(each, records, at) for each in records] for at in (now, start)}
    assert states[now] == [PolicyState.IN_FORCE, PolicyState.SCHEDULED]
    assert states[start] == [PolicyState.SUPERSEDED, PolicyState.IN_FORCE]


async def test_without_a_wanted_time_it_holds_soon_after_the_signature(store, life, now):
    record = await proposed(life, now)
    later = now + timedelta(days=3)
    signed = await life.sign_off("acme", "2", record.text_sha256, signature("bo", later))
    assert signed.effective_at == later + LEAD
    assert (await store.policy_at("acme", later)).text == "one"


@pytest.mark.parametrize(
    ("person", "actor"),
    [
        ("ana", None),
        (" ANA\u200b", None),
        ("ana", Actor(ActorKind.PERSON, "console:ana")),
        ("bo", KEY),  # another name from the key that proposed
        ("writer", None),  # who drafted the text is no second person either
    ],
)
async def test_one_person_under_two_spellings_signs_nothing_off(life, now, person, actor):
    drafted = await life.draft("acme", "two", "d2", "", None, signature("writer", now))
    await life.propose("acme", drafted.version, signature("ana", now, KEY))
    with pytest.raises(Conflict, match="another"):
        await life.sign_off("acme", drafted.version, drafted.text_sha256, signature(person, now, actor))
    assert (await life.one("acme", drafted.version)).step is PolicyStep.PROPOSED
    second = Actor(ActorKind.KEY, "key-2")
    await life.sign_off("acme", drafted.version, drafted.text_sha256, signature("bo", now, second))


async def test_a_keys_successor_is_no_second_key(store, life, now):
    terms = ("acme", "back office", ("policy",), FOUNDER, now)
    old, other = [(await store.create_key(*terms))[0] for _ in range(2)]
    new = old
    for _ in range(2):
        new, _ = await store.rotate_key("acme", new.id, timedelta(days=1), FOUNDER, now)
    of_key = [Actor(ActorKind.KEY, str(each.id)) for each in (old, new, other)]
    record = await life.propose_new("acme", "two", "d2", "", None, signature("ana", now, of_key[0]))
    with pytest.raises(Conflict, match="another"):
        await life.sign_off("acme", "2", record.text_sha256, signature("bo", now, of_key[1]))
    await life.sign_off("acme", "2", record.text_sha256, signature("bo", now, of_key[2]))


async def test_a_signature_is_for_the_text_that_was_read(store, life, now):
    record = await proposed(life, now)
    with pytest.raises(StaleWrite, match="read it again"):
        await life.sign_off("acme", "2", text_digest("two and a half"), signature("bo", now))
    async with store.transaction() as tx:  # somebody with access to the database
        await tx.execute(sa.text("UPDATE policies SET text = 'all is free' WHERE version = '2'"))
    for digest in (record.text_sha256, text_digest("all is free")):
        with pytest.raises(StaleWrite):
            await life.sign_off("acme", "2", digest, signature("bo", now))


async def test_what_was_signed_and_is_changed_in_the_database_is_found_out(store, life, now):
    record = await proposed(life, now)
    await life.sign_off("acme", "2", record.text_sha256, signature("bo", now))
    assert await store.trail.changed_policies("acme") == ()
    forged = (
        ("UPDATE policies SET text = 'all is free', text_sha256 = 'x' WHERE version = '2'", [("2", False)]),
        ("UPDATE policies SET text = 'two' WHERE version = '2'", []),
        ("UPDATE policies SET effective_at = effective_at + interval '1 day' WHERE version = '1'", [("1", False)]),
        ("UPDATE policies SET effective_at = effective_at - interval '1 day' WHERE version = '1'", []),
        ("UPDATE policies SET version = '3' WHERE version = '1'", [("3", True)]),
    )
    for statement, found in forged:
        async with store.transaction() as tx:
            await tx.execute(sa.text(statement))
        changed = await store.trail.changed_policies("acme")
        assert [(one.version, one.untold) for one in changed] == found, statement


async def test_no_time_lies_in_the_past(life, now):
    with pytest.raises(InvalidRequest, match="past"):
        await proposed(life, now, wanted_at=now - timedelta(seconds=1))
    record = await proposed(life, now, wanted_at=now + timedelta(hours=1))
    with pytest.raises(Conflict, match="later time"):
        await life.sign_off("acme", record.version, record.text_sha256, signature("bo", now + timedelta(hours=1)))


async def test_of_two_proposals_signed_at_once_one_stands(store, life, now):
    first, second = await asyncio.gather(proposed(life, now, "two"), proposed(life, now, "three", by="cy"))
    assert {first.version, second.version} == {"2", "3"}
    outcomes = await asyncio.gather(
        *(life.sign_off("acme", each.version, each.text_sha256, signature("bo", now)) for each in (first, second)),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["PolicyRecord", "StaleWrite"]
    [stands] = [each for each in outcomes if not isinstance(each, StaleWrite)]
    assert (await store.policy_at("acme", now + LEAD)).version == stands.version


async def test_what_is_scheduled_can_be_withdrawn_and_what_is_in_force_cannot(store, life, now):
    start = now + timedelta(hours=1)
    record = await proposed(life, now, wanted_at=start)
    await life.sign_off("acme", "2", record.text_sha256, signature("bo", now))
    with pytest.raises(Conflict, match="taken back"):
        await life.end("acme", "2", PolicyStep.WITHDRAWN, "late", signature("ana", start - LEAD / 2))
    ended = await life.end("acme", "2", PolicyStep.WITHDRAWN, "wrong fee", signature("ana", now))
    assert (ended.step, ended.ended_why) == (PolicyStep.WITHDRAWN, "wrong fee")
    assert (await store.policy_at("acme", start)).text == "one"
    with pytest.raises(Conflict, match="only one that is proposed"):
        await life.sign_off("acme", "2", record.text_sha256, signature("bo", now))
    with pytest.raises(Conflict, match="taken back"):
        await life.end("acme", "1", PolicyStep.WITHDRAWN, "", signature("ana", now))
    async with store.reading() as connection:
        trail = {each.action: each.reason for each in await audit.entries(connection, "acme", "policy:2")}
    assert (trail["policy.drafted"], trail["policy.withdrawn"]) == ("why", "wrong fee")


async def test_a_rejected_proposal_stays_and_is_never_signed(life, now):
    record = await proposed(life, now)
    await life.end("acme", "2", PolicyStep.REJECTED, "too generous", signature("bo", now))
    with pytest.raises(Conflict):
        await life.sign_off("acme", "2", record.text_sha256, signature("bo", now))


async def test_going_back_is_a_version_of_its_own_and_the_text_in_force_is_nothing_to_sign(store, life, now):
    with pytest.raises(Conflict, match="very text"):
        await proposed(life, now, "one")
    two = await proposed(life, now)
    await life.sign_off("acme", "2", two.text_sha256, signature("bo", now))
    later = now + LEAD
    back = await proposed(life, later, "one")
    await life.sign_off("acme", "3", back.text_sha256, signature("bo", later))
    assert (await store.policy_at("acme", later + LEAD)).version == "3"


async def test_no_platform_meets_anothers_versions(life, now):
    await proposed(life, now)
    assert await life.listed("other") == ()
    with pytest.raises(NotFound):
        await life.one("other", "2")
    with pytest.raises(NotFound):
        await life.draft("other", "two", "d2", "", None, signature("ana", now))


async def test_every_step_leaves_who_and_what_in_the_audit_record(store, life, now):
    record = await proposed(life, now)
    await life.sign_off("acme", "2", record.text_sha256, signature("bo", now))
    async with store.reading() as connection:
        rows = await connection.execute(
            sa.text("SELECT action, actor_name FROM audit WHERE subject = 'policy:2' ORDER BY id")
        )
        assert [tuple(row) for row in rows] == [
            ("policy.drafted", "cli:ana"), ("policy.proposed", "cli:ana"), ("policy.signed_off", "cli:bo"),
        ]  # fmt: skip


async def test_of_many_who_sign_at_once_one_does(store, life, now):
    record = await proposed(life, now)
    signers = (life.sign_off("acme", "2", record.text_sha256, signature(f"signer-{n}", now)) for n in range(8))
    outcomes = await asyncio.gather(*signers, return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == [*["Conflict"] * 7, "PolicyRecord"]
    [entries] = [each for each in outcomes if not isinstance(each, Conflict)]
    assert (await life.one("acme", "2")).signed.person == entries.signed.person


async def test_what_people_are_told_is_in_force_is_what_decides(store, life, now):
    """The states listed and the version that decisions are made under never disagree, whenever one looks."""
    chance, at, texts, past = random.Random(7), now, 0, {}
    for _ in range(25):
        at += timedelta(minutes=chance.choice([1, 20, 90]))
        records = await life.listed("acme")
        known = chance.choice(records)
        step = chance.choice(["propose", "propose", "sign", "sign", "withdraw", "reject"])
        with contextlib.suppress(Conflict, InvalidRequest):
            if step == "propose":
                texts += 1
                wanted = chance.choice([None, at + timedelta(minutes=chance.choice([30, 120]))])
                await proposed(life, at, f"text {texts}", wanted)
            elif step == "sign":
                await life.sign_off("acme", records[-1].version, records[-1].text_sha256, signature("bo", at))
            else:
                ended = PolicyStep.WITHDRAWN if step == "withdraw" else PolicyStep.REJECTED
                await life.end("acme", known.version, ended, "why", signature("cy", at))
        records = await life.listed("acme")
        for moment in (at, at + timedelta(minutes=45), at + timedelta(hours=5)):
            states = {each.version: state_of(each, records, moment) for each in records}
            ruling = [version for version, state in states.items() if state is PolicyState.IN_FORCE]
            assert ruling == [(await store.policy_at("acme", moment)).version]
        past[at] = await store.policy_at("acme", at)
    # Nothing done later changes what was in force before.
    assert past == {moment: await store.policy_at("acme", moment) for moment in past}
    assert len({each.version for each in past.values()}) > 2
    steps = {each.step for each in records}
    assert {PolicyStep.SIGNED_OFF, PolicyStep.WITHDRAWN, PolicyStep.REJECTED} <= steps
    assert sum(each.step is PolicyStep.SIGNED_OFF for each in records) > 2
