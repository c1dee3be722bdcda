"""What a feature row, a margin, an explanation and a sentence cost. Run: python -m tests.benchmarks.scoring_bench"""

from __future__ import annotations

import itertools
import json
import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from service.domain.certificate import Origin
from service.domain.checks import CheckCode, CheckResult, Result
from service.domain.claims import Account, Claim, Fulfilment, GoodsKind, Order, Product, ReasonCode
from service.domain.evidence import Box, Evidence, ImageFacts, Line, Read
from service.domain.money import Money
from service.features import AGGREGATES, FEATURE_HASH, FEATURE_NAMES, FEATURES, Caps, row
from service.scoring import load_bundle
from service.scoring.explain import TreeShap
from service.scoring.files import read_verified
from service.scoring.format import (
    CHAMPION,
    SELF_CHECK,
    BundleParts,
    Calibrator,
    FeaturesTable,
    Quantiles,
    SelfCheck,
    Trees,
    compact_trees,
    encode_bundle,
)
from service.scoring.format import TREES as TREES_FILE
from training.export_onnx import risk_onnx
from training.libgomp import ensure_libgomp

ensure_libgomp()
import lightgbm  # noqa: E402  # needs libgomp, which bare machines lack

TREES, LEAVES, DEPTH = 200, 31, 8
MODELS = Path(__file__).parents[2] / "models" / "risk"


def run() -> Iterator[dict[str, str | float]]:
    """One result per line: wall time's median and 99th percentile, CPU time's mean (µs a call), what was measured."""
    yield _timed("features.row", _row_call(), 3_000, f"{len(FEATURES)} features, 2 pages of 30 lines, 12 checks")
    rows = _rows(4_000)
    booster = _booster(rows)
    trees = compact_trees(booster.dump_model())
    shape = f"{TREES} trees, {LEAVES} leaves, depth {DEPTH}"
    with TemporaryDirectory() as folder:
        for name, data in encode_bundle(_parts(booster, trees, rows)).items():
            (Path(folder) / name).write_bytes(data)
        yield _timed("scoring.load_bundle", lambda: load_bundle(Path(folder), feature_hash=FEATURE_HASH), 5, shape)
        bundle = load_bundle(Path(folder), feature_hash=FEATURE_HASH)
        one, shap = rows[:1], TreeShap(trees)
        yield _timed("scoring.margin", lambda: bundle.margins(one), 5_000, shape)
        yield _timed("scoring.explain", lambda: shap.contributions(rows[0]), 1_000, shape)
        yield _timed("scoring.assess", lambda: bundle.assess(rows[0].tolist()), 1_000, f"{shape}; sentences zh, en")
        yield _timed("scoring.assess_many", lambda: bundle.assess_many(rows[:1_000]), 3, f"{shape}; 1,000 rows a call")
    yield _timed(
        "lightgbm.pred_contrib",
        lambda: booster.predict(one, pred_contrib=True, num_threads=1),
        500,
        f"{shape}; the reference, in one thread",
    )
    yield from _champion()


def _champion() -> Iterator[dict[str, str | float]]:
    """What is served: one explanation of each of the rows the champion's bundle checks itself with, real claims."""
    pointer = MODELS / CHAMPION
    if not pointer.is_file():
        return
    files = read_verified(MODELS / pointer.read_text("utf-8").strip())
    trees, check = files.decode(TREES_FILE, Trees), files.decode(SELF_CHECK, SelfCheck)
    rows = np.array([[math.nan if cell is None else cell for cell in line] for line in check.rows])
    shap, turn = TreeShap(trees), itertools.cycle(rows)
    what = f"{files.manifest.version}: {len(trees.trees)} trees, {len(rows)} real rows in turn"
    yield _timed("champion.explain", lambda: shap.contributions(next(turn)), 1_000, what)


def _timed(name: str, call: Callable[[], Any], times: int, what: str) -> dict[str, str | float]:
    call()
    taken = []
    cpu = time.process_time()
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append((time.perf_counter() - start) * 1e6)
    cpu_us = round((time.process_time() - cpu) / times * 1e6, 1)
    p50, p99 = np.quantile(taken, [0.5, 0.99]).round(1).tolist()
    return {"benchmark": name, "p50_us": p50, "p99_us": p99, "cpu_us": cpu_us, "calls": times, "what": what}


def _rows(count: int) -> np.ndarray:
    """Float32-exact rows with NaN where the feature may be missing."""
    random = np.random.default_rng(1)
    rows = random.gamma(1.5, 2.0, size=(count, len(FEATURES)))
    for column, feature in enumerate(FEATURES):
        if feature.levels:
            rows[:, column] = random.integers(0, len(feature.levels), count)
        if feature.missing:
            rows[random.random(count) < 0.2, column] = np.nan
    return rows.astype(np.float32).astype(np.float64)


def _booster(rows: np.ndarray) -> lightgbm.Booster:
    random = np.random.default_rng(2)
    signal = np.nan_to_num(rows[:, :12]).sum(axis=1) + random.normal(scale=4, size=len(rows))
    settings = {"objective": "binary", "num_leaves": LEAVES, "max_depth": DEPTH, "verbose": -1, "num_threads": 2}
    return lightgbm.train(settings, lightgbm.Dataset(rows, signal > np.median(signal)), TREES)


def _parts(booster: lightgbm.Booster, trees: Any, rows: np.ndarray) -> BundleParts:
    check = rows[:32]
    return BundleParts(
        version="bench",
        created_at=datetime.now(UTC),
        origin=Origin.SIMULATED,
        onnx=risk_onnx(trees),
        trees=trees,
        calibrator=Calibrator(slope=1.0, intercept=0.0),
        certificate=None,
        features=FeaturesTable(
            hash=FEATURE_HASH,
            names=FEATURE_NAMES,
            quantiles=tuple(Quantiles(q50=1.0, q90=3.0, q99=6.0) for _ in FEATURES),
        ),
        self_check=SelfCheck(
            rows=tuple(tuple(None if math.isnan(value) else value for value in line) for line in check.tolist()),
            margins=tuple(booster.predict(check, raw_score=True).tolist()),
        ),
        card="",
    )


def _row_call() -> Callable[[], Any]:
    as_of = datetime(2026, 5, 20, tzinfo=UTC)
    before = as_of - timedelta(hours=5)
    claim = Claim(
        platform_id="demo",
        reference="r",
        account=Account(id="a", opened_at=before, device_id="d", ip="i", payer_id="p"),
        order=Order(
            order_number="D1",
            product=Product(id="p", name="点卡", kind=GoodsKind.CARD_CODE),
            seller_id="s",
            amount_paid=Money(3_000),
            amount_refunded=Money(0),
            ordered_at=before,
            paid_at=before,
        ),
        fulfilment=Fulfilment(delivered_at=before),
        reason=ReasonCode.CODE_INVALID,
        amount_claimed=Money(3_000),
    )
    page = Read(
        lines=tuple(Line("订单编号", 0.97, Box(0, 0, 9, 9)) for _ in range(30)),
        image=ImageFacts(media_type="image/png", width=1080, height=2340),
    )
    evidence = [Evidence(sha256=name, outcome=page) for name in ("a", "b")]
    checks = [CheckResult(code=code, result=Result.PASS) for code in CheckCode]
    history: dict[str, float | None] = {aggregate.name: 3 for aggregate in AGGREGATES}
    caps = Caps(auto_amount=20_000, one_click_amount=5_000)
    return lambda: row(
        claim,
        as_of=as_of,
        evidence=evidence,
        checks=checks,
        history=history,
        caps=caps,
        reused_orders=0,
        reused_accounts=0,
    )


if __name__ == "__main__":
    for result in run():
        print(json.dumps(result))
