"""Pages photographed aslant: rows that run level again, told where they stand in the picture."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Line
from service.evidence import extract
from service.evidence.slanted import slope_of

AS_OF = date(2026, 3, 20)
PAGE = [
    middle("订单详情", 110),
    line("星河影视VIP会员月卡", 280, 300), right("¥40.00", 1020, 300), right("x1", 1020, 360, height=32),
    *rows(("商品总额", "¥40.00"), ("优惠券", "-¥0.90"), ("实付款", "¥39.10"), top=500, pitch=52),
    *rows(
        ("订单编号", "260311553201998877"), ("下单时间", "2026-03-11 07:48:30"), ("支付方式", "微信支付"),
        ("充值账号", "19900001996"), top=760, pitch=52,
    ),
]  # fmt: skip


def slanted(lines: list[Line], degrees: float) -> list[Line]:
    rise = math.tan(math.radians(degrees))
    found = []
    for one in lines:
        down = rise * ((one.box.x0 + one.box.x1) / 2 - 540)
        found.append(replace(one, box=Box(one.box.x0, one.box.y0 + down, one.box.x1, one.box.y1 + down)))
    return found


@pytest.mark.parametrize("degrees", [-2.4, -1.6, -0.9, 0.0, 0.9, 1.6, 2.4])
def test_a_slanted_page_reads_as_the_level_one_does(degrees: float) -> None:
    """At 1.6 degrees each sum stands beside the word of another row."""
    aslant = slanted(PAGE, degrees)
    page = extract(read(*aslant), as_of=AS_OF)
    assert {name.value: field.value for name, field in page.fields.items()} == {
        "order_number": "260311553201998877",
        "amount": 3910,
        "ordered_at": "2026-03-11T07:48:30",
        "product": "星河影视VIP会员月卡",
        "payment_method": "微信支付",
        "recharged_account": "19900001996",
    }
    paid = next(one for one in aslant if one.text == "¥39.10")
    found = page.fields[FieldName.AMOUNT].box
    assert (found.x0, found.y0) == pytest.approx((paid.box.x0, paid.box.y0))


def test_a_level_page_and_one_that_says_nothing_are_left_as_they_are() -> None:
    assert slope_of(PAGE) == 0.0
    assert slope_of([]) == 0.0
    assert slope_of([line("a", 0, 0), line("b", 900, 30)]) == 0.0


def test_bubbles_of_a_conversation_tell_no_slope() -> None:
    said = [line("您好，请问订单到账了吗", 60 + 380 * (n % 2), 300 + 130 * n) for n in range(9)]
    assert slope_of(said) == 0.0


def test_lines_in_another_order_tell_the_same_slope() -> None:
    aslant = slanted(PAGE, 1.6)
    assert slope_of(aslant) == slope_of(aslant[::-1]) == pytest.approx(math.tan(math.radians(1.6)), abs=0.002)
