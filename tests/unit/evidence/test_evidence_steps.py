"""Times told by what happened, in all the ways timelines are set."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import Line
from service.evidence import extract
from service.evidence.steps import Deed, deed_of

AS_OF = date(2026, 11, 4)
STEPS = (("提交订单", "2026-11-03 21:04:05"), ("付款成功", "2026-11-03 21:05:10"), ("充值成功", "2026-11-03 21:06:30"))
WANTED = ("2026-11-03T21:04:05", "2026-11-03T21:05:10")


def times(*lines: Line) -> tuple[object, object]:
    fields = {name.value: found.value for name, found in extract(read(*lines), as_of=AS_OF).fields.items()}
    return fields.get("ordered_at"), fields.get("paid_at")


HEAD = (middle("订单详情", 100, height=48), *rows(("订单编号", "8820261103210405771"), ("实付款", "¥39.00"), top=220))


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("times_above", [False, True])
def test_times_stand_under_or_over_their_steps(newest_first: bool, times_above: bool) -> None:
    placed = []
    for number, (step, time) in enumerate(reversed(STEPS) if newest_first else STEPS):
        top = 500 + 160 * number
        first, second = (time, step) if times_above else (step, time)
        placed += [line(first, 120, top, height=36), line(second, 120, top + 50, height=36)]
    assert times(*HEAD, *placed) == WANTED


def test_a_description_may_stand_between_step_and_time() -> None:
    placed = []
    for number, (step, time) in enumerate(STEPS):
        top = 500 + 220 * number
        placed += [
            line(step, 120, top, height=40),
            line("请留意后续通知", 120, top + 56, height=34),
            line(time, 120, top + 106, height=34),
        ]
    assert times(*HEAD, *placed) == WANTED


@pytest.mark.parametrize("time_first", [False, True])
def test_times_stand_beside_their_steps(time_first: bool) -> None:
    placed = []
    for number, pair in enumerate(STEPS):
        left, far = reversed(pair) if time_first else pair
        placed += [line(left, 60, 500 + 100 * number), right(far, 1020, 500 + 100 * number)]
    assert times(*HEAD, *placed) == WANTED


def test_steps_side_by_side_have_their_times_under_them() -> None:
    placed = []
    for number, (step, time) in enumerate(STEPS):
        day, clock = time.split()
        x0 = 80 + 340 * number
        placed += [line(step, x0, 500, height=36), line(day, x0, 550, height=30), line(clock, x0, 590, height=30)]
    assert times(*HEAD, *placed) == WANTED


def test_a_day_over_its_clock_stands_left_of_its_step() -> None:
    placed = []
    for number, (step, time) in enumerate(STEPS):
        day, clock = time.split()
        top = 500 + 150 * number
        placed += [line(day[5:], 60, top, height=32), line(clock, 60, top + 40, height=32)]
        placed += [line(step, 300, top + 8, height=40)]
    assert times(*HEAD, *placed) == WANTED


@pytest.mark.parametrize(
    ("ordered", "paid"),
    [
        ("2026-11-03 21:04:05 提交订单", "2026-11-03 21:05:10 支付成功"),
        ("您于2026-11-03 21:04:05提交订单", "买家于2026-11-03 21:05:10付款"),
        ("订单创建于2026年11月3日 21:04:05", "已于2026年11月3日 21:05:10完成支付"),
        ("Order placed on Nov 3, 2026 at 21:04:05", "Payment received Nov 3, 2026 21:05:10"),
        ("下单 11-03 21:04:05", "付款 11-03 21:05:10"),
    ],
)
def test_step_and_time_share_a_line(ordered: str, paid: str) -> None:
    assert times(*HEAD, line(ordered, 60, 500), line(paid, 60, 600)) == WANTED


def test_a_step_to_come_has_no_time() -> None:
    placed = [line("提交订单", 120, 500), line("2026-11-03 21:04:05", 120, 550), line("等待付款", 120, 650)]
    assert times(*HEAD, *placed) == (WANTED[0], None)


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("买家已付款", Deed.PAID),
        ("✓ 付款成功", Deed.PAID),
        ("您已成功下单", Deed.ORDERED),
        ("订单提交成功,等待付款", Deed.ORDERED),
        ("Payment confirmed", Deed.PAID),
        ("待付款", Deed.OTHER),
        ("支付失败", Deed.OTHER),
        ("卖家已发货", Deed.OTHER),
        ("申请退款", Deed.OTHER),
        ("充值账号", None),
    ],
)
def test_what_a_step_records(text: str, deed: Deed | None) -> None:
    assert deed_of(text) is deed
