"""What people put right on a page: parsed as the reader would, and laid over its reading and nothing else."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from service.domain.actors import Actor, ActorKind
from service.domain.evidence import Box, Evidence, Field, FieldName, ImageFacts, Page, PageKind, Read
from service.domain.marks import ReadingLabel
from service.evidence.corrected import CORRECTED, value_of, with_corrections

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        (FieldName.AMOUNT, "￥12.34", 1234),
        (FieldName.AMOUNT, "about twelve", None),
        (FieldName.ORDERED_AT, "2026-11-20 09:30", "2026-11-20T09:30"),
        (FieldName.ORDERED_AT, "some day", None),
        (FieldName.ORDER_NUMBER, "QW2026 1119 0001", "QW202611190001"),
        (FieldName.ORDER_NUMBER, "none", None),
        (FieldName.PAYEE, " 青梧数卡 ", "青梧数卡"),
        (FieldName.PAYEE, "x" * 201, None),
        (FieldName.ERROR_PROMPT, "激活码无效", None),
    ],
)
def test_a_value_is_parsed_or_refused(name: FieldName, text: str, value: str | int | None) -> None:
    assert value_of(name, text, DAY) == value


def test_the_last_word_on_a_field_counts_and_the_rest_stays() -> None:
    fields = {
        name: Field(name=name, value=value, text=str(value), score=0.7, box=Box(0, 0, 9, 9))
        for name, value in ((FieldName.AMOUNT, 1284), (FieldName.PAYEE, "甲"))
    }
    item = Evidence(
        sha256="a" * 64,
        outcome=Read(lines=(), image=ImageFacts(media_type="image/png", width=9, height=9)),
        page=Page(kind=PageKind.ORDER, fields=fields),
    )
    other = Evidence(sha256="b" * 64, outcome=item.outcome)

    def label(value: int, minutes: int, sha256: str = "a" * 64, name: FieldName = FieldName.AMOUNT) -> ReadingLabel:
        return ReadingLabel(
            id=uuid.uuid4(), platform_id="p", case_id=uuid.uuid4(), sha256=sha256, field=name, read="1284",
            text=f"¥{value / 100}", value=value, reader="r", actor=Actor(ActorKind.PERSON, "user:ana"),
            recorded_at=NOW + timedelta(minutes=minutes),
        )  # fmt: skip

    assert with_corrections((item, other), ()) == (item, other)
    first, second = with_corrections(
        (item, other), [label(1, 0), label(1234, 1), label(5, 2, "b" * 64), label(5, 3, name=FieldName.FACE_VALUE)]
    )
    assert second is other
    assert first.page is not None
    assert set(first.page.fields) == set(fields)
    corrected = first.page.fields[FieldName.AMOUNT]
    assert (corrected.value, corrected.rule, corrected.score, corrected.box) == (1234, CORRECTED, 0.7, Box(0, 0, 9, 9))
    assert first.page.fields[FieldName.PAYEE] == fields[FieldName.PAYEE]
