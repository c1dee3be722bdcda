"""A loaded bundle: margin from onnxruntime, calibrated and explained; anything amiss and it is not loaded at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from service.domain.assessment import Contribution, Risk
from service.domain.certificate import Certificate, Origin
from service.domain.errors import BundleRefused
from service.features import FEATURE_NAMES, FEATURES
from service.scoring.drift import Reference
from service.scoring.explain import TreeShap
from service.scoring.files import VerifiedFiles, read_verified
from service.scoring.format import (
    CALIBRATOR,
    CARD,
    CERTIFICATE,
    FEATURES_TABLE,
    ONNX_INPUT,
    ONNX_OUTPUT,
    REFERENCE,
    RISK_ONNX,
    SELF_CHECK,
    TREES,
    Calibrator,
    FeaturesTable,
    Manifest,
    SelfCheck,
    Trees,
)
from service.scoring.sentences import Phrasing
from service.scoring.trees import check_trees

if TYPE_CHECKING:
    import onnxruntime

RESIDUAL_LIMIT = 1e-3
"""Log-odds by which the float32 margin may differ from what the trees give in double."""

_TREE_SUM_TOLERANCE = 1e-6
# LightGBM reads what is this close to 0 as 0 (its kZeroThreshold), and has thresholds right at ±1e-35.
_AS_ZERO = np.float32(1e-35)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the files of a bundle say, before it is tried out."""

    manifest: Manifest
    trees: Trees
    calibrator: Calibrator
    certificate: Certificate | None
    features: FeaturesTable
    self_check: SelfCheck
    card: str
    reference: Reference | None


class Bundle:
    """One version of the risk model, ready to use. Made by ``load_bundle``; safe to share between threads."""

    def __init__(self, parts: _Parts, session: onnxruntime.InferenceSession) -> None:
        self._manifest = parts.manifest
        self._certificate = parts.certificate
        self._calibrator = parts.calibrator
        self._phrasings = list(map(Phrasing, FEATURES, parts.features.quantiles))
        self._shap = TreeShap(parts.trees)
        self._session = session
        self.card = parts.card
        self.reference = parts.reference
        """What the model learned from, to tell drift; None in bundles from before it was kept."""

    @property
    def version(self) -> str:
        return self._manifest.version

    @property
    def origin(self) -> Origin:
        """Where the training labels came from."""
        return self._manifest.origin

    @property
    def feature_hash(self) -> str:
        return self._manifest.feature_hash

    @property
    def certificate(self) -> Certificate | None:
        """The threshold's certificate; None where no safe threshold exists."""
        return self._certificate

    def margins(self, matrix: Sequence[Sequence[float]] | NDArray[np.floating]) -> NDArray[np.float64]:
        """Raw log-odds of rows [n, F] before calibration, float64 [n]; ValueError for a wrong shape or an infinity."""
        return self._run(_as_rows(matrix))

    def probabilities(self, matrix: Sequence[Sequence[float]] | NDArray[np.floating]) -> NDArray[np.float64]:
        """Calibrated risk of rows [n, F] without its explanation, float64 [n]; ValueError as ``margins``."""
        log_odds = self._calibrator.slope * self.margins(matrix) + self._calibrator.intercept
        # Beyond 700 exp overflows; such a risk is 0 or 1 to every digit.
        calibrated: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -700.0, 700.0)))
        return calibrated

    def explained_margins(self, matrix: Sequence[Sequence[float]] | NDArray[np.floating]) -> NDArray[np.float64]:
        """The same margins as the sum of base and contributions, in double: what the explanation rests on."""
        rows = _as_rows(matrix).astype(np.float64)
        return np.array([self._shap.expected + math.fsum(self._shap.contributions(row)) for row in rows])

    def assess(self, values: Sequence[float]) -> Risk:
        """Risk of one row in FEATURES order, with every feature's contribution, the largest first."""
        return self.assess_many([values])[0]

    def assess_many(self, matrix: Sequence[Sequence[float]] | NDArray[np.floating]) -> list[Risk]:
        """Risk of each row of [n, F]; ValueError for a wrong shape or an infinity."""
        rows = _as_rows(matrix)
        return [self._risk(row, margin) for row, margin in zip(rows, self._run(rows), strict=True)]

    def _run(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        margins: NDArray[np.float64] = self._session.run([ONNX_OUTPUT], {ONNX_INPUT: rows})[0][:, 0].astype(np.float64)
        return margins

    def _risk(self, row: NDArray[np.float32], margin: float) -> Risk:
        wide = row.astype(np.float64)
        shares = self._shap.contributions(wide)
        residual = float(margin) - self._shap.expected - math.fsum(shares)
        if not abs(residual) <= RESIDUAL_LIMIT:
            raise BundleRefused(
                f"bundle {self.version}: the margin and its explanation differ by {residual:.2g} log-odds on a row; "
                "go back to the champion before it and report the row"
            )
        slope, intercept = self._calibrator.slope, self._calibrator.intercept
        contributions = [slope * share for share in shares.tolist()]
        base = slope * (self._shap.expected + residual) + intercept
        # The sum defines the log-odds, so that what is shown adds up to the last bit.
        log_odds = math.fsum((base, *contributions))
        return Risk(
            probability=_sigmoid(log_odds),
            log_odds=log_odds,
            base=base,
            contributions=self._contributions(wide.tolist(), contributions),
            model=self.version,
        )

    def _contributions(self, values: list[float], shares: list[float]) -> tuple[Contribution, ...]:
        made = (
            Contribution(
                feature=feature.name,
                value=None if math.isnan(value) else value,
                log_odds=share,
                text=phrasing.sentence(value),
            )
            for feature, value, share, phrasing in zip(FEATURES, values, shares, self._phrasings, strict=True)
        )
        return tuple(sorted(made, key=lambda contribution: -abs(contribution.log_odds)))


def load_bundle(folder: Path, *, feature_hash: str) -> Bundle:
    """The bundle in ``folder``, verified and tried on its own rows; BundleRefused says what is wrong and what to do."""
    files = read_verified(folder)
    if files.manifest.feature_hash != feature_hash:
        raise files.refused(
            f"it was trained on other features ({files.manifest.feature_hash[:12]}, this service has "
            f"{feature_hash[:12]}); train and promote with this version of the code, or run the version it was made for"
        )
    parts = _parse(files)
    _check_parts(files, parts)
    bundle = Bundle(parts, _session(files))
    _try_out(files, bundle, parts.self_check)
    return bundle


def _parse(files: VerifiedFiles) -> _Parts:
    certificate: Certificate | None = files.decode(CERTIFICATE, Certificate | None)  # type: ignore[arg-type]
    return _Parts(
        manifest=files.manifest,
        trees=files.decode(TREES, Trees),
        calibrator=files.decode(CALIBRATOR, Calibrator),
        certificate=certificate,
        features=files.decode(FEATURES_TABLE, FeaturesTable),
        self_check=files.decode(SELF_CHECK, SelfCheck),
        card=files.contents[CARD].decode("utf-8", errors="replace"),
        reference=files.decode(REFERENCE, Reference) if REFERENCE in files.contents else None,
    )


def _check_parts(files: VerifiedFiles, parts: _Parts) -> None:
    reference = parts.reference
    if reference is not None and len(reference.features) != len(FEATURE_NAMES):
        raise files.refused(f"{REFERENCE} does not have one distribution per feature; export again")
    table, calibrator, check = parts.features, parts.calibrator, parts.self_check
    if table.hash != files.manifest.feature_hash or table.names != FEATURE_NAMES:
        raise files.refused(f"{FEATURES_TABLE} lists other features than the manifest's hash stands for; export again")
    if len(table.quantiles) != len(table.names) or parts.trees.n_features != len(table.names):
        raise files.refused(f"{FEATURES_TABLE} and {TREES} do not have the same number of features; export again")
    if not (math.isfinite(calibrator.intercept) and math.isfinite(calibrator.slope) and calibrator.slope > 0):
        raise files.refused(f"{CALIBRATOR} needs finite numbers and a slope above 0; calibrate and export again")
    if not check.rows or len(check.rows) != len(check.margins):
        raise files.refused(f"{SELF_CHECK} needs at least one row and one margin per row; export again")
    try:
        check_trees(parts.trees)
    except ValueError as error:
        raise files.refused(f"{TREES} is damaged: {error}; export again") from error


def _session(files: VerifiedFiles) -> onnxruntime.InferenceSession:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    # One row takes microseconds; more threads would only spin and take the readers' cores.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(files.contents[RISK_ONNX], options, providers=["CPUExecutionProvider"])
        inputs = [(tensor.name, tensor.type) for tensor in session.get_inputs()]
        outputs = [(tensor.name, tensor.type) for tensor in session.get_outputs()]
    except Exception as error:  # onnxruntime raises a dozen unrelated classes for a bad file
        raise files.refused(f"{RISK_ONNX} cannot be loaded by onnxruntime ({error}); export again") from error
    if inputs != [(ONNX_INPUT, "tensor(float)")] or outputs != [(ONNX_OUTPUT, "tensor(float)")]:
        raise files.refused(f"{RISK_ONNX} has other inputs or outputs than {ONNX_INPUT} -> {ONNX_OUTPUT}; export again")
    return session


def _try_out(files: VerifiedFiles, bundle: Bundle, check: SelfCheck) -> None:
    """Repeats the stored rows: margin and explanation must give what LightGBM gave."""
    rows = [[math.nan if value is None else value for value in row] for row in check.rows]
    try:
        margins = bundle.margins(rows)
        sums = bundle.explained_margins(rows)
        bundle.assess_many(rows)
    except BundleRefused as error:
        raise files.refused(f"its explanation does not fit its margin ({error.detail}); export again") from error
    except Exception as error:  # a wrong shape inside the graph shows only when it runs
        raise files.refused(f"it cannot score the rows of {SELF_CHECK} ({error}); export again") from error
    expected = np.array(check.margins)
    for what, got, limit in ((RISK_ONNX, margins, RESIDUAL_LIMIT), (TREES, sums, _TREE_SUM_TOLERANCE)):
        worst = float(np.abs(got - expected).max())
        if not worst <= limit:
            raise files.refused(f"{what} is {worst:.2g} log-odds off the margins in {SELF_CHECK}; export again")


def _as_rows(matrix: Sequence[Sequence[float]] | NDArray[np.floating]) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        rows = np.asarray(matrix, dtype=np.float64).astype(np.float32)
    if rows.ndim != 2 or rows.shape[1] != len(FEATURES):
        raise ValueError(f"rows must have shape [n, {len(FEATURES)}], not {list(rows.shape)}")
    if np.isinf(rows).any():
        raise ValueError("a row holds an infinity or a number beyond float32; say NaN where a value is not known")
    rows[np.abs(rows) <= _AS_ZERO] = 0
    return rows


def _sigmoid(log_odds: float) -> float:
    # Two forms, so that exp never overflows.
    if log_odds >= 0:
        return 1 / (1 + math.exp(-log_odds))
    grown = math.exp(log_odds)
    return grown / (1 + grown)
