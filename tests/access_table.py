"""Who may use which address: the one table the running service is held to. What is not in it fails the tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.review.requests import Scope

EVERYBODY = None  # no key at all
ANY_KEY = frozenset(Scope)
TOGETHER: frozenset[Scope] = frozenset()  # no scope alone: it takes several
CLAIMS, CASES, EVENTS = frozenset({Scope.CLAIMS}), frozenset({Scope.CASES}), frozenset({Scope.EVENTS})
OPERATE = frozenset({Scope.OPERATE})
REVIEW = frozenset({Scope.REVIEW})
SENIOR = frozenset({Scope.REVIEW_SENIOR})
FEED = frozenset({Scope.FEED})
OUTCOMES, POLICY = frozenset({Scope.OUTCOMES}), frozenset({Scope.POLICY})
WEBHOOKS, SCORES = frozenset({Scope.WEBHOOKS}), frozenset({Scope.SCORES})
FEED = frozenset({Scope.FEED})

# Operation → scopes of which one alone is enough for the documented example of its body.
ACCESS: dict[str, frozenset[Scope] | None] = {
    "GET /livez": EVERYBODY,
    "GET /readyz": EVERYBODY,
    "GET /metrics": EVERYBODY,
    "POST /v1/pre-checks": CLAIMS,
    "POST /v1/pre-reviews": CLAIMS,
    "POST /v1/pre-reviews/batch": CLAIMS,
    "GET /v1/cases/{case_id}": CLAIMS,
    "GET /v1/cases/{case_id}/status-page": CLAIMS,
    "GET /v1/cases": CASES,
    "POST /v1/cases/{case_id}/withdraw": CASES,
    "POST /v1/cases/{case_id}/chase": CASES,
    "POST /v1/cases/{case_id}/evidence": CASES,
    "POST /v1/cases/{case_id}/appeal": CASES,
    "POST /v1/cases/{case_id}/supplier-answer": CASES,
    "POST /v1/cases/{case_id}/corrections": CASES,
    "POST /v1/cases/{case_id}/reopen": CASES,
    "POST /v1/cases/{case_id}/counter": CASES,
    "POST /v1/cases/{case_id}/accept-offer": CASES,
    "POST /v1/cases/{case_id}/decline-offer": CASES,
    "POST /v1/cases/{case_id}/request-arbitration": CASES,
    "POST /v1/cases/{case_id}/reverse": CASES,
    "POST /v1/cases/{case_id}/approve": REVIEW,
    "POST /v1/cases/{case_id}/approve-partially": REVIEW,
    "POST /v1/cases/{case_id}/reject": REVIEW,
    "POST /v1/cases/{case_id}/offer": REVIEW,
    "POST /v1/cases/{case_id}/ask-for-materials": REVIEW,
    "POST /v1/cases/{case_id}/ask-supplier": REVIEW,
    "POST /v1/cases/{case_id}/send-to-review": REVIEW,
    "POST /v1/cases/{case_id}/begin-second-review": REVIEW,
    "POST /v1/cases/{case_id}/uphold": REVIEW,
    "POST /v1/cases/{case_id}/escalate": REVIEW,
    "POST /v1/cases/{case_id}/rule-approved": SENIOR,
    "POST /v1/cases/{case_id}/rule-partially": SENIOR,
    "POST /v1/cases/{case_id}/rule-rejected": SENIOR,
    "POST /v1/cases/{case_id}/close": SENIOR,
    "POST /v1/cases/{case_id}/outcomes": OUTCOMES,
    "GET /v1/anomalies": CASES,
    "GET /v1/ledger": OUTCOMES,
    "GET /v1/queues": CASES,
    "POST /v1/incidents": REVIEW,
    "GET /v1/incidents": CASES,
    "GET /v1/incidents/{incident_id}": CASES,
    "POST /v1/incidents/{incident_id}/confirm": REVIEW,
    "POST /v1/incidents/{incident_id}/dismiss": REVIEW,
    "POST /v1/incidents/{incident_id}/end": REVIEW,
    "POST /v1/incidents/{incident_id}/approve-all": REVIEW,
    "POST /v1/cases/{case_id}/reveals": REVIEW,
    "POST /v1/cases/{case_id}/consent-withdrawal": CASES,
    "POST /v1/platform/stop": OPERATE,
    "POST /v1/platform/resume": OPERATE,
    "GET /v1/platform/budgets": OPERATE,
    "POST /v1/events": EVENTS,
    "POST /v1/events/uploads/{upload}": EVENTS,
    "GET /v1/events/uploads/{upload}": EVENTS,
    "GET /v1/policy": ANY_KEY,
    "GET /v1/policy/versions": POLICY,
    "POST /v1/policy/versions": POLICY,
    "GET /v1/policy/versions/{version}": POLICY,
    "GET /v1/policy/versions/{version}/differences": POLICY,
    "POST /v1/policy/versions/{version}/dry-run": TOGETHER,  # policy and internal
    "POST /v1/policy/versions/{version}/propose": POLICY,
    "POST /v1/policy/versions/{version}/approve": POLICY,
    "POST /v1/policy/versions/{version}/reject": POLICY,
    "POST /v1/policy/versions/{version}/withdraw": POLICY,
    "GET /v1/webhooks": WEBHOOKS,
    "POST /v1/webhooks": WEBHOOKS,
    "GET /v1/webhooks/{webhook_id}": WEBHOOKS,
    "PATCH /v1/webhooks/{webhook_id}": WEBHOOKS,
    "DELETE /v1/webhooks/{webhook_id}": WEBHOOKS,
    "POST /v1/webhooks/{webhook_id}/secrets": WEBHOOKS,
    "POST /v1/webhooks/{webhook_id}/test": WEBHOOKS,
    "GET /v1/webhooks/{webhook_id}/deliveries": WEBHOOKS,
    "POST /v1/webhooks/{webhook_id}/replay": WEBHOOKS,
    "GET /v1/feed": FEED,
    "POST /v1/scores": SCORES,
}

# Writes that take no Idempotency-Key header, and what makes sending them again harmless.
REPEATABLE = {
    "POST /v1/pre-reviews/batch": "every claim has a key of its own",
    "POST /v1/events": "every event has an id of its own",
    "POST /v1/events/uploads/{upload}": "an upload goes on where it stands",
    "POST /v1/policy/versions/{version}/dry-run": "stores nothing",
    "POST /v1/pre-checks": "stores nothing",
    "POST /v1/cases/{case_id}/reveals": "every showing is logged anew, and what was shown is not kept",
    "POST /v1/cases/{case_id}/consent-withdrawal": "what was withdrawn stays withdrawn",
    "POST /v1/scores": "stores nothing",
    "DELETE /v1/webhooks/{webhook_id}": "what is gone stays gone",
}


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(``"GET /v1/…"``, operation) of an OpenAPI document."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation
