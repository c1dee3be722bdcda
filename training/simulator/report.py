"""The simulated world in pictures, so that a reader can judge whether it is a world worth learning from. SIMULATED."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.figure import Figure
from tqdm import tqdm

from training.observed import Observed
from training.simulator.parameters import Parameters
from training.simulator.report_data import WorldTables, load_tables
from training.simulator.report_panels import PAGES, Panel

MARK = "SIMULATED"
_COLUMNS = 2


def write_report(world: Path, folder: Path, parameters: Parameters | None, *, progress: bool = False) -> list[Path]:
    """A PNG for each of ``PAGES`` and an index.html that shows them, from the tables of the world in ``world``.

    ``parameters``: those the world was made with, for seasons and named outages; left out where they are not these.
    ConfigurationError if ``world`` is no world.
    """
    observed = Observed(world)
    own = parameters if parameters is not None and parameters.digest == observed.facts["parameters_digest"] else None
    tables = load_tables(world, observed.facts)
    folder.mkdir(parents=True, exist_ok=True)
    pictures = [
        _save(draw_page(name, panels, tables, own), folder / f"{name.replace(' ', '_')}.png")
        for name, panels in tqdm(PAGES.items(), desc="report", unit="page", disable=not progress)
    ]
    index = folder / "index.html"
    index.write_text(_html(tables, pictures), "utf-8")
    return [*pictures, index]


def draw_page(name: str, panels: tuple[Panel, ...], tables: WorldTables, parameters: Parameters | None) -> Figure:
    """The panels of one page, each marked as simulated."""
    rows = -(-len(panels) // _COLUMNS)
    figure, grid = plt.subplots(rows, _COLUMNS, figsize=(12, 3.4 * rows), layout="constrained", squeeze=False)
    facts = tables.facts
    figure.suptitle(f"{MARK} · {name} · {facts['orders']:,} orders, {facts['claims']:,} claims, seed {facts['seed']}")
    for axes, panel in zip(grid.flat, panels, strict=False):
        panel(tables, parameters, axes)
        axes.set_title(f"{axes.get_title()} · {MARK}", fontsize=9)
        if not axes.images:
            axes.grid(alpha=0.25)
    for axes in list(grid.flat)[len(panels) :]:
        axes.set_axis_off()
    return figure


def _save(figure: Figure, path: Path) -> Path:
    figure.savefig(path, dpi=100)
    plt.close(figure)
    return path


def _html(tables: WorldTables, pictures: list[Path]) -> str:
    rows = "".join(
        f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in _figures(tables).items()
    )
    shown = "".join(
        f'<h2>{escape(path.stem.replace("_", " "))}</h2><img src="{escape(path.name)}" alt="{escape(path.stem)}">'
        for path in pictures
    )
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{MARK} world</title>'
        "<style>body{font:15px sans-serif;margin:2em auto;max-width:75em}img{width:100%}"
        "th{text-align:left;padding-right:2em}</style>"
        f"<h1>{MARK} world</h1><p>Nothing here was measured on a real platform; parameters.yaml says where "
        f"each assumption comes from.</p><table>{rows}</table>{shown}</html>\n"
    )


def _figures(tables: WorldTables) -> dict[str, str]:
    facts, claims = tables.facts, tables.claims
    kept: dict[str, Any] = {name: facts[name] for name in ("parameters", "parameters_digest", "seed", "start", "end")}
    counted = {name: f"{facts[name]:,}" for name in ("orders", "claims", "events", "accounts")}
    known = claims["wrong"].notna()
    return {
        **{name.replace("_", " "): str(value) for name, value in kept.items()},
        **counted,
        "claims per order": f"{len(claims) / len(tables.orders):.2%}",
        "undue claims (truth)": f"{claims['undue'].mean():.1%} of claims, "
        f"{claims.loc[claims['undue'], 'amount'].sum() / claims['amount'].sum():.1%} of ¥",
        "median claim": f"¥{claims['amount'].median() / 100:.2f}",
        "labels that had arrived": f"{known.mean():.1%}, mistaken "
        f"{(claims.loc[known, 'wrong'] != claims.loc[known, 'undue']).mean():.1%}",
        "pages per claim": f"{len(tables.pages) / len(claims):.2f}",
    }
