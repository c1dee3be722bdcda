"""Conversations set in different manners: lines of the page, and who says what when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from evidence_samples import FACTS, line, middle, right

from service.domain.evidence import Line, Read, Speaker

OTHER, SELF, SYSTEM = Speaker.OTHER, Speaker.SELF, Speaker.SYSTEM
PHONE, DESKTOP = (1080, 2340), (1280, 800)


@dataclass(frozen=True, slots=True)
class TalkPage:
    """``said``: speaker, text, ISO moment as of 2025-04-12, whether it promises money back."""

    lines: Sequence[Line]
    said: Sequence[tuple[Speaker, str, str | None, bool]]
    size: tuple[int, int] = PHONE

    def read(self) -> Read:
        width, height = self.size
        return Read(lines=tuple(self.lines), image=replace(FACTS, width=width, height=height))


BAR = [line("14:16", 60, 20), right("5G", 1020, 20)]
TODAY = "2025-04-12T"


def wrapped(texts: Sequence[str], x0: float, y0: float, *, height: float = 40.0, pitch: float = 1.35) -> list[Line]:
    return [line(text, x0, y0 + n * pitch * height, height=height) for n, text in enumerate(texts)]


def mine_wrapped(texts: Sequence[str], x1: float, y0: float) -> list[Line]:
    """A wrapped bubble at the right: its first line ends at ``x1``, all begin with it."""
    return wrapped(texts, right(texts[0], x1, y0).box.x0, y0)


def bubbles_in_wechat() -> TalkPage:
    """Avatars are pictures; moments in grey between; the contact's name over all; a bar with nothing but icons."""
    return TalkPage(
        [
            *BAR,
            line("<", 30, 110),
            middle("小雨点卡（老板）", 110, height=46),
            middle("昨天 21:03", 230, height=30),
            line("在", 190, 320),
            right("老板那个激活码用不了", 890, 450),
            right("显示已被使用", 890, 580),
            middle("08:40", 700, height=30),
            *wrapped(["我看了下是上家发重了，这单我给", "你退掉，钱一会儿退到你微信"], 190, 780),
            right("好", 890, 960),
        ],
        [
            (OTHER, "在", "2025-04-11T21:03", False),
            (SELF, "老板那个激活码用不了", "2025-04-11T21:03", False),
            (SELF, "显示已被使用", "2025-04-11T21:03", False),
            (OTHER, "我看了下是上家发重了，这单我给你退掉，钱一会儿退到你微信", TODAY + "08:40", True),
            (SELF, "好", TODAY + "08:40", False),
        ],
    )


def names_over_bubbles_with_a_card() -> TalkPage:
    """A shop's window: the seller's name over each bubble, an order's card, 已读 under one's own."""
    return TalkPage(
        [
            *BAR,
            line("<", 30, 110),
            line("星河数卡专营店", 120, 104, height=46),
            right("关注", 1030, 110),
            middle("4月11日 10:20", 230, height=30),
            line("你正在咨询的订单", 60, 300, height=34),
            line("腾讯视频VIP会员月卡", 260, 350),
            line("订单编号：T20250411000123", 260, 405, height=32),
            line("¥39.00", 260, 450),
            right("发送订单", 1010, 450),
            line("星河数卡:小美", 160, 560, height=28),
            line("亲，在的呢，有什么可以帮到您", 180, 605),
            right("会员一直没到账", 890, 740),
            right("已读", 890, 790, height=26),
            line("星河数卡:小美", 160, 860, height=28),
            *wrapped(["亲，已帮您查询，系统充值失败，款项", "将在1-3个工作日内原路退回"], 180, 905),
            line("发消息…", 120, 2240),
        ],
        [
            (OTHER, "亲，在的呢，有什么可以帮到您", "2025-04-11T10:20", False),
            (SELF, "会员一直没到账", "2025-04-11T10:20", False),
            (OTHER, "亲，已帮您查询，系统充值失败，款项将在1-3个工作日内原路退回", "2025-04-11T10:20", True),
        ],
    )


def headers_over_text_of_both_sides() -> TalkPage:
    """A web support window: every message at the left under a line of name and moment."""
    return TalkPage(
        [
            line("在线客服", 40, 20, height=24),
            line("客服小王 10:02:11", 40, 100, height=18),
            line("您好，很高兴为您服务", 40, 128, height=20),
            line("我 10:02:40", 40, 184, height=18),
            line("买的点卡一直提示无效", 40, 212, height=20),
            line("客服小王 10:05:03", 40, 268, height=18),
            line("请提供一下订单号", 40, 296, height=20),
            line("我 10:05:30", 40, 352, height=18),
            line("T20250411000123", 40, 380, height=20),
            line("客服小王 10:09:57", 40, 436, height=18),
            line("已核实，现在为您全额退款", 40, 464, height=20),
            line("请输入内容", 40, 700, height=18),
            line("发送", 1180, 760, height=18),
        ],
        [
            (OTHER, "您好，很高兴为您服务", TODAY + "10:02:11", False),
            (SELF, "买的点卡一直提示无效", TODAY + "10:02:40", False),
            (OTHER, "请提供一下订单号", TODAY + "10:05:03", False),
            (SELF, "T20250411000123", TODAY + "10:05:30", False),
            (OTHER, "已核实，现在为您全额退款", TODAY + "10:09:57", True),
        ],
        DESKTOP,
    )


def moments_before_names() -> TalkPage:
    """A saved history: moment first, then the name, and the words under both or beside."""
    return TalkPage(
        [
            line("聊天记录", 40, 20, height=28),
            line("2025-04-10 09:30:12 小鹿客服", 40, 100, height=20),
            line("您好，在的", 40, 128, height=20),
            line("2025-04-10 09:31:40 user_8812", 40, 180, height=20),
            line("充值没到，能不能退", 40, 208, height=20),
            line("2025-04-10 09:35:02 小鹿客服", 40, 260, height=20),
            line("抱歉，已发出的卡密不支持退款", 40, 288, height=20),
        ],
        [
            (OTHER, "您好，在的", "2025-04-10T09:30:12", False),
            (SELF, "充值没到，能不能退", "2025-04-10T09:31:40", False),
            (OTHER, "抱歉，已发出的卡密不支持退款", "2025-04-10T09:35:02", False),
        ],
        DESKTOP,
    )


def clocks_inside_bubbles() -> TalkPage:
    """A messenger: the clock in each bubble's corner, days between."""
    return TalkPage(
        [
            *BAR,
            line("Mia from CardHub", 180, 105, height=44),
            line("online", 180, 155, height=28),
            middle("10 April 2025", 260, height=30),
            right("Hi, the gift card says already redeemed", 1000, 350),
            right("09:41 ✓✓", 1000, 400, height=26),
            line("Sorry to hear that, let me check", 70, 500),
            line("09:43", 560, 550, height=26),
            *wrapped(["Confirmed, the code was a duplicate.", "We will refund you to the card today"], 70, 650),
            line("09:50", 700, 765, height=26),
            right("Thanks", 1000, 860),
            right("09:51 ✓✓", 1000, 910, height=26),
            line("Message", 140, 2240),
        ],
        [
            (SELF, "Hi, the gift card says already redeemed", "2025-04-10T09:41", False),
            (OTHER, "Sorry to hear that, let me check", "2025-04-10T09:43", False),
            (
                OTHER,
                "Confirmed, the code was a duplicate. We will refund you to the card today",
                "2025-04-10T09:50",
                True,
            ),
            (SELF, "Thanks", "2025-04-10T09:51", False),
        ],
    )


def clocks_beside_bubbles() -> TalkPage:
    """The clock stands small beside its bubble, toward the page's middle."""
    return TalkPage(
        [
            *BAR,
            middle("充值中心客服", 110, height=46),
            line("您好，这里是充值中心", 180, 300),
            line("9:12", 610, 312, height=26),
            line("9:13", 420, 442, height=26),
            right("流量没到账", 890, 430),
            line("查到运营商返回失败，已为您退款", 180, 560),
            line("9:20", 810, 572, height=26),
            line("输入消息", 140, 2240),
        ],
        [
            (OTHER, "您好，这里是充值中心", TODAY + "09:12", False),
            (SELF, "流量没到账", TODAY + "09:13", False),
            (OTHER, "查到运营商返回失败，已为您退款", TODAY + "09:20", True),
        ],
    )


def a_widget_in_a_page_s_corner() -> TalkPage:
    """A support widget over a desktop page: a narrow pane at the right, sender and age under the bubble."""
    return TalkPage(
        [
            line("Bluebird Store", 40, 20, height=22),
            line("Products", 300, 22, height=18),
            line("Pricing", 420, 22, height=18),
            line("Help", 540, 22, height=18),
            line("Chat with us", 930, 180, height=20),
            line("Hello! How can we help?", 930, 260, height=18),
            line("Nora · 5m ago", 930, 286, height=13),
            right("My key was not delivered", 1250, 330, height=18),
            line("So sorry. Your payment will be returned", 930, 390, height=18),
            line("within 24 hours.", 930, 414, height=18),
            line("Nora · Just now", 930, 440, height=13),
            line("Write a reply…", 930, 740, height=18),
        ],
        [
            (OTHER, "Hello! How can we help?", None, False),
            (SELF, "My key was not delivered", None, False),
            (OTHER, "So sorry. Your payment will be returned within 24 hours.", None, True),
        ],
        DESKTOP,
    )


def a_ticket_thread() -> TalkPage:
    """A help desk's ticket: replies under each other with who replied and when."""
    return TalkPage(
        [
            line("工单详情", 40, 20, height=26),
            line("工单标题：卡密无法使用", 40, 70, height=18),
            line("我 回复于 2025-04-10 08:15", 40, 130, height=16),
            line("购买的骏网一卡通提示卡号不存在，请处理。", 40, 158, height=18),
            line("客服 回复于 2025-04-10 09:02", 40, 230, height=16),
            line("您好，经核实该批次卡密异常，我们将为您办理退款，预计3个工作日", 40, 258, height=18),
            line("内到账。", 40, 284, height=18),
            line("我 回复于 2025-04-10 09:10", 40, 350, height=16),
            line("好的，谢谢。", 40, 378, height=18),
            line("提交回复", 1150, 700, height=18),
        ],
        [
            (SELF, "购买的骏网一卡通提示卡号不存在，请处理。", "2025-04-10T08:15", False),
            (OTHER, "您好，经核实该批次卡密异常，我们将为您办理退款，预计3个工作日内到账。", "2025-04-10T09:02", True),
            (SELF, "好的，谢谢。", "2025-04-10T09:10", False),
        ],
        DESKTOP,
    )


def a_name_column() -> TalkPage:
    """Full-width rows: name at the left, words in the middle, clock at the right."""
    return TalkPage(
        [
            line("会话详情", 40, 20, height=26),
            line("买家", 40, 100, height=18),
            line("卡密激活失败怎么办", 180, 100, height=18),
            right("09:15", 1240, 100, height=16),
            line("客服", 40, 160, height=18),
            line("您好，请发下截图", 180, 160, height=18),
            right("09:16", 1240, 160, height=16),
            line("买家", 40, 220, height=18),
            line("发了", 180, 220, height=18),
            right("09:18", 1240, 220, height=16),
            line("客服", 40, 280, height=18),
            line("已为您提交退款，请留意到账", 180, 280, height=18),
            right("09:25", 1240, 280, height=16),
        ],
        [
            (SELF, "卡密激活失败怎么办", TODAY + "09:15", False),
            (OTHER, "您好，请发下截图", TODAY + "09:16", False),
            (SELF, "发了", TODAY + "09:18", False),
            (OTHER, "已为您提交退款，请留意到账", TODAY + "09:25", True),
        ],
        DESKTOP,
    )


def colons_after_names() -> TalkPage:
    """Plain text: the name, a colon and the words in one line."""
    return TalkPage(
        [
            line("客服会话记录", 40, 20, height=26),
            line("2025-04-10 09:15", 40, 70, height=16),
            line("买家：充值的话费没有到账", 40, 110, height=18),
            line("客服：您好，请提供充值号码", 40, 150, height=18),
            line("买家：13800138000", 40, 190, height=18),
            line("客服：查询到充值失败，款项会在24小时内退回", 40, 230, height=18),
        ],
        [
            (SELF, "充值的话费没有到账", "2025-04-10T09:15", False),
            (OTHER, "您好，请提供充值号码", "2025-04-10T09:15", False),
            (SELF, "13800138000", "2025-04-10T09:15", False),
            (OTHER, "查询到充值失败，款项会在24小时内退回", "2025-04-10T09:15", True),
        ],
        DESKTOP,
    )


def a_long_message() -> TalkPage:
    """One side speaks for seven lines, with amounts and keys inside."""
    long = [
        "亲爱的用户您好，您反馈的订单",
        "T20250411000123已收到，经我们",
        "与供应商核实，该笔充值未成功，",
        "实付金额39.00元将按原支付渠道",
        "退还，处理时间为2025年4月12日，",
        "到账时间以银行为准，给您带来不",
        "便，非常抱歉。",
    ]
    return TalkPage(
        [
            *BAR,
            middle("人工客服", 110, height=46),
            middle("2025年4月12日 10:00", 230, height=30),
            right("怎么还没有处理结果", 890, 320),
            *wrapped(long, 180, 460),
            right("知道了", 890, 900),
            line("请输入您的问题", 140, 2240),
            right("发送", 1030, 2240),
        ],
        [
            (SELF, "怎么还没有处理结果", TODAY + "10:00", False),
            (OTHER, "".join(long), TODAY + "10:00", True),
            (SELF, "知道了", TODAY + "10:00", False),
        ],
    )


def one_message() -> TalkPage:
    """Only the shop has spoken."""
    return TalkPage(
        [
            *BAR,
            middle("万卡通官方客服", 110, height=46),
            middle("今天 09:00", 230, height=30),
            line("您好，您的退款已原路退回，请查收", 180, 320),
            line("按住说话", 400, 2240),
        ],
        [(OTHER, "您好，您的退款已原路退回，请查收", TODAY + "09:00", True)],
    )


def keys_and_values_are_said() -> TalkPage:
    """The buyer sends an order's facts; they are said, not recorded."""
    return TalkPage(
        [
            *BAR,
            middle("小鹿客服", 110, height=46),
            middle("09:00", 230, height=30),
            line("亲，麻烦发下订单信息", 180, 320),
            *mine_wrapped(["订单号：T20250411000123", "金额：39元", "时间：4月11日"], 890, 450),
            line("收到，正在核实", 180, 720),
            middle("对方正在输入...", 850, height=30),
            line("按住说话", 400, 2240),
        ],
        [
            (OTHER, "亲，麻烦发下订单信息", TODAY + "09:00", False),
            (SELF, "订单号：T20250411000123金额：39元时间：4月11日", TODAY + "09:00", False),
            (OTHER, "收到，正在核实", TODAY + "09:00", False),
        ],
    )


def names_on_both_sides() -> TalkPage:
    """A group or work messenger: names over bubbles at either side, with clocks beside the names."""
    return TalkPage(
        [
            *BAR,
            middle("星河售后群(12)", 110, height=46),
            line("客服-阿杰 11:02", 150, 240, height=28),
            line("请问哪位反馈充值失败", 170, 285),
            right("11:05 李同学", 900, 400, height=28),
            right("我，Q币没到", 890, 445),
            line("客服-阿杰 11:08", 150, 560, height=28),
            line("稍等，我这边给你退", 170, 605),
            line("发送给 星河售后群", 140, 2240),
        ],
        [
            (OTHER, "请问哪位反馈充值失败", TODAY + "11:02", False),
            (SELF, "我，Q币没到", TODAY + "11:05", False),
            (OTHER, "稍等，我这边给你退", TODAY + "11:08", True),
        ],
    )


def a_pane_beside_a_list_of_talks() -> TalkPage:
    """A desktop messenger: other talks at the left, this one at the right."""
    return TalkPage(
        [
            line("搜索", 60, 30, height=18),
            line("星河点卡", 80, 90, height=18),
            right("10:21", 290, 90, height=14),
            line("好的亲", 80, 114, height=14),
            line("阿芒", 80, 160, height=18),
            right("昨天", 290, 160, height=14),
            line("明天见", 80, 184, height=14),
            line("文件传输助手", 80, 230, height=18),
            right("周三", 290, 230, height=14),
            line("星河点卡", 330, 30, height=22),
            Line("10:02", 0.99, middle("10:02", 90, height=14, page=1580.0).box),
            line("亲，在的", 390, 130, height=18),
            right("兑换码过期了怎么办", 1200, 190, height=18),
            line("您好，过期的码我们不予退款哦", 390, 250, height=18),
            right("行吧", 1200, 310, height=18),
            line("发送(S)", 1170, 760, height=18),
        ],
        [
            (OTHER, "亲，在的", TODAY + "10:02", False),
            (SELF, "兑换码过期了怎么办", TODAY + "10:02", False),
            (OTHER, "您好，过期的码我们不予退款哦", TODAY + "10:02", False),
            (SELF, "行吧", TODAY + "10:02", False),
        ],
        DESKTOP,
    )


def a_thread_of_mails() -> TalkPage:
    """Mails under each other: sender, address and date, then the words."""
    return TalkPage(
        [
            line("Re: Gift card not working", 40, 20, height=26),
            line("Leo Chen", 40, 90, height=18),
            right("Apr 10, 2025, 9:12 AM", 1240, 92, height=14),
            line("to support", 40, 114, height=14),
            line("Hello, the code I bought is rejected as invalid.", 40, 146, height=18),
            line("CardHub Support", 40, 230, height=18),
            right("Apr 10, 2025, 10:40 AM", 1240, 232, height=14),
            line("to me", 40, 254, height=14),
            line("Hi Leo, we have issued a full refund to your card.", 40, 286, height=18),
            line("Reply", 60, 740, height=18),
            line("Forward", 160, 740, height=18),
        ],
        [
            (SELF, "Hello, the code I bought is rejected as invalid.", "2025-04-10T09:12", False),
            (OTHER, "Hi Leo, we have issued a full refund to your card.", "2025-04-10T10:40", True),
        ],
        DESKTOP,
    )


def recalled_and_joined() -> TalkPage:
    """Notices between: someone joined, something was recalled, an assessment is asked for."""
    return TalkPage(
        [
            *BAR,
            line("<", 30, 110),
            line("平台介入", 120, 104, height=46),
            middle("2025-04-11 20:15", 230, height=30),
            middle("客服 0312 已接入会话", 300, height=30),
            line("您好，工号0312为您服务", 60, 390),
            right("商家不理我", 1020, 520),
            middle("你撤回了一条消息", 630, height=30),
            line("已联系商家，商家同意退款", 60, 720),
            middle("请对本次服务进行评价", 850, height=30),
        ],
        [
            (SYSTEM, "客服 0312 已接入会话", "2025-04-11T20:15", False),
            (OTHER, "您好，工号0312为您服务", "2025-04-11T20:15", False),
            (SELF, "商家不理我", "2025-04-11T20:15", False),
            (SYSTEM, "你撤回了一条消息", "2025-04-11T20:15", False),
            (OTHER, "已联系商家，商家同意退款", "2025-04-11T20:15", True),
            (SYSTEM, "请对本次服务进行评价", "2025-04-11T20:15", False),
        ],
    )


def without_bar_or_moment() -> TalkPage:
    """A crop of nothing but bubbles."""
    return TalkPage(
        [
            line("亲，什么问题呢", 130, 60),
            right("兑换码输进去说不存在", 950, 190),
            right("买了两张都这样", 950, 310),
            *wrapped(["非常抱歉，这边马上给您安排退款", "，请您留意"], 130, 440),
            right("多久到", 950, 620),
        ],
        [
            (OTHER, "亲，什么问题呢", None, False),
            (SELF, "兑换码输进去说不存在", None, False),
            (SELF, "买了两张都这样", None, False),
            (OTHER, "非常抱歉，这边马上给您安排退款，请您留意", None, True),
            (SELF, "多久到", None, False),
        ],
        (1080, 760),
    )


def stamps_under_bubbles() -> TalkPage:
    """Full moments under each bubble, at its own side."""
    return TalkPage(
        [
            *BAR,
            middle("Support", 110, height=46),
            line("Hi, how can I help you?", 60, 260),
            line("2025-04-10 13:01", 60, 312, height=26),
            right("I was charged twice", 1020, 400),
            right("2025-04-10 13:02", 1020, 452, height=26),
            line("Refunds are not possible for used codes", 60, 540),
            line("2025-04-10 13:04", 60, 592, height=26),
            right("Read", 1020, 700, height=26),
            line("Type a message...", 60, 2240),
        ],
        [
            (OTHER, "Hi, how can I help you?", "2025-04-10T13:01", False),
            (SELF, "I was charged twice", "2025-04-10T13:02", False),
            (OTHER, "Refunds are not possible for used codes", "2025-04-10T13:04", False),
        ],
    )


PAGES = (
    bubbles_in_wechat,
    names_over_bubbles_with_a_card,
    headers_over_text_of_both_sides,
    moments_before_names,
    clocks_inside_bubbles,
    clocks_beside_bubbles,
    a_widget_in_a_page_s_corner,
    a_ticket_thread,
    a_name_column,
    colons_after_names,
    a_long_message,
    one_message,
    keys_and_values_are_said,
    names_on_both_sides,
    a_pane_beside_a_list_of_talks,
    a_thread_of_mails,
    recalled_and_joined,
    without_bar_or_moment,
    stamps_under_bubbles,
)
