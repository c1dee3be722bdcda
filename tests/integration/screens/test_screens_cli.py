"""The command group: pages drawn, read by the default engine in its own processes, and measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from training.cli import app
from training.screens.browser import chromium_path

runner = CliRunner()
browser = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one"),
]
SAMPLE = Path(__file__).resolve().parents[2] / "data" / "screens"

BOTH = ["screens", "--set", "third", "--layout", "third_01", "--out", "nowhere"]


def run(*arguments: str) -> Any:
    result = runner.invoke(app, ["screens", *arguments])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module", params=[pytest.param("held-out", marks=browser)])
def measured(tmp_path_factory, request) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("pages")
    layouts = ("--layout", "fourth_02", "--layout", "fourth_04")
    kept = ("--out", str(folder), "--save-lines", str(folder / "lines.jsonl"))
    return folder, run("evaluate", "--count", "4", "--seed", "3", *layouts, *kept, "--json")


def test_held_out_pages_are_measured(measured) -> None:
    _, board = measured
    assert board["pages"] == {"all": 4, "undamaged": 2, "held_out": 4}
    assert set(board["layouts"]) == {"fourth_02", "fourth_04"}
    assert board["fields"]["order_number"]["undamaged"]["n"] >= 1
    assert board["layouts"]["fourth_02"]["fields"]["rate"] > 0.5


def test_a_sealed_set_is_measured_and_never_told_in_words(measured, tmp_path) -> None:
    """Every set drawn so far was opened; a next one begins sealed."""
    folder, _ = measured
    truths = json.loads((folder / "truth.json").read_text("utf-8"))
    for name, truth in truths.items():
        truth["layout"] = "next_01"
        (tmp_path / name).symlink_to(folder / name)
    (tmp_path / "truth.json").write_text(json.dumps(truths), "utf-8")
    (tmp_path / "nothing.jsonl").write_text("")
    board = run("evaluate", "--pages", str(tmp_path), "--lines", str(tmp_path / "nothing.jsonl"), "--json")
    assert board["fields"]["order_number"]["undamaged"]["hits"] == 0
    assert board["failures"] == []


def test_lines_read_before_give_the_same_scores(measured) -> None:
    folder, board = measured
    again = run("evaluate", "--pages", str(folder), "--lines", str(folder / "lines.jsonl"), "--json")
    assert again["fields"] == board["fields"]
    assert again["damages"] == board["damages"]
    assert again["reader"] == "lines of lines.jsonl"


def test_one_layout_of_pages_drawn_before_is_measured_alone(measured) -> None:
    folder, board = measured
    kept = ("--pages", str(folder), "--lines", str(folder / "lines.jsonl"))
    alone = run("evaluate", *kept, "--layout", "fourth_04", "--json")
    assert alone["layouts"] == {"fourth_04": board["layouts"]["fourth_04"]}
    assert alone["pages"]["all"] == 2


def test_lines_of_nothing_miss_everything(measured) -> None:
    folder, _ = measured
    nothing = folder / "nothing.jsonl"
    nothing.write_text("")
    board = run("evaluate", "--pages", str(folder), "--lines", str(nothing), "--json")
    assert all(row["undamaged"]["hits"] == 0 for row in board["fields"].values())
    assert all(row["fields"]["rate"] == 0 for row in board["layouts"].values())
    assert board["failures"], "what was opened is told"


def test_development_pages_tell_what_was_not_read(tmp_path: Path) -> None:
    lines = tmp_path / "none.jsonl"
    lines.write_text("")
    board = run("evaluate", "--pages", str(SAMPLE), "--lines", str(lines), "--json")
    truths = json.loads((SAMPLE / "truth.json").read_text("utf-8"))
    shown = sum(len(truth["fields"]) + 1 for truth in truths.values())
    assert len(board["failures"]) == shown
    assert {failure["verdict"] for failure in board["failures"]} == {"missed", "wrong"}


def test_tables_show_targets_and_the_first_score(measured, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = measured
    monkeypatch.setenv("COLUMNS", "240")
    arguments = ["screens", "evaluate", "--pages", str(folder), "--lines", str(folder / "lines.jsonl")]
    shown = runner.invoke(app, arguments)
    assert shown.exit_code == 0
    for word in ("order_number", "99.0", "96.0", "first", "fourth_02", "By damage"):
        assert word in shown.stdout


def test_mistakes_are_said_in_one_sentence(tmp_path: Path) -> None:
    nothing = runner.invoke(app, ["screens", "evaluate", "--pages", str(tmp_path)])
    assert nothing.exit_code == 1
    assert "truth.json is not there" in nothing.stderr
    gaps = ["screens", "gaps", "--set"]
    for arguments in (
        ["screens"],
        ["screens", "evaluate", "--layout", "nosuch"],
        BOTH,
        [*gaps, "no"],
        [*gaps, "third", "--held-out"],
    ):
        assert runner.invoke(app, arguments).exit_code == 2
