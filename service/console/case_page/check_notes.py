"""What checks note beside their verdict, in Chinese; checks themselves speak English, as stored assessments do."""

from __future__ import annotations

import re
from collections.abc import Mapping

_NOTES: Mapping[str, str] = {
    "there is no evidence": "没有凭证",
    "no page shows it": "截图中没有这一项",
    "the record has no such fact": "平台记录没有这一项",
    "the list shows other orders": "列表里是其他订单",
    "the list shows the order": "列表里有这笔订单",
    "matches up to look-alikes": "除形近字外一致",
    "another account than the record's": "与记录的账号不同",
    "it may be another account than the one recharged": "可能不是充值的账号",
    "another amount than was paid": "与实付金额不同",
    "another number than the record's": "与记录的号码不同",
    "another product than the record's": "与记录不是同一商品",
    "another time than the record's": "与记录的时间不同",
    "another value, number or term of the product": "面值、数量或期限不同",
    "closed or failed says nothing certain of the payment": "“关闭/失败”不能说明是否已付款",
    "delivered with us and missing there: the operator's word is needed": "我方已交付、对方未到账：需运营商证明",
    "differs by a slip the unclear page may explain": "差异可能是图片不清所致",
    "looks like the price of one of several": "像是多件中一件的价格",
    "only part of the number is visible": "只看得见号码的一部分",
    "paid to another account": "收款方与记录不同",
    "the bill names it otherwise": "账单上的名称不同",
    "the image carries no text": "图片中没有文字",
    "the log agrees": "与日志相符",
    "the log does not know": "日志无法判断",
    "the log does not know yet": "日志尚无结果",
    "the log says it was voided": "日志显示已作废",
    "the log says nothing about this prompt": "日志没有说到这种提示",
    "the log says somebody else activated it": "日志显示由他人激活",
    "the log says the claimant activated it": "日志显示由申请人本人激活",
    "the log says the code was never shown, so what was tried?": "日志显示卡密从未查看，试的是什么？",
    "the log shows an activation, but not whose": "日志显示已激活，但不知由谁",
    "the log shows no activation": "日志显示未激活",
    "the page says invalid, the log says it was activated": "截图说无效，日志显示已激活",
    "the page says it did not come, the log says delivered": "截图说未到账，日志显示已交付",
    "the page says used, the log says never activated": "截图说已使用，日志显示从未激活",
    "the page shows a refund; the record has one too": "截图显示有退款，记录也有",
    "the page shows it paid": "截图显示已付款",
    "the page shows it unpaid, the record paid": "截图显示未付款，记录为已付款",
    "the page shows the money already refunded": "截图显示款项已退",
    "the page shows the record's other number under this name": "截图此处写的是记录里的另一个号码",
    "one of them without its zone": "其中一方没有写区服",
    "the prompt bears the reason out": "提示支持所选理由",
    "what the prompt means is not sure": "提示的含义不能确定",
    "the prompt neither bears out nor contradicts the reason": "提示与所选理由无关",
    "the prompt speaks against the reason": "提示与所选理由相反",
    "the same file was sent for another order": "同一文件曾用于另一笔订单",
    "the visible characters differ from the record's": "可见字符与记录不同",
    "the visible characters match": "可见字符一致",
    "too little is visible": "可见部分太少",
    "cannot be read on any page": "任何一张图都读不出",
}
_LIKENESS = re.compile(r"likeness (\d+) of 100(; a brand and its company may differ)?\Z")
_CURRENCIES = re.compile(r"the page shows ([A-Z]{3}), the record ([A-Z]{3})\Z")
_HARDLY = "hardly legible; as read, "


# What the verdict and the two values beside each other say already.
_PLAIN = frozenset(note for note in _NOTES if note.startswith("another ")) - {
    "another value, number or term of the product"
}


def says_more(note: str) -> bool:
    """Whether the note tells what the row does not show by itself."""
    return bool(note) and note not in _PLAIN


def note_in(language: str, note: str) -> str:
    """The note in ``language``; in English where no Chinese is known for it."""
    if language == "en":
        return note
    if note.startswith(_HARDLY):
        return f"几乎看不清；照所读：{note_in(language, note.removeprefix(_HARDLY))}"
    if (found := _LIKENESS.match(note)) is not None:
        return f"相似度 {found[1]}/100" + ("；品牌与公司名可能不同" if found[2] else "")
    if (found := _CURRENCIES.match(note)) is not None:
        return f"截图币种 {found[1]}，记录币种 {found[2]}"
    return _NOTES.get(note, note)
