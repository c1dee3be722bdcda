"""The tracking server: MLflow's own, bound to this machine, over the store that runs are logged to."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from service.domain.errors import ConfigurationError

DATABASE, ARTIFACTS = "PREREVIEW_MLFLOW_DATABASE", "PREREVIEW_MLFLOW_ARTIFACTS"
# psycopg is installed for the service; MLflow would look for psycopg2, its default for PostgreSQL.
_POSTGRES = {"postgres": "postgresql+psycopg", "postgresql": "postgresql+psycopg"}
# Schemes of artifact stores whose library is not in our locks.
_NEEDS = {
    "s3": "boto3",
    "gs": "google.cloud.storage",
    "wasbs": "azure.storage.blob",
    "abfss": "azure.storage.filedatalake",
}


@dataclass(frozen=True, slots=True)
class TrackingServer:
    """``database``: SQLAlchemy URL; ``artifacts``: folder or URL; ``host``: 127.0.0.1 unless somebody says otherwise,
    because MLflow asks nobody who they are."""

    database: str
    artifacts: str
    host: str = "127.0.0.1"
    port: int = 5000
    workers: int = 1
    environment: dict[str, str] = field(default_factory=dict)

    def command(self) -> list[str]:
        return [
            sys.executable, "-m", "mlflow", "server",
            "--backend-store-uri", self.database,
            "--artifacts-destination", self.artifacts,
            "--host", self.host, "--port", str(self.port), "--workers", str(self.workers),
        ]  # fmt: skip

    def run(self) -> None:
        """Become the server: this process is replaced by it, so signals reach it."""
        quiet = {
            "MLFLOW_DISABLE_TELEMETRY": "true",
            "DO_NOT_TRACK": "true",
            # Its job runners serve features we do not use, with a dozen processes of 160 MB.
            "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
        }
        # Its own address is no client's: left set, the server would ask itself.
        surroundings = {name: value for name, value in os.environ.items() if name != "MLFLOW_TRACKING_URI"}
        sys.stdout.flush()
        os.execve(sys.executable, self.command(), {**surroundings, **quiet, **self.environment})  # noqa: S606


def tracking_server(folder: Path, host: str, port: int, database: str | None, artifacts: str | None) -> TrackingServer:
    """SQLite and files below ``folder`` unless URLs are given here or in the environment; ConfigurationError where a
    URL needs a library that is not installed."""
    place = folder.resolve()
    stored = database or os.environ.get(DATABASE) or f"sqlite:///{place / 'mlflow.db'}"
    files = artifacts or os.environ.get(ARTIFACTS) or (place / "artifacts").as_uri()
    if stored.startswith("sqlite:") or files.startswith("file:"):
        place.mkdir(parents=True, exist_ok=True)
    return TrackingServer(_database(stored), _artifacts(files), host, port)


def _database(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    if not separator:
        raise ConfigurationError(f"{url!r} is no database URL; write e.g. postgresql://user:password@host/mlflow")
    return f"{_POSTGRES.get(scheme, scheme)}://{rest}"


def _artifacts(url: str) -> str:
    needed = _NEEDS.get(urlsplit(url).scheme)
    if needed is not None and find_spec(needed.partition(".")[0]) is None:
        raise ConfigurationError(
            f"artifacts at {url} need the Python package {needed}, which is not in our locks; "
            f"install it beside MLflow, e.g.: pip install {needed.replace('.', '-')}"
        )
    return url
