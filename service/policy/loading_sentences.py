"""What is wrong with a policy, said to a person who does not program: the line, the key, and what to write instead."""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from service.policy.parts import Part
from service.policy.schema import Policy

Path = tuple[str | int, ...]


def dotted(path: Path) -> str:
    """``budgets[2].max_count``: entries of a list counted from 1, as people do."""
    out = ""
    for step in path:
        out += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if out else step
    return out


def where(path: Path, lines: Mapping[Path, int]) -> str:
    """The line of the path, or of the nearest part above it that has one."""
    known = path
    while known and known not in lines:
        known = known[:-1]
    return f"line {lines.get(known, 1)}, {dotted(path) or 'top level'}"


def sentence(problem: Mapping[str, Any], lines: Mapping[Path, int]) -> str:
    """One sentence for one of pydantic's errors."""
    if problem["type"] == "at_path":
        return f"{where(tuple(problem['ctx']['path']), lines)}: {problem['ctx']['sentence']}"
    path: Path = tuple(step for step in problem["loc"] if step != "[key]")
    if problem["type"] in ("missing", "extra_forbidden"):
        return _key_sentence(problem["type"], path, lines)
    return f"{where(path, lines)}: {_value_sentence(problem, path)}"


# --- keys ---


def _key_sentence(kind: str, path: Path, lines: Mapping[Path, int]) -> str:
    if kind == "missing":
        parent = f"under {dotted(path[:-1])} (line {lines.get(path[:-1], 1)})" if path[1:] else "at the top level"
        return f"{dotted(path)}: missing; add `{path[-1]}:` {parent}, as the template shows"
    return f"{where(path, lines)}: unknown key; {_suggestion(path)}"


def _suggestion(path: Path) -> str:
    """The key that was meant here; else where such a key belongs; else what there is."""
    key, here = str(path[-1]), _keys_at(path[:-1])
    close = difflib.get_close_matches(key, here, n=1) or [each for each in here if len(key) > 2 and key in each]
    if close:
        return f"did you mean `{close[0]}`?"
    if key in _places():
        places = " or ".join(sorted(_places()[key])[:3])
        return f"`{key}` belongs {places}; move it there, or check the indentation of this line"
    elsewhere = difflib.get_close_matches(key, _places(), n=1)
    if elsewhere:
        return f"did you mean `{elsewhere[0]}`? It belongs {' or '.join(sorted(_places()[elsewhere[0]])[:3])}"
    known = f"; the keys here are {', '.join(here)}" if here else ""
    return f"remove it or correct its spelling{known}"


def _keys_at(path: Path) -> list[str]:
    kind = _part_at(path)
    return [] if kind is None else list(kind.model_fields)


def _part_at(path: Path) -> type[Part] | None:
    """The part whose keys stand at ``path``."""
    kind: Any = Policy
    for step in path:
        found = _parts_in(kind)
        if found is not None and isinstance(step, str) and step in found.model_fields:
            kind = found.model_fields[step].annotation
        else:
            kind = _inner(kind)
    return _parts_in(kind)


def _inner(kind: Any) -> Any:
    """What a list or a mapping of names holds."""
    arguments = [each for each in typing.get_args(kind) if each is not Ellipsis]
    return arguments[-1] if arguments else None


def _parts_in(kind: Any) -> type[Part] | None:
    if isinstance(kind, type) and issubclass(kind, Part):
        return kind
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return next((found for each in typing.get_args(kind) if (found := _parts_in(each)) is not None), None)
    return None


@cache
def _places() -> Mapping[str, frozenset[str]]:
    """Every key there is, with the places it belongs to in words."""
    found: dict[str, set[str]] = {}
    _walk(Policy, "at the top level", found, set())
    return {key: frozenset(places) for key, places in found.items()}


def _walk(kind: Any, place: str, found: dict[str, set[str]], seen: set[type[Part]]) -> None:
    part = _parts_in(kind)
    if part is None:
        for argument in typing.get_args(kind):
            _walk(argument, place, found, seen)
    elif part not in seen:
        for name, field in part.model_fields.items():
            found.setdefault(name, set()).add(place)
            _walk(field.annotation, f"under {name}", found, seen | {part})


# --- values ---

_EXPECTED = {
    "string_type": "write a text, in quotes if it looks like a number, date, yes or no",
    "bool_type": "write true or false, without quotes",
    "dict_type": "write `key: value` lines under it, indented",
    "tuple_type": "write a list: [one, two], or one `- entry` per line",
    "list_type": "write a list: [one, two], or one `- entry` per line",
    "string_too_short": "this text is empty; write it",
    "date_type": "write a day such as 2026-10-01",
    "date_parsing": "write a day such as 2026-10-01",
    "date_from_datetime_parsing": "write a day such as 2026-10-01",
    "date_from_datetime_inexact": "write a day such as 2026-10-01, without a time",
}
_NUMBERS = frozenset({"int_type", "int_from_float", "int_parsing"})
# What a pattern asks for, in words; the patterns stand in the parts.
_PATTERNS = {
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$": "use letters of a to z, digits, - _ and . only, up to 64 of them",
    r"^[A-Z]{3}$": "write the three capital letters of a currency, such as CNY",
    r"^([A-Z]{2}|none)$": "write the two capital letters of a country, such as CN, or none",
    r"^([01][0-9]|2[0-3]):[0-5][0-9]$": 'write a time of day in quotes, such as "18:00"',
}


def _value_sentence(problem: Mapping[str, Any], path: Path) -> str:
    kind, context, given = problem["type"], problem.get("ctx", {}), problem.get("input")
    if kind in _NUMBERS:
        quotes = " without quotes" if isinstance(given, str) and given.strip().isdigit() else ""
        return f"write a whole number{quotes}, {_unit(path)} (found {_shown(given)})"
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind]} (found {_shown(given)})"
    found = _BY_KIND.get(kind)
    if found is not None:
        return found(context, given, path)
    return f"{problem['msg']} (found {_shown(given)}); compare with the template"


_UNITS = (
    ("_minor", "in the smallest unit of the currency: 5000 for ¥50.00"),
    ("_permille", "in thousandths: 5 for 0.5 %, 50 for 5 %"),
    ("hours", "in hours: 72 for three days"),
    ("hours_before", "in hours: 24 for a day"),
    ("working_days", "in working days, such as 3"),
    ("_days", "in days, such as 30"),
)


def _unit(path: Path) -> str:
    """What a number at ``path`` counts, with an example."""
    steps = [step for step in path if isinstance(step, str)]
    # Keys of a mapping (a reason, a kind of goods) say nothing of the unit; what they stand under does.
    for step in reversed(steps):
        for ending, unit in _UNITS:
            if step.endswith(ending):
                return unit
        if step == "fee":
            return _UNITS[1][1]
    return "such as 3"


# The choices of an enumeration stand in quotes, whatever is written around them.
_QUOTED = re.compile(r"'([^']*)'")


def _not_one_of(context: Mapping[str, Any], given: Any, _: Path) -> str:
    choices = _QUOTED.findall(str(context["expected"]))
    close = difflib.get_close_matches(str(given), choices, n=1)
    said = f"did you mean {close[0]}? The choices are" if close else "choose one of"
    return f"{_shown(given)} is not known here; {said} {', '.join(choices)}"


def _pattern(context: Mapping[str, Any], given: Any, _: Path) -> str:
    words = _PATTERNS.get(context["pattern"], f"expected the pattern {context['pattern']}")
    return f"{_shown(given)} does not fit here; {words}"


def _too_small(context: Mapping[str, Any], given: Any, path: Path) -> str:
    return f"{_shown(given)} is too small; the least is {context['ge']} ({_unit(path)})"


def _too_large(context: Mapping[str, Any], given: Any, path: Path) -> str:
    return f"{_shown(given)} is too large; the most is {context['le']} ({_unit(path)})"


def _group(_: Mapping[str, Any], given: Any, path: Path) -> str:
    keys = ", ".join(_keys_at(path))
    listed = f"; the keys are {keys}" if keys else ""
    return f"write `key: value` lines under it, indented, or {{key: value}} behind it{listed} (found {_shown(given)})"


_BY_KIND: Mapping[str, Callable[[Mapping[str, Any], Any, Path], str]] = {
    "model_type": _group,
    "model_attributes_type": _group,
    "too_short": lambda _context, _given, _path: "the list is empty; it needs at least one entry",
    "enum": _not_one_of,
    "literal_error": _not_one_of,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "string_pattern_mismatch": _pattern,
    "string_too_long": lambda context, _given, _path: (
        f"this text is too long; at most {context['max_length']} characters"
    ),
    "value_error": lambda context, _given, _path: str(context["error"]),
    "int_parsing_size": lambda _context, given, _path: f"{_shown(given)} is too large a number",
}


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else shown[:57] + "…"
