from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH, FEATURES
from service.scoring import Bundle, load_bundle
from service.scoring.files import MAX_MANIFEST_BYTES
from service.scoring.format import CALIBRATOR, MANIFEST, REQUIRED, RISK_ONNX, TREES, encode_bundle, sha256
from training.export_onnx import risk_onnx

Write = Callable[..., Path]


@pytest.fixture
def bundle(write_bundle: Write) -> Bundle:
    return load_bundle(write_bundle(), feature_hash=FEATURE_HASH)


def test_what_is_shown_adds_up_to_the_last_bit(bundle: Bundle, made: Any) -> None:
    for risk in bundle.assess_many(made.rows[:200]):
        shares = [contribution.log_odds for contribution in risk.contributions]
        assert math.fsum((risk.base, *shares)) == risk.log_odds
        assert risk.probability == pytest.approx(1 / (1 + math.exp(-risk.log_odds)), rel=1e-12)
        assert len(shares) == len(FEATURES)
        assert [abs(share) for share in shares] == sorted((abs(share) for share in shares), reverse=True)


def test_risk_is_lightgbm_s_margin_calibrated(bundle: Bundle, made: Any) -> None:
    raw = made.booster.predict(made.rows[:200], raw_score=True)
    calibrator = made.parts.calibrator
    got = [risk.log_odds for risk in bundle.assess_many(made.rows[:200])]
    np.testing.assert_allclose(got, calibrator.slope * raw + calibrator.intercept, atol=1e-4)


def test_contributions_are_lightgbm_s_times_the_slope(bundle: Bundle, made: Any) -> None:
    expected = made.booster.predict(made.rows[:20], pred_contrib=True) * made.parts.calibrator.slope
    for row, risk in zip(expected, bundle.assess_many(made.rows[:20]), strict=True):
        got = {contribution.feature: contribution.log_odds for contribution in risk.contributions}
        np.testing.assert_allclose([got[feature.name] for feature in FEATURES], row[:-1], atol=1e-9)


def test_one_row_is_as_many(bundle: Bundle, made: Any) -> None:
    assert bundle.assess(made.rows[3].tolist()) == bundle.assess_many(made.rows[:5])[3]
    assert bundle.assess_many(np.empty((0, len(FEATURES)))) == []


def test_missing_values_are_none_and_say_so(bundle: Bundle, made: Any) -> None:
    column = next(index for index, feature in enumerate(FEATURES) if feature.name == "device_accounts_30d")
    row = made.rows[0].copy()
    row[column] = math.nan
    shown = {c.feature: c for c in bundle.assess(row.tolist()).contributions}["device_accounts_30d"]
    assert shown.value is None
    assert "no device id given" in shown.text.en


@pytest.mark.parametrize("bad", [[0.0] * 3, [math.inf] * len(FEATURES), [1e300] * len(FEATURES)])
def test_rows_that_are_no_rows(bundle: Bundle, bad: list[float]) -> None:
    with pytest.raises(ValueError, match="row"):
        bundle.assess(bad)


def test_values_between_float32_numbers_are_scored_as_their_float32(bundle: Bundle, made: Any) -> None:
    row = made.rows[0]
    nudged = row * (1 + 1e-9)
    assert bundle.assess(nudged.tolist()) == bundle.assess(row.astype(np.float32).tolist())


@pytest.mark.parametrize("tiny", [1e-35, -1e-35, 1e-40, -0.0])
def test_what_lightgbm_reads_as_zero_is_scored_as_zero(bundle: Bundle, made: Any, tiny: float) -> None:
    row = made.rows[0].copy()
    row[5] = row[0] = tiny
    raw = made.booster.predict(row[None], raw_score=True)
    assert bundle.margins([row])[0] == pytest.approx(raw[0], abs=1e-4)
    row[5] = row[0] = 0.0
    assert bundle.margins([row])[0] == pytest.approx(raw[0], abs=1e-4)


def test_a_bundle_says_what_it_is(bundle: Bundle, made: Any) -> None:
    assert bundle.version == made.parts.version
    assert bundle.certificate == made.parts.certificate
    assert bundle.origin is made.parts.origin
    assert bundle.feature_hash == FEATURE_HASH
    assert bundle.card == "# Card\n"


def test_no_certificate_is_a_normal_bundle(write_bundle: Write) -> None:
    assert load_bundle(write_bundle(certificate=None), feature_hash=FEATURE_HASH).certificate is None


# --- refused, with what to do --------------------------------------------------------------------------------------
def _refusal(folder: Path, feature_hash: str = FEATURE_HASH) -> str:
    with pytest.raises(BundleRefused) as caught:
        load_bundle(folder, feature_hash=feature_hash)
    assert any(
        word in caught.value.detail
        for word in ("again", "promote", "do not use", "copy", "not a bundle of ours", "mend")
    )
    return caught.value.detail


def test_no_folder(tmp_path: Path) -> None:
    assert "there is no such folder" in _refusal(tmp_path / "absent")


@pytest.mark.parametrize("name", [MANIFEST, *REQUIRED])
def test_a_missing_file(write_bundle: Write, name: str) -> None:
    assert f"{name} is missing" in _refusal(write_bundle(files={name: None}))


@pytest.mark.parametrize("name", REQUIRED)
def test_one_changed_byte_in_any_file(write_bundle: Write, name: str) -> None:
    folder = write_bundle()
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)
    assert f"{name} is not the file the manifest vouches for" in _refusal(folder)


def test_features_that_are_not_ours(write_bundle: Write) -> None:
    assert "trained on other features" in _refusal(write_bundle(), feature_hash="0" * 64)


def test_features_table_against_the_manifest(write_bundle: Write, made: Any) -> None:
    table = replace(made.parts.features, names=tuple(reversed(made.parts.features.names)))
    assert "lists other features" in _refusal(write_bundle(features=table))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"version": 1}', b"\xff\xfe"])
def test_a_manifest_that_is_none(write_bundle: Write, data: bytes) -> None:
    assert "manifest.json cannot be understood" in _refusal(write_bundle(files={MANIFEST: data}))


@pytest.mark.parametrize(
    "name", ["../outside.json", "/etc/passwd", "a/b.json", "..", ".hidden", "a\\b.json", "", MANIFEST, "a\n", "a" * 200]
)
def test_a_manifest_that_leads_out_of_the_folder(write_bundle: Write, name: str) -> None:
    folder = write_bundle()
    (folder.parent / "outside.json").write_bytes(b"{}")
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"][name] = sha256(b"{}")
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert "not a plain file name" in _refusal(folder)


def test_a_link_that_leads_out_of_the_folder(write_bundle: Write) -> None:
    folder = write_bundle()
    outside = folder.parent / "outside.json"
    outside.write_bytes((folder / CALIBRATOR).read_bytes())
    (folder / CALIBRATOR).unlink()
    (folder / CALIBRATOR).symlink_to(outside)
    assert "is a link that leads out" in _refusal(folder)


def test_a_version_that_is_a_path(write_bundle: Write) -> None:
    assert "unusable version" in _refusal(write_bundle(version="../x"))


def test_a_manifest_that_leaves_a_file_out(write_bundle: Write) -> None:
    folder = write_bundle()
    manifest = json.loads((folder / MANIFEST).read_bytes())
    del manifest["files"][CALIBRATOR]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert "does not name calibrator.json" in _refusal(folder)


def test_a_file_too_large(write_bundle: Write) -> None:
    assert "is larger than" in _refusal(write_bundle(files={MANIFEST: b" " * (MAX_MANIFEST_BYTES + 1)}))


def test_too_many_files(write_bundle: Write) -> None:
    folder = write_bundle()
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"] |= {f"extra-{number}.json": "0" * 64 for number in range(100)}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert "more than 64" in _refusal(folder)


def _resigned(made: Any, **files: bytes) -> dict[str, bytes | None]:
    """Files replaced and vouched for again: what only parsing and trying out can catch."""
    contents = encode_bundle(made.parts)
    names = {name.replace("_", "."): data for name, data in files.items()}
    manifest = json.loads(contents[MANIFEST])
    manifest["files"] |= {name: sha256(data) for name, data in names.items()}
    return {**names, MANIFEST: json.dumps(manifest).encode()}


def test_onnx_that_is_none(write_bundle: Write, made: Any) -> None:
    assert "cannot be loaded by onnxruntime" in _refusal(write_bundle(files=_resigned(made, risk_onnx=b"not onnx")))


def test_json_that_does_not_fit(write_bundle: Write, made: Any) -> None:
    data = b'{"slope": "steep", "intercept": 0}'
    assert "calibrator.json cannot be understood" in _refusal(write_bundle(files=_resigned(made, calibrator_json=data)))


@pytest.mark.parametrize("slope", [0.0, -1.0, math.nan, math.inf])
def test_a_calibrator_that_turns_risk_around(write_bundle: Write, made: Any, slope: float) -> None:
    data = json.dumps({"slope": slope, "intercept": 0}).encode()
    assert "slope above 0" in _refusal(write_bundle(files=_resigned(made, calibrator_json=data)))


def test_onnx_of_another_model(write_bundle: Write, made: Any) -> None:
    other = replace(made.parts.trees, trees=made.parts.trees.trees[:-1])
    detail = _refusal(write_bundle(onnx=risk_onnx(other)))
    assert "explanation does not fit" in detail or "off the margins" in detail


def test_onnx_and_trees_of_another_model(write_bundle: Write, made: Any) -> None:
    """Consistent with each other, but not the model the margins were stored for."""
    other = replace(made.parts.trees, trees=made.parts.trees.trees[:-1])
    assert f"{RISK_ONNX} is" in _refusal(write_bundle(onnx=risk_onnx(other), trees=other))


def test_trees_whose_covers_were_changed(write_bundle: Write, made: Any) -> None:
    """The contributions would still add up: only the covers themselves can tell."""
    first = made.parts.trees.trees[0]
    wrong = replace(first, node_cover=(first.node_cover[0] * 2, *first.node_cover[1:]))
    trees = replace(made.parts.trees, trees=(wrong, *made.parts.trees.trees[1:]))
    assert "a node's cover" in _refusal(write_bundle(trees=trees))


def test_a_graph_for_fewer_features(write_bundle: Write, made: Any) -> None:
    narrow = replace(made.parts.trees, n_features=made.parts.trees.n_features + 1)
    assert "cannot score the rows" in _refusal(write_bundle(onnx=risk_onnx(narrow)))


def test_trees_that_are_no_trees(write_bundle: Write, made: Any) -> None:
    first = made.parts.trees.trees[0]
    loop = replace(first, left=(0, *first.left[1:]))
    trees = replace(made.parts.trees, trees=(loop, *made.parts.trees.trees[1:]))
    assert f"{TREES} is damaged: tree 0" in _refusal(write_bundle(trees=trees))
