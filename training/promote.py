"""From a run to the folder the service loads: examined, approved by a second person, exported whole, then named."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from service.domain.actors import same_person
from service.domain.certificate import Certificate
from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH
from service.scoring import Bundle, Change, Versions, load_bundle
from service.scoring.format import CARD, CERTIFICATE, MANIFEST, Manifest, decode, encode, sha256
from training.gates import Gate, State
from training.registry import Fetched

__all__ = [
    "Promoted",
    "Request",
    "certified_anew",
    "champion_of",
    "export",
    "release",
    "second_actor",
]


@dataclass(frozen=True, slots=True)
class Promoted:
    """``size`` in bytes of the exported folder."""

    change: Change
    folder: Path
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Somebody asked to make a run's bundle the champion; ``bundle`` is the digest of what they asked for."""

    by: str
    at: datetime
    why: str
    bundle: str
    version: str


def champion_of(models: Path) -> Bundle | BundleRefused | None:
    """The bundle in use, why it cannot be loaded by this code, or None where none was ever named."""
    versions = Versions(models)
    if versions.champion is None:
        return None
    try:
        return versions.usable(versions.champion)
    except BundleRefused as error:
        return error


def second_actor(request: Request | None, by: str, bundle: str) -> Gate:
    """Whether ``by`` may approve what was asked for."""
    name = "second actor"
    if request is None:
        return Gate(name, State.FAILED, "nobody asked for this run; first: prereview-train promote --requested-by NAME")
    if same_person(request.by, by):
        return Gate(name, State.FAILED, f"{request.by} asked for it and cannot approve it; another person has to")
    if request.bundle != bundle:
        return Gate(name, State.FAILED, "the bundle is not the one that was asked for; ask again")
    return Gate(name, State.PASSED, f"asked for by {request.by} on {request.at:%Y-%m-%d %H:%M} UTC, approved by {by}")


def certified_anew(fetched: Fetched, file: Path) -> Fetched:
    """The run's bundle under a certificate that was issued later, e.g. on platforms' own cases: nothing else changes.

    BundleRefused where the bundle is not the one the run logged, or the file holds no certificate. What the certificate
    says is for the gates to judge.
    """
    folder = fetched.bundle
    if sha256((folder / MANIFEST).read_bytes()) != fetched.bundle_digest:
        raise BundleRefused("the bundle is not the one the run logged, so no certificate is put into it; train again")
    try:
        certificate = decode(Certificate, file.read_bytes())
    except ValueError as error:
        raise BundleRefused(
            f"{file} holds no certificate; write one with: prereview-train certificate issue"
        ) from error
    said = f"\n## Certified anew\n`{certificate.id}`, origin **{certificate.origin.value}**: {certificate.promise}\n"
    written = {CERTIFICATE: encode(certificate, Certificate | None), CARD: (folder / CARD).read_bytes() + said.encode()}
    manifest = decode(Manifest, (folder / MANIFEST).read_bytes())
    files = {**manifest.files, **{name: sha256(data) for name, data in written.items()}}
    written[MANIFEST] = encode(replace(manifest, files=files))
    for name, data in written.items():
        (folder / name).write_bytes(data)
    return replace(fetched, bundle_digest=sha256(written[MANIFEST]))


def release(
    source: Path, models: Path, *, by: str, approved_by: str, at: datetime, why: str = "", run: str | None = None
) -> Promoted:
    """Export a bundle and make it the champion of ``models``; its gates have been passed."""
    folder = export(source, models)
    change = Versions(models).promote(folder.name, by=by, approved_by=approved_by, at=at, why=why, run=run)
    return Promoted(change, folder, sum(file.stat().st_size for file in folder.iterdir()))


def export(source: Path, models: Path) -> Path:
    """Copy a bundle below ``models`` whole or not at all, and to the disk; what was copied must load."""
    version = load_bundle(source, feature_hash=FEATURE_HASH).version
    models.mkdir(parents=True, exist_ok=True)
    target = models / version
    with tempfile.TemporaryDirectory(dir=models, prefix=".promote-") as scratch:
        made = Path(scratch) / version
        shutil.copytree(source, made)
        load_bundle(made, feature_hash=FEATURE_HASH)
        for path in (*made.iterdir(), made):
            _sync(path)
        if target.exists():
            target.replace(Path(scratch) / "old")
        made.replace(target)
        _sync(models)
    return target


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
