"""Receipts of wallets and mails of app shops: one payment under a list's title, goods under plain keys."""

from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, middle, page_of, right, rows, values_of

from service.domain.evidence import FieldName, Line, PageKind

SURE = 0.9


def receipt(*facts: tuple[str, str], title: str = "Transaction history", amount: str = "-MYR 42.90") -> list[Line]:
    return [
        *STATUS_BAR,
        line(title, 140, 130, height=54),
        middle("Payment", 420, height=40),
        middle(amount, 520, height=92),
        middle("Completed", 680, height=40),
        line("Transaction information", 60, 860, height=42),
        *rows(*facts, top=960, pitch=110),
    ]


def test_one_payment_under_a_list_s_title_is_that_payment() -> None:
    page = page_of(
        *receipt(
            ("Paid to", "Bayleaf Games Sdn. Bhd."),
            ("Payment Method", "eWallet Balance"),
            ("Date & Time", "17 May 2026 20:14:31"),
            ("Transaction No.", "2026051722003817409921"),
        )
    )
    assert page.kind is PageKind.PAYMENT
    assert page.fields[FieldName.PAYEE].value == "Bayleaf Games Sdn. Bhd."
    assert page.fields[FieldName.PAID_AT].value == "2026-05-17T20:14:31"
    assert FieldName.ORDERED_AT not in page.fields


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Cobalt Media S.à r.I.", "Cobalt Media S.à r.l."),
        ("Cobalt Media S.à r.l.", "Cobalt Media S.à r.l."),
        ("PT Cendana Digital Tbk.", "PT Cendana Digital Tbk."),
        ("Larch Keys S.p.A.", "Larch Keys S.p.A."),
        ("Bayleaf Games", "Bayleaf Games"),
    ],
)
def test_a_company_s_form_is_kept_as_it_is_written(printed: str, name: str) -> None:
    values = values_of(
        *receipt(("Paid to", printed), ("Transaction No.", "2026051722003817409921"), title="Transaction details")
    )
    assert values["payee"] == name


@pytest.mark.parametrize(
    ("key", "said", "goods"),
    [
        ("付款详情", "云雀音乐会员季卡", True),
        ("Payment Details", "Star Gems 600 top-up", True),
        ("Transaction description", "Dinner with Anna", False),
    ],
)
def test_what_a_payment_was_for_is_read_where_it_is_goods(key: str, said: str, goods: bool) -> None:
    page = page_of(
        *receipt(("商家", "青禾商贸有限公司"), (key, said), ("交易单号", "2026051722003817409921"), title="账单详情")
    )
    found = page.fields.get(FieldName.PRODUCT)
    assert (found is not None) is goods
    if found:
        assert found.value == said
        assert found.score < SURE


def mail(*under: str, account: str = "Your account: j.ng77@example.com") -> list[Line]:
    return [
        *STATUS_BAR,
        line("Your Quillon Store order receipt", 40, 200, height=48),
        line("Order number: 730184420917735501", 40, 420),
        line("Order date: 12 Apr 2026 09:14:27", 40, 490),
        line(account, 40, 560),
        line("Item", 40, 680),
        right("Price", 1040, 680),
        line("Gold Yearly (Wavecast Radio)", 40, 760),
        right("¥128.00", 1040, 760),
        *(line(text, 40, 812 + 60 * number, height=34) for number, text in enumerate(under)),
        line("Introductory offer", 40, 920),
        right("-¥20.00", 1040, 920),
        line("Total:", 40, 1010),
        right("¥108.00", 1040, 1010),
    ]


@pytest.mark.parametrize(
    "note",
    ["Renews automatically until cancelled", "Auto-renewing subscription", "每月自动续费，可随时取消", "Billed yearly"],
)
def test_how_a_subscription_goes_on_is_no_part_of_its_name(note: str) -> None:
    assert values_of(*mail(note))["product"] == "Gold Yearly (Wavecast Radio)"


def test_the_account_a_mail_names_is_told_in_doubt() -> None:
    found = page_of(*mail()).fields[FieldName.RECHARGED_ACCOUNT]
    assert found.value == "j.ng77@example.com"
    assert found.score < SURE


def test_a_capital_in_a_small_address_is_a_misread_letter() -> None:
    found = page_of(*mail(account="您的账号：I.lin204@example.com")).fields[FieldName.RECHARGED_ACCOUNT]
    assert found.value == "l.lin204@example.com"
    assert found.score < SURE


def test_a_sender_over_its_address_names_the_shop() -> None:
    head = [line("Quillon Store", 180, 290, height=42), line("<no-reply@mail.example>", 180, 350, height=36)]
    assert values_of(*mail(), *head, line("to me", 180, 400, height=34))["platform_mark"] == "Quillon Store"
