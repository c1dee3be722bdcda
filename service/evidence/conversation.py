"""A conversation as messages: who says what and when, and whether the other side promises money back.

What is said on a page is only text. Nothing here changes how the page itself is judged.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from service.domain.evidence import ImageFacts, Message, Speaker
from service.evidence.amounts import find_amounts
from service.evidence.labels import hits_in
from service.evidence.lexicon import Label
from service.evidence.normalise import clean, compact
from service.evidence.promises import promises_refund
from service.evidence.segments import Segment, overlap_y, rows_of
from service.evidence.sheet import Sheet
from service.evidence.talk_frame import pane_of, read_marks, talk_of
from service.evidence.talk_moments import MOMENT_AT_END, MOMENT_AT_START, day_of, is_stamp, moment_of, stamp_of
from service.evidence.talk_sides import SMALL, Bubble, by_side, centred, says_notice
from service.evidence.transcript import role_of, spoken_by_name, transcribed
from service.evidence.vocabulary import is_button, is_tab_word, status_text

MOST_MESSAGES = 500
_AVATAR = 0.15  # how far from the page's edge a picture stands, in shares of its width
# Lines of one bubble follow each other this closely, in heights of a line; bubbles keep more apart.
_READS_ON, _CLOSE = 0.95, 0.3
# A line this wide (in its heights) is no name over a bubble.
_FULL = 8.0
_OF_ONE_SIZE, _ALIKE = 0.74, 0.6
_LEAST_SURE = 0.5
_AGO = re.compile(r"现在|刚刚|刚才|\d+(?:分钟|小时|天)前|now|justnow|\d+(?:m|min|mins|h|hr|hrs|d)(?:ago)?")
_AGO_AT_END = re.compile(rf"^(?:.{{1,20}}[·|,.-])?(?:{_AGO.pattern})$")
_CLOCK_AT_END = re.compile(
    r"(?P<said>.*[一-鿿。！!？?.,，…](?<!在)(?<!于)) {1,4}(?P<clock>\d{1,2}:\d{2}(?: ?[AaPp][Mm])?)(?:\s*[✓√✔/]+)?"
)
_FEWEST_SAID = 3
# An order's number, and lines of a message that only give facts: the buyer's word, not a card.
_NUMBER = re.compile(r"(?:[A-Z]*\d){8}")


def find_messages(sheet: Sheet, image: ImageFacts, as_of: date | None) -> tuple[Message, ...]:
    """What is said, top to bottom. Moments between the messages date those that follow; they are no messages."""
    left, right = pane_of(sheet, image)
    pieces = [one for one in talk_of(sheet, left, right) if one.box.x1 > left and _is_said(one)]
    if turns := transcribed(pieces, as_of):
        return turns[:MOST_MESSAGES]
    avatars = [one for one in pieces if _is_avatar(one, pieces, left, right)]
    words = [one for one in pieces if one not in avatars]
    names = _names_over_bubbles(words)
    said = _with_cards(by_side(_bubbles(words, names), avatars, left, right, read_marks(sheet)))
    messages: list[Message] = []
    moment: str | None = None
    day: date | None = None
    name: str | None = None
    for index, bubble in enumerate(said):
        text = bubble.text
        if stamp := stamp_of(text, as_of, day=day):
            if bubble.speaker is Speaker.SYSTEM:
                moment, name = stamp.iso, None
                day = day_of(moment)
            elif messages and stamp.iso and bubble.box.y0 <= messages[-1].box.y1 + bubble.box.height:
                messages[-1] = replace(messages[-1], said_at=stamp.iso)  # set inside its bubble, or under it
            continue
        following = said[index + 1] if index + 1 < len(said) else None
        if heading := _heading(bubble, following, as_of, day, names):
            name, moment = heading[0], heading[1] or moment
            continue
        if _is_footing(bubble, messages):
            continue
        if text and len(messages) < MOST_MESSAGES:
            own = _CLOCK_AT_END.fullmatch(text)  # set in the bubble's last line, and read with it
            told = moment_of(own["clock"], as_of, day=day) if own else None
            messages.append(_message(bubble, own["said"] if own else text, name, told or moment))
        name = None
    return tuple(spoken_by_name(messages))


def _is_footing(bubble: Bubble, messages: Sequence[Message]) -> bool:
    """Who said it how long ago, in small print right under a bubble."""
    height = bubble.box.height
    ago = _AGO_AT_END.search(compact(bubble.text))
    return bool(ago and messages) and len(bubble.pieces) == 1 and bubble.box.y0 - messages[-1].box.y1 <= 1.5 * height


def _is_said(one: Segment) -> bool:
    """Not what a reader makes of an icon."""
    return one.score >= _LEAST_SURE and (len(one.text) > 1 or one.text.isalnum() or one.text in "?？!！")


def converses(sheet: Sheet) -> bool:
    """Whether both sides say something, in words, with a moment set amid the page between: a conversation without any
    word that tells so."""
    image = ImageFacts(media_type="", width=int(sheet.bounds.x1), height=int(sheet.bounds.y1))
    left, right = pane_of(sheet, image)
    talk = talk_of(sheet, left, right)
    if not any(is_stamp(one.text) and centred(one.box, left, right, small=True) for one in talk):
        return False
    messages = [one for one in find_messages(sheet, image, None) if one.speaker is not Speaker.SYSTEM]
    words = [one for one in messages if in_words(one.text)]
    return len(words) >= _FEWEST_SAID and len(words) > len(messages) / 2 and len({one.speaker for one in words}) == 2


def in_words(text: str) -> bool:
    """Not a sum, a state, a button or a number, which records set at their right."""
    return (
        len(re.findall(r"[一-鿿]|[A-Za-z]{2,}", text)) >= 2
        and not _AGO.fullmatch(compact(text))
        and not any(find_amounts(text))
        and status_text(text) is None
        and not is_button(text)
        and not is_tab_word(text)
        and not hits_in(text)
    )


def _message(bubble: Bubble, text: str, name: str | None, moment: str | None) -> Message:
    speaker = bubble.speaker
    if speaker is not Speaker.SYSTEM and name and role_of(name) is Speaker.OTHER:
        speaker = Speaker.OTHER  # the support's name over a bubble tells its side
    return Message(
        speaker=speaker,
        text=text,
        box=bubble.box,
        name=name if speaker is not Speaker.SYSTEM else None,
        said_at=moment,
        promises_refund=speaker is Speaker.OTHER and status_text(text) != text and promises_refund(text),
    )


# --- bubbles -------------------------------------------------------------------------------------------------------


def _is_avatar(one: Segment, pieces: Sequence[Segment], left: float, right: float) -> bool:
    """A letter or two in a picture's place: at the edge, beside the first line of a bubble."""
    width, height = right - left, one.box.height
    at_left, at_right = one.box.x1 <= left + _AVATAR * width, one.box.x0 >= right - _AVATAR * width
    if not (at_left or at_right) or len(one.text) > 3 or one.box.width > 0.12 * width or is_stamp(one.text):
        return False
    return any(
        abs(other.center_y - one.center_y) <= 1.3 * height
        and (other.box.x0 >= one.box.x1 if at_left else other.box.x1 <= one.box.x0)
        and (other.box.x0 < left + 0.5 * width if at_left else other.box.x1 > right - 0.5 * width)
        for other in pieces
        if other is not one
    )


def _names_over_bubbles(pieces: Sequence[Segment]) -> frozenset[str]:
    """Short words that recur at one edge, each time with other words close under them: who is speaking."""
    over = [
        one
        for one in pieces
        if len(compact(one.text)) <= _LONGEST_NAME
        and not says_notice(one.text)
        and _NAME.fullmatch(compact(one.text))
        and status_text(one.text) is None
        and any(
            -0.3 * one.box.height <= other.box.y0 - one.box.y1 <= 1.8 * one.box.height
            and abs(other.box.x0 - one.box.x0) <= 2.0 * one.box.height
            for other in pieces
            if other is not one
        )
    ]
    places = Counter((compact(one.text), round(one.box.x0 / max(2 * one.box.height, 1.0))) for one in over)
    told = {compact(one.text) for one in over if role_of(one.text) is Speaker.OTHER and not _SPOKEN.search(one.text)}
    return frozenset(text for (text, _), count in places.items() if count >= _FEWEST_TIMES or text in told)


# A name's length, and how often one that tells no part recurs.
_LONGEST_NAME, _FEWEST_TIMES = 16, 2
# No name has these: a message's first line does that speaks of the staff.
_SPOKEN = re.compile(r"[您你我吗呢了]|这[边里]|需要|请|稍等|可以|反馈")
_NAME = re.compile(r"(?=.*[^\W\d_])(?:[\w一-鿿·()（）【】-]|\.(?=\w))+")


def _bubbles(pieces: Sequence[Segment], names: frozenset[str] = frozenset()) -> list[list[Segment]]:
    """Lines of one bubble: set flush left, close under each other, of one size; a name over it is none."""
    groups: list[list[Segment]] = []
    for one in (piece for row in rows_of(pieces) for piece in row):
        home = next(
            (
                group
                for group in reversed(groups[-4:])
                if compact(group[-1].text) not in names and _reads_on(group, one)
            ),
            None,
        )
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return groups


def _reads_on(group: Sequence[Segment], one: Segment) -> bool:
    last, first = group[-1], group[0]
    height = min(last.box.height, one.box.height)
    if overlap_y(last.box, one.box) > 0.5:  # one line the detector broke in two
        return -0.2 * height <= one.box.x0 - last.box.x1 <= 1.2 * height and not is_stamp(one.text)
    if is_stamp(one.text) or is_stamp(last.text) or MOMENT_AT_END.match(clean(last.text)):
        return False
    if _AGO_AT_END.search(compact(one.text)):
        return False
    room = one.box.y0 - last.box.y1
    if says_notice(first.text) and abs(one.box.x0 - first.box.x0) > _IN_LINE * height:  # centred, with all its lines
        return abs(one.center_x - last.center_x) <= _AMID * height and -0.5 * height < room <= _AMID * height
    # A photo makes boxes of slanting lines higher than those of short ones, and digits are lower than Han characters.
    wide = last.box.width >= max(one.box.width, _FULL * height)
    likeness = _ALIKE if room <= _CLOSE * height or wide else _OF_ONE_SIZE
    return (
        -0.5 * height < room <= _READS_ON * height
        and abs(one.box.x0 - first.box.x0) <= 0.9 * height
        and likeness <= height / max(one.box.height, last.box.height, 1e-6)
    )


_AMID, _IN_LINE = 0.5, 0.3  # line heights


def _with_cards(said: Sequence[Bubble]) -> list[Bubble]:
    """Orders handed into the conversation are nobody's words; their goods' name stands close over their number."""
    found: list[Bubble] = []
    for bubble in said:
        if not _is_card(bubble):
            found.append(bubble)
            continue
        pieces, height = bubble.pieces, bubble.pieces[0].box.height
        alone = len(found)
        while (
            found
            and pieces[0].box.y0 - found[-1].box.y1 <= 1.3 * height
            and abs(found[-1].box.x0 - pieces[0].box.x0) <= height
            and not re.search(r"[。!！?？]", found[-1].text)
        ):
            pieces = (*found.pop().pieces, *pieces)
        told = alone == len(found) and all(_gives_a_fact(one) for one in pieces)
        found.append(bubble if told else Bubble(pieces, Speaker.SYSTEM))
    return found


def _gives_a_fact(one: Segment) -> bool:
    """订单号：T2025… within one line, as people type it; a card sets no goods' name so."""
    return re.match(r"[^:]{1,8}:\s*\S", clean(one.text)) is not None


def _is_card(bubble: Bubble) -> bool:
    """An order's card handed into the conversation: its number stands behind its key, and nobody says anything."""
    hits = [
        hit for one in bubble.pieces for hit in hits_in(one.text)[:1] if hit.start == 0 and (hit.colon or hit.whole)
    ]
    named = [hit for hit in hits if hit.label in (Label.ORDER_NUMBER, Label.PAID, Label.ORDERED_AT, Label.STATUS)]
    return (
        bool(named)
        and _NUMBER.search(bubble.text) is not None
        and len(hits) == len([one for one in bubble.pieces if hits_in(one.text)])
        and not re.search(r"[。!！?？]", bubble.text)
    )


# --- names and moments ---------------------------------------------------------------------------------------------


def _heading(
    bubble: Bubble, following: Bubble | None, as_of: date | None, day: date | None, names: frozenset[str]
) -> tuple[str, str | None] | None:
    """(name, moment) of a line over a bubble that says whose it is: small, short, close above, on the same side."""
    text, one = bubble.text, bubble.pieces[0]
    if following is None or len(bubble.pieces) > 2 or len(text) > 48 or re.search(r"[。!！?？，,]", text):
        return None
    under = following.pieces[0]
    near = -0.3 * one.box.height <= under.box.y0 - bubble.box.y1 <= 1.8 * one.box.height
    if near and compact(text) in names:
        return text, None
    if not near or following.speaker is not bubble.speaker or bubble.speaker is Speaker.SYSTEM:
        return None
    match = MOMENT_AT_END.match(clean(text)) or MOMENT_AT_START.match(clean(text))
    if match:
        return match["name"].strip(" :·|-"), moment_of(match["moment"].strip(), as_of, day=day)
    small = one.box.height <= SMALL * under.box.height
    outside = bubble.box.x0 <= under.box.x0 + 0.3 * one.box.height
    return (text, None) if small and outside and len(text) <= 20 else None
