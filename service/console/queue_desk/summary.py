"""The queues at a glance: on a reviewer's first page, and over the list."""

from __future__ import annotations

from dataclasses import dataclass

from service.console.desk import Desk
from service.console.queue_desk.listing import CaseLine, LaneLine, case_lines, lane_lines
from service.domain.queues import Held, QueueFilter
from service.domain.users import Role

LOOKING = (Role.REVIEWER, Role.AUDITOR, Role.RISK_OWNER)
ACTING = (Role.REVIEWER,)
_MINE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """``mine``: cases they have, those handed to them first. ``waiting``: whether there is anything to take."""

    lanes: tuple[LaneLine, ...]
    mine: tuple[CaseLine, ...]
    waiting: bool


async def summary(desk: Desk) -> Summary | None:
    """None for who has nothing to do with queues."""
    if not desk.may(*LOOKING):
        return None
    sight, now = desk.use_cases.queue_sight, desk.use_cases.queues.now()
    lanes = await sight.glances(desk.user)
    mine: tuple[CaseLine, ...] = ()
    if desk.may(*ACTING, change=True):
        own = QueueFilter(mine=desk.user.login, held=Held.TOO)
        found = (await sight.page(desk.user, own, limit=_MINE)).cases
        lines = case_lines(found, login=desk.user.login, zone=desk.platform.zone, now=now, language=desk.look.language)
        mine = tuple(sorted(lines, key=lambda each: not each.handed_by))
    return Summary(
        lanes=lane_lines(lanes, now, desk.look.language), mine=mine, waiting=any(each.cases for each in lanes)
    )
