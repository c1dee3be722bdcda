"""What reviewers work from: the cases that wait for them in the order they are taken, who has one, who found them how.

``queued_cases`` and ``case_keys`` follow ``cases`` (and ``deadlines``) by triggers in the database, in the transaction
of whatever changed a case: no writer can forget them. Migration 0024 has the triggers and says what they compute.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import UUID

from service.store.tables import Moment, metadata

_ORDER = ("urgent_at", "accepted_at", "case_id")

# One narrow row for each case in a state that waits for a person, so that no page reads the cases that do not.
# ``urgent_at``: the review's deadline, or the chase if that is earlier; of a case put on hold the first moment there
# is, so that it wakes up at the very front; of one without deadline the last. ``lane``: as the policy gave it, or
# incident; which are near their limit is a question of the time it is.
queued_cases = sa.Table(
    "queued_cases",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("lane", sa.Text, nullable=False),
    sa.Column("urgent_at", Moment, nullable=False),
    sa.Column("due_at", Moment, nullable=True),
    sa.Column("accepted_at", Moment, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("chased_at", Moment, nullable=True),
    sa.Column("incident_id", UUID(as_uuid=True), nullable=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("seller_id", sa.Text, nullable=False),
    sa.Column("product_id", sa.Text, nullable=False),
    sa.Column("disputed", sa.Boolean, nullable=False),
    sa.Column("cross_border", sa.Boolean, nullable=False),
    # On hold until then: by whom, since when and why. Ends when it wakes up, or with the case's next state.
    sa.Column("held_until", Moment, nullable=True),
    sa.Column("held_since", Moment, nullable=True),
    sa.Column("held_by", sa.Text, nullable=True),
    sa.Column("held_reason", sa.Text, nullable=True),
    # Every filter with the order the list is in.
    sa.Index("queued_cases_urgent_idx", "platform_id", *_ORDER),
    sa.Index("queued_cases_near_idx", "platform_id", *_ORDER, postgresql_where=sa.text("lane <> 'incident'")),
    sa.Index("queued_cases_lane_idx", "platform_id", "lane", *_ORDER),
    sa.Index("queued_cases_reason_idx", "platform_id", "reason", *_ORDER),
    sa.Index("queued_cases_seller_idx", "platform_id", "seller_id", *_ORDER),
    sa.Index("queued_cases_product_idx", "platform_id", "product_id", *_ORDER),
    sa.Index(
        "queued_cases_incident_idx",
        *("platform_id", "incident_id", *_ORDER),
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    ),
    sa.Index(
        "queued_cases_held_idx",
        *("platform_id", "held_by", "held_until"),
        postgresql_where=sa.text("held_until IS NOT NULL"),
    ),
)

# Who has a case open for work, until when unless it is extended. ``handed_by``: given by somebody, not taken up yet.
case_locks = sa.Table(
    "case_locks",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("since", Moment, nullable=False),
    sa.Column("until", Moment, nullable=False),
    sa.Column("handed_by", sa.Text, nullable=True),
    sa.Column("note", sa.Text, nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "login"], ["users.platform_id", "users.login"]),
    sa.Index("case_locks_login_idx", "platform_id", "login", "until"),
)

# Every id a case is known by, folded as domain.finding does: one look finds the exact and those that look alike.
case_keys = sa.Table(
    "case_keys",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("folded", sa.Text(collation="C"), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
)

# Filters somebody keeps under a name: the query of the queues' page.
saved_views = sa.Table(
    "saved_views",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "login"], ["users.platform_id", "users.login"]),
)
