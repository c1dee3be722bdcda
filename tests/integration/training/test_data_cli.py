"""The data commands as a person or a script meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from training.cli import app
from training.simulator.parameters import load_parameters
from training.simulator.world import simulate, write

RUNNER = CliRunner()


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("data") / "world"
    write(simulate(load_parameters().with_values({"span.orders": 12_000}), 5), folder, 5)
    return str(folder)


def run(*arguments: str) -> tuple[int, str, str]:
    result = RUNNER.invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_backfill_then_check(world: str, tmp_path: Path) -> None:
    code, told, _ = run("backfill", "--world", world, "--json")
    made = json.loads(told)
    assert code == 0
    assert set(made) >= {"claims", "events", "features", "seconds", "peak_mib", "rows_hash", "engine"}
    assert pq.ParquetFile(made["out"]).metadata.num_rows == made["claims"]
    code, told, _ = run("check-leaks", "--world", world, "--sample", "60")
    assert code == 0
    assert "no leak found" in told

    labels = {row["claim_id"]: row["wrong"] for row in pq.read_table(Path(world) / "labels.parquet").to_pylist()}
    rows = pq.read_table(made["out"])
    outcome = pa.array([float(labels.get(claim_id, 0)) for claim_id in rows["claim_id"].to_pylist()])
    pq.write_table(rows.append_column("note_length", outcome), tmp_path / "mine.parquet")
    code, told, _ = run("check-leaks", "--world", world, "--sample", "60", "--rows", str(tmp_path / "mine.parquet"))
    assert code == 1
    assert "note_length" in told
    code, told, _ = run(
        "check-leaks", "--world", world, "--sample", "60", "--rows", str(tmp_path / "mine.parquet"), "--json"
    )
    assert code == 1
    assert json.loads(told)["suspects"][0]["column"] == "note_length"


def test_splits_show_both(world: str) -> None:
    code, told, _ = run("splits", "--world", world, "--json")
    assert code == 0
    figures = json.loads(told)
    assert [part["name"] for part in figures["time"]["parts"]] == ["train", "tune", "calibrate", "order", "certify"]
    assert figures["stress"]["parts"][-1]["met_before"] == 0.0
    assert figures["time"]["parts"][-1]["met_before"] > 0.0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("backfill", "--world", "nowhere"), "prereview-train simulate"),
        (("check-leaks", "--world", "WORLD", "--rows", "nowhere.parquet"), "prereview-train backfill"),
        (("export-history", "--platform", "a", "--out", "x", "--until", "soon"), "is no moment"),
        (("export-history", "--platform", "a", "--out", "x", "--until", "2026-01-01"), "lacks a time zone"),
    ],
)
def test_what_is_wrong_is_one_sentence(world: str, arguments: tuple[str, ...], says: str) -> None:
    code, _, told = run(*(world if word == "WORLD" else word for word in arguments))
    assert code == 1
    assert says in told.replace("\n", " ")
    assert "Traceback" not in told
