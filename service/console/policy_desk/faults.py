"""What the policy's own use cases refuse, said to the person at the desk in their language."""

from __future__ import annotations

from service.domain.assessment import Text
from service.domain.errors import InvalidPolicyText, PrereviewError, StaleWrite, TooLarge

_SAME_PERSON = Text(
    zh="提议和签署必须由两个人完成：这个版本由您起草或提议，请另一位风险负责人签署。",
    en="Two people do this: you drafted or proposed it, so another risk owner signs it.",
)
# A part of the refusal's own sentence, and what to say.
_BY_SENTENCE = (
    ("proposed by one person and signed off by another", _SAME_PERSON),
    (
        "which is past",
        Text(zh="生效时间已经过去，请填写将来的时间。", en="That time is past. Give one that is to come."),
    ),
    (
        "less than",
        Text(
            zh="生效时间太近：签署后至少要留一分钟。请重新提议并填写更晚的时间。",
            en="Its time has come too near: a minute has to be left after the signature. Propose it again for later.",
        ),
    ),
    (
        "has this very text",
        Text(
            zh="草稿与生效中的版本完全相同，没有可提议的内容。",
            en="The draft is the very text in force: nothing to sign.",
        ),
    ),
    ("Say why", Text(zh="请用几个字写明原因。", en="Say why, in a few words.")),
    (
        "A note has at most",
        Text(zh="说明最多 1000 字，且不能含不可见字符。", en="A note has 1,000 visible characters at most."),
    ),
    (
        "can be taken back",
        Text(
            zh="它即将生效或已生效，不能再撤回。可以重新提议原来的文本，或停止自动通过。",
            en="It is in force, or too near to it, to be taken back. Propose the earlier text again, or stop approval.",
        ),
    ),
    (
        "A back-test of this platform is running",
        Text(
            zh="本平台已有一个回测在运行，请等待或先停止它。",
            en="A back-test is running. Wait for it, or stop it first.",
        ),
    ),
    (
        "No case",
        Text(zh="这段时间没有案件，请选择更长的时间。", en="No case came in these days. Choose a longer time."),
    ),
    (
        "There is no assessed case",
        Text(
            zh="没有找到已预审的案件。请填写案件编号或 ID。",
            en="There is no assessed case of this number. Give a case's number or id.",
        ),
    ),
    ("You have no draft", Text(zh="您没有草稿，请先开始编辑。", en="You have no draft. Begin one first.")),
)
_STEP = Text(
    zh="有人先您一步：这个版本的状态已经变化，请重新查看。",
    en="Somebody was before you: this version stands elsewhere now. Look at it again.",
)
_STALE = Text(
    zh="自您打开本页以来，草稿或生效版本已经变化。请重新核对差异后再操作。",
    en="The text, or what it is measured against, has changed since you opened this page. Look at it again.",
)
_WINDOWS = Text(
    zh="您在另一个窗口保存了较新的草稿。您输入的内容仍在下面，没有丢失。",
    en="You saved a newer draft in another window. What you typed is still below; nothing is lost.",
)
_INVALID = Text(zh="文本还有错误，请先改正。", en="The text has mistakes still. Correct them first.")
_LONG = Text(zh="文本太长，无法保存。", en="The text is too long to be kept.")


def fault(error: PrereviewError) -> Text:
    """What went wrong; the use case's own words where nothing better is known."""
    if isinstance(error, StaleWrite):
        return _WINDOWS if "revision" in error.extra else _STALE
    if isinstance(error, InvalidPolicyText):
        return _INVALID
    if isinstance(error, TooLarge):
        return _LONG
    for part, said in _BY_SENTENCE:
        if part in error.detail:
            return said
    return _STEP if "step" in error.extra else Text(zh=error.detail, en=error.detail)
