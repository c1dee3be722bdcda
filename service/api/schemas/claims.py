"""The claim as a platform sends it, and its way into the domain's Claim."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from service.api.schemas.fields import (
    Amount,
    AmountOrZero,
    Count,
    CountOrZero,
    Currency,
    Digest,
    Identifier,
    Moment,
    Name,
    Strict,
    Word,
)
from service.domain.claims import (
    Account,
    Anchor,
    Claim,
    Consent,
    Fulfilment,
    FulfilmentState,
    GoodsKind,
    Order,
    Product,
    ProductTerms,
    ReasonCode,
    Route,
    UseState,
)
from service.domain.money import Money

# JSON has no enums: these fields take the value's text.
_Choice = Field(strict=False)


class AccountIn(Strict):
    """The claimant; ids are the platform's own and opaque to us."""

    id: Identifier
    opened_at: Moment | None = None
    device_id: Identifier | None = Field(default=None, description="The device this claim was made on.")
    ip: Identifier | None = Field(
        default=None, description="The address this claim came from; a keyed hash is as good."
    )
    payer_id: Identifier | None = Field(default=None, description="Who paid, as the payment provider names them.")
    elderly: bool = Field(
        default=False, description="Elderly holder: the case goes to the fast lane. Never a risk feature."
    )
    identity_digest: Digest | None = Field(
        default=None,
        description="Registered identity: HMAC-SHA-256 (hex) of the identity number (18 characters, X in capitals) "
        "under the key shown by `prereview platforms identity-key NAME`. An identity card among the evidence must be "
        "this one.",
    )
    second_factor_passed: bool | None = Field(
        default=None, description="Whether the order passed the account's second factor; for `unauthorised`."
    )
    contact_confirmed: bool | None = Field(
        default=None,
        description="Whether this claim was confirmed from the registered phone or mailbox; for `unauthorised`.",
    )

    def to_domain(self) -> Account:
        return Account(**dict(self))


class ProductIn(Strict):
    id: Identifier
    name: Name
    kind: Annotated[GoodsKind, _Choice]
    category: Name = ""
    face_value: Amount | None = None
    region: Name | None = None

    def to_domain(self, currency: str) -> Product:
        face = None if self.face_value is None else Money(self.face_value, currency)
        return Product(**{**dict(self), "face_value": face})


class TermsIn(Strict):
    """The terms shown for this product when the order was placed; they bind over the platform's general ones."""

    time_limit_hours: int | None = Field(default=None, ge=1, le=87_600)
    anchor: Annotated[Anchor, _Choice] | None = Field(
        default=None, description="The moment the time limit counts from."
    )
    no_refund_notice: bool = False
    conspicuous: bool = Field(
        default=False,
        description="These terms could not be missed. Else a no-refund notice does not count, and a fee or share worse "
        "for the buyer than the platform's own does not either.",
    )
    trial: bool = False
    valid_until: Moment | None = None
    fee_permille: int | None = Field(
        default=None, ge=0, le=50, description="Fee for the buyer's own change of heart or slip, in thousandths."
    )
    refund_permille: int | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="How much of the price is given back for the buyer's own change of heart or slip, in thousandths.",
    )

    def to_domain(self) -> ProductTerms:
        return ProductTerms(**dict(self))


class OrderIn(Strict):
    """The order and its payment as the platform has them on record."""

    order_number: Identifier
    trade_number: Identifier | None = Field(
        default=None, description="The payment's own number at the payment provider."
    )
    product: ProductIn
    seller_id: Identifier
    supplier_id: Identifier | None = Field(default=None, description="Who delivers to the seller, where known.")
    amount_paid: Amount
    amount_refunded: AmountOrZero = 0
    currency: Currency = "CNY"
    quantity: int = Field(default=1, ge=1, le=100_000)
    ordered_at: Moment
    paid_at: Moment | None = None
    confirmed_at: Moment | None = Field(default=None, description="When the buyer confirmed receipt (escrow ends).")
    payee: Name | None = None
    payment_method: Name | None = None
    recharged_account: Identifier | None = Field(
        default=None, description="The phone number or account that was topped up."
    )
    funding_source: Name | None = None
    cross_border: bool = False
    disputed: bool = Field(default=False, description="A dispute at the payment provider or a consumer body is open.")
    balance_withdrawable: bool | None = None
    terms: TermsIn = TermsIn()

    @model_validator(mode="after")
    def _refunded_within_paid(self) -> Self:
        if self.amount_refunded > self.amount_paid:
            raise ValueError("amount_refunded is above amount_paid; send the order's record as it stands")
        return self

    def to_domain(self) -> Order:
        changed = {
            "product": self.product.to_domain(self.currency),
            "amount_paid": Money(self.amount_paid, self.currency),
            "amount_refunded": Money(self.amount_refunded, self.currency),
            "terms": self.terms.to_domain(),
        }
        rest = {name: value for name, value in self if name != "currency"}
        return Order(**{**rest, **changed})


class FulfilmentIn(Strict):
    """Delivery and use as logged by the platform or its supplier."""

    state: Annotated[FulfilmentState, _Choice] = FulfilmentState.UNKNOWN
    use: Annotated[UseState, _Choice] = UseState.UNKNOWN
    delivered_at: Moment | None = None
    activated_at: Moment | None = None
    promised_by: Moment | None = None
    voidable: bool = Field(default=False, description="The code was never activated and can be voided at no cost.")
    recallable: bool = Field(default=False, description="The top-up can be recalled at no cost.")
    used_by_claimant: bool | None = Field(default=None, description="Who activated, where the log can tell.")
    units_total: Count | None = Field(default=None, description="Units (days, coins) bought, for a pro-rata refund.")
    units_used: CountOrZero | None = None

    @model_validator(mode="after")
    def _used_within_total(self) -> Self:
        if self.units_total is not None and self.units_used is not None and self.units_used > self.units_total:
            raise ValueError("units_used is above units_total; send the log as it stands")
        return self

    def to_domain(self) -> Fulfilment:
        return Fulfilment(**dict(self))


class ConsentIn(Strict):
    """The buyer's consent to reading identity papers. Without it an identity page is kept sealed and not read."""

    given_at: Moment = Field(description="When the buyer agreed, on the platform.")
    purpose: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        description="What for, in the words the buyer agreed to.", examples=["Checking who holds the account"]
    )

    def to_domain(self) -> Consent:
        return Consent(given_at=self.given_at, purpose=self.purpose)


class ClaimIn(Strict):
    """One refund claim. Amounts are integer minor units of ``order.currency``; times ISO 8601 with offset."""

    reference: Identifier = Field(description="The platform's own number for this claim.")
    platform: Identifier | None = Field(
        default=None, description="May be left out; if given, it must be the key's platform."
    )
    account: AccountIn
    order: OrderIn
    fulfilment: FulfilmentIn = FulfilmentIn()
    reason: Annotated[ReasonCode, _Choice] = Field(description="Why the buyer asks; `other` delays the case.")
    statement: Annotated[str, StringConstraints(max_length=5_000)] = Field(
        default="", description="In the buyer's words."
    )
    amount_claimed: Amount
    route: Annotated[Route, _Choice] = Field(default=Route.ORIGINAL, description="Where the buyer wants the money.")
    channel: Word = "api"
    duplicate_of: Identifier | None = Field(
        default=None, description="The other order or payment, for duplicate_payment."
    )
    consent: ConsentIn | None = Field(
        default=None, description="Needed with identity papers: they are not read without the buyer's consent."
    )

    def to_domain(self, platform_id: str) -> Claim:
        """The domain's claim, on the platform of the key."""
        return Claim(
            platform_id=platform_id,
            reference=self.reference,
            account=self.account.to_domain(),
            order=self.order.to_domain(),
            fulfilment=self.fulfilment.to_domain(),
            reason=self.reason,
            amount_claimed=Money(self.amount_claimed, self.order.currency),
            statement=self.statement,
            channel=self.channel,
            route=self.route,
            duplicate_of=self.duplicate_of,
            consent=self.consent.to_domain() if self.consent else None,
        )
