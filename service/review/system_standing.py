"""How the deployment stands, for the people of one platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.domain.clock import Clock
from service.review.health import Health, ReaderHealth
from service.review.requests import Readiness
from service.review.trail import Trail
from service.scoring import Champion
from service.store import Store
from service.store.system_state import SystemState, SystemStates


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStanding:
    """The bundle in service; ``refused``: why one promoted after it is not. Times None without a certificate."""

    version: str | None
    refused: str
    certificate: str | None = None
    origin: str | None = None
    issued_at: datetime | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemStanding:
    """``unchained``: the platform's audit entries that are not chained yet, ``unchained_seconds`` the oldest's age.

    ``readers``: of this process, as the reader pool tells of itself. ``versions``: of code, reader and features.
    """

    readiness: Readiness
    state: SystemState
    unchained: int
    unchained_seconds: float
    readers: Mapping[str, Any]
    model: ModelStanding
    versions: Mapping[str, str]


class SystemWatch:
    """One per process; keeps nothing between calls. ``clock`` is the service's, ``real`` the machine's."""

    def __init__(
        self,
        store: Store,
        health: Health,
        champion: Champion,
        reader: ReaderHealth,
        trail: Trail,
        clock: Clock,
        real: Clock,
        versions: Mapping[str, str],
    ) -> None:
        self._store = store
        self._states = SystemStates(store.database)
        self._health = health
        self._champion = champion
        self._reader = reader
        self._trail = trail
        self._clock = clock
        self._real = real
        self._versions = versions

    async def of(self, platform_id: str) -> SystemStanding:
        """As it stands now; Unavailable without a database."""
        waiting = [each for each in await self._store.trail.waiting() if each.platform_id == platform_id]
        oldest = [each.oldest_at for each in waiting if each.oldest_at is not None]
        age = max(((self._clock.now() - at).total_seconds() for at in oldest), default=0.0)
        return SystemStanding(
            readiness=await self._health.readiness(),
            state=await self._states.of(platform_id, self._real.now()),
            unchained=sum(each.count for each in waiting),
            unchained_seconds=max(0.0, age),
            readers=self._reader.health(),
            model=self._model(),
            versions=self._versions,
        )

    def _model(self) -> ModelStanding:
        bundle = self._champion.current()
        refused = self._champion.problem or ""
        if bundle is None:
            return ModelStanding(version=None, refused=refused)
        certificate = bundle.certificate
        if certificate is None:
            return ModelStanding(version=bundle.version, refused=refused)
        return ModelStanding(
            version=bundle.version,
            refused=refused,
            certificate=certificate.id,
            origin=certificate.origin.value,
            issued_at=certificate.issued_at,
            expires_at=certificate.expires_at,
        )
