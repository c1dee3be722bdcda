"""How well the meaning of wordings is told that were not learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass

from rich.table import Table

from service.evidence.goods_words import UNLIKELY
from service.evidence.learned_words import WORDINGS, Weights, chances, weights
from service.evidence.normalise import compact
from service.evidence.prompts import LIKELY
from training.wordings.fit import GOODS_NAMES, MESSAGES, learned, told
from training.wordings.pools import CHECK, GOODS, Taught, check, goods, wordings

Told = tuple[Taught, str, float]


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of one pool's wordings in one language. ``right``: the error told, as clearly as a message must be told;
    ``wrong``: another one told so; ``accused``: of the harmless ones, those an error is told of."""

    pool: str
    language: str
    errors: int
    right: int
    wrong: int
    harmless: int
    accused: int


def measured(each: Callable[[list[str]], Iterable[str]] = iter) -> list[Row]:
    """Every pool left out of learning in turn, then the one that is never learned from by the weights of this release.

    ``each`` wraps the pools' names, as a progress bar does. Takes some ten seconds a pool.
    """
    pools = list(dict.fromkeys(one.pool for one in wordings()))
    rows = []
    for pool in each([*pools, CHECK]):
        found: Weights = weights(WORDINGS) if pool == CHECK else learned(MESSAGES, without=(pool,))
        rows += _rows(pool, told(found, unseen(pool)))
    return rows


@dataclass(frozen=True, slots=True)
class GoodsRow:
    """Counts of one set's names of goods and other lines, and how many of each are likely (> 0.5) or unlikely."""

    pool: str
    names: int
    names_likely: int
    names_unlikely: int
    lines: int
    lines_likely: int
    lines_unlikely: int


def measured_goods(each: Callable[[list[str]], Iterable[str]] = iter) -> list[GoodsRow]:
    """Names of goods and lines of each set of drawn pages, told by weights of all the others."""
    sets = list(
        dict.fromkeys(one.pool.removeprefix("goods of ") for one in goods() if one.pool.startswith("goods of "))
    )
    rows = []
    for name in each(sets):
        own = (f"goods of {name}", f"lines of {name}")
        found = learned(GOODS_NAMES, without=own)
        at = found.meanings.index(GOODS)
        chance: dict[bool, list[float]] = {True: [], False: []}
        for one in goods():
            if one.pool in own:
                chance[bool(one.meaning)].append(float(chances(found, one.text)[at]))
        counts = [
            count
            for kind in (True, False)
            for count in (
                len(chance[kind]),
                sum(each_one > _LIKELY for each_one in chance[kind]),
                sum(each_one <= UNLIKELY for each_one in chance[kind]),
            )
        ]
        rows.append(GoodsRow(name, *counts))
    return rows


def goods_table(rows: Iterable[GoodsRow]) -> Table:
    table = Table(title="Which lines name goods, told by weights that had not learned the set")
    for head in ("set", "names of goods", "likely", f"≤ {UNLIKELY}", "other lines", "likely", f"≤ {UNLIKELY}"):
        table.add_column(head, justify="left" if head == "set" else "right")
    for row in rows:
        table.add_row(
            row.pool,
            str(row.names),
            _share(row.names_likely, row.names),
            _share(row.names_unlikely, row.names),
            str(row.lines),
            _share(row.lines_likely, row.lines),
            _share(row.lines_unlikely, row.lines),
        )
    return table


_LIKELY = 0.5


def unseen(pool: str) -> list[Taught]:
    """The pool's wordings that stand in no other: what everybody says the same way is no test."""
    elsewhere = {compact(one.text) for one in wordings() if one.pool != pool}
    mine = check() if pool == CHECK else [one for one in wordings() if one.pool == pool]
    return [one for one in mine if compact(one.text) not in elsewhere]


def _rows(pool: str, answers: list[Told]) -> list[Row]:
    rows = []
    for language in dict.fromkeys(one.language for one, _, _ in answers):
        mine = [answer for answer in answers if answer[0].language == language]
        errors = [answer for answer in mine if answer[0].meaning]
        harmless = [answer for answer in mine if not answer[0].meaning]
        said = [(one, meaning) for one, meaning, chance in errors if meaning and chance >= LIKELY]
        rows.append(
            Row(
                pool=pool,
                language=language,
                errors=len(errors),
                right=sum(one.meaning == meaning for one, meaning in said),
                wrong=sum(one.meaning != meaning for one, meaning in said),
                harmless=len(harmless),
                accused=sum(bool(meaning) and chance >= LIKELY for _, meaning, chance in harmless),
            )
        )
    return rows


def as_table(rows: Iterable[Row]) -> Table:
    table = Table(title="What wordings mean, told by weights that had not learned them")
    for head in ("pool", "language", "errors", "told right", "told wrong", "harmless", "told an error"):
        table.add_column(head, justify="left" if head in ("pool", "language") else "right")
    for row in rows:
        table.add_row(
            row.pool,
            row.language,
            str(row.errors),
            _share(row.right, row.errors),
            _share(row.wrong, row.errors),
            str(row.harmless),
            _share(row.accused, row.harmless),
        )
    return table


def as_facts(rows: Iterable[Row | GoodsRow]) -> list[dict[str, str | int]]:
    return [asdict(row) for row in rows]


def _share(hits: int, of: int) -> str:
    return f"{hits} ({100 * hits / of:.1f} %)" if of else "-"
