"""Who belongs together, and how much of the money one of them may take.

Claims of one account, device or payer stand or fall together, so a sample of claims is worth less than its number
says: a ring is wrong as a whole, or absent as a whole. What is certified is therefore a rule that lets a connected
entity take a limited amount, and of each entity at most one claim is judged (``training.certification.draw``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from service.policy import EntityLimit

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

MISSING = -1


def codes(ids: Sequence[str | None]) -> Indices:
    """A number for each distinct id, [n]; MISSING where there is none, and nothing is shared by not having one."""
    known = {name: number for number, name in enumerate(dict.fromkeys(name for name in ids if name is not None))}
    return np.array([MISSING if name is None else known[name] for name in ids], dtype=np.int64)


def connected(*identifiers: Indices) -> Indices:
    """The connected entity of each claim, [n]: claims that share any identifier, directly or through others.

    Each argument is one kind of identifier as ``codes``. IP addresses do not belong here: carriers put thousands of
    strangers behind one. Nor do sellers, whom all their buyers share.
    """
    claims = len(identifiers[0])
    rows, columns, nodes = [], [], claims
    for kind in identifiers:
        known = np.flatnonzero(kind != MISSING)
        rows.append(known)
        columns.append(kind[known] + nodes)
        nodes += int(kind.max(initial=MISSING)) + 1
    row, column = np.concatenate(rows), np.concatenate(columns)
    graph = coo_matrix((np.ones(len(row), dtype=np.int8), (row, column)), shape=(nodes, nodes))
    _, component = connected_components(graph, directed=False)
    _, numbered = np.unique(component[:claims], return_inverse=True)
    return np.asarray(numbered, dtype=np.int64)


def within_cap(amount: Indices, entity: Indices, chosen: Flags, cap: int) -> Flags:
    """Of the chosen claims, in order of time, those that keep their entity's sum within ``cap``; a claim that would
    break it goes to a person and leaves room for a smaller one."""
    kept = chosen.copy()
    totals = np.bincount(entity[chosen], weights=amount[chosen].astype(np.float64), minlength=1)
    crowded = chosen & (np.append(totals, 0.0)[np.minimum(entity, len(totals))] > cap)
    taken: dict[int, int] = {}
    for position in np.flatnonzero(crowded):
        one = int(entity[position])
        asked = taken.get(one, 0) + int(amount[position])
        kept[position] = asked <= cap
        taken[one] = asked if asked <= cap else taken.get(one, 0)
    return kept


@dataclass(frozen=True, slots=True)
class Holders:
    """Who each claim's money counts against in the budgets: codes of account, device and payer, and the number of the
    budget's window it falls in; all [n]."""

    identifiers: tuple[Indices, ...]
    window: Indices


def within_budgets(amount: Indices, holders: Holders, entity: Indices, chosen: Flags, limit: EntityLimit) -> Flags:
    """Of the chosen claims those the served budgets let through: per account, device and payer, window by window."""
    kept = chosen.copy()
    totals = np.bincount(entity[chosen], weights=amount[chosen].astype(np.float64), minlength=1)
    crowded = chosen & (np.append(totals, 0.0)[np.minimum(entity, len(totals))] > limit.amount)
    taken: dict[tuple[int, int, int], int] = {}
    for position in np.flatnonzero(crowded):
        window = int(holders.window[position])
        keys = [
            (kind, int(known[position]), window)
            for kind, known in enumerate(holders.identifiers)
            if known[position] != MISSING
        ]
        asked = int(amount[position])
        kept[position] = all(taken.get(key, 0) + asked <= limit.amount for key in keys)
        if kept[position]:
            for key in keys:
                taken[key] = taken.get(key, 0) + asked
    return kept
