"""Finding the lexicon's labels in a piece of text: whole, before a colon, glued to a value, or with one slip."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Levenshtein

from service.evidence.amounts import FURTHER_MARKS
from service.evidence.label_forms import FORMS
from service.evidence.label_grammar import DEEDS, LONGEST_GRAMMATICAL, composed
from service.evidence.lexicon import (
    ALIASES,
    LONGEST_ALIAS,
    MEANINGFUL,
    NUMBER_ENDINGS,
    OF_THE_MERCHANT,
    OF_THE_PAYMENT,
    VALUE_KIND,
    Label,
    ValueKind,
    of_another_kind,
)
from service.evidence.normalise import is_cjk, match_form
from service.evidence.page_memory import once_a_page

# How sure a label is, by how it was matched; multiplies the score of the value it leads to.
EXACT, BY_ENDING, WITH_SLIP = 1.0, 0.9, 0.85
# Slips are only looked for in words long enough that one wrong character leaves no doubt.
_SHORTEST_FOR_SLIP, _SHORTEST_LATIN_FOR_SLIP = 3, 8
_RANK_OF_ENDINGS = 1000
_LONGEST_KEY = max(LONGEST_ALIAS, LONGEST_GRAMMATICAL)
_LONGEST_LOOSE_VALUE, _LONGEST_LOOSE_LATIN = 30, 40
_LONGEST_UNKNOWN, _LONGEST_LATIN_UNKNOWN = 8, 24
_LATIN_NUMBER = re.compile(r"[A-Za-z]\s+(?:no|number|id|ref|reference)[.:]*$", re.IGNORECASE)

# Between key and value: colons, dotted leaders, closing brackets, arrows; a lone minus before a digit is the value's.
_FILL = r"(?:[\s:;.·•…|#№=_~】\]〕」』》>▸▶►→]|-{2,}|-(?![\d¥$]))*"
_SEPARATORS = re.compile(
    rf"{_FILL}(?:\((?!\*{{0,4}}\d{{4}}\))[^()]*\))?{_FILL}(?:[为是](?=\s?[\dA-Z¥]){_FILL}|(?:复制|複製|Copy\b|COPY\b){_FILL})?"
)
_ORNAMENTS = " ·•*-|.,:<>【[〔「『《●○▪■◆◇★☆▸▶►→#_~√✓©®^"
_VALUE_START = {
    ValueKind.IDENTIFIER: re.compile(r"[A-Za-z0-9#]"),
    ValueKind.AMOUNT: re.compile(
        r"[¥$€£Y半羊+\-\d]|[Vv](?=\s?\d[\d,]*\.\d{2}(?!\d))|RMB|CNY|USD|EUR|GBP|JPY|HKD|(?:US|HK|CN|JP)[$¥]|人民币|"
        rf"{FURTHER_MARKS}"
    ),
    ValueKind.TIME: re.compile(
        r"\d|昨|今|前|民[國国]|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|today|yester)",
        re.IGNORECASE,
    ),
}
_KEY_WITH_COLON = re.compile(r"(?:^|[\s;,|/。])(?P<key>[一-鿿][一-鿿A-Za-z/]{1,9}|[A-Za-z][A-Za-z. ]{3,22})\s?:")
# Payment: RMB 9.02 names a sum, Payment: Visa a method.
_PAYING = frozenset({"payment", "付款", "支付", "paid"})
_SUM = re.compile(
    rf"(?:[¥$€£]|RMB|CNY|USD|US\$|HK\$|人民币|(?-i:{FURTHER_MARKS}))\s?\d|\d+\.\d{{2}}(?!\d)", re.IGNORECASE
)
_A_TIME = re.compile(
    r"[\s:;·.|>-]{0,6}(?:20\d{2}[-/.,年]|[01]?\d[-/月][0-3]?\d|\d{1,2}\s?[A-Z][a-z]{2}|[A-Z][a-z]{2,8}\s?\d{1,2},)"
)
# What a key's last letter may be glued to and still be its value: You paidUSD 5.65, Order dateOct 28, 2026.
_GLUED = re.compile(
    r"(?:RMB|CNY|USD|EUR|GBP|HKD|JPY|US\$|HK\$)\s?\d|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? ?\d"
)
_PRICE = re.compile(r"\d\.\d{2}元$")  # 已优惠 1.00元实付款29.00元
_CLAUSE_ENDS = re.compile(r"\d元?[,，;；]\s?$")
_COUNT_OF_GOODS = re.compile(r"^共\s*\d+\s*件(?:商品)?,?")
# What a Latin sum's key may follow on its line: 2 item(s) saved $1.00 Paid $199.00.
_BEFORE_A_SUM = re.compile(
    r"(?:(?:^|\s)\d+\s?(?:items?|item\(s\)|pcs|goods|products?)|[¥$€£]\s?\d[\d,]*(?:\.\d{1,2})?)[\s,;·|]+$",
    re.IGNORECASE,
)


# One slip leaves the first or the last character as it is.
_STARTING: dict[str, list[str]] = defaultdict(list)
_ENDING: dict[str, list[str]] = defaultdict(list)
_KNOWN = {**FORMS, **ALIASES}
for _alias in _KNOWN:
    _STARTING[_alias[0]].append(_alias)
    _ENDING[_alias[-1]].append(_alias)


@dataclass(frozen=True, slots=True)
class Hit:
    """A label in a text: the key is ``text[start:end]``, its value may follow from ``value``.

    ``whole``: nothing but the key (and a colon) is there. ``rank``: place of the alias in its label's list. ``limit``:
    where the text ends, arrows aside.
    """

    label: Label
    start: int
    end: int
    value: int
    whole: bool
    colon: bool
    sureness: float
    rank: int
    limit: int


# Says where the goods went, and is nobody's name: Sent to the e-mail address on your account.
_WHERE_IT_WENT = re.compile(r"(?:sent|delivered|e-?mailed) to (?:the|your)\b", re.IGNORECASE)


@once_a_page
def hits_in(text: str) -> Sequence[Hit]:
    """Labels of ``text`` (clean) from left to right, none inside another."""
    form, index = match_form(text)
    if not form or _WHERE_IT_WENT.match(text):
        return []
    hits: list[Hit] = []
    position = 0
    while position < len(form):
        starts = _starts_word(text, form, index, position)
        hit = _hit_at(text, form, index, position, follows=bool(hits)) if starts else None
        if hit:
            hits.append(hit)
            past = hit.value if ")" in text[hit.end : hit.value] else hit.end  # a remark in brackets is the key's
            position = next((i for i, at in enumerate(index) if at >= past), len(form))
        else:
            position += 1
    hits = [] if _ends_a_phrase(text, hits) else _without_values(text, hits)
    return sorted([*hits, *_between(text, hits)], key=lambda hit: hit.start) if hits else list(_less_sure(text))


def _ends_a_phrase(text: str, hits: Sequence[Hit]) -> bool:
    """A key's word at the end of other words, with no value: 京选E卡 100面值, 电影通兑券 电子券码."""
    if len(hits) != 1 or hits[0].colon or hits[0].value < len(text):
        return False
    if hits[0].label is Label.PAID and _CLAUSE_ENDS.search(text, 0, hits[0].start):
        return False  # 共减1.00元，实付款 before a sum in a box of its own
    return sum(character.isalpha() for character in text[: hits[0].start]) >= 2


def _between(text: str, hits: Sequence[Hit]) -> Iterator[Hit]:
    """Keys with a colon that only their ending tells, or nothing at all, beside surer ones: values end before them."""
    for match in _KEY_WITH_COLON.finditer(text):
        start, end = match.span("key")
        if any(start < hit.value and hit.start < end for hit in hits):
            continue
        label = _by_ending(match_form(match["key"])[0]) or _unknown_kind(match_form(match["key"])[0], match["key"])
        hit = _bounded(text, start, end, label or Label.OTHER_TEXT, BY_ENDING, _RANK_OF_ENDINGS)
        if hit:
            yield hit


def glued_hit(text: str) -> Hit | None:
    """A key of free text at the start of ``text`` whose value follows without a colon: 收款方 某某公司.

    Only where the page shows that lines here begin with keys: any sentence may begin with such a word.
    """
    form, index = match_form(text)
    for length in range(min(_LONGEST_KEY, len(form) - 1), 1, -1):
        found = ALIASES.get(form[:length]) or composed(form[:length])
        if found is None:
            continue
        label, rank = found
        label = Label.PRODUCT if label is Label.PRODUCT_SECTION else label
        end = index[length - 1] + 1
        separators = _SEPARATORS.match(text, end)
        value = separators.end() if separators else end
        if VALUE_KIND[label] is not ValueKind.TEXT or value >= len(text):
            return None
        if value == end and not is_cjk(text[end - 1]):
            return None
        return Hit(label, 0, end, value, False, False, BY_ENDING if value == end else EXACT, rank, len(text))
    return None


# Keys whose values are words that are keys elsewhere: 付款方式 余额.
_TAKES_WORDS = (Label.PAYMENT_METHOD, Label.STATUS)


def _without_values(text: str, hits: list[Hit]) -> list[Hit]:
    """A word that fills the place of a text key's value (支付方式: 余额) is that value, not a key."""
    kept: list[Hit] = []
    for hit in hits:
        before = kept[-1] if kept else None
        fills = before is not None and before.value == hit.start and not hit.colon
        fills = fills and before is not None and (before.colon or before.label in _TAKES_WORDS)
        if before and VALUE_KIND[before.label] is ValueKind.TEXT and _ends_its_value(text, hit):
            continue
        added = _ADDS.search(text, before.value if before else 0, hit.start) or _IS_ADDED_TO.match(text, hit.end)
        if before and before.label in _TAKES_WORDS and added:
            continue  # 账户余额 + 优惠券, 500 points + $4.99
        ends = hit.end == hit.limit or (before is not None and before.label in _TAKES_WORDS and text[hit.end] in "+-/(")
        if before and fills and VALUE_KIND[before.label] is ValueKind.TEXT and hit.value >= hit.end and ends:
            continue
        kept.append(hit)
    return kept


def _ends_its_value(text: str, hit: Hit) -> bool:
    """A key's word set right onto what stands before it, with nothing behind: 商品名称:标准版CDKey激活码."""
    return not hit.colon and hit.value >= hit.limit and text[hit.start - 1].isalnum()


_ADDS, _IS_ADDED_TO = re.compile(r"[+＋]\s*$"), re.compile(r"\s*[+＋]")
_OPENING, _CLOSED = "([【「〔《", re.compile(r"[)\]】」〕》]")
_OF_WORTH = re.compile(r"面[额值]|点数")


def _starts_word(text: str, form: str, index: Sequence[int], position: int) -> bool:
    if position == 0:
        return True
    at = index[position]
    before = text[at - 1]
    if before in _OPENING and text[: at - 1].strip() and not _CLOSED.search(text, at):
        return False  # 月卡【直充手机, whose bracket closes in the next line
    if before.isdigit() and _OF_WORTH.match(form, position):
        return False  # 礼品卡1298面额
    if is_cjk(form[position]):
        counted = _COUNT_OF_GOODS.fullmatch(text[:at]) is not None and not form.startswith("商品", position)
        return not is_cjk(before) or counted or _PRICE.search(text, 0, at) is not None
    return not before.isalnum()


def _hit_at(text: str, form: str, index: Sequence[int], position: int, *, follows: bool) -> Hit | None:
    for length in range(min(_LONGEST_KEY, len(form) - position), 0, -1):
        words = form[position : position + length]
        found = ALIASES.get(words) or composed(words)
        deed = DEEDS.get(words)
        if deed and _A_TIME.match(text, index[position + length - 1] + 1):
            found = (deed, _RANK_OF_ENDINGS)
        if found is None:
            continue
        label, rank = found
        start, end = index[position], index[position + length - 1] + 1
        hit = _bounded(text, start, end, label, EXACT, rank, follows=follows)
        if hit and label is Label.PAYMENT_METHOD and words in _PAYING and _SUM.match(text, hit.value):
            hit = replace(hit, label=Label.PAYMENT_AMOUNT)
        if hit:
            return replace(hit, label=_as_remarked(hit.label, text[hit.end : hit.value]))
    return None


def _as_remarked(label: Label, remark: str) -> Label:
    """应付总额(已付) was paid, 实付款(待支付) is still due."""
    if label in (Label.DUE, Label.TOTAL, Label.ORDER_TOTAL, Label.PAYMENT_AMOUNT) and _IS_PAID.search(remark):
        return Label.PAID
    return Label.DUE if label in (Label.PAID, Label.PAYMENT_AMOUNT) and _IS_NOT_PAID.search(remark) else label


_IS_PAID = re.compile(
    r"\((?:您|买家)?(?:已(?:成功)?(?:支付|付款?|扣款?|结清|结算|缴)|实付|支付成功|付款成功|paid)[^()]{0,4}\)",
    re.IGNORECASE,
)
_IS_NOT_PAID = re.compile(r"\((?:待|未|尚未|需)(?:支付|付款?)[^()]{0,4}\)|\((?:unpaid|due|not paid)\)", re.IGNORECASE)


def _bounded(
    text: str, start: int, end: int, label: Label, sureness: float, rank: int, *, follows: bool = False
) -> Hit | None:
    """The hit, if what follows the key lets it be a key; after another key of the line (``follows``) less is asked."""
    limit = len(text.rstrip(" >|,;"))
    separators = _SEPARATORS.match(text, end)
    value = separators.end() if separators else end
    between = text[end:value]
    colon = ":" in between or "#" in between or text[end - 1] in ":#"
    whole = value >= len(text) and not text[:start].strip(_ORNAMENTS)
    named = VALUE_KIND[label] in _VALUE_START and follows and text[end : end + 1] in {" ", "="}
    phrase = not is_cjk(text[start]) and text[:start].strip(_ORNAMENTS) and not _is_a_sums(text, start, label)
    if not colon and not whole and not named and phrase:
        return None  # Latin words inside a phrase name things (… Gift Card); a key there shows by its colon
    if value >= len(text) or colon:
        return Hit(label, start, end, value, whole, colon, sureness, rank, limit)
    kind = VALUE_KIND[label]
    starts = _VALUE_START.get(kind)
    if starts is None:
        # Free text after a blank only, and only after a key no sentence starts with: 支付方式 微信支付.
        shortest = 3 if follows and text[start - 1] in " ,;|" else 4
        long = end - start >= shortest if is_cjk(text[start]) else start == 0 and " " in text[start:end]
        longest = _LONGEST_LOOSE_VALUE if any(map(is_cjk, text[value:])) else _LONGEST_LOOSE_LATIN
        loose = bool(between) and long and len(text) - value <= longest
        loose = loose and not (label is Label.RECHARGED_ACCOUNT and _OF_A_WAY_TO_PAY.match(text, value))
        return Hit(label, start, end, value, whole, colon, sureness, rank, limit) if loose else None
    latin_glued = not between and not is_cjk(text[end - 1]) and text[end].isalpha() and not _GLUED.match(text, end)
    if latin_glued or not starts.match(text, value):
        return None
    return Hit(label, start, end, value, whole, colon, sureness, rank, limit)


_OF_A_WAY_TO_PAY = re.compile(r"(?:balance|wallet|credits?)\b", re.IGNORECASE)  # Xbox account balance


def _is_a_sums(text: str, start: int, label: Label) -> bool:
    return VALUE_KIND[label] is ValueKind.AMOUNT and _BEFORE_A_SUM.search(text, 0, start) is not None


def _less_sure(text: str) -> Iterator[Hit]:
    """A number key with a prefix of its own, or a key with one slip; the key must start the text."""
    head = re.match(rf"(?P<ornaments>[{re.escape(_ORNAMENTS)}]*)(?P<key>[^\d:¥$】〕」』》…]*)", text)
    start, key = (head.start("key"), head["key"].rstrip(" (.-·•_")) if head else (0, "")
    form = match_form(key)[0].strip("·•*-|.,#")
    if not form:
        return
    label = _by_ending(form)
    sureness, rank = BY_ENDING, _RANK_OF_ENDINGS
    if label is None:
        nearest = _with_slip(form)
        if nearest:
            label, rank = nearest
            sureness = WITH_SLIP
        else:
            label = _unknown_kind(form, key)
    if label is None:
        return
    hit = _bounded(text, start, start + len(key), label, sureness, rank)
    if hit:
        yield hit


def _by_ending(form: str) -> Label | None:
    ending = next((one for one in NUMBER_ENDINGS if form.endswith(one) and len(form) > len(one)), None)
    if ending is None or len(form) - len(ending) > 8:
        return None
    prefix = form[: -len(ending)]
    if of_another_kind(prefix):
        return Label.OTHER_NUMBER
    if any(word in prefix for word in OF_THE_MERCHANT):
        return Label.MERCHANT_NUMBER
    if any(word in prefix for word in OF_THE_PAYMENT) or ending in ("流水号", "交易号"):
        return Label.TRADE_NUMBER
    return Label.ORDER_NUMBER if ending != "单编号" else None


def _unknown_kind(form: str, key: str) -> Label | None:
    """A key of no known meaning still says that its value is a time, an amount or a number of something else."""
    if len(form) <= _LONGEST_UNKNOWN and form.endswith(("时间", "日期")):
        return Label.OTHER_TIME
    if len(form) <= _LONGEST_UNKNOWN and form.endswith("金额"):
        return Label.OTHER_AMOUNT
    return Label.OTHER_NUMBER if len(key) <= _LONGEST_LATIN_UNKNOWN and _LATIN_NUMBER.search(key) else None


def _with_slip(form: str) -> tuple[Label, int] | None:
    """The one label an alias of which differs by a single misread or lost character."""
    han = is_cjk(form[0])
    if form[-1] in "!?":
        return None  # the end of what is said to the reader: Thank you for your / purchase!
    if len(form) < (_SHORTEST_FOR_SLIP if han else _SHORTEST_LATIN_FOR_SLIP):
        return None
    found: dict[Label, int] = {}
    for alias in {*_STARTING.get(form[0], ()), *_ENDING.get(form[-1], ())}:
        if abs(len(alias) - len(form)) > 1 or is_cjk(alias[0]) != han or alias[-1] in ":#":
            continue
        label, rank = _KNOWN[alias]
        if Levenshtein.distance(alias, form, score_cutoff=1) == 1 and _is_slip(alias, form):
            found[label] = min(rank, found.get(label, rank))
    return next(iter(found.items())) if len(found) == 1 else None


def _is_slip(alias: str, form: str) -> bool:
    """Whether the one edit between them is a reader's slip rather than another word."""
    if len(form) < len(alias):
        return len(alias) >= 4 and not alias.startswith(form)  # without its last character it is another word
    wrong = next((b for a, b in zip(alias, form, strict=False) if a != b), form[-1])
    if is_cjk(alias[-1]) and form[-1].isascii() and form[-1].isalpha():
        return False  # the letter a number begins with
    return not is_cjk(wrong) if len(form) > len(alias) else wrong not in MEANINGFUL
