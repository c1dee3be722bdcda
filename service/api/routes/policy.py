"""GET /v1/policy: the platform's rules as they may be published to buyers."""

from __future__ import annotations

from typing import Any

import orjson
from fastapi import APIRouter, Response

from service.api import documentation as docs
from service.api import examples
from service.api.context import Context, Language
from service.api.security import AnyCaller

router = APIRouter(tags=["policy"])


@router.get(
    "/v1/policy",
    summary="The rules in force: time limits, negative list, fees, routes",
    operation_id="getPolicy",
    response_class=Response,
    responses={
        200: docs.answer("The public part of the platform's policy", dict[str, Any], {"policy": examples.POLICY}),
        **docs.refusals(*docs.COMMON),
    },
)
async def policy(context: Context, caller: AnyCaller, language: Language) -> Response:
    """Criteria, negative list and what good evidence shows; nothing about how risk is judged."""
    view = await context.review.policy_view(caller, language)
    return Response(
        orjson.dumps(view),
        media_type="application/json",
        headers={"Content-Language": language, "Vary": "Accept-Language"},
    )
