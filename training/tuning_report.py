"""What a search leaves: a recipe that ``prereview-train run --recipe`` takes, and a picture of its trials."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import yaml

from training.recipe import Recipe
from training.tuning import Tuned, timed


def tuned_recipe(recipe: Recipe, tuned: Tuned) -> Recipe:
    return recipe.model_copy(update={"model": tuned.settings})


def write_recipe(recipe: Recipe, tuned: Tuned, path: Path, *, data_hash: str) -> Path:
    """The recipe with the settings found, headed by where they came from; whole or not at all."""
    head = (
        f"# Settings found by prereview-train tune: {len(tuned.trials)} trials ({tuned.pruned} pruned), "
        f"{timed(tuned):.0f} s, study {tuned.study}.\n"
        f"# Log loss by {tuned.objective} on the part tune {tuned.loss:.5f}; at the start {tuned.start_loss:.5f}. "
        "Best of many, so optimistic.\n"
        f"# Data {data_hash[:16]}. The parts calibrate, order and certify were not opened.\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.part")
    scratch.write_text(
        head + yaml.safe_dump(tuned_recipe(recipe, tuned).model_dump(mode="json"), sort_keys=False, allow_unicode=True),
        "utf-8",
    )
    return scratch.replace(path)


def write_history(tuned: Tuned, folder: Path, *, origin: str) -> Path:
    """tuning.png: the loss of every trial, pruned ones as crosses, and the best so far."""
    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(6, 4), layout="constrained")
    complete = [(trial.number, trial.loss) for trial in tuned.trials if not trial.pruned and trial.loss is not None]
    pruned = [(trial.number, trial.loss) for trial in tuned.trials if trial.pruned and trial.loss is not None]
    numbers, losses = np.array(complete).T
    axes.plot(numbers, losses, "o", ms=4, color="#1f77b4", label="finished")
    if pruned:
        axes.plot(*np.array(pruned).T, "x", ms=5, color="#7f7f7f", label="pruned (last value)")
    axes.step(numbers, np.minimum.accumulate(losses), where="post", color="#d62728", lw=1.2, label="best so far")
    axes.axhline(tuned.start_loss, color="black", lw=0.8, ls=":", label="start")
    # One hopeless trial must not flatten all others into a line.
    top = float(np.quantile([loss for _, loss in complete + pruned], 0.95))
    axes.set_ylim(tuned.loss - 0.1 * (top - tuned.loss) - 1e-6, top + 0.1 * (top - tuned.loss) + 1e-6)
    axes.set(xlabel="trial", ylabel=f"log loss by {tuned.objective} on tune")
    axes.set_title(f"search for settings · {origin}", fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    path = folder / "tuning.png"
    figure.savefig(path, dpi=110)
    plt.close(figure)
    return path
