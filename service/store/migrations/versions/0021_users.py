"""People who sign in to the console."""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLES = (
    """
CREATE TABLE users (
    platform_id TEXT NOT NULL,
    login TEXT NOT NULL,
    roles TEXT[] NOT NULL,
    password_hash TEXT NOT NULL,
    password_set_at TIMESTAMP WITH TIME ZONE NOT NULL,
    password_due BOOLEAN NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT users_pkey PRIMARY KEY (platform_id, login),
    CONSTRAINT users_platform_id_fkey FOREIGN KEY (platform_id) REFERENCES platforms (id)
)""",
    """
CREATE TABLE user_sessions (
    platform_id TEXT NOT NULL,
    id UUID NOT NULL,
    login TEXT NOT NULL,
    token_sha256 BYTEA NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT user_sessions_pkey PRIMARY KEY (platform_id, id),
    CONSTRAINT user_sessions_platform_id_login_fkey
        FOREIGN KEY (platform_id, login) REFERENCES users (platform_id, login)
)""",
    "CREATE UNIQUE INDEX user_sessions_token_idx ON user_sessions (token_sha256)",
    "CREATE INDEX user_sessions_login_idx ON user_sessions (platform_id, login)",
    """
CREATE TABLE known_devices (
    platform_id TEXT NOT NULL,
    login TEXT NOT NULL,
    token_sha256 BYTEA NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT known_devices_pkey PRIMARY KEY (platform_id, login, token_sha256),
    CONSTRAINT known_devices_platform_id_login_fkey
        FOREIGN KEY (platform_id, login) REFERENCES users (platform_id, login)
)""",
    """
CREATE TABLE sign_in_failures (
    platform_id TEXT NOT NULL,
    counted TEXT NOT NULL,
    subject BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    last_at TIMESTAMP WITH TIME ZONE NOT NULL,
    wait_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT sign_in_failures_pkey PRIMARY KEY (platform_id, counted, subject)
)""",
    "CREATE INDEX sign_in_failures_last_idx ON sign_in_failures (last_at)",
)


def upgrade() -> None:
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    for table in ("sign_in_failures", "known_devices", "user_sessions", "users"):
        op.execute(f"DROP TABLE {table}")
