"""Which pages come with a claim, what they show, and how well they read: true, damaged, edited, re-used, withheld.

Nothing here says what a check finds. What is drawn is the page and the reading; ``service.evidence`` then holds what
was read against the record, as it does online.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from service.domain.claims import ReasonCode
from service.domain.evidence import ErrorCode, FieldName
from training.simulator.adapting import Minds
from training.simulator.hiding import FACTS, make_hiding
from training.simulator.intentions import DENIES_DELIVERY, FORGING, OWN_DEVICE
from training.simulator.records import World
from training.simulator.streams import Flags, Floats, Integers, Random, pick

PAGES = ("order", "payment", "prompt", "chat")
ORDER, PAYMENT, PROMPT, CHAT = range(len(PAGES))
CLEAN, DAMAGED, UNREADABLE = range(3)
EXACT, MISSED, WRONG = range(3)
COLUMNS: tuple[tuple[int, FieldName], ...] = (
    (ORDER, FieldName.ORDER_NUMBER),
    (ORDER, FieldName.AMOUNT),
    (ORDER, FieldName.ORDERED_AT),
    (ORDER, FieldName.PRODUCT),
    (ORDER, FieldName.RECHARGED_ACCOUNT),
    (ORDER, FieldName.STATUS),
    (PAYMENT, FieldName.TRADE_NUMBER),
    (PAYMENT, FieldName.AMOUNT),
    (PAYMENT, FieldName.PAID_AT),
    (PAYMENT, FieldName.PAYEE),
    (PAYMENT, FieldName.STATUS),
    (PROMPT, FieldName.ERROR_PROMPT),
)
PROMPTS = tuple(ErrorCode)
_NO_PROMPT = -1
# What must fit the record on an edited order page; an edit forgets one of them.
_MUST_FIT = (FieldName.ORDER_NUMBER, FieldName.ORDERED_AT, FieldName.AMOUNT, FieldName.PRODUCT)
# The prompt that goes with a reason, one that says nothing, and one that speaks against it.
_SHOWN: dict[ReasonCode, tuple[ErrorCode, ErrorCode, ErrorCode]] = {
    ReasonCode.CODE_INVALID: (ErrorCode.CODE_INVALID, ErrorCode.SYSTEM_BUSY, ErrorCode.CODE_USED),
    ReasonCode.CODE_ALREADY_USED: (ErrorCode.CODE_USED, ErrorCode.SYSTEM_BUSY, ErrorCode.CODE_INVALID),
    ReasonCode.USED_WITHOUT_EFFECT: (ErrorCode.NO_SUCH_RECORD, ErrorCode.SYSTEM_BUSY, ErrorCode.LIMIT_EXCEEDED),
    ReasonCode.SERVICE_ABNORMAL: (ErrorCode.SYSTEM_BUSY, ErrorCode.LIMIT_EXCEEDED, ErrorCode.ACCOUNT_RESTRICTED),
    ReasonCode.NOT_DELIVERED: (ErrorCode.NOT_DELIVERED, ErrorCode.SYSTEM_BUSY, ErrorCode.CODE_USED),
    ReasonCode.OTHER: (ErrorCode.SYSTEM_BUSY, ErrorCode.NOT_DELIVERED, ErrorCode.CODE_USED),
}


# What the demo platform's form asks for.
_WITH_PURCHASE = frozenset(
    {ReasonCode.NOT_DELIVERED, ReasonCode.CODE_INVALID, ReasonCode.SERVICE_ABNORMAL, ReasonCode.WRONG_TARGET}
)
_WITH_PROBLEM = frozenset(_SHOWN) - {ReasonCode.OTHER}


@dataclass(frozen=True, slots=True)
class SentBefore:
    """An earlier claim that a page was sent with: numbers of order, account and claim."""

    order: int
    account: int
    claim: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Per claim: ``sent``, ``quality``, ``scores``, ``sharpness`` (claims, PAGES); ``reading`` (claims, COLUMNS).

    ``prompt``: index into PROMPTS of what the prompt page shows, -1 for none. ``gaps`` (claims, pages of a purchase):
    what the reader says a page hides, an index into ``hiding.FACTS``; ``hints`` likewise: the strongest trace of
    editing it sees. ``reused``: where the re-use look-up found a page of the claim. ``tampered``, ``withheld``: truth.
    """

    sent: Flags
    quality: Integers
    scores: Floats
    sharpness: Floats
    reading: Integers
    prompt: Integers
    gaps: Integers
    hints: Floats
    tampered: Flags
    withheld: Flags
    reused: tuple[tuple[SentBefore, ...], ...]


class Album:
    """Pages sent so far, by who has them at hand: a mind's own, and for chance likenesses everybody's."""

    def __init__(self) -> None:
        self._pages: dict[int, list[list[SentBefore]]] = defaultdict(list)
        self._all: list[SentBefore] = []

    def take(self, mind: int, random: Random) -> list[SentBefore]:
        """A page this mind has sent before, with every claim it was sent for; empty where it has none."""
        pages = self._pages[mind]
        return pages[int(random.integers(0, len(pages)))] if pages else []

    def anybody(self, random: Random) -> list[SentBefore]:
        return [self._all[int(random.integers(0, len(self._all)))]] if self._all else []

    def add(self, mind: int, sent: SentBefore) -> None:
        self._pages[mind].append([sent])
        self._all.append(sent)


def make_findings(world: World, minds: Minds, album: Album, first: int, random: Random) -> Findings:
    """The evidence of a day's claims; ``first``: number of the first of them in the year."""
    parameters, claims = world.parameters, world.claims
    count, mind = len(claims), world.population.mind[claims.account]
    forging = np.isin(claims.cause, FORGING)
    # Who was refused takes more trouble over the next page.
    trouble = 1.0 + parameters.number("adapting.forges_more") * minds.rejected[mind]
    tampering = np.minimum(world.population.by_kind("evidence.tampered")[claims.account] * trouble, 0.9)
    tampered = forging & (random.random(count) < tampering)
    withheld = forging & (random.random(count) < world.population.by_kind("evidence.withheld")[claims.account])
    sent = _sent(world, withheld, tampered, random)
    shares = parameters.table("evidence.quality")
    quality = pick(random, np.array([shares[name] for name in ("clean", "damaged", "unreadable")]), count * len(PAGES))
    quality = quality.reshape(count, len(PAGES))
    recorded = sent[:, : len(FACTS)] & (quality[:, : len(FACTS)] != UNREADABLE)
    hiding = make_hiding(world, forging, recorded, random)
    reading = _reading(world, quality, random)
    for page, names in FACTS.items():
        for fact, name in enumerate(names):
            reading[hiding.hidden[:, page] == fact, COLUMNS.index((page, name))] = MISSED
    _forget(world, reading, tampered, random)
    scores, sharpness = _looks(world, quality, random)
    return Findings(
        sent=sent,
        quality=quality,
        scores=scores,
        sharpness=sharpness,
        reading=reading,
        prompt=_prompts(world, forging, random),
        gaps=hiding.told,
        hints=_hints(world, tampered, recorded, random),
        tampered=tampered,
        withheld=withheld,
        reused=_reused(world, forging, np.asarray(sent.any(axis=1)), album, first, random),
    )


def _sent(world: World, withheld: Flags, tampered: Flags, random: Random) -> Flags:
    parameters, claims = world.parameters, world.claims
    chances = parameters.table("evidence.sent")
    base = np.array([float(chances[page]) for page in PAGES])
    small = world.orders.amount[claims.order] < 100 * parameters.number("evidence.small_amount")
    factor = np.where(small, parameters.number("evidence.small_factor"), 1.0)
    sent = random.random((len(claims), len(PAGES))) < base * factor[:, None]
    sent[:, PROMPT] &= np.array([reason in _SHOWN for reason in claims.reason], dtype=bool)
    # The order page shows the delivery, so somebody who denies it leaves it out first.
    sent[withheld, PROMPT] = False
    sent[withheld & (claims.cause == DENIES_DELIVERY), ORDER] = False
    sent[tampered, ORDER] = True
    return sent | (_asked_for(world, sent) & _answers(world, withheld, random)[:, None])


def _asked_for(world: World, sent: Flags) -> Flags:
    """Pages that the reason needs and that did not come: the answer to a claim names them at once."""
    reasons = world.claims.reason
    missing = np.zeros_like(sent)
    no_purchase = ~sent[:, ORDER] & ~sent[:, PAYMENT]
    no_problem = ~sent[:, PROMPT] & ~sent[:, CHAT]
    missing[:, ORDER] = no_purchase & np.array([reason in _WITH_PURCHASE for reason in reasons], dtype=bool)
    missing[:, PROMPT] = no_problem & np.array([reason in _WITH_PROBLEM for reason in reasons], dtype=bool)
    missing[:, PAYMENT] = [reason is ReasonCode.DUPLICATE_PAYMENT for reason in reasons]
    missing[:, CHAT] = [reason is ReasonCode.USED_WITHOUT_EFFECT for reason in reasons]
    return missing & ~sent


def _answers(world: World, withheld: Flags, random: Random) -> Flags:
    """Who sends what is asked for. Who leaves out what would speak against the claim still does."""
    chance = world.population.by_kind("evidence.sent_when_asked")[world.claims.account]
    return np.asarray((random.random(len(withheld)) < chance) & ~withheld)


def _reading(world: World, quality: Integers, random: Random) -> Integers:
    """EXACT, MISSED or surely WRONG, per claim and column, at the rates measured for the field."""
    parameters, count = world.parameters, len(quality)
    exact, wrong = (parameters.table(f"evidence.{name}") for name in ("read_exactly", "surely_wrong"))
    draws = random.random((count, len(COLUMNS)))
    reading = np.full((count, len(COLUMNS)), MISSED, dtype=np.int64)
    for column, (page, name) in enumerate(COLUMNS):
        for number, look in ((CLEAN, "clean"), (DAMAGED, "damaged")):
            mine, draw = quality[:, page] == number, draws[:, column]
            rate = float(exact[name.value][look])
            reading[mine & (draw < rate), column] = EXACT
            reading[mine & (draw >= 1.0 - min(float(wrong[look]), 1.0 - rate)), column] = WRONG
    return reading


def _forget(world: World, reading: Integers, tampered: Flags, random: Random) -> None:
    """An edited page passes unless the edit forgets one of the things that must fit together."""
    forgets = tampered & (random.random(len(tampered)) < world.parameters.number("evidence.tamper_seen"))
    which = random.integers(0, len(_MUST_FIT), len(tampered))
    for number, name in enumerate(_MUST_FIT):
        column = COLUMNS.index((ORDER, name))
        reading[forgets & (which == number) & (reading[:, column] == EXACT), column] = WRONG


def _prompts(world: World, forging: Flags, random: Random) -> Integers:
    """What the prompt page shows. Who was not wronged has to provoke or mock up a prompt."""
    parameters, claims = world.parameters, world.claims
    table = parameters.table("evidence.mock_prompt")
    choice = pick(random, np.array([table[name] for name in ("fitting", "idle", "against")]), len(claims))
    own_fault = random.random(len(claims)) < parameters.number("evidence.own_device_prompt")
    choice = np.where(forging, choice, np.where((claims.cause == OWN_DEVICE) & own_fault, 2, 0))
    return np.array(
        [
            PROMPTS.index(_SHOWN[reason][place]) if reason in _SHOWN else _NO_PROMPT
            for reason, place in zip(claims.reason, choice, strict=True)
        ],
        dtype=np.int64,
    )


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


def _reused(
    world: World, forging: Flags, sent: Flags, album: Album, first: int, random: Random
) -> tuple[tuple[SentBefore, ...], ...]:
    """Where the look-up finds the claim's pages: found where they were sent before, at times where they were not."""
    parameters, claims = world.parameters, world.claims
    chance = world.population.by_kind("evidence.reused")[claims.account]
    chance = np.where(forging, chance, parameters.number("evidence.reused_honest"))
    again = sent & (random.random(len(claims)) < chance)
    found = random.random(len(claims)) < parameters.number("evidence.reuse_found")
    wrongly = sent & (random.random(len(claims)) < parameters.number("evidence.reuse_found_wrongly"))
    seen: list[tuple[SentBefore, ...]] = []
    for number in range(len(claims)):
        mind = int(world.population.mind[claims.account[number]])
        own = SentBefore(int(claims.order[number]), int(claims.account[number]), first + number)
        page = album.take(mind, random) if again[number] else []
        shown = page if page and found[number] else (album.anybody(random) if wrongly[number] else [])
        seen.append(tuple(shown))
        if page:
            page.append(own)
        elif sent[number]:
            album.add(mind, own)
    return tuple(seen)
