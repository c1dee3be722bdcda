"""Platforms, policies, keys, readings and labels."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.evidence import Box, Empty, Failed, FailedReason, Identity, ImageFacts, Line, Read
from service.domain.identifiers import new_id
from service.domain.labels import Label, LabelSource
from service.store import KeptReading, KeyTerms, PolicyVersion
from service.store.learning_tables import labels
from service.store.tables import actors, api_keys, audit

FOUNDER = Actor(ActorKind.PERSON, "founder")
A, B, C = "a" * 64, "b" * 64, "c" * 64


async def test_a_key_opens_its_platform_until_it_is_revoked(store, now):
    record, token = await store.create_key("acme", "shop backend", ["claims", "internal"], FOUNDER, now)
    assert await store.authenticate(token) == record
    assert record.scopes == {"claims", "internal"}
    assert len(token) == 4 + 43  # 256 bits in base64url

    await store.revoke_key("acme", record.id, FOUNDER, now + timedelta(days=1))
    assert await store.authenticate(token) is None
    await store.revoke_key("acme", record.id, FOUNDER, now + timedelta(days=2))
    [listed] = await store.list_keys("acme")
    assert listed == replace(record, revoked_at=now + timedelta(days=1))
    async with store.reading() as connection:
        actions = (await connection.execute(sa.select(audit.c.action).order_by(audit.c.id))).scalars().all()
    assert actions == ["platform.added", "key.created", "key.revoked"]


@pytest.mark.parametrize("token", ["", "prk_", "prk_" + "A" * 43, "\x00", "\ud800", "x" * 100_000])
async def test_what_is_no_key_opens_nothing(store, now, token):
    await store.create_key("acme", "a", [], FOUNDER, now)
    assert await store.authenticate(token) is None


async def test_the_token_itself_is_nowhere(store, now):
    _, token = await store.create_key("acme", "a", [], FOUNDER, now)
    async with store.reading() as connection:
        for table in (api_keys, audit):
            rows = await connection.execute(
                sa.select(sa.cast(sa.func.row_to_json(sa.text(table.name)), sa.Text)).select_from(table)
            )
            assert all(token[4:] not in row for row in rows.scalars())


async def test_use_of_a_key_is_noted_once_a_minute(store, now):
    _, token = await store.create_key("acme", "a", [], FOUNDER, now)
    for seconds, noted in ((0, 0), (59, 0), (60, 60), (61, 60)):
        await store.authenticate(token, now + timedelta(seconds=seconds))
        [key] = await store.list_keys("acme")
        assert key.last_used_at == now + timedelta(seconds=noted)


async def test_a_key_ends_when_its_time_is_over(store, now):
    terms = KeyTerms(expires_at=now + timedelta(days=90), rate_class="large", networks=("203.0.113.7/24",))
    record, token = await store.create_key("acme", "a", [], FOUNDER, now, terms)
    assert record.terms.networks == ("203.0.113.0/24",)
    assert await store.authenticate(token, now + timedelta(days=89)) is not None
    assert await store.authenticate(token, now + timedelta(days=90)) is None
    with pytest.raises(InvalidRequest):
        await store.create_key("acme", "a", [], FOUNDER, now, KeyTerms(networks=("the office",)))


async def test_a_successor_works_beside_the_old_key_for_the_overlap(store, now):
    terms = KeyTerms(rate_class="large", networks=("2001:db8::/32",))
    old, old_token = await store.create_key("acme", "shop", ["claims", "cases"], FOUNDER, now, terms)
    new, token = await store.rotate_key("acme", old.id, timedelta(hours=24), FOUNDER, now)
    assert (new.name, new.scopes, new.terms, new.rotated_from) == (old.name, old.scopes, terms, old.id)
    just_before, then = now + timedelta(hours=24, seconds=-1), now + timedelta(hours=24)
    assert (await store.authenticate(old_token, just_before)).id == old.id
    assert await store.authenticate(old_token, then) is None
    assert (await store.authenticate(token, then)).id == new.id
    with pytest.raises(Conflict, match="successor"):
        await store.rotate_key("acme", old.id, timedelta(0), FOUNDER, now)
    with pytest.raises(Conflict, match="ended"):
        await store.rotate_key("acme", old.id, timedelta(0), FOUNDER, then)
    with pytest.raises(NotFound):
        await store.rotate_key("north", new.id, timedelta(0), FOUNDER, now)
    async with store.reading() as connection:
        rows = await connection.execute(sa.select(audit.c.action).where(audit.c.subject == f"key:{old.id}"))
    assert set(rows.scalars()) == {"key.created", "key.rotated"}


async def test_rotating_never_makes_an_old_key_live_longer(store, now):
    terms = KeyTerms(expires_at=now + timedelta(hours=1))
    old, token = await store.create_key("acme", "a", [], FOUNDER, now, terms)
    new, _ = await store.rotate_key("acme", old.id, timedelta(hours=24), FOUNDER, now)
    assert new.terms.expires_at is None
    assert await store.authenticate(token, now + timedelta(hours=1)) is None


async def test_keys_of_other_platforms_are_out_of_reach(store, now):
    record, _ = await store.create_key("acme", "a", [], FOUNDER, now)
    with pytest.raises(NotFound):
        await store.revoke_key("other", record.id, FOUNDER, now)
    with pytest.raises(NotFound):
        await store.create_key("other", "a", [], FOUNDER, now)
    assert await store.list_keys("other") == ()


async def test_platforms_are_added_once(store, now):
    acme = await store.platform("acme")
    assert (acme.zone, acme.currency, acme.mode, acme.created_at) == ("Asia/Shanghai", "CNY", PlatformMode.DEMO, now)
    assert not await store.add_platform(replace(acme, mode=PlatformMode.LIVE), FOUNDER)
    assert await store.platforms() == (acme,)
    assert await store.platform("nobody") is None


async def test_the_policy_in_force_is_the_latest_effective(store, now):
    def version(name, days, **changes):
        policy = PolicyVersion(
            platform_id="acme", version=name, effective_at=now + timedelta(days=days), text=f"text: {name}\n",
            digest=name * 3, actor=FOUNDER, recorded_at=now,
        )  # fmt: skip
        return replace(policy, **changes)

    first, second = version("1", 0), version("2", 10)
    assert await store.add_policy(second)
    assert await store.add_policy(first)
    assert not await store.add_policy(first)
    with pytest.raises(Conflict, match="another text"):
        await store.add_policy(replace(first, text="other"))
    with pytest.raises(NotFound):
        await store.add_policy(replace(first, platform_id="nobody"))
    assert await store.policy_at("acme", now - timedelta(seconds=1)) is None
    assert await store.policy_at("acme", now) == first
    assert await store.policy_at("acme", now + timedelta(days=10)) == second
    corrected = version("3", 10, recorded_at=now + timedelta(hours=1))
    await store.add_policy(corrected)
    assert await store.policy_at("acme", now + timedelta(days=11)) == corrected
    assert await store.policy_version("acme", "2") == second
    assert await store.policy_version("other", "2") is None


async def test_what_was_read_is_not_read_again_by_the_same_reader(store, now):
    image = ImageFacts(media_type="image/png", width=3, height=4, signals={"sharpness": 1.5})
    read = Read(lines=(Line("订单号", 0.98, Box(1, 2, 3, 4)),), image=image)
    card = Identity(side="front", number_masked="3****************4", number_digest="ab", number_valid=True)
    kept = {
        A: KeptReading(outcome=read, identity=card),
        B: KeptReading(outcome=Empty(image=image)),
        C: KeptReading(outcome=Failed(reason=FailedReason.TRUNCATED, detail="cut off")),
    }
    for sha256, reading in kept.items():
        await store.save_reading("acme", sha256, "reader-1", reading, now)
    await store.save_reading("acme", A, "reader-1", kept[B], now)  # the first stands
    assert await store.find_readings("acme", [A, B, C, "d" * 64], "reader-1") == kept
    assert await store.find_readings("acme", [A], "reader-2") == {}
    assert await store.find_readings("other", [A], "reader-1") == {}
    assert await store.find_readings("acme", [], "reader-1") == {}


@pytest.mark.parametrize(
    "reason", ["timeout", "reader_crashed", "reader_unavailable", "missing_file", "internal_error"]
)
async def test_what_failed_for_a_passing_reason_is_read_again(store, now, reason):
    failed = KeptReading(outcome=Failed(reason=FailedReason(reason)))
    await store.save_reading("acme", A, "reader-1", failed, now)
    assert await store.find_readings("acme", [A], "reader-1") == {}


async def test_a_label_says_how_it_came_about(store, accept_request, now):
    request = accept_request()
    await store.accept(request)
    reviewer = Actor(ActorKind.PERSON, "lin")
    label = Label(
        platform_id="acme", case_id=request.case_id, source=LabelSource.AUDIT, reviewer=reviewer, loss_share=0.5,
        recorded_at=now, score_seen=False, draw_probability=0.02,
    )  # fmt: skip
    label_id = await store.learning.add_label(label)
    async with store.reading() as connection:
        row = (await connection.execute(sa.select(labels))).one()
    assert (row.id, row.loss_share, row.reviewer_name, row.score_seen, row.draw_probability) == (
        label_id, 0.5, "lin", False, 0.02,
    )  # fmt: skip
    assert [entry.action for entry in await store.audit_entries("acme", request.case_id)] == [
        "case.accepted",
        "case.labelled",
    ]
    with pytest.raises(NotFound):
        await store.learning.add_label(replace(label, case_id=new_id()))


async def test_actors_are_noted_when_first_seen(store, accept_request, make_claim, now):
    for n in range(2):
        await store.accept(accept_request(make_claim(f"A{n}"), f"key-{n}", now=now + timedelta(hours=n)))
    with pytest.raises(NotFound):
        await store.accept(accept_request(make_claim(platform_id="nowhere")))
    async with store.reading() as connection:
        rows = (await connection.execute(sa.select(actors))).all()
    assert [tuple(row) for row in rows] == [("acme", "key", "key-1", now)]


async def test_audit_entries_hold_no_personal_data(store, accept_request, make_claim):
    request = accept_request(make_claim(statement="my number is 13800138000"))
    await store.accept(request)
    async with store.reading() as connection:
        rows = await connection.execute(sa.text("SELECT row_to_json(audit)::text FROM audit"))
        assert all("13800138000" not in row and "buyer-1" not in row for row in rows.scalars())
