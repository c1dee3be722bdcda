"""Purchase histories of stores and shops' desktop lists: dated totals, sums over their word, page numbers."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, read, right

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract


def seen(*lines: Line) -> Page:
    return extract(read(*lines), as_of=date(2026, 8, 31))


def purchases(title: str, total: str, moments: tuple[str, ...]) -> list[Line]:
    found = [line(title, 420, 130, height=60), line("All types", 90, 270)]
    for number, moment in enumerate(moments):
        top = 450.0 + 440 * number
        found += [
            line(moment, 80, top),
            right(f"{total} ¥{19 + number}.50", 1010, top),
            line(f"Order KLR2026{number}44215{number}", 80, top + 75, height=34),
            line(f"Larkspur Gift Card {10 + number}", 245, top + 200),
            line("In-App Purchase", 245, top + 270, height=36),
        ]
    return found


MOMENTS = ("2026-05-02 16:51", "2026-04-17 22:39", "2026-03-01 02:25")


@pytest.mark.parametrize("title", ["Purchases", "购买历史", "Account history"])
@pytest.mark.parametrize("total", ["Total", "总计", "Amount paid"])
def test_dated_totals_are_orders_of_a_list(title: str, total: str) -> None:
    page = seen(*purchases(title, total, MOMENTS))
    assert page.kind is PageKind.LIST
    assert [row.fields[FieldName.AMOUNT].value for row in page.rows] == [1950, 2050, 2150]
    assert [row.fields[FieldName.ORDER_NUMBER].value for row in page.rows] == [
        f"KLR2026{number}44215{number}" for number in range(3)
    ]


def test_one_dated_total_is_one_order() -> None:
    assert seen(*purchases("Order details", "Total", MOMENTS[:1])).rows == ()


@pytest.mark.parametrize("word", ["paid", "实付（含优惠）"])
@pytest.mark.parametrize("foot", [("共 37 条", "1", "2", "3"), ("Showing 1-3 of 37", "1", "2", "3")])
def test_a_sum_stands_over_its_word_beside_buttons(word: str, foot: tuple[str, ...]) -> None:
    lines = [line("全部订单", 60, 70, height=50)]
    for number in range(3):
        top = 200.0 + 150 * number
        lines += [
            line(f"2026-05-1{number} 12:16", 60, top, height=30),
            line(f"订单号:T2026051{number}JU2CXA", 340, top, height=30),
            line("腾云会员季卡", 130, top + 50, height=34),
            line("×1", 480, top + 50, height=34),
            right(f"¥{48 + number}.00", 700, top + 50, height=34),
            line("已完成", 740, top + 50, height=34),
            line("订单详情", 900, top + 50, height=30),
            right(word, 700, top + 88, height=28),
            line("再次购买", 900, top + 88, height=28),
        ]
    lines += [line(foot[0], 60, 660, height=30)]
    lines += [line(number, 600.0 + 50 * place, 660, height=30) for place, number in enumerate(foot[1:])]
    rows = seen(*lines).rows
    assert [row.fields[FieldName.AMOUNT].value for row in rows] == [4800, 4900, 5000]
    assert [row.fields[FieldName.STATUS].value for row in rows] == ["已完成"] * 3
