"""A message in every way apps show one, and pages whose words of failure are something else."""

from __future__ import annotations

import random

import evidence_everyday_sayings as everyday
import evidence_harmless_sayings as harmless
import pytest
from evidence_prompt_pages import SETTINGS
from evidence_samples import line, middle, read, right, rows
from test_evidence_prompt_sayings import SAYINGS, each

from service.domain.evidence import ErrorCode, Field, FieldName, Line, Page, PageKind
from service.evidence import extract

HARMLESS = [
    saying
    for text in (harmless.CONFIRMATIONS, harmless.GOOD_NEWS, harmless.TIPS, harmless.PROGRESS, everyday.EVERYDAY)
    for saying in each(text)
]
# Sayings looked at in each setting, and how few may be missed. None may be taken for another cause with certainty.
SAMPLE, MISSED = 60, 1


def prompt(lines: list[Line]) -> Field | None:
    return extract(read(*lines)).fields.get(FieldName.ERROR_PROMPT)


def shown(lines: list[Line]) -> Page:
    return extract(read(*lines))


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_a_message_is_told_however_it_stands(setting: str) -> None:
    chosen = random.Random(setting).sample(SAYINGS, SAMPLE)
    told = [(code, saying, prompt(SETTINGS[setting](saying))) for code, saying in chosen]
    wrong = [(code, saying, found) for code, saying, found in told if found is None or found.value != code.value]
    assert len(wrong) <= MISSED, wrong
    assert not [found for _, _, found in wrong if found is not None and found.score >= 0.9]


@pytest.mark.parametrize("setting", sorted(SETTINGS))
def test_what_reports_no_error_is_none_however_it_stands(setting: str) -> None:
    chosen = random.Random(setting).sample(HARMLESS, SAMPLE)
    assert not [(saying, found) for saying in chosen if (found := prompt(SETTINGS[setting](saying)))]


def test_reasons_offered_in_a_form_are_no_prompts() -> None:
    page = [
        middle("申请退款", 100, height=44),
        line("退款原因", 60, 300),
        *(line(reason, 60, 400 + 90 * n) for n, reason in enumerate(["卡密无效", "充值未到账", "卡密已被使用"])),
        line("商品与描述不符", 60, 700),
        middle("确定", 1000),
    ]
    assert prompt(page) is None


def test_a_reason_beside_its_key_is_no_prompt() -> None:
    page = [
        middle("退款详情", 100, height=44),
        *rows(("退款原因", "卡密无效"), ("退款金额", "¥39.00"), ("申请时间", "2025-04-12 09:00:00"), top=300),
    ]
    assert prompt(page) is None


def test_a_failed_state_of_an_order_is_its_status() -> None:
    page = [
        middle("订单详情", 100, height=44),
        *rows(("订单编号", "T20250411000123"), ("下单时间", "2025-04-11 07:48:30"), ("实付款", "¥39.00"), top=300),
        *rows(("支付方式", "微信支付"), ("充值账号", "13800138000"), ("订单状态", "充值失败"), top=570),
    ]
    found = shown(page).fields
    assert found[FieldName.STATUS].value == "充值失败"
    assert FieldName.ERROR_PROMPT not in found


def test_a_message_wins_over_the_words_behind_it() -> None:
    page = [
        middle("充值中心", 100, height=44),
        line("余额不足时请先充值", 60, 300),
        line("充值失败自动退款", 60, 400),
        middle("提示", 900, height=44),
        middle("该手机号不存在", 980),
        middle("我知道了", 1200),
        line("历史记录", 60, 1700),
    ]
    found = prompt(page)
    assert found is not None
    assert found.value == ErrorCode.NUMBER_NOT_FOUND.value


def test_what_is_said_in_a_conversation_is_no_prompt() -> None:
    for saying in each(harmless.TALK):
        page = [
            middle("在线客服", 60),
            middle("昨天 14:02", 180, height=28),
            line("您好，请问有什么可以帮您", 120, 300),
            right(saying, 960, 420),
            line("收到，请稍等", 120, 540),
            right("好的谢谢", 960, 660),
            line("请输入消息", 120, 2200),
        ]
        assert shown(page).kind is PageKind.CHAT
        assert prompt(page) is None


def test_a_history_of_top_ups_is_no_message() -> None:
    page = [
        middle("充值记录", 100, height=44),
        *rows(
            ("话费充值50元", "充值成功"),
            ("话费充值30元", "充值失败"),
            ("话费充值100元", "充值成功"),
            ("Q币充值10个", "充值失败"),
            top=300,
        ),
    ]
    assert prompt(page) is None


def test_two_messages_that_disagree_are_not_sure() -> None:
    found = prompt([middle("卡密已被使用", 400), middle("卡密不存在", 900), middle("返回", 1500)])
    assert found is not None
    assert found.score < 0.85
    assert "another message says" in found.note


def test_a_message_without_a_cause_is_not_sure() -> None:
    found = prompt([middle("提示", 500), middle("本卡暂不可在此渠道兑换", 700), middle("确定", 1000)])
    assert found is not None
    assert found.score <= 0.89


@pytest.mark.parametrize(
    ("code", "saying"),
    [
        (ErrorCode.CODE_LOCKED, "卡密已冻洁"),
        (ErrorCode.LIMIT_EXCEEDED, "超出单笔限颜"),
        (ErrorCode.VERIFICATION_FAILED, "验证码错吴"),
        (ErrorCode.NOT_YET_VALID, "末到生效时间"),
        (ErrorCode.TOPUP_FAILED, "Recharge unsuccesstul"),
        (ErrorCode.CODE_INVALID, "Invaiid voucher code"),
    ],
)
def test_one_slip_of_the_reader_does_not_hide_a_cause(code: ErrorCode, saying: str) -> None:
    found = prompt([line(saying, 300, 700, score=0.85), middle("确定", 1000)])
    assert found is not None
    assert found.value == code.value
