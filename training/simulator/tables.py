"""The year as tables: what learning code may see, and the truth that stays in a folder of its own.

Observable: ``events``, ``claims``, ``labels``. A claim's ``route``, ``draw_probability`` (that its outcome becomes
known), ``score`` and ``score_seen`` stand in ``claims``, for claims without a label as well; labels repeat two of them.
Truth: ``claims`` (cause, what was due, recovered and lost), ``accounts``, ``sellers``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from training.simulator.events import event_table
from training.simulator.intentions import CAUSES, THEFT
from training.simulator.operation import ROUTES
from training.simulator.outcomes import SOURCES, due_amount, observed_labels
from training.simulator.population import KINDS
from training.simulator.records import World
from training.simulator.reviewing import NOBODY
from training.simulator.streams import Floats, Streams
from training.simulator.year import Year


def observed_tables(year: Year, streams: Streams) -> dict[str, pa.Table]:
    return {"events": event_table(year, streams), "claims": _claims(year), "labels": _labels(year)}


def truth_tables(year: Year) -> dict[str, pa.Table]:
    return {"claims": _truth(year), "accounts": _accounts(year.world), "sellers": _sellers(year.world)}


def _moments(world: World, seconds: Floats) -> pa.Array:
    return pa.array(world.span.moments(seconds), pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))


def _claim_ids(world: World) -> pa.Array:
    return pa.array([str(world.names.case(number)) for number in range(len(world.claims))], pa.string())


def _claims(year: Year) -> pa.Table:
    """What the service had in hand when it accepted each claim."""
    world, claims, handling = year.world, year.world.claims, year.handling
    names, orders = world.names, world.orders
    columns = {
        "claim_id": _claim_ids(world),
        "as_of": _moments(world, claims.claimed),
        "account_id": _text(names.account(number) for number in claims.account.tolist()),
        "device_id": _text(names.device(number) for number in claims.sessions.device.tolist()),
        "payer_id": _text(names.payer(number) for number in orders.sessions.payer[claims.order].tolist()),
        "ip": _text(names.address(number) for number in claims.sessions.address.tolist()),
        "seller_id": _text(names.seller(number) for number in orders.seller[claims.order].tolist()),
        "product_id": _text(names.product(number) for number in orders.product[claims.order].tolist()),
        "order_number": _text(names.order(number) for number in claims.order.tolist()),
        "amount": pa.array(orders.amount[claims.order], pa.int64()),
    }
    columns |= _written(year) | {
        "route": pa.array(np.array(ROUTES)[handling.route], pa.string()),
        "drawn": pa.array(handling.drawn),
        "draw_probability": pa.array(handling.probability),
        "score": pa.array(handling.score, pa.float64(), mask=np.isnan(handling.score)),
        "score_seen": pa.array(handling.score_seen),
    }
    return pa.table(columns)


def _written(year: Year) -> dict[str, pa.ChunkedArray]:
    """The JSON columns, a day a chunk."""
    empty = {"record": pa.string(), "evidence": pa.string(), "checks": pa.string()}
    schema = pa.schema([*empty.items(), ("reused_orders", pa.int64()), ("reused_accounts", pa.int64())])
    table = pa.concat_tables([schema.empty_table(), *year.texts])
    return {name: table[name] for name in table.column_names}


def _text(words: object) -> pa.Array:
    return pa.array(list(words), pa.string())  # type: ignore[call-overload]


def _labels(year: Year) -> pa.Table:
    """Outcomes that became known within the year, a row per claim at most."""
    world, reviews, handling = year.world, year.reviews, year.handling
    labels = observed_labels(world.parameters, world.span, handling, reviews, year.outcomes)
    people = [None if number == NOBODY else f"reviewer-{number:02d}" for number in reviews.reviewer.tolist()]
    table = pa.table(
        {
            "claim_id": _claim_ids(world),
            "wrong": pa.array(labels.wrong, pa.int64()),
            "wrong_share": pa.array(labels.share),
            "recorded_at": _moments(world, labels.arrived),
            "source": pa.array(np.array(SOURCES)[labels.source], pa.string()),
            "reviewer": pa.array(people, pa.string()),
            "judgements": pa.array(reviews.judgements, pa.int64()),
            "agreed": pa.array(reviews.agreed),
            "score_seen": pa.array(handling.score_seen),
            "draw_probability": pa.array(handling.probability),
        }
    )
    return table.filter(pa.array(np.nan_to_num(labels.arrived, nan=np.inf) < world.span.seconds))


def _truth(year: Year) -> pa.Table:
    world, claims, reviews, outcomes = year.world, year.world.claims, year.reviews, year.outcomes
    accounts = world.population
    return pa.table(
        {
            "claim_id": _claim_ids(world),
            "due": pa.array(claims.due),
            "undue_share": pa.array(year.wrong),
            "cause": pa.array(np.array(CAUSES)[claims.cause], pa.string()),
            "fault": pa.array(claims.cause <= THEFT),
            "staged": pa.array(claims.staged),
            "account_kind": pa.array(np.array(KINDS)[accounts.kind[claims.account]], pa.string()),
            "supplier": pa.array(world.orders.supplier[claims.order], pa.int64()),
            "entity": pa.array(accounts.mind[claims.account], pa.int64()),
            "ring": pa.array(accounts.ring[claims.account], pa.int64()),
            "tampered": pa.array(year.findings.tampered),
            "withheld": pa.array(year.findings.withheld),
            "granted": pa.array(reviews.granted),
            "grantable_minor": pa.array(reviews.grantable, pa.int64()),
            "due_minor": pa.array(due_amount(world, claims), pa.int64()),
            "recovered_minor": pa.array(outcomes.recovered, pa.int64()),
            "loss_minor": pa.array(outcomes.loss, pa.int64()),
            "unresolved": pa.array(outcomes.unresolved),
        }
    )


def _accounts(world: World) -> pa.Table:
    population, names = world.population, world.names
    return pa.table(
        {
            "account_id": _text(names.account(number) for number in range(len(population))),
            "account_kind": pa.array(np.array(KINDS)[population.kind], pa.string()),
            "entity": pa.array(population.mind, pa.int64()),
            "ring": pa.array(population.ring, pa.int64()),
            "taken_from": _moments(world, population.taken_from),
            "taken_to": _moments(world, population.taken_to),
        }
    )


def _sellers(world: World) -> pa.Table:
    market, names = world.market, world.names
    return pa.table(
        {
            "seller_id": _text(names.seller(number) for number in range(len(market.badness))),
            "badness": pa.array(market.badness),
            "colluding": pa.array(market.colluding),
        }
    )
