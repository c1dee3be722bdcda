"""What stands in the tables against what the audit trail last told of it: states, grants, modes, keys, seals.

Each is one query over a platform. What entries from before they told of it left out is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncConnection

from service.store.database import driver_connection


class Told(StrEnum):
    """What differs from what the trail tells."""

    STATE = "state"
    GRANT = "grant"
    GRANT_UNTOLD = "grant_untold"
    GRANT_END = "grant_end"
    GRANT_PAID = "grant_paid"
    MODE = "mode"
    KEY = "key"
    KEY_UNTOLD = "key_untold"
    SEAL_TWICE = "seal_twice"


@dataclass(frozen=True, slots=True)
class Differing:
    """``subject``: as in the trail; ``position``: of the entry that tells otherwise, None where none does or it is
    unchained. ``told`` and ``stored``: the two values, as text."""

    what: Told
    subject: str
    position: int | None
    told: str
    stored: str


_STATES = """
SELECT 'state', 'case:' || cases.id, told.position, told.after ->> 'state', cases.state
FROM cases
JOIN LATERAL (
    SELECT position, after FROM audit
    WHERE platform_id = cases.platform_id AND subject = 'case:' || cases.id AND after ? 'state' AND after ? 'version'
    ORDER BY id DESC LIMIT 1
) AS told ON told.after ->> 'state' <> cases.state
WHERE cases.platform_id = %(platform)s LIMIT 1000
"""
# A grant that no entry names, from after the first that one did.
_GRANTS = """
SELECT CASE WHEN told.after IS NULL THEN 'grant_untold' ELSE 'grant' END, 'case:' || grants.case_id, told.position,
    coalesce((told.after ->> 'granted_minor') || ' ' || (told.after ->> 'currency'), ''),
    grants.amount_minor || ' ' || grants.currency
FROM grants
LEFT JOIN LATERAL (
    SELECT position, after FROM audit
    WHERE platform_id = grants.platform_id AND subject = 'case:' || grants.case_id
        AND after ->> 'grant' = grants.id::text
    ORDER BY id DESC LIMIT 1
) AS told ON true
WHERE grants.platform_id = %(platform)s AND CASE WHEN told.after IS NULL
    THEN grants.granted_at > (SELECT min(at) FROM audit WHERE platform_id = %(platform)s AND after ? 'granted_minor')
    ELSE told.after ->> 'granted_minor' IS DISTINCT FROM grants.amount_minor::text
        OR told.after ->> 'currency' IS DISTINCT FROM grants.currency END
LIMIT 1000
"""
# A grant ends with the first of these states its case comes into after it; see case_moves.
_ENDED_GRANTS = """
SELECT 'grant_end', 'case:' || grants.case_id, ending.position, coalesce(ending.state, 'none'),
    coalesce(grants.ended_as, 'none')
FROM grants
JOIN LATERAL (
    SELECT id FROM audit
    WHERE platform_id = grants.platform_id AND subject = 'case:' || grants.case_id
        AND after ->> 'grant' = grants.id::text
    ORDER BY id DESC LIMIT 1
) AS told ON true
LEFT JOIN LATERAL (
    SELECT position, after ->> 'state' AS state FROM audit
    WHERE platform_id = grants.platform_id AND subject = 'case:' || grants.case_id AND id > told.id
        AND after ? 'version' AND after ->> 'state' IN ('lapsed', 'reversed', 'in_review')
    ORDER BY id LIMIT 1
) AS ending ON true
WHERE grants.platform_id = %(platform)s
    AND CASE ending.state WHEN 'in_review' THEN 'returned' ELSE ending.state END IS DISTINCT FROM grants.ended_as
LIMIT 1000
"""
# Payments are told with their sum since some entry is: those from before it are passed over.
_PAID_GRANTS = """
SELECT 'grant_paid', 'case:' || grants.case_id, paid.position, coalesce(paid.minor, 'none'),
    coalesce(grants.paid_minor::text, 'none')
FROM grants
JOIN LATERAL (
    SELECT id FROM audit
    WHERE platform_id = grants.platform_id AND subject = 'case:' || grants.case_id
        AND after ->> 'grant' = grants.id::text
    ORDER BY id DESC LIMIT 1
) AS told ON true
LEFT JOIN LATERAL (
    SELECT id, position, after ->> 'paid_minor' AS minor FROM audit
    WHERE platform_id = grants.platform_id AND subject = 'case:' || grants.case_id AND id > told.id
        AND after ->> 'state' = 'paid' AND after ? 'version'
    ORDER BY id DESC LIMIT 1
) AS paid ON true
WHERE grants.platform_id = %(platform)s AND paid.minor IS DISTINCT FROM grants.paid_minor::text
    AND (paid.minor IS NOT NULL OR paid.id IS NULL OR paid.id > (
        SELECT min(id) FROM audit WHERE platform_id = %(platform)s AND after ? 'paid_minor'))
LIMIT 1000
"""
_MODES = """
SELECT 'mode', 'platform:' || platforms.id, told.position, told.after ->> 'mode', platforms.mode
FROM platforms
JOIN LATERAL (
    SELECT position, after FROM audit
    WHERE platform_id = platforms.id AND subject = 'platform:' || platforms.id AND after ? 'mode'
    ORDER BY id DESC LIMIT 1
) AS told ON told.after ->> 'mode' <> platforms.mode
WHERE platforms.id = %(platform)s
"""
_KEYS = """
SELECT CASE WHEN told.after IS NULL THEN 'key_untold' ELSE 'key' END, 'key:' || api_keys.id, told.position,
    CASE WHEN revoked.is AND api_keys.revoked_at IS NULL THEN 'revoked' ELSE coalesce(told.after ->> 'scopes', '') END,
    CASE WHEN api_keys.revoked_at IS NULL THEN to_jsonb(api_keys.scopes)::text ELSE 'revoked' END
FROM api_keys
LEFT JOIN LATERAL (
    SELECT position, after FROM audit
    WHERE platform_id = api_keys.platform_id AND subject = 'key:' || api_keys.id AND action = 'key.created'
    ORDER BY id LIMIT 1
) AS told ON true
LEFT JOIN LATERAL (
    SELECT after ->> 'expires_at' AS at FROM audit
    WHERE platform_id = api_keys.platform_id AND subject = 'key:' || api_keys.id
        AND action IN ('key.created', 'key.rotated') AND after ? 'expires_at'
    ORDER BY id DESC LIMIT 1
) AS expires ON true
CROSS JOIN LATERAL (
    SELECT EXISTS (
        SELECT FROM audit
        WHERE platform_id = api_keys.platform_id AND subject = 'key:' || api_keys.id AND action = 'key.revoked'
    ) AS is
) AS revoked
WHERE api_keys.platform_id = %(platform)s AND CASE WHEN told.after IS NULL
    THEN api_keys.created_at > (
        SELECT min(at) FROM audit WHERE platform_id = %(platform)s AND action = 'key.created' AND after ? 'token_check')
    ELSE told.after -> 'scopes' <> to_jsonb(api_keys.scopes)
        OR told.after -> 'networks' <> to_jsonb(api_keys.networks)
        OR told.after ->> 'token_check' <> encode(sha256(api_keys.token_sha256), 'hex')
        OR told.after ? 'expires_at' AND expires.at::timestamptz IS DISTINCT FROM api_keys.expires_at
        OR revoked.is AND api_keys.revoked_at IS NULL END
LIMIT 1000
"""
# A copy of an entry, its seal included: the number in a seal is used once.
_SEALS = """
SELECT 'seal_twice', min(subject), max(position), '', count(*) || ' entries'
FROM audit WHERE platform_id = %(platform)s AND seal IS NOT NULL
GROUP BY substr(seal, 5, 16) HAVING count(*) > 1 LIMIT 1000
"""


async def differing(connection: AsyncConnection, platform_id: str) -> tuple[Differing, ...]:
    """At most a thousand of each kind. Looks at the platform's cases, grants and keys, and once at its whole trail."""
    raw = await driver_connection(connection)
    found: list[Differing] = []
    async with raw.cursor() as cursor:
        await cursor.execute("SET LOCAL statement_timeout = '1h'")
        for query in (_STATES, _GRANTS, _ENDED_GRANTS, _PAID_GRANTS, _MODES, _KEYS, _SEALS):
            await cursor.execute(query, {"platform": platform_id})
            found += [Differing(Told(what), *rest) for what, *rest in await cursor.fetchall()]
    return tuple(found)
