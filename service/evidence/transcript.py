"""Conversations set as a record: each turn under or beside its speaker's name, both sides at the same edge."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from service.domain.evidence import Message, Speaker
from service.evidence.amounts import find_amounts
from service.evidence.labels import hits_in
from service.evidence.normalise import clean, compact, is_cjk
from service.evidence.promises import promises_refund
from service.evidence.segments import Segment, rows_of, union
from service.evidence.stacked_turns import stacked_turns
from service.evidence.talk_moments import MOMENT_AT_END, MOMENT_AT_START, MOMENT_THEN_WORDS, is_stamp, moment_of
from service.evidence.vocabulary import is_button, is_tab_word, status_text

_SUPPORT = re.compile(
    r"客服|客户服务|商家|卖家|店家|店主|官方|机器人|助手|小二|店小蜜|小蜜|管家|顾问|专员|专营店|旗舰店|工作人员|管理员|平台|技术|售后|处理人|"
    r"support|agent|seller|merchant|\bbot\b|service|assistant|help|staff|admin|team"
)
_OWNER = re.compile(
    r"(?:我|本人|me|you|买家|买方|顾客|客户|用户|访客|游客|会员|提问者|投诉人|申请人|咨询者|buyer|customer|visitor|guest|user|client|requester)"
    r"[\s_\-:#*\w]{0,16}?(?:\((?:我|you|me)\))?"
)
# How either side speaks, where its name does not tell.
_SERVES = re.compile(
    r"亲|您|为你|抱歉|请提供|稍等|核实|不好意思|感谢|"
    r"sorry|apolog|we (?:will|have|can)|please|let me|how (?:can|may) i|your"
)
_ASKS = re.compile(r"我|怎么|为什么|为啥|能不能|什么时候|吗|没到|my |\bi\b|where|why|when")
_REPLIED = (
    r"(?:回复于|发表于|发布于|提交于|写道|回复(?:了)?|说|提交|留言(?:于)?|\(.{1,8}\)|"
    r"replied|wrote|said|commented|on|at|,|·|\|)"
)
_TAIL = re.compile(rf"[\s:：]*{_REPLIED}?[\s:：]*$", re.IGNORECASE)
_COLON = re.compile(r"(?P<name>[^\s:,，。!！?？]{1,14}(?: [^\s:,，。]{1,12})?)\s?:\s*(?P<said>\S.*)")
# A name that ends with a number, and its moment read without the room between: 访客730209:41.
_NUMBERED_NAME = re.compile(
    r"(?P<name>[^\d:]{1,12}\d{1,6}?)(?P<moment>(?:(?:20\d{2}[-/.])?[01]\d[-/.][0-3]\d ?)?(?:[01]\d|2[0-3]):[0-5]\d)"
)
_MOST_IN_A_NAME = 24
# A turn's words begin this near to its heading's edge, in line heights; nearly all of a record's do.
_FLUSH, _NEARLY_ALL = 3.0, 0.85
# Lines of one turn follow each other this closely, in line heights.
_READS_ON = 1.7
_ONE_LINE = 1.5
_FEWEST = 2
_MOST_INITIALS = 3
# A notice keeps this share of the width free at both sides.
_FAR = 0.3


@dataclass(frozen=True, slots=True)
class _Turn:
    """A heading with the words under or beside it. ``edge``: where those begin, in pixels."""

    name: str
    moment: str
    pieces: tuple[Segment, ...]
    edge: float

    @property
    def is_notice(self) -> bool:
        """Nobody's words: a line amid the page."""
        return not self.name and bool(self.pieces)


def role_of(name: str) -> Speaker | None:
    """Whose name or part it is, where it tells: support or shop OTHER, buyer or user SELF."""
    form = compact(name)
    if _SUPPORT.search(form):
        return Speaker.OTHER
    return Speaker.SELF if _OWNER.fullmatch(form) else None


def transcribed(talk: Sequence[Segment], as_of: date | None) -> tuple[Message, ...]:
    """The messages of a record of turns; none where the page is not set as one."""
    turns = _record_of(talk)
    roles = _roles(turns)
    messages: list[Message] = []
    day: str | None = None
    for turn in turns:
        if turn.is_notice:
            box = union(one.box for one in turn.pieces)
            at = moment_of(turn.moment, as_of) if turn.moment else day
            messages.append(Message(speaker=Speaker.SYSTEM, text=_joined(turn.pieces), box=box, said_at=at))
            continue
        if not turn.name:
            day = moment_of(turn.moment, as_of)
            continue
        moment = moment_of(turn.moment, as_of) if turn.moment else day
        for pieces in _paragraphs(turn.pieces):
            text, speaker = _joined(pieces), roles.get(turn.name, Speaker.OTHER)
            messages.append(
                Message(
                    speaker=speaker,
                    text=text,
                    box=union(one.box for one in pieces),
                    name=turn.name,
                    said_at=moment,
                    promises_refund=speaker is Speaker.OTHER and promises_refund(text),
                )
            )
    return tuple(messages)


def spoken_by_name(messages: Sequence[Message]) -> Iterator[Message]:
    """Where all bubbles stand on one side, their names tell who speaks."""
    spoken = [one for one in messages if one.speaker is not Speaker.SYSTEM]
    if len({one.speaker for one in spoken}) != 1 or len({one.name for one in spoken if one.name}) < 2:
        yield from messages
        return
    roles = _told([(one.name, one.text) for one in spoken if one.name])
    for one in messages:
        if one.speaker is Speaker.SYSTEM or one.name is None:
            yield one
            continue
        speaker = roles.get(one.name, Speaker.OTHER)
        promise = speaker is Speaker.OTHER and promises_refund(one.text)
        yield replace(one, speaker=speaker, promises_refund=promise)


# --- turns ---------------------------------------------------------------------------------------------------------


def _record_of(talk: Sequence[Segment]) -> list[_Turn]:
    """The turns of a record, without the letters of portraits at its edge unless these are all its names."""
    portraits = {id(one) for one in _portraits(talk)}
    bare = [one for one in talk if id(one) not in portraits]
    for pieces in (bare, talk) if portraits else (talk,):
        turns = _turns(rows_of(pieces))
        if _is_record(turns, pieces):
            return turns
    turns = [_Turn(*turn) for turn in stacked_turns(talk, _name)]
    return turns if _is_record(turns, talk) else []


def _portraits(talk: Sequence[Segment]) -> list[Segment]:
    """Initials drawn as pictures: a few letters, one under another, at the left of all that stands beside them, the
    heading and the first words of a turn."""
    initials = [
        one
        for one in talk
        if len(one.text) <= _MOST_INITIALS
        and any(_beside(one, other) for other in talk)
        and not any(other.box.x0 < one.box.x1 and _beside(one, other, to_right=False) for other in talk)
    ]
    return [
        one
        for one in initials
        if sum(abs(other.center_x - one.center_x) <= one.box.height for other in initials) >= _FEWEST
    ]


def _beside(portrait: Segment, other: Segment, *, to_right: bool = True) -> bool:
    """Within the picture's height: its letters are at least half as high as it is."""
    height = portrait.box.height
    near = other.box.y1 > portrait.box.y0 - 0.5 * height and other.box.y0 < portrait.box.y1 + 0.5 * height
    return other is not portrait and near and (not to_right or 0 < other.box.x0 - portrait.box.x1 <= 4.0 * height)


def _turns(rows: Sequence[Sequence[Segment]]) -> list[_Turn]:
    columns = _name_columns(rows)
    ended = {name for row in rows if (name := _name_before_moment(row))}
    turns: list[_Turn] = []
    for row in rows:
        if len(ended) >= _FEWEST and (notice := _dated_notice(row, ended)):
            turns.append(notice)
        elif opened := _opened(row, columns):
            turns.append(opened)
        elif len(row) == 1 and is_stamp(row[0].text):
            turns.append(_Turn("", row[0].text, (), row[0].box.x0))
        elif len(row) == 1 and _is_amid(row[0], rows):
            turns.append(_Turn("", "", (row[0],), row[0].box.x0))
        elif turns and turns[-1].name:
            turns[-1] = replace(turns[-1], pieces=(*turns[-1].pieces, *row))
    return turns


def _name_before_moment(row: Sequence[Segment]) -> str | None:
    """The name of a heading that ends with its moment."""
    match = MOMENT_AT_END.match(clean(" ".join(one.text for one in row)))
    return _name(match["name"]) if match and is_stamp(match["moment"]) else None


def _dated_notice(row: Sequence[Segment], names: Set[str]) -> _Turn | None:
    """Where headings end with their moment, what begins with one is nobody's heading but a notice."""
    match = MOMENT_THEN_WORDS.match(clean(" ".join(one.text for one in row)))
    if match is None or not is_stamp(match["moment"]) or _name(match["said"]) in names:
        return None
    pieces = tuple(one for one in row if not is_stamp(one.text))
    if not pieces:
        return None
    own = MOMENT_THEN_WORDS.match(pieces[0].text)
    if own and is_stamp(own["moment"]):
        raw = MOMENT_THEN_WORDS.match(pieces[0].raw.strip())
        said = replace(pieces[0], text=own["said"], raw=raw["said"] if raw else own["said"])
        pieces = (said, *pieces[1:])
    return _Turn("", match["moment"].strip(), pieces, row[0].box.x0)


def _is_amid(one: Segment, rows: Sequence[Sequence[Segment]]) -> bool:
    """Centred in all that is said, far from both its edges."""
    left, right = min(row[0].box.x0 for row in rows), max(row[-1].box.x1 for row in rows)
    before, after = one.box.x0 - left, right - one.box.x1
    return min(before, after) > _FAR * (right - left) and abs(before - after) <= 2 * one.box.height


def _name_columns(rows: Sequence[Sequence[Segment]]) -> set[float]:
    """Left edges at which names that tell a part stand again and again, words beside them."""
    found = [
        row[0]
        for row in rows
        if any(not is_stamp(one.text) for one in row[1:]) and role_of(row[0].text) and _is_name(row[0].text)
    ]
    return {
        one.box.x0
        for one in found
        if sum(abs(other.box.x0 - one.box.x0) <= one.box.height for other in found) >= _FEWEST
    }


def _opened(row: Sequence[Segment], columns: set[float]) -> _Turn | None:
    """The turn this row begins: by a name with its moment, a name in a column, or a name and a colon."""
    first, last = row[0], row[-1]
    whole = " ".join(one.text for one in row)
    if any(abs(first.box.x0 - edge) <= first.box.height for edge in columns) and _is_name(first.text) and len(row) > 1:
        stamps = [one for one in row[1:] if is_stamp(one.text)]
        words = tuple(one for one in row[1:] if one not in stamps)
        edge = words[0].box.x0 if words else first.box.x0
        return _Turn(first.text, stamps[0].text if stamps else "", words, edge)
    for pattern in (MOMENT_AT_END, MOMENT_AT_START):
        match = pattern.match(clean(whole))
        if match and is_stamp(match["moment"]) and (name := _name(match["name"])):
            return _Turn(name, match["moment"].strip(), (), first.box.x0)
    if len(row) > 1 and is_stamp(last.text) and (name := _name(_without_portrait(row[:-1]))):
        return _Turn(name, last.text, (), first.box.x0)
    glued = _NUMBERED_NAME.fullmatch(clean(whole))
    if glued and role_of(glued["name"]) and is_stamp(glued["moment"]):
        return _Turn(glued["name"], glued["moment"], (), first.box.x0)
    colon = _COLON.fullmatch(clean(first.text))
    if colon and role_of(colon["name"]) and _is_name(colon["name"]):
        start = len(first.text) - len(colon["said"])
        said = replace(first, text=first.text[start:], raw=first.raw[start:])
        return _Turn(colon["name"], "", (said, *row[1:]), first.box.x0)
    return None


def _without_portrait(named: Sequence[Segment]) -> str:
    """An initial before a name that tells its part is that speaker's picture."""
    if len(named) > 1 and len(named[0].text) <= _MOST_INITIALS and role_of(named[1].text):
        named = named[1:]
    return " ".join(one.text for one in named)


def _name(text: str) -> str | None:
    bare = _TAIL.sub("", text).strip(" :·|-,<>[]()")
    return bare if _is_name(bare) else None


def _is_name(text: str) -> bool:
    return (
        1 <= len(text) <= _MOST_IN_A_NAME
        and re.search(r"[^\W\d_]", text) is not None
        and not re.search(r"[。!！?？,，;；¥]", text)
        and (role_of(text) is not None or not hits_in(text))
        and status_text(text) is None
        and not is_button(text)
        and not is_tab_word(text)
        and not any(find_amounts(text))
    )


def _is_record(turns: Sequence[_Turn], talk: Sequence[Segment]) -> bool:
    """Turns of at least one whose part is told, all headed at one edge, with words under nearly every heading."""
    named = [one for one in turns if one.name]
    if named and named[-1] is turns[-1] and not named[-1].pieces:
        named.pop()  # its words are beyond the page's end
    spoken = [one for one in named if one.pieces]
    if len(spoken) < _FEWEST or len(spoken) < _NEARLY_ALL * len(named) or not any(role_of(one.name) for one in named):
        return False
    if len({one.name for one in named}) < _FEWEST:
        return False
    height = sorted(one.box.height for one in talk)[len(talk) // 2]
    pieces = [(one, turn.edge) for turn in named for row in rows_of(turn.pieces) for one in _beginnings(row, height)]
    flush = sum(abs(piece.box.x0 - edge) <= _FLUSH * height for piece, edge in pieces)
    edges = [one.edge for one in named]
    return flush >= _NEARLY_ALL * len(pieces) and max(edges) - min(edges) <= _FLUSH * height


def _beginnings(row: Sequence[Segment], height: float) -> list[Segment]:
    """Without the pieces of a line that was read in several."""
    return [*row[:1], *(one for last, one in pairwise(row) if one.box.x0 - last.box.x1 > _ONE_LINE * height)]


def _paragraphs(pieces: Sequence[Segment]) -> Iterator[list[Segment]]:
    """Lines that follow each other closely are one message; under one name there may be several."""
    group: list[Segment] = []
    for one in pieces:
        if group and one.box.y0 - group[-1].box.y1 > _READS_ON * min(one.box.height, group[-1].box.height):
            yield group
            group = []
        group.append(one)
    if group:
        yield group


def _joined(pieces: Sequence[Segment]) -> str:
    text = ""
    for one in pieces:
        gap = text and not is_cjk(text[-1]) and text[-1] not in ",，、。" and one.raw[:1].isascii()
        text += (" " if gap else "") + one.raw
    return text.strip()


# --- parts ---------------------------------------------------------------------------------------------------------


def _roles(turns: Sequence[_Turn]) -> dict[str, Speaker]:
    return _told([(one.name, _joined(one.pieces)) for one in turns if one.name])


def _told(said: Sequence[tuple[str, str]]) -> dict[str, Speaker]:
    """Each name's part: told by the name; the other of two; at last by who serves and who asks."""
    names = list(dict.fromkeys(name for name, _ in said))
    roles = {name: role for name in names if (role := role_of(name))}
    open_names = [name for name in names if name not in roles]
    if not roles and len(names) == 2:
        served = {name: sum(_manner(text) for own, text in said if own == name) for name in names}
        most, least = sorted(names, key=lambda name: -served[name])
        return {most: Speaker.OTHER, least: Speaker.SELF if served[most] > served[least] else Speaker.OTHER}
    if len(open_names) == 1:
        missing = Speaker.OTHER if Speaker.SELF in roles.values() else Speaker.SELF
        return {**roles, open_names[0]: missing}
    return roles


def _manner(text: str) -> int:
    form = text.lower()
    return len(_SERVES.findall(form)) - len(_ASKS.findall(form))
