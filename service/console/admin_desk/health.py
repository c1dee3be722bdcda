"""How the deployment stands, as far as it concerns this platform."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console.admin_desk.words import JOB_STATES, ORIGINS, PART_STATES, PARTS, VERSIONS
from service.console.desk import Desk, Room, requires
from service.console.figures import count, length, moment
from service.console.words import named
from service.domain.assessment import Text
from service.domain.users import Role
from service.review.requests import PartState
from service.review.system_standing import SystemStanding

_TONES = {PartState.OK: "good", PartState.DEGRADED: "warn", PartState.DOWN: "bad"}


@requires(Role.ADMINISTRATOR, Role.RISK_OWNER, Role.DATA_SCIENTIST, Role.AUDITOR)
async def _show(request: Request, desk: Desk) -> Response:
    found = await desk.use_cases.system.of(desk.platform_id)
    part = bool(request.headers.get("hx-request"))
    return desk.page(f"admin_desk/health{'_figures' if part else ''}.html", **_values(desk, found))


def _values(desk: Desk, found: SystemStanding) -> dict[str, Any]:
    language, state, model = desk.look.language, found.state, found.model
    now, zone = desk.use_cases.api_keys.now(), desk.platform.zone
    readiness = found.readiness
    return {
        "overall": {"name": named(PART_STATES, readiness.state, language), "tone": _TONES[readiness.state]},
        "parts": [
            {
                "name": named(PARTS, part.name, language),
                "state": named(PART_STATES, part.state, language),
                "tone": _TONES[part.state],
                "detail": part.detail,
            }
            for part in readiness.parts
        ],
        "workers": state.workers,
        "jobs": [(named(JOB_STATES, key, language), count(number), key) for key, number in state.jobs.items()],
        "failed": state.jobs["failed"],
        "oldest_job": length(state.oldest_due_seconds, language),
        "readers": {
            "alive": len(found.readers["alive"]),
            "workers": found.readers["workers"],
            "busy": found.readers["busy"],
            "waiting": found.readers["waiting"],
            "rebuilds": found.readers["rebuilds"],
            "engine": found.readers["engine"],
        },
        "unchained": count(found.unchained),
        "chain_lag": length(found.unchained_seconds, language),
        "webhook_lag": length(state.webhook_lag_seconds, language),
        "database": _size(state.database_bytes),
        "server": state.server,
        "revision": state.revision,
        "versions": [(named(VERSIONS, key, language), value) for key, value in found.versions.items()],
        "model": model,
        "origin": named(ORIGINS, model.origin, language) if model.origin else "",
        "issued": moment(model.issued_at, zone, now, language),
        "expires": moment(model.expires_at, zone, now, language),
        "expired": model.expires_at is not None and model.expires_at <= now,
    }


def _size(size: int) -> str:
    """Two digits: what other platforms add in a day does not show."""
    for unit, factor in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6)):
        if size >= factor:
            return f"≈ {float(f'{size / factor:.2g}'):g} {unit}"
    return "< 1 MB"


HEALTH = Room(
    path="/health",
    name=Text(zh="运行状况", en="Health"),
    about=Text(zh="服务、后台任务、识别器、审计链和模型的现状。", en="How the service and its parts stand."),
    roles=frozenset({Role.ADMINISTRATOR, Role.RISK_OWNER, Role.DATA_SCIENTIST, Role.AUDITOR}),
    routes=(Route("/health", _show, methods=["GET"]),),
)
