"""`prereview doctor`: check everything a deployment needs and say how to mend it."""

from __future__ import annotations

import platform as machine
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from service import wiring
from service.cli import console
from service.demo.scenarios import HERE
from service.domain.errors import PrereviewError
from service.features import FEATURE_HASH
from service.review.requests import PartState
from service.scoring import Champion
from service.settings import Settings
from service.store import current_revision, head_revision
from service.vision import build_engine, read_image, verify_weights

# Less than this and PostgreSQL or the evidence folder will stop soon.
FREE_GIB = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """``mend`` says what to do; empty where all is well."""

    part: str
    state: PartState
    detail: str
    mend: str = ""


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False) -> None:
    """Check Python, disk, OCR weights, a real reading, the database, the schema and the risk model.

    Exit code 0: nothing is down (something may be degraded, and says so); 1 otherwise.

    Examples:

        prereview doctor

        PREREVIEW_DATABASE_URL=postgresql://prereview@db/prereview prereview doctor --json
    """
    settings = console.settings()
    findings = [*_checked(settings)]
    if as_json:
        console.print_json([_row(finding) for finding in findings])
    else:
        table = Table("part", "state", "what was found", "what to do")
        styles = {PartState.OK: "green", PartState.DEGRADED: "yellow", PartState.DOWN: "red"}
        for finding in findings:
            state = Text(finding.state.value, style=styles[finding.state])
            table.add_row(finding.part, state, Text(finding.detail), Text(finding.mend))
        console.out.print(table)
    if any(finding.state is PartState.DOWN for finding in findings):
        raise typer.Exit(1)


def _row(finding: Finding) -> dict[str, str]:
    return {"part": finding.part, "state": finding.state.value, "detail": finding.detail, "mend": finding.mend}


def _checked(settings: Settings) -> Iterator[Finding]:
    for check in (_python, _disk, _weights, _reading, _database, _model):
        yield _safely(check, settings)


def _safely(check: Callable[[Settings], Finding], settings: Settings) -> Finding:
    part = check.__name__.strip("_")
    try:
        return check(settings)
    except PrereviewError as error:
        return Finding(part, PartState.DOWN, error.title, error.detail)
    except Exception as error:
        return Finding(part, PartState.DOWN, repr(error), "see the detail; run again with PREREVIEW_LOG_LEVEL=DEBUG")


def _python(_: Settings) -> Finding:
    return Finding("python", PartState.OK, f"{sys.version.split()[0]} on {machine.machine()} {machine.system()}")


def _disk(settings: Settings) -> Finding:
    settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    free = shutil.disk_usage(settings.home).free / 2**30
    if free < FREE_GIB:
        return Finding(
            "disk", PartState.DEGRADED, f"{free:.1f} GiB free at {settings.home}", "make room or move PREREVIEW_HOME"
        )
    return Finding("disk", PartState.OK, f"{free:.0f} GiB free at {settings.home}")


def _weights(_: Settings) -> Finding:
    verify_weights()
    return Finding("weights", PartState.OK, "the OCR weights are those of models/ocr/manifest.toml")


def _reading(settings: Settings) -> Finding:
    page = HERE / "pages" / "topup_order.png"
    outcome = read_image(page.read_bytes(), build_engine(settings.reader_engine))
    if outcome.status != "read":
        return Finding("reading", PartState.DOWN, f"a known page ended {outcome.status}", "reinstall the requirements")
    return Finding("reading", PartState.OK, f"{len(outcome.lines)} lines on a known page with {settings.reader_engine}")


def _database(settings: Settings) -> Finding:
    url, embedded = wiring.database_url(settings, checked=False)
    try:
        found, wanted = current_revision(url), head_revision()
    finally:
        if embedded is not None:
            embedded.release()
    where = "the given database" if settings.database_url else f"embedded in {settings.home / 'db'}"
    if found != wanted:
        detail = f"{where}; its tables are at revision {found}, this code needs {wanted}"
        return Finding("database", PartState.DOWN, detail, "run: prereview migrate")
    return Finding("database", PartState.OK, f"{where}; its tables are up to date")


def _model(settings: Settings) -> Finding:
    champion = Champion(settings.models / "risk", feature_hash=FEATURE_HASH)
    bundle = champion.current()
    if bundle is None:
        return Finding(
            "model",
            PartState.DEGRADED,
            champion.problem or "no bundle",
            "nothing is approved until one is promoted: prereview-train run, then promote",
        )
    certificate = bundle.certificate
    if certificate is None:
        return Finding("model", PartState.OK, f"{bundle.version}; no certified threshold, so risk approves nothing")
    return Finding(
        "model",
        PartState.OK,
        f"{bundle.version}; certificate {certificate.id} ({certificate.origin.value}), "
        f"until {certificate.expires_at:%Y-%m-%d}",
    )
