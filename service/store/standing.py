"""Whether what a decision rests on still holds when it is stored.

Between an assessment and its transaction somebody may stop the platform. Whoever stores an approval shares a lock with
every other, and looks again; whoever takes approvals away asks for it alone. So a stop either is seen, or waits the
milliseconds until the approvals before it are stored.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.assessment import Assessment, Decision, PlatformMode
from service.policy.parts import ApprovalClass
from service.store.tables import platforms

_LOCKS = 0x706C6174  # "plat", the first of the two numbers of these advisory locks
_PATIENCE = "700ms"
_APPROVING = (PlatformMode.LIVE.value, PlatformMode.DEMO.value)

_NUMBER = sa.func.hashtext(sa.bindparam("platform_id", type_=sa.Text))
_SHARED = sa.select(sa.func.pg_advisory_xact_lock_shared(_LOCKS, _NUMBER))
_ALONE = sa.select(sa.func.pg_advisory_xact_lock(_LOCKS, _NUMBER))
_NOW = sa.select(platforms.c.mode, platforms.c.breaker_tripped_at, platforms.c.threshold_limits).where(
    platforms.c.id == sa.bindparam("platform_id", type_=sa.Text)
)


async def still_holds(tx: AsyncConnection, platform_id: str, assessment: Assessment) -> bool:
    """Whether an approval may be stored: the platform is in the mode it was made under, its breaker is closed, and the
    threshold was not tightened below its risk.

    Anything else than an approval always may.
    """
    if assessment.verdict.decision is not Decision.AUTO_APPROVED:
        return True
    which = {"platform_id": platform_id}
    # Two statements: the second sees what was committed while the first waited.
    await tx.execute(_SHARED, which)
    row = (await tx.execute(_NOW, which)).one_or_none()
    return row is not None and holds(assessment, row.mode, row.breaker_tripped_at is not None, row.threshold_limits)


LOCK = f"pg_advisory_xact_lock_shared({_LOCKS}, hashtext($1))"
"""What ``still_holds`` locks first, for a statement that locks more; $1 is the platform."""
LOOK = "mode, breaker_tripped_at IS NOT NULL, threshold_limits FROM platforms WHERE id = $1"
"""What ``holds`` asks for, to be read in a statement after."""


def holds(assessment: Assessment, mode: str, tripped: bool, limits: Mapping[str, float]) -> bool:
    """As ``still_holds``, of a platform's row."""
    if assessment.verdict.decision is not Decision.AUTO_APPROVED:
        return True
    if tripped or mode not in _APPROVING or not _within_limits(assessment, limits):
        return False
    return assessment.mode is None or mode == assessment.mode.value


def _within_limits(assessment: Assessment, limits: Mapping[str, float]) -> bool:
    limit = limits.get(assessment.certificate or "")
    if limit is None or assessment.verdict.approval_class != ApprovalClass.RISK.value:
        return True
    return assessment.risk is not None and assessment.risk.probability <= limit


async def before_change(tx: AsyncConnection, platform_id: str) -> None:
    """Call it before a change of mode or breaker: no approval is being stored from here to the end of ``tx``.

    It waits 0.7 s at most. A process that hangs in the middle of a transaction must not keep a platform from being
    stopped: every other sees the stop, and that one's approval is among those made before it.
    """
    try:
        async with tx.begin_nested():
            await tx.execute(sa.select(sa.func.set_config("lock_timeout", _PATIENCE, True)))
            await tx.execute(_ALONE, {"platform_id": platform_id})
    except sa.exc.OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != "55P03":  # lock_not_available
            raise
    await tx.execute(sa.text("SET LOCAL lock_timeout TO DEFAULT"))


async def share(tx: AsyncConnection, platform_id: str) -> None:
    """Nobody stops the platform from here to the end of ``tx``: what is looked at next holds until then."""
    await tx.execute(_SHARED, {"platform_id": platform_id})
