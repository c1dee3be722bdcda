"""Pages seen on another platform: told as a fact, to reviewers, between platforms that agreed to it."""

from __future__ import annotations

from dataclasses import replace

from service.domain.actors import Actor
from service.domain.clock import Clock
from service.review.requests import CaseView
from service.store import Sightings


class SeenElsewhere:
    """A fact beside the case, never an input of its decision: what another platform has must not move money here."""

    def __init__(self, sightings: Sightings, clock: Clock) -> None:
        self._sightings = sightings
        self._clock = clock

    async def told(self, view: CaseView) -> CaseView:
        """The view, with whether one of its files was received by another platform too."""
        if not view.case.evidence:
            return view
        found = await self._sightings.elsewhere(view.case.platform_id, view.case.evidence)
        return replace(view, seen_elsewhere=found)

    async def share(self, platform_id: str, shares: bool, reason: str, actor: Actor) -> bool:
        """Have a platform take part, or no longer; False where that was so already."""
        return await self._sightings.share(platform_id, shares, reason, actor, self._clock.now())
