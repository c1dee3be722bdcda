"""MLflow: a run with everything in it, the registered model ``refund-risk``, its aliases, and who asked for what."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from service.domain.errors import ConfigurationError
from service.scoring.format import sha256
from training.datasets import Floats, Indices, Rows
from training.environment import environment
from training.run_record import (
    BUNDLE,
    BUNDLE_DIGEST,
    CHECK,
    CHECK_DIGEST,
    CHECK_FILE,
    LIGHTGBM_TEXT,
    WINDOW_FILE,
    figures,
    parameters,
    tags,
    write_files,
)

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from training.gates import Gate
    from training.pipeline import Run
    from training.promote import Request

EXPERIMENT = "refund-risk"
REGISTERED_MODEL = "refund-risk"
CHALLENGER, SHADOW, CHAMPION = "challenger", "shadow", "champion"
DEFAULT_FOLDER = Path("mlruns")
# What serving the logged model needs; named, or MLflow would spend seconds guessing.
PIP_REQUIREMENTS = ("numpy>=2.4", "onnx>=1.23", "onnxruntime>=1.31")
_REQUEST = "promotion."


@dataclass(frozen=True, slots=True)
class Logged:
    """A run as MLflow has it."""

    run_id: str
    model_version: str
    tracking_uri: str


@dataclass(frozen=True, slots=True)
class Window:
    """The newest labelled claims: ``rows`` [n, F], ``wrong`` 0|1 [n], ``weight`` in minor units each stands for [n],
    ``account``: a number per account [n]."""

    rows: Rows
    wrong: Indices
    weight: Floats
    account: Indices


@dataclass(frozen=True, slots=True)
class Fetched:
    """What promotion needs of a run: the bundle folder with the digest the run logged for it, LightGBM's own text
    model, rows to compare them on, and the newest window (None: an older run without one)."""

    bundle: Path
    lightgbm_text: str
    rows: Rows
    bundle_digest: str | None = None
    window: Window | None = None


class Registry:
    """One tracking server: MLFLOW_TRACKING_URI if set, else SQLite and files below ``folder``."""

    def __init__(self, folder: Path = DEFAULT_FOLDER, uri: str | None = None) -> None:
        # Before the first import of mlflow, which would otherwise report its use to its makers.
        os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
        os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
        self.folder = folder.resolve()
        named = uri or os.environ.get("MLFLOW_TRACKING_URI")
        if not named:
            self.folder.mkdir(parents=True, exist_ok=True)
        self.uri = named or f"sqlite:///{self.folder / 'mlflow.db'}"
        self.local = not named

    # --- runs -------------------------------------------------------------------------------------------------
    def log(self, run: Run) -> Logged:
        """Log a run: parameters, metrics, plots, card, environment, bundle, model; register it as challenger."""
        import mlflow

        mlflow.set_tracking_uri(self.uri)
        surroundings = environment()
        named = tags(run, surroundings)
        with mlflow.start_run(experiment_id=self._experiment(), run_name=run.version, tags=named) as active:
            mlflow.log_params(parameters(run))
            mlflow.log_metrics(figures(run))
            with tempfile.TemporaryDirectory(prefix="prereview-run-") as scratch:
                digests = write_files(run, Path(scratch), surroundings)
                mlflow.log_artifacts(scratch)
            version = _log_model(run)
            self._client().set_registered_model_alias(REGISTERED_MODEL, CHALLENGER, version)
            mlflow.set_tags(digests)
            return Logged(active.info.run_id, version, self.uri)

    def fetch(self, run_id: str, into: Path) -> Fetched:
        """Download a run's bundle and what to check it with; ConfigurationError where there is no such run."""
        import mlflow
        from mlflow.exceptions import MlflowException

        mlflow.set_tracking_uri(self.uri)
        try:
            for part in (BUNDLE, CHECK):
                mlflow.artifacts.download_artifacts(run_id=run_id, artifact_path=part, dst_path=str(into))
        except MlflowException as error:
            raise self._no_run(run_id, error) from error
        bundles = sorted((into / BUNDLE).glob("*/"))
        if len(bundles) != 1:
            raise ConfigurationError(f"run {run_id} has {len(bundles)} bundles instead of one; train again")
        logged, check = self._tags(run_id), into / CHECK
        text = (check / LIGHTGBM_TEXT).read_text("utf-8")
        # LightGBM ends the process on a damaged model text, so it must never see one.
        if sha256(text.encode()) != logged.get(CHECK_DIGEST):
            raise ConfigurationError(f"{CHECK}/{LIGHTGBM_TEXT} of run {run_id} is not the one it logged; train again")
        with np.load(check / CHECK_FILE) as file:
            rows = file["rows"]
        return Fetched(bundles[0], text, rows, logged.get(BUNDLE_DIGEST), _window(check / WINDOW_FILE))

    def latest(self) -> str:
        """The run behind the challenger."""
        from mlflow.exceptions import MlflowException

        try:
            version = self._client().get_model_version_by_alias(REGISTERED_MODEL, CHALLENGER)
        except MlflowException as error:
            raise ConfigurationError(f"{self.uri} has no {CHALLENGER}; train one with: prereview-train run") from error
        return str(version.run_id)

    # --- promotion --------------------------------------------------------------------------------------------
    def name(self, run_id: str, alias: str) -> str | None:
        """Give an alias to the model version of this run; its number, None where the run registered none."""
        client = self._client()
        versions = client.search_model_versions(f"run_id = '{run_id}'")
        if not versions:
            return None
        number = str(versions[0].version)
        client.set_registered_model_alias(REGISTERED_MODEL, alias, number)
        return number

    def request(self, run_id: str, request: Request) -> None:
        """Write down who asked to promote this run."""
        client = self._client()
        for key, value in asdict(request).items():
            stored = value.isoformat() if isinstance(value, datetime) else value
            client.set_tag(run_id, _REQUEST + key, stored)

    def requested(self, run_id: str) -> Request | None:
        """Who asked to promote this run, if anybody did."""
        from training.promote import Request

        found = self._tags(run_id)
        values = {name: found.get(_REQUEST + name) for name in Request.__dataclass_fields__}
        if not values["by"] or not values["at"]:
            return None
        moment = datetime.fromisoformat(values["at"])
        return Request(
            by=values["by"], at=moment, why=values["why"] or "", bundle=values["bundle"] or "",
            version=values["version"] or "",
        )  # fmt: skip

    def log_gates(self, run_id: str, step: str, gates: Sequence[Gate], *, now: datetime, passed: bool) -> None:
        """Keep what the gates said: a file per try, metrics, and the outcome of the last one as a tag."""
        client = self._client()
        entry = {"step": step, "at": now.isoformat(), "passed": passed, "gates": [asdict(gate) for gate in gates]}
        text = json.dumps(entry, indent=2, ensure_ascii=False)
        client.log_text(run_id, text, f"promotion/{now:%Y%m%dT%H%M%S}-{step}.json")
        for gate in gates:
            key = f"gate_{gate.name.replace(' ', '_')}"
            client.log_metric(run_id, key, float(gate.open))
        client.set_tag(run_id, _REQUEST + "gates", "passed" if passed else "refused")

    def tell(self, run_id: str, **facts: str) -> None:
        """Tags of a promotion, e.g. ``approved_by``."""
        client = self._client()
        for key, value in facts.items():
            client.set_tag(run_id, _REQUEST + key, value)

    def log_report(self, run_id: str, folder: Path, name: str) -> None:
        """Files of a report below ``name`` of a run."""
        self._client().log_artifacts(run_id, str(folder), name)

    # --- inside -----------------------------------------------------------------------------------------------
    def _tags(self, run_id: str) -> dict[str, str]:
        from mlflow.exceptions import MlflowException

        try:
            return dict(self._client().get_run(run_id).data.tags)
        except MlflowException as error:
            raise self._no_run(run_id, error) from error

    def _no_run(self, run_id: str, error: Any) -> ConfigurationError:
        return ConfigurationError(
            f"run {run_id} is not in {self.uri} ({error.message}); list runs with: mlflow runs search"
        )

    def _client(self) -> MlflowClient:
        from mlflow import MlflowClient

        return MlflowClient(tracking_uri=self.uri, registry_uri=self.uri)

    def _experiment(self) -> str:
        client = self._client()
        found = client.get_experiment_by_name(EXPERIMENT)
        if found is not None:
            return str(found.experiment_id)
        place = (self.folder / "artifacts").as_uri() if self.local else None
        return str(client.create_experiment(EXPERIMENT, artifact_location=place))


def _window(path: Path) -> Window | None:
    if not path.is_file():
        return None
    with np.load(path) as file:
        return Window(rows=file["rows"], wrong=file["wrong"], weight=file["weight"], account=file["account"])


def _log_model(run: Run) -> str:
    import mlflow
    import onnx

    info = mlflow.onnx.log_model(
        onnx.load_model_from_string(run.parts.onnx),
        name="model",
        registered_model_name=REGISTERED_MODEL,
        pip_requirements=list(PIP_REQUIREMENTS),
        save_as_external_data=False,
    )
    return str(info.registered_model_version)
