"""``python -m training.screens --out DIR --seed N --count N``: draw labelled pages with a contact sheet."""

from __future__ import annotations

import argparse
from pathlib import Path

from training.screens.layouts import BY_NAME, DEVELOPMENT, HELD_OUT, SAMPLE, SAMPLE_SEED
from training.screens.rendering import render


def main() -> None:
    """Parse the arguments and render."""
    parser = argparse.ArgumentParser(prog="python -m training.screens", description=__doc__)
    parser.add_argument(
        "--out", type=Path, required=True, help="folder to write pages, truth.json and contact_sheet.png to"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument(
        "--held-out", action="store_true", help="the held-out layouts, to measure with and never to tune on"
    )
    parser.add_argument("--sample", action="store_true", help="the fixed sample of tests/data/screens")
    parser.add_argument("--layout", action="append", choices=sorted(BY_NAME), help="only this layout; may be repeated")
    chosen = parser.parse_args()
    if chosen.sample:
        render(chosen.out, SAMPLE_SEED, len(SAMPLE), SAMPLE, progress=True)
        return
    named = tuple(BY_NAME[name] for name in chosen.layout or ())
    layouts = named or (HELD_OUT if chosen.held_out else DEVELOPMENT)
    truths = render(chosen.out, chosen.seed, chosen.count, layouts, progress=True)
    print(f"{len(truths)} pages, truth.json and contact_sheet.png in {chosen.out}")


if __name__ == "__main__":
    main()
