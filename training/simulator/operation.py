"""Who decides a claim: a person, or in live mode a simple published rule, some of whose approvals the audit draws.

*observing*: every claim goes to a person who sees no score, so every outcome becomes known. *live*: what the rule would
approve is approved at once, and its outcome becomes known only where the audit drew it (labels are selective). The rule
is fixed and public; it stands for whatever decided before a model was there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from service.domain.claims import FulfilmentState, ReasonCode, UseState
from service.domain.errors import ConfigurationError
from service.policy.audit import uniform
from training.simulator.adapting import Change
from training.simulator.calendar import DAY
from training.simulator.claiming import is_code
from training.simulator.records import PLATFORM, Logs, World
from training.simulator.streams import Flags, Floats, Integers, Random

MODES = ("observing", "live")
ROUTES = ("person", "recoverable", "one_click", "risk")
PERSON, RECOVERABLE, ONE_CLICK, RISK = range(len(ROUTES))
"""Recoverable approvals are never audited (their probability of being seen is 0): undone, they cost nothing."""
_USED = (UseState.ACTIVATED, UseState.PARTLY_USED)


@dataclass(frozen=True, slots=True)
class Handling:
    """Per claim: ``route``: who would decide, an index into ROUTES; ``drawn``: the audit sends a would-be approval to
    two people. ``probability``: that the outcome becomes known. ``score``: the rule's, NaN while observing;
    ``score_seen``: the person who judged was shown it."""

    route: Integers
    drawn: Flags
    probability: Floats
    score: Floats
    score_seen: Flags

    @property
    def automatic(self) -> Flags:
        return np.asarray((self.route != PERSON) & ~self.drawn)


class Operation:
    """``recent``: claims of each account in about the last 90 days, for the rule."""

    def __init__(self, world: World, changes: tuple[Change, ...], secret: bytes) -> None:
        parameters = world.parameters
        mode = parameters.value("operation.mode")
        if mode not in MODES:
            raise ConfigurationError(f"operation.mode is {mode!r}; it can be {' or '.join(MODES)}")
        self._live = mode == "live"
        self._from = world.span.second(datetime.fromisoformat(parameters.value("operation.live_from")))
        self._recent: Floats = np.zeros(len(world.population))
        self._changes, self._secret = changes, secret

    def wake(self) -> None:
        """A morning: what was claimed 90 days ago counts no more (fading, so that a step costs the same every day)."""
        self._recent *= 1.0 - 1.0 / 90.0

    def handle(self, world: World, logs: Logs, failed: Integers, random: Random) -> Handling:
        """``failed``: number of checks that failed, per claim."""
        claims, count = world.claims, len(world.claims)
        live = self._live & (claims.claimed >= self._from)
        score = self._score(world, logs, failed)
        np.add.at(self._recent, claims.account, 1.0)
        route = np.where(live, self._route(world, logs, failed, score), PERSON)
        probability = np.where(np.isin(route, (ONE_CLICK, RISK)), self._chance(world), 1.0)
        probability[route == RECOVERABLE] = 0.0
        lots = self._lots(world, route)
        shown = random.random(count) < world.parameters.number("operation.score_shown")
        return Handling(
            route=route,
            drawn=np.asarray((route != PERSON) & (lots < probability)),
            probability=probability,
            score=np.where(live, score, np.nan),
            score_seen=np.asarray(live & (route == PERSON) & shown),
        )

    def _score(self, world: World, logs: Logs, failed: Integers) -> Floats:
        weights = world.parameters.table("operation.rule")
        claims = world.claims
        young = claims.claimed - world.population.opened[claims.account] < 30 * DAY
        sum_of = float(weights["intercept"]) + float(weights["failed_check"]) * failed
        sum_of = sum_of + float(weights["earlier_claim"]) * self._recent[claims.account]
        sum_of = (
            sum_of + float(weights["young_account"]) * young + float(weights["against_log"]) * _against_log(world, logs)
        )
        return np.asarray(1.0 / (1.0 + np.exp(-sum_of)), dtype=np.float64)

    def _route(self, world: World, logs: Logs, failed: Integers, score: Floats) -> Integers:
        claims, parameters = world.claims, world.parameters
        amount = world.orders.amount[claims.order]
        asks_person = np.array(
            [reason in (ReasonCode.UNAUTHORISED, ReasonCode.OTHER) for reason in claims.reason], dtype=bool
        )
        asks_person |= np.isfinite(claims.disputed) | world.orders.cross_border[claims.order]
        risk = (score <= parameters.number("operation.approve_up_to")) & (failed == 0)
        risk &= amount <= 100 * parameters.number("operation.risk_up_to")
        untouched = np.array([use not in _USED for use in logs.use], dtype=bool)
        code = is_code(world.market, world.orders.category[claims.order])
        one_click = (amount < self._one_click(claims.claimed)) & code & untouched
        back = logs.voidable | logs.recallable
        route = np.where(back, RECOVERABLE, np.where(one_click, ONE_CLICK, np.where(risk, RISK, PERSON)))
        return np.where(asks_person, PERSON, route)

    def _one_click(self, moment: Floats) -> Integers:
        limit = np.zeros(len(moment), dtype=np.int64)
        for change in self._changes:
            limit[moment >= change.begins] = change.limit
        return limit

    def _chance(self, world: World) -> Floats:
        """Monetary-unit sampling: the chance grows with the amount. Below ``unaudited_below`` nothing is drawn."""
        amount = world.orders.amount[world.claims.order]
        chance = np.minimum(1.0, amount / (100.0 * world.parameters.number("operation.audit_certain_from")))
        return np.where(amount < 100 * world.parameters.number("operation.unaudited_below"), 0.0, chance)

    def _lots(self, world: World, route: Integers) -> Floats:
        """HMAC of platform and order, as online; no lot for what a person decides anyway."""
        lots = np.ones(len(route))
        for number in np.flatnonzero(route != PERSON):
            lots[number] = uniform(self._secret, PLATFORM, world.names.order(int(world.claims.order[number])))
        return lots


def _against_log(world: World, logs: Logs) -> Flags:
    """The reason contradicts the delivery or use log."""
    return np.array(
        [
            (reason is ReasonCode.NOT_DELIVERED and state is FulfilmentState.DELIVERED)
            or (reason is ReasonCode.CODE_INVALID and use in _USED)
            for reason, state, use in zip(world.claims.reason, logs.state, logs.use, strict=True)
        ],
        dtype=bool,
    )
