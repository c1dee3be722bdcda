"""Facts that are hidden beside others that are shown: told as hidden, and nothing near them taken for theirs."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import FACTS, line, middle, read, right, rows

from service.domain.evidence import Box, FieldName, Flaw, FlawKind, GapKind, ImageFacts, Line, Page, Read
from service.domain.showing import PLAIN
from service.evidence import extract

AS_OF = date(2025, 4, 12)
HEAD = [line("9:41", 60, 20), middle("订单详情", 130, height=50)]
ORDER = (
    ("商品名称", "腾讯视频VIP会员月卡"),
    ("实付款", "¥39.00"),
    ("订单编号", "T20250411000123"),
    ("下单时间", "2025-04-11 07:48:30"),
    ("支付方式", "微信支付"),
    ("充值账号", "13800138000"),
)


def seen(*lines: Line, flaws: tuple[Flaw, ...] = ()) -> Page:
    image = ImageFacts(media_type="image/png", width=FACTS.width, height=FACTS.height, flaws=flaws)
    return extract(Read(lines=lines, image=image), as_of=AS_OF)


def hidden(page: Page) -> dict[FieldName | None, GapKind]:
    return {gap.field: gap.kind for gap in page.gaps if gap.kind in PLAIN}


def order(**values: str) -> list[Line]:
    return [*HEAD, *(one for one in rows(*((key, values.get(key, value)) for key, value in ORDER)) if one.text)]


@pytest.mark.parametrize("left", ["2025-04-1", "04-1", "2025-04-11 07:"])
def test_a_moment_half_of_which_is_covered_is_told_as_hidden(left: str) -> None:
    page = seen(*order(下单时间=left))
    assert FieldName.ORDERED_AT not in page.fields
    assert hidden(page) == {FieldName.ORDERED_AT: GapKind.COVERED}


def test_a_whole_day_of_one_digit_is_read() -> None:
    for moment in ("2025-4-1 07:48", "2025年04月1日 07:48", "4-1 07:48"):
        page = seen(*order(下单时间=moment))
        assert page.fields[FieldName.ORDERED_AT].value == "2025-04-01T07:48"
        assert not hidden(page)


def test_the_account_whose_name_stands_among_names_with_values() -> None:
    assert hidden(seen(*order(充值账号=""))) == {FieldName.RECHARGED_ACCOUNT: GapKind.COVERED}


def test_what_was_paid_without_its_sum_at_the_right_edge() -> None:
    facts = [one for one in order(实付款="") if one.text != "实付款"]
    assert hidden(seen(*facts, right("实付款", 800, 500))) == {FieldName.AMOUNT: GapKind.COVERED}


@pytest.mark.parametrize("under", ["您使用微信支付支付了¥39.00", "昨天 12:40", "Aurora Music Premium 12 months"])
def test_what_stands_under_a_number_is_not_the_number(under: str) -> None:
    facts = [line("下单时间：2025-04-11 07:48:30", 60, 600), line("交易单号：", 60, 660), line(under, 60, 720)]
    page = seen(*HEAD, line("订单编号：T20250411000123", 60, 540), *facts)
    assert FieldName.TRADE_NUMBER not in page.fields
    assert hidden(page)[FieldName.TRADE_NUMBER] is GapKind.COVERED


STEPS = (("提交订单", "04-11 07:48"), ("付款完成", "04-11 07:49"), ("自动发货", "04-11 07:52"))
NUMBERED = (("实付总额", "¥39.00"), ("订单编号", "T20250411000123"))


def steps(*shown: bool) -> list[Line]:
    found = rows(*((deed, at if seen else "") for (deed, at), seen in zip(STEPS, shown, strict=True)), top=300)
    return [*HEAD, *(one for one in found if one.text), *rows(*NUMBERED, top=900)]


def test_the_first_step_without_its_moment() -> None:
    page = seen(*steps(False, True, True))
    assert hidden(page) == {FieldName.ORDERED_AT: GapKind.COVERED}
    assert page.fields[FieldName.PAID_AT].value == "2025-04-11T07:49"


def test_a_later_step_without_its_moment_may_be_still_to_come() -> None:
    assert not hidden(seen(*steps(True, False, False)))
    mark = Flaw(FlawKind.MARK, Box(780, 390, 1020, 430))
    assert hidden(seen(*steps(True, False, True), flaws=(mark,))) == {FieldName.PAID_AT: GapKind.COVERED}


def test_a_picture_s_rows_are_no_covers() -> None:
    picture = tuple(Flaw(FlawKind.MARK, Box(780, y, 1020, y + 60)) for y in (700, 765, 830))
    facts = [one for one in order() if not 660 < one.box.y0 < 900]
    more = (line("订单编号：T20250411000123", 60, 1200), line("实付款：¥39.00", 60, 1260))
    assert not hidden(seen(*facts, *more, flaws=picture))


def test_a_key_under_a_title_is_not_its_second_line() -> None:
    facts = rows(*ORDER[2:], top=500, pitch=60)
    page = extract(read(*HEAD, line("腾讯视频VIP会员月卡（移动）", 60, 440), *facts), as_of=AS_OF)
    assert page.fields[FieldName.PRODUCT].value == "腾讯视频VIP会员月卡（移动）"
    bare = [one for one in facts if one.text != "T20250411000123"]
    page = extract(read(*HEAD, line("腾讯视频VIP会员月卡（移动）", 60, 440), *bare), as_of=AS_OF)
    assert page.fields[FieldName.PRODUCT].value == "腾讯视频VIP会员月卡（移动）"


@pytest.mark.parametrize("said", ["已优惠 -1.48元，实付款", "共减1.00，支付总金额", "已优惠-1.48元实付款"])
def test_the_sum_behind_what_was_taken_off(said: str) -> None:
    facts = [one for one in order(实付款="") if one.text != "实付款"]
    shown = line(said, 300, 500)
    mark = Flaw(FlawKind.MARK, Box(shown.box.x1 + 8, 500, shown.box.x1 + 180, 540))
    assert hidden(seen(*facts, shown, flaws=(mark,))) == {FieldName.AMOUNT: GapKind.COVERED}


def test_a_payment_that_was_made_between_dated_steps() -> None:
    assert hidden(seen(*steps(True, False, True))) == {FieldName.PAID_AT: GapKind.COVERED}
