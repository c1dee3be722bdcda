"""Which materials a claim still lacks, and exactly what the buyer is asked to send."""

from __future__ import annotations

from service.domain.assessment import MissingMaterial
from service.domain.evidence import PageKind, Read
from service.policy.clauses import Facts, log_proves
from service.policy.parts import Material


def missing_materials(facts: Facts) -> tuple[MissingMaterial, ...]:
    """What the reason needs and no page of the order shows; nothing where the platform's own log proves the claim."""
    rule = facts.policy.reasons.get(facts.claim.reason)
    if rule is None or log_proves(facts):
        return ()
    shown = {item.page.kind for item in facts.evidence if item.page is not None and isinstance(item.outcome, Read)}
    return tuple(
        MissingMaterial(code=code, text=facts.policy.materials[code].text)
        for code in rule.materials
        if not _present(facts.policy.materials[code], shown, facts.claim.statement)
    )


def _present(material: Material, shown: set[PageKind], statement: str) -> bool:
    if material.statement_characters is not None:
        return bool(shown) or len("".join(statement.split())) >= material.statement_characters
    return not shown.isdisjoint(material.shown_by)
