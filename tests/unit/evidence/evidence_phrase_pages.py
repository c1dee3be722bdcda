"""Phrase pages: keys and values of many makers set in many structures, with what they say. Same seed, same page."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence_samples import line, middle, right

from service.domain.evidence import FieldName, Line

Truth = dict[FieldName, str | int]
Pair = tuple[str, str]

_KEYS = {
    FieldName.ORDER_NUMBER: """
        订单编号 订单号 订单号码 充值订单号 平台订单号 商城订单号 购物单号 我的订单编号 订单ID 交易订单号
        系统订单号 购买单号 充值单号
        游戏订单编号 消费订单号 订 单 号""",
    FieldName.TRADE_NUMBER: """
        交易单号 交易流水号 支付流水号 支付单号 流水号 支付交易号 银行流水号 付款流水号 微信支付单号 支付宝交易号
        第三方支付单号 渠道流水号
        支付平台交易号 交易流水编号 扣款流水号 核心流水号""",
    FieldName.AMOUNT: """
        实付款 实付金额 实际支付 实付总额 支付金额 付款金额 已付金额 合计支付 实际付款金额 订单实付 消费金额
        支付总额 实际扣款 交易金额
        付款总计 本次支付 实收金额 小写金额""",
    FieldName.ORDERED_AT: """
        下单时间 创建时间 提交时间 订单时间 下单日期 购买时间 订购时间 拍下时间 生成时间 订单创建时间 订单生成时间
        提交订单时间 订单提交时间
        预订时间 建单时间 采购时间""",
    FieldName.PAID_AT: """
        付款时间 支付时间 支付完成时间 付款成功时间 支付日期 交易时间 扣款时间 支付成功时间 买家付款时间 消费时间
        订单支付时间 记账时间""",
}
_MERCHANT = "商户单号 商家订单号 商户订单编号 商户订单号 商家单号 商户流水号 商户业务订单号 商户系统订单号"
_LATIN = {
    FieldName.ORDER_NUMBER: "Order Number|Order No.|Order ID|Order #|Purchase ID|Order reference|Sales order no.",
    FieldName.TRADE_NUMBER: "Transaction ID|Transaction no.|Payment ID|Payment reference|Txn ID|Bank reference number",
    FieldName.AMOUNT: "Amount paid|Total paid|You paid|Paid amount|Total charged|Payment amount",
    FieldName.ORDERED_AT: "Ordered on|Order date|Order placed|Placed on|Created at|Purchase date|Submitted at",
    FieldName.PAID_AT: "Paid on|Paid at|Payment date|Payment time|Transaction date|Payment completed",
}
_LATIN_MERCHANT = "Merchant order no.|Merchant reference|Seller order number"
# Keys of values nobody asked for; ``m`` another amount, ``-`` a discount, ``n`` another number, ``t`` another time.
_OTHERS = """
    商品总价=m 优惠=- 运费=¥0.00 账户余额=m 单价=m 优惠券=- 会员折扣=- 积分抵扣=- 商品编号=n 快递单号=n 发票号码=n
    发货时间=t 完成时间=t
    到账时间=t 有效期至=t 退款金额=m 可得积分=35 支付方式=微信支付 收货人=李** 备注=无 充值账号=13900001111
    商户全称=北京某某科技有限公司
    商品面值=m 平台补贴=- 商品原价=m 手续费=¥0.00 退款单号=n 预计到账时间=t"""
_LATIN_OTHERS = (
    "Subtotal=m|Discount=-|Shipping=$0.00|Balance=m|Unit price=m|Invoice number=n|Tracking number=n|"
    "Delivered on=t|Valid until=t|Payment method=Visa ****1234|Refund amount=m|Coupon=-"
)
_TIMES = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S", "%Y-%m-%d%H:%M:%S", "%Y.%m.%d %H:%M")
_LATIN_TIMES = ("%b %d, %Y %H:%M", "%b %d, %Y, %I:%M %p", "%d %b %Y %H:%M", "%Y-%m-%d %H:%M:%S")


@dataclass(frozen=True)
class PhrasePage:
    lines: list[Line]
    truth: Truth


def _number(dice: random.Random) -> str:
    digits = "".join(dice.choices("0123456789", k=28))
    day = f"2026{dice.randint(1, 12):02}{dice.randint(1, 28):02}"
    return dice.choice(
        [day + digits[:12], "XN-" + digits[:12], "KM" + digits[:16], "4" + digits[:27], f"{digits[:4]}-{digits[4:10]}"]
    )


def _time(dice: random.Random, formats: Sequence[str]) -> tuple[str, str]:
    form = dice.choice(formats)
    moment = datetime.fromisoformat("2026-01-01T00:00:07") + timedelta(minutes=dice.randint(0, 440_000))
    return moment.strftime(form), moment.isoformat(timespec="seconds" if "%S" in form else "minutes")


def _money(dice: random.Random, minor: int, *, latin: bool) -> str:
    text = f"{minor / 100:.2f}"
    return dice.choice([f"${text}", f"{text} USD"] if latin else [f"¥{text}", f"￥{text}", f"{text}元", f"¥ {text}"])


def pairs_page(seed: int, structure: str) -> PhrasePage:
    """An order or a bill whose keys and values are set in this structure."""
    dice = random.Random(f"{seed} {structure}")
    latin, bill = dice.random() < 0.25, dice.random() < 0.5
    pairs, truth = _pairs(dice, latin=latin, bill=bill)
    titles = ("Payment details", "Order details") if latin else ("账单详情", "订单详情")
    lines = [line("09:41", 60, 20, height=30), middle(titles[0] if bill else titles[1], 100, height=44)]
    return PhrasePage([*lines, *STRUCTURES[structure](pairs, dice)], truth)


def _pairs(dice: random.Random, *, latin: bool, bill: bool) -> tuple[list[Pair], Truth]:
    minor = dice.choice([990, 1990, 4900, 12345, 100000])
    ordered, paid = (_time(dice, _LATIN_TIMES if latin else _TIMES) for _ in range(2))
    order, trade = _number(dice), _number(dice)
    shown: dict[FieldName, str] = {
        FieldName.ORDER_NUMBER: order,
        FieldName.AMOUNT: _money(dice, minor, latin=latin),
        FieldName.PAID_AT: paid[0],
    } | ({FieldName.TRADE_NUMBER: trade} if bill else {FieldName.ORDERED_AT: ordered[0]})
    known: Truth = {
        FieldName.ORDER_NUMBER: order,
        FieldName.TRADE_NUMBER: trade,
        FieldName.AMOUNT: minor,
        FieldName.ORDERED_AT: ordered[1],
        FieldName.PAID_AT: paid[1],
    }
    keys = {name: _LATIN[name].split("|") if latin else _words(_KEYS[name]) for name in shown}
    if bill:
        keys[FieldName.ORDER_NUMBER] = _LATIN_MERCHANT.split("|") if latin else _MERCHANT.split()
    pairs = [(dice.choice(keys[name]), text) for name, text in shown.items()]
    others = _LATIN_OTHERS.split("|") if latin else _OTHERS.split()
    for other in dice.sample(others, dice.randint(2, 6)):
        key, kind = other.split("=")
        pairs.append((key, _other(dice, kind, minor, latin=latin)))
    dice.shuffle(pairs)
    return pairs, {name: known[name] for name in shown}


def _words(text: str) -> list[str]:
    return [word.replace("订单号!", "订 单 号") for word in text.replace("订 单 号", "订单号!").split()]


def _other(dice: random.Random, kind: str, minor: int, *, latin: bool) -> str:
    if kind in ("m", "-"):
        text = _money(dice, minor + 500 if kind == "m" else 77, latin=latin)
        return text if kind == "m" else f"-{text}"
    if kind == "t":
        return _time(dice, _LATIN_TIMES if latin else _TIMES)[0]
    return _number(dice) if kind == "n" else kind


Setting = Callable[[list[Pair], random.Random], list[Line]]


def _row_by_row(place: Callable[[str, str, float, random.Random], list[Line]], pitch: float) -> Setting:
    def setting(pairs: list[Pair], dice: random.Random) -> list[Line]:
        return [one for row, (key, value) in enumerate(pairs) for one in place(key, value, 220.0 + pitch * row, dice)]

    return setting


def _grid(pairs: list[Pair], _: random.Random) -> list[Line]:
    found = []
    for place, (key, value) in enumerate(pairs):
        x0, top = 60 + 560 * (place % 2), 220 + 130 * (place // 2)
        found += [line(key, x0, top, height=26), line(value, x0, top + 42, height=28)]
    return found


def _two_a_row(pairs: list[Pair], _: random.Random) -> list[Line]:
    found = []
    for place, (key, value) in enumerate(pairs):
        first = line(key, 60 + 700 * (place % 2), 220 + 70 * (place // 2), height=26)
        found += [first, line(value, first.box.x1 + 30, first.box.y0, height=26)]
    return found


def _small_print(pairs: list[Pair], dice: random.Random) -> list[Line]:
    between = dice.choice(["  ", "；", "，", " | "])
    texts = [between.join(f"{key}：{value}" for key, value in pairs[at : at + 2]) for at in range(0, len(pairs), 2)]
    return [line(text, 60, 220 + 50 * row, height=26) for row, text in enumerate(texts)]


STRUCTURES: dict[str, Setting] = {
    "left and right": _row_by_row(lambda key, value, y, _: [line(key, 60, y), right(value, 1020, y)], 80),
    "columns": _row_by_row(lambda key, value, y, _: [line(key, 60, y), line(value, 480, y)], 76),
    "keys flush right": _row_by_row(lambda key, value, y, _: [right(f"{key}：", 400, y), line(value, 430, y)], 76),
    "stacked": _row_by_row(
        lambda key, value, y, _: [line(key, 60, y, height=28), line(value, 60, y + 44, height=36)], 120
    ),
    "stacked in the middle": _row_by_row(
        lambda key, value, y, _: [middle(key, y, height=28), middle(value, y + 44, height=36)], 120
    ),
    "inline": _row_by_row(
        lambda key, value, y, dice: [line(key + dice.choice(["：", ":", " ", "： "]) + value, 60, y)], 64
    ),
    "bullets": _row_by_row(
        lambda key, value, y, dice: [line(dice.choice(["· ", "● ", "- "]) + f"{key}：{value}", 60, y)], 64
    ),
    "brackets": _row_by_row(lambda key, value, y, _: [line(f"【{key}】{value}", 60, y)], 64),
    "dotted leaders": _row_by_row(lambda key, value, y, _: [line(f"{key}......{value}", 60, y)], 64),
    "grid": _grid,
    "two a row": _two_a_row,
    "small print": _small_print,
}
