"""Example pictures of good evidence, drawn from the policy's own data: which page, and what it must show, marked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.assessment import Text

WIDTH = 150
_TOP, _STEP = 48, 27


@dataclass(frozen=True, slots=True)
class Mark:
    """A number in a circle on the picture, explained beside it; ``y`` in the picture's units."""

    number: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    value: str
    y: int


@dataclass(frozen=True, slots=True)
class Picture:
    """One drawn page. ``style``: which template draws it; ``alt``: the same in words."""

    style: str
    title: str
    rows: tuple[Row, ...]
    marks: tuple[Mark, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a page; ``facts``: what a policy may ask it to show."""

    facts: tuple[str, ...]
    label: Text
    value: Text


@dataclass(frozen=True, slots=True)
class _Page:
    style: str
    title: Text
    lines: tuple[_Line, ...]


def _same(text: str) -> Text:
    return Text(zh=text, en=text)


_PAGES: Mapping[str, _Page] = {
    "order": _Page(
        "rows",
        Text(zh="订单详情", en="Order"),
        (
            _Line((), Text(zh="商品", en="Product"), Text(zh="点卡 50 元", en="Card ¥50")),
            _Line(("number", "order_number"), Text(zh="订单号", en="Order no."), _same("2026112088412")),
            _Line(("amount",), Text(zh="实付", en="Paid"), _same("¥50.00")),
            _Line(("time",), Text(zh="下单时间", en="Ordered"), _same("2026-11-20 20:58")),
            _Line(("trade_number",), Text(zh="支付单号", en="Payment no."), _same("42000018873")),
            _Line(("payee",), Text(zh="商家", en="Seller"), Text(zh="星河数卡", en="Star Cards")),
        ),
    ),
    "payment": _Page(
        "rows",
        Text(zh="账单详情", en="Payment"),
        (
            _Line(("amount",), Text(zh="支付成功", en="Paid"), _same("-50.00")),
            _Line(("time",), Text(zh="付款时间", en="Time"), _same("2026-11-20 20:59")),
            _Line(("payee",), Text(zh="收款方", en="Payee"), Text(zh="平台账户", en="The platform")),
            _Line(("number", "trade_number"), Text(zh="交易单号", en="Trade no."), _same("42000018873")),
            _Line(("order_number",), Text(zh="商户单号", en="Order no."), _same("2026112088412")),
        ),
    ),
    "delivery": _Page(
        "rows",
        Text(zh="发货记录", en="Delivery"),
        (
            _Line(("number", "order_number"), Text(zh="订单号", en="Order no."), _same("2026112088412")),
            _Line(("time",), Text(zh="发货时间", en="Sent"), _same("2026-11-20 21:02")),
            _Line((), Text(zh="卡密", en="Code"), _same("•••• •••• ••••")),
        ),
    ),
    "prompt": _Page(
        "dialog",
        Text(zh="提示", en="Notice"),
        (_Line(("prompt",), Text(zh="激活码无效", en="Code is not valid"), Text(zh="确定", en="OK")),),
    ),
    "list": _Page(
        "list",
        Text(zh="充值记录", en="Top-up records"),
        (_Line(("prompt",), Text(zh="无此充值记录", en="No such record"), _same("")),),
    ),
    "chat": _Page(
        "chat",
        Text(zh="官方客服", en="Official support"),
        (
            _Line((), Text(zh="充值没到账", en="It did not arrive"), _same("")),
            _Line(("prompt",), Text(zh="已查，未成功", en="Checked: it failed"), _same("")),
        ),
    ),
    "identity": _Page("card", Text(zh="证件正反面", en="Both sides of the card"), ()),
    "statement": _Page("text", Text(zh="情况说明", en="Statement"), ()),
}
_FACTS: Mapping[str, Text] = {
    "number": Text(zh="单号", en="the number"),
    "order_number": Text(zh="订单号", en="the order number"),
    "trade_number": Text(zh="交易单号", en="the trade number"),
    "amount": Text(zh="金额", en="the amount"),
    "time": Text(zh="时间", en="date and time"),
    "payee": Text(zh="收款方", en="who was paid"),
    "prompt": Text(zh="提示文字", en="the words of the prompt"),
}
_NAMES: Mapping[str, Text] = {
    "order": Text(zh="订单页面", en="an order page"),
    "payment": Text(zh="付款记录", en="a payment record"),
    "delivery": Text(zh="发货记录", en="a delivery record"),
    "prompt": Text(zh="错误提示", en="an error prompt"),
    "list": Text(zh="记录列表", en="a list of records"),
    "chat": Text(zh="聊天记录", en="a chat"),
    "identity": Text(zh="身份证件", en="an identity card"),
    "statement": Text(zh="文字说明", en="a statement"),
}


def picture(kind: str, must_show: tuple[str, ...], language: str) -> Picture | None:
    """A page of this kind with what it must show marked; None for a kind nobody could draw."""
    page = _PAGES.get(kind)
    if page is None:
        return None
    rows: list[Row] = []
    marks: list[Mark] = []
    for place, line in enumerate(page.lines):
        y = _TOP + place * _STEP
        rows.append(Row(label=line.label.get(language), value=line.value.get(language), y=y))
        asked = [fact for fact in must_show if fact in line.facts]
        if asked:
            marks.append(Mark(number=len(marks) + 1, y=y, text=_FACTS[asked[0]].get(language)))
    return Picture(
        style=page.style,
        title=page.title.get(language),
        rows=tuple(rows),
        marks=tuple(marks),
        alt=_alt(kind, tuple(marks), language),
    )


def _alt(kind: str, marks: tuple[Mark, ...], language: str) -> str:
    name = _NAMES[kind].get(language)
    if language == "en":
        return f"Drawn example of {name}" + (f", showing {', '.join(mark.text for mark in marks)}" if marks else "")
    return f"示意图：{name}" + (f"，标出{'、'.join(mark.text for mark in marks)}" if marks else "")
