"""`prereview policy validate | show | list | propose | approve | reject | withdraw | diff`: the life of a policy."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from service import wiring
from service.cli import console, policy_trials
from service.cli.policy_files import AsJson, By, PlatformOption, chosen_platform, instant, person, text_of
from service.domain.clock import as_utc
from service.domain.errors import BadRequest, NotFound
from service.domain.policy_versions import PolicyState, text_digest
from service.policy import platform_policy_names, platform_policy_text
from service.review.policies import Comparison, Standing, checked, compared

app = typer.Typer(
    no_args_is_help=True, help="A platform's policy: checked, proposed, signed off by a second person, tried out."
)
policy_trials.register(app)

_SHOWN_CHARACTERS = 60


@app.command("validate")
def validate(
    file: Annotated[Path, typer.Argument(help="The policy (YAML).", exists=True, dir_okay=False)],
    as_json: AsJson = False,
) -> None:
    """Check a policy's text. Needs no database.

    Exit code 0: it can be proposed; 1: it has errors, each told with its line.

    Example:

        prereview policy validate my-shop.yaml
    """
    text = text_of(file)
    parsed = checked(text)
    if as_json:
        found = {"platform": parsed.platform, "version": parsed.version, "text_sha256": text_digest(text)}
        console.print_json(
            {**found, "policy_digest": parsed.digest, "opted_in": [str(each) for each in parsed.opted_in]}
        )
        return
    opted = ", ".join(parsed.opted_in) or "nothing"
    console.out.print(
        console.shown(
            f"{file} is a valid policy of {parsed.platform}: approves by {opted}; digest {parsed.digest[:16]}"
        )
    )


@app.command("template")
def template(
    name: Annotated[
        str, typer.Argument(help=f"One of {', '.join(platform_policy_names())}.", metavar="NAME")
    ] = "template",
) -> None:
    """Print the commented template, or a sample platform's policy, to start a file of your own from.

    Example:

        prereview policy template > my-shop.yaml
    """
    typer.echo(platform_policy_text(name), nl=False)


@app.command("list")
def list_versions(platform: PlatformOption = None, as_json: AsJson = False) -> None:
    """List every version of a platform's policy, newest first.

    Example:

        prereview policy list --platform my-shop
    """

    async def work() -> tuple[Standing, ...]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await deployment.use_cases.policies.versions(await chosen_platform(deployment, platform))

    rows = console.run(work())
    if as_json:
        console.print_json([_told(row) for row in rows])
        return
    table = Table("version", "state", "in force from", "proposed by", "signed off by", "note")
    for row in rows:
        record = row.record
        table.add_row(
            *(
                console.shown(each)
                for each in (
                    record.version,
                    row.state.value.replace("_", " "),
                    _time(record.effective_at or record.wanted_at),
                    record.proposed.person if record.proposed else record.drafted.person,
                    record.signed.person if record.signed else "–",
                    record.note[:_SHOWN_CHARACTERS],
                )
            )
        )
    console.out.print(table)


@app.command("show")
def show(
    version: Annotated[str | None, typer.Argument(help="The version.", show_default="the one in force")] = None,
    platform: PlatformOption = None,
    as_json: AsJson = False,
) -> None:
    """Print a version's text; with --json its life too.

    Examples:

        prereview policy show > now.yaml

        prereview policy show 4 --json
    """

    async def work() -> Standing:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            chosen = await chosen_platform(deployment, platform)
            desk = deployment.use_cases.policies
            return await desk.version(chosen, version or (await desk.published(chosen)).version)

    found = console.run(work())
    if as_json:
        console.print_json({**_told(found), "text": found.record.text})
    else:
        typer.echo(found.record.text, nl=False)


@app.command("propose")
def propose(
    policy: Annotated[str, typer.Argument(metavar="FILE", help="The policy (YAML), or the version of a draft.")],
    by: By,
    platform: PlatformOption = None,
    effective_at: Annotated[
        datetime | None,
        typer.Option(
            help="When it is to come into force, in the platform's zone.", show_default="a minute after the signature"
        ),
    ] = None,
    note: Annotated[str, typer.Option(help="What it changes and why, for whoever signs.")] = "",
    draft: Annotated[bool, typer.Option("--draft", help="Keep it without putting it up for signature.")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose a new version. It comes into force only once another person has signed it off.

    Examples:

        prereview policy propose my-shop.yaml --by ana --note "fee 2 %"

        prereview policy propose my-shop.yaml --by ana --effective-at 2026-12-01T00:00

        prereview policy propose 4 --by ana
    """
    text = text_of(Path(policy)) if Path(policy).is_file() else None
    if text is None and (policy.endswith((".yaml", ".yml")) or "/" in policy):
        raise BadRequest(f"There is no file {policy}.")
    if text is None and (effective_at is not None or note or draft):
        raise BadRequest("A draft keeps its time and its note; give a file to change them.")

    async def work() -> Standing:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            desk = deployment.use_cases.policies
            if text is None:
                chosen = await chosen_platform(deployment, platform)
                return await desk.propose_draft(chosen, policy, person=by, actor=person(by))
            parsed = checked(text)
            wanted = None if effective_at is None else instant(effective_at, parsed.time_zone)
            return await desk.propose(
                platform or parsed.platform,
                text,
                person=by,
                actor=person(by),
                wanted_at=wanted,
                note=note,
                draft=draft,
            )

    _print_step(console.run(work()), as_json)


@app.command("approve")
def approve(
    version: Annotated[str, typer.Argument(help="The proposed version, as listed.")],
    by: By,
    platform: PlatformOption = None,
    text_sha256: Annotated[
        str | None, typer.Option(help="Sign only the text with this digest.", show_default="the text as it is shown")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Sign a proposed version off, as a second person. What it changes is shown and is what is signed.

    Example:

        prereview policy approve 4 --by wang
    """

    async def work() -> tuple[Standing, Comparison | None]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            desk, chosen = deployment.use_cases.policies, await chosen_platform(deployment, platform)
            read = (await desk.version(chosen, version)).record
            try:
                ruling = (await desk.published(chosen)).version
                changes = await desk.compare(chosen, ruling, version)
            except NotFound:  # a first policy changes nothing
                changes = None
            signed = text_sha256 or text_digest(read.text)
            return await desk.sign_off(chosen, version, signed, person=by, actor=person(by)), changes

    standing, changes = console.run(work())
    if changes is not None and not as_json:
        _print_comparison(changes)
    _print_step(standing, as_json)


@app.command("reject")
def reject(
    version: Annotated[str, typer.Argument(help="The proposed version, as listed.")],
    by: By,
    why: Annotated[str, typer.Option(help="The reason, for whoever proposed it.")],
    platform: PlatformOption = None,
    as_json: AsJson = False,
) -> None:
    """Refuse to sign a proposed version. It stays on record.

    Example:

        prereview policy reject 4 --by wang --why "the fee is wrong"
    """

    async def work() -> Standing:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            chosen = await chosen_platform(deployment, platform)
            return await deployment.use_cases.policies.reject(chosen, version, why=why, person=by, actor=person(by))

    _print_step(console.run(work()), as_json)


@app.command("withdraw")
def withdraw(
    version: Annotated[str, typer.Argument(help="A version that is not in force yet.")],
    by: By,
    why: Annotated[str, typer.Option(help="The reason, for the record.")],
    platform: PlatformOption = None,
    as_json: AsJson = False,
) -> None:
    """Take back a version that is not in force yet, signed off or not.

    Example:

        prereview policy withdraw 4 --by ana --why "a better one follows"
    """

    async def work() -> Standing:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            chosen = await chosen_platform(deployment, platform)
            return await deployment.use_cases.policies.withdraw(chosen, version, why=why, person=by, actor=person(by))

    _print_step(console.run(work()), as_json)


@app.command("diff")
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A file, or a stored version.")],
    after: Annotated[str, typer.Argument(metavar="B", help="A file, or a stored version.")],
    platform: PlatformOption = None,
    text: Annotated[bool, typer.Option("--text", help="Line by line too.")] = False,
    as_json: AsJson = False,
) -> None:
    """What two policies decide differently, clause by clause. Two files need no database.

    Examples:

        prereview policy diff old.yaml new.yaml

        prereview policy diff 3 my-shop.yaml --platform my-shop --text
    """

    async def stored(names: list[str]) -> dict[str, str]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            chosen = await chosen_platform(deployment, platform)
            desk = deployment.use_cases.policies
            return {name: (await desk.version(chosen, name)).record.text for name in names}

    texts = {name: text_of(Path(name)) for name in (before, after) if Path(name).is_file()}
    missing = [name for name in (before, after) if name not in texts]
    if missing:
        texts |= console.run(stored(missing))
    found = compared(texts[before], texts[after], before=before, after=after)
    if as_json:
        console.print_json(_compared(found))
        return
    _print_comparison(found)
    if text:
        for line in found.lines:
            console.out.print(console.shown(line), soft_wrap=True)


def _compared(found: Comparison) -> dict[str, Any]:
    differences = [
        {"path": each.path, "change": each.change, "before": each.before, "after": each.after, "wording": each.wording}
        for each in found.meanings
    ]
    return {
        "before": found.before, "after": found.after, "decides_alike": found.decides_alike,
        "differences": differences, "lines": list(found.lines),
    }  # fmt: skip


def _print_comparison(found: Comparison) -> None:
    if not found.meanings:
        console.out.print("Nothing they mean is different.")
        return
    table = Table("part", "change", "before", "after")
    for each in found.meanings:
        cells = (each.path, f"{each.change.value}{' (wording)' if each.wording else ''}", each.before, each.after)
        table.add_row(*(console.shown("–" if cell is None else cell) for cell in cells))
    console.out.print(table)
    console.out.print(
        "Nothing that says what is approved, and for how much, is different: a certificate still holds."
        if found.decides_alike
        else "What is approved, or for how much, is different: a certificate for the one does not hold for the other."
    )


def _print_step(standing: Standing, as_json: bool) -> None:
    if as_json:
        console.print_json(_told(standing))
        return
    record = standing.record
    next_step = {
        PolicyState.DRAFTED: f"put it up for signature with: prereview policy propose {record.version} --by NAME",
        PolicyState.PROPOSED: f"a second person signs it off with: prereview policy approve {record.version} --by NAME",
        PolicyState.SCHEDULED: f"in force from {_time(record.effective_at)}",
    }.get(standing.state, "")
    said = f"Version {record.version} of {record.platform_id} is {standing.state.value.replace('_', ' ')}"
    console.errors.print(console.shown(f"{said}{'; ' + next_step if next_step else ''}."), soft_wrap=True)


def _told(standing: Standing) -> dict[str, Any]:
    record = standing.record
    people = {
        name: {"by": signature.person, "at": signature.at} if signature else None
        for name, signature in (
            ("drafted", record.drafted),
            ("proposed", record.proposed),
            ("signed_off", record.signed),
            ("ended", record.ended),
        )
    }
    return {
        "platform": record.platform_id, "version": record.version, "state": standing.state.value,
        "text_sha256": record.text_sha256, "policy_digest": record.digest,
        "voids_certificate": standing.voids_certificate, "effective_at": record.effective_at,
        "wanted_at": record.wanted_at, "based_on": record.based_on, "note": record.note, **people,
        "ended_why": record.ended_why,
    }  # fmt: skip


def _time(at: datetime | None) -> str:
    return "–" if at is None else f"{as_utc(at):%Y-%m-%d %H:%M} UTC"
