"""The life of a policy: proposed, signed off by a second person, in force at its time."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_SIGNATURES = ("proposed", "signed", "ended")
_PARTS = (("by", "TEXT"), ("actor_kind", "TEXT"), ("actor_name", "TEXT"), ("at", "TIMESTAMP WITH TIME ZONE"))


def upgrade() -> None:
    op.execute("ALTER TABLE policies ALTER COLUMN effective_at DROP NOT NULL")
    op.execute(
        "ALTER TABLE policies ADD COLUMN drafted_by TEXT, ADD COLUMN step TEXT, ADD COLUMN text_sha256 TEXT, "
        "ADD COLUMN note TEXT, ADD COLUMN wanted_at TIMESTAMP WITH TIME ZONE, ADD COLUMN based_on TEXT, "
        "ADD COLUMN ended_why TEXT"
    )
    for name in _SIGNATURES:
        for part, kind in _PARTS:
            op.execute(f"ALTER TABLE policies ADD COLUMN {name}_{part} {kind}")
    # What was in force stays in force: whoever added it is taken for who signed it.
    op.execute(
        "UPDATE policies SET drafted_by = actor_name, step = 'signed_off', note = '', ended_why = '', "
        "text_sha256 = encode(sha256(convert_to(text, 'UTF8')), 'hex'), signed_by = actor_name, "
        "signed_actor_kind = actor_kind, signed_actor_name = actor_name, signed_at = recorded_at"
    )
    for column in ("drafted_by", "step", "text_sha256", "note", "ended_why"):
        op.execute(f"ALTER TABLE policies ALTER COLUMN {column} SET NOT NULL")
    op.execute(
        "ALTER TABLE policies ADD CONSTRAINT policies_signed_check CHECK ((step = 'signed_off') <= "
        "(effective_at IS NOT NULL AND signed_by IS NOT NULL AND signed_at IS NOT NULL))"
    )
    op.execute("DROP INDEX policies_effective_idx")
    op.execute(
        "CREATE INDEX policies_effective_idx ON policies (platform_id, effective_at, signed_at) "
        "WHERE step = 'signed_off'"
    )


def downgrade() -> None:
    # Without the columns nothing would keep a version that nobody signed from coming into force.
    op.execute("DELETE FROM policies WHERE step <> 'signed_off'")
    op.execute("DROP INDEX policies_effective_idx")
    op.execute("ALTER TABLE policies DROP CONSTRAINT policies_signed_check")
    op.execute("ALTER TABLE policies ALTER COLUMN effective_at SET NOT NULL")
    for name in _SIGNATURES:
        for part, _ in _PARTS:
            op.execute(f"ALTER TABLE policies DROP COLUMN {name}_{part}")
    for column in ("drafted_by", "step", "text_sha256", "note", "wanted_at", "based_on", "ended_why"):
        op.execute(f"ALTER TABLE policies DROP COLUMN {column}")
    op.execute("CREATE INDEX policies_effective_idx ON policies (platform_id, effective_at)")
