"""Threads of a support ticket: all at one edge, a portrait, a name with its moment over each message, notices dated."""

from __future__ import annotations

from evidence_samples import line, middle, read, right

from service.domain.evidence import Line, PageKind, Speaker
from service.evidence import extract

OTHER, SELF, SYSTEM = Speaker.OTHER, Speaker.SELF, Speaker.SYSTEM


def said(*page: Line) -> list[tuple[Speaker, str, str | None]]:
    found = extract(read(*page))
    assert found.kind is PageKind.CHAT
    return [(one.speaker, one.text, one.said_at) for one in found.messages]


def thread(*turns: Line, foot: tuple[Line, ...] = ()) -> list[Line]:
    return [
        line("21:06", 60, 20),
        right("4G 55%", 1040, 20),
        middle("工单详情", 120, height=48),
        *turns,
        *foot,
    ]


def turn(portrait: str, heading: str, words: str, y: float) -> list[Line]:
    return [line(portrait, 60, y + 30), line(heading, 160, y, height=34), line(words, 160, y + 60)]


TURNS = [
    *turn("我", "我 2025-11-02 20:14", "充值半天没到账", 400),
    *turn("客", "客服小南 2025-11-02 20:17", "请您提供一下游戏区服", 600),
    *turn("我", "我 2025-11-02 20:21", "三区海棠", 800),
]
SAID = [
    (SELF, "充值半天没到账", "2025-11-02T20:14"),
    (OTHER, "请您提供一下游戏区服", "2025-11-02T20:17"),
    (SELF, "三区海棠", "2025-11-02T20:21"),
]
FIELD = line("继续留言", 60, 2250)


def test_a_notice_beside_its_moment_is_said_by_nobody() -> None:
    opened = middle("2025-11-02 20:13 工单已创建，请等待专员处理", 300, height=32)
    closed = middle("2025-11-02 20:40 您已对服务作出评价：一般", 1000, height=32)
    expected = [
        (SYSTEM, "工单已创建，请等待专员处理", "2025-11-02T20:13"),
        *SAID,
        (SYSTEM, "您已对服务作出评价：一般", "2025-11-02T20:40"),
    ]
    assert said(*thread(opened, *TURNS, closed, foot=(FIELD,))) == expected


def test_a_heading_whose_words_are_beyond_the_page_s_end_changes_nothing() -> None:
    offers = tuple(line(one, 60 + 300 * place, 2150) for place, one in enumerate(("查订单", "人工客服", "常见疑问")))
    last = (line("客服小南 2025-11-02 20:26", 160, 1000, height=34), *offers, FIELD)
    assert said(*thread(*TURNS, foot=last)) == SAID


def test_a_number_at_a_name_s_end_is_no_clock() -> None:
    visitor = [
        *turn("访", "访客730209:41", "点券一直没发", 400),
        *turn("客", "客服小南09:43", "请您提供一下游戏区服", 600),
        *turn("访", "访客730209:50", "三区海棠", 800),
    ]
    found = extract(read(*thread(*visitor, foot=(FIELD,)))).messages
    assert [(one.speaker, one.name, one.text) for one in found] == [
        (SELF, "访客7302", "点券一直没发"),
        (OTHER, "客服小南", "请您提供一下游戏区服"),
        (SELF, "访客7302", "三区海棠"),
    ]


def test_a_line_read_in_two_pieces_under_a_heading_is_no_name_beside_words() -> None:
    broken = [
        *turn("我", "我", "充值半天没到账", 400),
        line("2025-11-02 20:14", 240, 400, height=34),
        line("客", 60, 630),
        line("客服小南", 160, 600, height=34),
        line("2025-11-02 20:17", 340, 600, height=34),
        line("请您提", 180, 660),
        line("供一下游戏区服", 340, 660),
        *turn("我", "我", "三区海棠", 800),
        line("2025-11-02 20:21", 240, 800, height=34),
    ]
    assert said(*thread(*broken, foot=(FIELD,))) == SAID


def test_a_watermark_s_words_are_said_by_nobody() -> None:
    strewn = [line("海城商行", x, y, height=60) for x, y in ((40, 470), (420, 560), (760, 690), (200, 930), (880, 960))]
    assert said(*thread(*TURNS, *strewn, foot=(FIELD,))) == SAID
