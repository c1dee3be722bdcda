"""Outages: declared, confirmed, dismissed, ended; and the cases they strike."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel

from service.api import documentation as docs
from service.api import idempotency
from service.api import outcome_examples as told
from service.api.acting import acting, named
from service.api.body import read_model
from service.api.context import ApiContext, Context
from service.api.idempotency import once
from service.api.schemas.fields import Strict
from service.api.schemas.incidents import (
    BulkOut,
    IncidentActIn,
    IncidentDecisionIn,
    IncidentEndIn,
    IncidentIn,
    IncidentOut,
    IncidentsOut,
    RefusedOut,
)
from service.api.security import AnyCaller, CasesCaller, ReviewCaller
from service.domain.actors import Actor
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.incidents import Incident, Struck
from service.review.requests import Caller

router = APIRouter(tags=["incidents"])

_NONE = NotFound("There is no incident with this id on your platform.")
_TWICE = Conflict("There is an incident of seller seller-88 already; confirm, end or dismiss it.")
_BAD_ID = InvalidRequest(
    "path.incident_id must be a UUID. Correct what `errors` lists and send it again.",
    extra={"errors": [{"path": "path.incident_id", "message": "must be a UUID"}], "error_count": 1},
)
_NAMELESS = InvalidRequest("struck_id names the seller, product or supplier that is out; send it.")


def _written(
    body: type[Strict],
    example: dict[str, Any],
    status: int = 200,
    *,
    answer: type[BaseModel] = IncidentOut,
    shown: dict[str, Any] = told.INCIDENT,
) -> dict[str, Any]:
    extra = docs.json_body(body, dict(example))
    extra["parameters"] = [idempotency.parameter()]
    return {
        "response_class": Response,
        "status_code": status,
        "openapi_extra": extra,
        "responses": {
            status: docs.answer("What came of it", answer, {"example": shown}, idempotency.HEADERS),
            **docs.refusals(
                *idempotency.REFUSALS,
                docs.MALFORMED_JSON,
                docs.BODY_CUT_OFF,
                docs.BODY_TOO_SLOW,
                docs.NOT_JSON,
                docs.BODY_TOO_LARGE,
                docs.SCOPE_MISSING,
                _NONE,
                _TWICE,
                _BAD_ID,
                *docs.COMMON,
            ),
        },
    }


@router.post(
    "/v1/incidents",
    summary="Declare an outage",
    operation_id="declareIncident",
    **_written(IncidentIn, told.DECLARED, 201),
)
async def declare(request: Request, context: Context, caller: ReviewCaller) -> Response:
    """Its claims are grouped and one bulk decision is offered; once another person confirms it, they count in nobody's
    history."""
    asked = await read_model(request, context.limits, IncidentIn)
    if asked.struck_id is None and asked.struck is not Struck.PLATFORM:
        raise _NAMELESS

    async def perform() -> Response:
        incident = await context.incidents.declare(
            caller.platform_id,
            asked.struck,
            asked.struck_id or caller.platform_id,
            asked.began_at,
            asked.reason,
            named(asked.by),
        )
        return await _answer(context, incident, 201)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.get(
    "/v1/incidents",
    summary="Outages, declared and noticed",
    operation_id="listIncidents",
    response_model=IncidentsOut,
    responses={
        200: docs.answer("Newest first", IncidentsOut, {"one": {"incidents": [told.INCIDENT]}}),
        **docs.refusals(docs.SCOPE_MISSING, *docs.COMMON),
    },
)
async def listed(context: Context, caller: CasesCaller, going_on: bool = False) -> Response:
    """``going_on``: without those that ended or were dismissed."""
    found = await context.incidents.listed(caller.platform_id, going_on=going_on)
    body = IncidentsOut(incidents=[IncidentOut.of(each) for each in found])
    return Response(body.model_dump_json(), media_type="application/json")


@router.get(
    "/v1/incidents/{incident_id}",
    summary="One outage with its open cases",
    operation_id="getIncident",
    response_model=IncidentOut,
    responses={
        200: docs.answer("The incident", IncidentOut, {"incident": told.INCIDENT}),
        **docs.refusals(_NONE, docs.SCOPE_MISSING, _BAD_ID, *docs.COMMON),
    },
)
async def one(incident_id: uuid.UUID, context: Context, caller: CasesCaller) -> Response:
    """Its live cases, oldest first."""
    return await _answer(context, await context.incidents.incident(caller.platform_id, incident_id))


@router.post(
    "/v1/incidents/{incident_id}/confirm",
    summary="Say that a jump of claims is an outage",
    operation_id="confirmIncident",
    **_written(IncidentActIn, told.ACT),
)
async def confirm(incident_id: uuid.UUID, request: Request, context: Context, caller: ReviewCaller) -> Response:
    """Only now are its claims kept out of their accounts' history: whoever floods could make a jump. Nobody confirms
    what he declared."""
    return await _act(request, context, caller, incident_id, context.incidents.confirm)


@router.post(
    "/v1/incidents/{incident_id}/dismiss",
    summary="Say that a jump of claims is none",
    operation_id="dismissIncident",
    **_written(IncidentActIn, told.ACT),
)
async def dismiss(incident_id: uuid.UUID, request: Request, context: Context, caller: ReviewCaller) -> Response:
    """Its cases go back to their lanes. One that was confirmed is ended, not dismissed."""
    return await _act(request, context, caller, incident_id, context.incidents.dismiss)


@router.post(
    "/v1/incidents/{incident_id}/end",
    summary="Say since when an outage is over",
    operation_id="endIncident",
    **_written(IncidentEndIn, told.END),
)
async def end(incident_id: uuid.UUID, request: Request, context: Context, caller: ReviewCaller) -> Response:
    """Orders paid later have nothing to do with it."""
    asked = await read_model(request, context.limits, IncidentEndIn)

    async def perform() -> Response:
        person = named(asked.by)
        ended = await context.incidents.end(caller.platform_id, incident_id, asked.ended_at, asked.reason, person)
        return await _answer(context, ended)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.post(
    "/v1/incidents/{incident_id}/approve-all",
    summary="One decision for every case of an outage that waits for a person",
    operation_id="approveIncident",
    **_written(IncidentDecisionIn, told.APPROVE_ALL, answer=BulkOut, shown=told.APPROVED_ALL),
)
async def approve_all(incident_id: uuid.UUID, request: Request, context: Context, caller: AnyCaller) -> Response:
    """Each by the rules of a single approval: sums, second persons and locks hold; what is refused stays with people.
    Look at the incident's open cases first."""
    asked = await read_model(request, context.limits, IncidentDecisionIn)
    who, decision = acting(caller, asked), asked.to_decision()

    async def perform() -> Response:
        outcome = await context.incidents.decide_all(
            caller.platform_id,
            incident_id,
            lambda case_id: context.casework.deciding.approve(who, case_id, decision),
        )
        refused = [RefusedOut(case_id=case_id, detail=detail) for case_id, detail in outcome.refused.items()]
        body = BulkOut(done=list(outcome.done), refused=refused, left=outcome.left)
        return Response(body.model_dump_json(), media_type="application/json")

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


async def _act(
    request: Request,
    context: ApiContext,
    caller: Caller,
    incident_id: uuid.UUID,
    act: Callable[[str, uuid.UUID, str, Actor], Awaitable[Incident]],
) -> Response:
    asked = await read_model(request, context.limits, IncidentActIn)

    async def perform() -> Response:
        incident = await act(caller.platform_id, incident_id, asked.reason, named(asked.by))
        return await _answer(context, incident)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


async def _answer(context: ApiContext, incident: Incident, status: int = 200) -> Response:
    open_cases = await context.incidents.cases(incident.platform_id, incident.id)
    body = IncidentOut.of(incident, open_cases)
    return Response(body.model_dump_json(), status_code=status, media_type="application/json")
