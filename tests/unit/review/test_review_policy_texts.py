"""A policy text from outside: every problem with its line, its place and a sentence, whatever is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.errors import InvalidPolicyText
from service.policy import platform_policy_text
from service.review.policies import checked, compared, located

DEMO = platform_policy_text("demo")


def problems(text: str) -> list[dict[str, object]]:
    with pytest.raises(InvalidPolicyText) as caught:
        checked(text)
    assert caught.value.status == 422
    errors: list[dict[str, object]] = caught.value.extra["errors"]
    return errors


def test_a_problem_names_line_place_and_remedy():
    text = DEMO.replace("buyer_at_fault_permille: 10", "buyer_at_fault_permille: 1000")
    line = text[: text.index("buyer_at_fault_permille")].count("\n") + 1
    [problem] = problems(text)
    assert (problem["line"], problem["path"]) == (line, "fee.buyer_at_fault_permille")
    assert "the most is 50" in str(problem["message"])


def test_every_problem_is_told_at_once():
    text = DEMO.replace("currency: CNY", "currency: yuan").replace("zone: Asia/Shanghai", "zone: Shanghai")
    assert {problem["path"] for problem in problems(text)} == {"currency", "zone"}


def test_what_is_missing_has_a_place_and_no_line():
    text = DEMO.replace("lanes:", "lines:")
    found = {problem["path"]: problem for problem in problems(text)}
    assert found["lanes"]["line"] is None
    assert "missing" in str(found["lanes"]["message"])


@pytest.mark.parametrize("text", ["", "- a\n- b", "a: [", "\t", "x" * 300_000, "a: &x 1\nb: *x"])
def test_what_is_no_policy_at_all_is_refused_with_a_message(text):
    assert all(problem["message"] for problem in problems(text))


@given(st.text(max_size=80))
def test_no_sentence_is_lost_on_its_way(sentence):
    said = located(sentence)
    assert sentence.endswith(str(said["message"]))


def test_a_comparison_shows_lines_and_meaning():
    found = compared(
        DEMO, DEMO.replace("hours: 168, anchor", "hours: 240, anchor"), before="version 1", after="version 2"
    )
    assert [each.path for each in found.meanings] == ["time_limits.default.hours"]
    assert not found.decides_alike
    assert found.lines[0] == "--- version 1"
    assert any(line.startswith("+") and "240" in line for line in found.lines)
