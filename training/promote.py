"""From a run to the folder the service loads: checked, exported whole, then named champion."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH
from service.scoring import load_bundle
from service.scoring.format import CHAMPION
from training.libgomp import ensure_libgomp
from training.registry import Fetched

MINIMUM_ROWS = 10_000
WORST_ALLOWED = 1e-3
"""Log-odds by which served and LightGBM's margins may differ."""


@dataclass(frozen=True, slots=True)
class Promoted:
    """``rows`` were compared, the worst difference is in log-odds; ``size`` in bytes of the exported folder."""

    version: str
    folder: Path
    rows: int
    worst: float
    size: int
    certificate: str | None
    previous: str | None


def promote(fetched: Fetched, models: Path) -> Promoted:
    """Check the bundle and make it the champion of ``models``. BundleRefused names what is wrong; nothing changes."""
    bundle = load_bundle(fetched.bundle, feature_hash=FEATURE_HASH)
    worst = _parity(fetched, bundle.margins(fetched.rows))
    models.mkdir(parents=True, exist_ok=True)
    previous = _pointer(models)
    target = _export(fetched.bundle, models / bundle.version)
    # What was copied is what will be served; only then is it named.
    load_bundle(target, feature_hash=FEATURE_HASH)
    _point(models, bundle.version)
    return Promoted(
        version=bundle.version,
        folder=target,
        rows=len(fetched.rows),
        worst=worst,
        size=sum(file.stat().st_size for file in target.iterdir()),
        certificate=bundle.certificate.id if bundle.certificate else None,
        previous=previous,
    )


def _parity(fetched: Fetched, margins: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """LightGBM's own margins, computed afresh from its text model, against what will be served."""
    if len(fetched.rows) < MINIMUM_ROWS:
        raise BundleRefused(
            f"the run kept {len(fetched.rows)} rows to compare on, {MINIMUM_ROWS} are needed; "
            "train on more claims (prereview-train run --orders 400000)"
        )
    ensure_libgomp()
    import lightgbm

    own = lightgbm.Booster(model_str=fetched.lightgbm_text).predict(fetched.rows, raw_score=True, num_threads=2)
    worst = float(np.abs(margins - own).max())
    if not worst <= WORST_ALLOWED:
        raise BundleRefused(f"served and LightGBM margins differ by {worst:.2g} log-odds; export again and compare")
    return worst


def _export(source: Path, target: Path) -> Path:
    """Copy whole or not at all."""
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".promote-") as scratch:
        made = Path(scratch) / target.name
        shutil.copytree(source, made)
        if target.exists():
            target.replace(Path(scratch) / "old")
        made.replace(target)
    return target


def _pointer(models: Path) -> str | None:
    path = models / CHAMPION
    return path.read_text("utf-8").strip() if path.is_file() else None


def _point(models: Path, version: str) -> None:
    fresh = models / f".{CHAMPION}.new"
    fresh.write_text(version + "\n", "utf-8")
    fresh.replace(models / CHAMPION)
