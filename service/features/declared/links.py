"""Links: who else uses this device, payer or address, and what they asked for."""

from __future__ import annotations

from service.domain.assessment import Text
from service.features.facts import bounded
from service.features.feature import Feature, Group, Unit, text

_NO_DEVICE = text("未提供设备标识", "no device id given")
_NO_PAYER = text("未提供付款人标识", "no payer id given")
_NO_IP = text("未提供IP", "no IP address given")


def _link(aggregate: str, description: Text, sentence: Text, missing: Text) -> Feature:
    """The aggregate itself as a feature; more sharing is never less risk."""
    return Feature(
        name=aggregate,
        unit=Unit.COUNT,
        direction=1,
        group=Group.LINKS,
        description=description,
        sentence=sentence,
        compute=lambda facts: facts.past(aggregate),
        missing=missing,
    )


_DEVICE = (
    _link(
        "device_accounts_30d",
        text("近30天同一设备上的账号数", "Accounts seen on the device in 30 days"),
        text("近30天该设备上出现 {value} 个账号", "{value} account{s} on this device in 30 days"),
        _NO_DEVICE,
    ),
    _link(
        "device_refunds_requested_7d",
        text("近7天该设备申请退款次数", "Refunds asked for from the device in 7 days"),
        text("近7天该设备申请退款 {value} 次", "{value} refund request{s} from this device in 7 days"),
        _NO_DEVICE,
    ),
    _link(
        "device_refunds_requested_30d",
        text("近30天该设备申请退款次数", "Refunds asked for from the device in 30 days"),
        text("近30天该设备申请退款 {value} 次", "{value} refund request{s} from this device in 30 days"),
        _NO_DEVICE,
    ),
    _link(
        "device_refunds_wrong_90d",
        text("近90天该设备事后认定误退次数", "Refunds to the device later found wrong, in 90 days"),
        text("近90天该设备有 {value} 次误退", "{value} refund{s} on this device later found wrong in 90 days"),
        _NO_DEVICE,
    ),
)

_PAYER = (
    _link(
        "payer_accounts_90d",
        text("近90天同一付款人使用的账号数", "Accounts paid for by the payer in 90 days"),
        text("近90天该付款人使用 {value} 个账号", "{value} account{s} with this payer in 90 days"),
        _NO_PAYER,
    ),
    _link(
        "payer_refunds_requested_30d",
        text("近30天该付款人申请退款次数", "Refunds asked for by the payer in 30 days"),
        text("近30天该付款人申请退款 {value} 次", "{value} refund request{s} by this payer in 30 days"),
        _NO_PAYER,
    ),
    _link(
        "payer_refunds_wrong_90d",
        text("近90天该付款人事后认定误退次数", "Refunds to the payer later found wrong, in 90 days"),
        text("近90天该付款人有 {value} 次误退", "{value} refund{s} to this payer later found wrong in 90 days"),
        _NO_PAYER,
    ),
)

_IP = (
    _link(
        "ip_accounts_7d",
        text("近7天同一IP上的账号数", "Accounts seen on the IP address in 7 days"),
        text("近7天该IP上出现 {value} 个账号", "{value} account{s} on this IP address in 7 days"),
        _NO_IP,
    ),
    _link(
        "ip_refunds_requested_1d",
        text("近1天该IP申请退款次数", "Refunds asked for from the IP address in 1 day"),
        text("近1天该IP申请退款 {value} 次", "{value} refund request{s} from this IP address in 1 day"),
        _NO_IP,
    ),
    _link(
        "ip_refunds_requested_7d",
        text("近7天该IP申请退款次数", "Refunds asked for from the IP address in 7 days"),
        text("近7天该IP申请退款 {value} 次", "{value} refund request{s} from this IP address in 7 days"),
        _NO_IP,
    ),
)

_REUSED = Feature(
    name="reused_orders",
    unit=Unit.COUNT,
    direction=1,
    group=Group.LINKS,
    description=text("同一凭证出现过的其他订单数", "Other orders on which the same evidence was seen"),
    sentence=text("同一凭证曾用于另外 {value} 个订单", "The same evidence was used for {value} other order{s}"),
    compute=lambda facts: bounded(facts.reused_orders),
)

_REUSED_ACCOUNTS = Feature(
    name="reused_accounts",
    unit=Unit.COUNT,
    direction=1,
    group=Group.LINKS,
    description=text("同一凭证出现过的其他账号数", "Other accounts that sent the same evidence"),
    sentence=text("同一凭证曾由另外 {value} 个账号提交", "The same evidence was sent by {value} other account{s}"),
    compute=lambda facts: bounded(facts.reused_accounts),
)

LINK_FEATURES: tuple[Feature, ...] = (*_DEVICE, *_PAYER, *_IP, _REUSED, _REUSED_ACCOUNTS)
