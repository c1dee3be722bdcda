"""`prereview read --profile`: where a page's CPU time goes, and how much of it is the models' own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from rich.progress import track
from rich.table import Table

from service import evidence as extraction
from service.cli import console
from service.domain.evidence import Failed, Read
from service.vision import DecodeLimits, OcrEngine, read_image
from service.vision.stages import Stages

AIM = 1.5
"""Total CPU over the models' own, at most."""
# Beside the rest: the sums, and what is measured around them.
_SUMS = ("total",)


def profile(
    contents: Sequence[bytes], engine: OcrEngine, limits: DecodeLimits, day: date | None, repeat: int
) -> dict[str, Any]:
    """Milliseconds a page and stage, means over ``repeat`` passes after one that is not counted (it warms up).

    pages, failed, repeat; stages {name: {cpu_ms, wall_ms, share of the total CPU}}; total_cpu_ms and total_wall_ms,
    extraction included; networks_cpu_ms; ratio of the two CPU figures, None where no model ran.
    """
    stages, failed = Stages(), 0
    for number in track(
        range(repeat + 1), "Reading", console=console.errors, transient=True, disable=not console.errors.is_terminal
    ):
        counted = stages if number else Stages()
        failed = sum(not _read(content, engine, limits, day, counted) for content in contents)
    readings = max(1, len(contents) * repeat)
    total = stages.cpu.get("total", 0.0) + stages.cpu.get("extract", 0.0)
    return {
        "pages": len(contents),
        "failed": failed,
        "repeat": repeat,
        "stages": {
            name: {
                "cpu_ms": round(stages.cpu[name] / readings, 3),
                "wall_ms": round(stages.wall[name] / readings, 3),
                "share": round(stages.cpu[name] / total, 4) if total else 0.0,
            }
            for name in sorted(stages.wall, key=_place(list(stages.wall)))
            if name not in _SUMS
        },
        "total_cpu_ms": round(total / readings, 3),
        "total_wall_ms": round(sum(stages.wall.get(name, 0.0) for name in (*_SUMS, "extract")) / readings, 3),
        "networks_cpu_ms": round(stages.networks / readings, 3),
        "ratio": round(total / stages.networks, 3) if stages.networks else None,
    }


def _read(content: bytes, engine: OcrEngine, limits: DecodeLimits, day: date | None, stages: Stages) -> bool:
    outcome = read_image(content, engine, limits, stages)
    if isinstance(outcome, Read):
        with stages("extract"):
            extraction.extract(outcome, as_of=day)
    return not isinstance(outcome, Failed)


def _place(names: list[str]) -> Any:
    """Sorts as first met, the parts of a stage behind it."""
    wholes = [name for name in names if "." not in name]
    first = {name: index for index, name in enumerate(names)}
    return lambda name: (
        wholes.index(whole) if (whole := name.split(".")[0]) in wholes else -1,
        "." in name,
        first[name],
    )


def table(figures: dict[str, Any]) -> Table:
    """The same for people."""
    table = Table(title=f"{figures['pages']} pages, means of {figures['repeat']} passes", title_justify="left")
    table.add_column("stage")
    for heading in ("CPU ms/page", "share", "wall ms/page"):
        table.add_column(heading, justify="right")
    for name, stage in figures["stages"].items():
        shown, style = (f"  {name.split('.', 1)[1]}", "dim") if "." in name else (name, "")
        table.add_row(
            shown, f"{stage['cpu_ms']:.1f}", f"{stage['share']:.1%}", f"{stage['wall_ms']:.1f}", style=style or None
        )
    table.add_section()
    table.add_row("total", f"{figures['total_cpu_ms']:.1f}", "100.0%", f"{figures['total_wall_ms']:.1f}", style="bold")
    ratio = "" if figures["ratio"] is None else f"{figures['ratio']:.2f}"
    table.add_row("the models' own", f"{figures['networks_cpu_ms']:.1f}", "", "")
    table.add_row(f"total / the models' own (aim ≤ {AIM:g})", ratio, "", "", style="bold")
    if figures["failed"]:
        table.caption = f"{figures['failed']} of them could not be read"
    return table
