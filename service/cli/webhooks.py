"""`prereview webhooks create | list | disable | enable | delete | rotate | test | deliveries | replay`."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Literal, TypeVar

import typer
from rich.table import Table

from service import wiring
from service.cli import console
from service.cli.operator import operator
from service.review.webhooks import NewSecret, Webhooks

T = TypeVar("T")
app = typer.Typer(no_args_is_help=True, help="Webhook endpoints of platforms, their secrets and their dead letters.")

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
Platform = Annotated[str, typer.Option(help="The platform's id.")]
EndpointId = Annotated[uuid.UUID, typer.Argument(metavar="ID", help="The endpoint's id, as listed.")]


def _do(work: Callable[[Webhooks], Awaitable[T]]) -> T:
    async def run() -> T:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            return await work(deployment.use_cases.webhooks)

    return console.run(run())


@app.command("create")
def create(
    platform: Platform,
    url: Annotated[str, typer.Option(help="Public, by https, on port 443 or 8443.")],
    type_: Annotated[
        list[str] | None, typer.Option("--type", help="A type of event; several times for several. Default: all.")
    ] = None,
    description: Annotated[str, typer.Option(help="What it is for.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make an endpoint and show its secret, this once.

    Example:

        prereview webhooks create --platform my-shop --url https://shop.example/prereview-events
    """
    made = _do(
        lambda webhooks: webhooks.create(
            platform, operator(), url=url, types=tuple(type_ or ()), description=description
        )
    )
    _show_secret(made, as_json)


@app.command("list")
def list_endpoints(platform: Platform, as_json: AsJson = False) -> None:
    """List endpoints: never their secrets.

    Example:

        prereview webhooks list --platform my-shop
    """

    async def work(webhooks: Webhooks) -> list[dict[str, object]]:
        counts = await webhooks.counts(platform)
        return [
            {
                "id": str(one.id), "url": one.url, "types": list(one.types), "description": one.description,
                "state": f"disabled: {one.disabled_because}" if one.disabled_at
                else f"failing since {one.failing_since:%Y-%m-%d %H:%M}" if one.failing_since else "enabled",
                "pending": counts[one.id].pending, "dead": counts[one.id].dead,
            }
            for one in await webhooks.listed(platform)
        ]  # fmt: skip

    rows = _do(work)
    if as_json:
        console.print_json(rows)
        return
    table = Table("id", "url", "types", "state", "pending", "dead")
    for row in rows:
        types = ", ".join(map(str, row["types"])) if isinstance(row["types"], list) else ""
        shown = (row["url"], types or "all", row["state"], row["pending"], row["dead"])
        table.add_row(str(row["id"]), *map(console.shown, shown))
    console.out.print(table)


@app.command("disable")
def disable(endpoint: EndpointId, platform: Platform) -> None:
    """Send an endpoint nothing until it is enabled again.

    Example:

        prereview webhooks disable 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop
    """
    _do(lambda webhooks: webhooks.update(platform, endpoint, operator(), {"enabled": False}))
    console.errors.print("Disabled.")


@app.command("enable")
def enable(endpoint: EndpointId, platform: Platform) -> None:
    """Send to an endpoint again; what happened meanwhile comes by `replay --which missed`.

    Example:

        prereview webhooks enable 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop
    """
    _do(lambda webhooks: webhooks.update(platform, endpoint, operator(), {"enabled": True}))
    console.errors.print("Enabled.")


@app.command("delete")
def delete(endpoint: EndpointId, platform: Platform) -> None:
    """Delete an endpoint and its secrets.

    Example:

        prereview webhooks delete 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop
    """
    _do(lambda webhooks: webhooks.delete(platform, endpoint, operator()))
    console.errors.print("Deleted.")


@app.command("rotate")
def rotate(
    endpoint: EndpointId,
    platform: Platform,
    overlap_hours: Annotated[int, typer.Option(min=0, max=168, help="So long the old secrets sign along.")] = 24,
    as_json: AsJson = False,
) -> None:
    """Make an endpoint a new secret and show it, this once. Until the overlap ends both sign.

    Example:

        prereview webhooks rotate 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop --overlap-hours 48
    """
    overlap = timedelta(hours=overlap_hours)
    _show_secret(_do(lambda webhooks: webhooks.rotate(platform, endpoint, operator(), overlap)), as_json)


@app.command("test")
def test(endpoint: EndpointId, platform: Platform) -> None:
    """Have a test event sent to an endpoint (by a worker).

    Example:

        prereview webhooks test 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop
    """
    typer.echo(str(_do(lambda webhooks: webhooks.test(platform, endpoint, operator()))))


@app.command("deliveries")
def deliveries(
    endpoint: EndpointId,
    platform: Platform,
    state: Annotated[Literal["pending", "delivered", "dead"] | None, typer.Option(help="Those alone.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List what was sent and what became of it, newest first.

    Example:

        prereview webhooks deliveries 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop --state dead
    """
    found = _do(lambda webhooks: webhooks.deliveries(platform, endpoint, state=state, before=None, limit=limit))
    rows = [
        {
            "event_id": str(one.event_id), "sequence": one.sequence, "type": one.type, "state": one.state,
            "attempts": one.attempts, "attempted_at": one.attempted_at, "status": one.status, "problem": one.problem,
            "next_attempt_at": one.due_at if one.state == "pending" else None,
        }
        for one in found
    ]  # fmt: skip
    if as_json:
        console.print_json(rows)
        return
    table = Table("sequence", "event", "type", "state", "attempts", "last answer", "next attempt")
    for row in rows:
        due = row["next_attempt_at"]
        table.add_row(
            *(str(row[name]) for name in ("sequence", "event_id", "type", "state", "attempts")),
            str(row["status"] or row["problem"] or ""),
            f"{due:%Y-%m-%d %H:%M:%S}" if due else "",
        )
    console.out.print(table)


@app.command("replay")
def replay(
    endpoint: EndpointId,
    platform: Platform,
    event: Annotated[uuid.UUID | None, typer.Option(help="This event alone.")] = None,
    which: Annotated[
        Literal["dead", "missed", "all"], typer.Option(help="Dead letters, also what was never queued, or everything.")
    ] = "dead",
    after: Annotated[int, typer.Option(min=0, help="Only what has a higher sequence number.")] = 0,
) -> None:
    """Send events again.

    Examples:

        prereview webhooks replay 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop

        prereview webhooks replay 01936d2c-7c1e-7cc0-b2f1-0f9e6a1c2d3e --platform my-shop --which missed --after 1042
    """

    async def work(webhooks: Webhooks) -> int:
        if event is not None:
            return (await webhooks.replay_one(platform, endpoint, event, operator())).queued
        queued, upto = 0, after
        while True:
            done = await webhooks.replay_after(platform, endpoint, which, upto, operator())
            queued, upto = queued + done.queued, done.upto
            if upto >= done.last:
                return queued

    console.errors.print(f"Queued: {_do(work)}.")


def _show_secret(made: NewSecret, as_json: bool) -> None:
    if as_json:
        console.print_json({"id": str(made.endpoint.id), "secret": made.secret, "url": made.endpoint.url})
        return
    console.out.print(f"secret   {made.secret}\nid       {made.endpoint.id}", soft_wrap=True)
    console.errors.print("Keep it now: it is stored encrypted and is not shown again.")
