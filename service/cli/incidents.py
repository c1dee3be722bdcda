"""`prereview incidents list | show | declare | confirm | dismiss | end`."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.table import Table

from service import wiring
from service.api.schemas.incidents import IncidentActIn, IncidentEndIn, IncidentIn, IncidentOut
from service.cli import console
from service.cli.operator import operator, person
from service.cli.platform_option import PlatformOption, require_platform
from service.domain.errors import InvalidRequest
from service.domain.incidents import Incident, Struck
from service.review.incidents import Incidents

app = typer.Typer(no_args_is_help=True, help="Outages: many honest claims at once, held against no account.")

Which = Annotated[uuid.UUID, typer.Argument(metavar="INCIDENT", help="The incident's id.")]
Why = Annotated[str, typer.Option("--reason", help="Why; kept in the audit record.")]
By = Annotated[str | None, typer.Option("--by", help="Who says so.", show_default="your login")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
T = TypeVar("T")
A = TypeVar("A", bound=IncidentActIn)


@app.command("list")
def list_incidents(
    platform: PlatformOption,
    going_on: Annotated[bool, typer.Option("--going-on", help="Without those that ended or were dismissed.")] = False,
    as_json: AsJson = False,
) -> None:
    """List outages, declared and noticed, newest first.

    Example:

        prereview incidents list --platform my-shop --going-on
    """
    found = _work(platform, lambda incidents: incidents.listed(platform, going_on=going_on))
    if as_json:
        console.print_json([_data(each) for each in found])
        return
    table = Table("id", "strikes", "since", "until", "stands", "reason")
    for each in found:
        until = "" if each.ended_at is None else f"{each.ended_at:%Y-%m-%d %H:%M}"
        strikes, reason = console.shown(f"{each.struck.value} {each.struck_id}"), console.shown(each.reason)
        table.add_row(str(each.id), strikes, f"{each.began_at:%Y-%m-%d %H:%M}", until, _stands(each), reason)
    console.out.print(table)


@app.command("show")
def show(incident: Which, platform: PlatformOption, as_json: AsJson = False) -> None:
    """Show an outage with its open cases, oldest first.

    Example:

        prereview incidents show 019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b41 --platform my-shop
    """
    _tell(platform, as_json, lambda incidents: incidents.incident(platform, incident))


@app.command("declare")
def declare(
    platform: PlatformOption,
    struck: Annotated[Struck, typer.Option(help="What is out.")],
    began_at: Annotated[str, typer.Option(help="Since when: ISO 8601 with zone, in the last 30 days.")],
    reason: Why,
    struck_id: Annotated[
        str | None, typer.Option(help="The seller, product or supplier; not for a whole platform.")
    ] = None,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Declare an outage: its claims are grouped, and no account's history is charged with them.

    Example:

        prereview incidents declare --platform my-shop --struck seller --struck-id seller-88
        --began-at 2026-11-21T08:00:00+08:00 --reason "the carrier's gateway is down"
    """
    if struck_id is None and struck is not Struck.PLATFORM:
        raise typer.BadParameter(f"--struck-id names the {struck.value} that is out")
    asked = _asked(IncidentIn, by, reason=reason, struck=struck.value, struck_id=struck_id, began_at=began_at)
    who = person(by)
    _tell(
        platform,
        as_json,
        lambda incidents: incidents.declare(
            platform, asked.struck, asked.struck_id or platform, asked.began_at, asked.reason, who
        ),
    )


@app.command("confirm")
def confirm(incident: Which, platform: PlatformOption, reason: Why, by: By = None, as_json: AsJson = False) -> None:
    """Say that a jump of claims is an outage; only now are they kept out of their accounts' history.

    Example:

        prereview incidents confirm 019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b41 --platform my-shop --reason "carrier says so"
    """
    asked, who = _asked(IncidentActIn, by, reason=reason), person(by)
    _tell(platform, as_json, lambda incidents: incidents.confirm(platform, incident, asked.reason, who))


@app.command("dismiss")
def dismiss(incident: Which, platform: PlatformOption, reason: Why, by: By = None, as_json: AsJson = False) -> None:
    """Say that a jump of claims is none: its cases go back to their lanes.

    Example:

        prereview incidents dismiss 019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b41 --platform my-shop --reason "one account ring"
    """
    asked, who = _asked(IncidentActIn, by, reason=reason), person(by)
    _tell(platform, as_json, lambda incidents: incidents.dismiss(platform, incident, asked.reason, who))


@app.command("end")
def end(
    incident: Which,
    platform: PlatformOption,
    ended_at: Annotated[str, typer.Option(help="Since when it is over: ISO 8601 with zone.")],
    reason: Why,
    by: By = None,
    as_json: AsJson = False,
) -> None:
    """Say since when an outage is over: orders paid later have nothing to do with it.

    Example:

        prereview incidents end 019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b41 --platform my-shop
        --ended-at 2026-11-21T12:00:00+08:00 --reason "the gateway answers again"
    """
    asked, who = _asked(IncidentEndIn, by, reason=reason, ended_at=ended_at), person(by)
    _tell(platform, as_json, lambda incidents: incidents.end(platform, incident, asked.ended_at, asked.reason, who))


def _asked(model: type[A], by: str | None, **given: Any) -> A:
    """Held to what the API holds it to; InvalidRequest names the options."""
    try:
        return model.model_validate({"by": by or operator().name, **given})
    except ValidationError as wrong:
        errors = [
            {"path": "--" + ".".join(map(str, each["loc"])).replace("_", "-"), "message": each["msg"]}
            for each in wrong.errors()
        ]
        raise InvalidRequest("Correct these options.", extra={"errors": errors}) from None


def _work(platform: str, perform: Callable[[Incidents], Awaitable[T]]) -> T:
    async def work() -> T:
        async with wiring.deployed(console.settings(), reading=False) as deployment:
            await require_platform(deployment, platform)
            return await perform(deployment.use_cases.incidents)

    return console.run(work())


def _tell(platform: str, as_json: bool, perform: Callable[[Incidents], Awaitable[Incident]]) -> None:
    """Perform it and show the incident as it is afterwards, with its open cases."""

    async def performed(incidents: Incidents) -> tuple[Incident, tuple[uuid.UUID, ...]]:
        incident = await perform(incidents)
        return incident, await incidents.cases(platform, incident.id)

    incident, open_cases = _work(platform, performed)
    if as_json:
        console.print_json(_data(incident, open_cases))
        return
    table = Table(show_header=False, title=str(incident.id), title_justify="left")
    table.add_row("strikes", console.shown(f"{incident.struck.value} {incident.struck_id}"))
    table.add_row("since", incident.began_at.isoformat())
    if incident.ended_at is not None:
        table.add_row("until", incident.ended_at.isoformat())
    table.add_row("stands", _stands(incident))
    table.add_row("reason", console.shown(incident.reason))
    table.add_row("open cases", "\n".join(map(str, open_cases)) or "none")
    console.out.print(table)


def _data(incident: Incident, open_cases: tuple[uuid.UUID, ...] | None = None) -> dict[str, Any]:
    return IncidentOut.of(incident, open_cases).model_dump(mode="json")


def _stands(incident: Incident) -> str:
    if incident.dismissed_at is not None:
        return "dismissed"
    if incident.ended_at is not None:
        return "over"
    if incident.confirmed_at is not None:
        return "confirmed"
    return "noticed" if incident.noticed else "declared"
