"""Text forms: what a reader prints, what the lexicon compares, and identifiers with look-alikes folded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

from service.domain.identifiers import fold_identifier
from service.evidence.page_memory import once_a_page
from service.evidence.scripts import SIMPLIFIED

# Characters the recogniser confuses in interface words. Only used for comparing with the lexicon, never on values.
_CONFUSED = {"末": "未", "己": "已", "巳": "已", "帐": "账", "単": "单", "甲": "单", "汀": "订", "収": "收"}
_FOLD = str.maketrans({**SIMPLIFIED, **_CONFUSED})

# Characters that have a meaning of their own elsewhere are mended only beside what makes the word.
_SLIPS = {
    **{
        slip + "付": right + "付"
        for right, slips in {"支": "文攴丈", "实": "买宝头突", "应": "庙"}.items()
        for slip in slips
    },
    **{slip + "易": "交易" for slip in "文父爻"},
    **{"支" + slip: "支付" for slip in "村什附伏"},
    **{"实" + slip: "实付" for slip in "村什附伏"},
    **{slip + "际": "实际" for slip in "买宝头"},
    **{slip + "款": "付款" for slip in "村什"},
    **{slip + "号": "单号" for slip in "草"},
    **{"时" + slip: "时间" for slip in "问闻简"},
    **{first + slip: first + "单" for first in "订下" for slip in "草早卓"},
    **{slip + "单号": "订单号" for slip in "汗计讧盯"},
    **{"单" + slip: "单号" for slip in "亏弓另"},
    **{"水" + slip: "水号" for slip in "亏弓另"},
    **{"编" + slip: "编号" for slip in "亏弓另"},
    **{"金" + slip: "金额" for slip in "颌颔题"},
    **{"付" + slip: "付款" for slip in "欺歉教"},
}
_SLIP = re.compile("|".join(_SLIPS))

# Classes the recogniser mixes up in mixed ids (DESIGN: 0/O, 1/l/I); the rest are the shapes nearest to a digit.
_COPY_BUTTON = re.compile(
    r"(?:[|\s]*(?:点击)?(?:复制|複製|拷贝|查看|详情|copy)(?:单号|订单号|编号)?)+[\s>|]*$", re.IGNORECASE
)
# Words of goods' names that say where to look, no button: 官方卡密 请在订单详情查看.
_SENT_TO_LOOK = re.compile(r"请(?:在|到|去|前往|至|于)[一-鿿]{2,8}(?:查看|复制|详情)$")
_EDGE_NOISE = re.compile(r"^[\s:：;；,，.#|·•>\-]+|[\s:：;；,，.|·•>_□口回⧉❐]+$")
# A shop's prefix may end in a point: GPA.3312-….
_IDENTIFIER = re.compile(r"(?:(?!No|Nr|ID|Ref|Num)[A-Z]{2,5}\.(?=\d{4}))?[A-Za-z0-9][A-Za-z0-9\-_/*]*")
# What the reader takes for a digit of its shape.
DIGIT_LIKE = str.maketrans("OoQlI|", "000111")

SHORTEST_IDENTIFIER = 4
_TURNS_OF_A_RANDOM_CODE = 3
LONGEST_IDENTIFIER = 64


def single_blanks(text: str) -> str:
    """As printed, but with single blanks and none at the ends."""
    return " ".join(text.split())


@once_a_page
def clean(text: str) -> str:
    """``single_blanks`` with full-width digits, colons and brackets as ASCII; character by character, same length."""
    blank = single_blanks(text)
    return blank if blank.isascii() else "".join(map(_plain, blank))


@cache
def _plain(character: str) -> str:
    form = unicodedata.normalize("NFKC", character)
    return _DASHES.get(character, form if len(form) == 1 else character)


_DASHES = dict.fromkeys("−–—‐‑", "-") | {"￥": "¥"} | dict.fromkeys("›❯〉⟩❭▸▶►→", ">") | dict.fromkeys("‹❮〈⟨❬", "<")


def is_cjk(character: str) -> bool:
    return "一" <= character <= "鿿"


@once_a_page
def match_form(text: str) -> tuple[str, Sequence[int]]:
    """The form the lexicon compares, and for each of its characters the index in ``text``.

    ``text`` must be ``clean``. Blanks are dropped, case and script variants folded, known slips mended.
    """
    kept = [(index, character) for index, character in enumerate(text) if not character.isspace()]
    form = "".join(_lower(character) for _, character in kept).translate(_FOLD)
    return _mend_words(form), [index for index, _ in kept]


def _lower(character: str) -> str:
    """One character for one, so that places in the form are places in the text: İ would become two."""
    lowered = character.lower()
    return lowered if len(lowered) == 1 else character


@once_a_page
def compact(text: str) -> str:
    """``match_form`` of any text, without the index."""
    return _mend_words("".join(clean(text).split()).lower().translate(_FOLD))


def _mend_words(form: str) -> str:
    return form if form.isascii() else _SLIP.sub(lambda match: _SLIPS[match[0]], form)


def words_only(text: str) -> str:
    """Letters and digits of the match form: for comparing names whatever their punctuation."""
    return "".join(character for character in compact(text) if character.isalnum())


_SHORTEST_WORD = 3


@once_a_page
def identifier(text: str) -> str | None:
    """The identifier that is the whole of ``text`` (copy buttons and edge noise aside), or None.

    Blanks inside are dropped when they only group digits. Digits misread as letters are mended where the rest
    of the identifier leaves no doubt; elsewhere it stays as read.
    """
    bare = strip_noise(clean(text))
    if " " in bare:
        parts = bare.split(" ")
        if not all(_IDENTIFIER.fullmatch(part) for part in parts) or not any(part.isdigit() for part in parts):
            return None
        if any(part.isalpha() and not part.isupper() and len(part) >= _SHORTEST_WORD for part in parts):
            return None  # Aurora Music 12 months
        bare = "".join(parts)
    if not _IDENTIFIER.fullmatch(bare) or not SHORTEST_IDENTIFIER <= len(bare) <= LONGEST_IDENTIFIER:
        return None
    if not any(character.isdigit() for character in bare):
        return None
    return mend_identifier(bare)


def identifier_part(text: str) -> str | None:
    """Like ``identifier`` but of any length from one: the second line of a wrapped one."""
    bare = strip_noise(clean(text)).replace(" ", "")
    return bare if _IDENTIFIER.fullmatch(bare) and len(bare) <= LONGEST_IDENTIFIER else None


@once_a_page
def strip_noise(text: str) -> str:
    """As printed, without a copy button at its end and without separators and icons at its edges."""
    return _EDGE_NOISE.sub("", without_copy_button(single_blanks(text)))


def without_copy_button(text: str) -> str:
    """Without the button at its end that copies it; nothing is left of a button alone."""
    return text if _SENT_TO_LOOK.search(text) else _COPY_BUTTON.sub("", text)


def squeeze(text: str) -> str:
    """Clean, without blanks: for finding one reading in another."""
    return "".join(clean(text).split())


def mend_identifier(text: str) -> str:
    """Put digits where letters cannot be: inside numbers, in hexadecimal, and in the other case's company."""
    text = _one_case(text)
    suspects = set("OoQlI|")
    letters = {character for character in text if character.isalpha()} - suspects
    digits = sum(character.isdigit() for character in text)
    if not letters:
        # A leading letter may be a prefix ("O2025…"), so it stays unless almost nothing else is there.
        doubtful = len(text) - digits - text.count("-")
        if digits >= 4 * doubtful:
            return text[0] + text[1:].translate(DIGIT_LIKE)
        return text
    if letters <= set("abcdef") and len(text) >= 6:
        return text.translate(DIGIT_LIKE)
    if all(character.islower() for character in letters):
        return text.replace("O", "0")
    if all(character.isupper() for character in letters):
        return text.replace("l", "1").replace("o", "0")
    return text


def _one_case(text: str) -> str:
    """A lone small letter of the capitals' shape among capitals is a capital."""
    small = [character for character in text if character.islower()]
    capitals = sum(character.isupper() for character in text)
    return text.upper() if small and len(small) * 3 <= capitals and set(small) <= _SHAPED_ALIKE else text


_SHAPED_ALIKE = frozenset("ckpsuvwxyz")


def plain_identifier(text: str) -> str:
    """Identifier without blanks and case: equality of these is equality as printed."""
    return "".join(clean(text).split()).lower()


def doubtful_letters(text: str) -> bool:
    """Whether O, Q, I or l stands where a digit could, or 0 or 1 where a letter could: in a code without pattern."""
    letters = re.sub(r"[^A-Za-z]", "", text)
    if not letters:
        return False
    if text.isalpha():
        return bool(set(text) & set("OIQl"))
    rest = re.sub(r"^[A-Za-z]{1,6}(?=[\d-])", "", text)  # letters that lead are a prefix as a rule
    turns = len(re.findall(r"(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])", text))
    if any(character in "OQIl" for character in rest) and not set(letters.lower()) <= set("abcdef"):
        return True
    if turns >= _TURNS_OF_A_RANDOM_CODE:
        return bool(re.search(r"[OQIl]|(?<=[G-Zg-z])[01](?=[G-Zg-z])", text))
    return bool(re.match(r"[A-Za-z]{0,5}[OQIl](?=\d)", text)) and not re.match(r"(?:NO|PO|SO|WO|MO|ORD|DD)", text)


def same_up_to_look_alikes(first: str, second: str) -> bool:
    return fold_identifier(first) == fold_identifier(second)
