"""Prints the reference's raw lines of some pages as JSON; run by the interpreter of .venv-reference.

python tests/proof/paddle_lines.py PAGE... > lines.json      {page name: [{text, score, box}, ...]}
With --write they go to tests/golden/ocr/, one file a page: the reference `make test` holds the default engine to.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from service.vision.decode import decode  # noqa: E402
from service.vision.paddle_engine import PaddleEngine  # noqa: E402


def _no_network(event: str, _: tuple[object, ...]) -> None:
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise RuntimeError(f"the reference wanted the network: {event}")


def main() -> None:
    sys.addaudithook(_no_network)
    write = "--write" in sys.argv
    pages = [Path(argument) for argument in sys.argv[1:] if argument != "--write"]
    with contextlib.redirect_stdout(sys.stderr):  # PaddleX announces its models there
        engine = PaddleEngine(minimum_score=0.0)
        found = {page.name: engine.read(decode(page.read_bytes()).pixels) for page in pages}
    rows = {
        name: [
            {
                "text": line.text,
                "score": round(line.score, 4),
                "box": [round(v, 1) for v in (line.box.x0, line.box.y0, line.box.x1, line.box.y1)],
            }
            for line in lines
        ]
        for name, lines in found.items()
    }
    if not write:
        print(json.dumps(rows, ensure_ascii=False))
        return
    versions = {name: importlib.metadata.version(name) for name in ("paddleocr", "paddlex", "onnxruntime")}
    for name, lines in rows.items():
        target = ROOT / "tests" / "golden" / "ocr" / f"{name}.json"
        text = ",\n".join("    " + json.dumps(line, ensure_ascii=False) for line in lines)
        head = json.dumps(versions)
        target.write_text(f'{{\n  "reference": {head},\n  "lines": [\n{text}\n  ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
