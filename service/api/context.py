"""What a handler works with, kept on the application and handed over by dependency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Request

from service.api.limits import Held, UploadLimits
from service.api.metrics import Metrics
from service.domain import languages

if TYPE_CHECKING:
    from service.review.service import ReviewService


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiContext:
    review: ReviewService
    limits: UploadLimits
    metrics: Metrics
    held: Held


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
