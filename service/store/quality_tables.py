"""What people said of cases before and after the score, who differed, and cases whose answer is known."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from service.store.learning_tables import labels
from service.store.tables import Moment, assessments, metadata

# Sent to a person by the draw alone, or approved in spite of it: the audit sample, as ``labels.sample`` has it.
SAMPLED = """audit_drawn AND (document ->> 'under_review') IS DISTINCT FROM 'true' AND CASE
    WHEN (document ->> 'audited_later') = 'true' THEN ((document -> 'verdict') ->> 'approval_class')
    ELSE ((document -> 'would_have_been') ->> 'approval_class') END IS NOT NULL"""
sa.Index(
    "assessments_sample_idx",
    assessments.c.platform_id,
    assessments.c.recorded_at,
    postgresql_where=sa.text(SAMPLED),
)
# What was found out afterwards, by which decisions are measured.
sa.Index(
    "labels_telling_idx",
    labels.c.platform_id,
    labels.c.recorded_at,
    postgresql_where=sa.text("source IN ('appeal', 'adjudication', 'record', 'chargeback')"),
)

quality_settings = sa.Table(
    "quality_settings",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("blind_permille", sa.Integer, nullable=False),
    sa.Column("golden_permille", sa.Integer, nullable=False),
    sa.CheckConstraint("blind_permille BETWEEN 0 AND 1000", name="quality_settings_blind_check"),
    sa.CheckConstraint("golden_permille BETWEEN 0 AND 1000", name="quality_settings_golden_check"),
)

# Decided once, when somebody who may judge first opens the case, and kept: a share changed later draws nothing anew.
blind_draws = sa.Table(
    "blind_draws",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("blind", sa.Boolean, nullable=False),
    sa.Column("permille", sa.Integer, nullable=False),
    sa.Column("drawn_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
)

# ``reviewer``: the name folded, so that one person is one however it is spelt.
judgements = sa.Table(
    "judgements",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("reviewer", sa.Text, nullable=False),
    sa.Column("reviewer_kind", sa.Text, nullable=False),
    sa.Column("reviewer_name", sa.Text, nullable=False),
    sa.Column("occasion", sa.Text, nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("loss_share", sa.Double, nullable=True),
    sa.Column("amount_minor", sa.BigInteger, nullable=True),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("score_seen", sa.Boolean, nullable=False),
    sa.Column("judged_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.CheckConstraint("loss_share BETWEEN 0 AND 1", name="judgements_loss_share_check"),
    sa.Index("judgements_case_idx", "platform_id", "case_id", "reviewer"),
    sa.Index("judgements_time_idx", "platform_id", "judged_at", "reviewer", "occasion", "loss_share"),
    sa.Index(
        "judgements_adjudicated_idx",
        *("platform_id", "judged_at"),
        postgresql_where=sa.text("occasion = 'adjudication'"),
    ),
    sa.Index(
        "judgements_first_idx",
        *("platform_id", "case_id", "reviewer"),
        unique=True,
        postgresql_where=sa.text("occasion = 'first'"),
    ),
)

# One at a time is open on a case.
disagreements = sa.Table(
    "disagreements",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("first_kind", sa.Text, nullable=False),
    sa.Column("first_name", sa.Text, nullable=False),
    sa.Column("first_verdict", sa.Text, nullable=False),
    sa.Column("first_minor", sa.BigInteger, nullable=False),
    sa.Column("second_kind", sa.Text, nullable=False),
    sa.Column("second_name", sa.Text, nullable=False),
    sa.Column("second_verdict", sa.Text, nullable=False),
    sa.Column("second_minor", sa.BigInteger, nullable=True),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("opened_at", Moment, nullable=False),
    sa.Column("settled_at", Moment, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index(
        "disagreements_open_idx",
        *("platform_id", "case_id"),
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    ),
)

# Nothing of the case is copied: what is erased or redacted there is gone here.
golden_cases = sa.Table(
    "golden_cases",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("assessment_id", UUID(as_uuid=True), nullable=False),
    sa.Column("verdict", sa.Text, nullable=False),
    sa.Column("loss_share", sa.Double, nullable=False),
    sa.Column("proof", sa.Text, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("made_by_kind", sa.Text, nullable=False),
    sa.Column("made_by_name", sa.Text, nullable=False),
    sa.Column("made_at", Moment, nullable=False),
    sa.Column("retired_at", Moment, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index(
        "golden_cases_case_idx", "platform_id", "case_id", unique=True, postgresql_where=sa.text("retired_at IS NULL")
    ),
)

# Stands in no other table: whatever asks for the case ``id`` elsewhere finds none, so nothing can be done to it.
golden_placements = sa.Table(
    "golden_placements",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("golden_id", UUID(as_uuid=True), nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("reviewer", sa.Text, nullable=False),
    # The decision after which it was drawn: that one draws no other.
    sa.Column("after_case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("accepted_at", Moment, nullable=False),
    sa.Column("verdict", sa.Text, nullable=True),
    sa.Column("loss_share", sa.Double, nullable=True),
    sa.Column("judged_at", Moment, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "golden_id"], ["golden_cases.platform_id", "golden_cases.id"]),
    sa.Index("golden_placements_number_idx", "platform_id", "number", unique=True),
    # A golden case is met once: the second time it would be remembered.
    sa.Index("golden_placements_once_idx", "platform_id", "reviewer", "golden_id", unique=True),
    sa.Index(
        "golden_placements_open_idx",
        *("platform_id", "reviewer", "accepted_at"),
        postgresql_where=sa.text("judged_at IS NULL"),
    ),
)
