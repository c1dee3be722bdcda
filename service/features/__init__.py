"""The one definition of every feature and aggregate: what the store, training and scoring all use."""

from service.features.aggregates import Aggregate, Entity, Measure
from service.features.declared.history import AGGREGATES
from service.features.facts import Caps
from service.features.feature import Direction, Feature, Group, Unit
from service.features.row import FEATURE_HASH, FEATURE_NAMES, FEATURES, ROW_CODE_VERSION, FeatureRow, is_missing, row

__all__ = [
    "AGGREGATES",
    "FEATURES",
    "FEATURE_HASH",
    "FEATURE_NAMES",
    "ROW_CODE_VERSION",
    "Aggregate",
    "Caps",
    "Direction",
    "Entity",
    "Feature",
    "FeatureRow",
    "Group",
    "Measure",
    "Unit",
    "is_missing",
    "row",
]
