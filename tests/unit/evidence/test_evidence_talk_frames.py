"""What chats set about the talk: who is there, answers offered over the field, the order that is talked about."""

from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right

from service.domain.evidence import ImageFacts, Line, PageKind, Read, Speaker
from service.evidence import extract

OTHER, SELF, SYSTEM = Speaker.OTHER, Speaker.SELF, Speaker.SYSTEM


def said(*page: Line) -> list[tuple[Speaker, str]]:
    found = extract(read(*page))
    assert found.kind is PageKind.CHAT
    return [(one.speaker, one.text) for one in found.messages]


def talk(*about: Line, foot: tuple[Line, ...] = ()) -> list[Line]:
    return [
        line("10:22", 60, 20),
        right("5G 80%", 1040, 20),
        line("河谷数字商店", 40, 120, height=48),
        *about,
        middle("01-08 07:59", 330, height=32),
        line("您好，请问有什么可以帮您", 170, 420),
        right("兑换时提示不存在", 900, 560),
        line("这边为您核实一下这张卡的来源，请您稍等", 170, 700),
        *foot,
        line("请输入您的问题", 40, 2250),
    ]


TURNS = [
    (OTHER, "您好，请问有什么可以帮您"),
    (SELF, "兑换时提示不存在"),
    (OTHER, "这边为您核实一下这张卡的来源，请您稍等"),
]


@pytest.mark.parametrize(
    "there", ["●在线·通常 3 分钟内回复", "• Online · replies in 10 min", "客服在线", "We are online"]
)
def test_who_is_there_is_said_by_nobody(there: str) -> None:
    assert said(*talk(line(there, 40, 200, height=34))) == TURNS


@pytest.mark.parametrize("answers", [("查进度", "催发货", "申请售后"), ("Refund status", "Order help")])
def test_answers_offered_over_the_field_are_said_by_nobody(answers: tuple[str, ...]) -> None:
    offered = tuple(line(one, 40 + 380 * place, 2170) for place, one in enumerate(answers))
    assert said(*talk(foot=offered)) == TURNS


def test_a_short_answer_over_the_field_is_said() -> None:
    short = (right("好的", 900, 2130), right("已读", 800, 2150, height=26))
    assert said(*talk(foot=short)) == [*TURNS, (SELF, "好的")]


def test_an_english_line_whose_next_word_had_no_room_fills_its_bubble() -> None:
    page = [
        *talk()[:3],
        middle("01-08 07:59", 330, height=32),
        line("Hello! What can I do for you?", 170, 420),
        right("There", 910, 560),
        line("The voucher says it was", 240, 700),
        line("activated", 240, 760),
        line("Could you show me the whole page?", 170, 900),
        line("Type a message", 40, 2250),
    ]
    assert (SELF, "The voucher says it was activated") in said(*page)


@pytest.mark.parametrize("head", ["您正在咨询的订单", "当前咨询的商品", "About your order"])
def test_an_order_that_is_asked_about_makes_no_record(head: str) -> None:
    card = [
        line(head, 60, 180, height=34),
        line("河谷视频会员月卡", 260, 240),
        line("实付¥15.00", 260, 300),
        right("已完成", 1020, 300),
        line("订单编号：KM20261015045802123", 60, 360, height=34),
        line("下单时间：2026/10/15 04:58", 60, 410, height=34),
    ]
    page = [
        line("10:22", 60, 20),
        right("5G 80%", 1040, 20),
        line("河谷数字商店", 400, 100, height=48),
        *card,
        middle("05:31", 520, height=34),
        line("您好，请问有什么可以帮您", 170, 640),
        right("卡密提示已被使用", 900, 780),
        line("麻烦发一下报错截图", 170, 920),
        right("发了", 900, 1060),
    ]
    found = extract(read(*page))
    assert found.kind is PageKind.CHAT
    assert (SELF, "卡密提示已被使用") in [(one.speaker, one.text) for one in found.messages]


def test_a_notice_amid_a_pane_whose_text_ends_short_of_its_edge() -> None:
    page = [
        line("How do I use a key?", 60, 130, height=20),
        middle("12-18 09:20", 260, height=15, page=2426),
        Line("Jonas joined the chat", 0.98, middle("Jonas joined the chat", 300, height=16, page=2426).box),
        line("Hello! What can I do?", 1070, 340, height=21),
        right("It is for another region", 1395, 400, height=21),
        line("I see, that was our mistake. I've", 1071, 460, height=17),
        line("refunded the amount to your card.", 1070, 480, height=17),
        line("Write a message...", 1020, 835, height=20),
    ]
    outcome = Read(lines=tuple(page), image=ImageFacts(media_type="image/png", width=1440, height=900))
    found = [(one.speaker, one.text) for one in extract(outcome).messages]
    assert (SYSTEM, "Jonas joined the chat") in found
    assert (OTHER, "I see, that was our mistake. I've refunded the amount to your card.") in found


def test_icons_and_answers_at_the_foot_are_said_by_nobody_where_no_field_is_read() -> None:
    answers = tuple(line(one, 40 + 300 * place, 2150) for place, one in enumerate(("催一催", "退款进度", "打分")))
    page = [one for one in talk(foot=(*answers, line("28", 12, 2260))) if one.text != "请输入您的问题"]
    assert said(*page) == TURNS


def test_a_full_line_beside_an_order_s_card_is_on_the_side_of_the_bubbles_it_lines_up_with() -> None:
    said_so = [
        (OTHER, "您好我是本店的专员小周，很高兴能为您服务"),
        (SELF, "兑换时一直提示不存在"),
        (OTHER, "这边为您核实一下这张卡的来源，请稍等"),
        (SELF, "那要等多久"),
        (OTHER, "一般当天就能给您答复，有结果马上联系您"),
    ]
    page = [
        line("10:22", 60, 20),
        right("5G 80%", 1040, 20),
        middle("河谷数字商店", 120, height=48),
        line("咨询订单", 20, 230, height=36),
        right("已发货", 1060, 280, height=36),
        middle("01-08 07:59", 380, height=32),
        *(
            line(text, 170, 460 + 140 * place) if side is OTHER else right(text, 990, 460 + 140 * place)
            for place, (side, text) in enumerate(said_so)
        ),
        line("请输入您的问题", 40, 2250),
    ]
    assert said(*page)[-5:] == said_so


@pytest.mark.parametrize("name", ["Priya · Support", "Priya . Support"])
def test_a_support_s_name_with_its_part_heads_its_bubbles(name: str) -> None:
    page = [
        line("10:22", 60, 20),
        right("5G 80%", 1040, 20),
        middle("Help", 120, height=48),
        middle("01-08 07:59", 330, height=32),
        right("The code was already used", 950, 420),
        line(name, 170, 560, height=30),
        line("Let me check that for you", 170, 606),
        line(name, 170, 760, height=30),
        line("It is fixed, please try again now", 170, 806),
        right("Works, thank you", 950, 940),
        line("Write a message...", 40, 2250),
    ]
    assert said(*page) == [
        (SELF, "The code was already used"),
        (OTHER, "Let me check that for you"),
        (OTHER, "It is fixed, please try again now"),
        (SELF, "Works, thank you"),
    ]
