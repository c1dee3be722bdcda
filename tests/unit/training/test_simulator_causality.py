"""What happens on a day depends on nothing that comes after it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from training.simulator.parameters import Parameters, load_parameters
from training.simulator.world import Simulated, simulate

# From 1 April on the rule decides; on 18 May a limit is announced; on 8 August game cards fail for a night. Compared is
# what was recorded before the (local) day of the change: within a day everything is drawn at once.
LIVE_FROM = "2026-04-01T00:00:00+08:00"
CHANGES: dict[str, tuple[dict[str, Any], datetime]] = {
    "live later": ({"operation.live_from": "2026-07-01T00:00:00+08:00"}, datetime(2026, 3, 31, 16, tzinfo=UTC)),
    "announced later": (
        {
            "operation.changes": [
                {"announced": "2026-06-18T00:00:00+08:00", "from": "2026-07-01T00:00:00+08:00", "one_click_below": 80}
            ]
        },
        datetime(2026, 5, 17, 16, tzinfo=UTC),
    ),
    "no outage": (
        {
            "faults.outages": [
                {
                    "category": "phone_top_up",
                    "from": "2026-03-14T13:00:00+08:00",
                    "to": "2026-03-14T23:00:00+08:00",
                    "failing": 0.55,
                }
            ]
        },
        datetime(2026, 8, 7, 16, tzinfo=UTC),
    ),
}


@pytest.fixture(scope="module")
def parameters() -> Parameters:
    return load_parameters().with_values(
        {"span.orders": 6000, "operation.mode": "live", "operation.live_from": LIVE_FROM}
    )


@pytest.fixture(scope="module")
def world(parameters: Parameters) -> Simulated:
    return simulate(parameters, 5)


@pytest.mark.parametrize("name", CHANGES)
def test_another_future_leaves_the_past_as_it_was(name: str, parameters: Parameters, world: Simulated) -> None:
    changes, day = CHANGES[name]
    other = simulate(parameters.with_values(changes), 5)
    for table, clock in (("events", "recorded_at"), ("claims", "as_of"), ("labels", "recorded_at")):
        before, after = (_before(one.observed[table], clock, day) for one in (world, other))
        assert before.num_rows > 50
        assert before.equals(after), table
    assert not world.observed["events"].equals(other.observed["events"])


def _before(table: pa.Table, clock: str, day: datetime) -> pa.Table:
    return table.filter(pc.less(table[clock], day))


def test_what_a_claim_shows_had_happened(world: Simulated) -> None:
    events = world.observed["events"].to_pandas().set_index("order_number")
    claims = world.observed["claims"].to_pandas().set_index("order_number")
    paid = events[events["kind"] == "payment"]["occurred_at"]
    assert (claims["as_of"] > paid.loc[claims.index]).all()
    decided = events[events["kind"].isin(["refund_granted", "refund_rejected"])]["occurred_at"]
    first = decided.groupby(level=0).min()
    known = first.index.intersection(claims.index)
    assert (first.loc[known] > claims["as_of"].loc[known]).all()
    wrong = events[events["kind"] == "refund_wrong"]["occurred_at"]
    assert (wrong > first.loc[wrong.index]).all()
    withdrawn = events[events["kind"] == "refund_withdrawn"]["occurred_at"].groupby(level=0).max()
    resubmitted = withdrawn.index.intersection(claims.index)
    assert len(resubmitted) > 3
    assert (withdrawn.loc[resubmitted] < claims["as_of"].loc[resubmitted]).all()


def test_a_label_arrives_after_the_decision_it_judges(world: Simulated) -> None:
    events = world.observed["events"].to_pandas()
    decided = events[events["kind"].isin(["refund_granted", "refund_rejected"])].groupby("case_id")["occurred_at"].min()
    labels = world.observed["labels"].to_pandas().set_index("claim_id")
    both = labels.index.intersection(decided.index)
    assert len(both) > 0.98 * len(labels)  # of some the decision is recorded late, after the year's end
    assert (labels["recorded_at"].loc[both] >= decided.loc[both]).all()


def test_a_page_is_re_used_only_after_it_was_sent(world: Simulated) -> None:
    seen = [(number, one.claim) for number, reused in enumerate(world.year.findings.reused) for one in reused]
    assert seen
    assert all(before < number for number, before in seen)


def test_orders_are_numbered_in_order_of_time(world: Simulated) -> None:
    ordered = world.world.orders.ordered
    assert (ordered[1:] >= ordered[:-1]).all()
    assert (world.world.claims.claimed[1:] >= world.world.claims.claimed[:-1]).all()
