"""/livez, /readyz and /metrics: for the machines that keep the service running."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST

from service.api import documentation as docs
from service.api import examples
from service.api.context import Context
from service.api.schemas.answers import PartOut, ReadinessOut
from service.domain.errors import Unavailable
from service.review.requests import PartState

router = APIRouter(tags=["operations"])


@router.get(
    "/livez",
    summary="The process runs",
    operation_id="livez",
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "It does",
            "content": {"text/plain": {"schema": {"type": "string"}, "examples": {"alive": {"value": "ok"}}}},
        }
    },
)
async def livez() -> PlainTextResponse:
    """Touches nothing else: a process that answers must not be restarted because its database is away."""
    return PlainTextResponse("ok")


@router.get(
    "/readyz",
    summary="Whether claims can be taken, and what is amiss",
    operation_id="readyz",
    response_class=Response,
    responses={
        200: docs.answer("Claims can be taken", ReadinessOut, {"ok": examples.READY, "degraded": examples.DEGRADED}),
        **docs.refusals(
            Unavailable(
                "No claim can be taken: database: cannot be reached.",
                extra={
                    "state": "down",
                    "parts": [{"name": "database", "state": "down", "detail": "cannot be reached"}],
                },
            )
        ),
    },
)
async def readyz(context: Context) -> Response:
    """Degraded still answers 200: claims are taken, and all of them go to a person."""
    readiness = await context.review.readiness()
    body = ReadinessOut(
        state=readiness.state,
        parts=[PartOut(name=part.name, state=part.state, detail=part.detail) for part in readiness.parts],
    )
    if readiness.state is PartState.DOWN:
        broken = "; ".join(f"{part.name}: {part.detail}" for part in readiness.parts if part.state is PartState.DOWN)
        raise Unavailable(f"No claim can be taken: {broken}", extra=body.model_dump(mode="json"))
    return Response(body.model_dump_json(), media_type="application/json")


@router.get(
    "/metrics",
    summary="Counts and durations in Prometheus' text format",
    operation_id="metrics",
    response_class=PlainTextResponse,
    responses={
        200: {
            "description": "The metrics",
            "content": {
                "text/plain": {"schema": {"type": "string"}, "examples": {"excerpt": {"value": examples.METRICS}}}
            },
        }
    },
)
async def metrics(context: Context) -> Response:
    return Response(context.metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_LATEST})
