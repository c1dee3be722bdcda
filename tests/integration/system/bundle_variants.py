"""Bundles that differ in calibration alone, made from the committed champion."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from service.domain.certificate import Certificate
from service.scoring.format import CALIBRATOR, CERTIFICATE, MANIFEST, Calibrator, Manifest, decode, encode, sha256

COMMITTED = Path(__file__).parents[3] / "models" / "risk"


def committed_version() -> str:
    return (COMMITTED / "champion").read_text().strip()


def write_variant(models: Path, version: str, *, slope: float = 1.0) -> Path:
    """The champion under another name, its log-odds' slope times ``slope``; certificate and all."""
    folder = models / version
    shutil.copytree(COMMITTED / committed_version(), folder)
    calibrator = decode(Calibrator, (folder / CALIBRATOR).read_bytes())
    (folder / CALIBRATOR).write_bytes(encode(replace(calibrator, slope=calibrator.slope * slope)))
    certificate: Certificate | None = decode(Certificate | None, (folder / CERTIFICATE).read_bytes())  # type: ignore[arg-type]
    if certificate is not None:
        renamed = replace(certificate, id=f"cert-{version}", model=version)
        (folder / CERTIFICATE).write_bytes(encode(renamed, Certificate | None))
    manifest = decode(Manifest, (folder / MANIFEST).read_bytes())
    files = {name: sha256((folder / name).read_bytes()) for name in manifest.files}
    (folder / MANIFEST).write_bytes(encode(replace(manifest, version=version, files=files)))
    return folder
