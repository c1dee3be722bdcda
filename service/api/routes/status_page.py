"""GET /v1/cases/{case_id}/status-page: the link a platform gives its buyer."""

from __future__ import annotations

import uuid

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from service.api import documentation as docs
from service.api.case_answers import BAD_CASE_ID, NO_SUCH_CASE
from service.api.context import Context
from service.api.security import ClaimsCaller

router = APIRouter(tags=["cases"])


class StatusPageOut(BaseModel):
    """Whoever has the link may follow the case and act on it as its buyer: give it to the buyer alone."""

    url: str = Field(description="A path where the deployment names no public address (PREREVIEW_PUBLIC_URL).")


_EXAMPLE = {"url": "https://refunds.example.com/public/demo/cases/AZpvPlMBeqSx9AxdfpqyNlRkYWxzZWRieWEzMmJpdHM"}


@router.get(
    "/v1/cases/{case_id}/status-page",
    summary="The buyer's page of a case",
    operation_id="getStatusPage",
    response_model=StatusPageOut,
    responses={
        200: docs.answer("Its address", StatusPageOut, {"link": _EXAMPLE}),
        **docs.refusals(NO_SUCH_CASE, docs.SCOPE_MISSING, BAD_CASE_ID, *docs.COMMON),
    },
)
async def status_page(case_id: uuid.UUID, context: Context, caller: ClaimsCaller) -> Response:
    """Progress, what is missing, deadline, upload, offer, appeal and the way to a person, in zh and en, on a phone."""
    body = StatusPageOut(url=await context.buyers.link(caller, case_id))
    return Response(body.model_dump_json(), media_type="application/json", headers={"Cache-Control": "no-store"})
