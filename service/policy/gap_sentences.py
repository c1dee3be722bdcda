"""What the buyer is told of a page or file that does not do: what is wrong with it, and what to send instead.

Nothing here says how a page was looked at, only what anybody sees on it.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.assessment import Text
from service.domain.evidence import Edge, FailedReason, FieldName, Gap, GapKind

FACTS: Mapping[FieldName, Text] = {
    FieldName.ORDER_NUMBER: Text(zh="订单号", en="the order number"),
    FieldName.TRADE_NUMBER: Text(zh="交易单号", en="the trade number"),
    FieldName.AMOUNT: Text(zh="付款金额", en="the amount paid"),
    FieldName.ORDERED_AT: Text(zh="下单时间", en="the order time"),
    FieldName.PAID_AT: Text(zh="付款时间", en="the payment time"),
    FieldName.PRODUCT: Text(zh="商品名称", en="the product"),
    FieldName.PAYEE: Text(zh="收款方", en="the payee"),
    FieldName.PAYMENT_METHOD: Text(zh="付款方式", en="the payment method"),
    FieldName.STATUS: Text(zh="订单状态", en="the state of the order"),
    FieldName.RECHARGED_ACCOUNT: Text(zh="充值账号", en="the recharged account"),
    FieldName.ERROR_PROMPT: Text(zh="错误提示", en="the error prompt"),
    FieldName.FACE_VALUE: Text(zh="面值", en="the face value"),
    FieldName.VALID_UNTIL: Text(zh="有效期", en="the validity"),
    FieldName.PLATFORM_MARK: Text(zh="平台标识", en="the platform's mark"),
    FieldName.CLOCK: Text(zh="截图时间", en="the time of the screenshot"),
}
_PAGE = Text(zh="页面", en="the page")
_EDGES: Mapping[Edge | None, Text] = {
    Edge.TOP: Text(zh="在顶部", en=" at the top"),
    Edge.BOTTOM: Text(zh="在底部", en=" at the bottom"),
    Edge.LEFT: Text(zh="在左侧", en=" at the left"),
    Edge.RIGHT: Text(zh="在右侧", en=" at the right"),
    None: Text(zh="", en=""),
}
# {what}: the fact or the page; {edge}: where it is cut.
_SENTENCES: Mapping[GapKind, Text] = {
    GapKind.CUT_OFF: Text(
        zh="{what}{edge}被截掉了：请发送完整页面", en="{what} is cut off{edge}: please send the whole page"
    ),
    GapKind.COVERED: Text(
        zh="{what}被遮挡了：请发送没有遮挡的页面", en="{what} is covered: please send the page with nothing over it"
    ),
    GapKind.BLURRED: Text(
        zh="{what}看不清：请发送清晰的原图", en="{what} is too blurred to read: please send a sharp screenshot"
    ),
    GapKind.TOO_SMALL: Text(
        zh="{what}的文字太小：请发送原图，不要发送缩略图",
        en="{what} is too small to read: please send the original, not a thumbnail",
    ),
    GapKind.WRONG_KIND: Text(
        zh="发来的图片不是所需的页面：请按要求发送", en="a picture sent is not the page that is needed"
    ),
    GapKind.NO_DATE: Text(
        zh="{what}上没有日期或时间：请发送能看到时间的页面", en="{what} shows no date: please send one that shows when"
    ),
    GapKind.NO_MARK: Text(
        zh="{what}上没有平台标识或时间：请发送完整页面",
        en="{what} shows neither the platform's mark nor a time: please send the whole page",
    ),
    GapKind.SEVERAL_PAGES: Text(
        zh="一张图片里有多个页面：请每个页面单独发送一张截图",
        en="one picture holds several pages: please send one screenshot for each",
    ),
    GapKind.NOT_SHOWN: Text(
        zh="页面上没有{what}：请发送显示{what}的页面", en="no page shows {what}: please send the page that shows it"
    ),
}


def gap_sentence(gap: Gap) -> Text:
    """订单号在顶部被截掉了：请发送完整页面 / the order number is cut off at the top: please send the whole page."""
    what = FACTS[gap.field] if gap.field is not None else _PAGE
    edge, sentence = _EDGES[gap.edge], _SENTENCES[gap.kind]
    return Text(zh=sentence.zh.format(what=what.zh, edge=edge.zh), en=sentence.en.format(what=what.en, edge=edge.en))


# Our own failures (time ran out, a reader crashed) are not among them: the buyer cannot mend those.
FILES: Mapping[FailedReason, Text] = {
    FailedReason.EMPTY_FILE: Text(zh="有文件是空的：请重新发送", en="a file is empty: please send it again"),
    FailedReason.TOO_LARGE: Text(
        zh="有文件太大：请发送原始截图，不要发送视频或录屏", en="a file is too large: please send plain screenshots"
    ),
    FailedReason.TOO_MANY_PIXELS: Text(
        zh="有图片尺寸过大：请分成几张截图发送", en="a picture is too large: please send it as several screenshots"
    ),
    FailedReason.TOO_SMALL: Text(
        zh="有图片太小：请发送原图，不要发送缩略图",
        en="a picture is too small: please send the original, not a thumbnail",
    ),
    FailedReason.TOO_MANY_FRAMES: Text(
        zh="有文件是动图：请发送静态截图", en="a file is an animation: please send still screenshots"
    ),
    FailedReason.UNSUPPORTED_TYPE: Text(
        zh="有文件的格式无法打开（如 GIF、PDF、视频）：请发送 PNG 或 JPEG 截图",
        en="a file is of a kind that cannot be opened (such as GIF, PDF or video): please send PNG or JPEG screenshots",
    ),
    FailedReason.TRUNCATED: Text(
        zh="有文件没有传完整：请重新发送", en="a file arrived incomplete: please send it again"
    ),
    FailedReason.DAMAGED: Text(
        zh="有文件已损坏：请重新截图发送", en="a file is damaged: please take and send it again"
    ),
    FailedReason.ARCHIVE_REFUSED: Text(
        zh="压缩包无法使用：请直接发送其中的截图",
        en="an archive cannot be used: please send the screenshots in it directly",
    ),
    FailedReason.NO_CONSENT: Text(
        zh="身份证件未读取：没有收到您同意我们查看证件的记录，请先在平台上同意，再重新提交",
        en="an identity paper was not read: we have no record that you agreed to it; agree on the platform, then send "
        "it again",
    ),
}
# Files that arrived as they were sent: only another file can mend those. What arrived empty, cut short or damaged may
# have been so on our side of the way, and a person looks first.
UNUSABLE_AS_SENT = frozenset(
    {
        FailedReason.TOO_LARGE,
        FailedReason.TOO_MANY_PIXELS,
        FailedReason.TOO_SMALL,
        FailedReason.TOO_MANY_FRAMES,
        FailedReason.UNSUPPORTED_TYPE,
        FailedReason.ARCHIVE_REFUSED,
        FailedReason.NO_CONSENT,
    }
)
