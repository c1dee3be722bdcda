"""Why a page does not show what it should, from hand-made lines and flaws."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from evidence_samples import FACTS, claim, field, line, middle, page, rows
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.checks import Result
from service.domain.claims import ReasonCode
from service.domain.evidence import (
    Box,
    Edge,
    Empty,
    Evidence,
    FieldName,
    Flaw,
    FlawKind,
    Gap,
    GapKind,
    ImageFacts,
    Line,
    Page,
    PageKind,
    Read,
)
from service.domain.showing import PLAIN
from service.evidence import extract
from service.evidence.completeness import check_complete

NUMBER = FieldName.ORDER_NUMBER
STATUS_BAR = line("9:41", 60, 20)
TITLE = middle("订单详情", 130, height=50)
ORDER = (
    ("商品名称", "腾讯视频VIP会员月卡"),
    ("实付款", "¥39.00"),
    ("订单编号", "T20250411000123"),
    ("下单时间", "2025-04-11 07:48:30"),
    ("支付方式", "微信支付"),
)


def seen(*lines: Line, flaws: tuple[Flaw, ...] = (), width: int = 1080, height: int = 2340) -> Page:
    image = ImageFacts(media_type="image/png", width=width, height=height, flaws=flaws)
    return extract(Read(lines=tuple(lines), image=image))


def plain(shown: Page) -> dict[FieldName | None, Gap]:
    return {gap.field: gap for gap in shown.gaps if gap.kind in PLAIN}


def order_page(**values: str) -> list[Line]:
    """The order's rows under status bar and title; an empty value leaves only the name."""
    pairs = [(key, values.get(key, value)) for key, value in ORDER]
    found = [one for one in rows(*pairs) if one.text]
    return [STATUS_BAR, TITLE, *found]


def test_a_whole_page_has_no_gap() -> None:
    assert seen(*order_page()).gaps == ()


@pytest.mark.parametrize(
    ("kind", "told"),
    [(FlawKind.MARK, GapKind.COVERED), (FlawKind.UNREAD, GapKind.BLURRED)],
)
def test_what_stands_in_the_place_of_a_value(kind: FlawKind, told: GapKind) -> None:
    place = Box(620, 780, 1020, 820)
    shown = seen(*order_page(订单编号=""), flaws=(Flaw(kind, place),))
    assert plain(shown) == {NUMBER: Gap(kind=told, field=NUMBER, box=place)}


def test_a_name_without_any_value_is_covered_whatever_covers_it() -> None:
    assert plain(seen(*order_page(订单编号="")))[NUMBER].kind is GapKind.COVERED


def test_a_mark_elsewhere_covers_nothing() -> None:
    thumbnail = Flaw(FlawKind.MARK, Box(60, 300, 260, 500))
    assert seen(*order_page(), flaws=(thumbnail,)).gaps == ()


def test_a_bar_over_the_end_of_a_number() -> None:
    bar = Flaw(FlawKind.MARK, Box(900, 780, 1060, 820))
    assert plain(seen(*order_page(), flaws=(bar,)))[NUMBER].kind is GapKind.COVERED


def test_a_number_that_runs_into_the_border() -> None:
    lines = [one for one in order_page() if not one.text.startswith("T2025")]
    cut = Line("T202504110", 0.99, Box(880, 780, 1080, 820))
    shown = seen(*lines, cut)
    assert plain(shown)[NUMBER] == Gap(kind=GapKind.CUT_OFF, field=NUMBER, edge=Edge.RIGHT, box=cut.box)


def test_values_gone_with_the_right_of_the_page() -> None:
    names = [line(key, 60, 600 + 90 * number) for number, (key, _) in enumerate(ORDER)]
    shown = seen(STATUS_BAR, TITLE, *names, width=520)
    told = plain(shown)
    for name in (NUMBER, FieldName.AMOUNT, FieldName.ORDERED_AT):
        assert (told[name].kind, told[name].edge) == (GapKind.CUT_OFF, Edge.RIGHT)


def test_a_page_that_begins_in_the_middle() -> None:
    rest = [replace(one, box=replace(one.box, y0=one.box.y0 - 560, y1=one.box.y1 - 560)) for one in order_page()[4:]]
    shown = seen(*[one for one in rest if one.box.y0 > 30], height=1500)
    assert plain(shown)[None] == Gap(kind=GapKind.CUT_OFF, edge=Edge.TOP)


def test_what_is_missing_above_print_cut_by_the_border_is_cut_off() -> None:
    rest = [one for one in order_page()[2:] if not 770 <= one.box.y0 <= 830]
    cut = Flaw(FlawKind.CUT, Box(60, 0, 700, 14))
    told = plain(seen(*rest, flaws=(cut,)))
    assert (told[NUMBER].kind, told[NUMBER].edge) == (GapKind.CUT_OFF, Edge.TOP)
    assert told[None].edge is Edge.TOP


def test_a_screen_that_ends_in_print_is_whole_where_nothing_is_missing() -> None:
    cut = Flaw(FlawKind.CUT, Box(60, 2326, 700, 2340))
    assert plain(seen(*order_page(), flaws=(cut,))) == {}
    missing = [one for one in order_page() if not 770 <= one.box.y0 <= 830]
    assert plain(seen(*missing, flaws=(cut,)))[None].edge is Edge.BOTTOM


def test_an_icon_that_touches_a_value_covers_nothing() -> None:
    number = next(one for one in order_page() if one.text.startswith("T2025"))
    icon = Flaw(FlawKind.MARK, Box(number.box.x0 - 60, number.box.y0, number.box.x0 + 4, number.box.y1))
    assert plain(seen(*order_page(), flaws=(icon,))) == {}


def test_a_row_without_value_among_rows_with_one_is_covered_whatever_its_name() -> None:
    page = order_page()
    method = next(one for one in page if one.text == "微信支付")
    further = [line("开票内容", 60, method.box.y0 + 90), line("发货方式", 60, method.box.y0 + 180)]
    value = Line("自动发货", 0.99, replace(method.box, y0=method.box.y0 + 180, y1=method.box.y1 + 180))
    covered = plain(seen(*page, *further, value))
    assert covered[None].kind is GapKind.COVERED
    heading = [line("更多服务", 60, method.box.y0 + 160), line("发货方式", 60, method.box.y0 + 320)]
    lower = replace(value, box=replace(value.box, y0=method.box.y0 + 320, y1=method.box.y1 + 320))
    assert plain(seen(*page, *heading, lower)) == {}


def test_print_under_the_status_bar_is_no_cut() -> None:
    bar = Line("1.2 K/s 14:16", 0.9, Box(534, 1, 1060, 50))
    assert seen(bar, *order_page()[1:]).gaps == ()


def test_a_watermark_that_runs_out_of_the_picture_is_no_cut() -> None:
    slanted = Line("仅供退款审核使用", 0.9, Box(800, 900, 1080, 1100))
    again = Line("仅供退款审核使用", 0.9, Box(0, 1500, 300, 1700))
    assert not [gap for gap in seen(*order_page(), slanted, again).gaps if gap.kind is GapKind.CUT_OFF]


@pytest.mark.parametrize("kind", [FlawKind.BLURRED, FlawKind.TOO_SMALL])
def test_a_field_read_with_doubt_from_poor_print(kind: FlawKind) -> None:
    poor = Flaw(kind, Box(580, 780, 1020, 820))
    doubtful = [replace(one, score=0.8) if one.text.startswith("T2025") else one for one in order_page()]
    assert plain(seen(*doubtful, flaws=(poor,)))[NUMBER].kind is GapKind(kind.value)
    assert seen(*order_page(), flaws=(poor,)).gaps == ()  # the reader is sure of it


def test_a_page_of_poor_print() -> None:
    lines = order_page()
    shown = seen(*lines, flaws=tuple(Flaw(FlawKind.TOO_SMALL, one.box) for one in lines))
    assert plain(shown)[None].kind is GapKind.TOO_SMALL


def test_a_picture_of_something_else() -> None:
    shelf = [line("相册", 100, 300), line("天气", 400, 300), line("设置", 700, 300), line("地图", 100, 600)]
    assert GapKind.WRONG_KIND in {gap.kind for gap in seen(STATUS_BAR, *shelf).gaps}


def test_two_pages_side_by_side() -> None:
    left = [line("9:41", 30, 20), middle("订单详情", 130, page=1000), *rows(*ORDER, page=1000)]
    shifted = [replace(one, box=replace(one.box, x0=one.box.x0 + 1000, x1=one.box.x1 + 1000)) for one in left]
    assert GapKind.SEVERAL_PAGES in {gap.kind for gap in seen(*left, *shifted, width=2000).gaps}


def test_a_prompt_without_a_date() -> None:
    prompt = [middle("兑换失败", 900), middle("卡密无效，请核对后重试", 980), middle("确定", 1100)]
    assert GapKind.NO_DATE in {gap.kind for gap in seen(*prompt).gaps}
    assert GapKind.NO_DATE not in {gap.kind for gap in seen(STATUS_BAR, *prompt).gaps}


# --- whatever the page says ---

EDGE = st.floats(-10, 2400, allow_nan=False)
BOXES = st.builds(lambda x, y, w, h: Box(x, y, x + w, y + h), EDGE, EDGE, st.floats(0, 900), st.floats(0, 200))
TEXTS = st.sampled_from(
    ["订单编号", "订单编号：", "T20250411000123", "实付款", "¥39.00", "下单时间", "9:41", "订单详情", "确定", "x"]
)
LINES = st.builds(Line, TEXTS | st.text(max_size=8), st.floats(0, 1), BOXES)
FLAWS = st.builds(Flaw, st.sampled_from(FlawKind), BOXES)


@given(st.lists(LINES, max_size=14), st.lists(FLAWS, max_size=8), st.integers(0, 2000), st.integers(0, 4000))
@settings(max_examples=200, deadline=None)
def test_any_lines_and_flaws_have_gaps_told_once(found: list[Line], flaws: list[Flaw], width: int, height: int) -> None:
    shown = seen(*found, flaws=tuple(flaws), width=width, height=height)
    again = seen(*found, flaws=tuple(flaws), width=width, height=height)
    assert shown == again
    of_facts = [gap.field for gap in shown.gaps if gap.field is not None]
    assert len(of_facts) == len(set(of_facts))
    of_page = [(gap.kind, gap.edge) for gap in shown.gaps if gap.field is None]
    assert len(of_page) == len(set(of_page))


# --- all files together ---

PROMPT = page(field(FieldName.ERROR_PROMPT, "not_delivered"), kind=PageKind.PROMPT, sha256="p" * 64)


def record(*names: FieldName, gaps: tuple[Gap, ...] = (), kind: PageKind = PageKind.ORDER, **more: Any) -> Evidence:
    values = {
        NUMBER: "T20250411000123",
        FieldName.TRADE_NUMBER: "4200001823202304112345678901",
        FieldName.AMOUNT: 3900,
        FieldName.ORDERED_AT: "2025-04-11T07:48:30",
        FieldName.PAID_AT: "2025-04-11T07:49:00",
    }
    made = page(*(field(name, more.get(name.value, values[name])) for name in names), kind=kind)
    return replace(made, page=replace(made.page, gaps=gaps)) if made.page else made


AMOUNT, TIME = FieldName.AMOUNT, FieldName.ORDERED_AT
COVERED = Gap(kind=GapKind.COVERED, field=NUMBER, box=Box(1, 2, 3, 4))


@pytest.mark.parametrize(
    ("evidence", "result"),
    [
        ([], Result.UNKNOWN),
        ([record(NUMBER, AMOUNT, TIME), PROMPT], Result.PASS),
        ([record(NUMBER, AMOUNT, TIME)], Result.UNKNOWN),
        ([record(AMOUNT, TIME), PROMPT], Result.UNKNOWN),
        ([record(AMOUNT, TIME, gaps=(COVERED,)), PROMPT], Result.FAIL),
        ([record(AMOUNT, TIME, gaps=(COVERED,)), record(FieldName.TRADE_NUMBER), PROMPT], Result.PASS),
        ([record(NUMBER, TIME), record(AMOUNT, kind=PageKind.PAYMENT), PROMPT], Result.PASS),
        ([record(AMOUNT, TIME, gaps=(Gap(kind=GapKind.CUT_OFF, edge=Edge.TOP),)), PROMPT], Result.FAIL),
        ([record(NUMBER, AMOUNT, TIME, gaps=(Gap(kind=GapKind.CUT_OFF, edge=Edge.TOP),)), PROMPT], Result.PASS),
        ([record(NUMBER, AMOUNT, TIME, kind=PageKind.CHAT), PROMPT], Result.UNKNOWN),
        ([Evidence(sha256="e" * 64, outcome=Empty(image=FACTS))], Result.UNKNOWN),
    ],
)
def test_completeness_over_all_files(evidence: list[Evidence], result: Result) -> None:
    found = check_complete(claim(reason=ReasonCode.NOT_DELIVERED), evidence)
    assert found.result is result
    if result is Result.FAIL:
        assert found.evidence_sha256 == evidence[0].sha256


def test_what_is_hidden_is_named_for_the_reviewer() -> None:
    found = check_complete(claim(), [record(AMOUNT, TIME, gaps=(COVERED,))])
    assert (found.read, found.box) == ("order_number: covered", COVERED.box)


def test_a_piece_of_the_record_s_number_is_not_the_number() -> None:
    part = record(NUMBER, AMOUNT, TIME, order_number="T2025041")
    assert check_complete(claim(reason=ReasonCode.OTHER), [part]).result is Result.UNKNOWN
    whole = record(NUMBER, AMOUNT, TIME, gaps=(COVERED,))
    assert check_complete(claim(reason=ReasonCode.OTHER), [whole]).result is Result.PASS


def test_a_heading_among_rows_is_no_row_without_value() -> None:
    pairs = [
        (line("套餐价", 60, 600), line("¥100.00", 800, 600)),
        (line("新客减免", 60, 730), line("-¥1.00", 800, 730)),
        (line("实付款", 60, 860), line("¥99.00", 800, 860)),
        (line("订单编号", 60, 1099), line("T20250411000123", 640, 1099)),
        (line("下单时间", 60, 1229), line("2025-04-11 07:48:30", 560, 1229)),
        (line("支付方式", 60, 1359), line("数字钱包", 860, 1359)),
    ]
    heading = line("记录", 60, 985)
    shown = seen(STATUS_BAR, TITLE, *(one for pair in pairs for one in pair), heading)
    assert plain(shown) == {}


def test_a_page_in_a_window_without_a_title_is_not_cut_off() -> None:
    letter = [
        line("星河点卡", 390, 24, height=26),
        line("尊敬的用户：", 390, 70, height=20),
        line("商品：星河点卡 100元 电子卡密", 390, 124, height=20),
        line("订单号：T20250411000123", 390, 150, height=20),
        line("下单时间：2025-04-11 07:48:30", 390, 178, height=20),
    ]
    assert plain(seen(*letter, width=1366, height=768)) == {}


def test_a_number_in_capitals_is_no_print_hidden_in_part() -> None:
    wide = Line("EMWLNHAD325749", 0.99, Box(640, 897, 1052, 927))
    lines = [one for one in order_page() if one.text != "T20250411000123"]
    key = next(one for one in lines if one.text == "订单编号")
    placed = replace(wide, box=Box(640, key.box.y0 + 3, 1020, key.box.y0 + 30))
    assert plain(seen(*lines, placed)) == {}


def test_a_mark_over_one_fact_hides_no_other() -> None:
    lines = [one for one in order_page(订单编号="") if one.text not in ("实付款", "¥39.00")]
    key = next(one for one in lines if one.text == "订单编号")
    mark = Flaw(kind=FlawKind.MARK, box=Box(600, key.box.y0, 1000, key.box.y1))
    assert set(plain(seen(*lines, flaws=(mark,)))) == {NUMBER}
