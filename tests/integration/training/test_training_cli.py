"""The command itself, end to end: simulate, run with MLflow on SQLite, promote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.scoring import Champion
from training.cli import app

ROOT = Path(__file__).parents[3]
ORDERS = "16000"


def command(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("MLFLOW_TRACKING_URI", None)
    return subprocess.run(
        [sys.executable, "-m", "training.cli", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    folder = tmp_path_factory.mktemp("train")
    done = command("run", "--orders", ORDERS, "--seed", "11", "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_a_run_is_one_object_and_lies_in_mlflow(trained: tuple[Path, dict]) -> None:
    _, run = trained
    assert run["data"] == "SIMULATED"
    assert run["model"]["claims"] > 50
    assert run["seconds"]["total"] > 0
    assert (run["certificate"] is None) == (run["why_no_certificate"] is not None)
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=run["tracking_uri"], registry_uri=run["tracking_uri"])
    logged = client.get_run(run["run_id"])
    assert logged.data.tags["origin"] == "simulated"
    assert logged.data.params["seed"] == "11"
    assert logged.data.metrics["model_auc"] == pytest.approx(run["model"]["auc"], abs=1e-4)
    plots = {file.path for file in client.list_artifacts(run["run_id"], "plots")}
    assert plots == {f"plots/{name}.png" for name in ("pr", "roc", "reliability", "approved_against_loss")}
    assert client.get_model_version_by_alias("refund-risk", "challenger").run_id == run["run_id"]


def test_promotion_serves_the_run_and_crowns_it(trained: tuple[Path, dict]) -> None:
    folder, run = trained
    models, mlruns = folder / "models", folder / "mlruns"
    done = CliRunner().invoke(
        app, ["promote", "--run", run["run_id"], "--models", str(models), "--mlruns", str(mlruns), "--json"]
    )
    assert done.exit_code == 0, done.stderr
    promoted = json.loads(done.stdout)
    assert promoted["parity"]["rows"] >= 10_000
    assert promoted["parity"]["worst_log_odds"] < 1e-3
    bundle = Champion(models).current()
    assert bundle is not None
    assert bundle.version == run["version"] == promoted["version"]
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=run["tracking_uri"], registry_uri=run["tracking_uri"])
    assert client.get_model_version_by_alias("refund-risk", "champion").run_id == run["run_id"]


def test_a_run_that_is_not_there_is_one_clear_sentence(trained: tuple[Path, dict], tmp_path: Path) -> None:
    folder, _ = trained
    done = CliRunner().invoke(
        app, ["promote", "--run", "0" * 32, "--models", str(tmp_path), "--mlruns", str(folder / "mlruns")]
    )
    assert done.exit_code == 1
    assert "is not in sqlite" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_too_few_claims_are_one_clear_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app,
        ["run", "--orders", "1000", "--world", str(tmp_path / "world"), "--mlruns", str(tmp_path / "mlruns"), "--json"],
    )
    assert done.exit_code == 1
    assert "--orders" in done.stderr
    assert not (tmp_path / "mlruns").exists()
