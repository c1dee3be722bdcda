"""Policy YAML to ``Policy``, with errors a person who does not program can act on."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError

from service.domain.errors import InvalidPolicy
from service.policy.schema import Policy

MAX_CHARACTERS = 200_000
MAX_DEPTH = 10
_PLAIN_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
_Path = tuple[str | int, ...]


def load_policy(text: str) -> Policy:
    """The policy written in ``text``.

    Raises InvalidPolicy: ``detail`` lists each problem as a sentence with line and path, ``extra["problems"]`` holds
    the same sentences one by one.
    """
    if len(text) > MAX_CHARACTERS:
        raise _refused([f"the file has {len(text)} characters; a policy has at most {MAX_CHARACTERS}"])
    lines: dict[_Path, int] = {}
    data = _parse(text, lines)
    try:
        # Through JSON, because pydantic's strict mode takes names of enumerations and lists only from there.
        return Policy.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        raise _refused([_sentence(problem, lines) for problem in error.errors(include_url=False)]) from None


def load_platform_policy(name: str) -> Policy:
    """A policy shipped with the package, such as ``demo`` or ``template``; InvalidPolicy for another name."""
    return load_policy(platform_policy_text(name))


def platform_policy_text(name: str) -> str:
    """The YAML of a policy shipped with the package."""
    names = platform_policy_names()
    if name not in names:
        raise InvalidPolicy(f"There is no policy named {name!r} in the package; choose one of {', '.join(names)}.")
    return (resources.files("service.policy.platforms") / f"{name}.yaml").read_text(encoding="utf-8")


@cache
def platform_policy_names() -> tuple[str, ...]:
    """Names of the policies shipped with the package."""
    files = resources.files("service.policy.platforms").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def _refused(problems: list[str]) -> InvalidPolicy:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    listed = "\n".join(f"- {problem}" for problem in problems)
    return InvalidPolicy(f"The policy has {count}:\n{listed}", extra={"problems": problems})


def _parse(text: str, lines: dict[_Path, int]) -> Any:
    """Plain data of the YAML, as ``yaml.safe_load`` makes it, after what YAML passes over in silence was refused."""
    try:
        _refuse_early(text)
        loader = yaml.SafeLoader(text)
        try:
            root = loader.get_single_node()
            if not isinstance(root, yaml.MappingNode):
                raise _refused(["the file is not a list of `key: value` lines; start from the commented template"])
            problems = list(_node_problems(root, (), lines))
            if problems:
                raise _refused(problems)
            return loader.construct_document(root)
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise _refused([_yaml_sentence(error)]) from None
    except ValueError as error:  # what a number or date of YAML can raise when it is out of bounds
        raise _refused([f"a value cannot be read ({error}); put texts in quotes"]) from None


def _refuse_early(text: str) -> None:
    """Aliases, which can blow a short text up, and deep nesting, whose parsing takes quadratic time."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if isinstance(event, yaml.AliasEvent):
            raise _refused([f"line {line}: *{event.anchor} repeats another part; write the part out instead"])
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _refused([f"line {line}: nested too deeply; a policy needs no more than {MAX_DEPTH} levels"])


def _yaml_sentence(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f"{where}this is not valid YAML ({what}); check indentation (blanks, no tabs), colons and quotes there"


def _node_problems(node: yaml.Node, path: _Path, lines: dict[_Path, int]) -> Iterator[str]:
    """Problems YAML itself passes over in silence; fills ``lines`` with the line of every path on the way."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        yield from _mapping_problems(node, path, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _node_problems(child, (*path, index), lines)
    elif node.tag == "tag:yaml.org,2002:int" and not _PLAIN_INTEGER.match(node.value):
        # YAML 1.1 reads 010 as 8 and 1:30 as 90.
        yield f"{_where(path, lines)}: write the number {node.value!r} in plain digits, or in quotes if it is a text"


def _mapping_problems(node: yaml.MappingNode, path: _Path, lines: dict[_Path, int]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            yield f"line {line}, {_dotted(path) or 'top level'}: a key here is not a plain word; put it in quotes"
            continue
        if key.value in seen:
            yield f"line {line}, {_dotted((*path, key.value))}: given twice (first in line {seen[key.value]}); keep one"
        seen.setdefault(key.value, line)
        lines.setdefault((*path, key.value), line)
        yield from _node_problems(child, (*path, key.value), lines)


def _dotted(path: _Path) -> str:
    """``budgets[2].max_count``: entries of a list counted from 1, as people do."""
    out = ""
    for step in path:
        out += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if out else step
    return out


def _where(path: _Path, lines: Mapping[_Path, int]) -> str:
    known = path
    while known and known not in lines:
        known = known[:-1]
    return f"line {lines.get(known, 1)}, {_dotted(path) or 'top level'}"


def _sentence(problem: Mapping[str, Any], lines: Mapping[_Path, int]) -> str:
    if problem["type"] == "at_path":
        return f"{_where(tuple(problem['ctx']['path']), lines)}: {problem['ctx']['sentence']}"
    path: _Path = tuple(step for step in problem["loc"] if step != "[key]")
    if problem["type"] in ("missing", "extra_forbidden"):
        return _key_sentence(problem["type"], path, lines)
    return f"{_where(path, lines)}: {_value_sentence(problem)}"


def _key_sentence(kind: str, path: _Path, lines: Mapping[_Path, int]) -> str:
    if kind == "missing":
        parent = f"under {_dotted(path[:-1])} (line {lines.get(path[:-1], 1)})" if path[1:] else "at the top level"
        return f"{_dotted(path)}: missing; add `{path[-1]}:` {parent}, as the template shows"
    return f"{_where(path, lines)}: unknown key; {_suggestion(str(path[-1]))}"


def _suggestion(key: str) -> str:
    close = difflib.get_close_matches(key, _known_keys(), n=1)
    return f"did you mean `{close[0]}`?" if close else "remove it or correct its spelling"


@cache
def _known_keys() -> tuple[str, ...]:
    keys: set[str] = set()
    for definition in [Policy.model_json_schema(), *Policy.model_json_schema().get("$defs", {}).values()]:
        keys.update(definition.get("properties", {}))
    return tuple(sorted(keys))


_EXPECTED = {
    "int_type": "write a whole number without quotes, such as 5000",
    "int_from_float": "write a whole number, such as 5000",
    "int_parsing": "write a whole number, such as 5000",
    "int_parsing_size": "this number is too large",
    "string_type": "write a text, in quotes if it looks like a number, date, yes or no",
    "bool_type": "write true or false",
    "model_type": "write `key: value` lines under it, indented",
    "dict_type": "write `key: value` lines under it, indented",
    "model_attributes_type": "write `key: value` lines under it, indented",
    "tuple_type": "write a list: [one, two], or one `- entry` per line",
    "list_type": "write a list: [one, two], or one `- entry` per line",
    "string_too_short": "this text is empty; write it",
    "too_short": "the list is empty; it needs at least one entry",
}


def _value_sentence(problem: Mapping[str, Any]) -> str:
    kind, context, given = problem["type"], problem.get("ctx", {}), problem.get("input")
    if kind in _EXPECTED:
        return f"{_EXPECTED[kind]} (found {_shown(given)})"
    if kind in ("enum", "literal_error"):
        return f"{_shown(given)} is not one of {context['expected']}; choose one of them"
    if kind == "greater_than_equal":
        return f"{_shown(given)} is too small; the least is {context['ge']}"
    if kind == "less_than_equal":
        return f"{_shown(given)} is too large; the most is {context['le']}"
    if kind == "string_pattern_mismatch":
        return f"{_shown(given)} has characters that are not allowed here; expected the pattern {context['pattern']}"
    if kind == "string_too_long":
        return f"this text is too long; at most {context['max_length']} characters"
    if kind == "value_error":
        return str(context["error"])
    return f"{problem['msg']} (found {_shown(given)}); compare with the template"


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "a group of keys"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 60 else shown[:57] + "…"
