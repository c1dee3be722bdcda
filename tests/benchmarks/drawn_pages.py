"""Phone pages for the OCR benchmarks: drawn, deterministic by seed, about as full as a real order page."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

PHONE = (1080, 2340)
_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
)
_PRODUCTS = (
    "全国通用话费充值 50元 24小时内到账",
    "视频会员月卡（激活码）官方直充",
    "游戏点卡 300点 自动发货",
    "音乐包季度会员 兑换码",
    "钢铁行动 648元宝礼包 安卓服",
)
_NOTES = (
    "请在有效期内使用，激活后不支持退换",
    "如未到账请先联系店铺客服",
    "卡密一经查看视为已使用",
    "充值前请核对账号与区服",
)
_SHOPS = ("云帆数码专营店", "小鹿卡券", "极速充值旗舰店", "青柠点卡")


@dataclass(frozen=True, slots=True)
class Colours:
    page: str
    card: str
    text: str
    faint: str
    accent: str


_LIGHT = Colours("#f4f5f7", "#ffffff", "#1b1d21", "#8a8f99", "#e2483d")
_DARK = Colours("#101114", "#1c1e23", "#e9eaee", "#868c98", "#ff6b5e")


def cjk_font() -> Path:
    """The first installed CJK font; FileNotFoundError saying what to install."""
    for name in _FONTS:
        if Path(name).exists():
            return Path(name)
    raise FileNotFoundError("no CJK font; install fonts-noto-cjk or fonts-wqy-microhei")


def draw_page(seed: int, size: tuple[int, int] = PHONE) -> Image.Image:
    """One order page; everything scales with the width."""
    chance, colours = random.Random(seed), _DARK if seed % 4 == 3 else _LIGHT
    unit = size[0] / 360
    image = Image.new("RGB", size, colours.page)
    pen = ImageDraw.Draw(image)
    font = {px: ImageFont.truetype(str(cjk_font()), max(8, round(px * unit))) for px in (11, 12, 14, 16, 20)}

    def text(x: float, y: float, words: str, px: int = 14, colour: str = colours.text, anchor: str = "lm") -> None:
        pen.text((x * unit, y * unit), words, font=font[px], fill=colour, anchor=anchor)

    def card(top: float, bottom: float) -> None:
        pen.rounded_rectangle((12 * unit, top * unit, 348 * unit, bottom * unit), 8 * unit, fill=colours.card)

    text(16, 14, f"{chance.randint(0, 23):02d}:{chance.randint(0, 59):02d}", 12)
    text(344, 14, f"{chance.randint(12, 99)}%", 12, anchor="rm")
    text(180, 48, "订单详情", 16, anchor="mm")
    text(24, 88, chance.choice(("交易完成", "已发货", "等待商家处理")), 20, colours.accent)
    text(24, 114, chance.choice(_NOTES), 12, colours.faint)

    card(134, 266)
    text(24, 154, chance.choice(_SHOPS))
    product = chance.choice(_PRODUCTS)
    pen.rectangle((24 * unit, 174 * unit, 88 * unit, 238 * unit), fill=colours.accent)
    text(100, 186, product[:14])
    text(100, 206, product[14:], 12, colours.faint)
    price = chance.randint(500, 99900) / 100
    text(100, 228, f"¥{price:.2f}")
    text(336, 228, "×1", 12, colours.faint, "rm")
    text(336, 252, f"共1件 合计：¥{price:.2f}", 12, colours.text, "rm")

    day = f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    clock = [f"{chance.randint(8, 22):02d}:{chance.randint(0, 59):02d}:{chance.randint(0, 59):02d}" for _ in range(3)]
    rows = (
        ("商品总价", f"¥{price + 3:.2f}"),
        ("优惠减免", "-¥3.00"),
        ("实付款", f"¥{price:.2f}"),
        ("订单编号", f"{chance.randrange(10**17, 10**18)}"),
        ("交易单号", f"42000{chance.randrange(10**20, 10**21)}"),
        ("下单时间", f"{day} {clock[0]}"),
        ("付款时间", f"{day} {clock[1]}"),
        ("发货时间", f"{day} {clock[2]}"),
        ("支付方式", chance.choice(("支付宝", "微信支付", "余额支付"))),
        ("充值账号", f"1{chance.randrange(3 * 10**9, 10**10)}"),
    )
    card(278, 290 + 34 * len(rows))
    for index, (key, value) in enumerate(rows):
        y = 302 + 34 * index
        text(24, y, key, 14, colours.faint)
        text(336, y, value, 14, colours.text, "rm")
    bottom = 302 + 34 * len(rows)
    card(bottom, bottom + 68)
    text(24, bottom + 22, chance.choice(_NOTES), 12, colours.faint)
    text(24, bottom + 46, f"客服时间 9:00-{chance.randint(18, 23)}:00", 12, colours.faint)
    text(90, 755, "联系客服", 14, anchor="mm")
    text(180, 755, "申请退款", 14, anchor="mm")
    text(270, 755, "再次购买", 14, colours.accent, "mm")
    return image


def encode(image: Image.Image, kind: str = "PNG") -> bytes:
    """PNG as a phone saves it, or JPEG at quality 85 as chat apps pass it on."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"quality": 85} if kind == "JPEG" else {"compress_level": 3}))
    return buffer.getvalue()
