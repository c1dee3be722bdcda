"""Which pages come with a claim, how well they read, and what the checks find: true, damaged, edited, withheld."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from service.domain.checks import CheckCode, Result
from service.domain.claims import FulfilmentState, GoodsKind, ReasonCode, UseState
from training.simulator.claiming import DENIES_DELIVERY, DISHONEST, LEAKED_CODE
from training.simulator.hiding import FACTS, make_hiding, see_completeness
from training.simulator.market import FAULTS
from training.simulator.population import KINDS
from training.simulator.records import Logs, World
from training.simulator.streams import Flags, Floats, Integers, Random, pick

PAGES = ("order", "payment", "prompt", "chat")
ORDER, PAYMENT, PROMPT, CHAT = range(len(PAGES))
CLEAN, DAMAGED, UNREADABLE = range(3)
CHECKS = tuple(CheckCode)
PASS, UNKNOWN, FAIL = (result.rank for result in (Result.PASS, Result.UNKNOWN, Result.FAIL))

_SHOWN = {
    ORDER: (CheckCode.ORDER_NUMBER, CheckCode.AMOUNT, CheckCode.ORDERED_AT, CheckCode.PRODUCT),
    PAYMENT: (
        CheckCode.TRADE_NUMBER,
        CheckCode.AMOUNT,
        CheckCode.PAID_AT,
        CheckCode.PAYEE,
        CheckCode.PAYMENT_STATE,
    ),
}
_WITH_PROMPT = frozenset(
    {
        ReasonCode.CODE_INVALID,
        ReasonCode.CODE_ALREADY_USED,
        ReasonCode.USED_WITHOUT_EFFECT,
        ReasonCode.SERVICE_ABNORMAL,
        ReasonCode.NOT_DELIVERED,
        ReasonCode.OTHER,
    }
)


@dataclass(frozen=True, slots=True)
class Findings:
    """Per claim: ``sent`` and ``quality`` (claims, PAGES), ``ranks`` (claims, CHECKS), ``scores`` (claims, PAGES).

    ``gaps`` (claims, pages of a purchase): what the reader says a page hides, an index into ``hiding.FACTS``.
    ``hints`` likewise: the strongest trace of editing it sees.
    """

    sent: Flags
    quality: Integers
    scores: Floats
    sharpness: Floats
    ranks: Integers
    gaps: Integers
    hints: Floats
    tampered: Flags
    reused_orders: Integers
    reused_accounts: Integers


def make_findings(world: World, logs: Logs, random: Random) -> Findings:
    parameters, claims = world.parameters, world.claims
    count = len(claims)
    undue = (claims.cause >= len(FAULTS)) & (claims.cause != LEAKED_CODE)
    dishonest = np.isin(claims.cause, DISHONEST)
    tampered = dishonest & (random.random(count) < world.population.by_kind("evidence.tampered")[claims.account])
    sent = _sent(world, dishonest, tampered, random)
    shares = parameters.table("evidence.quality")
    quality = pick(random, np.array([shares[name] for name in ("clean", "damaged", "unreadable")]), count * len(PAGES))
    quality = quality.reshape(count, len(PAGES))
    ranks = np.full((count, len(CHECKS)), UNKNOWN, dtype=np.int64)
    top_up = world.market.categories.is_kind(world.orders.category[claims.order], GoodsKind.TOP_UP)
    recorded = sent[:, : len(FACTS)] & (quality[:, : len(FACTS)] != UNREADABLE)
    hiding = make_hiding(world, dishonest, recorded, random)
    for page, codes in _SHOWN.items():
        hideable = [code for code, _ in FACTS[page]]
        for code in codes:
            found = _reading(world, quality[:, page], random)
            if code in hideable:
                found[hiding.hidden[:, page] == hideable.index(code)] = UNKNOWN
            _see(ranks, code, sent[:, page], found)
    _see(ranks, CheckCode.RECHARGED_ACCOUNT, sent[:, ORDER] & top_up, _reading(world, quality[:, ORDER], random))
    _see_prompts(world, logs, ranks, undue, sent[:, PROMPT], quality[:, PROMPT], random)
    _see_edits(world, ranks, tampered, sent, random)
    problem = (sent & (quality != UNREADABLE))[:, [PROMPT, CHAT]].any(axis=1)
    see_completeness(world, ranks, CHECKS, hiding, recorded, np.asarray(problem))
    _readable(ranks, sent, quality)
    scores, sharpness = _looks(world, quality, random)
    orders, accounts = _reused(world, dishonest, random)
    _original(ranks, np.asarray(sent.any(axis=1)), orders)
    hints = _hints(world, tampered, recorded, random)
    return Findings(sent, quality, scores, sharpness, ranks, hiding.told, hints, tampered, orders, accounts)


def _sent(world: World, dishonest: Flags, tampered: Flags, random: Random) -> Flags:
    parameters, claims = world.parameters, world.claims
    chances = parameters.table("evidence.sent")
    base = np.array([float(chances[page]) for page in PAGES])
    small = world.orders.amount[claims.order] < 100 * parameters.number("evidence.small_amount")
    factor = np.where(small, parameters.number("evidence.small_factor"), 1.0)
    sent = random.random((len(claims), len(PAGES))) < base * factor[:, None]
    sent[:, PROMPT] &= np.array([reason in _WITH_PROMPT for reason in claims.reason])
    withheld = dishonest & (random.random(len(claims)) < world.population.by_kind("evidence.withheld")[claims.account])
    # The order page shows the delivery, so somebody who denies it leaves it out first.
    sent[withheld, PROMPT] = False
    sent[withheld & (claims.cause == DENIES_DELIVERY), ORDER] = False
    sent[tampered, ORDER] = True
    return sent


def _reading(world: World, quality: Integers, random: Random) -> Integers:
    """What a check finds on a true page, by how well the page reads."""
    found = np.full(len(quality), UNKNOWN, dtype=np.int64)
    for number, name in ((CLEAN, "clean_reading"), (DAMAGED, "damaged_reading")):
        table = world.parameters.table(f"evidence.{name}")
        mine = np.flatnonzero(quality == number)
        found[mine] = pick(random, np.array([table["pass"], table["unknown"], table["fail"]]), len(mine))
    return found


def _see(ranks: Integers, code: CheckCode, shown: Flags, found: Integers) -> None:
    """One check over several pages: any contradiction stands, else any agreement."""
    column = ranks[:, CHECKS.index(code)]
    fails = shown & (found == FAIL)
    column[shown & (found == PASS) & (column != FAIL)] = PASS
    column[fails] = FAIL


def _see_prompts(
    world: World, logs: Logs, ranks: Integers, undue: Flags, sent: Flags, quality: Integers, random: Random
) -> None:
    parameters, count = world.parameters, len(world.claims)
    readable = sent & (quality != UNREADABLE)
    table = parameters.table("evidence.mock_prompt")
    mocked = pick(random, np.array([table["pass"], table["unknown"], table["fail"]]), count)
    _see(ranks, CheckCode.PROMPT_REASON, readable, np.where(undue, mocked, _reading(world, quality, random)))
    used = np.array([use in (UseState.ACTIVATED, UseState.PARTLY_USED) for use in logs.use])
    delivered = np.array([state is FulfilmentState.DELIVERED for state in logs.state])
    missing = np.array([reason is ReasonCode.NOT_DELIVERED for reason in world.claims.reason])
    # "Code used" prompts agree with a log that says so; who used it is another question.
    says_used = np.array([reason is ReasonCode.CODE_ALREADY_USED for reason in world.claims.reason])
    against = ((used & ~says_used) | (delivered & missing)) & (logs.claimant != 0)
    noticed = random.random(count) < parameters.number("evidence.prompt_contradicts")
    informative = world.orders.log[world.claims.order]
    found = np.where(
        against & noticed, FAIL, np.where(informative & ~against, _reading(world, quality, random), UNKNOWN)
    )
    _see(ranks, CheckCode.PROMPT_FULFILMENT, readable, found)


def _see_edits(world: World, ranks: Integers, tampered: Flags, sent: Flags, random: Random) -> None:
    """An edited page passes unless the edit forgets one of the things that must fit together."""
    seen = tampered & (random.random(len(tampered)) < world.parameters.number("evidence.tamper_seen"))
    slips = (CheckCode.ORDER_NUMBER, CheckCode.ORDERED_AT, CheckCode.AMOUNT, CheckCode.PRODUCT)
    which = random.integers(0, len(slips), len(tampered))
    for number, code in enumerate(slips):
        ranks[seen & (which == number) & sent[:, ORDER], CHECKS.index(code)] = FAIL


def _hints(world: World, tampered: Flags, recorded: Flags, random: Random) -> Floats:
    """Traces of editing as the reader grades them: so strange is this share of honest pages, by print and by row."""
    parameters = world.parameters
    shares, strengths = (parameters.value("evidence.hint_scale")[name] for name in ("shares", "strengths"))
    by_print, by_row = (np.interp(random.random(recorded.shape), shares, strengths) for _ in range(2))
    hints = np.maximum(by_print, by_row)
    caught = tampered & (random.random(len(tampered)) < parameters.number("evidence.tamper_hinted"))
    edited = random.uniform(*parameters.pair("evidence.tamper_hint"), len(tampered))
    hints[:, ORDER] = np.where(caught, np.maximum(hints[:, ORDER], edited), hints[:, ORDER])
    return np.where(recorded, np.round(hints, 3), 0.0)


def _readable(ranks: Integers, sent: Flags, quality: Integers) -> None:
    column = CHECKS.index(CheckCode.EVIDENCE_READABLE)
    unreadable = (sent & (quality == UNREADABLE)).any(axis=1)
    ranks[:, column] = np.where(unreadable, FAIL, np.where(sent.any(axis=1), PASS, UNKNOWN))


def _looks(world: World, quality: Integers, random: Random) -> tuple[Floats, Floats]:
    scores, sharpness = np.zeros(quality.shape), np.zeros(quality.shape)
    for number, name in ((CLEAN, "clean"), (DAMAGED, "damaged")):
        mine = quality == number
        count = int(mine.sum())
        mean, deviation = world.parameters.table("evidence.score")[name]
        scores[mine] = np.clip(random.normal(mean, deviation, count), 0.5, 0.999)
        mean, deviation = world.parameters.table("evidence.sharpness")[name]
        sharpness[mine] = np.clip(random.normal(mean, deviation, count), 5.0, None)
    return scores, sharpness


def _reused(world: World, dishonest: Flags, random: Random) -> tuple[Integers, Integers]:
    """Other orders and other accounts that a page of the claim was sent for."""
    chance = world.population.by_kind("evidence.reused")[world.claims.account]
    chance = np.where(dishonest, chance, world.parameters.number("evidence.reused_honest"))
    # Found where it is, at times where it is not.
    found, wrongly = (world.parameters.number(f"evidence.{name}") for name in ("reuse_found", "reuse_found_wrongly"))
    chance = chance * found + (1 - chance) * wrongly
    reused = random.random(len(dishonest)) < chance
    ring = world.population.kind[world.claims.account] == KINDS.index("ring")
    orders = np.where(reused, 1 + np.where(ring, random.poisson(1.0, len(dishonest)), 0), 0)
    # Rings pass their pages on, others use their own again.
    elsewhere = np.where(ring, world.parameters.number("evidence.reused_elsewhere"), 0.0)
    return orders, random.binomial(orders, elsewhere)


def _original(ranks: Integers, sent: Flags, reused_orders: Integers) -> None:
    """Looked up wherever there is a page."""
    column = CHECKS.index(CheckCode.EVIDENCE_ORIGINAL)
    ranks[:, column] = np.where(sent, np.where(reused_orders > 0, FAIL, PASS), UNKNOWN)
