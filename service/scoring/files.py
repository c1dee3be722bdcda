"""Reading a bundle folder: every byte is verified before anything parses it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from service.domain.errors import BundleRefused
from service.scoring.format import MANIFEST, REQUIRED, Manifest, decode, sha256

T = TypeVar("T")

MAX_MANIFEST_BYTES = 1 << 20
MAX_FILE_BYTES = 64 << 20
MAX_FILES = 64
# One plain name: no separator, no leading dot, so it cannot leave the folder on any system.
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}\Z")


@dataclass(frozen=True, slots=True)
class VerifiedFiles:
    """The manifest and the bytes it vouches for, by name."""

    folder: Path
    manifest: Manifest
    contents: Mapping[str, bytes]

    def refused(self, why: str) -> BundleRefused:
        return _refused(self.folder, why)

    def decode(self, name: str, kind: type[T]) -> T:
        """A JSON file's value; BundleRefused where it does not fit."""
        try:
            return decode(kind, self.contents[name])
        except ValueError as error:
            raise self.refused(
                f"{name} cannot be understood ({_first_line(error)}); export the bundle again"
            ) from error


def is_plain_name(name: str) -> bool:
    """Whether a file or version name is safe to join to a folder."""
    return bool(_PLAIN_NAME.match(name))


def read_verified(folder: Path) -> VerifiedFiles:
    """All files of the manifest, each at most MAX_FILE_BYTES and with the SHA-256 it names; BundleRefused otherwise."""
    if not folder.is_dir():
        raise _refused(folder, "there is no such folder; promote a model (prereview-train promote) or mend the path")
    manifest = _manifest(folder)
    _check_names(folder, manifest)
    contents = {name: _verified(folder, name, digest) for name, digest in sorted(manifest.files.items())}
    return VerifiedFiles(folder, manifest, contents)


def _manifest(folder: Path) -> Manifest:
    data = _read(folder, MANIFEST, MAX_MANIFEST_BYTES)
    try:
        return decode(Manifest, data)
    except ValueError as error:
        raise _refused(folder, f"{MANIFEST} cannot be understood ({_first_line(error)}); export it again") from error


def _check_names(folder: Path, manifest: Manifest) -> None:
    if not is_plain_name(manifest.version):
        raise _refused(
            folder, f"{MANIFEST} has the unusable version {manifest.version[:40]!r}; export the bundle again"
        )
    if len(manifest.files) > MAX_FILES:
        raise _refused(folder, f"{MANIFEST} names {len(manifest.files)} files, more than {MAX_FILES}; export it again")
    for name in manifest.files:
        if not is_plain_name(name) or name == MANIFEST:
            raise _refused(
                folder, f"{MANIFEST} names {name[:80]!r}, which is not a plain file name; do not use this bundle"
            )
    missing = [name for name in REQUIRED if name not in manifest.files]
    if missing:
        raise _refused(folder, f"{MANIFEST} does not name {', '.join(missing)}; export the bundle again")


def _verified(folder: Path, name: str, digest: str) -> bytes:
    data = _read(folder, name, MAX_FILE_BYTES)
    if sha256(data) != digest.lower():
        raise _refused(
            folder, f"{name} is not the file the manifest vouches for (SHA-256 differs); copy the bundle again"
        )
    return data


def _read(folder: Path, name: str, limit: int) -> bytes:
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise _refused(folder, f"{name} is a link that leads out of the folder; copy the file itself")
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError as error:
        raise _refused(folder, f"{name} is missing; copy the bundle again") from error
    except OSError as error:
        raise _refused(
            folder, f"{name} cannot be read ({error.strerror}); mend the file's rights or copy it again"
        ) from error
    if len(data) > limit:
        raise _refused(folder, f"{name} is larger than {limit >> 20} MiB; this is not a bundle of ours")
    return data


def _refused(folder: Path, why: str) -> BundleRefused:
    return BundleRefused(f"bundle {folder.name}: {why}", extra={"folder": str(folder)})


def _first_line(error: Exception) -> str:
    """The part of a validation error a person needs, without pydantic's links."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "; ".join(lines[:3])[:300]
