"""The tables, as SQLAlchemy Core. Migrations are written out separately; a test holds both against each other.

``platform_id`` leads every key, so that one platform's rows are never met by another's query and sharding stays a
deployment choice. Foreign keys stop at the hot tables: events name accounts and orders we may never see as rows.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, UUID

from service.domain.cases import FINAL_STATES, CaseState
from service.domain.history import EventKind

metadata = sa.MetaData(
    naming_convention={"pk": "%(table_name)s_pkey", "fk": "%(table_name)s_%(column_0_N_name)s_fkey"},
)

Moment = sa.DateTime(timezone=True)
PENDING_STATES = (CaseState.ACCEPTED, CaseState.ASSESSING)
REFUND_KINDS = (
    EventKind.REFUND_REQUESTED,
    EventKind.REFUND_WITHDRAWN,
    EventKind.REFUND_GRANTED,
    EventKind.REFUND_REJECTED,
    EventKind.REFUND_WRONG,
)
ENTITIES = ("account_id", "device_id", "payer_id", "ip", "seller_id", "product_id")


def _words(values: Any) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


def _text(name: str, *, null: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=null)


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, Moment, nullable=null)


platforms = sa.Table(
    "platforms",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    _text("zone"),
    _text("currency"),
    _text("mode"),
    _moment("created_at"),
    # The breaker: why nothing is approved since when, and from when on its evidence counts.
    _moment("breaker_tripped_at", null=True),
    _text("breaker_reason", null=True),
    _moment("breaker_since", null=True),
    # The kill switch: since when and why, and the mode it goes back to.
    _moment("stopped_at", null=True),
    _text("stop_reason", null=True),
    _text("stopped_from", null=True),
    # What the threshold was tightened to, by certificate: decisions read it with the mode, from this one row.
    sa.Column("threshold_limits", JSONB, nullable=False, server_default="{}"),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("token_sha256", sa.LargeBinary, nullable=False),
    sa.Column("scopes", ARRAY(sa.Text), nullable=False),
    _text("name"),
    _moment("created_at"),
    _moment("revoked_at", null=True),
    _moment("last_used_at", null=True),
    _moment("expires_at", null=True),
    # Which of the deployment's rate limits it is held to, and the networks it may be used from (any if empty).
    sa.Column("rate_class", sa.Text, nullable=False, server_default="standard"),
    sa.Column("networks", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("rotated_from", UUID(as_uuid=True), nullable=True),
    sa.Index("api_keys_token_idx", "token_sha256", unique=True),
)

actors = sa.Table(
    "actors",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    _moment("first_seen_at"),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    _text("number"),
    _text("order_number"),
    _text("account_id"),
    _text("state"),
    # Goes up with every change of the case: what a reader saw is what a writer must have seen.
    sa.Column("version", sa.Integer, nullable=False, server_default="1"),
    _moment("state_since"),
    # By whom and when it is looked at: the lane the policy gives it, an incident it belongs to, a buyer's chase.
    _text("lane", null=True),
    sa.Column("incident_id", UUID(as_uuid=True), nullable=True),
    _moment("chased_at", null=True),
    sa.Column("claim", JSONB, nullable=False),
    sa.Column("request", JSONB, nullable=True),
    _moment("accepted_at"),
    _moment("as_of"),
    _moment("due_at"),
    _moment("decided_at", null=True),
    sa.Column("assessment_id", UUID(as_uuid=True), nullable=True),
    sa.Column("assess_job_id", sa.BigInteger, nullable=True),
    # Something new was learned while a person has the case: to be assessed anew beside its state.
    sa.Column("reassessing", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index("cases_number_idx", "platform_id", "number", unique=True),
    sa.Index(
        "cases_live_order_idx",
        "platform_id",
        "order_number",
        unique=True,
        postgresql_where=sa.text(f"state NOT IN ({_words(FINAL_STATES)})"),
    ),
    sa.Index("cases_account_idx", "platform_id", "account_id", "accepted_at"),
    # Lists, newest first, each filter with the order it is listed in.
    sa.Index("cases_listed_idx", "platform_id", "accepted_at", "id"),
    sa.Index("cases_state_idx", "platform_id", "state", "accepted_at", "id"),
    sa.Index("cases_order_idx", "platform_id", "order_number", "accepted_at", "id"),
    sa.Index("cases_reason_idx", "platform_id", sa.text("(claim ->> 'reason')"), "accepted_at", "id"),
    sa.Index("cases_reference_idx", "platform_id", sa.text("(claim ->> 'reference')")),
    sa.Index(
        "cases_lane_idx",
        *("platform_id", "lane", "accepted_at", "id"),
        postgresql_where=sa.text("lane IS NOT NULL"),
    ),
    sa.Index("cases_as_of_idx", "platform_id", "as_of"),
    sa.Index("cases_incident_idx", "platform_id", "incident_id", postgresql_where=sa.text("incident_id IS NOT NULL")),
    # Those of an incident that changed lately, without going through all it ever struck.
    sa.Index(
        "cases_incident_since_idx",
        *("platform_id", "state_since"),
        postgresql_where=sa.text("incident_id IS NOT NULL"),
    ),
    sa.Index(
        "cases_pending_idx", "due_at", postgresql_where=sa.text(f"state IN ({_words(PENDING_STATES)}) OR reassessing")
    ),
)

linked_claims = sa.Table(
    "linked_claims",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    _text("account_id"),
    sa.Column("claim", JSONB, nullable=False),
    sa.Column("request", JSONB, nullable=True),
    sa.Column("evidence", ARRAY(sa.Text), nullable=False),
    _moment("received_at"),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index("linked_claims_case_idx", "platform_id", "case_id", "received_at"),
)

idempotency = sa.Table(
    "idempotency",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    _text("body_digest"),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("linked_claim_id", UUID(as_uuid=True), nullable=True),
    _moment("created_at"),
    sa.Index("idempotency_created_idx", "created_at"),
)

evidence = sa.Table(
    "evidence",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    _text("media_type"),
    _moment("received_at"),
    # Who else has a file: asked between platforms that agreed to it, and answered by yes or no.
    sa.Index("evidence_bytes_idx", "sha256", "platform_id"),
)

# Apart from evidence, so that bytes once seen are not read again by the same reader and no reader overwrites another.
readings = sa.Table(
    "readings",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("reader_version", sa.Text, primary_key=True),
    sa.Column("outcome", JSONB, nullable=False),
    # What of an identity card may be kept: the outcome's lines are masked.
    sa.Column("identity", JSONB(none_as_null=True)),
    _moment("recorded_at"),
)

order_evidence = sa.Table(
    "order_evidence",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("order_number", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    _text("account_id"),
    _text("name"),
    sa.Column("position", sa.Integer, nullable=False),
    _moment("received_at"),
    sa.ForeignKeyConstraint(["platform_id", "sha256"], ["evidence.platform_id", "evidence.sha256"]),
    sa.Index("order_evidence_bytes_idx", "platform_id", "sha256", "received_at"),
)

# What files are found again by. Numbered as they are recorded: a look-up that saw all below a number can be repeated.
picture_numbers = sa.Sequence("picture_numbers", metadata=metadata, data_type=sa.BigInteger)

pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
    sa.Column("facts", JSONB, nullable=False),
    # All the picture's rows of picture_keys, so that they can be taken away without an index of their own.
    sa.Column("found_by", ARRAY(sa.BigInteger), nullable=False),
    _text("picture_hash", null=True),
    _moment("recorded_at"),
    sa.ForeignKeyConstraint(["platform_id", "sha256"], ["evidence.platform_id", "evidence.sha256"]),
    sa.Index("pictures_number_idx", "platform_id", "number", unique=True),
)

# No foreign key: a million pages have ten million keys, and one without its picture finds nothing.
picture_keys = sa.Table(
    "picture_keys",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("key", sa.BigInteger, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
)

assessments = sa.Table(
    "assessments",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=False),
    sa.Column("document", JSONB, nullable=False),
    _text("decision"),
    sa.Column("risk", sa.Double, nullable=True),
    sa.Column("audit_drawn", sa.Boolean, nullable=False),
    sa.Column("draw_probability", sa.Double, nullable=True),
    _moment("recorded_at"),
    _moment("superseded_at", null=True),
    # The claim as it was then, where it was corrected afterwards; else it is the case's.
    sa.Column("claim", JSONB(none_as_null=True), nullable=True),
    sa.ForeignKeyConstraint(["platform_id", "case_id"], ["cases.platform_id", "cases.id"]),
    sa.Index("assessments_case_idx", "platform_id", "case_id", "recorded_at"),
    sa.Index("assessments_time_idx", "platform_id", "recorded_at", postgresql_where=sa.text("superseded_at IS NULL")),
    # The audit sample: a few in a hundred.
    sa.Index("assessments_drawn_idx", "platform_id", "recorded_at", postgresql_where=sa.text("audit_drawn")),
)

history_events = sa.Table(
    "history_events",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("event_id", sa.Text, primary_key=True),
    _text("kind"),
    _moment("occurred_at"),
    _moment("recorded_at"),
    *(_text(entity, null=True) for entity in ENTITIES),
    _text("order_number", null=True),
    sa.Column("case_id", UUID(as_uuid=True), nullable=True),
    sa.Column("amount_minor", sa.BigInteger, nullable=True),
    _text("currency", null=True),
    _text("outcome", null=True),
    sa.Column("data", JSONB, nullable=True),
    sa.Index(
        "history_events_case_idx",
        "platform_id",
        "kind",
        "case_id",
        unique=True,
        postgresql_where=sa.text(f"case_id IS NOT NULL AND kind IN ({_words(REFUND_KINDS)})"),
    ),
    # Events come in the order of this column: a few pages find what was recorded lately.
    sa.Index("history_events_recorded_idx", "recorded_at", postgresql_using="brin"),
    *(
        sa.Index(
            f"history_events_{entity}_idx",
            "platform_id",
            entity,
            "occurred_at",
            # Everything an aggregate needs, so that it is answered from the index alone.
            postgresql_include=[
                *("recorded_at", "kind", "amount_minor", "outcome"),
                *(() if entity == "account_id" else ("account_id",)),
            ],
            postgresql_where=sa.text(f"{entity} IS NOT NULL"),
        )
        for entity in ENTITIES
    ),
)

budget_usage = sa.Table(
    "budget_usage",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("budget", sa.Text, primary_key=True),
    sa.Column("entity", sa.Text, primary_key=True),
    sa.Column("currency", sa.Text, primary_key=True),
    sa.Column("window_hours", sa.Integer, primary_key=True),
    sa.Column("window_start", Moment, primary_key=True),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    # The limits of the last reservation: what the row is held against.
    sa.Column("limit_amount", sa.BigInteger, nullable=True),
    sa.Column("limit_count", sa.BigInteger, nullable=True),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
    _text("actor_kind"),
    _text("actor_name"),
    _text("action"),
    _text("subject"),
    _moment("at"),
    _text("details_sha256"),
    # Filled behind the transactions by the one who writes the platform's chain.
    sa.Column("previous_sha256", sa.LargeBinary, nullable=True),
    sa.Column("entry_sha256", sa.LargeBinary, nullable=True),
    _text("reason", null=True),
    sa.Column("before", JSONB(none_as_null=True), nullable=True),
    sa.Column("after", JSONB(none_as_null=True), nullable=True),
    sa.Column("position", sa.BigInteger, nullable=True),
    sa.Column("field_checks", sa.LargeBinary, nullable=True),
    # Of whoever writes for the service and has its key; None of entries from before there were seals.
    sa.Column("seal", sa.LargeBinary, nullable=True),
    sa.Index("audit_subject_idx", "platform_id", "subject", "id"),
    sa.Index(
        "audit_position_idx",
        "platform_id",
        "position",
        unique=True,
        postgresql_where=sa.text("position IS NOT NULL"),
    ),
    sa.Index("audit_unchained_idx", "platform_id", "id", postgresql_where=sa.text("position IS NULL")),
    sa.Index("audit_time_idx", "platform_id", "at", "id"),
    sa.Index("audit_actor_idx", "platform_id", "actor_name", "at", "id"),
)

# One source under one mapping brought in: how far it has come, and what was found so far.
imports = sa.Table(
    "imports",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("id", sa.Text, primary_key=True),
    _text("source"),
    sa.Column("position", JSONB, nullable=False),
    sa.Column("report", JSONB, nullable=False),
    _moment("started_at"),
    _moment("updated_at"),
    _moment("finished_at", null=True),
)

# Tables of their own rooms join the same metadata; they need what stands above.
import service.store.answer_tables  # noqa: E402
import service.store.audit_tables  # noqa: E402
import service.store.case_tables  # noqa: E402
import service.store.holding_tables  # noqa: E402
import service.store.incident_tables  # noqa: E402
import service.store.learning_tables  # noqa: E402
import service.store.marking_tables  # noqa: E402
import service.store.outcome_tables  # noqa: E402
import service.store.personal_data_tables  # noqa: E402
import service.store.policy_tables  # noqa: E402
import service.store.policy_work_tables  # noqa: E402
import service.store.quality_tables  # noqa: E402
import service.store.queue_tables  # noqa: E402
import service.store.risk_tables  # noqa: E402
import service.store.sighting_tables  # noqa: E402
import service.store.step_tables  # noqa: E402
import service.store.trail_tables  # noqa: E402
import service.store.upload_tables  # noqa: E402
import service.store.user_tables  # noqa: E402
import service.store.webhook_tables  # noqa: E402, F401
