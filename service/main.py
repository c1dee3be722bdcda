"""The ASGI application: the faces over one deployment."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse

import service
from service import observing, wiring
from service.api.app import create_api
from service.api.rate_limits import RateLimits
from service.console import console_pages
from service.public import public_pages
from service.settings import Settings


def create_app(settings: Settings | None = None, url: str | None = None, *, with_worker: bool = False) -> FastAPI:
    """The app of one process. ``url``: a database already running; without it the settings say where it is."""
    found = settings or Settings()
    embedded = None
    if settings is None:
        wiring.configure_logging(found)
    if url is None:
        url, embedded = wiring.database_url(found)
    deployment = wiring.build(found, url)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        with observing.tracing(found):
            async with wiring.running(deployment), _worker(deployment, with_worker):
                yield
        if embedded is not None:
            embedded.release()

    metrics = observing.metrics_of(deployment)
    app = create_api(
        deployment.use_cases,
        rates=RateLimits(found.rate_limits, processes=found.processes),
        places=found.requests_at_once,
        metrics=metrics,
        version=service.__version__,
        lifespan=lifespan,
    )
    # For whoever stops the process: what stays open would keep it from ending.
    app.state.end_streams = deployment.use_cases.live.close
    app.mount("/public", public_pages(deployment.use_cases.policies, deployment.use_cases.buyers))
    app.add_route("/console", _to_first_page, include_in_schema=False)
    app.mount("/console", console_pages(deployment.use_cases, public_url=found.public_url, registry=metrics.registry))
    return app


async def _to_first_page(request: Request) -> RedirectResponse:
    """The address as people type it: a mount answers only below its slash."""
    return RedirectResponse(f"{request.scope.get('root_path', '')}/console/")


@contextlib.asynccontextmanager
async def _worker(deployment: wiring.Deployment, wanted: bool) -> AsyncIterator[None]:
    if not wanted:
        yield
        return
    task = asyncio.create_task(wiring.work(deployment))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
