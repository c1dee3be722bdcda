"""What dialogs say in many words: dates, names and adverbs between a thing and its verdict, and what only sounds so."""

from __future__ import annotations

import pytest
from evidence_samples import middle, read

from service.domain.evidence import ErrorCode, FieldName, Line
from service.evidence import extract

SAYINGS = {
    ErrorCode.CODE_USED: """
        此卡密已于2026年5月3日被使用
        该激活码已被其他账号绑定
        兑换码已在另一台设备上使用
        该产品密钥已被用户 Mike_88 激活
        您输入的CDK已经被兑换过了
        此卡已被充值到账号 138****2210
        激活码使用次数超过限制
        您已经兑换过该礼包
        This key has been activated on another device
        The code was redeemed on 2026-05-03 by another user
        This product is already activated on a different account
        Code already in use
        此兑换码已被领取完
        卡密状态：已使用
        礼品卡已于2026-05-01 10:20被他人兑换
        该序列号的激活次数已用尽""",
    ErrorCode.CODE_INVALID: """
        卡密已于2026/05/01作废
        激活码验证不通过
        该兑换码未生效或不存在
        我们找不到您输入的兑换码
        抱歉，无法识别此序列号
        该礼品卡暂不可用
        Sorry, that code isn't valid
        The redemption code could not be verified
        We don't recognize this code
        Product key not valid""",
    ErrorCode.CODE_WRONG: """
        卡号与密码不匹配，请核对
        您输入的卡密与商品不符
        密码连续输错3次，卡片已锁定
        兑换码格式错误，应为16位
        激活码填写有误
        The PIN you entered is incorrect""",
    ErrorCode.EXPIRED: """
        该兑换码已于2026-06-30过期
        卡券有效期已过，无法使用
        您的激活码早已过期
        此充值卡已超过使用期限
        This voucher expired on 30 June 2026
        Your gift card has already expired
        The code is past its expiration date""",
    ErrorCode.TOPUP_FAILED: """
        本次充值没有成功
        充值请求被拒绝
        话费直充处理失败，预计1-3天退款
        Q币充值失败
        抱歉，我们未能为该号码充值
        Your recharge could not be completed
        Recharge of 13800138000 failed""",
    ErrorCode.NUMBER_NOT_FOUND: """
        您输入的游戏ID不存在
        未找到该玩家，请核对UID
        充值账号填写错误
        手机号码与运营商不匹配
        该QQ号码未注册
        Player ID does not exist
        The mobile number you entered is not valid
        查询不到该用户""",
    ErrorCode.REGION_MISMATCH: """
        此礼品卡只能在美国地区使用
        当前账号所在区服与该点卡适用区服不匹配
        您的账号归属地与商品地区不一致
        该商品仅支持国服账号兑换
        激活码与账号所属区域不符
        This code can only be redeemed in Japan
        This product is not available in your region
        Your account region does not match this gift card
        该密钥有区域限制，无法在您的国家激活
        所选服务器与卡密不匹配""",
    ErrorCode.BALANCE_INSUFFICIENT: """
        您的钱包余额不够支付本次订单
        账户可用余额不足，请充值
        Q币余额不足
        You don't have enough balance
        Your account has insufficient funds""",
    ErrorCode.NO_SUCH_RECORD: """
        没有找到任何充值记录
        近30天无充值记录
        未能查询到该订单的到账记录
        暂无交易记录
        We couldn't find any top-up records
        抱歉，查询不到您的兑换记录""",
    ErrorCode.SYSTEM_BUSY: """
        系统正忙，请稍候再试
        服务器连接超时
        当前访问人数较多，请稍后重试
        系统升级维护，暂停服务
        网络连接异常，请检查网络设置
        服务暂时不可用，请稍后再试
        Server is busy, please try again
        An unexpected error has occurred""",
    ErrorCode.PAYMENT_FAILED: """
        您的支付未能完成
        本次付款被银行拒绝
        银行卡扣款不成功
        交易已被拒绝，请联系发卡行
        We were unable to process your payment
        Card declined""",
    ErrorCode.DUPLICATE_PAYMENT: """
        同一订单扣了两次钱
        该笔订单您已经支付过了
        检测到重复扣款
        This order has already been paid""",
    ErrorCode.ORDER_NOT_FOUND: """
        找不到您要查询的订单
        订单号不存在，请检查
        该订单已被取消或不存在
        订单号码不存在
        We could not find your order
        No order found with this number""",
    ErrorCode.OUT_OF_STOCK: """
        该面值暂时无货
        您购买的商品已经卖完了
        当前库存为0，请选择其他面值
        卡密库存已不足
        Sorry, this item is currently sold out""",
    ErrorCode.ACCOUNT_RESTRICTED: """
        您的账号操作过于频繁，已被限制
        该账户涉嫌违规，已被冻结
        账号存在安全风险，暂时无法充值
        由于风控原因，该账号无法下单
        检测到异常登录，账号已锁定
        Your account has been temporarily locked""",
    ErrorCode.NOT_DELIVERED: """
        您购买的会员还没有到账
        话费超过24小时仍未到账
        卡密发送失败，请联系商家
        商品未按时送达
        Delivery overdue
        Your order has not been delivered yet
        Top-up not received""",
}
HARMLESS = """
    激活码已发送至您的邮箱，请注意查收
    兑换码已放入背包，请尽快使用
    兑换码已放入背包请尽快使用
    卡密将于2026-06-30失效
    激活码有效期至2026-06-30，逾期作废
    激活码有效期至2026-06-30逾期作废
    您的会员已激活
    激活成功，会员已在本设备生效
    卡密已发货，请到订单中查看
    该商品仅限新用户购买
    账号绑定成功
    余额充值成功
    请确认充值账号无误后提交
    充值中，请耐心等待
    订单已提交，请在15分钟内完成支付
    支付结果确认中
    您的订单已完成，感谢使用
    当前版本已是最新
    网络连接已恢复
    库存充足，下单立发
    如遇系统繁忙请稍后再试
    兑换码使用说明：每个兑换码仅可使用一次
    充值账号错误导致的损失由买家承担
    已为您成功兑换7天会员
    该激活码可在3台设备上激活
    请勿将激活码告知他人，以免被他人使用
    确认收货后款项将转给卖家
    Do you want to redeem this code?
    Your code has been redeemed successfully
    Payment successful
    Make sure your region matches before redeeming
    The code can only be used once
    Your gift card balance has been updated
    Order placed successfully
    A verification code has been sent
    This code expires on 30 June 2027
    激活码已复制
    卡密已绑定成功
    暂无新消息
    账户安全等级：高
    已开启自动续费
    该卡密可用于所有地区
    购买前请确认区服，区服错误不予退款
    充值成功，余额已更新
    话费已到账
    未使用
    该优惠券已过期
    您的登录已过期，请重新登录
    评价已超过有效期"""


def wrapped(saying: str) -> list[Line]:
    """The saying on lines of at most eighteen characters, or of whole words."""
    if not saying.isascii():
        lines = [saying[start : start + 18] for start in range(0, len(saying), 18)]
    else:
        lines = [""]
        for word in saying.split():
            if len(lines[-1]) + len(word) > 34:
                lines.append("")
            lines[-1] = f"{lines[-1]} {word}".strip()
    return [middle(text, 700 + 56 * row) for row, text in enumerate(lines)]


def said(saying: str) -> str | int | None:
    found = extract(read(middle("提示", 500), *wrapped(saying), middle("确定", 1000))).fields
    return found[FieldName.ERROR_PROMPT].value if FieldName.ERROR_PROMPT in found else None


@pytest.mark.parametrize(
    ("code", "saying"),
    [(code, saying.strip()) for code, text in SAYINGS.items() for saying in text.strip().split("\n")],
)
def test_words_between_a_thing_and_its_verdict_do_not_hide_it(code: ErrorCode, saying: str) -> None:
    assert said(saying) == code.value


@pytest.mark.parametrize("saying", [saying.strip() for saying in HARMLESS.strip().split("\n")])
def test_terms_advice_and_good_news_stay_harmless(saying: str) -> None:
    assert said(saying) is None
