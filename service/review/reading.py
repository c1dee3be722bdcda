"""From an order's stored files to evidence: what was read before is not read again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

import structlog

from service import evidence as extraction
from service.domain.errors import NotFound
from service.domain.evidence import Evidence, Failed, FailedReason, Read, ReadOutcome
from service.store import NewEvidence, Store
from service.store.evidence_files import EvidenceDamaged

log = structlog.get_logger(__name__)


class Reader(Protocol):
    """Reads one image; never raises: what goes wrong is a Failed outcome."""

    async def read(self, data: bytes) -> ReadOutcome: ...


class EvidenceReading:
    """Reads an order's files, each at most once per reader version and platform."""

    def __init__(self, store: Store, reader: Reader, reader_version: str, *, afresh: bool = False) -> None:
        """``afresh``: read the pictures again and keep nothing (replay)."""
        self._store = store
        self._reader = reader
        self._afresh = afresh
        self.reader_version = reader_version

    async def of_order(
        self, platform_id: str, files: Sequence[NewEvidence], *, as_of: date, now: datetime
    ) -> tuple[Evidence, ...]:
        """Evidence in the order of ``files``; ``as_of`` resolves dates a page prints without their year."""
        known: dict[str, ReadOutcome] = {}
        if files and not self._afresh:
            hashes = [file.sha256 for file in files]
            known = await self._store.find_readings(platform_id, hashes, self.reader_version)
        outcomes = await asyncio.gather(*(self._outcome(platform_id, file, known, now) for file in files))
        return tuple(_extracted(file, outcome, as_of) for file, outcome in zip(files, outcomes, strict=True))

    async def _outcome(
        self, platform_id: str, file: NewEvidence, known: dict[str, ReadOutcome], now: datetime
    ) -> ReadOutcome:
        if (kept := known.get(file.sha256)) is not None:
            return kept
        try:
            data = await self._store.read_evidence(platform_id, file.sha256)
        except NotFound:
            return Failed(reason=FailedReason.MISSING_FILE, detail="the stored file is gone")
        except EvidenceDamaged as error:  # not kept as a reading: a backup may bring the file back
            return Failed(reason=FailedReason.DAMAGED, detail=error.detail)
        outcome = await self._reader.read(data)
        if not self._afresh and not _may_pass(outcome):
            await self._store.save_reading(platform_id, file.sha256, self.reader_version, outcome, now)
        return outcome


def _extracted(file: NewEvidence, outcome: ReadOutcome, as_of: date) -> Evidence:
    page = None
    if isinstance(outcome, Read):
        try:
            page = extraction.extract(outcome, as_of=as_of)
        except Exception as error:  # a bug in a rule must not hide the page: it is told as failed, a person looks
            log.error("extraction failed", sha256=file.sha256, error=repr(error), exc_info=error)
            outcome = Failed(reason=FailedReason.INTERNAL_ERROR, detail="the page's text could not be interpreted")
    return Evidence(sha256=file.sha256, outcome=outcome, page=page, name=file.name, size=file.size)


# Failures of our own machinery, not of the image: the next assessment tries again.
_PASSING = frozenset(
    {
        FailedReason.TIMEOUT,
        FailedReason.READER_CRASHED,
        FailedReason.READER_UNAVAILABLE,
        FailedReason.MISSING_FILE,
        FailedReason.INTERNAL_ERROR,
    }
)


def _may_pass(outcome: ReadOutcome) -> bool:
    return isinstance(outcome, Failed) and outcome.reason in _PASSING
