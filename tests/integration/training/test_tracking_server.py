"""The tracking server as `make mlflow` starts it: on SQLite and on PostgreSQL, for this machine alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest
from running_service import free_port, new_database, wait_for

from service.domain.errors import ConfigurationError
from service.store import EmbeddedPostgres
from training.tracking import tracking_server

ROOT = Path(__file__).parents[3]


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW", "PREREVIEW"))}
    command = [sys.executable, "-m", "training.cli", "mlflow", "--mlruns", str(folder), "--port", str(port), *options]
    with (folder.parent / "server.log").open("wb") as log:
        server = subprocess.Popen(
            command, env={**environment, "PYTHONPATH": str(ROOT)}, stdout=log, stderr=log, start_new_session=True
        )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(address), 90, "no answer from MLflow", 0.3)
        yield address, server
    finally:
        children = psutil.Process(server.pid).children(recursive=True)
        server.send_signal(signal.SIGTERM)
        server.wait(20)
        _gone, left = psutil.wait_procs(children, timeout=20)
        for process in left:
            process.kill()
        assert not left, "the server left processes behind"


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health", trust_env=False).text == "OK"
    except httpx.HTTPError:
        return False


@pytest.mark.proof
def test_it_keeps_runs_in_the_database_named_by_url(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = new_database(postgres).replace("postgresql+psycopg", "postgresql")
    with serving(tmp_path / "mlruns", "--database", url, "--artifacts", (tmp_path / "files").as_uri()) as (
        address,
        server,
    ):
        listening = [
            found.laddr.ip
            for process in (psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True))
            for found in process.net_connections("inet")
            if found.status == psutil.CONN_LISTEN
        ]
        assert set(listening) == {"127.0.0.1"}
        assert psutil.Process(server.pid).environ()["MLFLOW_DISABLE_TELEMETRY"] == "true"
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        from mlflow import MlflowClient

        client = MlflowClient(tracking_uri=address, registry_uri=address)
        run = client.create_run(client.create_experiment("e"))
        client.log_text(run.info.run_id, "kept", "a/b.txt")
        client.set_tag(run.info.run_id, "k", "v")
        assert client.get_run(run.info.run_id).data.tags["k"] == "v"
    assert [path.read_text() for path in (tmp_path / "files").rglob("b.txt")] == ["kept"]
    assert not (tmp_path / "mlruns" / "mlflow.db").exists()


def test_without_urls_it_serves_what_runs_are_logged_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PREREVIEW_MLFLOW_DATABASE", "PREREVIEW_MLFLOW_ARTIFACTS"):
        monkeypatch.delenv(name, raising=False)
    server = tracking_server(tmp_path / "mlruns", "127.0.0.1", 5000, None, None)
    assert server.database == f"sqlite:///{tmp_path / 'mlruns' / 'mlflow.db'}"
    assert server.artifacts == (tmp_path / "mlruns" / "artifacts").as_uri()
    monkeypatch.setenv("PREREVIEW_MLFLOW_DATABASE", "postgres://a:b@c/d")
    assert tracking_server(tmp_path, "127.0.0.1", 5000, None, None).database == "postgresql+psycopg://a:b@c/d"


@pytest.mark.parametrize(
    ("database", "artifacts", "says"), [("mlflow.db", None, "no database URL"), (None, "s3://b/x", "boto3")]
)
def test_what_cannot_work_is_said_before_anything_starts(
    tmp_path: Path, database: str | None, artifacts: str | None, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.tracking.find_spec", lambda _: None)
    with pytest.raises(ConfigurationError, match=says):
        tracking_server(tmp_path, "127.0.0.1", 5000, database, artifacts)
