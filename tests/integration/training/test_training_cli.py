"""The command itself, end to end: simulate, run with MLflow on SQLite, promote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.scoring import Champion, Versions
from training.cli import app

ROOT = Path(__file__).parents[3]
ORDERS = "16000"
PLOTS = ("pr", "roc", "reliability", "approved_against_loss", "segments", "shap_summary")


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
    assert (
        logged.data.metrics["model_auc_low"] < logged.data.metrics["model_auc"] < logged.data.metrics["model_auc_high"]
    )
    assert len(logged.data.tags["code_version"]) >= 5
    assert logged.data.tags["data_hash"]
    files = {file.path for file in client.list_artifacts(run["run_id"])}
    assert {"bundle", "card.md", "check", "drift", "environment.json", "plots"} <= files
    assert {file.path for file in client.list_artifacts(run["run_id"], "drift")} == {
        "drift/drift.json", "drift/drift.md", "drift/drift.png",
    }  # fmt: skip
    plots = {file.path for file in client.list_artifacts(run["run_id"], "plots")}
    assert plots == {f"plots/{name}.png" for name in PLOTS}
    assert client.get_model_version_by_alias("refund-risk", "challenger").run_id == run["run_id"]


def invoke(*arguments: str, folder: Path, models: Path | None = None) -> tuple[int, dict, str]:
    places = ["--models", str(models or folder / "models"), "--mlruns", str(folder / "mlruns"), "--json"]
    done = CliRunner().invoke(app, [*arguments, *places])
    return done.exit_code, json.loads(done.stdout) if done.stdout else {}, done.stderr


def test_two_people_make_a_champion(trained: tuple[Path, dict]) -> None:
    """Asked for by one, approved by another, refused to the same one; told in MLflow; taken back in one command."""
    folder, run = trained
    chosen, words = ("--run", run["run_id"]), ["--uncertified"] * (run["certificate"] is None)
    code, early, _ = invoke("approve", *chosen, "--by", "ben", *words, folder=folder)
    assert code == 1
    assert "nobody asked" in early["gates"][-1]["why"]
    assert not (folder / "models").exists()
    code, asked, _ = invoke("promote", *chosen, "--requested-by", "ana", "--why", "newer", *words, folder=folder)
    assert (code, asked["passed"], asked["version"], asked["data"]) == (0, True, run["version"], "SIMULATED")
    assert Champion(folder / "models").current() is None
    code, same, _ = invoke("approve", *chosen, "--by", "ANA", *words, folder=folder)
    assert code == 1
    assert "cannot approve" in same["gates"][-1]["why"]
    code, promoted, _ = invoke("approve", *chosen, "--by", "ben", *words, folder=folder)
    assert code == 0
    gates = {gate["name"]: gate for gate in promoted["gates"]}
    assert gates["parity"]["figures"]["rows"] >= 10_000
    assert gates["parity"]["figures"]["worst_log_odds"] < 1e-3
    bundle = Champion(folder / "models").current()
    assert bundle is not None
    assert bundle.version == run["version"] == promoted["version"]
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=run["tracking_uri"], registry_uri=run["tracking_uri"])
    assert client.get_model_version_by_alias("refund-risk", "champion").run_id == run["run_id"]
    told = client.get_run(run["run_id"]).data
    assert (told.tags["promotion.by"], told.tags["promotion.approved_by"], told.tags["promotion.why"]) == (
        "ana", "ben", "newer",
    )  # fmt: skip
    assert told.metrics["gate_second_actor"] == 1.0
    assert len(client.list_artifacts(run["run_id"], "promotion")) >= 3


def test_a_run_without_certificate_is_not_promoted_unasked(trained: tuple[Path, dict], tmp_path: Path) -> None:
    folder, run = trained
    if run["certificate"] is not None:
        pytest.fail("a world of this size cannot certify anything; choose another seed")
    words = ("--run", run["run_id"], "--requested-by", "ana")
    code, said, _ = invoke("promote", *words, folder=folder, models=tmp_path / "models")
    assert code == 1
    assert [gate["name"] for gate in said["gates"] if gate["state"] == "failed"] == ["certificate"]


def test_a_shadow_needs_one_person_and_changes_no_champion(trained: tuple[Path, dict]) -> None:
    folder, run = trained
    before = Versions(folder / "models").champion
    code, said, _ = invoke("shadow", "--run", run["run_id"], "--by", "ana", folder=folder)
    assert (code, said["version"]) == (0, run["version"])
    versions = Versions(folder / "models")
    assert (versions.shadow, versions.champion) == (run["version"], before)


def test_going_back_without_a_way_back_is_one_clear_sentence(trained: tuple[Path, dict], tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    done = CliRunner().invoke(app, ["rollback", "--by", "cem", "--models", str(tmp_path / "models")])
    assert done.exit_code == 1
    assert "no champion before" in done.stderr


def test_a_run_that_is_not_there_is_one_clear_sentence(trained: tuple[Path, dict], tmp_path: Path) -> None:
    folder, _ = trained
    places = ["--models", str(tmp_path), "--mlruns", str(folder / "mlruns")]
    done = CliRunner().invoke(app, ["promote", "--run", "0" * 32, "--requested-by", "ana", *places])
    assert done.exit_code == 1
    assert "is not in sqlite" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def tables(trained: tuple[Path, dict], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same tables as if a platform had exported them: no truth, another origin, and what its audit settled."""
    folder, _ = trained
    (world,) = (folder / "out" / "training").iterdir()
    own = tmp_path_factory.mktemp("tables") / "own"
    shutil.copytree(world, own, ignore=shutil.ignore_patterns("truth"))
    facts = json.loads((own / "world.json").read_text())
    (own / "world.json").write_text(json.dumps({**facts, "origin": "observed"}))
    (own / "adjudications.csv").write_text("claim_id,loss_share,recorded_at\n")
    return own


def test_a_platforms_own_tables_are_learned_from(tables: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = ["--mlruns", str(tmp_path / "mlruns"), "--seed", "11", "--json"]
    monkeypatch.delenv("PREREVIEW_AUDIT_SECRET", raising=False)
    refused = CliRunner().invoke(app, ["run", "--tables", str(tables), *places])
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "PREREVIEW_AUDIT_SECRET" in refused.stderr
    monkeypatch.setenv("PREREVIEW_AUDIT_SECRET", "the service's own, of 32 characters")
    done = CliRunner().invoke(app, ["run", "--tables", str(tables), *places])
    assert done.exit_code == 0, done.stderr
    run = json.loads(done.stdout)
    assert run["data"] == "OBSERVED"
    assert run["certificate"] is None  # nobody has judged anything yet
    from mlflow import MlflowClient

    client = MlflowClient(tracking_uri=run["tracking_uri"], registry_uri=run["tracking_uri"])
    assert client.get_run(run["run_id"]).data.tags["origin"] == "observed"
    card = Path(client.download_artifacts(run["run_id"], "card.md", str(tmp_path))).read_text()
    assert "SIMULATED" not in card


def test_records_and_a_simulation_are_not_mixed(tables: Path, tmp_path: Path) -> None:
    places = ["--mlruns", str(tmp_path / "mlruns")]
    for wrong in (
        ["--tables", str(tables), "--orders", "2000"],
        ["--adjudications", str(tables / "adjudications.csv")],
    ):
        done = CliRunner().invoke(app, ["run", *wrong, *places])
        assert done.exit_code == 1
        assert "--tables" in done.stderr
    (tables / "adjudications.csv").rename(tmp_path / "elsewhere.csv")
    done = CliRunner().invoke(app, ["run", "--tables", str(tables), *places])
    (tmp_path / "elsewhere.csv").rename(tables / "adjudications.csv")
    assert done.exit_code == 1
    assert "adjudications.csv is not there" in done.stderr


def test_too_few_claims_are_one_clear_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app,
        ["run", "--orders", "1000", "--world", str(tmp_path / "world"), "--mlruns", str(tmp_path / "mlruns"), "--json"],
    )
    assert done.exit_code == 1
    assert "--orders" in done.stderr
    assert not (tmp_path / "mlruns").exists()
