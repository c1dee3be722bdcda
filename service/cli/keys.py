"""`prereview keys create | rotate | revoke | list`."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.operator import operator
from service.review.requests import Scope
from service.store import KeyRecord, KeyTerms

app = typer.Typer(
    no_args_is_help=True, help="API keys: made, replaced, listed, revoked. A key is shown once and stored hashed."
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]


@app.command("create")
def create(
    platform: Annotated[str, typer.Option(help="The platform the key is bound to.")],
    name: Annotated[str, typer.Option(help="What it is for, e.g. 'checkout backend'.")] = "default",
    scope: Annotated[
        list[Scope] | None, typer.Option(help="May be given several times; default: claims and events.")
    ] = None,
    rate_class: Annotated[
        str, typer.Option(help="Which of the deployment's limits it is held to (PREREVIEW_RATE_LIMITS).")
    ] = "standard",
    lifetime: Annotated[str, typer.Option(help="How long it works, e.g. 90d or 12h; without: until revoked.")] = "",
    network: Annotated[
        list[str] | None, typer.Option(help="CIDR block it may be used from; several times for several.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and show it, this once.

    Example:

        prereview keys create --platform demo --scope claims --scope events --scope internal
    """
    scopes = tuple(item.value for item in (scope or [Scope.CLAIMS, Scope.EVENTS]))

    settings = console.settings()
    if rate_class not in settings.rate_limits:
        raise typer.BadParameter(f"there is no such rate class; there are: {', '.join(sorted(settings.rate_limits))}")
    life = _duration(lifetime) if lifetime else None

    async def work() -> tuple[str, str]:
        async with wiring.deployed(settings, reading=False) as deployment:
            now = deployment.clock.now()
            terms = KeyTerms(
                expires_at=None if life is None else now + life, rate_class=rate_class, networks=tuple(network or ())
            )
            record, token = await deployment.store.create_key(platform, name, scopes, operator(), now, terms)
            return str(record.id), token

    key_id, token = console.run(work())
    if as_json:
        console.print_json({"id": key_id, "key": token, "platform": platform, "scopes": scopes})
        return
    console.out.print(f"key      {token}\nid       {key_id}\nscopes   {', '.join(scopes)}")
    console.errors.print("Keep it now: it is stored hashed and cannot be shown again.")


@app.command("rotate")
def rotate(
    key_id: Annotated[str, typer.Argument(help="The key to replace: its id, as listed.")],
    platform: Annotated[str, typer.Option(help="The platform the key is bound to.")],
    overlap: Annotated[str, typer.Option(help="How long the old key still works, e.g. 24h, 30m, 7d, 0h.")] = "24h",
    as_json: AsJson = False,
) -> None:
    """Replace a key: the successor may do the same, and the old one ends after the overlap.

    Example:

        prereview keys rotate 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform demo --overlap 24h
    """
    wanted, span = _key_id(key_id), _duration(overlap)

    async def work() -> tuple[str, str, datetime]:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            now = deployment.clock.now()
            record, token = await deployment.store.rotate_key(platform, wanted, span, operator(), now)
            old = next(key for key in await deployment.store.list_keys(platform) if key.id == wanted)
            assert old.terms.expires_at is not None
            return str(record.id), token, old.terms.expires_at

    new_id, token, ends = console.run(work())
    if as_json:
        console.print_json({"id": new_id, "key": token, "platform": platform, "old_key_ends_at": ends})
        return
    console.out.print(f"key      {token}\nid       {new_id}\nold key  ends {ends:%Y-%m-%d %H:%M} UTC")
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
    wanted = _key_id(key_id)

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
                    "rate_class": key.terms.rate_class,
                    "networks": list(key.terms.networks),
                    "rotated_from": key.rotated_from and str(key.rotated_from),
                    "expires_at": key.terms.expires_at,
                    "revoked_at": key.revoked_at,
                    "last_used_at": key.last_used_at,
                    "state": _state(key, deployment.clock.now()),
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
            str(row["state"]),
        )
    console.out.print(table)


def _state(key: KeyRecord, now: datetime) -> str:
    if key.revoked_at is not None:
        return "revoked"
    if key.terms.expires_at is None:
        return "valid"
    return "ended" if key.ended(now) else f"until {key.terms.expires_at:%Y-%m-%d %H:%M}"


def _key_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise typer.BadParameter("that is not a key id; see: prereview keys list") from None


def _duration(text: str) -> timedelta:
    found = re.fullmatch(r"(\d{1,5})([mhd])", text.strip())
    if found is None:
        raise typer.BadParameter(f"{text!r} is no duration: write minutes, hours or days as 30m, 24h or 7d")
    unit = {"m": "minutes", "h": "hours", "d": "days"}[found[2]]
    return timedelta(**{unit: int(found[1])})
