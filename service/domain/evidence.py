"""What was read from an image: lines, fields, and the three ways reading can end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


@dataclass(frozen=True, slots=True)
class Box:
    """Axis-aligned, in pixels of the original image after EXIF rotation: x0 ≤ x1, y0 ≤ y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text; ``score`` in [0, 1] is the recogniser's mean character probability."""

    text: str
    score: float
    box: Box


class FailedReason(StrEnum):
    """Why an image could not be read; each ends in a person's hands, never in 'no text'."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    TOO_MANY_FRAMES = "too_many_frames"
    UNSUPPORTED_TYPE = "unsupported_type"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    TIMEOUT = "timeout"
    READER_CRASHED = "reader_crashed"
    READER_UNAVAILABLE = "reader_unavailable"
    MISSING_FILE = "missing_file"
    INTERNAL_ERROR = "internal_error"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """Facts of the picture itself. ``media_type`` is told by the content, never by the name.

    ``signals``: plain numbers such as sharpness, ``perceptual_hash`` 64-bit hex kept apart.
    ``ms``: milliseconds of each stage (decode, detect, recognise, ...).
    """

    media_type: str
    width: int
    height: int
    perceptual_hash: str | None = None
    signals: Mapping[str, float] = field(default_factory=dict)
    ms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The image was read and carries text."""

    lines: tuple[Line, ...]
    image: ImageFacts
    status: Literal["read"] = "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Empty:
    """The image was read and carries no text."""

    image: ImageFacts
    status: Literal["empty"] = "empty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The image could not be read. ``detail`` is for the log and the reviewer, in English."""

    reason: FailedReason
    detail: str = ""
    status: Literal["failed"] = "failed"


ReadOutcome = Read | Empty | Failed


class PageKind(StrEnum):
    ORDER = "order"
    PAYMENT = "payment"
    PROMPT = "prompt"
    CHAT = "chat"
    LIST = "list"
    DELIVERY = "delivery"
    IDENTITY = "identity"
    UNKNOWN = "unknown"


class ErrorCode(StrEnum):
    """Canonical meaning of an error prompt."""

    CODE_INVALID = "code_invalid"
    CODE_USED = "code_used"
    CODE_WRONG = "code_wrong"
    EXPIRED = "expired"
    TOPUP_FAILED = "topup_failed"
    NUMBER_NOT_FOUND = "number_not_found"
    REGION_MISMATCH = "region_mismatch"
    BALANCE_INSUFFICIENT = "balance_insufficient"
    NO_SUCH_RECORD = "no_such_record"
    SYSTEM_BUSY = "system_busy"
    PAYMENT_FAILED = "payment_failed"
    DUPLICATE_PAYMENT = "duplicate_payment"
    ORDER_NOT_FOUND = "order_not_found"
    OUT_OF_STOCK = "out_of_stock"
    ACCOUNT_RESTRICTED = "account_restricted"
    NOT_DELIVERED = "not_delivered"


class FieldName(StrEnum):
    """Keys of ``fields`` in the read contract."""

    ORDER_NUMBER = "order_number"
    TRADE_NUMBER = "trade_number"
    AMOUNT = "amount"
    ORDERED_AT = "ordered_at"
    PAID_AT = "paid_at"
    PRODUCT = "product"
    PAYEE = "payee"
    PAYMENT_METHOD = "payment_method"
    STATUS = "status"
    RECHARGED_ACCOUNT = "recharged_account"
    ERROR_PROMPT = "error_prompt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact read from a page.

    ``value``: minor units (int) for amounts; ISO 8601 local time without zone for times; an ErrorCode's value for
    prompts; otherwise text. ``text``: as read. ``score`` in [0, 1]. ``rule``: which rule found it.
    """

    name: FieldName
    value: str | int
    text: str
    score: float
    box: Box
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The fields of one page; a field that is not on the page is absent, never guessed."""

    kind: PageKind
    fields: Mapping[FieldName, Field]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One stored file with its reading; identified by the SHA-256 of its bytes within its platform."""

    sha256: str
    outcome: ReadOutcome
    page: Page | None = None
    name: str = ""
    size: int = 0
