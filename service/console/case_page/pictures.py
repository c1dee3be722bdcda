"""The screenshots with everything drawn over them: facts, places that look worked over, gaps, and twins."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from service.console.case_page.fact_table import fact_of, field_text, fields_of
from service.console.case_page.surroundings import Surroundings
from service.console.case_page.words import ALSO_HONEST, FAILURES, GAPS, HINTS, REUSED, STANDINGS
from service.console.foreign_text import visible
from service.console.words import PAGES, named
from service.domain.assessment import Assessment
from service.domain.checks import CheckResult, Result
from service.domain.evidence import Box, Evidence, Failed, ImageFacts, PageKind, Read, TamperHint
from service.domain.reuse import Reuse
from service.domain.turning import TURNED
from service.evidence.hint_rarity import one_honest_page_in
from service.policy.gap_sentences import FACTS
from service.policy.obstacles import CHECK_NAMES

_AROUND = 0.004
"""Room left around a box, as a share of the picture's longer side: a line through the letters would hide them."""
_TWINS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A rectangle in the picture's pixels. ``fact``: the row it belongs to, empty for none; ``label``: what it is."""

    fact: str
    label: str
    x: float
    y: float
    width: float
    height: float
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """The page as it was sent for another order. ``differences``: on our picture. ``other_case``: to open it.

    ``address`` None: an identity card, which stays covered until it is revealed.
    """

    sha256: str
    address: str | None
    order: str
    other_case: str
    same_account: bool
    kind: str
    standing: str
    counts: bool
    difference: str | None
    differences: tuple[Drawn, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureView:
    """One file. ``address`` None: its picture is not sent to the browser at all (identity, until it is revealed).

    ``width`` and ``height`` are 0 where it could not be opened. ``quarters``: turns clockwise until it is upright.
    ``outlines``: where text stands on a concealed page. ``hints`` are empty for who has not judged yet.
    """

    sha256: str
    number: int
    kind: str
    name: str
    width: int
    height: int
    address: str | None
    concealed: bool
    quarters: int
    failure: str | None
    boxes: tuple[Drawn, ...] = ()
    outlines: tuple[Drawn, ...] = ()
    hints: tuple[Drawn, ...] = ()
    remarks: tuple[str, ...] = ()
    twins: tuple[Twin, ...] = ()

    @property
    def longer(self) -> int:
        return max(self.width, self.height)


def pictures(assessment: Assessment, around: Surroundings) -> tuple[PictureView, ...]:
    """Every file of the order, in the order received."""
    return tuple(_picture(number, item, assessment, around) for number, item in enumerate(assessment.evidence, 1))


def _picture(number: int, item: Evidence, assessment: Assessment, around: Surroundings) -> PictureView:
    language = around.language
    kind = item.page.kind if item.page is not None else PageKind.UNKNOWN
    if isinstance(item.outcome, Failed):
        reason = item.outcome.reason
        return PictureView(
            sha256=item.sha256,
            number=number,
            kind=named(PAGES, kind, language),
            name=visible(item.name, 80),
            width=0,
            height=0,
            address=None,
            concealed=False,
            quarters=0,
            failure=named(FAILURES, reason, language),
        )
    image, concealed = item.outcome.image, kind is PageKind.IDENTITY and item.sha256 not in around.revealed
    hints = () if around.blind else tuple(_hints(image, language))
    return PictureView(
        sha256=item.sha256,
        number=number,
        kind=named(PAGES, kind, language),
        name=visible(item.name, 80),
        width=image.width,
        height=image.height,
        address=None if concealed else f"{around.pictures}/{item.sha256}",
        concealed=concealed,
        quarters=-round(image.signals.get(TURNED, 0.0) / 90) % 4,
        failure=None,
        boxes=() if concealed else tuple(_boxes(item, image, assessment, around)),
        outlines=tuple(_outlines(item, image)) if concealed else (),
        hints=() if concealed else hints,
        remarks=tuple(_remarks(item, image, around)),
        twins=() if concealed else tuple(_twins(item, image, assessment, around)),
    )


def _boxes(item: Evidence, image: ImageFacts, assessment: Assessment, around: Surroundings) -> Iterator[Drawn]:
    """Of the facts that were compared, then of fields that stand elsewhere on the page, then of gaps."""
    taken: set[tuple[str, Box]] = set()
    for check in assessment.checks:
        if check.evidence_sha256 == item.sha256 and check.box is not None:
            taken.add((check.code.value, check.box))
            yield from _drawn(
                check.box, image, check.code.value, _check_label(check, around), failed=check.result is Result.FAIL
            )
    for field in fields_of(item):
        key = fact_of(field.name)
        if (key, field.box) not in taken:
            yield from _drawn(field.box, image, key, field_text(field, around.revealed))
    for gap in item.page.gaps if item.page is not None else ():
        if gap.box is not None:
            key = fact_of(gap.field) if gap.field is not None else ""
            yield from _drawn(gap.box, image, key, named(GAPS, gap.kind, around.language), failed=True)


def _check_label(check: CheckResult, around: Surroundings) -> str:
    return CHECK_NAMES[check.code].get(around.language)


def _outlines(item: Evidence, image: ImageFacts) -> Iterator[Drawn]:
    if isinstance(item.outcome, Read):
        for line in item.outcome.lines:
            yield from _drawn(line.box, image, "", "")


def _hints(image: ImageFacts, language: str) -> Iterator[Drawn]:
    for hint in image.hints:
        if hint.box is not None:
            yield from _drawn(hint.box, image, "", _told(hint, language))


def _remarks(item: Evidence, image: ImageFacts, around: Surroundings) -> Iterator[str]:
    """What holds of the whole file and has no place on it."""
    language = around.language
    for gap in item.page.gaps if item.page is not None else ():
        if gap.box is None:
            what = FACTS[gap.field].get(language) if gap.field is not None else named(PAGES, _kind(item), language)
            yield f"{what}: {named(GAPS, gap.kind, language)}"
    if not around.blind:
        for hint in image.hints:
            if hint.box is None:
                yield _told(hint, language)


def _told(hint: TamperHint, language: str) -> str:
    """A strength read as a chance would accuse the honest: half of their pages bear some sign."""
    name, pages = named(HINTS, hint.kind, language), one_honest_page_in(hint.kind, hint.strength)
    return name if pages is None else f"{name} · {ALSO_HONEST.get(language).format(pages=pages)}"


def _kind(item: Evidence) -> PageKind:
    return item.page.kind if item.page is not None else PageKind.UNKNOWN


def _twins(item: Evidence, image: ImageFacts, assessment: Assessment, around: Surroundings) -> Iterator[Twin]:
    found = [one for one in assessment.reuse if one.sha256 == item.sha256]
    for one in sorted(found, key=lambda each: not each.counts)[:_TWINS]:
        yield _twin(one, image, around)


def _twin(one: Reuse, image: ImageFacts, around: Surroundings) -> Twin:
    covered = one.other_sha256 in around.cards - around.revealed
    return Twin(
        sha256=one.other_sha256,
        address=None if covered else f"{around.pictures}/{one.other_sha256}",
        order=visible(one.other_order, 64),
        other_case=str(one.other_case_id),
        same_account=one.same_account,
        kind=named(REUSED, one.kind, around.language),
        standing=named(STANDINGS, one.standing, around.language),
        counts=one.counts,
        difference=None if one.difference is None else f"{one.difference * 100:.1f}%",
        differences=tuple(drawn for box in one.boxes for drawn in _drawn(box, image, "", "")),
    )


def _drawn(box: Box, image: ImageFacts, fact: str, label: str, *, failed: bool = False) -> Iterator[Drawn]:
    """The box with a little room around it, within the picture; nothing for one that is not on it."""
    edges = (box.x0, box.y0, box.x1, box.y1)
    if not all(math.isfinite(edge) for edge in edges):
        return
    room = _AROUND * max(image.width, image.height)
    x0, y0 = max(0.0, box.x0 - room), max(0.0, box.y0 - room)
    x1, y1 = min(float(image.width), box.x1 + room), min(float(image.height), box.y1 + room)
    if x1 > x0 and y1 > y0:
        yield Drawn(
            fact=fact,
            label=label,
            x=round(x0, 1),
            y=round(y0, 1),
            width=round(x1 - x0, 1),
            height=round(y1 - y0, 1),
            failed=failed,
        )
