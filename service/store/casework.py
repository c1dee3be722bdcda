"""What work on a case needs of the store: everything under its row's lock, in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Assessment
from service.domain.labels import Label
from service.domain.steps import Proposal, Step
from service.store import assessments, audit, case_moves, cases, evidence_records, labels, reassessing, steps
from service.store.case_moves import ChangeRequest, LockedCase
from service.store.cases import KeptAssessment
from service.store.database import Database
from service.store.evidence_records import NewEvidence
from service.store.jobs import Jobs
from service.store.reassessing import ReassessRequest
from service.store.tables import cases as claims


class Casework:
    """Moves themselves are the store's (``lock_case``, ``move_case``, ``record_on_case``)."""

    def __init__(self, database: Database, jobs: Jobs) -> None:
        self._database = database
        self._jobs = jobs

    async def change(self, tx: AsyncConnection, case: LockedCase, request: ChangeRequest) -> LockedCase:
        """A new version of a locked case in the state it is in. StaleWrite."""
        await audit.register_actor(tx, case.platform_id, request.actor, request.now)
        return await case_moves.change(tx, case, request)

    async def reassess(self, tx: AsyncConnection, case: LockedCase, request: ReassessRequest) -> LockedCase:
        """Have a locked case assessed as of now, by a job. IllegalMove where it takes in nothing new, StaleWrite."""
        await audit.register_actor(tx, case.platform_id, request.actor, request.now)
        return await reassessing.reassess(tx, self._jobs, case, request)

    async def add_files(
        self, tx: AsyncConnection, case: LockedCase, files: Sequence[NewEvidence], now: datetime
    ) -> tuple[str, ...]:
        """Tie files to a locked case's order; returns the hashes of those it did not have."""
        order = case.claim.order.order_number
        fresh = await evidence_records.not_on_order(tx, case.platform_id, order, files)
        await evidence_records.attach(tx, case.platform_id, order, case.id, case.claim.account.id, files, now)
        return fresh

    async def propose(self, tx: AsyncConnection, case: LockedCase, proposal: Proposal) -> None:
        """Keep what another person has to confirm, until the case changes."""
        await steps.propose(tx, case.platform_id, case.id, proposal)

    async def proposal(self, tx: AsyncConnection, case: LockedCase) -> Proposal | None:
        return await steps.proposal(tx, case.platform_id, case.id)

    async def steps(self, tx: AsyncConnection, case: LockedCase) -> tuple[Step, ...]:
        """What was done to a case, oldest first."""
        return await steps.of_case(tx, case.platform_id, case.id)

    async def assessment(self, tx: AsyncConnection, case: LockedCase) -> Assessment | None:
        """The one that stands."""
        if case.assessment_id is None:
            return None
        return await assessments.get(tx, case.platform_id, case.assessment_id)

    async def request(self, tx: AsyncConnection, case: LockedCase) -> Mapping[str, Any]:
        """The claim's JSON as it was sent, with later corrections; empty where it was not kept."""
        found = sa.select(claims.c.request).where(claims.c.platform_id == case.platform_id, claims.c.id == case.id)
        return await tx.scalar(found) or {}

    async def label(self, tx: AsyncConnection, label: Label) -> uuid.UUID:
        return await labels.add(tx, label)

    async def assessments(self, platform_id: str, case_id: uuid.UUID) -> tuple[KeptAssessment, ...]:
        """Every assessment of a case, oldest first, each with the claim it was made of."""
        async with self._database.reading() as connection:
            return await cases.kept_assessments(connection, platform_id, case_id)

    async def live_on(self, platform_id: str, order_numbers: Collection[str]) -> tuple[uuid.UUID, ...]:
        """Ids of the live cases on these orders that take in something new and were assessed before."""
        async with self._database.reading() as connection:
            return await cases.live_on(connection, platform_id, order_numbers)
