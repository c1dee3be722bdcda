"""What drift asks the store for: recent decisions on today's features, and how late labels came."""

from __future__ import annotations

import math
import uuid
from datetime import timedelta

from service.domain.actors import Actor, ActorKind
from service.domain.labels import Label, LabelSource

FEATURES = ("account_age_days", "usual_amount")


async def test_only_decisions_on_these_features_in_the_window_count(
    store, accept_request, decide_request, make_assessment, make_claim, now
):
    async def decided(order, *, features="hash", at=now, **changes):
        request = accept_request(make_claim(order), key=order, case_id=uuid.uuid4(), number=order)
        await store.accept(request)
        values = {"account_age_days": 12.0, "usual_amount": float("nan")}
        made = make_assessment(request.case_id, versions={"features": features}, features=values, **changes)
        await store.decide(decide_request(request.case_id, assessment=made, now=at))
        return request.case_id

    first = await decided("A1")
    await decided("A2", approve=False, at=now + timedelta(minutes=1))
    await decided("A3", features="another")
    await decided("A4", at=now - timedelta(days=30))
    await store.learning.add_label(
        Label(
            platform_id="acme", case_id=first, source=LabelSource.REVIEW, reviewer=Actor(ActorKind.PERSON, "lin"),
            loss_share=0.0, recorded_at=now + timedelta(hours=36), score_seen=True,
        )
    )  # fmt: skip
    since, until = now - timedelta(days=1), now + timedelta(days=2)
    for platform in ("acme", None):
        found = await store.learning.lately(platform, since, until, features=FEATURES, feature_hash="hash")
        assert [row[0] for row in found.rows] == [12.0, 12.0]
        assert all(math.isnan(row[1]) for row in found.rows)
        assert all(math.isnan(risk) for risk in found.risks)
        assert (found.approved, found.decided) == (1, 3)
        assert found.label_delay_days == (1.5,)
    other = await store.learning.lately("other", since, until, features=FEATURES, feature_hash="hash")
    assert (other.rows, other.decided, other.label_delay_days) == ((), 0, ())
    newest = await store.learning.lately("acme", since, until, features=FEATURES, feature_hash="hash", limit=1)
    assert (len(newest.rows), newest.approved) == (1, 0)
