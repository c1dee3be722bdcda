"""What was noted beside a fact that was read, in Chinese; reading itself speaks English, as stored evidence does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from service.console.policy_desk.names import PROMPTS
from service.domain.evidence import ErrorCode

_NOTES: Mapping[str, str] = {
    "a blank stands where a login name may have a low line": "空格处可能是下划线",
    "a bracket of it was not read": "有一个括号没有读到",
    "a clock without its colon": "时刻中没有读到冒号",
    "a count or price behind it may be its own": "末尾的数量或价格可能属于名称",
    "a day without its clock": "只有日期，没有时刻",
    "a letter of the address may be another": "地址中有一个字母可能认错",
    "a headline in words not known to state anything": "标题用语不在已知状态之内",
    "a number of unclear kind where no plainer one stands": "号码种类不明，页面上没有更明确的",
    "a number that goes on": "号码可能没有读完",
    "a phone of another length": "手机号位数不对",
    "a time of the order or of its payment": "可能是下单时间，也可能是付款时间",
    "a word that seldom names the order": "这种名目很少指订单",
    "all its words sound like no error": "整句话不像报错",
    "discounts stand under it": "下面还有优惠",
    "it may be the price of one of several": "可能是多件中一件的价格",
    "it may be who sold it": "可能是卖家的名字",
    "it stands among what is recorded": "它在订单信息之中",
    "it tells little": "提示说得不具体",
    "its seconds go on where they could not be read": "秒数没有读全",
    "its words are like no goods": "用语不像商品名",
    "later than the day it was sent": "晚于提交的日期",
    "letters that may be digits": "字母可能是数字",
    "named as the seller": "页面称其为卖家",
    "named by the way to pay alone": "只由支付方式得知",
    "no key says that it was paid so": "没有写明是这样支付的",
    "no way to pay that is known": "不是已知的支付方式",
    "no word of it speaks of goods": "没有词说明是商品",
    "no word says that it was paid": "没有词说明已支付",
    "not as long as the payment service's numbers are": "位数与该支付机构的单号不同",
    "of another message": "来自另一条消息",
    "paid before it was ordered": "付款早于下单",
    "said in passing": "只是顺带提到",
    "short for a number with letters": "带字母的号码偏短",
    "signs that hide digits run into each other": "掩码符号连成一片",
    "the page prints its other sums to two places": "页面其他金额都有两位小数",
    "told by its place alone": "只由位置得知",
    "told from all its words": "由整句话的用语推断",
    "told from its subject alone": "只由所说的对象推断",
    "told from steps alone": "只由进度条得知",
    "told from the payer's remark": "来自付款人的备注",
    "told in a sentence": "来自一句话",
    "told in a sentence of an order's page": "来自订单页的一句话",
    "told in another message": "来自另一条消息",
    "what was taken for a badge before it may be its own": "开头被当作标签的词可能属于名称",
}


def _prompt(code: str) -> str:
    return PROMPTS[ErrorCode(code)].zh if code in set(ErrorCode) else code


def _as_it_is(text: str) -> str:
    return text


# A note that tells a value of the page, with what makes the value readable.
_WITH_VALUES: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (re.compile(r"all its words sound like (.+)"), "整句话更像：{}", _prompt),
    (re.compile(r"another message says (.+)"), "另一条消息说的是：{}", _prompt),
    (re.compile(r"it also says (.+)"), "同时还说：{}", _prompt),
    (re.compile(r"another reader sees (.+)"), "另一个识别器读到：{}", _as_it_is),
    (re.compile(r"a card shows (.+)"), "商品卡片上写的是：{}", _as_it_is),
    (re.compile(r"a key says (.+)"), "名目旁写的是：{}", _as_it_is),
    (re.compile(r"the headline says (.+)"), "标题写的是：{}", _as_it_is),
    (re.compile(r"the page says (.+)"), "页面另处写的是：{}", _as_it_is),
    (re.compile(r"a step of the page says (.+)"), "页面进度写的是：{}", _as_it_is),
    (re.compile(r"the large amount says (.+)"), "大字金额是：{}（分）", _as_it_is),
    (re.compile(r"the total less the discounts is (.+)"), "总价减优惠是：{}（分）", _as_it_is),
)


def field_note_in(language: str, note: str) -> str:
    """The notes beside a fact in ``language``, one behind the other; in English where no Chinese is known."""
    if language == "en" or not note:
        return note
    return "；".join(_said(part) for part in note.split("; "))


def _said(note: str) -> str:
    if note in _NOTES:
        return _NOTES[note]
    for pattern, words, readable in _WITH_VALUES:
        if found := pattern.fullmatch(note):
            return words.format(readable(found[1]))
    return note
