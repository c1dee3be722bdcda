"""Keys in plain or unusual words: whose number it is, what was topped up, what the money was for."""

from __future__ import annotations

import pytest
from evidence_fresh_pages import placed
from evidence_samples import line

from service.domain.evidence import FieldName, ImageFacts, Page, PageKind, Read
from service.evidence import extract


def read(text: str) -> Page:
    image = ImageFacts(media_type="image/png", width=1080, height=1800)
    return extract(Read(lines=tuple(placed(text)), image=image))


ORDER = """
44 订单详情 ^
48 交易成功
+40
商品名称 | 云海幻境月卡 >
订单编号 | 55001122334455 >
下单时间 | 2026-04-11 08:00:00 >
实付款 | ¥30.00 >
"""
RECEIPT = """
44 Payment details ^
Paid to Northlight Games Ltd ^
72 ¥30.00 ^
Completed ^
+60
Transaction ID | 4200001234202604110987654321 >
Paid on | 2026-04-11 08:00 >
"""


@pytest.mark.parametrize("key", ["Merchant's order number", "Merchant’s order no.", "Seller's order ID"])
def test_the_seller_s_number_is_the_order_s_on_a_payment(key: str) -> None:
    page = read(f"{RECEIPT}\n{key} | KM20260411008812 >")
    assert page.fields[FieldName.ORDER_NUMBER].value == "KM20260411008812"
    assert page.fields[FieldName.TRADE_NUMBER].value == "4200001234202604110987654321"


def test_a_seller_s_phone_is_no_number_of_an_order() -> None:
    assert FieldName.ORDER_NUMBER not in read(f"{RECEIPT}\nSeller's phone | 400-139-9569 >").fields


@pytest.mark.parametrize("row", ["Payment via | Debit card 7702 >", "Debit card: Visa 7702"])
def test_a_debit_card_is_a_value_unless_a_colon_makes_it_a_key(row: str) -> None:
    page = read(f"44 Order details ^\n+40\nOrder number | 55001122334455 >\nOrdered on | 2026-04-11 08:00 >\n{row}")
    assert str(page.fields[FieldName.PAYMENT_METHOD].value).endswith("7702")


def test_the_number_that_received_a_top_up() -> None:
    assert read(f"{ORDER}\n受充号码 | 19900001953 >").fields[FieldName.RECHARGED_ACCOUNT].value == "19900001953"


@pytest.mark.parametrize(("said", "product"), [("Game Wallet Code 30", "Game Wallet Code 30"), ("Rent in May", None)])
def test_what_a_payment_was_for_is_a_product_only_where_it_names_goods(said: str, product: str | None) -> None:
    found = read(f"{RECEIPT}\nFor\n&{said}").fields.get(FieldName.PRODUCT)
    assert (found and found.value) == product
    assert found is None or found.score <= 0.85


def test_the_reason_of_a_request_is_no_product() -> None:
    page = read(
        "44 服务单详情 ^\n申请时间 | 2026-05-08 10:58:27 >\n原因 | 卡密无法使用 >\n+60\n648星币\n"
        "订单号 | 260507-109176005474778 >\n下单时间 | 2026-05-07 00:14:24 >\n"
        "订单状态 | 充值失败 >\n订单实付 | ￥63.80 >"
    )
    assert page.kind is PageKind.ORDER
    assert page.fields[FieldName.PRODUCT].value == "648星币"


@pytest.mark.parametrize(
    ("row", "field", "value"),
    [
        ("状态已发货 >700", FieldName.STATUS, "已发货"),
        ("Status Shipped >700", FieldName.STATUS, "Shipped"),
        ("Thank you for your purchase. Status of your order: Delivered", FieldName.STATUS, "Delivered"),
        ("付款方式零钱", FieldName.PAYMENT_METHOD, "零钱"),
        ("支付方式支付宝", FieldName.PAYMENT_METHOD, "支付宝"),
    ],
)
def test_a_key_glued_to_a_value_that_can_be_nothing_else_needs_no_column(
    row: str, field: FieldName, value: str
) -> None:
    page = read(f"44 订单详情 ^\n+40\n订单编号 | 55001122334455 >\n下单时间 | 2026-04-11 08:00:00 >\n+80\n{row}")
    assert page.fields[field].value == value
    assert page.fields[field].rule.startswith(field.value)


@pytest.mark.parametrize("row", ["状态说明见下", "Status code 17", "支付方式可在设置中更改", "付款方式说明"])
def test_a_sentence_that_begins_like_a_key_is_none(row: str) -> None:
    page = read(f"44 订单详情 ^\n+40\n订单编号 | 55001122334455 >\n下单时间 | 2026-04-11 08:00:00 >\n+80\n{row}")
    assert FieldName.STATUS not in page.fields
    assert FieldName.PAYMENT_METHOD not in page.fields


def test_a_purchase_named_over_the_table_of_its_order() -> None:
    page = read(
        "Orchard Pay | Buyer area >\nPurchase: 1,200 Star Coins\n+40\n"
        "Order number | KM20260411008812 @400\nOrdered on | 2026-04-11 08:00 @400\nPaid | ¥30.00 @400"
    )
    assert page.fields[FieldName.PRODUCT].value == "1,200 Star Coins"


def test_the_word_over_a_code_is_no_product() -> None:
    page = read(
        "Vellum\n52 Game Wallet Code 30\nReady to use\n+300\n54 Code ^\n&47 604012200123064 ^\n+50\nCopy ^\n+60\n"
        "Order number | KM202610151751 >\nOrder date | 15 Oct 2026 17:51 >\nAmount paid | ¥639.10 >"
    )
    assert page.fields[FieldName.PRODUCT].value == "Game Wallet Code 30"


def test_what_stands_beside_an_unknown_word_under_a_key_is_no_further_line_of_its_value() -> None:
    page = read(
        "44 订单详情 ^\n+40\n订单编号 | 55001122334455 @400\n下单时间 | 2026-04-11 08:00:00 @400\n"
        "支付方式 | 南桥银行储蓄卡(7702) @400\n&件数 | 1 @400\n+30\n实付 | ¥30.00 @400"
    )
    assert page.fields[FieldName.PAYMENT_METHOD].value == "南桥银行储蓄卡(7702)"


LETTER = """
云雀购 ^
尊敬的用户：
感谢您的购买！您的订单{state}，详情如下。
商品：6480星币
订单号：3587727301283736872
下单时间：2026.11.09 17:13:06
{paid}
此邮件由系统自动发出，请勿直接回复。
"""


@pytest.mark.parametrize(
    ("paid", "amount", "way"),
    [
        ("您使用花呗支付了¥536.14(原价¥656.00)。", 53614, "花呗"),
        ("您使用微信支付支付了¥9.00(原价¥10.00)。", 900, "微信支付"),
        ("您已通过南桥银行储蓄卡(7702)付款647.50元。", 64750, "南桥银行储蓄卡(7702)"),
    ],
)
def test_a_letter_says_in_a_sentence_what_was_paid_and_how(paid: str, amount: int, way: str) -> None:
    fields = read(LETTER.format(state="已完成", paid=paid)).fields
    assert fields[FieldName.AMOUNT].value == amount
    assert fields[FieldName.PAYMENT_METHOD].value == way
    assert fields[FieldName.STATUS].value == "已完成"
    assert max(fields[name].score for name in (FieldName.PAYMENT_METHOD, FieldName.STATUS)) < 0.9


@pytest.mark.parametrize(
    "paid",
    [
        "如您使用花呗支付了¥536.14，可享优惠。",
        "请您于24小时内使用花呗支付¥536.14。",
        "您使用花呗支付¥536.14失败。",
        "您使用花呗支付了¥5.00。您使用零钱支付了¥6.00。",
    ],
)
def test_what_was_not_paid_or_twice_is_no_amount(paid: str) -> None:
    assert not {FieldName.AMOUNT, FieldName.PAYMENT_METHOD} & set(read(LETTER.format(state="待付款", paid=paid)).fields)


def test_an_english_letter_names_the_way_to_pay() -> None:
    page = read(
        "44 Keymint ^\nDear customer,\nThank you for your purchase. Status of your order: Shipped\n"
        "Item: 1,200 Star Coins\n"
        "Order number: 202603031288394189\nOrdered on: 03 March 2026, 04:36\n"
        "You paid ¥ 2,595.50 with Store credit.\nThis is an automatic message."
    )
    assert page.fields[FieldName.PAYMENT_METHOD].value == "Store credit"
    assert page.fields[FieldName.AMOUNT].value == 259550


def test_a_state_in_a_sentence_that_breaks_over_two_lines() -> None:
    page = read(
        "44 Keymint ^\nDear customer,\nThank you for your purchase. Status of your\n&order: Shipped\n"
        "Item: 1,200 Star Coins\nOrder number: 202603031288394189\nOrdered on: 03 March 2026, 04:36"
    )
    assert page.fields[FieldName.STATUS].value == "Shipped"


def test_a_state_of_other_orders_in_a_sentence_is_none() -> None:
    paid = "您使用花呗支付了¥536.14。"
    page = read(LETTER.format(state="", paid=paid).replace("您的订单，", "如您的订单已关闭,可重新下单，"))
    assert FieldName.STATUS not in page.fields


@pytest.mark.parametrize(("key", "value"), [("Account name", "199****5179"), ("账户名", "u8228@example.com")])
def test_an_account_s_name_among_an_order_s_facts_is_taken_with_doubt(key: str, value: str) -> None:
    found = read(f"{ORDER}\n{key} | {value} >").fields[FieldName.RECHARGED_ACCOUNT]
    assert found.value == value
    assert found.score <= 0.84


@pytest.mark.parametrize("value", ["张三", "Star Cards Ltd", "star88"])
def test_a_name_is_no_account(value: str) -> None:
    assert FieldName.RECHARGED_ACCOUNT not in read(f"{ORDER}\n账户名 | {value} >").fields


def test_who_paid_is_no_account_that_was_topped_up() -> None:
    assert FieldName.RECHARGED_ACCOUNT not in read(f"{RECEIPT}\nAccount name | 199****5179 >").fields


@pytest.mark.parametrize(("paid", "most"), [("实付6", 0.84), ("实付647.50", 1.0), ("实付¥6", 1.0)])
def test_a_whole_number_among_sums_to_two_places_may_be_cut_short(paid: str, most: float) -> None:
    page = read(
        "44 订单详情 ^\n+40\n加油卡充值\n648.00 @48 | ×1 >\n订单编号 | 55001122334455 >\n"
        f"下单时间 | 2026-04-11 08:00:00 >\n{paid}"
    )
    found = page.fields[FieldName.AMOUNT]
    assert found.score <= most
    assert most < 1 or found.score > 0.84


def test_a_number_breaks_round_its_key_into_a_long_line_and_four_high_digits() -> None:
    lines = [
        *placed(
            "44 电子回单 ^\n收款人户名 | 川渝知了文化有限公司 @400\n金额(小写) | 294.00 @400\n交易状态 | 已完成 @400"
        ),
        line("420004744420260713157619", 400, 376, height=28),
        line("交易流水号", 48, 391, height=38),
        line("6465", 400, 409, height=43),
    ]
    image = ImageFacts(media_type="image/png", width=1080, height=1800)
    page = extract(Read(lines=tuple(lines), image=image))
    assert page.fields[FieldName.TRADE_NUMBER].value == "4200047444202607131576196465"


@pytest.mark.parametrize("between", ["52 ●●●● ^", "52 C ^", "52 604012200123064 ^", ""])
def test_a_code_over_its_copy_button_is_a_delivery_whatever_shows_between(between: str) -> None:
    page = read(
        f"44 泡泡直充\n48 月下城月卡\n已领取\n+200\n卡密 ^\n{between}\n复制 ^\n+60\n"
        "支付金额 | ¥7.77 >\n订单号 | T20260924MLWJDT >\n购买时间 | 2026.09.24 08:25:48 >"
    )
    assert page.kind is PageKind.DELIVERY


def test_a_number_with_a_copy_button_is_no_delivery() -> None:
    page = read(
        "44 订单详情 ^\n48 月下城豪华版激活密钥\n已完成\n+60\n订单号 | T20260924MLWJDT @400 | 复制 >\n"
        "支付金额 | ¥7.77 >\n购买时间 | 2026.09.24 08:25:48 >"
    )
    assert page.kind is PageKind.ORDER


CARD = (
    "Harbor Cards\n46 1,200 Star Coins\nIssued\n+200\nCode ^\n+60\nCopy ^\n+60\nAmount paid\n&¥999.00\nOrder no.\n"
    "&2026060605545611\nBought on\n&2026-06-06 05:54\n"
)


def test_what_a_delivered_card_is_worth_and_until_when_behind_a_dot() -> None:
    page = read(f"{CARD}Value\n&¥100.00\n● Use by\n&2027-06-06 06:02 @96")
    assert page.kind is PageKind.DELIVERY
    assert page.fields[FieldName.FACE_VALUE].value == 10000
    assert page.fields[FieldName.VALID_UNTIL].value == "2027-06-06T06:02"


def test_a_value_of_anything_but_a_delivered_card_is_no_face_value() -> None:
    assert FieldName.FACE_VALUE not in read(f"{ORDER}\nValue\n&¥100.00").fields


def test_two_values_are_no_face_value() -> None:
    assert FieldName.FACE_VALUE not in read(f"{CARD}Value\n&¥100.00\nVoucher value\n&¥50.00").fields


def test_a_card_to_be_used_before_the_day_under_it() -> None:
    page = read(f"{ORDER}\n请于此日前使用\n&2026-08-27 12:52")
    assert page.fields[FieldName.VALID_UNTIL].value == "2026-08-27T12:52"


def test_an_address_without_its_domain_was_cut() -> None:
    assert FieldName.RECHARGED_ACCOUNT not in read(f"{ORDER}\n充值账号 | u5357@exam >").fields
    assert (
        read(f"{ORDER}\n充值账号 | u5357@example.com >").fields[FieldName.RECHARGED_ACCOUNT].value
        == "u5357@example.com"
    )


@pytest.mark.parametrize(("way", "sure"), [("银联卡6217****2280", True), ("银联卡6217**2280", False)])
def test_signs_over_a_card_s_digits_that_ran_into_each_other_are_not_read_for_certain(way: str, sure: bool) -> None:
    found = read(f"{ORDER}\n支付方式 | {way} >").fields[FieldName.PAYMENT_METHOD]
    assert (found.score >= 0.9) is sure
