"""POST /v1/pre-checks: what a claim would need and could come to, before it is made. Nothing is stored."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from service.api import documentation as docs
from service.api import policy_examples as told
from service.api.body import media_type, parse_json, read_body, refuse_unstorable
from service.api.context import Context, Language
from service.api.errors import PlatformMismatch, UnsupportedMediaType
from service.api.schemas.pre_checks import ClauseOut, ExpectedOut, MaterialOut, PreCheckIn, PreCheckOut
from service.api.security import ClaimsCaller
from service.api.validation import validate
from service.domain.errors import InvalidClaim, TooLarge
from service.policy import PreCheck

router = APIRouter(tags=["claims"])


@router.post(
    "/v1/pre-checks",
    summary="Ask before applying: can it qualify, what to send, what to expect",
    operation_id="preCheck",
    response_class=Response,
    openapi_extra=docs.json_body(PreCheckIn, told.PRE_CHECK),
    responses={
        200: docs.answer("What the published rules say of it", PreCheckOut, {"can_qualify": told.PRE_CHECKED}),
        **docs.refusals(
            docs.MALFORMED_JSON,
            docs.BODY_CUT_OFF,
            PlatformMismatch("The claim names the platform `north`, but this key belongs to another."),
            docs.SCOPE_MISSING,
            docs.BODY_TOO_SLOW,
            TooLarge("The claim may be 256 kB at most. Send less.", extra={"limit": 256 * 1024}),
            docs.NOT_JSON,
            told.NO_AMOUNT,
            *docs.COMMON,
        ),
    },
)
async def pre_check(request: Request, context: Context, caller: ClaimsCaller, language: Language) -> Response:
    """From the published rules and the order's record alone. Nothing is stored, nothing is decided, and who asks makes
    no difference."""
    if media_type(request) != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    limits = context.limits
    raw = await read_body(request, limit=limits.claim_bytes, seconds=limits.seconds, what="The claim")
    data = parse_json(raw, "The claim")
    refuse_unstorable(data, InvalidClaim)
    claim = validate(PreCheckIn, data, InvalidClaim)
    if claim.platform not in (None, caller.platform_id):
        raise PlatformMismatch(
            "The claim names another platform than this key's. Leave `platform` out, or use that platform's key."
        )
    found, version = await context.policies.pre_check(claim.to_domain(caller.platform_id))
    return Response(
        pre_check_out(found, version, language).model_dump_json(),
        media_type="application/json",
        headers={"Content-Language": language, "Vary": "Accept-Language"},
    )


def pre_check_out(found: PreCheck, version: str, language: str) -> PreCheckOut:
    return PreCheckOut(
        prospect=found.prospect,
        message=found.message.get(language),
        clauses=[ClauseOut(id=each.id, excludes=each.excludes, text=each.text.get(language)) for each in found.clauses],
        materials=[MaterialOut(code=each.code, text=each.text.get(language)) for each in found.materials],
        no_upload=found.no_upload,
        expected=_expected(found, language),
        notes=[note.get(language) for note in found.notes],
        apply_by=found.apply_by,
        wait_until=found.wait_until,
        answer_within=found.answer_within.get(language),
        materials_within=found.materials_within.get(language),
        official_channel=found.official_channel.get(language),
        policy_version=version,
    )


def _expected(found: PreCheck, language: str) -> ExpectedOut | None:
    grant = found.expected
    if grant is None:
        return None
    return ExpectedOut(
        amount=grant.amount.minor,
        fee=grant.fee.minor,
        currency=grant.amount.currency,
        route=grant.route,
        arrival=found.arrival.get(language) if found.arrival else None,
        withdrawable=grant.withdrawable,
    )
