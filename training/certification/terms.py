"""What a certificate is asked to show, and the claims it is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.certification.entities import MISSING, Holders

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Method = Literal["binomial", "betting"]


@dataclass(frozen=True, slots=True)
class Pool:
    """Claims the rule would approve by risk under a threshold of 1, in order of time; everything [n].

    ``amount``: what would be granted, minor units. ``entity``: number of the connected entity. ``holders``: whom the
    served budgets count the money against; None where no budget is emulated.
    """

    platforms: tuple[str, ...]
    claim_ids: tuple[str, ...]
    order_numbers: tuple[str, ...]
    probability: Floats
    amount: Indices
    entity: Indices
    holders: Holders | None = None

    def __len__(self) -> int:
        return len(self.claim_ids)


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything settled before a label is seen.

    ``alpha``, ``delta`` in (0, 1). ``cap``: the largest amount the rule approves by risk. ``entity_cap``: the most a
    connected entity may take in the part that certifies. ``certain_from``: an entity of that much money is judged for
    certain (1 / c); None: the entity cap, the largest c at which all labels weigh the same. Minor units.
    """

    alpha: float
    delta: float
    cap: int
    entity_cap: int
    candidates: int
    method: Method = "binomial"
    certain_from: float | None = None

    def __post_init__(self) -> None:
        if not (0.0 < self.alpha < 1.0 and 0.0 < self.delta < 1.0):
            raise ValueError(f"alpha {self.alpha} and delta {self.delta} must lie between 0 and 1")
        if self.entity_cap < 1 or self.judged_from <= 0:
            raise ValueError("the entity cap and the amount judged for certain must be above 0")
        if self.method == "binomial" and self.judged_from < self.entity_cap:
            raise ValueError(
                "with entities judged for certain below the entity cap labels weigh differently: use method betting"
            )

    @property
    def judged_from(self) -> float:
        return float(self.entity_cap) if self.certain_from is None else float(self.certain_from)

    @property
    def labels_wanted(self) -> float:
        """Starting at fewer expected labels, a threshold would hardly ever be issued."""
        return 2.0 * float(np.log(1.0 / self.delta)) / self.alpha


@dataclass(frozen=True, slots=True)
class Tested:
    """One threshold as tested.

    ``labels``: drawn entities at or below it, one claim each; ``wrong``: of them, after losses in part were rounded by
    lot (or their sum, for the betting bound); ``excess``: share of the money that the served budgets let through beyond
    the entity cap, counted as wrong in full; ``bound`` includes it. ``money``: would-be approvals, minor units.
    """

    threshold: float
    labels: int
    wrong: float
    bound: float
    passed: bool
    excess: float = 0.0
    claims: int = 0
    money: int = 0
    entities: int = 0


@dataclass(frozen=True, slots=True)
class Certification:
    """``chosen`` is the passed threshold that lets most money through; None: no safe threshold, and ``why``.

    ``drawn``: claims judged, over all thresholds tested; ``unresolved``: of them, not judged in time, so wrong.
    """

    chosen: Tested | None
    tested: tuple[Tested, ...]
    why: str
    drawn: int
    unresolved: int
    platforms: tuple[str, ...] = ()
    facts: Mapping[str, float] = field(default_factory=dict)


def pooled(pools: Mapping[str, Pool]) -> Pool:
    """Claims of several platforms as one: entities stay apart. A certificate of it holds for them together only."""
    found = list(pools.values())
    entities = np.cumsum([0, *(int(one.entity.max(initial=-1)) + 1 for one in found)])
    return Pool(
        platforms=tuple(name for one in found for name in one.platforms),
        claim_ids=tuple(name for one in found for name in one.claim_ids),
        order_numbers=tuple(name for one in found for name in one.order_numbers),
        probability=np.concatenate([one.probability for one in found]),
        amount=np.concatenate([one.amount for one in found]),
        entity=np.concatenate([one.entity + offset for one, offset in zip(found, entities, strict=False)]),
        holders=_pooled_holders([one.holders for one in found]),
    )


def _pooled_holders(found: list[Holders | None]) -> Holders | None:
    known = [holders for holders in found if holders is not None]
    if len(known) < len(found):
        return None
    identifiers = []
    for kinds in zip(*(holders.identifiers for holders in known), strict=True):
        offsets = np.cumsum([0, *(int(kind.max(initial=MISSING)) + 1 for kind in kinds)])
        shifted = (np.where(kind == MISSING, MISSING, kind + by) for kind, by in zip(kinds, offsets, strict=False))
        identifiers.append(np.concatenate(list(shifted)))
    return Holders(tuple(identifiers), np.concatenate([holders.window for holders in known]))
