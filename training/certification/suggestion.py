"""Which alpha to ask for: from what a review costs and what the claims are worth. The risk owner decides."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from training.certification.bounds import labels_needed
from training.certification.workbench import Row


@dataclass(frozen=True, slots=True)
class Option:
    """One threshold as the platform's purse sees it, minor units over the part looked at: reviews saved, money lost to
    wrong approvals, and what remains."""

    threshold: float
    claims: int
    money: int
    wrong_share: float
    saved: int
    lost: int

    @property
    def net(self) -> int:
        return self.saved - self.lost


@dataclass(frozen=True, slots=True)
class Suggestion:
    """``alpha`` suggested, None where no approval by risk pays; ``why`` in one sentence.

    ``break_even``: the ¥-share wrong at which the reviews saved are just lost again, at the best threshold.
    ``certifiable``: the smallest alpha that the labels expected there could certify if none were wrong.
    """

    alpha: float | None
    why: str
    options: tuple[Option, ...]
    best: Option | None = None
    break_even: float | None = None
    certifiable: float | None = None


def suggest(rows: Sequence[Row], review_cost: int, delta: float, *, expansion: float = 1.0) -> Suggestion:
    """``rows`` of the workbench on a part that certifies nothing; ``review_cost``: of one claim, minor units;
    ``expansion``: labels the certifying part can expect for each of this one.

    The threshold that nets most is sought; alpha is suggested half-way (geometrically) between the share expected wrong
    there and the share at which it would no longer pay, but no smaller than labels can certify. ValueError for a cost
    that is not positive.
    """
    if review_cost <= 0:
        raise ValueError(f"the cost of a review must be above 0, not {review_cost}")
    options = tuple(_option(row, review_cost) for row in rows if math.isfinite(row.wrong_share) and row.money > 0)
    best = max(options, key=lambda option: option.net, default=None)
    if best is None or best.net <= 0:
        return Suggestion(None, "no threshold saves more in reviews than it loses: approve nothing by risk", options)
    labels = expansion * next(row.labels for row in rows if row.threshold == best.threshold)
    break_even = best.saved / best.money
    certifiable = -math.expm1(math.log(delta) / labels) if labels > 0 else 1.0
    expected = max(best.wrong_share, certifiable / 4)  # none seen wrong is not none
    wanted = max(math.sqrt(expected * break_even), certifiable)
    alpha = math.floor(wanted * 1000) / 1000
    if alpha < certifiable:
        alpha = math.ceil(certifiable * 1000) / 1000
    if not 0.0 < alpha < break_even:
        why = (
            f"at {labels:.0f} labels no less than {certifiable:.2%} can be certified, and above {break_even:.2%} "
            "approving costs more than reviewing: collect more labels"
        )
        return Suggestion(None, why, options, best, break_even, certifiable)
    why = (
        f"approving up to risk {best.threshold:.4f} nets most; {best.wrong_share:.2%} of that money is expected wrong, "
        f"from {break_even:.2%} on it would no longer pay, and {labels_needed(alpha, delta)} clean labels certify "
        f"{alpha:.1%}"
    )
    return Suggestion(alpha, why, options, best, break_even, certifiable)


def _option(row: Row, review_cost: int) -> Option:
    return Option(
        threshold=row.threshold,
        claims=row.claims,
        money=row.money,
        wrong_share=row.wrong_share,
        saved=row.claims * review_cost,
        lost=round(row.money * row.wrong_share),
    )
