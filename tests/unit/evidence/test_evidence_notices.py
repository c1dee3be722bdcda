"""Payments told in sentences."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right

from service.domain.evidence import Line, PageKind
from service.evidence import extract
from service.evidence.payment_notices import the_notice
from service.evidence.sheet import Sheet

AS_OF = date(2026, 11, 25)


def told(*texts: str) -> dict[str, str | int]:
    return told_on([line(text, 60, 300 + 400 * row) for row, text in enumerate(texts)])


def told_on(lines: list[Line]) -> dict[str, str | int]:
    notice = the_notice(Sheet(lines), AS_OF)
    return {field.name.value: field.value for field in notice.fields} if notice else {}


@pytest.mark.parametrize(
    ("text", "amount", "paid_at", "payee"),
    [
        (
            "【某银行】您尾号4471的储蓄卡于02-2005:27快捷支付293.45元，收款方：深南万卡有限公司，余额8882.52元。",
            29345,
            "2026-02-20T05:27",
            "深南万卡有限公司",
        ),
        (
            "2026-06-01 "
            "21:44:04，您尾号为6012的账户向京选电子商务（华东）有限公司付款RMB983.00，流水号2026060122001320593851553457，余额RMB1.00",
            98300,
            "2026-06-01T21:44:04",
            "京选电子商务（华东）有限公司",
        ),
        ("您尾号1234的储蓄卡11月20日12:33在某商城消费人民币50.00元", 5000, "2026-11-20T12:33", "某商城"),
        (
            "您账户4471于8月8日 13:15支出人民币8.30元（北屿智卡科技有限公司），余额5.00元",
            830,
            "2026-08-08T13:15",
            "北屿智卡科技有限公司",
        ),
        ("您于今天10:20向星河点卡支付了20元", 2000, "2026-11-25T10:20", "星河点卡"),
        ("You paid $5.65 to Star Cards on Apr 3, 2026 10:20", 565, "2026-04-03T10:20", "Star Cards"),
    ],
)
def test_a_sentence_tells_a_payment(text: str, amount: int, paid_at: str, payee: str) -> None:
    found = told(text)
    assert (found["amount"], found["paid_at"], found["payee"]) == (amount, paid_at, payee)
    assert found.get("trade_number") == ("2026060122001320593851553457" if "流水号" in text else None)


@pytest.mark.parametrize(
    "text",
    [
        "您的退款50.00元已到账",
        "您尾号1234的信用卡消费50.00元失败",
        "将于11月30日扣款50.00元",
        "缴话费立减34.55元，点击领取",
        "您账户1234于11月20日12:33收入50.00元",
        "如需支付50.00元请点击",
        "Your payment of $5.00 was declined",
        "消费满1.2万元",
        "2026年3月 支出¥7,037.88 收入¥0.00",
    ],
)
def test_what_was_not_paid_is_no_payment(text: str) -> None:
    assert told(text) == {}


def test_of_two_payments_nobody_knows_which_is_meant() -> None:
    assert told("您于今天10:20向星河点卡支付了20元", "您于今天10:25向星河点卡支付了30元") == {}


def test_a_bank_s_message_is_a_payment_record() -> None:
    page: list[Line] = [
        line("95588", 480, 100),
        line("11月20日 12:33", 420, 220, height=30),
        line("您尾号1234的储蓄卡11月20日12:33在某商城", 60, 300),
        line("消费人民币50.00元，余额88.00元。", 60, 352),
    ]
    found = extract(read(*page), as_of=AS_OF)
    assert found.kind is PageKind.PAYMENT
    assert {name.value: one.value for name, one in found.fields.items() if name.value in ("amount", "paid_at")} == {
        "amount": 5000,
        "paid_at": "2026-11-20T12:33",
    }


WORDINGS = [
    (
        "您的江海银行储蓄卡(9045)于{at}消费人民币30.00元，商户名称：苏南立达通信有限公司，余额8.00元。",
        "江海银行储蓄卡(9045)",
    ),
    ("您已使用微信支付向苏南立达通信有限公司支付¥30.00，{at}", "微信支付"),
    ("扣款通知：苏南立达通信有限公司于{at}从您的花呗扣款30.00元，如有疑问请联系客服。", "花呗"),
    ("{at} 您用云闪付付款¥30.00给苏南立达通信有限公司，交易号20260620705180086。", "云闪付"),
    ("您有一笔¥30.00的支付已完成，付款账户：零钱，收款方：苏南立达通信有限公司，时间：{at}。", "零钱"),
    ("您在苏南立达通信有限公司使用账户余额支付了¥30.00，交易时间{at}，点击查看详情", "账户余额"),
]


@pytest.mark.parametrize(("text", "way"), WORDINGS)
def test_a_message_tells_how_it_was_paid(text: str, way: str) -> None:
    found = told(text.format(at="2026-11-20 18:32"))
    assert found["amount"] == 3000
    assert found["payment_method"] == way
    assert found["payee"] == "苏南立达通信有限公司"
    assert found["paid_at"] == "2026-11-20T18:32"


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("您购买的云深无迹大月卡已支付成功，实付¥30.00，收款方立达通，订单号DD26110159598717。", "云深无迹大月卡"),
        ("您已成功支付¥30.00，商品「云深无迹点卡30元」，订单号DD26110159598717", "云深无迹点卡30元"),
        ("You paid ¥30.00 to Keyharbor for Season Pass: Winter. Order no. DD26110159598717", "Season Pass: Winter"),
    ],
)  # fmt: skip
def test_a_message_tells_what_was_bought(text: str, product: str) -> None:
    found = told(text)
    assert (found["amount"], found["product"], found["order_number"]) == (3000, product, "DD26110159598717")


def test_what_another_message_hands_over_belongs_to_the_payment_beside_it() -> None:
    found = told(
        "您尾号1234的储蓄卡11月20日18:32网上支付支出人民币30.00元，对方：立达通",
        "您购买的云深无迹点卡30元已发货，订单号：DD26110159598717，卡号：8607117701633692",
        "您有一张满30减5元红包即将过期",
    )
    assert (found["amount"], found["order_number"]) == (3000, "DD26110159598717")
    assert found["product"] == "云深无迹点卡30元"


def test_a_centre_of_notifications_records_the_one_payment_told_there() -> None:
    page = [
        line("通知中心", 60, 120),
        line("天气", 60, 300),
        line("12分钟前", 860, 300, height=30),
        line("明天小雨，最低 8°", 60, 350),
        line("立达通", 60, 600),
        line("5分钟前", 860, 600, height=30),
        line("您已使用零钱向苏南立达通信有限公司支付", 60, 660),
        line("¥30.00，2026-11-20 18:32", 60, 712),
    ]
    found = extract(read(*page), as_of=AS_OF)
    assert found.kind is PageKind.PAYMENT
    values = {name.value: one.value for name, one in found.fields.items()}
    assert values["amount"] == 3000
    assert values["payment_method"] == "零钱"


def test_what_somebody_answers_in_a_talk_is_no_record() -> None:
    page = [
        middle("在线客服", 120),
        line("您好，请问有什么可以帮您", 60, 300),
        right("我昨天付了钱还没有收到卡密", 1020, 460),
        line("您已使用零钱向立达通支付¥30.00", 60, 620),
        right("那为什么还不给我发货呢", 1020, 780),
    ]
    assert extract(read(*page), as_of=AS_OF).kind is PageKind.CHAT


@pytest.mark.parametrize(
    ("text", "payee"),
    [
        ("2026-08-30 07:03:58，您向商户青禾点卡工作室付款¥29.00成功，付款方式：零钱", "青禾点卡工作室"),
        ("扣费通知：交易时间2026-08-30 07:03:58，交易金额人民币29.00元，收款方青禾点卡工作室，支付方式零钱。",
         "青禾点卡工作室"),
        ("Star Pay: Your order no. AB12345678 was paid. Amount charged: USD 29.00. Paid at: 30 Aug 2026 07:03:58. "
         "Merchant: Star Cards, Inc.", "Star Cards, Inc."),
    ],
)  # fmt: skip
def test_a_payment_told_as_keys_in_a_sentence(text: str, payee: str) -> None:
    found = told(text)
    assert (found["amount"], found["paid_at"], found["payee"]) == (2900, "2026-08-30T07:03:58", payee)


def test_a_sum_paid_needs_a_payment_before_it() -> None:
    assert told("Your order was placed. Amount paid: USD 29.00", "Amount paid: USD 12.00") == {}


@pytest.mark.parametrize(
    ("texts", "number"),
    [
        (("Star Pay: Your order 31872620509", "45 has been paid. Amount paid:"), "3187262050945"),
        (("Payment made. Order no. TG202607251GLRU", "R. You paid through us and now"), "TG202607251GLRUR"),
        (("Star Pay: Your order 31872620509", "2026-08-25. Amount paid: nothing"), "31872620509"),
        (("Star Pay: Your order 31872620509", "via the app and its page has been"), "31872620509"),
    ],
)
def test_a_number_as_long_as_its_line_goes_on_in_english(texts: tuple[str, str], number: str) -> None:
    page = [
        line("Messages", 400, 100),
        line(texts[0], 60, 300),
        line(texts[1], 60, 350),
        line("You paid $5.65 to Star Cards", 60, 400),
    ]
    assert told_on(page)["order_number"] == number


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("您的商品「云深无迹点卡100元」已发货，请及时查收并使用。", "云深无迹点卡100元"),
        ("您购买的宝贝“办公套件，5台设备”已自动发货，请勿泄露。", "办公套件，5台设备"),
        ('Your product "Antivirus, 3 PCs / 1 Year" has been delivered. Do not share it.', "Antivirus, 3 PCs / 1 Year"),
    ],
)  # fmt: skip
def test_goods_in_quotes_keep_their_commas(text: str, product: str) -> None:
    found = told("您于今天10:20向星河点卡支付了20元", text)
    assert str(found["product"]).replace(",", "，") == product.replace(",", "，")
