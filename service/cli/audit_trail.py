"""`prereview audit verify | public-key`: is the audit trail what was written?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.domain.codec import to_data
from service.domain.errors import BadRequest
from service.review.trail import TrailReport


def register(app: typer.Typer) -> None:
    app.command("verify")(verify)
    app.command("public-key")(public_key)


def verify(
    platform: Annotated[str | None, typer.Option(help="One platform.", show_default="all")] = None,
    checkpoints: Annotated[
        str | None,
        typer.Option(
            help="File, folder or URL of the checkpoints kept outside the database.",
            show_default="where this deployment keeps them",
        ),
    ] = None,
    key: Annotated[
        list[Path] | None,
        typer.Option(
            "--public-key", help="Key to trust, in PEM; more than one after a change of keys.", show_default="own"
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
) -> None:
    """Find what was edited, deleted, inserted or reordered in the audit trail behind the service's back, and where.

    What was changed up to the last checkpoint kept outside cannot go unnoticed. Later entries must link up, but whoever
    can change the database could rewrite or cut them off without a trace until the next checkpoint; the report says how
    many they are. An auditor keeps checkpoints and public key where nobody of the deployment can write.

    Exit code 0: nothing was found; 1: something was.

    Examples:

        prereview audit verify

        prereview audit verify --platform my-shop --checkpoints /mnt/auditor/checkpoints --public-key auditor.pem --json
    """
    keys = [_bytes(path) for path in key or []]

    async def work() -> TrailReport:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.trail.verify(platform, outside=checkpoints, keys=keys)

    report = console.run(work())
    if as_json:
        console.print_json(to_data(report))
    else:
        _print(report)
    if not report.sound:
        raise typer.Exit(1)


def public_key() -> None:
    """Print the key that checkpoints are signed for, in PEM. Keep it away from the deployment.

    Example:

        prereview audit public-key > auditor.pem
    """

    async def work() -> str:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return deployment.trail.public_key()

    typer.echo(console.run(work()), nl=False)


def _print(report: TrailReport) -> None:
    table = Table("platform", "entries", "covered to", "covered at", "not covered", "unchained", "findings")
    for one in report.platforms:
        table.add_row(
            console.shown(one.platform),
            str(one.entries),
            str(one.covered_to),
            f"{one.covered_at:%Y-%m-%d %H:%M:%S}" if one.covered_at else "–",
            str(one.uncovered),
            _unchained(one.unchained, one.oldest_unchained_at),
            str(one.findings_in_all),
        )
    console.out.print(table)
    for finding in report.findings:
        console.out.print(console.shown(f"{finding.kind}: {finding.detail}"), soft_wrap=True)
    for one in report.platforms:
        for finding in one.findings:
            console.out.print(console.shown(f"{one.platform} {_where(finding)}: {finding.detail}"), soft_wrap=True)
        if one.findings_in_all > len(one.findings):
            console.out.print(f"{one.platform}: {one.findings_in_all - len(one.findings)} more findings are not listed")
        if one.uncovered:
            console.out.print(
                f"{one.platform}: entries {one.covered_to + 1} to {one.position} are not covered by a checkpoint: they "
                "link up as far as found above, but rewriting or removing them would leave no trace yet.",
                soft_wrap=True,
            )
    for note in report.notes:
        console.out.print(console.shown(note), soft_wrap=True)
    compared = report.outside or "the database's own checkpoints"
    word = "nothing was found" if report.sound else "SOMETHING WAS FOUND"
    console.out.print(console.shown(f"{word}; held against {compared}, key {', '.join(report.keys)}"), soft_wrap=True)


def _where(finding: Any) -> str:
    if finding.first is None:
        return str(finding.kind)
    place = f"{finding.first}" if finding.first == finding.last else f"{finding.first}–{finding.last}"
    entry = "" if finding.entry_id is None else f", entry {finding.entry_id} on {finding.subject or '?'}"
    return f"{finding.kind} at {place}{entry}"


def _unchained(count: int, oldest: Any) -> str:
    return "0" if not count else f"{count} since {oldest:%H:%M:%S}"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path} cannot be read: {error.strerror}") from None
