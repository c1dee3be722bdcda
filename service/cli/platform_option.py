"""The platform a command is about, and moments as commands take them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from service.domain.clock import as_utc
from service.domain.errors import BadRequest, NotFound
from service.wiring import Deployment

PlatformOption = Annotated[str, typer.Option("--platform", help="The platform's id.")]


async def require_platform(deployment: Deployment, platform_id: str) -> None:
    """NotFound where there is none: an empty list would look like good news."""
    if await deployment.store.platform(platform_id) is None:
        raise NotFound(f"There is no platform {platform_id!r}. See: prereview platforms list")


def moment(text: str, option: str) -> datetime:
    """ISO 8601 with zone, as UTC; BadRequest naming the option for anything else."""
    try:
        return as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise BadRequest(f"{option}: {error}; write e.g. 2026-11-01T00:00:00+08:00") from None
