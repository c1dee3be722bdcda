"""A refund claim as the platform sends it: the account, the order's record, the fulfilment's record, the reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.domain.money import Money


class ReasonCode(StrEnum):
    """Why the buyer asks (DOMAIN: what may be refunded)."""

    NOT_DELIVERED = "not_delivered"
    CODE_INVALID = "code_invalid"
    CODE_ALREADY_USED = "code_already_used"
    USED_WITHOUT_EFFECT = "used_without_effect"
    NOT_AS_DESCRIBED = "not_as_described"
    SERVICE_ABNORMAL = "service_abnormal"
    DUPLICATE_PAYMENT = "duplicate_payment"
    PLATFORM_FAULT = "platform_fault"
    WRONG_TARGET = "wrong_target"
    UNUSED_CHANGE_OF_MIND = "unused_change_of_mind"
    UNAUTHORISED = "unauthorised"
    PARTIAL_USE = "partial_use"
    OTHER = "other"


class GoodsKind(StrEnum):
    CARD_CODE = "card_code"
    TOP_UP = "top_up"
    MEMBERSHIP = "membership"
    ACTIVATION = "activation"
    IN_GAME = "in_game"
    OTHER = "other"


class Anchor(StrEnum):
    """The moment a time limit counts from."""

    PAID = "paid_at"
    DELIVERED = "delivered_at"
    CONFIRMED = "confirmed_at"


class FulfilmentState(StrEnum):
    """What the platform's own log (or the carrier's) says of delivery."""

    NOT_DELIVERED = "not_delivered"
    IN_PROGRESS = "in_progress"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNKNOWN = "unknown"


class UseState(StrEnum):
    """What the code's or account's own log says of use; ``viewed`` means the secret was shown."""

    NEVER_VIEWED = "never_viewed"
    VIEWED = "viewed"
    ACTIVATED = "activated"
    PARTLY_USED = "partly_used"
    VOIDED = "voided"
    UNKNOWN = "unknown"


class Route(StrEnum):
    """Where money goes back to; only ever the original payer and funding source, or the platform balance."""

    ORIGINAL = "original"
    BALANCE = "balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The claimant. ``device_id``, ``ip``, ``payer_id`` are the platform's opaque ids of this claim's session.

    ``identity_digest``: HMAC-SHA-256 (hex) of the registered identity number under the platform's identity key.
    ``second_factor_passed``: by the order; ``contact_confirmed``: this claim was, from the registered phone or mailbox;
    both as the platform knows it, None where it does not.
    """

    id: str
    opened_at: datetime | None = None
    device_id: str | None = None
    ip: str | None = None
    payer_id: str | None = None
    elderly: bool = False
    identity_digest: str | None = None
    second_factor_passed: bool | None = None
    contact_confirmed: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    id: str
    name: str
    kind: GoodsKind
    category: str = ""
    face_value: Money | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductTerms:
    """The terms shown for this product when the order was placed; they bind over the platform's general ones.

    ``no_refund_notice`` counts only when ``conspicuous``. ``time_limit_hours`` None: the policy's own limit holds.
    ``fee_permille`` and ``refund_permille`` are for a buyer's own change of heart or slip: thousandths of the amount
    kept as fee, and of the price given back. Where they are worse for the buyer than the platform's own they count only
    when ``conspicuous``; where they are better they always do.
    """

    time_limit_hours: int | None = None
    anchor: Anchor | None = None
    no_refund_notice: bool = False
    conspicuous: bool = False
    trial: bool = False
    valid_until: datetime | None = None
    fee_permille: int | None = None
    refund_permille: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """The order and its payment as the platform has them on record (UTC)."""

    order_number: str
    product: Product
    seller_id: str
    amount_paid: Money
    ordered_at: datetime
    amount_refunded: Money
    quantity: int = 1
    paid_at: datetime | None = None
    confirmed_at: datetime | None = None
    trade_number: str | None = None
    payee: str | None = None
    payment_method: str | None = None
    recharged_account: str | None = None
    funding_source: str | None = None
    cross_border: bool = False
    disputed: bool = False
    balance_withdrawable: bool | None = None
    terms: ProductTerms = ProductTerms()
    supplier_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fulfilment:
    """Delivery and use as logged by the platform or its supplier. Times are UTC.

    ``voidable``/``recallable``: the code can still be voided, the top-up still recalled, at no cost.
    ``used_by_claimant``: who activated, where the log can tell; None where it cannot.
    """

    state: FulfilmentState = FulfilmentState.UNKNOWN
    use: UseState = UseState.UNKNOWN
    delivered_at: datetime | None = None
    activated_at: datetime | None = None
    promised_by: datetime | None = None
    voidable: bool = False
    recallable: bool = False
    used_by_claimant: bool | None = None
    units_total: int | None = None
    units_used: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """The buyer's consent to reading identity papers, given to the platform at a moment, for a purpose in its words."""

    given_at: datetime
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One refund claim. ``duplicate_of``: the other order or payment, for duplicate_payment.

    Without ``consent`` an identity page is not read.
    """

    platform_id: str
    reference: str
    account: Account
    order: Order
    fulfilment: Fulfilment
    reason: ReasonCode
    amount_claimed: Money
    statement: str = ""
    channel: str = "api"
    route: Route = Route.ORIGINAL
    duplicate_of: str | None = None
    consent: Consent | None = None
