"""How often a hidden fact is told as hidden, and how often a whole page is told to lack something."""

from __future__ import annotations

import io
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image
from rich.table import Table
from tqdm import tqdm

from service.domain.errors import ConfigurationError
from service.domain.evidence import Empty, Failed, FieldName, Page, ReadOutcome
from service.domain.showing import PLAIN
from service.evidence import extract
from service.vision import OcrEngine, build_engine, read_image
from training.screens.compare import same
from training.screens.hiding import HIDINGS
from training.screens.scoreboard import Rate

# What the buyer is asked to show; a page's own word for a number or a time may be the order's or the payment's.
ASKED = ("order_number", "trade_number", "amount", "ordered_at", "paid_at", "payee", "recharged_account")
_ALIKE = ({"ordered_at", "paid_at"}, {"order_number", "trade_number"})
# Damages that take nothing from the page.
HARMLESS = frozenset({"none", "jpeg", "webp"})
_engine: OcrEngine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One page with one fact hidden, or whole (``kind`` "none").

    ``read``: the fact was read right all the same. ``named``: told as hidden by name. ``page``: the page as a whole
    was said to be cut or illegible. ``wrongly``: other facts that are shown and were told as hidden.
    """

    kind: str
    read: bool = False
    named: bool = False
    page: bool = False
    wrongly: tuple[str, ...] = ()


def measure(
    pages: Path, truths: Mapping[str, Mapping[str, Any]], *, seed: int = 1, processes: int = 2, progress: bool = False
) -> dict[str, Any]:
    """Hide facts of the undamaged order, payment and delivery pages of a folder, each way in turn, and read them."""
    whole = {name: truth for name, truth in truths.items() if truth["damage"] in HARMLESS}
    jobs = [
        (pages / name, truth, number)
        for number, (name, truth) in enumerate(sorted(whole.items()))
        if truth["page"] in ("order", "payment", "delivery")
    ]
    context = multiprocessing.get_context("spawn")
    found: list[Told] = []
    with ProcessPoolExecutor(processes, context, initializer=_set_up) as pool:
        results = pool.map(partial(_measure_one, seed), jobs)
        for told in tqdm(results, "hidden", len(jobs), unit="page", disable=not progress):
            found += told
    return scores(found)


def _set_up() -> None:
    global _engine
    _engine = build_engine("onnx")


def _measure_one(seed: int, job: tuple[Path, Mapping[str, Any], int]) -> list[Told]:
    path, truth, number = job
    with Image.open(path) as opened:
        image = opened.convert("RGB")
    found = [Told(kind="none", wrongly=_wrongly(_page(path.read_bytes(), truth), truth, "", whole=True))]
    facts = [name for name in ASKED if name in truth["boxes"]]
    rng = Random(f"{seed}:{path.name}")
    for turn in range(2 if facts else 0):
        kind = list(HIDINGS)[(2 * number + turn) % len(HIDINGS)]
        fact = rng.choice(facts)
        found += _hidden(image, truth, kind, fact, rng)
    return found


def _hidden(image: Image.Image, truth: Mapping[str, Any], kind: str, fact: str, rng: Random) -> Iterator[Told]:
    changed = HIDINGS[kind](image.copy(), truth["boxes"][fact], rng)
    if changed.tobytes() == image.tobytes():
        return
    out = io.BytesIO()
    changed.save(out, "JPEG", quality=rng.randrange(70, 93))
    page = _page(out.getvalue(), truth)
    if page is None:  # told as a picture without any text
        yield Told(kind=kind, page=True)
        return
    field = page.fields.get(FieldName(fact))
    gaps = {gap.field.value for gap in page.gaps if gap.field is not None and gap.kind in PLAIN}
    alike = _alike(fact)
    # What a crop or a blur does to the others is not known here.
    alone = not kind.startswith(("cut", "blurred", "thumbnail"))
    yield Told(
        kind=kind,
        read=field is not None and same(fact, truth["fields"][fact], field.value),
        named=bool(gaps & alike),
        page=any(gap.field is None and gap.kind in PLAIN for gap in page.gaps),
        wrongly=_wrongly(page, truth, fact) if alone else (),
    )


def _wrongly(page: Page | None, truth: Mapping[str, Any], hidden: str, *, whole: bool = False) -> tuple[str, ...]:
    if page is None:
        return ("page",)
    alike = _alike(hidden)
    names = [gap.field.value if gap.field else "page" for gap in page.gaps if gap.kind in PLAIN]
    return tuple(name for name in names if (whole or name in truth["fields"]) and name not in alike)


def _alike(fact: str) -> set[str]:
    return next((names for names in _ALIKE if fact in names), {fact})


def _page(data: bytes, truth: Mapping[str, Any]) -> Page | None:
    assert _engine is not None
    outcome: ReadOutcome = read_image(data, _engine)
    if isinstance(outcome, Failed):
        raise ConfigurationError(f"a page could not be read: {outcome.reason.value}, {outcome.detail}")
    if isinstance(outcome, Empty):
        return None
    as_of = truth.get("as_of")
    return extract(outcome, as_of=date.fromisoformat(as_of) if as_of else None)


def scores(found: Sequence[Told]) -> dict[str, Any]:
    """Rates ready for JSON. ``told``: of facts that could not be read right, by name or with the whole page."""
    hidden = [one for one in found if one.kind != "none"]
    kinds = [*dict.fromkeys(one.kind for one in sorted(hidden, key=lambda one: list(HIDINGS).index(one.kind)))]
    return {
        "kinds": {kind: _rates([one for one in hidden if one.kind == kind]) for kind in kinds},
        "all": _rates(hidden),
        "whole_pages_accused": Rate(
            sum(bool(one.wrongly) for one in found if one.kind == "none"), sum(one.kind == "none" for one in found)
        ).as_json(),
    }


def _rates(own: Sequence[Told]) -> dict[str, Any]:
    lost = [one for one in own if not one.read]
    return {
        "pages": len(own),
        "read": sum(one.read for one in own),
        "named": Rate(sum(one.named for one in lost), len(lost)).as_json(),
        "told": Rate(sum(one.named or one.page for one in lost), len(lost)).as_json(),
        "others_accused": sum(bool(one.wrongly) for one in own),
    }


def gap_table(board: Mapping[str, Any]) -> Table:
    """One row for each way of hiding, and the false alarms on whole pages."""
    accused = board["whole_pages_accused"]
    title = (
        f"Hidden facts told as hidden; whole pages accused: {accused['hits']} of {accused['n']} "
        f"(95 % Wilson {accused['low']:.1%}–{accused['high']:.1%})"
    )
    table = Table(title=title, title_justify="left")
    headings = ("hidden by", "pages", "still read right", "told by name", "told by name or page", "others accused")
    for index, heading in enumerate(headings):
        table.add_column(heading, justify="right" if index else "left")
    for kind, row in (*board["kinds"].items(), ("all", board["all"])):
        table.add_row(
            kind,
            str(row["pages"]),
            str(row["read"]),
            *(f"{row[part]['hits']} of {row[part]['n']}" for part in ("named", "told")),
            str(row["others_accused"]),
        )
    return table
