"""A platform's refund policy as typed, validated data. Its YAML is read by ``service.policy.loading``."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from service.domain.claims import ReasonCode, Route
from service.domain.codec import digest
from service.domain.deadlines import DeadlineKind
from service.domain.money import Money, Rounding
from service.policy.clause_parts import (
    ConfirmationClause,
    LiabilityRules,
    MaterialsClause,
    Note,
    OfferClause,
    SeniorReview,
)
from service.policy.parts import (
    ApprovalClass,
    Audit,
    Budget,
    BudgetEntity,
    Classes,
    DeliveryPromise,
    Fault,
    Fee,
    Handling,
    Lanes,
    Material,
    Name,
    NegativeClause,
    Part,
    ReasonRule,
    Rollout,
    SecondReview,
    Sentence,
    Term,
    TimeLimits,
    Wording,
)
from service.policy.timing_parts import Deadlines, RouteRule, WorkingCalendar

_DAY_HOURS = 24


class Policy(Part):
    """The whole policy of one platform, already validated. What follows ``audit`` may be left out."""

    SINCE: ClassVar[frozenset[str]] = frozenset({"rounding", "further_materials", "confirmations"})

    format: Literal[1]
    version: Sentence
    platform: Name
    zone: str
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    official_channel: Wording
    review_promise: Term
    materials_deadline: Term
    time_limits: TimeLimits
    delivery_promise: DeliveryPromise
    negative_list: tuple[NegativeClause, ...]
    materials: dict[Name, Material]
    reasons: dict[ReasonCode, ReasonRule]
    classes: Classes
    budgets: tuple[Budget, ...]
    fee: Fee
    routes: tuple[RouteRule, ...]
    second_review: SecondReview
    lanes: Lanes
    audit: Audit
    rounding: Rounding = Rounding.HALF_UP
    calendar: WorkingCalendar = Field(default_factory=WorkingCalendar)
    deadlines: Deadlines = Deadlines()
    further_materials: tuple[MaterialsClause, ...] = ()
    confirmations: tuple[ConfirmationClause, ...] = ()
    liability: LiabilityRules = LiabilityRules()
    offers: tuple[OfferClause, ...] = ()
    senior_review: SeniorReview = SeniorReview()
    notes: tuple[Note, ...] = ()
    rollout: Rollout = Rollout()

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except Exception:
            raise ValueError(f"{zone!r} is not a time zone; write one such as Asia/Shanghai") from None
        return zone

    @field_validator("negative_list", "budgets", "further_materials", "confirmations", "offers", "notes")
    @classmethod
    def _ids_are_unique(cls, parts: tuple[Any, ...]) -> tuple[Any, ...]:
        ids = [part.id for part in parts]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"the id {twice[0]!r} is used more than once; give each entry its own")
        return parts

    @field_validator("routes")
    @classmethod
    def _original_route_is_offered(cls, routes: tuple[RouteRule, ...]) -> tuple[RouteRule, ...]:
        if not any(rule.route is Route.ORIGINAL and not rule.payment_methods for rule in routes):
            raise ValueError("one entry must have route: original and no payment_methods, for all other methods")
        return routes

    @model_validator(mode="after")
    def _materials_exist(self) -> Self:
        for reason, rule in self.reasons.items():
            self._check_materials(rule.materials, "reasons", reason.value, "materials")
        for number, clause in enumerate(self.further_materials):
            self._check_materials(clause.materials, "further_materials", number, "materials")
        return self

    def _check_materials(self, codes: tuple[str, ...], *path: str | int) -> None:
        for code in codes:
            if code not in self.materials:
                raise _at(f"{code!r} is not described under materials; describe it there or drop it here", *path)

    @model_validator(mode="after")
    def _clauses_named_exist(self) -> Self:
        ids = {clause.id for clause in self.negative_list}
        for number, offer in enumerate(self.offers):
            for wanted in offer.clauses:
                if wanted not in ids:
                    raise _at(f"there is no clause {wanted!r} in the negative list", "offers", number, "clauses")
        return self

    @model_validator(mode="after")
    def _ids_are_told_apart(self) -> Self:
        """An id names one clause of the whole policy: it stands in decisions, messages and the public page."""
        seen: dict[str, str] = {}
        for place, clauses in self._numbered_clauses():
            for number, clause in enumerate(clauses):
                if clause.id is None:
                    continue
                if seen.setdefault(clause.id, place) != place:
                    raise _at(
                        f"the id {clause.id!r} is already used under {seen[clause.id]}; an id names one clause",
                        *place.split("."),
                        number,
                    )
        return self

    def _numbered_clauses(self) -> tuple[tuple[str, tuple[Any, ...]], ...]:
        return (
            ("negative_list", self.negative_list),
            ("further_materials", self.further_materials),
            ("confirmations", self.confirmations),
            ("liability.clauses", self.liability.clauses),
            ("offers", self.offers),
            ("routes", self.routes),
            ("notes", self.notes),
        )

    @model_validator(mode="after")
    def _fees_are_for_the_buyers_own_doing(self) -> Self:
        for reason in self.fee.by_reason:
            rule = self.reasons.get(reason)
            if rule is None or rule.fault is not Fault.BUYER:
                raise _at(
                    f"{reason.value} is not listed under reasons with fault: buyer, and nobody else pays a fee; "
                    "drop it here",
                    "fee",
                    "by_reason",
                    reason.value,
                )
        return self

    @model_validator(mode="after")
    def _stolen_accounts_go_to_a_person(self) -> Self:
        rule = self.reasons.get(ReasonCode.UNAUTHORISED)
        if rule is not None and rule.handling is Handling.AUTOMATIC:
            raise _at(
                "claims that the buyer was not the one who ordered always go to a person; write handling: person",
                "reasons",
                "unauthorised",
                "handling",
            )
        return self

    @model_validator(mode="after")
    def _approvals_have_a_ceiling(self) -> Self:
        for name in self.opted_in:
            if not any(
                budget.entity is BudgetEntity.PLATFORM
                and budget.max_amount_minor is not None
                and budget.window_hours <= _DAY_HOURS
                and (not budget.classes or name in budget.classes)
                for budget in self.budgets
            ):
                raise _at(
                    f"the class {name.value} may approve, but no budget with entity: platform, max_amount_minor and "
                    "window_hours up to 24 holds for it; add one, so that a day's mistakes have a ceiling",
                    "budgets",
                )
        return self

    @model_validator(mode="after")
    def _drawn_claims_stand_for_money(self) -> Self:
        cap = self.classes.risk.amount_up_to_minor
        if self.classes.risk.opted_in and self.audit.certain_from_minor < cap:
            raise _at(
                f"approval by risk goes up to {cap}, so certain_from_minor must be at least that: larger claims would "
                "all be drawn, and the sample would no longer stand for the money it is drawn from",
                "audit",
                "certain_from_minor",
            )
        return self

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed copy, unvalidated; what was computed of the original does not come along."""
        copied = super().model_copy(update=update, deep=deep)
        for computed in ("digest", "fingerprint"):
            copied.__dict__.pop(computed, None)
        return copied

    @property
    def opted_in(self) -> tuple[ApprovalClass, ...]:
        """The classes that may approve on this platform, in the order they are tried."""
        chosen = {
            ApprovalClass.RECOVERABLE: self.classes.recoverable.opted_in,
            ApprovalClass.ONE_CLICK: self.classes.one_click.opted_in,
            ApprovalClass.RISK: self.classes.risk.opted_in,
        }
        return tuple(name for name, opted_in in chosen.items() if opted_in)

    @property
    def time_zone(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def term(self, deadline: DeadlineKind) -> Term:
        """How long a step of a case may take."""
        if deadline is DeadlineKind.REVIEW:
            return self.review_promise
        if deadline is DeadlineKind.MATERIALS:
            return self.materials_deadline
        found: Term = getattr(self.deadlines, deadline.value)
        return found

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of everything, wording included: two policies that differ anywhere differ here."""
        return digest(self.model_dump(mode="json"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of what says which claims would be approved and for how much.

        Left out, so that changing them does not void a certificate: wording, version, the platform's id (matched on
        its own), deadlines, calendar, routes, lanes, liability, offers, second and senior review, budgets, the audit
        draw and the roll-out (they can only send more of what the rules would approve to a person, by sum or by chance;
        whether a drawn claim is judged before its approval or after changes neither the draw nor the judgement), and
        alpha (compared with the certificate itself).
        """
        return digest({name: value for name, value in _decisive(self).items() if name in _DECISIVE})


def _at(sentence: str, *path: str | int) -> PydanticCustomError:
    """A problem the loader shows at the line of ``path`` rather than at the top of the file."""
    return PydanticCustomError("at_path", "{sentence}", {"sentence": sentence, "path": list(path)})


_DECISIVE = {
    "zone",
    "currency",
    "time_limits",
    "delivery_promise",
    "negative_list",
    "materials",
    "reasons",
    "classes",
    "fee",
    "rounding",
    "further_materials",
    "confirmations",
}


def _decisive(value: Any) -> Any:
    """JSON-ready data of a part without what only says something, and without later keys left at their default."""
    if isinstance(value, Part):
        return {
            name: _decisive(getattr(value, name))
            for name, field in type(value).model_fields.items()
            if name not in value.SAYS_ONLY
            and not (name in value.SINCE and getattr(value, name) == field.get_default(call_default_factory=True))
        }
    if isinstance(value, Mapping):
        return {_decisive(key): _decisive(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_decisive(each) for each in value]
    return value.value if isinstance(value, Enum) else value
