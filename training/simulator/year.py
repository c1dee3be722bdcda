"""The year, day by day: what happens on a day depends on what had happened, and had been answered, before it.

Within a day everything is drawn at once, which is what makes a million orders take minutes. Steps of a day are enough
because nothing here reacts within one: see ``adapting``. Each day, in this order: minds wake and take in yesterday's
answers; orders are placed and their buyers' intentions noted; intentions that are due become claims (or requests that
are withdrawn again); the platform's logs are read at the moment of each claim; pages are sent, read, and held against
the record by ``service.evidence``; the claim is routed and decided; answers are told to whom they concern, from the
next morning on. What comes to light weeks later is drawn with the decision and dated; nothing in the world looks at it
but the event log, at its time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from service.domain.checks import CheckResult, Result
from service.domain.codec import canonical, to_data
from training.simulator.adapting import Minds, Shelf, changes_of
from training.simulator.calendar import DAY, Span, busyness
from training.simulator.claiming import Claims, Filed, Probes, file_claims
from training.simulator.columns import joined
from training.simulator.evidence import Album, Findings, make_findings
from training.simulator.intentions import DISHONEST, Agenda, intend
from training.simulator.market import make_market
from training.simulator.names import Names
from training.simulator.operation import Handling, Operation
from training.simulator.orders import Book, Plan, Shop, place, plan_orders
from training.simulator.outages import make_outages
from training.simulator.outcomes import Outcomes, make_outcomes, wrong_share
from training.simulator.pages import claim_checks, claim_evidence, claim_reuse
from training.simulator.parameters import Parameters
from training.simulator.population import make_population
from training.simulator.records import Logs, World, claim_records, read_logs
from training.simulator.reviewing import Desk, Reviews
from training.simulator.streams import Floats, Integers, Streams

DEFAULT_ORDERS = 150_000
_STAGES = ("orders", "intentions", "claims", "logs", "records", "evidence", "operation", "reviews", "outcomes")


@dataclass(frozen=True, slots=True)
class Texts:
    """Per claim, as JSON of the domain codec, and what the re-use look-up counted."""

    record: tuple[str, ...]
    evidence: tuple[str, ...]
    checks: tuple[str, ...]
    reused_orders: Integers
    reused_accounts: Integers
    failed: Integers


@dataclass(frozen=True, slots=True)
class Day:
    """What one day added. ``wrong``: truth, see ``outcomes.wrong_share``."""

    claims: Claims
    probes: Probes
    logs: Logs
    findings: Findings
    handling: Handling
    reviews: Reviews
    outcomes: Outcomes
    wrong: Floats


@dataclass(frozen=True, slots=True)
class Year:
    """The whole year; ``texts``: one Arrow table a day with claims, in order."""

    world: World
    probes: Probes
    logs: Logs
    findings: Findings
    handling: Handling
    reviews: Reviews
    outcomes: Outcomes
    wrong: Floats
    texts: tuple[pa.Table, ...]


Step = Callable[[int], None]


def run_year(parameters: Parameters, span: Span, streams: Streams, step: Step) -> Year:
    """``step`` is called after each day with the number of days done."""
    clerk = _Clerk(parameters, span, streams)
    days = math.ceil(span.seconds / DAY)
    for day in range(days):
        clerk.work(day)
        step(day + 1)
    return clerk.close()


def days_of(span: Span) -> int:
    return math.ceil(span.seconds / DAY)


class _Clerk:
    """Runs the year and keeps what it leaves behind."""

    def __init__(self, parameters: Parameters, span: Span, streams: Streams) -> None:
        count = parameters.whole("span.orders")
        busy = busyness(parameters, span)
        market = make_market(parameters, streams("market"), count / DEFAULT_ORDERS)
        accounts = max(50, round(count / parameters.number("accounts.orders_each")))
        population = make_population(parameters, span, market, streams("population"), accounts)
        self._changes = changes_of(parameters, span)
        self._shop = Shop(
            parameters=parameters,
            span=span,
            population=population,
            market=market,
            outages=make_outages(parameters, span, market, streams("outages")),
            shelf=Shelf(market),
            minds=Minds(parameters, population, len(market.categories.names), self._changes),
        )
        self._plan: Plan = plan_orders(parameters, busy, population, streams("plan"), count)
        self._seed = streams.seed
        self._random = {name: streams(name) for name in _STAGES}
        self._book, self._agenda, self._album = Book(count + count // 20), Agenda(), Album()
        self._desk = Desk(parameters, count * DAY / span.seconds, streams("reviewers"))
        self._secret = f"simulated audit {streams.seed}".encode()
        self._operation: Operation | None = None
        self._days: list[Day] = []
        self._texts: list[pa.Table] = []
        self._filed = 0

    def work(self, day: int) -> None:
        shop, random = self._shop, self._random
        shop.minds.wake(day)
        placed = place(shop, self._plan.of_day(day), random["orders"])
        numbers = self._book.enter(placed)
        self._agenda.note(intend(shop, placed, numbers, random["intentions"]))
        orders = self._book.orders
        filed = file_claims(shop, orders, self._agenda.of_day(day), day, random["claims"])
        self._agenda.note(filed.later)
        names = Names(shop.span, orders.ordered, self._seed)
        world = World(shop.parameters, shop.span, names, shop.population, shop.market, orders, filed.claims)
        if self._operation is None:
            self._operation = Operation(world, self._changes, self._secret)
        self._operation.wake()
        self._decide(world, filed, self._operation)
        self._filed += len(filed.claims)

    def _decide(self, world: World, filed: Filed, operation: Operation) -> None:
        shop, random, claims = self._shop, self._random, filed.claims
        logs = read_logs(shop.parameters, shop.market, world.orders, claims, random["logs"])
        findings = make_findings(world, shop.minds, self._album, self._filed, random["evidence"])
        texts = _texts(world, logs, findings, self._filed, random["records"])
        handling = operation.handle(world, logs, texts.failed, random["operation"])
        reviews = self._desk.judge(world, logs, texts.failed, handling, random["reviews"])
        outcomes = make_outcomes(world, logs, reviews, random["outcomes"])
        undue = np.isin(claims.cause, DISHONEST)
        mind = shop.population.mind[claims.account]
        amount = world.orders.amount[claims.order]
        category = world.orders.category[claims.order]
        shop.minds.tell(mind[undue], reviews.decided[undue], reviews.granted[undue], amount[undue], category[undue])
        wrong = wrong_share(world, logs, claims, reviews.grantable)
        self._days.append(Day(claims, filed.probes, logs, findings, handling, reviews, outcomes, wrong))
        if len(claims):
            self._texts.append(_table(texts))

    def close(self) -> Year:
        shop, orders = self._shop, self._book.close()
        whole = joined(self._days)
        names = Names(shop.span, orders.ordered, self._seed)
        return Year(
            world=World(shop.parameters, shop.span, names, shop.population, shop.market, orders, whole.claims),
            probes=whole.probes,
            logs=whole.logs,
            findings=whole.findings,
            handling=whole.handling,
            reviews=whole.reviews,
            outcomes=whole.outcomes,
            wrong=whole.wrong,
            texts=tuple(self._texts),
        )


def _texts(world: World, logs: Logs, findings: Findings, first: int, random: np.random.Generator) -> Texts:
    """What the service had in hand at each claim, by the service's own types and checks."""
    records = claim_records(world, logs, random, first)
    evidence_texts: list[str] = []
    check_texts: list[str] = []
    counts = np.zeros((len(records), 3), dtype=np.int64)
    for number, claim in enumerate(records):
        evidence = claim_evidence(claim, findings, number)
        reuse = claim_reuse(claim, evidence, findings, number, world.names)
        checks = claim_checks(claim, evidence, reuse, world.span.moment(float(world.claims.claimed[number])))
        counts[number] = reuse.reused_orders, reuse.reused_accounts, _failed(checks)
        evidence_texts.append(_text([to_data(item) for item in evidence]))
        check_texts.append(_text([to_data(check) for check in checks]))
    return Texts(
        record=tuple(_text(to_data(claim)) for claim in records),
        evidence=tuple(evidence_texts),
        checks=tuple(check_texts),
        reused_orders=counts[:, 0],
        reused_accounts=counts[:, 1],
        failed=counts[:, 2],
    )


def _failed(checks: tuple[CheckResult, ...]) -> int:
    return sum(check.result is Result.FAIL for check in checks)


def _text(data: Any) -> str:
    return canonical(data).decode()


def _table(texts: Texts) -> pa.Table:
    return pa.table(
        {
            "record": pa.array(texts.record),
            "evidence": pa.array(texts.evidence),
            "checks": pa.array(texts.checks),
            "reused_orders": pa.array(texts.reused_orders, pa.int64()),
            "reused_accounts": pa.array(texts.reused_accounts, pa.int64()),
        }
    )
