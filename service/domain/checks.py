"""Three-valued results of holding a page against the platform's record."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.evidence import Box


class Result(StrEnum):
    PASS = "pass"  # noqa: S105 - a result, not a password
    UNKNOWN = "unknown"
    FAIL = "fail"

    @property
    def rank(self) -> int:
        """pass 0 < unknown 1 < fail 2: the order in which trust falls."""
        return ("pass", "unknown", "fail").index(self.value)


class CheckCode(StrEnum):
    """What is compared. Over several pages one check is the worst finding, where any page shows the fact."""

    ORDER_NUMBER = "order_number"
    TRADE_NUMBER = "trade_number"
    AMOUNT = "amount"
    ORDERED_AT = "ordered_at"
    PAID_AT = "paid_at"
    PRODUCT = "product"
    PAYEE = "payee"
    RECHARGED_ACCOUNT = "recharged_account"
    PAYMENT_STATE = "payment_state"
    PROMPT_REASON = "prompt_reason"
    PROMPT_FULFILMENT = "prompt_fulfilment"
    EVIDENCE_READABLE = "evidence_readable"
    EVIDENCE_COMPLETE = "evidence_complete"
    EVIDENCE_ORIGINAL = "evidence_original"
    IDENTITY = "identity"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """``claimed``, ``read``, ``record`` are texts as a reviewer should see them; None where there is none."""

    code: CheckCode
    result: Result
    claimed: str | None = None
    read: str | None = None
    record: str | None = None
    evidence_sha256: str | None = None
    box: Box | None = None
    note: str = ""
