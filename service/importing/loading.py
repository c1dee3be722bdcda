"""Mappings from YAML: ready ones by name, a platform's own by path, with errors that name the place."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from service.domain.errors import BadRequest
from service.importing.mapping import Mapping

MAX_CHARACTERS = 200_000
MAX_DEPTH = 20
_READY = "service.importing.mappings"


@dataclass(frozen=True, slots=True)
class Loaded:
    """``digest``: SHA-256 (hex) of the text; another text is another import."""

    mapping: Mapping
    digest: str


def ready_names() -> tuple[str, ...]:
    """Mappings shipped with the package."""
    files = resources.files(_READY).iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def load(reference: str) -> Loaded:
    """A ready mapping by name or one of a file by path; BadRequest says what to correct."""
    return parse(text_of(reference))


def text_of(reference: str) -> str:
    """A mapping's YAML."""
    if reference in ready_names():
        return (resources.files(_READY) / f"{reference}.yaml").read_text(encoding="utf-8")
    path = Path(reference)
    if not path.is_file():
        raise BadRequest(
            f"There is no mapping {reference!r}: give a YAML file, or one of {', '.join(ready_names())} by name."
        )
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadRequest(f"{path.name} is not UTF-8 text; save it as UTF-8.") from None


def parse(text: str) -> Loaded:
    """The mapping written in ``text``."""
    if len(text) > MAX_CHARACTERS:
        raise BadRequest(f"The mapping has {len(text)} characters; at most {MAX_CHARACTERS} are read.")
    try:
        _refuse_early(text)
        data = yaml.load(text, Loader=_UniqueKeys)  # noqa: S506  a safe loader
        return Loaded(Mapping.model_validate(data), hashlib.sha256(text.encode()).hexdigest())
    except (yaml.YAMLError, RecursionError) as error:
        raise BadRequest(f"The mapping is not valid YAML: {_yaml_sentence(error)}") from None
    except ValidationError as error:
        problems = [
            {"path": ".".join(str(step) for step in item["loc"]) or "the mapping", "message": _sentence(item)}
            for item in error.errors(include_url=False)
        ]
        raise BadRequest("The mapping has errors; correct what is listed.", extra={"errors": problems}) from None


class _Unsafe(yaml.YAMLError):
    pass


class _UniqueKeys(yaml.SafeLoader):
    """The safe loader, but a key given twice is an error instead of the last one winning."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value]
        twice = [key for key in keys if keys.count(key) > 1]
        if twice:
            raise yaml.constructor.ConstructorError(None, None, f"{twice[0]!r} is given twice", node.start_mark)
        return super().construct_mapping(node, deep)


def _refuse_early(text: str) -> None:
    """Aliases, which can blow a short text up, and deep nesting, whose parsing takes quadratic time."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _Unsafe("nested too deeply")
        if isinstance(event, yaml.AliasEvent):
            raise _Unsafe("an alias; write repeated parts out")


def _yaml_sentence(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"line {mark.line + 1}: " if mark is not None else ""
    return f"{where}{getattr(error, 'problem', None) or error}."


def _sentence(item: Any) -> str:
    if item["type"] == "missing":
        return "is missing; add it"
    if item["type"] == "extra_forbidden":
        return "is not a key of a mapping here; correct its spelling or remove it"
    message: str = item["msg"].removeprefix("Value error, ")
    return message
