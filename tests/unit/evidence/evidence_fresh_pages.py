"""Pages as compact rows, structurally unlike each other: long captures, vouchers, transfers, shelves, receipts, tables.

A row is ``height text @x | text >x1 | text ^``: at the left edge, at x, ending at x1 or in the middle; pages are 1080
wide and rows stand 30 under each other. ``&`` begins a row that continues the one above; ``+120`` leaves room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence_samples import line, middle, right

from service.domain.evidence import Line, PageKind

_EDGE, _SIZE, _GAP, _WRAP, _WIDTH = 48.0, 40.0, 30.0, 14.0, 1080.0
ORDER, PAYMENT, DELIVERY, UNKNOWN = PageKind.ORDER, PageKind.PAYMENT, PageKind.DELIVERY, PageKind.UNKNOWN


@dataclass(frozen=True)
class Fresh:
    """A page and what a careful reader takes from it; None: nothing, ``...``: not asked."""

    name: str
    kind: PageKind
    product: object
    text: str
    method: object = ...
    account: object = ...
    width: float = _WIDTH

    def lines(self) -> list[Line]:
        return placed(self.text, self.width)


def placed(text: str, width: float = _WIDTH) -> list[Line]:
    found, y = [], 20.0
    for row in text.strip().splitlines():
        row = row.strip()
        if row.startswith("+"):
            y += float(row[1:])
            continue
        if row.startswith("&"):
            y, row = y - _GAP + _WRAP, row[1:].strip()
        size = re.match(r"(\d{2})\s+", row)
        height = float(size[1]) if size else _SIZE
        for cell in (row[size.end() :] if size else row).split(" | "):
            found.append(_cell(cell.strip(), y, height, width))
        y += height + _GAP
    return found


def _cell(cell: str, y: float, height: float, width: float) -> Line:
    if cell.endswith(" ^"):
        return middle(cell[:-2], y, height=height, page=width)
    placed_at = re.search(r"\s([@>])(\d*)$", cell)
    if placed_at is None:
        return line(cell, _EDGE, y, height=height)
    text = cell[: placed_at.start()]
    if placed_at[1] == "@":
        return line(text, float(placed_at[2]), y, height=height)
    return right(text, float(placed_at[2] or width - _EDGE), y, height=height)


ACCOUNTS = [
    Fresh(
        f"account: {form}",
        ORDER,
        "云海幻境月卡",
        f"""
        44 订单详情 ^
        48 充值成功
        +40
        商品名称 | 云海幻境月卡 >
        {form}
        订单编号 | 55001122334455 >
        下单时间 | 2026-04-11 08:00:00 >
        实付款 | ¥30.00 >
        """,
        account=account,
    )
    for form, account in (
        ("充值账号：yun_hai88 (大区 华东一区)", "yun_hai88"),
        ("账号 | 138****5678 >", "138****5678"),
        ("充值到 138 0013 8000", "13800138000"),
        ("游戏UID | 100234567（天空岛） >", "100234567"),
        ("角色ID | 52013140 (S12-月影谷) >", "52013140"),
        ("QQ号 | 123456789 >", "123456789"),
        ("充值QQ号 | 123456789 >", "123456789"),
        ("充值手机 | 138 0013 8000 广东移动 >", "13800138000"),
        ("电表号 | 3100123412288 >", "3100123412288"),
        ("已充值至：138****5678", "138****5678"),
        ("直充账号 | +86 138 0013 8000 >", "+8613800138000"),
        ("绑定账号 | UID: 88123456 >", "88123456"),
        ("充值账户 | 13800138000（张*） >", "13800138000"),
    )
]
