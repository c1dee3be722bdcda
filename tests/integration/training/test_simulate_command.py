"""The simulate command, as a person or a script calls it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from training.cli import app
from training.observed import Observed

COMMAND = ["simulate", "--orders", "1500", "--seed", "4"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_says_what_it_made_and_what_that_took(here: Path) -> None:
    done = CliRunner().invoke(app, [*COMMAND, "--world", "made", "--json"])
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout)
    assert facts["origin"] == "simulated"
    assert facts["mode"] == "observing"
    assert facts["orders"] >= 1500
    assert facts["seconds"] > 0
    assert facts["peak_mib"] > 50
    assert Observed(here / "made").facts["claims"] == facts["claims"]
    assert not (set(Observed(here / "made").facts) & {"seconds", "peak_mib"})  # the same bytes each time


def test_the_same_command_writes_the_same_bytes(here: Path) -> None:
    for name in ("first", "second"):
        assert CliRunner().invoke(app, [*COMMAND, "--world", name, "--json"]).exit_code == 0
    files = sorted(path.relative_to(here / "first") for path in (here / "first").rglob("*") if path.is_file())
    assert {Path("events.parquet"), Path("claims.parquet"), Path("labels.parquet")} < set(files)
    assert Path("truth/claims.parquet") in files
    for path in files:
        assert (here / "first" / path).read_bytes() == (here / "second" / path).read_bytes(), path


def test_a_live_world_does_not_replace_the_one_training_reads(here: Path) -> None:
    assert CliRunner().invoke(app, [*COMMAND, "--mode", "live", "--json"]).exit_code == 0
    worlds = [path.name for path in (here / "out/training").iterdir()]
    assert worlds == ["world-4-1500-live"]


def test_what_cannot_be_is_refused_with_a_sentence(here: Path) -> None:
    assert CliRunner().invoke(app, ["simulate", "--mode", "shadow"]).exit_code == 2
    (here / "bare.yaml").write_text("name: x\nfaults: {late: 3}\n")
    done = CliRunner().invoke(app, [*COMMAND, "--parameters", "bare.yaml"])
    assert done.exit_code == 1
    assert "faults.late" in done.stderr
    assert not (here / "out").exists()
