"""Facts set close to others: tiles side by side, sums in one line, titles over their price."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page
from service.evidence import extract

AS_OF = date(2026, 8, 31)


def seen(*lines: Line) -> Page:
    return extract(read(*lines), as_of=AS_OF)


def values(page: Page) -> dict[str, str | int]:
    return {name.value: field.value for name, field in page.fields.items()}


def transfer(paid_with: str, done: str, moment: str) -> Page:
    """What paid beside when it was paid, each under its heading."""
    return seen(
        line("08:10", 40, 20),
        middle("128.60 CNY", 330, height=90),
        line("Paid to", 40, 540),
        line("Harbor Digital Co.", 40, 590),
        line("Funding source", 40, 680),
        line(done, 560, 680),
        line(paid_with, 40, 730),
        line(moment, 560, 730),
        line("Transfer ID", 40, 820),
        line("20260510221720157883", 40, 870),
        line("Order reference", 40, 960),
        line("X7XZ-20260510-GZLZ", 40, 1010),
    )


@pytest.mark.parametrize("done", ["Payment completed", "Completed at"])
@pytest.mark.parametrize("paid_with", ["Wallet balance", "PayPal", "Alipay"])
@pytest.mark.parametrize("moment", ["24/Jul/2026 07:41", "Jul 24, 2026 at 07:41 A"])
def test_what_paid_beside_when(paid_with: str, done: str, moment: str) -> None:
    read_values = values(transfer(paid_with, done, moment))
    assert (read_values["payment_method"], read_values["paid_at"]) == (paid_with, "2026-07-24T07:41")


ORDER = rows(("订单编号", "T20260411000123"), ("下单时间", "2026-04-11 07:48:30"), ("付款方式", "支付宝"), top=900)


def goods(*lines: Line) -> Page:
    return seen(line("17:58", 60, 20), line("交易成功", 60, 200, height=60), *lines, *ORDER)


@pytest.mark.parametrize("word", ["实付款", "实付", "实际支付"])
def test_what_was_paid_right_behind_the_discount(word: str) -> None:
    page = goods(line("Q币10个自动充值", 280, 400), right(f"已优惠 -2.91元{word} 12.09元", 1020, 640))
    assert values(page)["amount"] == 1209


@pytest.mark.parametrize("price", ["30.00元×1", "¥30.00×1", "30.00 x 2"])
def test_the_price_under_a_title_is_not_its_second_line(price: str) -> None:
    page = goods(
        line("北境之歌30元点卡官方卡密自动发货", 280, 400), line(price, 280, 446), line("实付款 29.00元", 60, 640)
    )
    assert values(page)["product"] == "北境之歌30元点卡官方卡密自动发货"


def test_a_title_that_begins_with_half_an_empty_bracket_goes_on_further_left() -> None:
    first = line("【秒到】北境之歌100钻石直充填写游", 314, 440, height=45)
    page = goods(first, line("戏ID", 282, 497, height=50), right("实付款 ¥19.50", 1020, 640))
    assert values(page)["product"] == "【秒到】北境之歌100钻石直充填写游戏ID"


def test_reviews_of_buyers_are_no_state() -> None:
    page = seen(line("17:58", 60, 20), *ORDER, line("买家评价(803)", 60, 1400), line("出卡很快，已经用上了", 60, 1460))
    assert FieldName.STATUS not in page.fields


def test_the_account_goods_are_given_to() -> None:
    page = seen(line("17:58", 60, 20), *ORDER, *rows(("受赠账号", "19900001171"), top=1260))
    assert values(page)["recharged_account"] == "19900001171"
