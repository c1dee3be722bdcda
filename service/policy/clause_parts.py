"""Clauses with ids: who is liable, who is asked first, what part may be offered, what else must be sent, and notes.

A clause holds for the claims its filter names: ``reasons`` and ``goods`` empty hold for all; ``stage`` says whether the
buyer has confirmed receipt. Where several clauses of one list hold, the first counts, as in a list that people read.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from service.domain.assessment import Party
from service.domain.claims import Claim, GoodsKind, ReasonCode
from service.policy.parts import Fault, Minor, Name, Part, Wording


class Stage(StrEnum):
    """``unconfirmed``: the buyer has not confirmed receipt, so that money in escrow is still frozen."""

    ANY = "any"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"


class FilteredClause(Wording):
    id: Name
    reasons: tuple[ReasonCode, ...] = ()
    goods: tuple[GoodsKind, ...] = ()
    stage: Stage = Stage.ANY

    def concerns(self, claim: Claim) -> bool:
        """Whether the claim is one of those the clause is about."""
        if self.reasons and claim.reason not in self.reasons:
            return False
        if self.goods and claim.order.product.kind not in self.goods:
            return False
        confirmed = claim.order.confirmed_at is not None
        return self.stage is Stage.ANY or (self.stage is Stage.CONFIRMED) is confirmed


class LiabilityClause(FilteredClause):
    """At whose door it lies, where it is not what the reason's ``fault`` says."""

    party: Literal[Party.SELLER, Party.PLATFORM, Party.SUPPLIER, Party.BUYER]


class LiabilityRules(Part):
    """``escrow``: the seller's money stays frozen until the buyer confirms receipt. ``advance_compensation``: once it
    has been released, the platform pays the buyer first and recovers the sum from the seller (先行赔付)."""

    escrow: bool = False
    advance_compensation: bool = False
    clauses: tuple[LiabilityClause, ...] = ()


class AskWhen(StrEnum):
    """``log_unknown``: only where the platform's own log cannot tell whether the goods arrived or were used."""

    ALWAYS = "always"
    LOG_UNKNOWN = "log_unknown"


class ConfirmationClause(FilteredClause):
    """Seller or supplier is asked, and has the time given under deadlines. The wording is what the buyer reads.

    ``before`` review: people wait for the answer, automatic approval does not; approval: nothing is approved before it.
    """

    ask: Literal[Party.SELLER, Party.SUPPLIER]
    when: AskWhen = AskWhen.ALWAYS
    before: Literal["review", "approval"] = "review"


class OfferClause(FilteredClause):
    """Part of the price that a reviewer may offer: a share of it, or what is unused. Nothing is offered by itself.

    ``clauses``: only where one of these of the negative list was met; empty: wherever a person decides.
    ``unused_part_by``: units or days, as for a reason whose amount is pro_rata.
    """

    clauses: tuple[Name, ...] = ()
    share_permille: Annotated[int, Field(ge=1, le=999)] | None = None
    unused_part_by: Literal["units", "days"] | None = None

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if (self.unused_part_by is None) == (self.share_permille is None):
            raise ValueError("give either share_permille or unused_part_by, and only one of them")
        return self


class MaterialsWhen(StrEnum):
    ALWAYS = "always"
    CROSS_BORDER = "cross_border"
    AMOUNT_FROM = "amount_from"


class MaterialsClause(FilteredClause):
    """Materials asked for besides those of the reason, also where the platform's log proves the claim."""

    when: MaterialsWhen = MaterialsWhen.ALWAYS
    amount_from_minor: Minor | None = None
    materials: Annotated[tuple[Name, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _amount_belongs_to_its_rule(self) -> Self:
        if (self.when is MaterialsWhen.AMOUNT_FROM) != (self.amount_from_minor is not None):
            raise ValueError("amount_from_minor belongs to when: amount_from, which needs it")
        return self


class SeniorReview(Part):
    """Which claims only a senior reviewer may decide."""

    cross_border: bool = True
    disputed: bool = True
    reasons: tuple[ReasonCode, ...] = ()
    amount_from_minor: Minor | None = None


class Note(Wording):
    """A sentence published with the policy; it decides nothing."""

    id: Name


PARTY_OF_FAULT = {
    Fault.BUYER: Party.BUYER,
    Fault.SELLER: Party.SELLER,
    Fault.PLATFORM: Party.PLATFORM,
    Fault.UNCLEAR: Party.UNCLEAR,
}
