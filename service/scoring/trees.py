"""The compact trees of a bundle: how they are laid out, made from LightGBM's dump, and checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, with_config

_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One tree as parallel lists. Node 0 is the root; a child ≥ 0 is a node, a child c < 0 is leaf ``-c - 1``.

    A row goes left where its feature ≤ ``threshold``, and where it is NaN if ``missing_left``. ``*_cover``: training
    rows that passed. A tree of one leaf has no nodes.
    """

    feature: tuple[int, ...]
    threshold: tuple[float, ...]
    missing_left: tuple[bool, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    node_cover: tuple[int, ...]
    leaf_value: tuple[float, ...]
    leaf_cover: tuple[int, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """The ensemble: its margin is the sum of one leaf value per tree."""

    n_features: int
    trees: tuple[Tree, ...]


def compact_trees(dump: Mapping[str, Any]) -> Trees:
    """The trees of LightGBM's ``Booster.dump_model()``; ValueError for what the service cannot run.

    Refused: averaged or multi-class ensembles, linear leaves, categorical splits, ``zero_as_missing``.
    """
    if dump.get("average_output"):
        raise ValueError("an averaged ensemble (random forest) is not supported; train with boosting=gbdt")
    if dump.get("num_tree_per_iteration", 1) != 1:
        raise ValueError("one tree per iteration is needed; train a binary objective")
    trees = Trees(
        n_features=int(dump["max_feature_idx"]) + 1,
        trees=tuple(_TreeBuilder(tree["tree_structure"]).tree() for tree in dump["tree_info"]),
    )
    check_trees(trees)
    return trees


class _TreeBuilder:
    """Numbers nodes and leaves in pre-order, so that a child node always comes after its parent."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._nodes: list[Mapping[str, Any]] = []
        self._children: list[list[int]] = []
        self._leaves: list[Mapping[str, Any]] = []
        self._add(root)

    def _add(self, part: Mapping[str, Any]) -> int:
        if "leaf_value" in part:
            if "leaf_coeff" in part:
                raise ValueError("linear leaves are not supported; train with linear_tree=false")
            self._leaves.append(part)
            return -len(self._leaves)
        index = len(self._nodes)
        self._nodes.append(part)
        self._children.append([])
        self._children[index] = [self._add(part["left_child"]), self._add(part["right_child"])]
        return index

    def tree(self) -> Tree:
        nodes, leaves = self._nodes, self._leaves
        return Tree(
            feature=tuple(int(node["split_feature"]) for node in nodes),
            threshold=tuple(_threshold(node) for node in nodes),
            missing_left=tuple(_missing_left(node) for node in nodes),
            left=tuple(children[0] for children in self._children),
            right=tuple(children[1] for children in self._children),
            node_cover=tuple(int(node["internal_count"]) for node in nodes),
            leaf_value=tuple(float(leaf["leaf_value"]) for leaf in leaves),
            leaf_cover=tuple(int(leaf.get("leaf_count", 1)) for leaf in leaves),
        )


def _threshold(node: Mapping[str, Any]) -> float:
    if node["decision_type"] != "<=":
        raise ValueError("categorical splits are not supported; encode categories as ordered numbers")
    return float(node["threshold"])


def _missing_left(node: Mapping[str, Any]) -> bool:
    """Where LightGBM sends a NaN: by the learned default, or, where training saw none, to where 0 would go."""
    if node["missing_type"] == "NaN":
        return bool(node["default_left"])
    if node["missing_type"] == "None":
        return float(node["threshold"]) >= 0.0
    raise ValueError("zero_as_missing is not supported; leave it false")


def check_trees(trees: Trees) -> None:
    """ValueError unless every tree is one: equal lengths, each part reached exactly once, sound numbers."""
    for number, tree in enumerate(trees.trees):
        problem = _tree_problem(tree, trees.n_features)
        if problem:
            raise ValueError(f"tree {number}: {problem}")


def _tree_problem(tree: Tree, n_features: int) -> str | None:
    nodes, leaves = len(tree.feature), len(tree.leaf_value)
    columns = (tree.threshold, tree.missing_left, tree.left, tree.right, tree.node_cover)
    if any(len(column) != nodes for column in columns) or len(tree.leaf_cover) != leaves or leaves != nodes + 1:
        return "its lists do not fit together"
    if any(child <= node for child, node in _node_children(tree)):
        return "a child comes before its parent"
    if sorted((*tree.left, *tree.right)) != [*range(-leaves, 0), *range(1, nodes)] and nodes:
        return "a node or leaf is not reached exactly once"
    if any(not 0 <= feature < n_features for feature in tree.feature):
        return f"a feature is outside 0..{n_features - 1}"
    if not all(map(math.isfinite, (*tree.threshold, *tree.leaf_value))):
        return "a threshold or leaf value is not finite"
    if min((*tree.node_cover, *tree.leaf_cover)) <= 0:
        return "a cover is not above 0"
    # A wrong cover moves contributions between features without changing their sum: nothing later would notice.
    if any(_cover(tree, left) + _cover(tree, right) != cover for left, right, cover in _splits(tree)):
        return "a node's cover is not that of its children together"
    return None


def _splits(tree: Tree) -> Iterator[tuple[int, int, int]]:
    return zip(tree.left, tree.right, tree.node_cover, strict=True)


def _cover(tree: Tree, child: int) -> int:
    return tree.node_cover[child] if child >= 0 else tree.leaf_cover[-child - 1]


def _node_children(tree: Tree) -> list[tuple[int, int]]:
    """(child, parent) for every child that is a node."""
    pairs = [*zip(tree.left, range(len(tree.left)), strict=True), *zip(tree.right, range(len(tree.right)), strict=True)]
    return [(child, node) for child, node in pairs if child >= 0]
