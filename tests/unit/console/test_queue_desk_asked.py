"""What an address asks of the queues: always something that can be answered, and the same when it is written again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.console.queue_desk.asked import NAMES, asked, asked_of, filter_of, position_of, written
from service.domain.queues import Held, Lane

NOW = datetime(2026, 11, 21, 9, 31, tzinfo=UTC)
PAIRS = st.lists(st.tuples(st.sampled_from([*NAMES, "after", "csrf"]), st.text(max_size=140)), max_size=20)
VALUES = st.sampled_from(["standard", "in_review", "1", "200", "7d", "mine", "only", "12.50", "\0", "'; --"])


@given(PAIRS | st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=12))
def test_whatever_is_asked_can_be_answered_and_kept(pairs):
    question = asked(pairs)
    filter_of(question, login="ana", currency="CNY", now=NOW)
    assert question.size in (50, 100, 200)
    again = asked_of(question.query())
    assert (again.given, again.wrong) == (question.given, question.wrong)


@pytest.mark.parametrize(
    ("query", "name", "value"),
    [
        ("lane=elderly", "lane", Lane.ELDERLY),
        ("from=12.5", "amount_from", 1250),
        ("to=3", "amount_to", 300),
        ("age=3d", "accepted_before", NOW - timedelta(days=3)),
        ("whose=mine", "mine", "ana"),
        ("whose=free", "free", True),
        ("held=only", "held", Held.ONLY),
        ("lane=nope", "lane", None),
        ("from=-1", "amount_from", None),
        ("from=1e9", "amount_from", None),
        ("seller=%27%20or%201", "seller_id", "' or 1"),
    ],
)
def test_what_a_query_means(query, name, value):
    assert getattr(filter_of(asked_of(query), login="ana", currency="CNY", now=NOW), name) == value


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)), st.uuids())
def test_a_place_in_the_list_comes_back(urgent, accepted, case_id):
    assert position_of(written((urgent, accepted, case_id))) == (urgent, accepted, case_id)


@given(st.text(max_size=200))
def test_what_is_no_place_is_the_beginning(text):
    assert position_of(text) is None or len(position_of(text)) == 3
