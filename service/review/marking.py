"""What a reviewer says beside deciding: a misread field put right, and how risky the case seems to them."""

from __future__ import annotations

import uuid
from zoneinfo import ZoneInfo

from service.domain.errors import Conflict, InvalidRequest
from service.domain.evidence import Field, FieldName
from service.domain.identifiers import new_id
from service.domain.marks import ReadingLabel, RiskMark
from service.evidence.corrected import CORRECTABLE, value_of
from service.review.desk import Acting, Desk
from service.review.requests import CaseView
from service.store import marking

__all__ = ["CORRECTABLE", "Marking"]

_SURE = range(50, 101)
_LONGEST_NOTE = 1_000


class Marking:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def correct(
        self, acting: Acting, case_id: uuid.UUID, sha256: str, name: FieldName, text: str, expected_version: int | None
    ) -> CaseView:
        """Say what stands on a page where the reader had something else: a label of the reader, and a new assessment
        that supersedes. InvalidRequest for a text that is no such value or a field nobody read; Conflict where it is
        what was read; IllegalMove where the case takes in nothing new."""
        async with self._desk.open(acting, case_id, expected_version) as work:
            assessment = await work.assessment()
            pages = assessment.evidence if assessment is not None else ()
            page = next((item.page for item in pages if item.sha256 == sha256), None)
            field: Field | None = page.fields.get(name) if page is not None else None
            if field is None or name not in CORRECTABLE:
                raise InvalidRequest("There is no such field on this page to correct.", extra={"code": "no_field"})
            zone: ZoneInfo = work.policy.time_zone
            value = value_of(name, text, work.case.as_of.astimezone(zone).date())
            if value is None:
                raise InvalidRequest("This cannot be what stands there; write it as printed.", extra={"code": "text"})
            if value == field.value:
                raise Conflict("This is what was read already.", extra={"code": "same"})
            label = ReadingLabel(
                id=new_id(),
                platform_id=acting.platform_id,
                case_id=case_id,
                sha256=sha256,
                field=name,
                read=field.text,
                text=text.strip(),
                value=value,
                reader=(assessment.versions.get("reader", "") if assessment is not None else ""),
                actor=acting.actor,
                recorded_at=work.now,
            )
            await marking.add_reading(work.tx, label, work.claim.order.order_number)
            what = {"field": name.value, "page": sha256}
            await work.reassess("reading", kept=what, recorded={"field": name.value})
        return await self._desk.view(acting, case_id)

    async def mark(
        self, acting: Acting, case_id: uuid.UUID, loss_percent: int, confidence: int, note: str = ""
    ) -> None:
        """How the case seems, whatever was decided: it moves nothing. InvalidRequest for figures out of range.

        ``loss_percent``: the part held not to be due; ``confidence``: per cent, from 50, how sure.
        """
        if loss_percent not in range(101) or confidence not in _SURE or len(note) > _LONGEST_NOTE:
            raise InvalidRequest("A mark is between 0 and 100 %, its confidence between 50 and 100 %.")
        store, now = self._desk.store, self._desk.clock.now()
        async with store.transaction() as tx:
            await store.lock_case(tx, acting.platform_id, case_id)
            await marking.add_mark(
                tx,
                RiskMark(
                    id=new_id(),
                    platform_id=acting.platform_id,
                    case_id=case_id,
                    loss_share=loss_percent / 100,
                    confidence=confidence,
                    note=note.strip(),
                    score_seen=acting.score_seen,
                    actor=acting.actor,
                    recorded_at=now,
                ),
            )
