"""Pictures of a study: the promise against what was truly lost, and the ranking, world by world."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from training.simulator.randomised import WorldKind
from training.studies.results import LOGISTIC, OURS, RULES, WorldResult

_MARKS = {
    WorldKind.REFERENCE: "*",
    WorldKind.WELL_KEPT: "P",
    WorldKind.DRAWN: "o",
    WorldKind.NO_SIGNAL: "X",
    WorldKind.NOVEL: "D",
}
_COLOURS = {OURS: "tab:blue", LOGISTIC: "tab:orange"}
_RANKED = {**_COLOURS, RULES: "grey"}


def write_plots(results: Sequence[WorldResult], folder: Path) -> list[Path]:
    """promise.png and auc.png; every world is one mark per way of scoring."""
    folder.mkdir(parents=True, exist_ok=True)
    return [_promise(results, folder / "promise.png"), _auc(results, folder / "auc.png")]


def _promise(results: Sequence[WorldResult], path: Path) -> Path:
    _, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for scorer, colour in _COLOURS.items():
        for kind, mark in _MARKS.items():
            issued = [one for one in results if one.kind is kind and one.by(scorer).certificate is not None]
            if issued:
                axes.scatter(
                    [100 * one.by(scorer).by_risk.money for one in issued],
                    [100 * one.by(scorer).by_risk.wrong for one in issued],
                    marker=mark,
                    s=90 if mark in "*P" else 36,
                    color=colour,
                    alpha=0.8,
                    label=f"{scorer}, {kind.value}",
                )
        refused = sum(one.by(scorer).certificate is None for one in results)
        axes.plot([], [], " ", label=f"{scorer}: refused in {refused} of {len(results)} worlds")
    if results:
        axes.axhline(100 * results[0].alpha, color="red", lw=1, label=f"α = {results[0].alpha:.1%}")
    axes.set(xlabel="% of claimed ¥ approved by risk", ylabel="% of that ¥ truly wrong", ylim=(0, None), xlim=(0, None))
    axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return _save(axes, path, "Certified worlds: approved ¥ against ¥ truly wrong, later half-year")


def _auc(results: Sequence[WorldResult], path: Path) -> Path:
    _, axes = plt.subplots(figsize=(8, 1.6 + 0.24 * len(results)), layout="constrained")
    ranked = sorted(results, key=_our_auc)
    for row, result in enumerate(ranked):
        found = {scorer: result.by(scorer).ranking.auc for scorer in _RANKED}
        axes.plot(list(found.values()), [row] * len(found), color="lightgrey", lw=1.5, zorder=0)
        for scorer, auc in found.items():
            axes.scatter(auc, row, color=_RANKED[scorer], marker=_MARKS[result.kind], s=40, zorder=2)
    for scorer, colour in _RANKED.items():
        axes.scatter([], [], color=colour, label=scorer)
    axes.axvline(0.5, color="grey", lw=0.8, ls="--")
    axes.set_yticks(range(len(ranked)), [result.name for result in ranked], fontsize=7)
    axes.set(xlabel="AUC against the truth")
    axes.legend(fontsize=8, loc="center left")
    return _save(axes, path, "Ranking per world, later half-year")


def _our_auc(result: WorldResult) -> float:
    return result.by(OURS).ranking.auc


def _save(axes: Axes, path: Path, title: str) -> Path:
    axes.set_title(f"{title} · SIMULATED", fontsize=9)
    axes.grid(alpha=0.3)
    figure = axes.get_figure(root=True)
    assert figure is not None
    figure.savefig(path, dpi=120)
    plt.close(figure)
    return path
