"""GET /v1/cases: a platform's cases by filter, page by page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from service.api import documentation as docs
from service.api import examples, pagination
from service.api.context import Context
from service.api.pagination import Page
from service.api.schemas.fields import Identifier, Moment, Word
from service.api.schemas.listing import CasesOut, CaseSummaryOut
from service.api.security import CasesCaller
from service.domain.cases import CaseState
from service.domain.claims import ReasonCode
from service.domain.codec import to_data
from service.domain.errors import InvalidRequest
from service.domain.listing import CaseFilter, CaseSummary

router = APIRouter(tags=["cases"])


async def _filter(
    state: Annotated[list[CaseState] | None, Query(description="One of these; may be given several times.")] = None,
    lane: Annotated[Word | None, Query()] = None,
    order_number: Annotated[Identifier | None, Query()] = None,
    account_id: Annotated[Identifier | None, Query()] = None,
    reason: Annotated[ReasonCode | None, Query()] = None,
    reference: Annotated[Identifier | None, Query(description="The platform's own number of the claim.")] = None,
    number: Annotated[Identifier | None, Query(description="The case's number.")] = None,
    accepted_after: Annotated[
        Moment | None, Query(description="At this moment or later: ISO 8601 with offset.")
    ] = None,
    accepted_before: Annotated[Moment | None, Query(description="Before this moment: ISO 8601 with offset.")] = None,
) -> CaseFilter:
    return CaseFilter(
        states=frozenset(state or ()),
        lane=lane,
        order_number=order_number,
        account_id=account_id,
        reason=reason,
        reference=reference,
        number=number,
        accepted_from=accepted_after,
        accepted_before=accepted_before,
    )


Filter = Annotated[CaseFilter, Depends(_filter)]


@router.get(
    "/v1/cases",
    summary="Cases by state, lane, order, account, reason, reference, number or time",
    operation_id="listCases",
    response_class=Response,
    responses={
        200: docs.answer("A page of cases, newest first", CasesOut, {"page": examples.CASES}, pagination.HEADERS),
        **docs.refusals(
            docs.SCOPE_MISSING,
            pagination.BAD_CURSOR,
            InvalidRequest(
                "query.limit must be at most 200. Correct what `errors` lists and send it again.",
                extra={"errors": [{"path": "query.limit", "message": "must be at most 200"}], "error_count": 1},
            ),
            *docs.COMMON,
        ),
    },
)
async def cases(request: Request, context: Context, caller: CasesCaller, wanted: Filter, page: Page) -> Response:
    """All filters given must hold. What arrives while you turn pages neither repeats nor skips a case."""
    filters = {**to_data(wanted), "states": sorted(wanted.states)}
    after = page.after_moment(filters)
    found, position = await context.listing.cases(caller, wanted, after, page.limit)
    next_cursor = None if position is None else pagination.cursor(position, filters)
    body = CasesOut(cases=[_summary_out(case) for case in found], next_cursor=next_cursor)
    return Response(
        body.model_dump_json(), media_type="application/json", headers=pagination.link(request, next_cursor)
    )


def _summary_out(case: CaseSummary) -> CaseSummaryOut:
    return CaseSummaryOut(
        case_id=case.id,
        number=case.number,
        version=case.version,
        state=case.state,
        lane=case.lane,
        order_number=case.order_number,
        account_id=case.account_id,
        reference=case.reference,
        reason=case.reason,
        amount_claimed=case.claimed.minor,
        currency=case.claimed.currency,
        accepted_at=case.accepted_at,
        state_since=case.state_since,
        decided_at=case.decided_at,
    )
