"""Smoothing of rates: a short history says little, so it is mixed with what is common. Part of the feature hash."""

from __future__ import annotations

# As if the account had already placed 5 orders with one refund request in 20.
ACCOUNT_PRIOR_ORDERS = 5.0
ACCOUNT_PRIOR_RATE = 0.05
# Sellers and products have many more orders, so their prior may weigh more.
GOODS_PRIOR_ORDERS = 20.0
GOODS_PRIOR_RATE = 0.05
# As if the account had already paid this much, in major units, without a refund.
PRIOR_PAID_YUAN = 100.0

PRIORS: dict[str, float] = {
    "account_orders": ACCOUNT_PRIOR_ORDERS,
    "account_rate": ACCOUNT_PRIOR_RATE,
    "goods_orders": GOODS_PRIOR_ORDERS,
    "goods_rate": GOODS_PRIOR_RATE,
    "paid_yuan": PRIOR_PAID_YUAN,
}


def smoothed(events: float, trials: float, prior_trials: float, prior_rate: float) -> float:
    """(events + prior_trials · prior_rate) / (trials + prior_trials): the mean of a Beta posterior."""
    return (events + prior_trials * prior_rate) / (trials + prior_trials)
