"""/v1/webhooks: where a platform is told what happens to its cases, signed by Standard Webhooks."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel

from service.api import documentation as docs
from service.api import idempotency
from service.api import webhook_examples as examples
from service.api.body import read_model
from service.api.context import Context
from service.api.idempotency import once
from service.api.schemas.fields import Strict
from service.api.schemas.webhooks import (
    DeliveriesOut,
    ReplayIn,
    ReplayOut,
    SecretIn,
    SecretOut,
    TestOut,
    WebhookChangeIn,
    WebhookIn,
    WebhookMadeOut,
    WebhookOut,
    WebhooksOut,
    delivery_out,
    webhook_made_out,
    webhook_out,
)
from service.api.security import WebhooksCaller
from service.domain.errors import Conflict, InvalidRequest, NotFound, PrereviewError
from service.review.requests import Caller

router = APIRouter(tags=["webhooks"])

_NO_SUCH = NotFound("There is no webhook endpoint with this id on your platform.")
_BAD_ID = InvalidRequest(
    "path.webhook_id must be a UUID. Correct what `errors` lists and send it again.",
    extra={"errors": [{"path": "path.webhook_id", "message": "must be a UUID"}], "error_count": 1},
)
_SAME_URL = Conflict(
    f"The endpoint {examples.WEBHOOK_ID} has this URL already. Change that one, or make it a new secret.",
    extra={"webhook_id": examples.WEBHOOK_ID},
)
_DISABLED = Conflict("The endpoint is disabled, so nothing is sent to it. Enable it first.")
_MANY_SECRETS = Conflict("4 secrets of this endpoint sign still. Wait for an overlap to end.")


def _documented(
    description: str,
    model: type[BaseModel],
    example: Any,
    *refusals: PrereviewError,
    status: int = 200,
    body: tuple[type[Strict], Any] | None = None,
    once_only: bool = False,
) -> dict[str, Any]:
    """What a route documents, as keyword arguments. ``body``: its model and an example."""
    extra: dict[str, Any] = docs.json_body(body[0], body[1]) if body else {}
    problems: list[PrereviewError] = [docs.SCOPE_MISSING, *refusals, *docs.COMMON]
    if body:
        problems += [docs.MALFORMED_JSON, docs.BODY_CUT_OFF, docs.BODY_TOO_SLOW, docs.NOT_JSON, docs.BODY_TOO_LARGE]
    if once_only:
        extra["parameters"] = [idempotency.parameter()]
        problems += idempotency.REFUSALS
    headers = idempotency.HEADERS if once_only else None
    return {
        "response_class": Response,
        "status_code": status,
        "openapi_extra": extra,
        "responses": {
            status: docs.answer(description, model, {"typical": example}, headers),
            **docs.refusals(*problems),
        },
    }


@router.post(
    "/v1/webhooks",
    summary="A new endpoint, and its secret",
    operation_id="createWebhook",
    **_documented(
        "Made; the secret is shown this once", WebhookMadeOut, examples.WEBHOOK_MADE, _SAME_URL, _BAD_ID,
        status=201, body=(WebhookIn, examples.WEBHOOK_IN), once_only=True,
    ),
)  # fmt: skip
async def create(request: Request, context: Context, caller: WebhooksCaller) -> Response:
    """It is sent what happens from now on. A URL is an endpoint once: asked for anew, 409 names it."""
    asked = await read_model(request, context.limits, WebhookIn)

    async def perform() -> Response:
        made = await context.webhooks.create(
            caller.platform_id, caller.actor, url=asked.url, types=tuple(asked.types), description=asked.description
        )
        body = webhook_made_out(made.endpoint, made.secret)
        return _json(body, 201, {"Location": f"/v1/webhooks/{made.endpoint.id}"})

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.get(
    "/v1/webhooks",
    summary="The platform's endpoints",
    operation_id="listWebhooks",
    **_documented("All, oldest first; ten at most", WebhooksOut, examples.WEBHOOKS),
)
async def listed(context: Context, caller: WebhooksCaller) -> Response:
    counts = await context.webhooks.counts(caller.platform_id)
    endpoints = await context.webhooks.listed(caller.platform_id)
    return _json(WebhooksOut(webhooks=[webhook_out(one, counts.get(one.id)) for one in endpoints]))


@router.get(
    "/v1/webhooks/{webhook_id}",
    summary="One endpoint and how it stands",
    operation_id="getWebhook",
    **_documented("The endpoint", WebhookOut, examples.WEBHOOK, _NO_SUCH, _BAD_ID),
)
async def get(webhook_id: uuid.UUID, context: Context, caller: WebhooksCaller) -> Response:
    return _json(await _shown(context, caller, webhook_id))


@router.patch(
    "/v1/webhooks/{webhook_id}",
    summary="Change an endpoint, disable or enable it",
    operation_id="changeWebhook",
    **_documented(
        "The endpoint afterwards", WebhookOut, examples.CHANGED, _NO_SUCH, _BAD_ID, _SAME_URL,
        body=(WebhookChangeIn, examples.CHANGE), once_only=True,
    ),
)  # fmt: skip
async def change(webhook_id: uuid.UUID, request: Request, context: Context, caller: WebhooksCaller) -> Response:
    """Enabled again it gets what was waiting; what happened meanwhile is in the feed, or comes by a replay."""
    asked = await read_model(request, context.limits, WebhookChangeIn)
    changes = asked.model_dump(exclude_unset=True)
    if "types" in changes:
        changes["types"] = tuple(changes["types"])

    async def perform() -> Response:
        await context.webhooks.update(caller.platform_id, webhook_id, caller.actor, changes)
        return _json(await _shown(context, caller, webhook_id))

    said = asked.model_dump(mode="json", exclude_unset=True)
    return await once(request, context, caller, said, perform)


@router.delete(
    "/v1/webhooks/{webhook_id}",
    summary="Delete an endpoint and its secrets",
    operation_id="deleteWebhook",
    response_class=Response,
    status_code=204,
    responses={
        204: {"description": "It is gone"},
        **docs.refusals(docs.SCOPE_MISSING, _NO_SUCH, _BAD_ID, *docs.COMMON),
    },
)
async def delete(webhook_id: uuid.UUID, context: Context, caller: WebhooksCaller) -> Response:
    await context.webhooks.delete(caller.platform_id, webhook_id, caller.actor)
    return Response(status_code=204)


@router.post(
    "/v1/webhooks/{webhook_id}/secrets",
    summary="A new secret; those before it sign along for a while",
    operation_id="rotateWebhookSecret",
    **_documented(
        "Made; shown this once", SecretOut, examples.ROTATED, _NO_SUCH, _BAD_ID, _MANY_SECRETS,
        status=201, body=(SecretIn, examples.ROTATE), once_only=True,
    ),
)  # fmt: skip
async def rotate(webhook_id: uuid.UUID, request: Request, context: Context, caller: WebhooksCaller) -> Response:
    """During the overlap every message has both signatures: give your receiver the new secret within it."""
    asked = await read_model(request, context.limits, SecretIn)

    async def perform() -> Response:
        made = await context.webhooks.rotate(
            caller.platform_id, webhook_id, caller.actor, timedelta(hours=asked.overlap_hours)
        )
        assert made.old_until is not None
        return _json(SecretOut(secret=made.secret, old_until=made.old_until), 201)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


@router.post(
    "/v1/webhooks/{webhook_id}/test",
    summary="Have a test event sent",
    operation_id="testWebhook",
    **_documented(
        "Queued; its delivery tells what became of it", TestOut, examples.TESTED, _NO_SUCH, _BAD_ID, _DISABLED,
        status=202, once_only=True,
    ),
)  # fmt: skip
async def test(webhook_id: uuid.UUID, request: Request, context: Context, caller: WebhooksCaller) -> Response:
    """Of type `webhook.test`, to this endpoint alone, whatever types it asked for; it is in the feed as well."""

    async def perform() -> Response:
        event_id = await context.webhooks.test(caller.platform_id, webhook_id, caller.actor)
        return _json(TestOut(event_id=event_id), 202)

    return await once(request, context, caller, {}, perform)


@router.get(
    "/v1/webhooks/{webhook_id}/deliveries",
    summary="What was sent and what became of it",
    operation_id="listDeliveries",
    **_documented("Newest first", DeliveriesOut, examples.DELIVERIES, _NO_SUCH, _BAD_ID),
)
async def deliveries(
    webhook_id: uuid.UUID,
    context: Context,
    caller: WebhooksCaller,
    state: Annotated[Literal["pending", "delivered", "dead"] | None, Query(description="Those alone.")] = None,
    before: Annotated[int | None, Query(ge=1, le=2**53, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """What is over is kept for 30 days. What receivers answer is not kept, but for its status."""
    found = await context.webhooks.deliveries(caller.platform_id, webhook_id, state=state, before=before, limit=limit)
    following = found[-1].sequence if len(found) == limit else None
    return _json(DeliveriesOut(deliveries=[delivery_out(one) for one in found], next=following))


@router.post(
    "/v1/webhooks/{webhook_id}/replay",
    summary="Send events again: one, dead letters, what was missed, or all",
    operation_id="replayWebhook",
    **_documented(
        "Queued", ReplayOut, examples.REPLAYED, _NO_SUCH, _BAD_ID,
        status=202, body=(ReplayIn, examples.REPLAY), once_only=True,
    ),
)  # fmt: skip
async def replay(webhook_id: uuid.UUID, request: Request, context: Context, caller: WebhooksCaller) -> Response:
    """10,000 events a request at most. Ids stay those of the first time: who handles each once is safe."""
    asked = await read_model(request, context.limits, ReplayIn)

    async def perform() -> Response:
        if asked.event_id is not None:
            done = await context.webhooks.replay_one(
                caller.platform_id, webhook_id, uuid.UUID(asked.event_id), caller.actor
            )
        else:
            done = await context.webhooks.replay_after(
                caller.platform_id, webhook_id, asked.which, asked.after, caller.actor
            )
        return _json(ReplayOut(queued=done.queued, upto=done.upto, more=done.upto < done.last), 202)

    return await once(request, context, caller, asked.model_dump(mode="json"), perform)


async def _shown(context: Context, caller: Caller, webhook_id: uuid.UUID) -> WebhookOut:
    counts = await context.webhooks.counts(caller.platform_id)
    return webhook_out(await context.webhooks.get(caller.platform_id, webhook_id), counts.get(webhook_id))


def _json(body: BaseModel, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(body.model_dump_json(), status_code=status, media_type="application/json", headers=headers)
