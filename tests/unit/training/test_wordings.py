from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from service.domain.evidence import ErrorCode
from service.evidence.learned_words import WORDINGS, weights
from service.evidence.prompts import LIKELY
from training.screens.cli import app
from training.screens.layouts import HELD_OUT_SETS, SPENT
from training.wordings import harvest
from training.wordings.fit import TASKS, Task, taught, told, written
from training.wordings.measure import unseen
from training.wordings.pools import CHECK, PAGE_LINES, page_lines, wordings


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.file)
def test_the_weights_of_this_release_were_learned_from_what_is_here(task: Task) -> None:
    assert weights(task.file).taught == taught(task), "learn them again: prereview-train screens wordings fit"
    assert weights(task.file).meanings == task.meanings


def test_the_same_weights_are_the_same_bytes() -> None:
    assert written(weights(WORDINGS)) == written(weights(WORDINGS))


def test_every_meaning_has_wordings_of_several_authors_in_both_languages() -> None:
    for code in ("", *ErrorCode):
        for language in ("zh", "en"):
            pools = {one.pool for one in wordings() if one.meaning == code and one.language == language}
            assert len(pools) >= 3, (code, language, pools)


def test_nothing_is_learned_from_sealed_sets_nor_from_the_check() -> None:
    sealed = {f"prompts_{name}" for name in HELD_OUT_SETS if name not in SPENT}
    lines = {f"lines of {name}" for name in HELD_OUT_SETS if name not in SPENT}
    assert not {one.pool for one in (*wordings(), *page_lines())} & (sealed | lines | {CHECK})


def test_wordings_of_an_author_nothing_was_learned_from_are_told() -> None:
    """The rates of `screens wordings check`, less what chance takes from them."""
    answers = told(weights(WORDINGS), unseen(CHECK))
    errors = [(one.meaning, meaning, chance) for one, meaning, chance in answers if one.meaning]
    said = [(meant, meaning) for meant, meaning, chance in errors if meaning and chance >= LIKELY]
    right = sum(meant == meaning for meant, meaning in said)
    assert right >= 0.88 * len(errors)
    assert len(said) - right <= 0.03 * len(errors)
    harmless = [bool(meaning) and chance >= LIKELY for one, meaning, chance in answers if not one.meaning]
    assert np.mean(harmless) <= 0.12


def test_lines_are_taken_of_opened_sets_only(tmp_path: Path) -> None:
    sealed = next((name for name in HELD_OUT_SETS if name not in SPENT), "none such")
    (tmp_path / "lines.json").write_text("")
    given = ["--pages", str(tmp_path), "--lines", str(tmp_path / "lines.json")]
    answer = CliRunner().invoke(app, ["wordings", "lines", "--set", sealed, *given])
    assert answer.exit_code == 2


def test_lines_of_a_set_take_the_place_of_what_was_kept_of_it(tmp_path: Path) -> None:
    kept = tmp_path / "page_lines.json.gz"
    kept.write_bytes(PAGE_LINES.read_bytes())
    elsewhere = next(one.text for one in page_lines() if one.pool == "lines of first")
    assert harvest.keep_lines("tenth", ["只此一行", elsewhere], kept) == 1
    first = kept.read_bytes()
    assert harvest.keep_lines("tenth", ["只此一行", elsewhere], kept) == 1
    assert kept.read_bytes() == first


def test_a_page_with_a_prompt_gives_its_other_lines(tmp_path: Path) -> None:
    truth = {"page": "prompt", "fields": {"error_prompt": "code_used"}, "boxes": {"error_prompt": [100, 500, 700, 540]}}
    (tmp_path / "truth.json").write_text(json.dumps({"a.png": truth}))
    lines = [
        {"text": "兑换中心", "score": 0.99, "box": [300, 60, 460, 100]},
        {"text": "口令被人抢先用掉了", "score": 0.99, "box": [100, 500, 460, 540]},
        {"text": "请换一个试试", "score": 0.99, "box": [100, 560, 340, 600]},
        {"text": "确定兑换礼包", "score": 0.99, "box": [300, 900, 540, 940]},
    ]
    read = {"file": "a.png", "width": 800, "height": 1600, "lines": lines}
    (tmp_path / "lines.json").write_text(json.dumps(read) + "\n")
    assert harvest.harmless_lines(tmp_path, tmp_path / "lines.json", 10) == ["兑换中心", "确定兑换礼包"]
