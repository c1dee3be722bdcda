from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.evidence.normalise import clean, compact, fold_identifier, identifier, match_form, same_up_to_look_alikes
from service.evidence.scripts import SIMPLIFIED


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("03012019011800000122 复制", "03012019011800000122"),
        ("288123456789 | 复制", "288123456789"),
        ("1234567890复制单号", "1234567890"),
        ("SO20250411 Copy", "SO20250411"),
        ("1234 5678 9012 3456", "1234567890123456"),
        ("250411-123456789012345", "250411-123456789012345"),
        ("Ofd182e", "0fd182e"),
        ("20190l18O2123", "2019011802123"),
        ("O2025041100", "O2025041100"),
        ("RNMVOEW9FE6N", "RNMVOEW9FE6N"),
        ("１２３４５６", "123456"),
    ],
)
def test_an_identifier_is_read_without_its_button_and_mended_only_without_doubt(read: str, value: str) -> None:
    assert identifier(read) == value


@pytest.mark.parametrize("text", ["复制", "腾讯视频", "可在支持的商户扫码退款", "12", "Copy", "Visa card"])
def test_words_are_no_identifiers(text: str) -> None:
    assert identifier(text) is None


def test_look_alikes_fold_together() -> None:
    assert same_up_to_look_alikes("0fd182e", "Ofdl82e")
    assert same_up_to_look_alikes("S717-2026", "5717 2026")
    assert not same_up_to_look_alikes("T20250411000123", "T20250411000124")


@given(st.from_regex(r"[A-Z0-9]{4,20}", fullmatch=True), st.integers(0, 20))
def test_blanks_and_hyphens_do_not_count(number: str, place: int) -> None:
    assert fold_identifier(number[:place] + " - " + number[place:]) == fold_identifier(number)


@given(st.text(max_size=40))
def test_the_match_form_points_back_into_the_text(text: str) -> None:
    bare = clean(text)
    form, index = match_form(bare)
    assert len(index) <= len(bare)
    assert all(0 <= at < len(bare) for at in index)
    assert list(index) == sorted(set(index))
    assert clean(bare) == bare or len(clean(bare)) <= len(bare)
    assert len(form) >= 0


def test_the_form_has_a_place_in_the_text_for_each_of_its_characters() -> None:
    form, index = match_form("İDİ no.: ẞ ŉ 订单号")
    assert len(form) == len(index)


@pytest.mark.parametrize(
    ("printed", "form"),
    [
        ("會員帳號", "会员账号"),
        ("合計", "合计"),
        ("優惠券折抵", "优惠券折抵"),
        ("點數餘額", "点数余额"),
        ("遊戲伺服器維護", "游戏伺服器维护"),
        ("驗證碼已過期", "验证码已过期"),
        ("門號儲值", "门号储值"),
    ],
)
def test_both_scripts_have_one_form(printed: str, form: str) -> None:
    assert compact(printed) == form == compact(form)


def test_no_simplified_form_is_folded_again() -> None:
    assert not set(SIMPLIFIED.values()) & SIMPLIFIED.keys()
