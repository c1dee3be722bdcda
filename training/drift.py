"""Drift: the claims of now against what the model learned from, as figures, a picture and a page."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from service.domain.errors import ConfigurationError
from service.domain.monitoring import Lately
from service.features import FEATURES
from service.scoring import Bundle
from service.scoring.drift import ACT, WATCH, DriftReport, Level, Moved, Sample, drift, sample_of
from training.datasets import Dataset, Floats, Indices

SHOWN = 15
_COLOURS = {Level.STABLE: "tab:green", Level.WATCH: "tab:orange", Level.ACT: "tab:red", Level.UNCLEAR: "lightgrey"}
_WORDS = {feature.name: feature.description.en for feature in FEATURES} | {
    "score": "Risk given by the model",
    "label_delay_days": "Days from claim to label",
}
THRESHOLDS = (
    f"PSI: up to {WATCH:g} stable, {WATCH:g} to {ACT:g} watch, from {ACT:g} act (the rule of thumb of credit scoring, "
    "Siddiqi 2006). A figure counts as moved only where chance alone would not move it as far in 999 of 1000 looks."
)


def drift_of(bundle: Bundle, sample: Sample) -> DriftReport:
    """A sample against a bundle's own reference; ConfigurationError where it has none, or the sample is empty."""
    if bundle.reference is None:
        raise ConfigurationError(
            f"bundle {bundle.version} was exported before it kept what it learned from; train and promote again"
        )
    if not len(sample.rows):
        raise ConfigurationError("there is no claim in this window; widen it")
    return drift(bundle.reference, sample, threshold=bundle.certificate.threshold if bundle.certificate else None)


def live_sample(lately: Lately) -> Sample:
    """What the service decided lately."""
    return sample_of(lately.rows, lately.risks, lately.label_delay_days, lately.approved)


def world_sample(dataset: Dataset, indices: Indices, probabilities: Floats, *, approved: int = 0) -> Sample:
    """Claims of a data set; ``probabilities`` one each of ``indices``. Delays are of the labels that came in meanwhile,
    whatever claim they are for, as a service sees it: those of the newest claims have yet to come."""
    moments = dataset.as_of[indices]
    known = np.flatnonzero((dataset.arrived >= moments.min()) & (dataset.arrived <= moments.max()))
    delays = (dataset.arrived[known] - dataset.as_of[known]) / np.timedelta64(1, "D")
    decided = len(indices) if approved else 0
    return Sample(dataset.rows[indices].astype(np.float64), probabilities, delays.astype(np.float64), approved, decided)


def window(dataset: Dataset, first_day: float, last_day: float) -> Indices:
    """Claims accepted in [first_day, last_day) days since the data's start."""
    first, last = (np.datetime64(dataset.moment(day).replace(tzinfo=None), "us") for day in (first_day, last_day))
    return np.flatnonzero((dataset.as_of >= first) & (dataset.as_of < last))


def write_report(report: DriftReport, folder: Path, *, model: str, about: str, at: datetime) -> list[Path]:
    """drift.png, drift.md and drift.json. ``about``: what was looked at, e.g. "demo, last 7 days, SIMULATED"."""
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / "drift.md", folder / "drift.json"
    page.write_text(_page(report, model, about, at), "utf-8")
    data.write_text(json.dumps(as_data(report, model=model, about=about, at=at), indent=2, ensure_ascii=False), "utf-8")
    return [plot_drift(report, folder / "drift.png", model=model, about=about), page, data]


def as_data(report: DriftReport, *, model: str, about: str, at: datetime) -> dict[str, Any]:
    """JSON-ready. A chance that cannot be told (no value at all) is null."""
    found = {"model": model, "about": about, "at": at.isoformat(), "level": report.level.value, **asdict(report)}
    cleaned: dict[str, Any] = json.loads(json.dumps(found, default=str), parse_constant=lambda _: None)
    return cleaned


def plot_drift(report: DriftReport, path: Path, *, model: str, about: str) -> Path:
    """PSI of score, label delay and the features that moved most, with the limits, and what chance alone gives."""
    shown = [report.score, *([report.label_delay] if report.label_delay else []), *report.features[:SHOWN]][::-1]
    figure, axes = plt.subplots(figsize=(8.5, 0.33 * len(shown) + 1.6), layout="constrained")
    places = np.arange(len(shown))
    axes.barh(places, [one.psi for one in shown], color=[_COLOURS[one.level] for one in shown], height=0.65)
    chance = [min(one.by_chance, 10.0) for one in shown]
    axes.plot(chance, places, "k|", ms=9, mew=1.4, label="chance alone stays below (999 of 1000)")
    for limit, style in ((WATCH, ":"), (ACT, "--")):
        axes.axvline(limit, color="black", lw=0.8, ls=style)
        axes.annotate(
            f"{limit:g}", (limit, 1.0), xycoords=("data", "axes fraction"), ha="center", va="bottom", fontsize=7
        )
    for place, one in zip(places, shown, strict=True):
        said = f"{one.psi:.3f}   {_number(one.mean_then)} → {_number(one.mean_now)}"
        axes.annotate(said, (1.01, place), xycoords=("axes fraction", "data"), fontsize=7, va="center")
    axes.annotate("PSI   mean then → now", (1.01, 1.0), xycoords="axes fraction", fontsize=7, va="bottom")
    axes.set_yticks(places, [one.name for one in shown], fontsize=8)
    axes.set_xlim(0, max(0.32, *(one.psi for one in shown)) * 1.05)
    axes.set_xlabel("PSI against the training part")
    axes.set_title(f"drift · {model} · {about} · {report.claims:,} claims: {report.level.value}", fontsize=9, pad=14)
    axes.legend(fontsize=7, loc="lower right")
    axes.grid(alpha=0.25, axis="x")
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path


def _page(report: DriftReport, model: str, about: str, at: datetime) -> str:
    lines = [
        f"# Drift of {model}: {report.level.value}",
        f"{about}. {report.claims:,} claims, looked at on {at:%Y-%m-%d %H:%M} UTC.",
        "",
        f"{report.count(Level.ACT)} features to act on, {report.count(Level.WATCH)} to watch, "
        f"{report.count(Level.UNCLEAR)} unclear (too few claims), {report.count(Level.STABLE)} stable.",
        "",
        "![drift](drift.png)",
        "",
        "## Score, labels, approvals",
        *_table([report.score, *([report.label_delay] if report.label_delay else [])]),
        "",
        f"- at or below the certified threshold: {_share(report.below_threshold_then)} then, "
        f"{_share(report.below_threshold_now)} now",
        f"- approved at once: {_share(report.approved_share)} now",
        "",
        "## Reading",
        *_table(report.reading),
        "",
        "## Features that moved most",
        *_table(report.features[:SHOWN]),
        "",
        THRESHOLDS,
    ]
    return "\n".join(lines) + "\n"


def _table(moved: Any) -> list[str]:
    rows = [
        f"| {one.name} | {_WORDS[one.name]} | {one.psi:.3f} | {one.by_chance:.3f} | {one.level.value} | "
        f"{_number(one.mean_then)} | {_number(one.mean_now)} | {one.missing_then:.1%} | {one.missing_now:.1%} |"
        for one in moved
    ]
    head = "| figure | what it is | PSI | by chance | | mean then | mean now | missing then | missing now |"
    return [head, "|---|---|---|---|---|---|---|---|---|", *rows]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3g}"


def _share(value: float | None) -> str:
    return "not known" if value is None else f"{value:.1%}"


def worst(report: DriftReport) -> Moved:
    """The figure that moved most among those that moved at all, else the score."""
    moved = [one for one in (report.score, *report.features) if one.level in (Level.WATCH, Level.ACT)]
    return max(moved, key=lambda one: one.psi, default=report.score)
