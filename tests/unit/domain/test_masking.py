"""What is masked, what has to stay readable, and that a log never shows a claim."""

from __future__ import annotations

import logging

import pytest
import structlog

from service import wiring
from service.domain.masking import mask_account, mask_text
from service.settings import Settings


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("call 13800138078 now", "call 138****78 now"),
        ("电话：138 0013 8078。", "电话：138****78。"),
        ("+86-138-0013-8078", "861****78"),
        ("卡号6222021234567890123", "卡号622****23"),
        ("身份证 11010519491231002X", "身份证 110****2X"),
        ("lin.wei@example.com wrote", "l***@example.com wrote"),
    ],
)
def test_numbers_and_addresses_of_people_are_cut_down(text: str, masked: str) -> None:
    assert mask_text(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "asked on 2026-11-20 at 12:30", "2026-11-20T12:30:00+00:00", "2026-11-20 12:30:00",
        "019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b", "01234567-0123-7012-8012-012345678901", "R261120-7K3M9Q2XWA",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "amount 2950 of 3000", "took 12.345 s",
    ],
)  # fmt: skip
def test_ids_dates_and_amounts_stay(text: str) -> None:
    assert mask_text(text) == text


def test_an_account_shows_its_ends_alone() -> None:
    assert [mask_account(name) for name in ("13800138078", "player_one", "abc", "138****78", "")] == [
        "138****78", "p***e", "***", "138****78", "",
    ]  # fmt: skip


def test_a_log_shows_no_phone_whoever_writes_it(capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    kept = list(root.handlers)
    root.handlers = []
    try:
        wiring.configure_logging(Settings(log_format="json"))
        try:
            raise ValueError("no such phone: 13800138078")
        except ValueError as error:
            structlog.get_logger("masked").error("failed", error=repr(error), exc_info=error, case_id="c-1")
            logging.getLogger("another.package").exception("it broke")
        said = capsys.readouterr().err
    finally:
        root.handlers = kept
        structlog.reset_defaults()
    assert "13800138078" not in said
    assert said.count("138****78") >= 3
    assert "c-1" in said
