"""What of an identity card reaches the database: masks and keyed hashes, and nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime

import sqlalchemy as sa

from service.domain.evidence import Box, Evidence, Failed, FailedReason, ImageFacts, Line, Read, ReadOutcome
from service.review.reading import EvidenceReading
from service.store import NewEvidence, Store
from service.store.tables import readings

AS_OF, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
NUMBER, NAME, ADDRESS = "330199198411078989", "样本甲", "浙江省虚拟县样例路88号"
CARD = (
    "姓名 样本甲",
    "出生 1984年11月7日",
    f"住址 {ADDRESS}",
    f"公民身份号码 {NUMBER}",
    "有效期限 2015.01.06-2035.01.06",
)


class CardReader:
    """Reads every picture as the same card, as another engine might; counts how often it is asked."""

    def __init__(self) -> None:
        self.readings = 0

    async def read(self, data: bytes) -> ReadOutcome:
        self.readings += 1
        lines = tuple(
            Line(text, 0.99, Box(60, 100 + 80 * n, 60 + 36 * len(text), 140 + 80 * n)) for n, text in enumerate(CARD)
        )
        return Read(lines=lines, image=ImageFacts(media_type="image/png", width=1080, height=700))


async def read(store: Store, reader: CardReader, platform: str, *, consented: bool = True) -> Evidence:
    sha256 = await store.write_evidence(platform, b"a card")
    reading = EvidenceReading(store, reader, "reader-1", lambda name: f"the key of {name}".encode())
    (evidence,) = await reading.of_order(
        platform, [NewEvidence(sha256=sha256, size=6)], as_of=AS_OF, now=NOW, consented=consented
    )
    return evidence


async def test_without_consent_an_identity_paper_is_neither_kept_nor_handed_on(store: Store) -> None:
    reader = CardReader()
    refused = await read(store, reader, "acme", consented=False)
    assert refused.outcome == Failed(
        reason=FailedReason.NO_CONSENT, detail="an identity paper without the buyer's consent"
    )
    assert refused.page is None
    async with store.reading() as connection:
        assert (await connection.execute(sa.select(readings))).all() == []
    assert (await read(store, reader, "acme")).page is not None
    # What was read under another claim's consent is not handed on either.
    assert (await read(store, reader, "acme", consented=False)).page is None
    assert reader.readings == 2


async def test_what_is_stored_holds_no_identity_data(store: Store) -> None:
    evidence = await read(store, CardReader(), "acme")
    async with store.reading() as connection:
        (row,) = await connection.execute(sa.select(readings.c.outcome, readings.c.identity))
    kept = "".join(repr((row.outcome, row.identity, evidence)).split())
    assert [secret for secret in (NUMBER, NUMBER[6:14], NAME, ADDRESS, "1984") if secret in kept] == []
    assert row.identity["number_masked"] == "3****************9"
    assert row.identity["number_valid"] is True


async def test_a_kept_reading_gives_the_same_page_without_reading_again(store: Store) -> None:
    reader = CardReader()
    first, second = await read(store, reader, "acme"), await read(store, reader, "acme")
    assert reader.readings == 1
    assert first == second
    assert first.page is not None
    assert first.page.identity is not None
    assert first.page.identity.number_digest is not None


async def test_one_platform_s_digest_is_not_another_s(store: Store) -> None:
    reader = CardReader()
    ours, theirs = await read(store, reader, "acme"), await read(store, reader, "other")
    assert ours.page is not None
    assert theirs.page is not None
    assert ours.page.identity is not None
    assert theirs.page.identity is not None
    assert ours.page.identity.number_masked == theirs.page.identity.number_masked
    assert ours.page.identity.number_digest != theirs.page.identity.number_digest
