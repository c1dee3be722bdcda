"""`prereview read --profile`: the stages add up, and the models' own time is told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app

SCREENS = Path(__file__).parents[2] / "data" / "screens"
PAGES = [str(SCREENS / name) for name in ("0003-order_cards.jpg", "0010-redeem_dialog.webp")]


def test_the_stages_add_up() -> None:
    done = CliRunner().invoke(app, ["read", *PAGES, "--profile", "--repeat", "1", "--json"])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    stages = figures["stages"]
    assert (figures["pages"], figures["failed"], figures["repeat"]) == (2, 0, 1)
    wholes = {name for name in stages if "." not in name}
    assert {"decode", "signals", "detect", "recognise", "reread", "extract"} <= wholes
    assert sum(stages[name]["cpu_ms"] for name in wholes) == pytest.approx(figures["total_cpu_ms"], rel=0.05)
    networks = sum(stage["cpu_ms"] for name, stage in stages.items() if name.endswith(".network"))
    assert figures["networks_cpu_ms"] == pytest.approx(networks, rel=0.01)
    assert figures["ratio"] == pytest.approx(figures["total_cpu_ms"] / networks, rel=0.01)
    assert figures["ratio"] > 1


def test_people_get_a_table_and_bad_files_are_counted(tmp_path: Path) -> None:
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(Path(PAGES[0]).read_bytes()[:-3000])
    done = CliRunner().invoke(
        app, ["read", PAGES[1], str(cut), str(tmp_path / "none.png"), "--profile", "--repeat", "1"]
    )
    assert done.exit_code == 1
    assert "2 of them could not be read" in " ".join(done.stdout.split())
    assert "the models' own" in done.stdout
