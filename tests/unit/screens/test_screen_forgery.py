"""Measuring the search for traces of editing: labels, weights, figures."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from service.domain.errors import NotFound
from service.vision.tamper.places import GLYPH_SIGNALS, LINE_SIGNALS
from service.vision.tamper.weights import model_of
from training.screens.cli import app
from training.screens.forgery import load, measure
from training.screens.forgery_figures import auc, figures, scored
from training.screens.forgery_fit import fit, write
from training.screens.forgery_places import HONEST, Example
from training.screens.forgery_report import plot, tables

SAMPLE = Path(__file__).parents[2] / "data" / "screens" / "edited"
KINDS = {"retyped_same_font", "retyped_other_font", "pasted_patch", "state_changed", "time_changed"}


def drawn(seed: int, kind: str, layout: str = "a", held_out: bool = False) -> Example:
    """A page of noise; on a forged one the first digit, or the first line, stands out in two signals."""
    rng = np.random.default_rng(seed)
    glyphs = rng.normal(0, 0.4, (12, len(GLYPH_SIGNALS))).astype(np.float32)
    lines = rng.normal(0, 0.4, (4, len(LINE_SIGNALS))).astype(np.float32)
    glyph_labels, line_labels = np.zeros(12, np.int64), np.zeros(4, np.int64)
    if kind == "time_changed":
        glyphs[0, [0, 7]] += 2.5
        glyph_labels[0], line_labels[0] = 1, -1
    elif kind != HONEST:
        lines[0, [0, 4]] += 2.5
        line_labels[0] = 1
    return Example(
        name=f"{seed}.png", layout=layout, held_out=held_out, kind=kind, base="screenshot", finish="none", clean=True,
        glyphs=glyphs, glyph_labels=glyph_labels, lines=lines, line_labels=line_labels, sizes=(6, 6),
    )  # fmt: skip


@pytest.fixture(scope="module")
def pages() -> list[Example]:
    kinds = (HONEST, HONEST, "time_changed", "state_changed")
    return [drawn(seed, kinds[seed % 4], layout="abcdefg"[seed % 7]) for seed in range(400)]


@pytest.fixture(scope="module")
def weights(pages: list[Example]) -> dict:
    return fit(pages)


def test_the_fit_finds_the_signals_that_tell_and_no_weight_is_negative(weights: dict) -> None:
    glyphs, lines = model_of(weights["glyphs"], GLYPH_SIGNALS), model_of(weights["lines"], LINE_SIGNALS)
    for model, telling in ((glyphs, {0, 7}), (lines, {0, 4})):
        effect = model.linear * 2.5 + model.square * 6.25
        assert set(np.argsort(effect)[-2:].tolist()) == telling
        assert min(model.linear.min(), model.square.min()) >= 0


def test_about_two_honest_pages_in_a_hundred_pass_half(weights: dict) -> None:
    strange = [scored(drawn(seed, HONEST), weights).strength > 0.5 for seed in range(1000, 2000)]
    assert 0.002 < np.mean(strange) < 0.06


def test_held_out_layouts_are_never_fitted_on(pages: list[Example]) -> None:
    with pytest.raises(ValueError, match="held-out"):
        fit([*pages, drawn(1, HONEST, held_out=True)])


def test_figures_tell_forged_from_honest(pages: list[Example], weights: dict, tmp_path: Path) -> None:
    told = figures([scored(page, weights) for page in pages])
    assert told["pages"] == {"honest": 200, "forged": 200, "layouts": 7}
    for kind in ("time_changed", "state_changed"):
        row = told["kinds"][kind]
        assert 0.9 < row["page"]["low"] <= row["page"]["auc"] <= row["page"]["high"] <= 1
        assert row["page"]["caught"]["rate"] > 0.8
        assert row["place"]["caught"]["rate"] > 0.8
    honest = told["honest"]["none"]
    assert honest["n"] == 200
    assert honest["rate"] < 0.06
    assert told["all"]["pointed"]["rate"] > 0.9
    assert json.loads(json.dumps(told)) == told
    plot({"development": told, "held out": told}, tmp_path / "roc.png")
    assert (tmp_path / "roc.png").read_bytes().startswith(b"\x89PNG")
    assert [table.row_count for table in tables(told, "x")] == [3, 1, 1, 1]


def test_shuffled_labels_are_told_no_better_than_by_chance(weights: dict) -> None:
    rng = np.random.default_rng(5)
    pages = [replace(drawn(seed, HONEST), kind=str(rng.choice([HONEST, "time_changed"]))) for seed in range(400)]
    row = figures([scored(page, weights) for page in pages])["kinds"]["time_changed"]["page"]
    assert row["low"] < 0.5 < row["high"]


def test_auc_by_hand() -> None:
    assert auc([0.1, 0.4], [0.4, 0.9])["auc"] == 0.875
    assert auc([0.2], [0.2])["auc"] == 0.5
    assert auc([], [0.2])["auc"] is None


def test_weights_are_written_with_where_they_come_from(weights: dict, tmp_path: Path) -> None:
    write(weights, {"command": "c"}, tmp_path / "model.json")
    document = json.loads((tmp_path / "model.json").read_text("utf-8"))
    assert document == weights | {"provenance": {"command": "c"}}


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A few tampered pages of the fixed sample, and the pages they were made from."""
    folder = tmp_path_factory.mktemp("forgery")
    truths = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
    kept = {
        name: truth
        for name, truth in truths.items()
        if name.startswith("0001") and ("edit" not in truth or truth["edit"]["kind"] in KINDS)
    }
    for name in kept:
        shutil.copy(SAMPLE / name, folder)
    (folder / "truth.json").write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    return folder


def test_pages_are_read_once_and_their_places_labelled(sample: Path) -> None:
    first = load(sample, processes=1)
    assert {page.kind for page in first} == KINDS | {HONEST}
    for page in first:
        assert len(page.glyphs) == len(page.glyph_labels) == sum(page.sizes)
        assert len(page.lines) == len(page.line_labels) >= len(page.sizes)
        assert (page.line_labels != 0).any() == (page.kind != HONEST), page.name
        if page.kind in ("retyped_same_font", "time_changed", "pasted_patch"):
            assert 1 not in page.line_labels
    kept = (sample / "lines.jsonl").read_bytes()
    again = load(sample, processes=1)
    assert (sample / "lines.jsonl").read_bytes() == kept
    assert all(np.array_equal(one.glyphs, other.glyphs) for one, other in zip(first, again, strict=True))
    assert measure(first)["pages"]["forged"] == len(KINDS)


def test_the_command_prints_tables_and_keeps_figures_and_plot(sample: Path, tmp_path: Path) -> None:
    shutil.copytree(sample, tmp_path / "development")
    command = ["forgery", "--out", str(tmp_path), "--no-held-out", "--processes", "1"]
    printed = CliRunner().invoke(app, command)
    assert printed.exit_code == 0, printed.output
    assert all(kind in printed.output for kind in KINDS)
    kept = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    assert json.loads(CliRunner().invoke(app, [*command, "--json"]).stdout) == kept
    assert kept["development"]["pages"]["forged"] == len(KINDS)
    assert (tmp_path / "roc.png").is_file()


def test_a_folder_without_pages_says_how_to_make_some(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="prereview-train screens forgery"):
        load(tmp_path)
