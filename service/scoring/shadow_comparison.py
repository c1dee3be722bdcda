"""Where champion and shadow differ, in money: pure arithmetic on stored scores."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.domain.shadow import JudgedShadow

NORMAL_95 = 1.959964
"""Two-sided 95 % of the normal distribution."""
FEWEST_LABELS = 10
"""Fewer judged claims estimate nothing worth printing."""
BANDS = (1_000, 5_000, 20_000, 100_000)
"""Upper edges of the amount bands in minor units; the one-click limit of many platforms lies among them."""

KINDS = ("both", "only champion", "only shadow", "neither")


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Share of the money that was granted wrongly, with a 95 % interval; ``labels`` judged claims behind it."""

    share: float
    low: float
    high: float
    labels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Claims of one kind: who would approve them. ``wrong`` is None where too few have been judged."""

    kind: str
    group: str
    claims: int
    amount_minor: int
    labels: int
    wrong: Share | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowReport:
    """``cells``: the four kinds over all claims; ``by_class``, ``by_amount``: those the two differ on, by the class of
    whichever approves and by amount. Differences are of calibrated probabilities; ``rank_agreement`` is Spearman's."""

    model: str
    champions: tuple[str, ...]
    currency: str
    claims: int
    left_out: int
    champion_amount_minor: int
    shadow_amount_minor: int
    mean_difference: float
    mean_absolute_difference: float
    rank_agreement: float | None
    cells: tuple[Cell, ...]
    by_class: tuple[Cell, ...]
    by_amount: tuple[Cell, ...]


def compare_shadow(rows: Sequence[JudgedShadow]) -> ShadowReport:
    """Of one shadow's scores; ValueError without any, or with those of two shadows.

    Claims the champion could not score, and those in another currency than most, are left out and counted.
    """
    if len({row.score.model for row in rows}) != 1:
        raise ValueError("compare the scores of one shadow at a time")
    currencies = [row.score.currency for row in rows]
    currency = max(sorted(set(currencies)), key=currencies.count)
    kept = [row for row in rows if row.score.currency == currency and row.score.champion_probability is not None]
    ours = np.array([row.score.probability for row in kept])
    theirs = np.array([row.score.champion_probability for row in kept], dtype=np.float64)
    differing = [row for row in kept if _kind(row) in ("only champion", "only shadow")]
    return ShadowReport(
        model=rows[0].score.model,
        champions=tuple(sorted({row.score.champion for row in kept})),
        currency=currency,
        claims=len(kept),
        left_out=len(rows) - len(kept),
        champion_amount_minor=sum(row.score.amount_minor for row in kept if row.score.champion_class),
        shadow_amount_minor=sum(row.score.amount_minor for row in kept if row.score.approval_class),
        mean_difference=float((ours - theirs).mean()) if kept else 0.0,
        mean_absolute_difference=float(np.abs(ours - theirs).mean()) if kept else 0.0,
        rank_agreement=_rank_agreement(ours, theirs),
        cells=tuple(_cell(kind, "all", [row for row in kept if _kind(row) == kind]) for kind in KINDS),
        by_class=_grouped(differing, lambda row: str(row.score.champion_class or row.score.approval_class)),
        by_amount=_grouped(differing, lambda row: band_of(row.score.amount_minor)),
    )


def band_of(amount_minor: int) -> str:
    """The amount's band in major units, e.g. "10-50"."""
    lower = 0
    for upper in BANDS:
        if amount_minor <= upper:
            return f"{lower // 100}-{upper // 100}"
        lower = upper
    return f"over {lower // 100}"


def wrong_share(rows: Sequence[JudgedShadow]) -> Share | None:
    """¥-share that was wrong, from the judged among ``rows``, each standing for those that were not drawn.

    Wilson's interval at Kish's effective number of labels: it does not collapse where none was wrong. None below
    FEWEST_LABELS. It takes claims as independent; rings make it too narrow.
    """
    judged = [row for row in rows if row.loss_share is not None]
    if len(judged) < FEWEST_LABELS:
        return None
    weight = np.array([row.score.amount_minor * row.stands_for for row in judged])
    loss = np.array([row.loss_share for row in judged], dtype=np.float64)
    if not weight.sum() > 0:
        return None
    share = float(weight @ loss / weight.sum())
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    squared = NORMAL_95**2 / effective
    middle = (share + squared / 2) / (1 + squared)
    half = NORMAL_95 / (1 + squared) * math.sqrt(share * (1 - share) / effective + squared / (4 * effective))
    return Share(share=share, low=max(0.0, middle - half), high=min(1.0, middle + half), labels=len(judged))


def _kind(row: JudgedShadow) -> str:
    champion, shadow = row.score.champion_class is not None, row.score.approval_class is not None
    if champion:
        return "both" if shadow else "only champion"
    return "only shadow" if shadow else "neither"


def _cell(kind: str, group: str, rows: Sequence[JudgedShadow]) -> Cell:
    return Cell(
        kind=kind,
        group=group,
        claims=len(rows),
        amount_minor=sum(row.score.amount_minor for row in rows),
        labels=sum(row.loss_share is not None for row in rows),
        wrong=wrong_share(rows),
    )


def _grouped(rows: Sequence[JudgedShadow], name: Callable[[JudgedShadow], str]) -> tuple[Cell, ...]:
    groups: dict[tuple[str, str], list[JudgedShadow]] = {}
    for row in sorted(rows, key=lambda one: one.score.amount_minor):
        groups.setdefault((name(row), _kind(row)), []).append(row)
    return tuple(_cell(kind, group, found) for (group, kind), found in groups.items())


def _rank_agreement(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float | None:
    if len(ours) < 3 or len(np.unique(ours)) == 1 or len(np.unique(theirs)) == 1:
        return None
    first, second = (np.argsort(np.argsort(values, kind="stable"), kind="stable") for values in (ours, theirs))
    return float(np.corrcoef(first.astype(np.float64), second.astype(np.float64))[0, 1])
