"""Readings against truth, and truth against chance."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.domain.errors import BadRequest
from service.domain.evidence import Box, Empty, ImageFacts, Line, Read
from training.screens import tables
from training.screens.cli import HeldOut, _groups
from training.screens.compare import Finding, Reading, Verdict, findings
from training.screens.layouts import HELD_OUT_SETS, SPENT, set_of
from training.screens.reading import dump_lines, load_lines
from training.screens.scoreboard import Rate, exact, scoreboard, surely_wrong, wilson
from training.screens.tables import first_scores

FIRST_SCORES = Path(tables.__file__).with_name("first_scores.json")

TRUTH = {
    "page": "order",
    "fields": {
        "order_number": "A1B2",
        "amount": 3900,
        "product": "星河 点卡（安卓）",
        "ordered_at": "2026-03-01T10:00",
    },
    "cut_fields": {"trade_number": "42000123"},
    "unasked": {"payee": "海沙"},
    "layout": "order_cards",
    "damage": "none",
    "held_out": True,
}


def verdicts(reading: dict[str, tuple[str | int, float]], kind: str = "order") -> dict[str, Verdict]:
    return {found.field: found.verdict for found in findings("f", TRUTH, Reading(kind=kind, fields=reading))}


def test_every_way_a_field_can_end() -> None:
    assert verdicts(
        {
            "order_number": ("A1B2", 0.99),
            "amount": (3901, 0.95),
            "product": ("星河点卡(安卓)", 0.8),
            "status": ("已完成", 0.7),
        }
    ) == {
        "page": Verdict.RIGHT,
        "order_number": Verdict.RIGHT,
        "amount": Verdict.WRONG,
        "product": Verdict.RIGHT,
        "ordered_at": Verdict.MISSED,
        "status": Verdict.INVENTED,
    }


@pytest.mark.parametrize("value", ["A1 B2", "a1b2", "A1B2 "])
def test_numbers_are_exact_or_wrong(value: str) -> None:
    assert verdicts({"order_number": (value, 0.9)})["order_number"] is Verdict.WRONG


def test_what_is_cut_or_unasked_is_neither_missed_nor_invented_but_must_be_right() -> None:
    assert "trade_number" not in verdicts({})
    assert "trade_number" not in verdicts({"trade_number": ("42000123", 0.9)})
    assert verdicts({"trade_number": ("42000", 0.9)})["trade_number"] is Verdict.INVENTED
    assert "payee" not in verdicts({"payee": ("海沙", 0.9)})
    assert verdicts({"payee": ("北屿", 0.9)})["payee"] is Verdict.INVENTED


def test_a_failed_reading_misses_everything() -> None:
    found = verdicts({}, kind="failed")
    assert found.pop("page") is Verdict.WRONG
    assert set(found.values()) == {Verdict.MISSED}


# 8 of 10 and 0 of 10: Newcombe 1998, Statistics in Medicine 17, method 3.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662), (0, 0, 0, 1)],
)
def test_wilson_intervals_are_the_published_ones(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == pytest.approx((low, high), abs=5e-5)


def finding(verdict: Verdict, score: float | None = 0.95, field: str = "amount", file: str = "f") -> Finding:
    return Finding(file=file, field=field, verdict=verdict, truth=1, read=2, score=score)


def test_invented_fields_count_as_sure_errors_but_not_among_what_was_to_be_read() -> None:
    found = [
        finding(Verdict.RIGHT),
        finding(Verdict.WRONG),
        finding(Verdict.WRONG, 0.89),
        finding(Verdict.MISSED, None),
        finding(Verdict.INVENTED),
        finding(Verdict.WRONG, None, field="page"),
    ]
    assert exact(found[:5]) == Rate(1, 4)
    assert surely_wrong(found) == Rate(2, 5)


def test_the_scoreboard_tells_damaged_from_undamaged_pages() -> None:
    truths = {"f": TRUTH, "g": TRUTH | {"damage": "chat"}}
    board = scoreboard([finding(Verdict.RIGHT), finding(Verdict.WRONG, file="g")], truths)
    amount = board["fields"]["amount"]
    assert (amount["undamaged"]["hits"], amount["undamaged"]["n"], amount["undamaged"]["target"]) == (1, 1, 0.99)
    assert (amount["damaged"]["hits"], amount["damaged"]["n"], amount["damaged"]["target"]) == (0, 1, 0.96)
    assert board["damages"]["chat"]["wrong"] == 1
    assert board["layouts"]["order_cards"]["fields"]["n"] == 2
    assert board["surely_wrong"]["all"]["hits"] == 1


FACTS = ImageFacts(media_type="image/png", width=200, height=100)


def test_lines_survive_being_written_and_read(tmp_path: Path) -> None:
    line = Line("订单号 1", 0.9876, Box(1.0, 2.5, 30.0, 14.0))
    path = tmp_path / "lines.jsonl"
    path.write_text(
        dump_lines("a.png", Read(lines=(line,), image=FACTS)) + "\n" + dump_lines("b.png", Empty(image=FACTS)) + "\n"
    )
    outcomes = load_lines(path)
    assert isinstance(outcomes["a.png"], Read)
    assert outcomes["a.png"].lines == (line,)
    assert (outcomes["a.png"].image.width, outcomes["a.png"].image.height) == (200, 100)
    assert isinstance(outcomes["b.png"], Empty)


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"file": "a"}', '{"file":"a","width":1,"height":1,"lines":[{"text":"x"}]}']
)
def test_lines_of_another_shape_are_refused_with_their_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(text + "\n")
    with pytest.raises(BadRequest, match="line 1"):
        load_lines(path)


def test_first_scores_of_two_sets_are_pooled_and_each_stands_alone() -> None:
    first, second, both = (first_scores(sets) for sets in (["first"], ["second"], ["first", "second"]))
    for part in ("undamaged", "damaged"):
        for count in ("hits", "n"):
            alone = first["fields"]["amount"][part][count], second["fields"]["amount"][part][count]
            assert both["fields"]["amount"][part][count] == sum(alone)
            assert min(alone) > 0
    assert first["fields"]["order_number"]["undamaged"] == {"hits": 91, "n": 121}


def test_the_board_says_which_sets_it_measured() -> None:
    truths = {"f": TRUTH | {"layout": HELD_OUT_SETS["second"][0].name}, "g": TRUTH}
    assert scoreboard([], truths)["sets"] == ["development", "second"]
    assert {set_of(layout.name) for layout in HELD_OUT_SETS["first"]} == {"first"}


def test_the_default_measures_the_first_two_sets_and_later_ones_only_when_asked_for() -> None:
    assert _groups(None, HeldOut.BOTH, development=False) == [HELD_OUT_SETS["first"], HELD_OUT_SETS["second"]]
    for asked in (HeldOut.THIRD, HeldOut.FOURTH):
        assert _groups(None, asked, development=False) == [HELD_OUT_SETS[asked]]
        assert all(layout.held_out and layout.pool == asked for layout in HELD_OUT_SETS[asked])


def test_every_held_out_set_that_was_scored_has_its_first_score_of_every_layout() -> None:
    kept = json.loads(FIRST_SCORES.read_text("utf-8"))
    assert SPENT <= kept.keys() <= HELD_OUT_SETS.keys(), "a set is opened after its first reading"
    for name in kept:
        assert first_scores([name])["command"].startswith(f"prereview-train screens evaluate --set {name} ")
        assert set(kept[name]["layouts"]) == {layout.name for layout in HELD_OUT_SETS[name]}
