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
    """One line of text; ``score`` in [0, 1] is the recogniser's mean character probability.

    ``other``: what the second recogniser saw, where the line was read twice and the two differ.
    """

    text: str
    score: float
    box: Box
    other: str | None = None


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
    ARCHIVE_REFUSED = "archive_refused"
    NO_CONSENT = "no_consent"


OUR_FAULT = frozenset(
    {
        FailedReason.TIMEOUT,
        FailedReason.READER_CRASHED,
        FailedReason.READER_UNAVAILABLE,
        FailedReason.MISSING_FILE,
        FailedReason.INTERNAL_ERROR,
    }
)
"""Failures of our own machinery: they say nothing of the file, and the next reading may go better."""


class HintKind(StrEnum):
    """What about a place in the picture looks worked over. Advisory: a hint raises risk, it never decides."""

    FONT = "font"
    STROKE = "stroke"
    BASELINE = "baseline"
    SPACING = "spacing"
    NOISE = "noise"
    PATCH = "patch"
    EDITOR = "editor"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class TamperHint:
    """``strength`` in [0, 1], calibrated so that honest pages seldom pass 0.5. ``box`` None: the file as a whole."""

    kind: HintKind
    strength: float
    box: Box | None = None
    note: str = ""


class FlawKind(StrEnum):
    """``mark``: something that is no text; ``unread``: it looks like text, and none was read; ``cut``: print that the
    picture's border runs through."""

    MARK = "mark"
    UNREAD = "unread"
    CUT = "cut"
    BLURRED = "blurred"
    TOO_SMALL = "too_small"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A place of a picture that is hard or impossible to read; what should stand there only the page's text can say."""

    kind: FlawKind
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageFacts:
    """Facts of the picture itself. ``media_type`` is told by the content, never by the name.

    ``signals``: plain numbers such as sharpness, ``perceptual_hash`` 64-bit hex kept apart.
    ``picture_hash``: the longer hash, over the page and its blocks, by which re-used pictures are found.
    ``hints``: places that look worked over. ``flaws``: places that are hard to read.
    ``ms``: milliseconds of each stage (decode, detect, recognise, ...).
    """

    media_type: str
    width: int
    height: int
    perceptual_hash: str | None = None
    picture_hash: str | None = None
    hints: tuple[TamperHint, ...] = ()
    flaws: tuple[Flaw, ...] = ()
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
    LIMIT_EXCEEDED = "limit_exceeded"
    CODE_LOCKED = "code_locked"
    VERIFICATION_FAILED = "verification_failed"
    NOT_YET_VALID = "not_yet_valid"


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
    FACE_VALUE = "face_value"
    VALID_UNTIL = "valid_until"
    PLATFORM_MARK = "platform_mark"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One fact read from a page.

    ``value``: minor units (int) for amounts and face values; ISO 8601 local time for times, with its offset where the
    page writes a zone other than China's, a date where no time is printed; HH:MM for the status bar's clock; an
    ErrorCode's value for prompts; otherwise text.
    ``text``: as read. ``score`` in [0, 1]. ``rule``: which rule found it. ``note``: what speaks against it, such as
    another rule or another reader that sees something else; the score is lower then.
    """

    name: FieldName
    value: str | int
    text: str
    score: float
    box: Box
    rule: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRow:
    """One order of a page that lists several; which one is meant only the claim can say."""

    fields: Mapping[FieldName, Field]
    box: Box


class Speaker(StrEnum):
    """Who says it, told by the side and manner of the bubble: ``self`` is the phone's owner."""

    SELF = "self"
    OTHER = "other"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is said in a conversation. ``said_at``: as a time field, None where the page shows none.

    ``promises_refund``: the other side says that money will come back.
    """

    speaker: Speaker
    text: str
    box: Box
    name: str | None = None
    said_at: str | None = None
    promises_refund: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What of an identity card may leave the extractor: masked forms and keyed hashes, never the text itself.

    ``number_digest``, ``name_digest``: HMAC-SHA-256 hex under the platform's key, None without a key.
    ``number_valid``: the check digit holds; None where no number was read. Dates are ISO; ``valid_until`` may be
    ``long_term``.
    """

    side: Literal["front", "back", "both"]
    name_masked: str | None = None
    number_masked: str | None = None
    name_digest: str | None = None
    number_digest: str | None = None
    number_valid: bool | None = None
    valid_from: str | None = None
    valid_until: str | None = None


class GapKind(StrEnum):
    """Why a page does not show what it should; each has words for the buyer."""

    CUT_OFF = "cut_off"
    COVERED = "covered"
    BLURRED = "blurred"
    TOO_SMALL = "too_small"
    WRONG_KIND = "wrong_kind"
    NO_DATE = "no_date"
    NO_MARK = "no_mark"
    SEVERAL_PAGES = "several_pages"
    NOT_SHOWN = "not_shown"


class Edge(StrEnum):
    TOP = "top"
    BOTTOM = "bottom"
    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One thing missing from a page: what (``field``, None for the page as a whole), why, and at which edge."""

    kind: GapKind
    field: FieldName | None = None
    edge: Edge | None = None
    box: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The fields of one page; a field that is not on the page is absent, never guessed.

    ``rows``: the orders of a list page. ``messages``: a conversation, top to bottom. ``gaps``: what the page should
    show and does not.
    """

    kind: PageKind
    fields: Mapping[FieldName, Field]
    rows: tuple[OrderRow, ...] = ()
    messages: tuple[Message, ...] = ()
    identity: Identity | None = None
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One stored file with its reading; identified by the SHA-256 of its bytes within its platform."""

    sha256: str
    outcome: ReadOutcome
    page: Page | None = None
    name: str = ""
    size: int = 0
