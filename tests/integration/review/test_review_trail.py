"""The audit trail under somebody who writes to the database directly: everything covered is found, and where."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.domain import trail as chain
from service.domain.actors import Actor, ActorKind
from service.domain.clock import FixedClock
from service.domain.errors import NotFound
from service.review.trail import PlatformTrail, Trail, TrailReport
from service.review.trail_verification import FindingKind
from service.store import ChainCutShort, CheckpointFiles, CheckpointKey, CheckpointRule, PolicyVersion, Store
from service.store.audit import add_entry, case_subject, entries

LIN = Actor(ActorKind.PERSON, "cli:lin")
SECRET = b"a secret of this deployment"
Tamper = Callable[..., None]


def new_trail(store: Store, folder: Path, clock: FixedClock, secret: bytes = SECRET, entries: int = 10) -> Trail:
    rule = CheckpointRule(entries=entries, within=timedelta(minutes=5))
    return Trail(store, CheckpointKey(secret), CheckpointFiles(str(folder)), clock, rule, timedelta(seconds=60))


@pytest.fixture
def clock(now) -> FixedClock:
    return FixedClock(now)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "outside"


@pytest.fixture
async def trail(store: Store, folder: Path, clock: FixedClock) -> Trail:
    """Twenty-three entries (one of them the platform's own), a checkpoint outside at 21, two entries behind it."""
    made = new_trail(store, folder, clock)
    await write(store, clock, 20)
    assert await made.tend() == 21
    await write(store, clock, 2, start=20)
    assert await made.tend() == 2
    assert (await verified(made)).covered_to == 21
    return made


async def write(store: Store, clock: FixedClock, count: int, *, start: int = 0, platform: str = "acme") -> None:
    for number in range(start, start + count):
        async with store.transaction() as tx:
            await add_entry(
                tx, platform, LIN, "case.approve", case_subject(number), clock.now(), {"number": number},
                reason=f"the log says so ({number})",
                before={"state": "in_review"}, after={"state": "approved", "minor": 3000 + number},
            )  # fmt: skip


@pytest.fixture
def tamper(database_url: str) -> Tamper:
    """SQL as the owner of the database, with the guard taken away for the moment."""

    def run(*statements: str, guarded: bool = False) -> None:
        with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
            if not guarded:
                connection.execute("ALTER TABLE audit DISABLE TRIGGER ALL")
            for statement in statements:
                connection.execute(statement)
            if not guarded:
                connection.execute("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_guard")
                connection.execute("ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_guard_all")

    return run


async def verified(trail: Trail, **options: Any) -> PlatformTrail:
    report = await trail.verify("acme", **options)
    [one] = report.platforms
    return one


def kinds(found: PlatformTrail | TrailReport) -> list[tuple[str, int | None, int | None]]:
    return [(each.kind.value, each.first, each.last) for each in found.findings]


async def test_untouched_it_verifies_and_says_what_is_not_covered(trail):
    report = await trail.verify()
    assert report.sound
    [one] = report.platforms
    assert (one.entries, one.covered_to, one.uncovered, one.unchained) == (23, 21, 2, 0)
    assert report.outside is not None


async def test_a_policy_is_the_one_that_was_signed(store, trail, tamper, now):
    policy = PolicyVersion(
        platform_id="acme", version="7", effective_at=now, text="half is free", digest="d", actor=LIN, recorded_at=now
    )
    await store.add_policy(policy)
    await trail.tend()
    assert (await trail.verify()).sound
    tamper("UPDATE policies SET text = 'all is free'")
    [finding] = (await verified(trail)).findings
    assert (finding.kind.value, finding.subject) == ("policy_changed", "policy:7")
    assert finding.first is not None


async def test_the_database_refuses_what_the_service_never_does(trail, tamper):
    statements = ("UPDATE audit SET reason = 'x'", "DELETE FROM audit", "TRUNCATE audit")
    for replica, statement in itertools.product(("", "SET session_replication_role = replica"), statements):
        with pytest.raises(psycopg.errors.RestrictViolation, match="never changed or deleted"):
            tamper(*filter(None, [replica, statement]), guarded=True)
    assert (await trail.verify()).sound


EDITS = [
    ("actor_name = 'cli:wang'", ["who"]),
    ("action = 'case.reject'", ["what"]),
    ("at = at + interval '1 microsecond'", ["when"]),
    ("reason = NULL", ["why"]),
    ('before = \'{"state": "appealed"}\'', ["before"]),
    ("after = jsonb_set(after, '{minor}', '9')", ["after"]),
    ("details_sha256 = repeat('0', 64)", ["details"]),
    ("subject = 'case:x', reason = 'y'", ["what", "why"]),
    ("entry_sha256 = sha256('x')", []),
    ("previous_sha256 = sha256('x')", []),
    ("field_checks = sha256('x')", []),
]


async def test_an_edited_entry_is_named_with_what_was_edited(trail, tamper):
    tamper("CREATE TABLE kept AS SELECT * FROM audit WHERE position = 9")
    columns = "actor_name, action, at, reason, before, after, details_sha256, subject, entry_sha256, previous_sha256"
    for change, fields in EDITS:
        tamper(f"UPDATE audit SET {change} WHERE position = 9")
        [finding] = (await verified(trail)).findings
        assert (finding.kind, finding.first, finding.last) == (FindingKind.EDITED, 9, 9), change
        assert [each.value for each in finding.fields] == fields
        assert finding.entry_id is not None
        assert finding.subject is not None
        back = f"({columns}, field_checks) = (SELECT {columns}, field_checks FROM kept)"
        tamper(f"UPDATE audit SET {back} WHERE position = 9")
    assert (await trail.verify()).sound


async def test_an_entry_hashed_anew_no_longer_carries_the_next(trail, tamper, store):
    await rewrite(store, tamper, first=9, last=9)
    assert kinds(await verified(trail)) == [("relinked", 10, 10)]


async def test_a_chain_rewritten_to_its_end_is_told_by_the_checkpoint_outside(trail, tamper, store):
    await rewrite(store, tamper, first=9, last=23)
    assert kinds(await verified(trail)) == [("rewritten", 1, 21)]


async def test_rewriting_the_databases_checkpoint_as_well_does_not_help(trail, tamper, store):
    await rewrite(store, tamper, first=9, last=23)
    tamper("DELETE FROM audit_checkpoints")
    assert kinds(await verified(trail)) == [("checkpoint_removed", 21, 21), ("rewritten", 1, 21)]
    tamper(
        "INSERT INTO audit_checkpoints SELECT platform_id, position, entry_sha256, at, 'me', 'x'::bytea, at"
        " FROM audit WHERE position = 21"
    )
    assert kinds(await verified(trail)) == [("checkpoint_unknown_key", 21, 21), ("rewritten", 1, 21)]


async def test_with_the_signing_key_the_copy_outside_still_tells(trail, tamper, store, clock, tmp_path, folder):
    kept = (folder / "acme.ndjson").read_bytes()
    await rewrite(store, tamper, first=9, last=23)
    tamper("DELETE FROM audit_checkpoints")
    again = new_trail(store, folder, clock)
    (folder / "acme.ndjson").unlink()
    await again.tend()
    assert (await again.verify()).sound, "whoever has key, database and folder can forge all three"
    auditor = tmp_path / "auditor.ndjson"
    auditor.write_bytes(kept)
    assert ("rewritten", 1, 21) in kinds(await verified(again, outside=str(auditor)))


async def test_deleted_entries_are_counted_where_they_stood(trail, tamper):
    tamper("DELETE FROM audit WHERE position IN (1, 9) OR position BETWEEN 12 AND 15")
    assert kinds(await verified(trail)) == [("missing", 1, 1), ("missing", 9, 9), ("missing", 12, 15)]


async def test_an_entry_sent_back_to_be_chained_again_is_missed(trail, tamper):
    tamper("UPDATE audit SET position = NULL, previous_sha256 = NULL, entry_sha256 = NULL WHERE position = 9")
    assert await trail.tend() == 1
    assert kinds(await verified(trail)) == [("missing", 9, 9)]


async def test_swapped_entries_are_told_from_edited_ones(trail, tamper):
    swapped = "actor_kind, actor_name, action, subject, at, details_sha256, reason, before, after"
    tamper(
        "CREATE TEMP TABLE two AS SELECT * FROM audit WHERE position IN (9, 12)",
        f"UPDATE audit SET ({swapped}) = (SELECT {swapped} FROM two WHERE two.position = 21 - audit.position)"
        " WHERE position IN (9, 12)",
    )
    found = kinds(await verified(trail))
    assert found[:2] == [("edited", 9, 9), ("edited", 12, 12)]
    assert sorted(found[2:]) == [("moved", 9, 12), ("moved", 12, 9)]


async def test_swapped_positions_are_found(trail, tamper):
    tamper(
        "UPDATE audit SET position = 1000 WHERE position = 9",
        "UPDATE audit SET position = 9 WHERE position = 12",
        "UPDATE audit SET position = 12 WHERE position = 1000",
    )
    found = await verified(trail)
    assert {(each.kind.value, each.first) for each in found.findings} >= {("edited", 9), ("edited", 12)}
    assert all(each.fields == ("place",) for each in found.findings if each.kind is FindingKind.EDITED)


async def test_inserted_entries_are_found(trail, tamper):
    columns = (
        "platform_id, actor_kind, actor_name, action, subject, at, details_sha256,"
        " position, previous_sha256, entry_sha256, field_checks"
    )
    tamper(
        "DROP INDEX audit_position_idx",
        f"INSERT INTO audit ({columns}) SELECT {columns} FROM audit WHERE position = 9",
    )
    assert kinds(await verified(trail)) == [("inserted", 9, 9)]
    tamper("UPDATE audit SET position = position + 1 WHERE position >= 9 AND id <> (SELECT max(id) FROM audit)")
    assert kinds(await verified(trail))[0][:2] == ("edited", 9)


async def test_what_is_cut_off_is_found_up_to_the_checkpoint_and_no_further(trail, tamper):
    tamper("DELETE FROM audit WHERE position > 21")
    found = await verified(trail)
    assert found.findings_in_all == 0
    assert (found.covered_to, found.uncovered) == (21, 0)
    tamper("DELETE FROM audit WHERE position > 18")
    assert kinds(await verified(trail)) == [("cut_off", 19, 21)]
    tamper("DELETE FROM audit", "DELETE FROM audit_checkpoints", "DELETE FROM platforms")
    assert kinds(await verified(trail)) == [("checkpoint_removed", 21, 21), ("cut_off", 1, 21)]


async def test_a_worker_does_not_build_on_a_chain_that_was_cut(trail, tamper, store, clock):
    tamper("DELETE FROM audit WHERE position > 20")
    await write(store, clock, 1, start=30)
    with pytest.raises(ChainCutShort, match="acme"):
        await store.trail.extend("acme")
    assert await trail.tend() == 0
    assert (await trail.standing()).problem is not None


async def test_checkpoints_of_others_prove_nothing(trail, folder, store, clock, tmp_path):
    line = json.loads((folder / "acme.ndjson").read_bytes())
    for change, kind in (
        ({"position": 20}, "checkpoint_forged"),
        ({"at": "2026-03-01T00:00:00.000000+00:00"}, "checkpoint_forged"),
        ({"signature": "00"}, "checkpoint_forged"),
        ({"key": "0123456789abcdef"}, "checkpoint_unknown_key"),
    ):
        forged = tmp_path / "forged.ndjson"
        forged.write_text(json.dumps(line | change))
        report = await trail.verify(outside=str(forged))
        assert not report.sound
        assert kind in [each.kind.value for each in report.findings]
        assert report.platforms[0].covered_to == 0
    stranger = new_trail(store, folder, clock, secret=b"another key was put in place")
    report = await stranger.verify()
    assert {each.kind.value for each in report.findings} == {"checkpoint_unknown_key"}
    key = trail.public_key().encode()
    assert (await stranger.verify(keys=[key])).sound


async def test_damaged_lines_outside_are_passed_over_and_said(trail, folder, store, clock):
    with (folder / "acme.ndjson").open("ab") as file:
        file.write(b'{"v": 1, "platf')
    clock.at += timedelta(minutes=6)
    await trail.tend()
    report = await trail.verify()
    assert report.sound
    assert report.platforms[0].uncovered == 0
    assert report.notes[0] == "acme.ndjson:2 is no checkpoint and was passed over"
    (folder / "acme.ndjson").write_bytes(b"\xff\x00 no JSON\n[1]\n{}\n")
    assert ("checkpoint_removed", 21, 23) in kinds(await verified(trail))


async def test_without_anything_outside_it_says_so(trail, folder, tmp_path):
    (folder / "acme.ndjson").unlink()
    folder.rmdir()
    report = await trail.verify()
    assert report.sound
    assert report.outside is None
    assert "only the database's own" in report.notes[0]
    with pytest.raises(NotFound):
        await trail.verify(outside=str(tmp_path / "nowhere"))
    with pytest.raises(NotFound):
        await trail.verify("nobody")


async def test_a_guard_taken_away_is_reported(trail, database_url):
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("ALTER TABLE audit DISABLE TRIGGER audit_guard")
    report = await trail.verify()
    assert [each.kind for each in report.findings] == [FindingKind.GUARD_OFF]
    assert not report.sound


async def test_late_commits_get_later_places_and_nobody_waits(store, folder, clock):
    """An entry with a lower id that commits after others were chained; and two workers at once."""
    first, second = new_trail(store, folder, clock), new_trail(store, folder, clock)
    async with store.transaction() as slow:
        await add_entry(slow, "acme", LIN, "slow", "case:slow", clock.now(), {})
        await write(store, clock, 50)
        await asyncio.gather(first.tend(), second.tend())
        assert (await first.standing()).unchained == 0
    assert await first.tend() + await second.tend() == 1
    report = await first.verify()
    assert report.sound
    async with store.reading() as connection:
        [late] = await entries(connection, "acme", "case:slow")
    assert late.position == 52


async def test_many_writers_and_two_workers_make_one_chain(store, folder, clock):
    workers = [new_trail(store, folder, clock), new_trail(store, folder, clock)]
    done = asyncio.Event()

    async def work(one: Trail) -> None:
        while not done.is_set():
            await one.tend()

    tasks = [asyncio.create_task(work(each)) for each in workers]
    await asyncio.gather(*(write(store, clock, 20, start=100 * number) for number in range(4)))
    done.set()
    await asyncio.gather(*tasks)
    await workers[0].tend()
    report = await workers[0].verify()
    assert report.sound
    assert report.platforms[0].entries == 81


async def test_how_long_an_entry_stays_unchained_is_shown(store, folder, clock):
    late = new_trail(store, folder, clock)
    await write(store, clock, 3)
    clock.at += timedelta(seconds=50)
    standing = await late.standing()
    assert (standing.unchained, standing.oldest_unchained_seconds, standing.overdue) == (4, 50.0, False)
    clock.at += timedelta(seconds=20)
    assert (await late.standing()).overdue
    await late.tend()
    assert not (await late.standing()).overdue


async def test_a_checkpoint_that_cannot_be_kept_outside_waits_and_shows(store, tmp_path, clock):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    late = new_trail(store, blocked / "in", clock)
    await write(store, clock, 3)
    await late.tend()
    assert "checkpoints cannot be written" in ((await late.standing()).problem or "")
    clock.at += timedelta(seconds=61)
    assert (await late.standing()).overdue
    blocked.unlink()
    await write(store, clock, 1, start=5)
    await late.tend()
    standing = await late.standing()
    assert (standing.overdue, standing.problem) == (False, None)
    assert (await late.verify()).sound


async def rewrite(store: Store, tamper: Tamper, *, first: int, last: int) -> None:
    """Change one entry and hash it and all up to ``last`` anew, as the service would."""
    tamper(f"UPDATE audit SET reason = 'another' WHERE position = {first}")
    previous = b""
    async for batch in store.trail.stored("acme"):
        for one in batch:
            if one.position < first:
                previous = one.hash
            elif one.position <= last:
                link = chain.link("acme", one.entry, one.position, previous)
                previous = link.hash
                tamper(
                    f"UPDATE audit SET previous_sha256 = '\\x{link.previous.hex()}',"
                    f" entry_sha256 = '\\x{link.hash.hex()}', field_checks = '\\x{link.checks.hex()}'"
                    f" WHERE position = {one.position}"
                )
