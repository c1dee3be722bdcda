"""Policy YAML to ``Policy``, with errors a person who does not program can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import ValidationError

from service.domain.errors import InvalidPolicy
from service.policy.loading_sentences import Path, dotted, sentence, where
from service.policy.schema import Policy

MAX_CHARACTERS = 200_000
MAX_DEPTH = 10
_PLAIN_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")


def load_policy(text: str) -> Policy:
    """The policy written in ``text``.

    Raises InvalidPolicy: ``detail`` lists each problem as a sentence with line and path, ``extra["problems"]`` holds
    the same sentences one by one.
    """
    if len(text) > MAX_CHARACTERS:
        raise _refused([f"the file has {len(text)} characters; a policy has at most {MAX_CHARACTERS}"])
    lines: dict[Path, int] = {}
    data = _parse(text, lines)
    try:
        # Through JSON, because pydantic's strict mode takes names of enumerations and lists only from there.
        return Policy.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        raise _refused([sentence(problem, lines) for problem in error.errors(include_url=False)]) from None


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


def _parse(text: str, lines: dict[Path, int]) -> Any:
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


# What the parser says of the commonest slips, and what to do about them.
_YAML_SLIPS = {
    "mapping values are not allowed": "a colon too many, or a line indented too far; put a text with a colon in quotes",
    "character '\\t'": "there is a tab here; indent with blanks",
    "expected <block end>": "this line is indented otherwise than those beside it",
    "expected '<document start>'": "this line is indented otherwise than the lines above it",
    "could not find expected ':'": "a colon is missing here or in the line above; write `key: value`",
    "found unexpected end of stream": "a quote or bracket that was opened is never closed",
}


def _yaml_sentence(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    place = f"line {mark.line + 1}, column {mark.column + 1}: " if mark is not None else ""
    what = getattr(error, "problem", None) or str(error).splitlines()[0]
    meaning = next((meaning for sign, meaning in _YAML_SLIPS.items() if sign in what), None)
    advice = meaning or f"{what}; check indentation (blanks, no tabs), colons and quotes there"
    return f"{place}this is not valid YAML: {advice}"


def _node_problems(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Iterator[str]:
    """Problems YAML itself passes over in silence; fills ``lines`` with the line of every path on the way."""
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        yield from _mapping_problems(node, path, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield from _node_problems(child, (*path, index), lines)
    elif node.tag == "tag:yaml.org,2002:int" and not _PLAIN_INTEGER.match(node.value):
        # YAML 1.1 reads 010 as 8 and 1:30 as 90.
        how = "in quotes if it is a time or a text" if ":" in node.value else "or in quotes if it is a text"
        yield f"{where(path, lines)}: write the number {node.value!r} in plain digits, {how}"


def _mapping_problems(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for key, child in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
            yield f"line {line}, {dotted(path) or 'top level'}: a key here is not a plain word; put it in quotes"
            continue
        if key.value in seen:
            yield f"line {line}, {dotted((*path, key.value))}: given twice (first in line {seen[key.value]}); keep one"
        seen.setdefault(key.value, line)
        lines.setdefault((*path, key.value), line)
        yield from _node_problems(child, (*path, key.value), lines)
