"""The overview as it is shown: is money safe, and if not, why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.console.figures import Shown, count, moment, money
from service.console.foreign_text import visible
from service.console.risk_desk.plots import DaysPlot, SequencePlot, days_plot, sequence_plot
from service.domain.assessment import PlatformMode
from service.domain.proposals import Proposal
from service.review.risk_desk import OBLIGATIONS_COUNTED, RiskOverview

NEARLY_FULL = 0.9
_OLD_OBLIGATION = timedelta(days=1)
_SOON = timedelta(days=14)


class Level(StrEnum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that speaks for or against safety. ``anchor``: where on the page it is told."""

    level: Level
    zh: str
    en: str
    anchor: str

    def get(self, language: str) -> str:
        return self.en if language == "en" else self.zh


@dataclass(frozen=True, slots=True, kw_only=True)
class FillRow:
    """``share`` in per cent, ``width`` of the bar in [0, 100]."""

    budget: str
    window: int
    entity: str | None
    taken: str
    limit: str
    share: str
    width: float
    level: Level


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    day: str
    claims: str
    approved: str
    share: str
    money: str
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The page's own figures; the rest is taken from ``told`` by the template."""

    told: RiskOverview
    level: Level
    signs: tuple[Sign, ...]
    days: tuple[DayRow, ...]
    days_drawn: DaysPlot | None
    sequence: SequencePlot | None
    fills: tuple[FillRow, ...]
    waiting: tuple[Proposal, ...]
    past: tuple[Proposal, ...]
    obligations_open: str
    month_money: str
    month_share: str
    language: str

    def when(self, at: datetime | None) -> Shown | None:
        return moment(at, self.told.platform.zone, self.told.now, self.language)

    def money(self, minor: int) -> str:
        return money(minor, self.told.rules.currency)

    def plain(self, text: str) -> str:
        return visible(text)


def view(told: RiskOverview, language: str) -> View:
    signs = tuple(_signs(told))
    currency = told.rules.currency
    approved, claims = sum(day.approved for day in told.days), sum(day.claims for day in told.days)
    most = max((day.approved_minor for day in told.days), default=0)
    standing = told.observed.standing
    return View(
        told=told,
        level=max((sign.level for sign in signs), key=list(Level).index, default=Level.GOOD),
        signs=signs,
        days=tuple(_day(told, number) for number in reversed(range(len(told.days)))),
        days_drawn=days_plot(told.days, (_short(most, currency), _short(most // 2, currency))) if most else None,
        sequence=sequence_plot(told.observed.points, standing.alpha, told.certificate.bound)
        if standing.alpha and told.certificate is not None
        else None,
        fills=tuple(_fills(told)),
        waiting=tuple(each for each in told.proposals if each.waits(told.now)),
        past=tuple(each for each in told.proposals if not each.waits(told.now))[:5],
        obligations_open=f"{OBLIGATIONS_COUNTED:,}+"
        if told.obligations_open > OBLIGATIONS_COUNTED
        else count(told.obligations_open),
        month_money=money(sum(day.approved_minor for day in told.days), currency),
        month_share=_percent(approved / claims) if claims else "–",
        language=language,
    )


def _signs(told: RiskOverview) -> Iterator[Sign]:
    """The gravest first."""
    found = [*_switch_signs(told), *_certificate_signs(told), *_work_signs(told)]
    yield from sorted(found, key=lambda sign: -list(Level).index(sign.level))


def _switch_signs(told: RiskOverview) -> Iterator[Sign]:
    platform = told.platform
    if platform.breaker is not None:
        yield Sign(
            Level.BAD,
            "熔断已触发：抽查表明错误金额超出承诺，全部转人工",
            "The breaker has tripped: the audit found more wrong money than promised, and everything goes to people",
            "#switches",
        )
    if platform.stopped is not None:
        yield Sign(Level.WARN, "已人工停止：全部转人工", "Stopped by a person: everything goes to people", "#switches")
    elif platform.mode is PlatformMode.OBSERVING:
        yield Sign(
            Level.GOOD, "观察期：不自动通过任何退款", "Observing: nothing is approved automatically", "#switches"
        )


def _certificate_signs(told: RiskOverview) -> Iterator[Sign]:
    certificate, standing = told.certificate, told.observed.standing
    if told.refused is not None:
        yield Sign(
            Level.WARN,
            "指定的模型无法使用，沿用旧模型或不使用模型",
            "The model that is named cannot be used: an older one, or none, is at work",
            "#certificate",
        )
    if certificate is None:
        yield Sign(Level.WARN, "没有证书：不按风险自动通过", "No certificate: risk approves nothing", "#certificate")
        return
    for why in told.void:
        yield Sign(Level.WARN, f"证书不适用，不按风险自动通过：{why.zh}",
                   f"The certificate does not hold, so risk approves nothing: {why.en}", "#certificate")  # fmt: skip
    if not told.void and certificate.expires_at - told.now < _SOON:
        yield Sign(Level.WARN, "证书即将到期", "The certificate expires soon", "#certificate")
    if standing.share_at_least is not None and standing.alpha is not None and standing.share_at_least > 0:
        level = Level.BAD if standing.share_at_least > standing.alpha else Level.GOOD
        yield Sign(level, f"抽查证明至少 {standing.share_at_least:.2%} 的金额有误（允许 {standing.alpha:.1%}）",
                   f"The audit proves at least {standing.share_at_least:.2%} of the money wrong "
                   f"({standing.alpha:.1%} allowed)", "#audit")  # fmt: skip
    elif standing.settled:
        yield Sign(Level.GOOD, f"{standing.settled:,} 笔抽查未推翻证书",
                   f"{standing.settled:,} audited claims do not refute the certificate", "#audit")  # fmt: skip
    else:
        yield Sign(
            Level.WARN, "证书之下还没有抽查结果", "Nothing has been audited under this certificate yet", "#audit"
        )
    if standing.late:
        yield Sign(Level.WARN, f"{standing.late:,} 笔抽查逾期未判，按错误计",
                   f"{standing.late:,} drawn claims were not judged in time and count as wrong", "#audit")  # fmt: skip


def _work_signs(told: RiskOverview) -> Iterator[Sign]:
    full = [fill for fill in told.fills if fill.entity is not None and fill.full >= NEARLY_FULL]
    if full:
        yield Sign(Level.WARN, f"{len(full)} 项额度已用 90% 以上", f"{len(full)} budgets are used to 90 % or more",
                   "#budgets")  # fmt: skip
    old = [each for each in told.obligations if told.now - each.created_at > _OLD_OBLIGATION]
    if old:
        yield Sign(
            Level.WARN,
            "有商品收回超过一天未确认",
            "Goods have waited over a day for their recall to be confirmed",
            "#obligations",
        )
    if any(each.confirmed_at is None for each in told.incidents):
        yield Sign(Level.WARN, "有事故待确认", "An incident waits to be confirmed", "#incidents")
    if any(each.waits(told.now) for each in told.proposals):
        yield Sign(Level.WARN, "有提议等待第二个人", "A proposal waits for a second person", "#proposals")


def _fills(told: RiskOverview) -> Iterator[FillRow]:
    """The fullest first: what holds claims back next is what somebody looks for."""
    for fill in sorted(told.fills, key=lambda each: -each.full):
        by_money = fill.limit_amount is not None and (
            fill.limit_count is None or fill.amount_minor * fill.limit_count >= fill.count * fill.limit_amount
        )
        taken, limit = count(fill.count), count(fill.limit_count or 0)
        if by_money:
            currency = told.rules.currency
            taken, limit = money(fill.amount_minor, currency), money(fill.limit_amount or 0, currency)
        yield FillRow(
            budget=fill.budget,
            window=fill.window_hours,
            entity=None if fill.entity is None else visible(fill.entity, 60),
            taken=taken,
            limit=limit,
            share=f"{fill.full:.0%}",
            width=round(min(1.0, fill.full) * 100, 1),
            level=Level.BAD if fill.full >= 1 else Level.WARN if fill.full >= NEARLY_FULL else Level.GOOD,
        )


def _day(told: RiskOverview, number: int) -> DayRow:
    day = told.days[number]
    return DayRow(
        day=f"{day.day:%Y-%m-%d}",
        claims=count(day.claims),
        approved=count(day.approved),
        share="–" if day.share is None else _percent(day.share),
        money=money(day.approved_minor, told.rules.currency),
        complete=day.complete,
    )


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _short(minor: int, currency: str) -> str:
    """Without the part after the point, for an axis."""
    whole = money(minor, currency).partition(".")[0]
    return whole if minor < 10_000_00 else f"{whole.rpartition(',')[0]}k"
