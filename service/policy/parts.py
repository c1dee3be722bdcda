"""The parts a platform policy is made of.

Units stand in the keys: ``*_minor`` is integer minor units of the policy's currency (fen for CNY), ``*_hours`` hours,
``*_permille`` thousandths. "up to" includes the figure itself, "below" does not, "from" does.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.domain.assessment import Text
from service.domain.claims import Anchor, GoodsKind, ReasonCode, Route
from service.domain.evidence import ErrorCode, PageKind

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Sentence = Annotated[str, Field(min_length=1, max_length=500)]
Hours = Annotated[int, Field(ge=1, le=24 * 366)]
Minor = Annotated[int, Field(ge=0, le=10**12)]
Permille = Annotated[int, Field(ge=0, le=1000)]


class Part(BaseModel):
    """Every part refuses unknown keys and guesses no types."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Wording(Part):
    """One sentence in both languages."""

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
            return Text(zh=f"{self.hours} 小时", en=f"{self.hours} hours")
        return Text(zh=f"{self.working_days} 个工作日", en=f"{self.working_days} working days")


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
    """From payment; used where the order itself names no promised time."""

    default_hours: Hours
    by_goods_hours: dict[GoodsKind, Hours] = Field(default_factory=dict)


class NegativeRule(StrEnum):
    """What a clause of the negative list looks at; the functions are in ``service.policy.clauses``."""

    ACTIVATED_OR_CONSUMED = "activated_or_consumed"
    PARTLY_USED = "partly_used"
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
    """One published clause. ``reasons`` empty: it holds for every reason."""

    id: Name
    rule: NegativeRule
    effect: Literal["excludes", "needs_person"] = "excludes"
    reasons: tuple[ReasonCode, ...] = ()
    prompts: tuple[ErrorCode, ...] = ()

    @model_validator(mode="after")
    def _fits_its_rule(self) -> Self:
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
    in.
    """

    shown_by: tuple[PageKind, ...] = ()
    must_show: tuple[CoreFact, ...] = ()
    statement_characters: Annotated[int, Field(ge=1, le=500)] | None = None

    @model_validator(mode="after")
    def _page_or_words(self) -> Self:
        if bool(self.shown_by) == (self.statement_characters is not None):
            raise ValueError("give either shown_by (kinds of page) or statement_characters, and only one of them")
        if self.must_show and not self.shown_by:
            raise ValueError("must_show belongs to pages: give shown_by too")
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


class ReasonRule(Wording):
    """How claims for one reason are treated. The wording is the published criterion."""

    handling: Handling
    fault: Fault
    amount: Amount = Amount.WHOLE
    materials: tuple[Name, ...] = ()


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
    """Approval by a certified threshold. ``wrong_share_up_to_permille`` is the risk owner's alpha."""

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


class Fee(Part):
    """Charged on the amount granted when the buyer is at fault, rounded half up to a whole minor unit; else none."""

    buyer_at_fault_permille: Annotated[int, Field(ge=0, le=50)]
    rounding: Literal["half_up"]


class RouteRule(Wording):
    """A route offered, with what the buyer is told of its arrival. ``payment_methods`` empty: for all others."""

    route: Route
    payment_methods: tuple[Sentence, ...] = ()
    withdrawable: bool | None = None

    @model_validator(mode="after")
    def _says_whether_withdrawable(self) -> Self:
        if (self.route is Route.BALANCE) != (self.withdrawable is not None):
            raise ValueError("the balance route, and only it, must say withdrawable: true or false")
        return self


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
