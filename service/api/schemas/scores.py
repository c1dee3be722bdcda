"""Feature rows in, risk and contributions out."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

from service.api.schemas.fields import Identifier, Strict
from service.domain.assessment import Risk

MAX_ROWS = 1_000
_Number = Annotated[float, Field(allow_inf_nan=False)]


class ScoresIn(Strict):
    """Each row names every feature of the model; null is a value that is not known."""

    rows: list[dict[Identifier, _Number | None]] = Field(min_length=1, max_length=MAX_ROWS)


class ContributionOut(BaseModel):
    """One feature's share of the margin in log-odds; positive raises the risk."""

    feature: str
    value: float | None
    log_odds: float
    text: str


class ScoreOut(BaseModel):
    """``base`` plus all contributions is ``log_odds``; ``probability`` is calibrated."""

    probability: float
    log_odds: float
    base: float
    contributions: list[ContributionOut]


class ScoresOut(BaseModel):
    model: str
    features: str = Field(description="Version of the feature declarations the rows were read by.")
    scores: list[ScoreOut]


def score_out(risk: Risk, language: str) -> ScoreOut:
    return ScoreOut(
        probability=risk.probability,
        log_odds=risk.log_odds,
        base=risk.base,
        contributions=[
            ContributionOut(feature=c.feature, value=c.value, log_odds=c.log_odds, text=c.text.get(language))
            for c in risk.contributions
        ],
    )
