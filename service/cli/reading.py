"""`prereview read`: what the reader sees on pictures, without any database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress
from rich.table import Table

from service import evidence as extraction
from service.cli import console
from service.cli.reading_profile import profile
from service.cli.reading_profile import table as table_of_profile
from service.domain.evidence import Failed, FailedReason, HintKind, Page, Read, ReadOutcome
from service.evidence.document import reading_document
from service.evidence.hint_rarity import one_honest_page_in
from service.vision import DecodeLimits, EngineName, OcrEngine, build_engine, read_image
from service.vision.archives import ArchiveRefused, is_archive, open_archive

# From this many files on, a person at a terminal wants to see how far it is.
PROGRESS_FROM = 4


def register(app: typer.Typer) -> None:
    app.command(
        "read",
        help="Read screenshots: page kind, fields, lines.\n\nExamples:\n\n"
        "    prereview read order.png bill.jpg\n\n"
        "    prereview read *.png --json | jq -r '.fields.amount.value'\n\n"
        "    prereview read evidence.zip            # each file in it\n\n"
        "    prereview read today.png --as-of 2026-11-20   # dates printed without their year\n\n"
        "    prereview read *.png --profile --repeat 5   # where the time goes\n\n"
        "Exit code 1 where at least one file could not be read.",
    )(read)


def read(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Images: PNG, JPEG, WebP, HEIC, still GIF; or zip archives of them."),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per image, one per line.")] = False,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the capture, for dates without a year.")
    ] = None,
    engine: Annotated[
        EngineName | None, typer.Option(help="onnx, or paddleocr in its own environment (make reference).")
    ] = None,
    profiled: Annotated[
        bool, typer.Option("--profile", help="CPU time a page by stage, and over the models' own; no fields.")
    ] = False,
    repeat: Annotated[int, typer.Option(min=1, max=1000, help="With --profile: passes that count.")] = 3,
) -> None:
    settings = console.settings()
    reader = build_engine(engine or settings.reader_engine)
    day = as_of.date() if as_of else None
    if profiled:
        _profile(files, reader, day, repeat, as_json)
        return
    failed = False
    for path, outcome, page, total in _progressing(_readings(files, reader, day), len(files)):
        failed = failed or isinstance(outcome, Failed)
        document = reading_document(outcome, page)
        document["ms"]["total"] = total
        if as_json:
            console.print_json({"file": str(path), **document})
        else:
            console.out.print(_table(path, document))
    if failed:
        raise typer.Exit(1)


def _profile(files: list[Path], engine: OcrEngine, day: date | None, repeat: int, as_json: bool) -> None:
    limits = DecodeLimits()
    pictures = [content for path in files for _, content in _pictures(path, limits)]
    contents = [content for content in pictures if not isinstance(content, Failed)]
    figures = profile(contents, engine, limits, day, repeat)
    figures["failed"] += len(pictures) - len(contents)
    if as_json:
        console.print_json(figures)
    else:
        console.out.print(table_of_profile(figures))
    if figures["failed"]:
        raise typer.Exit(1)


Reading = tuple[Path, ReadOutcome, Page | None, float]


def _readings(files: list[Path], engine: OcrEngine, day: date | None) -> Iterator[Reading]:
    limits = DecodeLimits()
    for path in files:
        for name, content in _pictures(path, limits):
            start = time.perf_counter()
            outcome = content if isinstance(content, Failed) else read_image(content, engine, limits)
            page = None
            if isinstance(outcome, Read):
                outcome, page = extraction.interpret(outcome, as_of=day)
                if isinstance(outcome, Read):
                    outcome = extraction.with_clock_hints(outcome, page, day)
            yield name, outcome, page, round((time.perf_counter() - start) * 1e3, 2)


def _pictures(path: Path, limits: DecodeLimits) -> Iterator[tuple[Path, bytes | Failed]]:
    """The file's content, or that of each file in the archive it is."""
    content = _content(path, limits)
    if isinstance(content, Failed) or not is_archive(content):
        yield path, content
        return
    try:
        members = open_archive(content)
    except ArchiveRefused as refused:
        yield path, Failed(reason=FailedReason.ARCHIVE_REFUSED, detail=refused.detail)
        return
    for member in members:
        yield path / member.name, member.data


def _content(path: Path, limits: DecodeLimits) -> bytes | Failed:
    try:
        if path.stat().st_size > limits.max_bytes:
            return Failed(reason=FailedReason.TOO_LARGE, detail=f"more than {limits.max_bytes} bytes")
        return path.read_bytes()
    except FileNotFoundError:
        return Failed(reason=FailedReason.MISSING_FILE, detail="there is no such file")
    except OSError as error:
        return Failed(reason=FailedReason.MISSING_FILE, detail=error.strerror or "the file cannot be opened")


def _progressing(readings: Iterator[Reading], total: int) -> Iterator[Reading]:
    if total < PROGRESS_FROM or not console.errors.is_terminal:
        yield from readings
        return
    with Progress(console=console.errors, transient=True) as progress:
        task = progress.add_task("Reading", total=total)
        for reading in readings:
            progress.advance(task)
            yield reading


def _table(path: Path, document: dict[str, Any]) -> Table:
    state = document["status"] if document["status"] != "failed" else f"failed: {document['reason']}"
    table = Table(
        title=console.shown(f"{path} · {document['page']} · {state} · {document['ms']['total']:.0f} ms"),
        title_justify="left",
    )
    table.add_column("field")
    table.add_column("value", overflow="fold")
    table.add_column("as read", overflow="fold")
    table.add_column("score", justify="right")
    for name, field in document["fields"].items():
        noted = f"{field['text']} ({field['note']})" if field.get("note") else field["text"]
        table.add_row(name, console.shown(field["value"]), console.shown(noted), f"{field['score']:.2f}")
    for name, value, read_as in _others(document):
        table.add_row(name, console.shown(value), console.shown(read_as), "")
    if document["status"] == "failed":
        table.add_row("", console.shown(document.get("detail", "")), "", "")
    elif not table.rows:
        table.add_row("", f"no field found among {len(document['lines'])} lines", "", "")
    return table


def _others(document: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(name, value, as read) of what is no field: a list's orders, messages, an identity card, gaps, hints."""
    for number, row in enumerate(document.get("rows", []), 1):
        yield f"order {number}", "  ".join(str(field["value"]) for field in row["fields"].values()), ""
    for message in document.get("messages", []):
        said = " ".join(part for part in (message["speaker"], message["name"], message["said_at"]) if part)
        yield said, message["text"], "promises a refund" if message["promises_refund"] else ""
    for name, value in document.get("identity", {}).items():
        if value is not None and not name.endswith("_digest"):
            yield f"identity {name}", str(value), ""
    for gap in document.get("gaps", []):
        yield "gap", " ".join(gap[part] for part in ("field", "kind", "edge") if gap[part]), ""
    for hint in document.get("hints", []):
        pages = one_honest_page_in(HintKind(hint["kind"]), hint["strength"])
        rarity = f" (so on 1 of {pages} honest pages too)" if pages else ""
        yield "hint", f"{hint['kind']} {hint['strength']:.2f}", hint["note"] + rarity
