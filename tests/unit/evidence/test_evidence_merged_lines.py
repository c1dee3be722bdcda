"""Lines the detector ran together on small or blurred pages: a title with its price, a key with its value."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Line
from service.evidence import extract

AS_OF = date(2026, 12, 1)


def told(*lines: Line) -> dict[str, object]:
    return {name.value: field.value for name, field in extract(read(*lines), as_of=AS_OF).fields.items()}


@pytest.mark.parametrize("price", ["6480.00元", "¥6480.00", " ￥6,480.00"])
def test_a_title_run_into_its_price_still_goes_on_in_the_next_line(price: str) -> None:
    record = rows(("订单编号", "T20251027000123"), ("下单时间", "2025-10-27 15:37:08"), top=1300)
    page = [
        line("14:16", 60, 20), middle("订单详情", 110),
        Line(f"幻塔纪元648元点卡官方{price}", 0.98, Box(297, 625, 1004, 678)),
        Line("卡密自动发货", 0.99, Box(298, 685, 559, 738)), right("×10", 1004, 686),
        right("实付¥6480.00", 1020, 900), *record,
    ]  # fmt: skip
    assert told(*page)["product"] == "幻塔纪元648元点卡官方卡密自动发货"


def test_a_key_run_into_its_value_counts_among_keys_whose_values_stand_apart() -> None:
    page = [
        middle("服务通知", 70), line("充值结果通知", 60, 300),
        line("充值账号 959439655", 60, 400), line("充值状态发货中", 60, 470),
        *rows(("实付金额", "￥128.00"), ("单号", "T20260630R3CTDS"), ("购买时间", "2026-06-30 17:15"), top=550),
        line("购买商品芒果视频VIP年卡", 60, 820),
    ]  # fmt: skip
    assert told(*page)["product"] == "芒果视频VIP年卡"


def test_the_goods_kind_is_no_second_name_of_the_goods() -> None:
    page = [
        middle("交易详情", 110), middle("-¥29.00", 300, height=80),
        line("商品：星河影视VIP月卡", 60, 600), line("商品类目：日用百货", 60, 690), line("付款方式：余额", 60, 780),
        line("支付流水号：4200090088202608126735997449", 60, 870), line("消费时间：2026-08-12 23:30", 60, 960),
    ]  # fmt: skip
    assert told(*page)[FieldName.PRODUCT.value] == "星河影视VIP月卡"
