"""The mode of a platform: who may approve, who stopped it, and who let it go on."""

from __future__ import annotations

import unicodedata
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor, two_people
from service.domain.assessment import PlatformMode
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.store import audit
from service.store.database import Database
from service.store.standing import before_change
from service.store.tables import platforms

APPROVING = frozenset({PlatformMode.LIVE, PlatformMode.DEMO})
_REASON_LENGTH = 500


class Switches:
    """Changes of the modes of one deployment's platforms, each with its audit entry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stop(self, platform_id: str, reason: str, actor: Actor, now: datetime) -> bool:
        """Approve nothing from now on, on every process; False if it was stopped already. One person is enough."""
        async with self._database.transaction() as tx:
            return await stop(tx, platform_id, plain(reason), actor, now)

    async def resume(
        self, platform_id: str, reason: str, actor: Actor, approved_by: Actor, now: datetime
    ) -> PlatformMode:
        """Back to the mode it was stopped in, which is returned. Conflict where it is not stopped or one person would
        be both."""
        two_people(actor, approved_by, "a stopped platform is resumed")
        async with self._database.transaction() as tx:
            return await resume(tx, platform_id, plain(reason), actor, approved_by, now)

    async def set_mode(
        self,
        platform_id: str,
        mode: PlatformMode,
        actor: Actor,
        now: datetime,
        *,
        reason: str,
        approved_by: Actor | None = None,
    ) -> bool:
        """Change the mode; False if it was that already. To a mode in which claims are approved it takes two people.

        Conflict for one person, and for a platform that is stopped: that is resumed.
        """
        async with self._database.transaction() as tx:
            if mode is PlatformMode.STOPPED:
                return await stop(tx, platform_id, plain(reason), actor, now)
            return await set_mode(tx, platform_id, mode, actor, now, reason=plain(reason), approved_by=approved_by)


async def stop(tx: AsyncConnection, platform_id: str, reason: str, actor: Actor, now: datetime) -> bool:
    await before_change(tx, platform_id)
    mode, _ = await _locked(tx, platform_id)
    if mode is PlatformMode.STOPPED:
        return False
    values = {"mode": PlatformMode.STOPPED.value, "stopped_from": mode.value, "stopped_at": now, "stop_reason": reason}
    await _change(tx, platform_id, values)
    details = {"from": mode.value, "reason": reason}
    await audit.add_entry(
        tx, platform_id, actor, "platform.stopped", f"platform:{platform_id}", now, details,
        reason=reason, before={"mode": mode.value}, after={"mode": PlatformMode.STOPPED.value},
    )  # fmt: skip
    return True


async def resume(
    tx: AsyncConnection, platform_id: str, reason: str, actor: Actor, approved_by: Actor, now: datetime
) -> PlatformMode:
    await before_change(tx, platform_id)
    mode, before = await _locked(tx, platform_id)
    if mode is not PlatformMode.STOPPED:
        raise Conflict(f"{platform_id!r} is not stopped, it is {mode.value}")
    back = before or PlatformMode.OBSERVING
    await _change(tx, platform_id, {"mode": back.value, "stopped_from": None, "stopped_at": None, "stop_reason": None})
    details = {"to": back.value, "reason": reason, "approved_by": approved_by.name}
    await audit.add_entry(
        tx, platform_id, actor, "platform.resumed", f"platform:{platform_id}", now, details, reason=reason,
        before={"mode": mode.value}, after={"mode": back.value, "approved_by": approved_by.name},
    )  # fmt: skip
    return back


async def set_mode(
    tx: AsyncConnection,
    platform_id: str,
    mode: PlatformMode,
    actor: Actor,
    now: datetime,
    *,
    reason: str,
    approved_by: Actor | None,
) -> bool:
    await before_change(tx, platform_id)
    current, _ = await _locked(tx, platform_id)
    if current is mode:
        return False
    if current is PlatformMode.STOPPED:
        raise Conflict(f"{platform_id!r} is stopped; let it go on with: prereview platforms resume {platform_id}")
    if mode in APPROVING:
        if approved_by is None:
            raise Conflict(f"a platform becomes {mode.value} by one person and approved by another; name both")
        two_people(actor, approved_by, f"a platform becomes {mode.value}")
    await _change(tx, platform_id, {"mode": mode.value})
    details = {"from": current.value, "mode": mode.value, "reason": reason}
    if approved_by is not None:
        details["approved_by"] = approved_by.name
    second = {} if approved_by is None else {"approved_by": approved_by.name}
    await audit.add_entry(
        tx, platform_id, actor, "platform.mode_set", f"platform:{platform_id}", now, details, reason=reason,
        before={"mode": current.value}, after={"mode": mode.value, **second},
    )  # fmt: skip
    return True


async def _locked(tx: AsyncConnection, platform_id: str) -> tuple[PlatformMode, PlatformMode | None]:
    query = sa.select(platforms.c.mode, platforms.c.stopped_from).where(platforms.c.id == platform_id)
    row = (await tx.execute(query.with_for_update(key_share=True))).one_or_none()
    if row is None:
        raise NotFound(f"there is no platform {platform_id!r} here")
    return PlatformMode(row.mode), None if row.stopped_from is None else PlatformMode(row.stopped_from)


async def _change(tx: AsyncConnection, platform_id: str, values: dict[str, object]) -> None:
    await tx.execute(sa.update(platforms).where(platforms.c.id == platform_id).values(values))


def plain(reason: str) -> str:
    """A reason as it is kept for good; InvalidRequest for none and for a long one."""
    single = " ".join(reason.split())
    if not single or len(single) > _REASON_LENGTH or any(unicodedata.category(each) == "Cc" for each in single):
        raise InvalidRequest(f"say why in 1 to {_REASON_LENGTH} characters; it is kept in the audit record")
    return single
