"""Common keys of those the grammar puts together, spelled out, so that one misread character still tells them.

Only for finding slips: what is printed right is told by the grammar. Keys of other meanings stand here as well, since a
slip is mended only where all keys one character away mean the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from service.evidence.label_grammar import composed
from service.evidence.lexicon import ALIASES, Label

_SHORTEST = 4
_DATED = (
    "下单 提交 拍下 订购 购买 订单创建 创建 生成 支付 付款 交易 转账 扣款 消费 缴费 买家付款 支付成功 付款成功 订单支付"
)
_DATED_OTHERWISE = (
    "退款 发货 收货 完成 成交 到账 还款 收款 取消 关闭 申请 有效 失效 到期 更新 登录 注册 通知 出账 使用 领取 核销"
)
_CLOCKS = "时间 日期"
_NUMBERED = (
    "订单 交易 支付 付款 商户 商家 转账 流水 购买 充值 平台订单 商户订单 商家订单 交易流水 支付流水 交易订单 "
    "支付宝交易 微信支付"
)
_NUMBERED_OTHERWISE = "物流 快递 运单 工单 退款 售后 发票 会员 设备 商品 客户 手机"
_NUMBERS = "号 编号 号码 单号 流水号 订单号"
_PAID = "实付 实际支付 实际付款 支付 付款 订单 交易 扣款 支出 消费 转账 订单实付 实付总 订单总 支付总"
_PAID_OTHERWISE = "应付 待付 未付 预付 退款 优惠 余额 折扣 抵扣 到账 充值 提现 返现 商品 合计"
_SUMS = "金额 总额 款额 总价 合计 款项"


def _crossed(subjects: str, heads: str) -> Iterator[str]:
    return (subject + head for subject in subjects.split() for head in heads.split())


def _forms() -> Iterator[tuple[str, tuple[Label, int]]]:
    ours = (*_crossed(_DATED, _CLOCKS), *_crossed(_NUMBERED, _NUMBERS), *_crossed(_PAID, _SUMS))
    for form in ours:
        found = composed(form)
        if found is not None:
            yield form, found
    others = (
        (Label.OTHER_TIME, _crossed(_DATED_OTHERWISE, _CLOCKS)),
        (Label.OTHER_NUMBER, _crossed(_NUMBERED_OTHERWISE, _NUMBERS)),
        (Label.OTHER_AMOUNT, _crossed(_PAID_OTHERWISE, _SUMS)),
    )
    for label, forms in others:
        for form in forms:
            yield form, composed(form) or (label, 0)


FORMS: Mapping[str, tuple[Label, int]] = {
    form: found for form, found in _forms() if len(form) >= _SHORTEST and form not in ALIASES
}
