"""Client for platforms: send a claim, get the answer. Depends on httpx alone and on nothing else of this package."""

from __future__ import annotations

from service.client.client import PrereviewClient
from service.client.errors import NotReached, PrereviewProblem
from service.client.results import Buyer, EventsRecorded, Missing, PreReview

__all__ = ["Buyer", "EventsRecorded", "Missing", "NotReached", "PreReview", "PrereviewClient", "PrereviewProblem"]
