"""The causes a text asserts: every saying of the lexicons that stands in it and is not hedged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from service.domain.evidence import ErrorCode
from service.evidence import prompt_latin, prompt_lexicon
from service.evidence.prompt_assertion import asserted
from service.evidence.prompt_lexicon import FIRM, PATTERNS, PHRASES, RESULTS, TOPICS_RANK


@dataclass(frozen=True, slots=True)
class Saying:
    """How a cause is said; ``phrases``: its ways without any room in them. ``relation``: of one thing to another.

    ``rank``: what of a message is meant, least first. ``frank``: words of its own that would hedge elsewhere do not.
    """

    code: ErrorCode
    pattern: re.Pattern[str]
    phrases: frozenset[str] = frozenset()
    rank: int = 0
    relation: bool = False
    only_in_dialogs: bool = False
    frank: bool = False
    vague: bool = False
    topic: bool = False
    latin: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A cause said in ``form[start:end]`` of a paragraph."""

    saying: Saying
    start: int
    end: int
    firm: bool
    at_word: bool


@cache
def sayings() -> tuple[Saying, ...]:
    """Every way a cause is said, Chinese and English apart, topics last."""
    found = []
    for code in ErrorCode:
        rank = RESULTS.get(code, 0)
        phrases = sorted(PHRASES.get(code, "").split(), key=len, reverse=True)
        chinese = _any_of(*(re.escape(phrase) for phrase in phrases), *PATTERNS.get(code, ()))
        found.append(Saying(code, chinese, frozenset(phrases), rank))
        found.append(Saying(code, _any_of(*prompt_latin.PATTERNS.get(code, ())), rank=rank, latin=True))
    for tables, latin in ((prompt_lexicon, False), (prompt_latin, True)):
        for code, pattern in tables.RELATIONS.items():
            found.append(Saying(code, re.compile(pattern), rank=RESULTS.get(code, 0), relation=True, latin=latin))
        for code, pattern in tables.ONLY_IN_DIALOGS.items():
            found.append(Saying(code, re.compile(pattern), only_in_dialogs=True, frank=True, latin=latin))
        for code, pattern in tables.IN_OTHER_WORDS.items():
            found.append(Saying(code, re.compile(pattern), frank=True, latin=latin))
        for code, (rank, pattern) in tables.VAGUE.items():
            found.append(Saying(code, re.compile(pattern), rank=rank, vague=True, latin=latin))
    return tuple(found)


@cache
def _topics() -> tuple[Saying, ...]:
    return tuple(
        Saying(code, re.compile(one), rank=TOPICS_RANK, only_in_dialogs=True, vague=True, topic=True, latin=latin)
        for tables, latin in ((prompt_lexicon, False), (prompt_latin, True))
        for code, one in tables.TOPICS.items()
    )


def _any_of(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns))


def causes(form: str, text: str, index: Sequence[int]) -> list[Match]:
    """What ``text`` asserts, each code's first saying. ``form``: its match form, mended; ``index``: see match_form."""
    # Most lines of a page are keys and values without any word of failure: the tables need not be searched for them.
    scripts = {latin for latin, amiss in ((False, _AMISS), (True, _AMISS_LATIN)) if amiss.search(form)}
    if not scripts:
        return []
    clear = list(_matches(sayings(), scripts, form, text, index))
    found = (
        clear
        if any(one.saying.rank < TOPICS_RANK for one in clear)
        else [*clear, *_matches(_topics(), scripts, form, text, index)]
    )
    return _nearest_subjects(found)


# No saying of the tables is without one of these.
_AMISS = re.compile(
    "[不未无没非失错误异超限过期满缺罄光完尽拒锁冻封停忙障维频空止断重已被足次两三多专仅只晚迟差慢挤爆睡抢修黑伪涉风稍截将到输正为复]"
)
_AMISS_LATIN = re.compile(
    r"not|n't|no|fail|invalid|err|expire|already|use|redeem|claim|enough|insuff|wrong|correct|declin|reject|refus|unable|unsucc|unavail|lock|"
    r"suspen|limit|bann|out|sold|twice|duplic|double|down|busy|problem|issue|mis|must|only|differ|another|abnormal|max|exceed|too|again|"
    r"snag|lost|stolen|frozen|freeze|revok|disabl|unus|suspic|risk|flag|offline|mainten|ended|over|unknown|valid|low|pending|void|incomplete|"
    r"overdue|delay|never|past|pass|recogn|difficult|deactiv|other|from|restrict|block|hold|review|trouble|500|50[234]"
)


def is_known(form: str) -> bool:
    """Whether a saying of the tables stands in ``form``, asserted or not: what is known needs no second opinion."""
    return any(one.pattern.search(form) for one in sayings() if not one.vague)


def _matches(
    tables: Sequence[Saying], scripts: Collection[bool], form: str, text: str, index: Sequence[int]
) -> Iterator[Match]:
    """Every cause the paragraph asserts, the first time it does."""
    for saying in tables:
        if saying.latin not in scripts:
            continue
        for match in saying.pattern.finditer(form):
            if match.end() == match.start():
                continue
            start, end = index[match.start()], index[match.end() - 1] + 1
            of_a_person = saying.code is ErrorCode.VERIFICATION_FAILED
            if asserted(text, start, end, frank=saying.frank, of_a_person=of_a_person):
                firm = saying.relation or saying.code in FIRM or match[0] in saying.phrases
                at_word = not (start and text[start].isascii() and text[start - 1].isalpha())
                yield Match(saying, match.start(), match.end(), firm, at_word)
                break


def _nearest_subjects(found: list[Match]) -> list[Match]:
    """Of sayings that end in one verdict the one whose subject is nearest to it: 点卡适用区服不匹配 is of the 区服.

    What is said without room between subject and verdict stands, and what lies inside it does not.
    """
    return [one for one in found if not any(_outdoes(other, one) for other in found)]


def _outdoes(other: Match, one: Match) -> bool:
    if other.saying.code is one.saying.code or other.saying.vague:
        return False
    inside = one.start <= other.start and other.end <= one.end
    around = other.start <= one.start and one.end <= other.end
    if other.firm and around and not inside:
        return True
    return not one.firm and other.at_word and one.start < other.start < one.end <= other.end
