"""Our TreeSHAP and our ONNX graph against LightGBM itself, over models of several shapes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from service.scoring.explain import TreeShap
from service.scoring.format import ONNX_INPUT, Trees, compact_trees
from training.export_onnx import float32_below, risk_onnx
from training.libgomp import ensure_libgomp

ensure_libgomp()
import lightgbm  # noqa: E402  # needs libgomp, which bare machines lack

FEATURES = 40
LIGHTGBM_ZERO = np.float32(1e-35)
FLOAT32_MAX = float(np.finfo(np.float32).max)
SHAPES = {
    "plain": {"num_leaves": 31, "max_depth": 8},
    "monotone": {"num_leaves": 31, "max_depth": 6, "monotone_constraints": [1, -1, 0, 1] * 10},
    "sampled": {"num_leaves": 15, "bagging_fraction": 0.6, "bagging_freq": 1, "feature_fraction": 0.5},
    "stumps": {"num_leaves": 2},
    "deep": {"num_leaves": 63, "max_depth": 14, "min_data_in_leaf": 5},
}


@dataclass(frozen=True)
class Model:
    booster: lightgbm.Booster
    trees: Trees


def _rows(count: int, seed: int) -> NDArray[np.float64]:
    """Float32-exact rows: continuous, counts, levels; NaN in the last 30 columns, none in the first 10."""
    random = np.random.default_rng(seed)
    rows = random.normal(scale=3, size=(count, FEATURES))
    rows[:, 5:20] = random.poisson(2, size=(count, 15))
    rows[:, 20:25] = random.integers(0, 3, size=(count, 5))
    rows[:, 25:30] *= 10.0 ** random.integers(-6, 7, size=(count, 5))
    rows[:, 10:][random.random((count, FEATURES - 10)) < 0.15] = np.nan
    return rows.astype(np.float32).astype(np.float64)


@pytest.fixture(scope="module", params=list(SHAPES))
def model(request: pytest.FixtureRequest) -> Model:
    rows = _rows(3_000, 1)
    random = np.random.default_rng(2)
    signal = (
        rows[:, 0] + np.nan_to_num(rows[:, 12] * rows[:, 21]) + np.isnan(rows[:, 15]) * 3 + random.normal(size=3_000)
    )
    settings = {"objective": "binary", "verbose": -1, "num_threads": 1, **SHAPES[request.param]}
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, signal > np.median(signal)), 60)
    return Model(booster, compact_trees(booster.dump_model()))


def _at_thresholds(trees: Trees, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows moved onto thresholds: the float32 at or below one, and the next float32 above it."""
    random = np.random.default_rng(3)
    splits = [pair for tree in trees.trees for pair in zip(tree.feature, tree.threshold, strict=True)]
    moved = rows.copy()
    for row in moved:
        for index in random.integers(0, len(splits), size=12):
            feature, threshold = splits[index]
            below = np.float32(float32_below(threshold))
            # 1e300 is LightGBM's "any number goes left"; above it lies only infinity, which is no valid row.
            stays = threshold >= FLOAT32_MAX or random.random() < 0.5
            moved_to = below if stays else np.nextafter(below, np.float32(np.inf))
            # LightGBM takes such a value for 0 before it asks any tree; so does Bundle.
            row[feature] = 0.0 if abs(moved_to) <= LIGHTGBM_ZERO else moved_to
    return moved


def _onnx_margins(trees: Trees, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    session = onnxruntime.InferenceSession(risk_onnx(trees), providers=["CPUExecutionProvider"])
    out = session.run(None, {ONNX_INPUT: rows.astype(np.float32)})[0]
    assert out.shape == (len(rows), 1)
    return out[:, 0].astype(np.float64)


def test_onnx_decides_every_row_as_lightgbm(model: Model) -> None:
    plain = _rows(6_000, 4)
    missing = _rows(1_000, 5)
    missing[:, :10] = np.nan  # columns in which training saw no NaN
    rows = np.vstack([plain, _at_thresholds(model.trees, plain[:5_000]), missing, np.full((1, FEATURES), np.nan)])
    assert len(rows) >= 10_000
    raw = model.booster.predict(rows, raw_score=True, num_threads=1)
    np.testing.assert_allclose(_onnx_margins(model.trees, rows), raw, atol=1e-4, rtol=0)


def test_rounding_thresholds_to_nearest_would_not_do(model: Model) -> None:
    """The rows at thresholds are there for a reason: some thresholds do round up."""
    thresholds = [threshold for tree in model.trees.trees for threshold in tree.threshold]
    inside = [threshold for threshold in thresholds if threshold < FLOAT32_MAX]
    rounded_up = [threshold for threshold in inside if float(np.float32(threshold)) > threshold]
    assert rounded_up
    assert all(float32_below(threshold) < float(np.float32(threshold)) for threshold in rounded_up)


def test_contributions_are_lightgbm_s(model: Model) -> None:
    rows = _rows(300, 6)
    rows[:50, :10] = np.nan
    shap = TreeShap(model.trees)
    ours = np.array([np.append(shap.contributions(row), shap.expected) for row in rows])
    theirs = model.booster.predict(rows, pred_contrib=True, num_threads=1)
    np.testing.assert_allclose(ours, theirs, atol=1e-9, rtol=0)


def test_contributions_add_up_to_the_margin(model: Model) -> None:
    rows = _rows(300, 7)
    shap = TreeShap(model.trees)
    sums = [shap.expected + shap.contributions(row).sum() for row in rows]
    np.testing.assert_allclose(sums, model.booster.predict(rows, raw_score=True, num_threads=1), atol=1e-9, rtol=0)


@pytest.mark.parametrize("threshold", [0.1, -0.1, 1e-35, 1.0000000180025095e-35, 16777217.0, 0.0, 2.0, 1e300, -1e-300])
def test_float32_below(threshold: float) -> None:
    below = float32_below(threshold)
    assert below <= threshold
    with np.errstate(over="ignore"):
        assert float(np.nextafter(np.float32(below), np.float32(np.inf))) > threshold


def test_a_booster_that_learned_nothing() -> None:
    rows = _rows(100, 8)
    settings = {"objective": "binary", "verbose": -1, "min_data_in_leaf": 1_000, "num_threads": 1}
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, rows[:, 0] > 1), 2)
    trees = compact_trees(booster.dump_model())
    shap = TreeShap(trees)
    assert not shap.contributions(rows[0]).any()
    raw = booster.predict(rows, raw_score=True)
    np.testing.assert_allclose(_onnx_margins(trees, rows), raw, atol=1e-6)
    assert shap.expected == pytest.approx(raw[0])
