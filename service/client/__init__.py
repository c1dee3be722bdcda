"""Client for platforms, for threads and for asyncio. Depends on httpx alone and on nothing else of this package."""

from __future__ import annotations

from service.client.async_client import AsyncPrereviewClient
from service.client.client import PrereviewClient
from service.client.errors import NotReached, PrereviewProblem
from service.client.results import (
    Buyer,
    CaseSummary,
    Event,
    EventsRecorded,
    FeedPage,
    LineError,
    Missing,
    PreReview,
    Upload,
)
from service.client.webhooks import NotSigned, verified

__all__ = [
    "AsyncPrereviewClient",
    "Buyer",
    "CaseSummary",
    "Event",
    "EventsRecorded",
    "FeedPage",
    "LineError",
    "Missing",
    "NotReached",
    "NotSigned",
    "PreReview",
    "PrereviewClient",
    "PrereviewProblem",
    "Upload",
    "verified",
]
