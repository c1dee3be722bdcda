"""The whole case page as one typed value, made of a case, its policy and its surroundings. No I/O."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.console.case_page.clauses import Fired, fired
from service.console.case_page.fact_table import FactRow, ReadField, fact_table, read_fields
from service.console.case_page.forms import Deciding, act_name, deciding
from service.console.case_page.head import Head, head
from service.console.case_page.links import Links, links
from service.console.case_page.pictures import PictureView, pictures
from service.console.case_page.surroundings import Fault, Surroundings
from service.console.case_page.time_line import Moment, TimeLine, time_line
from service.console.case_page.waterfall import Waterfall, waterfall
from service.console.case_page.what_if import WhatIf, what_if
from service.console.case_page.words import person
from service.domain.lifecycle import BEFORE_DECISION, REASSESSED, REASSESSED_BESIDE
from service.policy import Policy
from service.review.requests import CaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedOn:
    """The form was made for version ``acted_on``, and the case is another since; ``moments``: what happened."""

    acted_on: int
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """Somebody's decision that waits: nobody else decides the case. ``seconds``: until it takes effect."""

    by: str
    what: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """``case_id`` as text. ``waterfall``, ``fired`` and ``what_if`` are None for who has not judged yet (``blind``),
    and ``assessed`` False while nothing has been assessed. ``deciding`` None: the reader may not act."""

    case_id: str
    blind: bool
    assessed: bool
    head: Head
    facts: tuple[FactRow, ...]
    fields: tuple[ReadField, ...]
    pictures: tuple[PictureView, ...]
    waterfall: Waterfall | None
    fired: tuple[Fired, ...] | None
    what_if: WhatIf | None
    line: TimeLine
    links: Links
    deciding: Deciding | None
    moved_on: MovedOn | None
    zone: str
    held: HeldBy | None = None
    fault: Fault | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    may_act: bool = False
    once: str = ""
    takes_files: bool = False

    @property
    def loose_fault(self) -> Fault | None:
        """What is wrong with a form the page does not have any more."""
        acts = {form.act for form in self.deciding.forms} if self.deciding is not None else set()
        return None if self.typed.get("act") in {*acts, *_OWN_PLACES} else self.fault

    @property
    def picture_numbers(self) -> dict[str, int]:
        """SHA-256 → the number a picture is shown under."""
        return {picture.sha256: picture.number for picture in self.pictures}


_OWN_PLACES = ("reveal", "correct-reading", "mark", "add-files")


def case_page(view: CaseView, policy: Policy, around: Surroundings) -> CasePage:
    """``policy``: the one in force on the case's platform."""
    case, language = view.case, around.language
    assessment = view.assessment if case.state not in BEFORE_DECISION else None
    told = None if around.blind else assessment
    line = time_line(view, policy.time_zone, around)
    return CasePage(
        case_id=str(case.id),
        blind=around.blind,
        assessed=assessment is not None,
        head=head(view, policy, around),
        facts=fact_table(assessment, language, around.revealed) if assessment is not None else (),
        fields=read_fields(assessment, language, around.revealed) if assessment is not None else (),
        pictures=pictures(assessment, around) if assessment is not None else (),
        waterfall=waterfall(told.risk, told.threshold, language) if told is not None and told.risk else None,
        fired=fired(told, policy, language) if told is not None else None,
        what_if=what_if(case, told, policy, around.certificate, language) if told is not None else None,
        line=line,
        links=links(case.claim.account.id, assessment, around),
        deciding=deciding(view, policy, around) if around.held is None or around.typed else None,
        moved_on=_moved_on(view, policy, around),
        zone=policy.zone,
        held=_held(around),
        fault=around.fault,
        typed=around.typed,
        may_act=around.may_act,
        once=around.once,
        takes_files=around.may_act and not around.blind and case.state in REASSESSED | REASSESSED_BESIDE,
    )


def _held(around: Surroundings) -> HeldBy | None:
    """Of a case somebody still has to judge unseen, only that it is taken."""
    if around.held is None:
        return None
    what = "…" if around.blind else act_name(around.held.intended.act, around.language)
    return HeldBy(by=person(around.held.actor), what=what, seconds=round(around.held_seconds))


def _moved_on(view: CaseView, policy: Policy, around: Surroundings) -> MovedOn | None:
    if around.acted_on is None or around.acted_on >= view.case.version:
        return None
    later = [step for step in view.steps if step.version > around.acted_on]
    since = CaseView(case=view.case, assessment=None, steps=tuple(later))
    moments = time_line(since, policy.time_zone, around).moments
    return MovedOn(acted_on=around.acted_on, moments=tuple(each for each in moments if each.source == "case"))
