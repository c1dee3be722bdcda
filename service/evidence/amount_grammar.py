"""Keys of amounts put together from known parts: 实际 + 支付 + 金额, 点数 + 折抵, shipping + subtotal.

As in label_grammar, all text is in match form, and the lexicon's own entries win.
"""

from __future__ import annotations

import re

from service.evidence.lexicon import Label

_DEED_OF_PAYING = "支付|付款|付|扣款|扣费|扣|缴费|缴|支出|消费|花费|刷卡"
_SUM = "款|金额|总金额|总额|总价|价格|价|额|合计|总计|共计|费用|款项|数额|现金|金"
_OF_THE_BILL = (
    "订单|本单|本次|此单|该单|商品|费用|账单|交易|最终|总|合计|共计|共|买家|用户|您|现金|在线|线上|到手|本期|"
    "微信|支付宝|人民币|购卡|购券|购票|购买"
)
_PAID = re.compile(
    rf"(?:{_OF_THE_BILL})*(?:实际|实|已经?|成功|累计已|共|总|总共)(?:需|应)?(?:{_DEED_OF_PAYING})(?:{_SUM})*(?:人民币)?"
    rf"|(?:{_OF_THE_BILL})*实收(?:{_SUM})*|实际(?:金额|花费|消费|费用)|(?:券后|折后|优惠后|最终)(?:实付|支付|"
    rf"付款)(?:{_SUM})*"
)
_PAYMENT_AMOUNT = re.compile(
    rf"(?:订单|本单|本次|账单|交易|现金|在线|线上|微信|支付宝|银行卡|余额宝|零钱|总|共|合计|买家|用户|您|客户|"
    rf"付款人|人民币)*(?:刷卡|支付|付款|扣款|扣费|支出|消费|转账|汇款|交易|转出|付费|缴费|"
    rf"缴纳)(?:{_SUM})+(?:人民币)?"
    r"|(?:本次|本单|合计|总共|总计|现金|累计|买家|用户|您)(?:支付|付款|扣款|消费)"
)
_DUE = re.compile(
    rf"(?:{_OF_THE_BILL})*(?:应|需|须|待|还需|仍需|尚需|剩余|剩余待|还应|未)(?:{_DEED_OF_PAYING})(?:{_SUM})*|"
    rf"(?:券后|折后|优惠后)(?:{_SUM})"
)
_TOTAL = re.compile(rf"(?:订单|全部|费用|金额|本单|本次|商品|账单|总)?(?:合计|总计|共计)(?:{_SUM}|费用|付款|支付)*")
_ORDER_TOTAL = re.compile(
    r"(?:订单|账单|本单|本次|购买|下单|采购|最终|最后)(?:总|应|合计)?(?:金额|总额|总价|价格|价款|款|额|费用)"
)
_OF_A_DISCOUNT = (
    "平台|店铺|商家|会员|新人|新客|首单|首次|活动|限时|专享|专属|满|券|支付|订单|商品|随机|微信|支付宝|银行|"
    "银行卡|信用卡|银联|云闪付|刷卡|收银台|门店|品牌|花呗|京豆|积分|金币|淘金币|"
    "红包|优惠券|优惠码|折扣码|优惠|津贴|消费券|商店|卖场|购物金|红利|点数|跨店|百亿|官方|运费|其他|共|已|总|本单|本次|余额|礼品卡|零钱|拼团|团购|到店|渠道|用户|老客|立"
)
_DISCOUNT = re.compile(
    rf"(?:{_OF_A_DISCOUNT})*(?:优惠|折扣|立减|满减|抵扣|红包|优惠券|代金券|卡券|减免|减|补贴|津贴|抵用|抵用券|折让|折抵|抵减|直降|"
    rf"节?省|满赠|特惠|促销)(?:金额|合计|总额|总计|券)?"
    # Whatever is set off is none of the money paid: 点数折抵, 京东E卡抵扣.
    r"|(?![不未无可能请])[a-z一-鿿]{1,6}(?:折抵|抵扣|抵减)(?:金额|合计|总额)?"
)
_FEE = re.compile(
    r"(?:基础|平台|技术|交易|充值|提现|转账|支付|包装|配送|国际|商品|订单|代充|其他|渠道|快递|物流|信息|商家|"
    r"第三方|本次|退款|同城|即时|跨境|运输)*(?:运费|手续费|服务费|快递费|配送费|包装费|税费|税|工本费|附加费|通道费|邮费|保险费|"
    r"技术费|平台费|代充费|(?:快递|物流|配送|外送|送货|送餐|派送|寄送|邮寄|闪送|跑腿|运送|打包|包装|餐盒|保价|处理|操作|管理|登记|安装|上门|"
    r"运输|服务|手续)费用?)(?:金额|合计|小计|总计|总额)?"
)
_OF_AN_ACCOUNT = (
    "账户|可用|当前|剩余|钱包|零钱|交易后|支付后|扣款后|消费后|转账后|充值后|缴费后|卡片?|商品|充值|储值|话费|流量|可得|获得|"
    "赠送|本次|本期|会员|市场|官方|票面|到账|卡内|卡券|券|累计|单笔|当日|产品|订单|账面|联机|户口|活期|期末|期初|我的|您的"
)
_NOT_PAID = re.compile(
    rf"(?:{_OF_AN_ACCOUNT})*(?:余额|结余|积分|面值|面额|单价|限额|额度|押金|定金|保证金|原价|售价|"
    r"标价|市场价|官方价|成本价|会员价|到账金额|返现|返利|奖励金?|赠送金额?)"
)
_UNIT_PRICE = re.compile(
    r"(?:商品|产品|卡密|点卡|成交|销售|采购|购买|结算|含税|不含税|优惠后?|折后|券后|活动|会员|平均|实际|到手|每?单?[件张份个位次枚]|"
    r"每[月年日天]|每?单位)+(?:单价|售价)|(?:商品|成交|销售|购买|优惠|平均|折后)*(?:单[件张份个位枚]|每[件张份个枚]|每单位)(?:的)?"
    r"(?:价格|价钱|价|金额)"
)
# What is earned or used up beside the money.
_POINT_OF_A_CLUB = "积分|点数|京豆|金豆|银豆|淘金币|金币|虾币|里程|成长值|经验值|能量值|贡献值|星星|红利"
_POINTS = re.compile(
    r"(?:获得|获取|获|得|赠送|赠|本次|本单|本笔|可得|可获|可|将|预计|奖励|消费|返还?|返|回馈|红利|赚取|累计|累积|会员|支付宝|航空|里程|蚂蚁|"
    r"联通|移动|电信|信用卡|银行|交易|订单|购物|使用|剩余|当前|账户|我的|新增|总|平台|店铺|商城|活动|额外|双倍|淘|升级)+"
    rf"(?:{_POINT_OF_A_CLUB})(?:数|数量|奖励)?|积分|点数|成长值|经验值"
)
# What the goods would have cost, or cost without what is taken off and added.
_GOODS_TOTAL = re.compile(
    r"(?:全部|所有)?(?:商品|货品|货物|产品|宝贝|货款|原价|原|标价|标准价|吊牌价?|划线价?|(?:优惠|折扣|打?折|促销|活动|减免|抵扣|券|"
    r"满减|立减)前|购物车|未优惠)+(?:的)?(?:总金额|总价格?|总额|总计|合计金额|合计|小计|金额合计|金额小计|金额|价格|价款|款项|价)"
)
_REFUND = re.compile(
    r"(?:原路|订单|商品|申请|应|实际|实|已|可|本次|最多|预计|平台|累计|总|成功|部分|全额|全部|合计|共计|最终)*退(?:款|还|回|费)?(?:成功|到账|"
    r"入账|完成)?(?:总)?(?:金额|款|款项|总额|合计)|[共总](?:计)?(?:已)?退[款还回]?"
)

_LATIN_SUM_WORD = (
    "total|amount|order|grand|final|net|actual|actually|you|youve|you've|price|we|was|were|been|has|have|payments?|charge|"
    "card|sum|of|the|your|today|cost|"
    "purchase|transaction|transfer|value|in|invoice|bill|checkout"
)
_LATIN_SUM = re.compile(rf"(?:{_LATIN_SUM_WORD}|paid|charged|billed|debited|spent|sent|due|payable|topay|debit)+")
_LATIN_DISCOUNT = re.compile(
    r"[a-z&-]{0,18}(?:discounts?|coupons?|vouchers?|savings|promo|promotions?|promocode|rebate|creditapplied|"
    r"credits?used)"
    r"(?:applied|amount|total|used)?"
    r"|(?:total|you|you've|youve|amount)+(?:have)?saved?|(?:reward|loyalty|gold|member)?(?:points|coins)(?:discount|applied|redeemed|used)"
)
_LATIN_FEE = re.compile(
    r"[a-z&-]{0,18}(?:(?<!cof)fees?|tax|taxes|shipping|delivery|vat|gst|surcharge)(?:sub-?total|charges?|amount|total|cost)?"
    r"|(?:domestic|international|standard|express|estimated|total)?(?:(?:postage|shipping|freight|courier|handling|packing|packaging|"
    r"delivery)(?:&|and|/)?)+(?:sub-?total|charges?|costs?|total|amount|fees?)?|[ps]&[ph]"
)
# Whose balance is a way to pay, as a wallet's or a gift card's, is a key only with what it is left of.
_LATIN_BALANCE = re.compile(
    r"(?:closing|opening|running|ending|starting|beginning|previous|final|ledger|actual|current|available|remaining|new|old|my|your|"
    r"total|account)+balance"
    r"|(?!no|payment|paid|pay)[a-z'-]{0,20}balance(?:after|before|remaining|left|now)(?:this|the)?(?:transaction|payment|purchase|"
    r"top-?up|transfer|redemption)?"
)
_LATIN_UNIT_PRICE = re.compile(
    r"(?:price|cost|rate|amount)(?:\(?(?:per|for(?:one|each)|/)(?:unit|item|piece|card|code|copy|each|one|pc|month|year)\)?|each)"
    r"|(?:per-?)?(?:unit|item|piece|single|each|product|card)(?:price|cost|rate)"
)
_LATIN_POINT = "points|coins|miles|stars|stamps|rewards|cashback|xp"
_LATIN_POINTS = re.compile(
    rf"[a-z']{{0,14}}(?:{_LATIN_POINT})(?:you)?(?:'ve|will|to)?(?:be)?(?:earned|earn|awarded|received|gained|collected|credited|balance)"
    rf"|(?:you|you've|you'll|total)?(?:earned|earn)(?:[a-z]{{0,10}})(?:{_LATIN_POINT})"
    r"|(?:reward|rewards|loyalty|bonus|member|members|membership|club)(?:points|coins|miles|stars)"
)
_LATIN_GOODS_TOTAL = re.compile(
    r"(?:your)?(?:items?(?:\(s\))?|merchandise|goods|products?|cart|basket|bag|gross|original|list|regular|retail|full|undiscounted)+"
    r"(?:sub-?total|total|price|value|amount)+|(?:order|cart|items?)?sub-?total"
    r"|(?:sub-?total|total|price|amount|value)+before(?:the|any|your)?(?:discounts?|tax|taxes|savings|promotions?|coupons?|shipping|vat|offers?)+"
)
_REFUND_WORD = (
    "total|net|gross|partial|partially|full|fully|final|approved|actual|your|the|we|you|youve|you've|were|was|been|have|has|to|amount|sum|value|"
    "issued|sent|back|customer"
)
_LATIN_REFUND = re.compile(
    rf"(?:{_REFUND_WORD})*(?:refund(?:ed)?|returned|reimbursed|reimbursement)(?:{_REFUND_WORD})*(?<!to)(?<!was)(?<!been)"
)


def han_amount(form: str) -> Label | None:
    """What a Chinese key of an amount means by its parts, or None."""
    for pattern, label in _AMOUNTS:
        if pattern.fullmatch(form):
            return label
    return None


_AMOUNTS = (
    (_REFUND, Label.REFUNDED),
    (_POINTS, Label.OTHER_AMOUNT),
    (_UNIT_PRICE, Label.OTHER_AMOUNT),
    (_GOODS_TOTAL, Label.GOODS_TOTAL),
    (_DISCOUNT, Label.DISCOUNT),
    (_FEE, Label.FREIGHT),
    (_NOT_PAID, Label.OTHER_AMOUNT),
    (_DUE, Label.DUE),
    (_PAID, Label.PAID),
    (_PAYMENT_AMOUNT, Label.PAYMENT_AMOUNT),
    (_TOTAL, Label.TOTAL),
    (_ORDER_TOTAL, Label.ORDER_TOTAL),
)


# Alone these words tell a state: Refunded, Returned, Returned to you.
_A_SUM_GIVEN_BACK = r"amount|sum|total|value|net|partial|refund(?:issued|sent|to)|(?:you|we).*(?:refunded|reimbursed)"

_LATIN_AMOUNTS = (
    (_LATIN_POINTS, Label.OTHER_AMOUNT),
    (_LATIN_UNIT_PRICE, Label.OTHER_AMOUNT),
    (_LATIN_GOODS_TOTAL, Label.GOODS_TOTAL),
    (_LATIN_DISCOUNT, Label.DISCOUNT),
    (_LATIN_FEE, Label.FREIGHT),
    (_LATIN_BALANCE, Label.OTHER_AMOUNT),
)


def latin_amount(form: str) -> Label | None:
    """What a Latin key of an amount means by its parts, or None."""
    for pattern, label in _LATIN_AMOUNTS:
        if pattern.fullmatch(form):
            return label
    if _LATIN_REFUND.fullmatch(form) and re.search(_A_SUM_GIVEN_BACK, form):
        return Label.REFUNDED
    if not _LATIN_SUM.fullmatch(form):
        return None
    if re.search(r"paid|charged|billed|debited|spent", form):
        return Label.PAID
    if re.search(r"due|payable|topay", form):
        return Label.DUE
    if not re.search(r"total|amount|sum|finalprice", form):
        return None
    if re.search(r"payment|charge|transaction|transfer|debit|sent", form):
        return Label.PAYMENT_AMOUNT
    return Label.TOTAL if "total" in form else Label.ORDER_TOTAL
