"""A platform with a million cases and ten million events: a few real cases many times over, by SQL.

What is copied went through the service: claims, assessments with their documents, steps, audit entries, deadlines,
labels. Each copy has ids, an order, an account, a seller and moments of its own; one in a hundred waits for a person.
"""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import psycopg
from PIL import Image

from tests.running_service import Server, new_claim, parts, screen

DAYS = 180
CHUNK = 100_000
# Entities of each kind; the square of a uniform number chooses one, so that few are busy and most are not.
ENTITIES = {
    "account_id": 50_000, "device_id": 45_000, "payer_id": 48_000, "ip": 60_000, "seller_id": 300, "product_id": 2_000,
}  # fmt: skip
WAITING_ONE_IN = 100
_EVENTS = """
INSERT INTO history_events (platform_id, event_id, kind, occurred_at, recorded_at, account_id, device_id, payer_id, ip,
    seller_id, product_id, order_number, amount_minor, currency, outcome)
SELECT 'demo', 'e' || i,
    (ARRAY['order', 'payment', 'fulfilment', 'session', 'refund_requested'])[1 + (chance > .35)::int
        + (chance > .65)::int + (chance > .82)::int + (chance > .94)::int],
    at, at + interval '30 seconds',
    'ac' || floor(50000 * random() ^ 2), 'de' || floor(45000 * random() ^ 2), 'pa' || floor(48000 * random() ^ 2),
    'ip' || floor(60000 * random() ^ 2), 'se' || floor(300 * random() ^ 2), 'pr' || floor(2000 * random() ^ 2),
    'o' || floor(%(count)s * random()), (500 + 29500 * random())::bigint, 'CNY', NULL
FROM (SELECT i, random() AS chance, %(now)s::timestamptz - interval '180 days' * (1 - i::float8 / %(count)s) AS at
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS i) AS made
"""
# Copy n of template t: ids from n, moments back from now, everything else as it went through the service.
_CASES = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
SELECT n, t.case_id AS template, t.waits,
    uuidv7(%(now)s::timestamptz - interval '180 days' * n / %(count)s - clock_timestamp()) AS id,
    uuidv7(%(now)s::timestamptz - interval '180 days' * n / %(count)s - clock_timestamp()) AS assessment_id,
    interval '180 days' * n / %(count)s AS back,
    'ac' || floor(50000 * random() ^ 2) AS account, 'B' || n || 'Q' || (n * 7919 %% 10007) AS order_number,
    'se' || floor(300 * random() ^ 2) AS seller, 'pr' || floor(2000 * random() ^ 2) AS product
FROM (SELECT n, n %% %(one_in)s = 0 AS waits, n %% 997 AS turn
      FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n) AS numbers
JOIN templates AS t ON t.waits = numbers.waits AND t.turn = numbers.turn %% t.turns;
INSERT INTO cases ({columns})
SELECT {values} FROM made JOIN cases AS c ON c.platform_id = 'demo' AND c.id = made.template;
INSERT INTO assessments ({assessment_columns})
SELECT {assessment_values} FROM made
JOIN cases AS c ON c.platform_id = 'demo' AND c.id = made.template
JOIN assessments AS a ON a.platform_id = 'demo' AND a.id = c.assessment_id;
INSERT INTO case_steps (platform_id, case_id, version, action, party, actor_kind, actor_name, from_state, to_state, at,
    reason, buyer, data)
SELECT 'demo', made.id, s.version, s.action, s.party, s.actor_kind, s.actor_name, s.from_state, s.to_state,
    s.at - made.back, s.reason, s.buyer, s.data
FROM made JOIN case_steps AS s ON s.platform_id = 'demo' AND s.case_id = made.template;
INSERT INTO audit ({audit_columns})
SELECT {audit_values} FROM made JOIN audit AS e ON e.platform_id = 'demo' AND e.subject = 'case:' || made.template;
INSERT INTO order_evidence (platform_id, order_number, sha256, case_id, account_id, name, position, received_at)
SELECT 'demo', made.order_number, o.sha256, made.id, made.account, o.name, o.position, o.received_at - made.back
FROM made JOIN order_evidence AS o ON o.platform_id = 'demo' AND o.case_id = made.template;
INSERT INTO labels (platform_id, id, case_id, source, reviewer_kind, reviewer_name, loss_share, recorded_at, score_seen)
SELECT 'demo', gen_random_uuid(), made.id, l.source, l.reviewer_kind, l.reviewer_name, l.loss_share,
    l.recorded_at - made.back, l.score_seen
FROM made JOIN labels AS l ON l.platform_id = 'demo' AND l.case_id = made.template;
INSERT INTO deadlines (platform_id, id, case_id, kind, due_at, certain, created_at)
SELECT 'demo', gen_random_uuid(), made.id, d.kind, d.due_at - made.back / 60, d.certain, d.created_at - made.back / 60
FROM made JOIN deadlines AS d ON d.platform_id = 'demo' AND d.case_id = made.template AND d.ended_as IS NULL
WHERE made.waits
"""
_OWN = {
    "cases": {
        "id": "made.id",
        "number": "'R' || to_char(c.accepted_at - made.back, 'YYMMDD') || '-' || upper(to_hex(made.n + 16777216))",
        "order_number": "made.order_number",
        "account_id": "made.account",
        "assessment_id": "made.assessment_id",
        "assess_job_id": "NULL",
        "request": "NULL",
        "claim": "jsonb_set(jsonb_set(jsonb_set(jsonb_set(c.claim, '{account,id}', to_jsonb(made.account)),"
        " '{order,order_number}', to_jsonb(made.order_number)), '{order,seller_id}', to_jsonb(made.seller)),"
        " '{order,product,id}', to_jsonb(made.product))",
        **{name: f"c.{name} - made.back" for name in ("state_since", "accepted_at", "as_of", "due_at", "decided_at")},
    },
    "assessments": {
        "id": "made.assessment_id",
        "case_id": "made.id",
        "recorded_at": "a.recorded_at - made.back",
    },
    # In the chain already, so that no writer works on it meanwhile; the hashes are not real.
    "audit": {
        "subject": "'case:' || made.id",
        "at": "e.at - made.back",
        "position": "(SELECT max(position) FROM audit) + row_number() OVER ()",
    },
}


def templates(server: Server, *, decided: int = 12, waiting: int = 12) -> None:
    """Claims through the service: ``decided`` by machine or by somebody, ``waiting`` for a person. One in twelve of
    the decided, whose documents make most of the size, has a picture, and one in two of those that wait."""
    with server.http() as http:
        for number in range(decided + waiting):
            waits = number >= decided
            files = [_picture()] if number % (2 if waits else decided) == 0 else []
            claim = new_claim(statement="激活时提示激活码无效，换了两台手机都一样，请退款。" * 3)
            if waits or number % 3 == 0:
                claim["fulfilment"] = {"state": "delivered", "use": "activated"}
            made = http.post(
                "/v1/pre-reviews", files=parts(claim, files), headers={"Idempotency-Key": uuid.uuid4().hex}
            )
            made.raise_for_status()
            case = server.decided(made.json()["case_id"], 60)
            if not waits and case["state"] == "in_review":
                _reject(http, case["case_id"])


def _reject(http: httpx.Client, case_id: str) -> None:
    body = {"as": "reviewer", "by": "bench", "clause": "N1", "message": "该卡密已激活。", "reason": "the log shows use"}
    sent = {"Idempotency-Key": uuid.uuid4().hex}
    http.post(f"/v1/cases/{case_id}/reject", json=body, headers=sent).raise_for_status()


def _picture() -> bytes:
    with Image.open(io.BytesIO(screen())) as page:
        page.putpixel((0, 0), tuple(uuid.uuid4().bytes[:3]))
        buffer = io.BytesIO()
        page.convert("RGB").save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


class Filling:
    """Fills one database; tells how far it has come on ``say``."""

    def __init__(self, url: str, say: Any) -> None:
        self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
        self._say = say
        self._begun = time.perf_counter()
        for setting in ("statement_timeout = 0", "maintenance_work_mem = '512MB'", "synchronous_commit = off"):
            self._connection.execute(f"SET {setting}")
        self._connection.execute("SELECT setseed(0.5)")
        self._now = self._one("SELECT max(accepted_at) FROM cases")

    def events(self, count: int) -> None:
        with self._without_indexes("history_events"):
            for first in range(1, count + 1, CHUNK * 10):
                last = min(first + CHUNK * 10 - 1, count)
                self._connection.execute(_EVENTS, {"first": first, "last": last, "count": count, "now": self._now})
                self._tell(f"{last:,} of {count:,} events")

    def cases(self, count: int) -> None:
        self._connection.execute(
            "CREATE TEMPORARY TABLE templates AS SELECT id AS case_id, state = 'in_review' AS waits,"
            " row_number() OVER (PARTITION BY state = 'in_review' ORDER BY id) - 1 AS turn,"
            " count(*) OVER (PARTITION BY state = 'in_review') AS turns FROM cases WHERE platform_id = 'demo'"
        )
        statements = self._copying()
        with self._without_indexes("cases"), self._without_indexes("assessments"), self._without_indexes("audit"):
            # The copies are found by their templates' ids, whose primary keys stay.
            self._connection.execute("CREATE INDEX bench_audit ON audit (platform_id, subject)")
            for first in range(1, count + 1, CHUNK):
                last = min(first + CHUNK - 1, count)
                given = {"first": first, "last": last, "count": count, "now": self._now, "one_in": WAITING_ONE_IN}
                with self._connection.transaction():
                    for statement in statements.split(";\n"):
                        self._connection.execute(statement, given if "%(" in statement else None)
                self._tell(f"{last:,} of {count:,} cases")
            self._connection.execute("DROP INDEX bench_audit")

    def settle(self) -> None:
        """As a database is that has been running for long."""
        for table in ("cases", "assessments", "history_events", "audit", "case_steps", "case_keys", "queued_cases",
                      "labels", "deadlines"):  # fmt: skip
            self._connection.execute(f"VACUUM ANALYZE {table}")
        self._connection.execute("CHECKPOINT")
        size = self._one("SELECT pg_size_pretty(pg_database_size(current_database()))")
        self._tell(f"settled: {size}")

    def some(self, query: str, *values: Any) -> list[Any]:
        return [row[0] for row in self._connection.execute(query, values).fetchall()]

    def close(self) -> None:
        self._connection.close()

    def _one(self, query: str) -> Any:
        row = self._connection.execute(query).fetchone()
        assert row is not None
        return row[0]

    def _copying(self) -> str:
        found = {}
        for table, letter in (("cases", "c"), ("assessments", "a"), ("audit", "e")):
            names = self.some(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'"
                " AND is_identity = 'NO'",
                table,
            )
            own = _OWN[table]
            found[table] = ", ".join(names), ", ".join(own.get(name, f"{letter}.{name}") for name in names)
        text = _CASES
        for table, (columns, values) in found.items():
            singular = {"cases": "", "assessments": "assessment_", "audit": "audit_"}[table]
            text = text.replace(f"{{{singular}columns}}", columns).replace(f"{{{singular}values}}", values)
        return text

    @contextmanager
    def _without_indexes(self, table: str) -> Iterator[None]:
        """Indexes are made behind the rows, which takes a third of the time."""
        rows = self._connection.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND schemaname = 'public' AND NOT EXISTS"
            " (SELECT FROM pg_constraint WHERE conname = indexname)",
            (table,),
        ).fetchall()
        for name, _ in rows:
            self._connection.execute(f'DROP INDEX "{name}"')
        yield
        for name, definition in rows:
            self._connection.execute(definition)
            self._tell(f"{name} made")

    def _tell(self, what: str) -> None:
        self._say(f"{time.perf_counter() - self._begun:6.0f} s  {what}")
