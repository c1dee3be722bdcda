"""The aggregates of service.features for many claims at once: the same declarations, compiled to Ibis.

Semantics are those of ``service.features.aggregates``: recorded before ``as_of`` (strictly), occurred in
(as_of - window, as_of]. DuckDB runs it by default; the expressions name no engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from service.features import Aggregate, Entity, Measure
from training.engines import Engine

ASKED = ("claim_id", "as_of", *(entity.value for entity in Entity))
"""The columns of the claims table that the aggregates need."""


def history_expression(claims: ir.Table, events: ir.Table, aggregates: Sequence[Aggregate]) -> ir.Table:
    """One row per claim: ``claim_id`` and one float64 column per aggregate; NULL where the claim lacks the entity.

    ``claims`` needs the columns ASKED; ``events`` is of one platform only.
    """
    result = claims.select("claim_id")
    for entity in Entity:
        declared = [aggregate for aggregate in aggregates if aggregate.entity is entity]
        if declared:
            numbers = _of_entity(claims, events, entity, declared)
            result = result.left_join(numbers, "claim_id").drop("claim_id_right")
    return result.select("claim_id", *(aggregate.name for aggregate in aggregates))


def _of_entity(claims: ir.Table, events: ir.Table, entity: Entity, declared: Sequence[Aggregate]) -> ir.Table:
    """The aggregates of one entity, a row for every claim that has it.

    Aggregates are joined by widest window and kind, not all at once: a product's orders of a day need not be paired
    with its claims of a quarter.
    """
    asked = claims.select("claim_id", "as_of", entity=claims[entity.value]).filter(lambda t: t.entity.notnull())
    result = asked.select("claim_id")
    for group in _groups(declared):
        past = _past(asked, events, entity, group)
        counted = past.group_by("claim_id").aggregate(**{one.name: _number(past, one) for one in group})
        result = result.left_join(counted, "claim_id").drop("claim_id_right")
    filled = {one.name: result[one.name].cast("float64").fill_null(0.0) for one in declared}
    return result.select("claim_id", **filled)


def _groups(declared: Iterable[Aggregate]) -> list[list[Aggregate]]:
    """Aggregates that share a join: those over the same kinds of event."""
    groups: dict[Any, list[Aggregate]] = {}
    for one in declared:
        groups.setdefault((one.kinds, one.outcomes), []).append(one)
    return list(groups.values())


def _past(asked: ir.Table, events: ir.Table, entity: Entity, group: Sequence[Aggregate]) -> ir.Table:
    """Pairs of a claim and an event it may see, over the group's widest window."""
    kept = events.filter(events.kind.isin([kind.value for kind in group[0].kinds]) & events[entity.value].notnull())
    if group[0].outcomes:
        kept = kept.filter(kept.outcome.isin(list(group[0].outcomes)))
    kept = kept.select("occurred_at", "recorded_at", "account_id", "amount", entity=kept[entity.value])
    widest = max(one.window_days for one in group)
    seen = asked.join(
        kept,
        [
            asked.entity == kept.entity,
            kept.occurred_at <= asked.as_of,
            kept.occurred_at > asked.as_of - ibis.interval(days=widest),
            kept.recorded_at < asked.as_of,
        ],
    )
    return seen.select("claim_id", "as_of", "occurred_at", "account_id", "amount")


def _number(past: ir.Table, one: Aggregate) -> ir.Scalar:
    inside = past.occurred_at > past.as_of - ibis.interval(days=one.window_days)
    if one.measure is Measure.AMOUNT:
        return past.amount.sum(where=inside)
    if one.measure is Measure.DISTINCT_ACCOUNTS:
        return past.account_id.nunique(where=inside)
    return past.count(where=inside)


def history_table(engine: Engine, claims: Path, events: Path, aggregates: Sequence[Aggregate]) -> pa.Table:
    """The aggregates of every claim of one Parquet file, in the order of that file.

    Events that none of these claims can see are dropped first: that bounds the work when a long history is gone
    through in pieces.
    """
    asked = pq.read_table(claims, columns=["claim_id", "as_of"])
    seen = engine.read(events)
    if asked.num_rows:
        bounds = pc.min_max(asked["as_of"]).as_py()
        widest = max(one.window_days for one in aggregates)
        seen = seen.filter(
            (seen.occurred_at > ibis.literal(bounds["min"]) - ibis.interval(days=widest))
            & (seen.recorded_at < ibis.literal(bounds["max"]))
        )
    result = engine.compute(history_expression(engine.read(claims), seen, aggregates))
    positions = pc.index_in(asked["claim_id"].combine_chunks(), value_set=result["claim_id"].combine_chunks())
    return result.take(positions)
