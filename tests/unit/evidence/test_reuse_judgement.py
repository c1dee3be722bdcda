"""What tells pages apart, and what a shared fact says of a claim."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from service.domain.checks import Result
from service.domain.claims import Account, Claim, Fulfilment, GoodsKind, Order, Product, ReasonCode
from service.domain.evidence import Box, Evidence, Field, FieldName, ImageFacts, Line, Page, PageKind, Read
from service.domain.money import Money
from service.domain.reuse import (
    FactKind,
    Picture,
    PictureComparison,
    Reuse,
    ReuseFindings,
    ReuseKind,
    Sighting,
    Standing,
)
from service.evidence import extract, verify
from service.evidence.reuse import explained_by, picture_of
from service.evidence.reuse_judgement import judged, needs_pixels, only_pixels_tell

ZONE = ZoneInfo("Asia/Shanghai")
ORDER = ("订单详情", "订单编号", "20260411074830551234", "下单时间", "2026-04-11 07:48:30", "实付款", "¥49.90")
OTHER = ("订单详情", "订单编号", "20260411080211559876", "下单时间", "2026-04-11 08:02:11", "实付款", "¥49.90")
DIALOG = ("兑换中心", "激活码无效，请核对后重新输入", "知道了")


def evidence(texts: tuple[str, ...], *, sha256: str = "a" * 64, kind: PageKind | None = None) -> Evidence:
    lines = tuple(
        Line(text, 0.99, Box(40, 60.0 * n, 40 + 20.0 * len(text), 60.0 * n + 30)) for n, text in enumerate(texts, 2)
    )
    outcome = Read(lines=lines, image=ImageFacts(media_type="image/png", width=1080, height=2340))
    page = extract(outcome, as_of=date(2026, 4, 20))
    return Evidence(sha256=sha256, outcome=outcome, page=replace(page, kind=kind) if kind else page)


def clocked(texts: tuple[str, ...]) -> Evidence:
    item = evidence(texts)
    assert item.page is not None
    clock = Field(name=FieldName.CLOCK, value="09:41", text="09:41", score=0.99, box=Box(20, 10, 90, 40))
    return replace(item, page=replace(item.page, fields={**item.page.fields, FieldName.CLOCK: clock}))


def claim(number: str = "20260411080211559876", account: str = "buyer", **changes: object) -> Claim:
    order = Order(
        order_number=number, product=Product(id="p", name="点卡", kind=GoodsKind.CARD_CODE), seller_id="s",
        amount_paid=Money(1990), ordered_at=datetime(2026, 4, 11, 0, 2, 11, tzinfo=UTC), amount_refunded=Money(0),
    )  # fmt: skip
    made = Claim(
        platform_id="acme", reference="r", account=Account(id=account), order=order, fulfilment=Fulfilment(),
        reason=ReasonCode.CODE_INVALID, amount_claimed=Money(1990),
    )  # fmt: skip
    return replace(made, **changes)


def sighting(item: Evidence, *, account: str = "somebody", same_bytes: bool = False) -> Sighting:
    seen = picture_of("acme", item)
    return Sighting(
        sha256="b" * 64, order_number="another", case_id=uuid.UUID(int=1), account_id=account, same_bytes=same_bytes,
        shared=frozenset((*seen.fact_keys, *seen.picture_keys)), facts=None if same_bytes else seen.stored,
    )  # fmt: skip


def match(
    mine: Evidence,
    theirs: Evidence,
    of: Claim | None = None,
    comparison: PictureComparison | None = None,
    **how: object,
) -> Reuse | None:
    of = of or claim()
    return judged(picture_of("acme", mine), sighting(theirs, **how), of, explained_by(of, ZONE), comparison)


SAME = PictureComparison(aligned=True, difference=0.0)
EDITED = PictureComparison(aligned=True, difference=0.01, boxes=(Box(1, 2, 3, 4),))
ANOTHER = PictureComparison(aligned=False)


def facts(*texts: str) -> set[tuple[FactKind, str]]:
    return {(fact.kind, fact.value) for fact in picture_of("acme", evidence(texts)).facts.facts}


def test_numbers_and_odd_moments_tell_a_page() -> None:
    assert facts(*ORDER) == {(FactKind.NUMBER, "20260411074830551234"), (FactKind.SECOND, "04-11 07:48:30")}


@pytest.mark.parametrize(
    "text",
    [
        "客服热线 4008201234567890",
        "京ICP备12345678901234号",
        "有效期至 2026-12-31 23:59:59",
        "活动时间 2026-04-01 00:00",
        "昨天 12:31",
        "12:31",
        "138****1234",
        "V8.12.0.1234",
    ],
)
def test_what_everybody_is_shown_tells_nothing(text: str) -> None:
    assert facts("提示", text) == set()


def test_grouped_and_dashed_numbers_are_one_number() -> None:
    spaced, plain = facts("卡密", "2026 0411 0748 3055"), facts("卡密", "2026041107483055")
    assert spaced == plain == {(FactKind.CODE, "2026041107483055")}


def test_keys_belong_to_one_platform_and_stored_facts_hold_no_text() -> None:
    mine, theirs = picture_of("acme", evidence(ORDER)), picture_of("other", evidence(ORDER))
    assert mine.fact_keys
    assert not set(mine.fact_keys) & set(theirs.fact_keys)
    assert all("2026" not in fact.value for fact in mine.stored.facts)
    assert {fact.value for fact in mine.stored.facts}.isdisjoint({fact.value for fact in theirs.stored.facts})


def test_another_orders_page_is_reused_however_it_is_recognised() -> None:
    page = evidence(ORDER)
    for comparison, kind in ((None, "same_facts"), (ANOTHER, "same_facts"), (SAME, "same_picture")):
        found = match(page, page, comparison=comparison)
        assert found is not None
        assert (found.kind, found.standing, found.same_account) == (kind, Standing.REUSED, False)


def test_an_order_number_typed_over_leaves_the_rest_to_tell() -> None:
    edited = (*ORDER[:2], "20260411080211559876", *ORDER[3:])
    found = match(evidence(edited), evidence(ORDER), comparison=EDITED)
    assert found is not None
    assert (found.kind, found.standing, found.boxes) == (ReuseKind.SAME_PICTURE_EDITED, Standing.REUSED, EDITED.boxes)


def test_a_look_alike_of_another_order_is_none_and_needs_no_pixels() -> None:
    mine, theirs = evidence(OTHER), evidence(ORDER)
    assert match(mine, theirs, comparison=EDITED) is None
    explained = explained_by(claim(), ZONE)
    assert not needs_pixels(picture_of("acme", mine), sighting(theirs), explained)


def test_where_only_the_pixels_can_tell() -> None:
    """One foreign second: chance at a million pages, and certain with the same picture."""
    mine, explained = picture_of("acme", evidence(("充值记录", "2026-04-11 07:48:30"))), explained_by(claim(), ZONE)
    assert only_pixels_tell(mine, sighting(evidence(ORDER)), explained)
    assert not only_pixels_tell(mine, sighting(evidence(ORDER), same_bytes=True), explained)
    assert not only_pixels_tell(picture_of("acme", evidence(ORDER)), sighting(evidence(ORDER)), explained)
    assert not only_pixels_tell(mine, sighting(evidence(OTHER)), explained)


def test_moments_strewn_over_a_page_do_not_hide_its_numbers() -> None:
    theirs = ("账单详情", "¥49.90", "2026-04-11 07:48:30", "2026041122001412345678901234")
    mine = ("账单详情", "¥19.90", "2026-04-11 08:02:11", theirs[-1])
    strewn = tuple(f"04-0{1 + n // 8} 1{n % 8}:0{n % 8 + 1}:1{n % 8}" for n in range(40))
    found = match(evidence((mine[0], *strewn, *mine[1:])), evidence(theirs))
    assert found is not None
    assert found.standing is Standing.REUSED


def test_the_page_of_the_orders_own_is_no_reuse_though_another_used_it() -> None:
    page = evidence(ORDER)
    found = match(page, page, claim("20260411074830551234"), SAME)
    assert found is not None
    assert (found.standing, found.counts) == (Standing.OWN, False)


def test_a_list_of_two_orders_serves_both() -> None:
    both = evidence(("我的订单", "订单号 20260411074830551234", "¥49.90", "订单号 20260411080211559876", "¥19.90"))
    found = match(both, both, same_bytes=True)
    assert found is not None
    assert found.standing is Standing.OWN


def test_the_payment_both_orders_were_paid_by_is_explained_by_the_record() -> None:
    bill = evidence(
        ("账单详情", "-49.90", "支付时间", "2026-04-11 08:02:15", "交易单号", "4200002026041108021512345678")
    )
    paid = claim()
    own = replace(paid, order=replace(paid.order, trade_number="4200002026041108021512345678"))
    found, stolen = match(bill, bill, own, SAME), match(bill, bill, paid)
    assert found is not None
    assert stolen is not None
    assert (found.standing, stolen.standing) == (Standing.OWN, Standing.REUSED)


def test_two_orders_split_from_one_cart_share_no_more_than_their_moment() -> None:
    mine = evidence((*OTHER[:4], "2026-04-11 08:02:11", *OTHER[5:]))
    theirs = evidence((*OTHER[:2], "20260411080211550001", *OTHER[3:]))
    assert match(mine, theirs, comparison=EDITED) is None


def test_orders_delivered_in_one_batch_are_two_orders() -> None:
    batch = ("发货时间", "2026-04-11 09:00:03", "完成时间", "2026-04-11 09:00:05")
    assert match(evidence((*OTHER, *batch)), evidence((*ORDER, *batch)), comparison=EDITED) is None


def test_the_order_the_claim_says_was_paid_twice_may_show_the_same_page() -> None:
    page = evidence(ORDER)
    twice = claim(duplicate_of="another", reason=ReasonCode.DUPLICATE_PAYMENT)
    found = match(page, page, twice, SAME, account="buyer")
    assert found is not None
    assert found.standing is Standing.OWN


@pytest.mark.parametrize(
    ("account", "reason"),
    [("somebody", ReasonCode.DUPLICATE_PAYMENT), ("buyer", ReasonCode.CODE_INVALID)],
)
def test_naming_another_order_excuses_no_one_elses_page_and_no_other_claim(account: str, reason: ReasonCode) -> None:
    page = evidence(ORDER)
    found = match(page, page, claim(duplicate_of="another", reason=reason), SAME, account=account)
    assert found is not None
    assert found.standing is Standing.REUSED


def test_a_dialog_without_facts_says_nothing_of_the_order() -> None:
    page = evidence(DIALOG)
    assert match(page, page) is None
    found = match(page, page, comparison=SAME)
    assert found is not None
    assert (found.standing, found.counts) == (Standing.GENERIC, False)
    assert match(page, page, comparison=EDITED) is None


def test_the_same_capture_of_a_dialog_is_doubtful() -> None:
    bar = replace(SAME, same_bar=True)
    page, timed = evidence(DIALOG), clocked(DIALOG)
    assert picture_of("acme", timed).facts.clock == "09:41"
    for found in (match(page, page, same_bytes=True), match(timed, timed, comparison=bar)):
        assert found is not None
        assert (found.standing, found.counts) == (Standing.DOUBTFUL, True)
    # Without its clock the top of the page is the same on everybody's capture.
    for found in (match(page, page, comparison=bar), match(timed, timed, comparison=SAME)):
        assert found is not None
        assert found.standing is Standing.GENERIC


def test_a_notice_to_everybody_is_no_reuse() -> None:
    notice = evidence(("系统维护公告", "维护时间 2026-04-11 02:17:43", "期间充值可能失败"), kind=PageKind.UNKNOWN)
    found = match(notice, notice, comparison=SAME)
    assert found is not None
    assert found.standing is Standing.GENERIC


def test_a_conversation_of_one_account_about_two_orders_is_doubtful() -> None:
    chat = evidence(
        ("客服", "2026-04-11 08:12:31", "您好，稍后为您处理", "2026-04-11 08:14:52", "好的"), kind=PageKind.CHAT
    )
    own, others = match(chat, chat, comparison=SAME, account="buyer"), match(chat, chat, comparison=SAME)
    assert own is not None
    assert others is not None
    assert (own.standing, others.standing) == (Standing.DOUBTFUL, Standing.REUSED)


def test_a_sellers_account_number_on_both_pages_is_not_enough() -> None:
    account = "收款账号 6222021001112223445"
    assert match(evidence((*OTHER, account)), evidence((*ORDER, account)), comparison=EDITED) is None


def test_a_proof_of_identity_serves_every_order_of_its_holder() -> None:
    card = evidence(("居民身份证", "公民身份号码", "11010519491231002X", *ORDER), kind=PageKind.IDENTITY)
    assert picture_of("acme", card).facts.facts == ()
    own, others = match(card, card, account="buyer", same_bytes=True), match(card, card, same_bytes=True)
    assert own is not None
    assert others is not None
    assert (own.standing, others.standing) == (Standing.GENERIC, Standing.DOUBTFUL)


def check(findings: ReuseFindings | None, *items: Evidence) -> Result:
    return next(
        one.result for one in verify(claim(), items, zone=ZONE, reuse=findings) if one.code.value == "evidence_original"
    )


def test_original_passes_only_where_everything_was_looked_up_and_nothing_found() -> None:
    page = evidence(ORDER)
    reused, own = match(page, page, comparison=SAME), match(page, page, claim("20260411074830551234"), SAME)
    doubtful = match(evidence(DIALOG), evidence(DIALOG), same_bytes=True)
    assert reused is not None
    assert own is not None
    assert doubtful is not None
    assert check(None, page) is Result.UNKNOWN
    assert check(ReuseFindings()) is Result.UNKNOWN
    assert check(ReuseFindings(), page) is Result.PASS
    assert check(ReuseFindings(complete=False), page) is Result.UNKNOWN
    assert check(ReuseFindings(found=(own,)), page) is Result.PASS
    assert check(ReuseFindings(found=(doubtful,)), page) is Result.UNKNOWN
    assert check(ReuseFindings(found=(doubtful, reused)), page) is Result.FAIL
    both = ReuseFindings(found=(doubtful, reused, own, replace(reused, other_order="third", same_account=True)))
    assert (both.reused_orders, both.reused_accounts) == (2, 1)


def test_a_page_cut_in_the_middle_of_its_lines_is_found_by_its_wording() -> None:
    whole = picture_of(
        "acme", evidence(("系统提示", "您输入的激活码无效请核对后重新输入", "确认兑换前请确认账号与区服"))
    )
    cut = picture_of("acme", evidence(("统提示", "输入的激活码无效请核对后重新输入", "认兑换前请确认账号与区服")))
    assert set(whole.picture_keys) & set(cut.picture_keys)
    assert not isinstance(whole, Page)
    assert isinstance(whole, Picture)
