"""How far the bound moves if the people who adjudicate err."""

from __future__ import annotations

from dataclasses import dataclass

MISSED_RATES = (0.01, 0.02, 0.05)


@dataclass(frozen=True, slots=True)
class Shifted:
    """``missed``: of the money truly wrong, the share that adjudication finds right; ``bound`` on the true ¥-share."""

    missed: float
    bound: float
    within_alpha: bool


def with_missed_wrongs(bound: float, alpha: float, rates: tuple[float, ...] = MISSED_RATES) -> tuple[Shifted, ...]:
    """The bound if that share of wrong grants goes unseen: what is seen is (1 - missed) of what is there.

    Rights judged wrong only make the bound too large. ValueError for a rate outside [0, 1).
    """
    if any(not 0.0 <= rate < 1.0 for rate in rates):
        raise ValueError(f"a rate of missed wrongs lies in [0, 1): {rates}")
    moved = [(rate, min(1.0, bound / (1.0 - rate))) for rate in rates]
    return tuple(Shifted(rate, each, each <= alpha) for rate, each in moved)


def missed_rate_tolerated(bound: float, alpha: float) -> float:
    """The largest share of wrong grants that adjudication may miss with the true share still within alpha."""
    return max(0.0, 1.0 - bound / alpha)


def misjudged_tolerated(bound: float, alpha: float) -> float:
    """The same as a share of the grants *judged right* that may in truth be wrong: the harsher view, for errors that do
    not depend on how many wrong ones there are."""
    return max(0.0, (alpha - bound) / (1.0 - bound)) if bound < 1.0 else 0.0
