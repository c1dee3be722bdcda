"""The trail before somebody who judges cases as well: nothing of those they have still to judge by themselves.

Their score is held back on the case page; its reasons, what was decided, and which cases are golden stand in the trail.
"""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace

from service.console.desk import Desk
from service.domain.actors import same_person
from service.domain.users import Role
from service.review.trail_desk import AuditEntry


class Covering:
    """For one request. Who judges no cases sees everything."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._judges = desk.may(Role.REVIEWER, change=True)
        self._known: dict[uuid.UUID, bool] = {}

    async def judges_first(self, typed: str) -> bool:
        """Whether a case, by its id or number, is one they have to judge before they look it up."""
        if not self._judges:
            return False
        desk, text = self._desk, typed.strip()
        waiting = await desk.use_cases.quality.waiting(desk.platform_id, desk.user)
        if any(text in (each.number, str(each.case_id), f"case:{each.case_id}") for each in waiting):
            return True
        subject = await desk.use_cases.trail_desk.subject_of(desk.platform_id, text)
        return subject is not None and await self._blind(subject)

    async def covered(self, entry: AuditEntry) -> AuditEntry:
        if not self._judges or not await self._tells(entry):
            return entry
        say = self._desk.say
        why = say("需先独立判断，内容暂不显示", "held back until you have judged the case")
        return replace(entry, reason=why, before=None, after=None, details_sha256="")

    async def each(self, entries: AsyncIterator[AuditEntry]) -> AsyncIterator[AuditEntry]:
        async for entry in entries:
            yield await self.covered(entry)

    async def _tells(self, entry: AuditEntry) -> bool:
        if entry.action.startswith("golden.") and not same_person(entry.actor, self._desk.actor):
            return True
        return await self._blind(entry.subject)

    async def _blind(self, subject: str) -> bool:
        kind, _, text = subject.partition(":")
        if kind != "case":
            return False
        try:
            case_id = uuid.UUID(text)
        except ValueError:
            return False
        desk = self._desk
        if not self._known:  # what the golden cases before them are made from says as much as those
            placed = await desk.use_cases.quality.golden.placed(desk.platform_id, desk.actor)
            self._known = {each.case_id: True for each in placed}
        if case_id not in self._known:
            self._known[case_id] = await desk.use_cases.quality.blind(desk.platform_id, case_id, desk.user)
        return self._known[case_id]
