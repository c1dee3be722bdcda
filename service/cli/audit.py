"""`prereview audit queue | judge | standing | reset`: the audit sample and the breaker it feeds.

The trail's commands (`verify`, `public-key`) are in ``audit_trail``.
"""

from __future__ import annotations

import uuid
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.cli import audit_trail, console
from service.cli.operator import operator, person
from service.domain.codec import to_data
from service.domain.errors import NotFound
from service.review.auditing import Standing

app = typer.Typer(
    no_args_is_help=True,
    help="The audit sample, and the breaker that stops approvals if it finds much; the audit trail of every change.",
)
audit_trail.register(app)

Platform = Annotated[str, typer.Argument(help="The platform's id.")]
Reviewer = Annotated[str | None, typer.Option("--reviewer", help="Who judges.", show_default="your login")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


@app.command("queue")
def queue(platform: Platform, reviewer: Reviewer = None, as_json: AsJson = False) -> None:
    """List drawn cases that still need judging, oldest first. No score is shown, nor anyone else's judgement.

    Example:

        prereview audit queue my-shop --reviewer lin
    """
    who = person(reviewer)

    async def work() -> list[dict[str, Any]]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return [to_data(case) for case in await deployment.auditing.open_cases(platform, who)]

    rows = console.run(work())
    if as_json:
        console.print_json(rows)
        return
    table = Table(console.whole("case"), "drawn", "judge by", "judgements so far")
    for row in rows:
        table.add_row(row["number"], row["drawn_at"][:16], row["due_at"][:16], str(row["judgements"]))
    console.out.print(table)


@app.command("judge")
def judge(
    case: Annotated[str, typer.Argument(help="The case's number or id.")],
    loss_share: Annotated[
        float,
        typer.Option("--loss-share", min=0.0, max=1.0, help="Part of the grant that was not due: 0 right, 1 wrong."),
    ],
    reviewer: Reviewer = None,
    senior: Annotated[bool, typer.Option("--senior", help="Settles what two reviewers differ on.")] = False,
    as_json: AsJson = False,
) -> None:
    """Judge one case of the audit sample. Two reviewers judge without seeing each other's word.

    Examples:

        prereview audit judge R261120-7K3M9Q2XWA --loss-share 0 --reviewer lin

        prereview audit judge R261120-7K3M9Q2XWA --loss-share 0.5 --reviewer wang --senior
    """
    who = person(reviewer)

    async def work() -> Standing:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            record = await deployment.store.find_case(case)
            if record is None:
                raise NotFound(f"There is no case {case!r}. Give its id or its number, e.g. R261120-7K3M9Q2XWA.")
            found: uuid.UUID = record.case.id
            return await deployment.auditing.judge(record.case.platform_id, found, loss_share, who, senior=senior)

    _show([console.run(work())], as_json)


@app.command("standing")
def standing(
    platform: Annotated[str | None, typer.Argument(help="One platform.", show_default="all")] = None,
    as_json: AsJson = False,
) -> None:
    """Show how each platform stands against its promise. Exit code 1 if a breaker is tripped.

    Example:

        prereview audit standing --json
    """

    async def work() -> list[Standing]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            names = [platform] if platform else [each.id for each in await deployment.store.platforms()]
            return [await deployment.auditing.standing(name) for name in names]

    rows = console.run(work())
    _show(rows, as_json)
    if any(row.tripped_at for row in rows):
        raise typer.Exit(1)


@app.command("reset")
def reset(
    platform: Platform,
    reason: Annotated[str, typer.Option(help="Why approvals may go on; kept in the audit record.")],
    approved_by: Annotated[str, typer.Option("--approved-by", help="The second person.")],
) -> None:
    """Let approvals go on after the breaker has tripped. One person resets, another approves.

    Example:

        prereview audit reset my-shop --reason "new certificate cert-…" --approved-by wang
    """

    async def work() -> None:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            await deployment.auditing.reset(platform, reason, operator(), person(approved_by))

    console.run(work())
    console.errors.print(f"The breaker of {platform} is closed again; what was found so far does not count twice.")


def _show(rows: list[Standing], as_json: bool) -> None:
    if as_json:
        console.print_json([to_data(row) for row in rows])
        return
    table = Table("platform", "breaker", "settled", "open", "too late", "wrong, of the money", "proven", "allowed")
    for row in rows:
        table.add_row(
            row.platform,
            f"TRIPPED {row.tripped_at:%Y-%m-%d %H:%M}" if row.tripped_at else "closed",
            str(row.settled),
            str(row.unsettled),
            str(row.late),
            *(
                "–" if share is None else f"{share:.2%}"
                for share in (row.mean_loss_share, row.share_at_least, row.alpha)
            ),
        )
    console.out.print(table)
    for row in rows:
        if row.reason:
            console.out.print(console.shown(f"{row.platform}: {row.reason}"))
