"""What is worked out once a page does not outlive the page."""

from __future__ import annotations

from service.domain.evidence import Box, ImageFacts, Line, Read
from service.evidence import extract
from service.evidence.page_memory import once_a_page


def test_a_rule_is_asked_once_a_page_and_anew_for_the_next() -> None:
    asked: list[str] = []

    @once_a_page
    def rule(text: str) -> str:
        asked.append(text)
        return text.upper()

    assert [rule("a"), rule("a"), rule("b")] == ["A", "A", "B"]
    assert asked == ["a", "b"]
    line = Line(text="姓名 张三", score=1.0, box=Box(0, 0, 100, 20))
    extract(Read(image=ImageFacts(media_type="image/png", width=100, height=100), lines=(line,)))
    assert rule("a") == "A"
    assert asked == ["a", "b", "a"]
