"""The row: every feature of one claim, the same code online and in training."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.checks import CheckResult
from service.domain.claims import Claim
from service.domain.codec import digest
from service.domain.evidence import Evidence
from service.features.aggregates import Aggregate
from service.features.declared.account import ACCOUNT_FEATURES
from service.features.declared.amount_time import AMOUNT_TIME_FEATURES
from service.features.declared.evidence import EVIDENCE_FEATURES
from service.features.declared.goods import GOODS_FEATURES
from service.features.declared.history import AGGREGATES
from service.features.declared.links import LINK_FEATURES
from service.features.declared.priors import PRIORS
from service.features.facts import Caps, Facts, check_ranks, reading_of
from service.features.feature import Feature

FEATURES: tuple[Feature, ...] = (
    *ACCOUNT_FEATURES,
    *LINK_FEATURES,
    *GOODS_FEATURES,
    *AMOUNT_TIME_FEATURES,
    *EVIDENCE_FEATURES,
)
FEATURE_NAMES: tuple[str, ...] = tuple(feature.name for feature in FEATURES)

ROW_CODE_VERSION = 1
"""To be raised whenever a rule changes what a row holds; tests/golden/feature_rows.json notices if it was not."""

_FLOAT32 = struct.Struct(f"{len(FEATURES)}f")


@dataclass(frozen=True, slots=True)
class FeatureRow:
    """``values``: float32-exact numbers in FEATURES order, finite or NaN."""

    values: tuple[float, ...]

    def as_mapping(self) -> dict[str, float]:
        return dict(zip(FEATURE_NAMES, self.values, strict=True))


def row(
    claim: Claim,
    *,
    as_of: datetime,
    evidence: Sequence[Evidence],
    checks: Sequence[CheckResult],
    history: Mapping[str, float | None],
    caps: Caps,
    reused_orders: int,
    reused_accounts: int,
) -> FeatureRow:
    """All features of a claim as known at ``as_of`` (aware).

    ``history`` maps every name of AGGREGATES to its number, None where the claim has no such entity (KeyError for a
    missing name: a row without its history must not be scored). NaN only where the feature says so in ``missing``.
    Values are rounded to float32, so that the model's float32 input and the explanation see the same numbers.
    """
    facts = Facts(
        claim=claim,
        as_of=as_of,
        ranks=check_ranks(checks),
        reading=reading_of(evidence),
        history=history,
        caps=caps,
        reused_orders=reused_orders,
        reused_accounts=reused_accounts,
    )
    return FeatureRow(_FLOAT32.unpack(_FLOAT32.pack(*(feature.compute(facts) for feature in FEATURES))))


def feature_hash(
    features: Sequence[Feature], aggregates: Sequence[Aggregate], priors: Mapping[str, float], code_version: int
) -> str:
    """SHA-256 over everything that gives a row its meaning, in order; words for readers are left out."""
    return digest(
        {
            "features": [[feature.name, feature.unit.value, feature.direction] for feature in features],
            "aggregates": [
                [
                    aggregate.name,
                    aggregate.entity.value,
                    [kind.value for kind in aggregate.kinds],
                    aggregate.measure.value,
                    aggregate.window_days,
                    list(aggregate.outcomes),
                ]
                for aggregate in aggregates
            ],
            "priors": dict(priors),
            "row_code_version": code_version,
        }
    )


FEATURE_HASH = feature_hash(FEATURES, AGGREGATES, PRIORS, ROW_CODE_VERSION)


def is_missing(value: float) -> bool:
    """Whether a cell of a row says "not known"."""
    return math.isnan(value)
