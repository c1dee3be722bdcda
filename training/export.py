"""A fitted model as a bundle folder that the service can load."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from service.domain.certificate import Certificate, Origin
from service.domain.codec import digest
from service.features import FEATURE_HASH, FEATURE_NAMES
from service.scoring import Bundle, load_bundle
from service.scoring.drift import Reference, distribution
from service.scoring.format import BundleParts, FeaturesTable, Quantiles, SelfCheck, encode, encode_bundle, sha256
from training.datasets import Dataset, Floats, Indices, Rows, Split
from training.export_onnx import risk_onnx
from training.fit import Fitted

SELF_CHECK_ROWS = 64


@dataclass(frozen=True, slots=True)
class Parity:
    """Largest difference in log-odds between the served margin and LightGBM's over ``rows`` rows."""

    rows: int
    worst: float


def version_of(fitted: Fitted, end: datetime, platform: str) -> str:
    """Names the trees and the calibration by content: the same model has the same version."""
    content = digest([sha256(encode(fitted.trees)), fitted.calibrator.slope, fitted.calibrator.intercept, FEATURE_HASH])
    return f"{platform}-{end:%Y%m%d}-{content[:8]}"


def bundle_parts(
    dataset: Dataset,
    split: Split,
    fitted: Fitted,
    *,
    version: str,
    created_at: datetime,
    certificate: Certificate | None,
    card: str,
    origin: Origin = Origin.SIMULATED,
) -> BundleParts:
    """Everything the bundle holds; quantiles are of the training part, self-check rows from all over the data.
    ``origin``: where the labels came from; unsaid it is worth nothing outside a demo."""
    chosen = np.linspace(0, len(dataset) - 1, SELF_CHECK_ROWS).astype(np.int64)
    rows = dataset.rows[chosen]
    return BundleParts(
        version=version,
        created_at=created_at,
        origin=origin,
        onnx=risk_onnx(fitted.trees),
        trees=fitted.trees,
        calibrator=fitted.calibrator,
        certificate=certificate,
        features=FeaturesTable(
            hash=FEATURE_HASH,
            names=tuple(FEATURE_NAMES),
            quantiles=tuple(_quantiles(column) for column in dataset.rows[split.train].T),
        ),
        self_check=SelfCheck(
            rows=tuple(tuple(None if np.isnan(value) else float(value) for value in line) for line in rows),
            margins=tuple(fitted.margins(rows).tolist()),
        ),
        card=card,
        reference=_reference(dataset, split, fitted, certificate),
    )


def _reference(dataset: Dataset, split: Split, fitted: Fitted, certificate: Certificate | None) -> Reference:
    """Features over every claim of the training part, labelled or not, as they will be met; scores over those of the
    calibration part, because on its own training rows a model is surer than it will ever be again."""
    learned = _accepted_between(dataset, split.train)
    scores = fitted.probabilities(dataset.rows[_accepted_between(dataset, split.calibrate)])
    labelled = split.train[~np.isnat(dataset.arrived[split.train])]
    delays = (dataset.arrived[labelled] - dataset.as_of[labelled]) / np.timedelta64(1, "D")
    days = dataset.as_of[learned].astype("datetime64[D]").astype(str)
    return Reference(
        features=tuple(distribution(column) for column in dataset.rows[learned].T),
        score=distribution(scores),
        below_threshold=float((scores <= certificate.threshold).mean()) if certificate is not None else None,
        label_delay_days=distribution(delays),
        first_day=str(days[0]),
        last_day=str(days[-1]),
    )


def _accepted_between(dataset: Dataset, part: Indices) -> Indices:
    """Every claim from the first to the last of a part."""
    moments = dataset.as_of[part]
    return np.flatnonzero((dataset.as_of >= moments.min()) & (dataset.as_of <= moments.max()))


def _quantiles(column: Floats | Rows) -> Quantiles:
    known = column[~np.isnan(column)]
    if not len(known):
        return Quantiles(q50=None, q90=None, q99=None)
    middle, high, top = (float(value) for value in np.quantile(known, (0.5, 0.9, 0.99)))
    return Quantiles(q50=middle, q90=high, q99=top)


def write_bundle(parts: BundleParts, parent: Path) -> Path:
    """Write ``parent/<version>`` whole or not at all, replacing one of the same version; returns the folder."""
    parent.mkdir(parents=True, exist_ok=True)
    target = parent / parts.version
    with tempfile.TemporaryDirectory(dir=parent, prefix=".bundle-") as scratch:
        made = Path(scratch) / parts.version
        made.mkdir()
        for name, data in encode_bundle(parts).items():
            (made / name).write_bytes(data)
        if target.exists():
            target.replace(Path(scratch) / "old")
        made.replace(target)
    return target


def served(parts: BundleParts) -> Bundle:
    """The bundle as the service loads it, through a folder that is gone again afterwards."""
    with tempfile.TemporaryDirectory(prefix="prereview-bundle-") as scratch:
        return load_bundle(write_bundle(parts, Path(scratch)), feature_hash=FEATURE_HASH)


def parity(bundle: Bundle, fitted: Fitted, rows: Rows) -> Parity:
    """Served margins against LightGBM's own over all ``rows``."""
    return Parity(len(rows), float(np.abs(bundle.margins(rows) - fitted.margins(rows)).max()))
