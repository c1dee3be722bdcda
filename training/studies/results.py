"""What a study keeps of each world: figures against the truth, as JSON on disk. All of it is SIMULATED."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from training.simulator.randomised import WorldKind

OURS, LOGISTIC, RULES = "LightGBM", "logistic regression", "rules only"


class _Kept(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=True, ser_json_inf_nan="constants")


class Ranking(_Kept):
    """Scores against the truth (less than half of the claim was due) on the later half-year; NaN if undefined."""

    auc: float
    average_precision: float
    ece: float
    brier: float


class Issued(_Kept):
    """The threshold certified, and on how many audit labels."""

    threshold: float
    labels: int
    wrong: float
    bound: float


class Approved(_Kept):
    """Shares of a window's claims and ¥. ``wrong``: of the granted ¥, what was truly lost; NaN if nothing was."""

    claims: float
    money: float
    wrong: float


class Scored(_Kept):
    """One way of scoring: how it ranks, whether it was certified, and what the rule then approves.

    ``by_risk``: in the class risk alone; ``by_risk_afterwards``: of it what came after the part that certified, which
    nothing had seen; ``in_all``: with the classes that need no model. ``small_by_risk``: share of
    the claims within the cap of approval by risk that are approved by risk.
    """

    name: str
    ranking: Ranking
    certificate: Issued | None
    why_none: str
    by_risk: Approved
    by_risk_afterwards: Approved
    in_all: Approved
    small_by_risk: float


class WorldResult(_Kept):
    """``open_small``: ``small_by_risk`` under a threshold of 1, the most any score could reach under this policy.
    ``base_rate``: share of claims less than half due. ``alpha``: what the policy allows."""

    data: Literal["SIMULATED"] = "SIMULATED"
    number: int
    kind: WorldKind
    seed: int
    parameters_digest: str
    alpha: float
    claims: int
    window_claims: int
    base_rate: float
    open_small: float
    scored: tuple[Scored, ...]
    seconds: dict[str, float]

    @property
    def name(self) -> str:
        return f"{self.number:02d} {self.kind.value}"

    def by(self, name: str) -> Scored:
        return next(one for one in self.scored if one.name == name)


class Failure(_Kept):
    """A world that could not be taken to its end, and why; it is tried again when the study is resumed."""

    number: int
    kind: WorldKind
    reason: str
