"""How apps set their pages: banners, a timeline under a bar of steps, a form's account, values broken over lines."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evidence_samples import AS_OF, FACTS, STATUS_BAR, line, middle, page_of, right, rows, values_of

from service.domain.evidence import FieldName, Line, PageKind, Read
from service.evidence import extract


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
    assert values_of(*STATUS_BAR, middle("充值订单", 110), *banner, *body)["platform_mark"] == name


@pytest.mark.parametrize("under", ["¥39.00", "充值成功", "点卡50元", "共3笔订单", "See all orders"])
def test_a_name_over_anything_else_marks_nothing(under: str) -> None:
    body = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"))
    head = [line("云杉小铺", 240, 220, height=44), line(under, 240, 280, height=32)]
    assert "platform_mark" not in values_of(*STATUS_BAR, middle("充值订单", 110), *head, *body)


def test_a_notice_s_card_is_its_sender_s() -> None:
    facts = rows(("收款方", "云港市晴川贸易商行"), ("支付方式", "零钱"), ("支付时间", "2026-10-03 08:12:44"), top=700)
    card = [middle("08:12", 220), line("云杉会员", 120, 320), right("•••", 1020, 325), middle("付款金额", 420)]
    shown = page_of(*STATUS_BAR, middle("支付通知", 110), *card, middle("¥25.00", 500, height=70), *facts)
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
    found = values_of(*STATUS_BAR, middle("订单详情", 110), *bar, *lines, *facts)
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
    found = values_of(*STATUS_BAR, middle("Order details", 110), *goods, right(text, 1020, 480), *facts)
    assert found["amount"] == 2950


def test_a_card_named_by_the_word_paid_holds_no_sum() -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    found = values_of(
        *STATUS_BAR, middle("Order details", 110), line("Larkspur Prepaid Card Paid 50", 240, 300), *facts
    )
    assert "amount" not in found


@pytest.mark.parametrize(("key", "value"), [("兑换账号", "UID 20418833"), ("Redeem to", "o.lind@example.com")])
def test_an_account_chosen_in_a_form_is_told_with_doubt(key: str, value: str) -> None:
    form = [line(key, 60, 500), line(value, 300, 500), line("兑换码", 60, 600), line("QX71-2204", 60, 680)]
    said = [middle("该兑换码已过期", 1000), middle("确定", 1100)]
    shown = page_of(*STATUS_BAR, middle("激活码兑换", 110), *form, *said)
    field = shown.fields[FieldName.RECHARGED_ACCOUNT]
    assert (field.value, field.score < 0.9) == (value.replace(" ", ""), True)


@pytest.mark.parametrize("name", ["Code", "Key", "PIN"])
def test_a_code_with_its_name_under_a_heading_of_codes_is_a_delivery(name: str) -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    code = [line("Your code", 60, 500), line(f"{name} ZT86-5627-T825", 90, 600), right("Copy", 1020, 600)]
    assert page_of(*STATUS_BAR, middle("Order details", 110), *code, *facts).kind is PageKind.DELIVERY


def test_a_number_s_last_digits_stand_before_a_copy_button() -> None:
    first = line("Transaction no. 2026092522001836329543319", 60, 800)
    assert first.box.x1 < 1000
    lines = [*rows(("Payment time", "2026-09-25 21:04:05"), top=600), first]
    ends = [right("748", first.box.x1 - 110, 850), right("copy", first.box.x1, 850)]
    head = [middle("Bill details", 110), middle("-9.90", 300, height=80)]
    assert values_of(*STATUS_BAR, *head, *lines, *ends)["trade_number"] == "2026092522001836329543319748"


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
    assert values_of(*STATUS_BAR, middle("Order details", 110), *facts, key, under)["payment_method"] == whole


def test_a_count_at_a_title_s_broken_line_is_none_of_its_words() -> None:
    """The recogniser reads a quantity on to the line beside it."""
    title = line("星河远征端游点卡100元1000点自动发货官方直x1", 60, 300)
    goods = [title, line("充秒到账", 60, 350), line("¥100.00", 60, 420)]
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥99.00"), ("下单时间", "2025-04-11 07:48:30"), top=700)
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *goods, *facts)["product"] == (
        "星河远征端游点卡100元1000点自动发货官方直充秒到账"
    )


def test_a_card_s_sum_closes_the_card_it_stands_in() -> None:
    lines = [*STATUS_BAR, middle("全部订单", 110)]
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


@pytest.mark.parametrize(
    "state",
    [
        *("Refunding", "Shipping", "Preparing", "Pre-ordered", "Credited", "Unfulfilled", "Refund initiated"),
        *("Return requested", "还款成功", "超时自动关闭", "待好友收款", "快递员派送中"),
    ],
)
def test_states_on_their_way(state: str) -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    assert (
        values_of(*STATUS_BAR, middle("Order details", 110), line(state, 60, 220, height=70), *facts)["status"] == state
    )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("运营商返回缴费失败", "topup_failed"),
        ("此号码为空号，无法充值", "number_not_found"),
        ("查不到该单号对应的订单", "order_not_found"),
        ("今日可领取次数为0", "limit_exceeded"),
        ("这张卡尚未激活启用，暂不可用", "not_yet_valid"),
    ],
)
def test_a_toast_over_a_shelf_of_denominations(said: str, code: str) -> None:
    shelf = [
        cell
        for row in range(2)
        for column in range(3)
        for cell in (
            line(f"{10 * (row + 1) * (column + 1)}元", 140 + 340 * column, 600 + 200 * row),
            line(f"售价{9.98 * (row + 1) * (column + 1):.2f}元", 110 + 340 * column, 660 + 200 * row, height=32),
        )
    ]
    tiles = [
        line(text, 90 + 200 * place, 1500) for place, text in enumerate(("水费", "电费", "燃气费", "宽带", "加油卡"))
    ]
    head = [
        middle("话费充值", 110),
        right("充值记录", 1020, 110),
        line("充值号码", 60, 240),
        line("199 0000 2421", 60, 320),
    ]
    menu = [line(text, 60, 420 + 60 * place, height=34) for place, text in enumerate(("默认号码", "话费"))]
    shown = page_of(
        *STATUS_BAR,
        *head,
        *menu,
        *shelf,
        line("优惠券", 60, 1080),
        middle(said, 1160),
        line("自动充值", 60, 1300),
        *tiles,
    )
    assert (shown.kind, shown.fields[FieldName.ERROR_PROMPT].value) == (PageKind.PROMPT, code)


def test_a_shelf_of_denominations_records_no_order() -> None:
    shelf = [line(f"售价{9.98 * n:.2f}元", 60 + 480 * (n % 2), 600 + 90 * (n // 2)) for n in range(1, 7)]
    shown = page_of(
        *STATUS_BAR, middle("话费充值", 110), right("充值记录", 1020, 110), line("充值号码", 60, 240), *shelf
    )
    assert (shown.kind, shown.rows, FieldName.PRODUCT in shown.fields) == (PageKind.UNKNOWN, (), False)


def test_what_the_terms_exclude_did_not_happen() -> None:
    form = [line("充值账号", 60, 300), line("199 0000 2421", 60, 380), line("卡密", 60, 500)]
    terms = line("兑换即表示同意《服务条款》。充值卡不可兑换，售出不退。", 60, 900, height=30)
    shown = page_of(
        *STATUS_BAR, middle("卡密兑换", 110), *form, terms, middle("兑换成功！奖励已发放", 1200), middle("知道了", 1300)
    )
    assert FieldName.ERROR_PROMPT not in shown.fields


def test_an_error_s_number_names_no_further_cause() -> None:
    said = [middle("此激活码已经被激活", 1000), middle("错误码 E-10432", 1060, height=34), middle("知道了", 1200)]
    field = page_of(*STATUS_BAR, middle("激活中心", 110), line("卡号", 60, 300), *said).fields[FieldName.ERROR_PROMPT]
    assert (field.value, field.note) == ("code_used", "")


@pytest.mark.parametrize(
    ("keys", "wanted"),
    [(("订单编号", "购买时间", "实付金额"), "卡密1"), (("Order ID", "Purchased on", "Amount paid"), "Code 1")],
)
def test_facts_in_a_column_beside_the_goods(keys: tuple[str, ...], wanted: str) -> None:
    facts = ("NS51966324271808", "2026-03-15 22:31:36", "¥99.50")
    side = [
        one
        for place, (key, value) in enumerate(zip(keys, facts, strict=True))
        for one in (line(key, 1400, 160 + 110 * place, height=36), line(value, 1400, 206 + 110 * place, height=36))
    ]
    goods = [
        line("星河远征数字版激活码", 260, 180),
        line(wanted, 200, 262, height=36),
        line("9GQA-Q7KD-HH9P-J3CF", 200, 320),
    ]
    goods += [line("数量×1", 260, 206, height=36), right("复制", 1200, 320)]
    desk = Read(lines=(*goods, *side), image=replace(FACTS, width=1920, height=1080))
    shown = extract(desk, as_of=AS_OF)
    found = {name.value: field.value for name, field in shown.fields.items()}
    assert shown.kind is PageKind.DELIVERY
    assert (found["order_number"], found["ordered_at"], found["amount"]) == (facts[0], "2026-03-15T22:31:36", 9950)


def test_a_browser_s_tabs_and_address_are_not_the_page_s() -> None:
    frame = [line("卡密详情|云杉数卡", 20, 10, height=30), line("cards.example.net/orders/view", 80, 60, height=30)]
    site = [line("云杉数卡", 60, 130), right("我的卡包|帮助", 1860, 130)]
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), top=400, page=1920)
    desk = Read(lines=(*frame, *site, *facts), image=replace(FACTS, width=1920, height=1080))
    found = {name.value: field.value for name, field in extract(desk, as_of=AS_OF).fields.items()}
    assert (found["platform_mark"], found.get("product")) == ("云杉数卡", None)


@pytest.mark.parametrize("text", ["已完成 感谢您的购买", "Refunded Thank you for shopping with us"])
def test_a_state_read_on_to_the_thanks_behind_it(text: str) -> None:
    facts = rows(("Order no.", "T20261003081244"), ("Ordered at", "2026-10-03 08:12:44"), top=900)
    state = values_of(*STATUS_BAR, middle("Order details", 110), line(text, 60, 220, height=60), *facts)["status"]
    assert state == text.replace(" 感谢您的购买", "").replace(" Thank you for shopping with us", "")


def test_a_bank_s_record_names_its_sum_over_it() -> None:
    facts = rows(
        ("对方户名", "云港市晴川贸易商行"), ("付款账户", "农商银行借记卡(3371)"), ("交易后余额", "¥8,151.15"), top=700
    )
    head = [middle("明细详情", 110), line("人民币支出", 60, 240), line("¥30.00", 60, 300, height=60)]
    assert values_of(*STATUS_BAR, *head, line("交易状态：扣款成功", 60, 400), *facts)["amount"] == 3000


def test_a_badge_run_together_with_its_title() -> None:
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), ("下单时间", "2025-04-11 07:48:30"), top=700)
    goods = [line("正品云帆视频VIP会员年卡", 240, 300), line("¥39.00", 240, 360), right("x1", 1020, 360)]
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *goods, *facts)["product"] == "云帆视频VIP会员年卡"


def test_a_title_may_end_in_whose_account_it_is_for() -> None:
    """区…号 is a house's address elsewhere."""
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), ("下单时间", "2025-04-11 07:48:30"), top=700)
    goods = [line("云帆平台98元充值码自动发货国区账号", 240, 300), line("专用", 240, 350), line("¥98.00", 240, 420)]
    assert (
        values_of(*STATUS_BAR, middle("订单详情", 110), *goods, *facts)["product"]
        == "云帆平台98元充值码自动发货国区账号专用"
    )


def test_seconds_that_were_not_read_whole_are_doubted() -> None:
    facts = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), ("下单时间", "2026/07/16 01:46:0"), top=700)
    field = page_of(*STATUS_BAR, middle("订单详情", 110), *facts).fields[FieldName.ORDERED_AT]
    assert (field.value, field.score < 0.9) == ("2026-07-16T01:46", True)


@pytest.mark.parametrize("way", ["微信支付>", "云闪付〉"])
def test_a_way_to_pay_that_leads_on(way: str) -> None:
    facts = rows(
        ("付款方式", way), ("支付时间", "2026-07-16 01:46:02"), ("收款商户全称", "云港市晴川贸易商行"), top=700
    )
    head = [middle("账单详情", 110), middle("-77.20", 300, height=80), middle("支付成功", 420)]
    assert values_of(*STATUS_BAR, *head, *facts)["payment_method"] == way[:-1]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("云杉中心·充值订单", "云杉中心"),
        ("云杉游戏·订单详情", "云杉游戏"),
        ("Larkspur Shop • Order details", "Larkspur Shop"),
    ],
)
def test_a_title_names_whose_page_it_is_before_which(title: str, name: str) -> None:
    body = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), ("下单时间", "2025-04-11 07:48:30"))
    assert values_of(*STATUS_BAR, middle(title, 110), *body)["platform_mark"] == name


def test_links_read_as_one_word_are_no_name() -> None:
    body = rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"), top=400, page=1920)
    head = [line("云杉生活", 40, 30), right("商店库社区客服", 1880, 30)]
    desk = Read(lines=(*head, *body), image=replace(FACTS, width=1920, height=1080))
    assert extract(desk, as_of=AS_OF).fields[FieldName.PLATFORM_MARK].value == "云杉生活"


def test_the_head_of_the_next_tile_is_no_way_to_pay() -> None:
    tiles = [("Paid with", "Apple Pay"), ("Invoice", "Available"), ("Order ID", "H8WP-20260330-KVL9")]
    cells = [
        one
        for place, (head, value) in enumerate(tiles)
        for one in (line(head, 280 + 420 * place, 350, height=34), line(value, 280 + 420 * place, 394, height=36))
    ]
    desk = Read(lines=(line("Order summary", 280, 280), *cells), image=replace(FACTS, width=1920, height=1080))
    found = {name.value: field.value for name, field in extract(desk, as_of=AS_OF).fields.items()}
    assert (found["payment_method"], found["order_number"]) == ("Apple Pay", "H8WP-20260330-KVL9")


def test_an_advertisement_between_cards_belongs_to_none() -> None:
    lines = [*STATUS_BAR, middle("我的订单", 110)]
    lines += [line(text, 60 + 200 * n, 200) for n, text in enumerate(("全部", "待付款", "待收货", "待评价"))]
    numbers = ("202511012122294548", "KM202607080222258035", "202607044162094246")
    top = 320.0
    for place, number in enumerate(numbers):
        lines += [
            line("晴川点卡屋>", 60, top),
            right("交易关闭", 1020, top),
            line(f"星河点券{place + 1}00元", 240, top + 80),
            line(f"2025/11/0{place + 1} 12:17:40", 240, top + 145, height=34),
            line(f"订单编号：{number}", 60, top + 280),
            right(f"共1件 实付¥{place + 1}3.90", 1020, top + 340),
            line("更多", 60, top + 430),
            right("再次购买", 1020, top + 430),
        ]
        top += 600
        if place == 1:
            lines.append(line("会员日 全场充值卡95折起", 60, top))
            top += 150
    found = extract(Read(lines=tuple(lines), image=replace(FACTS, height=2600)), as_of=AS_OF).rows
    told = [(row.fields[FieldName.ORDER_NUMBER].value, row.fields[FieldName.AMOUNT].value) for row in found]
    assert told == list(zip(numbers, (1390, 2390, 3390), strict=True))
