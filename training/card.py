"""The model card: what it is, where it came from, what it may be used for. Simulated is said first."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.certificate import Certificate, Origin
from service.features import FEATURES
from training.certification import Certification
from training.certification.sensitivity import with_missed_wrongs
from training.compare import Standing
from training.evaluation import Evaluated
from training.forbidden import NEVER_FEATURES
from training.observed import Observed
from training.recipe import Recipe
from training.resampling import Interval
from training.segments import Segment

_ORIGINS = {
    Origin.SIMULATED: """
> **SIMULATED.** Every row this model learned from and every label behind its certificate comes from a simulated
> platform. The figures below say how well the model recovers that simulation; they say nothing about real claims. On
> any platform that is not in demo mode its certificate is void and it approves nothing.""",
    Origin.OBSERVED: """
> **OBSERVED.** Learned from a platform's own records, where people decided every claim.""",
    Origin.LIVE: """
> **LIVE.** Learned from a platform's own records. Claims approved without a person have outcomes only where the audit
> drew them; labels are weighted by their chance of being seen.""",
}


def model_card(
    observed: Observed,
    recipe: Recipe,
    evaluated: Evaluated,
    certification: Certification,
    certificate: Certificate | None,
    version: str,
) -> str:
    """Markdown, English."""
    facts, model = observed.facts, evaluated.model
    logistic, ours = evaluated.comparison.standings
    return f"""# Risk model {version}
{_ORIGINS[Origin(facts["origin"])]}

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
Never features, and held so by a test: {"; ".join(f"`{path}` ({why})" for path, why in NEVER_FEATURES.items())}.

## Figures on the certify window (observed labels, matured claims only)
| | AUC | AP | ECE | Brier |
|---|---|---|---|---|
| this model | {_line(ours)} |
| logistic regression, same rows | {_line(logistic)} |

{model.claims:,} claims, {model.base_rate:.1%} of them wrong. In brackets 95 % intervals, drawn by account. Of the money
approved, the share that is wrong if the least risky half of all money is approved: {_percent(ours.lost[0.5])};
by logistic regression {_percent(logistic.lost[0.5])}.

## Who is served how
{segment_table(evaluated.segments)}

## Certificate
{_certificate(certification, certificate)}

## Not for
Real money. Rejecting anybody. Judging people: it judges one claim. Platforms whose goods, policy or reading differ.
"""


def _missed(certificate: Certificate) -> str:
    return ", ".join(f"{one.missed:.0%}" for one in with_missed_wrongs(certificate.bound, certificate.alpha))


def _moved(certificate: Certificate) -> str:
    return ", ".join(f"{one.bound:.2%}" for one in with_missed_wrongs(certificate.bound, certificate.alpha))


def _days(part: tuple[float, float]) -> str:
    return f"{part[0]:g}-{part[1]:g}"


def _line(one: Standing) -> str:
    return f"{one.auc} | {one.average_precision} | {one.ece} | {one.brier}"


def _percent(one: Interval) -> str:
    return f"{one.value:.1%} ({one.low:.1%}–{one.high:.1%})"


def segment_table(segments: Sequence[Segment]) -> str:
    """Markdown: one line a group; the last column says what is wrong with how a group is served."""
    lines = [
        "Groups of claims on the same window. *Gap*: mean score less base rate, its interval holding for all groups at",
        "once. *False approvals*: wrong among those at or below the certified threshold; *false alarms*: rightful",
        "claims above it. A group is flagged where its gap leaves out 0, or where it surely has more of either than",
        "the rest.",
        "",
        "| group | claims | base rate | mean score | AUC | ECE | gap | approved | false approvals | false alarms | |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for one in segments:
        rates = (_percent(rate) if rate else "–" for rate in (one.approved, one.false_approval, one.false_alarm))
        flags = f"**{'; '.join(one.flags)}**" if one.flags else ""
        lines.append(
            f"| {one.grouping}: {one.group} | {one.claims:,} | {one.base_rate:.1%} | {one.mean_score:.1%} | "
            f"{one.auc} | {one.ece} | {_percent(one.gap)} | {' | '.join(rates)} | {flags} |"
        )
    flagged = sum(bool(one.flags) for one in segments)
    return "\n".join([*lines, "", f"{flagged} of {len(segments)} groups flagged."])


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
If adjudicators miss {_missed(certificate)} of wrong grants, the bound is {_moved(certificate)}.
Expires {certificate.expires_at:%Y-%m-%d}.
It assumes that claims to come are like those of the window; an outage, a new kind of abuse or another season breaks
that, and the breaker is what notices."""
