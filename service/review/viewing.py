"""A case as the faces show it."""

from __future__ import annotations

import uuid

from service.domain.errors import NotFound
from service.review.requests import CaseView
from service.store import CaseRecord, Store


async def view_of_case(store: Store, platform_id: str, case_id: uuid.UUID) -> CaseView:
    """NotFound where the platform has no such case, also where another platform has one."""
    record = await store.load_case(platform_id, case_id)
    if record is None:
        raise NotFound("There is no case with this id on your platform.")
    return view_of(record)


def view_of(record: CaseRecord) -> CaseView:
    return CaseView(
        case=record.case,
        assessment=record.assessment,
        linked_claims=tuple(item.id for item in record.linked),
        grant=record.grant,
        steps=record.steps,
        deadline=record.deadline,
        proposal=record.proposal,
        reassessing=record.reassessing,
    )
