"""The model card: what it is, where it came from, what it may be used for. Simulated is said first."""

from __future__ import annotations

from service.domain.certificate import Certificate
from service.features import FEATURES
from training.certification import Certification
from training.metrics import Metrics
from training.observed import Observed
from training.recipe import Recipe


def model_card(
    observed: Observed,
    recipe: Recipe,
    model: Metrics,
    logistic: Metrics,
    certification: Certification,
    certificate: Certificate | None,
    version: str,
) -> str:
    """Markdown, English."""
    facts = observed.facts
    return f"""# Risk model {version}

> **SIMULATED.** Every row this model learned from and every label behind its certificate comes from a simulated
> platform. The figures below say how well the model recovers that simulation; they say nothing about real claims. On
> any platform that is not in demo mode its certificate is void and it approves nothing.

## What it does
Gives the probability that granting a refund claim would be wrong (not truly due). LightGBM on {len(FEATURES)} numeric
features, constrained to rise or fall with each feature whose direction is known, calibrated by two numbers (Platt).
It never rejects: a claim it doubts goes to a person.

## Data
Platform `{facts["platform"]}`, {facts["start"]} to {facts["end"]}:
{facts["orders"]:,} orders, {facts["claims"]:,} claims, {facts["events"]:,} events.
Parameters `{facts["parameters"]}` ({facts["parameters_digest"][:12]}), seed {facts["seed"]}, data hash
`{observed.data_hash}`.
Labels are reviewers' decisions with their errors, corrected by what came to light within
{facts["label_delay_days"]:.0f} days. Days of each part: train {_days(recipe.parts.train)}, tune
{_days(recipe.parts.tune)}, calibrate {_days(recipe.parts.calibrate)}, order thresholds {_days(recipe.parts.order)},
certify {_days(recipe.parts.certify)}.
The holder's age, and anything like it, is not a feature.

## Figures on the certify window (observed labels, matured claims only)
| | AUC | AP | ECE | Brier |
|---|---|---|---|---|
| this model | {_line(model)} |
| logistic regression, same rows | {_line(logistic)} |

{model.claims:,} claims, {model.base_rate:.1%} of them wrong.

## Certificate
{_certificate(certification, certificate)}

## Not for
Real money. Rejecting anybody. Judging people: it judges one claim. Platforms whose goods, policy or reading differ.
"""


def _days(part: tuple[float, float]) -> str:
    return f"{part[0]:g}-{part[1]:g}"


def _line(one: Metrics) -> str:
    return f"{one.auc:.3f} | {one.average_precision:.3f} | {one.ece:.3f} | {one.brier:.3f}"


def _certificate(certification: Certification, certificate: Certificate | None) -> str:
    if certificate is None or certification.chosen is None:
        return f"None: {certification.why}. Risk approves nothing."
    chosen = certification.chosen
    beyond = (
        f"{chosen.excess:.2%} of the money was beyond what a connected entity may take, and counted as wrong."
        if chosen.excess
        else "No connected entity (same account, device or payer) took more than it may."
    )
    return f"""`{certificate.id}`, origin **{certificate.origin.value}**. {certificate.promise}
{chosen.wrong:g} of {chosen.labels} audit labels were wrong; bound ({certificate.method}) {chosen.bound:.2%}.
{certification.drawn} claims were drawn by monetary unit, at most one of each connected entity, so that a ring counts
once; {certification.unresolved} of them unresolved (counted as wrong). {beyond}
Expires {certificate.expires_at:%Y-%m-%d}.
It assumes that claims to come are like those of the window; an outage, a new kind of abuse or another season breaks
that, and the breaker is what notices."""
