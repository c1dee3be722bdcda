from __future__ import annotations

from typing import Any

from service.domain.evidence import Box, Field, FieldName, Identity, Message, OrderRow, Page, PageKind, Speaker
from service.evidence.identity_card import digest
from training.screens.compare import Verdict
from training.screens.compare_content import KEY, content

NUMBER = "330199198411078989"


def truth(**parts: Any) -> dict[str, Any]:
    return {"extras": {}, "orders": [], "messages": [], **parts}


def verdicts(expected: dict[str, Any], page: Page | None) -> list[tuple[str, str]]:
    return [(found.field, found.verdict.value) for found in content("f.png", expected, page)]


def field(name: FieldName, value: str | int, *, top: float = 0.0, score: float = 0.99) -> Field:
    return Field(name=name, value=value, text=str(value), score=score, box=Box(0, top, 100, top + 20))


def fields(*found: Field) -> dict[FieldName, Field]:
    return {one.name: one for one in found}


def test_marks_and_terms_are_right_wrong_missed_or_invented() -> None:
    expected = truth(
        extras={"clock": {"value": "09:41"}, "face_value": {"value": 5000}, "platform_mark": {"value": "星河"}}
    )
    shown = fields(
        field(FieldName.CLOCK, "09:41"), field(FieldName.FACE_VALUE, 500), field(FieldName.VALID_UNTIL, "2026-01-01")
    )
    assert verdicts(expected, Page(kind=PageKind.ORDER, fields=shown)) == [
        ("clock", "right"),
        ("platform_mark", "missed"),
        ("face_value", "wrong"),
        ("valid_until", "invented"),
    ]
    assert verdicts(expected, None) == [("clock", "missed"), ("platform_mark", "missed"), ("face_value", "missed")]


def order(top: float, **facts: str | int) -> dict[str, Any]:
    return {"fields": facts, "boxes": {name: [0, top, 100, top + 20] for name in facts}}


def row(top: float, *found: Field) -> OrderRow:
    return OrderRow(fields=fields(*found), box=Box(0, top - 10, 100, top + 30))


def test_rows_are_held_against_the_orders_they_stand_on() -> None:
    expected = truth(
        orders=[
            order(100, product="甲", amount=100),
            order(200, product="乙", amount=200),
            order(300, product="丙", amount=300),
            order(400, product="丁"),  # cut at the page's end
        ]
    )
    rows = (
        row(100, field(FieldName.PRODUCT, "甲"), field(FieldName.AMOUNT, 100)),
        row(200, field(FieldName.PRODUCT, "乙"), field(FieldName.AMOUNT, 300)),
        row(600, field(FieldName.PRODUCT, "戊"), field(FieldName.AMOUNT, 5)),
    )
    found = verdicts(expected, Page(kind=PageKind.LIST, fields={}, rows=rows))
    assert found == [("list_row", "right"), ("list_row", "wrong"), ("list_row", "missed"), ("list_row", "invented")]


def said(who: str, text: str, *, promise: bool = False, shown: bool = True) -> dict[str, Any]:
    return {"who": who, "text": text, "promise": promise, "box": [0, 0, 1, 1] if shown else None}


def test_messages_count_by_speaker_and_promises_by_meaning() -> None:
    expected = truth(
        messages=[
            said("buyer", "会员没开通"),
            said("support", "24小时内会给您退款", promise=True),
            said("support", "请稍等，正在查询"),
            said("buyer", "这句没有显示完整", shown=False),
        ]
    )
    messages = (
        Message(speaker=Speaker.SELF, text="会员没开通", box=Box(0, 0, 1, 1)),
        Message(speaker=Speaker.OTHER, text="24小时内会给您退款", box=Box(0, 0, 1, 1), promises_refund=True),
        Message(speaker=Speaker.SELF, text="请稍等，正在查询", box=Box(0, 0, 1, 1)),
    )
    assert verdicts(expected, Page(kind=PageKind.CHAT, fields={}, messages=messages)) == [
        ("message", "right"),
        ("message", "right"),
        ("promise", "right"),
        ("message", "wrong"),
    ]
    assert ("promise", "missed") in verdicts(expected, None)


def test_identity_is_compared_by_digest() -> None:
    expected = truth(extras={"identity_number": {"value": NUMBER}, "identity_validity": {"value": "2015.01.06-长期"}})
    card = Identity(
        side="both",
        number_masked="3****************9",
        number_digest=digest(KEY, NUMBER),
        number_valid=True,
        valid_from="2015-01-06",
        valid_until="long_term",
    )
    page = Page(kind=PageKind.IDENTITY, fields={}, identity=card)
    assert verdicts(expected, page) == [("identity_number", "right"), ("identity_validity", "right")]
    other = truth(extras={"identity_number": {"value": "11019919900101007X"}})
    assert verdicts(other, page) == [("identity_number", "wrong")]
    assert verdicts(other, None) == [("identity_number", Verdict.MISSED.value)]
