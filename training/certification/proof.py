"""Does the certificate keep its promise, and is it ever issued? Counted over thousands of resampled worlds.

In every world the whole procedure runs: thresholds are ordered on one part, labels are drawn by lot on another, and the
sequence is tested with the very functions that issue certificates; only the lots come from a generator instead of HMAC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.stats import binom, binomtest
from tqdm import tqdm

from training.certification.bounds import labels_needed
from training.certification.issue import examine, run_sequence
from training.certification.sequence import candidate_sequence
from training.certification.terms import Method, Terms
from training.certification.worlds import CAP, Law, World, claims_for, draw_world

Units = Literal["entities", "claims"]
ALPHA, DELTA = 0.02, 0.05
LABELS = 450
CANDIDATES = 8
POWER_LABELS = (150, 300, 600, 1200)
POWER_SHARES = (0.0, 0.2, 0.5)


@dataclass(frozen=True, slots=True)
class Scenario:
    """``units`` that the test takes for independent: ours takes entities; one that takes claims stands beside it."""

    name: str
    law: Law
    units: Units = "entities"
    method: Method = "binomial"


@dataclass(frozen=True, slots=True)
class Count:
    """Of ``worlds``, in how many a certificate was ``issued`` and in how many ``broken``: issued at a threshold whose
    true share is alpha or above. The interval is Clopper and Pearson's, 95 %, of the broken share."""

    name: str
    share: float
    worlds: int
    issued: int
    broken: int
    low: float
    high: float

    @property
    def keeps(self) -> bool:
        """The broken share is at most delta, as far as so many worlds can tell."""
        return self.low <= DELTA


@dataclass(frozen=True, slots=True)
class Power:
    """How often a certificate is issued where ``labels`` are expected and ``share`` × alpha is wrong.

    ``fixed``: at one threshold set beforehand (exact); ``sequence``: by the whole procedure, over ``worlds``;
    ``ringed``: the same where rings do all that is wrong.
    """

    labels: int
    share: float
    fixed: float
    sequence: float
    ringed: float
    worlds: int


def scenarios(times_alpha: float) -> tuple[Scenario, ...]:
    """Laws in which every threshold, or every one above the middle, is at or above alpha."""
    law = Law(claims=claims_for(LABELS), share=times_alpha * ALPHA)
    half = replace(law, part=0.5)
    found = [
        Scenario("independent claims", law),
        Scenario(
            "independent, share rising with the score", replace(law, share=2 * times_alpha * ALPHA, shape="rising")
        ),
        Scenario("independent, half of each wrong claim lost", half),
        Scenario("the same, betting bound", half, method="betting"),
    ]
    for size in (10, 30, 50):
        ringed = replace(law, ringed=1.0, ring_claims=size)
        found += [
            Scenario(f"rings of {size}, claims tested, no entity cap", replace(ringed, held=False), "claims"),
            Scenario(f"rings of {size}, claims tested, entity cap", ringed, "claims"),
            Scenario(f"rings of {size}, entities tested", ringed),
        ]
    found.append(Scenario("rings of 30 and as much by single claims", replace(law, ringed=0.5)))
    return tuple(found)


def terms(method: Method = "binomial") -> Terms:
    return Terms(alpha=ALPHA, delta=DELTA, cap=CAP, entity_cap=CAP, candidates=CANDIDATES, method=method)


def issued_threshold(scenario: Scenario, random: np.random.Generator) -> float | None:
    """The whole procedure in one new world: the certified threshold, or None."""
    asked = terms(scenario.method)
    ordering, testing = (_as_tested(draw_world(scenario.law, random), scenario) for _ in range(2))
    sequence = candidate_sequence(ordering.pool, ordering.shares, asked, 1.0)
    lot, rounding = random.random((2, len(testing.pool)))
    tested = run_sequence(
        sequence,
        lambda threshold: examine(
            testing.pool, threshold, asked, lot, rounding, lambda positions: testing.shares[positions]
        ),
    )
    passed = [one.threshold for one in tested if one.passed]
    return max(passed, default=None)


def _as_tested(world: World, scenario: Scenario) -> World:
    held = world.held() if scenario.law.held and scenario.law.ringed else world
    return held.claim_by_claim() if scenario.units == "claims" else held


def count_broken(scenario: Scenario, worlds: int, seed: int, tick: Callable[[int], object] = lambda _: None) -> Count:
    random = np.random.default_rng(seed)
    issued = broken = 0
    for _ in range(worlds):
        threshold = issued_threshold(scenario, random)
        tick(1)
        if threshold is not None:
            issued += 1
            broken += scenario.law.share_at(threshold) >= ALPHA * (1 - 1e-9)
    interval = binomtest(broken, worlds).proportion_ci(0.95, "exact")
    return Count(scenario.name, scenario.law.share, worlds, issued, broken, float(interval.low), float(interval.high))


def power(labels: int, share: float, worlds: int, seed: int, tick: Callable[[int], object] = lambda _: None) -> Power:
    """``share`` in multiples of alpha."""
    random = np.random.default_rng(seed)
    found = []
    for ringed in (0.0, 1.0):
        scenario = Scenario("power", Law(claims=claims_for(labels), share=share * ALPHA, ringed=ringed))
        hits = 0
        for _ in range(worlds):
            hits += issued_threshold(scenario, random) is not None
            tick(1)
        found.append(hits / worlds)
    return Power(labels, share, _fixed_power(labels, share * ALPHA), found[0], found[1], worlds)


def _fixed_power(labels: int, share: float) -> float:
    most = -1
    while labels_needed(ALPHA, DELTA, most + 1) <= labels:
        most += 1
    return float(binom.cdf(most, labels, share)) if most >= 0 else 0.0


def prove(
    worlds: int, power_worlds: int, seed: int, *, progress: bool = False
) -> tuple[dict[float, tuple[Count, ...]], tuple[Power, ...]]:
    """Broken promises at 1.0 and 1.1 × alpha, by scenario, and power by labels and share."""
    cases = {times: scenarios(times) for times in (1.0, 1.1)}
    cells: Sequence[tuple[int, float]] = [(labels, share) for labels in POWER_LABELS for share in POWER_SHARES]
    total = worlds * sum(map(len, cases.values())) + 2 * power_worlds * len(cells)
    with tqdm(total=total, desc="worlds", unit="world", disable=not progress) as bar:
        counts = {
            times: tuple(count_broken(one, worlds, seed + number, bar.update) for number, one in enumerate(found))
            for times, found in cases.items()
        }
        powers = tuple(_powers(cells, power_worlds, seed, bar.update))
    return counts, powers


def _powers(
    cells: Sequence[tuple[int, float]], worlds: int, seed: int, tick: Callable[[int], object]
) -> Iterable[Power]:
    for number, (labels, share) in enumerate(cells):
        yield power(labels, share, worlds, seed + 1000 + number, tick)
