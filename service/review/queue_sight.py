"""The queues as one person sees them: with what waits for their judgement beside, so that it looks like the rest."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from service.domain.cases import CaseState
from service.domain.finding import FoundCase, IdKind, Likeness, folded
from service.domain.quality import Placement
from service.domain.queues import (
    COUNTED,
    Held,
    LaneGlance,
    QueuedCase,
    QueueFilter,
    QueuePage,
    QueuePosition,
)
from service.domain.users import User
from service.review.case_locks import CaseLocks
from service.review.quality import Quality
from service.review.queues import Queues

_WAITS = CaseState.IN_REVIEW


class QueueSight:
    """As ``Queues``, for somebody named."""

    def __init__(self, queues: Queues, quality: Quality, locks: CaseLocks) -> None:
        self._queues = queues
        self._quality = quality
        self._locks = locks

    async def glances(self, user: User) -> tuple[LaneGlance, ...]:
        found = await self._queues.glances(user.platform_id)
        beside, now = await self._quality.waiting(user.platform_id, user), self._queues.now()
        return tuple(_with(each, [one for one in beside if one.lane is each.lane], now) for each in found)

    async def page(
        self, user: User, wanted: QueueFilter, after: QueuePosition | None = None, limit: int = 50
    ) -> QueuePage:
        found = await self._queues.page(user.platform_id, wanted, after, limit)
        beside = [each for each in await self._beside(user) if _fits(each, wanted)]
        return merged(found, beside, after, limit)

    async def chosen(self, user: User, case_ids: Collection[uuid.UUID]) -> tuple[QueuedCase, ...]:
        found = await self._queues.chosen(user.platform_id, case_ids)
        beside = [each for each in await self._beside(user) if each.case_id in case_ids]
        return tuple(sorted((*found, *beside), key=lambda each: each.position))

    async def found(self, user: User, typed: str, found: Sequence[FoundCase]) -> tuple[FoundCase, ...]:
        """What a search gave, without what it would tell of cases they have still to judge."""
        beside = {each.case_id: each for each in await self._quality.waiting(user.platform_id, user)}
        copies = {each.case_id: each for each in await self._quality.golden.placed(user.platform_id, user.actor)}
        told = tuple(_told(each, each.case_id in beside, copies.get(each.case_id)) for each in found)
        known = {each.case_id for each in told}
        named = folded(typed)
        more = tuple(
            _found(each)
            for each in beside.values()
            if each.case_id not in known and named in (folded(each.number), folded(str(each.case_id)))
        )
        return more + told

    async def _beside(self, user: User) -> list[QueuedCase]:
        waiting = await self._quality.waiting(user.platform_id, user)
        if not waiting:
            return []
        mine = {lock.case_id for lock in await self._locks.mine(user)}
        return [replace(each, holder=user.login) if each.case_id in mine else each for each in waiting]


def merged(page: QueuePage, beside: Sequence[QueuedCase], after: QueuePosition | None, limit: int) -> QueuePage:
    """``beside`` in its places on a page that begins after ``after``; no page gets longer for it."""
    last = page.cases[-1].position if page.cases and (page.after is not None or page.looked_through) else None
    here = [
        each for each in beside if (after is None or each.position > after) and (last is None or each.position <= last)
    ]
    cases = sorted((*page.cases, *here), key=lambda each: each.position)
    if len(cases) <= limit:
        return replace(page, cases=tuple(cases))
    return replace(page, cases=tuple(cases[:limit]), after=cases[limit - 1].position)


def _with(glance: LaneGlance, beside: Sequence[QueuedCase], now: datetime) -> LaneGlance:
    if not beside:
        return glance
    dues = [each.due_at for each in beside if each.due_at is not None]
    cases = glance.cases + len(beside)
    return LaneGlance(
        lane=glance.lane,
        cases=min(cases, COUNTED),
        more=glance.more or cases > COUNTED,
        late=min(glance.late + sum(each.urgent_at < now for each in beside), COUNTED),
        oldest=min(each for each in (glance.oldest, *(one.accepted_at for one in beside)) if each is not None),
        due_at=min((each for each in (glance.due_at, *dues) if each is not None), default=None),
    )


def _fits(case: QueuedCase, wanted: QueueFilter) -> bool:
    """By what such a case has; it is never on hold nor of an incident."""
    same = (
        (wanted.lane, case.lane),
        (wanted.state, case.state),
        (wanted.reason, case.reason),
        (wanted.seller_id, case.seller_id),
        (wanted.currency, case.amount.currency),
        (wanted.mine, case.holder),
    )
    return (
        all(asked is None or asked == is_ for asked, is_ in same)
        and wanted.incident_id is None
        and wanted.product_id is None
        and wanted.held is not Held.ONLY
        and (wanted.amount_from is None or case.amount.minor >= wanted.amount_from)
        and (wanted.amount_to is None or case.amount.minor <= wanted.amount_to)
        and (wanted.accepted_before is None or case.accepted_at < wanted.accepted_before)
        and not (wanted.free and case.holder is not None)
    )


def _told(found: FoundCase, unjudged: bool, copy: Placement | None) -> FoundCase:
    """Of what they have still to judge not what was decided; in place of what a golden case is made from, that."""
    if copy is not None:
        value = copy.number if found.kind is IdKind.NUMBER else found.value
        return replace(
            found, case_id=copy.id, number=copy.number, value=value, state=_WAITS, accepted_at=copy.accepted_at
        )
    return replace(found, state=_WAITS) if unjudged else found


def _found(case: QueuedCase) -> FoundCase:
    return FoundCase(
        case_id=case.case_id,
        number=case.number,
        kind=IdKind.NUMBER,
        likeness=Likeness.EXACT,
        value=case.number,
        state=case.state,
        reason=case.reason,
        amount=case.amount,
        accepted_at=case.accepted_at,
    )
