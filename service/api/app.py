"""The ASGI application: routes, errors, middleware and document put together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.types import Lifespan

from service.api import documentation, problems
from service.api.context import ApiContext
from service.api.limits import Held, UploadLimits
from service.api.metrics import Metrics
from service.api.middleware import RequestContext, Shedding
from service.api.rate_limits import Places, RateLimits
from service.api.routes import (
    batches,
    cases_listing,
    casework,
    event_uploads,
    feed,
    history,
    incidents,
    operations,
    outcomes,
    platform,
    policy,
    pre_checks,
    pre_reviews,
    queues,
    reveals,
    scores,
    status_page,
    webhooks,
)

if TYPE_CHECKING:
    from service.review.use_cases import UseCases

_DESCRIPTION = (
    "A platform sends a refund claim with its screenshots and gets the answer in the same request: approved, or a "
    "person will look, or something is missing. Amounts are integer minor units; times are ISO 8601 with offset; "
    "errors are RFC 9457 problems whose `type` is stable."
)
_TAGS = [
    {"name": "claims", "description": "Claims and their cases."},
    {"name": "cases", "description": "What becomes of a case after it was accepted."},
    {"name": "incidents", "description": "Outages: many honest claims at once."},
    {
        "name": "webhooks",
        "description": "What happens to cases, sent or fetched; every type of event stands under `webhooks`.",
    },
    {"name": "history", "description": "What happened on the platform."},
    {"name": "policy", "description": "The rules in force."},
    {"name": "platform", "description": "The kill switch and the budgets."},
    {"name": "model", "description": "The risk model by itself."},
    {"name": "operations", "description": "For the machines that keep the service running. No key needed."},
]


def create_api(
    use_cases: UseCases,
    *,
    limits: UploadLimits | None = None,
    rates: RateLimits | None = None,
    places: int = 256,
    metrics: Metrics | None = None,
    version: str = "0.1.0",
    lifespan: Lifespan[FastAPI] | None = None,
) -> FastAPI:
    """The REST face over ``use_cases``. Opens nothing itself: who builds them starts and stops them (``lifespan``).

    ``rates``: none where not given. ``places``: requests answered at once; those beyond get 503.
    """
    app = FastAPI(
        title="prereview",
        summary="Refund pre-review for platforms that sell virtual goods",
        description=_DESCRIPTION,
        version=version,
        lifespan=lifespan,
        openapi_tags=_TAGS,
        # The pages FastAPI would serve load their scripts from a public CDN.
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # Its spans would carry request values, and values are people's data.
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    bounds = limits or UploadLimits()
    context = ApiContext(
        use_cases=use_cases,
        limits=bounds,
        metrics=metrics or Metrics(),
        held=Held(bounds.held_bytes),
        rates=rates or RateLimits(),
    )
    app.state.context = context
    for router in (
        pre_reviews.router,
        batches.router,
        cases_listing.router,
        casework.router,
        outcomes.router,
        incidents.router,
        queues.router,
        status_page.router,
        reveals.router,
        history.router,
        event_uploads.router,
        policy.router,
        platform.router,
        pre_checks.router,
        scores.router,
        webhooks.router,
        feed.router,
        operations.router,
    ):
        app.include_router(router)
    problems.install(app)
    documentation.install(app)
    app.add_middleware(Shedding, places=Places(places))
    app.add_middleware(RequestContext, metrics=context.metrics)
    return app
