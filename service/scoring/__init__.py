"""Scoring: bundles of the risk model, calibrated risk, and contributions that add up to it."""

from service.scoring.bundle import Bundle, load_bundle
from service.scoring.champion import Champion, Pinned, Shadow
from service.scoring.promotions import Action, Change, Versions

__all__ = ["Action", "Bundle", "Champion", "Change", "Pinned", "Shadow", "Versions", "load_bundle"]
