"""A platform's rules as data, and the pure decision they lead to. No I/O but its own package data."""

from service.policy.audit import audit_draw, draw_probability, share_draw
from service.policy.budgets import EntityLimit, entity_limit
from service.policy.caps import FeatureCaps, feature_caps
from service.policy.certificate import threshold_at_work
from service.policy.decide import decide, for_want_of_rules
from service.policy.differences import Change, PolicyDifference, policy_differences
from service.policy.inputs import DecideInput, Outcome
from service.policy.loading import load_platform_policy, load_policy, platform_policy_names, platform_policy_text
from service.policy.parts import ApprovalClass
from service.policy.pre_check import PreCheck, Prospect, pre_check
from service.policy.public_view import public_view
from service.policy.schema import Policy

__all__ = [
    "ApprovalClass",
    "Change",
    "DecideInput",
    "EntityLimit",
    "FeatureCaps",
    "Outcome",
    "Policy",
    "PolicyDifference",
    "PreCheck",
    "Prospect",
    "audit_draw",
    "decide",
    "draw_probability",
    "entity_limit",
    "feature_caps",
    "for_want_of_rules",
    "load_platform_policy",
    "load_policy",
    "platform_policy_names",
    "platform_policy_text",
    "policy_differences",
    "pre_check",
    "public_view",
    "share_draw",
    "threshold_at_work",
]
