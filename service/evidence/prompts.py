"""Error prompts on a page: their meaning, and the many sentences that only sound like one.

Tips, rules, questions and confirmations name errors without reporting one, so a phrase counts only where its sentence
asserts it. On a full page it must also stand out, because help texts and buttons are full of such words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.domain.evidence import ErrorCode
from service.evidence.normalise import clean, identifier, match_form
from service.evidence.paragraphs import Paragraph, paragraphs
from service.evidence.prompt_lexicon import RESULTS, TOPICS_RANK
from service.evidence.prompt_prominence import A_LINE, A_MESSAGE, A_PAGE, IN_PASSING, MENTIONED, prominence
from service.evidence.prompt_sayings import Match, causes, is_known
from service.evidence.prompt_slips import mend, mend_words
from service.evidence.segments import Segment
from service.evidence.vocabulary import status_text
from service.evidence.wording import Wording, wording_of

# A line the reader is this sure of has no slips to mend.
SURE_SCORE = 0.98
# A slip mended on the way costs this much of the score.
MENDED = 0.9
# The most a prompt scores: told from a complaint's subject alone; beside another message that says something else;
# with another cause in the same message; said in a line of a full page; saying no more than 操作失败; told from all its
# words, where no saying is known; its words as a whole meaning something else.
BY_TOPIC, DISPUTED, TWO_CAUSES, NOT_SURE_MEANT, VAGUE, BY_WORDS, OTHER_WORDS = 0.8, 0.84, 0.89, 0.89, 0.89, 0.84, 0.84
# What the words of a message must make of it where no saying is known, and those of a line on a full page; and how
# clearly they must mean something else to cast doubt on a saying.
LIKELY, _VERY_LIKELY, _CONTRADICTS = 0.35, 0.75, 0.6
_APOSTROPHES = str.maketrans("’‘`´", "''''")
_ORDINAL = re.compile(r"^(?:\d{1,2}[.、)）]|[(（]?[一二三四五六七八九十①②③④⑤]+[)）、.]|[qQ问答aA][:：])\s*\D")
# A question put to the user warns of what could go wrong; what it tells of must be told plainly to have happened.
_ASKS = re.compile(r"[?？]\s*$|吗\s*[,，]?$|[吗么][?？]|^(?:确认|确定|是否).{2,}[?？]")
# What whoever goes on agrees to names what cannot be done, none of which happened.
_TERMS = re.compile(
    r"即(?:表示|代表|视为|为)(?:您|你)?(?:已)?(?:同意|接受|阅读)|"
    r"\bby (?:redeeming|continuing|tapping|clicking|signing|using|purchasing)\b.{0,40}\bagree\b",
    re.IGNORECASE,
)
_LONGEST_TEXT, _ONE_LINE = 120, 30


@dataclass(frozen=True, slots=True)
class Prompt:
    """``note``: what lowers the score. ``topic``: told from the subject alone; ``by_words``: from all its words."""

    code: ErrorCode
    text: str
    pieces: tuple[Segment, ...]
    score: float
    prominence: int
    rank: int
    place: tuple[float, int, int]
    topic: bool = False
    note: str = ""
    by_words: bool = False

    @property
    def over_its_page(self) -> bool:
        """Closed by its own button, or floating."""
        return self.prominence >= A_MESSAGE


def find_prompt(segments: Sequence[Segment], unit: float) -> Prompt | None:
    """The page's error prompt, or None where no known cause is asserted."""
    found = [prompt for block in paragraphs(segments) for prompt in _prompts_in(block, segments, unit)]
    found = [prompt for prompt in found if not _is_a_rows_state(prompt, segments, unit)]
    if any(_ASKS.search(one.text) for one in segments):
        found = [prompt for prompt in found if not prompt.topic]
    if any(not prompt.topic and prompt.rank < TOPICS_RANK for prompt in found):
        found = [prompt for prompt in found if not prompt.topic]
    if not found:
        return None
    # The most prominent message is the one meant; within it a cause says more than a result.
    top = max(prompt.prominence for prompt in found)
    best = [prompt for prompt in found if prompt.prominence >= top - 1]
    meant = min(best, key=lambda one: (one.rank, -one.prominence, one.place))
    return _weighed(meant, [prompt for prompt in found if prompt in best or prompt.prominence >= A_PAGE])


def _is_a_rows_state(prompt: Prompt, segments: Sequence[Segment], unit: float) -> bool:
    """States that end, or begin, under each other are those of a list's rows."""
    if len(prompt.pieces) != 1 or status_text(prompt.pieces[0].text) is None:
        return False
    box = prompt.pieces[0].box
    states = [one.box for one in segments if status_text(one.text) and abs(one.center_y - prompt.place[0]) > unit]
    ends = sum(abs(other.x1 - box.x1) <= _IN_LINE * unit for other in states)
    begins = sum(abs(other.x0 - box.x0) <= _IN_LINE * unit for other in states)
    return max(ends, begins) >= _FEWEST_ROWS


_FEWEST_ROWS, _IN_LINE = 2, 0.3


def stands_alone(prompt: Prompt) -> bool:
    """Closed by a button, floating over its page, or larger than the rest of an all but empty one."""
    return prompt.prominence > A_PAGE


def _weighed(meant: Prompt, others: Sequence[Prompt]) -> Prompt:
    """The prompt with its score lowered where it may not be what is meant."""
    rivals = [one for one in others if one.code is not meant.code and one.rank == meant.rank]
    elsewhere = [one for one in rivals if one.text != meant.text]
    if meant.topic:
        return _lowered(meant, BY_TOPIC, "told from its subject alone")
    if elsewhere:
        return _lowered(meant, DISPUTED, f"another message says {elsewhere[0].code.value}")
    if rivals:
        return _lowered(meant, TWO_CAUSES, f"it also says {rivals[0].code.value}")
    if meant.rank > TOPICS_RANK:
        return _lowered(meant, VAGUE, "it tells little")
    return _lowered(meant, NOT_SURE_MEANT, "said in passing") if meant.prominence <= IN_PASSING else meant


def _lowered(prompt: Prompt, score: float, note: str) -> Prompt:
    return replace(prompt, score=min(prompt.score, score), note=note)


def _prompts_in(block: Paragraph, segments: Sequence[Segment], unit: float) -> Iterator[Prompt]:
    text = clean(block.text)
    form, index = match_form(text)
    if len(form) < 2 or _ORDINAL.match(block.text) or _TERMS.search(text):
        return
    doubtful = min(piece.score for piece in block.pieces) < SURE_SCORE
    mended = mend(match_form(mend_words(text))[0]) if doubtful else form
    matches = list(causes(mended.translate(_APOSTROPHES), text, index))
    spans = [(index[match.start], index[match.end - 1] + 1) for match in matches]
    standings = [prominence(block, span, segments, unit) for span in spans]
    if standings and A_LINE in standings and len(text) <= _ONE_LINE:
        standings = [max(standing, A_LINE) for standing in standings]  # what a short line says, it says throughout
    said = [
        _prompt(match, block, span, standing, 1.0 if mended[slice(*at)] == form[slice(*at)] else MENDED)
        for match, span, standing in zip(matches, spans, standings, strict=True)
        if standing > MENTIONED and (standing >= A_PAGE or not match.saying.only_in_dialogs)
        for at in [(match.start, match.end)]
    ]
    if not said and not _may_be_a_message(block.text):
        return
    words = wording_of(block.text)
    if not all(prompt.topic for prompt in said):
        yield from (_held_to(words, prompt, said) for prompt in said)
        return
    # What is known and not asserted is hedged; what is asserted and stands too low may still be a line's whole meaning.
    hedged = words.code is not None and not matches and is_known(mended.translate(_APOSTROPHES))
    told = None if words.code is None or (hedged and not said) else _told_by_words(words, block, segments, unit)
    yield from [told] if told else said


def _held_to(words: Wording, prompt: Prompt, said: Sequence[Prompt]) -> Prompt:
    """A saying, doubted where all the words of its message mean something else."""
    if words.chance < _CONTRADICTS or any(one.code is words.code for one in said):
        return prompt
    other = f"like {words.code.value}" if words.code else "like no error"
    return _lowered(prompt, OTHER_WORDS, f"all its words sound {other}")


def _told_by_words(words: Wording, block: Paragraph, segments: Sequence[Segment], unit: float) -> Prompt | None:
    """A message in words no saying is known for."""
    start = _after_what_was_typed(block)
    if start:
        words = wording_of(block.text[start:])
    if words.code is None or words.chance < LIKELY or not _may_be_a_message(block.text[start:]):
        return None
    standing = prominence(block, (start, len(block.text)), segments, unit)
    if standing <= MENTIONED or (standing < A_PAGE and words.chance < _VERY_LIKELY):
        return None
    pieces = block.between(start, len(block.text))
    return Prompt(
        code=words.code,
        text=block.text[start:],
        pieces=pieces,
        score=round(min(BY_WORDS, *(piece.score for piece in pieces)), 4),
        prominence=standing,
        rank=RESULTS.get(words.code, 0),
        place=(pieces[0].center_y, start, start - len(block.text)),
        note="told from all its words",
        by_words=True,
    )


def _after_what_was_typed(block: Paragraph) -> int:
    """Where an error under a field begins, which reads on from the field's name and what was typed into it."""
    typed = [place for place, piece in enumerate(block.pieces[:-1]) if identifier(piece.text)]
    return block.starts[typed[-1] + 1] if typed else 0


def _may_be_a_message(text: str) -> bool:
    """Not so short that a page's every word might be one, no question, and more than a state."""
    latin = text.isascii()
    long_enough = text.count(" ") >= _FEWEST_GAPS if latin else len(match_form(clean(text))[0]) >= _FEWEST_HAN
    state = status_text(text)
    says_more = state is None or len(state) < _MOST_OF_IT * len(text)
    return long_enough and not _ASKS.search(text) and not _SUPPOSES.search(text) and says_more


_FEWEST_HAN, _FEWEST_GAPS, _MOST_OF_IT = 5, 2, 0.6
# What may come to pass, told before it has.
_SUPPOSES = re.compile(
    r"^(?:如(?!下)|若|倘|一旦|万一|凡|当您|为什么|为何|怎么|如何|什么)|[,，](?:如(?!下)|若)|[将会]于|将(?:在|自|被)|届时|"
    r"^(?:if|in case|when(?:ever)?|once|should|unless|why|how|what)\b|\bwill (?:be|lock|expire)\b",
    re.IGNORECASE,
)


def _prompt(match: Match, block: Paragraph, span: tuple[int, int], standing: int, kept: float) -> Prompt:
    start, end = span
    pieces = block.between(start, end)
    return Prompt(
        code=match.saying.code,
        text=block.text if len(block.text) <= _LONGEST_TEXT else " ".join(piece.text for piece in pieces),
        pieces=pieces,
        score=round(min(piece.score for piece in pieces) * kept, 4),
        prominence=standing,
        rank=match.saying.rank,
        place=(pieces[0].center_y, start, start - end),
        topic=match.saying.topic,
    )
