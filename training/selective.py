"""What may be said of approvals when only some of their outcomes are known.

A claim that a person looks at shows its outcome; one that is approved at once shows it only if the audit draws it.
Labels are therefore a sample that somebody's rule chose, and a plain mean over them answers for that sample. Each
claim's chance of being seen is stored, so labels can be weighted by its inverse (Horvitz & Thompson, 1952; the ratio
form is Hájek's). Where that chance is 0 no weight helps: such claims are named, and the figure for all of them is an
interval.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.stats import beta

from service.domain.history import EventKind
from training.datasets import Dataset, Floats, Indices
from training.observed import Observed
from training.resampling import REPLICATES, Interval, percentile, replicates

Flags = NDArray[np.bool_]

CLIP = 100.0
"""For learning, where one label in the place of a thousand claims would bend a tree around it."""


@dataclass(frozen=True)
class Population:
    """Claims that some rule approves, or any others, one entry each; [n].

    ``amount``: minor units. ``asked``: people were asked about it; ``wrong_share`` is what they found, of the amount,
    in [0, 1]; NaN where they were not asked, and where they could not tell: that counts as wrong in full, as it does
    in a certificate. ``probability``: of being asked about, in [0, 1]. ``cluster``: who belongs together.
    ValueError where people were asked who could not have been: then the probabilities are not those of these labels.
    """

    amount: Floats
    wrong_share: Floats
    asked: Flags
    probability: Floats
    cluster: NDArray[np.generic]

    def __post_init__(self) -> None:
        if not ((self.probability >= 0.0) & (self.probability <= 1.0)).all():
            raise ValueError("the probability of being seen lies in [0, 1]")
        impossible = int((self.asked & ~self.reachable).sum())
        if impossible:
            raise ValueError(f"{impossible} claims were judged that had no chance of being seen")

    def __len__(self) -> int:
        return len(self.amount)

    @property
    def unresolved(self) -> Flags:
        return self.asked & np.isnan(self.wrong_share)

    @property
    def reachable(self) -> Flags:
        return self.probability > 0.0


def population(dataset: Dataset, indices: Indices, cluster: NDArray[np.generic]) -> Population:
    """Some claims of a data set; ``cluster`` of every claim of it, e.g. its connected entity or account. Take claims
    whose labels had time to arrive: what is only late counts as wrong."""
    return Population(
        amount=dataset.amount[indices].astype(np.float64),
        wrong_share=dataset.wrong_share[indices],
        asked=dataset.asked[indices],
        probability=dataset.draw_probability[indices],
        cluster=cluster[indices],
    )


def inverse_weights(probability: Floats, clip: float = np.inf) -> Floats:
    """1 / probability, at most ``clip``; 0 where nothing could be seen."""
    with np.errstate(divide="ignore"):
        return np.where(probability > 0.0, np.minimum(1.0 / probability, clip), 0.0)


def learning_weights(dataset: Dataset, indices: Indices, clip: float = CLIP) -> Floats:
    """A weight for each labelled claim with mean 1, so that together they stand for all claims that could be seen."""
    weights = inverse_weights(dataset.draw_probability[indices], clip)
    return weights / max(float(weights.mean()), 1e-12) if len(weights) else weights


@dataclass(frozen=True, slots=True)
class Estimate:
    """``share``: of the money that is wrong, with a 95 % bootstrap interval. ``labels`` used; ``effective``: how many
    equally weighted ones would say as much (Kish): (Σw)² / Σw², w the weight times the amount."""

    method: str
    share: Interval
    labels: int
    effective: float


@dataclass(frozen=True, slots=True)
class Unseen:
    """Claims without any chance of being seen. ``money``: their share of the population's money; ``where``: by the name
    of a group, the share of that group's money."""

    claims: int
    money: float
    where: dict[str, float]


@dataclass(frozen=True)
class SelectiveReport:
    """``naive``: plain mean over the labels at hand, for all money. ``weighted`` (Horvitz-Thompson, over the known
    total) and ``ratio`` (Hájek) answer for the money that had a chance of being seen. ``everything``: least and most
    that the share of *all* money can be: the ends of the weighted interval, the unseen taken as all right and as all
    wrong. ``unresolved``: claims people were asked about and could not tell. ``clipped``: share of the reachable money
    whose weight was cut, which makes the weighted share too small."""

    naive: Estimate
    weighted: Estimate
    ratio: Estimate
    unseen: Unseen
    everything: tuple[float, float]
    unresolved: int
    clipped: float

    @property
    def sentence(self) -> str:
        if not self.unseen.claims:
            return "Every claim had a chance of being seen: weighting answers for all of the money."
        low, high = self.everything
        return (
            f"Weighting cannot mend {self.unseen.money:.1%} of the money: {self.unseen.claims:,} claims had no chance "
            f"of being seen. The wrong share of all of it is somewhere from {low:.2%} to {high:.2%}."
        )


def selective_report(
    claims: Population,
    *,
    groups: Mapping[str, NDArray[np.str_]] | None = None,
    clip: float = np.inf,
    count: int = REPLICATES,
    seed: int = 0,
) -> SelectiveReport:
    """Naive and weighted estimates of the wrong share of the money. ``groups``: groupings to name the unseen by, each
    one label a claim. ``clip``: the largest weight; by monetary-unit sampling none is too large, as weight times amount
    is the same for all. ValueError without a label."""
    if not claims.asked.any():
        raise ValueError("nobody was asked about any of these claims: nothing can be estimated")
    draws = np.concatenate(list(replicates(claims.cluster, count, seed)))
    asked, reach = claims.asked, claims.reachable
    weight = np.where(asked, inverse_weights(claims.probability, clip), 0.0)
    wrong = claims.amount * np.nan_to_num(claims.wrong_share, nan=1.0)
    plain, inverse = claims.amount * asked, claims.amount * weight
    weighted = _estimate("Horvitz-Thompson", weight * wrong, claims.amount * reach, inverse, draws)
    money = _share(claims.amount, ~reach, np.ones_like(reach))
    return SelectiveReport(
        naive=_estimate("naive", wrong * asked, plain, plain, draws),
        weighted=weighted,
        ratio=_estimate("Hájek", weight * wrong, inverse, inverse, draws),
        unseen=Unseen(int((~reach).sum()), money, _where(claims, groups or {})),
        everything=_between(weighted.share, money),
        unresolved=int(claims.unresolved.sum()),
        clipped=_share(claims.amount, reach & (claims.probability < 1.0 / clip), reach),
    )


def _estimate(method: str, above: Floats, below: Floats, weights: Floats, draws: NDArray[np.float32]) -> Estimate:
    """The ratio of two sums, and the same under each replicate's counts."""
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = (draws @ above) / (draws @ below)
        share = float(above.sum() / below.sum()) if below.any() else float("nan")
        effective = float(weights.sum() ** 2 / (weights**2).sum())
    return Estimate(method, percentile(share, drawn), int((weights > 0).sum()), effective)


def _share(amount: Floats, part: Flags, whole: Flags) -> float:
    return float(amount[part].sum() / max(1.0, float(amount[whole].sum())))


def _between(reachable: Interval, unseen: float) -> tuple[float, float]:
    low, high = (min(max(share, 0.0), 1.0) * (1.0 - unseen) for share in (reachable.low, reachable.high))
    return low, high + unseen


def _where(claims: Population, groups: Mapping[str, NDArray[np.str_]]) -> dict[str, float]:
    found: dict[str, float] = {}
    for grouping, labels in groups.items():
        for label in np.unique(labels):
            inside = labels == label
            dark = claims.amount[inside & ~claims.reachable].sum()
            if dark:
                found[f"{grouping}: {label}"] = float(dark / claims.amount[inside].sum())
    return dict(sorted(found.items(), key=lambda entry: -entry[1]))


@dataclass(frozen=True, slots=True)
class Refusals:
    """Honest buyers who were refused. ``overturned`` on appeal, of ``refused``; of the rest ``audited`` were judged
    again by people who did not know the first answer, and ``audited_due`` of those should have been granted.

    ``share``: of refusals that were wrong; without an audit what appeals show is only its least, and the interval
    reaches to 1. ``money_overturned``: minor units granted on appeal.
    """

    refused: int
    overturned: int
    audited: int
    audited_due: int
    share: Interval
    money_overturned: int


def refusals(observed: Observed, dataset: Dataset, indices: Indices) -> Refusals:
    """Of the given claims those first refused, and what became of them by the end of the data."""
    first = _first_refused(observed)
    refused = np.array([number for number in indices if dataset.claim_ids[number] in first], dtype=np.int64)
    settled = refused[dataset.wrong[refused] >= 0]
    source, due = dataset.source[settled], dataset.wrong[settled] == 0
    overturned, audited = source == "appeal", source == "rejection_audit"
    return Refusals(
        refused=len(settled),
        overturned=int(overturned.sum()),
        audited=int(audited.sum()),
        audited_due=int((audited & due).sum()),
        share=refused_wrongly(len(settled), int(overturned.sum()), int(audited.sum()), int((audited & due).sum())),
        money_overturned=int(dataset.amount[settled[overturned]].sum()),
    )


def refused_wrongly(refused: int, overturned: int, audited: int, audited_due: int) -> Interval:
    """Share of refusals that were wrong: those overturned, and of the others as many as the audit's sample says, with
    its exact 95 % interval (Clopper & Pearson, 1934). NaN without refusals."""
    if not refused:
        return Interval(float("nan"), float("nan"), float("nan"))
    known = overturned / refused
    if not audited:
        return Interval(known, known, 1.0)
    low = beta.ppf(0.025, audited_due, audited - audited_due + 1) if audited_due else 0.0
    high = beta.ppf(0.975, audited_due + 1, audited - audited_due) if audited_due < audited else 1.0
    low, middle, high = (known + (1.0 - known) * float(share) for share in (low, audited_due / audited, high))
    return Interval(middle, low, high)


def _first_refused(observed: Observed) -> frozenset[str]:
    kinds = [EventKind.REFUND_REJECTED.value, EventKind.REFUND_GRANTED.value]
    events = pq.read_table(
        observed.path("events"), columns=["case_id", "kind", "occurred_at"], filters=pc.field("kind").isin(kinds)
    )
    first = events.drop_null().sort_by([("occurred_at", "ascending")])
    decided: dict[str, str] = {}
    for case_id, kind in zip(first["case_id"].to_pylist(), first["kind"].to_pylist(), strict=True):
        decided.setdefault(case_id, kind)
    return frozenset(case_id for case_id, kind in decided.items() if kind == EventKind.REFUND_REJECTED.value)


def plot_selective(report: SelectiveReport, *, origin: str, truth: float | None = None) -> Figure:
    """The estimates with their intervals, what all money can be at least and at most, and the truth where it is known.
    ``origin``: where the data came from, for the title."""
    figure = Figure(figsize=(6.4, 2.8), layout="constrained")
    axes = figure.subplots()
    shown = (report.naive, report.weighted, report.ratio)
    for row, one in enumerate(shown):
        value, low, high = (100 * number for number in (one.share.value, one.share.low, one.share.high))
        axes.errorbar(value, row, xerr=[[value - low], [high - value]], fmt="o", capsize=3, color="#1f77b4")
    low, high = (100 * bound for bound in report.everything)
    axes.plot([low, max(high, low + 1e-9)], [len(shown)] * 2, color="#ff7f0e", linewidth=5, solid_capstyle="butt")
    if truth is not None:
        axes.axvline(100 * truth, color="black", linestyle=":", label=f"truth {truth:.2%}")
        axes.legend(fontsize=8)
    names = [f"{one.method}\n{one.labels} labels, effectively {one.effective:.0f}" for one in shown]
    axes.set_yticks(range(len(shown) + 1), [*names, f"all money\n{report.unseen.money:.1%} never seen"], fontsize=8)
    axes.set_ylim(len(shown) + 0.5, -0.5)
    axes.set_xlabel("wrong share of the money, %")
    axes.set_title(f"what labels say of approvals · {origin}", fontsize=9)
    axes.grid(alpha=0.3, axis="x")
    return figure
