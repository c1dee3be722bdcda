"""What models are judged and watched by: labels, the audit sample, shadows, and what was decided lately."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from service.domain.labels import Label, SampledCase
from service.domain.monitoring import Lately
from service.domain.shadow import JudgedShadow, ShadowScore
from service.store import labels, monitoring, shadow
from service.store.database import Database


class LearningRecords:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_label(self, label: Label) -> uuid.UUID:
        async with self._database.transaction() as tx:
            return await labels.add(tx, label)

    async def audit_sample(
        self,
        platform_id: str,
        *,
        case_id: uuid.UUID | None = None,
        certificate: str | None = None,
        approval_class: str | None = None,
        drawn_after: datetime | None = None,
    ) -> tuple[SampledCase, ...]:
        """Would-be approvals that were drawn for audit, oldest first, with their labels; narrowed to what is named."""
        async with self._database.reading() as connection:
            return await labels.sample(
                connection,
                platform_id,
                case_id=case_id,
                certificate=certificate,
                approval_class=approval_class,
                drawn_after=drawn_after,
            )

    async def add_shadow_scores(self, scores: Sequence[ShadowScore]) -> None:
        if not scores:
            return
        async with self._database.transaction() as tx:
            await shadow.add(tx, scores)

    async def judged_shadows(
        self,
        platform_id: str,
        since: datetime,
        until: datetime,
        model: str | None = None,
        *,
        newest: int | None = None,
    ) -> tuple[JudgedShadow, ...]:
        """What shadows made of the platform's claims in [since, until), with the labels there are by now; only of the
        ``newest`` where that is given."""
        async with self._database.reading() as connection:
            return await shadow.judged(connection, platform_id, since, until, model, newest)

    async def lately(
        self,
        platform_id: str | None,
        since: datetime,
        until: datetime,
        *,
        features: Sequence[str],
        feature_hash: str,
        limit: int = 20_000,
    ) -> Lately:
        """The newest decisions in [since, until) made on these features, of every platform where None."""
        async with self._database.reading() as connection:
            return await monitoring.lately(
                connection, platform_id, since, until, features=features, feature_hash=feature_hash, limit=limit
            )
