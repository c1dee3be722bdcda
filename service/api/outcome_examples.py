"""Examples of outcomes, anomalies, the ledger and incidents, for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from service.api import examples

PAID_OUTCOME: dict[str, Any] = {
    "reference": "pay-20261121-77",
    "kind": "paid",
    "occurred_at": "2026-11-21T10:20:00+08:00",
    "amount": 2900,
}
PAID_CASE: dict[str, Any] = {**examples.APPROVED, "state": "paid", "version": 3}
ANOMALIES: dict[str, Any] = {
    "anomalies": [
        {
            "anomaly_id": "019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b40",
            "kind": "duplicate_payment",
            "found_at": "2026-11-21T02:21:07Z",
            "order_number": "KM20261120093312",
            "case_id": None,
            "amount": 3000,
            "currency": "CNY",
            "data": {"other": "4200002211202611209931", "trade_number": "4200002211202611209987"},
        }
    ],
    "next_cursor": None,
}
LEDGER: dict[str, Any] = {
    "entries": [
        {
            "case_id": "019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b36",
            "case_number": "R261121-7K3M9Q2XWA",
            "order_number": "KM20261120093312",
            "seller_id": "seller-88",
            "product_id": "card-30",
            "supplier_id": None,
            "reason": "code_invalid",
            "currency": "CNY",
            "granted": 2900,
            "granted_at": "2026-11-21T02:10:00Z",
            "paid": 2900,
            "paid_at": "2026-11-21T02:20:00Z",
            "liable": "seller",
            "recover_from": "seller",
            "recover": 2900,
            "clause": "reasons.code_invalid.fault",
            "ended_as": None,
        }
    ],
    "failure_rates": [
        {
            "seller_id": "seller-88",
            "product_id": None,
            "orders": 1240,
            "granted": 31,
            "amount": 91200,
            "currency": "CNY",
            "rate": 0.025,
        }
    ],
}
DECLARED: dict[str, Any] = {
    "struck": "seller",
    "struck_id": "seller-88",
    "began_at": "2026-11-21T08:00:00+08:00",
    "by": "ana.lopez",
    "reason": "the carrier's gateway is down",
}
ACT: dict[str, Any] = {"by": "ana.lopez", "reason": "the carrier confirms it"}
APPROVE_ALL: dict[str, Any] = {
    "as": "reviewer",
    "by": "ana.lopez",
    "message": "因系统故障未能到账，已为您全额退款。",
    "reason": "outage of 21 November",
}
APPROVED_ALL: dict[str, Any] = {
    "done": ["019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b36"],
    "refused": [
        {
            "case_id": "019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b37",
            "detail": "Nothing can be granted now: the payment is locked (chargeback).",
        }
    ],
    "left": 0,
}
END: dict[str, Any] = {**ACT, "ended_at": "2026-11-21T12:00:00+08:00"}
INCIDENT: dict[str, Any] = {
    "incident_id": "019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b41",
    "struck": "seller",
    "struck_id": "seller-88",
    "began_at": "2026-11-21T00:00:00Z",
    "ended_at": None,
    "reason": "the carrier's gateway is down",
    "noticed": False,
    "confirmed_at": "2026-11-21T01:00:00Z",
    "dismissed_at": None,
    "open_cases": ["019a6f3e-5301-7aa4-b1f4-0c5d7e9a2b36"],
}
