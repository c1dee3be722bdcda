from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from math import factorial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.scoring.explain import TreeShap
from service.scoring.format import Tree, Trees, compact_trees, decode, encode
from service.scoring.trees import check_trees

STUMP = Tree(
    feature=(1,),
    threshold=(0.5,),
    missing_left=(True,),
    left=(-1,),
    right=(-2,),
    node_cover=(10,),
    leaf_value=(1.0, -3.0),
    leaf_cover=(8, 2),
)


@st.composite
def random_trees(draw: st.DrawFn) -> Trees:
    """Up to three trees on four features, features repeated along paths, any covers."""
    return Trees(n_features=4, trees=tuple(draw(_tree()) for _ in range(draw(st.integers(1, 3)))))


@st.composite
def _tree(draw: st.DrawFn) -> Tree:
    columns: dict[str, list[Any]] = {name: [] for name in Tree.__dataclass_fields__}

    def grow(depth: int) -> tuple[int, int]:
        """Index and cover of a new part."""
        if depth == 4 or draw(st.integers(0, 3)) == 0:
            columns["leaf_value"].append(draw(st.integers(-8, 8)) / 4)
            columns["leaf_cover"].append(draw(st.integers(1, 9)))
            return -len(columns["leaf_value"]), columns["leaf_cover"][-1]
        index = len(columns["feature"])
        columns["feature"].append(draw(st.integers(0, 3)))
        columns["threshold"].append(draw(st.integers(-2, 2)) / 2)
        columns["missing_left"].append(draw(st.booleans()))
        for name in ("left", "right", "node_cover"):
            columns[name].append(0)
        columns["left"][index], left = grow(depth + 1)
        columns["right"][index], right = grow(depth + 1)
        columns["node_cover"][index] = left + right
        return index, left + right

    grow(0)
    return Tree(**{name: tuple(values) for name, values in columns.items()})


def _expected_given(tree: Tree, row: np.ndarray, known: frozenset[int]) -> float:
    """The game's value: follow known features, average over the others by cover. Straight from the definition."""

    def value(index: int) -> tuple[float, int]:
        if index < 0:
            return tree.leaf_value[-index - 1], tree.leaf_cover[-index - 1]
        (left, left_cover), (right, right_cover) = value(tree.left[index]), value(tree.right[index])
        x = row[tree.feature[index]]
        if tree.feature[index] not in known:
            mixed = (left * left_cover + right * right_cover) / (left_cover + right_cover)
        else:
            mixed = left if (tree.missing_left[index] if np.isnan(x) else x <= tree.threshold[index]) else right
        return mixed, left_cover + right_cover

    return value(0 if tree.feature else -1)[0]


def _brute_force(trees: Trees, row: np.ndarray) -> np.ndarray:
    """Shapley values by summing over all 2^n coalitions."""
    n = trees.n_features
    out = np.zeros(n)
    for feature in range(n):
        others = [other for other in range(n) if other != feature]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for chosen in combinations(others, size):
                known = frozenset(chosen)
                for tree in trees.trees:
                    gain = _expected_given(tree, row, known | {feature}) - _expected_given(tree, row, known)
                    out[feature] += weight * gain
    return out


@settings(max_examples=150, deadline=None)
@given(random_trees(), st.lists(st.sampled_from([-1.5, -1.0, -0.25, 0.0, 0.5, 2.0, np.nan]), min_size=4, max_size=4))
def test_contributions_are_the_shapley_values_of_the_definition(trees: Trees, values: list[float]) -> None:
    check_trees(trees)
    row = np.array(values)
    shap = TreeShap(trees)
    np.testing.assert_allclose(shap.contributions(row), _brute_force(trees, row), atol=1e-12)
    empty = sum(_expected_given(tree, row, frozenset()) for tree in trees.trees)
    assert shap.expected == pytest.approx(empty, abs=1e-12)


def test_a_stump_by_hand() -> None:
    shap = TreeShap(Trees(n_features=3, trees=(STUMP,)))
    assert shap.expected == pytest.approx(0.2)
    np.testing.assert_allclose(shap.contributions(np.array([9.0, 0.5, 9.0])), [0, 0.8, 0])
    np.testing.assert_allclose(shap.contributions(np.array([9.0, 0.6, 9.0])), [0, -3.2, 0])
    np.testing.assert_allclose(shap.contributions(np.array([9.0, np.nan, 9.0])), [0, 0.8, 0])


@settings(max_examples=30, deadline=None)
@given(random_trees())
def test_trees_survive_their_json(trees: Trees) -> None:
    assert decode(Trees, encode(trees)) == trees


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"leaf_cover": (8,)}, "do not fit together"),
        ({"threshold": ()}, "do not fit together"),
        ({"left": (0,)}, "before its parent"),
        ({"left": (-2,)}, "not reached exactly once"),
        ({"right": (-3,)}, "not reached exactly once"),
        ({"feature": (3,)}, "outside 0..2"),
        ({"feature": (-1,)}, "outside 0..2"),
        ({"threshold": (float("nan"),)}, "not finite"),
        ({"leaf_value": (1.0, float("inf"))}, "not finite"),
        ({"leaf_cover": (8, 0)}, "not above 0"),
        ({"node_cover": (11,)}, "a node's cover"),
    ],
)
def test_damaged_trees(change: dict[str, Any], problem: str) -> None:
    check_trees(Trees(n_features=3, trees=(STUMP,)))
    with pytest.raises(ValueError, match=problem):
        check_trees(Trees(n_features=3, trees=(STUMP, replace(STUMP, **change))))


def _dump(**node: Any) -> dict[str, Any]:
    split = {
        "split_feature": 0,
        "threshold": 1.0,
        "decision_type": "<=",
        "default_left": False,
        "missing_type": "NaN",
        "internal_count": 4,
        "left_child": {"leaf_value": 1.0, "leaf_count": 3},
        "right_child": {"leaf_value": 2.0, "leaf_count": 1},
    }
    return {"max_feature_idx": 0, "num_tree_per_iteration": 1, "tree_info": [{"tree_structure": {**split, **node}}]}


@pytest.mark.parametrize(
    ("node", "left"),
    [
        ({"default_left": True}, True),
        ({"default_left": False}, False),
        ({"missing_type": "None", "threshold": 0.0}, True),
        ({"missing_type": "None", "threshold": -0.1, "default_left": True}, False),
    ],
)
def test_where_a_missing_value_goes(node: dict[str, Any], left: bool) -> None:
    assert compact_trees(_dump(**node)).trees[0].missing_left == (left,)


@pytest.mark.parametrize(
    ("dump", "problem"),
    [
        (_dump(decision_type="=="), "categorical"),
        (_dump(missing_type="Zero"), "zero_as_missing"),
        (_dump(left_child={"leaf_value": 1.0, "leaf_count": 3, "leaf_coeff": [1.0]}), "linear"),
        ({**_dump(), "average_output": True}, "averaged"),
        ({**_dump(), "num_tree_per_iteration": 3}, "one tree per iteration"),
    ],
)
def test_models_the_service_cannot_run(dump: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        compact_trees(dump)
