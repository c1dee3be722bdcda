"""The causes a text asserts: every saying of the lexicons that stands in it and is not hedged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from service.domain.evidence import ErrorCode
from service.evidence import prompt_latin
from service.evidence.prompt_assertion import asserted
from service.evidence.prompt_lexicon import (
    FIRM,
    IN_OTHER_WORDS,
    ONLY_IN_DIALOGS,
    PATTERNS,
    PHRASES,
    RELATIONS,
    RESULTS,
    TOPICS,
    TOPICS_RANK,
    VAGUE,
)


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
    found = []
    for code in ErrorCode:
        phrases = sorted(PHRASES.get(code, "").split(), key=len, reverse=True)
        alternatives = [*(re.escape(phrase) for phrase in phrases), *PATTERNS.get(code, ())]
        alternatives += prompt_latin.PATTERNS.get(code, ())
        rank = RESULTS.get(code, 0)
        found.append(Saying(code, re.compile("|".join(f"(?:{one})" for one in alternatives)), frozenset(phrases), rank))
    for code, pattern in (*RELATIONS.items(), *prompt_latin.RELATIONS.items()):
        found.append(Saying(code, re.compile(pattern), rank=RESULTS.get(code, 0), relation=True))
    for code, pattern in (*ONLY_IN_DIALOGS.items(), *prompt_latin.ONLY_IN_DIALOGS.items()):
        found.append(Saying(code, re.compile(pattern), only_in_dialogs=True, frank=True))
    said_so = (*IN_OTHER_WORDS.items(), *prompt_latin.IN_OTHER_WORDS.items())
    found += [Saying(code, re.compile(pattern), frank=True) for code, pattern in said_so]
    found += [Saying(code, re.compile(pattern), rank=rank, vague=True) for code, (rank, pattern) in VAGUE.items()]
    found += [
        Saying(code, re.compile(pattern), rank=TOPICS_RANK, only_in_dialogs=True, vague=True, topic=True)
        for code, pattern in (*TOPICS.items(), *prompt_latin.TOPICS.items())
    ]
    return tuple(found)


def causes(form: str, text: str, index: Sequence[int]) -> list[Match]:
    """What ``text`` asserts, each code's first saying. ``form``: its match form, mended; ``index``: see match_form."""
    return _nearest_subjects(list(_matches(form, text, index)))


def _matches(form: str, text: str, index: Sequence[int]) -> Iterator[Match]:
    """Every cause the paragraph asserts, the first time it does."""
    for saying in sayings():
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
