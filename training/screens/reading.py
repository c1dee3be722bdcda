"""Pages to readings: our own reader in processes of its own, or lines read elsewhere, through one extractor."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from service.domain.errors import BadRequest
from service.domain.evidence import Box, Empty, Failed, ImageFacts, Line, Page, Read, ReadOutcome
from service.evidence import extract
from service.vision import EngineName, OcrEngine, build_engine, read_image
from training.screens.compare import Reading
from training.screens.compare_content import KEY

_engine: OcrEngine | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read; ``as_of`` gives dates without a year theirs."""

    path: Path
    as_of: date | None


def read_pages(
    jobs: Sequence[Job], engine: EngineName = "onnx", processes: int = 2
) -> Iterator[tuple[str, ReadOutcome]]:
    """File name and outcome of every page, in the order of ``jobs``, read in that many processes.

    ConfigurationError if the engine cannot be built here.
    """
    build_engine(engine)  # what is wrong with it is better said here than by a broken pool
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, initializer=_set_up, initargs=(engine,)) as pool:
        for job, outcome in zip(jobs, pool.map(_read, [job.path for job in jobs]), strict=True):
            yield job.path.name, outcome


def _set_up(engine: EngineName) -> None:
    global _engine
    _engine = build_engine(engine)


def _read(path: Path) -> ReadOutcome:
    assert _engine is not None
    return read_image(path.read_bytes(), _engine)


def page_of(outcome: ReadOutcome, as_of: date | None) -> Page | None:
    """What the extractor makes of a page that was read."""
    return extract(outcome, as_of=as_of, identity_key=KEY) if isinstance(outcome, Read) else None


def reading_of(outcome: ReadOutcome, page: Page | None) -> Reading:
    """The extractor's answer in the terms of the truth."""
    if page is None:
        return Reading(kind="failed" if isinstance(outcome, Failed) else "unknown", fields={})
    fields = {name.value: (found.value, found.score) for name, found in page.fields.items()}
    return Reading(kind=page.kind.value, fields=fields)


def load_lines(path: Path) -> dict[str, ReadOutcome]:
    """Lines read elsewhere: JSON lines {file, width, height, lines: [{text, score, box: [x0, y0, x1, y1], other?}]}.

    BadRequest if the file is not of that shape.
    """
    outcomes: dict[str, ReadOutcome] = {}
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        try:
            entry = json.loads(text)
            outcomes[str(entry["file"])] = _outcome(entry)
        except (ValueError, KeyError, TypeError) as error:
            raise BadRequest(f"{path}, line {number}: {type(error).__name__}: {error}") from error
    return outcomes


def _outcome(entry: Mapping[str, Any]) -> ReadOutcome:
    facts = ImageFacts(media_type="", width=int(entry["width"]), height=int(entry["height"]))
    lines = tuple(
        Line(str(line["text"]), float(line["score"]), Box(*map(float, line["box"])), line.get("other"))
        for line in entry["lines"]
    )
    return Read(lines=lines, image=facts) if lines else Empty(image=facts)


def dump_lines(file: str, outcome: ReadOutcome) -> str:
    """The JSON line of one outcome, as ``load_lines`` takes it; a failed reading has no lines."""
    image = None if isinstance(outcome, Failed) else outcome.image
    lines = outcome.lines if isinstance(outcome, Read) else ()
    entry = {
        "file": file,
        "width": image.width if image else 0,
        "height": image.height if image else 0,
        "lines": [
            {
                "text": line.text,
                "score": round(line.score, 4),
                "box": [round(edge, 1) for edge in (line.box.x0, line.box.y0, line.box.x1, line.box.y1)],
                **({} if line.other is None else {"other": line.other}),
            }
            for line in lines
        ],
    }
    return json.dumps(entry, ensure_ascii=False)
