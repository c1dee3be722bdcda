"""One finding: something about a claim that bears on the decision, with what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.assessment import Reason, Text


class Effect(StrEnum):
    """What a finding does. None of them rejects: that is a person's to say."""

    NEEDS_PERSON = "needs_person"
    EXCLUDES = "excludes"
    NEEDS_PERSON_UNLESS_COSTLESS = "needs_person_unless_costless"
    NEEDS_PERSON_UNLESS_UPLOAD_FREE = "needs_person_unless_upload_free"
    NEEDS_PERSON_UNLESS_SENT_AGAIN = "needs_person_unless_sent_again"
    NEEDS_MATERIAL = "needs_material"
    APPROVES = "approves"
    TELLS = "tells"


# No class approves while one of these stands.
BLOCKING = frozenset({Effect.NEEDS_PERSON, Effect.EXCLUDES, Effect.NEEDS_PERSON_UNLESS_SENT_AGAIN})
# Nor is the buyer asked for anything while one of these does: a person is needed whatever is sent.
KEEPS_FROM_ASKING = BLOCKING - {Effect.NEEDS_PERSON_UNLESS_SENT_AGAIN}


class Told(StrEnum):
    """Findings the buyer may know of, because none says how risk was judged. The buyer's message hangs on these."""

    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    EXCLUDED = "excluded"
    IMPRECISE = "imprecise"
    ASKED = "asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``text`` is for reviewers; ``wording`` the published sentence of the clause, where the buyer may read it."""

    code: str
    effect: Effect
    text: Text
    clause: str | None = None
    evidence: str | None = None
    told: Told | None = None
    wording: Text | None = None

    @property
    def reason(self) -> Reason:
        return Reason(code=self.code, text=self.text, clause=self.clause, evidence=self.evidence)
