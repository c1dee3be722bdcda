"""What tells a page from others of its kind, and whether two pages of two orders are one. Pure.

An honest buyer's page shows facts of the order it is sent for; the platform's record explains those. What a page shares
with another order's page *beyond* that is what gives re-use away, whether or not something else on it was changed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from service.domain.claims import Claim
from service.domain.evidence import Evidence, Failed, Field, FieldName, Page, PageKind, Read
from service.domain.identifiers import fold_identifier
from service.domain.reuse import ENOUGH_KEYS, Fact, FactKind, PageFacts, Picture
from service.evidence.amounts import find_amounts
from service.evidence.normalise import clean, words_only
from service.evidence.times import parse_time, shows_seconds

# An unnamed code must be this long, with so many digits, to be told from versions, hotlines and phone numbers.
_SHORTEST_CODE, _FEWEST_DIGITS = 12, 8
_SHORTEST_NUMBER = 6
_CODE = re.compile(r"(?<![A-Za-z0-9*])[A-Za-z0-9][A-Za-z0-9\-_]{10,62}[A-Za-z0-9](?![A-Za-z0-9*])")
_DAY_FIRST = re.compile(r"20\d\d[-_]\d{1,2}[-_]\d{1,2}")
_GROUPED = re.compile(r"(?<=\d{3}) (?=\d{3})")
# Numbers of the seller or the app, the same on everybody's page.
_NOT_THE_BUYERS = re.compile(r"ICP|备案|信用代码|许可证|客服|热线|公安|版本|version", re.IGNORECASE)
_RELATIVE = re.compile(r"昨|今|前天|today|yesterday", re.IGNORECASE)
_CLOCK = re.compile(r"\d\s*[:：时]\s*\d")
# Any leap day's year: only month, day and time of what it gives are used.
_SOME_DAY = date(2032, 12, 31)
_MOST_FACTS, _MOST_AMOUNTS = 32, 6
_SHORTEST_WORDING, _MOST_WORDINGS, _PART = 6, 4, 6  # characters, lines, characters
_NEAR_RECORD = timedelta(minutes=2)
_NUMBERS = (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER)
_OF_A_PURCHASE = frozenset({*FieldName} - {FieldName.ERROR_PROMPT, FieldName.CLOCK, FieldName.PLATFORM_MARK})
_TIMES = (FieldName.ORDERED_AT, FieldName.PAID_AT)


def picture_of(platform_id: str, item: Evidence) -> Picture:
    """The page with the keys it is looked up by."""
    facts = facts_of(item)
    picture_hash = None if isinstance(item.outcome, Failed) else item.outcome.image.picture_hash
    keys = (_key(platform_id, text) for text in _key_texts(facts))
    facts_found_by = tuple(dict.fromkeys(keys))
    wording = _wording(item, facts) if len(facts_found_by) < ENOUGH_KEYS else ()
    looks = (_key(platform_id, part) for part in (*_hash_parts(picture_hash), *wording))
    return Picture(
        sha256=item.sha256,
        facts=facts,
        stored=_digested(platform_id, facts),
        fact_keys=facts_found_by,
        picture_keys=tuple(dict.fromkeys(looks)),
        picture_hash=picture_hash,
    )


def _digested(platform_id: str, facts: PageFacts) -> PageFacts:
    """Values as digests under the platform's name: to be compared, never read."""
    return replace(facts, facts=tuple(Fact(fact.kind, f"{_key(platform_id, fact.value):x}") for fact in facts.facts))


def facts_of(item: Evidence) -> PageFacts:
    """The telling facts of a page, named numbers first; none where it could not be read.

    None of an identity card, which honestly serves any order of its holder.
    """
    if not isinstance(item.outcome, Read) or (item.page and item.page.kind is PageKind.IDENTITY):
        return PageFacts(kind=item.page.kind if item.page else PageKind.UNKNOWN)
    texts = [line.text for line in item.outcome.lines]
    named = dict.fromkeys(_named(item.page))
    codes = {fact.value for fact in named if fact.kind is FactKind.NUMBER}
    facts = named | dict.fromkeys(
        Fact(FactKind.CODE, code) for text in texts for code in _codes(text) if code not in codes
    )
    # Moments last: they say less than a number, and are the easiest to print many of.
    facts |= dict.fromkeys(fact for text in texts for fact in _moments(text))
    amounts = dict.fromkeys(one.minor for text in texts for one in find_amounts(text) if one.marked and one.minor)
    return PageFacts(
        kind=item.page.kind if item.page else PageKind.UNKNOWN,
        facts=tuple(facts)[:_MOST_FACTS],
        amounts=tuple(amounts)[:_MOST_AMOUNTS],
        purchase=_of_a_purchase(item.page),
        clock=_clock_of(item.page),
    )


def _clock_of(page: Page | None) -> str | None:
    found = page.fields.get(FieldName.CLOCK) if page else None
    return str(found.value) if found else None


def _of_a_purchase(page: Page | None) -> bool:
    return page is not None and bool(page.rows or _OF_A_PURCHASE & page.fields.keys())


def _named(page: Page | None) -> Iterator[Fact]:
    if page is None:
        return
    for fields in (page.fields, *(row.fields for row in page.rows)):
        for name in _NUMBERS:
            if name in fields and len(value := fold_identifier(str(fields[name].value))) >= _SHORTEST_NUMBER:
                yield Fact(FactKind.NUMBER, value)
        for name in _TIMES:
            if name in fields:
                yield from _field_moment(fields[name])


def _field_moment(field: Field) -> Iterator[Fact]:
    """A moment the extractor put together from two lines; not one it worked out from 昨天, which moves with the day."""
    if _RELATIVE.search(field.text) is None and "T" in str(field.value):
        value = str(field.value)
        yield from _moment(datetime.fromisoformat(value), seconds=shows_seconds(value))


def _moments(text: str) -> Iterator[Fact]:
    if _CLOCK.search(text) is None or _RELATIVE.search(text):
        return
    printed = parse_time(text, as_of=_SOME_DAY)
    if printed is not None and printed.time is not None:
        yield from _moment(datetime.combine(printed.day, printed.time), seconds=printed.seconds)


def _moment(moment: datetime, *, seconds: bool) -> Iterator[Fact]:
    """Round moments are announcements, validities and the like; buyers pay at odd ones."""
    if (moment.minute == 0 and (not seconds or moment.second == 0)) or (moment.hour, moment.minute) == (23, 59):
        return
    pattern = "%m-%d %H:%M:%S" if seconds else "%m-%d %H:%M"
    yield Fact(FactKind.SECOND if seconds else FactKind.MINUTE, moment.strftime(pattern))


def _codes(text: str) -> Iterator[str]:
    plain = _GROUPED.sub("", clean(text))
    if _NOT_THE_BUYERS.search(plain):
        return
    for match in _CODE.finditer(plain):
        code = fold_identifier(match[0])
        digits = sum(character.isdigit() for character in match[0])
        if len(code) >= _SHORTEST_CODE and digits >= _FEWEST_DIGITS and not _DAY_FIRST.match(match[0]):
            yield code


def _key_texts(facts: PageFacts) -> Iterator[str]:
    """A minute alone is shared by many; with an amount or another minute by few."""
    minutes = [fact.value for fact in facts.facts if fact.kind is FactKind.MINUTE]
    yield from (" ".join(sorted(pair)) for pair in pairwise(minutes[:4]))
    for fact in facts.facts:
        if fact.kind is FactKind.MINUTE:
            yield from (f"{fact.value} {amount}" for amount in facts.amounts[:3])
        else:
            # A number one reading named and another did not is still the same number.
            yield fact.value


def _hash_parts(picture_hash: str | None) -> Iterator[str]:
    """Halves of each block's 64 bits: re-saving flips a few bits of some block, and leaves some half whole."""
    for at, block in enumerate(picture_hash.split(".") if picture_hash else ()):
        half = len(block) // 2
        yield from (f"picture {at} left {block[:half]}", f"picture {at} right {block[half:]}")


def _wording(item: Evidence, facts: PageFacts) -> Iterator[str]:
    """A part of each of the longest lines, for pages without facts: a crop moves a hash, but spares most of a line.

    Of a line's parts the one whose digest is smallest, which is the same wherever the line was cut elsewhere.
    """
    if facts.kind is PageKind.IDENTITY or not isinstance(item.outcome, Read):
        return
    texts = sorted({words_only(line.text) for line in item.outcome.lines}, key=lambda text: (-len(text), text))
    longest = [text for text in texts if len(text) >= _SHORTEST_WORDING][:_MOST_WORDINGS]
    parts = [_steady_part(text) for text in longest]
    yield from (f"words {part}" for part in parts)
    if facts.clock and parts:
        yield f"words {parts[0]} at {facts.clock}"


def _steady_part(text: str) -> str:
    parts = (text[at : at + _PART] for at in range(max(1, len(text) - _PART + 1)))
    return min(parts, key=lambda part: hashlib.blake2b(part.encode(), digest_size=8).digest())


def _key(platform_id: str, text: str) -> int:
    """Keyed by the platform, so that the same fact has another key on another platform."""
    digest = hashlib.blake2b(text.encode(), digest_size=8, key=platform_id.encode()[:64]).digest()
    return int.from_bytes(digest, "big", signed=True)


@dataclass(frozen=True, slots=True)
class Explained:
    """What the record says of the claim's own order: numbers folded, moments local without zone, amounts minor."""

    numbers: frozenset[str]
    moments: tuple[datetime, ...]
    amounts: frozenset[int]

    def covers(self, fact: Fact) -> bool:
        if fact.kind in (FactKind.NUMBER, FactKind.CODE):
            return fact.value in self.numbers
        return any(_near(fact.value, moment) for moment in self.moments)


def explained_by(claim: Claim, zone: ZoneInfo) -> Explained:
    order, log = claim.order, claim.fulfilment
    numbers = (order.order_number, order.trade_number, claim.reference)
    moments = (
        order.ordered_at, order.paid_at, order.confirmed_at, log.delivered_at, log.activated_at, log.promised_by,
    )  # fmt: skip
    return Explained(
        numbers=frozenset(fold_identifier(number) for number in numbers if number),
        moments=tuple(moment.astimezone(zone).replace(tzinfo=None) for moment in moments if moment),
        amounts=frozenset({order.amount_paid.minor, claim.amount_claimed.minor}),
    )


def _near(value: str, moment: datetime) -> bool:
    pattern = "%Y-%m-%d %H:%M:%S" if value.count(":") == 2 else "%Y-%m-%d %H:%M"
    try:
        printed = datetime.strptime(f"{moment.year}-{value}", pattern)  # noqa: DTZ007 - local on both sides
    except ValueError:  # the 29th of February
        return False
    return abs(printed - moment) <= _NEAR_RECORD
