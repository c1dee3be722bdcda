"""People who sign in, their sessions and known devices, and how often signing in failed."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from service.store.tables import Moment, metadata

users = sa.Table(
    "users",
    metadata,
    sa.Column("platform_id", sa.Text, sa.ForeignKey("platforms.id"), primary_key=True),
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("roles", ARRAY(sa.Text), nullable=False),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("password_set_at", Moment, nullable=False),
    sa.Column("password_due", sa.Boolean, nullable=False),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("disabled_at", Moment, nullable=True),
    # Which queued cases they are set for; empty: any.
    sa.Column("lanes", ARRAY(sa.Text), nullable=False, server_default="{}"),
    sa.Column("reasons", ARRAY(sa.Text), nullable=False, server_default="{}"),
)

user_sessions = sa.Table(
    "user_sessions",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("id", UUID(as_uuid=True), primary_key=True),
    sa.Column("login", sa.Text, nullable=False),
    sa.Column("token_sha256", sa.LargeBinary, nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("used_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "login"], ["users.platform_id", "users.login"]),
    sa.Index("user_sessions_token_idx", "token_sha256", unique=True),
    sa.Index("user_sessions_login_idx", "platform_id", "login"),
)

# Browsers somebody signed in with before: strangers' failures do not make them wait.
known_devices = sa.Table(
    "known_devices",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("login", sa.Text, primary_key=True),
    sa.Column("token_sha256", sa.LargeBinary, primary_key=True),
    sa.Column("used_at", Moment, nullable=False),
    sa.ForeignKeyConstraint(["platform_id", "login"], ["users.platform_id", "users.login"]),
)

# No foreign key: also attempts on what does not exist are counted.
sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("platform_id", sa.Text, primary_key=True),
    sa.Column("counted", sa.Text, primary_key=True),
    sa.Column("subject", sa.LargeBinary, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", Moment, nullable=False),
    sa.Column("wait_until", Moment, nullable=False),
    sa.Index("sign_in_failures_last_idx", "last_at"),
)
