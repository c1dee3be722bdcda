"""Text messages whose lines end where they are full: within a number, a code, a day, a currency's mark."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read

from service.domain.evidence import FieldName, PageKind
from service.evidence import extract

_AS_OF = date(2026, 11, 20)
_FULL = 900.0


def _message(*texts: str) -> dict[str, str | int]:
    """Fields of a page with one message; every line but the last ends at the bubble's edge."""
    lines = [middle("95512", 180), middle("9月28日 21:05", 400)]
    for number, text in enumerate(texts):
        placed = line(text, 60, 520 + 62 * number)
        full = number < len(texts) - 1
        box = placed.box
        lines.append(placed if not full else type(placed)(text, 0.99, type(box)(60, box.y0, _FULL, box.y1)))
    page = extract(read(*lines), as_of=_AS_OF)
    assert page.kind is PageKind.PAYMENT
    return {name.value: field.value for name, field in page.fields.items()}


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (
            (
                "【青禾银行】您的信用卡（尾号679",
                "0）2026年10月5日01:02消费RMB9",
                "9.00，商户名称：苍南县星空数码经",
                "营部，本期可用额度RMB602.58。",
            ),
            {"amount": 9900, "paid_at": "2026-10-05T01:02", "payee": "苍南县星空数码经营部"},
        ),
        (
            (
                "【永安银行】您账户4406于2026年7月1",
                "2日09:59在合信移动通信有限公司南都分",
                "公司消费14.00元，可用余额8204.54元。",
            ),
            {"amount": 1400, "paid_at": "2026-07-12T09:59", "payee": "合信移动通信有限公司南都分公司"},
        ),
        (
            (
                "【柏悦优选】尊敬的客户，您的订单20",
                "26092821032330969918支付金额R",
                "MB29.50，支付时间9月28日21时05分。",
            ),
            {"amount": 2950, "paid_at": "2026-09-28T21:05", "order_number": "2026092821032330969918"},
        ),
        (
            ("【速卡达】您于2026-10-09 00:37向合信移动", "付款RMB1298.00，订单号：MM0695WVUU", "S。感谢您的使用。"),
            {"amount": 129800, "order_number": "MM0695WVUUS", "payee": "合信移动"},
        ),
        (
            (
                "【永安银行】您账户4406于2026-10-18 11:4",
                "4在武陵快券科技有限责任公司消费人民币96.",
                "83元，可用余额人民币5667.46元。",
            ),
            {"amount": 9683, "paid_at": "2026-10-18T11:44"},
        ),
    ],
)
def test_a_value_broken_at_a_full_line_is_read_whole(texts: tuple[str, ...], expected: dict[str, str | int]) -> None:
    found = _message(*texts)
    assert {name: found.get(name) for name in expected} == expected
    assert "trade_number" not in found  # an order's number is not the payment's


def test_a_day_and_its_clock_on_two_lines_stay_two_words() -> None:
    found = _message("【速卡达】您于2026-10-24", "06:24向武陵快券科技有限责任公司付款648.00元。")
    assert found[FieldName.PAID_AT.value] == "2026-10-24T06:24"
    assert found[FieldName.AMOUNT.value] == 64800
