"""What a text may be on a product's card, going by its words: title, shop, specification, promise of service."""

from __future__ import annotations

import re

from service.evidence.amounts import parse_amount
from service.evidence.normalise import compact, is_cjk
from service.evidence.times import is_moment
from service.evidence.vocabulary import (
    is_button,
    is_delivery_title,
    is_list_title,
    is_message_sender,
    is_order_title,
    is_payment_title,
    is_result_title,
    is_tab_word,
    names_goods,
    status_text,
)

QUANTITY = re.compile(
    r"[x×X*]\s*\d{1,3}|\d{1,3}\s*[x×X*](?:\s*[¥￥$]?\s*[\d.,]+)?|(?:购买)?数量[:：]?\s*[x×]?\d{1,3}|共\d+件.*|qty:?\s*\d+|\d{1,3}\s?(?:items?|pcs)|\d+\s?[张件份]",
    re.IGNORECASE,
)
LONGEST_TITLE = 90
_NAMES_A_PAGE = re.compile(
    r"(?:我的)?.{0,4}(?:小票|查询|收据|回执|凭证|电子票|购物车|账单|收银台|首页|分类|详情|中心|列表|管理|明细|订单|记录|专区)|(?:我的|全部|更多|选择|其他|热门)?(?:套餐|权益|会员|优惠券|卡券|卡包|商品)|"
    r".{0,6}(?:进度|跟踪|须知|规则|介绍|保障|攻略|帮助|反馈|助手|通知|提醒|凭证|公告|指南|问题|教程|评价|二维码|条形码|条码)|"
    r"(?:订单|购买|商品|交易|付款|支付|物流|配送|发货|充值|账单|服务|优惠|价格|费用|基本|使用|兑换|店铺|收货|卡密|会员|权益|退款|售后|商家|套餐|账户|账号|开票|产品|券码|核销)+"
    r"(?:信息|说明|方式|服务|快照|清单|内容|状态|总计|保障|须知|详情|流程|类型|编号|入口|门店|范围|时间|条件|优惠)|"
    r"(?:商品|宝贝|产品|物品|项目|名称|单价|数量|小计|金额|操作|实付款?|售后|图片|规格|优惠|合计|状态|总价|备注|序号|编号|类型|价格)+|"
    r"(?:my)?(?:orders?|details|history|membership|lastpayment|nextpayment|paymenthistory|benefits|home|account|help|support|summary|overview)|"
    r"(?:order|payment|billing|shipping|delivery|contact|product|item|transaction|customer|purchase)s?"
    r"(?:info|information|details?|summary|address|method|status|history|name|description|total|receipt)|"
    r"(?:product|item|price|unitprice|qty|quantity|sku|subtotal|amount|total|status|action)s?|进店(?:逛逛|看看)?|进入店铺|visit(?:shop|store)?"
)
_PERSON_OR_PLACE = re.compile(
    r"1\d{2}[\d*]{8}|[省市区县].{0,12}(?:[路街道村校室栋]|(?<![账帐单编型机])号)|收货|地址|^\d{1,2}:\d{2}|20\d{2}[-/.年]\d|@[a-z0-9-]+\.|有效期|截止|到期"
)
_COST = re.compile(
    r"(?:手续费|运费|邮费|服务费|[^收付]费用|^.{0,4}费|(?:^.{0,6}|[\s:：].{0,4})价格?|金额|余额|合计|"
    r"balance|balance after|price|fee|tax|cost|total)$|"
    r"^(?:estimated |sales |import )?(?:tax(?:es)?|vat|gst|dut(?:y|ies)|customs)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"^.{0,5}(?:省|减|立减|抵扣?|优惠|补贴|折扣|抽成|红包)$|^(?:发货人|供货商|seller|sold by|shop|from)\b|"
    r"^卖家|^(?:商家|店铺|商户)[\s:]|^(?:应用内购买|报告问题|in-app purchase|report a problem)|"
    r"[。！!?？；;]$|^请|[,，]请|请(?:联系|咨询|尽快|耐心|勿|及时|在|于|凭|到|妥善|您|先|输入|确认)|如有|您|感谢|欢迎|恭喜|抱歉|^(?:温馨提示|注意|说明|提示|公告|备注)|预计|"
    r"(?:^.{0,7}|线|店铺|商家|平台|官方|人工|[问疑].{1,6})客服|可能(?:会|有|延迟|存在)|可(?:发短信|拨打|登录|通过)|"
    r"邀请?.{0,2}(?:好友|朋友)|领\s?\d+\s?元|\d\s?元(?:起|抢|秒)|名额有限|^(?:办|开通?)会员.*(?:折|省|领)|^(?:约|通常)?.{0,4}(?:小时|分钟|工作日)内|尽快|耐心|"
    r"(?:不存在|失效|无效|失败|错误|异常|未找到|未查|未收到|不足|超时)|"
    r"已发送|已复制|^.{0,2}键?复制|^查看|^view |待领取|满\d+.{0,3}可用|即将过期|^[¥￥$]\s?\d|"
    r"^powered by|^how to |→|^(?:商品|订单)(?:已|待).{2,5}$|"
    r"(?:查收|可在|点击|扫码|出示|本券|仅限|每单|不可叠加|以.{1,6}为准|将在|已为|我们|剩余|还剩|倒计时)|^\d{1,2}[.、)）]\D|"
    r"^(?:已售|月销|销量|库存|评价|浏览|好评|更多|关注|收藏|分享|首页|我的|购物车|分类|搜索)|"
    r"\b(?:please|thank|thanks|you|we|our|your|sold by|shipped|has been|will be|is on|contact)\b|"
    r"刮开|注意区分|区分大小写|即表示|^兑换即|\b(?:no|without) ads\b|\bup to \d+ (?:devices|screens|users)|"
    r"cancel any ?time|无广告|^print\b|\b(?:view|download|print) (?:invoice|receipt)|"
    r"\bretu\w{1,2} (?:window|period|policy)\b|^returns? (?:items|not|until|by|accepted)\b|"
    r"\bcannot\b|n't\b|^(?:code|key|pin|卡密|激活码|兑换码)\s*#?\d{1,3}(?:/\d{1,3})?$|"
    r"\b(?:not|invalid|failed|error|unable|unavailable|expired|wrong)\b",
    re.IGNORECASE,
)
# Several clauses are a sentence, unless they sell: 出一个办公软件激活码，终身版，可开机验证.
_CLAUSES = re.compile(r"[,，].*[,，。]")
_TAG = (
    r"[快慢]充|快速充值|普通充值|直充|卡密|人工代充|代充|在线直充|自动直充|(?:自动|在线|人工|系统|秒)(?:发卡|发货|充值|处理|直充)|自动发货|自动发卡|自动充值|人工充值|在线充值|官方(?:正品|直充|授权|自营|直营|标配|渠道|发货)?|正品(?:保证|保障)?|"
    r"不?(?:支持)?(?:7|七)天无理由(?:退货|退款|退换)?|虚拟(?:商品)?不(?:支持|可)?退?换?(?:货)?|不(?:支持|可)(?:退款|退换|退货|退)(?:换货)?|"
    r"假一(?:赔|罚)[一二三四五十]+|[急极]速(?:退款|到账|发货|充值|退)|秒(?:到账?|发货?|充)|"
    r"(?:24|48|72)小时(?:内|自动)?(?:发货|到账|退款)?|破损包退|退货(?:宝|包运费)|先用后付|运费险|闪电(?:退款|发货|到账)|"
    r"(?:会员|拼团|团购|拼单|秒杀|限时|新人|券后|专享|活动|特惠|促销|闪购|首单|折扣)(?:专享)?价|拼团(?:中|成功)?|团购|秒杀|限时(?:折扣|抢购|特价|促销|直降|立减)|"
    r"新人(?:专享|特惠)|"
    r"(?:安心|放心)(?:购|充)|包邮|免运费|(?:平台)?担保(?:交易)?|限时(?:优惠|特惠|秒杀)|热[卖销]|新品|爆款|自营|百亿补贴|满减|赠品|授权|"
    r"即时到账|随时退|过期(?:自动)?退|免预约|支持(?:随时)?退款?|未使用可退|不退不换|品质保[证障]|售后(?:保障|无忧)|无忧售后|正规渠道|"
    r"虚拟商品|虚拟物品|电子券|晚发(?:即)?赔|坏单包赔|先行赔付|已消保|消保|"
    r"automatic|manual|instant(?:delivery|top-?up)?|automaticdelivery|digital(?:delivery|code|product|item)?|official|verified|bestseller|norefunds?|non-?refundable|"
    r"global|worldwide|emaildelivery|deliveredbyemail|autodelivery|allplatforms?"
)
_TAGS = re.compile(rf"(?:(?:{_TAG})[\s·|/、,，•\-]*)+", re.IGNORECASE)
_SPEC = re.compile(
    r"^(?:商品|产品|套餐)?(?:规格|型号|颜色|颜色分类|面[额值]|类型|版本|套餐|套餐类型|种类|款式|区服|已选|选择|"
    r"时长|系统|平台|大区|服务器|充值方式|发货方式|有效期|品牌|尺码|"
    r"地区|region|edition|platform|variant|colou?r|size|seller|sold by|server|type|version|option|plan|delivery)s?"
    r"\s*[:：]|"
    r"^(?:默认|标准|无|单件|均码)(?:款|规格|套餐|选项)?$|^(?:default|one size|regular)$|"
    r"^(?:应用内购买|报告问题|in-app purchase)|"
    r"^(?:global|standard|digital|deluxe|base|basic)\s+(?:region|edition|version)$|"
    r"^[^ ]{1,8}[:：][^;；]+[;；]|^[^;；]{1,16}[;；][^;；]{1,16}$|"
    r"^.{0,10}(?:官服|渠道服|[国美日韩欧亚港台外]服|[一二三四五六七八九十\d]+[服区]|微信区?|qq区?)"
    r"(?:\s?[一二三四五六七八九十\d]*[服区])?$|"
    r"^(?:微信|qq|安卓|苹果|ios|国服|官服|华[东南北中])[区服]?\s?[-·/]\s?.{1,10}$|"
    r"^(?:[国美日韩欧亚港台外英俄巴土]|阿根廷|土耳其|巴西|俄罗斯|全球)区$|"
    r"^(?:asia|eu|na|us|america|europe|global|sea|jp|kr|tw|hk)(?:[- ](?:east|west|north|south|central))*(?:\s?\d)?$",
    re.IGNORECASE,
)
# A shop's name stands over, and is set like, a title; some of its endings end goods' names too.
_SHOP = re.compile(
    r"[^\d]{1,16}(?:旗舰店|专营店?|专卖店?|自营店?|官方店|小店|[^充]值?店|商城|商行|超市|小?铺|会员站|数码|网络|科技|工作室|卡盟|互娱|公司|服务商|"
    r"代理|官方旗舰|集团|优选|严选|小窝|之家|杂货|商贸|商店)"
    r"|[^\d]{1,24}\b(?:Store|Shop|Digital|Official|Ltd\.?|Inc\.?|LLC|Mall|Market|Keys|Games Store)",
    re.IGNORECASE,
)
_MAYBE_SHOP = re.compile(
    r"(?!.*(?:会员|话费|流量|礼品|手机|移动|联通|电信|权益|套餐))[^\d元月年]{2,8}(?:点卡|充值|卡券|数卡|卡密|游戏|虚拟|直充|网)"
)
# What a code stands under, in words of its own.
_A_CODES_NAME = re.compile(
    r"(?:your|the)?(?:gift|redeem|redemption|activation|access|voucher|licen[cs]e|product|card|pin)?"
    r"(?:code|key|pin|serial(?:number)?|password)s?:?"
)
_CODE = re.compile(r"(?=.*\d)[A-Z0-9*•]+(?:[-\s][A-Z0-9*•]+)*")


def is_title_text(text: str) -> bool:
    """Text that may name a product: not a state, button, title, price, person, place, code or sentence."""
    form = compact(text)
    letters = sum(is_cjk(character) or character.isalpha() for character in form)
    return (
        (letters >= 4 or (any(map(is_cjk, form)) and letters >= 2))
        and letters >= 0.3 * len(form)
        and len(text) <= LONGEST_TITLE
        and not _is_page_word(text)
        and not _PERSON_OR_PLACE.search(text)
        and not _SENTENCE.search(text)
        and (names_goods(text) or not _CLAUSES.search(text))
        and not _COST.search(text)
        and parse_amount(text) is None
        and not is_moment(text)
        and not names_a_page(text)
        and not QUANTITY.fullmatch(text)
        and not _CODE.fullmatch(text)
        and not _A_CODES_NAME.fullmatch(form)
        and not is_tag(text)
        and not is_specification(text)
        and not tells_of_renewal(text)
        and not names_columns(text)
        and not _WAY_TO_IT.search(text)
        and not _is_way_to_a_page(text)
        and not is_rated(text)
        and not asks_of_the_reader(text)
    )


def begins_a_menu(printed: str) -> bool:
    """A site's menu: it begins with its sign, which is read as 三 or = as well."""
    return _MENU.match(printed.strip()) is not None


_MENU = re.compile(r"[≡☰]|[三=]\s?(?:全部|所有|Al{1,2}\b|Menu\b)")
# Where a page stands among a site's: Account > Orders > Order details.
_WAY_TO_IT = re.compile(r"[^\W\d_]\s*[>›»]\s*[^\W\d_]")
_STEPS_OF_A_WAY = re.compile(r"\s*[/／]\s*")


def _is_way_to_a_page(text: str) -> bool:
    """A site's page after those it is under: Profile / Library / Order details, 首页/我的订单/订单详情."""
    steps = _STEPS_OF_A_WAY.split(text.strip())
    return len(steps) >= _FEWEST_STEPS and any(_is_page_word(step) or names_a_page(step) for step in steps[1:])


_FEWEST_STEPS = 3


def is_rated(text: str) -> bool:
    """Stars, and how many gave them, on a card of goods for sale: ★★★★☆ 537, 4.8 (2.1k reviews)."""
    return _RATED.fullmatch(text.strip()) is not None


_RATED = re.compile(
    r"(?:[★☆⭐✩✭✰]\s?){3,}(?:\(?\s?\d[\d.,]*[kw万]?\+?\s?\)?.{0,12})?|"
    r"(?:[★⭐]\s?)?[0-5]\.\d\s?(?:[★⭐]|/\s?5|stars?|分)?\s?[(（|·]?\s?\d[\d.,]*[kw万]?\+?"
    r"\s?(?:(?:customer )?(?:reviews?|ratings?)|条?评[价论分])?\s?[)）]?",
    re.IGNORECASE,
)


def asks_of_the_reader(text: str) -> bool:
    """What a page bids whoever reads it, or tells of the goods in a clause: Check your inbox, the key is used."""
    return _BIDS.search(text) is not None


_BIDS = re.compile(
    r"^(?:check|see|open|visit|read|log ?in to|go to|look in)\b.*\b(?:your|the|my|mail|e-mail|email|inbox|messages)\b|"
    r"^(?:sent|delivered|e-?mailed|dispatched) to\b|^search\b|^[√✓✔☑]|"
    r"^v?(?:your )?(?:key|code|pin|voucher)s? (?:is |was )?"
    r"(?:revealed|shown|viewed|copied|used|redeemed|delivered|activated|hidden)$|"
    r"^(?:once|when|after|before|if) (?:\w+ )?"
    r"(?:shown|revealed|viewed|used|opened|redeemed|activated|delivered|paid|sent)\b|"
    r"\b(?:the|this|these|your|each|every) (?:key|code|item|order|product|card|voucher|pin|purchase)s? "
    r"(?:is|are|was|were|can|may|must|will|has|have)\b|"
    r"\b(?:is|are) (?:considered\b|non-?\w+$)",
    re.IGNORECASE,
)


def names_a_page(text: str) -> bool:
    """Words that head a page or lead to one: 充值记录, 订单详情, History."""
    return bool(_NAMES_A_PAGE.fullmatch(compact(text)))


def names_columns(text: str) -> bool:
    """Headings of a receipt's columns that were read as one line: QTY × PRICE AMT, 数量×单价 金额."""
    return len(_COLUMN.findall(text)) > 1 and not _COLUMN.sub("", text).strip(" ×xX*@/|·.()")


_COLUMN = re.compile(
    r"\b(?:qty|quantity|unit|price|amt|amount|total|subtotal|each|ea|disc(?:ount)?|tax|sum)\b|数量|单价|金额|小计|总价|合计|折扣|件数",
    re.IGNORECASE,
)


def addresses_the_buyer(text: str) -> bool:
    """A line that asks something of whoever buys: 自动充值，请填对账号, please check your ID."""
    return bool(_ADDRESSED.search(text))


_ADDRESSED = re.compile(r"^请(?!帖|柬)|[,，、\s]请|\bplease\b", re.IGNORECASE)


def is_tag(text: str) -> bool:
    """Promises of service printed under a title: 自动发货, 7天无理由."""
    return bool(_TAGS.fullmatch(compact(text)))


def tells_of_renewal(text: str) -> bool:
    """How a subscription goes on, in small print under its name: 自动续订，可随时取消."""
    return bool(_RENEWS.fullmatch(compact(text)))


_RENEWAL = (
    r"(?:(?:订阅|会员|服务)?(?:到期(?:后|前)?|[将会]|每[月年季]))?自动(?:续[订费]|扣[款费])(?:订阅|服务|项目)?|(?:可|支持)?随时(?:可|能)?(?:取消|退订)|"
    r"auto-?renew(?:s|ing|ed|al|able)?(?:subscription|monthly|yearly|annually|on)?|"
    r"(?:subscription)?(?:auto-?)?renews?(?:automatically|monthly|yearly|annually|every(?:month|year))(?:unless|until)?(?:cancell?ed)?|"
    r"(?:recurring|monthly|yearly|annual)(?:subscription|billing|charge)|billed(?:monthly|yearly|annually)|cancelany-?time"
)
_RENEWS = re.compile(rf"(?:(?:{_RENEWAL})[\s·|/、,，.。•\-]*)+")


def without_badge(text: str) -> str:
    """A title without the badge before it that the reader ran together with it: 百亿补贴腾云会员, InstantMoonsea."""
    bare = _BADGE.sub("", text)
    return bare if sum(character.isalpha() for character in bare) >= _FEWEST_LETTERS else text


# Words no name of goods begins with, set in a badge before it.
_BADGE = re.compile(
    r"^(?:(?:天猫(?!超市卡|精灵|享淘|购物|积分|会员|卡|红包|礼)(?:超市|国际)?|京东(?:自营|物流|超市|国际)|"
    # A shopping site's own two characters, after the best known: no cat of a name of goods.
    r"(?![天熊黑白小大蓝花橘野灰红金银老山肥萌懒喵虎狸家流])[一-鿿]猫(?=[一-鿿]{3})|百亿补贴|自营|官方直[充营]|自动发[货卡]|限时(?:秒杀|特惠|优惠|折扣|抢购|特价|促销|直降)|(?:会员|新人|券后|秒杀|拼团|团购|活动|专享)价|拼团(?=[一-鿿【])(?!优惠|红包|卡|券)|"
    r"新人专享|正品保[证障]|热[卖销]|爆款|新品|秒[发杀](?!的)|包邮|官旗|旗舰(?!店)|品牌(?=[一-鿿]{2})|(?i:mall)\s?(?=[A-Z])|正品(?![保行])|现货|(?i:instant)\)?(?![a-z]|\s?(?:Gaming|Win|Play|Cash|Camera|Access|Gift))"
    r"(?:\s?[Dd]elivery\b)?)[\s·|]*)+(?=\S)"
)
_FEWEST_LETTERS = 3


def is_specification(text: str) -> bool:
    return bool(_SPEC.search(text))


def is_shop(text: str) -> bool:
    return bool(_SHOP.fullmatch(_without_arrow(text)))


def may_be_shop(text: str) -> bool:
    return bool(_MAYBE_SHOP.fullmatch(_without_arrow(text)))


def _without_arrow(text: str) -> str:
    """An arrow at the end may be read as a bracket that closes nothing."""
    return text.rstrip(" >›" if re.search(r"[(（\[【]", text) else " >›)）]】")


def _is_page_word(text: str) -> bool:
    return status_text(text) is not None or any(test(text) for test in _PAGE_WORDS)


_PAGE_WORDS = (
    is_button,
    is_tab_word,
    is_order_title,
    is_payment_title,
    is_list_title,
    is_delivery_title,
    is_result_title,
    is_message_sender,
)


def is_claim(text: str) -> bool:
    """What an app or a shop says of itself under its name: 官方充值 · 安全快捷."""
    return _CLAIMS.fullmatch(compact(text)) is not None


_PRAISE = (
    "官方|正规|正版|正品|安全|快捷|便捷|放心|秒到账?|极速|即时|自助|一站式|专业|授权|认证|品质|保障|无忧|靠谱|省心|优惠"
)
_OFFERED = (
    "充值|直充|兑换|发卡|购卡|支付|购买|服务|销售|入口|通道|平台|中心|商城|店铺?|渠道|到账|交易|会员|游戏|话费|卡券|"
    "数字商品|虚拟商品"
)
_CLAIMS = re.compile(
    rf"(?=.*(?:{_PRAISE}))(?:{_PRAISE}|{_OFFERED}|[·•、,/|.\-])+|"
    r"(?=.*(?:official|safe|secure|trusted|authori[sz]ed|instant|fast|genuine))"
    r"(?:official|safe|secure|trusted|authori[sz]ed|instant|fast|genuine|verified|and|&|·|•|,|-|your|for|"
    r"top-?ups?|recharges?|redemption|redeem|store|shop|delivery|payments?|checkout|service|games?|cards?|codes?|digital|goods|"
    r"reseller|seller|partner|channel|platform|gift|marketplace)+"
)
