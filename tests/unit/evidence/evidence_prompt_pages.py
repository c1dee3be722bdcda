"""Pages on which a message stands in one of the ways apps show it. Boxes as a reader would give them."""

from __future__ import annotations

from collections.abc import Callable

from evidence_samples import line, middle, right, rows

from service.domain.evidence import Line


def in_lines(saying: str, widest: int) -> list[str]:
    """Chinese broken at ``widest`` characters wherever that is, English at words of twice as many."""
    if not saying.isascii():
        return [saying[start : start + widest] for start in range(0, len(saying), widest)]
    found = [""]
    for word in saying.split():
        if found[-1] and len(found[-1]) + len(word) > 2 * widest:
            found.append("")
        found[-1] = f"{found[-1]} {word}".strip()
    return found


def _centred(saying: str, top: float, *, widest: int = 18, height: float = 40) -> list[Line]:
    pitch = 1.4 * height
    return [middle(text, top + pitch * row, height=height) for row, text in enumerate(in_lines(saying, widest))]


def _from_left(saying: str, x0: float, top: float, *, widest: int = 20, height: float = 32) -> list[Line]:
    pitch = 1.4 * height
    return [line(text, x0, top + pitch * row, height=height) for row, text in enumerate(in_lines(saying, widest))]


def _form() -> list[Line]:
    return [
        line("09:41", 60, 20, height=30),
        middle("兑换中心", 100, height=44),
        line("游戏账号", 60, 260),
        line("wan_2210@example.com", 60, 330),
        line("兑换码", 60, 430),
        line("KX7P-22QD-9F3A", 60, 500),
    ]


def _order() -> list[Line]:
    return [
        line("09:41", 60, 20, height=30),
        middle("订单详情", 100, height=44),
        *rows(("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), ("实付款", "¥39.00"), top=300),
        *rows(("支付方式", "微信支付"), ("充值账号", "13800138000"), ("商品名称", "视频会员月卡"), top=570),
    ]


def _below() -> list[Line]:
    return [
        line("充值说明", 60, 1900, height=36),
        line("1. 充值一般10分钟内到账，请耐心等待", 60, 1960, height=32),
        line("2. 如24小时未到账，请联系在线客服", 60, 2010, height=32),
        line("3. 已被使用的卡密不支持退款", 60, 2060, height=32),
        middle("联系客服", 2200),
    ]


def dialog(saying: str) -> list[Line]:
    return [*_form(), middle("提示", 900, height=44), *_centred(saying, 980), middle("我知道了", 1220), *_below()]


def dialog_of_two_buttons(saying: str) -> list[Line]:
    said = _centred(saying, 980, widest=13)
    return [*_form(), *said, line("取消", 320, 1300), line("重试", 680, 1300), *_below()]


def over_an_order(saying: str) -> list[Line]:
    return [*_order(), middle("温馨提示", 1160, height=44), *_centred(saying, 1240), middle("确定", 1480), *_below()]


def toast(saying: str) -> list[Line]:
    return [*_form(), *_centred(saying, 1200, widest=14, height=36), *_below()]


def red_line(saying: str) -> list[Line]:
    said = _from_left(saying, 60, 560, widest=30, height=28)
    return [*_form(), *said, middle("立即兑换", 760, height=44), line("兑换记录", 60, 900), line("使用帮助", 60, 980)]


def result_page(saying: str) -> list[Line]:
    said = _centred(saying, 520, widest=14, height=52)
    return [middle("处理结果", 100, height=44), *said, middle("返回首页", 900), middle("联系客服", 1000)]


def half_sheet(saying: str) -> list[Line]:
    head = [middle("提示", 1460, height=48), right("×", 1020, 1460)]
    return [*_order(), *head, *_from_left(saying, 60, 1560, widest=24, height=38), middle("好的", 1900)]


def empty_state(saying: str) -> list[Line]:
    return [line("09:41", 60, 20, height=30), middle("查询", 100, height=44), *_centred(saying, 1100, height=36)]


def with_error_code(saying: str) -> list[Line]:
    return [*_form(), *_centred(f"{saying}（E1023）", 980), middle("关闭", 1240), *_below()]


def a_notification(saying: str) -> list[Line]:
    head = [line("闪充助手", 120, 140, height=34), right("现在", 1020, 140, height=30)]
    return [line("09:41", 60, 20, height=30), *head, *_from_left(saying, 120, 200, widest=24, height=36)]


SETTINGS: dict[str, Callable[[str], list[Line]]] = {
    "dialog": dialog,
    "dialog of two buttons": dialog_of_two_buttons,
    "over an order": over_an_order,
    "toast": toast,
    "red line under an input": red_line,
    "result page": result_page,
    "half sheet": half_sheet,
    "empty state": empty_state,
    "with an error code": with_error_code,
    "notification": a_notification,
}
