"""The same page in another order's claim: how it was recognised, and whether the order's own record explains it."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from service.domain.evidence import Box, PageKind


class ReuseKind(StrEnum):
    """How two files were found to be one page, the surest first."""

    SAME_BYTES = "same_bytes"
    SAME_PICTURE = "same_picture"
    SAME_PICTURE_EDITED = "same_picture_edited"
    SAME_FACTS = "same_facts"


class Standing(StrEnum):
    """What a match says of this claim.

    ``reused``: the page is another order's. ``doubtful``: it may be; one conversation about two orders, say. ``own``:
    the page shows this order as well, such as a list of two orders bought together. ``generic``: nothing on it tells
    one order from another, as on an error dialog.
    """

    REUSED = "reused"
    DOUBTFUL = "doubtful"
    OWN = "own"
    GENERIC = "generic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reuse:
    """One page of this claim matched with one file of another order of the same platform. For reviewers only.

    ``boxes``: where the two pictures differ, in pixels of this page. ``difference``: share of the compared text area
    that differs, None where pixels were not compared. ``agreeing``, ``differing``: how many telling facts (numbers,
    moments) both show alike, and how many only one of them shows.
    """

    sha256: str
    other_sha256: str
    other_order: str
    other_case_id: uuid.UUID
    other_account: str
    same_account: bool
    kind: ReuseKind
    standing: Standing
    agreeing: int = 0
    differing: int = 0
    difference: float | None = None
    boxes: tuple[Box, ...] = ()
    note: str = ""

    @property
    def counts(self) -> bool:
        """Whether it keeps the claim from being approved automatically."""
        return self.standing in (Standing.REUSED, Standing.DOUBTFUL)


class FactKind(StrEnum):
    """``number``: named as order or trade number; ``code``: long and unnamed. Moments have no year: many print none."""

    NUMBER = "number"
    CODE = "code"
    SECOND = "second"
    MINUTE = "minute"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something printed that few other pages show. ``value``: look-alikes folded, or ``MM-DD HH:MM[:SS]`` local."""

    kind: FactKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFacts:
    """What tells a page from others of its kind. ``amounts``: minor units, every one printed.

    ``purchase``: it shows something of a purchase, where a notice to everybody does not. ``clock``: HH:MM of the
    status bar.
    """

    kind: PageKind = PageKind.UNKNOWN
    facts: tuple[Fact, ...] = ()
    amounts: tuple[int, ...] = ()
    purchase: bool = False
    clock: str | None = None


ENOUGH_KEYS = 2
"""Fact keys from which on a page is looked up by them alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A file as it is looked up and found again.

    ``facts`` as printed, ``stored``: the same facts in the same order, their values as digests of its platform's own.
    ``fact_keys``: a 64-bit signed number for every telling fact, its platform's own; ``picture_keys``: of the parts of
    ``picture_hash``.
    """

    sha256: str
    facts: PageFacts
    stored: PageFacts
    fact_keys: tuple[int, ...] = ()
    picture_keys: tuple[int, ...] = ()
    picture_hash: str | None = None

    @property
    def found_by(self) -> tuple[int, ...]:
        return (*self.fact_keys, *self.picture_keys)

    @property
    def looked_up_by(self) -> tuple[int, ...]:
        """Facts where there are enough. Looks lead to every page of a template; only without facts do they help."""
        return self.fact_keys if len(self.fact_keys) >= ENOUGH_KEYS else self.found_by


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A file sent for another order. ``facts``: their values as digests; ``shared``: keys in common.

    Where the bytes are the same neither is filled in.
    """

    sha256: str
    order_number: str
    case_id: uuid.UUID
    account_id: str
    same_bytes: bool = False
    shared: frozenset[int] = frozenset()
    facts: PageFacts | None = None
    picture_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureComparison:
    """Two pictures laid over each other.

    ``aligned``: whether they show the same page at all, scale and crop allowed for. ``difference``: share of the
    compared text area that differs beyond what re-compression does. ``boxes``: the places, in pixels of the first.
    ``same_bar``: both have a status bar, the same clock and signs in it; no two captures of a day are likely to.
    """

    aligned: bool
    difference: float = 1.0
    same_bar: bool = False
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """Sightings of each of a claim's files, by SHA-256.

    ``seen_to``: pictures are numbered as they are recorded; those below this number were seen, so that looking again
    later can see the same.
    """

    seen_to: int
    sightings: Mapping[str, tuple[Sighting, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReuseFindings:
    """``complete`` False: something could not be looked up or compared, so that finding nothing proves nothing."""

    found: tuple[Reuse, ...] = ()
    seen_to: int | None = None
    complete: bool = True

    @property
    def reused_orders(self) -> int:
        """Other orders that a page of this claim was sent for."""
        return len({one.other_order for one in self.found if one.counts})

    @property
    def reused_accounts(self) -> int:
        """Other accounts that sent a page of this claim."""
        return len({one.other_account for one in self.found if one.counts and not one.same_account})
