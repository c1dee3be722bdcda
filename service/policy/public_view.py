"""The part of a policy that is published: what can be refunded, what cannot, what to send, when, how.

Nothing here says how risk is judged: no ceilings, budgets, thresholds or audit.
"""

from __future__ import annotations

from typing import Any

from service.policy.parts import TimeLimit, Wording
from service.policy.schema import Policy


def public_view(policy: Policy, language: str) -> dict[str, Any]:
    """JSON-ready, in one language (``zh`` or ``en``; anything else is zh). Amounts are minor units of ``currency``."""

    def say(wording: Wording) -> str:
        return wording.text.get(language)

    return {
        "platform": policy.platform,
        "version": policy.version,
        "language": "en" if language == "en" else "zh",
        "currency": policy.currency,
        "zone": policy.zone,
        "criteria": [
            {
                "reason": reason.value,
                "text": say(rule),
                "handling": rule.handling.value,
                "fault": rule.fault.value,
                "amount": rule.amount.value,
                "materials": [{"code": code, "text": say(policy.materials[code])} for code in rule.materials],
            }
            for reason, rule in policy.reasons.items()
        ],
        "evidence": [
            {
                "code": code,
                "text": say(material),
                "shown_by": [kind.value for kind in material.shown_by],
                "must_show": [fact.value for fact in material.must_show],
                "statement_characters": material.statement_characters,
                "reasons": [reason.value for reason, rule in policy.reasons.items() if code in rule.materials],
            }
            for code, material in policy.materials.items()
        ],
        "negative_list": [
            {
                "id": clause.id,
                "text": say(clause),
                "effect": clause.effect,
                "reasons": [reason.value for reason in clause.reasons],
            }
            for clause in policy.negative_list
        ],
        "without_upload": _without_upload(policy),
        "time_limits": {
            "default": _limit(policy.time_limits.default),
            "by_reason": {key.value: _limit(value) for key, value in policy.time_limits.by_reason.items()},
            "by_goods": {key.value: _limit(value) for key, value in policy.time_limits.by_goods.items()},
        },
        "fees": {"buyer_at_fault_permille": policy.fee.buyer_at_fault_permille, "otherwise_permille": 0},
        "routes": [
            {
                "route": rule.route.value,
                "payment_methods": list(rule.payment_methods),
                "text": say(rule),
                "withdrawable": rule.withdrawable,
            }
            for rule in policy.routes
        ],
        "terms": {
            "review": policy.review_promise.text.get(language),
            "materials": policy.materials_deadline.text.get(language),
        },
        "official_channel": say(policy.official_channel),
    }


def _limit(limit: TimeLimit) -> dict[str, Any]:
    return {"hours": limit.hours, "anchor": limit.anchor.value}


def _without_upload(policy: Policy) -> dict[str, Any]:
    one_click, recoverable = policy.classes.one_click, policy.classes.recoverable
    return {
        "one_click_below_minor": one_click.amount_below_minor if one_click.opted_in else None,
        "one_click_goods": [kind.value for kind in one_click.goods],
        "recoverable_up_to_minor": recoverable.amount_up_to_minor if recoverable.opted_in else None,
    }
