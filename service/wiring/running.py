"""A deployment at work, from the first connection to the last."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

import structlog

from service.domain.errors import Unavailable
from service.settings import Settings
from service.wiring.building import Deployment, build
from service.wiring.places import database_url
from service.wiring.rounds import OPERATIONS_SECONDS, TRAIL_SECONDS, follow, look_again, watch_drift

log = structlog.get_logger(__name__)

# Imported where they are used, for the sake of commands that use neither; no request should wait for that.
_NEEDED_LATER = ("holidays", "httpx")


@asynccontextmanager
async def running(deployment: Deployment, *, reading: bool = True) -> AsyncIterator[Deployment]:
    """The deployment at work; ``reading`` False leaves reader and model alone (commands that assess nothing)."""
    try:
        await deployment.store.open()
    except Unavailable as error:  # it answers 503 and shows red until the database is back; nothing has to be restarted
        log.warning("the database does not answer yet", detail=error.detail)
    following: list[asyncio.Task[None]] = []
    try:
        if reading:
            await asyncio.to_thread(deployment.reader.start)
            for name in _NEEDED_LATER:
                await asyncio.to_thread(import_module, name)
            for followed in (deployment.champion, deployment.shadow):
                await asyncio.to_thread(followed.current)  # a fifth of a second no request should wait for
                following.append(asyncio.create_task(follow(followed)))
            following.append(asyncio.create_task(watch_drift(deployment)))
            following.append(
                asyncio.create_task(look_again("the audit trail", deployment.trail.standing, TRAIL_SECONDS))
            )
            following.append(asyncio.create_task(look_again("telling", deployment.telling.look, TRAIL_SECONDS)))
            following.append(
                asyncio.create_task(look_again("operations", deployment.operations.look, OPERATIONS_SECONDS))
            )
        yield deployment
    finally:
        for task in following:
            task.cancel()
        await deployment.use_cases.backtest_runs.close()
        await deployment.review.close()
        await asyncio.to_thread(deployment.reader.stop)
        await deployment.store.close()


@asynccontextmanager
async def deployed(settings: Settings, *, reading: bool = True) -> AsyncIterator[Deployment]:
    """Build, open, and at the end close everything, the embedded database included."""
    url, embedded = database_url(settings)
    try:
        async with running(build(settings, url), reading=reading) as deployment:
            yield deployment
    finally:
        if embedded is not None:
            embedded.release()
