"""`prereview platforms add | mode | list | identity-key`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.operator import operator
from service.domain.assessment import PlatformMode
from service.domain.errors import NotFound
from service.policy import load_policy

app = typer.Typer(no_args_is_help=True, help="Platforms and their modes.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


@app.command("add")
def add(
    policy: Annotated[Path, typer.Option(help="The platform's policy (YAML).", exists=True, dir_okay=False)],
    mode: Annotated[
        PlatformMode, typer.Option(help="Where every real platform starts: observing.")
    ] = PlatformMode.OBSERVING,
) -> None:
    """Set up a platform, or give it a new version of its policy.

    Example:

        prereview platforms add --policy my-shop.yaml
    """
    text = policy.read_text(encoding="utf-8")
    parsed = load_policy(text)

    async def work() -> bool:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await wiring.set_up_platform(deployment, text, mode, operator())

    if console.run(work()):
        console.errors.print(f"Platform {parsed.platform} is set up, mode {mode.value}.")
    else:
        console.errors.print(f"Platform {parsed.platform} has this policy now; its mode stays as it was.")


@app.command("mode")
def set_mode(
    platform: Annotated[str, typer.Argument(help="The platform's id.")],
    mode: Annotated[PlatformMode, typer.Argument(help="observing, live, stopped or demo.")],
) -> None:
    """Change a platform's mode. `stopped` approves nothing from the next decision on, on every process.

    Example:

        prereview platforms mode my-shop stopped
    """

    async def work() -> None:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            await deployment.store.set_mode(platform, mode, operator(), deployment.clock.now())

    console.run(work())
    console.errors.print(f"Platform {platform} is now {mode.value}.")


@app.command("identity-key")
def identity_key(platform: Annotated[str, typer.Argument(help="The platform's id.")]) -> None:
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
                for item in await deployment.store.platforms()
            ]

    rows = console.run(work())
    if as_json:
        console.print_json(rows)
        return
    table = Table("id", "mode", "zone", "currency")
    for row in rows:
        table.add_row(row["id"], row["mode"], row["zone"], row["currency"])
    console.out.print(table)
