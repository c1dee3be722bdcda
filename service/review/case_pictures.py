"""The pictures of a case for whoever has it open: of its own platform, and identity cards only once revealed."""

from __future__ import annotations

import asyncio
import re
import uuid
from dataclasses import dataclass, field

from service.domain.actors import Actor
from service.domain.clock import Clock
from service.domain.errors import Forbidden, NotFound
from service.review.case_reading import REVEALED_FOR
from service.review.quality import Quality
from service.store import Store, case_surroundings
from service.vision.showing import for_browsers

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """``media_type``: of a raster image, told by the content and never by who sent it."""

    media_type: str
    data: bytes = field(repr=False)


class CasePictures:
    def __init__(self, store: Store, quality: Quality, clock: Clock) -> None:
        self._store = store
        self._quality = quality
        self._clock = clock

    async def get(self, platform_id: str, case_id: uuid.UUID, sha256: str, actor: Actor) -> Picture:
        """A page of the case, or the twin of one. NotFound for any other file, and for one that could not be read: what
        it shows is not known. Forbidden for an identity card this person has not had revealed on this case."""
        missing = NotFound("There is no such picture on this case.")
        if not _SHA256.match(sha256):
            raise missing
        async with self._store.reading() as connection:
            found = await case_surroundings.file_of_case(connection, platform_id, case_id, sha256)
            if found is None:  # what was put before this person to be judged has the pages of another
                placed = await self._quality.golden.placement(platform_id, case_id, actor)
                source = placed.case_id if placed is not None else case_id
                found = await case_surroundings.file_of_case(connection, platform_id, source, sha256)
            if found is None or not found.read:
                raise missing
            if found.identity:
                since = self._clock.now() - REVEALED_FOR
                shown = await case_surroundings.revealed(connection, platform_id, case_id, actor, since)
                if f"evidence {sha256}" not in shown:
                    raise Forbidden("An identity card is shown once it was revealed, with a reason, on the case page.")
        data = await self._store.read_evidence(platform_id, sha256)
        picture = await asyncio.to_thread(for_browsers, data)
        if picture is None:
            raise missing
        media_type, shown_data = picture
        return Picture(media_type=media_type, data=shown_data)
