"""Is every part able to work? Down means no claim can be accepted; degraded means a person looks at everything."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

from service.domain.errors import PrereviewError
from service.review.requests import PartHealth, PartState, Readiness
from service.review.trail import Trail
from service.scoring import Champion
from service.store import Store

# A probe that hangs is as bad as one that fails: orchestrators ask every few seconds.
PROBE_SECONDS = 2.0


class ReaderHealth(Protocol):
    def health(self) -> Mapping[str, Any]: ...


class Health:
    def __init__(self, store: Store, champion: Champion, reader: ReaderHealth, trail: Trail) -> None:
        self._store = store
        self._champion = champion
        self._reader = reader
        self._trail = trail

    async def readiness(self) -> Readiness:
        parts = (await self._database(), self._model(), self._reading(), await self._audit_trail())
        states = {part.state for part in parts}
        worst = next(state for state in (PartState.DOWN, PartState.DEGRADED, PartState.OK) if state in states)
        return Readiness(state=worst, parts=parts)

    async def _database(self) -> PartHealth:
        try:
            await asyncio.wait_for(self._store.ping(), PROBE_SECONDS)
        except TimeoutError:
            detail = f"The database did not answer within {PROBE_SECONDS:.0f} s."
            return PartHealth(name="database", state=PartState.DOWN, detail=detail)
        except PrereviewError as error:
            return PartHealth(name="database", state=PartState.DOWN, detail=error.detail)
        return PartHealth(name="database", state=PartState.OK)

    async def _audit_trail(self) -> PartHealth:
        """How long entries stay unchained: until then a change of theirs leaves no trace."""
        try:
            found = await asyncio.wait_for(self._trail.standing(), PROBE_SECONDS)
        except (TimeoutError, PrereviewError):  # the database's part says so
            return PartHealth(name="audit trail", state=PartState.DEGRADED, detail="It cannot be looked at.")
        if found.problem is not None:
            return PartHealth(name="audit trail", state=PartState.DEGRADED, detail=found.problem)
        if not found.overdue:
            return PartHealth(name="audit trail", state=PartState.OK)
        detail = (
            f"{found.unchained} audit entries are unchained, the oldest for {found.oldest_unchained_seconds:.0f} s, "
            f"and a checkpoint waits to be kept outside for {found.oldest_unkept_seconds:.0f} s; at most "
            f"{found.bound_seconds:.0f} s are meant. Is a worker running (prereview worker, or serve --with-worker)?"
        )
        return PartHealth(name="audit trail", state=PartState.DEGRADED, detail=detail)

    def _model(self) -> PartHealth:
        bundle = self._champion.current()
        if bundle is None:
            detail = f"No risk model is in service, so nothing is approved: {self._champion.problem}"
            return PartHealth(name="model", state=PartState.DEGRADED, detail=detail)
        if self._champion.problem:
            detail = (
                f"{bundle.version} stays in service; the one promoted after it was refused: {self._champion.problem}"
            )
            return PartHealth(name="model", state=PartState.DEGRADED, detail=detail)
        return PartHealth(name="model", state=PartState.OK, detail=bundle.version)

    def _reading(self) -> PartHealth:
        health = self._reader.health()
        if health["state"] == "ready":
            return PartHealth(name="reader", state=PartState.OK)
        detail = (
            f"OCR processes alive: {len(health['alive'])} of {health['workers']}. "
            "A screenshot that cannot be read sends its claim to a person."
        )
        return PartHealth(name="reader", state=PartState.DEGRADED, detail=detail)
