"""What a process does again and again beside its requests and jobs."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable

import structlog

from service.scoring import Champion
from service.wiring.building import Deployment

log = structlog.get_logger(__name__)

# How often a process looks whether another bundle was promoted: one stat() call.
BREAKER_SECONDS = 60.0
CHAMPION_SECONDS = 2.0
FORGET_SECONDS = 600.0
DRIFT_FIRST_SECONDS, DRIFT_SECONDS = 60.0, 3600.0
# A worker chains what was committed in the last second; every process looks how far chaining lags.
CHAIN_SECONDS = 1.0
RETENTION_SECONDS = 3600.0
TRAIL_SECONDS = 5.0
OPERATIONS_SECONDS = 15.0
BUDGET_SECONDS = 3600.0
VERIFICATION_SECONDS = 2.0
RISK_DAYS_SECONDS = 600.0
HELD_SECONDS = 1.0
DEADLINE_SECONDS, INCIDENT_SECONDS, ANOMALY_SECONDS = 2.0, 15.0, 10.0


async def follow(followed: Champion) -> None:
    """Take up a newly promoted bundle, or the one rolled back to, within seconds, without a pause; until cancelled."""
    while True:
        await asyncio.sleep(CHAMPION_SECONDS)
        if not followed.stale:
            continue
        before = followed.current()
        try:
            taken = await asyncio.to_thread(followed.reload)
        except Exception as error:  # whoever follows must not stop doing so
            log.error(f"{followed.pointer} could not be reloaded", error=repr(error))
            continue
        bundle = followed.current()
        if bundle is not before or not taken:
            version = bundle.version if bundle else None
            log.info(f"{followed.pointer} changed", taken=taken, version=version, problem=followed.problem)


async def work(deployment: Deployment) -> None:
    """Assess cases whose request did not, and hold the breakers against what the audit finds, until cancelled."""

    async def assess(platform_id: str, case_id: uuid.UUID, attempt: int) -> None:
        await deployment.review.finish(platform_id, case_id, attempt=attempt)

    cases = deployment.use_cases
    beside = [
        asyncio.create_task(watch_breakers(deployment)),
        asyncio.create_task(look_again("the audit trail", deployment.trail.tend, CHAIN_SECONDS)),
        asyncio.create_task(deployment.delivering.run()),
        asyncio.create_task(look_again("retention", deployment.personal_data.sweep_lately, RETENTION_SECONDS)),
        asyncio.create_task(look_again("kept answers", cases.writes.forget, FORGET_SECONDS)),
        asyncio.create_task(look_again("held decisions", cases.held.look, HELD_SECONDS)),
        asyncio.create_task(look_again("held decisions that ended", cases.held.forget, RETENTION_SECONDS)),
        asyncio.create_task(look_again("deadlines", cases.deadlines.look, DEADLINE_SECONDS)),
        asyncio.create_task(look_again("incidents", cases.incidents.look, INCIDENT_SECONDS)),
        asyncio.create_task(look_again("anomalies", cases.outcomes.look, ANOMALY_SECONDS)),
        asyncio.create_task(look_again("days of the risk desk", cases.risk.look, RISK_DAYS_SECONDS)),
        asyncio.create_task(look_again("budgets", cases.budgeting.sweep, BUDGET_SECONDS)),
        asyncio.create_task(look_again("verifications", cases.trail_desk.look, VERIFICATION_SECONDS)),
    ]
    try:
        await deployment.store.run_worker(assess)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def look_again(what: str, look: Callable[[], Awaitable[object]], seconds: float) -> None:
    """``look`` every so many seconds, whatever becomes of one round; until cancelled."""
    while True:
        try:
            await look()
        except Exception as error:  # the next round may find the database back
            log.error("a round failed and is tried again", what=what, error=repr(error))
        await asyncio.sleep(seconds)


async def watch_breakers(deployment: Deployment) -> None:
    """A judgement is held against the breaker as it comes; this is for cases that nobody judged in time."""
    while True:
        try:
            await deployment.auditing.watch_all()
        except Exception as error:  # the next round may find the database back
            log.error("the breakers could not be looked at", error=repr(error))
        await asyncio.sleep(BREAKER_SECONDS)


async def watch_drift(deployment: Deployment) -> None:
    """Have drift looked at once an hour, the first time a minute after the start; until cancelled."""
    await asyncio.sleep(DRIFT_FIRST_SECONDS)
    while True:
        try:
            await deployment.monitoring.look()
        except Exception as error:  # the next round may find the database back
            log.error("drift could not be looked at", error=repr(error))
        await asyncio.sleep(DRIFT_SECONDS)
