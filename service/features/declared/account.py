"""Account history: age, orders, and how earlier claims went."""

from __future__ import annotations

from service.domain.assessment import Text
from service.features.declared.priors import ACCOUNT_PRIOR_ORDERS, ACCOUNT_PRIOR_RATE, PRIOR_PAID_YUAN, smoothed
from service.features.facts import Facts
from service.features.feature import Direction, Feature, Group, Unit, text


def _past(aggregate: str, direction: Direction, description: Text, sentence: Text) -> Feature:
    """The aggregate itself, a count, as a feature of the same name."""
    return Feature(
        name=aggregate,
        unit=Unit.COUNT,
        direction=direction,
        group=Group.ACCOUNT,
        description=description,
        sentence=sentence,
        compute=lambda facts: facts.past(aggregate),
    )


def _past_amount(aggregate: str, direction: Direction, description: Text, sentence: Text) -> Feature:
    return Feature(
        name=aggregate,
        unit=Unit.YUAN,
        direction=direction,
        group=Group.ACCOUNT,
        description=description,
        sentence=sentence,
        compute=lambda facts: facts.past_yuan(aggregate),
    )


def _requested(days: int) -> Feature:
    return _past(
        f"account_refunds_requested_{days}d",
        1,
        text(f"账号近{days}天申请退款次数", f"Refunds the account asked for in {days} days"),
        text(f"账号近{days}天申请退款 {{value}} 次", f"{{value}} refund request{{s}} by the account in {days} days"),
    )


def _granted(days: int) -> tuple[Feature, Feature]:
    return (
        _past(
            f"account_refunds_granted_{days}d",
            1,
            text(f"账号近{days}天获退款次数", f"Refunds granted to the account in {days} days"),
            text(
                f"账号近{days}天已获退款 {{value}} 次", f"{{value}} refund{{s}} granted to the account in {days} days"
            ),
        ),
        _past_amount(
            f"account_granted_amount_{days}d",
            1,
            text(f"账号近{days}天获退款金额", f"Amount refunded to the account in {days} days"),
            text(f"账号近{days}天已获退款 {{value}}", f"{{value}} refunded to the account in {days} days"),
        ),
    )


def _withdrawn(days: int) -> Feature:
    return _past(
        f"account_refunds_withdrawn_{days}d",
        1,
        text(f"账号近{days}天撤回申请次数", f"Refund requests withdrawn before a decision in {days} days"),
        text(f"账号近{days}天撤回退款申请 {{value}} 次", f"{{value}} refund request{{s}} withdrawn in {days} days"),
    )


def _rejections_beyond_first(facts: Facts) -> float:
    # After a rejection a buyer may mend the evidence and apply again; that first one is not held against them.
    return max(0.0, facts.past("account_refunds_rejected_90d") - 1)


def _refund_rate(facts: Facts) -> float:
    return smoothed(
        facts.past("account_refunds_requested_90d"),
        facts.past("account_orders_90d"),
        ACCOUNT_PRIOR_ORDERS,
        ACCOUNT_PRIOR_RATE,
    )


def _refunded_share(facts: Facts) -> float:
    granted = facts.past_yuan("account_granted_amount_90d")
    return granted / (facts.past_yuan("account_paid_amount_90d") + PRIOR_PAID_YUAN)


_AGE = Feature(
    name="account_age_days",
    unit=Unit.DAYS,
    direction=-1,
    group=Group.ACCOUNT,
    description=text("账号注册至今天数", "Days since the account was opened"),
    sentence=text("账号注册 {value}", "The account is {value} old"),
    compute=lambda facts: facts.hours_since(facts.claim.account.opened_at) / 24,
    missing=text("注册时间未知", "opening date not known"),
)

_RATES = (
    Feature(
        name="account_refund_rate_90d",
        unit=Unit.RATIO,
        direction=1,
        group=Group.ACCOUNT,
        description=text(
            "账号近90天每单申请退款率（平滑）", "Refund requests per order of the account in 90 days, smoothed"
        ),
        sentence=text("账号近90天每单申请退款约 {value} 次", "About {value} refund requests per order in 90 days"),
        compute=_refund_rate,
    ),
    Feature(
        name="account_refunded_share_90d",
        unit=Unit.RATIO,
        direction=1,
        group=Group.ACCOUNT,
        description=text(
            "账号近90天获退金额占支付金额（平滑）", "Refunded over paid by the account in 90 days, smoothed"
        ),
        sentence=text(
            "账号近90天获退金额约为支付金额的 {value} 倍",
            "About {value} times what the account paid in 90 days was refunded",
        ),
        compute=_refunded_share,
    ),
    Feature(
        name="account_rejections_beyond_first_90d",
        unit=Unit.COUNT,
        direction=1,
        group=Group.ACCOUNT,
        description=text("账号近90天被拒次数（首次不计）", "Rejections in 90 days, the first one not counted"),
        sentence=text("账号近90天除首次外被拒 {value} 次", "{value} rejection{s} in 90 days beyond the first"),
        compute=_rejections_beyond_first,
    ),
)

_ORDERS = (
    _past(
        "account_orders_1d",
        0,
        text("账号近1天下单数", "Orders of the account in 1 day"),
        text("账号近1天下单 {value} 次", "{value} order{s} by the account in 1 day"),
    ),
    _past(
        "account_orders_30d",
        0,
        text("账号近30天下单数", "Orders of the account in 30 days"),
        text("账号近30天下单 {value} 次", "{value} order{s} by the account in 30 days"),
    ),
    _past(
        "account_orders_90d",
        -1,
        text("账号近90天下单数", "Orders of the account in 90 days"),
        text("账号近90天下单 {value} 次", "{value} order{s} by the account in 90 days"),
    ),
    _past_amount(
        "account_paid_amount_90d",
        0,
        text("账号近90天支付金额", "Amount the account paid in 90 days"),
        text("账号近90天支付 {value}", "{value} paid by the account in 90 days"),
    ),
)

_TROUBLE = (
    _past(
        "account_refunds_wrong_90d",
        1,
        text("账号近90天事后认定误退次数", "Refunds to the account later found wrong, in 90 days"),
        text(
            "账号近90天有 {value} 次退款事后认定为误退",
            "{value} refund{s} to the account later found wrong in 90 days",
        ),
    ),
    _past(
        "account_chargebacks_90d",
        1,
        text("账号近90天拒付次数", "Chargebacks by the account in 90 days"),
        text("账号近90天拒付 {value} 次", "{value} chargeback{s} by the account in 90 days"),
    ),
    _past(
        "account_fulfilments_failed_30d",
        -1,
        text("账号近30天交付失败次数", "Failed deliveries to the account in 30 days"),
        text("账号近30天交付失败 {value} 次", "Deliveries to the account failed in 30 days: {value}"),
    ),
)

ACCOUNT_FEATURES: tuple[Feature, ...] = (
    _AGE,
    *_ORDERS,
    *(_requested(days) for days in (1, 7, 30, 90)),
    *_granted(30),
    *_granted(90),
    _withdrawn(7),
    _withdrawn(30),
    *_RATES,
    *_TROUBLE,
)
