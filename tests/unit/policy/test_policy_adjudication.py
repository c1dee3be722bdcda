"""When a case of the audit sample is settled, and on what."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.actors import Actor, ActorKind
from service.domain.labels import Label, LabelSource, SampledCase
from service.policy.adjudication import settle, settled

DRAWN = datetime(2026, 11, 1, 12, 0, tzinfo=timezone(timedelta(hours=8)))
MONTH = timedelta(days=30)
LIN, WANG, CHEN = (Actor(ActorKind.PERSON, name) for name in ("lin", "wang", "chen"))


def label(who: Actor, share: float, hours: float, source: LabelSource = LabelSource.AUDIT, seen: bool = False) -> Label:
    return Label(
        platform_id="demo",
        case_id=uuid.UUID(int=1),
        source=source,
        reviewer=who,
        loss_share=share,
        recorded_at=DRAWN + timedelta(hours=hours),
        score_seen=seen,
    )


def case(*labels: Label, number: int = 1) -> SampledCase:
    return SampledCase(
        case_id=uuid.UUID(int=number),
        number=f"R-{number}",
        drawn_at=DRAWN,
        amount_minor=5000,
        currency="CNY",
        approval_class="risk",
        certificate="cert-1",
        labels=labels,
    )


def share(*labels: Label, after: timedelta = timedelta(days=3)) -> float | None:
    found = settle(case(*labels), within=MONTH, now=DRAWN + after)
    return None if found is None else found.loss_share


def test_one_judgement_settles_nothing() -> None:
    assert share() is None
    assert share(label(LIN, 0.0, 1)) is None


def test_two_who_agree_settle_it_when_the_second_has_spoken() -> None:
    found = settle(case(label(LIN, 0.0, 1), label(WANG, 0.0, 5)), within=MONTH, now=DRAWN + timedelta(days=3))
    assert found is not None
    assert (found.loss_share, found.settled_at, found.in_time) == (0.0, DRAWN + timedelta(hours=5), True)
    assert share(label(LIN, 0.0, 1), label(WANG, 0.0, 5), after=timedelta(hours=4)) is None


def test_one_person_twice_is_not_two() -> None:
    assert share(label(LIN, 0.0, 1), label(LIN, 0.0, 2)) is None


def test_a_change_of_mind_counts_the_last_word() -> None:
    assert share(label(LIN, 0.0, 1), label(LIN, 1.0, 2), label(WANG, 0.0, 3)) is None
    assert share(label(LIN, 0.0, 1), label(LIN, 1.0, 2), label(WANG, 1.0, 3)) == 1.0


def test_two_who_differ_wait_for_a_senior() -> None:
    two = (label(LIN, 0.0, 1), label(WANG, 1.0, 2))
    assert share(*two) is None
    assert share(*two, label(CHEN, 0.4, 3, LabelSource.ADJUDICATION)) == 0.4


def test_who_saw_the_score_does_not_count() -> None:
    assert share(label(LIN, 0.0, 1, seen=True), label(WANG, 0.0, 2)) is None


@pytest.mark.parametrize("source", [LabelSource.RECORD, LabelSource.CHARGEBACK])
def test_the_record_outweighs_two_opinions(source: LabelSource) -> None:
    assert share(label(LIN, 0.0, 1), label(WANG, 0.0, 2), label(CHEN, 1.0, 3, source)) == 1.0


def test_an_ordinary_review_is_no_audit() -> None:
    assert share(label(LIN, 0.0, 1, LabelSource.REVIEW), label(WANG, 0.0, 2, LabelSource.REVIEW)) is None


def test_what_nobody_settled_in_time_is_wrong_in_full_until_somebody_does() -> None:
    assert share(label(LIN, 0.0, 1), after=MONTH - timedelta(seconds=1)) is None
    found = settle(case(label(LIN, 0.0, 1)), within=MONTH, now=DRAWN + MONTH)
    assert found is not None
    assert (found.loss_share, found.settled_at, found.in_time) == (1.0, DRAWN + MONTH, False)
    late = label(WANG, 0.0, 24 * 31)
    assert share(label(LIN, 0.0, 1), late, after=timedelta(days=32)) == 0.0


@given(st.lists(st.tuples(st.sampled_from([LIN, WANG, CHEN]), st.sampled_from([0.0, 0.5, 1.0]), st.integers(1, 500))))
def test_the_order_labels_are_stored_in_leaves_no_trace(words: list[tuple[Actor, float, int]]) -> None:
    labels = [label(who, wrong, hours + number / 1000) for number, (who, wrong, hours) in enumerate(words)]
    assert share(*labels, after=MONTH) == share(*reversed(labels), after=MONTH)


def test_findings_come_in_the_order_they_were_settled() -> None:
    early = case(label(LIN, 0.0, 1), label(WANG, 0.0, 2), number=2)
    late = case(label(LIN, 1.0, 1), label(WANG, 1.0, 9), number=1)
    found = settled([late, early, case(number=3)], within=MONTH, now=DRAWN + timedelta(days=3))
    assert [one.case_id.int for one in found] == [2, 1]
