"""Commands that make data: a world, the demo platform's past."""

from __future__ import annotations

import resource
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from training.cli.options import Machine, Orders, ParameterFile, RecipeFile, Seed, World
from training.cli.printing import clear_errors, show, since
from training.cli.world import plan_of, simulate_into, world_folder
from training.observed import Observed
from training.simulator.parameters import load_parameters

app = typer.Typer()
_KIB = 1024


class Mode(StrEnum):
    OBSERVING = "observing"
    LIVE = "live"


@app.command(
    epilog="Examples:  prereview-train simulate  ·  prereview-train simulate --orders 20000 --seed 7 --world FOLDER "
    "--report out/report  ·  prereview-train simulate --orders 60000 --mode live"
)
def simulate(
    world: World = None,
    orders: Orders = None,
    seed: Seed = None,
    recipe: RecipeFile = None,
    parameters: ParameterFile = None,
    mode: Annotated[
        Mode | None,
        typer.Option(
            help="observing: people decide everything. live: a published rule approves, and only what people or the "
            "audit saw gets a label.",
            show_default="the parameters'",
        ),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for plots of the world's distributions.")] = None,
    json_output: Machine = False,
) -> None:
    """Simulate a year of the demo platform: events, claims, labels, and the truth in a folder of its own."""
    with clear_errors():
        plan, values = plan_of(recipe, parameters, orders, seed)
        if mode is not None:
            values = values.with_values({"operation.mode": mode.value})
        folder = world or _folder(world_folder(plan), mode)
        started = time.perf_counter()
        simulate_into(folder, plan, values, progress=not json_output)
        facts = {**Observed(folder).facts, "folder": str(folder), "seconds": since(started), "peak_mib": _peak_mib()}
        if report is not None:
            from training.simulator.report import write_report

            facts["report"] = str(write_report(folder, report, values, progress=not json_output)[-1])
    show(facts, json_output, title="Simulated")


def _folder(usual: Path, mode: Mode | None) -> Path:
    """A live world does not take the place of the one that training reads."""
    return usual.with_name(f"{usual.name}-live") if mode is Mode.LIVE else usual


def _peak_mib() -> int:
    """The most memory this process ever held, in MiB (ru_maxrss is in KiB on Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _KIB


@app.command("demo-history", epilog="Example:  prereview-train demo-history")
def demo_history(
    path: Annotated[Path, typer.Option(help="File to write.")] = Path("service/demo/history.ndjson.gz"),
    json_output: Machine = False,
) -> None:
    """Write the past of the demo platform that make demo loads. SIMULATED."""
    from training.demo_history import write_demo_history

    with clear_errors():
        events, size = write_demo_history(path, load_parameters())
    show({"data": "SIMULATED", "file": str(path), "events": events, "bytes": size}, json_output, title="Demo history")
