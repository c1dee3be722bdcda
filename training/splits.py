"""Ways to part a data set: in time, and in time with no connected entity on both sides.

The plain time split lets a buyer, or a ring, be in training and in judgement: as in life, where known abusers come
again. The stress split takes that away: what is judged has no account, device, payer or address in common with what was
learned from. Between the two lies how much of a model's skill is recognising whom it has met.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from service.domain.errors import ConfigurationError
from training.certification.entities import codes, connected
from training.datasets import Dataset, Indices, Split, split
from training.observed import Observed
from training.recipe import PART_NAMES, PartName, Parts

SHARED_BY_MOST: Mapping[str, int] = {"device_id": 20, "payer_id": 20, "ip": 8}
"""Accounts that may share one id before it ties nobody together: the computer of an internet café, a carrier's address.
Above the largest ring of the simulated world; for a real platform to be read off its own counts."""

LEARNED: tuple[PartName, ...] = ("train", "tune")
_TIES = ("session", "order", "payment", "refund_requested")


def connected_claims(observed: Observed, limits: Mapping[str, int] = SHARED_BY_MOST) -> Indices:
    """The connected entity of each claim, int64 [n], in the order of the claims table.

    Accounts are tied by any device, payer or address that both were ever seen with, unless more than its limit of
    accounts were. Looks at the whole history: how data are parted may rest on what no model may see.
    """
    names = ["account_id", *limits]
    claims = pq.read_table(observed.path("claims"), columns=names)
    events = pq.read_table(observed.path("events"), columns=names, filters=pc.field("kind").isin(_TIES))
    seen = pa.concat_tables([claims, events])
    tables = [claims.select(["account_id"]), *(_ties(seen, name, limit) for name, limit in limits.items())]
    # One row a claim, then one row a tie; what a row does not tell is missing.
    rows = pa.concat_tables(tables, promote_options="default")
    entity = connected(*(codes(rows[name].to_pylist()) for name in names if name in rows.column_names))
    return entity[: claims.num_rows]


def _ties(seen: pa.Table, name: str, limit: int) -> pa.Table:
    """Each account with each id of one kind it was seen with, where at most ``limit`` accounts share the id."""
    pairs = seen.select(["account_id", name]).drop_null().group_by(["account_id", name]).aggregate([])
    shared = pairs.group_by(name).aggregate([("account_id", "count")])
    few = shared.filter(pc.field("account_id_count") <= limit)[name]
    return pairs.filter(pc.field(name).isin(few))


def stress_split(
    dataset: Dataset, parts: Parts, entities: Indices, *, judged_share: float = 0.5, seed: int = 0
) -> Split:
    """The parts in time, with every connected entity on one side only: ``train`` and ``tune`` hold entities drawn to be
    learned from, the other parts the rest. Fewer claims everywhere; figures have wider intervals."""
    if len(entities) != len(dataset):
        raise ValueError(f"{len(entities)} entities for {len(dataset)} claims")
    judged = np.random.default_rng(seed).random(int(entities.max(initial=-1)) + 1) < judged_share
    on_judged_side = judged[entities]
    plain = split(dataset, parts)
    chosen = {name: getattr(plain, name) for name in PART_NAMES}
    return Split(**{name: indices[on_judged_side[indices] != (name in LEARNED)] for name, indices in chosen.items()})


def require_gap(parts: Parts, label_delay: timedelta) -> None:
    """ConfigurationError unless the labels of train and tune had time to arrive before calibrate begins. Without it the
    youngest claims have only the labels that come fast: rejections, and not the grants that turn out right."""
    gap = timedelta(days=parts.calibrate[0] - parts.tune[1])
    if gap < label_delay:
        raise ConfigurationError(
            f"labels take {label_delay.days} days to mature but calibrate begins {gap.days} days after tune ends; "
            "move the parts in the recipe apart"
        )


@dataclass(frozen=True, slots=True)
class PartFigures:
    """``claims`` accepted in the part's days, and those of them ``used``; ``late``: labels that came after the part was
    closed and stay out. ``wrong_share``: of the labels used. ``met_before``: share of the claims used whose connected
    entity is in train or tune."""

    name: str
    claims: int
    used: int
    late: int
    wrong_share: float
    met_before: float


@dataclass(frozen=True, slots=True)
class SplitFigures:
    """``entities``: connected entities among all claims; ``largest``: claims of the largest."""

    parts: tuple[PartFigures, ...]
    entities: int
    largest: int


def split_figures(dataset: Dataset, parts: Parts, made: Split, entities: Indices) -> SplitFigures:
    """What a split holds, part by part."""
    learned = np.unique(entities[np.concatenate([getattr(made, name) for name in LEARNED])])
    sizes = np.bincount(entities) if len(entities) else np.zeros(1, dtype=np.int64)
    return SplitFigures(
        parts=tuple(_part(dataset, parts, name, getattr(made, name), entities, learned) for name in PART_NAMES),
        entities=int((sizes > 0).sum()),
        largest=int(sizes.max()),
    )


def _part(
    dataset: Dataset, parts: Parts, name: PartName, used: Indices, entities: Indices, learned: NDArray[np.int64]
) -> PartFigures:
    inside = dataset.part(parts, name)
    known = inside[dataset.wrong[inside] >= 0]
    closed = dataset.labelled(inside, dataset.moment(parts.calibrate[0]) if name in LEARNED else dataset.end)
    labels = dataset.wrong[used]
    return PartFigures(
        name=name,
        claims=len(inside),
        used=len(used),
        late=len(known) - len(closed),
        wrong_share=float((labels == 1).sum() / max(1, (labels >= 0).sum())),
        met_before=float(np.isin(entities[used], learned).mean()) if len(used) else 0.0,
    )
