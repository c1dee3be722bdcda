"""Where else a claim's pages were sent: looked up by facts and pictures, confirmed by what both say and show."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from service.domain.cases import Case
from service.domain.errors import NotFound
from service.domain.evidence import Evidence
from service.domain.reuse import Picture, PictureComparison, Reuse, ReuseFindings, ReuseKind, Sighting, Standing
from service.evidence.reuse import Explained, explained_by, picture_of
from service.evidence.reuse_judgement import judged, needs_pixels, only_pixels_tell
from service.store import Store
from service.store.evidence_files import EvidenceDamaged

log = structlog.get_logger(__name__)

# Pairs of pictures laid over each other for one claim; the best leads come first.
MOST_COMPARED = 3
# Of them, those that share nothing but looks: most are the same dialog on another phone, and say little.
MOST_BY_LOOKS = 1
COMPARING_SECONDS = 5.0  # for all of a claim's comparisons


class Comparer(Protocol):
    """Lays two pictures over each other; None where that could not be done."""

    async def compare(self, one: bytes, other: bytes) -> PictureComparison | None: ...


class ReuseSearch:
    """Looks a claim's pages up among all its platform has received, and tells what was found."""

    def __init__(self, store: Store, comparer: Comparer) -> None:
        self._store = store
        self._comparer = comparer

    async def of_claim(
        self,
        case: Case,
        evidence: Sequence[Evidence],
        zone: ZoneInfo,
        now: datetime,
        *,
        seen_to: int | None = None,
    ) -> ReuseFindings:
        """``seen_to``: of an earlier look, to see what it saw and to record nothing."""
        if not evidence:
            return ReuseFindings()
        pages = [picture_of(case.platform_id, item) for item in evidence]
        looked_up = await self._store.look_up_pictures(
            case.platform_id, case.claim.order.order_number, pages, case.as_of, now, seen_to=seen_to
        )
        explained = explained_by(case.claim, zone)
        leads = [(page, sighting) for page in pages for sighting in looked_up.sightings[page.sha256]]
        comparisons, complete = await self._compared(case.platform_id, leads, explained)
        found = (
            judged(page, sighting, case.claim, explained, comparisons.get((page.sha256, sighting.sha256)))
            for page, sighting in leads
        )
        return ReuseFindings(
            found=tuple(_strongest(one for one in found if one is not None)),
            seen_to=looked_up.seen_to,
            complete=complete,
        )

    async def _compared(
        self, platform_id: str, leads: Sequence[tuple[Picture, Sighting]], explained: Explained
    ) -> tuple[dict[tuple[str, str], PictureComparison], bool]:
        """Comparisons of the best leads, and whether all that were tried, or could decide, came to an end."""
        done: dict[tuple[str, str], PictureComparison] = {}
        complete = True
        telling = {id(lead) for lead in leads if only_pixels_tell(*lead, explained)}
        wanted = [lead for lead in leads if needs_pixels(*lead, explained)]
        # Else the best leads come first.
        wanted.sort(key=lambda lead: (id(lead) not in telling, lead[1].shared.isdisjoint(lead[0].fact_keys)))
        by_looks, until = 0, asyncio.get_running_loop().time() + COMPARING_SECONDS
        for lead in wanted:
            page, sighting = lead
            pair = (page.sha256, sighting.sha256)
            if pair in done:
                continue
            if len(done) == MOST_COMPARED:
                complete = complete and id(lead) not in telling  # one that decides would be next
                break
            if not sighting.shared & set(page.fact_keys):
                by_looks += 1
                if by_looks > MOST_BY_LOOKS:
                    continue
            comparison = await self._in_time(platform_id, pair, until)
            complete = complete and comparison is not None
            done[pair] = comparison or PictureComparison(aligned=False)
        return done, complete

    async def _in_time(self, platform_id: str, pair: tuple[str, str], until: float) -> PictureComparison | None:
        try:
            async with asyncio.timeout_at(until):
                return await self._compare(platform_id, *pair)
        except TimeoutError:
            return None

    async def _compare(self, platform_id: str, one: str, other: str) -> PictureComparison | None:
        try:
            first = await self._store.read_evidence(platform_id, one)
            second = await self._store.read_evidence(platform_id, other)
        except NotFound:
            return PictureComparison(aligned=False)  # erased: what it said is all there is
        except EvidenceDamaged as error:
            log.error("a stored file is damaged", sha256=other, error=error.detail)
            return None
        return await self._comparer.compare(first, second)


def _strongest(found: Iterator[Reuse]) -> Iterator[Reuse]:
    """One match for each page and other order, the surest kind and the standing that weighs most."""
    standings, kinds = list(Standing), list(ReuseKind)
    ranked = sorted(
        found,
        key=lambda one: (
            one.sha256, one.other_order, standings.index(one.standing), kinds.index(one.kind), one.other_sha256,
        ),
    )  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for one in ranked:
        if (one.sha256, one.other_order) not in seen:
            seen.add((one.sha256, one.other_order))
            yield one
