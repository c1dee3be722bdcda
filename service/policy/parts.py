"""The parts a platform policy is made of.

Units stand in the keys: ``*_minor`` is integer minor units of the policy's currency (fen for CNY), ``*_hours`` hours,
``*_permille`` thousandths. "up to" includes the figure itself, "below" does not, "from" does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.domain.assessment import Text
from service.domain.claims import Anchor, GoodsKind, ReasonCode
from service.domain.evidence import ErrorCode, PageKind
from service.domain.money import Rounding

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Hours = Annotated[int, Field(ge=1, le=24 * 366)]
Minor = Annotated[int, Field(ge=0, le=10**12)]
Permille = Annotated[int, Field(ge=0, le=1000)]


class Part(BaseModel):
    """Every part refuses unknown keys and guesses no types.

    ``SAYS_ONLY``: keys that change what is said and never what is approved, or for how much. ``SINCE``: keys that came
    after policies had been certified; left out, they change nothing, so that their default is not part of the digest.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    SAYS_ONLY: ClassVar[frozenset[str]] = frozenset()
    SINCE: ClassVar[frozenset[str]] = frozenset()


class Wording(Part):
    """One sentence in both languages."""

    SAYS_ONLY: ClassVar[frozenset[str]] = frozenset({"zh", "en"})
    zh: Sentence
    en: Sentence

    @property
    def text(self) -> Text:
        return Text(zh=self.zh, en=self.en)


class Term(Part):
    """A promise or deadline: either hours or working days of the platform's calendar, never both."""

    hours: Hours | None = None
    working_days: Annotated[int, Field(ge=1, le=60)] | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.hours is None) == (self.working_days is None):
            raise ValueError("give either hours or working_days, and only one of them")
        return self

    @property
    def text(self) -> Text:
        if self.hours is not None:
            return Text(zh=f"{self.hours} 小时", en=f"{self.hours} hour{'' if self.hours == 1 else 's'}")
        days = "working day" if self.working_days == 1 else "working days"
        return Text(zh=f"{self.working_days} 个工作日", en=f"{self.working_days} {days}")


class TimeLimit(Part):
    """A claim may be made up to ``hours`` after the anchor."""

    hours: Hours
    anchor: Anchor


class TimeLimits(Part):
    """The product's own terms win, then the reason's limit, then that of the kind of goods, then the default."""

    default: TimeLimit
    by_reason: dict[ReasonCode, TimeLimit] = Field(default_factory=dict)
    by_goods: dict[GoodsKind, TimeLimit] = Field(default_factory=dict)


class DeliveryPromise(Part):
    """From payment; used where the order itself names no promised time.

    ``missing_after_hours``: goods of this kind count as missing no sooner than this after payment, whatever was
    promised: a carrier may take a day to book a top-up.
    """

    SINCE: ClassVar[frozenset[str]] = frozenset({"missing_after_hours"})

    default_hours: Hours
    by_goods_hours: dict[GoodsKind, Hours] = Field(default_factory=dict)
    missing_after_hours: dict[GoodsKind, Hours] = Field(default_factory=dict)


class NegativeRule(StrEnum):
    """What a clause of the negative list looks at; the functions are in ``service.policy.clauses``."""

    ACTIVATED_OR_CONSUMED = "activated_or_consumed"
    PARTLY_USED = "partly_used"
    USED_ABOVE = "used_above"
    RECEIPT_CONFIRMED = "receipt_confirmed"
    CODE_VIEWED = "code_viewed"
    TRIAL = "trial"
    PAST_VALIDITY = "past_validity"
    OUTSIDE_TIME_LIMIT = "outside_time_limit"
    NO_REFUND_NOTICE = "no_refund_notice"
    NOT_RECALLABLE = "not_recallable"
    PROMPT_SHOWN = "prompt_shown"
    ALWAYS = "always"
    JUDGED_BY_PERSON = "judged_by_person"


class NegativeClause(Wording):
    """One published clause. ``reasons`` and ``goods`` empty: it holds for all. ``used_permille``: of units or days."""

    SINCE: ClassVar[frozenset[str]] = frozenset({"goods", "used_permille"})

    id: Name
    rule: NegativeRule
    effect: Literal["excludes", "needs_person"] = "excludes"
    reasons: tuple[ReasonCode, ...] = ()
    prompts: tuple[ErrorCode, ...] = ()
    goods: tuple[GoodsKind, ...] = ()
    used_permille: Permille | None = None

    @model_validator(mode="after")
    def _fits_its_rule(self) -> Self:
        if (self.rule is NegativeRule.USED_ABOVE) != (self.used_permille is not None):
            raise ValueError("used_permille belongs to the rule used_above, which needs it")
        if (self.rule is NegativeRule.PROMPT_SHOWN) != bool(self.prompts):
            raise ValueError("prompts belongs to the rule prompt_shown, which needs at least one")
        if self.rule is NegativeRule.ALWAYS and not self.reasons:
            raise ValueError("the rule always would exclude every claim; name the reasons it is for")
        return self


class CoreFact(StrEnum):
    """What a page may have to show. ``number``: the order's or the payment's; ``time``: of either."""

    NUMBER = "number"
    ORDER_NUMBER = "order_number"
    TRADE_NUMBER = "trade_number"
    AMOUNT = "amount"
    TIME = "time"
    PAYEE = "payee"
    PROMPT = "prompt"


class Material(Wording):
    """Something a buyer may be asked for. The wording says exactly what to send.

    Either a page, shown by any one of the kinds in ``shown_by``, where all pages together show the facts in
    ``must_show``; or words: a statement of at least ``statement_characters``, for which any page that was read stands
    in unless ``page_stands_in`` is false. Of a statement, phrases listed under ``vague_phrases`` do not count, nor do
    marks; with ``names_order`` it must hold the order number. ``good`` and ``bad`` are published examples.
    """

    SAYS_ONLY: ClassVar[frozenset[str]] = frozenset({"zh", "en", "good", "bad"})
    SINCE: ClassVar[frozenset[str]] = frozenset({"vague_phrases", "names_order", "page_stands_in"})

    shown_by: tuple[PageKind, ...] = ()
    must_show: tuple[CoreFact, ...] = ()
    statement_characters: Annotated[int, Field(ge=1, le=500)] | None = None
    vague_phrases: tuple[Sentence, ...] = ()
    names_order: bool = False
    page_stands_in: bool = True
    good: Wording | None = None
    bad: Wording | None = None

    @model_validator(mode="after")
    def _page_or_words(self) -> Self:
        if bool(self.shown_by) == (self.statement_characters is not None):
            raise ValueError("give either shown_by (kinds of page) or statement_characters, and only one of them")
        if self.must_show and not self.shown_by:
            raise ValueError("must_show belongs to pages: give shown_by too")
        of_words = bool(self.vague_phrases) or self.names_order or not self.page_stands_in
        if of_words and self.statement_characters is None:
            raise ValueError(
                "vague_phrases, names_order and page_stands_in belong to words: give statement_characters too"
            )
        return self


class Handling(StrEnum):
    """``person_after_materials``: always a person, but the buyer is first asked for what that person needs."""

    AUTOMATIC = "automatic"
    PERSON = "person"
    PERSON_AFTER_MATERIALS = "person_after_materials"


class Fault(StrEnum):
    """At whose door the reason lies; only a buyer's own change of heart or slip may cost a fee."""

    BUYER = "buyer"
    SELLER = "seller"
    PLATFORM = "platform"
    UNCLEAR = "unclear"


class Amount(StrEnum):
    WHOLE = "whole"
    PRO_RATA = "pro_rata"
    SHARE = "share"


class ReasonRule(Wording):
    """How claims for one reason are treated. The wording is the published criterion.

    ``share_permille``: with ``amount`` share, of what was paid. ``pro_rata_by``: with ``amount`` pro_rata; units are
    those of the log (days, coins), days are counted from activation, else delivery, each one begun counts as used.
    """

    SINCE: ClassVar[frozenset[str]] = frozenset({"share_permille", "pro_rata_by"})

    handling: Handling
    fault: Fault
    amount: Amount = Amount.WHOLE
    materials: tuple[Name, ...] = ()
    share_permille: Annotated[int, Field(ge=1, le=999)] | None = None
    pro_rata_by: Literal["units", "days"] | None = None

    @model_validator(mode="after")
    def _says_how_much(self) -> Self:
        if (self.amount is Amount.SHARE) != (self.share_permille is not None):
            raise ValueError("share_permille belongs to amount: share, which needs it")
        if self.pro_rata_by is not None and self.amount is not Amount.PRO_RATA:
            raise ValueError("pro_rata_by belongs to amount: pro_rata")
        return self


class Recoverable(Part):
    """Goods that can be taken back at no cost. ``maximum_risk_permille``: above it a person looks; absent: no limit."""

    opted_in: bool
    amount_up_to_minor: Minor
    maximum_risk_permille: Permille | None = None


class OneClick(Part):
    """Small orders without a trace of use. The amount is what was paid for the order, not what is claimed.

    ``goods`` empty: every kind.
    """

    opted_in: bool
    amount_below_minor: Minor
    goods: tuple[GoodsKind, ...] = ()
    maximum_risk_permille: Permille | None = None


class RiskClass(Part):
    """Approval by a certified threshold. ``wrong_share_up_to_permille`` is the risk owner's alpha.

    It is compared with the certificate itself, so the digest leaves it out.
    """

    SAYS_ONLY: ClassVar[frozenset[str]] = frozenset({"wrong_share_up_to_permille"})

    opted_in: bool
    amount_up_to_minor: Minor
    wrong_share_up_to_permille: Permille


class Classes(Part):
    recoverable: Recoverable
    one_click: OneClick
    risk: RiskClass


class ApprovalClass(StrEnum):
    RECOVERABLE = "recoverable"
    ONE_CLICK = "one_click"
    RISK = "risk"


class BudgetEntity(StrEnum):
    PLATFORM = "platform"
    ACCOUNT = "account"
    DEVICE = "device"
    PAYER = "payer"
    SELLER = "seller"
    PRODUCT = "product"


class Budget(Part):
    """At most ``max_count`` automatic approvals and ``max_amount_minor`` in any window for one entity.

    ``classes`` empty: all of them count. An entity the claim does not name is not limited by this budget.
    """

    id: Name
    entity: BudgetEntity
    window_hours: Hours
    max_count: Annotated[int, Field(ge=0)] | None = None
    max_amount_minor: Minor | None = None
    classes: tuple[ApprovalClass, ...] = ()

    @model_validator(mode="after")
    def _limits_something(self) -> Self:
        if self.max_count is None and self.max_amount_minor is None:
            raise ValueError("a budget needs max_count or max_amount_minor, or both")
        return self


MOST_FEE_PERMILLE = 50
FeePermille = Annotated[int, Field(ge=0, le=MOST_FEE_PERMILLE)]


class Fee(Part):
    """Charged on the amount granted when the buyer is at fault, rounded to a whole minor unit; else none.

    ``by_reason`` wins over ``buyer_at_fault_permille``; ``at_most_minor`` holds for both.
    """

    SINCE: ClassVar[frozenset[str]] = frozenset({"by_reason", "at_most_minor"})

    buyer_at_fault_permille: FeePermille
    rounding: Rounding
    by_reason: dict[ReasonCode, FeePermille] = Field(default_factory=dict)
    at_most_minor: Minor | None = None


class SecondReview(Part):
    """A second reviewer must agree from this amount on, or for these reasons."""

    amount_from_minor: Minor
    reasons: tuple[ReasonCode, ...] = ()


class Lanes(Part):
    large_amount_from_minor: Minor
    elderly_first: bool


class Audit(Part):
    """A would-be approval goes to a person with probability amount / certain_from_minor, at most 1."""

    certain_from_minor: Annotated[int, Field(ge=1, le=10**12)]
    classes: tuple[ApprovalClass, ...]
    settled_within_days: Annotated[int, Field(ge=1, le=365)] = 30
    """A drawn case that nobody has settled by then counts as wrong in full."""
    approved_first_below_minor: Minor = 0
    """A drawn claim below this is approved at once and judged afterwards, so that small sums are not held up."""

    @model_validator(mode="after")
    def _large_ones_are_held(self) -> Self:
        if self.approved_first_below_minor > self.certain_from_minor:
            raise ValueError(
                "approved_first_below_minor is above certain_from_minor: claims that are always drawn would all be "
                "approved before anybody looks; give at most certain_from_minor"
            )
        return self


class Rollout(Part):
    """Of the claims the rules would approve, ``approved_permille`` are; a person decides the others. Which ones hangs
    on a secret and the order alone: applying again changes nothing, and a larger share keeps all of a smaller one."""

    approved_permille: Permille = 1000
