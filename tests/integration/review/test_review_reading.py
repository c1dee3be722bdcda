"""Reading an order's files through the store: what is read is read once."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC, date, datetime

from PIL import Image

from service.domain.evidence import Box, Failed, FailedReason, ImageFacts, Line, Read, ReadOutcome
from service.review.reading import EvidenceReading
from service.store import NewEvidence, Store
from service.vision import OnnxEngine, read_image

AS_OF, NOW = date(2026, 3, 2), datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


class CountingReader:
    """The engine in this process, slow enough for two claims to meet; ``fail``: the first reading times out."""

    def __init__(self, *, fail: bool = False) -> None:
        self.engine = OnnxEngine(reread=False)
        self.readings = 0
        self.fail = fail

    async def read(self, data: bytes) -> ReadOutcome:
        self.readings += 1
        await asyncio.sleep(0.1)
        if self.fail and self.readings == 1:
            return Failed(reason=FailedReason.TIMEOUT)
        return read_image(data, self.engine)


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (200, 200), "white").save(buffer, "PNG")
    return buffer.getvalue()


async def stored(store: Store, *platforms: str) -> NewEvidence:
    data = picture()
    sha256 = ""
    for platform in platforms:
        sha256 = await store.write_evidence(platform, data)
    return NewEvidence(sha256=sha256, size=len(data))


async def read(reading: EvidenceReading, platform: str, file: NewEvidence) -> ReadOutcome:
    (evidence,) = await reading.of_order(platform, [file], as_of=AS_OF, now=NOW)
    return evidence.outcome


def reading(store: Store, reader: CountingReader) -> EvidenceReading:
    return EvidenceReading(store, reader, "reader-1", lambda platform: platform.encode())


async def test_claims_that_bring_the_same_bytes_at_once_share_a_reading(store: Store) -> None:
    reader = CountingReader()
    file = await stored(store, "acme")
    shared = reading(store, reader)
    outcomes = await asyncio.gather(*(read(shared, "acme", file) for _ in range(5)))
    assert reader.readings == 1
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert outcomes[0].status == "empty"
    assert await read(shared, "acme", file) == outcomes[0]
    assert reader.readings == 1, "it was kept"


async def test_platforms_share_nothing(store: Store) -> None:
    """Not even time: that another platform has these bytes must not show."""
    reader = CountingReader()
    file = await stored(store, "acme", "other")
    shared = reading(store, reader)
    await asyncio.gather(read(shared, "acme", file), read(shared, "other", file), return_exceptions=True)
    assert reader.readings == 2


async def test_a_claim_that_goes_away_takes_no_reading_along(store: Store) -> None:
    reader = CountingReader()
    file = await stored(store, "acme")
    shared = reading(store, reader)
    first = asyncio.create_task(read(shared, "acme", file))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(read(shared, "acme", file))
    await asyncio.sleep(0.02)
    first.cancel()
    assert (await second).status == "empty"
    assert reader.readings == 1


async def test_what_failed_for_a_passing_reason_is_read_again(store: Store) -> None:
    reader = CountingReader(fail=True)
    file = await stored(store, "acme")
    shared = reading(store, reader)
    first = await read(shared, "acme", file)
    assert isinstance(first, Failed)
    assert not isinstance(await read(shared, "acme", file), Failed | Read)
    assert reader.readings == 2


class CrowdedReader:
    """Says of every picture that it is crowded with moments, which rules compare with each other."""

    async def read(self, data: bytes) -> ReadOutcome:
        lines = tuple(
            Line(f"2026-02-{row % 28 + 1:02d} 12:{row % 60:02d}:07", 0.95, Box(20, 40 * row, 400, 40 * row + 30))
            for row in range(250)
        )
        return Read(lines=lines, image=ImageFacts(media_type="image/png", width=1000, height=10_100))


async def test_a_crowded_page_holds_up_nobody_else(store: Store) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    file = await stored(store, "acme")
    reading = EvidenceReading(store, CrowdedReader(), "reader-1", lambda platform: platform.encode(), afresh=True)
    ticking = asyncio.create_task(tick())
    try:
        await reading.of_order("acme", [file], as_of=AS_OF, now=NOW)
    finally:
        ticking.cancel()
    assert ticks >= 5
