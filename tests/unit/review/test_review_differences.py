"""Replay's naming of differences, over assessments that differ in one thing."""

from __future__ import annotations

import math
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from service.domain.assessment import Assessment, BuyerAnswer, Decision, Reason, Recommendation, Risk, Text, Verdict
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.evidence import Box as Rectangle
from service.domain.evidence import Evidence, Failed, FailedReason, ImageFacts, Line, Read
from service.review.replay import TOLERANCE, _differences, _verdict

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
WORDS = Text(zh="字", en="word")
SHA = "ab" * 32


def page(text: str = "订单号 A1") -> Evidence:
    image = ImageFacts(media_type="image/png", width=100, height=100)
    return Evidence(sha256=SHA, outcome=Read(lines=(Line(text, 0.9, Rectangle(0, 0, 9, 9)),), image=image))


def risk(probability: float) -> Risk:
    return Risk(probability=probability, log_odds=-2.0, base=-2.0, contributions=(), model="m")


STORED = Assessment(
    id=uuid.uuid4(),
    case_id=uuid.uuid4(),
    as_of=NOW,
    assessed_at=NOW,
    verdict=Verdict(
        decision=Decision.MANUAL_REVIEW,
        recommendation=Recommendation.REVIEW,
        reasons=(Reason(code="r", text=WORDS, contribution=0.5),),
        buyer=BuyerAnswer(message=WORDS, next=WORDS),
    ),
    evidence=(page(),),
    checks=(CheckResult(code=CheckCode.AMOUNT, result=Result.PASS),),
    features={"f": 1.0, "missing": math.nan},
    risk=risk(0.2),
    threshold=0.1,
    certificate="c",
    history={"h": 2.0, "none": None},
    versions={"policy": "p1", "model": "m1"},
)


def names(**changes: Any) -> list[str]:
    return [item.what for item in _differences(STORED, replace(STORED, **changes))]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"versions": {"policy": "p2", "model": "m1"}}, ["version policy"]),
        ({"versions": {"policy": "p1"}}, ["version model"]),
        ({"checks": (CheckResult(code=CheckCode.AMOUNT, result=Result.FAIL),)}, [f"check {CheckCode.AMOUNT.value}"]),
        ({"checks": ()}, [f"check {CheckCode.AMOUNT.value}"]),
        ({"history": {"h": 3.0, "none": None}}, ["history h"]),
        ({"history": {"h": 2.0, "none": 0.0}}, ["history none"]),
        ({"features": {"f": 1.5, "missing": math.nan}}, ["feature f"]),
        ({"features": {"f": 1.0, "missing": 0.0}}, ["feature missing"]),
        ({"features": {"f": 1.0 + TOLERANCE / 2, "missing": math.nan}}, []),
        ({"risk": risk(0.3)}, ["risk"]),
        ({"risk": None}, ["risk"]),
        ({"faults": ("history_unavailable",)}, ["faults"]),
        ({"evidence": ()}, [f"evidence {SHA[:12]}"]),
    ],
)
def test_each_difference_is_named_once(changes: dict[str, Any], expected: list[str]) -> None:
    assert names(**changes) == expected


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (FailedReason.MISSING_FILE, "erased"),
        (FailedReason.DAMAGED, "damaged"),
        (FailedReason.READER_CRASHED, "reader_crashed"),
    ],
)
def test_evidence_that_ends_otherwise_is_named_by_its_end(reason: FailedReason, word: str) -> None:
    now = replace(STORED, evidence=(Evidence(sha256=SHA, outcome=Failed(reason=reason)),))
    (found,) = _differences(STORED, now)
    assert (found.what, found.stored, found.now) == (f"evidence {SHA[:12]}", "read", word)


def test_a_decision_and_its_reasons() -> None:
    verdict = replace(STORED.verdict, decision=Decision.MATERIALS_NEEDED, reasons=())
    assert names(verdict=verdict) == ["decision", "reasons"]


def test_the_last_digits_of_a_contribution_do_not_make_another_verdict() -> None:
    near = replace(STORED.verdict, reasons=(Reason(code="r", text=WORDS, contribution=0.5000001),))
    other = replace(STORED.verdict, reasons=(Reason(code="s", text=WORDS, contribution=0.5),))
    assert _verdict(near) == _verdict(STORED.verdict)
    assert _verdict(other) != _verdict(STORED.verdict)
