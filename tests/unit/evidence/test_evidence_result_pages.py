"""Pages that say how something went: what is at the end of their title bar, when it was said, whose account it was."""

from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract


def value(page: Page, name: FieldName) -> object:
    found = page.fields.get(name)
    return found.value if found else None


def bar(title: str, link: str) -> list[Line]:
    return [line("15:44", 40, 20, height=30), line(title, 110, 110, height=44), right(link, 1040, 112, height=40)]


PAID = rows(
    ("充值内容", "星海传说-680星钻"),
    ("到账账号", "804823901"),
    ("支付方式", "花呗"),
    ("支付时间", "2026-05-14 11:40:24"),
    ("订单编号", "202605140243386703504499"),
)


@pytest.mark.parametrize(
    ("title", "link"),
    [
        ("支付结果", "充值记录"),
        ("充值结果", "账单明细"),
        ("付款结果", "订单列表"),
        ("Payment status", "History"),
        ("处理结果", "更多服务"),
    ],
)
def test_what_a_title_bar_leads_to_is_no_state(title: str, link: str) -> None:
    page = extract(read(*bar(title, link), middle("充值成功", 300, height=54), *PAID))
    assert value(page, FieldName.STATUS) == "充值成功"


def test_a_state_beside_its_key_in_a_page_cut_at_the_top_is_the_state() -> None:
    page = extract(read(*rows(("支付结果", "支付成功"), top=40), *PAID))
    assert value(page, FieldName.STATUS) == "支付成功"


TRIED = [
    (
        "激活结果",
        "完成",
        "服务器开小差啦，请过一会儿再试",
        ("充值账号", "UID09473015"),
        ("操作时间", "2026/06/15 17:30:57"),
    ),
    ("充值结果", "完成", "同一订单被扣款两次", ("充值号码", "199 0000 0416"), ("时间", "2026-08-01 04:13")),
    (
        "Result",
        "Done",
        "You've already paid for this order",
        ("Top-up account", "511967534"),
        ("Time", "2026-07-08 22:51:52"),
    ),
]


@pytest.mark.parametrize(("title", "end", "said", "account", "time"), TRIED)
def test_a_message_tells_when_it_was_said_and_whose_account_it_was(
    title: str, end: str, said: str, account: tuple[str, str], time: tuple[str, str]
) -> None:
    facts = rows(account, time, ("请求编号", "R6305022127"), top=640)
    page = extract(read(*bar(title, end), middle(said, 420, height=50), *facts, middle("联系客服", 1200)))
    assert page.kind is PageKind.PROMPT
    assert value(page, FieldName.ORDERED_AT) is None
    assert value(page, FieldName.PAID_AT) is None
    assert value(page, FieldName.RECHARGED_ACCOUNT) == account[1].replace(" ", "")


@pytest.mark.parametrize("typed", ["UID72895636", "199 0000 2421"])
def test_an_account_typed_into_a_form_is_doubted(typed: str) -> None:
    page = extract(
        read(
            *bar("激活码兑换", "记录"),
            line("充值账号", 60, 240),
            line(typed, 90, 330),
            right("切换", 1000, 330),
            line("激活码", 60, 460),
            line("8QXK-870302-NR7D", 90, 550),
            line("此激活码不适用于当前地区", 60, 640, height=36),
            middle("确认激活", 900, height=46),
        )
    )
    assert page.kind is PageKind.PROMPT
    account = page.fields[FieldName.RECHARGED_ACCOUNT]
    assert (account.value, account.score < 0.9) == (typed.replace(" ", ""), True)


@pytest.mark.parametrize(
    ("shown", "account"),
    [
        ("19900006899本机", "19900006899"),
        ("199****8734家人", "199****8734"),
        ("199 0000 6012", "19900006012"),
        ("138 0013 8000 我的号码", "13800138000"),
    ],
)
def test_a_number_in_large_print_ends_before_whose_it_is_and_before_its_state(shown: str, account: str) -> None:
    page = extract(
        read(
            line("充值详情", 110, 110, height=44),
            line("充值号码", 60, 230, height=36),
            line(shown, 60, 284, height=56),
            line("已到账", 60, 352, height=44),
            *rows(
                ("面值", "¥98.00"),
                ("实付金额", "¥97.50"),
                ("付款时间", "2026-05-23 07:43"),
                ("订单编号", "2605230036882"),
            ),
        )
    )
    assert value(page, FieldName.RECHARGED_ACCOUNT) == account
    assert value(page, FieldName.STATUS) == "已到账"
