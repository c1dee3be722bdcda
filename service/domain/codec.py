"""Domain types to JSON-ready data and back, so that what was seen can be stored and seen again."""

from __future__ import annotations

import hashlib
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter

T = TypeVar("T")


_ADAPTERS: dict[Any, TypeAdapter[Any]] = {}


def _adapter(kind: Any) -> TypeAdapter[Any]:
    """Building an adapter costs milliseconds, so each type's is built once."""
    found = _ADAPTERS.get(kind)
    if found is None:
        found = _ADAPTERS[kind] = TypeAdapter(kind)
    return found


def to_data(value: Any, kind: Any = None) -> Any:
    """JSON-ready data of a domain value; ``kind`` where the type is a union or generic alias."""
    return _adapter(kind or type(value)).dump_python(value, mode="json")


def from_data(kind: type[T], data: Any) -> T:
    """The domain value that ``to_data`` made; pydantic.ValidationError where it does not fit."""
    value: T = _adapter(kind).validate_python(data)
    return value


def canonical(data: Any) -> bytes:
    """One byte string per meaning: keys sorted, no blanks, UTF-8."""
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def digest(data: Any) -> str:
    """SHA-256 (hex) of the canonical form."""
    return hashlib.sha256(canonical(data)).hexdigest()
