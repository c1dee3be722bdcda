"""`prereview keys create | revoke | list`."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.operator import operator
from service.review.requests import Scope

app = typer.Typer(no_args_is_help=True, help="API keys: made, listed, revoked. A key is shown once and stored hashed.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


@app.command("create")
def create(
    platform: Annotated[str, typer.Option(help="The platform the key is bound to.")],
    name: Annotated[str, typer.Option(help="What it is for, e.g. 'checkout backend'.")] = "default",
    scope: Annotated[
        list[Scope] | None, typer.Option(help="May be given several times; default: claims and events.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once.

    Example:

        prereview keys create --platform demo --scope claims --scope events --scope internal
    """
    scopes = tuple(item.value for item in (scope or [Scope.CLAIMS, Scope.EVENTS]))

    async def work() -> tuple[str, str]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            record, token = await deployment.store.create_key(
                platform, name, scopes, operator(), deployment.clock.now()
            )
            return str(record.id), token

    key_id, token = console.run(work())
    if as_json:
        console.print_json({"id": key_id, "key": token, "platform": platform, "scopes": scopes})
        return
    console.out.print(f"key      {token}\nid       {key_id}\nscopes   {', '.join(scopes)}")
    console.errors.print("Keep it now: it is stored hashed and cannot be shown again.")


@app.command("revoke")
def revoke(
    key_id: Annotated[str, typer.Argument(help="The key's id, as listed.")],
    platform: Annotated[str, typer.Option(help="The platform the key is bound to.")],
) -> None:
    """Revoke a key; it is refused from then on.

    Example:

        prereview keys revoke 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform demo
    """
    try:
        wanted = uuid.UUID(key_id)
    except ValueError:
        raise typer.BadParameter("that is not a key id; see: prereview keys list") from None

    async def work() -> None:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            await deployment.store.revoke_key(platform, wanted, operator(), deployment.clock.now())

    console.run(work())
    console.errors.print("Revoked.")


@app.command("list")
def list_keys(
    platform: Annotated[str, typer.Option(help="The platform whose keys to list.")], as_json: AsJson = False
) -> None:
    """List keys: never the key itself.

    Example:

        prereview keys list --platform demo
    """

    async def work() -> list[dict[str, object]]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return [
                {
                    "id": str(key.id),
                    "platform": key.platform_id,
                    "name": key.name,
                    "scopes": sorted(key.scopes),
                    "created_at": key.created_at,
                    "revoked_at": key.revoked_at,
                    "last_used_at": key.last_used_at,
                }
                for key in await deployment.store.list_keys(platform)
            ]

    rows = console.run(work())
    if as_json:
        console.print_json(rows)
        return
    table = Table("id", "platform", "name", "scopes", "created", "last used", "state")
    for row in rows:
        scopes = row["scopes"]
        table.add_row(
            str(row["id"]),
            str(row["platform"]),
            str(row["name"]),
            ", ".join(scopes) if isinstance(scopes, list) else "",
            f"{row['created_at']:%Y-%m-%d %H:%M}",
            f"{row['last_used_at']:%Y-%m-%d %H:%M}" if row["last_used_at"] else "never",
            "revoked" if row["revoked_at"] else "valid",
        )
    console.out.print(table)
