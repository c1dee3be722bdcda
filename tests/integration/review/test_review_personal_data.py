"""Personal data at rest, past their days, on request and in the clear: against a real database and real files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from service.domain.actors import Actor, ActorKind
from service.domain.answers import KeptAnswer, Write
from service.domain.cases import CaseState
from service.domain.claims import Claim, Consent
from service.domain.clock import FixedClock
from service.domain.errors import BadRequest, ConfigurationError, Conflict, IdempotencyKeyReused, NotFound
from service.domain.evidence import Box, Evidence, FieldName, ImageFacts, Line, Page, PageKind, Read
from service.domain.history import EventKind, HistoryEvent
from service.domain.identifiers import new_id
from service.domain.labels import LabelSource
from service.domain.marks import ReadingLabel, RiskMark
from service.domain.quality import GoldenCase, Verdict
from service.review.personal_data import PersonalDataDesk, Revealable
from service.review.trail import Trail
from service.store import (
    Accepted,
    CheckpointFiles,
    CheckpointKey,
    CheckpointRule,
    KeptAnswers,
    KeptReading,
    KeyFile,
    NewEvidence,
    RetentionRule,
    Sealing,
    Store,
    audit,
    golden,
    marking,
    outgoing,
    pseudonyms,
)
from service.store.evidence_files import EvidenceDamaged
from service.store.outgoing import OutgoingEvent

LIN, WANG = (Actor(ActorKind.PERSON, f"cli:{name}") for name in ("lin", "wang"))
CARD, CHAT = b"a picture of an identity card", b"a picture of a chat"
PHONE = "13800138000"
WORDS = "我的手机号是 13800138000"


def answers_of(store: Store) -> KeptAnswers:
    return KeptAnswers(store.database, b"what answers are sealed with in these tests")


class House:
    """A store that encrypts, its desk, and cases in it."""

    def __init__(self, store: Store, desk: PersonalDataDesk, keys: KeyFile, clock: FixedClock, folder: Path) -> None:
        self.store, self.desk, self.keys, self.clock, self.folder = store, desk, keys, clock, folder
        self.answers = answers_of(store)

    def dump(self, url: str, *only: str) -> str:
        """Everything in the database (or in some of its tables), as one text."""
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename !~ '^procrastinate'"
            ).fetchall()
            rows = [
                row
                for (name,) in tables
                if not only or name in only
                for row in connection.execute(f'SELECT t::text FROM "{name}" t')
            ]
        return "\n".join(row[0] for row in rows)

    def bytes_at_rest(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
async def house(database_url: str, store: Store, tmp_path: Path, now) -> AsyncIterator[House]:
    clock, keys, folder = FixedClock(now), KeyFile(tmp_path / "home" / "personal-data.secret"), tmp_path / "sealed"
    opened = Store(database_url, str(folder), clock=clock, sealing=Sealing(keys.read))
    rule = RetentionRule({"identity": 30, "chat": 180, "default": 365, "acme:prompt": 0})
    answers, pseudonym = answers_of(opened), lambda platform: pseudonyms(platform.encode())
    desk = PersonalDataDesk(opened, clock, rule, pseudonym, answers, keys)
    yield House(opened, desk, keys, clock, folder)
    await opened.close()


@pytest.fixture
def decided(house, make_claim, accept_request, make_assessment, decide_request) -> Callable[..., Any]:
    """A decided case with an identity card and a chat; returns its record."""

    async def decide(order: str = "A1001", *, account: str = "buyer-1", card: bytes = CARD, **changes: Any) -> Any:
        store = house.store
        claim: Claim = make_claim(order, id=account, statement=WORDS, **changes)
        claim = replace(claim, order=replace(claim.order, recharged_account=PHONE))
        hashes = [await store.write_evidence("acme", data) for data in (card, CHAT + order.encode())]
        files = tuple(NewEvidence(sha256=sha256, size=9, name="张三.jpg") for sha256 in hashes)
        accepted = await store.accept(
            accept_request(claim, key=order, files=files, now=house.clock.now(), claim_data={"statement": WORDS})
        )
        assert isinstance(accepted, Accepted)
        read = Read(
            lines=(Line(PHONE, 0.9, Box(0, 0, 9, 9)),), image=ImageFacts(media_type="image/png", width=9, height=9)
        )
        for sha256 in hashes:
            await store.save_reading("acme", sha256, "reader-1", KeptReading(outcome=read), house.clock.now())
        pages = zip(hashes, (PageKind.IDENTITY, PageKind.CHAT), strict=True)
        seen = tuple(
            Evidence(sha256=sha, outcome=read, page=Page(kind=kind, fields={}), name="张三.jpg") for sha, kind in pages
        )
        assessment = replace(make_assessment(accepted.case_id), evidence=seen, as_of=house.clock.now())
        request = decide_request(accepted.case_id, assessment=assessment, now=house.clock.now() + timedelta(seconds=1))
        await store.decide(request)
        return await store.load_case("acme", accepted.case_id)

    return decide


async def test_files_are_encrypted_and_bound_to_their_place(house):
    sha256 = await house.store.write_evidence("acme", CARD)
    other = await house.store.write_evidence("acme", CHAT)
    assert CARD not in house.bytes_at_rest()
    assert await house.store.read_evidence("acme", sha256) == CARD
    one, two = (house.folder / "acme" / name for name in (sha256, other))
    kept = one.read_bytes()
    for spoiled in (two.read_bytes(), kept[:-1] + bytes([kept[-1] ^ 1]), kept[:40], b"PRE\x01", b""):
        one.write_bytes(spoiled)
        with pytest.raises(EvidenceDamaged):
            await house.store.read_evidence("acme", sha256)
    one.write_bytes(CARD)  # as it was stored before files were encrypted
    assert await house.store.read_evidence("acme", sha256) == CARD


async def test_keys_change_while_another_process_goes_on(house, decided, database_url):
    record = await decided()
    plain = house.folder / "acme" / record.case.evidence[1]
    content = await house.store.read_evidence("acme", plain.name)
    plain.chmod(0o600)
    plain.write_bytes(content)
    elsewhere = Store(database_url, str(house.folder), sealing=Sealing(KeyFile(house.keys._path).read))
    [first] = house.keys.read()
    done = await house.desk.rotate_keys(LIN, "yearly")
    assert (done.files, done.failed) == (2, ())
    assert [key.id for key in house.keys.read()] == [done.key, first.id]
    assert (await house.desk.rotate_keys(LIN, "again", new_key=False, forget_old=True)).files == 0
    assert len(house.keys.read()) == 1
    assert house.keys._path.stat().st_mode & 0o077 == 0
    assert await elsewhere.read_evidence("acme", record.case.evidence[0]) in (CARD, CHAT + b"A1001")
    late = await elsewhere.write_evidence("acme", b"sealed under the new key")
    assert await house.store.read_evidence("acme", late) == b"sealed under the new key"
    house.keys._path.write_text("a key that was never used, and is long enough\n".replace(" ", "-"))
    with pytest.raises(ConfigurationError, match="put it back"):
        await house.store.read_evidence("acme", late)
    assert (await house.desk.rotate_keys(LIN, "with the wrong key", forget_old=True)).failed
    assert len(house.keys.read()) == 2, "a key was forgotten while files are under another"
    await elsewhere.close()


async def test_evidence_goes_by_its_kind_after_its_days(house, decided, database_url):
    record = await decided()
    card = record.assessment.evidence[0].sha256
    chat = record.assessment.evidence[1].sha256
    house.clock.at += timedelta(days=29)
    assert await house.desk.sweep() == 0
    house.clock.at += timedelta(days=2)
    assert await house.desk.sweep() == 1
    with pytest.raises(NotFound):
        await house.store.read_evidence("acme", card)
    assert await house.store.read_evidence("acme", chat)
    assert set(await house.store.find_readings("acme", [card, chat], "reader-1")) == {chat}
    stone = (await house.store.personal_data.tombstones("acme", [card, chat]))[card]
    assert (stone.kind, stone.why) == ("identity", "retention of identity pages: 30 days")
    left = (await house.store.load_case("acme", record.case.id)).assessment
    assert [item.outcome.status for item in left.evidence] == ["failed", "read"]
    assert left.evidence[0].page is None
    assert left.verdict == record.assessment.verdict
    assert await house.desk.sweep() == 0
    house.clock.at += timedelta(days=150)
    assert await house.desk.sweep(lately=timedelta(hours=12)) == 0, "its term ended more than half a day ago"
    assert await house.desk.sweep_lately() == 1
    left_over = house.dump(database_url, "readings", "assessments", "order_evidence", "pictures")
    assert PHONE not in left_over
    assert "张三" not in left_over


async def test_a_running_case_keeps_its_evidence_and_what_is_sent_again_comes_back(house, decided, database_url):
    record = await decided()
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE cases SET state = 'in_review'")
    house.clock.at += timedelta(days=1000)
    assert await house.desk.sweep() == 0
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE cases SET state = 'rejected'")
    assert await house.desk.sweep() == 2
    house.clock.at += timedelta(days=1)
    again = await decided("A1002")
    assert await house.store.read_evidence("acme", again.assessment.evidence[0].sha256) == CARD
    assert await house.desk.sweep() == 0
    house.clock.at += timedelta(days=31)
    assert await house.desk.sweep() == 1, "the card that came back has days of its own"
    assert record.case.number


async def test_an_erased_account_is_nowhere_and_all_still_adds_up(house, decided, database_url, tmp_path, now):
    trail = Trail(
        house.store,
        CheckpointKey(b"k"),
        CheckpointFiles(str(tmp_path / "outside")),
        house.clock,
        CheckpointRule(entries=1),
        timedelta(seconds=60),
    )
    mine = await decided(consent=Consent(given_at=now, purpose="checking the holder"))
    theirs = await decided(
        "B2002", account="buyer-2", card=b"another card", device_id="device-2", payer_id="payer-2", ip="203.0.113.9"
    )
    assert await house.store.personal_data.consented("acme", "A1001", by=house.clock.now())
    past = HistoryEvent(
        event_id="e-1", kind=EventKind.ORDER, occurred_at=now, account_id="buyer-1", device_id="device-1",
        payer_id="payer-1", ip="203.0.113.7", data={"note": PHONE, "reason": "code_invalid"},
    )  # fmt: skip
    await house.store.record_events("acme", [past], now)
    async with house.store.transaction() as tx:
        told = {"account": "buyer-1", "order_number": "A1001"}
        await outgoing.tell(tx, "acme", OutgoingEvent(type="anomaly.found", occurred_at=now, data=told))
        said = {"platform_id": "acme", "case_id": mine.case.id, "actor": LIN, "recorded_at": now}
        read = {
            "sha256": mine.case.evidence[0],
            "field": FieldName.PAYEE,
            "read": "张二",
            "text": "张三",
            "value": "张三",
        }
        await marking.add_reading(tx, ReadingLabel(id=new_id(), reader="r1", **read, **said), "A1001")
        mark = {"loss_share": 0.5, "confidence": 75, "note": "buyer-1 again", "score_seen": True}
        await marking.add_mark(tx, RiskMark(id=new_id(), **mark, **said))
        made = GoldenCase(
            id=new_id(), case_id=mine.case.id, number="", verdict=Verdict.REJECT, loss_share=1.0,
            proof=LabelSource.RECORD, note="buyer-1 had used it", made_by=WANG, made_at=now,
        )  # fmt: skip
        await golden.make(tx, "acme", made, mine.assessment.id)
        await golden.place(tx, "acme", LIN, made.id, mine.case.id, new_id(), "R1", now)
    await trail.tend()
    with pytest.raises(Conflict):
        await house.desk.erase("acme", "buyer-1", LIN, Actor(ActorKind.PERSON, "cli:LIN"), "asked")
    with pytest.raises(BadRequest):
        await house.desk.erase("acme", "buyer-1", LIN, WANG, "  ")
    with pytest.raises(NotFound):
        await house.desk.erase("acme", "nobody", LIN, WANG, "asked")
    done = await house.desk.erase("acme", "buyer-1", LIN, WANG, "asked on 2 March")
    async with house.store.reading() as connection:
        (known,) = await golden.listed(connection, "acme")
        assert (known.note, known.retired_at is None) == ("", False)
        assert await golden.placed(connection, "acme", LIN, now + timedelta(days=1), 9) == ()
    assert (done.cases, done.files, done.shared) == (1, 2, 0)
    assert done.events >= 2
    left = house.dump(database_url)
    for secret in ("buyer-1", "device-1", "payer-1", "203.0.113.7", "张三"):
        lines = [line for line in left.splitlines() if secret in line]
        assert not [line for line in lines if str(theirs.case.id) not in line], (secret, lines)
    assert left.count(WORDS) == 2, "the other buyer's words, parsed and as sent, and no other"
    assert CARD not in house.bytes_at_rest()
    record = await house.store.load_case("acme", mine.case.id)
    assert record.case.claim.account.id == done.pseudonym
    assert record.case.claim.order == replace(mine.case.claim.order, recharged_account=None)
    assert record.assessment.verdict == mine.assessment.verdict
    assert (await house.store.load_case("acme", theirs.case.id)).case.claim == theirs.case.claim
    await trail.tend()
    report = await trail.verify()
    assert report.sound
    assert report.platforms[0].uncovered == 0
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE assessments SET document = jsonb_set(document, '{verdict,decision}', '\"x\"')")
        connection.execute("DELETE FROM assessments WHERE case_id = %s", (theirs.case.id,))
    found = (await trail.verify()).platforms[0].findings
    assert {(one.kind.value, one.subject) for one in found} == {
        ("decision_changed", f"case:{mine.case.id}"),
        ("decision_removed", f"case:{theirs.case.id}"),
    }
    entries = [e for e in await _entries(house.store, f"account:{done.pseudonym}") if e.action == "account.erased"]
    assert [(e.reason, e.actor, e.after["approved_by"]) for e in entries] == [("asked on 2 March", LIN, "cli:wang")]
    with pytest.raises(Conflict):
        await house.desk.erase("acme", done.pseudonym, LIN, WANG, "asked")


async def test_an_erased_accounts_kept_answers_are_told_no_more_and_their_writes_not_done_again(house, decided):
    mine, theirs = await decided(), await decided("B2002", account="buyer-2")
    told = [{"case_id": str(each.case.id), "account": each.case.claim.account.id} for each in (mine, theirs)]

    async def write(number: int) -> KeptAnswer:
        scopes = frozenset({"cases"})
        asked = Write(platform_id="acme", key=f"chase-{number}", digest=f"d{number}", scopes=scopes)

        async def perform() -> KeptAnswer:
            return KeptAnswer(status=200, headers={}, body=json.dumps(told[number]).encode())

        return await house.answers.once(asked, house.clock.now(), perform)

    for number in range(2):
        assert not (await write(number)).replayed
    await house.desk.erase("acme", "buyer-1", LIN, WANG, "asked")
    with pytest.raises(IdempotencyKeyReused, match="cannot be read any more"):
        await write(0)
    again = await write(1)
    assert again.replayed
    assert json.loads(again.body)["account"] == "buyer-2"


async def test_a_running_case_is_not_erased_and_shared_bytes_stay(house, decided, database_url):
    mine, theirs = await decided(), await decided("B2002", account="buyer-2")
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE cases SET state = 'in_review' WHERE account_id = 'buyer-1'")
    with pytest.raises(Conflict, match=mine.case.number):
        await house.desk.erase("acme", "buyer-1", LIN, WANG, "asked")
    assert (await house.store.load_case("acme", mine.case.id)).case.state is CaseState.IN_REVIEW
    done = await house.desk.erase("acme", "buyer-2", LIN, WANG, "asked")
    assert (done.files, done.shared) == (1, 1)
    assert await house.store.read_evidence("acme", theirs.assessment.evidence[0].sha256) == CARD


async def test_an_account_gets_all_its_data_and_nobody_else_s(house, decided):
    mine, theirs = await decided(consent=None), await decided("B2002", account="buyer-2", card=b"x")
    found = await house.desk.export("acme", "buyer-1", LIN, "asked")
    text = json.dumps(found, ensure_ascii=False)
    assert mine.case.number in text
    assert WORDS in text
    assert [each["name"] for each in found["evidence"]] == ["张三.jpg", "张三.jpg"]
    assert found["decisions"][0]["told"]["message"]
    assert theirs.case.number not in text
    assert "buyer-2" not in text
    assert not {"risk", "features", "audit_drawn"} & {name for row in found["decisions"] for name in row}
    with pytest.raises(NotFound):
        await house.desk.export("other", "buyer-1", LIN, "asked")


async def test_every_reveal_is_logged_before_it_is_shown(house, decided):
    record = await decided()
    with pytest.raises(BadRequest):
        await house.desk.reveal(record, [Revealable.STATEMENT], LIN, " ")
    shown = await house.desk.reveal(record, [Revealable.RECHARGED_ACCOUNT], LIN, f"call {PHONE}")
    assert shown == {"recharged_account": PHONE}
    card = record.assessment.evidence[0].sha256
    assert await house.desk.reveal_file(record, card, WANG, "second look") == CARD
    with pytest.raises(NotFound):
        await house.desk.reveal_file(record, "0" * 64, WANG, "second look")
    found = await house.desk.reveals("acme")
    assert [(each.actor, each.purpose, each.what) for each in found] == [
        (WANG, "second look", f"evidence {card}"),
        (LIN, "call 138****00", "recharged_account"),
    ]
    assert {each.subject for each in found} == {f"case:{record.case.id}"}
    house.clock.at += timedelta(days=31)
    await house.desk.sweep()
    with pytest.raises(NotFound, match="retention of identity pages"):
        await house.desk.reveal_file(record, card, WANG, "third look")


async def _entries(store: Store, subject: str) -> Any:
    async with store.reading() as connection:
        return await audit.entries(connection, "acme", subject)


async def test_a_consent_taken_back_takes_the_papers_with_it_and_nothing_else(house, decided, now, database_url):
    given = Consent(given_at=now - timedelta(hours=1), purpose="to check the holder")
    record, other = await decided("A1", consent=given), await decided("A2", account="buyer-2", card=b"other card")
    card, chat = record.case.evidence
    house.clock.at += timedelta(hours=1)
    with pytest.raises(NotFound):
        await house.desk.withdraw_consent("other", record.case.id, LIN, "asked by phone")

    done = await house.desk.withdraw_consent("acme", record.case.id, LIN, "asked by phone")

    assert (done.consents, done.files) == (1, 1)
    assert not await house.store.personal_data.consented("acme", "A1", by=house.clock.now())
    assert await house.store.personal_data.consented("acme", "A1", by=now), "what was decided before saw it stand"
    with pytest.raises(NotFound):
        await house.store.read_evidence("acme", card)
    assert await house.store.read_evidence("acme", chat)
    assert await house.store.read_evidence("acme", other.case.evidence[0])
    left = (await house.store.load_case("acme", record.case.id)).assessment
    assert [each.page.kind if each.page else None for each in left.evidence] == [None, PageKind.CHAT]
    entry = (await house.store.audit_entries("acme", record.case.id))[-2]
    assert (entry.action, entry.after) == ("consent.withdrawn", {"consents": 1, "files": 1})
    assert await house.desk.withdraw_consent("acme", record.case.id, LIN, "again") == replace(done, consents=0, files=0)


async def test_a_paper_that_another_orders_consent_covers_stays_until_that_is_withdrawn(house, decided, now):
    given = Consent(given_at=now - timedelta(hours=1), purpose="to check the holder")
    first, second = await decided("A1", consent=given), await decided("A2", consent=given)
    assert (await house.desk.withdraw_consent("acme", first.case.id, LIN, "asked by phone")).files == 0
    assert await house.store.read_evidence("acme", first.case.evidence[0])
    assert (await house.desk.withdraw_consent("acme", second.case.id, LIN, "asked by phone")).files == 1
