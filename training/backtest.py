"""Another policy or model on the same history: what it would have approved, lost and left to people.

Losses rest on observed labels, weighted by the inverse of each claim's chance of being seen (Horvitz & Thompson, 1952);
money that had no chance of being seen is told apart. Intervals are by connected entity (bootstrap), and differences
are paired: both sides on the same draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from service.domain.errors import ConfigurationError
from service.features import Caps
from service.policy import Policy
from training.datasets import Floats, Indices, build_dataset, claim_cases, feature_rows
from training.evaluation import MATURING_SLACK
from training.observed import Observed
from training.pipeline import caps_of
from training.replaying import Decided, Side, replay
from training.resampling import REPLICATES, Interval, percentile, replicates
from training.selective import inverse_weights
from training.splits import connected_claims

MINUTES_PER_REVIEW = 6.0
"""Assumed: to read some pages of evidence against the record, decide, and write the basis. No public figure was found;
take your own from the times between taking a case and deciding it."""
FEWEST_CLAIMS = 100
_NO_CAPS = Caps(auto_amount=0, one_click_amount=0)
MEASURES = ("claims", "money", "lost", "wrong_share", "unseen", "hours")
"""Claims and money approved; money lost; its share of the money that could be seen; money approved that had no chance
of being seen; hours of reviewers. Money in minor units."""


@dataclass(frozen=True, slots=True)
class Line:
    """One class or clause on one side. ``money``: approved in it, for a class; claimed, for a clause."""

    name: str
    claims: Interval
    money: Interval
    lost: Interval


@dataclass(frozen=True, slots=True)
class Moved:
    """Claims that go another way: from route to route, with the money claimed and, of what the new side grants more or
    less, the part that is lost."""

    before: str
    after: str
    claims: int
    money: int
    lost: Interval


@dataclass(frozen=True)
class SideResult:
    """``totals`` by MEASURES. ``certified``: a certificate covers this rule; else its threshold is an assumption."""

    name: str
    policy: str
    model: str
    threshold: float | None
    certified: bool
    totals: dict[str, Interval]
    classes: tuple[Line, ...]
    clauses: tuple[Line, ...]
    over_budget: int


@dataclass(frozen=True)
class Backtest:
    """``first``, ``last``: the window as it was used. ``difference``: new minus current, paired. ``notes``: what the
    reader has to know, as sentences."""

    first: datetime
    last: datetime
    claims: int
    claimed: int
    current: SideResult
    new: SideResult
    difference: dict[str, Interval]
    moved: tuple[Moved, ...]
    minutes_per_review: float
    origin: str
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Window:
    """The claims that are replayed, [n]. ``weight``: 1 / chance of being seen, 0 where people were not asked.
    ``wrong``: share lost. ``reachable``: had a chance of being seen. ``unresolved``: people were asked and could not
    tell."""

    indices: Indices
    claimed: NDArray[np.int64]
    weight: Floats
    wrong: Floats
    reachable: NDArray[np.bool_]
    entity: Indices
    unresolved: int


def backtest(
    observed: Observed,
    current: Side,
    new: Side,
    *,
    first: datetime | None = None,
    last: datetime | None = None,
    learned_until: datetime | None = None,
    minutes_per_review: float = MINUTES_PER_REVIEW,
    count: int = REPLICATES,
    seed: int = 0,
    progress: bool = False,
) -> Backtest:
    """Replay [first, last) under both; ``first`` None: from ``learned_until``, the end of what the models were fitted
    and calibrated on. Claims too young for their label are left out; ConfigurationError where too few are left, or a
    policy is another platform's."""
    for side in (current, new):
        _require_platform(side.policy, observed)
    begin, end, cut = _span(observed, first or learned_until, last)
    window = _window(observed, begin, end)
    rows = _rows(observed, current.policy, new.policy, progress=progress)
    cases = list(claim_cases(observed, only=window.indices.tolist()))
    decided = [replay(side, cases, one[window.indices]) for side, one in zip((current, new), rows, strict=True)]
    draws = _Draws(window.entity, count, seed)
    totals = _totals(draws, [_measures(window, one, minutes_per_review) for one in decided])
    lines = _lines(draws, window, decided)
    return Backtest(
        first=begin,
        last=end,
        claims=len(window.indices),
        claimed=int(window.claimed.sum()),
        current=_side(current, decided[0], totals[0], lines[0]),
        new=_side(new, decided[1], totals[1], lines[1]),
        difference=totals[2],
        moved=_moved(draws, window, *decided),
        minutes_per_review=minutes_per_review,
        origin=str(observed.facts["origin"]),
        notes=tuple(_notes(window, current, new, cut=cut, learned=learned_until is not None and begin < learned_until)),
    )


def _require_platform(policy: Policy, observed: Observed) -> None:
    if policy.platform != observed.platform:
        raise ConfigurationError(
            f"the policy is of the platform {policy.platform}, the tables of {observed.platform}; set its `platform:`"
        )


def _rows(observed: Observed, current: Policy, new: Policy, *, progress: bool) -> tuple[NDArray[np.float32], ...]:
    """Feature rows under either policy's caps; computed once where they agree."""
    caps: list[Caps] = [caps_of(policy) for policy in (current, new)]
    made = {one: feature_rows(observed, one, progress=progress) for one in dict.fromkeys(caps)}
    return tuple(made[one] for one in caps)


def _span(observed: Observed, first: datetime | None, last: datetime | None) -> tuple[datetime, datetime, bool]:
    """The window, cut where labels have not matured yet; whether it was."""
    delay = timedelta(days=float(observed.facts["label_delay_days"])) + MATURING_SLACK
    oldest = observed.end - delay
    begin, end = first or observed.start, last or oldest
    if begin >= end:
        raise ConfigurationError(
            f"the window from {begin:%Y-%m-%d} to {end:%Y-%m-%d} is empty; give --from before --to"
        )
    return begin, min(end, oldest), end > oldest


def _window(observed: Observed, first: datetime, last: datetime) -> _Window:
    # Labels and money alone: the rows take most of the time, and an empty window should be told at once.
    dataset = build_dataset(observed, _NO_CAPS, rows=np.empty((0, 0), dtype=np.float32))
    entities = connected_claims(observed)
    edges = [np.datetime64(int(moment.timestamp() * 1e6), "us") for moment in (first, last)]
    chosen = np.flatnonzero((dataset.as_of >= edges[0]) & (dataset.as_of < edges[1]))
    if len(chosen) < FEWEST_CLAIMS:
        raise ConfigurationError(
            f"{len(chosen)} claims whose outcome had time to become known lie from {first:%Y-%m-%d} to "
            f"{last:%Y-%m-%d}; at least {FEWEST_CLAIMS} are needed, so give a longer window"
        )
    chance, share = dataset.draw_probability[chosen], dataset.wrong_share[chosen]
    asked = dataset.asked[chosen]
    # People were asked and could not tell: lost in full, as a certificate counts it.
    open_still = asked & np.isnan(share)
    return _Window(
        indices=chosen,
        claimed=dataset.amount[chosen],
        weight=np.where(asked, inverse_weights(chance), 0.0),
        wrong=np.where(open_still, 1.0, np.nan_to_num(share)),
        reachable=chance > 0.0,
        entity=entities[chosen],
        unresolved=int(open_still.sum()),
    )


def _lost(window: _Window, decided: Decided) -> Floats:
    """Estimated loss of each grant, minor units, in [0, granted] on average; goods taken back lose nothing."""
    return np.where(decided.costless, 0.0, decided.granted * window.weight * window.wrong)


def _measures(window: _Window, decided: Decided, minutes: float) -> dict[str, Floats]:
    granted = decided.granted.astype(np.float64)
    dark = ~window.reachable & ~decided.costless
    return {
        "claims": (granted > 0).astype(np.float64),
        "money": granted,
        "lost": _lost(window, decided),
        "visible": np.where(dark, 0.0, granted),
        "unseen": np.where(dark, granted, 0.0),
        "hours": decided.reviews * minutes / 60.0,
    }


@dataclass(frozen=True)
class _Draws:
    """Bootstrap draws of connected entities; all sums of one call are under the same draws."""

    entity: Indices
    count: int
    seed: int

    def sums(self, vectors: Sequence[Floats]) -> tuple[Floats, Floats]:
        """Of vectors [n] each its sum, [m], and that sum under every draw, [count, m]."""
        matrix = np.stack(vectors, axis=1) if vectors else np.empty((len(self.entity), 0))
        blocks = replicates(self.entity, self.count, self.seed)
        return matrix.sum(axis=0), np.concatenate([block.astype(np.float64) @ matrix for block in blocks])

    def intervals(self, vectors: Sequence[Floats]) -> list[Interval]:
        values, drawn = self.sums(vectors)
        return [percentile(float(value), column) for value, column in zip(values, drawn.T, strict=True)]


def _totals(draws: _Draws, measures: Sequence[dict[str, Floats]]) -> list[dict[str, Interval]]:
    """Of the current side, of the new one, and the difference of both under the same draws."""
    names = list(measures[0])
    values, drawn = draws.sums([side[name] for side in measures for name in names])
    sides = [
        _with_share(dict(zip(names, part, strict=True)))
        for part in (values[: len(names)], values[len(names) :], drawn.T[: len(names)], drawn.T[len(names) :])
    ]
    more, more_drawn = ({name: new[name] - old[name] for name in MEASURES} for old, new in (sides[:2], sides[2:]))
    pairs = [(sides[0], sides[2]), (sides[1], sides[3]), (more, more_drawn)]
    return [{name: percentile(float(value[name]), under[name]) for name in MEASURES} for value, under in pairs]


def _with_share(sums: dict[str, Any]) -> dict[str, Any]:
    """The share lost is a ratio of two sums, in every draw of its own."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return {**sums, "wrong_share": np.divide(sums["lost"], sums["visible"])}


def _lines(draws: _Draws, window: _Window, decided: Sequence[Decided]) -> list[tuple[tuple[Line, ...], ...]]:
    """(classes, clauses) of each side."""
    named: list[tuple[str, NDArray[np.bool_], Floats, Floats]] = []
    counts = []
    for one in decided:
        lost, granted, claimed = _lost(window, one), one.granted.astype(np.float64), window.claimed.astype(np.float64)
        classes = [(name, one.route == name, granted, lost) for name in sorted(np.unique(one.route).tolist())]
        clauses = [
            (name, np.array([name in told for told in one.clauses]), claimed, lost)
            for name in sorted({name for told in one.clauses for name in told})
        ]
        named += [*classes, *clauses]
        counts += [len(classes), len(clauses)]
    one_each = np.ones(len(window.indices))
    found = draws.intervals(
        [np.where(inside, values, 0.0) for _, inside, money, lost in named for values in (one_each, money, lost)]
    )
    made = [Line(name, *found[3 * number : 3 * number + 3]) for number, (name, *_) in enumerate(named)]
    ends = np.cumsum([0, *counts]).tolist()
    parts = [tuple(made[first:last]) for first, last in pairwise(ends)]
    return [(parts[0], parts[1]), (parts[2], parts[3])]


def _side(side: Side, decided: Decided, totals: dict[str, Interval], lines: tuple[tuple[Line, ...], ...]) -> SideResult:
    return SideResult(
        name=side.name,
        policy=side.policy.version,
        model=side.bundle.version,
        threshold=side.threshold,
        certified=side.certified,
        totals=totals,
        classes=lines[0],
        clauses=lines[1],
        over_budget=decided.over_budget,
    )


def _moved(draws: _Draws, window: _Window, current: Decided, new: Decided) -> tuple[Moved, ...]:
    more = _lost(window, new) - _lost(window, current)
    ways = sorted({(str(one), str(other)) for one, other in zip(current.route, new.route, strict=True) if one != other})
    taken = [(current.route == before) & (new.route == after) for before, after in ways]
    lost = draws.intervals([np.where(inside, more, 0.0) for inside in taken])
    found = [
        Moved(before, after, int(inside.sum()), int(window.claimed[inside].sum()), one)
        for (before, after), inside, one in zip(ways, taken, lost, strict=True)
    ]
    return tuple(sorted(found, key=lambda one: -one.money))


def _notes(window: _Window, current: Side, new: Side, *, cut: bool, learned: bool) -> list[str]:
    found = []
    if learned:
        found.append(
            "Some of these claims the models learned from: their losses by risk look smaller than they will be."
        )
    if cut:
        found.append("The window ends earlier than asked: later claims have had no time for their outcome to be known.")
    for side in (current, new):
        if side.threshold is None:
            found.append(f"{side.name}: its model has no certified threshold, so risk approves nothing.")
        elif not side.certified:
            found.append(
                f"{side.name}: the threshold {side.threshold:.2%} is not certified for this policy and model; in "
                "service risk would approve nothing until it is."
            )
    if window.unresolved:
        found.append(f"{window.unresolved:,} claims judged by people were never settled; they count as lost in full.")
    found.append("Goods that are taken back are taken to lose nothing, and claims asked for material to cost a review.")
    found.append("Buyers are taken to claim as they did: nobody adapts to the other answers.")
    found.append(
        "¥ lost goes by labels as they were judged, with reviewers' errors in them; a certificate's promise is about "
        "adjudicated ones."
    )
    return found
