"""Some months of the demo platform's past, as lines the demo loads: simulated background, known accounts, a ring.

The background is the simulator's. The accounts named by the demo's scenarios get an ordinary past and their scenario's
order; the ring gets what a ring leaves behind. Neither the simulator nor the model was fitted to any of it.
"""

from __future__ import annotations

import gzip
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
import yaml

from service.domain.codec import from_data
from service.domain.history import EventKind, HistoryEvent
from training.simulator.parameters import Parameters
from training.simulator.world import Simulated, simulate

START = "2026-06-20T00:00:00+08:00"
ORDERS = 1300
SEED = 31
ORDINARY = tuple(f"acc-{number}" for number in range(1001, 1021))
RING = tuple(f"acc-ring-{number:02d}" for number in range(1, 6))
RING_FROM = {"device_id": "dev-ring-01", "payer_id": "pay-ring-01", "ip": "198.51.100.77"}

# Sellers and products as the scenarios name them, by the simulator's categories.
_SELLERS = {
    "phone_top_up": ("sel-07", "sel-08"),
    "game_card": ("sel-03", "sel-05", "sel-11"),
    "video_membership": ("sel-09",),
    "in_game_currency": ("sel-05",),
    "gift_card": ("sel-12",),
    "software_activation": ("sel-02",),
}
_OTHER_SELLERS = ("sel-01", "sel-04", "sel-06", "sel-10")
_PRODUCTS = {
    "phone_top_up": ("prd-topup-40", "prd-topup-100"),
    "game_card": ("prd-card-10", "prd-card-50", "prd-card-90", "prd-card-100"),
    "video_membership": ("prd-member-30", "prd-member-music"),
    "in_game_currency": ("prd-game-128", "prd-game-1298"),
    "gift_card": ("prd-card-jp",),
    "software_activation": ("prd-act-68",),
}
_USUAL = (("sel-03", "prd-card-10", 990), ("sel-07", "prd-topup-40", 3900), ("sel-09", "prd-member-30", 2280))
_RING_BUYS = (("sel-11", "prd-card-50", 4900), ("sel-05", "prd-card-50", 4950), ("sel-11", "prd-card-90", 8800))


@dataclass
class _Ledger:
    """Collects events as JSON-ready data; ``recorded_at`` beside the fields of HistoryEvent."""

    events: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self,
        kind: EventKind,
        occurred: datetime,
        *facts: Mapping[str, str],
        lag: float = 3.0,
        amount: int | None = None,
    ) -> None:
        event: dict[str, Any] = {
            "kind": kind.value,
            "occurred_at": _text(occurred),
            "recorded_at": _text(occurred + timedelta(seconds=lag)),
            **{name: value for group in facts for name, value in group.items()},
        }
        if amount is not None:
            event["amount"] = {"minor": amount, "currency": "CNY"}
        self.events.append(event)

    def purchase(self, who: Mapping[str, str], goods: tuple[str, str, int], at: datetime, number: str) -> None:
        """Order, payment and delivery of one purchase, and the session it came from."""
        seller, product, price = goods
        bought = {"seller_id": seller, "product_id": product, "order_number": number}
        account = {"account_id": who["account_id"]}
        from_where = {name: who[name] for name in ("account_id", "device_id", "ip")}
        self.add(EventKind.SESSION, at - timedelta(minutes=4), from_where)
        self.add(EventKind.ORDER, at, from_where, bought, amount=price)
        paid = at + timedelta(seconds=25)
        self.add(EventKind.PAYMENT, paid, who, bought, {"outcome": "paid"}, amount=price)
        delivered = at + timedelta(seconds=60)
        self.add(EventKind.FULFILMENT, delivered, account, bought, {"outcome": "delivered"}, lag=40)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def demo_events(parameters: Parameters) -> list[dict[str, Any]]:
    """Every event of the demo's past in the order it was recorded, each a HistoryEvent's data plus ``recorded_at``."""
    ledger = _Ledger()
    claims = _scenario_claims()
    world = simulate(parameters.with_values({"span.start": START, "span.orders": ORDERS}), SEED)
    ledger.events.extend(_background(world))
    dice = random.Random(SEED)
    for account_id in ORDINARY:
        _ordinary(ledger, account_id, claims.get(account_id, []), dice)
    for number, account_id in enumerate(RING):
        _ring_member(ledger, account_id, number, claims.get(account_id, []), dice)
    ledger.events.sort(key=lambda event: (event["recorded_at"], event["occurred_at"]))
    return [{"event_id": f"demo-{number:05d}", **event} for number, event in enumerate(ledger.events)]


def write_demo_history(path: Path, parameters: Parameters) -> tuple[int, int]:
    """Write the events as gzipped NDJSON, the same bytes each time; returns (events, bytes)."""
    events = demo_events(parameters)
    for event in events:
        data = {name: value for name, value in event.items() if name != "recorded_at"}
        from_data(HistoryEvent, data)  # what the demo will do with it
    lines = b"".join(orjson.dumps(event) + b"\n" for event in events)
    packed = gzip.compress(lines, compresslevel=9, mtime=0)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(packed)
    fresh.replace(path)
    return len(events), len(packed)


def _scenario_claims() -> dict[str, list[dict[str, Any]]]:
    """The demo's claims by account, one per order."""
    scenarios = yaml.safe_load(files("service.demo").joinpath("scenarios.yaml").read_text("utf-8"))
    found: dict[str, list[dict[str, Any]]] = {}
    for scenario in scenarios:
        claim = scenario["claim"]
        known = found.setdefault(claim["account"]["id"], [])
        if claim["order"]["order_number"] not in {other["order"]["order_number"] for other in known}:
            known.append(claim)
    return found


def _background(world: Simulated) -> Iterator[dict[str, Any]]:
    """The simulator's events, with sellers and products named as the demo names them."""
    market, names = world.world.market, world.world.names
    category = {names.product(number): market.categories.names[kind] for number, kind in enumerate(market.category)}
    position = {name: number for number, name in enumerate(category)}
    for event in world.observed["events"].to_pylist():
        product = event.pop("product_id")
        amount, currency = event.pop("amount"), event.pop("currency")
        del event["event_id"]
        if product is not None:
            group, number = category[product], position[product]
            event["seller_id"] = _of(_SELLERS.get(group, _OTHER_SELLERS), number)
            event["product_id"] = _of(_PRODUCTS[group], number) if group in _PRODUCTS else product
        if amount is not None:
            event["amount"] = {"minor": amount, "currency": currency}
        event |= {name: _text(event[name]) for name in ("occurred_at", "recorded_at")}
        yield {name: value for name, value in event.items() if value is not None}


def _of(choices: Sequence[str], number: int) -> str:
    return choices[number % len(choices)]


def _ordinary(ledger: _Ledger, account_id: str, claims: list[dict[str, Any]], dice: random.Random) -> None:
    """An account of some years with a purchase every other week, one of which was refunded for cause."""
    number = account_id.removeprefix("acc-")
    account = claims[0]["account"] if claims else {}
    opened = account.get("opened_at") or f"20{18 + dice.randrange(6)}-{1 + dice.randrange(12):02d}-11T12:00:00+08:00"
    who = {
        "account_id": account_id,
        "device_id": account.get("device_id") or f"dev-{number}",
        "payer_id": account.get("payer_id") or f"pay-{number}",
        "ip": account.get("ip") or f"203.0.113.{int(number) % 100 + 100}",
    }
    ledger.add(EventKind.ACCOUNT_OPENED, datetime.fromisoformat(opened), {"account_id": account_id})
    end = datetime.fromisoformat("2026-11-14T20:00:00+08:00")
    bought = 8 + dice.randrange(5)
    for step in range(bought):
        at = end - timedelta(days=13 * (bought - step) + dice.random() * 9, minutes=dice.randrange(600))
        order_number = f"QW{at:%Y%m%d%H%M%S}{int(number):06d}"
        goods = _USUAL[(step + int(number)) % len(_USUAL)]
        ledger.purchase(who, goods, at, order_number)
        if step == 2 and int(number) % 3 == 0:
            _refund(ledger, who, goods, at + timedelta(hours=5), order_number)
    for claim in claims:
        _scenario_order(ledger, who, claim)


def _refund(
    ledger: _Ledger,
    who: Mapping[str, str],
    goods: tuple[str, str, int],
    at: datetime,
    order_number: str,
    afterwards: EventKind | None = None,
) -> None:
    """A refund asked for and granted, and perhaps what came to light ten days later."""
    seller, product, price = goods
    facts = {**who, "seller_id": seller, "product_id": product, "order_number": order_number}
    ledger.add(EventKind.REFUND_REQUESTED, at, facts, amount=price)
    ledger.add(EventKind.REFUND_GRANTED, at + timedelta(hours=7), facts, amount=price)
    if afterwards is not None:
        ledger.add(afterwards, at + timedelta(days=10), facts, lag=3600, amount=price)


def _ring_member(
    ledger: _Ledger, account_id: str, number: int, claims: list[dict[str, Any]], dice: random.Random
) -> None:
    """Opened one after the other, each buys small codes and asks for the money back a few hours later."""
    who = {"account_id": account_id, **RING_FROM}
    usual = datetime.fromisoformat("2026-08-26T02:10:00+08:00") + timedelta(days=18 * number, minutes=7 * number)
    opened = datetime.fromisoformat(claims[0]["account"]["opened_at"]) if claims else usual
    ledger.add(EventKind.ACCOUNT_OPENED, opened, {name: who[name] for name in ("account_id", "device_id", "ip")})
    last = datetime.fromisoformat("2026-11-18T03:00:00+08:00")
    for step in range(5 if claims else 6):
        share = (step + 0.5 + 0.3 * dice.random()) / 7
        at = opened + timedelta(hours=3) + (last - opened) * share
        order_number = f"QW{at:%Y%m%d%H%M%S}{900 + number:06d}"
        goods = _RING_BUYS[(step + number) % len(_RING_BUYS)]
        ledger.purchase(who, goods, at, order_number)
        found = at + timedelta(days=11) < last
        later = (EventKind.REFUND_WRONG, None, EventKind.CHARGEBACK)[(step + number) % 3] if found else None
        _refund(ledger, who, goods, at + timedelta(hours=4), order_number, later)
    for claim in claims:
        _scenario_order(ledger, who, claim)


def _scenario_order(ledger: _Ledger, who: Mapping[str, str], claim: Mapping[str, Any]) -> None:
    """The order a demo claim is about, as its own record tells it."""
    order, fulfilment = claim["order"], claim["fulfilment"]
    bought = {
        "seller_id": order["seller_id"],
        "product_id": order["product"]["id"],
        "order_number": order["order_number"],
    }
    from_where = {name: who[name] for name in ("account_id", "device_id", "ip")}
    ordered, paid = datetime.fromisoformat(order["ordered_at"]), datetime.fromisoformat(order["paid_at"])
    price = order["amount_paid"]
    ledger.add(EventKind.SESSION, ordered - timedelta(minutes=3), from_where)
    ledger.add(EventKind.ORDER, ordered, from_where, bought, amount=price)
    ledger.add(EventKind.PAYMENT, paid, who, bought, {"outcome": "paid"}, amount=price)
    account = {"account_id": who["account_id"]}
    if fulfilment.get("delivered_at"):
        delivered = datetime.fromisoformat(fulfilment["delivered_at"])
        ledger.add(EventKind.FULFILMENT, delivered, account, bought, {"outcome": "delivered"}, lag=30)
    elif fulfilment["state"] == "failed":
        failed = paid + timedelta(minutes=20)
        ledger.add(EventKind.FULFILMENT, failed, account, bought, {"outcome": "failed"}, lag=30)
