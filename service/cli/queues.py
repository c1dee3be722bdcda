"""`prereview queues`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from service import wiring
from service.api.schemas.queues import QueuesOut
from service.cli import console
from service.cli.platform_option import PlatformOption, require_platform
from service.domain.queues import Lane


def register(app: typer.Typer) -> None:
    app.command("queues")(queues)


def queues(
    platform: PlatformOption,
    lane: Annotated[Lane | None, typer.Option(help="Only the cases of this lane.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="Cases shown.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON for machines.")] = False,
) -> None:
    """Show what waits for a reviewer, lane by lane, and the cases to take next.

    Example:

        prereview queues --platform my-shop --lane near_breach
    """

    async def work() -> QueuesOut:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            await require_platform(deployment, platform)
            queues = deployment.use_cases.queues
            lanes = await queues.lengths(platform)
            return QueuesOut.of(lanes, await queues.waiting(platform, lane=lane, limit=limit))

    found = console.run(work())
    if as_json:
        console.print_json(found.model_dump(mode="json"))
        return
    table = Table("lane", "cases", "oldest", "first due", "chased")
    for row in found.lanes:
        due = "" if row.due_at is None else f"{row.due_at:%Y-%m-%d %H:%M}"
        table.add_row(row.lane.value, str(row.cases), f"{row.oldest:%Y-%m-%d %H:%M}", due, str(row.chased))
    console.out.print(table)
    table = Table(console.whole("next"), "lane", "state", "reason", "claimed, minor units", "due", "chased")
    for case in found.next:
        due = "" if case.due_at is None else f"{case.due_at:%Y-%m-%d %H:%M}"
        money, chased = f"{case.amount:,} {case.currency}", "yes" if case.chased_at else ""
        table.add_row(case.number, case.lane.value, case.state.value, case.reason.value, money, due, chased)
    console.out.print(table)
