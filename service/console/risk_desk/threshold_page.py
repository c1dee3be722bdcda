"""The threshold workbench: move the threshold or the level of risk, see what it would have done, propose it."""

from __future__ import annotations

import math

from starlette.requests import Request
from starlette.responses import Response

from service.console.desk import Desk, requires
from service.console.figures import count, moment, money
from service.console.risk_desk import words
from service.console.risk_desk.overview_page import ACTS, LOOKS, reason_of
from service.console.risk_desk.plots import tradeoff_plot
from service.domain.assessment import Text
from service.domain.errors import Conflict, InvalidRequest
from service.policy.tradeoff import Effect
from service.review.thresholds import CLAIMS, Workbench

MINUTES = 3.0
"""A case takes a person, unless somebody says otherwise: an assumption, and shown as one."""
STEPS = 200
_ROWS = 12


@requires(*LOOKS)
async def workbench(request: Request, desk: Desk) -> Response:
    query = request.query_params
    return await _page(
        desk,
        threshold=number(query.get("threshold", "")),
        alpha=_share(number(query.get("alpha", ""))),
        minutes=_minutes(query.get("minutes", "")),
    )


@requires(*ACTS)
async def propose(_request: Request, desk: Desk) -> Response:
    threshold, minutes = number(desk.form.get("threshold")), _minutes(desk.form.get("minutes"))
    reason = reason_of(desk)
    if threshold is None or not 0.0 <= threshold <= 1.0:
        return await _page(desk, status=422, wrong=words.said("threshold"), minutes=minutes)
    if reason is None:
        return await _page(desk, status=422, wrong=words.said("reason"), threshold=threshold, minutes=minutes)
    try:
        await desk.use_cases.risk.propose_threshold(desk.platform_id, threshold, reason, desk.actor)
    except (Conflict, InvalidRequest) as error:
        return await _page(desk, status=error.status, wrong=words.fault(error), threshold=threshold, minutes=minutes)
    return desk.go("/risk?done=proposed")


async def _page(
    desk: Desk,
    *,
    status: int = 200,
    wrong: Text | None = None,
    threshold: float | None = None,
    alpha: float | None = None,
    minutes: float = MINUTES,
) -> Response:
    bench = await desk.use_cases.thresholds.look(desk.platform_id, threshold=threshold, alpha=alpha)
    level = bench.certificate.alpha if bench.certificate is not None else 0.0
    shown = Shown(bench, minutes)
    return desk.page(
        "risk/thresholds.html",
        status=status,
        wrong=wrong,
        bench=bench,
        shown=shown,
        drawn=tradeoff_plot(bench.effects, level, bench.at_work, bench.chosen),
        rows=_spread(bench.effects),
        step=max(math.ceil(bench.highest / STEPS * 1e6) / 1e6, 1e-6),
        minutes=f"{minutes:g}",
        newest=count(CLAIMS),
        counted=moment(bench.counted_at, desk.platform.zone, bench.counted_at, desk.look.language)
        if bench.counted_at is not None
        else None,
        names=words,
        may_act=desk.may(*ACTS, change=True),
    )


class Shown:
    """How a workbench's figures read."""

    def __init__(self, bench: Workbench, minutes: float) -> None:
        self._bench, self._minutes = bench, minutes

    def threshold(self, value: float) -> str:
        return f"{value:.6f}".rstrip("0").rstrip(".") or "0"

    def share(self, value: float) -> str:
        return f"{value:.1%}"

    def money(self, minor: int | None) -> str:
        return "–" if minor is None else money(minor, self._bench.currency)

    def count(self, value: int) -> str:
        return count(value)

    def loss(self, effect: Effect) -> str | None:
        """The estimate with its interval; None where nothing was audited."""
        if effect.loss is None:
            return None
        interval = effect.loss.interval
        return f"{effect.loss.share:.2%} [{interval.low:.2%}, {interval.high:.2%}]"

    def hours(self, effect: Effect) -> str:
        return f"{effect.hours(self._minutes):,.1f}"

    def hours_a_day(self, effect: Effect) -> str:
        days = max(self._bench.days, 1.0)
        return f"{effect.hours(self._minutes) / days:,.1f}"


def number(text: str) -> float | None:
    """A finite number as it is typed; None for anything else."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) and "_" not in text else None


def _share(percent: float | None) -> float | None:
    return None if percent is None else min(max(percent / 100.0, 0.0), 1.0)


def _minutes(text: str) -> float:
    found = number(text)
    return MINUTES if found is None else min(max(found, 0.1), 240.0)


def _spread(effects: tuple[Effect, ...]) -> list[Effect]:
    """Some of the curve's thresholds, evenly apart, for the table."""
    last = len(effects) - 1
    return (
        [effects[each] for each in sorted({round(step * last / (_ROWS - 1)) for step in range(_ROWS)})]
        if effects
        else []
    )
