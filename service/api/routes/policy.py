"""GET /v1/policy: what is published. /v1/policy/versions: what was in force, is, and is to be; proposed and signed."""

from __future__ import annotations

from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Path, Query, Request, Response

from service.api import documentation as docs
from service.api import idempotency
from service.api import policy_examples as told
from service.api.body import media_type, parse_json, read_body, read_model, refuse_unstorable
from service.api.context import Context, Language
from service.api.errors import ScopeMissing, UnsupportedMediaType
from service.api.idempotency import once
from service.api.policy_answers import (
    BAD_VERSION,
    INVALID_TEXT,
    NO_SUCH_VERSION,
    SAME_PERSON,
    TEXT_CHANGED,
    comparison_out,
    dry_run_out,
    json_answer,
    tagged,
    version_action,
    version_out,
)
from service.api.schemas.policy import (
    ActIn,
    ApproveIn,
    ComparisonOut,
    DryRunIn,
    DryRunOut,
    EndIn,
    ProposeIn,
    VersionOut,
    VersionsOut,
)
from service.api.security import AnyCaller, PolicyCaller
from service.api.validation import validate
from service.domain.errors import InvalidRequest, TooLarge
from service.review.requests import Scope

router = APIRouter(tags=["policy"])

# A text of 200,000 characters of three bytes, with JSON's escapes around it.
_TEXT_BYTES = 1024 * 1024
Version = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="The version's name.", examples=["4"])]
_NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "As the If-None-Match header has it"}}


@router.get(
    "/v1/policy",
    summary="The rules in force: criteria, negative list, evidence, time limits, fees, routes",
    operation_id="getPolicy",
    response_class=Response,
    responses={
        200: docs.answer(
            "The public part of the platform's policy",
            dict[str, Any],
            {"policy": told.POLICY},
            {"ETag": "A digest of this answer, for If-None-Match."},
        ),
        **_NOT_MODIFIED,
        **docs.refusals(*docs.COMMON),
    },
)
async def policy(request: Request, context: Context, caller: AnyCaller, language: Language) -> Response:
    """What a buyer may know, in one language; nothing about how risk is judged. The page at `/public/{platform}/policy`
    shows the same to buyers."""
    published = await context.policies.published(caller.platform_id)
    view = published.view(language)
    return tagged(request, orjson.dumps(view), {"Content-Language": language, "Vary": "Accept-Language"})


@router.get(
    "/v1/policy/versions",
    summary="Every version of the policy and where it stands",
    operation_id="listPolicyVersions",
    response_class=Response,
    responses={
        200: docs.answer("Newest first", VersionsOut, {"versions": {"versions": [told.POLICY_VERSION]}}),
        **docs.refusals(docs.SCOPE_MISSING, *docs.COMMON),
    },
)
async def versions(context: Context, caller: PolicyCaller) -> Response:
    """Without their texts."""
    found = await context.policies.versions(caller.platform_id)
    return json_answer(VersionsOut(versions=[version_out(each) for each in found]))


@router.get(
    "/v1/policy/versions/{version}",
    summary="One version with its text",
    operation_id="getPolicyVersion",
    response_class=Response,
    responses={
        200: docs.answer("The version", VersionOut, {"version": {**told.POLICY_VERSION, "text": "format: 1\n…"}}),
        **docs.refusals(NO_SUCH_VERSION, docs.SCOPE_MISSING, BAD_VERSION, *docs.COMMON),
    },
)
async def version(version: Version, context: Context, caller: PolicyCaller) -> Response:
    """Its `text_sha256` is what a signature is given for."""
    return json_answer(version_out(await context.policies.version(caller.platform_id, version), text=True))


@router.get(
    "/v1/policy/versions/{version}/differences",
    summary="What a version changes against another one",
    operation_id="comparePolicyVersions",
    response_class=Response,
    responses={
        200: docs.answer("Clause by clause, and line by line", ComparisonOut, {"fee": told.POLICY_COMPARISON}),
        **docs.refusals(NO_SUCH_VERSION, docs.SCOPE_MISSING, BAD_VERSION, INVALID_TEXT, *docs.COMMON),
    },
)
async def differences(
    version: Version,
    context: Context,
    caller: PolicyCaller,
    against: Annotated[
        str | None,
        Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="The other version; left out: the one in force."),
    ] = None,
) -> Response:
    """By meaning, whatever the layout of the texts, and as a unified diff."""
    other = against or (await context.policies.published(caller.platform_id)).version
    return json_answer(comparison_out(await context.policies.compare(caller.platform_id, other, version)))


@router.post(
    "/v1/policy/versions",
    summary="Propose a new version of the policy",
    operation_id="proposePolicy",
    status_code=201,
    response_class=Response,
    openapi_extra={
        "parameters": [idempotency.parameter()],
        **docs.json_body(ProposeIn, told.POLICY_PROPOSAL),
    },
    responses={
        201: docs.answer(
            "Stored; it waits for a second person's signature",
            VersionOut,
            {"proposed": told.POLICY_VERSION},
            {"Location": "Where the version is.", **idempotency.HEADERS},
        ),
        **docs.refusals(
            *idempotency.REFUSALS,
            docs.MALFORMED_JSON,
            docs.BODY_CUT_OFF,
            docs.SCOPE_MISSING,
            docs.BODY_TOO_SLOW,
            TooLarge("The policy may be 1 MB at most. Send it in parts.", extra={"limit": _TEXT_BYTES}),
            docs.NOT_JSON,
            INVALID_TEXT,
            InvalidRequest("It is to come into force at 2026-11-20T00:00:00+00:00, which is past. Give a later time."),
            told.NOTHING_TO_SIGN,
            *docs.COMMON,
        ),
    },
)
async def propose(request: Request, context: Context, caller: PolicyCaller) -> Response:
    """Nothing changes until another person, with another key, signs it off."""
    if media_type(request) != "application/json":
        raise UnsupportedMediaType("Send the body as application/json.")
    raw = await read_body(request, limit=_TEXT_BYTES, seconds=context.limits.seconds, what="The policy")
    data = parse_json(raw, "The body")
    refuse_unstorable(data)
    asked = validate(ProposeIn, data)

    async def perform() -> Response:
        standing = await context.policies.propose(
            caller.platform_id,
            asked.text,
            person=asked.by,
            actor=caller.actor,
            wanted_at=asked.effective_at,
            note=asked.note,
            draft=asked.draft,
        )
        location = f"/v1/policy/versions/{standing.record.version}"
        return json_answer(version_out(standing), 201, {"Location": location})

    return await once(request, context, caller, data, perform)


@router.post(
    "/v1/policy/versions/{version}/dry-run",
    summary="A stored case under this version: what would change",
    operation_id="dryRunPolicy",
    response_class=Response,
    openapi_extra=docs.json_body(DryRunIn, told.DRY_RUN),
    responses={
        200: docs.answer("Side by side", DryRunOut, {"dearer": told.DRY_RUN_DONE}),
        **docs.refusals(
            docs.MALFORMED_JSON,
            docs.BODY_CUT_OFF,
            docs.SCOPE_MISSING,
            NO_SUCH_VERSION,
            told.NO_SUCH_CASE,
            docs.BODY_TOO_SLOW,
            docs.BODY_TOO_LARGE,
            docs.NOT_JSON,
            BAD_VERSION,
            INVALID_TEXT,
            *docs.COMMON,
        ),
    },
)
async def dry_run(version: Version, request: Request, context: Context, caller: PolicyCaller) -> Response:
    """Nothing is stored. Needs the scope `internal` too: the rules' own word can tell why a person was asked."""
    if Scope.INTERNAL not in caller.scopes:
        raise ScopeMissing(
            "This key lacks the scope `internal`. Ask your operator for a key that has it.", extra={"scope": "internal"}
        )
    asked = await read_model(request, context.limits, DryRunIn)
    text = (await context.policies.version(caller.platform_id, version)).record.text
    found = await context.use_cases.trials.dry_run(caller.platform_id, asked.case, text, certified=asked.certified)
    return json_answer(dry_run_out(found))


@router.post(
    "/v1/policy/versions/{version}/propose",
    summary="Put a draft up for signature",
    operation_id="proposePolicyDraft",
    **version_action(ActIn, told.POLICY_ACT, told.POLICY_VERSION),
)
async def propose_draft(version: Version, request: Request, context: Context, caller: PolicyCaller) -> Response:
    """What was kept as a draft waits for a second person from now on."""
    asked = await read_model(request, context.limits, ActIn)

    async def perform() -> Response:
        standing = await context.policies.propose_draft(
            caller.platform_id, version, person=asked.by, actor=caller.actor
        )
        return json_answer(version_out(standing))

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.post(
    "/v1/policy/versions/{version}/approve",
    summary="Sign a proposed version off, as a second person",
    operation_id="approvePolicy",
    **version_action(ApproveIn, told.POLICY_APPROVAL, told.POLICY_SIGNED, SAME_PERSON, TEXT_CHANGED, told.NOT_PROPOSED),
)
async def approve(version: Version, request: Request, context: Context, caller: PolicyCaller) -> Response:
    """The signature is for one text: its `text_sha256` is sent along. It needs another person and another key than the
    proposal, and is refused where another version was signed off since."""
    asked = await read_model(request, context.limits, ApproveIn)

    async def perform() -> Response:
        standing = await context.policies.sign_off(
            caller.platform_id, version, asked.text_sha256, person=asked.by, actor=caller.actor
        )
        return json_answer(version_out(standing))

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.post(
    "/v1/policy/versions/{version}/reject",
    summary="Refuse to sign a proposed version",
    operation_id="rejectPolicy",
    **version_action(EndIn, told.POLICY_END, told.POLICY_VERSION),
)
async def reject(version: Version, request: Request, context: Context, caller: PolicyCaller) -> Response:
    """It stays on record and never comes into force."""
    asked = await read_model(request, context.limits, EndIn)

    async def perform() -> Response:
        standing = await context.policies.reject(
            caller.platform_id, version, why=asked.why, person=asked.by, actor=caller.actor
        )
        return json_answer(version_out(standing))

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.post(
    "/v1/policy/versions/{version}/withdraw",
    summary="Take a version back that is not in force yet",
    operation_id="withdrawPolicy",
    **version_action(EndIn, told.POLICY_END, told.POLICY_VERSION),
)
async def withdraw(version: Version, request: Request, context: Context, caller: PolicyCaller) -> Response:
    """Up to a minute before it comes into force."""
    asked = await read_model(request, context.limits, EndIn)

    async def perform() -> Response:
        standing = await context.policies.withdraw(
            caller.platform_id, version, why=asked.why, person=asked.by, actor=caller.actor
        )
        return json_answer(version_out(standing))

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)
