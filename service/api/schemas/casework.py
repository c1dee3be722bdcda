"""What actions on cases are asked with: ``as`` says in whose part the key acts, ``by`` which reviewer it is."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from service.api.schemas.fields import Amount, Strict, Word
from service.domain.labels import LabelSource
from service.domain.lifecycle import Party
from service.review.deciding import Decision

Reason = Annotated[str, StringConstraints(max_length=1_000)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80)]
Clause = Annotated[str, StringConstraints(min_length=1, max_length=128)]

_WHY = Field(default="", description="For the record, not for the buyer; free of personal data.")
_PLAIN = ConfigDict(strict=True, extra="forbid", frozen=True, validate_by_alias=True, validate_by_name=True)


class ActionIn(Strict):
    """``party``: in whose part; ``by``: the reviewer's name, where it is one."""

    model_config = _PLAIN

    @property
    def party(self) -> Party:
        return Party(getattr(self, "as_", Party.PLATFORM.value))

    @property
    def person(self) -> str | None:
        found: str | None = getattr(self, "by", None)
        return found


class BuyersActionIn(ActionIn):
    as_: Literal["buyer", "platform"] = Field(
        default="platform", alias="as", description="`buyer`: the buyer asked for it through the platform."
    )


class ReviewersActionIn(ActionIn):
    as_: Literal["reviewer", "senior"] = Field(
        default="reviewer",
        alias="as",
        description="Needs the scope `review`, for `senior` the scope `review_senior`.",
    )
    by: Name = Field(description="Who it is, in your own house: the same person always under the same name.")


class AnyActionIn(ActionIn):
    as_: Literal["buyer", "platform", "reviewer", "senior"] = Field(default="platform", alias="as")
    by: Name | None = Field(default=None, description="The reviewer's name, where `as` is reviewer or senior.")


class WithdrawIn(BuyersActionIn):
    as_: Literal["buyer", "platform"] = Field(default="buyer", alias="as")
    reason: Reason = _WHY


class ReopenIn(AnyActionIn):
    reason: Reason = _WHY


class CounterIn(BuyersActionIn):
    as_: Literal["buyer", "platform"] = Field(default="buyer", alias="as")
    amount: Amount
    statement: Annotated[str, StringConstraints(max_length=5_000)] = ""


class AcceptOfferIn(BuyersActionIn):
    as_: Literal["buyer", "platform"] = Field(default="buyer", alias="as")


class DeclineOfferIn(BuyersActionIn):
    as_: Literal["buyer", "platform"] = Field(default="buyer", alias="as")
    reason: Reason = _WHY


class ApproveIn(ReviewersActionIn):
    message: Words = Field(description="To the buyer.")
    reason: Reason = _WHY

    def to_decision(self) -> Decision:
        return Decision(message=self.message, reason=self.reason)


class PartIn(ReviewersActionIn):
    """``amount`` (after any fee): only where it is not what the policy works out; it needs a reason then."""

    message: Words = Field(description="To the buyer.")
    amount: Amount | None = None
    reason: Reason = _WHY

    def to_decision(self) -> Decision:
        return Decision(message=self.message, reason=self.reason, amount=self.amount)


class RejectIn(ReviewersActionIn):
    clause: Clause = Field(
        description="Of the policy: an id of the negative list, `reasons.<reason>` or `materials.<code>`."
    )
    message: Words = Field(description="To the buyer.")
    reason: Reason = _WHY

    def to_decision(self) -> Decision:
        return Decision(message=self.message, reason=self.reason, clause=self.clause)


class _SeniorIn(ReviewersActionIn):
    as_: Literal["senior"] = Field(default="senior", alias="as")


class RulingIn(_SeniorIn):
    ruling: Words = Field(description="What was ruled, by whom and on what grounds; it is kept and binding.")
    message: Words = Field(description="To the buyer.")
    reason: Reason = _WHY

    def to_decision(self) -> Decision:
        return Decision(message=self.message, reason=self.reason, ruling=self.ruling)


class PartialRulingIn(RulingIn):
    amount: Amount | None = None

    def to_decision(self) -> Decision:
        return Decision(message=self.message, reason=self.reason, ruling=self.ruling, amount=self.amount)


class MaterialsIn(ReviewersActionIn):
    materials: Annotated[list[Clause], Field(min_length=1, max_length=20)] = Field(
        description="Codes of the policy's materials."
    )
    message: Annotated[str, StringConstraints(max_length=2_000)] = Field(default="", description="To the buyer.")
    reason: Reason = _WHY


class AskSupplierIn(ReviewersActionIn):
    asked: Literal["supplier", "seller"] = "supplier"
    question: Words


class ReviewersWordIn(ReviewersActionIn):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class SecondReviewIn(ReviewersActionIn):
    pass


class CloseIn(_SeniorIn):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]


class ArbitrationIn(AnyActionIn):
    as_: Literal["buyer", "platform", "senior"] = Field(default="buyer", alias="as")
    statement: Words


class ReverseIn(AnyActionIn):
    as_: Literal["platform", "senior"] = Field(default="platform", alias="as")
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    loss_share: float = Field(
        ge=0, le=1, allow_inf_nan=False, description="The part that was not due and is not recovered: 0 none, 1 all."
    )
    source: Annotated[Literal["chargeback", "record", "review"], Field()] = "record"

    @property
    def label_source(self) -> LabelSource:
        return LabelSource(self.source)


class SupplierAnswerIn(AnyActionIn):
    as_: Literal["platform", "reviewer", "senior"] = Field(default="platform", alias="as")
    answer: Words
    fulfilment: dict[Word, Any] | None = Field(
        default=None, description="What the answer puts right in the claim's `fulfilment`: the fields that change."
    )


class EvidenceIn(AnyActionIn):
    """The part `details` beside the files."""


class AppealIn(BuyersActionIn):
    """The part `details` beside the files, or the whole body as JSON."""

    as_: Literal["buyer", "platform"] = Field(default="buyer", alias="as")
    statement: Annotated[str, StringConstraints(max_length=5_000)] = Field(
        default="", description="What was not said before."
    )


class CorrectionsIn(AnyActionIn):
    """The fields that change, as in the claim; objects are merged field by field, null takes a value away."""

    account: dict[Word, Any] | None = None
    order: dict[Word, Any] | None = None
    fulfilment: dict[Word, Any] | None = None
    reason_code: str | None = Field(default=None, max_length=64, description="The claim's `reason`, made precise.")
    statement: Annotated[str, StringConstraints(max_length=5_000)] | None = None
    amount_claimed: Amount | None = None
    route: str | None = Field(default=None, max_length=64)
    reason: Reason = _WHY

    def changes(self) -> dict[str, Any]:
        """By the claim's own names."""
        found = {
            "account": self.account, "order": self.order, "fulfilment": self.fulfilment, "reason": self.reason_code,
            "statement": self.statement, "amount_claimed": self.amount_claimed, "route": self.route,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}
