"""The kill switch and the modes of a platform, as the faces use them."""

from __future__ import annotations

from service.domain.actors import Actor
from service.domain.assessment import PlatformMode
from service.domain.clock import Clock
from service.store.switches import APPROVING, Switches

__all__ = ["APPROVING", "Switching"]


class Switching:
    """Stopping takes one person; whatever lets claims be approved again takes two."""

    def __init__(self, switches: Switches, clock: Clock) -> None:
        self._switches = switches
        self._clock = clock

    async def stop(self, platform_id: str, reason: str, actor: Actor) -> bool:
        """Approve nothing from the next decision on, on every process; False if it was stopped already."""
        return await self._switches.stop(platform_id, reason, actor, self._clock.now())

    async def resume(self, platform_id: str, reason: str, actor: Actor, approved_by: Actor) -> PlatformMode:
        """Back to the mode it was stopped in. Conflict where it is not stopped, or one person would be both."""
        return await self._switches.resume(platform_id, reason, actor, approved_by, self._clock.now())

    async def set_mode(
        self, platform_id: str, mode: PlatformMode, reason: str, actor: Actor, approved_by: Actor | None = None
    ) -> bool:
        """False if it was that already. Conflict for a mode in which claims are approved without a second person."""
        return await self._switches.set_mode(
            platform_id, mode, actor, self._clock.now(), reason=reason, approved_by=approved_by
        )
