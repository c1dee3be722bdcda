"""POST /v1/scores: risk of feature rows, for those who study the model. Decides nothing and stores nothing."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.api import documentation as docs
from service.api import examples
from service.api.body import media_type, parse_json, read_body
from service.api.context import Context, Language
from service.api.errors import UnsupportedMediaType
from service.api.schemas.scores import ScoresIn, ScoresOut, score_out
from service.api.security import ScoresCaller
from service.api.validation import MAX_ERRORS, validate
from service.domain.errors import InvalidRequest
from service.features import FEATURE_HASH, FEATURE_NAMES

router = APIRouter(tags=["model"])

_KNOWN = frozenset(FEATURE_NAMES)


@router.post(
    "/v1/scores",
    summary="Risk and contributions of 1 to 1,000 feature rows",
    operation_id="scoreRows",
    response_class=Response,
    openapi_extra=docs.json_body(ScoresIn, examples.SCORES),
    responses={
        200: docs.answer("Scored, in the order of the rows", ScoresOut, {"scored": examples.SCORES_ANSWER}),
        **docs.refusals(
            docs.MALFORMED_JSON,
            docs.BODY_CUT_OFF,
            docs.SCOPE_MISSING,
            docs.BODY_TOO_SLOW,
            docs.BODY_TOO_LARGE,
            docs.NOT_JSON,
            docs.INVALID_ROWS,
            *docs.COMMON,
        ),
    },
)
async def score(request: Request, context: Context, caller: ScoresCaller, language: Language) -> Response:  # noqa: ARG001
    """Each row names every feature; null is a value that is not known. Answers 503 while no bundle is healthy."""
    if media_type(request) != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    raw = await read_body(request, limit=context.limits.scores_bytes, seconds=context.limits.seconds, what="The body")
    rows = validate(ScoresIn, parse_json(raw, "The body")).rows
    _refuse_other_features(rows)
    risks = await context.review.score([[row[name] for name in FEATURE_NAMES] for row in rows])
    body = ScoresOut(model=risks[0].model, features=FEATURE_HASH, scores=[score_out(risk, language) for risk in risks])
    return Response(
        body.model_dump_json(),
        media_type="application/json",
        headers={"Content-Language": language, "Vary": "Accept-Language"},
    )


def _refuse_other_features(rows: list[dict[str, float | None]]) -> None:
    """A row must name exactly the features: a misspelt one would otherwise be scored as unknown."""
    errors = []
    for index, row in enumerate(rows):
        if row.keys() == _KNOWN:
            continue
        errors += [{"path": f"rows[{index}]", "message": f"lacks {name}"} for name in FEATURE_NAMES if name not in row]
        errors += [
            {"path": f"rows[{index}].{name}", "message": "is not a known feature"} for name in row.keys() - _KNOWN
        ]
    if errors:
        first = errors[0]
        raise InvalidRequest(
            f"{first['path']} {first['message']}. Correct what `errors` lists and send it again.",
            extra={"errors": errors[:MAX_ERRORS], "error_count": len(errors)},
        )
