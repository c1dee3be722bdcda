"""The measurement of the search for re-used pages, on one page of the fixed sample with all its variants."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from service.domain.errors import NotFound
from training.screens.reuse_search import measure_reuse, reuse_table

EDITED = Path(__file__).parents[2] / "data" / "screens" / "edited"


def test_every_variant_of_a_page_is_held_and_its_look_alike_is_not(tmp_path: Path) -> None:
    truths = json.loads((EDITED / "truth.json").read_text("utf-8"))
    chosen = {name: truth for name, truth in truths.items() if name.startswith("0003-redeem_dialog")}
    for name in chosen:
        shutil.copy(EDITED / name, tmp_path / name)
    (tmp_path / "truth.json").write_text(json.dumps(chosen), "utf-8")
    board = measure_reuse(tmp_path, others=30, processes=1)
    held = {kind.partition(",")[0]: (row["held"], row["pages"]) for kind, row in board["kinds"].items()}
    assert held.pop("lookalike") == (0, 1)
    assert held == dict.fromkeys(("resaved", "rescaled", "cropped_5", "chat"), (1, 1))
    assert not any(row["alleged"] for row in board["kinds"].values())
    assert reuse_table(board).row_count == len(board["kinds"])


def test_without_pages_the_way_to_draw_them_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="--edits 10"):
        measure_reuse(tmp_path)
