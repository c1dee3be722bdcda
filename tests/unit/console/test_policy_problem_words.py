"""Every sentence the loader can say of a policy has its counterpart in Chinese."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.console.policy_desk.problem_words import in_chinese
from service.console.policy_desk.problems import problems
from service.domain.errors import InvalidPolicyText
from service.policy import platform_policy_text
from service.review.policies import checked, located

MESSAGES = Path(__file__).parents[2] / "golden" / "policy" / "messages.txt"


def sentences() -> list[str]:
    lines = MESSAGES.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_every_known_sentence_is_said_in_chinese_too() -> None:
    unsaid = [each for each in sentences() if in_chinese(located(each)["message"]) is None]
    assert unsaid == []
    assert in_chinese("is 'other', but this platform's is 'demo'; write that") is not None


@pytest.mark.parametrize(
    ("old", "new", "line_has", "said"),
    [
        ("buyer_at_fault_permille: 10", "buyer_at_fault_permille: 5%", "buyer_at_fault_permille", "单位为千分之一"),
        ("second_review: {amount", "second_reviw: {amount", "second_reviw", "是否想写 `second_review`"),
        ("second_review: {amount", "second_reviw: {amount", "", "请在最外层加上 `second_review:`"),
        ("  elderly_first: true", "\telderly_first: true", "", "制表符"),
        ("    rule: trial\n", "", "id: N3", "缺少 rule"),
    ],
)
def test_a_mistake_stands_beside_its_line(old: str, new: str, line_has: str, said: str) -> None:
    text = platform_policy_text("demo").replace(
        "lanes: {large_amount_from_minor: 100000, elderly_first: true}",
        "lanes:\n  large_amount_from_minor: 100000\n  elderly_first: true",
    )
    broken = text.replace(old, new, 1)
    assert broken != text
    with pytest.raises(InvalidPolicyText) as refused:
        checked(broken)
    shown = problems(refused.value.extra["errors"], broken, "zh")
    found = [each for each in shown if said in each.message]
    assert found, shown
    assert line_has in found[0].shown
    assert broken.splitlines()[found[0].line - 1].replace("\t", " ").startswith(found[0].shown)
