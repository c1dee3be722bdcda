from __future__ import annotations

import pytest

from service.evidence.amounts import find_amounts, leading_amount, parse_amount


@pytest.mark.parametrize(
    ("printed", "minor", "currency", "sign"),
    [
        ("¥39.00", 3900, "CNY", 0),
        ("￥ 39", 3900, "CNY", 0),
        ("Y39.00", 3900, "CNY", 0),
        ("半39.00", 3900, "CNY", 0),
        ("39.00元", 3900, "CNY", 0),
        ("-39.00", 3900, None, -1),
        ("-¥39.00", 3900, "CNY", -1),
        ("¥-39.00", 3900, "CNY", -1),
        ("−39.00", 3900, None, -1),
        ("+39.00", 3900, None, 1),
        ("RMB 1,299.00", 129900, "CNY", 0),
        ("1,299", 129900, None, 0),
        ("39,00", 3900, None, 0),
        ("¥5760.0", 576000, "CNY", 0),
        ("¥O.1O", 10, "CNY", 0),
        ("¥l9.90", 1990, "CNY", 0),
        ("US$9.99", 999, "USD", 0),
        ("HK$388.00", 38800, "HKD", 0),
        ("100.00 CNY", 10000, "CNY", 0),
        ("39.00元(含运费)", 3900, "CNY", 0),
        ("JPY 500", 500, "JPY", 0),
        ("¥¥10.00", 1000, "CNY", 0),
        ("￥19 .90", 1990, "CNY", 0),
        ("¥ 19. 90", 1990, "CNY", 0),
        ("¥39。00", 3900, "CNY", 0),
        ("¥1 ,299.00", 129900, "CNY", 0),
        ("NT$ 1,490", 149000, "TWD", 0),
        ("新台幣290元", 29000, "TWD", 0),
        ("₩55,000", 55000, "KRW", 0),
        ("9,900원", 9900, "KRW", 0),
        ("Rs. 1,499.00", 149900, "INR", 0),
        ("-₹79", 7900, "INR", -1),
        ("S$ 13.90", 1390, "SGD", 0),
        ("-RM 15.50", 1550, "MYR", -1),
        ("PHP 1,250.00", 125000, "PHP", 0),
        ("Rp 150.000", 15000000, "IDR", 0),
        ("Rp1.250.000", 125000000, "IDR", 0),
        ("฿350", 35000, "THB", 0),
        ("R$ 1.299,90", 129990, "BRL", 0),
        ("€1.299,00", 129900, "EUR", 0),
        ("AU$14.95", 1495, "AUD", 0),
        ("CA$ 9.99", 999, "CAD", 0),
        ("19.90 CHF", 1990, "CHF", 0),
        ("2 490 ₽", 249000, "RUB", 0),
        ("250.000 ₫", 250000, "VND", 0),
        ("MOP 128.00", 12800, "MOP", 0),
        ("149 kr", 14900, None, 0),
        ("共¥38.00", 3800, "CNY", 0),
        ("支出 38.00", 3800, None, 0),
        ("(US$9.99)", 999, "USD", -1),
        ("£4.99 per month", 499, "GBP", 0),
        ("US$9.99/mo", 999, "USD", 0),
    ],
)
def test_amounts_as_pages_and_readers_print_them(printed: str, minor: int, currency: str | None, sign: int) -> None:
    amount = parse_amount(printed)
    assert amount is not None
    assert (amount.minor, amount.currency, amount.sign) == (minor, currency, sign)


@pytest.mark.parametrize(
    "text",
    [
        "1.2万",
        "¥1.2万",
        "¥ 39 00",
        "19元9角",
        "x2",
        "×2",
        "¥39.00×2",
        "2025-04-11",
        "免运费",
        "¥",
        "1.5.2",
        "39%",
        "5760.123",
        "5.760.123",
        "PHP 8",
        "PHP 8.2",
        "rm 50",
        "¥39/月",
        "共3",
        "支出 3",
        "(¥5.00)",
    ],
)
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_amount(text) is None


def test_an_amount_may_lead_a_remark() -> None:
    assert leading_amount("¥39.00 已优惠¥5.00").minor == 3900  # type: ignore[union-attr]
    assert leading_amount("39.00/张") is None
    assert leading_amount("¥1.2万") is None
    assert leading_amount("39.00积分") is None


def test_amounts_inside_a_sentence_must_look_like_money() -> None:
    assert [one.minor for one in find_amounts("共2件 合计：¥39.00 优惠5元")] == [3900, 500]
