"""API keys: shown once, stored as a hash, bound to one platform; they end, and are replaced without a gap."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import Conflict, InvalidRequest, NotFound
from service.domain.identifiers import new_id
from service.store import audit
from service.store.database import utc
from service.store.tables import api_keys

PREFIX = "prk_"  # so that a key is recognised where it should not be, e.g. by a scanner of public code
_USE_NOTED_EVERY = timedelta(minutes=1)
_BY_TOKEN = sa.select(api_keys).where(api_keys.c.token_sha256 == sa.bindparam("digest"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyTerms:
    """On what terms a key is given. ``rate_class``: which of the deployment's limits it is held to.

    ``networks``: CIDR blocks it may be used from, anywhere if empty. ``expires_at``: refused from then on.
    """

    expires_at: datetime | None = None
    rate_class: str = "standard"
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key without its secret; ``last_used_at`` is right to about a minute. ``rotated_from``: whom it follows."""

    id: uuid.UUID
    platform_id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None
    terms: KeyTerms = KeyTerms()
    rotated_from: uuid.UUID | None = None

    def ended(self, now: datetime) -> bool:
        """Revoked, or past its time."""
        expires_at = self.terms.expires_at
        return self.revoked_at is not None or (expires_at is not None and expires_at <= now)


async def create(
    tx: AsyncConnection,
    platform_id: str,
    name: str,
    scopes: Iterable[str],
    actor: Actor,
    now: datetime,
    terms: KeyTerms = KeyTerms(),
    *,
    rotated_from: uuid.UUID | None = None,
) -> tuple[KeyRecord, str]:
    """A new key and its token of 256 random bits, which is nowhere else. NotFound for an unknown platform."""
    token = PREFIX + secrets.token_urlsafe(32)
    record = KeyRecord(
        id=new_id(),
        platform_id=platform_id,
        name=name,
        scopes=frozenset(scopes),
        created_at=now,
        terms=replace(terms, networks=_networks(terms.networks)),
        rotated_from=rotated_from,
    )
    try:
        await tx.execute(
            sa.insert(api_keys),
            {
                "platform_id": platform_id, "id": record.id, "token_sha256": _digest(token), "name": name,
                "scopes": sorted(record.scopes), "created_at": now, "expires_at": terms.expires_at,
                "rate_class": terms.rate_class, "networks": list(record.terms.networks), "rotated_from": rotated_from,
            },
        )  # fmt: skip
    except sa.exc.IntegrityError as error:
        raise NotFound(f"there is no platform {platform_id!r} here") from error
    details = {
        "name": name, "scopes": sorted(record.scopes), "rate_class": terms.rate_class,
        "networks": list(record.terms.networks), "expires_at": terms.expires_at and terms.expires_at.isoformat(),
        "rotated_from": rotated_from and str(rotated_from),
        # Of the digest: another token put under this key's id is found, and nothing is told of the token.
        "token_check": hashlib.sha256(_digest(token)).hexdigest(),
    }  # fmt: skip
    await audit.add_entry(tx, platform_id, actor, "key.created", f"key:{record.id}", now, details, after=details)
    return record, token


async def rotate(
    tx: AsyncConnection, platform_id: str, key_id: uuid.UUID, overlap: timedelta, actor: Actor, now: datetime
) -> tuple[KeyRecord, str]:
    """A successor of the same name, scopes and terms; the old key ends after ``overlap``, or sooner if it was to.

    The successor does not inherit an expiry. NotFound for a key the platform does not have, Conflict for one that has
    ended or is already being replaced.
    """
    if overlap < timedelta(0):
        raise InvalidRequest("The overlap cannot be negative. 0 ends the old key at once.")
    which = sa.and_(api_keys.c.platform_id == platform_id, api_keys.c.id == key_id)
    row = (await tx.execute(sa.select(api_keys).where(which).with_for_update())).one_or_none()
    if row is None:
        raise NotFound(f"there is no key {key_id} here")
    old = _record(row)
    if old.ended(now):
        raise Conflict(f"Key {key_id} has ended. Make a new one: prereview keys create")
    follower = await tx.scalar(
        sa.select(api_keys.c.id).where(
            api_keys.c.platform_id == platform_id, api_keys.c.rotated_from == key_id, api_keys.c.revoked_at.is_(None)
        )
    )
    if follower is not None:
        raise Conflict(f"Key {key_id} already has the successor {follower}. Revoke that one first, or rotate it.")
    ends = now + overlap
    if old.terms.expires_at is not None:
        ends = min(ends, old.terms.expires_at)
    await tx.execute(sa.update(api_keys).where(which).values(expires_at=ends))
    terms = replace(old.terms, expires_at=None)
    record, token = await create(tx, platform_id, old.name, old.scopes, actor, now, terms, rotated_from=key_id)
    details = {"successor": str(record.id), "expires_at": ends.isoformat()}
    was = {"expires_at": old.terms.expires_at}
    await audit.add_entry(
        tx, platform_id, actor, "key.rotated", f"key:{key_id}", now, details, before=was, after=details
    )
    return record, token


_FIRST = sa.text("""
    WITH RECURSIVE line(id, before) AS (
        SELECT id, rotated_from FROM api_keys WHERE platform_id = :platform_id AND id = :id
        UNION SELECT one.id, one.rotated_from FROM api_keys AS one
        JOIN line ON one.platform_id = :platform_id AND one.id = line.before
    )
    SELECT id FROM line WHERE before IS NULL
""")


async def first_of(connection: AsyncConnection, platform_id: str, key_id: uuid.UUID) -> uuid.UUID | None:
    """The key at the beginning of the line of successors a key stands in; None for one the platform does not have."""
    first: uuid.UUID | None = await connection.scalar(_FIRST, {"platform_id": platform_id, "id": key_id})
    return first


async def authenticate(connection: AsyncConnection, token: str, now: datetime) -> KeyRecord | None:
    """The key a token belongs to, if it is live. Looked up by hash, so timing tells nothing about other tokens."""
    digest = _digest(token)
    row = (await connection.execute(_BY_TOKEN, {"digest": digest})).one_or_none()
    if row is None or not hmac.compare_digest(row.token_sha256, digest):
        return None
    record = _record(row)
    return None if record.ended(now) else record


async def note_use(connection: AsyncConnection, record: KeyRecord, now: datetime) -> None:
    """Once a minute at most, so that a busy key is not a busy row."""
    column = api_keys.c
    stale = sa.or_(column.last_used_at.is_(None), column.last_used_at <= now - _USE_NOTED_EVERY)
    await connection.execute(
        sa.update(api_keys)
        .where(column.platform_id == record.platform_id, column.id == record.id, stale)
        .values(last_used_at=now)
    )


def use_is_noted(record: KeyRecord, now: datetime) -> bool:
    return record.last_used_at is not None and record.last_used_at > now - _USE_NOTED_EVERY


async def revoke(tx: AsyncConnection, platform_id: str, key_id: uuid.UUID, actor: Actor, now: datetime) -> None:
    """Works from the next request on; again without effect. NotFound for a key the platform does not have."""
    which = sa.and_(api_keys.c.platform_id == platform_id, api_keys.c.id == key_id)
    row = (await tx.execute(sa.select(api_keys.c.revoked_at).where(which).with_for_update())).one_or_none()
    if row is None:
        raise NotFound(f"there is no key {key_id} here")
    if row.revoked_at is None:
        await tx.execute(sa.update(api_keys).where(which).values(revoked_at=now))
        await audit.add_entry(
            tx, platform_id, actor, "key.revoked", f"key:{key_id}", now, {},
            before={"revoked": False}, after={"revoked": True},
        )  # fmt: skip


async def listed(connection: AsyncConnection, platform_id: str) -> tuple[KeyRecord, ...]:
    """All keys of a platform, revoked ones too, oldest first."""
    rows = await connection.execute(
        sa.select(api_keys).where(api_keys.c.platform_id == platform_id).order_by(api_keys.c.created_at, api_keys.c.id)
    )
    return tuple(_record(row) for row in rows)


def _digest(token: str) -> bytes:
    """Plain SHA-256 is enough for a secret of 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def _networks(given: Iterable[str]) -> tuple[str, ...]:
    """Canonical CIDR blocks; InvalidRequest for what is none."""
    try:
        return tuple(str(ipaddress.ip_network(text, strict=False)) for text in given)
    except ValueError as wrong:
        raise InvalidRequest(f"{wrong}. Write a network as 203.0.113.0/24 or 2001:db8::/48.") from None


def _record(row: sa.Row[Any]) -> KeyRecord:
    return KeyRecord(
        id=row.id,
        platform_id=row.platform_id,
        name=row.name,
        scopes=frozenset(row.scopes),
        created_at=utc(row.created_at),
        revoked_at=utc(row.revoked_at) if row.revoked_at else None,
        last_used_at=utc(row.last_used_at) if row.last_used_at else None,
        terms=KeyTerms(
            expires_at=utc(row.expires_at) if row.expires_at else None,
            rate_class=row.rate_class,
            networks=tuple(row.networks),
        ),
        rotated_from=row.rotated_from,
    )
