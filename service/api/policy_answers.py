"""A policy's versions as answers, and how the operations on them are documented."""

from __future__ import annotations

import hashlib
from typing import Any

from fastapi import Request, Response
from pydantic import BaseModel

from service.api import documentation as docs
from service.api import idempotency
from service.api import policy_examples as told
from service.api.schemas.fields import Strict
from service.api.schemas.policy import ComparisonOut, DifferenceOut, DryRunOut, SignatureOut, VersionOut
from service.domain.errors import Conflict, InvalidPolicyText, InvalidRequest, NotFound, PrereviewError, StaleWrite
from service.domain.policy_versions import Signature
from service.review.policies import Comparison, Standing
from service.review.policy_trials import DryRun, facts_of

NO_SUCH_VERSION = NotFound("There is no policy version '9' on this platform. List them first.")
BAD_VERSION = InvalidRequest(
    "path.version must match ^[A-Za-z0-9._-]{1,64}$. Correct what `errors` lists and send it again.",
    extra={
        "errors": [{"path": "path.version", "message": "must match ^[A-Za-z0-9._-]{1,64}$"}],
        "error_count": 1,
    },
)
INVALID_TEXT = InvalidPolicyText(
    "The policy has 1 problem:\n- line 97, fee.buyer_at_fault_permille: 1000 is too large; the most is 50",
    extra={
        "errors": [{"line": 97, "path": "fee.buyer_at_fault_permille", "message": "1000 is too large; the most is 50"}],
        "error_count": 1,
    },
)
SAME_PERSON = Conflict("a policy is proposed by one person and signed off by another; have somebody else sign it off")
TEXT_CHANGED = StaleWrite(
    "the text of version '4' is not the one this signature is for; read it again and sign that",
    extra={"version": "4", "text_sha256": "0" * 64},
)


def version_out(standing: Standing, *, text: bool = False) -> VersionOut:
    record = standing.record
    return VersionOut(
        version=record.version,
        state=standing.state,
        text_sha256=record.text_sha256,
        policy_digest=record.digest,
        voids_certificate=standing.voids_certificate,
        effective_at=record.effective_at,
        wanted_at=record.wanted_at,
        based_on=record.based_on,
        note=record.note,
        drafted=SignatureOut(by=record.drafted.person, at=record.drafted.at),
        proposed=_signature(record.proposed),
        signed_off=_signature(record.signed),
        ended=_signature(record.ended),
        ended_why=record.ended_why,
        text=record.text if text else None,
    )


def comparison_out(found: Comparison) -> ComparisonOut:
    return ComparisonOut(
        before=found.before,
        after=found.after,
        decides_alike=found.decides_alike,
        differences=[
            DifferenceOut(
                path=each.path, change=each.change, before=each.before, after=each.after, wording=each.wording
            )
            for each in found.meanings
        ],
        lines=list(found.lines),
    )


def dry_run_out(found: DryRun) -> DryRunOut:
    facts = facts_of(found.before, found.after)
    return DryRunOut(
        number=found.case.number,
        version=found.version,
        changed=list(found.changed),
        before={name: before for name, (before, _) in facts.items()},
        after={name: after for name, (_, after) in facts.items()},
        notes=list(found.notes),
    )


def _signature(signature: Signature | None) -> SignatureOut | None:
    return None if signature is None else SignatureOut(by=signature.person, at=signature.at)


def json_answer(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body.model_dump_json(), status_code=status, media_type="application/json", headers=headers)


def tagged(request: Request, body: bytes, headers: dict[str, str]) -> Response:
    """``body`` as JSON with a digest of it as ETag; 304 where the caller has it already."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    given = ",".join(request.headers.getlist("if-none-match")).split(",")
    sent = {**headers, "ETag": tag}
    if any(item.strip().removeprefix("W/") in (tag, "*") for item in given):
        return Response(status_code=304, headers=sent)
    return Response(body, media_type="application/json", headers=sent)


def version_action(model: type[Strict], example: Any, done: Any, *refused: PrereviewError) -> dict[str, Any]:
    """The documented shape of a step in a version's life; for an operation's decorator."""
    return {
        "response_class": Response,
        "openapi_extra": {"parameters": [idempotency.parameter()], **docs.json_body(model, example)},
        "responses": {
            200: docs.answer("The version as it stands now", VersionOut, {"done": done}, idempotency.HEADERS),
            **docs.refusals(
                *idempotency.REFUSALS,
                docs.MALFORMED_JSON,
                docs.BODY_CUT_OFF,
                docs.SCOPE_MISSING,
                NO_SUCH_VERSION,
                docs.BODY_TOO_SLOW,
                docs.BODY_TOO_LARGE,
                docs.NOT_JSON,
                BAD_VERSION,
                INVALID_TEXT,
                *(refused or (told.NOT_PROPOSED,)),
                *docs.COMMON,
            ),
        },
    }
