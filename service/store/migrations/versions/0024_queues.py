"""The cases that wait for reviewers, in order; who has which; the ids cases are found by; what people are set for.

Rows of ``queued_cases`` and ``case_keys`` are kept by triggers on ``cases`` and ``deadlines``.
"""

from __future__ import annotations

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WAITING = "('in_review', 'countered', 'appealed', 'in_second_review', 'arbitration')"

_TABLES = (
    """
CREATE TABLE queued_cases (
    platform_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    lane TEXT NOT NULL,
    urgent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    chased_at TIMESTAMP WITH TIME ZONE,
    incident_id UUID,
    reason TEXT NOT NULL,
    amount_minor BIGINT NOT NULL,
    currency TEXT NOT NULL,
    seller_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    disputed BOOLEAN NOT NULL,
    cross_border BOOLEAN NOT NULL,
    held_until TIMESTAMP WITH TIME ZONE,
    held_since TIMESTAMP WITH TIME ZONE,
    held_by TEXT,
    held_reason TEXT,
    CONSTRAINT queued_cases_pkey PRIMARY KEY (platform_id, case_id)
)""",
    "CREATE INDEX queued_cases_urgent_idx ON queued_cases (platform_id, urgent_at, accepted_at, case_id)",
    """
CREATE INDEX queued_cases_near_idx ON queued_cases (platform_id, urgent_at, accepted_at, case_id)
    WHERE lane <> 'incident'""",
    "CREATE INDEX queued_cases_lane_idx ON queued_cases (platform_id, lane, urgent_at, accepted_at, case_id)",
    "CREATE INDEX queued_cases_reason_idx ON queued_cases (platform_id, reason, urgent_at, accepted_at, case_id)",
    "CREATE INDEX queued_cases_seller_idx ON queued_cases (platform_id, seller_id, urgent_at, accepted_at, case_id)",
    "CREATE INDEX queued_cases_product_idx ON queued_cases (platform_id, product_id, urgent_at, accepted_at, case_id)",
    """
CREATE INDEX queued_cases_incident_idx ON queued_cases (platform_id, incident_id, urgent_at, accepted_at, case_id)
    WHERE incident_id IS NOT NULL""",
    """
CREATE INDEX queued_cases_held_idx ON queued_cases (platform_id, held_by, held_until)
    WHERE held_until IS NOT NULL""",
    """
CREATE TABLE case_locks (
    platform_id TEXT NOT NULL,
    case_id UUID NOT NULL,
    login TEXT NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    handed_by TEXT,
    note TEXT,
    CONSTRAINT case_locks_pkey PRIMARY KEY (platform_id, case_id),
    CONSTRAINT case_locks_platform_id_login_fkey
        FOREIGN KEY (platform_id, login) REFERENCES users (platform_id, login)
)""",
    "CREATE INDEX case_locks_login_idx ON case_locks (platform_id, login, until)",
    """
CREATE TABLE case_keys (
    platform_id TEXT NOT NULL,
    folded TEXT COLLATE "C" NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT NOT NULL,
    CONSTRAINT case_keys_pkey PRIMARY KEY (platform_id, folded, case_id, kind)
)""",
    """
CREATE TABLE saved_views (
    platform_id TEXT NOT NULL,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT saved_views_pkey PRIMARY KEY (platform_id, login, name),
    CONSTRAINT saved_views_platform_id_login_fkey
        FOREIGN KEY (platform_id, login) REFERENCES users (platform_id, login)
)""",
    "ALTER TABLE users ADD COLUMN lanes TEXT[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE users ADD COLUMN reasons TEXT[] NOT NULL DEFAULT '{}'",
)

# As service.domain.finding.folded; a test holds the two together.
_FOLD = r"""
CREATE FUNCTION fold_id(id TEXT) RETURNS TEXT LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT left(translate(
        lower(regexp_replace(normalize(id, NFKC), '[\x01-\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]', '', 'g') COLLATE "C"),
        'odqlisbz', '00011582'
    ), 80)
$$"""

# The review a case waits for is due with the first of its deadlines since it came into its state; one that passed has
# ended as expired, and the case is still late.
_QUEUE = f"""
CREATE FUNCTION keep_queued_case() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    due TIMESTAMP WITH TIME ZONE;
BEGIN
    IF NEW.state NOT IN {_WAITING} THEN
        DELETE FROM queued_cases WHERE platform_id = NEW.platform_id AND case_id = NEW.id;
        DELETE FROM case_locks WHERE platform_id = NEW.platform_id AND case_id = NEW.id;
        RETURN NULL;
    END IF;
    due := review_due(NEW.platform_id, NEW.id, NEW.state_since);
    INSERT INTO queued_cases AS q (
        platform_id, case_id, lane, urgent_at, due_at, accepted_at, state, chased_at, incident_id,
        reason, amount_minor, currency, seller_id, product_id, disputed, cross_border
    ) VALUES (
        NEW.platform_id, NEW.id,
        CASE WHEN NEW.incident_id IS NOT NULL THEN 'incident'
            WHEN NEW.lane IN ('large_amount', 'elderly') THEN NEW.lane ELSE 'standard' END,
        urgent_from(due, NEW.chased_at, NULL), due, NEW.accepted_at, NEW.state, NEW.chased_at, NEW.incident_id,
        NEW.claim ->> 'reason', (NEW.claim -> 'amount_claimed' ->> 'minor')::bigint,
        NEW.claim -> 'amount_claimed' ->> 'currency', NEW.claim -> 'order' ->> 'seller_id',
        NEW.claim -> 'order' -> 'product' ->> 'id',
        COALESCE((NEW.claim -> 'order' ->> 'disputed')::boolean, false),
        COALESCE((NEW.claim -> 'order' ->> 'cross_border')::boolean, false)
    ) ON CONFLICT (platform_id, case_id) DO UPDATE SET
        lane = excluded.lane, due_at = excluded.due_at, accepted_at = excluded.accepted_at, state = excluded.state,
        chased_at = excluded.chased_at, incident_id = excluded.incident_id, reason = excluded.reason,
        amount_minor = excluded.amount_minor, currency = excluded.currency, seller_id = excluded.seller_id,
        product_id = excluded.product_id, disputed = excluded.disputed, cross_border = excluded.cross_border,
        -- A new state is another's business: what was put off is not any more.
        held_until = CASE WHEN q.state = excluded.state THEN q.held_until END,
        held_since = CASE WHEN q.state = excluded.state THEN q.held_since END,
        held_by = CASE WHEN q.state = excluded.state THEN q.held_by END,
        held_reason = CASE WHEN q.state = excluded.state THEN q.held_reason END,
        urgent_at = urgent_from(
            excluded.due_at, excluded.chased_at, CASE WHEN q.state = excluded.state THEN q.held_until END
        );
    RETURN NULL;
END $$"""  # noqa: S608  constants above
_DEADLINE = """
CREATE FUNCTION keep_queued_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    due TIMESTAMP WITH TIME ZONE;
BEGIN
    due := (SELECT review_due(c.platform_id, c.id, c.state_since) FROM cases c
        WHERE c.platform_id = NEW.platform_id AND c.id = NEW.case_id);
    UPDATE queued_cases SET due_at = due, urgent_at = urgent_from(due, chased_at, held_until)
        WHERE platform_id = NEW.platform_id AND case_id = NEW.case_id AND due_at IS DISTINCT FROM due;
    RETURN NULL;
END $$"""
_REVIEW_DUE = """
CREATE FUNCTION review_due(platform TEXT, which UUID, since TIMESTAMP WITH TIME ZONE)
    RETURNS TIMESTAMP WITH TIME ZONE LANGUAGE sql STABLE AS $$
    SELECT min(due_at) FROM deadlines
    WHERE platform_id = platform AND case_id = which AND kind IN ('review', 'arbitration')
        AND ended_as IS DISTINCT FROM 'met' AND created_at >= since
$$"""
# On hold: the first moment there is, so that a case wakes up at the very front. Without a deadline: the last.
_URGENT = """
CREATE FUNCTION urgent_from(
    due TIMESTAMP WITH TIME ZONE, chased TIMESTAMP WITH TIME ZONE, held TIMESTAMP WITH TIME ZONE
) RETURNS TIMESTAMP WITH TIME ZONE LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN held IS NOT NULL THEN TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00+00'
        ELSE COALESCE(LEAST(due, chased), TIMESTAMP WITH TIME ZONE '9000-01-01 00:00:00+00') END
$$"""
_KEYS = """
CREATE FUNCTION keep_case_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM case_keys WHERE platform_id = OLD.platform_id AND case_id = OLD.id AND folded IN (
            fold_id(OLD.account_id), fold_id(OLD.claim ->> 'reference'),
            fold_id(OLD.claim -> 'order' ->> 'trade_number')
        );
    END IF;
    INSERT INTO case_keys (platform_id, folded, case_id, kind)
        SELECT NEW.platform_id, fold_id(given.id), NEW.id, given.kind
        FROM (VALUES ('number', NEW.number), ('order', NEW.order_number), ('account', NEW.account_id),
            ('reference', NEW.claim ->> 'reference'), ('payment', NEW.claim -> 'order' ->> 'trade_number')
        ) AS given (kind, id)
        WHERE given.id <> '' AND fold_id(given.id) <> ''
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$"""
_LINKED_KEYS = """
CREATE FUNCTION keep_linked_claim_keys() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM case_keys WHERE platform_id = OLD.platform_id AND case_id = OLD.case_id
            AND kind = 'linked' AND folded = fold_id(OLD.claim ->> 'reference');
    END IF;
    INSERT INTO case_keys (platform_id, folded, case_id, kind)
        SELECT NEW.platform_id, fold_id(NEW.claim ->> 'reference'), NEW.case_id, 'linked'
        WHERE fold_id(NEW.claim ->> 'reference') <> ''
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$"""
_TRIGGERS = (
    f"""
CREATE TRIGGER cases_queued_new AFTER INSERT ON cases FOR EACH ROW
    WHEN (NEW.state IN {_WAITING}) EXECUTE FUNCTION keep_queued_case()""",
    f"""
CREATE TRIGGER cases_queued AFTER UPDATE OF state, state_since, lane, incident_id, chased_at, claim ON cases
    FOR EACH ROW WHEN (OLD.state IN {_WAITING} OR NEW.state IN {_WAITING}) EXECUTE FUNCTION keep_queued_case()""",
    """
CREATE TRIGGER deadlines_queued AFTER INSERT OR UPDATE OF due_at, ended_as ON deadlines
    FOR EACH ROW WHEN (NEW.kind IN ('review', 'arbitration')) EXECUTE FUNCTION keep_queued_deadline()""",
    "CREATE TRIGGER cases_keys_new AFTER INSERT ON cases FOR EACH ROW EXECUTE FUNCTION keep_case_keys()",
    """
CREATE TRIGGER cases_keys AFTER UPDATE OF account_id, claim ON cases FOR EACH ROW
    WHEN (OLD.account_id <> NEW.account_id OR OLD.claim <> NEW.claim) EXECUTE FUNCTION keep_case_keys()""",
    """
CREATE TRIGGER linked_claims_keys AFTER INSERT OR UPDATE OF claim ON linked_claims
    FOR EACH ROW EXECUTE FUNCTION keep_linked_claim_keys()""",
)
# What is there already goes the same way as what comes.
_PRESENT = (
    f"UPDATE cases SET lane = lane WHERE state IN {_WAITING}",  # noqa: S608
    """
INSERT INTO case_keys (platform_id, folded, case_id, kind)
SELECT c.platform_id, fold_id(given.id), c.id, given.kind
FROM cases c CROSS JOIN LATERAL (VALUES ('number', c.number), ('order', c.order_number), ('account', c.account_id),
    ('reference', c.claim ->> 'reference'), ('payment', c.claim -> 'order' ->> 'trade_number')
) AS given (kind, id)
WHERE given.id <> '' AND fold_id(given.id) <> ''
ON CONFLICT DO NOTHING""",
    "UPDATE linked_claims SET claim = claim",
)


def upgrade() -> None:
    for statement in (
        *_TABLES,
        *(_FOLD, _REVIEW_DUE, _URGENT, _QUEUE, _DEADLINE, _KEYS, _LINKED_KEYS),
        *_TRIGGERS,
        *_PRESENT,
    ):
        op.execute(statement)


def downgrade() -> None:
    for trigger, table in (
        ("cases_queued_new", "cases"),
        ("cases_queued", "cases"),
        ("deadlines_queued", "deadlines"),
        ("cases_keys_new", "cases"),
        ("cases_keys", "cases"),
        ("linked_claims_keys", "linked_claims"),
    ):
        op.execute(f"DROP TRIGGER {trigger} ON {table}")
    for function in (
        "keep_queued_case()",
        "keep_queued_deadline()",
        "keep_case_keys()",
        "keep_linked_claim_keys()",
        "review_due(text, uuid, timestamptz)",
        "urgent_from(timestamptz, timestamptz, timestamptz)",
        "fold_id(text)",
    ):
        op.execute(f"DROP FUNCTION {function}")
    for table in ("saved_views", "case_keys", "case_locks", "queued_cases"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE users DROP COLUMN reasons")
    op.execute("ALTER TABLE users DROP COLUMN lanes")
