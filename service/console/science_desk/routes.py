"""The data scientists' pages: one for the models and the labels, one for drift feature by feature."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.console import figures
from service.console.desk import Desk, Room, requires
from service.console.foreign_text import visible
from service.console.science_desk.figures import label_bars, moved_row, source_rows
from service.console.science_desk.words import CHANGES, KINDS, LEVELS, ORIGINS, SOURCES
from service.console.words import named
from service.domain.assessment import Text
from service.domain.users import Role

_READERS = (Role.DATA_SCIENTIST, Role.RISK_OWNER, Role.AUDITOR)
_MOST_MOVED = 8


@requires(*_READERS)
async def _models(_request: Request, desk: Desk) -> Response:
    models = desk.use_cases.model_desk
    drift, shadow = await models.drift(desk.platform_id), await models.shadow(desk.platform_id)
    labels = await models.labels(desk.platform_id)
    return _page(
        desk,
        "models.html",
        view=await models.models(),
        drift=drift,
        shown=[moved_row(one) for one in (drift.score, *drift.features[:_MOST_MOVED])] if drift else [],
        shadow=shadow,
        sources=source_rows(labels),
        bars=label_bars(labels, models.now),
        money=figures.money,
    )


@requires(*_READERS)
async def _drift(_request: Request, desk: Desk) -> Response:
    drift = await desk.use_cases.model_desk.drift(desk.platform_id)
    rows = [drift.score, *([drift.label_delay] if drift.label_delay else []), *drift.features] if drift else []
    return _page(desk, "drift.html", drift=drift, rows=[moved_row(one) for one in rows])


def _page(desk: Desk, template: str, **values: Any) -> Response:
    language = desk.look.language

    def name(kind: str, code: str) -> str:
        return named(_NAMES[kind], code, language)

    def when(at: datetime) -> figures.Shown | None:
        return figures.moment(at, desk.platform.zone, desk.use_cases.model_desk.now, language)

    return desk.page(f"science_desk/{template}", name=name, when=when, visible=visible, **values)


_NAMES = {"level": LEVELS, "origin": ORIGINS, "source": SOURCES, "kind": KINDS, "change": CHANGES}
SCIENCE = Room(
    path="/models",
    name=Text(zh="模型", en="Models"),
    about=Text(
        zh="在用的模型、漂移、影子对比与标签。", en="Models at work, drift, the shadow's differences, and labels."
    ),
    roles=frozenset(_READERS),
    key="i",
    routes=(
        Route("/models", _models, methods=["GET"]),
        Route("/models/drift", _drift, methods=["GET"]),
    ),
)
