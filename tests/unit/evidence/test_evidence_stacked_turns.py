"""Tickets of a help desk: a name, its moment under it, the words under both, and a column of facts at the right."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right, rows

from service.domain.evidence import ImageFacts, Line, PageKind, Read, Speaker
from service.evidence import extract

OTHER, SELF, SYSTEM = Speaker.OTHER, Speaker.SELF, Speaker.SYSTEM
WIDE = ImageFacts(media_type="image/png", width=1600, height=900)


def turn(portrait: str, name: str, moment: str, *words: str, y: float, left: float = 170) -> list[Line]:
    said = [line(text, left, y + 120 + 60 * number) for number, text in enumerate(words)]
    return [line(portrait, left - 100, y + 26), line(name, left, y), line(moment, left, y + 54, height=36), *said]


def said(*page: Line) -> list[tuple[Speaker, str]]:
    found = page_of(*page)
    assert found.kind is PageKind.CHAT
    return [(one.speaker, one.text) for one in found.messages]


def test_a_name_with_its_moment_under_it_heads_a_turn() -> None:
    page = [
        *STATUS_BAR,
        line("服务台", 40, 120, height=50),
        line("点券没有到账", 40, 240, height=48),
        *turn("沈", "沈小姐", "2026-10-03 19:20", "点券买了半天没到账", y=400),
        middle("已为您找到2篇相关文章", 640, height=32),
        *turn(
            "7", "售后顾问07 客服", "2026-10-03 19:26", "您好，请提供一下游戏区服和角色名", "我们马上为您核实", y=760
        ),
        *turn("沈", "沈小姐", "2026-10-03 19:31", "二区，角色叫海棠", y=1120),
        line("添加到会话…", 80, 2000),
    ]
    assert said(*page) == [
        (SELF, "点券买了半天没到账"),
        (SYSTEM, "已为您找到2篇相关文章"),
        (OTHER, "您好，请提供一下游戏区服和角色名我们马上为您核实"),
        (SELF, "二区，角色叫海棠"),
    ]


def test_a_name_read_in_two_ways_is_one_speaker() -> None:
    page = [
        *STATUS_BAR,
        line("Support desk", 40, 120, height=50),
        *turn("L", "I.wong", "12 Sep 2026 10:02", "The voucher does not work in my region", y=400),
        *turn("M", "Maya Support agent", "12 Sep 2026 10:09", "Sorry about that, please send us a screenshot", y=700),
        *turn("L", "1.wong", "12 Sep 2026 10:15", "Here it is, thanks", y=1000),
        line("Add a comment", 80, 2000),
    ]
    assert [speaker for speaker, _ in said(*page)] == [SELF, OTHER, SELF]


def test_the_column_beside_a_thread_is_nobody_s_words_and_gives_no_order() -> None:
    facts = [("Requester", "Noor"), ("Id", "#381204"), ("Topic", "Gift cards"), ("Priority", "High")]
    column = [
        one
        for number, (key, value) in enumerate(facts)
        for one in (line(key, 1150, 130 + 34 * number, height=20), line(value, 1320, 130 + 34 * number, height=20))
    ]

    def small(name: str, moment: str, words: str, y: float) -> list[Line]:
        return [
            line(name, 220, y, height=20),
            line(moment, 220, y + 22, height=18),
            line(words, 220, y + 50, height=20),
        ]

    lines = [
        line("Help Desk", 120, 10, height=22),
        line("Gift card question", 180, 80, height=30),
        *small("Noor", "2026-08-02 08:11", "The gift card says it was used already", 140),
        *small("Piet Agent", "2026-08-02 08:19", "Thanks for writing, please attach the receipt", 240),
        *small("Noor", "2026-08-02 08:25", "Attached it just now", 340),
        line("Status changed to Open", 520, 440, height=18),
        line("Add to conversation...", 190, 700, height=20),
        *column,
    ]
    found = extract(Read(lines=tuple(lines), image=WIDE), as_of=date(2026, 11, 20))
    assert found.kind is PageKind.CHAT
    assert [(one.speaker, one.text) for one in found.messages] == [
        (SELF, "The gift card says it was used already"),
        (OTHER, "Thanks for writing, please attach the receipt"),
        (SELF, "Attached it just now"),
        (SYSTEM, "Status changed to Open"),
    ]
    assert "order_number" not in {name.value for name in found.fields}


@pytest.mark.parametrize("title", ["订单详情", "物流详情"])
def test_steps_with_their_moments_are_no_talk(title: str) -> None:
    steps = [
        one
        for number, step in enumerate(("商家已接单", "商家备货", "商家已接单"))
        for one in (line(step, 170, 900 + 200 * number), line("2026-10-03 19:20", 170, 954 + 200 * number, height=36))
    ]
    facts = rows(("订单编号", "5530184420917"), ("下单时间", "2026-10-03 19:18:02"), ("实付款", "¥30.00"), top=300)
    found = page_of(*STATUS_BAR, middle(title, 120, height=48), *facts, *steps)
    assert found.kind is not PageKind.CHAT


def test_notices_at_the_right_do_not_open_a_page() -> None:
    lines = [right("2026-10-03", 1020, 300), line("账单", 60, 200)]
    assert page_of(*STATUS_BAR, *lines).kind is not PageKind.CHAT
