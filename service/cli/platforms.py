"""`prereview platforms add | stop | resume | mode | budgets | sightings | list | identity-key`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.operator import operator, person
from service.domain.assessment import PlatformMode
from service.domain.codec import to_data
from service.domain.errors import Conflict, NotFound
from service.policy import load_policy
from service.review.switching import APPROVING

app = typer.Typer(no_args_is_help=True, help="Platforms and their modes.")

PlatformId = Annotated[str, typer.Argument(help="The platform's id.")]
Reason = Annotated[str, typer.Option("--reason", help="Why; kept in the audit record.")]
ApprovedBy = Annotated[str | None, typer.Option("--approved-by", help="The second person, for a mode that approves.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


@app.command("add")
def add(
    policy: Annotated[Path, typer.Option(help="The platform's policy (YAML).", exists=True, dir_okay=False)],
    mode: Annotated[
        PlatformMode, typer.Option(help="Where every real platform starts: observing.")
    ] = PlatformMode.OBSERVING,
    approved_by: ApprovedBy = None,
) -> None:
    """Set up a platform with its first policy, signed off by the operator alone.

    A later version is proposed by one person and signed off by another: see `prereview policy`. Only a demo's is
    replaced by this command.

    Example:

        prereview platforms add --policy my-shop.yaml
    """
    text = policy.read_text(encoding="utf-8")
    parsed = load_policy(text)

    async def work() -> bool:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            known = await deployment.store.platform(parsed.platform) is not None
            if mode in APPROVING and not known and approved_by is None:
                raise Conflict(f"A platform starts {mode.value} by one person and --approved-by another.")
            await wiring.set_up_platform(deployment, text, PlatformMode.OBSERVING, operator())
            if not known and mode is not PlatformMode.OBSERVING:
                who = person(approved_by) if approved_by is not None else None
                await deployment.use_cases.switching.set_mode(parsed.platform, mode, "set up", operator(), who)
            return not known

    if console.run(work()):
        console.errors.print(f"Platform {parsed.platform} is set up, mode {mode.value}.")
    else:
        console.errors.print(f"Platform {parsed.platform} has this policy now; its mode stays as it was.")


@app.command("stop")
def stop(platform: PlatformId, reason: Reason) -> None:
    """Approve nothing from now on, on every process, within a second. One person is enough.

    Example:

        prereview platforms stop my-shop --reason "forged top-up pages since 14:00"
    """

    async def work() -> bool:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.use_cases.switching.stop(platform, reason, operator())

    if console.run(work()):
        console.errors.print(f"Platform {platform} is stopped: every claim goes to a person.")
    else:
        console.errors.print(f"Platform {platform} was stopped already.")


@app.command("resume")
def resume(
    platform: PlatformId,
    reason: Reason,
    approved_by: Annotated[str, typer.Option("--approved-by", help="The second person.")],
) -> None:
    """Let a stopped platform go on in the mode it had. One person resumes, another approves.

    Example:

        prereview platforms resume my-shop --reason "pages are checked by hand now" --approved-by wang
    """

    async def work() -> PlatformMode:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            switching = deployment.use_cases.switching
            return await switching.resume(platform, reason, operator(), person(approved_by))

    console.errors.print(f"Platform {platform} is {console.run(work()).value} again.")


@app.command("mode")
def set_mode(
    platform: PlatformId,
    mode: Annotated[PlatformMode, typer.Argument(help="observing, live, stopped or demo.")],
    reason: Reason = "changed at the command line",
    approved_by: ApprovedBy = None,
) -> None:
    """Change a platform's mode. To live or demo, in which claims are approved, it takes a second person.

    Examples:

        prereview platforms mode my-shop live --reason "two weeks observed" --approved-by wang

        prereview platforms mode my-shop observing
    """

    async def work() -> None:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            who = person(approved_by) if approved_by is not None else None
            await deployment.use_cases.switching.set_mode(platform, mode, reason, operator(), who)

    console.run(work())
    console.errors.print(f"Platform {platform} is now {mode.value}.")


@app.command("budgets")
def budgets(platform: PlatformId, as_json: AsJson = False) -> None:
    """Show how much of each budget is taken, and by whom most. What counts is what lies within the sliding window.

    Example:

        prereview platforms budgets my-shop
    """

    async def work() -> list[dict[str, Any]]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return [to_data(fill) for fill in await deployment.use_cases.budgeting.fills(platform)]

    rows = console.run(work())
    if as_json:
        console.print_json(rows)
        return
    table = Table("budget", "hours", "taken by", "money, minor units", "of", "approvals", "of", "full")
    for row in rows:
        numbers = (row[name] for name in ("amount_minor", "limit_amount", "count", "limit_count"))
        shown = ("–" if number is None else f"{number:,}" for number in numbers)
        table.add_row(
            row["budget"], str(row["window_hours"]), console.shown(row["entity"] or "–"), *shown, f"{row['full']:.0%}"
        )
    console.out.print(table)


@app.command("identity-key")
def identity_key(platform: PlatformId) -> None:
    """Show the key a platform makes its identity digests with, as hex. Keep it secret.

    A claim's `account.identity_digest` is HMAC-SHA-256 under this key over the registered identity number (18
    characters, X in capitals, no blanks), as hex.

    Example:

        prereview platforms identity-key my-shop
    """

    async def work() -> bool:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.store.platform(platform) is not None

    if not console.run(work()):
        raise NotFound(f"There is no platform {platform!r}. Add it with: prereview platforms add")
    typer.echo(wiring.identity_key(console.settings())(platform).hex())


@app.command("sightings")
def sightings(
    platform: PlatformId,
    reason: Reason,
    share: Annotated[bool, typer.Option("--share/--keep", help="Take part, or no longer.")],
) -> None:
    """Tell other platforms that take part whether a file was seen here too, and be told the same.

    They learn yes or no, nothing else: not which platform, order, account or when. It decides nothing; reviewers see
    it as `internal.seen_elsewhere` of a case.

    Example:

        prereview platforms sightings my-shop --share --reason "agreed with the alliance"
    """

    async def work() -> bool:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.use_cases.sightings.share(platform, share, reason, operator())

    changed = console.run(work())
    stands = "shares sightings" if share else "keeps its sightings to itself"
    console.errors.print(f"Platform {platform} {stands}." if changed else f"Nothing changed: {platform} {stands}.")


@app.command("list")
def list_platforms(as_json: AsJson = False) -> None:
    """List platforms with their mode.

    Example:

        prereview platforms list
    """

    async def work() -> list[dict[str, str]]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return [
                {"id": item.id, "mode": item.mode.value, "zone": item.zone, "currency": item.currency}
                | ({"stopped": f"{item.stopped.at:%Y-%m-%d %H:%M}Z: {item.stopped.reason}"} if item.stopped else {})
                for item in await deployment.store.platforms()
            ]

    rows = console.run(work())
    if as_json:
        console.print_json(rows)
        return
    table = Table("id", "mode", "zone", "currency", "stopped")
    for row in rows:
        table.add_row(*(console.shown(row.get(name, "")) for name in ("id", "mode", "zone", "currency", "stopped")))
    console.out.print(table)
