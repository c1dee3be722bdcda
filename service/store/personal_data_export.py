"""Everything stored of one account, for whoever has the right to see it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.personal_data_tables import consents, evidence_tombstones
from service.store.step_tables import case_steps
from service.store.tables import assessments, audit, cases, evidence, history_events, linked_claims, order_evidence


async def export(tx: AsyncConnection, platform_id: str, account_id: str) -> dict[str, list[dict[str, Any]]]:
    """Kind of record → records, oldest first. Decisions carry what the buyer was told and what was read of files, not
    how the risk was judged."""
    own = sa.select(cases.c.id).where(cases.c.platform_id == platform_id, cases.c.account_id == account_id)
    return {
        "cases": await _rows(
            tx,
            sa.select(
                cases.c.id, cases.c.number, cases.c.order_number, cases.c.state, cases.c.accepted_at,
                cases.c.decided_at, cases.c.claim, cases.c.request,
            )
            .where(cases.c.platform_id == platform_id, cases.c.account_id == account_id)
            .order_by(cases.c.accepted_at),
        ),
        "linked_claims": await _rows(
            tx,
            sa.select(linked_claims.c.id, linked_claims.c.case_id, linked_claims.c.claim, linked_claims.c.received_at)
            .where(linked_claims.c.platform_id == platform_id, linked_claims.c.account_id == account_id)
            .order_by(linked_claims.c.received_at),
        ),
        "evidence": await _rows(tx, _files(platform_id, account_id)),
        "decisions": await _rows(
            tx,
            sa.select(
                assessments.c.case_id,
                assessments.c.recorded_at,
                assessments.c.decision,
                assessments.c.document["verdict"]["buyer"].label("told"),
                assessments.c.document["evidence"].label("read"),
            )
            .where(assessments.c.platform_id == platform_id, assessments.c.case_id.in_(own))
            .order_by(assessments.c.recorded_at),
        ),
        "steps": await _rows(
            tx,
            sa.select(
                case_steps.c.case_id, case_steps.c.at, case_steps.c.party, case_steps.c.action, case_steps.c.to_state,
                case_steps.c.buyer,
            )
            .where(case_steps.c.platform_id == platform_id, case_steps.c.case_id.in_(own))
            .order_by(case_steps.c.at),
        ),
        "events": await _rows(
            tx,
            sa.select(*(column for column in history_events.c if column.name != "platform_id"))
            .where(history_events.c.platform_id == platform_id, history_events.c.account_id == account_id)
            .order_by(history_events.c.occurred_at),
        ),
        "consents": await _rows(
            tx,
            sa.select(
                consents.c.order_number, consents.c.case_id, consents.c.purpose, consents.c.given_at,
                consents.c.recorded_at, consents.c.withdrawn_at,
            )
            .where(consents.c.platform_id == platform_id, consents.c.account_id == account_id)
            .order_by(consents.c.recorded_at),
        ),
        "seen_by": await _rows(
            tx,
            sa.select(audit.c.subject, audit.c.at, audit.c.action, audit.c.reason)
            .where(
                audit.c.platform_id == platform_id,
                audit.c.action == "personal_data.revealed",
                audit.c.subject.in_(own.with_only_columns(sa.literal("case:").concat(sa.cast(cases.c.id, sa.Text)))),
            )
            .order_by(audit.c.at),
        ),
    }  # fmt: skip


def _files(platform_id: str, account_id: str) -> sa.Select[Any]:
    return (
        sa.select(
            order_evidence.c.sha256, order_evidence.c.order_number, order_evidence.c.name, order_evidence.c.received_at,
            evidence.c.size, evidence.c.media_type, evidence_tombstones.c.erased_at, evidence_tombstones.c.why,
        )
        .join_from(
            order_evidence,
            evidence,
            sa.and_(
                evidence.c.platform_id == order_evidence.c.platform_id, evidence.c.sha256 == order_evidence.c.sha256
            ),
        )
        .outerjoin(
            evidence_tombstones,
            sa.and_(
                evidence_tombstones.c.platform_id == order_evidence.c.platform_id,
                evidence_tombstones.c.sha256 == order_evidence.c.sha256,
            ),
        )
        .where(order_evidence.c.platform_id == platform_id, order_evidence.c.account_id == account_id)
        .order_by(order_evidence.c.received_at)
    )  # fmt: skip


async def _rows(tx: AsyncConnection, query: sa.Select[Any]) -> list[dict[str, Any]]:
    return [{str(name): _plain(value) for name, value in row._mapping.items()} for row in await tx.execute(query)]


def _plain(value: Any) -> Any:
    """JSON-ready: moments in ISO 8601, ids as text."""
    if value is None or isinstance(value, str | int | float | bool | dict | list):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
