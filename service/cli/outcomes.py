"""`prereview anomalies | ledger`: what does not add up, and who owes what for refunds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from service import wiring
from service.api.ledger_table import ledger_table
from service.api.schemas.outcomes import AnomalyOut, FailureRateOut, LedgerEntryOut, LedgerOut
from service.cli import console
from service.cli.platform_option import PlatformOption, moment, require_platform
from service.domain.errors import BadRequest, ConfigurationError
from service.domain.outcomes import AnomalyKind

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
_AT_MOST = 10_000


def register(app: typer.Typer) -> None:
    app.command("anomalies")(anomalies)
    app.command("ledger")(ledger)


def anomalies(
    platform: PlatformOption,
    kind: Annotated[list[AnomalyKind] | None, typer.Option(help="May be given several times.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List duplicate payments and payments that do not fit what was granted, newest first.

    Example:

        prereview anomalies --platform my-shop --kind duplicate_payment
    """

    async def work() -> list[AnomalyOut]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            await require_platform(deployment, platform)
            found = await deployment.use_cases.outcomes.anomalies(platform, kinds=tuple(kind or ()), limit=limit)
            return [AnomalyOut.of(each) for each in found]

    rows = console.run(work())
    if as_json:
        console.print_json([row.model_dump(mode="json") for row in rows])
        return
    table = Table("found", "what", "order", console.whole("case"), "amount, minor units", "more")
    for row in rows:
        more = ", ".join(f"{name} {value}" for name, value in row.data.items())
        table.add_row(
            f"{row.found_at:%Y-%m-%d %H:%M}", row.kind.value, console.shown(row.order_number or ""),
            str(row.case_id or ""), _money(row.amount, row.currency), console.shown(more),
        )  # fmt: skip
    console.out.print(table)


def ledger(
    platform: PlatformOption,
    since: Annotated[str, typer.Option(help="Granted at or after: ISO 8601 with zone.")],
    until: Annotated[str, typer.Option(help="Granted before: ISO 8601 with zone.")],
    seller: Annotated[str | None, typer.Option(help="Only this seller's goods.")] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="FILE", help="Write every grant to a file for spreadsheets.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show who is liable for what was granted, and whose goods fail how often.

    Examples:

        prereview ledger --platform my-shop --since 2026-11-01T00:00:00+08:00 --until 2026-12-01T00:00:00+08:00

        prereview ledger --platform my-shop --since 2026-11-01T00:00:00+08:00 --until 2026-12-01T00:00:00+08:00
        --seller seller-88 --csv november.csv
    """
    start, end = moment(since, "--since"), moment(until, "--until")
    if end <= start:
        raise BadRequest("--until must lie after --since.")
    if csv is not None:
        if as_json:
            raise typer.BadParameter("give --csv or --json")
        console.run(_write(platform, start, end, seller, csv))
        console.errors.print(f"Written: {csv}", markup=False)
        return
    found = console.run(_ledger(platform, start, end, seller))
    if as_json:
        console.print_json(found.model_dump(mode="json"))
        return
    _print(found)


async def _ledger(platform: str, since: datetime, until: datetime, seller: str | None) -> LedgerOut:
    async with wiring.deployed(console.settings(), reading=False) as deployment:
        await require_platform(deployment, platform)
        outcomes = deployment.use_cases.outcomes
        entries: list[LedgerEntryOut] = []
        async for entry in outcomes.ledger(platform, since, until, seller_id=seller):
            if len(entries) == _AT_MOST:
                raise BadRequest("More than 10,000 grants lie between: take a shorter time, or --csv FILE.")
            entries.append(LedgerEntryOut.of(entry))
        rates = await outcomes.failure_rates(platform, since, until)
    shown = [FailureRateOut.of(each) for each in rates if seller is None or each.seller_id == seller]
    return LedgerOut(entries=entries, failure_rates=shown)


async def _write(platform: str, since: datetime, until: datetime, seller: str | None, path: Path) -> None:
    """Beside the file first: half a ledger must not be taken for a whole one."""
    half = path.with_name(f".{path.name}.part")
    async with wiring.deployed(console.settings(), reading=False) as deployment:
        await require_platform(deployment, platform)
        entries = deployment.use_cases.outcomes.ledger(platform, since, until, seller_id=seller)
        try:
            # With a mark: without one spreadsheets do not take it for UTF-8.
            with half.open("w", encoding="utf-8-sig", newline="") as file:
                async for piece in ledger_table(entries):
                    file.write(piece)
            half.replace(path)
        except OSError as error:
            raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from None
        finally:
            half.unlink(missing_ok=True)


def _print(found: LedgerOut) -> None:
    table = Table(
        "granted at",
        console.whole("case"),
        "order",
        "seller",
        "product",
        "granted",
        "paid",
        "owed by",
        "owed",
        "ended as",
    )
    for entry in found.entries:
        ids = (entry.case_number, entry.order_number, entry.seller_id, entry.product_id)
        table.add_row(
            f"{entry.granted_at:%Y-%m-%d %H:%M}", *map(console.shown, ids), _money(entry.granted, entry.currency),
            _money(entry.paid, entry.currency), entry.recover_from or "", _money(entry.recover, entry.currency),
            entry.ended_as or "",
        )  # fmt: skip
    console.out.print(table)
    table = Table("seller", "product", "orders", "granted", "sum, minor units", "rate")
    for each in found.failure_rates:
        rate = "–" if each.rate is None else f"{each.rate:.1%}"
        names = (console.shown(each.seller_id), console.shown(each.product_id or "all"))
        table.add_row(*names, f"{each.orders:,}", f"{each.granted:,}", _money(each.amount, each.currency), rate)
    console.out.print(table)


def _money(minor: int | None, currency: str | None) -> str:
    return "" if minor is None else f"{minor:,} {currency}"
