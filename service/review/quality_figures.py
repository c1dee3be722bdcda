"""How well decisions hold: for each reviewer to learn by, and for seniors to help by; nobody is ranked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.domain.actors import Actor, person_key
from service.domain.agreement import Kappa, Rate, cohen_kappa
from service.domain.clock import Clock
from service.domain.quality import Verdict
from service.store import Store, quality_figures
from service.store.quality_figures import Counts, Pair

LOOKED_BACK = timedelta(days=90)
CATEGORIES = (Verdict.APPROVE, Verdict.APPROVE_PARTIALLY, Verdict.REJECT)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerFigures:
    """``agreed``: of cases another judged as well, unseen; ``overturned`` of decisions; ``refused_wrongly`` of
    refusals; ``golden_right`` of cases with a known answer. ``judged_first``: before the score was shown."""

    reviewer: str
    decided: int
    judged_first: int
    agreed: Rate
    overturned: Rate
    refused_wrongly: Rate
    golden_right: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFigures:
    """``reviewers`` by name. ``table``: cases two have judged, by what the first said and what the second did, in the
    order of ``CATEGORIES``; ``kappa`` None where they say nothing of chance."""

    reviewers: tuple[ReviewerFigures, ...]
    table: tuple[tuple[int, ...], ...]
    kappa: Kappa | None


class QualityFigures:
    """Of the last ``LOOKED_BACK``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    @property
    def since(self) -> datetime:
        return self._clock.now() - LOOKED_BACK

    async def own(self, platform_id: str, reviewer: Actor) -> ReviewerFigures:
        """Of one person, for themselves."""
        name, since = person_key(reviewer.name), self.since
        async with self._store.reading() as connection:
            counted = await quality_figures.counts(connection, platform_id, since, name)
            pairs = await quality_figures.pairs(connection, platform_id, since)
        return _figures(counted[0] if counted else Counts(reviewer=name), _agreed(pairs))

    async def team(self, platform_id: str) -> TeamFigures:
        """Of everybody who judged, for who helps them."""
        since = self.since
        async with self._store.reading() as connection:
            counted = await quality_figures.counts(connection, platform_id, since)
            pairs = await quality_figures.pairs(connection, platform_id, since)
        agreed, table = _agreed(pairs), _table(pairs)
        return TeamFigures(
            reviewers=tuple(_figures(each, agreed) for each in counted), table=table, kappa=cohen_kappa(table)
        )


def _figures(counted: Counts, agreed: Mapping[str, Rate]) -> ReviewerFigures:
    return ReviewerFigures(
        reviewer=counted.reviewer,
        decided=counted.decided,
        judged_first=counted.first,
        agreed=agreed.get(counted.reviewer, Rate(0, 0)),
        overturned=Rate(counted.overturned, counted.decided),
        refused_wrongly=Rate(counted.refused_wrongly, counted.refused),
        golden_right=Rate(counted.golden_right, counted.golden),
    )


def _agreed(pairs: Sequence[Pair]) -> dict[str, Rate]:
    found: dict[str, Rate] = {}
    for pair in pairs:
        same = int(pair.first_verdict is pair.second_verdict)
        for name in (pair.first, pair.second):
            before = found.get(name, Rate(0, 0))
            found[name] = Rate(before.hits + same, before.n + 1)
    return found


def _table(pairs: Sequence[Pair]) -> tuple[tuple[int, ...], ...]:
    counted = [[0] * len(CATEGORIES) for _ in CATEGORIES]
    for pair in pairs:
        counted[CATEGORIES.index(pair.first_verdict)][CATEGORIES.index(pair.second_verdict)] += 1
    return tuple(tuple(row) for row in counted)
