"""compare and tune as commands, on a world that is simulated once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.cli import app
from training.recipe import load_recipe


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("comparing") / "world"
    done = CliRunner().invoke(app, ["simulate", "--orders", "20000", "--seed", "3", "--world", str(folder), "--json"])
    assert done.exit_code == 0, done.stderr
    return folder


def test_compare_prints_every_model_on_both_splits(world: Path, tmp_path: Path) -> None:
    plots = tmp_path / "plots"
    done = CliRunner().invoke(app, ["compare", "--world", str(world), "--json", "--plot", str(plots)])
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["data"] == "SIMULATED data"
    for models in (found["models"], found["stress_split"]["models"]):
        assert [one["name"] for one in models][-1] == "LightGBM"
        assert len(models) == 4
        assert all(one["auc"][1] <= one["auc"][0] <= one["auc"][2] for one in models)
    assert found["stress_split"]["claims"] < found["claims"]
    assert {path.name for path in plots.iterdir()} == {"comparison.png", "lost_against_approved.png"}


def test_compare_shows_a_person_a_table(world: Path) -> None:
    done = CliRunner().invoke(app, ["compare", "--world", str(world), "--weights"])
    assert done.exit_code == 0, done.stderr
    assert "SIMULATED" in done.stdout
    assert "amount^1" in done.stdout


def test_tune_writes_a_recipe(world: Path, tmp_path: Path) -> None:
    recipe, study = tmp_path / "recipe.yaml", tmp_path / "studies.db"
    arguments = ["tune", "--world", str(world), "--out", str(recipe), "--study", str(study), "--json"]
    done = CliRunner().invoke(app, [*arguments, "--trials", "2", "--plot", str(tmp_path)])
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["trials"] == 2
    assert load_recipe(recipe).model.model_dump() == found["settings"]
    assert (tmp_path / "tuning.png").is_file()
    again = CliRunner().invoke(app, [*arguments, "--trials", "3"])
    assert json.loads(again.stdout)["trials"] == 3


def test_an_unknown_objective_is_a_usage_error(world: Path) -> None:
    done = CliRunner().invoke(app, ["tune", "--world", str(world), "--objective", "fame"])
    assert done.exit_code == 2


def test_external_tables_that_are_not_there_are_one_clear_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["tabular", "--data", str(tmp_path), "--json"])
    assert done.exit_code == 1
    assert "--data" in done.stderr
    assert CliRunner().invoke(app, ["tabular", "--data", str(tmp_path), "--only", "else"]).exit_code == 2


def test_run_writes_over_nobody_s_tables(world: Path, tmp_path: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in world.iterdir()}
    done = CliRunner().invoke(
        app, ["run", "--orders", "16000", "--seed", "4", "--world", str(world), "--mlruns", str(tmp_path / "mlruns")]
    )
    assert done.exit_code == 1
    assert "another folder" in done.stderr
    assert {path.name: path.stat().st_mtime_ns for path in world.iterdir()} == before
