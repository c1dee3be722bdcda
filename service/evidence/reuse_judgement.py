"""Whether a page and a sighting of it on another order are one page, and what that says of the claim. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.domain.claims import Claim, ReasonCode
from service.domain.evidence import PageKind
from service.domain.reuse import (
    Fact,
    FactKind,
    PageFacts,
    Picture,
    PictureComparison,
    Reuse,
    ReuseKind,
    Sighting,
    Standing,
)
from service.evidence.reuse import Explained

# Bits by which a shared fact tells two pages of one platform from chance, over the 90 days claims reach back: a second
# is one of 2^23, a minute one of 2^17; both are taken lower, for people buy in the evening and at the same moments as
# others. Amounts are few. What several moments add is little, since they lie close together.
_NUMBER_BITS, _SECOND_BITS, _MINUTE_BITS, _AMOUNT_BITS = 40, 22, 14, 5
_FURTHER_SECOND_BITS, _FURTHER_MINUTE_BITS = 11, 4
# A million stored pages are 2^20; one chance match in a hundred claims would be too many.
ENOUGH_BITS = 27
# With the same picture all over, a minute will do.
ENOUGH_WITH_PICTURE = 14
_FEWEST_LOOKS = 2  # keys of looks in common, where there are no facts
_IDENTIFIERS = (FactKind.NUMBER, FactKind.CODE)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Facts of two pages: shared ones the claim's record explains, shared ones it does not, and those of one alone."""

    own: tuple[Fact, ...]
    foreign: tuple[Fact, ...]
    differing: int
    bits: int

    @property
    def shared(self) -> int:
        return len(self.own) + len(self.foreign)


def agreement(picture: Picture, other: PageFacts, explained: Explained) -> Agreement:
    """``other``: facts as stored. Numbers are compared by value, whether both readings named them or not."""
    theirs = {_identity(fact) for fact in other.facts}
    mine = {_identity(stored): fact for fact, stored in zip(picture.facts.facts, picture.stored.facts, strict=True)}
    shared = [fact for identity, fact in mine.items() if identity in theirs]
    own = tuple(fact for fact in shared if explained.covers(fact))
    foreign = tuple(fact for fact in shared if not explained.covers(fact))
    # A moment of this order's own that the other page lacks: what both show beside it may be a batch of deliveries.
    own_moment = any(
        fact.kind not in _IDENTIFIERS and identity not in theirs and explained.covers(fact)
        for identity, fact in mine.items()
    )
    amounts = (set(picture.facts.amounts) & set(other.amounts)) - explained.amounts
    different_orders = _different_orders(picture.stored, other)
    bits = _identifier_bits(foreign, different_orders) + _moment_bits(foreign, bool(amounts)) // (
        2 if own_moment else 1
    )
    return Agreement(own, foreign, len(mine.keys() ^ theirs), bits)


def needs_pixels(picture: Picture, sighting: Sighting, explained: Explained) -> bool:
    """Whether laying the pictures over each other can say more than the facts: not where both tell of other orders."""
    if sighting.same_bytes or sighting.facts is None:
        return False
    if agreement(picture, sighting.facts, explained).shared:
        return True
    # Facts on both sides and none shared: two orders, however alike their pages look.
    facts_on_both = bool(picture.facts.facts) and bool(sighting.facts.facts)
    return not facts_on_both and len(sighting.shared) >= _FEWEST_LOOKS


def only_pixels_tell(picture: Picture, sighting: Sighting, explained: Explained) -> bool:
    """Whether what both say is enough with the same picture, and too little without: left unlaid, nobody knows."""
    if sighting.same_bytes or sighting.facts is None:
        return False
    return ENOUGH_WITH_PICTURE <= agreement(picture, sighting.facts, explained).bits < ENOUGH_BITS


def judged(
    picture: Picture,
    sighting: Sighting,
    claim: Claim,
    explained: Explained,
    comparison: PictureComparison | None = None,
) -> Reuse | None:
    """The match, or None where the two are different pages as far as anyone can tell."""
    other = picture.stored if sighting.same_bytes else sighting.facts
    if other is None:
        return None
    facts = agreement(picture, other, explained)
    kind = _kind(sighting, facts, comparison)
    if kind is None:
        return None
    standing, note = _standing(kind, picture.facts, facts, sighting, claim, comparison)
    return Reuse(
        sha256=picture.sha256,
        other_sha256=sighting.sha256,
        other_order=sighting.order_number,
        other_case_id=sighting.case_id,
        other_account=sighting.account_id,
        same_account=sighting.account_id == claim.account.id,
        kind=kind,
        standing=standing,
        agreeing=facts.shared,
        differing=facts.differing,
        difference=comparison.difference if comparison and comparison.aligned else None,
        boxes=comparison.boxes if comparison and comparison.aligned else (),
        note=note,
    )


def _kind(sighting: Sighting, facts: Agreement, comparison: PictureComparison | None) -> ReuseKind | None:
    if sighting.same_bytes:
        return ReuseKind.SAME_BYTES
    if comparison is None or not comparison.aligned:
        return ReuseKind.SAME_FACTS if facts.bits >= ENOUGH_BITS else None
    if not comparison.boxes:
        return ReuseKind.SAME_PICTURE
    return ReuseKind.SAME_PICTURE_EDITED if facts.bits >= ENOUGH_BITS else None


def _standing(
    kind: ReuseKind,
    page: PageFacts,
    facts: Agreement,
    sighting: Sighting,
    claim: Claim,
    comparison: PictureComparison | None,
) -> tuple[Standing, str]:
    if any(fact.kind in _IDENTIFIERS for fact in facts.own):
        return Standing.OWN, "both pages show this order"
    if _paid_twice(claim, sighting):
        return Standing.OWN, "the other order is the one this claim says was paid twice"
    if page.kind is PageKind.IDENTITY:
        same = sighting.account_id == claim.account.id
        return (Standing.GENERIC if same else Standing.DOUBTFUL), "the same proof of identity"
    if kind is ReuseKind.SAME_BYTES and facts.bits < ENOUGH_WITH_PICTURE:
        # A second capture of a dialog has other bytes; a copied file is looked at by a person.
        return Standing.DOUBTFUL, "the same file; nothing on it names an order"
    if kind is ReuseKind.SAME_PICTURE and facts.bits < ENOUGH_WITH_PICTURE:
        # Where the bar was cropped away, what stands in its place is every capture's title.
        same_clock = page.clock is not None and sighting.facts is not None and page.clock == sighting.facts.clock
        if same_clock and comparison is not None and comparison.same_bar:
            return Standing.DOUBTFUL, "the same capture, clock and all; nothing on it names an order"
        return Standing.GENERIC, "the same picture; nothing on it names an order"
    if page.kind is PageKind.CHAT and sighting.account_id == claim.account.id:
        return Standing.DOUBTFUL, "one conversation sent for two orders of one account"
    if _only_moments(facts.foreign) and page.kind in (PageKind.PROMPT, PageKind.UNKNOWN) and not page.purchase:
        return Standing.GENERIC, "the pages share a moment and show no purchase, as a notice does"
    return Standing.REUSED, _told(kind)


def _paid_twice(claim: Claim, sighting: Sighting) -> bool:
    """The buyer names the other order, so only his own counts, and only where that is what he claims."""
    named = claim.reason is ReasonCode.DUPLICATE_PAYMENT and sighting.order_number == claim.duplicate_of
    return named and sighting.account_id == claim.account.id


def _told(kind: ReuseKind) -> str:
    return {
        ReuseKind.SAME_BYTES: "the same file was sent for another order",
        ReuseKind.SAME_PICTURE: "the same picture was sent for another order",
        ReuseKind.SAME_PICTURE_EDITED: "a picture sent for another order, with something changed",
        ReuseKind.SAME_FACTS: "the page shows another order's facts",
    }[kind]


def _identity(fact: Fact) -> tuple[str, str]:
    return ("id" if fact.kind in _IDENTIFIERS else "at", fact.value)


def _different_orders(page: PageFacts, other: PageFacts) -> bool:
    """Both name order or trade numbers, and none is the same."""
    mine, theirs = _numbers(page), _numbers(other)
    return bool(mine) and bool(theirs) and not mine & theirs


def _numbers(page: PageFacts) -> set[str]:
    return {fact.value for fact in page.facts if fact.kind is FactKind.NUMBER}


def _identifier_bits(foreign: Sequence[Fact], different_orders: bool) -> int:
    """An unnamed code beside numbers that differ is the seller's account or the like."""
    kinds = [fact.kind for fact in foreign]
    return _NUMBER_BITS * (kinds.count(FactKind.NUMBER) + (0 if different_orders else kinds.count(FactKind.CODE)))


def _moment_bits(foreign: Sequence[Fact], amount: bool) -> int:
    kinds = [fact.kind for fact in foreign]
    seconds, minutes = kinds.count(FactKind.SECOND), kinds.count(FactKind.MINUTE)
    if seconds:
        bits = _SECOND_BITS + _FURTHER_SECOND_BITS * (seconds - 1) + _FURTHER_MINUTE_BITS * minutes
    elif minutes:
        bits = _MINUTE_BITS + _FURTHER_MINUTE_BITS * (minutes - 1)
    else:
        return 0
    return bits + (_AMOUNT_BITS if amount else 0)


def _only_moments(foreign: Iterable[Fact]) -> bool:
    return all(fact.kind not in _IDENTIFIERS for fact in foreign)
