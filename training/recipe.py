"""How a model is made: parts of the data, settings of the learner, settings of the certificate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from service.domain.errors import ConfigurationError

PartName = Literal["train", "tune", "calibrate", "order", "certify"]
PART_NAMES: tuple[PartName, ...] = ("train", "tune", "calibrate", "order", "certify")
Days = tuple[Annotated[float, Field(ge=0)], Annotated[float, Field(gt=0)]]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Parts(_Section):
    """[from, to) in days since the start of the data, in this order and disjoint."""

    train: Days
    tune: Days
    calibrate: Days
    order: Days
    certify: Days

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        edges = [edge for name in PART_NAMES for edge in getattr(self, name)]
        empty = any(first == last for first, last in zip(edges[::2], edges[1::2], strict=True))
        if empty or edges != sorted(edges):
            raise ValueError("train, tune, calibrate, order and certify must follow one another without overlap")
        return self


class ModelSettings(_Section):
    """LightGBM's own names. ``early_stopping``: rounds without gain on the part *tune*. ``amount_power``: examples are
    weighted by their amount to this power: 0 counts claims, 1 counts money."""

    learning_rate: float = Field(gt=0, le=1)
    max_depth: int = Field(ge=1, le=8)
    num_leaves: int = Field(ge=2, le=255)
    min_data_in_leaf: int = Field(ge=1)
    lambda_l2: float = Field(ge=0)
    feature_fraction: float = Field(gt=0, le=1)
    bagging_fraction: float = Field(default=1.0, gt=0, le=1)
    amount_power: float = Field(default=0.0, ge=0, le=1)
    rounds: int = Field(ge=1, le=5000)
    early_stopping: int = Field(ge=1)


class CertificateSettings(_Section):
    """Confidence is 1 - ``delta``; alpha is the policy's. ``candidates``: thresholds tried at most. ``method``: the
    bound, settled before labels are seen. ``certain_from_minor``: entities of that much money are all judged; None: the
    policy's limit for an entity."""

    delta: float = Field(gt=0, lt=0.5)
    candidates: int = Field(ge=1, le=500)
    valid_days: int = Field(ge=1, le=730)
    method: Literal["binomial", "betting"] = "binomial"
    certain_from_minor: float | None = Field(default=None, gt=0)


class PromotionSettings(_Section):
    """What a model must meet to become champion. ``worse_up_to``: share of the champion's loss per ¥ by which the
    challenger's may be higher; ``claims``: labelled claims the comparison needs; ``scoring_p99_ms``: milliseconds for
    one row with its explanation."""

    worse_up_to: float = Field(default=0.05, ge=0, le=1)
    claims: int = Field(default=200, ge=20)
    scoring_p99_ms: float = Field(default=5.0, gt=0)


class Recipe(_Section):
    seed: int = Field(ge=0)
    orders: int = Field(ge=1000)
    platform: str
    parts: Parts
    model: ModelSettings
    certificate: CertificateSettings
    promotion: PromotionSettings = PromotionSettings()


def load_recipe(path: Path | None = None) -> Recipe:
    """A recipe file, or the repo's own; ConfigurationError names what does not fit."""
    text = (path or Path(__file__).with_name("recipe.yaml")).read_text("utf-8")
    try:
        return Recipe.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        raise ConfigurationError(f"the recipe {path or 'training/recipe.yaml'} has errors: {error}") from error
