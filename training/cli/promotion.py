"""Commands that move a model towards money."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from training.cli.options import Machine, Tracking
from training.cli.printing import clear_errors, show

app = typer.Typer()


@app.command(epilog="Examples:  prereview-train promote  ·  prereview-train promote --run RUN_ID --models models/risk")
def promote(
    run_id: Annotated[
        str | None, typer.Option("--run", help="Run to promote.", show_default="the challenger's")
    ] = None,
    models: Annotated[Path, typer.Option(help="Folder of the served bundles.")] = Path("models/risk"),
    mlruns: Tracking = Path("mlruns"),
    json_output: Machine = False,
) -> None:
    """Check a run's bundle (features, parity over at least 10,000 rows, that it loads) and make it the champion."""
    from training.promote import promote as promote_bundle
    from training.registry import Registry

    with clear_errors(), tempfile.TemporaryDirectory(prefix="prereview-promote-") as scratch:
        registry = Registry(mlruns)
        chosen = run_id or registry.latest()
        promoted = promote_bundle(registry.fetch(chosen, Path(scratch)), models)
        number = registry.crown(chosen)
    facts = {
        "run_id": chosen,
        "version": promoted.version,
        "folder": str(promoted.folder),
        "bytes": promoted.size,
        "parity": {"rows": promoted.rows, "worst_log_odds": promoted.worst},
        "certificate": promoted.certificate,
        "previous": promoted.previous,
        "model_version": number,
    }
    show(facts, json_output, title="Promoted")
