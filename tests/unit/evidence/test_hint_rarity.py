"""What a strength of a sign of editing means to who looks at it."""

from __future__ import annotations

import pytest

from service.domain.evidence import HintKind
from service.evidence.hint_rarity import one_honest_page_in


def test_a_stronger_sign_is_never_told_as_more_common() -> None:
    told = [one_honest_page_in(HintKind.FONT, hundredths / 100) for hundredths in range(101)]
    assert told == sorted(told, key=lambda pages: pages or 0)
    assert told[20] == 2
    assert told[100] == 50


@pytest.mark.parametrize("kind", [HintKind.EDITOR, HintKind.CLOCK])
def test_no_rarity_is_told_of_what_was_never_counted(kind: HintKind) -> None:
    assert one_honest_page_in(kind, 0.6) is None
