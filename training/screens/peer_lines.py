"""Lines of RapidOCR or PaddleOCR on a folder of pages, for ``prereview-train screens evaluate --lines``.

Runs in an environment of its own that has the engine, from the repository's root:
.venv-peers/bin/python training/screens/peer_lines.py rapidocr PAGES OUT.jsonl
PYTHONPATH=. .venv-reference/bin/python training/screens/peer_lines.py paddleocr PAGES OUT.jsonl

RapidOCR with its defaults; PaddleOCR's pipeline on the weights of the default engine.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import cv2

Lines = list[dict[str, Any]]


def rapidocr() -> Callable[[Any], Lines]:
    """RapidOCR with its defaults."""
    from rapidocr import RapidOCR

    engine = RapidOCR()

    def read(image: Any) -> Lines:
        result = engine(image)
        boxes = () if result.boxes is None else result.boxes.tolist()
        return lines(zip(result.txts or (), result.scores or (), boxes, strict=True))

    return read


def paddleocr() -> Callable[[Any], Lines]:
    """PaddleOCR 3 on our weights, by the engine the service offers."""
    from service.vision.paddle_engine import PaddleEngine

    engine = PaddleEngine()

    def read(image: Any) -> Lines:
        return [
            {
                "text": line.text,
                "score": round(line.score, 4),
                "box": [round(edge, 1) for edge in (line.box.x0, line.box.y0, line.box.x1, line.box.y1)],
            }
            for line in engine.read(image)
        ]

    return read


def lines(found: Iterable[tuple[str, float, list[list[float]]]]) -> Lines:
    """Texts, scores and corners as lines with upright boxes."""
    return [
        {
            "text": text,
            "score": round(float(score), 4),
            "box": [
                round(float(edge(corner[axis] for corner in corners)), 1) for edge in (min, max) for axis in (0, 1)
            ],
        }
        for text, score, corners in found
        if text.strip()
    ]


def main() -> None:
    """Read every page of truth.json, write one JSON line each."""
    name, pages, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    truths: dict[str, dict[str, Any]] = json.loads((pages / "truth.json").read_text("utf-8"))
    files = [file for file, truth in truths.items() if "edit" not in truth]
    with contextlib.redirect_stdout(sys.stderr):
        read = {"rapidocr": rapidocr, "paddleocr": paddleocr}[name]()
        with out.open("w", encoding="utf-8") as sink:
            for number, file in enumerate(files, 1):
                print(f"\r{number}/{len(files)}", end="", flush=True)
                image = cv2.imread(str(pages / file))
                assert image is not None, file
                height, width = image.shape[:2]
                entry = {"file": file, "width": width, "height": height, "lines": read(image)}
                sink.write(json.dumps(entry, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
