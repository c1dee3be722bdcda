"""Who is served how: the same figures for every group of claims, so that none is served badly unseen.

Groups are things of the order and the account's history with the platform. The holder's age and its like are never
features, and groups by them are not made here: a platform holds such facts for other purposes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import orjson
import pyarrow.parquet as pq
from numpy.typing import NDArray
from scipy.stats import beta, norm

from training.observed import Observed
from training.resampling import Counts, Floats, Indices, Interval, Ranked, mirrored, percentile, replicates

Names = NDArray[np.str_]
Flags = NDArray[np.bool_]

FEWEST = 30
"""Groups of fewer claims are shown, never judged: their intervals say nothing."""

LEVEL = 0.05
"""Chance that any group of the whole table is flagged though all are served alike."""

AMOUNT_BANDS = ((0, "under ¥20"), (2_000, "¥20-50"), (5_000, "¥50-200"), (20_000, "¥200 and more"))
AGE_BANDS = ((0.0, "under 30 days"), (30.0, "30-180 days"), (180.0, "180-365 days"), (365.0, "a year and more"))


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """What groups and clusters are made of, one entry per claim in the order of the claims table.

    ``age_days``: of the account at the claim, NaN where not known. ``amount``: claimed, minor units.
    """

    platform: Names
    category: Names
    account: Names
    age_days: Floats
    amount: Indices

    def groups(self) -> dict[str, Names]:
        """The groupings of the table: name to one label per claim."""
        return {
            "platform": self.platform,
            "category": self.category,
            "amount": banded(self.amount, AMOUNT_BANDS),
            "account age": banded(self.age_days, AGE_BANDS),
        }


def claim_facts(observed: Observed) -> ClaimFacts:
    """Read from the claims table: nothing but the record the platform sent."""
    table = pq.read_table(observed.path("claims"), columns=["account_id", "as_of", "amount", "record"])
    records = [orjson.loads(record) for record in table["record"].to_pylist()]
    opened = np.array([_moment(record["account"]["opened_at"]) for record in records], dtype="datetime64[us]")
    as_of = table["as_of"].to_numpy().astype("datetime64[us]")
    return ClaimFacts(
        platform=np.array([record["platform_id"] for record in records], dtype=np.str_),
        category=np.array(
            [record["order"]["product"]["category"] or record["order"]["product"]["kind"] for record in records],
            dtype=np.str_,
        ),
        account=np.array(table["account_id"].to_pylist(), dtype=np.str_),
        age_days=(as_of - opened) / np.timedelta64(1, "D"),
        amount=table["amount"].to_numpy().astype(np.int64),
    )


def _moment(text: str | None) -> np.datetime64:
    return np.datetime64(text.removesuffix("Z"), "us") if text else np.datetime64("NaT", "us")


def banded(values: NDArray[np.generic], bands: Iterable[tuple[float, str]]) -> Names:
    """The name of the last band whose lower edge each value reaches; "not known" for NaN."""
    edges, names = zip(*bands, strict=True)
    known = np.nan_to_num(np.asarray(values, dtype=np.float64), nan=-np.inf)
    found = np.searchsorted(np.asarray(edges, dtype=np.float64), known, side="right") - 1
    return np.where(np.isfinite(known), np.array(names)[np.maximum(found, 0)], "not known")


def _in_order(labels: Names) -> list[str]:
    """The groups by name, bands from the lowest up."""
    rank = {name: number for bands in (AMOUNT_BANDS, AGE_BANDS) for number, (_, name) in enumerate(bands)}
    return sorted(np.unique(labels).tolist(), key=lambda group: (rank.get(group, len(rank)), group))


@dataclass(frozen=True, slots=True)
class Segment:
    """One group. ``gap``: mean score - base rate, above 0 where the group is thought worse than it is; its interval
    holds for all groups of the table at once. ``approved``: share of claims at or below the threshold; of those
    ``false_approval`` is wrong. ``false_alarm``: share of the rightful claims that are not approved. Without a
    threshold these three are None. ``flags``: what is badly served, in words; empty where nothing is.
    """

    grouping: str
    group: str
    claims: int
    base_rate: float
    mean_score: float
    auc: Interval
    ece: Interval
    gap: Interval
    approved: Interval | None
    false_approval: Interval | None
    false_alarm: Interval | None
    flags: tuple[str, ...]


def segments(
    scores: Floats,
    wrong: Indices,
    clusters: Names,
    groupings: Mapping[str, Names],
    *,
    threshold: float | None = None,
    count: int = 300,
    seed: int = 0,
) -> tuple[Segment, ...]:
    """The table for labelled claims; all arrays [n]. A group is flagged where its calibration gap, its false approvals
    or its false alarms lie outside what the rest of the claims shows, at a level shared by all groups (Bonferroni)."""
    judged = [
        (grouping, group, labels == group) for grouping, labels in groupings.items() for group in _in_order(labels)
    ]
    several = sum(int(inside.sum()) >= FEWEST for _, _, inside in judged)
    level = LEVEL / max(1, several)
    return tuple(
        _segment(grouping, group, inside, scores, wrong, clusters, threshold, level, count, seed)
        for grouping, group, inside in judged
    )


def _segment(
    grouping: str,
    group: str,
    inside: Flags,
    scores: Floats,
    wrong: Indices,
    clusters: Names,
    threshold: float | None,
    level: float,
    count: int,
    seed: int,
) -> Segment:
    mine, label = scores[inside], wrong[inside]
    auc, ece, gap = _drawn(mine, label, clusters[inside], level, count, seed)
    flags = []
    if len(label) >= FEWEST and (gap.low > 0 or gap.high < 0):
        flags.append("thought worse than it is" if gap.value > 0 else "thought better than it is")
    rates: list[Interval | None] = [None, None, None]
    if threshold is not None:
        approved = mine <= threshold
        rates = [
            share(approved),
            share(label[approved] == 1) if approved.any() else None,
            share(~approved[label == 0]) if (label == 0).any() else None,
        ]
        flags += _against_rest(scores <= threshold, wrong, inside, level)
    return Segment(
        grouping=grouping,
        group=group,
        claims=len(label),
        base_rate=float(label.mean()),
        mean_score=float(mine.mean()),
        auc=auc,
        ece=ece,
        gap=gap,
        approved=rates[0],
        false_approval=rates[1],
        false_alarm=rates[2],
        flags=tuple(flags),
    )


def _drawn(
    scores: Floats, wrong: Indices, clusters: Names, level: float, count: int, seed: int
) -> tuple[Interval, Interval, Interval]:
    """AUC, ECE and the calibration gap; the gap by the normal approximation, whose tails no bootstrap of this size
    reaches at a level shared by dozens of groups."""
    ranked = Ranked(scores, wrong, np.ones(len(wrong)))
    once: Counts = np.ones((1, len(wrong)), dtype=np.float32)
    aucs, eces, gaps = [], [], []
    for counts in replicates(clusters, count, seed):
        aucs.append(ranked.auc(counts))
        eces.append(ranked.calibration_error(counts))
        gaps.append(counts @ (scores - wrong) / counts.sum(axis=1))
    gap = float(np.mean(scores - wrong))
    reach = float(norm.isf(level / 2)) * float(np.std(np.concatenate(gaps)))
    return (
        percentile(float(ranked.auc(once)[0]), np.concatenate(aucs)),
        mirrored(float(ranked.calibration_error(once)[0]), np.concatenate(eces)),
        Interval(gap, gap - reach, gap + reach),
    )


def share(hits: NDArray[np.bool_]) -> Interval:
    """A share of independent yes and no with its exact 95 % interval (Clopper & Pearson, 1934)."""
    return _exact(int(hits.sum()), len(hits), 0.05)


def _exact(hits: int, total: int, level: float) -> Interval:
    low = float(beta.ppf(level / 2, hits, total - hits + 1)) if hits else 0.0
    high = float(beta.isf(level / 2, hits + 1, total - hits)) if hits < total else 1.0
    return Interval(hits / total, low, high)


def _against_rest(approved: Flags, wrong: Indices, inside: Flags, level: float) -> list[str]:
    """Flags of false approvals and false alarms that are surely above those of all other claims."""
    found = []
    for name, hits, among in (
        ("more false approvals than elsewhere", wrong == 1, approved),
        ("more false alarms than elsewhere", ~approved, wrong == 0),
    ):
        here, rest = hits[inside & among], hits[~inside & among]
        surely_here = len(here) >= FEWEST and _exact(int(here.sum()), len(here), level).low
        if len(rest) >= FEWEST and surely_here > _exact(int(rest.sum()), len(rest), level).high:
            found.append(name)
    return found


def flagged(table: Iterable[Segment]) -> tuple[Segment, ...]:
    return tuple(segment for segment in table if segment.flags)
