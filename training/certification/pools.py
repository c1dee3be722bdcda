"""The claims a certificate is about, from a platform's tables: what the whole rule would approve by risk."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from service.domain.certificate import Serving
from service.policy import ApprovalClass, EntityLimit, Policy, entity_limit
from training.certification.entities import Holders, codes, connected
from training.certification.terms import Pool, Terms
from training.datasets import Dataset, Floats, Indices, claim_cases
from training.observed import Observed
from training.recipe import CertificateSettings
from training.rule import open_verdicts

HOLDERS = ("account_id", "device_id", "payer_id")


def pool_of(
    observed: Observed, policy: Policy, dataset: Dataset, indices: Indices, probabilities: Floats, serving: Serving
) -> tuple[Pool, Indices]:
    """Of the claims at ``indices`` those the rule would approve by risk, and their indices into the data set.

    ``probabilities``: one per claim of the data set, as served. Who is connected is found among all of ``indices``, so
    that two approvals are one entity's also where only a claim between them, itself not approved, ties them.
    """
    table = pq.read_table(observed.path("claims"), columns=list(HOLDERS)).take(pa.array(indices, pa.int64()))
    identifiers = tuple(codes(table[name].to_pylist()) for name in HOLDERS)
    verdicts = open_verdicts(policy, claim_cases(observed, only=indices.tolist()), probabilities[indices], serving)
    granted = np.array(
        [
            verdict.grant.amount.minor if verdict.grant and verdict.approval_class == ApprovalClass.RISK else 0
            for verdict in verdicts
        ],
        dtype=np.int64,
    )
    inside = np.flatnonzero(granted > 0)
    chosen = indices[inside]
    limit = entity_limit(policy)
    hours = limit.window_hours if limit is not None else 1
    return Pool(
        platforms=(policy.platform,) * len(chosen),
        claim_ids=tuple(dataset.claim_ids[number] for number in chosen),
        order_numbers=tuple(dataset.order_numbers[number] for number in chosen),
        probability=probabilities[chosen],
        amount=granted[inside],
        entity=connected(*identifiers)[inside],
        holders=Holders(
            tuple(kind[inside] for kind in identifiers),
            dataset.as_of[chosen].astype("datetime64[h]").astype(np.int64) // hours,
        ),
    ), chosen


def terms_of(policy: Policy, settings: CertificateSettings, limit: EntityLimit) -> Terms:
    """What the policy and the recipe ask for. An entity may take in the certifying part what it may take in one window
    of its budget; what windows that meet inside the part let through beyond it counts as wrong."""
    return Terms(
        alpha=policy.classes.risk.wrong_share_up_to_permille / 1000,
        delta=settings.delta,
        cap=policy.classes.risk.amount_up_to_minor,
        entity_cap=limit.amount,
        candidates=settings.candidates,
        method=settings.method,
        certain_from=settings.certain_from_minor,
    )


NOT_HELD = (
    "the policy's budgets do not hold each account, device and payer to an amount over 30 days or longer, and no "
    "sample can bound what a ring nobody has seen may take; add budgets of entity account, device and payer with "
    "max_amount_minor and window_hours from 720"
)
