from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH
from service.scoring import Champion, load_bundle
from service.scoring.format import encode_bundle
from training.export import bundle_parts, parity, served, version_of, write_bundle
from training.pipeline import Run
from training.promote import promote
from training.registry import CHECK_ROWS, Fetched, check_rows


@pytest.fixture
def fetched(small_run: Run, tmp_path: Path) -> Fetched:
    return Fetched(
        bundle=write_bundle(small_run.parts, tmp_path / "run"),
        lightgbm_text=small_run.fitted.booster.model_to_string(),
        rows=check_rows(small_run.dataset.rows, 1),
    )


def test_no_safe_threshold_is_a_normal_result(small_run: Run) -> None:
    assert small_run.certificate is None
    assert "no threshold can expect" in small_run.certification.why
    assert served(small_run.parts).certificate is None
    assert "Risk approves nothing" in small_run.parts.card


def test_the_card_says_simulated_before_anything_else(small_run: Run) -> None:
    lines = [line for line in small_run.parts.card.splitlines() if line]
    assert lines[1].startswith("> **SIMULATED.**")
    assert small_run.data_hash in small_run.parts.card


def test_served_margins_are_lightgbms(small_run: Run) -> None:
    measured = parity(served(small_run.parts), small_run.fitted, small_run.dataset.rows)
    assert measured.rows == len(small_run.dataset)
    assert measured.worst < 1e-4


def test_the_version_names_the_content(small_run: Run) -> None:
    other = replace(small_run.fitted, calibrator=replace(small_run.fitted.calibrator, slope=2.0))
    end, name = small_run.dataset.end, "demo"
    assert version_of(small_run.fitted, end, name) == small_run.version != version_of(other, end, name)


def test_check_rows_are_enough_and_real_cells(small_run: Run) -> None:
    rows = check_rows(small_run.dataset.rows, 1)
    assert rows.shape == (CHECK_ROWS, small_run.dataset.rows.shape[1])
    column = 3
    assert set(np.unique(rows[:, column])) <= set(np.unique(small_run.dataset.rows[:, column]))


def test_promotion_makes_a_champion_the_service_loads(fetched: Fetched, small_run: Run, tmp_path: Path) -> None:
    models = tmp_path / "models"
    done = promote(fetched, models)
    assert (done.version, done.previous, done.rows) == (small_run.version, None, CHECK_ROWS)
    champion = Champion(models)
    bundle = champion.current()
    assert bundle is not None
    assert bundle.version == small_run.version
    assert promote(fetched, models).previous == small_run.version
    assert sorted(path.name for path in models.iterdir()) == sorted(["champion", small_run.version])


def refusals(fetched: Fetched, small_run: Run, tmp_path: Path) -> dict[str, tuple[Fetched, str]]:
    other_features = replace(small_run.parts, features=replace(small_run.parts.features, hash="0" * 64))
    made = bundle_parts(
        small_run.dataset,
        small_run.split,
        small_run.fitted,
        version="other",
        created_at=small_run.parts.created_at,
        certificate=None,
        card="x",
    )
    damaged = write_bundle(made, tmp_path / "damaged")
    (damaged / "risk.onnx").write_bytes(b"nothing")
    # Of the same length: LightGBM would not survive another one.
    text = re.sub(r"leaf_value=(-?\d\.)\d", r"leaf_value=\g<1>9", fetched.lightgbm_text, count=1)
    return {
        "features": (replace(fetched, bundle=write_bundle(other_features, tmp_path / "features")), "other features"),
        "rows": (replace(fetched, rows=fetched.rows[:9_999]), "9999 rows"),
        "parity": (replace(fetched, lightgbm_text=text), "differ by"),
        "damaged": (replace(fetched, bundle=damaged), "SHA-256"),
    }


@pytest.mark.parametrize("why", ["features", "rows", "parity", "damaged"])
def test_a_refused_bundle_leaves_the_champion_alone(why: str, fetched: Fetched, small_run: Run, tmp_path: Path) -> None:
    models = tmp_path / "models"
    promote(fetched, models)
    bad, message = refusals(fetched, small_run, tmp_path)[why]
    with pytest.raises(BundleRefused, match=message):
        promote(bad, models)
    assert (models / "champion").read_text().strip() == small_run.version
    assert load_bundle(models / small_run.version, feature_hash=FEATURE_HASH).version == small_run.version
    assert sorted(path.name for path in models.iterdir()) == sorted(["champion", small_run.version])


def test_a_bundle_is_small(small_run: Run) -> None:
    assert sum(map(len, encode_bundle(small_run.parts).values())) < 3 * 2**20
