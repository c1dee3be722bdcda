"""Bundles that differ in calibration alone, made from the committed champion."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np

from service.domain.certificate import Certificate
from service.scoring.drift import Reference, distribution
from service.scoring.format import (
    CALIBRATOR,
    CERTIFICATE,
    MANIFEST,
    REFERENCE,
    SELF_CHECK,
    Calibrator,
    Manifest,
    SelfCheck,
    decode,
    encode,
    sha256,
)

COMMITTED = Path(__file__).parents[1] / "models" / "risk"


def committed_version() -> str:
    return (COMMITTED / "champion").read_text().strip()


def write_variant(models: Path, version: str, *, slope: float = 1.0, reference: bool = False) -> Path:
    """The champion under another name, its log-odds' slope times ``slope``; certificate and all. ``reference``: as if
    it had learned from its own self-check rows; else without any."""
    folder = models / version
    shutil.copytree(COMMITTED / committed_version(), folder)
    calibrator = decode(Calibrator, (folder / CALIBRATOR).read_bytes())
    (folder / CALIBRATOR).write_bytes(encode(replace(calibrator, slope=calibrator.slope * slope)))
    certificate: Certificate | None = decode(Certificate | None, (folder / CERTIFICATE).read_bytes())  # type: ignore[arg-type]
    if certificate is not None:
        renamed = replace(certificate, id=f"cert-{version}", model=version)
        (folder / CERTIFICATE).write_bytes(encode(renamed, Certificate | None))
    if reference:
        (folder / REFERENCE).write_bytes(encode(_reference(folder)))
    manifest = decode(Manifest, (folder / MANIFEST).read_bytes())
    names = {*manifest.files, REFERENCE} if reference else {*manifest.files} - {REFERENCE}
    if not reference:
        (folder / REFERENCE).unlink(missing_ok=True)
    files = {name: sha256((folder / name).read_bytes()) for name in names}
    (folder / MANIFEST).write_bytes(encode(replace(manifest, version=version, files=files)))
    return folder


def _reference(folder: Path) -> Reference:
    check = decode(SelfCheck, (folder / SELF_CHECK).read_bytes())
    columns = np.array(check.rows, dtype=np.float64).T
    return Reference(
        features=tuple(distribution(column) for column in columns),
        score=distribution(np.linspace(0, 1, 100)),
        below_threshold=None,
        label_delay_days=None,
        first_day="2026-01-01",
        last_day="2026-06-01",
    )
