"""What else a page prints: other numbers, amounts and times, that are no fields and must not be taken for them."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from training.screens.facts import Facts, Print
from training.screens.pools import pool_of

_WORDS = {
    "category": ("充值缴费", "日用百货", "文化休闲", "数码电器"),
    "remark": ("无", "请尽快发货", "-", "暂无"),
    "channel": ("APP下单", "小程序", "网页版", "线上"),
    "delivery_kind": ("自动发货", "人工充值", "直充", "在线发卡"),
    "server": ("微信区-王者峡谷", "QQ 38区", "国服 一区", "安卓 华东二服", "Asia"),
    "role": ("夜雨听风", "ZhaoYun_98", "小鱼干", "NoobMaster"),
    "invoice_state": ("可开票", "已开票", "不支持开票"),
    "refund_rule": ("不支持7天无理由", "发货后不可退款", "未使用可退"),
    "operator": ("云通移动", "联信", "中天电信"),
    "settlement": ("平台担保", "即时到账"),
    "score": ("赠 39 积分", "+128 积分", "可得成长值 12"),
}
_WORDS_EN = {
    "category": ("Digital goods", "Games"),
    "remark": ("None", "-"),
    "channel": ("Web", "Mobile app"),
    "delivery_kind": ("Automatic", "E-mail"),
    "server": ("Asia", "EU-West 2"),
    "role": ("NoobMaster", "Kestrel"),
    "invoice_state": ("Available", "Issued"),
    "refund_rule": ("Not returnable", "Refundable until used"),
    "operator": ("Unity Mobile",),
    "settlement": ("Escrow", "Instant"),
    "score": ("+39 points", "128 XP"),
}
DISTRACTORS = (
    *_WORDS,
    *("quantity", "unit_price", "freight", "fee", "balance", "saved", "instalment", "refunded", "earned"),
    *("batch", "serial", "member", "terminal", "waybill", "ticket", "hotline", "zip", "mark"),
    *("confirmed_at", "closes_at", "reviewed_at", "printed_at"),
)


def distractors(facts: Facts, style: Print, language: str, pool: str) -> dict[str, str]:
    """Printed by name. They follow from the facts alone, so that what was drawn before them is drawn as ever."""
    rng = Random(f"{facts.order_number}:{facts.trade_number}")
    words = _WORDS_EN if language == "en" else _WORDS
    apps = pool_of("breadth" if pool == "first" else pool)["apps_en" if language == "en" else "apps"]

    def digits(count: int) -> str:
        return str(rng.randrange(1, 10)) + "".join(rng.choice("0123456789") for _ in range(count - 1))

    def money(minor: int) -> str:
        return style.yuan(minor).lstrip("-− ")

    later = facts.paid_at + timedelta(minutes=rng.randrange(3, 4000))
    return {name: rng.choice(choices) for name, choices in words.items()} | {
        "quantity": str(facts.quantity),
        "unit_price": money(facts.face_value),
        "freight": money(0),
        "fee": money(rng.choice((0, 0, 50, 120))),
        "balance": money(rng.randrange(100, 900_000)),
        "saved": money(facts.discount),
        "instalment": money(facts.amount // 3),
        "refunded": money(rng.randrange(100, 20_000)),
        "earned": money(rng.randrange(1, 300)),
        "batch": digits(6),
        "serial": digits(10),
        "member": digits(8),
        "terminal": digits(8),
        "waybill": f"YT{digits(13)}",
        "ticket": digits(12),
        "hotline": f"400-{digits(3)}-{digits(4)}",
        "zip": digits(6),
        "mark": rng.choice(apps),
        "confirmed_at": style.moment(later),
        "closes_at": style.moment(facts.paid_at + timedelta(days=15)),
        "reviewed_at": style.moment(later + timedelta(hours=30)),
        "printed_at": style.moment(facts.captured_at),
    }
