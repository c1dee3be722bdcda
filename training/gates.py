"""What a model must pass before it decides about money. Each gate is a sentence with its figures; none is skipped."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import numpy as np

from service.domain.assessment import PlatformMode
from service.domain.certificate import Certificate, Origin, Serving
from service.domain.errors import BundleRefused
from service.features import FEATURE_HASH
from service.policy import Policy, entity_limit
from service.policy.certificate import mismatches
from service.scoring import Bundle, load_bundle
from service.scoring.files import read_verified
from service.scoring.format import MANIFEST, sha256
from training.comparison import Comparison, compare
from training.libgomp import ensure_libgomp
from training.recipe import PromotionSettings
from training.registry import Fetched

MINIMUM_ROWS = 10_000
WORST_ALLOWED = 1e-3
"""Log-odds by which served and LightGBM's margins may differ."""
_TIMED_ROWS = 300
_TRIES = 4
# The only platform on which a simulated certificate counts (see service.policy.certificate).
_DEMO_PLATFORM = "demo"


class State(StrEnum):
    """WAIVED: not passed, and a person said on the command line to go on without it."""

    PASSED = "passed"
    FAILED = "failed"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Gate:
    name: str
    state: State
    why: str
    figures: Mapping[str, float | int | str | None] = field(default_factory=dict)

    @property
    def open(self) -> bool:
        return self.state is not State.FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the gates hold a bundle against. ``policies`` by platform; ``reader``: the behaviour version that serves;
    ``first``: go without a comparison where the champion cannot be scored; ``uncertified``: go without certificate."""

    limits: PromotionSettings
    policies: Mapping[str, Policy]
    reader: str
    now: datetime
    first: bool = False
    uncertified: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """``bundle`` is None where it could not even be loaded."""

    bundle: Bundle | None
    gates: tuple[Gate, ...]

    @property
    def passed(self) -> bool:
        return self.bundle is not None and all(gate.open for gate in self.gates)


def examine(fetched: Fetched, champion: Bundle | BundleRefused | None, terms: Terms) -> Examined:
    """Every gate but the second actor. ``champion``: the one in use, why it cannot be loaded, or None without one."""
    whole, features = untouched_gate(fetched), features_gate(fetched.bundle)
    try:
        bundle = load_bundle(fetched.bundle, feature_hash=FEATURE_HASH)
    except BundleRefused as error:
        return Examined(None, (whole, features, Gate("loads", State.FAILED, error.detail)))
    loads = Gate("loads", State.PASSED, f"{bundle.version} loads and repeats its own rows")
    return Examined(
        bundle,
        (
            whole,
            features,
            loads,
            parity_gate(fetched, bundle),
            certificate_gate(bundle, terms),
            comparison_gate(fetched, bundle, champion, terms),
            latency_gate(fetched, bundle, terms),
        ),
    )


def examine_shadow(fetched: Fetched, terms: Terms) -> Examined:
    """What a shadow must pass: it decides nothing, so neither certificate nor comparison."""
    examined = examine(fetched, None, terms)
    return Examined(
        examined.bundle, tuple(gate for gate in examined.gates if gate.name not in ("certificate", "not worse"))
    )


def _gate(name: str, passed: bool, why: str, **figures: float | int | str | None) -> Gate:
    return Gate(name, State.PASSED if passed else State.FAILED, why, figures)


def untouched_gate(fetched: Fetched) -> Gate:
    """Whoever can write artifacts could put another bundle below a good run."""
    found = bundle_digest(fetched.bundle)
    if fetched.bundle_digest is None:
        return _gate("untouched", False, "the run did not log its bundle's digest; train again with this version")
    same = found == fetched.bundle_digest
    why = "the bundle is the one the run logged" if same else "the bundle is not the one the run logged; train again"
    return _gate("untouched", same, why, manifest_sha256=found)


def bundle_digest(folder: Path) -> str:
    """SHA-256 of the manifest, which names the digest of every other file."""
    return sha256((folder / MANIFEST).read_bytes())


def features_gate(folder: Path) -> Gate:
    try:
        found = read_verified(folder).manifest.feature_hash
    except BundleRefused as error:
        return _gate("features", False, error.detail)
    same = found == FEATURE_HASH
    why = (
        f"trained on the features this code computes ({FEATURE_HASH[:12]})"
        if same
        else f"trained on other features ({found[:12]}, this code has {FEATURE_HASH[:12]}); train with this version"
    )
    return _gate("features", same, why, trained=found, serving=FEATURE_HASH)


def parity_gate(fetched: Fetched, bundle: Bundle) -> Gate:
    """LightGBM's own margins, computed afresh from its text model, against what will be served."""
    count = len(fetched.rows)
    if count < MINIMUM_ROWS:
        why = f"the run kept {count:,} rows to compare on, {MINIMUM_ROWS:,} are needed; train again"
        return _gate("parity", False, why, rows=count)
    ensure_libgomp()
    import lightgbm

    booster = lightgbm.Booster(model_str=fetched.lightgbm_text)
    own = booster.predict(fetched.rows, raw_score=True, num_threads=2)
    differences = np.abs(bundle.margins(fetched.rows) - own)
    worst, beyond = float(differences.max()), int((~(differences <= WORST_ALLOWED)).sum())
    why = (
        f"served and LightGBM margins differ by at most {worst:.2g} log-odds over {count:,} rows"
        if not beyond
        else f"served and LightGBM margins differ by up to {worst:.2g} log-odds on {beyond:,} of {count:,} rows "
        f"(allowed {WORST_ALLOWED:g}); export again"
    )
    return _gate("parity", not beyond, why, rows=count, worst_log_odds=worst, beyond=beyond)


def certificate_gate(bundle: Bundle, terms: Terms) -> Gate:
    certificate = bundle.certificate
    if certificate is None:
        why = "the run found no safe threshold, so risk would approve nothing"
        if terms.uncertified:
            return Gate("certificate", State.WAIVED, f"{why}; it only informs reviewers (--uncertified)")
        return _gate("certificate", False, f"{why}; more labels may help, or promote it with --uncertified")
    serving = Serving(model=bundle.version, features=FEATURE_HASH, policy="", reader=terms.reader)
    problems = [sentence for name in certificate.platforms for sentence in _problems(certificate, serving, name, terms)]
    if not certificate.platforms:
        problems.append("it names no platform")
    figures = {
        "id": certificate.id, "origin": certificate.origin.value, "alpha": certificate.alpha,
        "bound": certificate.bound, "labels": certificate.labels, "threshold": certificate.threshold,
        "expires_at": certificate.expires_at.isoformat(),
    }  # fmt: skip
    if problems:
        return _gate("certificate", False, f"{'; '.join(problems)}: train and certify again", **figures)
    word = " SIMULATED: counts on a demo platform alone." if certificate.origin is Origin.SIMULATED else ""
    why = (
        f"{', '.join(certificate.platforms)}: at most {certificate.alpha:.1%} of the money wrong (bound "
        f"{certificate.bound:.2%}, {certificate.labels} labels), until {certificate.expires_at:%Y-%m-%d}.{word}"
    )
    return _gate("certificate", True, why, **figures)


def _problems(certificate: Certificate, serving: Serving, platform: str, terms: Terms) -> list[str]:
    policy = terms.policies.get(platform)
    if policy is None:
        return [f"the policy of {platform} is not known here; give it with --policy FILE"]
    found = mismatches(
        certificate,
        Serving(model=serving.model, features=serving.features, policy=policy.digest, reader=serving.reader),
        platform_id=platform,
        mode=PlatformMode.DEMO if platform == _DEMO_PLATFORM else PlatformMode.LIVE,
        as_of=terms.now,
        wrong_share_up_to_permille=policy.classes.risk.wrong_share_up_to_permille,
        entity_limit=entity_limit(policy),
    )
    return [sentence.en for sentence in found]


def comparison_gate(fetched: Fetched, bundle: Bundle, champion: Bundle | BundleRefused | None, terms: Terms) -> Gate:
    name, window, limits = "not worse", fetched.window, terms.limits
    if champion is None:
        return _gate(name, True, "there is no champion to compare with")
    if isinstance(champion, BundleRefused):
        why = f"the champion cannot be scored on these rows ({champion.detail.split(';')[0]})"
        if terms.first:
            return Gate(name, State.WAIVED, f"{why}; it goes without the comparison (--first)")
        return _gate(name, False, f"{why}; if that is expected, promote with --first")
    if window is None or len(window.wrong) < limits.claims or not 0 < window.wrong.sum() < len(window.wrong):
        found = 0 if window is None else len(window.wrong)
        why = f"the newest window has {found} labelled claims, {limits.claims} with both outcomes are needed"
        return _gate(name, False, f"{why}; train on more claims", claims=found)
    ours, theirs = bundle.probabilities(window.rows), champion.probabilities(window.rows)
    result = compare(ours, theirs, window.wrong, window.weight, window.account, seed=1)
    return _compared(name, result, champion.version, limits)


def _compared(name: str, result: Comparison, champion: str, limits: PromotionSettings) -> Gate:
    passed = result.high <= limits.worse_up_to
    why = (
        f"log loss per ¥ {result.challenger:.4f} against {champion}'s {result.champion:.4f} "
        f"on {result.claims:,} claims: {result.relative:+.1%} (90 % interval {result.low:+.1%} to {result.high:+.1%}, "
        f"allowed up to {limits.worse_up_to:+.0%})"
    )
    return _gate(
        name, passed, why, challenger=result.challenger, champion=result.champion, relative=result.relative,
        low=result.low, high=result.high, claims=result.claims, wrong=result.wrong,
    )  # fmt: skip


def latency_gate(fetched: Fetched, bundle: Bundle, terms: Terms) -> Gate:
    """Each row's shortest time of several tries: what other processes took of the machine is not the model's."""
    rows = fetched.rows[:: max(1, len(fetched.rows) // _TIMED_ROWS)][:_TIMED_ROWS].astype(np.float64).tolist()
    taken = np.min([_timed(bundle, rows) for _ in range(_TRIES)], axis=0)
    middle, p99 = (float(value) for value in np.quantile(taken, (0.5, 0.99)))
    allowed = terms.limits.scoring_p99_ms
    why = f"a row with its explanation takes {middle:.2f} ms (p99 {p99:.2f} ms) on this machine, allowed {allowed:g} ms"
    return _gate("latency", p99 <= allowed, why, p50_ms=middle, p99_ms=p99, rows=len(rows))


def _timed(bundle: Bundle, rows: Sequence[Sequence[float]]) -> list[float]:
    taken = []
    for row in rows:
        start = time.perf_counter()
        bundle.assess(row)
        taken.append((time.perf_counter() - start) * 1e3)
    return taken
