"""Counts of what people said and of what became of it, for as long as one looks back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.quality import Verdict

PAIRS = 20_000
"""So many cases that two have judged are compared; the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one reviewer. ``decided``: cases they decided, ``refused`` of them; ``overturned``: decisions of theirs that
    an appeal, a senior, a record or a chargeback turned round, ``refused_wrongly`` of them refusals."""

    reviewer: str
    decided: int = 0
    refused: int = 0
    overturned: int = 0
    refused_wrongly: int = 0
    first: int = 0
    golden: int = 0
    golden_right: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """What two people said of one case, neither knowing of the other; ``first`` judged before ``second``."""

    first: str
    second: str
    first_verdict: Verdict
    second_verdict: Verdict


# From judgements_time_idx alone.
_DECIDED = sa.text("""
    SELECT reviewer,
        count(*) FILTER (WHERE occasion <> 'first') AS decided,
        count(*) FILTER (WHERE occasion <> 'first' AND loss_share >= 0.5) AS refused,
        count(*) FILTER (WHERE occasion = 'first') AS first
    FROM judgements
    WHERE platform_id = :platform_id AND judged_at >= :since AND (:reviewer = '' OR reviewer = :reviewer)
    GROUP BY reviewer
""")
# What came later than a decision and says the opposite, from somebody else. Each decision counts once.
_OVERTURNED = sa.text("""
    WITH told AS (
        SELECT case_id, loss_share, recorded_at AS at, reviewer_name AS by FROM labels
        WHERE platform_id = :platform_id AND recorded_at >= :since
            AND source IN ('appeal', 'adjudication', 'record', 'chargeback')
        UNION ALL
        SELECT case_id, loss_share, judged_at, reviewer_name FROM judgements
        WHERE platform_id = :platform_id AND judged_at >= :since AND occasion = 'adjudication'
    ), turned AS (
        SELECT DISTINCT j.reviewer, j.case_id, j.loss_share >= 0.5 AS refused
        FROM told JOIN judgements AS j ON j.platform_id = :platform_id AND j.case_id = told.case_id
        WHERE j.occasion <> 'first' AND j.judged_at >= :since AND j.judged_at < told.at
            AND j.reviewer_name <> told.by AND (j.loss_share >= 0.5) <> (told.loss_share >= 0.5)
            AND (:reviewer = '' OR j.reviewer = :reviewer)
    )
    SELECT reviewer, count(*) AS overturned, count(*) FILTER (WHERE refused) AS refused_wrongly
    FROM turned GROUP BY reviewer
""")
_GOLDEN = sa.text("""
    SELECT p.reviewer, count(*) AS golden,
        count(*) FILTER (WHERE (p.loss_share >= 0.5) = (g.loss_share >= 0.5)) AS golden_right
    FROM golden_placements AS p JOIN golden_cases AS g ON g.platform_id = p.platform_id AND g.id = p.golden_id
    WHERE p.platform_id = :platform_id AND p.judged_at >= :since AND (:reviewer = '' OR p.reviewer = :reviewer)
    GROUP BY p.reviewer
""")
# The first unseen word of each, of the two who came first.
_PAIRS = sa.text("""
    WITH said AS (
        SELECT DISTINCT ON (case_id, reviewer) case_id, reviewer, verdict, judged_at FROM judgements
        WHERE platform_id = :platform_id AND judged_at >= :since AND NOT score_seen AND verdict <> 'undecided'
            AND occasion <> 'adjudication'
        ORDER BY case_id, reviewer, judged_at
    ), ranked AS (
        SELECT *, row_number() OVER (PARTITION BY case_id ORDER BY judged_at, reviewer) AS place FROM said
    )
    SELECT a.reviewer AS first, b.reviewer AS second, a.verdict AS first_verdict, b.verdict AS second_verdict
    FROM ranked AS a JOIN ranked AS b ON b.case_id = a.case_id AND b.place = 2
    WHERE a.place = 1 ORDER BY b.judged_at DESC LIMIT :most
""")


async def counts(
    connection: AsyncConnection, platform_id: str, since: datetime, reviewer: str = ""
) -> tuple[Counts, ...]:
    """Of everybody who judged since then, by name; of one person where named (folded, as judgements have it)."""
    given = {"platform_id": platform_id, "since": since, "reviewer": reviewer}
    found: dict[str, dict[str, int]] = {}
    for statement in (_DECIDED, _OVERTURNED, _GOLDEN):
        for row in (await connection.execute(statement, given)).mappings():
            counted = dict(row)
            found.setdefault(counted.pop("reviewer"), {}).update(counted)
    return tuple(Counts(reviewer=name, **found[name]) for name in sorted(found))


async def pairs(connection: AsyncConnection, platform_id: str, since: datetime) -> tuple[Pair, ...]:
    """Two people's words on the same case, newest first; at most ``PAIRS``."""
    given = {"platform_id": platform_id, "since": since, "most": PAIRS}
    rows: Sequence[sa.Row[tuple[str, str, str, str]]] = (await connection.execute(_PAIRS, given)).all()
    return tuple(Pair(row.first, row.second, Verdict(row.first_verdict), Verdict(row.second_verdict)) for row in rows)
