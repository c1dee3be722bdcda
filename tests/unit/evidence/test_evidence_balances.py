"""A balance is large and was not paid; a gift card's own page, and its sections that hold nothing yet."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract


def seen(*lines: Line) -> Page:
    return extract(read(*lines), as_of=date(2026, 12, 31))


HOME = (
    line("Harborpay", 50, 130, height=50),
    line("Current balance", 90, 290),
    line("¥3,820.16", 90, 350, height=80),
    line("Scan", 100, 590),
    line("Pay", 380, 590),
    line("Send", 640, 590),
    line("More", 890, 590),
    line("Latest", 50, 690),
    line("Coffee", 50, 790),
    right("¥31.00", 1030, 790),
)
BILL = (
    ("Status", "Completed"),
    ("Date & time", "21 Oct 2026, 18:04"),
    ("Paid with", "Visa (4410)"),
    ("Merchant order", "HT20261021884137"),
    ("Transaction ID", "60021148839027715533"),
)


@pytest.mark.parametrize("title", [(), (line("Transaction details", 50, 1250),)])
def test_a_bill_that_lies_over_a_wallets_home_page_is_what_was_paid(title: tuple[Line, ...]) -> None:
    page = seen(
        *HOME,
        *title,
        middle("H", 1340),
        middle("Harrow Games Ltd", 1470),
        middle("¥62.40", 1560, height=76),
        *rows(*BILL, top=1700, pitch=85),
        line("Get help", 200, 2200),
        line("Pay again", 700, 2200),
    )
    assert page.kind is PageKind.PAYMENT
    assert page.fields[FieldName.AMOUNT].value == 6240
    assert page.fields[FieldName.PAYEE].value == "Harrow Games Ltd"
    assert page.fields[FieldName.ORDER_NUMBER].value == "HT20261021884137"


def test_a_balance_alone_is_no_payment() -> None:
    page = seen(
        middle("支付成功", 200),
        middle("钱包余额", 320),
        middle("¥880.50", 400, height=80),
        *rows(("付款方式", "零钱"), ("交易单号", "4200002214202610093388201745"), ("支付时间", "2026-10-09 12:30:11")),
    )
    assert FieldName.AMOUNT not in page.fields


CARD = (
    ("Card status", "Active"),
    ("Face value", "¥200.00"),
    ("Card number", "408812759930"),
    ("Order number", "30061128840027"),
    ("Purchased", "14 Nov 2026, 09:25"),
    ("Cards bought", "1"),
    ("You paid", "¥196.00"),
)


@pytest.mark.parametrize(
    ("section", "empty"),
    [("Activity", "No activity yet"), ("Card history", "No transactions yet"), ("Usage", "Nothing to show yet")],
)
def test_a_gift_cards_page_with_nothing_spent_yet_reports_no_error(section: str, empty: str) -> None:
    page = seen(
        middle("Gift card", 120, height=50),
        line("Oakrow Store", 100, 280),
        right("e-Gift Card", 980, 280),
        line("Available balance", 100, 470),
        line("¥200.00", 100, 530, height=70),
        line("Oakrow Gift Card 200", 60, 690),
        *rows(*CARD, top=840, pitch=88),
        line(section, 60, 1560),
        right("See all >", 1020, 1560),
        middle(empty, 1650),
        middle("Use card", 1840),
    )
    assert page.kind is PageKind.DELIVERY
    assert FieldName.ERROR_PROMPT not in page.fields
    assert page.fields[FieldName.ORDERED_AT].value == "2026-11-14T09:25"
    assert page.fields[FieldName.AMOUNT].value == 19600
    assert page.fields[FieldName.PRODUCT].value == "Oakrow Gift Card 200"


def test_no_record_over_an_order_without_a_section_is_still_a_message() -> None:
    page = seen(
        middle("充值记录", 120, height=50),
        middle("暂无充值记录", 1100),
    )
    assert page.fields[FieldName.ERROR_PROMPT].value == "no_such_record"


def test_what_the_card_cost_and_how_many_were_bought_name_no_goods() -> None:
    page = seen(
        middle("我的礼品卡", 120, height=50),
        line("林溪书城", 60, 240),
        right("电子礼品卡", 980, 240),
        line("可用余额", 60, 380),
        line("￥100.00", 60, 440, height=70),
        line("林溪书城礼品卡 100元", 40, 600),
        *rows(
            ("卡片状态", "可使用"),
            ("面值", "￥100.00"),
            ("卡号", "295198596745"),
            ("订单编号", "LX-4711967-6706"),
            ("购买时间", "2026.07.12 06:49"),
            ("购买张数", "1"),
            ("购卡实付", "￥98.00"),
            top=740,
            pitch=80,
        ),
        line("使用记录", 60, 1420),
        middle("暂无使用记录", 1500),
    )
    assert page.kind is PageKind.DELIVERY
    assert page.fields[FieldName.AMOUNT].value == 9800
    assert page.fields[FieldName.PRODUCT].value == "林溪书城礼品卡 100元"
    assert FieldName.ERROR_PROMPT not in page.fields


@pytest.mark.parametrize("title", ["My gift card", "Gift card details", "礼品卡详情"])
def test_a_card_beside_its_record_is_named_by_its_own_line_and_not_by_its_pages_title(title: str) -> None:
    page = seen(
        line("Larkhill Store", 40, 20),
        line(title, 300, 110, height=38),
        line("Larkhill Store", 330, 210),
        line("Available balance", 330, 470, height=26),
        line("¥100.00", 330, 510, height=60),
        line("Larkhill Gift Card 100", 300, 700, height=36),
        line("+ Add another card", 420, 860),
        *(
            one
            for number, (key, value) in enumerate(
                [
                    ("Status", "Active"),
                    ("Face value", "¥100.00"),
                    ("Card number", "261163169347"),
                    ("Purchase order no.", "2026111207592347394580"),
                    ("Purchased", "12 Nov 2026 07:59"),
                    ("You paid", "¥98.00"),
                ]
            )
            for one in (line(key, 1000, 220 + 60 * number, height=34), line(value, 1400, 220 + 60 * number, height=34))
        ),
    )
    assert page.kind is PageKind.DELIVERY
    assert page.fields[FieldName.PRODUCT].value == "Larkhill Gift Card 100"


def test_a_key_broken_before_its_colon_is_one_key() -> None:
    page = seen(
        line("Order details", 60, 100, height=50),
        line("Status:", 60, 300),
        right("Shipped", 1000, 300),
        line("Order", 60, 390),
        line("number:", 60, 440),
        right("20261114993027714408", 1000, 415),
        line("You paid:", 60, 530),
        right("¥97.00", 1000, 530),
    )
    assert page.fields[FieldName.ORDER_NUMBER].value == "20261114993027714408"


@pytest.mark.parametrize("printed", ["2027-05-24 02:00:2", "2027/05/24 2:0"])
def test_an_end_whose_clock_is_cut_is_not_known(printed: str) -> None:
    page = seen(
        middle("礼品卡", 120, height=50), *rows(("面值", "¥30.00"), ("有效期至", printed), ("卡号", "967748052860"))
    )
    assert FieldName.VALID_UNTIL not in page.fields
