"""Words that stand before a value, Chinese and English, with what the value is.

Aliases are written in match form (see normalise): simplified, lower case, no blanks. Labels whose values are not
wanted are here too, because knowing that 优惠 names a discount is what keeps the discount out of the paid amount.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import StrEnum


class ValueKind(StrEnum):
    IDENTIFIER = "identifier"
    AMOUNT = "amount"
    TIME = "time"
    TEXT = "text"
    NONE = "none"


class Label(StrEnum):
    """What a printed key means. ``other_*``: known, and not wanted."""

    ORDER_NUMBER = "order_number"
    MERCHANT_NUMBER = "merchant_number"
    TRADE_NUMBER = "trade_number"
    VOUCHER_NUMBER = "voucher_number"
    RUNNING_NUMBER = "running_number"
    OTHER_NUMBER = "other_number"
    PAID = "paid"
    PAYMENT_AMOUNT = "payment_amount"
    DUE = "due"
    TOTAL = "total"
    ORDER_TOTAL = "order_total"
    GOODS_TOTAL = "goods_total"
    DISCOUNT = "discount"
    FREIGHT = "freight"
    REFUNDED = "refunded"
    OTHER_AMOUNT = "other_amount"
    ORDERED_AT = "ordered_at"
    CREATED_AT = "created_at"
    PAID_AT = "paid_at"
    TIME = "time"
    OTHER_TIME = "other_time"
    PRODUCT = "product"
    PRODUCT_SECTION = "product_section"
    PAYEE = "payee"
    PAYMENT_METHOD = "payment_method"
    STATUS = "status"
    RECHARGED_ACCOUNT = "recharged_account"
    PHONE = "phone"
    CARD_SECRET = "card_secret"  # noqa: S105 - a label, not a secret
    IDENTITY = "identity"
    OTHER_TEXT = "other_text"


_KINDS: Mapping[ValueKind, str] = {
    ValueKind.IDENTIFIER: (
        "order_number merchant_number trade_number voucher_number running_number other_number card_secret"
    ),
    ValueKind.AMOUNT: "paid payment_amount due total order_total goods_total discount freight refunded other_amount",
    ValueKind.TIME: "ordered_at created_at paid_at time other_time",
    ValueKind.TEXT: "product payee payment_method status recharged_account phone identity other_text",
    ValueKind.NONE: "product_section",
}
VALUE_KIND: Mapping[Label, ValueKind] = {Label(name): kind for kind, names in _KINDS.items() for name in names.split()}

_ALIASES: Mapping[Label, str] = {
    Label.ORDER_NUMBER: """
        订单号 订单编号 订单号码 订单单号 订单id 订单no 订单流水 交易订单号 交易订单编号 平台订单号 我的订单号
        商品订单号 充值订单号 购买订单号 购买单号 消费单号 充值单号 充值编号 下单编号 单号 编号 本单编号 业务订单号
        订单: 订单# 商品订单: 平台订单: 充值订单: 交易订单: 购买订单:
        ordernumber orderno ordernum orderid order# orderreference orderref ordercode yourordernumber
        yourorder# order: purchaseorder# purchaseid purchasenumber bookingnumber confirmationnumber""",
    Label.MERCHANT_NUMBER: """
        商户单号 商家单号 商户订单号 商家订单号 商户订单编号 商家订单编号 商户订单号码 商户交易单号 商家交易单号
        商户流水号 merchantordernumber merchantorderno merchantorderid merchantreference merchantref merchantrefno
        merchantnumber merchanttransactionid sellerordernumber merchantorder# merchantorder merchantno""",
    Label.TRADE_NUMBER: """
        交易单号 交易流水号 交易流水 流水号 交易号 交易编号 交易号码 支付单号 支付流水号 支付流水 支付交易号
        支付订单号 支付编号 支付号 付款单号 付款流水号 付款订单号 付款编号 支付宝交易号 支付宝订单号 支付宝流水号
        支付宝单号 微信支付单号 微信支付交易号 微信支付订单号 微信交易号 微信订单号 微信单号 微信流水号 转账单号
        转账订单号 转账流水号 银行流水号 银行订单号 电子流水号 第三方交易订单号 第三方交易单号 第三方交易号
        第三方支付单号 第三方支付流水号 第三方流水号 交易参考号 三方单号 渠道流水号
        云闪付订单号 银联订单号 transactionid transactionnumber transactionno
        transactionreference transactionref transaction# tradenumber tradeno tradeid paymentid paymentnumber
        paymentno paymentreference paymentref transferid transferno paypaltransactionid alipaytransactionid
        wechatpaytransactionid alipayordernumber referenceid referencenumber referenceno reference#""",
    Label.VOUCHER_NUMBER: """
        参考号 检索参考号 系统参考号 凭证号 凭证号码 凭证编号 回单编号 回单号 电子回单号 电子回单号码
        reference ref refno refnumber""",
    Label.RUNNING_NUMBER: """
        订单流水号 充值流水号 充值流水 业务流水号 业务流水 平台流水号 平台流水 系统流水号 系统流水 流水编号
        业务编号 操作流水号 主订单号 父订单号 主订单编号 子订单号 子订单编号 单据编号 单据号 小票号 小票编号
        票据号""",
    Label.OTHER_NUMBER: """
        短订单号 第三方商户订单号 第三方订单号 快递单号 运单号 运单编号 物流单号 物流编号 快递编号 商户号 商户编号
        商户编码 终端号 终端编号 批次号 取餐号 取件码 门店号 门店编号 发票号 发票号码 退款单号 退款编号 退款流水号
        售后单号 售后编号 服务单号 座位号 授权码 授权号 检索号 卡bin 收款账号 收款卡号 counterpartyaccount
        银行卡号 商品编号 商品编码 商品id 货号 sku 券号 券码 取票码 消费码 验券码 取货码 核销码 验证码 原订单号
        关联订单号 外部订单号 收单机构单号 备案号 客服电话 客户编号 用户编号 会员号 会员编号 买家id 商家id
        房间号 车牌 车牌号 税号 工单号 设备号 版本号 对方账号 对方卡号
        文档编号 documentno documentnumber appleid caseid casenumber ticketnumber 渠道单号 渠道订单号
        银联流水号 收款单号 合同号 trackingnumber trackingno tracking# cardnumber accountnumber
        accountno terminalid batchno authcode authorizationcode approvalcode refundid refundnumber refundno
        invoicenumber invoiceno invoiceid invoice# receiptnumber receiptno receiptid receipt# merchantid sku
        customerid itemid productid""",
    Label.PAID: """
        实付 实付款 实付金额 实付总额 实付总价 实付价 实付合计 实付额 实际支付 实际付款 实际支付金额 实际付款金额
        实支付 实支付金额 实际金额 已付 已付款 已支付 已付金额 已付款金额 已支付金额 您已支付 共付款 共支付 总实付
        现金实付 本次实付 共实付 实付现金 实收 实收款 实收金额 实扣金额 实际扣款 amountpaid totalpaid paid youpaid
        paidamount actualpayment actualpaid actualamount actuallypaid totalcharged amountcharged charged
        youwerecharged paidtotal""",
    Label.PAYMENT_AMOUNT: """
        支付金额 付款金额 付款总额 支付总额 支付总金额 付款总金额 交易金额 转账金额 消费金额 扣款金额 支出金额
        付款额 支付额 发生额 交易额 人民币支出 人民币消费 人民币转出 人民币扣款
        支付 付款 在线支付 线上支付 支付价格 汇款金额 成交价 成交金额 成交总价 合计支付 小写金额
        小写 人民币小写 金额小写 现金支付 支付款 paymentamount transactionamount
        totalpayment chargeamount transferamount purchaseamount""",
    Label.DUE: """
        应付 应付款 应付金额 应付总额 需付 需付款 需付金额 需支付 还需支付 待付款 待支付 待支付金额 待付金额 应支付
        应付合计 应支付金额 amountdue totaldue balancedue""",
    Label.TOTAL: """
        合计 总计 共计 合计金额 总计金额 共计金额 订单合计 订单总计 金额合计 总合计 total grandtotal
        ordertotal totalamount""",
    Label.ORDER_TOTAL: """
        订单金额 订单总额 订单总价 订单总金额 订单价格 订单价 总价 总额 总金额 金额 总价格 订单款 购买金额 下单金额
        全额 费用 费用合计 总费用 amount orderamount totalprice ordervalue""",
    Label.GOODS_TOTAL: """
        商品合计 商品总价 商品总额 商品金额 商品总计 商品价格 商品总金额 小计 商品小计 原价 原总价 原订单金额 优惠前
        优惠前金额 商品原价 标价 门市价 划线价 subtotal itemtotal itemsubtotal itemstotal originalprice listprice""",
    Label.DISCOUNT: """
        优惠 优惠金额 优惠券 优惠券抵扣 折扣 折扣金额 立减 满减 店铺优惠 平台优惠 红包 红包抵扣 积分抵扣 抵扣
        抵扣金额 代金券 活动优惠 会员优惠 会员折扣 优惠合计 已优惠 共优惠 商家优惠 随机立减 支付优惠 优惠总额 总优惠
        促销优惠 店铺优惠券 余额抵扣 余额支付 礼品卡抵扣 首单优惠 新人优惠 节省 共减 京豆抵扣 商品优惠 运费优惠
        优惠减免 减免 减免金额 满减优惠 卡券抵扣 购物金 淘金币抵扣 活动立减 立减优惠 券优惠 平台红包 支付立减
        实付优惠 discount coupon promotion promo savings yousaved saved storecredit""",
    Label.FREIGHT: """
        运费 邮费 快递费 配送费 包装费 打包费 运费险 手续费 服务费 税费 税 技术服务费 转账手续费 退款手续费 快递
        物流 shipping shippingfee deliveryfee tax fee servicefee vat handlingfee shipping&handling""",
    Label.REFUNDED: """
        退款金额 退款总额 退款 已退款 已退金额 应退金额 实退金额 可退金额 退款总金额 申请金额 退款合计 退还金额
        原路退回 refundamount refund refunded amountrefunded refundtotal totalrefund""",
    Label.OTHER_AMOUNT: """
        单价 价格 售价 余额 账户余额 可用余额 钱包余额 零钱余额 当前余额 交易后余额 面值 面额 充值金额 充值面额
        充值面值 卡券面值 卡面额 商品面值 面值金额 话费面值 点卡面值 礼品卡面值 cardvalue cardfacevalue balanceafter
        到账金额 卡面值 押金 定金 保证金 违约金 佣金 赔付金额 积分 返现 赠送金额 赠送 商品单价 限额 会员价
        活动价 充值数量 数量 unitprice price balance availablebalance facevalue denomination deposit cashback
        topupamount quantity qty walletbalance newbalance currentbalance
        accountbalance remainingbalance cardbalance totalbalance mybalance yourbalance cashbackearned rewardsearned
        pointsearned points each eachprice""",
    Label.ORDERED_AT: """
        下单时间 订单时间 下单日期 订单日期 订单创建时间 订单生成时间 提交时间 订单提交时间 购买时间 购买日期 下单
        预订时间 预定时间 订购时间 拍下时间 orderdate ordertime orderedon orderdate&time orderdateandtime
        orderdatetime purchasedate purchasedon purchasetime orderplaced orderplacedon placedon dateordered ordered
        orderedat dateplaced ordercreated submitted submittedon submittedat ordersubmitted timesubmitted""",
    Label.CREATED_AT: """
        创建时间 创建日期 生成时间 建单时间 createdat createtime created creationtime createdon datecreated
        dateissued issuedate issuedon""",
    Label.PAID_AT: """
        付款时间 支付时间 支付日期 付款日期 交易时间 交易日期 支付完成时间 付款完成时间 转账时间 扣款时间 消费时间
        支付成功时间 付款成功时间 汇款时间 订单支付时间 记账时间 交易完成时间 paymenttime paymentdate paidat paidon
        timepaid datepaid transactiontime transactiondate paytime paymentdate&time transactiondate&time
        paymentdateandtime transactiondateandtime transferdate transfertime billingdate billeddate""",
    Label.TIME: """
        时间 日期 充值时间 充值日期 操作时间 time date date&time dateandtime datetime timeanddate 交易日期时间
        sentat senton datesent timesent transfersent""",
    Label.OTHER_TIME: """
        成交时间 发货时间 发放时间 完成时间 收货时间 确认时间 确认收货时间 退款时间 申请时间 有效期 有效期至
        有效时间 过期时间 到期时间 失效时间 激活时间 使用时间 开通时间 生效时间 到账时间 收款时间 送达时间 预计送达
        预计到账 预计到账时间 取消时间 关闭时间 截止时间 提取时间 打印时间 处理时间 受理时间 更新时间 兑换时间
        领取时间 签收时间 发车时间 出发时间 入住时间 离店时间 接单时间 出票时间 期望时间 配送时间 取餐时间 评价时间
        失败时间 退款完成时间 退款到账时间 申请退款时间 结束时间 开始时间 交付时间 登录时间 注册时间 查询时间
        nextbillingdate nextpaymentdate nextchargedate renewaldate renewsdate renewson valuedate duedate paymentduedate
        dateofbirth 下次扣费日期 下次扣款日期 下次续费时间
        发卡时间 发码时间 出卡时间 提取时间 通知时间 打印日期 有效期限 有效日期 截止日期 到期日期 发货日期
        使用有效期 卡有效期 卡密有效期 会员有效期 会员到期时间 会员到期 到期日 有效至 有效期到 使用期限 可用至
        激活有效期 兑换有效期 兑换截止时间 使用截止时间 validthrough validthru validtill validity
        validityperiod expiry expiration
        deliveredon deliverydate shippeddate
        completedon completiontime refundedon refunddate expires expirydate validuntil expireson activatedon
        estimateddelivery expirationdate deliverytime completedat updatedat""",
    Label.PRODUCT: """
        商品 商品名称 商品名 商品说明 商品描述 商品详情 产品名称 产品 产品名 品名 套餐 套餐名称 套餐名 服务名称
        充值商品 充值产品 充值套餐 宝贝 购买商品 购买内容 充值内容 商品内容
        购买项目 商品标题 订单内容 订单标题 订单名称 订单商品 会员类型
        会员套餐 项目名称 服务项目 充值项目 充值类型 交易说明 业务名称 卡种 卡类型 商品/服务 商品信息: 产品信息:
        交易商品 购买产品 商品摘要 交易内容 交易标题 交易名称 消费内容 消费项目 购买物品 物品名称 物品 货品 货品名称
        账单说明 订单描述 订单说明 业务内容 支付内容 付款内容 购买的商品 所购商品 purchased productdetails
        goodsdescription orderdescription itempurchased purchase: package bundle product productname item itemname goods
        goodsname description productdescription itemdescription plan subscription title orderitem productitem""",
    Label.PRODUCT_SECTION: """
        商品信息 产品信息 商品清单 商品列表 购买清单 订单商品信息 items orderitems yourorder ordersummary products
        商品明细 购买明细 订单商品明细 品项明细 itemsinthisorder itemsinyourorder itemsordered productsinthisorder""",
    Label.PAYEE: """
        收款方 收款方全称 收款方名称 收款人 收款人姓名 收款人名称 收款人全称 收款人户名 收款账户 收款账户名
        收款账户名称 收款账户户名 收款账号户名 收款户名 收款单位 收款商户 收款商家 收款公司 商户全称 商户名称 商户
        商户名 商户简称 商家名称
        商家全称 商家 对方账户 对方户名 对方名称 交易对方 交易对象 转账给 付款给 支付给 收款机构名称 交易商户
        消费商户 交易商家 交易对手 交易对手名称
        交易对方名称 对方姓名 对方账号名称 对方账户名称 入账户名 转入户名 转入方 对方 payee
        payto paidto merchant merchantname recipient recipientname beneficiary beneficiaryname receiver receivername
        to: paymentto transferto sentto payeename paidtomerchant billedby to""",
    Label.PAYMENT_METHOD: """
        付款方式 支付方式 支付渠道 付款渠道 支付类型 支付工具 付款账户 支付账户 扣款方式 扣款账户 交易方式 结算方式
        支付通道 扣款渠道 付款方法 支付途径 付款银行卡 付款卡 支付卡 扣款卡 扣款银行卡 支付银行卡 付款卡号 付款账号
        支出账户 支出账号 支出卡号 转出账户 转出账号 转出卡号
        扣款卡号 扣款账号 支付卡号 支付账号 付款工具 支付银行 付款银行账户 paymentmethod paidfrom fromaccount
        paymenttype paidwith paymentmethods
        paidby paidvia paymentvia paymentchannel paymentoption payment paywith payvia method fundingsource
        paidusing card chargedto billedto debitedfrom paymentsource paymentcard paymentaccount paymentmethodused
        debitcard: creditcard:""",
    Label.STATUS: """
        订单状态 当前状态 处理进度 订单进度 当前进度 进度
        交易状态 支付状态 付款状态 充值状态 状态 处理状态 订单当前状态 交易结果 支付结果 充值结果
        发货状态 到账状态 处理结果 账单状态 转账状态 付款结果 status orderstatus paymentstatus transactionstatus
        currentstatus state 出货状态""",
    Label.RECHARGED_ACCOUNT: """
        充值账号 充值帐号 充值账户 充值号码 充值手机号 充值手机号码 充值手机 充值qq 充值qq号 充值对象 到账账号
        到账账户 充值游戏账号 游戏账号 游戏id 角色id 充值id 充值号 被充值号码 充值邮箱 开通账号 开通号码 会员账号
        充值用户 充值账号/手机号 qq号 qq号码 话费号码 缴费号码 充值目标 直充账号 发货账号 绑定账号 缴费账号 缴费户号
        户号 加油卡号 油卡号码 uid 受理号码 充入账号 充值uid 充值角色id 游戏角色id 玩家id 游戏uid
        收货账号 受赠账号 受赠号码 受赠手机号 收货邮箱 收件邮箱 发货邮箱 收卡邮箱 充值通行证 到账通行证
        到账号码 到账手机号 充入号码 充入手机号 缴费号 用户号码 steam账号 steamid 充值邮箱账号
        rechargedaccount rechargeaccount rechargenumber top-upnumber playerid
        充值到 充到 充入 充值给 充给 到账至 creditedto toppedupto
        topupnumber topupaccount topupphone mobilenumber rechargedphone memberaccount memberid gameaccount gameid
        accountid topupto rechargeto mobilerecharged rechargedto redeemto
        redeemedto redeemtoaccount userid gameuserid accounttocredit deliveredtoaccount creditedaccount
        accountcredited redeemaccount redemptionaccount
        phonetotopup numbertotopup gameuid playeraccount deliveredto""",
    Label.PHONE: """
        手机号 手机号码 手机 门号 号码 账号 账户 用户账号 通行证:
        phone phonenumber mobile account email username number""",
    Label.CARD_SECRET: """
        卡密 卡号 密码 卡密信息 激活码 兑换码 充值码 礼品码 序列号 卡券密码 卡密码 充值卡号 充值卡密 充值密码 cdkey
        cdk 发货内容 卡密内容 交付内容 code: codes: 提货码 礼品卡号 activationcode redeemcode redemptioncode
        giftcode productkey serialnumber licensekey
        vouchercode cardpin pin giftcardcode""",
    Label.IDENTITY: "公民身份号码 身份证号 身份证号码 民族 签发机关 出生 性别 住址",
    Label.OTHER_TEXT: """
        当前账号 当前账户 购买账号 购买账户 下单账号 登录账号 signedinas purchasingaccount
        备注 留言 收货地址 收货人 联系人 联系电话 联系方式 联系手机 收货信息 配送方式 付款方 付款人 付款人姓名
        付款方名称 付款户名 转账人 发票 发票类型 发票信息 订单类型 交易类型 业务类型 账单分类 标签 收单机构 清算机构
        店铺 店铺名称 卖家 卖家昵称 买家 买家昵称 门店 规格 商品规格 区服 服务器 所属运营商 运营商 归属地 号码归属
        号码归属地 地区
        原因 申请理由 退款理由
        退款原因 退款方式 退款状态 退款说明 申请原因 售后状态 物流状态 物流公司 开户行 收款银行 付款银行 摘要 用途
        对方银行 对方开户行 counterpartybank
        附言 转账说明 支付说明 交易渠道 收银台 订单来源 下单账号 开户银行 银行 操作 商品类型 商品数量 购买数量
        来往记录 计入收支 账单管理 账单服务 往来记录 充值方式 充值说明 到账方式 使用说明 使用方法 温馨提示 发货方式
        购买张数 购卡张数 购卡数量 cardsbought
        账户名称 账号名称 用户名称
        姓名 昵称 角色 角色名 角色名称 购买人 下单人 发货状态: 订单信息 订单详情 付款信息 支付信息 客服 联系客服
        付款备注 转账备注 添加备注 收款理由 申请退款 付款名称 转出户名 户名 账户名 转出方 交易场所 交易地点 购买方式
        款项状态 支付场景 note notes remark
        remarks billingaddress shippingaddress address from: from billto shipto payer sender category type region
        server platform
        seller soldby store shop actions action orderdetails paymentdetails customer buyer name accountname
        issuedby vendor supplier 销售方 销售方名称 开票方 卖方 购买方 购买方名称
        youraccount 您的账号 您的账户 你的账号 你的账户 付款详情 支付详情 付款描述 交易描述 交易详情: paymentdescription
        transactiondescription refundreason reason deliverymethod for""",
}


def _aliases() -> dict[str, tuple[Label, int]]:
    """Alias → label and its rank among the label's aliases. Written under two labels, the first label stands."""
    table: dict[str, tuple[Label, int]] = {}
    for label, words in _ALIASES.items():
        for rank, alias in enumerate(words.split()):
            table.setdefault(alias, (label, rank))
    return table


ALIASES: Mapping[str, tuple[Label, int]] = _aliases()
LONGEST_ALIAS = max(map(len, ALIASES))
# Characters that make the meaning of labels: one of these in another's place is another word, not a slip.
# A numeral tells one of several: 套餐一 is no misread 套餐名.
MEANINGFUL = frozenset(character for alias in ALIASES for character in alias if character >= "一")
MEANINGFUL |= frozenset("一二三四五六七八九十")

# A number key with a prefix of its own (美团订单号) is told by its ending and by what the prefix says.
NUMBER_ENDINGS = ("订单号", "订单编号", "订单号码", "单号", "流水号", "交易号", "单编号")
_NOT_THE_ORDER = (
    *("第三方", "渠道", "外部", "快递", "物流", "退款", "售后", "发票", "关联", "取件", "取餐", "排队", "叫号", "清算"),
    *("银联", "批次", "换货", "维修", "投诉", "提现", "收款", "签约", "协议"),
)
# One character says so only alone or after whose order it is: 原订单号, 平台子订单号, but 原神订单号, 点卡订单号.
_NOT_THE_ORDER_ALONE = re.compile(r"(?:商品|平台|系统|支付|店铺|商家)?[原子父母短运工卡]")


def of_another_kind(prefix: str, but: Collection[str] = ()) -> bool:
    """Whether what stands before 订单号 and the like makes it the number of something else."""
    return any(word in prefix for word in _NOT_THE_ORDER if word not in but) or bool(
        _NOT_THE_ORDER_ALONE.fullmatch(prefix)
    )


OF_THE_MERCHANT = ("商户", "商家")
OF_THE_PAYMENT = ("交易", "支付", "付款", "微信", "支付宝", "银行", "转账", "收单", "扣款", "流水")
