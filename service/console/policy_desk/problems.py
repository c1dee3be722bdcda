"""What is wrong with a policy's text, beside the line it is in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.console.foreign_text import visible
from service.console.policy_desk.problem_words import in_chinese

MOST = 100
_IN_LINE = re.compile(r"\(line (\d+)\)")
_LONGEST_LINE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """``line`` from 1, 0 where it is none of them; ``shown``: that line; ``path`` as in the text, or empty."""

    line: int
    path: str
    message: str
    shown: str


def problems(found: Iterable[Mapping[str, Any]], text: str, language: str) -> tuple[Problem, ...]:
    """By line, a hundred at most."""
    lines = text.splitlines()
    shown = sorted((_problem(each, lines, language) for each in found), key=lambda each: each.line)
    return tuple(shown[:MOST])


def _problem(found: Mapping[str, Any], lines: list[str], language: str) -> Problem:
    message = str(found["message"])
    number = found["line"] or _mentioned(message) or _of_key(str(found["path"]), lines)
    said = message if language == "en" else in_chinese(message) or message
    line = lines[number - 1] if 0 < number <= len(lines) else ""
    return Problem(
        line=number, path=str(found["path"]), message=visible(said, 1_000), shown=visible(line, _LONGEST_LINE)
    )


def _mentioned(message: str) -> int | None:
    """What is missing is told at the line it belongs under."""
    found = _IN_LINE.search(message)
    return None if found is None else int(found[1])


def _of_key(path: str, lines: list[str]) -> int:
    """Where a key of the top level stands; 0 where it does not."""
    return next((number for number, line in enumerate(lines, 1) if path and line.startswith(f"{path}:")), 0)
