from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from service.domain.actors import readable_name
from service.domain.certificate import Certificate, Origin
from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH
from service.policy import load_platform_policy
from service.scoring import Champion, Versions, load_bundle
from service.scoring.format import encode, encode_bundle
from training.export import bundle_parts, parity, served, version_of, write_bundle
from training.gates import (
    Examined,
    Gate,
    State,
    Terms,
    bundle_digest,
    certificate_gate,
    comparison_gate,
    examine,
    examine_shadow,
)
from training.pipeline import Run
from training.promote import Request, certified_anew, champion_of, export, release, second_actor
from training.recipe import PromotionSettings
from training.registry import Fetched, Window
from training.run_record import CHECK_ROWS, check_rows

NOW = datetime(2026, 11, 22, tzinfo=UTC)
READER = "reader.1"


def terms(**changes: object) -> Terms:
    made = Terms(
        limits=PromotionSettings(claims=20, scoring_p99_ms=200),
        policies={"demo": load_platform_policy("demo")},
        reader=READER,
        now=NOW,
        uncertified=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def of(examined: Examined) -> dict[str, Gate]:
    return {gate.name: gate for gate in examined.gates}


def certified(run: Run, **changes: object) -> Certificate:
    policy = load_platform_policy("demo")
    made = Certificate(
        id="c1", threshold=0.05, alpha=policy.classes.risk.wrong_share_up_to_permille / 1000, delta=0.05, bound=0.01,
        labels=300, origin=Origin.SIMULATED, platforms=("demo",), model=run.version, features=FEATURE_HASH,
        policy=policy.digest, reader=READER, issued_at=NOW, expires_at=NOW + timedelta(days=90), data_hash="d",
        code_version="v",
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def with_bundle(fetched: Fetched, folder: Path) -> Fetched:
    """The same run with another bundle, as if it had logged that one."""
    return replace(fetched, bundle=folder, bundle_digest=bundle_digest(folder))


@pytest.fixture
def fetched(small_run: Run, tmp_path: Path) -> Fetched:
    folder = write_bundle(small_run.parts, tmp_path / "run")
    chosen = small_run.evaluated.indices
    return Fetched(
        bundle=folder,
        lightgbm_text=small_run.fitted.booster.model_to_string(),
        rows=check_rows(small_run.dataset.rows, 1),
        bundle_digest=bundle_digest(folder),
        window=Window(
            rows=small_run.dataset.rows[chosen],
            wrong=small_run.dataset.wrong[chosen],
            weight=small_run.dataset.amount[chosen].astype(np.float64),
            account=np.unique(small_run.evaluated.accounts, return_inverse=True)[1],
        ),
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


def test_a_good_run_passes_every_gate(fetched: Fetched, small_run: Run) -> None:
    examined = examine(fetched, None, terms())
    gates = of(examined)
    assert examined.passed
    assert list(gates) == ["untouched", "features", "loads", "parity", "certificate", "not worse", "latency"]
    assert gates["parity"].figures["rows"] == CHECK_ROWS
    assert gates["parity"].figures["worst_log_odds"] < 1e-4
    assert gates["certificate"].state is State.WAIVED
    assert 0 < gates["latency"].figures["p50_ms"] <= gates["latency"].figures["p99_ms"]
    assert {gate.name for gate in examine_shadow(fetched, terms()).gates} == set(gates) - {"certificate", "not worse"}


def test_a_model_is_never_worse_than_itself(fetched: Fetched) -> None:
    same = load_bundle(fetched.bundle, feature_hash=FEATURE_HASH)
    gate = comparison_gate(fetched, same, same, terms(limits=PromotionSettings(claims=20, worse_up_to=0)))
    assert gate.state is State.PASSED
    assert gate.figures["relative"] == gate.figures["high"] == 0.0
    assert fetched.window is not None
    assert gate.figures["claims"] == len(fetched.window.wrong)


def test_a_worse_model_is_refused(fetched: Fetched, small_run: Run) -> None:
    slope = small_run.parts.calibrator.slope * 6
    rash = replace(small_run.parts, calibrator=replace(small_run.parts.calibrator, slope=slope), version="rash")
    good, bad = served(small_run.parts), served(rash)
    gate = comparison_gate(fetched, bad, good, terms())
    assert gate.state is State.FAILED
    assert gate.figures["low"] > 0.05
    better = comparison_gate(fetched, good, bad, terms())
    assert better.state is State.PASSED
    assert better.figures["high"] < 0


def test_a_champion_that_cannot_be_scored_needs_the_word(fetched: Fetched, small_run: Run) -> None:
    bundle = served(small_run.parts)
    gone = BundleRefused("it was trained on other features; train again")
    refused, waived = (comparison_gate(fetched, bundle, gone, terms(first=first)) for first in (False, True))
    assert refused.state is State.FAILED
    assert "--first" in refused.why
    assert waived.state is State.WAIVED


def test_too_few_labels_compare_nothing(fetched: Fetched, small_run: Run) -> None:
    bundle = served(small_run.parts)
    for window in (None, replace(fetched.window, wrong=fetched.window.wrong[:5])):  # type: ignore[type-var,union-attr]
        gate = comparison_gate(replace(fetched, window=window), bundle, bundle, terms())
        assert gate.state is State.FAILED
        assert "labelled claims" in gate.why


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, None),
        ({"expires_at": NOW - timedelta(seconds=1)}, "expired"),
        ({"policy": "another"}, "policy"),
        ({"reader": "another"}, "reader"),
        ({"model": "another"}, "model"),
        ({"features": "0" * 64}, "features"),
        ({"platforms": ()}, "names no platform"),
        ({"platforms": ("shop",)}, "--policy"),
        ({"alpha": 0.5, "bound": 0.4}, "alpha"),
    ],
)
def test_a_certificate_must_cover_what_will_be_served(
    changes: dict[str, object], says: str | None, small_run: Run, tmp_path: Path
) -> None:
    parts = replace(small_run.parts, certificate=certified(small_run, **changes))
    gate = certificate_gate(load_bundle(write_bundle(parts, tmp_path / "c"), feature_hash=FEATURE_HASH), terms())
    assert gate.state is (State.FAILED if says else State.PASSED)
    assert (says or "SIMULATED") in gate.why


def test_a_simulated_certificate_is_refused_for_a_real_platform(small_run: Run, tmp_path: Path) -> None:
    demo = load_platform_policy("demo")
    shop = demo.model_copy(update={"platform": "shop"})
    parts = replace(small_run.parts, certificate=certified(small_run, platforms=("shop",), policy=shop.digest))
    bundle = load_bundle(write_bundle(parts, tmp_path / "c"), feature_hash=FEATURE_HASH)
    gate = certificate_gate(bundle, terms(policies={"shop": shop}))
    assert gate.state is State.FAILED
    assert "simulated data" in gate.why


def test_without_a_certificate_it_needs_the_word(small_run: Run) -> None:
    gate = certificate_gate(served(small_run.parts), terms(uncertified=False))
    assert gate.state is State.FAILED
    assert "--uncertified" in gate.why


def damaged(fetched: Fetched, small_run: Run, tmp_path: Path) -> dict[str, tuple[Fetched, str, str]]:
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
    broken = write_bundle(made, tmp_path / "damaged")
    (broken / "risk.onnx").write_bytes(b"nothing")
    # Of the same length: LightGBM would not survive another one. The first tree's leaves also hold the base rate.
    line = re.search(r"^leaf_value=.*$", fetched.lightgbm_text, re.MULTILINE)
    assert line is not None
    other = re.sub(r"(?<=\.)\d", lambda digit: str((int(digit.group()) + 5) % 10), line.group())
    text = fetched.lightgbm_text.replace(line.group(), other)
    return {
        "features": (with_bundle(fetched, write_bundle(other_features, tmp_path / "f")), "features", "other features"),
        "rows": (replace(fetched, rows=fetched.rows[:9_999]), "parity", "9,999 rows"),
        "parity": (replace(fetched, lightgbm_text=text), "parity", "differ by"),
        "damaged": (with_bundle(fetched, broken), "loads", "SHA-256"),
        "swapped": (replace(fetched, bundle=write_bundle(made, tmp_path / "swap")), "untouched", "not the one the run"),
        "unsigned": (replace(fetched, bundle_digest=None), "untouched", "train again"),
        "slow": (fetched, "latency", "allowed"),
    }


@pytest.mark.parametrize("what", ["features", "rows", "parity", "damaged", "swapped", "unsigned", "slow"])
def test_what_is_wrong_with_a_bundle_closes_its_gate(
    what: str, fetched: Fetched, small_run: Run, tmp_path: Path
) -> None:
    bad, name, why = damaged(fetched, small_run, tmp_path)[what]
    limits = PromotionSettings(claims=20, scoring_p99_ms=1e-6 if what == "slow" else 200)
    examined = examine(bad, None, terms(limits=limits))
    assert not examined.passed
    assert [gate.name for gate in examined.gates if gate.state is State.FAILED and gate.name == name] == [name]
    assert why in of(examined)[name].why


def test_release_makes_a_champion_the_service_loads(fetched: Fetched, small_run: Run, tmp_path: Path) -> None:
    models = tmp_path / "models"
    assert champion_of(models) is None
    done = release(fetched.bundle, models, by="ana", approved_by="ben", at=NOW, why="newer", run="r1")
    assert (done.change.version, done.change.previous) == (small_run.version, None)
    assert done.size == sum(map(len, encode_bundle(small_run.parts).values()))
    bundle = Champion(models).current()
    assert bundle is not None
    assert bundle.version == small_run.version
    [change] = Versions(models).record()
    assert (change.by, change.approved_by, change.why, change.run) == ("ana", "ben", "newer", "r1")
    again = release(fetched.bundle, models, by="ana", approved_by="ben", at=NOW)
    assert again.change.previous == small_run.version
    assert sorted(path.name for path in models.iterdir()) == ["champion", small_run.version, "promotions.ndjson"]


def test_a_later_certificate_can_be_put_into_a_bundle(fetched: Fetched, small_run: Run, tmp_path: Path) -> None:
    file = tmp_path / "certificate.json"
    file.write_bytes(encode(certified(small_run)))
    before = fetched.bundle_digest
    made = certified_anew(fetched, file)
    examined = examine(made, None, terms(uncertified=False))
    assert examined.passed
    assert examined.bundle is not None
    assert examined.bundle.certificate == certified(small_run)
    assert "Certified anew" in examined.bundle.card
    assert made.bundle_digest != before  # what is asked for is what is approved, certificate and all
    file.write_bytes(encode(certified(small_run, model="another")))
    made = certified_anew(made, file)
    assert of(examine(made, None, terms()))["certificate"].state is State.FAILED
    file.write_text("{}")
    with pytest.raises(BundleRefused, match="holds no certificate"):
        certified_anew(made, file)
    (made.bundle / "manifest.json").write_text("{}")
    with pytest.raises(BundleRefused, match="not the one the run logged"):
        certified_anew(made, file)


def test_a_bundle_that_does_not_load_is_not_exported(fetched: Fetched, small_run: Run, tmp_path: Path) -> None:
    models = tmp_path / "models"
    release(fetched.bundle, models, by="ana", approved_by="ben", at=NOW)
    (fetched.bundle / "risk.onnx").write_bytes(b"nothing")
    with pytest.raises(BundleRefused, match="SHA-256"):
        export(fetched.bundle, models)
    assert load_bundle(models / small_run.version, feature_hash=FEATURE_HASH).version == small_run.version
    assert not list(models.glob(".promote-*"))


def test_two_people_are_needed() -> None:
    request = Request(by="Ana López", at=NOW, why="", bundle="d1", version="v1")
    assert second_actor(request, "ben", "d1").state is State.PASSED
    assert second_actor(None, "ben", "d1").state is State.FAILED
    assert second_actor(request, "ben", "d2").state is State.FAILED
    for same in ("Ana López", "ana lópez", "  ANA   LÓPEZ ", "Ana Lo\u0301pez", "Ａna López"):
        assert second_actor(request, readable_name(same), "d1").state is State.FAILED, same


def test_a_bundle_is_small(small_run: Run) -> None:
    assert sum(map(len, encode_bundle(small_run.parts).values())) < 3 * 2**20
