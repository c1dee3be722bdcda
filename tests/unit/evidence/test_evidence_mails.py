"""A mail as its program shows it: who sent it, and what of the page is the program's own."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line
from service.evidence import extract

RECORD = rows(("订单号", "QL44522791950453"), ("商品名称", "腾云会员月卡"), ("实付款", "¥9.50"), top=900)


def field(name: FieldName, *lines: Line) -> str | None:
    found = extract(read(*lines), as_of=date(2026, 8, 31)).fields.get(name)
    return str(found.value) if found else None


@pytest.mark.parametrize(
    ("sender", "reader"),
    [
        ("青橄数卡 14:22", "发给我 ▼"),
        ("Larkspur Arcade 3:05 PM", "to me ▾"),
        ("Larkspur Arcade yesterday", "To: me"),
        ("青橄钱包22:48", "发送至 我"),
        ("云岭软件 8月3日", "收件人：我"),
    ],
)
def test_the_sender_stands_over_the_reader(sender: str, reader: str) -> None:
    head = [line("Order confirmation Inbox", 40, 160), line(sender, 120, 250), line(reader, 120, 300)]
    name = sender.split("22:")[0].split(" ")[0] if sender[0] > "z" else "Larkspur Arcade"
    assert field(FieldName.PLATFORM_MARK, *head, *RECORD) == name


@pytest.mark.parametrize(
    "sender",
    [
        "From: Larkspur Arcade <noreply@mail.example> To: me",
        "发件人：Larkspur Arcade<no-reply@mail.example> 收件人：我",
        "Larkspur Arcade <orders@mail.example> to me",
    ],
)
def test_the_reader_may_stand_behind_the_senders_address(sender: str) -> None:
    assert field(FieldName.PLATFORM_MARK, line(sender, 400, 120), *RECORD) == "Larkspur Arcade"


FOLDERS = [["Mail", "New mail", "Inbox 3", "Flagged", "Sent", "Drafts", "Junk email"]]
FOLDERS += [["邮箱", "写邮件", "收件箱（3）", "红旗邮件", "已发送", "草稿箱", "垃圾箱"]]


@pytest.mark.parametrize("folders", FOLDERS)
def test_a_mail_programs_folders_are_its_own(folders: list[str]) -> None:
    side = [line(one, 20, 60 + 60 * place) for place, one in enumerate(folders)]
    page = [*side, *RECORD]
    assert field(FieldName.STATUS, *page) is None
    assert field(FieldName.PLATFORM_MARK, *page) is None


def test_sent_alone_is_a_state() -> None:
    assert field(FieldName.STATUS, line("Sent", 40, 200), *RECORD) == "Sent"


@pytest.mark.parametrize("title", ["Your receipt", "Invoice", "购买收据", "电子收据"])
@pytest.mark.parametrize("foot", ["Issued by Granvil Digital Ltd, Suite 12.", "本收据由岭北网络有限公司开具。"])
def test_the_name_beside_a_receipts_title_goes_before_its_foot(title: str, foot: str) -> None:
    head = [line("Larkspur Arcade", 40, 130), right(title, 1020, 130)]
    assert field(FieldName.PLATFORM_MARK, *head, *RECORD, middle(foot, 1900)) == "Larkspur Arcade"


@pytest.mark.parametrize("state", ["Refunded", "已退款"])
@pytest.mark.parametrize("button", ["Get help", "联系卖家", "再次购买"])
def test_refunded_before_a_button_is_a_state(state: str, button: str) -> None:
    head = [line("订单详情", 40, 130), line(state, 640, 130), right(button, 1020, 130)]
    assert field(FieldName.STATUS, *head, *RECORD) == state


def test_refunded_before_a_sum_is_a_key() -> None:
    head = [line("订单详情", 40, 130), line("已退款", 40, 230), right("¥9.50", 1020, 230)]
    assert field(FieldName.STATUS, *head, *RECORD) is None
