from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from evidence_samples import ZONE, claim, line, middle, read, right, rows
from hypothesis import given
from hypothesis import strategies as st

from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Account
from service.domain.evidence import Evidence, FieldName, Identity, Line, PageKind, Read
from service.evidence import extract, interpret, page_of, redact, verify
from service.evidence.extract import MOST_LINES
from service.evidence.identity_card import mask_name, mask_number, number_holds

KEY = b"a platform's key"
AS_OF = datetime(2025, 4, 12, 4, 0, tzinfo=UTC)
# Nobody's: county 99 is assigned in no province, the check digit is right.
NUMBER, NAME, ADDRESS, BORN = "330199198411078989", "样本甲", "浙江省虚拟县样例路88号", "1984年11月7日"

FRONT = [
    line("姓名", 80, 300),
    line(NAME, 240, 300),
    line("性别 女", 80, 370),
    line("民族 汉", 400, 370),
    line("出生", 80, 440),
    line(BORN, 240, 440),
    line("住址", 80, 510),
    line(ADDRESS, 240, 510),
    line("公民身份号码", 80, 650),
    line(NUMBER, 400, 650),
]
BACK = [
    middle("中华人民共和国", 1000),
    middle("居民身份证", 1080),
    line("签发机关 虚拟县公安局", 120, 1200),
    line("有效期限 2015.01.06-2035.01.06", 120, 1280),
]


def card(*lines: Line) -> Identity:
    page = extract(read(*lines), identity_key=KEY)
    assert page.kind is PageKind.IDENTITY
    assert page.identity is not None
    return page.identity


def with_number(number: str, *, score: float = 0.99) -> list[Line]:
    return [line(number, 400, 650, score=score) if one.text == NUMBER else one for one in FRONT]


def digest(text: str) -> str:
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()


def test_what_may_leave_of_both_sides() -> None:
    assert card(*FRONT, *BACK) == Identity(
        side="both",
        name_masked="样*甲",
        number_masked="3****************9",
        name_digest=digest(NAME),
        number_digest=digest(NUMBER),
        number_valid=True,
        valid_from="2015-01-06",
        valid_until="2035-01-06",
    )


def test_each_side_by_itself() -> None:
    front, back = card(*FRONT), card(*BACK)
    assert (front.side, front.number_valid, front.valid_until) == ("front", True, None)
    assert (back.side, back.number_valid, back.valid_until) == ("back", None, "2035-01-06")


def test_without_a_key_there_is_no_digest() -> None:
    page = extract(read(*FRONT, *BACK))
    assert page.identity is not None
    assert (page.identity.number_digest, page.identity.name_digest) == (None, None)
    assert page.identity.number_valid is True


@pytest.mark.parametrize("printed", ["330199 19841107 8989", "3301 9919 8411 0789 89"])
def test_blanks_are_no_part_of_the_number(printed: str) -> None:
    assert card(*with_number(printed)).number_digest == digest(NUMBER)


@pytest.mark.parametrize("printed", ["11019919900101007X", "11019919900101007x"])
def test_x_in_either_case(printed: str) -> None:
    found = card(*with_number(printed))
    assert (found.number_valid, found.number_digest) == (True, digest("11019919900101007X"))


@pytest.mark.parametrize(
    "wrong",
    ["330199198411078988", "33019919841107898", "330199198413078989", "99019919841107898X", "33O199198411078989"],
)
def test_a_number_that_does_not_hold_is_not_guessed(wrong: str) -> None:
    found = card(*with_number(wrong))
    assert (found.number_valid, found.number_digest) == (False, None)


def test_a_number_the_reader_doubts_counts_as_not_read() -> None:
    assert card(*with_number("330199198411078988", score=0.7)).number_valid is None


def test_long_term_validity() -> None:
    back = [line("有效期限 2015.01.06-长期", 120, 1280) if "有效期限" in one.text else one for one in BACK]
    assert (card(*back).valid_from, card(*back).valid_until) == ("2015-01-06", "long_term")


@pytest.mark.parametrize(
    ("name", "mask"), [("张三", "张*"), ("张小明", "张*明"), ("欧阳小明", "欧**明"), ("买买提·艾力", "买****力")]
)
def test_masks_of_names(name: str, mask: str) -> None:
    assert mask_name(name) == mask


def test_numbers_hold_by_province_birthday_and_check_digit() -> None:
    assert number_holds(NUMBER)
    assert mask_number(NUMBER) == "3****************9"
    assert not number_holds("00019919841107898X")
    assert not number_holds("")


# --- what is kept --------------------------------------------------------------------------------------------------

SECRETS = (NUMBER, NUMBER[6:14], NAME, ADDRESS, "样例路", BORN, "1984")


def leaks(*values: object) -> list[str]:
    text = "".join(repr(values).split())
    return [secret for secret in SECRETS if secret in text]


def test_nothing_of_the_card_is_kept_in_clear() -> None:
    kept, page = interpret(read(*FRONT, *BACK), identity_key=KEY)
    assert leaks(kept, page) == []
    assert [one.box for one in kept.lines] == [one.box for one in (*FRONT, *BACK)]
    assert page.fields == {}
    assert page.identity == card(*FRONT, *BACK)


def test_a_kept_reading_gives_the_same_page() -> None:
    kept, page = interpret(read(*FRONT, *BACK), identity_key=KEY)
    assert page_of(kept, page.identity) == page
    assert redact(kept, page) is kept


def test_the_second_reader_s_words_are_masked_too() -> None:
    doubtful = [replace(one, other=NUMBER) if one.text == NUMBER else one for one in FRONT]
    assert leaks(interpret(read(*doubtful), identity_key=KEY)) == []


@pytest.mark.parametrize(
    "lines",
    [
        [line(f"我的身份证是{NUMBER}，麻烦了", 200, 700)],
        [line("身份证", 200, 640), line("330199 19841107 8989", 200, 700)],
    ],
)
def test_a_number_in_a_conversation_is_masked(lines: list[Line]) -> None:
    talk = [line("14:16", 60, 20), right("5G", 1020, 20), middle("在线客服", 110), middle("昨天 12:33", 240, height=30)]
    outcome = read(*talk, line("您好，请问有什么可以帮您", 180, 330), *lines, line("按住说话", 300, 2240))
    kept, page = interpret(outcome, identity_key=KEY)
    assert page.kind is PageKind.CHAT
    assert NUMBER not in "".join(repr((kept, page)).split())
    assert "3****************9" in "".join("".join(one.text for one in page.messages).split())
    assert page == page_of(kept, None)


def test_a_number_wrapped_over_two_lines_is_masked() -> None:
    talk = [line("14:16", 60, 20), right("5G", 1020, 20), middle("在线客服", 110), middle("昨天 12:33", 240, height=30)]
    said = [
        line("您好，请问有什么可以帮您", 180, 330),
        line("证件号33019919841", 200, 700),
        line("1078989请查", 200, 750),
    ]
    kept, _ = interpret(read(*talk, *said, line("按住说话", 300, 2240)), identity_key=KEY)
    assert [one.text for one in kept.lines][5:7] == ["证件号***********", "*******请查"]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (NUMBER.replace("1", "l", 1), None),
        (NUMBER.replace("0", "O"), None),
        (f"我的身份证号是{NUMBER[:-1]}1", None),
        (f"身份证：{NUMBER[:-1]}1", f"身份证：{NUMBER}"),
        (f"{NUMBER[:-1]}1", NUMBER),
        (NUMBER, f"{NUMBER[:-1]}1"),
    ],
)
def test_a_misread_number_in_a_conversation_is_masked(text: str, other: str | None) -> None:
    said = replace(line(text, 80, 900), other=other)
    kept, page = interpret(read(said, middle("12:30", 700)), identity_key=KEY)
    assert not any(NUMBER[4:12] in words or NUMBER[8:16] in words for words in (str(kept), str(page)))


def test_a_card_of_which_one_key_and_a_misread_number_are_read_is_masked() -> None:
    lines = [line(f"姓名 {NAME}", 80, 300), line(f"公民身份号码 {NUMBER[:-1]}1", 80, 650)]
    kept, page = interpret(read(*lines), identity_key=KEY)
    assert page.kind is PageKind.IDENTITY
    assert leaks(kept, page) == []


def test_an_order_number_that_happens_to_hold_stays() -> None:
    page = read(middle("订单详情", 110), *rows(("订单编号", NUMBER), ("实付款", "¥39.00")))
    kept, found = interpret(page, identity_key=KEY)
    assert found.fields[FieldName.ORDER_NUMBER].value == NUMBER
    assert kept is page


def test_a_page_without_identity_data_is_left_as_it_is() -> None:
    page = read(middle("订单详情", 110), *rows(("订单编号", "T20250411000123"), ("实付款", "¥39.00")))
    assert interpret(page, identity_key=KEY) == (page, extract(page))


# --- what it is held against ---------------------------------------------------------------------------------------


def check(*pages: Read, as_of: datetime | None = AS_OF, key: bytes = KEY, **account: Any) -> CheckResult:
    evidence = []
    for number, outcome in enumerate(pages):
        kept, page = interpret(outcome, identity_key=key)
        evidence.append(Evidence(sha256=str(number) * 64, outcome=kept, page=page))
    found = verify(replace(claim(), account=Account(id="a1", **account)), evidence, zone=ZONE, as_of=as_of)
    return next(one for one in found if one.code is CheckCode.IDENTITY)


BOTH = read(*FRONT, *BACK)


def test_the_registered_persons_card_passes() -> None:
    assert check(BOTH, identity_digest=digest(NUMBER)).result is Result.PASS
    assert check(read(*FRONT), read(*BACK), identity_digest=digest(NUMBER)).result is Result.PASS
    assert check(BOTH).read == "3****************9"


def test_a_valid_card_proves_nothing_without_a_registered_identity() -> None:
    found = check(BOTH)
    assert found.result is Result.UNKNOWN
    assert "no registered identity" in found.note


def valid(term: str) -> list[Line]:
    return [line(f"有效期限 {term}", 120, 1280) if "有效期限" in one.text else one for one in BACK]


@pytest.mark.parametrize(
    ("pages", "note"),
    [
        ([read(*with_number("330199198411078988"), *BACK)], "check digit"),
        ([read(*FRONT, *valid("2005.01.06-2025.01.06"))], "expired"),
        ([BOTH, read(*with_number("11019919900101007X"), *BACK)], "different cards"),
        ([BOTH, read(*valid("2016.02.06-2036.02.06"))], "different terms"),
    ],
)
def test_contradictions_fail(pages: list[Read], note: str) -> None:
    found = check(*pages)
    assert found.result is Result.FAIL
    assert note in found.note


def test_another_person_s_card_fails() -> None:
    found = check(BOTH, identity_digest=digest("11019919900101007X"))
    assert (found.result, found.record) == (Result.FAIL, "registered identity")


def test_a_digest_of_another_platform_never_matches() -> None:
    assert check(BOTH, key=b"another platform's key", identity_digest=digest(NUMBER)).result is Result.FAIL


@pytest.mark.parametrize(
    ("pages", "as_of"),
    [([], AS_OF), ([read(*FRONT)], AS_OF), ([read(*BACK)], AS_OF), ([BOTH], None)],
)
def test_what_is_missing_stays_unknown(pages: list[Read], as_of: datetime | None) -> None:
    assert check(*pages, as_of=as_of, identity_digest=digest(NUMBER)).result is Result.UNKNOWN


# --- however the page is read --------------------------------------------------------------------------------------

SLIPS = st.sampled_from(["公民身份号码", "公民身份号玛", "公尼身份号码", "号码", ""])
SPACES = st.sampled_from(["", " ", "-"])


@given(key=SLIPS, gap=SPACES, other=st.sampled_from(["", "证件", "ID", "："]), lost=st.integers(0, len(FRONT) - 1))
def test_no_misread_word_lets_the_number_out(key: str, gap: str, other: str, lost: int) -> None:
    printed = gap.join((NUMBER[:6], NUMBER[6:14], NUMBER[14:]))
    lines = [one for index, one in enumerate(FRONT) if index != lost and one.text not in (NUMBER, "公民身份号码")]
    outcome = read(*lines, line(key, 80, 650), line(other + printed, 400, 650))
    kept, page = interpret(outcome, identity_key=KEY)
    text = "".join(repr((kept, page)).split()).replace("-", "")
    assert NUMBER not in text
    assert NAME not in text
    assert page == page_of(kept, page.identity)


@given(st.lists(st.text(alphabet="姓名性别公民身份号码0123456789Xx -：住址订单", max_size=30), max_size=12))
def test_any_page_is_read_and_kept_alike(texts: list[str]) -> None:
    outcome = read(*(line(text, 60 + 7 * n, 100 + 60 * n) for n, text in enumerate(texts)))
    kept, page = interpret(outcome, identity_key=KEY)
    assert page_of(kept, page.identity) == page
    assert redact(kept, page) == kept


def test_a_card_among_more_lines_than_anybody_reads_is_masked() -> None:
    crowd = [line("条款", 80, 1400 + 10 * row) for row in range(MOST_LINES)]
    kept, page = interpret(read(*FRONT, *crowd), identity_key=KEY)
    assert page.kind is PageKind.IDENTITY
    assert page.identity is None
    assert leaks(kept, page) == []


def test_a_name_s_key_set_wide_apart_is_read_from_two_pieces() -> None:
    wide = [line("姓", 80, 300), line(f"名{NAME}", 200, 300), *FRONT[2:]]
    assert card(*wide).name_digest == digest(NAME)
