"""The part of a policy that is published: what can be refunded, what cannot, what to send, when, how.

Nothing here says how risk is judged: no ceilings, budgets, thresholds or audit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from service.domain.deadlines import DeadlineKind
from service.policy.binding import fee_permille
from service.policy.clause_parts import ConfirmationClause, FilteredClause
from service.policy.confirmations import DEADLINES
from service.policy.parts import TimeLimit, Wording
from service.policy.schema import Policy


def public_view(policy: Policy, language: str) -> dict[str, Any]:
    """JSON-ready, in one language (``zh`` or ``en``; anything else is zh). Amounts are minor units of ``currency``."""

    def say(wording: Wording) -> str:
        return wording.text.get(language)

    return {
        **_identity(policy, language),
        "criteria": _criteria(policy, say),
        "evidence": _evidence(policy, say),
        "further_evidence": [
            {
                **_clause(clause, say),
                "when": clause.when.value,
                "amount_from_minor": clause.amount_from_minor,
                "materials": list(clause.materials),
            }
            for clause in policy.further_materials
        ],
        "negative_list": [
            {
                "id": clause.id,
                "text": say(clause),
                "effect": clause.effect,
                "reasons": [reason.value for reason in clause.reasons],
                "goods": [kind.value for kind in clause.goods],
            }
            for clause in policy.negative_list
        ],
        "without_upload": _without_upload(policy),
        "time_limits": {
            "default": _limit(policy.time_limits.default),
            "by_reason": {key.value: _limit(value) for key, value in policy.time_limits.by_reason.items()},
            "by_goods": {key.value: _limit(value) for key, value in policy.time_limits.by_goods.items()},
        },
        "fees": _fees(policy),
        "rounding": policy.rounding.value,
        "routes": _routes(policy, say),
        "asked_first": [
            {**_clause(clause, say), "party": clause.ask.value, "within": _asked_within(policy, clause, language)}
            for clause in policy.confirmations
        ],
        "liability": {
            "escrow": policy.liability.escrow,
            "advance_compensation": policy.liability.advance_compensation,
            "clauses": [{**_clause(clause, say), "party": clause.party.value} for clause in policy.liability.clauses],
        },
        "offers": [_clause(clause, say) for clause in policy.offers],
        "notes": [{"id": note.id, "text": say(note)} for note in policy.notes],
        "terms": {
            "review": policy.review_promise.text.get(language),
            "materials": policy.materials_deadline.text.get(language),
            **{each.value: policy.term(each).text.get(language) for each in (_OFFER, _APPEAL, _ARBITRATION)},
        },
        "official_channel": say(policy.official_channel),
    }


_OFFER, _APPEAL, _ARBITRATION = DeadlineKind.OFFER, DeadlineKind.APPEAL, DeadlineKind.ARBITRATION
_Say = Callable[[Wording], str]


def _identity(policy: Policy, language: str) -> dict[str, Any]:
    return {
        "platform": policy.platform,
        "version": policy.version,
        "language": "en" if language == "en" else "zh",
        "currency": policy.currency,
        "zone": policy.zone,
    }


def _criteria(policy: Policy, say: _Say) -> list[dict[str, Any]]:
    return [
        {
            "reason": reason.value,
            "text": say(rule),
            "handling": rule.handling.value,
            "fault": rule.fault.value,
            "amount": rule.amount.value,
            "share_permille": rule.share_permille,
            "fee_permille": fee_permille(policy, reason),
            "materials": [{"code": code, "text": say(policy.materials[code])} for code in rule.materials],
        }
        for reason, rule in policy.reasons.items()
    ]


def _evidence(policy: Policy, say: _Say) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "text": say(material),
            "shown_by": [kind.value for kind in material.shown_by],
            "must_show": [fact.value for fact in material.must_show],
            "statement_characters": material.statement_characters,
            "names_order": material.names_order,
            "good": None if material.good is None else say(material.good),
            "bad": None if material.bad is None else say(material.bad),
            "reasons": [reason.value for reason, rule in policy.reasons.items() if code in rule.materials],
        }
        for code, material in policy.materials.items()
    ]


def _clause(clause: FilteredClause, say: _Say) -> dict[str, Any]:
    return {
        "id": clause.id,
        "text": say(clause),
        "reasons": [reason.value for reason in clause.reasons],
        "goods": [kind.value for kind in clause.goods],
    }


def _asked_within(policy: Policy, clause: ConfirmationClause, language: str) -> str:
    return policy.term(DEADLINES[clause.ask]).text.get(language)


def _fees(policy: Policy) -> dict[str, Any]:
    return {
        "buyer_at_fault_permille": policy.fee.buyer_at_fault_permille,
        "by_reason_permille": {reason.value: permille for reason, permille in policy.fee.by_reason.items()},
        "at_most_minor": policy.fee.at_most_minor,
        "rounding": policy.fee.rounding.value,
        "otherwise_permille": 0,
    }


def _routes(policy: Policy, say: _Say) -> list[dict[str, Any]]:
    return [
        {
            "id": rule.id,
            "route": rule.route.value,
            "payment_methods": list(rule.payment_methods),
            "text": say(rule),
            "withdrawable": rule.withdrawable,
            "buyer_gives": [detail.value for detail in rule.buyer_gives],
            "arrives_within": None if rule.arrives_within is None else rule.arrives_within.model_dump(),
        }
        for rule in policy.routes
    ]


def _limit(limit: TimeLimit) -> dict[str, Any]:
    return {"hours": limit.hours, "anchor": limit.anchor.value}


def _without_upload(policy: Policy) -> dict[str, Any]:
    one_click, recoverable = policy.classes.one_click, policy.classes.recoverable
    return {
        "one_click_below_minor": one_click.amount_below_minor if one_click.opted_in else None,
        "one_click_goods": [kind.value for kind in one_click.goods],
        "recoverable_up_to_minor": recoverable.amount_up_to_minor if recoverable.opted_in else None,
    }
