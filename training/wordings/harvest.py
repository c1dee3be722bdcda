"""Lines of drawn pages that report no error: what a message is to be told from."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

from service.domain.evidence import Box, Read
from service.evidence.normalise import clean, match_form
from service.evidence.paragraphs import Paragraph, paragraphs
from service.evidence.prompt_sayings import causes
from service.evidence.segments import union
from service.evidence.sheet import Sheet
from training.screens.evaluate import load_truths
from training.screens.reading import load_lines
from training.wordings.pools import PAGE_LINES

_SHORTEST, _LONGEST = 2, 120
# Agents and buyers tell of errors in words of their own, which no truth marks.
_SAID = frozenset({"chat"})


def harmless_lines(pages: Path, lines: Path, most: int, seed: int = 1) -> list[str]:
    """At most ``most`` paragraphs read from the pages of a folder, in order of their characters, without their prompts.

    What the lexicon knows for an error is left out too: a list's rows may say 充值失败. NotFound, BadRequest as the
    readers of truths and lines raise them.
    """
    read = load_lines(lines)
    found: set[str] = set()
    for name, truth in load_truths(pages).items():
        outcome = read.get(name)
        if not isinstance(outcome, Read) or truth["page"] in _SAID:
            continue
        sheet = Sheet(outcome.lines, Box(0, 0, outcome.image.width, outcome.image.height))
        found |= {block.text for block in paragraphs(sheet.segments) if _is_harmless(block, truth)}
    some = sorted(found)
    Random(seed).shuffle(some)
    return sorted(some[:most])


def _is_harmless(block: Paragraph, truth: Mapping[str, Any]) -> bool:
    text = clean(block.text)
    form, index = match_form(text)
    return _SHORTEST <= len(form) <= _LONGEST and not _is_prompt(block, truth) and not causes(form, text, index)


def _is_prompt(block: Paragraph, truth: Mapping[str, Any]) -> bool:
    """On, or within two lines of, the prompt: 充值失败 may head the reason, and advice follow it."""
    if "error_prompt" not in truth["fields"]:
        return False
    around = truth["boxes"].get("error_prompt")
    if around is None:
        return True
    box = union(piece.box for piece in block.pieces)
    room = 2 * max(piece.box.height for piece in block.pieces)
    return bool(box.y0 - room < around[3] and around[1] < box.y1 + room)


def goods_named(pages: Path) -> list[str]:
    """The names of goods the pages' truths tell, in order. NotFound as the reader of truths raises it."""
    truths = load_truths(pages).values()
    of_orders = (order for truth in truths for order in truth["orders"])
    told = [truth["texts"] for truth in truths] + [order["fields"] for order in of_orders]
    return sorted({texts["product"] for texts in told if texts.get("product")})


def keep_lines(name: str, found: list[str], path: Path = PAGE_LINES) -> int:
    """Put the texts in place of what was kept of this set, but for those another set has; how many they are.

    Written without a clock: the same texts are the same bytes.
    """
    every: dict[str, list[str]] = {}
    if path.is_file():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            every = json.load(file)
    elsewhere = {text for other, texts in every.items() if other != name for text in texts}
    every[name] = [text for text in found if text not in elsewhere]
    packed = io.BytesIO()
    with gzip.GzipFile(filename="", fileobj=packed, mode="wb", mtime=0) as raw:
        raw.write(json.dumps(every, ensure_ascii=False, indent=0).encode())
    path.write_bytes(packed.getvalue())
    return len(every[name])
