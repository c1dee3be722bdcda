"""Whether money is safe, for whoever answers for it; and what only two people may let happen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from service import policy
from service.domain.actors import Actor
from service.domain.assessment import PlatformMode, Text
from service.domain.certificate import Certificate, Origin, Serving
from service.domain.clock import Clock
from service.domain.errors import NotFound
from service.domain.incidents import Incident
from service.domain.proposals import Proposal, ProposalKind
from service.domain.risk_figures import DayFigures, OpenObligation, SellerSum
from service.features import FEATURE_HASH
from service.policy import Policy
from service.policy.certificate import mismatches
from service.review.auditing import Auditing, Observed
from service.review.budgeting import Budgeting, Fill
from service.review.incidents import Incidents
from service.review.remembered import Remembered
from service.scoring import Champion, Shadow
from service.scoring.shadow_comparison import ShadowReport, compare_shadow
from service.store import Platform, Store
from service.store.risk_figures import OBLIGATIONS_COUNTED, RiskFigures
from service.store.risk_proposals import RiskProposals

__all__ = ["OBLIGATIONS_COUNTED", "RiskDesk", "RiskOverview"]

_SHORT, _LONG = 60.0, 300.0
"""Seconds for which figures are kept that grow by the minute, and those that take a look at thousands of rows."""
_SHADOW_WINDOW, _SHADOW_CLAIMS = timedelta(days=7), 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskOverview:
    """One look. ``void``: why the certificate does not hold for what is served now, empty where it does.
    ``threshold``: at work, None without certificate. ``shadow`` None: none, or nothing scored lately.
    ``obligations_open`` is counted to OBLIGATIONS_COUNTED + 1."""

    now: datetime
    platform: Platform
    rules: Policy
    model: str | None
    refused: str | None
    certificate: Certificate | None
    void: tuple[Text, ...]
    threshold: float | None
    days: tuple[DayFigures, ...]
    observed: Observed
    fills: tuple[Fill, ...]
    shadow_model: str | None
    shadow: ShadowReport | None
    obligations: tuple[OpenObligation, ...]
    obligations_open: int
    sellers: tuple[SellerSum, ...]
    incidents: tuple[Incident, ...]
    proposals: tuple[Proposal, ...]

    @property
    def simulated(self) -> bool:
        """Whether what is shown, or what it rests on, comes from a simulation."""
        made_up = self.certificate is not None and self.certificate.origin is Origin.SIMULATED
        return made_up or self.platform.mode is PlatformMode.DEMO


class RiskDesk:
    """Use cases of the risk owner. One per process."""

    def __init__(
        self,
        store: Store,
        champion: Champion,
        shadow: Shadow,
        auditing: Auditing,
        budgeting: Budgeting,
        incidents: Incidents,
        clock: Clock,
        *,
        reader_version: str,
    ) -> None:
        self._store = store
        self._figures = RiskFigures(store.database)
        self._proposals = RiskProposals(store.database)
        self._champion = champion
        self._shadow = shadow
        self._auditing = auditing
        self._budgeting = budgeting
        self._incidents = incidents
        self._clock = clock
        self._reader_version = reader_version
        self._remembered = Remembered()

    async def overview(self, platform_id: str) -> RiskOverview:
        """NotFound for a platform that is not set up. Mode, breaker, threshold and proposals as they are now; sums are
        at most a minute old, the audit's findings and the shadow's five."""
        now = self._clock.now()
        platform, rules = await self._platform(platform_id, now)
        bundle, shadow = self._champion.current(), self._shadow.current()
        certificate = bundle.certificate if bundle is not None else None
        keep, figures = self._remembered.get, self._figures
        currency, zone = rules.currency, platform.zone
        under = certificate.id if certificate is not None else None
        obligations, open_ones = await figures.obligations(platform_id)
        return RiskOverview(
            now=now,
            platform=platform,
            rules=rules,
            model=bundle.version if bundle is not None else None,
            refused=self._champion.problem,
            certificate=certificate,
            void=self._void(certificate, platform, rules, now),
            threshold=policy.threshold_at_work(certificate, platform.threshold_limits) if certificate else None,
            days=await keep(
                ("days", platform_id), _SHORT, lambda: figures.days(platform_id, currency, zone, self._clock.now())
            ),
            observed=await keep(
                ("observed", platform_id, under, platform.breaker_since),
                _LONG,
                lambda: self._auditing.observed(platform_id),
            ),
            fills=await keep(("fills", platform_id), _SHORT, lambda: self._budgeting.fills(platform_id)),
            shadow_model=shadow.version if shadow is not None else None,
            shadow=await keep(
                ("shadow", platform_id, shadow.version if shadow else None), _LONG, lambda: self._compared(platform_id)
            ),
            obligations=obligations,
            obligations_open=open_ones,
            sellers=await keep(("sellers", platform_id), _LONG, lambda: figures.sellers(platform_id, currency)),
            incidents=await self._incidents.listed(platform_id, going_on=True),
            proposals=await self._proposals.listed(platform_id),
        )

    def now(self) -> datetime:
        """The service's moment, which ages are counted to."""
        return self._clock.now()

    async def proposals(self, platform_id: str) -> tuple[Proposal, ...]:
        """Newest first, those that were decided among them."""
        return await self._proposals.listed(platform_id)

    async def propose(self, platform_id: str, kind: ProposalKind, reason: str, actor: Actor) -> Proposal:
        """That a stopped platform goes on, or that the breaker is reset. Conflict where there is nothing to be done, or
        one waits."""
        return await self._proposals.propose(platform_id, kind, reason, actor, self._clock.now())

    async def propose_threshold(self, platform_id: str, threshold: float, reason: str, actor: Actor) -> Proposal:
        """That risk approves only up to ``threshold``. InvalidRequest unless it is below the one at work: whoever wants
        it higher needs a new certificate. Conflict without certificate."""
        return await self._proposals.propose(
            platform_id,
            ProposalKind.TIGHTEN,
            reason,
            actor,
            self._clock.now(),
            threshold=round(threshold, 6),
            certificate=self._certificate(),
        )

    async def approve(self, platform_id: str, proposal_id: uuid.UUID, actor: Actor) -> Proposal:
        """Agree as a second person; it takes effect at once, on every process. NotFound, Conflict."""
        return await self._proposals.approve(platform_id, proposal_id, actor, self._clock.now(), self._certificate())

    async def decline(self, platform_id: str, proposal_id: uuid.UUID, reason: str, actor: Actor) -> Proposal:
        """Withdraw one's own proposal, or refuse another's. NotFound, Conflict."""
        return await self._proposals.decline(platform_id, proposal_id, reason, actor, self._clock.now())

    async def look(self) -> None:
        """The job's round: days that are over are counted for good. All platforms."""
        now = self._clock.now()
        for platform in await self._store.platforms():
            await self._figures.count_days(platform.id, platform.currency, platform.zone, now)

    # --- inside -----------------------------------------------------------------------------------------------
    def _certificate(self) -> Certificate | None:
        bundle = self._champion.current()
        return bundle.certificate if bundle is not None else None

    def _void(
        self, certificate: Certificate | None, platform: Platform, rules: Policy, now: datetime
    ) -> tuple[Text, ...]:
        if certificate is None:
            return ()
        serving = Serving(
            model=certificate.model, features=FEATURE_HASH, policy=rules.digest, reader=self._reader_version
        )
        return mismatches(
            certificate,
            serving,
            platform_id=platform.id,
            # Stopped, or observing: held against what it would be let go on as.
            mode=PlatformMode.DEMO if _is_demo(platform) else PlatformMode.LIVE,
            as_of=now,
            wrong_share_up_to_permille=rules.classes.risk.wrong_share_up_to_permille,
            entity_limit=policy.entity_limit(rules),
        )

    async def _compared(self, platform_id: str) -> ShadowReport | None:
        shadow, now = self._shadow.current(), self._clock.now()
        if shadow is None:
            return None
        rows = await self._store.learning.judged_shadows(
            platform_id, now - _SHADOW_WINDOW, now, shadow.version, newest=_SHADOW_CLAIMS
        )
        return compare_shadow(rows) if rows else None

    async def _platform(self, platform_id: str, now: datetime) -> tuple[Platform, Policy]:
        found = await self._store.platform_in_force(platform_id, now)
        if found is None:
            raise NotFound(f"Platform {platform_id!r} is not set up. Add it with: prereview platforms add")
        return found[0], policy.load_policy(found[1].text)


def _is_demo(platform: Platform) -> bool:
    stopped_from = platform.stopped.was if platform.stopped is not None else None
    return PlatformMode.DEMO in (platform.mode, stopped_from)
