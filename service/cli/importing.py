"""`prereview import`: a platform's own past into the history."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.operator import operator
from service.domain.errors import BadRequest
from service.domain.money import Money
from service.importing.importer import Order, Outcome, RecordedBy, run_import
from service.importing.loading import load, ready_names, text_of
from service.importing.report import Report
from service.importing.sources import Source, opened

# What each reason means and what to do about it.
REASONS = {
    "unknown_status": "a status the mapping does not list; add it there with the events it makes",
    "not_a_time": "no time of the format the mapping names",
    "ambiguous_time": "an hour the zone has twice or never; export times with an offset",
    "time_out_of_range": "before 2000 or after 2199",
    "in_the_future": "it happens after the import's start; look at the zone",
    "recorded_in_the_future": "recorded after the import's start; look at the zone",
    "recorded_before_it_happened": "its two times contradict each other",
    "before_a_decided_case": "a case decided since would have seen it; use --recorded-by import",
    "no_time": "the time is empty",
    "no_id": "what the event's id is made of is empty",
    "reserved_id": "ids beginning with case: are the service's own",
    "not_an_amount": "no plain decimal number",
    "finer_than_the_currency": "more digits than the currency has; never rounded",
    "negative_amount": "a negative amount",
    "amount_too_large": "above ten million of a currency of two digits",
    "not_a_currency": "no ISO 4217 code",
    "too_long": "an id of more than 128 characters",
    "not_printable": "an id with control characters, NUL among them",
    "not_utf8": "bytes that are no text in the encoding named",
    "formula": "an id a spreadsheet would run as a formula",
    "shortened_by_a_spreadsheet": "an id a spreadsheet wrote as 1.2E+15: its digits are lost, export anew",
    "blanks_at_the_ends": "an id with blanks at its ends",
    "not_in_map": "a value the mapping's map does not list",
    "not_a_word": "an outcome is to be a word of small letters, digits and _",
    "not_a_text": "a value that is neither text nor a whole number",
    "wrong_number_of_cells": "not as many cells as the header has",
    "not_csv": "no CSV, or a cell above 128 KiB",
    "quote_never_closed": "a quote that is not closed within 2000 lines",
    "line_too_long": "a line above 1 MiB",
    "not_json": "no JSON",
    "not_an_object": "JSON, but no object",
}


def register(app: typer.Typer) -> None:
    app.command(
        "import",
        help="Bring a platform's own past into the history, so that features have one on the first day.\n\n"
        "Examples:\n\n"
        "    prereview import --list                                        # mappings that are ready\n\n"
        "    prereview import --mapping dujiaoka --show > my-shop.yaml      # one to start from\n\n"
        "    prereview import --platform my-shop --mapping my-shop.yaml --dry-run orders.csv\n\n"
        "    prereview import --platform my-shop --mapping my-shop.yaml orders=2026-q1.csv.gz refunds.ndjson\n\n"
        "    prereview import --platform my-shop --mapping dujiaoka env:SHOP_DATABASE_URL\n\n"
        "A SOURCE is a file (.csv .tsv .ndjson .jsonl, each also .gz, or .parquet) called like a source of the mapping "
        "or given as name=file, or a database: mysql+pymysql://…, postgresql+psycopg://…, sqlite:///…, or env:NAME of "
        "a variable that holds the address (a password on a command line is seen by others on the machine). Databases "
        "are only read from.\n\n"
        "Nothing is guessed: a row that does not fit is refused and counted. Stopped in the middle, the same command "
        "goes on where it stopped; run again, it writes nothing twice (by event id).\n\n"
        "`--recorded-by source` gives each event the moment the platform itself knew it, for a platform without cases; "
        "`--recorded-by import` makes the past known from now on, and leaves what was decided as it is.\n\n"
        "Exit code 1 where too many rows were refused (nothing more is written then) or nothing was usable.",
    )(import_history)


def import_history(
    sources: Annotated[list[str] | None, typer.Argument(metavar="SOURCE...", help="Files or a database.")] = None,
    platform: Annotated[str, typer.Option(help="The platform's id.")] = "",
    mapping: Annotated[str, typer.Option(metavar="MAP.yaml", help="A mapping's file, or a ready one's name.")] = "",
    recorded_by: Annotated[
        RecordedBy, typer.Option(help="Whose word it is when an event was recorded.")
    ] = RecordedBy.SOURCE,
    max_refused: Annotated[
        float, typer.Option(help="Share of rows that may be refused before it stops.", min=0, max=1)
    ] = 0.01,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report everything, write nothing.")] = False,
    anew: Annotated[bool, typer.Option("--anew", help="From the first row, even if an earlier run stopped.")] = False,
    list_ready: Annotated[bool, typer.Option("--list", help="List the mappings that are ready, and end.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Print the mapping, to start one's own from, and end.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
) -> None:
    if list_ready:
        _list_ready(as_json)
        return
    if not mapping:
        raise typer.BadParameter("say which mapping: --mapping MAP.yaml (prereview import --list shows ready ones)")
    if show:
        typer.echo(text_of(mapping), nl=False)
        return
    if not platform or not sources:
        raise typer.BadParameter("say --platform ID and at least one SOURCE; see prereview import --help")
    loaded = load(mapping)
    order = Order(
        platform_id=platform,
        loaded=loaded,
        recorded_by=recorded_by,
        dry_run=dry_run,
        max_refused=max_refused,
        anew=anew,
    )
    outcomes = console.run(_work(order, opened(loaded.mapping, sources), quiet=as_json))
    if as_json:
        console.print_json([_document(outcome, order) for outcome in outcomes])
    else:
        for outcome in outcomes:
            _print(outcome, order)
    _end(outcomes, order)


async def _work(order: Order, sources: list[Source], *, quiet: bool) -> list[Outcome]:
    async with wiring.deployed(console.settings(), reading=False) as deployment:
        with _bar(quiet) as bar:
            tasks: dict[str, TaskID] = {}

            def progress(source: Source, rows: int) -> None:
                if source.shown not in tasks:
                    tasks[source.shown] = bar.add_task(console.shown(source.shown).plain, total=source.size(), rows=0)
                bar.update(tasks[source.shown], completed=source.done(), rows=rows)

            return await run_import(deployment.store, deployment.clock, operator(), order, sources, progress)


def _bar(quiet: bool) -> Progress:
    return Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=console.errors,
        disable=quiet or not console.errors.is_terminal,
    )


def _list_ready(as_json: bool) -> None:
    found = [{"name": name, "description": load(name).mapping.description} for name in ready_names()]
    if as_json:
        console.print_json(found)
        return
    table = Table("mapping", "what it reads")
    for row in found:
        table.add_row(row["name"], row["description"])
    console.out.print(table)


def _document(outcome: Outcome, order: Order) -> dict[str, Any]:
    return {
        **outcome.report.document(),
        "complete": outcome.complete,
        "resumed_after_rows": outcome.resumed,
        "dry_run": order.dry_run,
        "recorded_by": order.recorded_by.value,
    }


def _print(outcome: Outcome, order: Order) -> None:
    report = outcome.report
    table = Table(
        title=f"{report.source}{' (dry run: nothing was written)' if order.dry_run else ''}", title_justify="left"
    )
    table.add_column("what")
    table.add_column("how much", justify="right")
    table.add_column("notes", overflow="fold")
    resumed = f"{outcome.resumed:,} by an earlier run" if outcome.resumed else ""
    table.add_row("rows read", f"{report.rows:,}", resumed)
    table.add_row("  that make no event", f"{report.rows_without_events:,}", _counts(report.statuses, "status "))
    for kind, count in sorted(report.events.items()):
        table.add_row(f"events: {kind}", f"{count:,}", _money(report, kind))
    table.add_row("  new", f"{report.new:,}", _span("occurred", report.occurred.first, report.occurred.last))
    table.add_row("  known before", f"{report.known:,}", _span("recorded", report.recorded.first, report.recorded.last))
    if report.contradicting:
        table.add_row(
            "  [red]with other contents[/]", f"{report.contradicting:,}", "they stay as they were recorded first"
        )
    table.add_row("rows refused", f"{report.rows_refused:,}", f"{report.refused_share:.2%}" if report.rows else "")
    for reason, found in sorted(report.refused.items(), key=lambda item: -item[1].rows):
        table.add_row(f"  {reason}", f"{found.rows:,}", console.shown(_explained(reason, found.examples)))
    console.out.print(table)


def _explained(reason: str, examples: list[Any]) -> str:
    lines = [REASONS.get(reason, reason)]
    for one in examples:
        where = f"line or key {one.place}"
        lines.append(" · ".join(part for part in (where, one.column, one.shown) if part))
    return "\n".join(lines)


def _counts(counts: dict[str, int], what: str) -> str:
    return ", ".join(
        f"{what}{console.shown(name).plain or '(empty)'}: {count:,}" for name, count in sorted(counts.items())
    )


def _money(report: Report, kind: str) -> str:
    parts = []
    for name, (count, total) in sorted(report.money.items()):
        of_kind, _, currency = name.rpartition(" ")
        if of_kind == kind:
            parts.append(f"{Money(total, currency)} in {count:,}")
    return ", ".join(parts)


def _span(what: str, first: Any, last: Any) -> str:
    return f"{what} {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC" if first is not None else ""


def _end(outcomes: list[Outcome], order: Order) -> None:
    for one in outcomes:
        if not one.complete or one.report.refused_share > order.max_refused:
            raise BadRequest(
                f"{one.report.source}: {one.report.refused_share:.1%} of the rows were refused, more than "
                f"{order.max_refused:.1%}. {'Nothing' if order.dry_run else 'Nothing more'} was written. Correct the "
                "export or the mapping, or allow it with --max-refused."
            )
    makes = any(order.loaded.mapping.sources[each.report.source].events for each in outcomes)
    if makes and not any(each.report.new + each.report.known for each in outcomes):
        raise BadRequest(
            "No row made an event: there is nothing to bring in. Look at the report's statuses and reasons."
        )
