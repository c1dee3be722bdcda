"""Less usual manners: names under their values, slips, membership cards, snackbars, tables beside summaries."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evidence_samples import AS_OF, FACTS, STATUS_BAR, line, middle, page_of, right, rows, values_of

from service.domain.evidence import FieldName, Line, PageKind, Read
from service.evidence import extract

FACTS_OF_A_BILL = [
    ("Payee", "交易对方", "Larkspur Digital Retail"),
    ("Paid from", "付款账户", "Harbour Bank debit card (3046)"),
    ("Transaction time", "交易时间", "2026-10-13 06:03"),
    ("Transaction no.", "交易流水号", "2026101322001685716730098409"),
]


def captioned(place: int) -> list[Line]:
    """Each value over its name in smaller print, as in a list of cards."""
    found: list[Line] = []
    for row, fact in enumerate(FACTS_OF_A_BILL):
        found.append(line(fact[2], 150, 900 + 170 * row, height=44))
        found.append(line(fact[place], 150, 956 + 170 * row, height=36))
    return found


@pytest.mark.parametrize("place", [0, 1])
def test_names_may_stand_under_their_values(place: int) -> None:
    shown = page_of(*STATUS_BAR, middle("Details", 110), middle("-¥647.50", 600, height=90), *captioned(place))
    found = {name.value: field.value for name, field in shown.fields.items()}
    assert found["payee"] == "Larkspur Digital Retail"
    assert found["payment_method"] == "Harbour Bank debit card (3046)"
    assert found["paid_at"] == "2026-10-13T06:03"
    assert found["trade_number"] == "2026101322001685716730098409"


def test_what_stands_over_its_name_is_told_where_it_is_printed() -> None:
    lines = captioned(0)
    shown = page_of(*STATUS_BAR, middle("Details", 110), middle("-¥647.50", 600, height=90), *lines)
    assert shown.fields[FieldName.PAYEE].box == lines[0].box


def test_a_value_of_two_lines_over_its_name_is_told_where_both_are_printed() -> None:
    """The box of such a value is no line's own."""
    upper, lower = (
        line("Larkspur Interactive Entertainment and", 150, 800, height=44),
        line("Games Ltd", 150, 850, height=44),
    )
    lines = [
        upper,
        lower,
        line("Payee", 150, 902, height=36),
        *(line(one.text, 150, one.box.y0 + 180, height=one.box.height) for one in captioned(0)[2:]),
    ]
    box = (
        page_of(*STATUS_BAR, middle("Details", 110), middle("-¥647.50", 500, height=90), *lines)
        .fields[FieldName.PAYEE]
        .box
    )
    assert (box.y0, box.y1) == (upper.box.y0, lower.box.y1)


def test_names_over_their_values_stay_with_them() -> None:
    lines: list[Line] = []
    for row, fact in enumerate(FACTS_OF_A_BILL):
        lines += [line(fact[1], 60, 900 + 170 * row, height=36), line(fact[2], 60, 946 + 170 * row, height=44)]
    shown = page_of(*STATUS_BAR, middle("账单详情", 110), middle("-¥647.50", 600, height=90), *lines)
    assert shown.fields[FieldName.PAYEE].value == "Larkspur Digital Retail"


def test_a_step_taken_is_no_button_that_pays() -> None:
    steps = [line("提交订单", 80, 560), right("2026-10-03 07:03:30", 1000, 560)]
    steps += [line("支付完成", 80, 640), right("2026-10-03 07:05:10", 1000, 640)]
    head = [
        middle("收支详情", 110),
        middle("云港移动通信有限公司", 260),
        middle("-20.00", 330, height=80),
        middle("已支付", 430),
    ]
    found = values_of(*STATUS_BAR, *head, *steps, *rows(("商户单号", "141697551342"), ("支付方式", "零钱"), top=800))
    assert (found["ordered_at"], found["paid_at"]) == ("2026-10-03T07:03:30", "2026-10-03T07:05:10")
    assert found["payee"] == "云港移动通信有限公司"


SHELF = [
    line(f"{value}元", 100 + 330 * (place % 3), 700 + 110 * (place // 3))
    for place, value in enumerate((10, 30, 60, 150, 200, 500))
]
GOODS = [
    line("云帆之海300晶石", 60, 300, height=50),
    line("¥30.00", 60, 400),
    right("已售 1145+", 1020, 405),
    line("选择面额", 60, 620),
]


@pytest.mark.parametrize("closes", ["关闭", "知道了", "DISMISS"])
def test_a_bar_that_closes_at_its_end_is_a_message(closes: str) -> None:
    said = [line("银行返回：扣款失败", 80, 1500), right(closes, 1000, 1500)]
    menu = [line("店铺", 60, 2200), line("客服", 220, 2200), line("立即购买", 600, 2200)]
    shown = page_of(*STATUS_BAR, *GOODS, *SHELF, line("优惠", 60, 1000), right("满100减3", 1020, 1000), *said, *menu)
    assert (shown.kind, shown.fields[FieldName.ERROR_PROMPT].value) == (PageKind.PROMPT, "payment_failed")


def test_a_banner_over_the_page_s_head_is_a_message() -> None:
    menu = [line("店铺", 60, 2200), line("客服", 220, 2200), line("立即购买", 600, 2200)]
    shown = page_of(*STATUS_BAR, line("运营商返回：缴费失败", 150, 120), *GOODS, *SHELF, *menu)
    assert (shown.kind, shown.fields[FieldName.ERROR_PROMPT].value) == (PageKind.PROMPT, "topup_failed")


@pytest.mark.parametrize("button", ["复制全部", "Copy all"])
def test_codes_to_copy_at_once_are_a_delivery(button: str) -> None:
    facts = rows(("订单号", "9RTGB1XL0T6M"), ("下单时间", "2026/03/12 07:09"), ("付款金额", "30.00元"), top=900)
    codes = [line("0003649856 | 10006498835031", 60, 400), line(button, 60, 520)]
    assert page_of(*STATUS_BAR, middle("自助提卡", 110), *codes, *facts).kind is PageKind.DELIVERY


@pytest.mark.parametrize("tier", ["PREMIUM", "VIP会员", "尊享会员", "PLUS MEMBER"])
def test_what_a_membership_calls_its_holder_is_not_what_was_bought(tier: str) -> None:
    card = [line(tier, 60, 240, height=60), right("生效中", 1000, 240), line("会员到期 2027.02.12", 60, 340, height=34)]
    facts = rows(("订单编号", "202602123020570927"), ("会员账号", "云杉用户0628"), ("支付金额", "¥50.00"), top=700)
    found = values_of(
        *STATUS_BAR,
        middle("我的会员", 110),
        *card,
        line("开通订单", 60, 480),
        line("云杉读书年卡-直充", 220, 560),
        *facts,
    )
    assert (found["product"], found["recharged_account"]) == ("云杉读书年卡-直充", "云杉用户0628")


def test_a_value_s_last_word_may_be_a_key_s_beside_another_column() -> None:
    facts = [line("商品", 1160, 300), line("云帆之海点卡328元/秒发", 1300, 300), line("卡密", 1300, 346)]
    facts += [
        line("查询单号", 1160, 220),
        line("SAZD-20251025-KF6K", 1300, 220),
        line("购买数量", 1160, 430),
        line("10", 1300, 430),
    ]
    codes = [line("0003855220----42008552261103", 260, 320 + 50 * row, height=36) for row in range(3)]
    desk = Read(lines=(*facts, *codes), image=replace(FACTS, width=1920, height=1080))
    assert extract(desk, as_of=AS_OF).fields[FieldName.PRODUCT].value == "云帆之海点卡328元/秒发卡密"


def test_a_count_and_its_unit_are_one_title_over_two_lines() -> None:
    goods = [line("Larkspur Antivirus, 3 devices / 1", 80, 345), line("year", 80, 395), line("¥98.00", 80, 490)]
    facts = rows(
        ("Order no.", "KM202609111841216668"), ("Order time", "2026-09-11 18:41"), ("You paid", "¥98.00"), top=900
    )
    assert (
        values_of(*STATUS_BAR, middle("Order details", 110), *goods, *facts)["product"]
        == "Larkspur Antivirus, 3 devices / 1 year"
    )


@pytest.mark.parametrize("name", ["Larkspur E-Gift Card ¥15", "云杉礼品卡¥100"])
def test_what_a_card_is_worth_is_part_of_its_name(name: str) -> None:
    facts = rows(("商品名称", name), ("商户单号", "T20250411000123"), ("支付时间", "2025-04-11 07:48:30"), top=700)
    found = values_of(*STATUS_BAR, middle("账单详情", 110), middle("-15.00", 300, height=80), *facts)
    assert str(found["product"]).replace(" ", "") == name.replace(" ", "")


@pytest.mark.parametrize("slip", ["交易凭条(持卡人存根)", "付款小票", "Customer copy"])
def test_the_name_over_a_slip_s_title_marks_it(slip: str) -> None:
    facts = rows(("收款商户", "云港市晴川贸易商行"), ("交易时间", "2026-10-27 15:41:50"), ("实付", "¥8.90"), top=700)
    assert (
        values_of(*STATUS_BAR, middle("电子小票", 110), middle("云杉钱包", 260), middle(slip, 340), *facts)[
            "platform_mark"
        ]
        == "云杉钱包"
    )


def test_a_state_stands_under_its_head_though_a_summary_stands_beside_it() -> None:
    head = [line(text, x, 380) for text, x in (("Product", 130), ("Unit price", 950), ("Status", 1206))]
    row = [line("Larkspur Coins x1000", 256, 450), line("¥100.00", 950, 450), line("Delivered", 1206, 450)]
    side = [line("Payment summary", 1500, 384), *rows(("Grand total", "¥99.50"), top=570, page=1900)]
    facts = [line("Order no.: 5855705642860758809", 146, 244), line("Placed on: 23 Nov 2025, 13:22", 900, 244)]
    desk = Read(
        lines=(line("Order summary", 114, 157), *facts, *head, *row, *side),
        image=replace(FACTS, width=1920, height=1080),
    )
    assert extract(desk, as_of=AS_OF).fields[FieldName.STATUS].value == "Delivered"


@pytest.mark.parametrize(("upper", "end"), [("o.lind530@example.co", "m"), ("o.lind530@example.c", "om")])
def test_an_address_may_break_before_its_last_letters(upper: str, end: str) -> None:
    facts = [line("Member account", 60, 700), line(upper, 340, 700), line(end, 340, 750)]
    facts += [line("Order no.", 60, 620), line("MB3544AVJUN", 340, 620), line("Purchase date", 60, 830)]
    facts += [line("January 25, 2026 19:52", 340, 830)]
    assert (
        values_of(*STATUS_BAR, middle("My subscription", 110), *facts)["recharged_account"] == "o.lind530@example.com"
    )


def test_what_stands_beside_a_word_of_its_own_is_no_number_s_end() -> None:
    facts = rows(("Order ID", "RBARNCFK536976"), ("Bonus", "128 XP"), ("You paid", "¥8.00"), top=700, pitch=60)
    assert values_of(*STATUS_BAR, middle("Top-up order", 110), *facts)["order_number"] == "RBARNCFK536976"


def test_a_card_s_digits_behind_dots_that_were_not_read() -> None:
    facts = [line("Payment method", 60, 700), line("Visa", 400, 700), line("3046", 580, 700)]
    facts += [line("Order no.", 60, 620), line("MB3544AVJUN", 400, 620)]
    assert values_of(*STATUS_BAR, middle("Order details", 110), *facts)["payment_method"] == "Visa •••• 3046"


@pytest.mark.parametrize(
    ("upper", "lower", "name", "value"),
    [
        ("Recipient Legal", "Name", "payee", "Cloudpine Digital B.V."),
        ("收款方", "全称", "payee", "云杉市晴川科技有限公司"),
        ("商品", "名称", "product", "云帆视频年卡"),
    ],
)
def test_a_key_broken_before_its_last_word(upper: str, lower: str, name: str, value: str) -> None:
    key = [line(upper, 60, 700), line(value, 400, 700), line(lower, 60, 748)]
    rest = rows(("付款时间", "2026-10-27 15:41:50"), ("交易单号", "4200001823202304112345678901"), top=900)
    found = values_of(*STATUS_BAR, middle("云杉商店", 260), middle("-30.00", 420, height=80), *key, *rest)
    assert found[name] == value
