"""`prereview models list | rollback | shadow | compare`: which version of the risk model is in use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from service import wiring
from service.cli import console
from service.cli.operator import operator
from service.domain.clock import SystemClock
from service.domain.codec import to_data
from service.domain.errors import BundleRefused, NotFound
from service.domain.shadow import JudgedShadow
from service.scoring import Change, Versions
from service.scoring.shadow_comparison import Cell, compare_shadow

app = typer.Typer(no_args_is_help=True, help="Versions of the risk model: which is in use, and going back.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Why = Annotated[str, typer.Option(help="Kept in the record of promotions.")]
Folder = Annotated[
    Path | None, typer.Option("--models", help="Folder of the bundles.", show_default="risk/ in PREREVIEW_MODELS")
]


@app.command("list")
def list_versions(models: Folder = None, as_json: AsJson = False) -> None:
    """List the versions here, which one decides, which one is its shadow, and who made it so.

    Examples:

        prereview models list

        prereview models list --json
    """
    versions = _versions(models)
    rows = [_described(versions, name) for name in versions.present()]
    changes = versions.record()
    if as_json:
        console.print_json({"versions": rows, "record": [to_data(one) for one in changes]})
        return
    # A version is there to be copied: folded, never cut.
    folded = (Column(name, overflow="fold") for name in ("version", "role", "origin", "certificate", "usable"))
    table = Table(*folded)
    for row in rows:
        table.add_row(
            *(console.shown(row[name] or "") for name in ("version", "role", "origin", "certificate")),
            row["problem"] or "yes",
        )
    console.out.print(table)
    if changes:
        record = Table(
            "when", "what", "version", "before", "by", "approved by", "why", title="Record", title_justify="left"
        )
        for one in changes[-20:]:
            record.add_row(
                f"{one.at:%Y-%m-%d %H:%M}", one.action.value, one.version or "–", one.previous or "–",
                console.shown(one.by), console.shown(one.approved_by or "–"), console.shown(one.why),
            )  # fmt: skip
        console.out.print(record)


@app.command("rollback")
def rollback(
    to: Annotated[str | None, typer.Option(help="Version to go back to.", show_default="the champion before")] = None,
    why: Why = "",
    models: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Go back to the champion before this one. Running services take it up within seconds, no request is dropped.

    One person is enough to go back: what served before was approved by two. A second rollback goes one further back.

    Examples:

        prereview models rollback --why "approvals doubled overnight"

        prereview models rollback --to demo-20261120-1f40c4e0
    """
    change = _versions(models).rollback(by=operator().name, at=SystemClock().now(), why=why, to=to)
    _told(change, as_json, f"{change.version} is the champion again; {change.previous} is not any more.")


@app.command("shadow")
def shadow(
    version: Annotated[str | None, typer.Argument(help="Version that is to score beside the champion.")] = None,
    off: Annotated[bool, typer.Option("--off", help="No shadow any more.")] = False,
    why: Why = "",
    models: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Have a version score live claims beside the champion. It never decides; `prereview models compare` reports it.

    Examples:

        prereview models shadow demo-20261201-0a1b2c3d

        prereview models shadow --off
    """
    if (version is None) == (not off):
        raise typer.BadParameter("name a version, or say --off")
    change = _versions(models).set_shadow(version, by=operator().name, at=SystemClock().now(), why=why)
    _told(
        change, as_json, f"{version} scores beside the champion from now on." if version else "There is no shadow now."
    )


@app.command("compare")
def compare(
    platform: Annotated[str, typer.Option(help="The platform.")] = "demo",
    days: Annotated[float, typer.Option(min=0.01, help="How far back.")] = 30.0,
    version: Annotated[str | None, typer.Option(help="The shadow.", show_default="the newest with scores")] = None,
    as_json: AsJson = False,
) -> None:
    """Report where champion and shadow differ in money, by class and amount, with what labels say of it.

    Both are held against the same rule: mode, audit draw, breaker and budgets are left out.

    Examples:

        prereview models compare --platform demo

        prereview models compare --days 7 --json
    """

    async def work() -> tuple[JudgedShadow, ...]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            now = deployment.clock.now()
            return await deployment.store.learning.judged_shadows(platform, now - timedelta(days=days), now, version)

    rows = console.run(work())
    if not rows:
        raise NotFound(
            f"No shadow has scored a claim of {platform} in the last {days:g} days. "
            "Name one with: prereview models shadow VERSION"
        )
    newest = rows[-1].score.model
    report = compare_shadow([row for row in rows if row.score.model == newest])
    if as_json:
        console.print_json(to_data(report))
        return
    console.out.print(
        f"{report.model} beside {', '.join(report.champions)}: {report.claims:,} claims, risk differs by "
        f"{report.mean_absolute_difference:.4f} on average"
        + (f", rank agreement {report.rank_agreement:.3f}" if report.rank_agreement is not None else "")
        + (f"; {report.left_out:,} left out" if report.left_out else "")
    )
    for title, cells in (
        ("Would approve", report.cells),
        ("By class", report.by_class),
        ("By amount", report.by_amount),
    ):
        if cells:
            console.out.print(_cells(title, cells, report.currency))


def _cells(title: str, cells: Sequence[Cell], currency: str) -> Table:
    table = Table(
        "who approves", "group", "claims", currency, "judged", "wrong of it (95 %)", title=title, title_justify="left"
    )
    for cell in cells:
        wrong = cell.wrong
        said = f"{wrong.share:.1%} ({wrong.low:.1%} – {wrong.high:.1%})" if wrong else "too few judged"
        table.add_row(
            cell.kind, console.shown(cell.group), f"{cell.claims:,}", f"{cell.amount_minor / 100:,.2f}",
            f"{cell.labels:,}", said,
        )  # fmt: skip
    return table


def _versions(models: Path | None) -> Versions:
    return Versions(models if models is not None else console.settings().models / "risk")


def _described(versions: Versions, name: str) -> dict[str, Any]:
    roles = {versions.champion: "champion", versions.shadow: "shadow"}
    row: dict[str, Any] = {"version": name, "role": roles.get(name), "origin": None, "certificate": None}
    try:
        bundle = versions.usable(name)
    except BundleRefused as error:
        return {**row, "problem": error.detail}
    certificate = bundle.certificate
    return {
        **row,
        "origin": bundle.origin.value,
        "certificate": f"{certificate.id} until {certificate.expires_at:%Y-%m-%d}" if certificate else "none",
        "problem": None,
    }


def _told(change: Change, as_json: bool, sentence: str) -> None:
    if as_json:
        console.print_json(to_data(change))
    else:
        console.errors.print(sentence)
