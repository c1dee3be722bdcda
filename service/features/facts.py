"""Everything a feature may look at, prepared once per claim."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Claim
from service.domain.evidence import Evidence, Failed, Line, Read
from service.domain.money import Money, exponent
from service.domain.showing import PLAIN

NAN = math.nan
# Rows end as float32. Nothing real comes near this bound; without it an absurd integer would overflow.
_BOUND = 10**15
_STRONG_HINT = 0.5  # what honest pages seldom pass
_UNKNOWN = Result.UNKNOWN.rank


@dataclass(frozen=True, slots=True)
class Caps:
    """The policy's limits in minor units: the largest automatic approval, and the one-click limit."""

    auto_amount: int
    one_click_amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How well the evidence could be read. Scores are 0 without a page: none is never better than one.

    ``gaps``: facts that are cut off, covered or illegible on some page, whether or not another page shows them.
    ``tamper_strength``: of the place that looks most worked over, 0 without one; ``tamper_places``: how many pass 0.5.
    """

    files: int
    failed: int
    pages: int
    lowest_page_score: float
    mean_score: float
    gaps: int
    tamper_strength: float
    tamper_places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One claim as known at ``as_of``. ``ranks``: pass 0, unknown 1, fail 2, for every CheckCode."""

    claim: Claim
    as_of: datetime
    ranks: Mapping[CheckCode, int]
    reading: Reading
    history: Mapping[str, float | None]
    caps: Caps
    reused_orders: int
    reused_accounts: int

    def past(self, aggregate: str) -> float:
        """An aggregate's number; NaN where the claim has no such entity, KeyError where history lacks it."""
        value = self.history[aggregate]
        return NAN if value is None else float(value)

    def past_yuan(self, aggregate: str) -> float:
        """An AMOUNT aggregate in major units of the order's currency."""
        return self.past(aggregate) / 10.0 ** exponent(self.claim.order.amount_paid.currency)

    def hours_since(self, moment: datetime | None) -> float:
        """Hours from ``moment`` to ``as_of``, negative when it lies ahead; NaN when there is no such moment."""
        return NAN if moment is None else (self.as_of - moment).total_seconds() / 3600


def bounded(number: int | float) -> float:
    """The number as a float a row can hold."""
    return float(min(max(number, -_BOUND), _BOUND))


def major(money: Money) -> float:
    """An amount in major units (yuan for CNY)."""
    return bounded(money.minor) / 10.0 ** exponent(money.currency)


def check_ranks(checks: Iterable[CheckResult]) -> dict[CheckCode, int]:
    """Rank of each check: the worst where one comes twice, unknown where one was not made."""
    ranks: dict[CheckCode, int] = {}
    for check in checks:
        ranks[check.code] = max(ranks.get(check.code, 0), check.result.rank)
    return {code: ranks.get(code, _UNKNOWN) for code in CheckCode}


def reading_of(evidence: Sequence[Evidence]) -> Reading:
    """Reading quality over all evidence; does not depend on its order."""
    outcomes = [item.outcome for item in evidence]
    strengths = [
        hint.strength for outcome in outcomes if not isinstance(outcome, Failed) for hint in outcome.image.hints
    ]
    pages = [outcome.lines for outcome in outcomes if isinstance(outcome, Read) and outcome.lines]
    return Reading(
        files=len(outcomes),
        failed=sum(isinstance(outcome, Failed) for outcome in outcomes),
        pages=len(pages),
        lowest_page_score=min((_mean_score(lines) for lines in pages), default=0.0),
        mean_score=_mean_score([line for lines in pages for line in lines]),
        gaps=sum(
            gap.kind in PLAIN and gap.field is not None for item in evidence if item.page for gap in item.page.gaps
        ),
        tamper_strength=max(strengths, default=0.0),
        tamper_places=sum(strength > _STRONG_HINT for strength in strengths),
    )


def _mean_score(lines: Sequence[Line]) -> float:
    # fsum: the exact sum, so the order of pages cannot move the last digit.
    return math.fsum(line.score for line in lines) / len(lines) if lines else 0.0
