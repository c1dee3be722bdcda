"""The certificate a threshold needs before risk may approve anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Origin(StrEnum):
    """Where the certifying labels came from. SIMULATED is worth nothing outside a demo platform."""

    SIMULATED = "simulated"
    OBSERVED = "observed"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """With confidence 1 - delta, at most ``alpha`` of the money approved at risk ≤ ``threshold`` is wrong.

    ``threshold`` is a calibrated probability in [0, 1]; ``labels`` the number of adjudicated labels behind ``bound``.
    The fields from ``platforms`` to ``reader`` must match at run time, and the budgets must hold account, device and
    payer to ``entity_cap_minor`` in ``entity_window_hours`` (None: certificates from before entities were held). The
    rest is provenance; ``wrong`` of the labels were wrong, ``method`` is the bound. A certificate pooled over several
    platforms does not hold for each of them.
    """

    id: str
    threshold: float
    alpha: float
    delta: float
    bound: float
    labels: int
    origin: Origin
    platforms: tuple[str, ...]
    model: str
    features: str
    policy: str
    reader: str
    issued_at: datetime
    expires_at: datetime
    data_hash: str
    code_version: str
    wrong: float | None = None
    method: str | None = None
    entity_cap_minor: int | None = None
    entity_window_hours: int | None = None
    holds_per_platform: bool = True

    @property
    def pooled(self) -> bool:
        return len(self.platforms) > 1

    @property
    def promise(self) -> str:
        """What it says, in one or two sentences, for people."""
        among = f" of {', '.join(self.platforms)} together" if self.pooled else ""
        held = (
            f" by a rule that lets no account, device or payer take more than {self.entity_cap_minor / 100:.2f} in "
            f"{self.entity_window_hours} hours"
            if self.entity_cap_minor is not None
            else ""
        )
        said = (
            f"With confidence {1 - self.delta:.0%}, at most {self.alpha:.1%} of the money{among} approved at risk ≤ "
            f"{self.threshold:.4f}{held} is wrong."
        )
        return f"{said} It does not hold for each of the platforms by itself." if self.pooled else said


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What is at work now, to hold a certificate against: versions of model, features, policy and reader."""

    model: str
    features: str
    policy: str
    reader: str
