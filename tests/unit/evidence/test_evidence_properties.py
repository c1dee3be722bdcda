"""What must hold whatever the page says."""

from __future__ import annotations

from datetime import date

from evidence_samples import FACTS, ZONE, claim, field
from hypothesis import given, settings
from hypothesis import strategies as st

from service.domain.checks import CheckCode, Result
from service.domain.evidence import (
    Box,
    Edge,
    ErrorCode,
    Evidence,
    Field,
    FieldName,
    Gap,
    GapKind,
    Line,
    Page,
    PageKind,
    Read,
)
from service.evidence import extract, verify
from service.evidence.extract import MOST_LINES

PHRASES = """
    订单号 订单编号： 实付款 ¥39.00 -39.00 39.00元 2025-04-11 07:48:30 T20250411000123 合计 优惠 退款金额
    商户单号 交易单号 支付成功 待付款 充值失败 激活码无效 如充值失败 x1 ×2 腾讯视频VIP会员月卡 复制 确定 取消
    全部 已完成 Order Total Paid $9.99 我的订单 昨天 13800138000 充值账号
"""
WORDS = st.sampled_from(PHRASES.split())
TEXT = st.one_of(WORDS, st.lists(WORDS, max_size=4).map(" ".join), st.text(max_size=30))
EDGE = st.floats(0, 2000, allow_nan=False)


@st.composite
def lines(draw: st.DrawFn) -> Line:
    x0, y0 = draw(EDGE), draw(EDGE)
    box = Box(x0, y0, x0 + draw(st.floats(0, 900)), y0 + draw(st.floats(0, 120)))
    return Line(draw(TEXT), draw(st.floats(0, 1)), box)


@given(st.lists(lines(), max_size=25), st.sampled_from([None, date(2025, 4, 12)]))
@settings(max_examples=150, deadline=None)
def test_any_lines_make_a_page_whose_fields_lie_on_it(found: list[Line], as_of: date | None) -> None:
    shown = extract(Read(lines=tuple(found), image=FACTS), as_of=as_of)
    assert isinstance(shown, Page)
    for name, one in shown.fields.items():
        assert one.name is name
        assert 0 <= one.score <= 1
        assert one.text
        assert one.rule
        assert isinstance(one.value, int) == (name is FieldName.AMOUNT)
        assert one.box.x0 <= one.box.x1
        assert any(_touches(one.box, line.box) for line in found), one


def _touches(first: Box, second: Box) -> bool:
    return (
        first.x0 <= second.x1 + 1
        and second.x0 <= first.x1 + 1
        and first.y0 <= second.y1 + 1
        and second.y0 <= first.y1 + 1
    )


@given(st.lists(lines(), max_size=20))
@settings(max_examples=60, deadline=None)
def test_the_order_the_reader_lists_lines_in_does_not_matter_to_a_repeat(found: list[Line]) -> None:
    outcome = Read(lines=tuple(found), image=FACTS)
    assert extract(outcome) == extract(outcome)


VALUES = {
    FieldName.ORDER_NUMBER: st.sampled_from(["T20250411000123", "T20250411000124", "T2O250411000123", "X1234567"]),
    FieldName.TRADE_NUMBER: st.sampled_from(["4200001823202304112345678901", "999999999999"]),
    FieldName.AMOUNT: st.sampled_from([3900, 3800, 100]),
    FieldName.ORDERED_AT: st.sampled_from(["2025-04-11T07:48:30", "2025-04-11", "2025-05-11T07:48"]),
    FieldName.PAID_AT: st.sampled_from(["2025-04-11T07:49:00", "2024-04-11T07:49"]),
    FieldName.PRODUCT: st.sampled_from(["腾讯视频VIP会员月卡", "完美一卡通", "腾讯视频VIP会员年卡"]),
    FieldName.PAYEE: st.sampled_from(["深圳市星河网络科技有限公司", "张三"]),
    FieldName.STATUS: st.sampled_from(["支付成功", "待付款", "退款成功", "交易关闭"]),
    FieldName.RECHARGED_ACCOUNT: st.sampled_from(["13800138000", "138****8000", "139****8000"]),
    FieldName.ERROR_PROMPT: st.sampled_from([code.value for code in ErrorCode]),
}


GAPS = st.builds(
    Gap,
    kind=st.sampled_from(GapKind),
    field=st.sampled_from([None, *sorted(VALUES)]),
    edge=st.sampled_from([None, *Edge]),
)


@st.composite
def pages(draw: st.DrawFn) -> Evidence:
    names = draw(st.sets(st.sampled_from(sorted(VALUES))))
    fields: dict[FieldName, Field] = {
        name: field(name, draw(VALUES[name]), score=draw(st.sampled_from([0.6, 0.99]))) for name in sorted(names)
    }
    kind = draw(st.sampled_from([PageKind.ORDER, PageKind.PAYMENT, PageKind.PROMPT, PageKind.LIST]))
    outcome = Read(lines=(Line("某页", 0.9, Box(0, 0, 10, 10)),), image=FACTS)
    return Evidence(
        sha256=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
        outcome=outcome,
        page=Page(kind=kind, fields=fields, gaps=tuple(draw(st.lists(GAPS, max_size=2)))),
    )


@given(st.lists(pages(), max_size=4), pages(), st.integers(0, 4))
@settings(max_examples=150, deadline=None)
def test_one_more_page_never_mends_a_contradiction(shown: list[Evidence], more: Evidence, place: int) -> None:
    before = verify(claim(), shown, zone=ZONE)
    after = verify(claim(), [*shown[:place], more, *shown[place:]], zone=ZONE)
    assert [one.code for one in before] == [one.code for one in after] == list(CheckCode)
    for old, new in zip(before, after, strict=True):
        if old.code is CheckCode.EVIDENCE_COMPLETE:
            # What one page hides another may show: pages add up, so what is complete stays so.
            assert old.result is not Result.PASS or new.result is Result.PASS
            continue
        if old.evidence_sha256 is not None:  # some page showed the fact: its finding can only get worse
            assert new.result.rank >= old.result.rank
        assert not (old.result.value == "fail" and new.result.value != "fail")


@given(st.permutations(range(3)), st.lists(pages(), min_size=3, max_size=3))
@settings(max_examples=60, deadline=None)
def test_the_order_of_pages_does_not_matter(order: list[int], shown: list[Evidence]) -> None:
    results = [one.result for one in verify(claim(), shown, zone=ZONE)]
    assert [one.result for one in verify(claim(), [shown[i] for i in order], zone=ZONE)] == results


def test_nothing_is_taken_from_a_page_of_too_many_lines() -> None:
    number = Line("订单编号：T20250411000001", 0.99, Box(10, 10, 400, 40))
    text = [Line("说明", 0.99, Box(10, 50 + row, 90, 80 + row)) for row in range(MOST_LINES)]
    assert FieldName.ORDER_NUMBER in extract(Read(lines=(number, *text[1:]), image=FACTS)).fields
    shown = extract(Read(lines=(number, *text), image=FACTS))
    assert shown == Page(kind=PageKind.UNKNOWN, fields={}, gaps=(Gap(kind=GapKind.SEVERAL_PAGES),))
