"""History aggregates, declared once: the store compiles them to SQL, training to Ibis, and both must agree."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.history import EventKind


class Entity(StrEnum):
    """Whose history; the value is the event column it is keyed by."""

    ACCOUNT = "account_id"
    DEVICE = "device_id"
    PAYER = "payer_id"
    IP = "ip"
    SELLER = "seller_id"
    PRODUCT = "product_id"


class Measure(StrEnum):
    COUNT = "count"
    AMOUNT = "amount"
    DISTINCT_ACCOUNTS = "distinct_accounts"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aggregate:
    """One number over an entity's past as known at ``as_of``.

    Over events of the claim's platform whose ``entity`` column equals the claim's, with ``kind`` in ``kinds`` (and
    ``outcome`` in ``outcomes``, if any are given), *recorded* before ``as_of`` (strictly) and *occurred* in
    (as_of - window_days, as_of]. COUNT: events; AMOUNT: sum of minor units; DISTINCT_ACCOUNTS: different account ids.
    No event gives 0; a claim without the entity gives None.
    """

    name: str
    entity: Entity
    kinds: tuple[EventKind, ...]
    measure: Measure
    window_days: int
    outcomes: tuple[str, ...] = ()
