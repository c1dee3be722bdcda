"""What a handler works with, kept on the application and handed over by dependency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Request

from service.api.limits import Held, UploadLimits
from service.api.metrics import Metrics
from service.api.rate_limits import RateLimits
from service.domain import languages

if TYPE_CHECKING:
    from service.review.budgeting import Budgeting
    from service.review.buyer_desk import BuyerDesk
    from service.review.casework import CaseWork
    from service.review.event_uploads import HistoryUploads
    from service.review.feed import FeedReading
    from service.review.incidents import Incidents
    from service.review.listing import Listing
    from service.review.outcomes import Outcomes
    from service.review.personal_data import PersonalDataDesk
    from service.review.policies import PolicyDesk
    from service.review.queues import Queues
    from service.review.service import ReviewService
    from service.review.sightings import SeenElsewhere
    from service.review.switching import Switching
    from service.review.use_cases import UseCases
    from service.review.webhooks import Webhooks
    from service.review.writes import Writes


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiContext:
    use_cases: UseCases
    limits: UploadLimits
    metrics: Metrics
    held: Held
    rates: RateLimits

    @property
    def review(self) -> ReviewService:
        return self.use_cases.review

    @property
    def casework(self) -> CaseWork:
        return self.use_cases.casework

    @property
    def outcomes(self) -> Outcomes:
        return self.use_cases.outcomes

    @property
    def incidents(self) -> Incidents:
        return self.use_cases.incidents

    @property
    def queues(self) -> Queues:
        return self.use_cases.queues

    @property
    def uploads(self) -> HistoryUploads:
        return self.use_cases.uploads

    @property
    def buyers(self) -> BuyerDesk:
        return self.use_cases.buyers

    @property
    def listing(self) -> Listing:
        return self.use_cases.listing

    @property
    def sightings(self) -> SeenElsewhere:
        return self.use_cases.sightings

    @property
    def writes(self) -> Writes:
        return self.use_cases.writes

    @property
    def policies(self) -> PolicyDesk:
        return self.use_cases.policies

    @property
    def switching(self) -> Switching:
        return self.use_cases.switching

    @property
    def budgeting(self) -> Budgeting:
        return self.use_cases.budgeting

    @property
    def personal_data(self) -> PersonalDataDesk:
        return self.use_cases.personal_data

    @property
    def webhooks(self) -> Webhooks:
        return self.use_cases.webhooks

    @property
    def feed(self) -> FeedReading:
        return self.use_cases.feed


async def _context(request: Request) -> ApiContext:
    context: ApiContext = request.app.state.context
    return context


async def _language(
    accept_language: Annotated[
        str | None, Header(description="Language of the texts: zh (default) or en.", examples=["zh-CN"])
    ] = None,
) -> str:
    return languages.choose(accept_language)


Context = Annotated[ApiContext, Depends(_context)]
Language = Annotated[str, Depends(_language)]
