"""Whose words a bubble holds where no picture was read: cards, notices and marks beside the talk tell no side of it."""

from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right

from service.domain.evidence import FieldName, Line, PageKind, Speaker
from service.evidence.talk_sides import says_notice

HEAD = [*STATUS_BAR, line("< 星河数卡专营店", 40, 130), right("进店···", 1040, 130)]
FOOT = line("说点什么...", 130, 2260)


def card(number: str = "订单编号：T20250411000123", amount: str = "￥39.00") -> list[Line]:
    return [
        line("优听音乐会员月卡", 240, 300),
        line(number, 240, 360, height=34),
        line(amount, 240, 410, height=36),
        right("发送", 1010, 360),
    ]


def talk(*between: Line) -> list[Line]:
    return [
        middle("10:31", 560, height=32),
        line("亲，在的，请问有什么可以帮您", 180, 640),
        right("充值没有到账", 900, 760),
        line("好的，这边帮您看一下", 180, 880),
        right("快一点", 900, 1000),
        *between,
        FOOT,
    ]


def said(*page: Line) -> list[tuple[Speaker, str]]:
    found = page_of(*page)
    assert found.kind is PageKind.CHAT
    return [(one.speaker, one.text) for one in found.messages]


@pytest.mark.parametrize(
    "notice",
    [
        "会话已结束，欢迎对本次服务进行评价",
        "安全提示：请勿脱离平台私下交易",
        "客服小星为您服务",
        "店铺营业时间调整为9:00-21:00",
        "You are now connected with Mina",
        "Never share your codes in this chat",
    ],
)
def test_what_the_app_says_amid_a_talk_is_nobody_s_word(notice: str) -> None:
    text = notice.replace("You are", "You're")
    assert (Speaker.SYSTEM, text) in said(*HEAD, *card(), *talk(middle(text, 1120, height=34)))


@pytest.mark.parametrize("text", ["您好，谨防诈骗，请勿在平台外付款", "亲，为了安全请勿私下转账", "很高兴为您服务"])
def test_the_support_s_own_warning_is_its_word(text: str) -> None:
    assert (Speaker.OTHER, text) in said(*HEAD, *talk(line(text, 180, 1120)))
    assert not says_notice(text)


def test_a_notice_that_wraps_is_one_and_no_line_of_the_next_bubble() -> None:
    notice = [
        middle("You're now chatting with Mina from the whole", 1120, height=34),
        middle("Star Cards team", 1160, height=34),
        line("请稍等", 180, 1225),
    ]
    found = said(*HEAD, *talk(*notice))
    assert (Speaker.SYSTEM, "You're now chatting with Mina from the whole Star Cards team") in found
    assert (Speaker.OTHER, "请稍等") in found


def test_words_of_a_notice_in_a_bubble_do_not_break_it() -> None:
    wrapped = [line("客服说会话已结束，系统提示卡密错误，", 240, 1120), line("怎么回事", 240, 1172)]
    assert (Speaker.SELF, "客服说会话已结束，系统提示卡密错误，怎么回事") in said(*HEAD, *talk(*wrapped))


def test_the_card_of_an_order_does_not_say_where_bubbles_begin() -> None:
    wide = [line("我昨天买的会员到现在都没有到账，", 240, 1120), line("怎么回事", 240, 1172)]
    assert (Speaker.SELF, "我昨天买的会员到现在都没有到账，怎么回事") in said(*HEAD, *card(), *talk(*wide))


@pytest.mark.parametrize("mark", ["已读", "未读", "Read", "Delivered"])
def test_what_was_read_is_the_owner_s(mark: str) -> None:
    page = [
        middle("10:31", 560, height=32),
        line("Your order is being looked at by our", 190, 640),
        line("colleagues.", 190, 692),
        line("That is not what the page of the", 206, 800),
        line("goods says", 206, 852),
        right(mark, 160, 860, height=30),
        line("I understand. We will write to you soon.", 190, 960),
        FOOT,
    ]
    assert (Speaker.SELF, "That is not what the page of the goods says") in said(*HEAD, *page)


def test_a_first_line_that_speaks_of_staff_is_no_name() -> None:
    wrapped = [line("这边需要转给技术同事看一下的，", 180, 1120), line("有结果马上告诉您", 180, 1172)]
    assert (Speaker.OTHER, "这边需要转给技术同事看一下的，有结果马上告诉您") in said(*HEAD, *talk(*wrapped))


@pytest.mark.parametrize("amount", ["3893.50", "199.00", "2240.92元", "￥39.00", "49.00 CNY", "37.35"])
@pytest.mark.parametrize("number", ["T20250411000123", "Y3KVMJ15D8V4", "250411-206739632237", "5950129616726856"])
def test_the_sum_under_a_card_s_number_is_no_part_of_it(number: str, amount: str) -> None:
    page = page_of(*HEAD, *card(f"订单编号：{number}", amount), *talk())
    assert page.fields[FieldName.ORDER_NUMBER].value == number


@pytest.mark.parametrize("code", ["94SK", "T88A", "A1-22"])
def test_a_few_letters_and_digits_of_a_number_are_not_sure(code: str) -> None:
    found = page_of(*HEAD, *card(f"订单编号：{code}"), *talk()).fields.get(FieldName.ORDER_NUMBER)
    assert found is None or found.score < 0.9
