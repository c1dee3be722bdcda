"""What the `prereview policy` commands share: whose policy, which text, who does it, and when."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from service.domain.actors import Actor, ActorKind, readable_name
from service.domain.clock import as_utc
from service.domain.errors import BadRequest
from service.wiring import Deployment

AsJson = Annotated[bool, typer.Option("--json", help="JSON for machines.")]
By = Annotated[str, typer.Option(help="Who does this. Signing off takes another person than proposing.")]
PlatformOption = Annotated[
    str | None, typer.Option(help="The platform.", show_default="the only one of this deployment")
]


def person(name: str) -> Actor:
    """The name given, as an actor: a command line cannot prove it."""
    return Actor(ActorKind.PERSON, f"cli:{readable_name(name)}")


def text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadRequest(f"{file} is not a text in UTF-8; save it as such.") from None
    except OSError as error:
        raise BadRequest(f"{file} cannot be read: {error.strerror or error}.") from error


def instant(at: datetime, zone: ZoneInfo) -> datetime:
    """A time as typed, in the platform's zone where it names none, in UTC."""
    return as_utc(at if at.tzinfo is not None else at.replace(tzinfo=zone))


async def chosen_platform(deployment: Deployment, platform: str | None) -> str:
    """The platform named, or the only one there is; BadRequest where that is not clear."""
    if platform is not None:
        return platform
    known = [each.id for each in await deployment.store.platforms()]
    if len(known) != 1:
        raise BadRequest(f"Name the platform with --platform: {', '.join(known) or 'there is none yet'}.")
    return known[0]
