"""Why the rules said what they said: clauses that fired with their published wording, and findings without one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.console.foreign_text import visible
from service.domain.assessment import Assessment, Text
from service.policy import Policy

# Whether a claim was drawn, or is outside the roll-out, is shown to nobody: a sample that shows is none.
_NOT_SHOWN = frozenset({"audit_draw", "outside_rollout"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fired:
    """One finding. ``clause`` and ``wording``: of the policy, None for a finding that rests on none.

    ``wording`` is None too where the policy in force has no such clause any more.
    """

    code: str
    finding: str
    clause: str | None
    wording: str | None
    page: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChoice:
    """A clause that a rejection may rest on, with the sentence the buyer is told. ``fired``: by the rules."""

    id: str
    wording: str
    fired: bool


def fired(assessment: Assessment, policy: Policy, language: str) -> tuple[Fired, ...]:
    """In the order the rules gave them; what raised the risk stands in the waterfall and not here."""
    wordings = dict(_wordings(policy))
    return tuple(
        Fired(
            code=reason.code,
            finding=visible(reason.text.get(language)),
            clause=reason.clause,
            wording=_said(wordings, reason.clause, language),
            page=reason.evidence,
        )
        for reason in assessment.verdict.reasons
        if reason.contribution is None and reason.code not in _NOT_SHOWN
    )


def rejection_clauses(policy: Policy, met: tuple[str, ...], language: str) -> tuple[ClauseChoice, ...]:
    """The clauses a rejection may name, those in ``met`` first."""
    wordings = [*_rejecting(policy)]
    chosen = [ClauseChoice(id=clause, wording=text.get(language), fired=clause in met) for clause, text in wordings]
    return tuple(sorted(chosen, key=lambda choice: not choice.fired))


def _said(wordings: Mapping[str, Text], clause: str | None, language: str) -> str | None:
    found = wordings.get(clause) if clause is not None else None
    return None if found is None else found.get(language)


def _rejecting(policy: Policy) -> Iterator[tuple[str, Text]]:
    yield from ((clause.id, clause.text) for clause in policy.negative_list)
    yield from ((f"reasons.{reason.value}", rule.text) for reason, rule in policy.reasons.items())
    yield from ((f"materials.{code}", material.text) for code, material in policy.materials.items())


def _wordings(policy: Policy) -> Iterator[tuple[str, Text]]:
    yield from _rejecting(policy)
    yield from ((clause.id, clause.text) for clause in policy.further_materials)
    yield from ((clause.id, clause.text) for clause in policy.confirmations)
    yield from ((clause.id, clause.text) for clause in policy.liability.clauses)
    yield from ((clause.id, clause.text) for clause in policy.offers)
    yield from ((clause.id, clause.text) for clause in policy.notes)
