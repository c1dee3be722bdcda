"""The year as history events: what happened, when it happened and when it was recorded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from service.domain.history import EventKind
from training.simulator.calendar import HOUR
from training.simulator.claiming import Probes
from training.simulator.parameters import Parameters
from training.simulator.records import World
from training.simulator.streams import Flags, Floats, Integers, Random, Streams
from training.simulator.year import Year

ENTITIES = ("account_id", "device_id", "payer_id", "ip", "seller_id", "product_id", "order_number", "case_id")
_NONE = -1


@dataclass(slots=True)
class _Block:
    """Events of one kind. Entities are numbers (-1 for none), ``amount`` fen (-1 for none)."""

    kind: EventKind
    occurred: Floats
    lag: str
    columns: dict[str, Integers]
    amount: Integers | None = None
    outcome: str | None = None
    recorded: Floats | None = None
    rows: int = field(init=False)

    def __post_init__(self) -> None:
        self.rows = len(self.occurred)


def event_table(year: Year, streams: Streams) -> pa.Table:
    """All events of the span, ordered by the time they were recorded. One row is one HistoryEvent plus recorded_at.

    Every kind has streams of its own, so that what happens late in the year moves no draw of what came before.
    """
    world = year.world
    blocks = [
        *_account_blocks(world, streams("events sessions")),
        *_order_blocks(world),
        *_probe_blocks(world, year.probes),
        *_claim_blocks(year),
    ]
    late_share = world.parameters.number("records.recorded_late")
    draws = (_Draws(streams, number) for number in range(len(blocks)))
    recorded = np.concatenate(
        [_recorded(block, world.parameters, late_share, draw) for block, draw in zip(blocks, draws, strict=True)]
    )
    occurred = np.concatenate([block.occurred for block in blocks])
    keep = np.flatnonzero(recorded < world.span.seconds)
    keep = keep[np.argsort(recorded[keep], kind="stable")]
    amount = _gather([block.amount for block in blocks], blocks)[keep]
    columns: dict[str, pa.Array] = {
        "event_id": pa.array([f"sim-{number:08d}" for number in range(len(keep))]),
        "kind": _words(blocks, [block.kind.value for block in blocks], keep),
        "occurred_at": _moments(world, occurred[keep]),
        "recorded_at": _moments(world, recorded[keep]),
    }
    writers = _writers(world)
    for name in ENTITIES:
        columns[name] = _named(_gather([block.columns.get(name) for block in blocks], blocks)[keep], writers[name])
    columns["amount"] = pa.array(amount, pa.int64(), mask=amount < 0)
    columns["currency"] = pa.array(np.full(len(keep), "CNY"), pa.string(), mask=amount < 0)
    columns["outcome"] = _words(blocks, [block.outcome for block in blocks], keep)
    return pa.table(columns)


def _moments(world: World, seconds: Floats) -> pa.Array:
    return pa.array(world.span.moments(seconds), pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))


def _writers(world: World) -> dict[str, Callable[[int], str]]:
    names = world.names
    return {
        "account_id": names.account,
        "device_id": names.device,
        "payer_id": names.payer,
        "ip": names.address,
        "seller_id": names.seller,
        "product_id": names.product,
        "order_number": names.order,
        "case_id": lambda number: str(names.case(number)),
    }


def _account_blocks(world: World, random: Random) -> list[_Block]:
    population, orders = world.population, world.orders
    everyone = np.arange(len(population))
    draws = random.random((len(orders), 2))
    extra = draws[:, 0] < world.parameters.number("accounts.session_extra")
    looked = np.maximum(
        orders.ordered[extra] + 3 * HOUR * np.log1p(-draws[extra, 1]),  # an exponential time before
        population.opened[orders.account[extra]],
    )
    sessions = {
        "account_id": orders.account[extra],
        "device_id": orders.sessions.device[extra],
        "ip": orders.sessions.address[extra],
    }
    return [
        _Block(
            EventKind.ACCOUNT_OPENED,
            population.opened,
            "session",
            {"account_id": everyone, "device_id": population.device},
        ),
        _Block(EventKind.SESSION, looked, "session", sessions),
    ]


def _order_blocks(world: World) -> list[_Block]:
    orders = world.orders
    everything = np.arange(len(orders))
    who = {
        "account_id": orders.account,
        "device_id": orders.sessions.device,
        "ip": orders.sessions.address,
        "seller_id": orders.seller,
        "product_id": orders.product,
        "order_number": everything,
    }
    paying = {**who, "payer_id": orders.sessions.payer}
    goods = {name: who[name] for name in ("account_id", "seller_id", "product_id", "order_number")}
    arrived = np.isfinite(orders.delivered)
    reported = np.isfinite(orders.failed)
    return [
        _Block(EventKind.ORDER, orders.ordered, "order", who, orders.amount),
        _Block(EventKind.PAYMENT, orders.paid, "payment", paying, orders.amount, "paid"),
        _fulfilment(goods, orders.delivered, arrived, "delivered"),
        _fulfilment(goods, orders.failed, reported, "failed"),
    ]


def _fulfilment(goods: dict[str, Integers], moment: Floats, happened: Flags, outcome: str) -> _Block:
    columns = {name: numbers[happened] for name, numbers in goods.items()}
    return _Block(EventKind.FULFILMENT, moment[happened], "fulfilment", columns, None, outcome)


def _probe_blocks(world: World, probes: Probes) -> list[_Block]:
    """Requests withdrawn before a decision."""
    columns = _of_claims(world, probes.order, probes.account, (probes.sessions.device, probes.sessions.address))
    amount = world.orders.amount[probes.order]
    return [
        _Block(EventKind.REFUND_REQUESTED, probes.requested, "refund", columns, amount),
        _Block(EventKind.REFUND_WITHDRAWN, probes.withdrawn, "refund", columns, amount),
    ]


def _of_claims(
    world: World, order: Integers, account: Integers, where: tuple[Integers, Integers]
) -> dict[str, Integers]:
    orders = world.orders
    return {
        "account_id": account,
        "device_id": where[0],
        "payer_id": orders.sessions.payer[order],
        "ip": where[1],
        "seller_id": orders.seller[order],
        "product_id": orders.product[order],
        "order_number": order,
    }


def _claim_blocks(year: Year) -> list[_Block]:
    world, reviews, outcomes = year.world, year.reviews, year.outcomes
    claims = world.claims
    columns = _of_claims(world, claims.order, claims.account, (claims.sessions.device, claims.sessions.address))
    columns["case_id"] = np.arange(len(claims))
    amount = world.orders.amount[claims.order]

    def block(kind: EventKind, moment: Floats, mask: Flags, outcome: str | None = None) -> _Block:
        chosen = {name: numbers[mask] for name, numbers in columns.items()}
        sums = reviews.grantable if kind is EventKind.REFUND_GRANTED else amount
        return _Block(kind, moment[mask], "refund", chosen, sums[mask], outcome)

    overturned, found, charged = outcomes.overturned, outcomes.found_wrong, outcomes.charged_back
    requested = block(EventKind.REFUND_REQUESTED, claims.claimed, np.ones(len(claims), dtype=bool))
    # Our own acceptance: recorded the moment it happened.
    requested.recorded = requested.occurred
    return [
        requested,
        block(EventKind.REFUND_GRANTED, reviews.decided, reviews.granted),
        block(EventKind.REFUND_REJECTED, reviews.decided, ~reviews.granted),
        block(EventKind.REFUND_GRANTED, overturned, np.isfinite(overturned), "on_appeal"),
        block(EventKind.REFUND_WRONG, found, np.isfinite(found)),
        block(EventKind.CHARGEBACK, charged, np.isfinite(charged)),
    ]


class _Draws:
    """The streams of one block's lags."""

    def __init__(self, streams: Streams, number: int) -> None:
        self.lag, self.late, self.hours = (streams(f"events {number} {name}") for name in ("lag", "late", "hours"))


def _recorded(block: _Block, parameters: Parameters, late_share: float, draws: _Draws) -> Floats:
    if block.recorded is not None:
        return block.recorded
    seconds = float(parameters.table("records.recorded_seconds")[block.lag])
    lag = draws.lag.exponential(seconds, block.rows)
    late = draws.late.random(block.rows) < late_share
    return block.occurred + np.where(late, draws.hours.uniform(6.0, 48.0, block.rows) * HOUR, lag)


def _gather(values: list[Integers | None], blocks: list[_Block]) -> Integers:
    """One column over all blocks, -1 where a block has none."""
    pairs = zip(values, blocks, strict=True)
    return np.concatenate([np.full(block.rows, _NONE) if own is None else own for own, block in pairs])


def _words(blocks: list[_Block], words: list[str | None], keep: Integers) -> pa.Array:
    numbers = np.repeat(np.arange(len(blocks)), [block.rows for block in blocks])[keep]
    return pa.array(words, pa.string()).take(pa.array(numbers)).dictionary_encode()


def _named(numbers: Integers, write: Callable[[int], str]) -> pa.Array:
    """Numbers as text; each name is made once."""
    distinct, codes = np.unique(numbers, return_inverse=True)
    names = pa.array([None if number == _NONE else write(int(number)) for number in distinct], pa.string())
    return names.take(pa.array(codes))
