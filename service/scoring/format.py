"""The bundle on disk: file names, their JSON, and the compact trees. Shared by the writer in training and the loader.

A bundle is a folder: ``manifest.json`` names every other file with its SHA-256. Nothing here needs LightGBM or onnx.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import orjson
from pydantic import ConfigDict, TypeAdapter, with_config

from service.domain.certificate import Certificate, Origin
from service.scoring.drift import Reference
from service.scoring.trees import Tree, Trees, compact_trees

MANIFEST = "manifest.json"
RISK_ONNX = "risk.onnx"
TREES = "trees.json"
CALIBRATOR = "calibrator.json"
CERTIFICATE = "certificate.json"
FEATURES_TABLE = "features.json"
SELF_CHECK = "selfcheck.json"
CARD = "card.md"
REFERENCE = "reference.json"
"""What drift is measured against; bundles from before it was kept have none."""
REQUIRED = (RISK_ONNX, TREES, CALIBRATOR, CERTIFICATE, FEATURES_TABLE, SELF_CHECK, CARD)

CHAMPION = "champion"
"""Name of the pointer file beside the version folders; its one line is the version in use."""
SHADOW = "shadow"
"""Pointer file of the version that scores beside the champion and never decides; absent: there is none."""
RECORD = "promotions.ndjson"
"""Beside them: every change of a pointer, one JSON object a line."""

ONNX_INPUT, ONNX_OUTPUT = "features", "margin"

__all__ = ["Tree", "Trees", "compact_trees"]  # and everything defined here; these three live next door

T = TypeVar("T")
_STRICT = ConfigDict(extra="forbid")


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """``files``: SHA-256 (hex) by plain file name. ``origin``: where the training labels came from."""

    version: str
    created_at: datetime
    feature_hash: str
    origin: Origin
    files: Mapping[str, str]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Calibrator:
    """Platt scaling: log-odds = slope · margin + intercept. ``slope`` is above 0, or risk would be turned around."""

    slope: float
    intercept: float


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """Of one feature over the training rows, NaN left out; None where no row had a value."""

    q50: float | None
    q90: float | None
    q99: float | None


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturesTable:
    """``names`` in the order of the row, one Quantiles each, and the hash of the declarations they came from."""

    hash: str
    names: tuple[str, ...]
    quantiles: tuple[Quantiles, ...]


@with_config(_STRICT)
@dataclass(frozen=True, slots=True, kw_only=True)
class SelfCheck:
    """Rows (None is NaN) with LightGBM's own raw margin, in double: the loader repeats them."""

    rows: tuple[tuple[float | None, ...], ...]
    margins: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleParts:
    """Everything a bundle holds, before it is written."""

    version: str
    created_at: datetime
    origin: Origin
    onnx: bytes
    trees: Trees
    calibrator: Calibrator
    certificate: Certificate | None
    features: FeaturesTable
    self_check: SelfCheck
    card: str
    reference: Reference | None = None


def encode(value: Any, kind: Any = None) -> bytes:
    """Indented JSON; floats keep every digit."""
    data = TypeAdapter(kind or type(value)).dump_python(value, mode="json")
    return orjson.dumps(data, option=orjson.OPT_INDENT_2)


def decode(kind: type[T], data: bytes) -> T:
    """The value ``encode`` made; ValueError (pydantic.ValidationError) where the bytes are not one."""
    value: T = TypeAdapter(kind).validate_json(data)
    return value


def encode_bundle(parts: BundleParts) -> dict[str, bytes]:
    """All files of a bundle by name, the manifest last."""
    files = {
        RISK_ONNX: parts.onnx,
        # Tens of thousands of numbers: not indented.
        TREES: TypeAdapter(Trees).dump_json(parts.trees),
        CALIBRATOR: encode(parts.calibrator),
        CERTIFICATE: encode(parts.certificate, Certificate | None),
        FEATURES_TABLE: encode(parts.features),
        SELF_CHECK: TypeAdapter(SelfCheck).dump_json(parts.self_check),
        CARD: parts.card.encode(),
    }
    if parts.reference is not None:
        files[REFERENCE] = TypeAdapter(Reference).dump_json(parts.reference)
    manifest = Manifest(
        version=parts.version,
        created_at=parts.created_at,
        feature_hash=parts.features.hash,
        origin=parts.origin,
        files={name: sha256(data) for name, data in files.items()},
    )
    return {**files, MANIFEST: encode(manifest)}


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
