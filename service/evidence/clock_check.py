"""The status bar's clock and the day of the claim against the times a page prints.

A capture is made after everything it shows. Where it was made on the day of the newest time, the clock must not stand
before that time; and nothing on a page lies after the claim it came with.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from service.domain.evidence import Box, FieldName, HintKind, Page, Read, TamperHint

_SLACK = timedelta(minutes=2)  # clocks of phone and platform differ
# A buyer east of the platform's zone lives a day ahead for some hours; only what is two days ahead cannot be.
_AHEAD = timedelta(days=2)
# By hand, not fitted: few captures are made on the day of the claim, so there was nothing to count.
_BEFORE_STRENGTH, _FUTURE_STRENGTH = 0.6, 0.6
_MOMENTS = (FieldName.ORDERED_AT, FieldName.PAID_AT)


def with_clock_hints(outcome: Read, page: Page, as_of: date | None) -> Read:
    """The reading with what the page's times give away, strongest hints first. ``as_of``: local day of the claim."""
    found = tuple(clock_hints(page, as_of)) if as_of else ()
    if not found:
        return outcome
    hints = tuple(sorted((*outcome.image.hints, *found), key=lambda hint: -hint.strength))
    return replace(outcome, image=replace(outcome.image, hints=hints))


def clock_hints(page: Page, as_of: date) -> Iterator[TamperHint]:
    """At most one hint of each kind: a time after the claim's day, a clock before a time of that day."""
    moments = [(moment, box) for text, box in _printed(page) if (moment := _moment(text)) is not None]
    if not moments:
        return
    newest, box = max(moments, key=lambda found: found[0])
    if newest.date() >= as_of + _AHEAD:
        note = "a time printed on the page lies after the claim"
        yield TamperHint(kind=HintKind.CLOCK, strength=_FUTURE_STRENGTH, box=box, note=note)
        return
    clock = page.fields.get(FieldName.CLOCK)
    if clock is None or newest.date() != as_of:
        return
    shown = datetime.combine(as_of, time.fromisoformat(str(clock.value)))
    if shown + _SLACK < newest:
        note = "the status bar's clock stands before a time printed on the page"
        yield TamperHint(kind=HintKind.CLOCK, strength=_BEFORE_STRENGTH, box=clock.box, note=note)


def _printed(page: Page) -> Iterator[tuple[str, Box]]:
    """Times of what had happened when the page was captured; the end of a term lies ahead by its nature."""
    for name in _MOMENTS:
        if (field := page.fields.get(name)) is not None:
            yield str(field.value), field.box
    for row in page.rows:
        for name in _MOMENTS:
            if (field := row.fields.get(name)) is not None:
                yield str(field.value), field.box
    for message in page.messages:
        if message.said_at:
            yield message.said_at, message.box


def _moment(text: str) -> datetime | None:
    """ISO local time, or the first moment of a day printed without its time; another zone's clock says nothing of
    the phone's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo else moment
