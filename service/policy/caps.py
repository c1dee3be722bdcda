"""The policy's limits a feature row is given."""

from __future__ import annotations

from dataclasses import dataclass

from service.policy.schema import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureCaps:
    """Minor units of the policy's currency: the cap of approval by risk, and the one-click limit.

    They are there whether or not the platform opted into the class, so that opting in does not move the features.
    """

    auto_amount: int
    one_click_amount: int


def feature_caps(policy: Policy) -> FeatureCaps:
    """What ``service.features.Caps`` is made of; rooms of one layer do not import each other."""
    return FeatureCaps(
        auto_amount=policy.classes.risk.amount_up_to_minor,
        one_click_amount=policy.classes.one_click.amount_below_minor,
    )
