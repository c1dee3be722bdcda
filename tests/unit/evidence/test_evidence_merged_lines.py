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


def test_goods_and_their_state_run_together_are_two() -> None:
    page = [
        line("Purchase details", 60, 60), line("Vellum Pro, annual plan Shipped", 60, 120),
        *rows(("Order ID", "278848514443401216"), ("Date of purchase", "25 Jan 2026 22:35"), ("Total", "CNY 30.00"),
              top=300),
    ]  # fmt: skip
    found = told(*page)
    assert found["product"] == "Vellum Pro, annual plan"
    assert found["status"] == "Shipped"


@pytest.mark.parametrize("sentence", ["Your order has been Shipped", "Payment of your order is Completed"])
def test_a_sentence_that_ends_in_a_state_stays_whole(sentence: str) -> None:
    found = told(line(sentence, 60, 120), *rows(("Order ID", "278848514443401216"), ("Total", "CNY 30.00"), top=300))
    assert "product" not in found


def test_words_of_one_title_whose_boxes_touch_are_one_line() -> None:
    page = [
        line("13:11", 30, 28), middle("订单详情", 100), line("阿柚的点卡小铺", 60, 420, height=42),
        Line("办公软件家庭版", 0.99, Box(322, 495, 585, 535)), Line("一年订阅", 0.99, Box(579, 498, 730, 534)),
        right("¥150.00", 1020, 497), Line("密钥", 0.99, Box(325, 552, 400, 592)), right("×3", 1020, 552),
        *rows(("实付款", "¥450.00"), ("订单编号", "T20261113QB2XU1"), ("创建时间", "2026/11/13 08:29:29"), top=900),
    ]  # fmt: skip
    assert str(told(*page)["product"]).replace(" ", "") == "办公软件家庭版一年订阅密钥"


def test_a_company_broken_before_its_last_word_is_named_whole() -> None:
    page = [
        line("23:12", 30, 20), middle("交易详情", 130),
        Line("合信移动通信有限公司南都分", 0.99, Box(222, 324, 808, 375)), Line("合", 0.99, Box(116, 366, 162, 417)),
        Line("付款成功", 0.99, Box(832, 368, 996, 422)), Line("公司", 0.99, Box(210, 392, 323, 458)),
        Line("-328.00", 0.99, Box(82, 529, 422, 626)), line("支付流水号", 82, 824),
        line("2026030122001831397925898831", 82, 895), line("支付时间", 82, 1185),
        line("2026年3月1日20:32:23", 82, 1250), line("付款方式", 82, 1558), line("云闪付", 82, 1611),
    ]  # fmt: skip
    assert told(*page)["payee"] == "合信移动通信有限公司南都分公司"


def test_lines_of_one_width_are_one_title_whatever_the_height_of_their_boxes() -> None:
    page = [
        line("01:36", 43, 29), middle("查看订单", 128), line("Tidegate Games", 56, 588),
        Line("【官方卡密】绝地远星点券150点拍下¥15.00", 0.98, Box(307, 674, 1022, 709)),
        Line("自动发货非质量问题不退不换", 0.99, Box(287, 721, 744, 763)), line("数量：2", 285, 777, height=35),
        *rows(("订单编号", "924085038816"), ("下单时间", "2026-01-20 00:04:58"), ("实付款", "¥30.00"), top=1081),
    ]  # fmt: skip
    assert told(*page)["product"] == "【官方卡密】绝地远星点券150点拍下自动发货非质量问题不退不换"
