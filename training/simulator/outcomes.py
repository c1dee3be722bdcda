"""What came to light after the decisions, when, and what it cost; and the labels an observer can draw from it.

Loss of a grant = granted - truly due - recovered, within [0, granted] (fen).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.simulator.calendar import DAY, Span
from training.simulator.claiming import Claims
from training.simulator.intentions import COLLUSION, DISHONEST
from training.simulator.operation import Handling
from training.simulator.parameters import Parameters
from training.simulator.records import Logs, World
from training.simulator.reviewing import Reviews
from training.simulator.streams import Flags, Floats, Integers, Random

SOURCES = ("reviewer", "appeal", "settlement", "chargeback", "audit", "rejection_audit")
REVIEWER, APPEAL, SETTLEMENT, CHARGEBACK, AUDIT, REJECTION_AUDIT = range(len(SOURCES))


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Per claim; moments are seconds since the span's start, NaN for never; money in fen.

    ``overturned``: a rejection reversed on appeal. ``found_wrong``: suppliers settled and the goods had been used.
    ``charged_back``: a dispute at the payment provider, won by the buyer. ``rejudged``: a blind pair looked at the
    rejection again, and ``rejudged_due`` what they said. ``unresolved``: what would tell never came. ``recovered``: of
    a wrong grant, from seller, supplier or by voiding. ``loss``: truth, as above.
    """

    overturned: Floats
    found_wrong: Floats
    charged_back: Floats
    rejudged: Floats
    rejudged_due: Flags
    unresolved: Flags
    recovered: Integers
    loss: Integers


def make_outcomes(world: World, logs: Logs, reviews: Reviews, random: Random) -> Outcomes:
    parameters, claims = world.parameters, world.claims
    count = len(claims)
    due = due_amount(world, claims)
    wrong = due < 0.5 * reviews.grantable

    def sometimes(name: str) -> Flags:
        return np.asarray(random.random(count) < parameters.number(f"reviewing.{name}"))

    rejected = ~reviews.granted
    appealed = rejected & np.where(wrong, sometimes("appealed_undue"), sometimes("appealed"))
    overturned = appealed & np.where(wrong, sometimes("overturned_undue"), sometimes("overturned"))
    appeal = reviews.decided + random.uniform(*parameters.pair("reviewing.appeal_days"), count) * DAY
    paid_wrongly = wrong & reviews.granted
    found = paid_wrongly & sometimes("wrong_found")
    finding = reviews.decided + random.exponential(parameters.number("reviewing.wrong_days"), count) * DAY
    rejudged = rejected & ~overturned & sometimes("rejection_audit")
    pair = random.uniform(*parameters.pair("reviewing.adjudication_days"), count) * DAY
    recovered = _recovered(world, logs, reviews, due, found, random)
    return Outcomes(
        overturned=np.where(overturned, appeal, np.nan),
        found_wrong=np.where(found, finding, np.nan),
        charged_back=_charged_back(world, reviews, wrong, overturned, random),
        rejudged=np.where(rejudged, reviews.decided + 2 * DAY + pair, np.nan),
        rejudged_due=~wrong ^ sometimes("adjudication_error"),
        unresolved=reviews.granted & ~found & sometimes("unresolved"),
        recovered=recovered,
        loss=_loss(reviews.granted | overturned, reviews.grantable, due, recovered),
    )


def due_amount(world: World, claims: Claims) -> Integers:
    """Fen that a fully informed judge would grant."""
    return np.round(claims.due * world.orders.amount[claims.order]).astype(np.int64)


def wrong_share(world: World, logs: Logs, claims: Claims, grantable: Integers) -> Floats:
    """Of what a grant pays, the part that is not due and that undoing the goods does not bring back, in [0, 1]."""
    excess = np.clip(grantable - due_amount(world, claims), 0, grantable)
    lost = np.where(logs.voidable | logs.recallable, 0, excess)
    return np.asarray(lost / np.maximum(grantable, 1), dtype=np.float64)


def _loss(granted: Flags, grantable: Integers, due: Integers, recovered: Integers) -> Integers:
    return np.where(granted, np.clip(grantable - due - recovered, 0, grantable), 0)


def _recovered(world: World, logs: Logs, reviews: Reviews, due: Integers, found: Flags, random: Random) -> Integers:
    """All where the goods can be undone; of what is found out, a part, and more where a seller's money is frozen."""
    parameters, claims = world.parameters, world.claims
    excess = np.maximum(reviews.grantable - due, 0)
    share = random.uniform(*parameters.pair("reviewing.recovered_share"), len(claims))
    pays = random.random(len(claims)) < parameters.number("reviewing.recovers")
    seller = random.random(len(claims)) < parameters.number("accounts.colluding.escrow_kept")
    pays = np.where(claims.cause == COLLUSION, seller & found, pays & found)
    back = np.where(pays, np.round(share * excess), 0)
    undone = logs.voidable | logs.recallable
    return np.where(undone, excess, back).astype(np.int64)


def _charged_back(world: World, reviews: Reviews, wrong: Flags, overturned: Flags, random: Random) -> Floats:
    """Disputes won: those opened before the claim, those beside a grant, and those of who was refused."""
    parameters, claims = world.parameters, world.claims
    chance = np.where(
        reviews.granted,
        np.where(wrong & np.isin(claims.cause, DISHONEST), parameters.number("reviewing.chargeback"), 0.0),
        np.where(overturned, 0.0, parameters.number("reviewing.chargeback_after_refusal")),
    )
    disputes = random.random(len(claims)) < chance
    days = random.uniform(*parameters.pair("reviewing.chargeback_days"), len(claims)) * DAY
    later = np.where(disputes, reviews.decided + days, np.nan)
    return np.where(np.isfinite(claims.disputed), claims.disputed + days, later)


@dataclass(frozen=True, slots=True)
class Labels:
    """What an observer may conclude: ``wrong`` 1: the grant was or would have been wrong. ``share``: of the granted
    amount. ``arrived``: when it was final, NaN for never. ``source``: index into SOURCES."""

    wrong: Integers
    share: Floats
    arrived: Floats
    source: Integers


def observed_labels(
    parameters: Parameters, span: Span, handling: Handling, reviews: Reviews, outcomes: Outcomes
) -> Labels:
    """Rejected for good, or granted and found out within the maturing time; errors of the reviewers stay in.

    An automatic approval that the audit did not draw has no label, even where it is charged back later: counting those
    that come to light by themselves would count wrong ones only.
    """
    maturing = reviews.decided + parameters.number("reviewing.maturing") * DAY
    trouble = np.fmin(outcomes.found_wrong, outcomes.charged_back)
    in_time = reviews.granted & (trouble <= np.minimum(maturing, span.seconds))
    reversed_later = np.isfinite(outcomes.overturned)
    asked_again = np.isfinite(outcomes.rejudged)
    wrong = np.where(reviews.granted, in_time, ~reversed_later & ~(asked_again & outcomes.rejudged_due))
    appeal_over = reviews.decided + parameters.pair("reviewing.appeal_days")[1] * DAY
    refused = np.where(reversed_later, outcomes.overturned, appeal_over)
    refused = np.where(asked_again, np.maximum(outcomes.rejudged, appeal_over), refused)
    granted = np.where(in_time, trouble, maturing)
    # A blind pair is believed at once.
    arrived = np.where(handling.drawn, reviews.decided, np.where(reviews.granted, granted, refused))
    wrong = np.where(handling.drawn, ~reviews.granted, wrong)
    silent = handling.automatic | (outcomes.unresolved & ~handling.drawn)
    charged = outcomes.charged_back <= np.nan_to_num(outcomes.found_wrong, nan=np.inf)
    late = np.where(in_time, np.where(charged, CHARGEBACK, SETTLEMENT), REVIEWER)
    early = np.where(asked_again, REJECTION_AUDIT, np.where(reversed_later, APPEAL, REVIEWER))
    source = np.where(handling.drawn, AUDIT, np.where(reviews.granted, late, early))
    kept = np.where(reviews.grantable > 0, 1.0 - outcomes.recovered / np.maximum(reviews.grantable, 1), 1.0)
    share = np.where(wrong, np.where(in_time & ~handling.drawn, kept, 1.0), 0.0)
    return Labels(wrong.astype(np.int64), share, np.where(silent, np.nan, arrived), source)
