"""Short names of what a policy speaks of, in both languages. What a clause says is the platform's own wording."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.assessment import Text
from service.domain.claims import Anchor, GoodsKind, ReasonCode, Route

REASONS: Mapping[str, Text] = {
    ReasonCode.NOT_DELIVERED: Text(zh="未到账 / 未发货", en="Not delivered"),
    ReasonCode.CODE_INVALID: Text(zh="卡密无效", en="Code does not work"),
    ReasonCode.CODE_ALREADY_USED: Text(zh="卡密已被使用", en="Code already used"),
    ReasonCode.USED_WITHOUT_EFFECT: Text(zh="已使用未生效", en="Used without effect"),
    ReasonCode.NOT_AS_DESCRIBED: Text(zh="与描述不符", en="Not as described"),
    ReasonCode.SERVICE_ABNORMAL: Text(zh="服务异常 / 未开通", en="Service not opened or interrupted"),
    ReasonCode.DUPLICATE_PAYMENT: Text(zh="重复扣款", en="Paid twice"),
    ReasonCode.PLATFORM_FAULT: Text(zh="系统故障", en="Fault of the platform"),
    ReasonCode.WRONG_TARGET: Text(zh="充错号码 / 区服", en="Wrong number or region"),
    ReasonCode.UNUSED_CHANGE_OF_MIND: Text(zh="未使用，不想要了", en="Unused, changed my mind"),
    ReasonCode.UNAUTHORISED: Text(zh="非本人操作", en="It was not me"),
    ReasonCode.PARTIAL_USE: Text(zh="部分使用", en="Partly used"),
    ReasonCode.OTHER: Text(zh="其他原因", en="Another reason"),
}
GOODS: Mapping[str, Text] = {
    GoodsKind.CARD_CODE: Text(zh="卡密", en="card codes"),
    GoodsKind.TOP_UP: Text(zh="直充", en="top-ups"),
    GoodsKind.MEMBERSHIP: Text(zh="会员", en="memberships"),
    GoodsKind.ACTIVATION: Text(zh="激活码", en="activation codes"),
    GoodsKind.IN_GAME: Text(zh="游戏内物品", en="in-game goods"),
    GoodsKind.OTHER: Text(zh="其他商品", en="other goods"),
}
ANCHORS: Mapping[str, Text] = {
    Anchor.PAID: Text(zh="付款", en="payment"),
    Anchor.DELIVERED: Text(zh="发货", en="delivery"),
    Anchor.CONFIRMED: Text(zh="确认收货", en="confirming receipt"),
}
ROUTES: Mapping[str, Text] = {
    Route.ORIGINAL: Text(zh="原路退回", en="The way you paid"),
    Route.BALANCE: Text(zh="平台余额", en="Platform balance"),
}


def named(names: Mapping[str, Text], code: str, language: str) -> str:
    """The name of a code; the code itself where it has none."""
    found = names.get(code)
    return code if found is None else found.get(language)


def span(hours: int, language: str) -> str:
    """Hours as people say them: whole days where they are, from two days on."""
    if hours % 24 == 0 and hours >= 48:
        return f"{hours // 24} days" if language == "en" else f"{hours // 24} 天"
    return f"{hours} hours" if language == "en" else f"{hours} 小时"


def share(permille: int) -> str:
    """Thousandths as per cent: ``1%``, ``0.5%``."""
    return f"{permille / 10:g}%"
