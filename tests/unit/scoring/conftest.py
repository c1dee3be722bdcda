"""A small but real bundle: LightGBM trained on random rows of our features, written in the bundle's format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from service.domain.certificate import Certificate, Origin
from service.features import FEATURE_HASH, FEATURE_NAMES, FEATURES
from service.scoring.format import (
    BundleParts,
    Calibrator,
    FeaturesTable,
    Quantiles,
    SelfCheck,
    compact_trees,
    encode_bundle,
)
from training.export_onnx import risk_onnx
from training.libgomp import ensure_libgomp

ensure_libgomp()
import lightgbm  # noqa: E402  # needs libgomp, which bare machines lack

VERSION = "2026-05-01.1"


@dataclass(frozen=True)
class Made:
    """The booster, rows it can be asked about (float32-exact, some NaN), and the bundle's parts."""

    booster: lightgbm.Booster
    rows: NDArray[np.float64]
    parts: BundleParts


def _rows(count: int) -> NDArray[np.float64]:
    random = np.random.default_rng(7)
    rows = random.gamma(1.5, 2.0, size=(count, len(FEATURES))).astype(np.float32).astype(np.float64)
    for column, feature in enumerate(FEATURES):
        if feature.levels:
            rows[:, column] = random.integers(0, len(feature.levels), count)
        if feature.missing:
            rows[random.random(count) < 0.2, column] = np.nan
    return rows


def _certificate() -> Certificate:
    moment = datetime(2026, 5, 1, tzinfo=UTC)
    return Certificate(
        id="c1",
        threshold=0.02,
        alpha=0.01,
        delta=0.05,
        bound=0.009,
        labels=4_000,
        origin=Origin.SIMULATED,
        platforms=("demo",),
        model=VERSION,
        features=FEATURE_HASH,
        policy="p",
        reader="r",
        issued_at=moment,
        expires_at=moment.replace(year=2027),
        data_hash="d",
        code_version="v",
    )


@pytest.fixture(scope="session")
def made() -> Made:
    rows = _rows(1_500)
    random = np.random.default_rng(8)
    signal = np.nan_to_num(rows[:, 5]) - np.nan_to_num(rows[:, 0]) * 0.3 + rows[:, FEATURE_NAMES.index("checks_failed")]
    labels = (signal + random.normal(size=len(rows)) > np.median(signal)).astype(float)
    settings = {
        "objective": "binary",
        "num_leaves": 15,
        "max_depth": 6,
        "verbose": -1,
        "num_threads": 1,
        "monotone_constraints": [feature.direction for feature in FEATURES],
        "deterministic": True,
    }
    booster = lightgbm.train(settings, lightgbm.Dataset(rows, labels), 40)
    trees = compact_trees(booster.dump_model())
    check = rows[:32]
    quantiles = [Quantiles(q50=q[0], q90=q[1], q99=q[2]) for q in np.nanquantile(rows, [0.5, 0.9, 0.99], axis=0).T]
    parts = BundleParts(
        version=VERSION,
        created_at=datetime(2026, 5, 1, tzinfo=UTC),
        origin=Origin.SIMULATED,
        onnx=risk_onnx(trees),
        trees=trees,
        calibrator=Calibrator(slope=0.9, intercept=-0.4),
        certificate=_certificate(),
        features=FeaturesTable(hash=FEATURE_HASH, names=FEATURE_NAMES, quantiles=tuple(quantiles)),
        self_check=SelfCheck(
            rows=tuple(tuple(None if np.isnan(value) else float(value) for value in row) for row in check),
            margins=tuple(booster.predict(check, raw_score=True).tolist()),
        ),
        card="# Card\n",
    )
    return Made(booster, rows, parts)


Write = Callable[..., Path]


@pytest.fixture
def write_bundle(made: Made, tmp_path: Path) -> Write:
    """Writes a bundle folder; parts may be replaced, and files changed after the manifest was made."""

    def write(name: str = VERSION, files: Mapping[str, bytes | None] | None = None, **parts: object) -> Path:
        folder = tmp_path / "risk" / name
        folder.mkdir(parents=True, exist_ok=True)
        contents = {**encode_bundle(replace(made.parts, **parts)), **(files or {})}  # type: ignore[arg-type]
        for file, data in contents.items():
            if data is not None:
                (folder / file).write_bytes(data)
        return folder

    return write
