"""Challenger against champion on the same claims: log loss per ¥, with a paired bootstrap by account."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.datasets import Floats, Indices

RESAMPLES = 2_000
CONFIDENCE = 0.95
# A claim that had one chance in a hundred to be judged must not outweigh a hundred others.
_SMALLEST_CHANCE = 0.05
_CLIP = 1e-6


@dataclass(frozen=True, slots=True)
class Comparison:
    """Losses are log losses, each claim weighing its amount over its chance of being judged.

    ``relative`` = challenger / champion - 1: below 0 the challenger is better. ``low``, ``high``: one-sided 95 % bounds
    of it each. ``claims``: labelled claims compared, ``wrong`` of them wrong.
    """

    challenger: float
    champion: float
    relative: float
    low: float
    high: float
    claims: int
    wrong: int


def weights(amount: Indices, draw_probability: Floats) -> Floats:
    """¥ a judged claim stands for: itself and those that were not drawn (Horvitz and Thompson 1952)."""
    return amount.astype(np.float64) / np.clip(draw_probability, _SMALLEST_CHANCE, 1.0)


def compare(
    challenger: Floats,
    champion: Floats,
    wrong: Indices,
    weight: Floats,
    account: Indices,
    *,
    seed: int,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Both models' probabilities [n] of the same claims against their labels; ValueError without any.

    Accounts are drawn whole, with both models' losses on all their claims: claims of one account are alike, and what
    is common to the models cancels.
    """
    if not len(wrong):
        raise ValueError("there are no labelled claims to compare on")
    _, group = np.unique(account, return_inverse=True)
    losses = np.stack([np.bincount(group, weight * _log_loss(one, wrong)) for one in (challenger, champion)], axis=1)
    total = losses.sum(axis=0)
    random = np.random.default_rng(seed)
    drawn = np.empty(resamples)
    for number in range(resamples):
        again = losses[random.integers(0, len(losses), len(losses))].sum(axis=0)
        drawn[number] = again[0] / again[1] - 1.0
    low, high = (float(value) for value in np.quantile(drawn, (1.0 - CONFIDENCE, CONFIDENCE)))
    ours, theirs = (float(value) for value in total / weight.sum())
    return Comparison(ours, theirs, ours / theirs - 1.0, low, high, len(wrong), int(wrong.sum()))


def _log_loss(probability: Floats, wrong: Indices) -> Floats:
    kept = np.clip(probability, _CLIP, 1.0 - _CLIP)
    return np.asarray(-np.where(wrong == 1, np.log(kept), np.log1p(-kept)), dtype=np.float64)
