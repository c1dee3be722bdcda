"""The aggregates over the past that features are made of."""

from __future__ import annotations

from service.domain.history import EventKind
from service.features.aggregates import Aggregate, Entity, Measure

REQUESTED = (EventKind.REFUND_REQUESTED,)
GRANTED = (EventKind.REFUND_GRANTED,)
WRONG = (EventKind.REFUND_WRONG,)
# What ties an account to a device, payer or address.
_SEEN = (EventKind.SESSION, EventKind.ORDER, EventKind.PAYMENT, EventKind.REFUND_REQUESTED)

_PREFIX = {
    Entity.ACCOUNT: "account",
    Entity.DEVICE: "device",
    Entity.PAYER: "payer",
    Entity.IP: "ip",
    Entity.SELLER: "seller",
    Entity.PRODUCT: "product",
}


def _over(
    entity: Entity,
    what: str,
    kinds: tuple[EventKind, ...],
    *windows: int,
    measure: Measure = Measure.COUNT,
    outcomes: tuple[str, ...] = (),
) -> tuple[Aggregate, ...]:
    """The same number over several windows, named ``account_refunds_requested_30d``."""
    return tuple(
        Aggregate(
            name=f"{_PREFIX[entity]}_{what}_{days}d",
            entity=entity,
            kinds=kinds,
            measure=measure,
            window_days=days,
            outcomes=outcomes,
        )
        for days in windows
    )


def _account() -> tuple[Aggregate, ...]:
    account = Entity.ACCOUNT
    return (
        *_over(account, "orders", (EventKind.ORDER,), 1, 30, 90),
        *_over(account, "payments", (EventKind.PAYMENT,), 90),
        *_over(account, "paid_amount", (EventKind.PAYMENT,), 90, measure=Measure.AMOUNT),
        *_over(account, "refunds_requested", REQUESTED, 1, 7, 30, 90),
        *_over(account, "refunds_granted", GRANTED, 30, 90),
        *_over(account, "granted_amount", GRANTED, 30, 90, measure=Measure.AMOUNT),
        *_over(account, "refunds_rejected", (EventKind.REFUND_REJECTED,), 90),
        *_over(account, "refunds_withdrawn", (EventKind.REFUND_WITHDRAWN,), 7, 30),
        *_over(account, "refunds_wrong", WRONG, 90),
        *_over(account, "chargebacks", (EventKind.CHARGEBACK,), 90),
        *_over(account, "fulfilments_failed", (EventKind.FULFILMENT,), 30, outcomes=("failed",)),
    )


def _links() -> tuple[Aggregate, ...]:
    distinct = Measure.DISTINCT_ACCOUNTS
    return (
        *_over(Entity.DEVICE, "accounts", _SEEN, 30, measure=distinct),
        *_over(Entity.DEVICE, "refunds_requested", REQUESTED, 7, 30),
        *_over(Entity.DEVICE, "refunds_wrong", WRONG, 90),
        *_over(Entity.PAYER, "accounts", _SEEN, 90, measure=distinct),
        *_over(Entity.PAYER, "refunds_requested", REQUESTED, 30),
        *_over(Entity.PAYER, "refunds_wrong", WRONG, 90),
        *_over(Entity.IP, "accounts", _SEEN, 7, measure=distinct),
        *_over(Entity.IP, "refunds_requested", REQUESTED, 1, 7),
    )


def _goods() -> tuple[Aggregate, ...]:
    return (
        *_over(Entity.SELLER, "orders", (EventKind.ORDER,), 30),
        *_over(Entity.SELLER, "refunds_requested", REQUESTED, 30),
        *_over(Entity.SELLER, "fulfilments_failed", (EventKind.FULFILMENT,), 7, outcomes=("failed",)),
        *_over(Entity.PRODUCT, "orders", (EventKind.ORDER,), 30),
        *_over(Entity.PRODUCT, "refunds_requested", REQUESTED, 1, 30),
        *_over(Entity.PRODUCT, "fulfilments_failed", (EventKind.FULFILMENT,), 1, outcomes=("failed",)),
    )


AGGREGATES: tuple[Aggregate, ...] = (*_account(), *_links(), *_goods())
