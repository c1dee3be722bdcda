"""`prereview demo --once`: from nothing to every claim answered as expected."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from service.demo.scenarios import scenarios


def test_every_claim_of_the_demo_gets_the_decision_expected(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREREVIEW_")}
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "demo", "--once", "--json"],
        env={**environment, "PREREVIEW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    played = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(item["id"], item["unmet"]) for item in played] == [(scenario.id, []) for scenario in scenarios()]
    assert len(played) >= 10
    assert done.returncode == 0, done.stderr


def test_a_folder_that_is_not_the_demos_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "demo" / "precious"
    kept.parent.mkdir()
    kept.write_text("mine")
    done = subprocess.run(
        [sys.executable, "-m", "service.cli", "demo", "--once"],
        env={**os.environ, "PREREVIEW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 3
    assert kept.read_text() == "mine"
