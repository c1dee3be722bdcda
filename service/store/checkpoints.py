"""Signed heads of the audit chains, in the database and outside of it, where whoever owns the database cannot reach."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import fsspec
import orjson
import sqlalchemy as sa
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from fsspec.implementations.local import LocalFileSystem
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from service.domain.errors import BadRequest, ConfigurationError, NotFound, Unavailable
from service.domain.trail import Checkpoint, checkpoint_of
from service.store.audit_tables import audit_checkpoints
from service.store.database import utc

_LONGEST_LINE = 4_096


class CheckpointKey:
    """Signs checkpoints. ``secret``: any bytes, the same on every worker; the Ed25519 key is made from it."""

    def __init__(self, secret: bytes) -> None:
        seed = hashlib.sha256(b"prereview checkpoint key 1:" + secret).digest()
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = PublicKey(self._private.public_key())

    def sign(self, checkpoint: Checkpoint) -> Checkpoint:
        """The checkpoint under this key's name, signed."""
        named = replace(checkpoint, key_id=self.public.key_id)
        return replace(named, signature=self._private.sign(named.signed_bytes()).hex())


class PublicKey:
    """What an auditor keeps to tell our checkpoints from others."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self._key = key
        raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        self.key_id = hashlib.sha256(raw).hexdigest()[:16]

    @classmethod
    def from_pem(cls, text: bytes) -> PublicKey:
        """BadRequest where it is no Ed25519 public key in PEM."""
        try:
            key = serialization.load_pem_public_key(text)
        except ValueError as error:
            raise BadRequest("this is no public key in PEM; write one with: prereview audit public-key") from error
        if not isinstance(key, Ed25519PublicKey):
            raise BadRequest("checkpoints are signed with Ed25519; this is another kind of key")
        return cls(key)

    def pem(self) -> str:
        return self._key.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode()

    def signed(self, checkpoint: Checkpoint) -> bool:
        try:
            self._key.verify(bytes.fromhex(checkpoint.signature), checkpoint.signed_bytes())
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class Kept:
    """A line of what is kept outside: where it stands, and the checkpoint, None where it cannot be read as one."""

    where: str
    checkpoint: Checkpoint | None


class CheckpointFiles:
    """Checkpoints outside the database, only ever added to.

    ``url``: a folder, or what fsspec takes. A local folder holds one NDJSON file for each platform, synced at every
    line; object storage, which cannot append, one object for each checkpoint (fit for buckets that refuse changes).
    """

    def __init__(self, url: str) -> None:
        try:
            self._files, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ConfigurationError(f"checkpoints cannot be kept at {url!r}: {error}") from error
        self.url = url
        self._root = str(root).rstrip("/")

    async def add(self, checkpoint: Checkpoint) -> None:
        """On disk by the time it returns; Unavailable where it cannot be written. Twice does no harm."""
        try:
            await asyncio.to_thread(self._add, checkpoint)
        except OSError as error:
            raise Unavailable(
                f"checkpoints cannot be written to {self.url}: {error.strerror or error}", retry_after=30
            ) from error

    def _add(self, checkpoint: Checkpoint) -> None:
        if isinstance(self._files, LocalFileSystem):
            _append(Path(self._root) / f"{checkpoint.platform_id}.ndjson", checkpoint.line())
            return
        path = f"{self._root}/{checkpoint.platform_id}/{checkpoint.position:015d}.json"
        self._files.pipe_file(path, checkpoint.line())


def kept_outside(url: str) -> Iterator[Kept]:
    """Every line below a file, a folder or an fsspec URL, as it was kept; NotFound where there is nothing."""
    try:
        files, root = fsspec.core.url_to_fs(url)
        names = [root] if files.isfile(root) else sorted(files.find(root)) if files.isdir(root) else None
    except (ImportError, ValueError, OSError) as error:
        raise ConfigurationError(f"checkpoints cannot be read from {url!r}: {error}") from error
    if names is None:
        raise NotFound(f"there are no checkpoints at {url}")
    for name in names:
        if not name.endswith((".ndjson", ".json")) and name != root:
            continue
        with files.open(name, "rb") as file:
            for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), start=1):
                if line.strip():
                    yield Kept(f"{Path(name).name}:{number}", _read(line))


def _read(line: bytes) -> Checkpoint | None:
    try:
        data = orjson.loads(line)
        return checkpoint_of(data) if isinstance(data, dict) else None
    except (ValueError, KeyError, TypeError):
        return None


def _append(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.lseek(handle, 0, os.SEEK_END)
        # A line that a full disk or a power cut left unfinished is ended, so that it spoils no other.
        torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
        os.write(handle, b"\n" + line if torn else line)
        os.fsync(handle)
    finally:
        os.close(handle)


async def last(connection: AsyncConnection, platform_id: str) -> Checkpoint | None:
    """The platform's newest checkpoint in the database."""
    row = (
        await connection.execute(
            sa.select(audit_checkpoints)
            .where(audit_checkpoints.c.platform_id == platform_id)
            .order_by(audit_checkpoints.c.position.desc())
            .limit(1)
        )
    ).one_or_none()
    return None if row is None else _checkpoint(row)


async def add(tx: AsyncConnection, checkpoint: Checkpoint) -> None:
    await tx.execute(
        insert(audit_checkpoints).on_conflict_do_nothing(),
        {
            "platform_id": checkpoint.platform_id, "position": checkpoint.position,
            "entry_sha256": bytes.fromhex(checkpoint.entry_sha256), "at": checkpoint.at,
            "key_id": checkpoint.key_id, "signature": bytes.fromhex(checkpoint.signature),
        },
    )  # fmt: skip


async def unkept(connection: AsyncConnection, platform_id: str, limit: int = 100) -> tuple[Checkpoint, ...]:
    """Those that have not been written outside, oldest first."""
    rows = await connection.execute(
        sa.select(audit_checkpoints)
        .where(audit_checkpoints.c.platform_id == platform_id, audit_checkpoints.c.kept_outside_at.is_(None))
        .order_by(audit_checkpoints.c.position)
        .limit(limit)
    )
    return tuple(_checkpoint(row) for row in rows)


async def unkept_since(connection: AsyncConnection) -> Mapping[str, datetime]:
    """platform → since when a checkpoint of its waits to be written outside."""
    rows = await connection.execute(
        sa.select(audit_checkpoints.c.platform_id, sa.func.min(audit_checkpoints.c.at))
        .where(audit_checkpoints.c.kept_outside_at.is_(None))
        .group_by(audit_checkpoints.c.platform_id)
    )
    return {name: utc(at) for name, at in rows}


async def note_kept(tx: AsyncConnection, checkpoint: Checkpoint, now: datetime) -> None:
    await tx.execute(
        sa.update(audit_checkpoints)
        .where(
            audit_checkpoints.c.platform_id == checkpoint.platform_id,
            audit_checkpoints.c.position == checkpoint.position,
        )
        .values(kept_outside_at=now)
    )


async def in_database(connection: AsyncConnection, platform_id: str) -> tuple[Checkpoint, ...]:
    """All of a platform's checkpoints in the database, by position."""
    rows = await connection.execute(
        sa.select(audit_checkpoints)
        .where(audit_checkpoints.c.platform_id == platform_id)
        .order_by(audit_checkpoints.c.position)
    )
    return tuple(_checkpoint(row) for row in rows)


def _checkpoint(row: Any) -> Checkpoint:
    return Checkpoint(
        platform_id=row.platform_id,
        position=row.position,
        entry_sha256=bytes(row.entry_sha256).hex(),
        at=utc(row.at),
        key_id=row.key_id,
        signature=bytes(row.signature).hex(),
    )
