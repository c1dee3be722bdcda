"""What is different between two policies, by meaning: clause by clause, whatever the order or layout of the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.policy.schema import Policy

_ABSENT = object()
_WORDS = frozenset({"zh", "en"})


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyDifference:
    """``path``: ``fee.buyer_at_fault_permille``, ``negative_list.N5.effect``; a clause is named by its id.

    ``before``/``after``: JSON-ready, None where it was not there. ``wording``: only what people read is different.
    """

    path: str
    change: Change
    before: Any
    after: Any
    wording: bool = False


def policy_differences(old: Policy, new: Policy) -> tuple[PolicyDifference, ...]:
    """In the order of the policy's parts."""
    return tuple(_mappings("", old.model_dump(mode="json"), new.model_dump(mode="json")))


def _mappings(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[PolicyDifference]:
    for key in dict.fromkeys([*old, *new]):
        yield from _values(f"{path}.{key}" if path else key, old.get(key, _ABSENT), new.get(key, _ABSENT))


def _values(path: str, old: Any, new: Any) -> Iterator[PolicyDifference]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(path, old, new)
    else:
        yield _difference(path, old, new)


def _lists(path: str, old: list[Any], new: list[Any]) -> Iterator[PolicyDifference]:
    """Clauses by their name, plain values as sets; what is left is another order, which counts where the first wins."""
    if all(isinstance(each, Mapping) for each in [*old, *new]):
        before, after = _named(old), _named(new)
        yield from _mappings(path, before, after)
        if before == after:
            yield _difference(path, list(before), list(after))
        return
    gone = [each for each in old if each not in new]
    come = [each for each in new if each not in old]
    if gone or come:
        yield _difference(path, gone if gone else _ABSENT, come if come else _ABSENT)
    else:
        yield _difference(path, old, new)


def _named(clauses: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """By id; by route and payment methods where there is none, else by position, counted from 1 as people do."""
    named: dict[str, Mapping[str, Any]] = {}
    for position, clause in enumerate(clauses, start=1):
        name = clause.get("id")
        if name is None and "route" in clause:
            name = "/".join([clause["route"], *(clause.get("payment_methods") or ["*"])])
        named[str(name) if name is not None and str(name) not in named else f"[{position}]"] = clause
    return named


def _difference(path: str, old: Any, new: Any) -> PolicyDifference:
    change = Change.ADDED if old is _ABSENT else Change.REMOVED if new is _ABSENT else Change.CHANGED
    return PolicyDifference(
        path=path,
        change=change,
        before=None if old is _ABSENT else old,
        after=None if new is _ABSENT else new,
        wording=path.rpartition(".")[2] in _WORDS,
    )
