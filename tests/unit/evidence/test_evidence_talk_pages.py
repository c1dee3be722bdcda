from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from evidence_talk_pages import PAGES, SYSTEM, TalkPage

from service.domain.evidence import PageKind
from service.evidence import extract

AS_OF = date(2025, 4, 12)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.__name__)
def test_who_says_what_when_in_every_manner(page: Callable[[], TalkPage]) -> None:
    shown = page()
    found = extract(shown.read(), as_of=AS_OF)
    assert found.kind is PageKind.CHAT
    expected_notices = [one for one in shown.said if one[0] is SYSTEM]
    said = [(one.speaker, one.text, one.said_at, one.promises_refund) for one in found.messages]
    # Cards and greetings of the app are nobody's words: only notices that a page lists are compared.
    assert [one for one in said if one[0] is not SYSTEM] == [one for one in shown.said if one[0] is not SYSTEM]
    assert all(one in said for one in expected_notices)
