"""What people decided and when: a desk with so many hands, backlogs, differing reviewers, blind pairs for audits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.domain.claims import UseState
from training.simulator.calendar import DAY, HOUR
from training.simulator.claiming import TERM, Claims
from training.simulator.intentions import CAUSES, COLLUSION, LEAKED_CODE
from training.simulator.operation import Handling
from training.simulator.parameters import Parameters
from training.simulator.records import Logs, World
from training.simulator.streams import Flags, Floats, Integers, Random, log_normal

NOBODY = -1
_PARTIAL = CAUSES.index("partial_use")


@dataclass(frozen=True, slots=True)
class Reviews:
    """Per claim. ``reviewer``: NOBODY where no person judged. ``judgements``: how many did; a blind pair that disagrees
    asks a third. ``decided``: seconds since the span's start. ``grantable``: what a grant pays (fen): all, or pro rata.
    ``waiting``: claims on the desk when this one came, in days of its capacity."""

    reviewer: Integers
    judgements: Integers
    agreed: Flags
    decided: Floats
    granted: Flags
    grantable: Integers
    waiting: Floats


class Desk:
    """The reviewers of a year. What is not done in a day waits for the next."""

    def __init__(self, parameters: Parameters, orders_a_day: float, random: Random) -> None:
        self._parameters = parameters
        people = max(2, round(parameters.number("reviewing.reviewers_per_order") * orders_a_day))
        self._capacity = max(1.0, people * parameters.number("reviewing.reviews_a_day"))
        self._growth = parameters.number("span.growth")
        self._spread = np.exp(random.normal(0.0, parameters.number("reviewing.reviewer_spread"), people))
        self._backlog = 0.0

    def judge(self, world: World, logs: Logs, failed: Integers, handling: Handling, random: Random) -> Reviews:
        """Decisions on a day's claims. ``failed``: number of checks that failed, per claim."""
        claims, count = world.claims, len(world.claims)
        automatic, audited = handling.automatic, handling.drawn
        # The desk grows with the platform.
        year = float(claims.claimed.mean()) / world.span.seconds if count else 0.5
        capacity = self._capacity * (1.0 + self._growth * year) / (1.0 + self._growth / 2)
        waiting = self._backlog / capacity
        reviewer = random.integers(0, len(self._spread), count)
        second = (reviewer + random.integers(1, len(self._spread), count)) % len(self._spread)
        wrong = (claims.due < 0.5) & (claims.cause != _PARTIAL)
        looks_wrong = wrong & ~claims.staged & (claims.cause != LEAKED_CODE)
        haste = 1.0 + self._parameters.number("reviewing.load_error") * min(1.0, waiting)
        alone = self._says(claims, looks_wrong, failed > 0, handling, haste * self._spread[reviewer], random)
        pair = [wrong == self._errs_in_audit(self._spread[person], random) for person in (reviewer, second)]
        agreed = ~audited | (pair[0] == pair[1])
        settled = np.where(agreed, pair[0], wrong == self._errs_in_audit(np.full(count, 0.5), random))
        granted = np.where(automatic, True, np.where(audited, settled, alone))
        decided = claims.claimed + self._delay(audited, agreed, waiting, random)
        self._backlog = max(0.0, self._backlog + float((~automatic).sum() + audited.sum()) - capacity)
        return Reviews(
            reviewer=np.where(automatic, NOBODY, reviewer),
            judgements=np.where(automatic, 0, np.where(audited, np.where(agreed, 2, 3), 1)),
            agreed=np.asarray(agreed),
            decided=np.where(automatic, claims.claimed + random.uniform(1.0, 4.0, count), decided),
            granted=np.asarray(granted, dtype=np.bool_),
            grantable=_grantable(world, logs, claims),
            waiting=np.full(count, waiting),
        )

    def _errs_in_audit(self, factor: Floats, random: Random) -> Flags:
        """An audit asks the supplier, so it sees through what has no trace on our side."""
        return np.asarray(random.random(len(factor)) < self._parameters.number("reviewing.audit_error") * factor)

    def _says(
        self, claims: Claims, wrong: Flags, failed: Flags, handling: Handling, factor: Floats, random: Random
    ) -> Flags:
        """Whether one person would grant what looks ``wrong`` or right to someone who takes the time a case gets.

        Where contradictions mean nothing, reviewers know it (signal.strength). What left no trace looks right, and a
        seller that backs its buyer up makes a claim look right more often than not.
        """

        def rate(name: str) -> float:
            return self._parameters.number(f"reviewing.{name}")

        strength = self._parameters.number("signal.strength")
        right = rate("grants_due") + strength * failed * (rate("grants_due_failed") - rate("grants_due"))
        mistaken = rate("grants_undue") + strength * failed * (rate("grants_undue_failed") - rate("grants_undue"))
        mistaken = np.where(claims.cause == COLLUSION, rate("grants_collusion"), mistaken)
        error = np.where(wrong, mistaken, 1.0 - right) * factor
        # Who sees a score leans its way: towards granting at 0, towards refusing at 1.
        leaning = rate("score_leaning") * np.where(handling.score_seen, np.nan_to_num(handling.score) - 0.5, 0.0)
        error = error * np.exp(np.where(wrong, -leaning, leaning))
        errs = random.random(len(wrong)) < np.minimum(error, 0.9)
        return np.asarray(wrong == errs, dtype=np.bool_)

    def _delay(self, audited: Flags, agreed: Flags, waiting: float, random: Random) -> Floats:
        count = len(audited)
        median, sigma = self._parameters.pair("reviewing.delay")
        delay = log_normal(random, median * HOUR, sigma, count) + waiting * DAY
        pair = random.uniform(*self._parameters.pair("reviewing.adjudication_days"), count) * DAY
        return delay + np.where(audited, pair, 0.0) + np.where(agreed, 0.0, pair)


def _grantable(world: World, logs: Logs, claims: Claims) -> Integers:
    """Fen. Partly used goods are refunded pro rata where the log tells how much was used."""
    amount = world.orders.amount[claims.order]
    left = 1.0 - claims.units_used / TERM
    told = np.array([use is UseState.PARTLY_USED for use in logs.use], dtype=bool)
    known = (claims.cause == _PARTIAL) & told
    return np.where(known, np.round(amount * left), amount).astype(np.int64)
