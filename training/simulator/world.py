"""One simulated year, from parameters and a seed to tables on disk."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from service.domain.claims import Claim
from service.domain.codec import canonical, to_data
from training.simulator.calendar import busyness, span_of
from training.simulator.claiming import CAUSES, make_claims
from training.simulator.events import event_table
from training.simulator.evidence import Findings, make_findings
from training.simulator.market import FAULTS, make_market
from training.simulator.names import Names
from training.simulator.orders import make_orders
from training.simulator.pages import claim_checks, claim_evidence
from training.simulator.parameters import Parameters
from training.simulator.population import KINDS, make_population
from training.simulator.records import PLATFORM, World, claim_records, read_logs
from training.simulator.reviewing import Labels, Reviews, make_reviews, observed_labels
from training.simulator.streams import Streams

DEFAULT_ORDERS = 150_000
TRUTH = "truth"
_STAGES = 9


@dataclass(frozen=True, slots=True)
class Simulated:
    """A finished world in memory: ``observed`` and ``truth`` hold Arrow tables by name."""

    world: World
    claims: list[Claim]
    observed: dict[str, pa.Table]
    truth: dict[str, pa.Table]


Step = Callable[[str], None]


def simulate(parameters: Parameters, seed: int, *, progress: bool = False) -> Simulated:
    """The world of these parameters and this seed; the same twice."""
    with _steps(progress) as step:
        return _simulate(parameters, Streams(seed), step)


@contextmanager
def _steps(progress: bool) -> Iterator[Step]:
    with tqdm(total=_STAGES, desc="simulate", unit="stage", disable=not progress) as bar:

        def step(name: str) -> None:
            bar.set_postfix_str(name)
            bar.update(1)

        yield step


def _simulate(parameters: Parameters, streams: Streams, step: Step) -> Simulated:
    count = parameters.whole("span.orders")
    span = span_of(parameters)
    busy = busyness(parameters, span)
    step("market")
    market = make_market(parameters, streams("market"), count / DEFAULT_ORDERS)
    accounts = max(50, round(count / parameters.number("accounts.orders_each")))
    step("accounts")
    population = make_population(parameters, span, streams("population"), accounts)
    step("orders")
    orders = make_orders(parameters, span, busy, population, market, streams("orders"), count)
    step("claims")
    claims = make_claims(parameters, span, population, market, orders, streams("claims"))
    names = Names(span, orders.ordered, streams.seed)
    world = World(parameters, span, names, population, market, orders, claims)
    step("records")
    logs = read_logs(parameters, market, orders, claims, streams("logs"))
    records = claim_records(world, logs, streams("records"))
    step("evidence")
    findings = make_findings(world, logs, streams("evidence"))
    step("reviews")
    reviews = make_reviews(parameters, claims, findings, streams("reviews"))
    labels = observed_labels(parameters, span, reviews)
    step("events")
    events = event_table(world, reviews, streams("events"))
    step("tables")
    observed = {
        "events": events,
        "claims": _claim_table(world, records, findings),
        "labels": _label_table(world, reviews, labels),
    }
    return Simulated(world, records, observed, {"claims": _truth_table(world, findings, reviews)})


def _claim_ids(world: World) -> pa.Array:
    return pa.array([str(world.names.case(number)) for number in range(len(world.claims))])


def _claim_table(world: World, records: list[Claim], findings: Findings) -> pa.Table:
    """What the service had in hand when it accepted each claim."""

    def text(data: Any) -> str:
        return canonical(data).decode()

    numbers = range(len(records))
    evidence = [[to_data(item) for item in claim_evidence(records[n], findings, n)] for n in numbers]
    checks = [[to_data(item) for item in claim_checks(findings, n)] for n in numbers]
    return pa.table(
        {
            "claim_id": _claim_ids(world),
            "as_of": pa.array(world.span.moments(world.claims.claimed), pa.timestamp("us")).cast(
                pa.timestamp("us", "UTC")
            ),
            "account_id": pa.array([claim.account.id for claim in records]),
            "device_id": pa.array([claim.account.device_id for claim in records]),
            "payer_id": pa.array([claim.account.payer_id for claim in records]),
            "ip": pa.array([claim.account.ip for claim in records]),
            "seller_id": pa.array([claim.order.seller_id for claim in records]),
            "product_id": pa.array([claim.order.product.id for claim in records]),
            "order_number": pa.array([claim.order.order_number for claim in records]),
            "amount": pa.array([claim.amount_claimed.minor for claim in records], pa.int64()),
            "record": pa.array([text(to_data(claim)) for claim in records]),
            "evidence": pa.array([text(items) for items in evidence]),
            "checks": pa.array([text(items) for items in checks]),
            "reused_orders": pa.array(findings.reused_orders, pa.int64()),
            "reused_accounts": pa.array(findings.reused_accounts, pa.int64()),
        }
    )


def _label_table(world: World, reviews: Reviews, labels: Labels) -> pa.Table:
    """Observed outcomes. Every claim went to a person (observing mode), who saw no score."""
    count = len(world.claims)
    arrived = labels.arrived < world.span.seconds
    moments = pa.array(world.span.moments(labels.arrived), pa.timestamp("us")).cast(pa.timestamp("us", "UTC"))
    table = pa.table(
        {
            "claim_id": _claim_ids(world),
            "wrong": pa.array(labels.wrong, pa.int64()),
            "recorded_at": moments,
            "source": pa.array(["reviewer"] * count),
            "reviewer": pa.array([f"reviewer-{number:02d}" for number in reviews.reviewer]),
            "score_seen": pa.array([False] * count),
            "draw_probability": pa.array([1.0] * count),
        }
    )
    return table.filter(pa.array(arrived))


def _truth_table(world: World, findings: Findings, reviews: Reviews) -> pa.Table:
    claims = world.claims
    causes, kinds = np.array(CAUSES), np.array(KINDS)
    return pa.table(
        {
            "claim_id": _claim_ids(world),
            "due": pa.array(claims.due),
            "cause": pa.array(causes[claims.cause]),
            "fault": pa.array(claims.cause < len(FAULTS)),
            "account_kind": pa.array(kinds[world.population.kind[claims.account]]),
            "ring": pa.array(world.population.ring[claims.account]),
            "tampered": pa.array(findings.tampered),
            "granted": pa.array(reviews.granted),
        }
    )


def write(simulated: Simulated, folder: Path, seed: int) -> None:
    """Write the tables below ``folder``, whole or not at all; an existing world there is replaced."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".world-") as scratch:
        made = Path(scratch) / "world"
        (made / TRUTH).mkdir(parents=True)
        for place, tables in ((made, simulated.observed), (made / TRUTH, simulated.truth)):
            for name, table in tables.items():
                pq.write_table(table, place / f"{name}.parquet", compression="zstd")
        facts = _facts(simulated, seed)
        (made / "world.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", "utf-8")
        if folder.exists():
            folder.replace(Path(scratch) / "old")
        made.replace(folder)


def _facts(simulated: Simulated, seed: int) -> dict[str, Any]:
    world = simulated.world
    return {
        "origin": "simulated",
        "platform": PLATFORM,
        "parameters": world.parameters.name,
        "parameters_digest": world.parameters.digest,
        "seed": seed,
        "start": world.span.start.isoformat(),
        "end": world.span.end.isoformat(),
        "orders": len(world.orders),
        "claims": len(world.claims),
        "events": simulated.observed["events"].num_rows,
        "accounts": len(world.population),
        "label_delay_days": world.parameters.number("reviewing.maturing"),
    }
