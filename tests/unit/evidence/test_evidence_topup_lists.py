"""A network's own list of top-ups: cards whose phone's number stands under the goods without a word for it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right

from service.domain.evidence import FieldName, Line, PageKind
from service.evidence.text_values import is_phone
from service.evidence.vocabulary import status_text

_Card = tuple[str, str, str, str, str, str]
CARDS: tuple[_Card, ...] = (
    ("YD77120934518826", "交费成功", "手机话费100元", "138 0013 8000", "2026-03-02 10:11", "99.80"),
    ("YD77120934510007", "充值失败", "话费快充30元", "139****4512", "2026-02-11 08:40", "29.90"),
    ("YD77120934502244", "已交费", "宽带续费200元", "13700005566", "2026-01-09 21:05", "198.00"),
)


def cards(shown: Sequence[_Card], *, title: str = "我的订单") -> list[Line]:
    lines = [*STATUS_BAR, middle(title, 110), line("全部", 60, 220), line("待支付", 320, 220), line("已完成", 640, 220)]
    for y, (number, state, goods, phone, moment, paid) in zip(range(340, 2000, 420), shown, strict=False):
        lines += [
            line(f"订单号：{number}", 60, y, height=34),
            right(state, 1020, y, height=34),
            line(goods, 200, y + 90, height=40),
            right(f"¥{paid}", 1020, y + 90),
            line(phone, 200, y + 145, height=36),
            line(moment, 200, y + 200, height=34),
            right("再来一单", 1000, y + 280),
        ]
    return lines


def test_a_bare_phone_on_a_card_is_the_one_topped_up_and_no_part_of_the_goods_name() -> None:
    page = page_of(*cards(CARDS))
    assert page.kind is PageKind.LIST
    names = (FieldName.ORDER_NUMBER, FieldName.STATUS, FieldName.PRODUCT, FieldName.RECHARGED_ACCOUNT)
    found = [tuple(row.fields[name].value for name in names) for row in page.rows]
    assert found == [(number, state, goods, phone.replace(" ", "")) for number, state, goods, phone, _, _ in CARDS]


def test_a_bare_phone_on_a_card_of_other_goods_may_be_anybodys() -> None:
    others = [
        (number, "已发货", goods, *rest)
        for (number, _, _, *rest), goods in zip(CARDS, ("云海视频会员季卡", "山岚手游月卡", "加油电子券"), strict=True)
    ]
    page = page_of(*cards(others))
    assert len(page.rows) == len(CARDS)
    assert all(FieldName.RECHARGED_ACCOUNT not in row.fields for row in page.rows)
    assert [row.fields[FieldName.PRODUCT].value for row in page.rows] == [
        "云海视频会员季卡",
        "山岚手游月卡",
        "加油电子券",
    ]


def test_a_phone_whose_hidden_middle_was_half_read_is_in_doubt() -> None:
    page = page_of(*cards([CARDS[0], (*CARDS[1][:3], "139***4512", *CARDS[1][4:]), CARDS[2]]))
    assert page.rows[1].fields[FieldName.RECHARGED_ACCOUNT].score < 0.9


@pytest.mark.parametrize("text", ["13800138000", "+86 138 0013 8000", "138-0013-8000", "138****8000", "138•••8000"])
def test_a_phones_number(text: str) -> None:
    assert is_phone(text)


@pytest.mark.parametrize("text", ["12800138000", "138 0013 80", "2026 0309 1200", "138001380001", "138元", "13:80"])
def test_no_phones_number(text: str) -> None:
    assert not is_phone(text)


@pytest.mark.parametrize("text", ["交费成功", "交费失败", "交费中", "已交费", "缴款成功", "已缴款", "待交费"])
def test_states_of_a_bill_paid(text: str) -> None:
    assert status_text(text) == text
