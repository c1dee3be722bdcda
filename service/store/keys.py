"""API keys: shown once, stored as a hash, bound to one platform."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.actors import Actor
from service.domain.errors import NotFound
from service.domain.identifiers import new_id
from service.store import audit
from service.store.database import utc
from service.store.tables import api_keys

PREFIX = "prk_"  # so that a key is recognised where it should not be, e.g. by a scanner of public code
_USE_NOTED_EVERY = timedelta(minutes=1)
_BY_TOKEN = sa.select(api_keys).where(api_keys.c.token_sha256 == sa.bindparam("digest"))


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRecord:
    """A key without its secret; ``last_used_at`` is right to about a minute."""

    id: uuid.UUID
    platform_id: str
    name: str
    scopes: frozenset[str]
    created_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


async def create(
    tx: AsyncConnection, platform_id: str, name: str, scopes: Iterable[str], actor: Actor, now: datetime
) -> tuple[KeyRecord, str]:
    """A new key and its token of 256 random bits, which is nowhere else. NotFound for an unknown platform."""
    token = PREFIX + secrets.token_urlsafe(32)
    record = KeyRecord(id=new_id(), platform_id=platform_id, name=name, scopes=frozenset(scopes), created_at=now)
    try:
        await tx.execute(
            sa.insert(api_keys),
            {
                "platform_id": platform_id, "id": record.id, "token_sha256": _digest(token), "name": name,
                "scopes": sorted(record.scopes), "created_at": now,
            },
        )  # fmt: skip
    except sa.exc.IntegrityError as error:
        raise NotFound(f"there is no platform {platform_id!r} here") from error
    details = {"name": name, "scopes": sorted(record.scopes)}
    await audit.add_entry(tx, platform_id, actor, "key.created", f"key:{record.id}", now, details)
    return record, token


async def authenticate(connection: AsyncConnection, token: str) -> KeyRecord | None:
    """The live key a token belongs to. Looked up by hash, so timing tells nothing about other tokens."""
    digest = _digest(token)
    row = (await connection.execute(_BY_TOKEN, {"digest": digest})).one_or_none()
    if row is None or not hmac.compare_digest(row.token_sha256, digest) or row.revoked_at is not None:
        return None
    return _record(row)


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
        await audit.add_entry(tx, platform_id, actor, "key.revoked", f"key:{key_id}", now, {})


async def listed(connection: AsyncConnection, platform_id: str) -> tuple[KeyRecord, ...]:
    """All keys of a platform, revoked ones too, oldest first."""
    rows = await connection.execute(
        sa.select(api_keys).where(api_keys.c.platform_id == platform_id).order_by(api_keys.c.created_at, api_keys.c.id)
    )
    return tuple(_record(row) for row in rows)


def _digest(token: str) -> bytes:
    """Plain SHA-256 is enough for a secret of 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode(errors="surrogatepass")).digest()


def _record(row: sa.Row[Any]) -> KeyRecord:
    return KeyRecord(
        id=row.id,
        platform_id=row.platform_id,
        name=row.name,
        scopes=frozenset(row.scopes),
        created_at=utc(row.created_at),
        revoked_at=utc(row.revoked_at) if row.revoked_at else None,
        last_used_at=utc(row.last_used_at) if row.last_used_at else None,
    )
