"""What is told of facts no name announces, of half a sum, of running text; and what is held against no page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from evidence_samples import line, middle, right, rows

from service.domain.evidence import Box, Edge, FieldName, Flaw, FlawKind, Gap, GapKind, ImageFacts, Line, Page, Read
from service.domain.showing import PLAIN
from service.evidence import extract

AMOUNT, NUMBER = FieldName.AMOUNT, FieldName.ORDER_NUMBER
BAR = line("14:07", 50, 22)
BILL = (
    ("当前状态", "支付成功"),
    ("支付时间", "2025-08-21 19:40:12"),
    ("商品说明", "星海代充值服务"),
    ("收款方", "蓝鲸数娱"),
    ("支付方式", "余额"),
    ("交易单号", "2025082122001477310954"),
    ("商户单号", "XH250821774310"),
)
ORDER = (
    ("订单编号", "XH250821774310"),
    ("商品总价", "¥52.00"),
    ("运费", "¥0.00"),
    ("实付款", "¥49.60"),
    ("下单时间", "2025-08-21 19:39:55"),
    ("充值账号", "18800001234"),
    ("付款方式", "余额"),
)


def seen(*lines: Line, flaws: tuple[Flaw, ...] = (), width: int = 1080, height: int = 2400) -> Page:
    image = ImageFacts(media_type="image/jpeg", width=width, height=height, flaws=flaws)
    return extract(Read(lines=tuple(lines), image=image))


def plain(page: Page) -> dict[FieldName | None, Gap]:
    return {gap.field: gap for gap in page.gaps if gap.kind in PLAIN}


def bill(*more: Line, **values: str) -> list[Line]:
    pairs = [(name, values.get(name, value)) for name, value in BILL]
    return [BAR, middle("账单详情", 120), *more, *(one for one in rows(*pairs, top=620, pitch=84) if one.text)]


def order(**values: str) -> list[Line]:
    pairs = [(name, values.get(name, value)) for name, value in ORDER]
    return [BAR, middle("订单详情", 120), *(one for one in rows(*pairs, top=420, pitch=84) if one.text)]


# --- sums ---


def test_a_payment_without_any_sum() -> None:
    assert plain(seen(*bill(middle("-49.60", 380, height=90)))) == {}
    assert plain(seen(*bill())) == {AMOUNT: Gap(kind=GapKind.COVERED, field=AMOUNT)}


def test_what_may_be_the_sum_under_an_unknown_name_is_held_against_nobody() -> None:
    page = seen(*bill(), line("本笔记账", 60, 1300), right("49.60", 1020, 1300))
    assert AMOUNT not in plain(page)


def test_the_total_before_a_discount_is_not_what_was_paid() -> None:
    totals = [*rows(("订单金额", "52.00"), ("新客立减", "-2.40"), top=1300)]
    assert AMOUNT in plain(seen(*bill(), *totals))
    assert AMOUNT not in plain(seen(*bill(middle("-49.60", 380, height=90)), *totals))


def test_the_beginning_of_a_large_figure_before_a_mark() -> None:
    figure = Line("-49", 0.99, Box(420, 380, 560, 470))
    mark = Flaw(FlawKind.MARK, Box(570, 380, 700, 470))
    assert plain(seen(*bill(figure), flaws=(mark,)))[AMOUNT].kind is GapKind.COVERED


def test_a_sum_that_ends_before_its_column_and_its_point() -> None:
    lines = [one for one in order() if one.text != "¥49.60"]
    row = next(one for one in lines if one.text == "实付款").box
    short = Line("¥49", 0.98, Box(850, row.y0, 940, row.y1))
    assert plain(seen(*lines, short))[AMOUNT].box == short.box
    # An app that prints whole yuan does so in line.
    whole = Line("¥49", 0.98, Box(930, row.y0, 1020, row.y1))
    assert plain(seen(*lines, whole)) == {}


# --- names and what stands at them ---


def test_a_button_to_copy_beside_nothing() -> None:
    lines = order(订单编号="复制")
    assert plain(seen(*lines))[NUMBER].kind is GapKind.COVERED


@pytest.mark.parametrize("name", ["充值账号", "手机号"])
def test_an_account_gone_from_a_list(name: str) -> None:
    lines = [replace(one, text=name) if one.text == "充值账号" else one for one in order(充值账号="")]
    assert plain(seen(*lines))[FieldName.RECHARGED_ACCOUNT].kind is GapKind.COVERED


def test_a_number_two_readers_read_differently() -> None:
    lines = [
        replace(one, score=0.8, other="XH2S08Z17743I0") if one.text.startswith("XH2508") else one for one in order()
    ]
    assert plain(seen(*lines))[NUMBER].kind is GapKind.BLURRED
    assert plain(seen(*(replace(one, other=None, score=0.95) if one.other else one for one in lines))) == {}


def test_a_watermark_is_no_value() -> None:
    lines = order(下单时间="")
    row = next(one for one in lines if one.text == "下单时间").box
    stamp = Line("月牙点卡 u3107", 0.9, Box(700, row.y0 - 30, 950, row.y1 + 50))
    assert FieldName.ORDERED_AT in plain(seen(*lines, stamp))


def test_the_border_cuts_off_nothing_whose_name_is_printed() -> None:
    lines = [one for one in order() if one.text != "¥49.60"]
    row = next(one for one in lines if one.text == "实付款").box
    unread = Line("见账单", 0.95, Box(880, row.y0, 1020, row.y1))
    below = Flaw(FlawKind.CUT, Box(60, 2380, 900, 2400))
    assert plain(seen(*lines, unread, flaws=(below,))) == {}


# --- what is held against no page ---


def test_a_badge_before_a_title_hides_no_product() -> None:
    pairs = [("商品名称", "自营 星海代充值服务月度套餐"), *ORDER]
    lines = [BAR, middle("订单详情", 120), *rows(*pairs, top=420, pitch=84)]
    title = next(one.box for one in lines if one.text.startswith("自营"))
    badge = Box(title.x0, title.y0 + 4, title.x0 + 80, title.y1 - 4)
    for kind in (FlawKind.MARK, FlawKind.TOO_SMALL):
        assert plain(seen(*lines, flaws=(Flaw(kind, badge),))) == {}


def test_a_wide_button_beside_a_number_hides_none_of_it() -> None:
    number = next(one.box for one in order() if one.text.startswith("XH"))
    button = Line("复制", 1.0, Box(number.x1 - 10, number.y0, number.x1 + 260, number.y1))
    assert plain(seen(*order(), button, width=1360)) == {}


def test_a_remark_may_be_empty_and_a_menu_is_no_row() -> None:
    pairs = [*ORDER[:4], ("买家留言", ""), *ORDER[4:]]
    lines = [one for one in rows(*pairs, top=420, pitch=84) if one.text]
    assert plain(seen(BAR, middle("订单详情", 120), *lines)) == {}


def test_a_bar_code_is_no_number_that_was_not_read() -> None:
    lines = [one for one in bill(middle("-49.60", 380, height=90)) if one.text != "XH250821774310"]
    row = next(one for one in lines if one.text == "商户单号").box
    code = Flaw(FlawKind.UNREAD, Box(500, row.y0, 1000, row.y1))
    digits = line("250821774310099887766", 520, row.y1 + 30)
    assert NUMBER not in plain(seen(*lines, digits, flaws=(code,)))


# --- running text, steps, pages cut between their lines ---


def notice(hidden: str = "") -> list[Line]:
    texts = (
        "【江湾银行】您尾号3071的账户于8月21日19:40",
        hidden or "向蓝鲸数娱付款人民币49.60元，交易流水号",
        "JW20250821774310，如有疑问请致电客服。",
    )
    return [BAR, middle("955999", 110), *(line(text, 70, 600 + 62 * row) for row, text in enumerate(texts))]


def test_a_mark_within_a_sentence() -> None:
    assert plain(seen(*notice())) == {}
    broken = notice("向蓝鲸数娱付款")
    start = broken[-2].box
    mark = Flaw(FlawKind.MARK, Box(start.x1 + 10, start.y0, start.x1 + 300, start.y1))
    after = line("，交易流水号", mark.box.x1 + 10, start.y0)
    assert GapKind.COVERED in {gap.kind for gap in plain(seen(*broken, after, flaws=(mark,))).values()}


def test_a_moment_gone_from_under_its_step() -> None:
    steps = (("提交订单", "2025-08-21 19:39"), ("付款成功", "2025-08-21 19:40"), ("充值完成", "2025-08-21 19:52"))
    head = [BAR, middle("订单进度", 120), *rows(("订单编号", "XH250821774310"), ("实付款", "¥49.60"), top=1300)]

    def drawn(without: str) -> list[Line]:
        found = list(head)
        for row, (deed, moment) in enumerate(steps):
            found.append(line(deed, 120, 500 + 160 * row))
            found += [] if deed == without else [line(moment, 120, 556 + 160 * row)]
        return found

    assert plain(seen(*drawn(""))) == {}
    assert plain(seen(*drawn("提交订单")))[FieldName.ORDERED_AT].kind is GapKind.COVERED


def test_rows_of_a_purchase_that_begin_in_the_middle() -> None:
    rest = rows(("交易流水号", "2025082122001477310954"), ("账户余额", "¥120.00"), top=40)
    told = plain(seen(*rest, line("温馨提示：请妥善保管凭证", 60, 400), height=1900))
    assert told[None].edge is Edge.TOP
