"""The audit draw: which would-be approvals a person judges instead, so that wrong ones can be counted.

Monetary-unit sampling: the chance grows with the amount. The draw depends on the secret, the platform and the order
alone, so withdrawing and applying again draws the same lot. Nobody is shown it before judgement.
"""

from __future__ import annotations

import hashlib
import hmac

from service.domain.money import Money
from service.policy.schema import Policy


def audit_draw(policy: Policy, secret: bytes, platform_id: str, order_number: str, amount: Money) -> tuple[float, bool]:
    """(probability of being drawn, whether drawn) for a claim of ``amount``; ValueError without a secret."""
    if not secret:
        raise ValueError("the audit draw needs a secret, or buyers could foresee it; set one in the settings")
    chance = draw_probability(policy, amount)
    return chance, uniform(secret, platform_id, order_number) < chance


def draw_probability(policy: Policy, amount: Money) -> float:
    """pi = min(1, c · amount) in [0, 1], with c = 1 / ``audit.certain_from_minor``; 1 in a foreign currency."""
    if amount.currency != policy.currency:
        return 1.0
    return min(1.0, max(0, amount.minor) / policy.audit.certain_from_minor)


def share_draw(secret: bytes, platform_id: str, order_number: str) -> float:
    """In [0, 1): a claim is approved where the policy's ``rollout`` reaches above it. It tells nothing of the audit's
    draw; ValueError without a secret."""
    if not secret:
        raise ValueError("the draw needs a secret, or buyers could foresee it; set one in the settings")
    return uniform(secret, platform_id, order_number, purpose="share")


def uniform(secret: bytes, platform_id: str, order_number: str, *, purpose: str = "") -> float:
    """HMAC-SHA256 of platform and order as a number in [0, 1): the top 53 bits, as many as a float holds exactly."""
    # The length keeps ("ab", "c") and ("a", "bc") apart.
    message = f"{purpose}{len(platform_id)}:{platform_id}{order_number}".encode()
    top = int.from_bytes(hmac.new(secret, message, hashlib.sha256).digest()[:8], "big") >> 11
    return top / 2**53
