"""Pieces of the OpenAPI document: answers with examples, bodies we parse ourselves, the schemas of those bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from service.api import problems
from service.api.errors import (
    BodyCutOff,
    BodyTooSlow,
    MalformedJson,
    ScopeMissing,
    UnsupportedMediaType,
)
from service.api.event_documentation import webhooks
from service.api.rate_limits import TOO_MANY
from service.api.schemas.batches import BatchItemIn
from service.api.schemas.claims import ClaimIn
from service.api.schemas.events import EventIn, EventsIn
from service.api.schemas.fields import Strict
from service.api.schemas.scores import ScoresIn
from service.domain.errors import InvalidRequest, PrereviewError, TooLarge, Unauthenticated, Unavailable

Responses = dict[int | str, dict[str, Any]]

# The models of bodies we parse ourselves; every operation's joins by ``json_body``.
_BODIES: dict[str, type[Strict]] = {
    model.__name__: model for model in (BatchItemIn, ClaimIn, EventsIn, EventIn, ScoresIn)
}
_SCHEMAS = "#/components/schemas/"
_REQUEST_ID = "019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b36"

UNAUTHENTICATED = Unauthenticated(
    "This key is not known, has ended, or is not for use from this network. Ask your operator for a new one."
)
SCOPE_MISSING = ScopeMissing(
    "This key lacks the scope `events`. Ask your operator for a key that has it.", extra={"scope": "events"}
)
UNAVAILABLE = Unavailable("The database cannot be reached. Send the request again with the same Idempotency-Key.")
UNFORESEEN = PrereviewError(problems.UNFORESEEN)
BODY_CUT_OFF = BodyCutOff("The connection closed before the body ended; nothing was kept. Send it again.")
BODY_TOO_SLOW = BodyTooSlow("The body must arrive within 120 s. Send it again, or send smaller files.")
MALFORMED_JSON = MalformedJson(
    "The claim is not valid JSON: unexpected character at line 3, column 14. Mend it and send it again.",
    extra={"line": 3, "column": 14, "position": 61},
)
NOT_JSON = UnsupportedMediaType("Send the body as application/json.")
BODY_TOO_LARGE = TooLarge("The body may be 8 MB at most. Send it in parts.", extra={"limit": 8 * 1024 * 1024})
INVALID_ROWS = InvalidRequest(
    "rows[0] lacks account_age_days. Correct what `errors` lists and send it again.",
    extra={"errors": [{"path": "rows[0]", "message": "lacks account_age_days"}], "error_count": 1},
)
COMMON = (UNAUTHENTICATED, TOO_MANY, UNAVAILABLE, UNFORESEEN)


def ref(model: type[Strict]) -> dict[str, str]:
    return {"$ref": _SCHEMAS + model.__name__}


def answer(
    description: str, model: Any, examples: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """One documented answer; ``headers``: name to description."""
    shown = {name: {"value": value} for name, value in examples.items()}
    documented: dict[str, Any] = {
        "description": description,
        "model": model,
        "content": {"application/json": {"examples": shown}},
    }
    if headers:
        documented["headers"] = {
            name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
        }
    return documented


def refusals(*errors: PrereviewError) -> Responses:
    """The documented problems, by status, one example for each type."""
    documented: Responses = {}
    for error in errors:
        entry = documented.setdefault(
            error.status,
            {
                "description": error.title,
                "content": {problems.MEDIA_TYPE: {"schema": {"$ref": _SCHEMAS + "ProblemOut"}, "examples": {}}},
            },
        )
        entry["content"][problems.MEDIA_TYPE]["examples"][error.type] = {
            "summary": error.title,
            "value": problems.document(error, _REQUEST_ID),
        }
        if len(entry["content"][problems.MEDIA_TYPE]["examples"]) > 1:
            entry["description"] = "One of several problems; `type` says which"
    return documented


def json_body(model: type[Strict], example: Any, **others: Any) -> dict[str, Any]:
    """``openapi_extra`` of an operation that reads its own JSON body."""
    _BODIES[model.__name__] = model
    content = {"application/json": {"schema": ref(model), "examples": {"typical": {"value": example}}}, **others}
    return {"requestBody": {"required": True, "content": content}}


def install(app: FastAPI) -> None:
    """Give ``app`` an OpenAPI document that also holds the schemas of the bodies it parses itself."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
    )
    wanted: list[tuple[Any, Any]] = [(model, "validation") for model in _BODIES.values()]
    _, bodies = models_json_schema(wanted, ref_template=_SCHEMAS + "{model}")
    _, answers = models_json_schema([(problems.ProblemOut, "serialization")], ref_template=_SCHEMAS + "{model}")
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in {**bodies["$defs"], **answers["$defs"]}.items():
        schemas.setdefault(name, schema)
    _drop_framework_refusals(document)
    _tell_limits(document)
    document["webhooks"] = webhooks()
    return document


def _tell_limits(document: dict[str, Any]) -> None:
    """Every answer to a known key has the RateLimit fields; a key's class without limits has none."""
    document["components"]["headers"] = _LIMIT_HEADERS
    told = {name: {"$ref": f"#/components/headers/{name}"} for name in _LIMIT_HEADERS}
    for path, operations in document["paths"].items():
        for operation in operations.values() if path.startswith("/v1/") else ():
            for status, answer in operation["responses"].items():
                if status not in ("401", "500", "503"):
                    answer["headers"] = {**answer.get("headers", {}), **told}


_LIMIT_HEADERS = {
    "RateLimit-Policy": {
        "description": "The key's limits: quota `q` in a window of `w` seconds.",
        "schema": {"type": "string"},
        "example": '"second";q=100;w=1, "minute";q=3000;w=60',
    },
    "RateLimit": {
        "description": "What is left of them: `r` requests, for `t` seconds.",
        "schema": {"type": "string"},
        "example": '"second";r=99;t=1, "minute";r=2874;t=31',
    },
}


def _drop_framework_refusals(document: dict[str, Any]) -> None:
    """FastAPI documents a 422 of its own wherever there are parameters; ours has another shape and stands already."""
    for operations in document["paths"].values():
        for operation in operations.values():
            content = operation["responses"].get("422", {}).get("content", {})
            if "application/json" in content:
                del operation["responses"]["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
