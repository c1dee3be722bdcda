"""`prereview personal-data reveal | reveals | export | withdraw-consent | erase | sweep | rotate-keys`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.case_acting import find
from service.cli.operator import operator
from service.cli.platform_option import PlatformOption, moment
from service.domain.actors import Actor, ActorKind, readable_name
from service.domain.errors import BadRequest
from service.review.personal_data import Resealed, Revealable, Withdrawn
from service.store import Erased, Reveal

app = typer.Typer(no_args_is_help=True, help="Personal data: who saw them, handing them out, erasing them, their keys.")

Account = Annotated[str, typer.Option(help="The account, as the platform names it.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it.", show_default="your login")]
Purpose = Annotated[str, typer.Option(help="What for; kept in the audit record. No personal data here.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit record. No personal data here.")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


@app.command("reveal")
def reveal(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id or number.")],
    purpose: Purpose,
    what: Annotated[list[Revealable] | None, typer.Option(help="What to show.", show_default="all but files")] = None,
    file: Annotated[str | None, typer.Option(metavar="SHA256", help="A file of the case, as it was sent.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where to write the file; it must not exist.")] = None,
    by: By = None,
) -> None:
    """Show a case's personal data in the clear. Who saw what, and what for, is logged first.

    Examples:

        prereview personal-data reveal R261120-7K3M9Q2XWA --what recharged_account --purpose "asking the carrier"

        prereview personal-data reveal R261120-7K3M9Q2XWA --file 3f1c… --output page.jpg --purpose "second look"
    """
    who = _person(by)
    if (file is None) != (output is None):
        raise BadRequest("Give --file and --output together, or neither.")

    async def work() -> dict[str, Any] | bytes:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            record = await find(deployment, case)
            if file is not None:
                return await deployment.personal_data.reveal_file(record, file, who, purpose)
            return await deployment.personal_data.reveal(record, what or list(Revealable), who, purpose)

    found = console.run(work())
    if isinstance(found, bytes):
        assert output is not None
        _write_new(output, found)
    else:
        console.print_json(found)


@app.command("reveals")
def reveals(
    platform: PlatformOption,
    since: Annotated[str | None, typer.Option(help="ISO 8601 with zone, e.g. 2026-11-01T00:00:00+08:00.")] = None,
    as_json: AsJson = False,
) -> None:
    """List who was shown personal data, newest first.

    Example:

        prereview personal-data reveals --platform my-shop --since 2026-11-01T00:00:00+08:00
    """
    start = None if since is None else moment(since, "--since")

    async def work() -> tuple[Reveal, ...]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.personal_data.reveals(platform, start)

    rows = console.run(work())
    if as_json:
        shown = [{"at": row.at, "by": row.actor.name, "subject": row.subject, "what": row.what, "purpose": row.purpose}
                 for row in rows]  # fmt: skip
        console.print_json(shown)
        return
    table = Table("at", "by", "subject", "what", "purpose")
    for row in rows:
        table.add_row(
            *map(console.shown, (f"{row.at:%Y-%m-%d %H:%M}", row.actor.name, row.subject, row.what, row.purpose))
        )
    console.out.print(table)


@app.command("export")
def export(platform: PlatformOption, account: Account, reason: Reason, by: By = None) -> None:
    """Print everything stored of an account as JSON: for a person who asks for their data.

    Example:

        prereview personal-data export --platform my-shop --account u-1001 --reason "asked on 20 Nov" > u.json
    """
    who = _person(by)

    async def work() -> dict[str, Any]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.personal_data.export(platform, account, who, reason)

    console.print_json(console.run(work()))


@app.command("withdraw-consent")
def withdraw_consent(
    case: Annotated[str, typer.Argument(metavar="CASE", help="The case's id or number.")],
    reason: Reason,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take back the buyer's consent to reading identity papers: those of the case's order go, later ones stay sealed.

    Example:

        prereview personal-data withdraw-consent R261120-7K3M9Q2XWA --reason "the buyer asked by phone"
    """
    who = _person(by)

    async def work() -> Withdrawn:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            record = await find(deployment, case)
            return await deployment.personal_data.withdraw_consent(record.case.platform_id, record.case.id, who, reason)

    done = console.run(work())
    if as_json:
        console.print_json({"consents": done.consents, "files": done.files})
        return
    console.errors.print(f"Withdrawn: {done.consents} consents; {done.files} identity papers were taken away.")


@app.command("erase")
def erase(
    platform: PlatformOption,
    account: Account,
    reason: Reason,
    approved_by: Annotated[str, typer.Option("--approved-by", help="The second person.")],
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Take a person out of everything stored. Cannot be undone; one person erases, another approves.

    Files, readings, statements and identifiers go; orders, amounts, decisions and the audit trail stay, under a
    pseudonym. Cases of the account must be over.

    Example:

        prereview personal-data erase --platform my-shop --account u-1001 --reason "asked on 20 Nov" --approved-by wang
    """
    who, second = _person(by), _person(approved_by)

    async def work() -> Erased:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.personal_data.erase(platform, account, who, second, reason)

    done = console.run(work())
    if as_json:
        console.print_json({"pseudonym": done.pseudonym, "cases": done.cases, "files": done.files,
                            "events": done.events, "shared_files": done.shared})  # fmt: skip
        return
    console.errors.print(
        f"Erased: {done.cases} cases, {done.files} files, {done.events} events; the account is {done.pseudonym} now."
        + (f" {done.shared} files stay because another account sent the same bytes." if done.shared else "")
    )


@app.command("sweep")
def sweep() -> None:
    """Take away evidence past its days now (PREREVIEW_RETENTION_DAYS); workers do it every hour.

    Example:

        prereview personal-data sweep
    """

    async def work() -> int:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.personal_data.sweep()

    console.errors.print(f"{console.run(work())} files were past their days and are gone.")


@app.command("rotate-keys")
def rotate_keys(
    reason: Reason,
    no_new_key: Annotated[bool, typer.Option("--no-new-key", help="Only bring files under the newest key.")] = False,
    forget_old: Annotated[
        bool, typer.Option("--forget-old", help="Old keys go afterwards: backups under them can be read no more.")
    ] = False,
    by: By = None,
) -> None:
    """Make a new key and bring all evidence under it. Safe while claims come in, and to run again.

    Exit code 1 if a file could not be brought over; no key is forgotten then.

    Example:

        prereview personal-data rotate-keys --reason "yearly change"
    """
    who = _person(by)

    async def work() -> Resealed:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.personal_data.rotate_keys(
                who, reason, new_key=not no_new_key, forget_old=forget_old
            )

    done = console.run(work())
    console.errors.print(f"{done.files} files were brought under key {done.key}.")
    for sha256 in done.failed:
        console.errors.print(f"{sha256} could not be: see the log, then run it again with --no-new-key.")
    if done.failed:
        raise typer.Exit(1)


def _person(name: str | None) -> Actor:
    return operator() if name is None else Actor(ActorKind.PERSON, f"cli:{readable_name(name)}")


def _write_new(path: Path, data: bytes) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
    except OSError as error:
        raise BadRequest(f"{path} cannot be written: {error.strerror}") from None
