"""Scoring: bundles of the risk model, calibrated risk, and contributions that add up to it."""

from service.scoring.bundle import Bundle, load_bundle
from service.scoring.champion import Champion

__all__ = ["Bundle", "Champion", "load_bundle"]
