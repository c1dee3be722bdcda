"""What became of cases, what does not add up in the records, and what sellers owe."""

from __future__ import annotations

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from service.api import documentation as docs
from service.api import outcome_examples as told
from service.api import pagination
from service.api.body import read_model
from service.api.case_answers import case_action, case_answer
from service.api.context import Context, Language
from service.api.idempotency import once
from service.api.ledger_table import ledger_table
from service.api.pagination import Page
from service.api.schemas.fields import Moment
from service.api.schemas.outcomes import (
    AnomaliesOut,
    AnomalyOut,
    FailureRateOut,
    LedgerEntryOut,
    LedgerOut,
    OutcomeIn,
)
from service.api.security import CasesCaller, OutcomesCaller
from service.domain.errors import Conflict, InvalidRequest
from service.domain.outcomes import AnomalyKind

router = APIRouter(tags=["cases"])

_REUSED = Conflict("The reference 'pay-20261121-77' was used for another outcome; give this one its own.")
_NO_SPAN = InvalidRequest("query.until must lie after query.since, and at most 366 days after it.")
_LONGEST_DAYS = 366
_AT_MOST = 10_000


@router.post(
    "/v1/cases/{case_id}/outcomes",
    summary="What became of the case: paid, failed, voided, disputed",
    operation_id="tellOutcome",
    **case_action(OutcomeIn, told.PAID_OUTCOME, told.PAID_CASE, _REUSED),
)
async def tell(
    case_id: uuid.UUID, request: Request, context: Context, caller: OutcomesCaller, language: Language
) -> Response:
    """Payment, confirmation of what a grant rests on, a later activation, a chargeback or dispute, a supplier's log.

    What was paid is never refused: where it does not fit the grant, it is kept and told as an anomaly.
    """
    asked = await read_model(request, context.limits, OutcomeIn)

    async def perform() -> Response:
        view = await context.outcomes.tell(caller, case_id, asked.to_domain())
        return case_answer(request, view, caller, language)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.get(
    "/v1/anomalies",
    summary="Duplicate payments and payments that do not fit, found unasked",
    operation_id="listAnomalies",
    response_model=AnomaliesOut,
    responses={
        200: docs.answer("Newest first", AnomaliesOut, {"duplicate": told.ANOMALIES}, pagination.HEADERS),
        **docs.refusals(pagination.BAD_CURSOR, docs.SCOPE_MISSING, *docs.COMMON),
    },
)
async def anomalies(
    request: Request,
    context: Context,
    caller: CasesCaller,
    page: Page,
    kind: Annotated[list[AnomalyKind] | None, Query(description="Only these kinds.")] = None,
) -> Response:
    """Two payments of one order, two identical orders within a minute, sums paid that were not granted."""
    kinds = tuple(kind or ())
    filters = {"anomalies": sorted(each.value for each in kinds)}
    after = page.after((uuid.UUID,), filters)
    before = after[0] if after else None
    assert before is None or isinstance(before, uuid.UUID)
    found = await context.outcomes.anomalies(caller.platform_id, kinds=kinds, before=before, limit=page.limit + 1)
    shown = found[: page.limit]
    following = pagination.cursor((shown[-1].id,), filters) if len(found) > page.limit else None
    body = AnomaliesOut(anomalies=[AnomalyOut.of(each) for each in shown], next_cursor=following)
    return Response(body.model_dump_json(), media_type="application/json", headers=pagination.link(request, following))


@router.get(
    "/v1/ledger",
    summary="Who is liable for what was granted, and whose goods fail how often",
    operation_id="getLedger",
    response_model=LedgerOut,
    responses={
        200: docs.answer("Grants, oldest first", LedgerOut, {"one": told.LEDGER}),
        **docs.refusals(_NO_SPAN, docs.SCOPE_MISSING, *docs.COMMON),
    },
)
async def ledger(
    context: Context,
    caller: OutcomesCaller,
    since: Annotated[Moment, Query(description="Granted at or after.")],
    until: Annotated[Moment, Query(description="Granted before.")],
    seller_id: Annotated[str | None, Query(max_length=128)] = None,
    format: Annotated[Literal["json", "csv"], Query(description="`csv`: every grant, streamed.")] = "json",
) -> Response:
    """As JSON at most 10,000 grants, with failure rates; as CSV all of them."""
    if not 0 < (until - since).total_seconds() <= _LONGEST_DAYS * 86_400:
        raise _NO_SPAN
    if format == "csv":
        found = context.outcomes.ledger(caller.platform_id, since, until, seller_id=seller_id)
        return StreamingResponse(ledger_table(found), media_type="text/csv; charset=utf-8")
    entries: list[LedgerEntryOut] = []
    async for entry in context.outcomes.ledger(caller.platform_id, since, until, seller_id=seller_id):
        if len(entries) == _AT_MOST:
            raise InvalidRequest("More than 10,000 grants lie between: ask for a shorter time, or for format=csv.")
        entries.append(LedgerEntryOut.of(entry))
    rates = await context.outcomes.failure_rates(caller.platform_id, since, until)
    body = LedgerOut(
        entries=entries,
        failure_rates=[FailureRateOut.of(each) for each in rates if seller_id is None or each.seller_id == seller_id],
    )
    return Response(body.model_dump_json(), media_type="application/json")
