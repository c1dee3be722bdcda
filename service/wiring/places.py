"""Where a deployment keeps things: its database, evidence and checkpoints; and its clock."""

from __future__ import annotations

from service.domain.clock import Clock, ShiftedClock, SystemClock
from service.domain.errors import ConfigurationError, Unavailable
from service.settings import Settings
from service.store import (
    EmbeddedPostgres,
    current_revision,
    head_revision,
    migrate,
)


def clock(settings: Settings) -> Clock:
    return ShiftedClock(settings.clock_start) if settings.clock_start else SystemClock()


def database_url(settings: Settings, *, checked: bool = True) -> tuple[str, EmbeddedPostgres | None]:
    """The database's URL, and the embedded server to release at the end where none was given.

    The embedded database is ours alone, so it is migrated here; a given one is migrated by `prereview migrate`, and
    ``checked`` refuses one whose tables are not up to date.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        if checked:
            require_schema(url)
        return url, None
    embedded = EmbeddedPostgres(settings.home / "db")
    embedded.acquire()
    try:
        migrate(embedded.url())
    except BaseException:
        embedded.release()
        raise
    return embedded.url(), embedded


def require_schema(url: str) -> None:
    """ConfigurationError where the database answers and its tables are not those of this code."""
    try:
        found, wanted = current_revision(url), head_revision()
    except Unavailable:
        return
    if found != wanted:
        raise ConfigurationError(
            f"The database's tables are at revision {found or 'none'}, this code needs {wanted}. Run: prereview migrate"
        )


def evidence_url(settings: Settings) -> str:
    return settings.evidence_url or (settings.home.resolve() / "evidence").as_uri()


def checkpoints_url(settings: Settings) -> str:
    return settings.checkpoints_url or (settings.home.resolve() / "checkpoints").as_uri()
