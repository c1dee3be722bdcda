"""Versions of a policy as the desk shows them: where each stands, and who signed it when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.console.figures import Shown, moment
from service.console.policy_desk.names import STATES, TONES
from service.console.words import named
from service.domain.actors import same_person
from service.domain.policy_versions import PolicyState, PolicyStep, Signature
from service.review.policies import Standing

_OPEN = frozenset({PolicyState.DRAFTED, PolicyState.PROPOSED, PolicyState.SCHEDULED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    what: str
    by: str
    at: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionView:
    """``own``: the reader drafted or proposed it, so that somebody else signs it."""

    version: str
    state: str
    state_name: str
    tone: str
    signatures: tuple[Signed, ...]
    effective: Shown | None
    wanted: Shown | None
    note: str
    ended_why: str
    based_on: str | None
    voids_certificate: bool
    text_sha256: str
    own: bool
    can_sign: bool
    can_refuse: bool
    can_withdraw: bool


def version_view(standing: Standing, zone: str, now: datetime, language: str, login: str) -> VersionView:
    """``login``: of the reader."""
    record, state = standing.record, standing.state
    effective = moment(record.effective_at, zone, now, language)
    return VersionView(
        version=record.version,
        state=state.value,
        state_name=named(STATES, state, language),
        tone=TONES.get(state, ""),
        signatures=tuple(_signatures(standing, zone, now, language)),
        effective=effective,
        wanted=moment(record.wanted_at, zone, now, language) if effective is None else None,
        note=record.note,
        ended_why=record.ended_why,
        based_on=record.based_on,
        voids_certificate=standing.voids_certificate,
        text_sha256=record.text_sha256,
        own=any(same_person(each.person, login) for each in (record.drafted, record.proposed) if each is not None),
        can_sign=state is PolicyState.PROPOSED,
        can_refuse=state is PolicyState.PROPOSED,
        can_withdraw=state in _OPEN,
    )


def _signatures(standing: Standing, zone: str, now: datetime, language: str) -> Sequence[Signed]:
    record, english = standing.record, language == "en"
    ended = {PolicyStep.REJECTED: ("拒签", "refused"), PolicyStep.WITHDRAWN: ("撤回", "withdrawn")}.get(record.step)
    found: list[tuple[tuple[str, str], Signature | None]] = [
        (("起草", "drafted"), record.drafted),
        (("提议", "proposed"), record.proposed),
        (("签署", "signed"), record.signed),
    ]
    if ended is not None:
        found.append((ended, record.ended))
    return [
        Signed(
            what=words[1] if english else words[0], by=signature.person, at=moment(signature.at, zone, now, language)
        )
        for words, signature in found
        if signature is not None
    ]
