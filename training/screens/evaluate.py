"""Measure reading: pages rendered or given, read in processes of their own, held against their truth."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from tqdm import tqdm

from service.domain.errors import NotFound
from service.domain.evidence import Failed, FailedReason
from service.evidence import EXTRACTOR_VERSION
from service.vision import READER_VERSION, EngineName
from training.screens.compare import Finding, Verdict, findings
from training.screens.compare_content import content
from training.screens.layouts import is_spent
from training.screens.reading import Job, dump_lines, load_lines, page_of, read_pages, reading_of
from training.screens.scoreboard import scoreboard

Truths = Mapping[str, Mapping[str, Any]]


def load_truths(pages: Path) -> dict[str, dict[str, Any]]:
    """truth.json of a folder of pages, edited pages left out. NotFound if there is none."""
    path = pages / "truth.json"
    if not path.is_file():
        raise NotFound(f"{path} is not there; make pages with: prereview-train screens --out {pages}")
    truths: dict[str, dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return {name: truth for name, truth in truths.items() if "edit" not in truth}


def evaluate(
    pages: Path,
    truths: Truths,
    *,
    engine: EngineName = "onnx",
    lines: Path | None = None,
    save_lines: Path | None = None,
    processes: int = 2,
    progress: bool = False,
) -> dict[str, Any]:
    """The scoreboard of a folder of pages, read by ``engine`` or taken from a file of lines read elsewhere.

    ``failures`` lists what was not read right, for development layouts and spent sets: nobody shall tune on the others.
    """
    found: list[Finding] = []
    given = load_lines(lines) if lines else None
    jobs = [Job(pages / name, _day(truth.get("as_of"))) for name, truth in truths.items()]
    if given is None:
        outcomes = read_pages(jobs, engine, processes)
    else:
        missing = Failed(reason=FailedReason.MISSING_FILE, detail="no lines were given for this page")
        outcomes = ((job.path.name, given.get(job.path.name, missing)) for job in jobs)
    kept: list[str] = []
    for job, (name, outcome) in zip(
        jobs, tqdm(outcomes, "read", len(jobs), unit="page", disable=not progress), strict=True
    ):
        page = page_of(outcome, job.as_of)
        found += findings(name, truths[name], reading_of(outcome, page))
        found += content(name, truths[name], page)
        if save_lines:
            kept.append(dump_lines(name, outcome))
    if save_lines:
        save_lines.write_text("".join(f"{entry}\n" for entry in kept), "utf-8")
    reader = f"lines of {lines.name}" if lines else f"{engine} ({READER_VERSION})"
    return {
        "reader": reader,
        "extractor": EXTRACTOR_VERSION,
        **scoreboard(found, truths),
        "failures": _told(found, truths),
    }


def _told(found: Sequence[Finding], truths: Truths) -> list[dict[str, Any]]:
    return [
        asdict(finding)
        for finding in found
        if finding.verdict is not Verdict.RIGHT and _may_be_told(truths[finding.file])
    ]


def _may_be_told(truth: Mapping[str, Any]) -> bool:
    return not truth["held_out"] or is_spent(truth["layout"])


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
