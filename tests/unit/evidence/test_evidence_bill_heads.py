"""What stands over a bill's rows: the payee beside its portrait, a sum less its discounts, an invoice's letterhead."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract

_AS_OF = date(2026, 11, 20)
_BELOW = rows(
    ("支付时间", "2026-07-18 01:34:48"),
    ("付款方式", "支付宝"),
    ("商户订单号", "DD26071864977010"),
    ("账单分类", "文化休闲"),
)


def _page(*lines: Line) -> Page:
    return extract(read(*lines), as_of=_AS_OF)


def _bill(*head: Line) -> Page:
    return _page(middle("账单详情", 150), *head, *_BELOW)


@pytest.mark.parametrize("name", ["苍南县星空数码经营部", "蜂巢影视文化（东港）有限公司", "**强", "青柚数字店(*海燕)"])
def test_the_name_beside_a_portrait_over_the_amount_is_paid_and_never_for_certain(name: str) -> None:
    page = _bill(
        line(name.strip("*")[0], 80, 350),
        line(name, 180, 350),
        right("交易成功", 1000, 350),
        line("-302.12", 70, 440, height=80),
    )
    assert page.fields[FieldName.PAYEE].value == name
    assert page.fields[FieldName.PAYEE].score < 0.9


@pytest.mark.parametrize("words", ["交易成功", "支付成功", "账单分类"])
def test_a_state_beside_an_icon_over_the_amount_is_nobody(words: str) -> None:
    page = _bill(line("√", 80, 350), line(words, 180, 350), line("-302.12", 70, 440, height=80))
    assert FieldName.PAYEE not in page.fields


def test_what_a_discount_leaves_of_the_sum_was_paid() -> None:
    page = _bill(line("¥327.50", 70, 440, height=80), line("交易金额¥328.00", 70, 560), line("银联立减¥0.50", 500, 560))
    assert page.fields[FieldName.AMOUNT].value == 32750
    # A difference that no discount explains leaves the bill's own word, in doubt.
    page = _bill(line("¥321.50", 70, 440, height=80), line("交易金额¥328.00", 70, 560))
    assert page.fields[FieldName.AMOUNT].score < 0.9


def test_a_banks_record_names_its_sum_by_the_way_the_money_went() -> None:
    facts = rows(
        ("支出", "-97.00"),
        ("交易后余额", "5,419.74"),
        ("交易对方", "蜂巢视频"),
        ("交易流水号", "ED8FE5AFADA40EF9CC41"),
        ("交易时间", "2026年10月27日04:14:15"),
        ("交易状态", "付款成功"),
    )
    page = _page(middle("收支详情", 150), *facts)
    assert (page.kind, page.fields[FieldName.AMOUNT].value) == (PageKind.PAYMENT, 9700)


def test_an_amount_whose_first_digits_may_be_cut_is_no_amount() -> None:
    assert FieldName.AMOUNT not in _bill(line("95.00", 0, 440, height=80)).fields


def _invoice(*head: Line) -> Page:
    return _page(
        line("Tax Invoice", 60, 100),
        right("Brightkey", 1000, 100),
        right("billing@store.example", 1000, 150),
        *head,
        line("Order ID", 60, 500),
        right("DD25122342531204", 1000, 500),
        line("Ordered on", 60, 560),
        right("December 23, 2025 04:29 AM", 1000, 560),
        line("Method of payment", 60, 620),
        right("Visa ending in 2218", 1000, 620),
        line("Amount paid", 60, 900),
        right("¥12,979.50", 1000, 900),
    )


@pytest.mark.parametrize("key", ["Sold by", "Seller", "Vendor", "Merchant"])
def test_an_invoice_names_whom_was_paid_and_whose_paper_it_is(key: str) -> None:
    page = _invoice(
        line(key, 60, 260),
        right("Bill to", 1000, 260),
        line("Codewell Pte Ltd", 60, 310),
        right("Jamie Doe", 1000, 310),
    )
    assert page.fields[FieldName.PAYEE].value == "Codewell Pte Ltd"
    assert page.fields[FieldName.PLATFORM_MARK].value == "Brightkey"


def test_an_orders_page_without_the_title_of_an_invoice_only_names_a_shop() -> None:
    page = _page(
        middle("Order details", 100),
        *rows(
            ("Sold by", "Codewell Pte Ltd"),
            ("Order ID", "DD25122342531204"),
            ("Ordered on", "December 23, 2025 04:29 AM"),
            ("Amount paid", "¥12,979.50"),
        ),
    )
    assert FieldName.PAYEE not in page.fields
