"""Files as they come in: each kept under its platform and content, archives opened into their members."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import structlog

from service.review.requests import UploadedFile
from service.store import NewEvidence, Store
from service.vision.archives import ArchiveLimits, ArchiveMember, ArchiveRefused, is_archive, open_archive

log = structlog.get_logger(__name__)

_LONGEST_NAME = 255


class Receiving:
    """Writes a claim's files before the claim itself is stored; one per process."""

    def __init__(self, store: Store, limits: ArchiveLimits | None = None) -> None:
        """``limits``: for all archives of a claim together; files sent singly count as members."""
        self._store = store
        self._limits = limits or ArchiveLimits()
        # Unpacked files are memory no upload limit has counted: one archive at a time.
        self._one_at_a_time = asyncio.Lock()

    async def keep(self, platform_id: str, uploads: Sequence[UploadedFile]) -> tuple[NewEvidence, ...]:
        """The files of a claim, in order. An archive that is not opened is kept as it came: a person will see it."""
        kept: list[NewEvidence] = []
        waiting, unpacked = len(uploads), 0
        for upload in uploads:
            waiting -= 1
            if not is_archive(upload.data):
                kept.append(await self._write(platform_id, upload.name, upload.data))
                continue
            async with self._one_at_a_time:
                members = await self._open(upload, self._limits.members - len(kept) - waiting, unpacked)
                unpacked += sum(len(each.data) for each in members)
                kept += [await self._write(platform_id, f"{upload.name}/{each.name}", each.data) for each in members]
            if not members:
                kept.append(await self._write(platform_id, upload.name, upload.data))
        return tuple(kept)

    async def _open(self, upload: UploadedFile, room: int, unpacked: int) -> tuple[ArchiveMember, ...]:
        """``room``: for so many files more; ``unpacked``: bytes that archives before it held."""
        limits = replace(self._limits, members=max(1, room), total_bytes=self._limits.total_bytes - unpacked)
        try:
            return await asyncio.to_thread(open_archive, upload.data, limits)
        except ArchiveRefused as refused:
            log.info("archive not opened", detail=refused.detail, size=len(upload.data))
            return ()

    async def _write(self, platform_id: str, name: str, data: bytes) -> NewEvidence:
        sha256 = await self._store.write_evidence(platform_id, data)
        return NewEvidence(sha256=sha256, size=len(data), name=name[-_LONGEST_NAME:])
