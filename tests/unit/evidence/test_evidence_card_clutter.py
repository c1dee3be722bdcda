"""What stands around goods on an order's page: tags, small print, offers, choices; and keys' words inside titles."""

from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract


def value(page: Page, name: FieldName) -> object:
    found = page.fields.get(name)
    return found.value if found else None


def plain(page: Page) -> str:
    return "".join(str(value(page, FieldName.PRODUCT) or "").split())


def test_a_bracket_whose_end_was_not_read_takes_no_tag_along() -> None:
    page = order(line("视频黄金VIP月卡【直充手机号", 320, 520), line("官方直营", 320, 582))
    assert plain(page) == "视频黄金VIP月卡【直充手机号"


RECORD = rows(
    ("商品总价", "¥64.80"),
    ("实付款", "¥64.30"),
    ("订单编号", "202609088294820967"),
    ("创建时间", "2026-09-08 07:23:36"),
    ("付款时间", "2026-09-08 07:24:31"),
    top=900,
)


def order(*card: Line) -> Page:
    head = [line("订单详情", 110, 110, height=44), line("交易成功", 60, 230, height=60)]
    shop = [line("云朵点卡铺", 60, 420), right("进店>", 1020, 420)]
    price = [line("¥64.80", 320, 770), right("x1", 1020, 770)]
    return extract(read(*head, *shop, *card, *price, *RECORD))


@pytest.mark.parametrize(
    ("lines", "title"),
    [
        (["秒发王城之战新手礼包码全渠道通用", "联系客服领取赠品"], "王城之战新手礼包码全渠道通用联系客服领取赠品"),
        (["王城之战新手礼包码全渠道通用联系客服", "领取赠品"], "王城之战新手礼包码全渠道通用联系客服领取赠品"),
        (["自营 平台充值卡648元面值"], "平台充值卡648元面值"),
        (["热卖网游点卡98元卡密"], "网游点卡98元卡密"),
        (["秒发的游戏点卡30元"], "秒发的游戏点卡30元"),
        (["视频黄金VIP月卡【直充手机", "号】"], "视频黄金VIP月卡【直充手机号】"),
        (["音乐豪华VIP季卡（充值账号", "填手机号）"], "音乐豪华VIP季卡（充值账号填手机号）"),
    ],
)
def test_a_title_is_read_without_its_tag_and_with_all_its_words(lines: list[str], title: str) -> None:
    page = order(*(line(text, 320, 520 + 62 * number) for number, text in enumerate(lines)))
    assert plain(page) == title


@pytest.mark.parametrize(
    "choice",
    ["默认款", "套餐一 (送教程)", "官方标配", "标准规格", "自动充值，请填对账号", "拍下请留手机号", "购买前请看详情"],
)
def test_what_was_chosen_under_a_title_is_no_part_of_it(choice: str) -> None:
    page = order(line("网盘超级会员12个月兑换码", 320, 520), line(choice, 320, 590, height=34))
    assert plain(page) == "网盘超级会员12个月兑换码"


@pytest.mark.parametrize(
    ("first", "second", "title"),
    [
        ("Game Card 98 / auto", "delivery", "Game Card 98 / auto delivery"),
        ("Game Card 1298 [Auto-", "delivery]", "Game Card 1298 [Auto-delivery]"),
        ("Console Points 500 with email", "delivery", "Console Points 500 with email delivery"),
    ],
)
def test_a_lower_case_word_reads_on_though_it_may_be_a_key(first: str, second: str, title: str) -> None:
    page = order(line(first, 320, 520), right("¥64.80", 1020, 520), line(second, 320, 574))
    assert value(page, FieldName.PRODUCT) == title


TOPUP = rows(
    ("号码归属", "中天电信"),
    ("面值", "¥50.00"),
    ("实付金额", "¥49.50"),
    ("付款时间", "2026-05-23 07:43"),
    ("订单编号", "2605230036882823"),
    top=640,
)


@pytest.mark.parametrize(
    "small",
    [
        "月初月末充值高峰，到账可能延迟",
        "话费余额可发短信至运营商查询",
        "到账以运营商短信通知为准",
        "高峰期充值请耐心等待",
    ],
)
@pytest.mark.parametrize("offer", ["流量日包1元抢", "邀好友领10元话费券", "办会员充话费95折"])
@pytest.mark.parametrize("shelf", ["猜你想充", "更多服务"])
def test_a_topup_without_a_named_product_has_none(small: str, offer: str, shelf: str) -> None:
    offers = [one for x, sum_ in ((120, "30元"), (480, "50元"), (840, "100元")) for one in _offer(x, sum_)]
    page = extract(
        read(
            line("充值详情", 110, 110, height=44),
            line("充值号码", 60, 230, height=36),
            line("19900006899", 60, 284, height=56),
            line("充值中", 60, 360, height=46),
            line(small, 60, 420, height=36),
            *TOPUP,
            line(offer, 60, 1150, height=46),
            line("限时活动名额有限", 60, 1210, height=32),
            line(shelf, 60, 1310),
            *offers,
        )
    )
    assert value(page, FieldName.PRODUCT) is None


def _offer(x0: float, worth: str) -> list[Line]:
    return [line(worth, x0, 1400), line("售价29.94", x0 - 20, 1450, height=30)]


@pytest.mark.parametrize("name", ["星辰启元-648钻石*1", "星海月卡*12"])
def test_a_count_set_right_onto_a_name_is_the_names(name: str) -> None:
    page = extract(read(*rows(("商品名称", name), ("实付金额", "¥64.80"), ("订单编号", "2605230036882823"))))
    assert value(page, FieldName.PRODUCT) == name


@pytest.mark.parametrize("name", ["星海月卡 x1", "星海月卡 ×2"])
def test_a_count_set_apart_from_a_name_is_not(name: str) -> None:
    page = extract(read(*rows(("商品名称", name), ("实付金额", "¥64.80"), ("订单编号", "2605230036882823"))))
    assert value(page, FieldName.PRODUCT) == "星海月卡"


@pytest.mark.parametrize(
    ("shown", "way"),
    [
        ("账户余额 ¥64.80", "账户余额"),
        ("零钱 ¥64.80", "零钱"),
        ("云山银行(1234) 立减2.00", "云山银行(1234)"),
        ("余额宝 更换", "余额宝"),
        ("花呗分期 3期", "花呗分期 3期"),
    ],
)
def test_a_sum_or_a_button_behind_the_way_to_pay_is_not_part_of_it(shown: str, way: str) -> None:
    page = extract(
        read(
            middle("账单详情", 110, height=44),
            middle("-64.80", 380, height=80),
            *rows(("支付方式", shown), ("付款时间", "2026-05-14 11:40:24"), ("订单号", "202605140243386703504499")),
        )
    )
    assert value(page, FieldName.PAYMENT_METHOD) == way


def test_a_cards_digits_in_the_next_line_are_its_own() -> None:
    page = extract(
        read(
            line("Order details", 300, 110, height=44),
            *rows(("Order ID", "YRV-0188385-2146"), ("Paid at", "2026-08-07 02:10"), ("Total paid", "¥9.50"), top=300),
            line("Payment method", 60, 600),
            line("Eastern Bank debit", 624, 600),
            line("card (7315)", 624, 652),
        )
    )
    assert value(page, FieldName.PAYMENT_METHOD) == "Eastern Bank debit card (7315)"


@pytest.mark.parametrize("states", [["已过期", "已完成", "已过期"], ["已失效", "支付成功", "已生效"]])
def test_states_under_each_other_are_no_message(states: list[str]) -> None:
    cards = []
    for number, state in enumerate(states):
        y0 = 300 + 260 * number
        cards += [line("连续包月", 20, y0), right("¥10.00", 1020, y0), right(state, 1020, y0 + 60)]
    page = extract(read(*cards))
    assert value(page, FieldName.ERROR_PROMPT) is None


def test_a_payments_result_that_names_goods_and_account_is_an_orders() -> None:
    facts = rows(("充值内容", "星海传说-680星钻"), ("到账账号", "804823901"), ("支付方式", "花呗"),
                 ("支付时间", "2026-05-14 11:40:24"), ("订单编号", "202605140243386703504499"))  # fmt: skip
    page = extract(read(line("支付结果", 110, 110, height=44), middle("充值成功", 300, height=54),
                        middle("支付金额 ¥129.60", 400, height=60), *facts))  # fmt: skip
    assert page.kind is PageKind.ORDER
