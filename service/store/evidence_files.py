"""The bytes of evidence, under platform_id/sha256 on any file system fsspec knows; written once, never changed."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from service.domain.errors import ConfigurationError, NotFound, PrereviewError, Unavailable
from service.store.personal_data_sealing import NotSealed, Sealing

_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_PLATFORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}\Z")
_RETRY_AFTER = 30  # seconds


class EvidenceDamaged(PrereviewError):
    type, title = "evidence-damaged", "A stored file is not what it was"


class EvidenceFiles:
    """``url``: a folder, or what fsspec takes, such as ``s3://bucket/prefix``. A reader sees a whole file or none.

    With ``sealing`` files are encrypted; those that were written before stay readable.
    """

    def __init__(self, url: str, sealing: Sealing | None = None) -> None:
        self._sealing = sealing
        try:
            self._files, root = fsspec.core.url_to_fs(url)
        except (ImportError, ValueError) as error:
            raise ConfigurationError(f"evidence cannot be kept at {url!r}: {error}") from error
        self._root = str(root).rstrip("/")

    async def write(self, platform_id: str, data: bytes) -> str:
        """Store bytes and return their SHA-256 (hex); does nothing when they are there.

        On disk by the time it returns. Unavailable, and nothing half-written, where there is no room.
        """
        return await asyncio.to_thread(self._write, platform_id, data)

    async def read(self, platform_id: str, sha256: str) -> bytes:
        """The bytes, checked against their name. NotFound, EvidenceDamaged, or Unavailable."""
        return await asyncio.to_thread(self._read, platform_id, sha256)

    async def delete(self, platform_id: str, sha256: str) -> None:
        """Take the bytes away; does nothing where they are gone. Unavailable where they cannot be."""
        await asyncio.to_thread(self._delete, platform_id, sha256)

    def _path(self, platform_id: str, sha256: str) -> str:
        if not _PLATFORM.match(platform_id) or not _SHA256.match(sha256):
            raise NotFound("there is no such file here")
        return f"{self._root}/{platform_id}/{sha256}"

    def _write(self, platform_id: str, data: bytes) -> str:
        sha256 = hashlib.sha256(data).hexdigest()
        path = self._path(platform_id, sha256)
        try:
            if isinstance(self._files, LocalFileSystem):
                _write_once(Path(path), lambda: self._sealed(platform_id, sha256, data))
            elif not self._files.exists(path):
                # Object stores show a new object only when it is whole.
                self._files.pipe_file(path, self._sealed(platform_id, sha256, data))
        except OSError as error:
            raise Unavailable(
                f"evidence cannot be stored: {error.strerror or error}", retry_after=_RETRY_AFTER
            ) from error
        return sha256

    def _read(self, platform_id: str, sha256: str) -> bytes:
        data = self._opened(platform_id, sha256, self._stored(platform_id, sha256))
        if hashlib.sha256(data).hexdigest() != sha256:
            raise EvidenceDamaged(f"the bytes stored as {sha256} are not those received; restore them from a backup")
        return data

    def _stored(self, platform_id: str, sha256: str) -> bytes:
        try:
            data: Any = self._files.cat_file(self._path(platform_id, sha256))
        except FileNotFoundError as error:
            raise NotFound(f"there is no file {sha256} here") from error
        except OSError as error:
            raise Unavailable(
                f"evidence cannot be read: {error.strerror or error}", retry_after=_RETRY_AFTER
            ) from error
        return bytes(data)

    def _sealed(self, platform_id: str, sha256: str, data: bytes) -> bytes:
        return data if self._sealing is None else self._sealing.seal(data, _bound_to(platform_id, sha256))

    def _opened(self, platform_id: str, sha256: str, stored: bytes) -> bytes:
        """The content; what is not sealed is given as it is, and told by its hash."""
        if self._sealing is None:
            return stored
        try:
            return self._sealing.unseal(stored, _bound_to(platform_id, sha256))
        except NotSealed:
            return stored

    async def seal_anew(self, platform_id: str, sha256: str) -> bool:
        """Bring a file under the newest key; False where it is, or is gone. EvidenceDamaged where it cannot be."""
        return await asyncio.to_thread(self._seal_anew, platform_id, sha256)

    def _seal_anew(self, platform_id: str, sha256: str) -> bool:
        if self._sealing is None:
            return False
        bound_to = _bound_to(platform_id, sha256)
        try:
            stored = self._stored(platform_id, sha256)
        except NotFound:
            return False
        try:
            fresh = self._sealing.sealed_anew(stored, bound_to)
        except NotSealed:
            fresh = self._sealing.seal(self._read(platform_id, sha256), bound_to)
        if fresh is None:
            return False
        try:
            self._replace(self._path(platform_id, sha256), fresh)
        except OSError as error:
            raise Unavailable(
                f"evidence cannot be stored: {error.strerror or error}", retry_after=_RETRY_AFTER
            ) from error
        return True

    def _replace(self, path: str, data: bytes) -> None:
        if isinstance(self._files, LocalFileSystem):
            _write(Path(path), data, lambda fresh: fresh.replace(path))
        else:
            self._files.pipe_file(path, data)

    def _delete(self, platform_id: str, sha256: str) -> None:
        try:
            self._files.rm_file(self._path(platform_id, sha256))
        except FileNotFoundError:
            return
        except OSError as error:
            raise Unavailable(
                f"evidence cannot be deleted: {error.strerror or error}", retry_after=_RETRY_AFTER
            ) from error


def _bound_to(platform_id: str, sha256: str) -> bytes:
    return f"{platform_id}/{sha256}".encode()


def _write_once(path: Path, data: Callable[[], bytes]) -> None:
    if path.exists():
        return
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _sync_folder(path.parent.parent)
    _write(path, data(), lambda fresh: _name(fresh, path))


def _write(path: Path, data: bytes, name: Callable[[Path], object]) -> None:
    fresh = path.with_name(f".new-{uuid.uuid4().hex}")
    try:
        with fresh.open("xb") as file:
            fresh.chmod(0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        name(fresh)
    finally:
        fresh.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _name(fresh: Path, path: Path) -> None:
    """Unlike a rename, a link never replaces what is there."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # the same bytes, stored by another request meanwhile
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.EOPNOTSUPP):
            raise
        fresh.rename(path)  # a file system without links; what it would replace are the same bytes


def _sync_folder(folder: Path) -> None:
    """So that the name, too, survives a power cut."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
