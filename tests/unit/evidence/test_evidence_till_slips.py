"""Slips of a till: a name, its bar code and what it cost on two lines, a day that is the payment's."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right

from service.domain.evidence import Line, Page
from service.evidence import extract

AS_OF = date(2026, 8, 31)


def values(*lines: Line) -> dict[str, str | int]:
    page: Page = extract(read(*lines), as_of=AS_OF)
    return {name.value: field.value for name, field in page.fields.items()}


def slip(cashier: str, heads: tuple[str, str], name: str, code: str, when: tuple[str, str], total: str) -> list[Line]:
    return [
        middle("Larkspur Corner", 60, height=60),
        line(cashier, 60, 180),
        line("Order no:", 60, 240),
        right("KX20260417093312", 1020, 240),
        line(when[0], 60, 300),
        right(when[1], 1020, 300),
        line(heads[0], 60, 400),
        right(heads[1], 1020, 400),
        line(name, 60, 480),
        line(code, 60, 525),
        right("1×25.00 25.00", 1020, 525),
        line("Subtotal", 60, 610),
        right("25.00", 1020, 610),
        line(total, 60, 670),
        right("23.50", 1020, 670),
        line("Paid by:", 60, 740),
        right("Alipay", 1020, 740),
    ]


@pytest.mark.parametrize("cashier", ["Cashier 4102", "收银员：0031"])
@pytest.mark.parametrize(
    "heads", [("ITEM", "QTY × PRICE AMT"), ("Description", "Qty Unit Price Total"), ("品名", "数量×单价 金额")]
)
@pytest.mark.parametrize("code", ["6901234567892", "69012345", "690123456789 2×"])
def test_a_bar_code_is_no_part_of_the_name(cashier: str, heads: tuple[str, str], code: str) -> None:
    seen = values(*slip(cashier, heads, "Larkspur Gift Card 25", code, ("Paid at:", "2026-04-17 09:34"), "TOTAL"))
    assert (seen["product"], seen["amount"]) == ("Larkspur Gift Card 25", 2350)


@pytest.mark.parametrize("word", ["Date:", "日期"])
@pytest.mark.parametrize("cashier", ["Cashier 4102", "收银员：0031", "Till #3"])
def test_a_tills_day_is_the_payments(cashier: str, word: str) -> None:
    lines = slip(
        cashier, ("ITEM", "AMOUNT"), "Larkspur Gift Card 25", "6901234567892", (word, "2026-04-17 09:34"), "TOTAL"
    )
    seen = values(*lines)
    assert seen["paid_at"] == "2026-04-17T09:34"
    assert "ordered_at" not in seen


@pytest.mark.parametrize("rest", ["f", "0c"])
def test_the_last_digits_of_a_hexadecimal_number_stand_alone(rest: str) -> None:
    seen = values(
        line("Order details", 60, 60),
        line("Order no:", 60, 240),
        right("5be9b4f9ce584b107cb5dae", 1020, 240),
        right(rest, 1020, 285),
        line("Status", 60, 340),
        right("Completed", 1020, 340),
        line("Amount paid", 60, 400),
        right("¥23.50", 1020, 400),
    )
    assert seen["order_number"] == "5be9b4f9ce584b107cb5dae" + rest
