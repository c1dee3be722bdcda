from __future__ import annotations

import pytest

from service.domain.languages import choose


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-Hans-CN, en;q=0.8", "zh"),
        ("fr, en;q=0.2", "en"),
        ("en;q=0.5, zh;q=0.9", "zh"),
        ("EN ; q=0.5", "en"),
        ("*, en;q=0.9", "zh"),
        ("fr", "zh"),
        ("en;q=0", "zh"),
        ("en;q=nan", "zh"),
        ("en;q=high", "zh"),
        ("en;q=-1, zh;q=2", "zh"),
    ],
)
def test_choice(header: str | None, language: str) -> None:
    assert choose(header) == language
