"""What stands instead of an approval that turned out to be none when it was to be stored."""

from __future__ import annotations

from dataclasses import replace

from service.domain.assessment import Reason, Text, Verdict

REFUND_LOCKED = "refund_locked"
REFUSED_BEFORE = "refused_before"
_EXHAUSTED = "budget_exhausted"
_REASONS = {
    REFUND_LOCKED: Text(
        zh="该笔支付在别处已有退款或争议，或订单余额不足，须由人工核对",
        en="The payment has a refund or dispute elsewhere, or too little of the order is left: a person checks it",
    ),
    # Mended evidence is welcome and held against nobody; but what a person refused, no machine grants.
    REFUSED_BEFORE: Text(
        zh="该订单此前的申请已由人工驳回或撤销，本次仍由人工决定",
        en="A person refused or reversed an earlier claim on this order: a person decides this one too",
    ),
}
CODES = frozenset(_REASONS)


def instead(fallback: Verdict, code: str) -> Verdict:
    """The fallback of an approval, for the reason ``code`` (of CODES) rather than for an exhausted budget."""
    reason = Reason(code=code, text=_REASONS[code])
    return replace(fallback, reasons=(reason, *(each for each in fallback.reasons if each.code != _EXHAUSTED)))
