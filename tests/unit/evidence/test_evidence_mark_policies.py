"""Whose page it is: a banner under its title, the name over its one task, and what its small print calls its rules."""

from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right, rows

from service.domain.evidence import FieldName, Line

RECORD = rows(
    ("订单号", "QL44522791950453"), ("商品名称", "腾云会员月卡"), ("实付款", "¥9.50"), ("支付方式", "云闪付"), top=900
)


def mark(*lines: Line) -> str | None:
    field = page_of(*lines).fields.get(FieldName.PLATFORM_MARK)
    assert field is None or field.score < 0.9
    return str(field.value) if field else None


def banner(name: str, news: str, *, title: str = "订单详情", state_top: float = 620) -> list[Line]:
    head = [*STATUS_BAR, middle(title, 110, height=44), right("×", 1040, 110)]
    return [
        *head,
        line(name, 40, 260, height=48),
        line(news, 40, 330, height=34),
        middle("已发货", state_top, height=56),
    ]


@pytest.mark.parametrize("name", ["柚木数娱充值中心", "青屿点卡", "青屿商城", "柚木游戏充值"])
@pytest.mark.parametrize("news", ["新服『逐浪』今日开启，首充返利", "周末全场低至九折", "下载客户端领取好礼"])
def test_a_banner_between_the_title_and_the_state_names_the_platform(name: str, news: str) -> None:
    assert mark(*banner(name, news), *RECORD) == name


@pytest.mark.parametrize("title", ["支付结果", "订单详情"])
def test_a_shops_card_under_the_state_does_not(title: str) -> None:
    assert mark(*banner("柚木数娱商城", "周末全场低至九折", title=title, state_top=190), *RECORD) is None


@pytest.mark.parametrize("name", ["充值中心", "话费充值", "游戏商城"])
def test_words_of_everybody_on_a_banner_are_no_name(name: str) -> None:
    assert mark(*banner(name, "周末全场低至九折"), *RECORD) is None


SMALL_PRINT = [
    ("含税价。了解青屿商店的退款政策。", "青屿商店"),
    ("付款即表示您同意青屿商店服务条款", "青屿商店"),
    ("您可随时在青屿商店中管理订阅", "青屿商店"),
    ("Learn more about refunds and returns on Marrowgate Store.", "Marrowgate Store"),
    ("You can manage your subscriptions in Marrowgate at any time.", None),
    ("Manage subscriptions in Marrowgate.", "Marrowgate"),
    ("By paying you agree to the Marrowgate Store Terms of Sale.", "Marrowgate Store"),
]


@pytest.mark.parametrize(("text", "name"), SMALL_PRINT)
def test_small_print_names_whose_rules_they_are(text: str, name: str | None) -> None:
    assert mark(*STATUS_BAR, *RECORD, line(text, 60, 1900, height=30)) == name


def test_small_print_reads_on_in_the_next_line() -> None:
    lines = [
        line("Tax included. Learn more about subscriptions on", 60, 1900, height=30),
        line("Marrowgate Store.", 60, 1944, height=30),
    ]
    assert mark(*STATUS_BAR, *RECORD, *lines) == "Marrowgate Store"


@pytest.mark.parametrize(
    "text",
    [
        "了解更多退款政策",
        "同意平台服务条款",
        "您可在设置中管理订阅",
        "可在支付宝中取消自动续费",
        "Learn more about refunds on our website.",
        "Manage subscriptions in Settings.",
        "Manage subscriptions in Google Play.",
        "By paying you agree to the Terms of Service.",
        "了解青屿商店的退款政策，并同意柚木商城的服务条款",
    ],
)
def test_small_print_that_names_nobody_or_two(text: str) -> None:
    assert mark(*STATUS_BAR, *RECORD, line(text, 60, 1900, height=30)) is None


SAID = [
    line("Sorry!", 120, 1300, height=50),
    line("This code has already been used.", 120, 1400),
    right("OK", 960, 1520),
]


@pytest.mark.parametrize(
    "task", ["Redeem a gift card", "Activate your product key", "Add wallet credit", "兑换您的礼品卡"]
)
def test_a_name_over_the_task_of_its_page(task: str) -> None:
    assert (
        mark(*STATUS_BAR, line("Marrowgate", 40, 120, height=56), line(task, 40, 260, height=48), *SAID) == "Marrowgate"
    )


@pytest.mark.parametrize("word", ["Back", "Rewards", "Home", "Wallet", "兑换中心"])
def test_a_word_of_the_app_over_it_is_no_name(word: str) -> None:
    head = [line(word, 40, 120, height=56), line("Redeem a gift card", 40, 260, height=48)]
    assert mark(*STATUS_BAR, *head, *SAID) is None


TERMS = [
    (("订阅已关闭，权益可继续使用至2026年12月3日18:20",), "2026-12-03T18:20"),
    (("已退订，仍可享受会员权益至2026年12月3日", "18:20"), "2026-12-03T18:20"),
    (("Canceled. You keep access until Dec 3,", "2026, 06:20 PM"), "2026-12-03T18:20"),
    (("Plan is canceled. You may use it", "until 3 Dec 2026"), "2026-12-03"),
    (("Your benefits stay active through", "Dec 3, 2026 18:20"), "2026-12-03T18:20"),
]


@pytest.mark.parametrize(("lines", "end"), TERMS)
def test_what_was_canceled_holds_until_the_day_said(lines: tuple[str, ...], end: str) -> None:
    said = [line(text, 60, 420 + 56 * number) for number, text in enumerate(lines)]
    assert page_of(*STATUS_BAR, *said, *RECORD).fields[FieldName.VALID_UNTIL].value == end


@pytest.mark.parametrize(
    "text",
    [
        "续订日期：2026年12月3日",
        "Renews on 3 Dec 2026",
        "We keep your receipt until you delete it",
        "客服工作至2026年12月3日",
    ],
)
def test_other_days_end_nothing(text: str) -> None:
    assert FieldName.VALID_UNTIL not in page_of(*STATUS_BAR, line(text, 60, 420), *RECORD).fields


@pytest.mark.parametrize("key", ["Redeem before:", "Activate by", "请在此日期前使用", "请于此日期前激活："])
def test_the_day_a_code_is_to_be_used_by(key: str) -> None:
    assert (
        page_of(*STATUS_BAR, *RECORD, *rows((key, "2026-12-03 18:20:07"), top=1300)).fields[FieldName.VALID_UNTIL].value
        == "2026-12-03T18:20:07"
    )


@pytest.mark.parametrize(
    ("shown", "account"),
    [
        ("604118 (2207)", "604118 (2207)"),
        ("604118（2207）", "604118 (2207)"),
        ("13800138000 (0416)", "13800138000"),
        ("604118 (亚服)", "604118"),
    ],
)
def test_a_players_number_keeps_its_zone(shown: str, account: str) -> None:
    record = rows(("商品名称", "星海传说-680星钻"), ("玩家ID", shown), ("订单编号", "202605140243386703504499"))
    assert page_of(*STATUS_BAR, *record).fields[FieldName.RECHARGED_ACCOUNT].value == account


@pytest.mark.parametrize(
    ("shown", "account"), [("player_ 3350", "player_3350"), ("harbour _20@example.com", "harbour_20@example.com")]
)
def test_a_blank_beside_a_low_line_is_the_readers(shown: str, account: str) -> None:
    record = rows(("Product", "Star Gems 680"), ("Player ID", shown), ("Order ID", "GH6H-20261020-J4B8"))
    assert page_of(*STATUS_BAR, *record).fields[FieldName.RECHARGED_ACCOUNT].value == account


def test_a_blank_in_a_login_name_is_a_low_line_that_was_not_read_and_not_sure() -> None:
    record = rows(("Product", "Star Gems 680"), ("Account", "harbour 3350"), ("Order ID", "GH6H-20261020-J4B8"))
    found = page_of(*STATUS_BAR, *record).fields[FieldName.RECHARGED_ACCOUNT]
    assert (found.value, found.score < 0.85) == ("harbour_3350", True)


@pytest.mark.parametrize("shown", ["harbour lane", "Harbour 3350", "level 12"])
def test_other_words_are_no_login_name(shown: str) -> None:
    record = rows(("Product", "Star Gems 680"), ("Account", shown), ("Order ID", "GH6H-20261020-J4B8"))
    assert FieldName.RECHARGED_ACCOUNT not in page_of(*STATUS_BAR, *record).fields


@pytest.mark.parametrize("key", ["Purchased", "Purchased:"])
def test_purchased_over_a_moment_says_when(key: str) -> None:
    lines = [
        line("Order number", 60, 500),
        line("GH6H-20261020-J4B8", 60, 550),
        line(key, 60, 640),
        line("2026-10-20 02:13:44", 60, 690),
    ]
    assert (
        page_of(*STATUS_BAR, *lines, *rows(("Amount paid", "¥9.90"), top=800)).fields[FieldName.ORDERED_AT].value
        == "2026-10-20T02:13:44"
    )
