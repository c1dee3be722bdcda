"""Every canonical meaning in the words of many makers, and what only sounds like one."""

from __future__ import annotations

import evidence_everyday_sayings as everyday
import evidence_fresh_sayings as fresh
import evidence_harmless_sayings as harmless
import evidence_latin_sayings as latin
import evidence_prompt_sayings as chinese
import pytest
from test_evidence_sayings import said

from service.domain.evidence import ErrorCode


def each(text: str) -> list[str]:
    return [saying.strip() for saying in text.strip().split("\n")]


SAYINGS = [
    (code, saying)
    for table in (chinese.SAYINGS, latin.SAYINGS, fresh.SAYINGS)
    for code, text in table.items()
    for saying in each(text)
]
HARMLESS = [
    saying
    for text in (
        harmless.CONFIRMATIONS,
        harmless.GOOD_NEWS,
        harmless.TIPS,
        harmless.BUTTONS_AND_LABELS,
        harmless.OTHER_THINGS,
        harmless.PROGRESS,
        harmless.PROMOTIONS,
        everyday.EVERYDAY,
    )
    for saying in each(text)
]


def test_the_tables_are_broad() -> None:
    assert {code for code, _ in SAYINGS} == set(ErrorCode)
    assert len(SAYINGS) >= 900
    assert len(HARMLESS) >= 400


@pytest.mark.parametrize(("code", "saying"), SAYINGS)
def test_a_saying_is_told_by_its_meaning(code: ErrorCode, saying: str) -> None:
    assert said(saying) == code.value


@pytest.mark.parametrize("saying", HARMLESS)
def test_what_reports_no_error_is_no_prompt(saying: str) -> None:
    assert said(saying) is None
