from __future__ import annotations

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line
from service.evidence import extract

ORDER = [middle("订单详情", 110), *rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00"))]


def clock(*top: Line) -> object:
    found = extract(read(*top, *ORDER)).fields.get(FieldName.CLOCK)
    return found.value if found else None


@pytest.mark.parametrize(
    ("top", "value"),
    [
        ([line("9:41", 60, 20), right("5G 86%", 1020, 20)], "09:41"),
        ([line("中国移动 5G", 30, 20), middle("21:07", 20), right("33%", 1050, 20)], "21:07"),
        ([line("中国联通 14:05", 30, 20), right("4G 87", 1050, 20)], "14:05"),
        ([line("上午9:41", 60, 20), right("LTE", 1020, 20)], "09:41"),
        ([line("下午 3:08", 60, 20), right("WiFi 20%", 1020, 20)], "15:08"),
        ([line("12:30 AM", 60, 20), right("5G", 1020, 20)], "00:30"),
        ([line("14：16", 40, 20), right("0.5K/s 5G", 1020, 20)], "14:16"),
        ([line("l4:l6", 40, 20), right("5G", 1020, 20)], "14:16"),
        ([line("14.16", 40, 20), right("5G 20%", 1020, 20)], "14:16"),  # a colon read as a point
        ([line("08:12", 60, 20), right("5G.川口 64□", 1040, 20, score=0.83)], "08:12"),
        ([line("08:12", 60, 20), right(".川 64□", 1040, 20, score=0.7)], "08:12"),
        ([line("22:05", 40, 20)], "22:05"),  # nothing else of the bar was read
    ],
)
def test_the_bar_s_clock_is_read(top: list[Line], value: str) -> None:
    assert clock(*top) == value


@pytest.mark.parametrize(
    "top",
    [
        [middle("14:16", 20)],  # a cropped conversation may begin with a moment in the middle
        [line("14:16:05", 40, 20), right("5G", 1020, 20)],
        [line("2025-04-11 14:16", 40, 20)],
        [line("14:16 登录成功", 40, 20)],
        [line("14:16", 40, 20), right("登录成功", 1020, 20)],
        [line("25:16", 40, 20), right("5G", 1020, 20)],
        [line("14:16", 40, 20, height=90), right("5G", 1020, 20)],  # a lock screen's, or a page's headline
        [],
    ],
)
def test_a_page_s_own_time_is_no_clock(top: list[Line]) -> None:
    assert clock(*top) is None


def test_a_time_further_down_is_no_clock() -> None:
    assert FieldName.CLOCK not in extract(read(*ORDER, line("14:16", 60, 1000))).fields
