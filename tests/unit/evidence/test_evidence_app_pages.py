"""How apps set their pages: banners, a timeline under a bar of steps, a form's account, values broken over lines."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import FACTS, line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind, Read
from service.evidence import extract

AS_OF = date(2026, 11, 20)
BAR = [line("14:16", 60, 20), right("5G", 1020, 20)]


def page(*lines: Line) -> Page:
    return extract(read(*lines), as_of=AS_OF)


def values(*lines: Line) -> dict[str, str | int]:
    return {name.value: field.value for name, field in page(*lines).fields.items()}


@pytest.mark.parametrize(
    ("name", "claim"),
    [
        ("云杉充值", "官方直充·安全放心"),
        ("云杉数卡", "正品保障"),
        ("Larkspur", "Official and trusted recharge"),
        ("Larkspur", "Secure digital goods delivery"),
    ],
)
def test_a_name_over_what_it_claims_marks_the_page(name: str, claim: str) -> None:
    body = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), ("下单时间", "2025-04-11 07:48:30"))
    banner = [line(name, 240, 220, height=44), line(claim, 240, 280, height=32)]
    assert values(*BAR, middle("充值订单", 110), *banner, *body)["platform_mark"] == name


@pytest.mark.parametrize("under", ["¥39.00", "充值成功", "点卡50元", "共3笔订单", "See all orders"])
def test_a_name_over_anything_else_marks_nothing(under: str) -> None:
    body = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"))
    head = [line("云杉小铺", 240, 220, height=44), line(under, 240, 280, height=32)]
    assert "platform_mark" not in values(*BAR, middle("充值订单", 110), *head, *body)


def test_a_notice_s_card_is_its_sender_s() -> None:
    facts = rows(("收款方", "云港市晴川贸易商行"), ("支付方式", "零钱"), ("支付时间", "2026-10-03 08:12:44"), top=700)
    card = [middle("08:12", 220), line("云杉会员", 120, 320), right("•••", 1020, 325), middle("付款金额", 420)]
    shown = page(*BAR, middle("支付通知", 110), *card, middle("¥25.00", 500, height=70), *facts)
    assert shown.kind is PageKind.PAYMENT
    assert shown.fields[FieldName.PLATFORM_MARK].value == "云杉会员"


BARS = [("提交订单", "付款", "商家发货", "完成"), ("Ordered", "Paid", "Shipped", "Done")]
ZH = (("商家已发货，请到卡包查看", "您的订单已付款"), ("下单时间", "订单编号"))
EN = (("The seller has sent your goods", "Payment received"), ("Ordered at", "Order no."))


@pytest.mark.parametrize(("steps", "told"), [(BARS[0], ZH), (BARS[1], EN)])
def test_a_timeline_s_moments_are_its_lines_not_the_bar_s_over_them(
    steps: tuple[str, ...], told: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    (sent, paid), (ordered, number) = told
    bar = [line(step, 80 + 260 * place, 230, height=34) for place, step in enumerate(steps)]
    lines = [
        line(sent, 90, 300, height=34),
        line("2026-10-03 08:20:01", 90, 350, height=30),
        line(paid, 90, 410, height=34),
        line("2026-10-03 08:14:30", 90, 460, height=30),
    ]
    facts = rows((number, "T20261003081244"), (ordered, "2026-10-03 08:12:44"), top=900)
    found = values(*BAR, middle("订单详情", 110), *bar, *lines, *facts)
    assert (found["ordered_at"], found["paid_at"]) == ("2026-10-03T08:12:44", "2026-10-03T08:14:30")


@pytest.mark.parametrize(
    "text",
    [
        "1 item Paid ¥29.50",
        "2 items saved ¥0.50 Paid ¥29.50",
        "3 item(s) | Total paid ¥29.50",
        "Saved ¥0.50, Paid ¥29.50",
    ],
)
def test_a_sum_behind_a_count_or_another_sum(text: str) -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    goods = [line("Larkspur Gift Card", 240, 300), line("¥30.00", 240, 360), right("x1", 1020, 360)]
    found = values(*BAR, middle("Order details", 110), *goods, right(text, 1020, 480), *facts)
    assert found["amount"] == 2950


def test_a_card_named_by_the_word_paid_holds_no_sum() -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    found = values(*BAR, middle("Order details", 110), line("Larkspur Prepaid Card Paid 50", 240, 300), *facts)
    assert "amount" not in found


@pytest.mark.parametrize(("key", "value"), [("兑换账号", "UID 20418833"), ("Redeem to", "o.lind@example.com")])
def test_an_account_chosen_in_a_form_is_told_with_doubt(key: str, value: str) -> None:
    form = [line(key, 60, 500), line(value, 300, 500), line("兑换码", 60, 600), line("QX71-2204", 60, 680)]
    said = [middle("该兑换码已过期", 1000), middle("确定", 1100)]
    shown = page(*BAR, middle("激活码兑换", 110), *form, *said)
    field = shown.fields[FieldName.RECHARGED_ACCOUNT]
    assert (field.value, field.score < 0.9) == (value.replace(" ", ""), True)


@pytest.mark.parametrize("name", ["Code", "Key", "PIN"])
def test_a_code_with_its_name_under_a_heading_of_codes_is_a_delivery(name: str) -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    code = [line("Your code", 60, 500), line(f"{name} ZT86-5627-T825", 90, 600), right("Copy", 1020, 600)]
    assert page(*BAR, middle("Order details", 110), *code, *facts).kind is PageKind.DELIVERY


def test_a_number_s_last_digits_stand_before_a_copy_button() -> None:
    first = line("Transaction no. 2026092522001836329543319", 60, 800)
    assert first.box.x1 < 1000
    lines = [*rows(("Payment time", "2026-09-25 21:04:05"), top=600), first]
    ends = [right("748", first.box.x1 - 110, 850), right("copy", first.box.x1, 850)]
    head = [middle("Bill details", 110), middle("-9.90", 300, height=80)]
    assert values(*BAR, *head, *lines, *ends)["trade_number"] == "2026092522001836329543319748"


@pytest.mark.parametrize(
    ("way", "digits", "whole"),
    [
        ("Larkspur Bank debit card", "(6621)", "Larkspur Bank debit card (6621)"),
        ("云港农商银行储蓄卡", "(尾号6621)", "云港农商银行储蓄卡(尾号6621)"),
    ],
)
def test_a_card_s_last_digits_in_the_next_line(way: str, digits: str, whole: str) -> None:
    key = line(f"Payment method {way}" if way.isascii() else f"支付方式：{way}", 60, 800)
    under = Line(digits, 0.99, line(digits, key.box.x1 - 240, 848, height=50).box)
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=600)
    assert values(*BAR, middle("Order details", 110), *facts, key, under)["payment_method"] == whole


def test_a_count_at_a_title_s_broken_line_is_none_of_its_words() -> None:
    """The recogniser reads a quantity on to the line beside it."""
    title = line("星河远征端游点卡100元1000点自动发货官方直x1", 60, 300)
    goods = [title, line("充秒到账", 60, 350), line("¥100.00", 60, 420)]
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥99.00"), ("下单时间", "2025-04-11 07:48:30"), top=700)
    assert values(*BAR, middle("订单详情", 110), *goods, *facts)["product"] == (
        "星河远征端游点卡100元1000点自动发货官方直充秒到账"
    )


def test_a_card_s_sum_closes_the_card_it_stands_in() -> None:
    lines = [*BAR, middle("全部订单", 110)]
    lines += [line(text, 60 + 200 * n, 200) for n, text in enumerate(("全部", "待付款", "待发货", "已完成"))]
    for place, (number, room) in enumerate((("KM2605211737301390", 180), ("MG1072FZUMV88", 120))):
        top = 320 + 620 * place
        lines += [
            line("晴川点卡屋", 60, top),
            right("交易关闭", 1020, top),
            line(f"订单编号：{number}", 60, top + 60),
            line("星河远征点券直充", 240, top + 140),
            right("¥9.90", 1020, top + 140),
            right("x2", 1020, top + 200),
            right("共2件商品实付款¥19.30", 1020, top + 200 + room),
            line("删除订单", 640, top + 270 + room),
        ]
    found = extract(Read(lines=tuple(lines), image=FACTS), as_of=AS_OF).rows
    assert [row.fields[FieldName.AMOUNT].value for row in found] == [1930, 1930]


@pytest.mark.parametrize("state", ["Refunding", "Shipping", "Preparing"])
def test_states_on_their_way(state: str) -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    assert values(*BAR, middle("Order details", 110), line(state, 60, 220, height=70), *facts)["status"] == state
