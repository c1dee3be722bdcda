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
    The fields from ``platforms`` to ``reader`` must match at run time; the rest is provenance.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """What is at work now, to hold a certificate against: versions of model, features, policy and reader."""

    model: str
    features: str
    policy: str
    reader: str
