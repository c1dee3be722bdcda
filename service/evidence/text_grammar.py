"""Labels of free text put together from known parts: 充值 + 产品 + 名称, 直充 + 账号, 扣款 + 渠道.

As in label_grammar, all text is in match form, and the lexicon's own entries win. Keys whose values are not wanted
are told apart first: 联系手机 is the buyer's own phone, 游戏名称 no product of the shop.
"""

from __future__ import annotations

import re

from service.evidence.lexicon import Label

_BUYING = (
    "充值|购买|开通|兑换|订购|缴费|办理|交易|所购|已购|购入|订单|消费|直充|代充|支付|领取|提取|付款|下单|预订|续费|订阅|激活|使用|本单|选购|转让|抽中|"
    "中奖|赠送|购|所选|已选|选择|对应|扣费|扣款"
)
_GOODS = (
    "商品|产品|物品|货品|宝贝|道具|礼包|卡券|点卡|套餐|权益|服务|业务|项目|礼品|权益包|流量包|课程|皮肤|充值卡|优惠券|电子券|代金券|券|卡种|卡品|卡片|"
    "礼品卡|月卡|游戏币|票券|票种|票品|资费|版本|装备|虚拟商品|虚拟物品|方案|品项"
)
_NAMING = "名称|名字|名|品名|标题|内容|说明|描述|摘要|全称|简称"
_PRODUCT = re.compile(
    rf"(?:{_BUYING})*(?:{_GOODS})+(?:{_NAMING})(?:/(?:规格|型号|数量|描述|说明|面值))?|(?:{_BUYING})(?:{_GOODS}|会员|内容|种类|品种|品类|标的|事项)(?:{_NAMING}|类型)?"
    rf"|会员(?:类型|种类|等级|版本|产品|商品|卡种|套餐名称?)|面[值额]名称|卡(?:名称?|种类?)"
    r"|(?:包含|对应|关联|所属|来源|所含)(?:商品|产品)(?:名称)?"
)
# Names of neither the goods nor anybody who was paid.
_STRANGER = re.compile(
    r"(?:商品|产品|套餐|购买|充值|兑换)?(?:规格|型号|属性|类别|分类|品类|品牌|款式|尺码|颜色)(?:参数|信息|名称)?"
    r"|(?:充值|所在|所属|角色|游戏|账号|选择|登录|区服)*(?:区服|大区|服务器|区组|游戏区|小区|游戏渠道|登录方式|系统|平台|运营商|客户端|职业|等级)(?:名称|信息)?"
    r"|(?:充值)?游戏(?:名称|名)?|(?:充值)?游戏角色|币[种别]|汇率|(?:充值|游戏)?角色(?:昵称|名称|名)|(?:游戏|用户|会员|买家|账号|微信|玩家)(?:昵称|名称)"
    r"|(?:买家|下单|下单人|购买|购买人|购买者|收货|收货人|收件人|联系|联系人|预留|登录|注册|客户|绑定的?联系|通知|接收短信|查询|取货|会员注册)+(?:人)?"
    r"(?:的)?(?:手机号?码?|电话|联系方式|邮箱|邮件|账号|账户|qq号?|用户名)"
    r"|(?:所属)?(?:店铺|店家|卖家|门店|商铺|商店|卖场|网店)(?:名称|名|昵称|简称|信息|账号|id)?|供货商|供应商|发货商|(?:销售|供货|出售|发货|开票|服务)(?:方|商家|店铺|商户|企业|单位|公司|主体)(?:名称|全称)?"
    r"|(?:退款|退货|换货|物流|售后|开票|发票|评价|快递|配送|运输|寄送|派送|包裹|结算|分账|对账)(?:状态|进度|结果)|(?:账单|发票|开票|收票)抬头"
    r"|(?:付款|转出|汇款|付款方|付款人)(?:户名|人户名|人姓名|人名称|方户名|方姓名|户名称)|(?:收款|付款|转出|转入)(?:银行|行|开户行|行名称?|银行名称|方开户行|人开户行)"
    r"|(?:商品|订单|交易|支付|转账|业务)(?:类型|类别|分类|属性|来源|场景)|(?:收单|清算|发卡|受理)(?:机构|行|方)(?:名称)?|(?:使用|兑换|充值|退款|购买)(?:须知|规则|范围|门店|限制|条件)"
)
_TOPPED_UP = (
    "充值|到账|开通|直充|受充|绑定|游戏|会员|缴费|充入|接收|发放|受理|办理|领取|兑换|激活|续费|代充|角色|玩家|被充|被充值|目标|话费|流量|宽带|充卡|加油|"
    "权益|订阅|发货|收卡|储值|增值|交费|电讯|通行证|appleid|战网|订购|充话费|充流量|提货|使用|steam|qq|油卡|加油卡|业务|直冲|收货|入账|转入游戏|影音|视频"
)
_ACCOUNT = re.compile(
    rf"(?:{_TOPPED_UP})+(?:的|对象|人|用户|方)*(?:账号|账户|号码|号|手机号码|手机号|手机|qq号码|qq号|qq|uid|id|户号|邮箱|邮箱地址|邮箱账号|卡号|用户|用户名|编码|信息)"
    rf"(?:/(?:账号|手机号|手机|id|qq号?|邮箱|uid|号码))*|(?:抖音|快手|小红书|微博|b站|哔哩哔哩|虎牙|斗鱼|陌陌|探探|yy|wegame|epic|psn|xbox|任天堂|米哈游|战网)(?:账号|号码?|id|uid)|(?:[为给]谁)充值|昵称/(?:id|uid|账号)|(?:使用者|用户)id"
    r"|(?:储值|增值|充值|缴费|开通)(?:门号|电话号码|电话|电讯号码)|(?:电讯|电话|手机)号码\((?:增值|储值|充值|缴费)\)|(?:用户|客户|缴费|电费|水费|燃气|宽带|机顶盒)(?:户号|缴费号|缴费户号|编号\(户号\))|(?:电表|水表|燃气表|表计)(?:号|户号|编号)"
    # Where a shop sent what it sold, to whom a code is redeemed, and a form that asks for the number.
    r"|(?:密钥|卡密|激活码|兑换码|卡券|礼品卡|商品|订单|序列号|提货码|电子码)(?:已)?(?:发送|发放|投递|派发|交付|发货)(?:至|到|给)(?:邮箱|账号|账户)?"
    r"|(?:兑换|激活|领取|绑定|添加)(?:至|到|给)(?:账号|账户|邮箱|帐号|帐户)?|(?:发送|发放|投递|发货)(?:至|到|给)(?:邮箱|账号|账户)"
    rf"|请(?:先)?(?:输入|填写|选择)(?:您|你)?(?:要|需要)?的?(?:{_TOPPED_UP})+的?(?:账号|账户|号码|手机号码?|qq号?|邮箱|户号)"
)
_NOT_AN_ACCOUNT = re.compile(
    r"使用账号|使用信息|业务(?:号|信息|账户|编码)|权益(?:号|卡号|编码|信息|id)|(?:领取|兑换|激活|提货|发货|收货|接收|订阅|订购|办理|续费|受理|充值|会员|使用|开通|发放|到账|流量|话费|游戏|"
    r"视频|影音|缴费|绑定|加油)+(?:信息|编码)|(?:兑换|激活|提货|领取|使用|订购|订阅|办理|受理|会员|充值|话费|流量|入账|发货|收货|接收|发放|绑定)(?:号|卡号|id)|"
    r"(?:绑定|会员|使用|到账|入账|收货|发货)+(?:卡号)"
)
_PAYING = "结账|买单|刷卡|实付|出资|付款|支付|扣款|转出|付费|扣费|结算|出账|付款方|付款人|付款行|转账付款|缴费"
_METHOD = re.compile(
    rf"(?:实际|订单|本次|交易|您的|买家|用户|客户|消费者)?(?:{_PAYING})(?:方式|渠道|工具|账户|账号|卡|卡号|银行卡|途径|方法|通道|媒介|手段|银行账户|卡尾号|银行卡号|类型|来源|平台|接口|管道|卡片|账户/卡号)"
    r"|(?:交易|本方|本人|我方|付方)(?:账户|账号|卡号|卡|银行卡)|(?:转出|付出|汇出|出款|来源|资金)(?:账户|账号|卡|卡号)|(?:转账|汇款)(?:账户|卡|卡号)|(?:消费|刷卡)(?:卡号|卡片|卡)|资金(?:来源|渠道)|扣款来源|付款账户名?"
)
# What a payer writes of what the money is for.
REMARK = re.compile(
    r"(?:转账|汇款|付款|支付|交易|资金|款项|收款)?(?:用途|附言|摘要|备注|留言|事由|说明)(?:说明|信息)?(?:/(?:用途|附言|摘要|备注|留言))?"
    r"|(?:payment|transfer)?(?:purpose|reference|remarks?|note|memo|message)|for"
)
_PAYEE = re.compile(
    r"(?:实际|最终|本次|交易)?(?:收款|入账|转入|收钱|到账方|受款)(?:方|人|商户|商家|单位|公司|机构|企业|主体|户|账户|账户方|对象|店铺|用户|者)?"
    r"(?:全称|名称|姓名|户名|简称|信息|全名|名字|名)|(?:收款|受款|收钱)(?:方|人|商户|商家|单位|公司|企业|主体|店铺|对象|者)"
    r"|(?:收款|交易|消费|对方|支付|付款|受理|所属|扣款|扣费)?(?:商户|商家)(?:全称|名称|简称|名)?|(?:特约|收单|签约)(?:商户|商店|商家)(?:全称|名称|简称|名)?|收款机构|(?:缴费|收费)(?:单位|机构)(?:名称|全称)?|对方(?:账户名称?|账号名称?)|(?:交易|付款|转账|支付)(?:对象|对方|对手)(?:名称|户名|姓名)?|对方(?:户名|姓名|全称|名称|商户)"
)
_STATUS = re.compile(
    r"(?:订单|交易|支付|付款|充值|处理|发货|到账|转账|业务|服务|办理|受理|开通|会员|权益|券|卡券|使用|兑换|当前|账单|流程|激活|卡密|汇款|扣款|缴费|目前|最新|商品|充值订单|套餐|发放)+"
    r"(?:状态|进度|结果|进展|情况|阶段)"
)

_LATIN_THING = (
    "product|item|goods|package|plan|bundle|subscription|service|giftcard|card|offer|membership|pass|game|license"
)
_LATIN_PRODUCT = re.compile(
    r"(?!(?:your)?(?:giftcard|card|membership|pass)details$)"  # these head a page
    rf"(?:your|the|order|ordered|purchased|in-?app|top-?up|recharge|subscription)*(?:{_LATIN_THING}|pack|edition|dlc|skin|voucher)s?(?:name|title|description|detail|details|purchased|ordered|bought|type)"
    rf"|(?:purchased|ordered|your)(?:{_LATIN_THING})s?|service|whatyou(?:bought|ordered|paidfor)|paymentfor|paidfor|purchaseof|fororder"
    r"|(?:top-?up|recharge|subscription|membership|in-?app|data|mobile|prepaid|billing|redeemed|purchased)(?:item|product|goods|package|pack|plan|bundle|service|content)s?"
)
_LATIN_ACCOUNT = re.compile(
    r"(?:recharged?|top-?up|topup|topped-?up|game|player|character|role|member|membership|mobile|redeem|activation|activated|credited|"
    r"destination|target|subscriber|refill|prepaid|recipient|steam|riot|garena)+(?:account|id|number|no\.?|phone|phonenumber|email|uid|mobile|mobilenumber)"
    r"|(?:your)?(?:e-?gift)?(?:activation|licen[cs]e|digital|gift|product|game|voucher|steam)?(?:keys?|codes?|cards?|vouchers?|items?|goods)"
    r"(?:is|are|was|were)?(?:delivered|e-?mailed|sent|issued|dispatched)to(?:e-?mail|account|address)?"
    r"|(?:delivery|delivered|recipient|redemption)e-?mail(?:address)?|e-?mail(?:fordelivery|deliveredto)"
    r"|(?:redeem(?:ing)?|activat(?:e|ing)|add(?:ing)?|claim(?:ing)?)(?:to|on|for)(?:this|your|the)?account"
    r"|(?:credited|toppedup|delivered|sent)(?:account|number|e-?mail)|uid|playertag|(?:account|number|phone|player)(?:tobe|beingto|to|being)?(?:credited|credit|toppedup|topup|recharged?|refilled)"
    r"|zone(?:id)?/user(?:id)?|user(?:id)?(?:/|\()zone(?:id)?\)?|gamertag"
    r"|(?:psn|online|google|googleplay|nintendo|xbox|microsoft|sony|epic|ea|battle\.?net|ubisoft|roblox)(?:account|id)|(?:user|users)id"
)
_LATIN_NOT_AN_ACCOUNT = re.compile(
    r"member(?:ship)?(?:no\.?|number|id)|(?:recipient)(?:account|id|number|no\.?)|mobile(?:id|account|no\.?)"
)
_LATIN_METHOD = re.compile(
    r"(?!(?:debit|charge)card$)(?:payment|pay|paying|paid|funding|charge|charged|billing|debit)(?:method|channel|type|card|source|option|via|with|from|using|instrument|mode|means)(?:used)?"
    r"|methodofpayment|modeofpayment|fundedby|card(?:used|charged(?:to)?)|(?:source|means)of(?:funds|payment)|funds?source|tendertype|paymentprovider"
)
_LATIN_PAYEE = re.compile(
    r"(?:payee|beneficiary|recipient|merchant|receiver|biller|creditor|counterparty|payto|otherparty)(?:'?s)?(?:name|fullname|accountname|legalname)?"
    r"|(?:paid|pay|payment|transfer|transferred|sent|moneysent|charge)(?:to|madeto)(?:merchant)?|(?:charged|collected|billed)by"
)
# Whose shop it is, states of what is no order, and names of players: told apart, not wanted.
_LATIN_STRANGER = re.compile(
    r"(?:seller|store|shop|vendor|retailer|supplier)(?:'?s)?(?:name|info|ofrecord|details)?|retailer"
    r"|(?:shipping|shipment|refund|return|tracking|parcel|package|dispute)(?:status|state|progress)"
    r"|(?:in-?game|character|role|player|summoner|avatar|hero|nick|screen|display|gamer)(?:name|nickname|id?name)|nickname"
    r"|currency|exchangerate|carrier|deliverymethod|shippingmethod"
)
_LATIN_STATUS = re.compile(
    r"(?:order|payment|transaction|transfer|delivery|top-?up|topup|recharge|current|processing|purchase|fulfil?lment|subscription|membership|redemption|activation)+"
    r"(?:status|state|result|progress)|(?:status|state|progress)of(?:the|your|this)?(?:order|payment|transaction|transfer|purchase|top-?up)"
)

_HAN = (
    (_STRANGER, Label.OTHER_TEXT),
    (_STATUS, Label.STATUS),
    (_METHOD, Label.PAYMENT_METHOD),
    (_PAYEE, Label.PAYEE),
    (REMARK, Label.OTHER_TEXT),
)
_LATIN = (
    (_LATIN_STRANGER, Label.OTHER_TEXT),
    (_LATIN_PAYEE, Label.PAYEE),
    (_LATIN_STATUS, Label.STATUS),
    (_LATIN_METHOD, Label.PAYMENT_METHOD),
    (_LATIN_PRODUCT, Label.PRODUCT),
)


# What pages offer at their foot rather than what was bought.
_OFFERED = re.compile(
    r"(?:支付|付款|交易|领取|提取|使用|赠送|消费|订单|扣费|扣款|下单|转让|选择|已选|所选)(?:服务|业务|项目|权益|会员|优惠券|券|卡券|内容|事项)"
    r"|(?:使用|交易|支付|付款|订单|消费|扣费|扣款|选择|领取|提取)+(?:服务|业务|说明|券|卡券|优惠券)+(?:说明|描述|详情)?"
)


def composed_text(form: str) -> Label | None:
    """What a key of free text means by its parts; None where the parts make no key."""
    for pattern, label in _LATIN if form.isascii() else _HAN:
        if pattern.fullmatch(form):
            return label
    latin = form.isascii()
    account, other = (_LATIN_ACCOUNT, _LATIN_NOT_AN_ACCOUNT) if latin else (_ACCOUNT, _NOT_AN_ACCOUNT)
    if account.fullmatch(form):
        return None if other.fullmatch(form) else Label.RECHARGED_ACCOUNT
    return Label.PRODUCT if not latin and _PRODUCT.fullmatch(form) and not _OFFERED.fullmatch(form) else None
