"""Who has a case, over its page: taken, kept while at work, released, handed over, put on hold."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from service.console.desk import Desk
from service.console.figures import moment
from service.console.foreign_text import visible
from service.console.queue_desk.summary import ACTING
from service.review.live import Seen, lock_key

HOLDS = {"1h": 1, "4h": 4, "1d": 24, "3d": 72}
"""Hours one can put a case off with a press; any other moment is typed."""
_OFFERED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LockStrip:
    """``holder`` empty: nobody. ``seen``: what the page shows, for whoever tells it of changes. ``people``: to whom it
    may be handed, by login."""

    case_id: str
    holder: str
    mine: bool
    handed_by: str
    note: str
    held_until: str
    held_by: str
    held_reason: str
    woken: bool
    may_act: bool
    seen: str
    people: tuple[str, ...] = ()
    fault: str = ""


async def lock_strip(desk: Desk, case_id: uuid.UUID, version: int, *, fault: str = "") -> LockStrip:
    """``version``: of the case as the page shows it. A template shows it with ``queues/strip.html``."""
    use_cases = desk.use_cases
    lock = await use_cases.case_locks.holder(desk.platform_id, case_id)
    hold = await use_cases.case_locks.held(desk.platform_id, case_id)
    now = use_cases.queues.now()
    wakes = moment(hold.until, desk.platform.zone, now, desk.look.language) if hold is not None else None
    holder = lock.login if lock is not None else None
    seen = Seen(banner=use_cases.live.banner_key(desk.platform), version=version, lock=lock_key(case_id, holder))
    return LockStrip(
        case_id=str(case_id),
        holder=holder or "",
        mine=holder == desk.user.login,
        handed_by=(lock.handed_by or "") if lock is not None else "",
        note=visible(lock.note or "", 500) if lock is not None else "",
        held_until=f"{wakes.at} · {wakes.age}" if wakes is not None else "",
        held_by=hold.login if hold is not None else "",
        held_reason=visible(hold.reason, 500) if hold is not None else "",
        woken=hold is not None and hold.until <= now,
        may_act=desk.may(*ACTING, change=True),
        seen=str(seen),
        people=await _colleagues(desk) if holder in (None, desk.user.login) and desk.may(*ACTING, change=True) else (),
        fault=fault,
    )


async def _colleagues(desk: Desk) -> tuple[str, ...]:
    found = await desk.console.accounts.listed(desk.platform_id)
    others = (each for each in found if each.disabled_at is None and each.login != desk.user.login)
    return tuple(each.login for each in others if each.may(ACTING, change=True))[:_OFFERED]
