"""Shadow scores stay beside the assessments and are read with what their cases turned out to be."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.domain.actors import Actor, ActorKind
from service.domain.labels import Label, LabelSource
from service.domain.shadow import ShadowScore
from service.store.tables import assessments


@pytest.fixture
def make_score(now):
    def make(case_id, **changes):
        score = ShadowScore(
            platform_id="acme", case_id=case_id, assessment_id=uuid.uuid4(), model="v2", probability=0.2,
            approval_class="risk", champion="v1", champion_probability=0.1, champion_class=None, amount_minor=3000,
            currency="CNY", recorded_at=now,
        )  # fmt: skip
        return replace(score, **changes)

    return make


@pytest.fixture
def accept_claim(store, accept_request, make_claim):
    async def accept(order_number):
        request = accept_request(make_claim(order_number), key=order_number, case_id=uuid.uuid4(), number=order_number)
        await store.accept(request)
        return request.case_id

    return accept


def label(case_id, now, source, share):
    reviewer = Actor(ActorKind.PERSON, f"{source.value}-{share}")
    return Label(
        platform_id="acme", case_id=case_id, source=source, reviewer=reviewer, loss_share=share, recorded_at=now,
        score_seen=False,
    )  # fmt: skip


async def test_scores_come_back_with_the_label_that_counts(store, accept_claim, make_score, now):
    case_id = await accept_claim("A1")
    other = await accept_claim("A2")
    first, second = make_score(case_id), make_score(other, recorded_at=now + timedelta(hours=1))
    await store.learning.add_shadow_scores([first, second])
    await store.learning.add_shadow_scores([first])  # a second telling changes nothing
    await store.learning.add_shadow_scores([])
    for source, share in ((LabelSource.REVIEW, 1.0), (LabelSource.AUDIT, 0.0), (LabelSource.AUDIT, 0.5)):
        await store.learning.add_label(label(case_id, now, source, share))
    found = await store.learning.judged_shadows("acme", now, now + timedelta(days=1))
    assert [one.score for one in found] == [first, second]
    assert [(one.loss_share, one.stands_for) for one in found] == [(0.25, 1.0), (None, 1.0)]
    await store.learning.add_label(label(case_id, now, LabelSource.ADJUDICATION, 1.0))
    [settled, _] = await store.learning.judged_shadows("acme", now, now + timedelta(days=1))
    assert settled.loss_share == 1.0
    assert await store.learning.judged_shadows("other", now, now + timedelta(days=1)) == ()
    assert await store.learning.judged_shadows("acme", now, now + timedelta(days=1), "v9") == ()
    assert [one.score for one in await store.learning.judged_shadows("acme", now, now + timedelta(minutes=1))] == [
        first
    ]


async def test_a_drawn_case_speaks_for_those_that_were_not(store, accept_claim, make_score, now):
    case_id = await accept_claim("A1")
    score = make_score(case_id)
    async with store.transaction() as tx:
        await tx.execute(
            sa.insert(assessments),
            {
                "platform_id": "acme", "id": score.assessment_id, "case_id": case_id, "document": {},
                "decision": "manual_review", "risk": 0.1, "audit_drawn": True, "draw_probability": 0.125,
                "recorded_at": now,
            },
        )  # fmt: skip
    await store.learning.add_shadow_scores([score])
    [found] = await store.learning.judged_shadows("acme", now, now + timedelta(days=1))
    assert found.stands_for == 8.0
