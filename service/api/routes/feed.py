"""GET /v1/feed: what platforms are told, to be fetched instead of, or beside, being sent.

(`POST /v1/events` is the other direction: what platforms tell us. So this one has another name.)
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from service.api import documentation as docs
from service.api import webhook_examples as examples
from service.api.context import Context
from service.api.schemas.webhooks import FeedOut, event_out
from service.api.security import FeedCaller
from service.domain.errors import Conflict, InvalidRequest

router = APIRouter(tags=["webhooks"])

_BAD_QUERY = InvalidRequest(
    "query.limit must be at most 1000. Correct what `errors` lists and send it again.",
    extra={"errors": [{"path": "query.limit", "message": "must be at most 1000"}], "error_count": 1},
)


@router.get(
    "/v1/feed",
    summary="What happened to cases, in order: the events that webhooks send",
    operation_id="readFeed",
    response_class=Response,
    responses={
        200: docs.answer("The events after the cursor", FeedOut, {"events": examples.FEED}),
        **docs.refusals(
            docs.SCOPE_MISSING,
            Conflict("The cursor 1050 is ahead of the feed, whose newest event is 1042.", extra={"last": 1042}),
            _BAD_QUERY,
            *docs.COMMON,
        ),
    },
)
async def feed(
    context: Context,
    caller: FeedCaller,
    after: Annotated[
        int, Query(ge=0, le=2**53, description="`next` of the answer before, once its events are handled; 0: all.")
    ] = 0,
    limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    types: Annotated[
        str, Query(max_length=2_000, description="Types of events, parted by commas; every type where left out.")
    ] = "",
    wait: Annotated[
        int,
        Query(ge=0, le=20, description="Where nothing is new, answer after so many seconds or with the next event."),
    ] = 0,
) -> Response:
    """In the order in which they were written down, without a gap: who has handled everything up to a cursor has
    missed nothing, and who asks again with the same cursor gets the same events again."""
    wanted = tuple(name for name in (part.strip() for part in types.split(",")) if name)
    page = await context.feed.read(caller, after, limit=limit, types=wanted, wait=wait)
    body = FeedOut(events=[event_out(event) for event in page.events], next=page.next, more=page.next < page.last)
    return Response(body.model_dump_json(), media_type="application/json")
