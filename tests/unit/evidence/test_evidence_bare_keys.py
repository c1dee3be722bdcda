"""A key of one plain word, and words that only look like keys."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read

from service.domain.evidence import FieldName, Line, Page
from service.evidence import extract

_AS_OF = date(2026, 11, 20)


def _receipt(*extra: Line, word: str = "Order", value: str = "PC9ZGZS8B6B8") -> Page:
    facts = (
        ("Account name", "u0689@example.com"),
        (word, value),
        ("Order placed", "10 Mar 2026, 04:53"),
        ("Payment method", "PayPal"),
        ("Transaction ID", "C557708B4691073B9457"),
    )
    lines = [
        one
        for n, (key, text) in enumerate(facts)
        for one in (line(key, 60, 600 + 70 * n), line(text, 500, 600 + 70 * n))
    ]
    return extract(read(middle("Purchase receipt", 120), *extra, *lines), as_of=_AS_OF)


@pytest.mark.parametrize("word", ["Order", "订单", "Order:"])
def test_order_alone_in_a_column_of_keys_names_the_number_beside_it(word: str) -> None:
    page = _receipt(word=word)
    assert page.fields[FieldName.ORDER_NUMBER].value == "PC9ZGZS8B6B8"
    assert page.fields[FieldName.TRADE_NUMBER].value == "C557708B4691073B9457"


@pytest.mark.parametrize("value", ["Processing", "Digital goods", "10 Mar 2026", "3"])
def test_order_alone_names_nothing_that_is_no_number(value: str) -> None:
    assert FieldName.ORDER_NUMBER not in _receipt(value=value).fields


def test_thanks_on_two_lines_are_no_key() -> None:
    page = _receipt(
        line("Thank you for your", 60, 250, height=60),
        line("purchase!", 60, 330, height=60),
        line("A copy of this receipt has been e-mailed to you.", 60, 420),
    )
    assert FieldName.PRODUCT not in page.fields
    assert page.fields[FieldName.PAYMENT_METHOD].value == "PayPal"  # and no button that pays


def test_a_shops_name_with_its_arrow_read_as_a_bracket_is_no_goods() -> None:
    page = extract(
        read(
            middle("团购订单", 120),
            line("速卡达）", 60, 300),
            line("有声书会员年卡 兑换码", 60, 390),
            *(
                one
                for n, (key, text) in enumerate(
                    (("订单号码", "KM202601180357290094"), ("实付款", "¥999.50"), ("下单时间", "2026.01.18 03:57"))
                )
                for one in (line(key, 60, 700 + 70 * n), line(text, 600, 700 + 70 * n))
            ),
        ),
        as_of=_AS_OF,
    )
    assert page.fields[FieldName.PRODUCT].value == "有声书会员年卡 兑换码"
