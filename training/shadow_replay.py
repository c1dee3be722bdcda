"""A shadow beside a champion on history: what the service stores of live claims, made of a platform's tables."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

import numpy as np

from service.domain.assessment import Decision, Verdict
from service.domain.certificate import Serving
from service.domain.shadow import JudgedShadow, ShadowScore
from service.features import FEATURE_HASH
from training.datasets import ClaimCase, Dataset, Floats, Indices, claim_cases
from training.observed import Observed
from training.replaying import Side
from training.rule import outcomes_at
from training.selective import inverse_weights


def shadow_on_history(
    observed: Observed, dataset: Dataset, indices: Indices, champion: Side, shadow: Side
) -> tuple[JudgedShadow, ...]:
    """Both on the claims at ``indices``, with what those turned out to be. ``dataset``: rows under the champion's caps.

    ValueError for two policies: a shadow is another model under the same rule.
    """
    if champion.policy.digest != shadow.policy.digest:
        raise ValueError("a shadow is scored under the champion's policy; another policy is a back-test")
    cases = list(claim_cases(observed, only=indices.tolist()))
    risks = [side.bundle.probabilities(dataset.rows[indices]) for side in (champion, shadow)]
    verdicts = [list(_verdicts(side, cases, risk)) for side, risk in zip((champion, shadow), risks, strict=True)]
    weight = inverse_weights(dataset.draw_probability[indices])
    share = np.where(dataset.asked[indices], dataset.wrong_share[indices], np.nan)
    return tuple(
        JudgedShadow(
            score=_score(case, champion, shadow, theirs, ours, float(risks[0][number]), float(risks[1][number])),
            loss_share=None if np.isnan(share[number]) else float(share[number]),
            stands_for=float(weight[number]),
        )
        for number, (case, theirs, ours) in enumerate(zip(cases, *verdicts, strict=True))
    )


def _verdicts(side: Side, cases: Iterable[ClaimCase], risk: Floats) -> Iterable[Verdict]:
    serving = Serving(
        model=side.bundle.version, features=FEATURE_HASH, policy=side.policy.digest, reader="as read in history"
    )
    return (outcome.verdict for outcome in outcomes_at(side.policy, cases, risk, serving, side.threshold))


def _score(
    case: ClaimCase, champion: Side, shadow: Side, theirs: Verdict, ours: Verdict, their_risk: float, our_risk: float
) -> ShadowScore:
    grant = ours.grant if ours.decision is Decision.AUTO_APPROVED else theirs.grant
    money = case.claim.amount_claimed if grant is None else grant.amount
    case_id = uuid.UUID(case.claim_id)
    return ShadowScore(
        platform_id=case.claim.platform_id,
        case_id=case_id,
        assessment_id=case_id,  # history has none: a claim was assessed once
        model=shadow.bundle.version,
        probability=our_risk,
        approval_class=ours.approval_class,
        champion=champion.bundle.version,
        champion_probability=their_risk,
        champion_class=theirs.approval_class,
        amount_minor=money.minor,
        currency=money.currency,
        recorded_at=case.as_of,
    )
