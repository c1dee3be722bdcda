"""What this desk calls things."""

from __future__ import annotations

from service.domain.assessment import Text
from service.domain.errors import PrereviewError
from service.domain.labels import LabelSource
from service.domain.quality import Verdict

VERDICTS = {
    Verdict.APPROVE: Text(zh="通过", en="Approve"),
    Verdict.APPROVE_PARTIALLY: Text(zh="部分通过", en="In part"),
    Verdict.REJECT: Text(zh="拒绝", en="Reject"),
    Verdict.UNDECIDED: Text(zh="没有判断", en="Not judged"),
}
PROOFS = {
    LabelSource.RECORD: Text(zh="平台记录", en="the platform's record"),
    LabelSource.CHARGEBACK: Text(zh="支付方拒付", en="a chargeback"),
    LabelSource.ADJUDICATION: Text(zh="高级审核员裁断", en="a senior between two"),
    LabelSource.APPEAL: Text(zh="申诉结果", en="an appeal"),
}
DONE = {
    "made": Text(zh="已加入标准案例。", en="It is a golden case now."),
    "retired": Text(zh="已停用，不会再出现。", en="Retired: it is shown to nobody any more."),
    "gone": Text(zh="它早已停用。", en="It was retired before."),
    "settings": Text(zh="比例已更改，从下一单起生效。", en="The shares are changed, from the next case on."),
}
_FAULTS = {
    "golden_note": Text(zh="请写明从中可以学到什么。", en="Write what there is to learn from it."),
    "golden_proof": Text(
        zh="没有证据说明此单本应如何处理：需要平台记录、拒付、申诉结果或高级审核员的裁断。",
        en="Nothing proves how it should have been decided: that takes a record, a chargeback, an appeal, or a senior "
        "between two.",
    ),
    "golden_twice": Text(zh="它已经是标准案例。", en="It is a golden case already."),
    "golden_open": Text(zh="此单尚未结束。", en="The case is still open."),
    "golden_old": Text(
        zh="此单已超过 30 天：截图上的日期会让人看出它不是新的。",
        en="The case is older than 30 days: its pages would show that it is not new.",
    ),
    "golden_number": Text(zh="没有这个单号的退款单。", en="There is no case of this number."),
    "share": Text(zh="请写 0 到 100 之间的数，至多一位小数。", en="Write a number from 0 to 100, at most one decimal."),
    "reason": Text(zh="请写明原因。", en="Say why."),
}
_OTHER = Text(zh="没有执行，请稍后再试。", en="It was not done. Try again later.")


def fault(error: PrereviewError) -> Text:
    return _FAULTS.get(str(error.extra.get("code", "")), _OTHER)


def said(code: str) -> Text:
    """A fault a page itself found."""
    return _FAULTS[code]
