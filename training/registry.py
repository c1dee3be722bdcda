"""MLflow: a run with everything in it, and the registered model ``refund-risk`` with its aliases."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from service.domain.errors import ConfigurationError
from service.scoring.format import sha256
from training.datasets import Rows
from training.export import write_bundle
from training.metrics import Metrics
from training.pipeline import Run
from training.plots import write_plots

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "refund-risk"
REGISTERED_MODEL = "refund-risk"
CHALLENGER, CHAMPION = "challenger", "champion"
DEFAULT_FOLDER = Path("mlruns")
CHECK_ROWS = 12_000
CHECK_DIGEST = "lightgbm_sha256"
# What serving the logged model needs; named, or MLflow would spend seconds guessing.
PIP_REQUIREMENTS = ("numpy>=2.4", "onnx>=1.23", "onnxruntime>=1.31")


@dataclass(frozen=True, slots=True)
class Logged:
    """A run as MLflow has it."""

    run_id: str
    model_version: str
    tracking_uri: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """What promotion needs of a run: the bundle folder, LightGBM's own text model, and rows to compare them on."""

    bundle: Path
    lightgbm_text: str
    rows: Rows


class Registry:
    """One tracking server: MLFLOW_TRACKING_URI if set, else SQLite and files below ``folder``."""

    def __init__(self, folder: Path = DEFAULT_FOLDER, uri: str | None = None) -> None:
        # Before the first import of mlflow, which would otherwise report its use to its makers.
        os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
        self.folder = folder.resolve()
        named = uri or os.environ.get("MLFLOW_TRACKING_URI")
        if not named:
            self.folder.mkdir(parents=True, exist_ok=True)
        self.uri = named or f"sqlite:///{self.folder / 'mlflow.db'}"
        self.local = not named

    def log(self, run: Run) -> Logged:
        """Log a run: parameters, metrics, plots, card, bundle and model; register the model as challenger."""
        import mlflow

        mlflow.set_tracking_uri(self.uri)
        with mlflow.start_run(experiment_id=self._experiment(), run_name=run.version, tags=_tags(run)) as active:
            mlflow.log_params(_parameters(run))
            mlflow.log_metrics(_metrics(run))
            with tempfile.TemporaryDirectory(prefix="prereview-run-") as scratch:
                run_digest = _write_artifacts(run, Path(scratch))
                mlflow.log_artifacts(scratch)
            version = _log_model(run)
            self._client().set_registered_model_alias(REGISTERED_MODEL, CHALLENGER, version)
            mlflow.set_tag(CHECK_DIGEST, run_digest)
            return Logged(active.info.run_id, version, self.uri)

    def fetch(self, run_id: str, into: Path) -> Fetched:
        """Download a run's bundle and what to check it with; ConfigurationError where there is no such run."""
        import mlflow
        from mlflow.exceptions import MlflowException

        mlflow.set_tracking_uri(self.uri)
        try:
            folder = Path(mlflow.artifacts.download_artifacts(run_id=run_id, dst_path=str(into)))
        except MlflowException as error:
            raise ConfigurationError(
                f"run {run_id} is not in {self.uri} ({error.message}); list runs with: mlflow runs search"
            ) from error
        bundles = sorted((folder / "bundle").glob("*/"))
        if len(bundles) != 1:
            raise ConfigurationError(f"run {run_id} has {len(bundles)} bundles instead of one; train again")
        text = (folder / "check" / "lightgbm.txt").read_text("utf-8")
        # LightGBM ends the process on a damaged model text, so it must never see one.
        if sha256(text.encode()) != self._client().get_run(run_id).data.tags.get(CHECK_DIGEST):
            raise ConfigurationError(f"check/lightgbm.txt of run {run_id} is not the one it logged; train again")
        with np.load(folder / "check" / "rows.npz") as file:
            rows = file["rows"]
        return Fetched(bundles[0], text, rows)

    def latest(self) -> str:
        """The run behind the challenger."""
        from mlflow.exceptions import MlflowException

        try:
            version = self._client().get_model_version_by_alias(REGISTERED_MODEL, CHALLENGER)
        except MlflowException as error:
            raise ConfigurationError(f"{self.uri} has no {CHALLENGER}; train one with: prereview-train run") from error
        return str(version.run_id)

    def crown(self, run_id: str) -> str | None:
        """Give the alias champion to the model version of this run; its number, None where the run registered none."""
        client = self._client()
        versions = client.search_model_versions(f"run_id = '{run_id}'")
        if not versions:
            return None
        number = str(versions[0].version)
        client.set_registered_model_alias(REGISTERED_MODEL, CHAMPION, number)
        return number

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


def _tags(run: Run) -> dict[str, str]:
    serving = run.certificate
    return {
        "origin": run.parts.origin.value,
        "data_hash": run.data_hash,
        "feature_hash": run.parts.features.hash,
        "policy": run.policy.digest,
        "reader": serving.reader if serving else "",
        "certificate": serving.id if serving else "none",
    }


def _parameters(run: Run) -> dict[str, Any]:
    recipe = run.recipe
    parts = {f"part_{name}": f"{first:g}-{last:g}" for name, (first, last) in recipe.parts.model_dump().items()}
    model = {f"model_{name}": value for name, value in recipe.model.model_dump().items()}
    certificate = {f"certificate_{name}": value for name, value in recipe.certificate.model_dump().items()}
    return {
        "seed": recipe.seed,
        "platform": recipe.platform,
        **parts,
        **model,
        **certificate,
        "trees": run.fitted.rounds,
    }


def _metrics(run: Run) -> dict[str, float]:
    chosen = run.certification.chosen
    named = {
        **_finite(run.evaluated.model, "model"),
        **_finite(run.evaluated.logistic, "logistic"),
        "parity_worst": run.parity.worst,
        "parity_rows": float(run.parity.rows),
        "certified": float(chosen is not None),
        "audit_drawn": float(run.certification.drawn),
        "approvable_claims": float(len(run.pool)),
        **{f"seconds_{name}": value for name, value in run.seconds.items()},
    }
    if chosen is not None:
        named |= {"threshold": chosen.threshold, "bound": chosen.bound, "audit_labels": float(chosen.labels)}
    return named


def _finite(metrics: Metrics, prefix: str) -> dict[str, float]:
    return {name: value for name, value in metrics.named(prefix).items() if np.isfinite(value)}


def _write_artifacts(run: Run, folder: Path) -> str:
    """Everything a person or a promotion may want; returns the SHA-256 of LightGBM's text model."""
    write_bundle(run.parts, folder / "bundle")
    write_plots(run, folder / "plots")
    (folder / "card.md").write_text(run.parts.card, "utf-8")
    check = folder / "check"
    check.mkdir()
    np.savez_compressed(check / "rows.npz", rows=check_rows(run.dataset.rows, run.recipe.seed))
    text = run.fitted.booster.model_to_string()
    (check / "lightgbm.txt").write_text(text, "utf-8")
    return sha256(text.encode())


def check_rows(rows: Rows, seed: int) -> Rows:
    """CHECK_ROWS rows to compare models on: real ones from all over the data; where there are too few, filled up with
    recombined ones, each cell taken from some real row."""
    real = rows[np.unique(np.linspace(0, len(rows) - 1, CHECK_ROWS).astype(np.int64))]
    missing = CHECK_ROWS - len(real)
    donors = np.random.default_rng(seed).integers(0, len(rows), (missing, rows.shape[1]))
    return np.concatenate([real, np.take_along_axis(rows, donors, axis=0)])


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
