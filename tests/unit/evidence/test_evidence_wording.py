from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right, rows
from hypothesis import given
from hypothesis import strategies as st

from service.domain.evidence import ErrorCode, Field, FieldName, Line
from service.evidence.prompts import BY_WORDS, OTHER_WORDS
from service.evidence.word_places import PLACES, places
from service.evidence.wording import wording_of


def dialog(said: str) -> list[Line]:
    texts = said.split("|")
    return [
        *STATUS_BAR,
        middle("兑换中心", 110),
        line("请输入兑换码", 60, 300),
        middle("立即兑换", 560),
        *(middle(text, 1000 + 60 * number) for number, text in enumerate(texts)),
        middle("知道了", 1180 + 60 * len(texts)),
    ]


def prompt(*lines: Line) -> Field | None:
    return page_of(*lines).fields.get(FieldName.ERROR_PROMPT)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("您的星币还差 40 枚，不够支付", ErrorCode.BALANCE_INSUFFICIENT),
        ("手慢啦，货架上一张也不剩", ErrorCode.OUT_OF_STOCK),
        ("Your purse is too light|for this item", ErrorCode.BALANCE_INSUFFICIENT),
        ("Your bank said no to this charge", ErrorCode.PAYMENT_FAILED),
    ],
)
def test_a_message_in_words_no_saying_is_known_for_is_told_with_doubt(said: str, code: ErrorCode) -> None:
    found = prompt(*dialog(said))
    assert found is not None
    assert (found.value, found.rule) == (code.value, "words of a message")
    assert found.score <= BY_WORDS
    assert found.note


@pytest.mark.parametrize(
    "said",
    [
        "如提示口令已被领过，请换一个再试",
        "兑换成功，星币已放入您的背包",
        "本口令限亚服使用，兑换前请核对",
        "确认把这张卡充到 138****2211 吗？",
        "昵称已被别人占用",
        "相册权限未打开",
        "您的退款申请没有通过",
    ],
)
def test_what_reports_none_of_the_errors_is_none(said: str) -> None:
    assert prompt(*dialog(said)) is None


@pytest.mark.parametrize("heading", ["充值记录", "Records", "使用说明", "未开启", "Help"])
def test_a_word_of_the_page_is_no_message(heading: str) -> None:
    assert prompt(*STATUS_BAR, middle("充值中心", 110), right(heading, 1020, 110), middle("立即充值", 900)) is None


def test_a_saying_its_message_as_a_whole_does_not_bear_out_is_doubted() -> None:
    said = "余额不足的好友可由您代付，去看看"
    found = prompt(*dialog(said))
    assert found is None or found.score <= OTHER_WORDS


def test_an_error_under_a_field_is_told_apart_from_what_was_typed() -> None:
    form = [
        line("卡号", 60, 300),
        line("6217 0032 8812 0031", 60, 370),
        line("这张卡充不了电信号码", 60, 440, height=32),
    ]
    found = prompt(*STATUS_BAR, middle("卡密充值", 110), *form, middle("确认充值", 760))
    assert found is not None
    assert found.text == "这张卡充不了电信号码"


def test_a_record_bears_no_message_of_its_own_facts() -> None:
    facts = rows(
        ("商品", "错误地带 数字版"), ("订单编号", "T20250411000123"), ("备注", "过期不候"), ("实付款", "¥39.00")
    )
    assert FieldName.ERROR_PROMPT not in page_of(*STATUS_BAR, middle("订单详情", 110), *facts).fields


@given(st.text(max_size=200))
def test_any_text_means_something_with_a_chance(text: str) -> None:
    told = wording_of(text)
    assert 0.0 <= told.chance <= 1.0
    at = places(text)
    assert list(at) == sorted(set(at))
    assert all(0 <= place < PLACES for place in at)


def test_amounts_and_dates_tell_nothing() -> None:
    assert places("充值 30 元失败") == places("充值 648 元失败")
