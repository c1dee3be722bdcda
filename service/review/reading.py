"""From an order's stored files to evidence: what was read before is not read again."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

import structlog

from service import evidence as extraction
from service.domain.errors import NotFound
from service.domain.evidence import OUR_FAULT, Evidence, Failed, FailedReason, Page, PageKind, Read, ReadOutcome
from service.store import KeptReading, NewEvidence, Store
from service.store.evidence_files import EvidenceDamaged

log = structlog.get_logger(__name__)


class Reader(Protocol):
    """Reads one image; never raises: what goes wrong is a Failed outcome."""

    async def read(self, data: bytes) -> ReadOutcome: ...


class EvidenceReading:
    """Reads an order's files, each at most once per reader version and platform."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        reader_version: str,
        identity_key: Callable[[str], bytes],
        *,
        afresh: bool = False,
    ) -> None:
        """``identity_key``: a platform's key of identity digests. ``afresh``: read again and keep nothing (replay)."""
        self._store = store
        self._reader = reader
        self._identity_key = identity_key
        self._afresh = afresh
        self.reader_version = reader_version
        self._interpreting = asyncio.Lock()
        self._running: dict[tuple[str, str, date, bool], asyncio.Task[tuple[ReadOutcome, Page | None]]] = {}

    async def of_order(
        self,
        platform_id: str,
        files: Sequence[NewEvidence],
        *,
        as_of: date,
        now: datetime,
        consented: bool = False,
    ) -> tuple[Evidence, ...]:
        """Evidence in the order of ``files``; ``as_of`` resolves dates a page prints without their year.

        Unless ``consented``, a page that turns out to be an identity paper ends as Failed(NO_CONSENT): what was read of
        it is neither kept nor handed on.
        """
        known: dict[str, KeptReading] = {}
        if files and not self._afresh:
            hashes = [file.sha256 for file in files]
            known = await self._store.find_readings(platform_id, hashes, self.reader_version)
        each = (self._evidence(platform_id, file, known, as_of, now, consented) for file in files)
        return tuple(await asyncio.gather(*each))

    async def _evidence(
        self,
        platform_id: str,
        file: NewEvidence,
        known: dict[str, KeptReading],
        as_of: date,
        now: datetime,
        consented: bool,
    ) -> Evidence:
        """Where claims bring the same bytes to a platform at once, they are read once for all of them."""
        key = platform_id, file.sha256, as_of, consented
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(self._understood(platform_id, file, known, as_of, now, consented))
            self._running[key] = running
            running.add_done_callback(lambda _: self._running.pop(key))
        # Shielded: the claim that came first may go away while others wait for the same reading.
        outcome, page = await asyncio.shield(running)
        return Evidence(sha256=file.sha256, outcome=outcome, page=page, name=file.name, size=file.size)

    async def _understood(
        self,
        platform_id: str,
        file: NewEvidence,
        known: dict[str, KeptReading],
        as_of: date,
        now: datetime,
        consented: bool,
    ) -> tuple[ReadOutcome, Page | None]:
        kept = known.get(file.sha256)
        if kept is not None:
            outcome, lasting = kept.outcome, False
        else:
            outcome, lasting = await self._read(platform_id, file)
        page = None
        if isinstance(outcome, Read):
            try:
                outcome, page = await self._interpreted(platform_id, outcome, kept, as_of)
            except Exception as error:  # a bug in a rule must not hide the page: it is told as failed, a person looks
                log.error("extraction failed", sha256=file.sha256, error=_without_words(error))
                outcome = Failed(reason=FailedReason.INTERNAL_ERROR, detail="the page's text could not be interpreted")
        if page is not None and page.kind is PageKind.IDENTITY and not consented:
            return Failed(reason=FailedReason.NO_CONSENT, detail="an identity paper without the buyer's consent"), None
        if lasting and not self._afresh and not _may_pass(outcome):
            await self._store.save_reading(
                platform_id,
                file.sha256,
                self.reader_version,
                KeptReading(outcome=outcome, identity=page.identity if page else None),
                now,
            )
        if isinstance(outcome, Read) and page is not None:
            # After keeping: what the times give away depends on the day of the claim.
            outcome = extraction.with_clock_hints(outcome, page, as_of)
        return outcome, page

    async def _interpreted(
        self, platform_id: str, outcome: Read, kept: KeptReading | None, as_of: date
    ) -> tuple[Read, Page]:
        """In a thread, so that a crowded page holds up no other request; one at a time, since threads share a core."""
        async with self._interpreting:
            if kept is not None:
                return outcome, await asyncio.to_thread(extraction.page_of, outcome, kept.identity, as_of=as_of)
            key = self._identity_key(platform_id)
            return await asyncio.to_thread(extraction.interpret, outcome, as_of=as_of, identity_key=key)

    async def _read(self, platform_id: str, file: NewEvidence) -> tuple[ReadOutcome, bool]:
        """The reading, and whether it tells of the file itself."""
        try:
            data = await self._store.read_evidence(platform_id, file.sha256)
        except NotFound:
            return Failed(reason=FailedReason.MISSING_FILE, detail="the stored file is gone"), False
        except EvidenceDamaged as error:  # not kept as a reading: a backup may bring the file back
            return Failed(reason=FailedReason.DAMAGED, detail=error.detail), False
        return await self._reader.read(data), True


def _without_words(error: Exception) -> str:
    """Kind and place of an error; its own words may hold what stands on the page."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {place.filename}:{place.lineno}"


def _may_pass(outcome: ReadOutcome) -> bool:
    return isinstance(outcome, Failed) and outcome.reason in OUR_FAULT
