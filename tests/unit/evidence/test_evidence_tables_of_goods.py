"""An order's goods in a table: the count beside the name, the pages under the list; steps that look like buttons."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract

RECORD = rows(("订单编号", "QL44522791950453"), ("下单时间", "2026-03-02 10:20"), ("实付款", "¥19.00"), top=300)


def page(*lines: Line) -> Page:
    return extract(read(*lines), as_of=date(2026, 8, 31))


def field(name: FieldName, *lines: Line) -> str | None:
    found = page(*lines).fields.get(name)
    return str(found.value) if found else None


@pytest.mark.parametrize(
    ("heads", "name", "read_as"),
    [
        (("Item", "Qty", "Price"), "Larkspur Deluxe Edition Key", "Larkspur Deluxe Edition Key 2"),
        (("商品", "数量", "金额"), "青橄游戏 680星钻礼包", "青橄游戏 680星钻礼包2"),
        (("Product", "Quantity", "Total"), "Granvil Photo Suite [PC/Mac]", "Granvil Photo Suite [PC/Mac]1"),
    ],
)
def test_the_count_is_no_part_of_the_name(heads: tuple[str, str, str], name: str, read_as: str) -> None:
    goods = line(read_as, 60, 760)
    count = line(heads[1], goods.box.x1 - 45, 680)
    table = [line(heads[0], 60, 680), count, right(heads[2], 1020, 680), goods, right("¥19.00", 1020, 760)]
    assert field(FieldName.PRODUCT, *RECORD, *table) == name


def test_a_name_may_end_in_a_number_where_the_count_stands_by_itself() -> None:
    goods = line("Larkspur Arcade Chapter 2", 60, 760)
    table = [line("Item", 60, 680), line("Qty", 700, 680), right("Price", 1020, 680)]
    table += [goods, line("1", 710, 760), right("¥19.00", 1020, 760)]
    assert field(FieldName.PRODUCT, *RECORD, *table) == "Larkspur Arcade Chapter 2"


def test_steps_are_no_button_that_asks_to_pay() -> None:
    steps = [line(text, 100 + 260 * place, 180) for place, text in enumerate(["提交订单", "付款", "发货", "确认"])]
    way = [line("支付方式：", 60, 620), line("零钱通", 60, 680)]
    assert field(FieldName.PAYMENT_METHOD, *steps, *RECORD, *way) == "零钱通"


def test_the_way_to_pay_beside_its_key_in_one_line() -> None:
    assert field(FieldName.PAYMENT_METHOD, *RECORD, line("付款方式银联在线支付", 60, 620)) == "银联在线支付"


@pytest.mark.parametrize("title", ["Checkout", "收银台", "确认付款"])
@pytest.mark.parametrize("paid", ["Paid", "已支付"])
def test_paid_over_the_sum_was_paid(title: str, paid: str) -> None:
    bill = [middle(title, 120), middle(paid, 400), middle("¥328.00", 500, height=80)]
    found = page(*bill, line("收款方", 60, 650), right("青橄数卡有限公司", 1020, 650))
    assert found.kind is PageKind.PAYMENT
    assert str(found.fields[FieldName.STATUS].value) == paid


@pytest.mark.parametrize("pages", ["Showing 1-3 of 37", "共 37 条"])
def test_the_count_of_a_lists_rows_is_no_part_of_its_last(pages: str) -> None:
    lines = [middle("我的订单", 40)]
    lines += [
        line(text, x0, 160) for text, x0 in (("订单编号", 40), ("商品", 360), ("实付金额", 640), ("下单时间", 820))
    ]
    for place, number in enumerate(["QL44522791950453", "QL99522791950454", "QL88522791950455"]):
        top = 240 + 90 * place
        lines += [line(number, 40, top, height=24), line("腾云会员月卡", 360, top, height=24)]
        lines += [line("¥19.00", 640, top, height=24), line("2026-03-02 10:20", 820, top, height=24)]
    found = page(*lines, line(pages, 40, 480, height=24)).rows
    assert [str(row.fields[FieldName.ORDER_NUMBER].value) for row in found][-1] == "QL88522791950455"


def test_a_number_beside_a_menu_is_no_code_under_its_heading() -> None:
    menu = [line(text, 20, 160 + 70 * place) for place, text in enumerate(["个人中心", "我的激活码", "优惠券"])]
    record = [line(text, x0, y0) for text, x0, y0 in (("订单号：", 420, 230), ("发票编号：", 420, 330))]
    record += [line("QL44522791950453 复制", 420, 280), line("4008015785", 420, 380)]
    assert page(*menu, *record, *RECORD[4:]).kind is PageKind.ORDER


@pytest.mark.parametrize(("state", "word"), [("Paid", "paid"), ("Refunded", "paid"), ("已完成", "已支付")])
def test_the_word_under_a_sum_is_not_the_orders_state(state: str, word: str) -> None:
    lines = [middle("My orders", 40)]
    for place, number in enumerate(["QL44522791950453", "QL99522791950454", "QL88522791950455"]):
        top = 200 + 300 * place
        lines += [line("Mar 02, 2026, 10:20 AM", 40, top, height=24), line(f"Order no. {number}", 380, top, height=24)]
        lines += [line("Larkspur Arcade Key", 40, top + 80, height=24), right("¥19.00", 700, top + 80, height=24)]
        lines += [line(state, 740, top + 80, height=24), line("Details", 920, top + 80, height=24)]
        lines += [right(word, 700, top + 112, height=24), line("Buy again", 900, top + 112, height=24)]
    found = page(*lines).rows
    assert [str(row.fields[FieldName.STATUS].value) for row in found] == [state] * 3
