"""RapidOCR with its defaults on some pages: CPU seconds of each, best of several. Run by .venv-peers.

python tests/benchmarks/ocr_peer.py REPETITIONS PAGE... prints {"peer", "cpu_seconds": [...], "lines": [...]}
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import json
import sys
import time
from pathlib import Path

from rapidocr import RapidOCR


def main() -> None:
    repetitions, pages = int(sys.argv[1]), [Path(argument).read_bytes() for argument in sys.argv[2:]]
    with contextlib.redirect_stdout(sys.stderr):
        engine = RapidOCR()
        engine(pages[0])
        seconds = [min(_cpu(engine, page) for _ in range(repetitions)) for page in pages]
        lines = [len(engine(page).txts or ()) for page in pages]
    version = importlib.metadata.version("rapidocr")
    print(json.dumps({"peer": f"rapidocr {version}", "cpu_seconds": seconds, "lines": lines}))


def _cpu(engine: RapidOCR, page: bytes) -> float:
    started = time.process_time()  # of all its threads
    engine(page)
    return time.process_time() - started


if __name__ == "__main__":
    main()
