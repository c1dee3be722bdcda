"""The state of an order or payment: labelled, a headline, beside a bill's amount, or the step it has come to."""

from __future__ import annotations

import re
from itertools import pairwise

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.doubt import doubted
from service.evidence.labelled_text import is_title, labelled_text, unlabelled_text
from service.evidence.lexicon import Label
from service.evidence.mark_mail import folders, without_folder
from service.evidence.mark_words import below_bar
from service.evidence.money_fields import BigAmount
from service.evidence.normalise import compact
from service.evidence.progress import current_step, is_tabs, progresses
from service.evidence.segments import Segment, same_row, union
from service.evidence.sheet import Sheet
from service.evidence.title_words import is_shop, names_a_page
from service.evidence.vocabulary import is_button, names_goods, status_text

_ALSO_BUTTONS = frozenset({"完成", "关闭", "取消", "done"})
# A headline so much larger than the page's lines is meant as one.
_HEADLINE = 1.25
_FEWEST_CROWDED = 3
_LONGEST = 30
# A notice's heading reads like a key and its value: 订单状态 更新提醒.
_NOTICE = re.compile(r"(?:提醒|通知|变更|更新)$")
# A headline in words unknown here: so many keys stand under it, within so many line heights of the page's top.
_KEYS_UNDER, _FROM_TOP, _LONGEST_HEADLINE = 3, 12.0, 12
_NO_HEADLINE = re.compile(
    r"感谢|谢谢|您的?|收据|发票|凭证|账单|订单$|确认[函单信]?$|欢迎|恭喜|尊敬|提示|说明|详情|信息|中心|[¥￥$\d]|"
    r"thank|welcome|hello|^hi\b|your|receipt|details?$|summary|invoice|confirmation$|order #",
    re.IGNORECASE,
)


def find_status(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> Field | None:
    if kind is PageKind.PAYMENT and big and (headline := _beside_amount(sheet, big)):
        return headline
    labelled = labelled_text(sheet, FieldName.STATUS, Label.STATUS, accept=_is_state)
    if kind in (PageKind.PROMPT, PageKind.UNKNOWN):
        # What a dialog says is its prompt, not an order's state, though its heading may read like a key.
        return None if labelled and labelled.rule.endswith("below") else labelled
    alone = _stated(sheet, kind)
    if labelled is None:
        return alone
    if alone is None or not _disagree(labelled, alone):
        return labelled
    large = alone.box.height >= _HEADLINE * sheet.unit
    if status_text(str(labelled.value)) is None:
        # Words beside a key that are no state anybody knows, and a state in plain words elsewhere.
        if large and status_text(str(alone.value)):
            return doubted(alone, f"a key says {labelled.value}")
        return doubted(labelled, f"the page says {alone.value}")
    return doubted(labelled, f"the headline says {alone.value}") if large else labelled


def _disagree(one: Field, other: Field) -> bool:
    first, second = compact(str(one.value)), compact(str(other.value))
    return first not in second and second not in first


def _is_state(text: str) -> bool:
    """Any short text may be a state where a key says so, but not the button at the end of a title bar."""
    form = compact(text)
    return (
        2 <= len(text) <= _LONGEST
        and not is_button(text)
        and form not in {"完成", "done"}
        and not _NOTICE.search(form)
        and not names_a_page(text)
    )


def _beside_amount(sheet: Sheet, big: BigAmount) -> Field | None:
    """A state in the line right below or above a bill's big amount belongs to the payment itself."""
    box = union(piece.box for piece in big.pieces)
    paid = [key.piece for key in sheet.keys_of(Label.PAID, Label.REFUNDED) if key.hit.whole and not sheet.right_of(key)]
    near = [
        (abs(one.center_y - (box.y0 + box.y1) / 2), one)
        for one in [*sheet.standing, *paid]
        if one not in big.pieces
        and status_text(one.text)
        and -1.8 * box.height <= one.center_y - (box.y0 + box.y1) / 2 <= 1.8 * box.height
        and abs(one.center_x - (box.x0 + box.x1) / 2) <= 0.2 * sheet.bounds.width
    ]
    if not near:
        return None
    below_first = sorted(near, key=lambda pair: (pair[1].center_y < box.y1, pair[0]))
    one = below_first[0][1]
    return unlabelled_text(FieldName.STATUS, one, status_text(one.text) or one.text, "state beside the amount")


def _of_your_order(sheet: Sheet, kind: PageKind) -> Field | None:
    """The one state that sentences of a letter say the reader's order is in: 感谢您的购买!您的订单已完成,详情如下."""
    if kind not in (PageKind.ORDER, PageKind.DELIVERY):
        return None
    clauses = [(one, clause) for one in sheet.free for clause in re.split(r"[!！。,，;；]\s*", one.text)[:-1]]
    told = [
        (one, state)
        for one, clause in clauses
        if (match := _YOUR_ORDER.match(clause)) and (state := status_text(clause[match.end() :]))
    ]
    told += [
        (lower, match["state"])
        for upper, lower in pairwise(sheet.segments)
        if (match := _STATUS_OF.search(f"{upper.text} {lower.text}")) and status_text(match["state"])
    ]
    if len({state for _, state in told}) != 1:
        return None
    return doubted(unlabelled_text(FieldName.STATUS, *told[0], "state in a sentence"), "told in a sentence", 0.85)


# Broken over two lines; in one it is a key.
_STATUS_OF = re.compile(r"status of (?:your|the) (?:order|purchase)\s?:\s?(?P<state>[a-z ]{4,24})$", re.IGNORECASE)
_YOUR_ORDER = re.compile(
    r"(?:您|你)的(?:订单|充值|商品)(?:目前|现在|当前)?|your (?:order|purchase) (?:is|has been|was) ", re.IGNORECASE
)


def _stated(sheet: Sheet, kind: PageKind) -> Field | None:
    """A state standing by itself: the topmost, tabs and progress steps aside; else the step that was reached."""
    if kind is PageKind.LIST:
        return None
    groups = progresses(sheet)
    aside = {id(one) for one in [*(one for group in groups for one in group), *folders(sheet)]}
    crowded = {id(one) for row in sheet.rows if _is_crowded(row) for one in row}
    # Your code is ready says less of the order than a state in a word.
    for one in sorted(sheet.standing, key=lambda one: _YOURS.match(one.text) is not None):
        if id(one) in aside or id(one) in crowded:
            continue
        text = status_text(without_folder(one.text)) or _headline_state(sheet, one)
        if text and (sheet.owner(one) is None or _beside_section(sheet, one)):
            return unlabelled_text(FieldName.STATUS, one, text, "state by itself")
    if told := _of_your_order(sheet, kind):
        return told
    reached = next((step for group in groups if (step := current_step(sheet, group))), None)
    if reached is None:
        headline = _headline(sheet) if kind in (PageKind.ORDER, PageKind.DELIVERY) else None
        return doubted(headline, "a headline in words not known to state anything", 0.8) if headline else None
    state = unlabelled_text(FieldName.STATUS, reached, status_text(reached.text) or reached.text, "step reached")
    return doubted(state, "told from steps alone", 0.85)


_YOURS = re.compile(r"your (?:codes?|keys?|cards?|items?) (?:is|are) ", re.IGNORECASE)


def _headline(sheet: Sheet) -> Field | None:
    """What an order's page says in large print right under its title, alone in its row, in however many words."""
    top = sheet.bounds.y0 + _FROM_TOP * sheet.unit
    title = {id(one) for row in below_bar(sheet)[:1] for one in row}
    found = [
        one
        for one in sheet.free
        if one.box.height >= _HEADLINE * sheet.unit
        and one.center_y <= top
        and sheet.owner(one) is None
        and 2 <= len(compact(one.text)) <= (2 * _LONGEST_HEADLINE if one.text.isascii() else _LONGEST_HEADLINE)
        and not _NO_HEADLINE.search(one.text)
        and id(one) not in title
        and not is_title(one.text)
        and not is_button(one.text)
        and not names_goods(one.text)
        and not is_shop(one.text)
        and not (one.text.isascii() and not _LATIN_STATE.search(one.text))
        and not _is_repeated(sheet, one)
        and not any(other is not one and same_row(one.box, other.box) for other in sheet.segments)
        and sum(key.box.y0 > one.box.y1 for key in sheet.keys) >= _KEYS_UNDER
    ]
    if len(found) != 1:
        return None
    return unlabelled_text(FieldName.STATUS, found[0], found[0].text.strip(" >›.。!！✓√"), "headline")


# What a headline in Latin letters must end in to state anything; else it may be anybody's name.
_LATIN_STATE = re.compile(r"(?:ed|ing|ful|ready|complete|done|sent|paid|way|open|void)\b", re.IGNORECASE)


def _is_repeated(sheet: Sheet, headline: Segment) -> bool:
    """Whoever's name heads the page is named again; what an order's state is stands once."""
    form = compact(headline.text)
    return any(form in compact(one.text) for one in sheet.segments if one is not headline)


def _is_crowded(row: list[Segment]) -> bool:
    return is_tabs(row) or sum(bool(status_text(one.text)) for one in row) >= _FEWEST_CROWDED


def _headline_state(sheet: Sheet, segment: Segment) -> str | None:
    """完成 is a button nearly everywhere; large, alone in its row and over the record it is the state."""
    if compact(segment.text) not in _ALSO_BUTTONS or segment.box.height < _HEADLINE * sheet.unit:
        return None
    row = next((row for row in sheet.rows if any(one is segment for one in row)), [segment])
    over = sum(key.box.y0 > segment.box.y1 for key in sheet.keys) >= 3
    titled = any(is_title(one.text) and one.center_y < segment.box.y0 for one in sheet.segments)
    return segment.text if len(row) == 1 and over and titled else None


def _beside_section(sheet: Sheet, segment: Segment) -> bool:
    """A state at the right end of a section's heading (商品信息 … 商家同意退款) or of a shop's name."""
    owner = sheet.owner(segment)
    if owner is None:
        return False
    if owner.inline is None and owner.label in (Label.ORDER_NUMBER, Label.ORDERED_AT, Label.CREATED_AT):
        right = sheet.right_of(owner)  # at the end of the row of the order's number
        return len(right) > 1 and right[-1] is segment
    if owner.inline is None:
        return owner.label in (Label.PRODUCT_SECTION, Label.OTHER_TEXT)
    return owner.label in (Label.ORDER_NUMBER, Label.ORDERED_AT, Label.CREATED_AT)  # the head of a list's card
