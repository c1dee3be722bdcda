"""One row per fact: what is claimed, what the screenshot says, what the platform has on record, and the verdict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.console.case_page.check_notes import note_in, says_more
from service.console.case_page.field_notes import field_note_in
from service.console.case_page.surroundings import RECHARGED_ACCOUNT
from service.console.case_page.words import VERDICTS, spoken
from service.console.foreign_text import visible
from service.console.words import REASONS, named
from service.domain.assessment import Assessment
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.evidence import Box, Evidence, Field, FieldName, PageKind
from service.domain.masking import mask_account
from service.policy.gap_sentences import FACTS
from service.policy.obstacles import CHECK_NAMES
from service.review.marking import CORRECTABLE

_OFFSET = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[+-]\d\d:\d\d\Z")
# Fields that are compared under another name.
_COMPARED_AS = {FieldName.ERROR_PROMPT: CheckCode.PROMPT_REASON, FieldName.STATUS: CheckCode.PAYMENT_STATE}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """``key`` ties the row to its boxes. ``page`` and ``box``: where the decisive reading stands, if anywhere.
    ``why``: the note, where something differs and the row does not show by itself what.

    ``masked``: shown with its middle covered; a reveal is logged.
    """

    key: str
    name: str
    claimed: str | None
    read: str | None
    record: str | None
    verdict: Result
    verdict_name: str
    note: str
    why: str
    page: str | None
    box: Box | None
    masked: bool = False

    @property
    def empty(self) -> bool:
        """Nothing was there to compare."""
        return self.claimed is None and self.read is None and self.record is None and self.verdict is Result.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadField:
    """A field that is read and compared with nothing, or a further page's. ``field``: its name in the reading;
    ``correctable``: it may be put right by hand. ``score`` in per cent."""

    key: str
    field: str
    correctable: bool
    name: str
    text: str
    page: str
    score: int
    note: str


def fact_of(field: FieldName) -> str:
    """The row that a field belongs to."""
    return _COMPARED_AS.get(field, field).value


def fact_table(assessment: Assessment, language: str, revealed: frozenset[str]) -> tuple[FactRow, ...]:
    """A row for every check, in one order on every case, so that eyes learn where to look."""
    found = {check.code: check for check in assessment.checks}
    return tuple(_row(found[code], language, revealed) for code in CheckCode if code in found)


def _row(check: CheckResult, language: str, revealed: frozenset[str]) -> FactRow:
    masked = check.code is CheckCode.RECHARGED_ACCOUNT and RECHARGED_ACCOUNT not in revealed

    def cell(text: str | None) -> str | None:
        if text is None:
            return None
        # Every moment on the page is told in the platform's zone, which the page names once.
        return visible(mask_account(text) if masked else spoken(_OFFSET.sub(r"\1", text), language))

    reason = check.claimed if check.claimed in REASONS else None
    return FactRow(
        key=check.code.value,
        name=CHECK_NAMES[check.code].get(language),
        claimed=cell(check.claimed) if reason is None else named(REASONS, reason, language),
        read=cell(check.read),
        record=cell(check.record),
        verdict=check.result,
        verdict_name=named(VERDICTS, check.result, language),
        note=visible(note_in(language, check.note)),
        why=visible(note_in(language, check.note)) if check.result is Result.FAIL and says_more(check.note) else "",
        page=check.evidence_sha256,
        box=check.box,
        masked=masked and any((check.claimed, check.read, check.record)),
    )


def read_fields(assessment: Assessment, language: str, revealed: frozenset[str]) -> tuple[ReadField, ...]:
    """Everything else that was read, page by page; nothing of identity cards, which have no fields to show."""
    return tuple(
        ReadField(
            key=fact_of(field.name),
            field=field.name.value,
            correctable=field.name in CORRECTABLE,
            name=FACTS[field.name].get(language) if field.name in FACTS else field.name.value,
            text=field_text(field, revealed),
            page=item.sha256,
            score=round(field.score * 100),
            note=visible(field_note_in(language, field.note)),
        )
        for item in assessment.evidence
        for field in fields_of(item)
    )


def fields_of(item: Evidence) -> Iterator[Field]:
    """By name, so that a page is the same page whatever order the database kept."""
    if item.page is not None and item.page.kind is not PageKind.IDENTITY:
        for name in sorted(item.page.fields):
            yield item.page.fields[name]


def field_text(field: Field, revealed: frozenset[str]) -> str:
    covered = field.name is FieldName.RECHARGED_ACCOUNT and RECHARGED_ACCOUNT not in revealed
    return visible(mask_account(field.text) if covered else field.text)
