"""Exact path-dependent TreeSHAP in NumPy.

A tree is the sum over its leaves of value · (1 if the row meets every condition on the leaf's path). With the path's
conditions merged per feature, a leaf has m distinct features; feature i is met (o_i = 1) or not (0), and a row that
leaves i open passes with probability z_i, the product of the cover ratios at i's splits. The Shapley value of i in the
game  v(S) = value · Π_{j∈S} o_j · Π_{j∉S} z_j  is, writing the weights as a Beta integral,

    φ_i = value · (o_i - z_i) · ∫₀¹ Π_{j≠i} (z_j + t (o_j - z_j)) dt,

a polynomial of degree m - 1 in t, which Gauss-Legendre with ⌈m / 2⌉ nodes integrates exactly. The path-dependent game
is that of Lundberg et al., "Consistent Individualized Feature Attribution for Tree Ensembles" (2018).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.scoring.trees import Tree, Trees

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Condition:
    """What a leaf's path asks of one feature: low < x ≤ high, or NaN if ``missing``; ``share``: z of the formula."""

    share: float = 1.0
    low: float = -np.inf
    high: float = np.inf
    missing: bool = True


@dataclass(frozen=True, slots=True)
class _Leaf:
    value: float
    conditions: dict[int, _Condition]


@dataclass(frozen=True, slots=True)
class _LeafGroup:
    """All leaves with m distinct features; arrays of shape [m, leaves], ``value`` [leaves], quadrature [nodes]."""

    feature: NDArray[np.intp]
    share: Floats
    low: Floats
    high: Floats
    missing: NDArray[np.bool_]
    value: Floats
    nodes: Floats
    weights: Floats

    def shapley(self, row: Floats) -> Floats:
        """φ for each feature of each leaf, [m, leaves]."""
        x = row[self.feature]
        met = np.where(np.isnan(x), self.missing, (x > self.low) & (x <= self.high))
        gain = met - self.share
        total = np.zeros_like(gain)
        for node, weight in zip(self.nodes, self.weights, strict=True):
            # Above 0 for 0 < node < 1, because every share is; so the product without i is a division.
            factor = self.share + node * gain
            total += weight * factor.prod(axis=0) / factor
        shapley: Floats = total * gain * self.value
        return shapley


class TreeShap:
    """``contributions(row)`` of shape [n_features] and ``expected`` add up to the margin of the ensemble."""

    def __init__(self, trees: Trees) -> None:
        self.n_features = trees.n_features
        leaves = [leaf for tree in trees.trees for leaf in _leaves(tree)]
        self.expected = float(sum(leaf.value * _probability(leaf) for leaf in leaves))
        grouped: dict[int, list[_Leaf]] = defaultdict(list)
        for leaf in leaves:
            grouped[len(leaf.conditions)].append(leaf)
        # A leaf without conditions is a whole tree: all of it is in ``expected``.
        self._groups = [_group(members) for size, members in sorted(grouped.items()) if size]

    def contributions(self, row: Floats) -> Floats:
        """Each feature's share of the margin, float64 [n_features]; ``row`` is float64 [n_features], NaN allowed."""
        out = np.zeros(self.n_features)
        for group in self._groups:
            shapley = group.shapley(row)
            out += np.bincount(group.feature.ravel(), shapley.ravel(), minlength=self.n_features)
        return out


def _leaves(tree: Tree) -> Iterator[_Leaf]:
    if not tree.feature:
        yield _Leaf(tree.leaf_value[0], {})
        return
    pending: list[tuple[int, dict[int, _Condition]]] = [(0, {})]
    while pending:
        index, path = pending.pop()
        if index < 0:
            yield _Leaf(tree.leaf_value[-index - 1], path)
            continue
        feature = tree.feature[index]
        before = path.get(feature, _Condition())
        for goes_left, child in ((True, tree.left[index]), (False, tree.right[index])):
            pending.append((child, {**path, feature: _narrowed(before, tree, index, child, goes_left)}))


def _narrowed(before: _Condition, tree: Tree, index: int, child: int, goes_left: bool) -> _Condition:
    """The condition on the split's feature after taking one more step down."""
    cover = tree.node_cover[child] if child >= 0 else tree.leaf_cover[-child - 1]
    threshold = tree.threshold[index]
    return _Condition(
        share=before.share * cover / tree.node_cover[index],
        low=before.low if goes_left else max(before.low, threshold),
        high=min(before.high, threshold) if goes_left else before.high,
        missing=before.missing and tree.missing_left[index] == goes_left,
    )


def _probability(leaf: _Leaf) -> float:
    """That a training row reaches the leaf, as the cover ratios have it."""
    return float(np.prod([condition.share for condition in leaf.conditions.values()]))


def _group(leaves: list[_Leaf]) -> _LeafGroup:
    paths = [list(leaf.conditions.values()) for leaf in leaves]
    size = len(paths[0])
    nodes, weights = np.polynomial.legendre.leggauss((size + 1) // 2)
    return _LeafGroup(
        feature=np.array([list(leaf.conditions) for leaf in leaves], dtype=np.intp).T.copy(),
        share=np.array([[condition.share for condition in path] for path in paths]).T.copy(),
        low=np.array([[condition.low for condition in path] for path in paths]).T.copy(),
        high=np.array([[condition.high for condition in path] for path in paths]).T.copy(),
        missing=np.array([[condition.missing for condition in path] for path in paths]).T.copy(),
        value=np.array([leaf.value for leaf in leaves]),
        # From [-1, 1] to [0, 1].
        nodes=(nodes + 1) / 2,
        weights=weights / 2,
    )
