"""The trail's entries, the chain and its verifications as the pages show them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.console.audit_desk.words import ACTIONS, ACTORS, FINDINGS
from service.console.figures import Shown, moment, money
from service.console.foreign_text import visible
from service.console.words import STATES, STEPS, named
from service.domain.lifecycle import Action
from service.review.trail_desk import AuditEntry, Verification

_LONGEST = 240
_SUMS = ("amount", "amount_claimed")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``case_id``: where the subject is a case. ``position`` None: not chained yet."""

    id: int
    at: Shown
    kind: str
    actor: str
    action: str
    code: str
    subject: str
    case_id: str
    reason: str
    changes: tuple[Change, ...]
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationRow:
    """``state``: waiting, walking, failed, sound or unsound; ``share``: of the way, 0 to 100."""

    id: str
    by: str
    asked: Shown
    ended: Shown | None
    state: str
    share: int
    position: int
    reaches: int
    covered_to: int
    uncovered: int
    outside: bool
    findings: tuple[tuple[str, str, str], ...]
    findings_in_all: int


@dataclass(frozen=True, slots=True)
class Eyes:
    """How the reader reads: the platform's zone and currency, the present, the language."""

    zone: str
    currency: str
    now: datetime
    language: str

    def when(self, at: datetime) -> Shown:
        shown = moment(at, self.zone, self.now, self.language)
        assert shown is not None
        return shown


def row_of(entry: AuditEntry, eyes: Eyes) -> Row:
    kind, _, id_ = entry.subject.partition(":")
    return Row(
        id=entry.id,
        at=eyes.when(entry.at),
        kind=named(ACTORS, entry.actor.kind.value, eyes.language),
        actor=visible(entry.actor.name.removeprefix("user:"), _LONGEST),
        action=action_name(entry.action, eyes.language),
        code=visible(entry.action, _LONGEST),
        subject=visible(entry.subject, _LONGEST),
        case_id=id_ if kind == "case" else "",
        reason=visible(entry.reason or "", 600),
        changes=_changes(entry.before or {}, entry.after or {}, eyes),
        position=entry.position,
    )


def action_name(code: str, language: str) -> str:
    """The name of an action; the code itself where it has none."""
    if code in ACTIONS:
        return ACTIONS[code].get(language)
    step = code.removeprefix("case.")
    return named(STEPS, step, language) if step in {action.value for action in Action} else visible(code, _LONGEST)


def _changes(before: Mapping[str, Any], after: Mapping[str, Any], eyes: Eyes) -> tuple[Change, ...]:
    currency = str(after.get("currency", eyes.currency))
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Change(
            name=visible(name, 60),
            before=_value(name, before.get(name), currency, eyes.language),
            after=_value(name, after.get(name), currency, eyes.language),
        )
        for name in names
        if before.get(name) != after.get(name)
    )


def _value(name: str, value: Any, currency: str, language: str) -> str:
    if value is None:
        return ""
    if name in _SUMS and isinstance(value, int) and re.fullmatch("[A-Z]{3}", currency):
        return money(value, currency)
    if name == "state" and isinstance(value, str):
        return named(STATES, value, language)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return visible(", ".join(map(str, value)), _LONGEST)
    # Whole in the files; here they would hide what people said.
    return _DIGEST.sub(lambda digest: f"{digest[0][:12]}…", visible(str(value), _LONGEST))


def verification_row(one: Verification, eyes: Eyes) -> VerificationRow:
    report = one.report or {}
    whole = max(one.reaches, 1)
    return VerificationRow(
        id=str(one.id),
        by=visible(one.asked_by.name.removeprefix("user:"), 80),
        asked=eyes.when(one.asked_at),
        ended=eyes.when(one.ended_at) if one.ended_at else None,
        state=_state(one),
        share=100 if one.ended_at else min(99, 100 * one.position // whole),
        position=one.position,
        reaches=one.reaches,
        covered_to=int(report.get("covered_to", 0)),
        uncovered=int(report.get("uncovered", 0)),
        outside=bool(report.get("outside", False)),
        findings=tuple(_finding(found, eyes.language) for found in report.get("findings", ())),
        findings_in_all=int(report.get("findings_in_all", 0)),
    )


def _state(one: Verification) -> str:
    if one.ended_at is None:
        return "waiting" if one.started_at is None else "walking"
    if one.sound is None:
        return "failed"
    return "sound" if one.sound else "unsound"


def _finding(found: Mapping[str, Any], language: str) -> tuple[str, str, str]:
    """Name, where, and what it says."""
    first, last = found.get("first"), found.get("last")
    where = "" if first is None else f"{first:,}" if first == last else f"{first:,} – {last:,}"
    return named(FINDINGS, str(found.get("kind", "")), language), where, visible(str(found.get("detail", "")), 600)
