"""Two texts side by side: nothing that was changed is missing, and no text makes comparing endless."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from service.console.policy_desk.differing import MOST_LINES, shown_value, side_by_side

LINES = st.lists(st.sampled_from(["a: 1", "b: 2", "  c: 3", "", "# d"]), max_size=30)


@given(LINES, LINES)
def test_both_texts_can_be_put_together_from_what_is_shown(old: list[str], new: list[str]) -> None:
    """Every changed line of either text is shown under its number, and what is left out is the same in both."""
    found = side_by_side("\n".join(old), "\n".join(new))
    for lines, number, text in ((old, "old_number", "old"), (new, "new_number", "new")):
        lines = "\n".join(lines).splitlines()
        for row in found.rows:
            at = getattr(row, number)
            if at is not None:
                assert lines[at - 1] == getattr(row, text)
    left_old = {row.old_number for row in found.rows if row.old_number and row.kind != "same"}
    left_new = {row.new_number for row in found.rows if row.new_number and row.kind != "same"}
    one = [line for at, line in enumerate("\n".join(old).splitlines(), 1) if at not in left_old]
    other = [line for at, line in enumerate("\n".join(new).splitlines(), 1) if at not in left_new]
    assert one == other


def test_a_text_made_to_be_slow_is_compared_within_bounds() -> None:
    old, new = "a\n" * 100_000, "b\na\n" * 50_000
    begun = time.monotonic()
    found = side_by_side(old, new)
    assert time.monotonic() - begun < 10
    assert found.cut >= 100_000 - MOST_LINES
    assert found.changed > 0


def test_what_turns_a_line_around_is_shown_for_what_it_is() -> None:
    found = side_by_side("zh: good", "zh: \u202egood\u200b")
    assert found.rows[0].new == "zh: \ufffdgood\ufffd"
    assert shown_value("fee.at_most_minor", 150, "CNY") == "¥1.50"
    assert shown_value("fee.by_reason_permille.other", 5, "CNY") == "0.5%"
    assert shown_value("notes.S1", {"zh": "\u202ex"}, "CNY") == '{"zh": "\ufffdx"}'
