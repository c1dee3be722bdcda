"""Identifiers read as printed, before and after re-reading: python -m tests.benchmarks.ocr_ids [FOLDER]

Sheets of identifiers in the fonts installed here, half of them damaged; or the order and trade numbers of rendered
pages (``prereview-train screens --out FOLDER``). Exact means every character; blanks aside.
"""

from __future__ import annotations

import io
import json
import random
import string
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from service.domain.evidence import Line
from service.vision import OnnxEngine, decode
from service.vision.stages import Stages
from tests.benchmarks.drawn_pages import cjk_font
from tests.benchmarks.ocr_page import _figure, show

SHEETS, ROWS = 48, 8
WIDTH, PITCH = 1080, 120
_FOLDER = Path("/usr/share/fonts")
_FONTS = ("DejaVuSans.ttf", "DejaVuSansMono.ttf", "LiberationSans-Regular.ttf", "LiberationSerif-Regular.ttf")

Page = tuple[bool, bytes, list[str]]
"""Whether it is damaged, the file, and what is printed on it."""


def run() -> Iterator[dict[str, str | float]]:
    """Shares of identifiers that are read exactly, and what re-reading costs."""
    pages = _rendered(Path(sys.argv[1])) if len(sys.argv) > 1 else map(_sheet, range(SHEETS))
    engines = {"tiny": OnnxEngine(reread=False), "reread": OnnxEngine()}
    counts: Counter[tuple[str, str]] = Counter()
    stages, number = Stages(), 0
    for number, (damaged, data, printed) in enumerate(pages, 1):
        print(f"\r{number} pages", end="", file=sys.stderr, flush=True)
        pixels, state = decode(data).pixels, "damaged" if damaged else "undamaged"
        for name, engine in engines.items():
            lines = engine.read(pixels, stages if name == "reread" else None)
            for words in printed:
                group = f"{state}_{'digits' if words.replace('-', '').isdigit() else 'codes'}"
                counts[group, name] += _stands(words, lines)
                counts[group, "all"] += name == "tiny"
    print(file=sys.stderr)
    for group in sorted({group for group, _ in counts}):
        total = counts[group, "all"]
        for name in engines:
            note = f"{counts[group, name]} of {total} exact"
            yield _figure(f"ocr.ids_{group}_{name}", counts[group, name] / total, "share", note)
    yield _figure("ocr.ids_reread_ms", stages.cpu["reread"] / number, "cpu ms/page", f"{number} pages")


def _stands(words: str, lines: tuple[Line, ...]) -> bool:
    bare = words.replace(" ", "")
    return any(bare in line.text.replace(" ", "") for line in lines)


def _rendered(folder: Path) -> Iterator[Page]:
    truths = json.loads((folder / "truth.json").read_text("utf-8"))
    for name, truth in truths.items():
        printed = [truth["texts"][field] for field in ("order_number", "trade_number") if field in truth["texts"]]
        if printed:
            yield truth["damage"] != "none", (folder / name).read_bytes(), printed


def _sheet(seed: int) -> Page:
    chance = random.Random(seed)
    dark = chance.random() < 0.3
    image = Image.new("RGB", (WIDTH, PITCH * ROWS), "#16181c" if dark else "#ffffff")
    font = ImageFont.truetype(str(_font(seed)), chance.choice((24, 28, 32, 36, 42)))
    pen, printed = ImageDraw.Draw(image), []
    for row in range(ROWS):
        words = _identifier(chance)
        while font.getlength(words) > WIDTH - 40:
            words = words[:-4]
        pen.text((20, 40 + PITCH * row), words, font=font, fill="#a9abb0" if dark else "#44474d")
        printed.append(words)
    damaged = seed % 2 == 1
    return damaged, _damaged(image, chance) if damaged else _saved(image, "PNG"), printed


def _font(seed: int) -> Path:
    found = [path for name in _FONTS for path in _FOLDER.rglob(name)]
    choices = [cjk_font(), *found]
    return choices[seed // 2 % len(choices)]


def _identifier(chance: random.Random) -> str:
    upper, lower = string.digits + string.ascii_uppercase, string.digits + string.ascii_lowercase
    alphabet, length = chance.choice(
        ((string.digits, 18), (string.digits, 28), (upper, 12), (upper, 16), (lower, 16), ("0123456789ABCDEF", 20))
    )
    words = "".join(chance.choices(alphabet, k=length))
    return chance.choice((words, f"T2026{words[:10]}", f"{words[:4]}-{words[4:8]}-{words[8:12]}"))


def _damaged(image: Image.Image, chance: random.Random) -> bytes:
    kind = chance.choice(("jpeg", "scaled", "blurred"))
    if kind == "scaled":
        share = chance.uniform(0.5, 0.8)
        image = image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.BICUBIC)
    if kind == "blurred":
        image = image.filter(ImageFilter.GaussianBlur(chance.uniform(0.8, 1.8)))
    return _saved(image, "JPEG", quality=chance.randrange(40, 86))


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


if __name__ == "__main__":
    show(run())
