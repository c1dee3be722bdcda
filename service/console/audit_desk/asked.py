"""What an auditor asks of the trail, as it stands in a page's address: read, kept and written back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from service.domain.errors import InvalidRequest
from service.review.trail_desk import TrailPosition, TrailQuery

FIELDS = ("case", "actor", "action", "since", "until")
_LONGEST = 200
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``typed``: the form as it was filled in; ``wrong``: field → code of what is wrong with it."""

    typed: Mapping[str, str]
    since: datetime | None = None
    until: datetime | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)

    @property
    def bounded(self) -> bool:
        """Whether it may be exported: one subject, or a period with both its ends."""
        return bool(self.typed["case"]) or (self.since is not None and self.until is not None)

    def address(self, path: str, **more: str) -> str:
        """``path`` with the filled fields as its query."""
        found = {name: text for name, text in {**self.typed, **more}.items() if text}
        return f"{path}?{urlencode(found)}" if found else path

    def query(self, subject: str | None, actor: str | None) -> TrailQuery:
        return TrailQuery(
            subject=subject, actor=actor, action=self.typed["action"] or None, since=self.since, until=self.until
        )


def asked(given: Mapping[str, str], zone: str) -> Asked:
    """Days are the platform's, the last one included."""
    typed = {name: given.get(name, "").replace("\0", "").strip()[:_LONGEST] for name in FIELDS}
    wrong: dict[str, str] = {}
    since, until = (_day(typed[name], name, wrong) for name in ("since", "until"))
    if since is not None and until is not None and since > until:
        wrong["until"] = "before_since"
    place = ZoneInfo(zone)
    return Asked(
        typed=typed,
        since=_midnight(since, place) if since else None,
        until=_midnight(until + timedelta(days=1), place) if until and "until" not in wrong else None,
        wrong=wrong,
    )


def _day(text: str, name: str, wrong: dict[str, str]) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        wrong[name] = "no_day"
        return None
    if not 2000 <= day.year < 2200:
        wrong[name] = "no_day"
        return None
    return day


def _midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), place).astimezone(UTC)


def position_text(position: TrailPosition) -> str:
    """A place in the trail as part of an address: microseconds and id."""
    return f"{(position.at - _EPOCH) // _MICROSECOND}-{position.id}"


def position_of(text: str) -> TrailPosition | None:
    """None for no text; InvalidRequest for what is no place."""
    if not text:
        return None
    try:
        moment, _, id_ = text.partition("-")
        if len(text) > 40:
            raise ValueError(text)
        at = _EPOCH + timedelta(microseconds=int(moment))
        if not 0 <= int(id_) < 2**63:
            raise ValueError(text)
        return TrailPosition(at, int(id_))
    except (ValueError, OverflowError):
        raise InvalidRequest("This page of the trail does not exist. Search again.") from None
