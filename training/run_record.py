"""A run as it is logged: tags, parameters, metrics, and the files a person or a promotion may want."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from service.scoring.drift import DriftReport, drift
from service.scoring.format import sha256
from training.comparison import weights
from training.datasets import Rows
from training.drift import world_sample, write_report
from training.export import write_bundle
from training.metrics import Metrics
from training.pipeline import Run
from training.plots import write_plots

CHECK_ROWS = 12_000
_PREFIXES = {"LightGBM": "model", "logistic regression": "logistic"}
CHECK_DIGEST = "lightgbm_sha256"
BUNDLE_DIGEST = "bundle_manifest_sha256"
BUNDLE, PLOTS, CHECK, DRIFT = "bundle", "plots", "check", "drift"
LIGHTGBM_TEXT, CHECK_FILE, WINDOW_FILE = "lightgbm.txt", "rows.npz", "window.npz"


def tags(run: Run, surroundings: dict[str, Any]) -> dict[str, str]:
    serving = run.certificate
    return {
        "origin": run.parts.origin.value,
        "data_hash": run.data_hash,
        "feature_hash": run.parts.features.hash,
        "policy": run.policy.digest,
        "reader": serving.reader if serving else "",
        "certificate": serving.id if serving else "none",
        "code_version": str(surroundings["code_version"]),
        "lock_sha256": str(surroundings["lock_sha256"] or "no lock beside the code"),
        "python": str(surroundings["python"]),
    }


def parameters(run: Run) -> dict[str, Any]:
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


def figures(run: Run) -> dict[str, float]:
    chosen = run.certification.chosen
    named = {
        **_finite(run.evaluated.model, "model"),
        **_finite(run.evaluated.logistic, "logistic"),
        **_intervals(run),
        "drift_score_psi": run_drift(run).score.psi,
        "parity_worst": run.parity.worst,
        "parity_rows": float(run.parity.rows),
        "certified": float(chosen is not None),
        "audit_drawn": float(run.certification.drawn),
        "approvable_claims": float(len(run.pool)),
        **{f"seconds_{name}": value for name, value in run.seconds.items()},
    }
    if run.stress is not None:
        named |= {
            f"{prefix}_{name}{end}": number
            for prefix, one in (("unmet", run.stress.unmet), ("stress", run.stress.stress))
            for name, interval in (("auc", one.auc), ("average_precision", one.average_precision))
            for end, number in (("", interval.value), ("_low", interval.low), ("_high", interval.high))
            if np.isfinite(number)
        }
    if chosen is not None:
        named |= {"threshold": chosen.threshold, "bound": chosen.bound, "audit_labels": float(chosen.labels)}
    return named


def _intervals(run: Run) -> dict[str, float]:
    """Ends of the 95 % intervals by account, e.g. ``model_auc_low``, and how far ahead of logistic regression."""
    named: dict[str, float] = {}
    for standing in run.evaluated.comparison.standings:
        prefix = _PREFIXES.get(standing.name, standing.name.replace(" ", "_"))
        for measure in ("auc", "average_precision", "ece", "brier", "auc_ahead"):
            interval = getattr(standing, measure)
            named |= {f"{prefix}_{measure}_low": interval.low, f"{prefix}_{measure}_high": interval.high}
        named |= {
            f"{prefix}_lost_at_{share:.0%}_{end}".replace("%", "_percent"): value
            for share, interval in standing.lost.items()
            for end, value in (("", interval.value), ("low", interval.low), ("high", interval.high))
        }
    return {name.rstrip("_"): value for name, value in named.items() if np.isfinite(value)}


def _finite(metrics: Metrics, prefix: str) -> dict[str, float]:
    return {name: value for name, value in metrics.named(prefix).items() if np.isfinite(value)}


def write_files(run: Run, folder: Path, surroundings: dict[str, Any]) -> dict[str, str]:
    """Bundle, plots, card, groups, environment, and what a promotion checks the bundle with; digests as tags."""
    bundle = write_bundle(run.parts, folder / BUNDLE)
    write_plots(run, folder / PLOTS)
    write_report(run_drift(run), folder / DRIFT, model=run.version, about=_about(run), at=run.parts.created_at)
    (folder / "card.md").write_text(run.parts.card, "utf-8")
    # orjson: an interval that does not exist is NaN here and null there.
    (folder / "segments.json").write_bytes(orjson.dumps(run.evaluated.segments, option=orjson.OPT_INDENT_2))
    (folder / "environment.json").write_text(json.dumps(surroundings, indent=2), "utf-8")
    check = folder / CHECK
    check.mkdir()
    np.savez_compressed(check / CHECK_FILE, rows=check_rows(run.dataset.rows, run.recipe.seed))
    _write_window(run, check / WINDOW_FILE)
    text = run.fitted.booster.model_to_string()
    (check / LIGHTGBM_TEXT).write_text(text, "utf-8")
    return {CHECK_DIGEST: sha256(text.encode()), BUNDLE_DIGEST: sha256((bundle / "manifest.json").read_bytes())}


def run_drift(run: Run) -> DriftReport:
    """The newest part against what the model learned from."""
    newest = run.split.certify
    sample = world_sample(run.dataset, newest, run.fitted.probabilities(run.dataset.rows[newest]))
    reference, certificate = run.parts.reference, run.certificate
    assert reference is not None, "every bundle made here has one"
    return drift(reference, sample, threshold=certificate.threshold if certificate else None)


def _about(run: Run) -> str:
    return f"the certify part against the training part, {run.parts.origin.value.upper()}"


def _write_window(run: Run, path: Path) -> None:
    """The newest labelled claims, which neither fitting nor calibrating saw: what a champion is compared on."""
    dataset, indices = run.dataset, run.evaluated.indices
    np.savez_compressed(
        path,
        rows=dataset.rows[indices],
        wrong=dataset.wrong[indices],
        weight=weights(dataset.amount[indices], dataset.draw_probability[indices]),
        # Whose claims they are matters, who they are does not.
        account=np.unique(run.evaluated.accounts, return_inverse=True)[1],
    )


def check_rows(rows: Rows, seed: int) -> Rows:
    """CHECK_ROWS rows to compare models on: real ones from all over the data; where there are too few, filled up with
    recombined ones, each cell taken from some real row."""
    real = rows[np.unique(np.linspace(0, len(rows) - 1, CHECK_ROWS).astype(np.int64))]
    missing = CHECK_ROWS - len(real)
    donors = np.random.default_rng(seed).integers(0, len(rows), (missing, rows.shape[1]))
    return np.concatenate([real, np.take_along_axis(rows, donors, axis=0)])
