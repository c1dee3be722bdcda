"""Two texts of a policy side by side, line by line and by meaning."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.console.figures import money, permille
from service.console.foreign_text import visible
from service.policy import Change, PolicyDifference
from service.review.policies import Comparison

_CONTEXT = 3
MOST_ROWS, MOST_LINES = 2_000, 3_000
# Above so many lines those that come again and again are no anchors: comparing is quadratic in them.
_MANY = 1_000
_LONGEST_VALUE = 300
_LONGEST_LINE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: numbers from 1, None where a side has no such line. ``kind``: same, changed, added, removed; ``gap``
    for lines left out, ``skipped`` of them."""

    kind: str
    old_number: int | None = None
    old: str = ""
    new_number: int | None = None
    new: str = ""
    skipped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """``path`` as in the policy's text; ``before``/``after`` as people read them, empty where it was not there."""

    path: str
    kind: str
    before: str
    after: str
    wording: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """``cut``: rows or lines beyond the first ``MOST_ROWS`` and ``MOST_LINES``, which are not shown."""

    rows: tuple[Line, ...]
    changed: int
    cut: int


def side_by_side(old: str, new: str) -> SideBySide:
    """The lines that differ with some around them. For a thread: two long texts may take seconds."""
    every = old.splitlines(), new.splitlines()
    before, after = (lines[:MOST_LINES] for lines in every)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=max(map(len, every)) > _MANY)
    rows = list(_rows(matcher, before, after))
    left = max(0, *(len(lines) - MOST_LINES for lines in every))
    changed = sum(row.kind not in ("same", "gap") for row in rows)
    return SideBySide(rows=tuple(rows[:MOST_ROWS]), changed=changed, cut=max(0, len(rows) - MOST_ROWS) + left)


def _rows(matcher: difflib.SequenceMatcher[str], before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    shown = 0
    for group in matcher.get_grouped_opcodes(_CONTEXT):
        if group[0][1] > shown:
            yield Line(kind="gap", skipped=group[0][1] - shown)
        for tag, old_from, old_to, new_from, new_to in group:
            yield from _block(tag, before[old_from:old_to], after[new_from:new_to], old_from + 1, new_from + 1)
        shown = group[-1][2]
    if 0 < shown < len(before):
        yield Line(kind="gap", skipped=len(before) - shown)


def _block(tag: str, old: Sequence[str], new: Sequence[str], old_at: int, new_at: int) -> Iterator[Line]:
    for step in range(max(len(old), len(new))):
        has_old, has_new = step < len(old), step < len(new)
        both = "same" if tag == "equal" else "changed"
        yield Line(
            kind=both if has_old and has_new else "removed" if has_old else "added",
            old_number=old_at + step if has_old else None,
            old=shown_line(old[step]) if has_old else "",
            new_number=new_at + step if has_new else None,
            new=shown_line(new[step]) if has_new else "",
        )


def meanings(found: Comparison, currency: str) -> tuple[Meaning, ...]:
    """What is different, whatever the layout; what decides first, then what only says something."""
    shown = [_meaning(each, currency) for each in found.meanings]
    return tuple(sorted(shown, key=lambda each: each.wording))


def _meaning(each: PolicyDifference, currency: str) -> Meaning:
    return Meaning(
        path=each.path,
        kind=each.change.value,
        before="" if each.change is Change.ADDED else shown_value(each.path, each.before, currency),
        after="" if each.change is Change.REMOVED else shown_value(each.path, each.after, currency),
        wording=each.wording,
    )


def shown_value(path: str, value: Any, currency: str) -> str:
    """A value as it is read: sums as money, thousandths as per cent, groups as JSON."""
    key = path.rpartition(".")[2]
    if isinstance(value, int) and not isinstance(value, bool):
        if key.endswith("_minor"):
            return money(value, currency)
        if "permille" in path:
            return permille(value)
        return str(value)
    if isinstance(value, str):
        return _cut(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return _cut(", ".join(value))
    return _cut(json.dumps(value, ensure_ascii=False))


def shown_line(line: str) -> str:
    """A line as it may be shown to who signs it: nothing in it draws nothing, or turns the rest around."""
    return visible(line, _LONGEST_LINE)


def _cut(text: str) -> str:
    return visible(text, _LONGEST_VALUE)
