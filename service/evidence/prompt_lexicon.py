"""What error prompts say, by meaning: plain phrases and patterns with room between the words, Chinese and English.

Everything is in match form: lower case, simplified script, no blanks. Phrases also teach the reader's slips to be
mended (see prompts); patterns carry the variety. A result (充值失败) yields to a cause (号码不存在) in one message.
"""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.evidence import ErrorCode

_CODE = (
    "(?:激活码|兑换码|充值码|礼品码|礼包码|礼品卡|卡密|序列号|卡号|cdkey|cdk|密钥|充值卡|点卡|卡券|兑换券|提货码|激活密钥|产品密钥|优惠码|邀请码|"
    "代码|密码|卡片|该卡|此卡|本卡|这张卡|该码|此码|会员码|code|key|pin|voucher|giftcard|card|serialnumber)"
)
# What may stand between a thing and what is said of it: dates, adverbs, names, "in another account"; but no end of a
# clause, and no word that turns the saying into advice, a condition or a term (请, 如, 将, 可, 至, 后, 内).
_IN_GAP = "[^,，。;；!！?？:：请如若将可至前后内]"
_GAP, _WIDE_GAP = f"{_IN_GAP}{{0,8}}?", f"{_IN_GAP}{{0,24}}?"
_BY_OR_AT = f"(?:(?:被|遭|在|于|由|给)(?:{_IN_GAP}|(?<=\\d):(?=\\d)){{1,24}}?)"
_TOPUP = "(?:充值|直充|话费充值|流量充值|缴费|代充|兑换并充值|续费|加油卡充值|top-?up|topup|recharge|refill)"
_TARGET = (
    "(?:手机号码|手机号|(?<!订单)(?<!单)号码|充值号码|充值账号|账号|账户|用户|qq号|qq号码|角色|玩家|户号|uid|游戏id|玩家id|角色id|游戏账号|邮箱|"
    "目标账号)"
)

PHRASES: Mapping[ErrorCode, str] = {
    ErrorCode.CODE_INVALID: """
        激活码无效 兑换码无效 卡密无效 充值码无效 礼品卡无效 序列号无效 卡号无效 激活码失效 兑换码失效 卡密已失效
        激活码已失效 兑换码已失效 无效的激活码 无效的兑换码 无效的卡密 无效卡密 无效激活码 无效兑换码 无效的序列号
        激活码不存在 兑换码不存在 卡密不存在 卡号不存在 无法识别的激活码 激活码不可用 兑换码不可用 卡密不可用
        激活码不合法 兑换码未找到 该卡已作废 卡密已作废 激活码已作废""",
    ErrorCode.CODE_USED: """
        激活码已被使用 兑换码已被使用 卡密已被使用 已被使用 已经被使用 已被激活 已被兑换 已被领取 已使用过 已兑换过
        已激活过 激活码已使用 兑换码已使用 卡密已使用 激活码已激活 激活码已经使用 兑换码已兑换 该卡已使用
        此卡已被充值 使用次数已达上限 已被他人使用 已被绑定 已核销""",
    ErrorCode.CODE_WRONG: """
        卡密错误 卡密有误 卡密不正确 激活码错误 激活码有误 激活码不正确 兑换码错误 兑换码有误 兑换码不正确 密码错误
        卡号或密码错误 卡号密码不匹配 卡号错误 卡号有误 激活码输入错误 卡密输入错误 卡密格式错误
        激活码格式错误 兑换码格式不正确 序列号错误 序列号不正确""",
    ErrorCode.EXPIRED: """
        激活码已过期 兑换码已过期 卡密已过期 已过期 已经过期 已过有效期 超过有效期 有效期已过 已逾期 已到期
        已超过使用期限 过了兑换期""",
    ErrorCode.TOPUP_FAILED: """
        充值失败 话费充值失败 直充失败 充值不成功 充值未成功 缴费失败 充值处理失败 充值提交失败 充值异常 续费失败
        充值订单失败 无法完成充值 无法充值""",
    ErrorCode.NUMBER_NOT_FOUND: """
        号码不存在 手机号不存在 手机号码不存在 号码有误 号码错误 手机号有误 手机号码有误 手机号错误 账号不存在
        帐号不存在 用户不存在 空号 号码无效 手机号码无效 手机号无效 账号有误 账号错误 号码不正确 手机号码不正确
        手机号不正确 充值账号有误 充值账号错误 充值账号不存在 充值号码有误 号码格式错误 手机号格式不正确 角色不存在
        玩家不存在 查无此号 该号码未注册 账号未注册 您拨打的号码不存在 请输入正确的手机号""",
    ErrorCode.REGION_MISMATCH: """
        区服匹配失败 区服不匹配 区服不符 区服错误 服务器不匹配 大区不匹配 地区不匹配 地区不符 区域不匹配 区域限制
        地区限制 所在地区不支持 不支持该地区 不支持当前地区 当前地区不可用 地区不可用 归属地不符 归属地不支持 锁区
        该地区无法使用 国家或地区不符 不适用于您所在的地区""",
    ErrorCode.BALANCE_INSUFFICIENT: """
        余额不足 账户余额不足 零钱余额不足 零钱不足 卡内余额不足 可用余额不足 资金不足 额度不足 可用额度不足
        积分不足 点数不足 金额不足""",
    ErrorCode.NO_SUCH_RECORD: """
        无此充值记录 无充值记录 没有充值记录 未查询到充值记录 未找到充值记录 查无记录 查无此记录 无此记录
        暂无充值记录 暂无记录 没有找到相关记录 未查到相关记录 未查询到记录 未查询到相关记录 未找到记录 查询无结果
        没有查到记录 未查到充值记录 充值记录不存在 记录不存在 无到账记录""",
    ErrorCode.SYSTEM_BUSY: """
        系统繁忙 网络异常 系统异常 网络错误 网络连接失败 系统错误 服务器繁忙 服务器错误 服务异常 服务器异常 网络繁忙
        网络超时 请求超时 连接超时 系统维护中 系统正在维护 服务不可用 服务暂不可用 网络不给力 网络开小差 系统开小差
        服务器开小差 当前人数过多 排队人数过多 操作过于频繁 请求过于频繁 系统故障 网络故障 请求失败 网络不可用
        加载失败 系统忙""",
    ErrorCode.PAYMENT_FAILED: """
        支付失败 付款失败 扣款失败 交易失败 支付未成功 支付不成功 付款未成功 支付未完成 支付异常 支付超时
        无法完成支付 无法完成付款 支付被拒绝 转账失败 银行卡支付失败""",
    ErrorCode.DUPLICATE_PAYMENT: """
        重复支付 重复付款 重复扣款 该订单已支付 订单已支付 订单已付款 重复下单 已支付过 重复扣费""",
    ErrorCode.ORDER_NOT_FOUND: """
        订单不存在 订单异常 订单已失效 订单已过期 找不到订单 未找到订单 查无此订单 查无订单 无此订单 未查询到订单
        订单号不存在 订单号错误 订单号有误 订单状态异常 订单信息有误 订单信息不存在 没有找到该订单 订单错误 订单无效
        订单已被删除 订单号码不存在 订单号码有误 订单号码错误""",
    ErrorCode.OUT_OF_STOCK: """
        库存不足 缺货 已售罄 售罄 无货 商品已售完 暂时缺货 商品缺货 暂无库存 没有库存 已售空 补货中 商品已下架
        已抢光 卡密库存不足 库存为零""",
    ErrorCode.ACCOUNT_RESTRICTED: """
        账号异常 账户异常 账号存在风险 账户存在风险 风控限制 账号被冻结 账户已冻结 账号已冻结 账户被冻结
        账号已被封禁 账号被封 账号受限 账户受限 账号被限制 账户被限制 触发风控 账号已停用 账号已注销 账号被禁用
        账号已锁定 账户已锁定 账号状态异常 账户状态异常 限制充值 限制交易 交易存在风险""",
    ErrorCode.NOT_DELIVERED: """
        未到账 尚未到账 没有到账 充值未到账 话费未到账 还未到账 仍未到账 暂未到账 未收到卡密 未收到充值 发货失败
        卡密发放失败 发放失败 发卡失败 未发放 交付失败 会员未开通 开通失败 未充值到账 未收到货 配送失败""",
}

PATTERNS: Mapping[ErrorCode, tuple[str, ...]] = {
    ErrorCode.CODE_INVALID: (
        rf"{_CODE}(?:(?!逾期|过期|到期){_IN_GAP}){{0,18}}?(?:无效|失效|作废|不存在|不可用|不能用|不能使用|无法使用|不合法|找不到|未找到|无法识别|未被识别|"
        r"不被认可|(?:验证|校验|核验)(?:不通过|未通过|没有通过|失败))",
        rf"无(?:效|法识别)的?.{{0,4}}{_CODE}",
        rf"(?:找不到|未找到|没有找到|查不到|查询不到|不存在)(?:该|此|这个|您(?:所)?输入的|你输入的|对应的)?的?{_CODE}(?!的)",
        rf"{_CODE}(?:you(?:'?ve|have)?entered|you'?reusing)?.{{0,12}}(?:isinvalid|invalid|isnotvalid|notvalid|isn'?tvalid|doesnotexist|doesn'?texist|notfound|"
        r"wasnotfound|notrecogni[sz]ed|couldnotbefound|couldn'?tbefound|isnolongervalid|cannotbe(?:used|redeemed|activated)(?!in)|isnotacceptable|"
        r"doesn'?twork|didn'?twork|(?:couldnot|couldn'?t|cannot|can'?t)be(?:verified|validated|recogni[sz]ed))",
        r"(?:can'?t|cannot|couldnot|couldn'?t|unableto|didnot|didn'?t|donot|don'?t|doesnot|doesn'?t)(?:find|locate|recogni[sz]e|verify|validate)"
        rf"(?:an?y?|the|this|that|your)?(?:gift|redemption|activation|product|redeem)?{_CODE}",
        rf"(?:invalid|unknown|notavalid|unrecogni[sz]ed|unabletofindthat|nosuch).{{0,14}}{_CODE}",
    ),
    ErrorCode.CODE_USED: (
        rf"{_CODE}{_GAP}已(?:经)?{_BY_OR_AT}?(?:使用|激活|兑换|领取|绑定|核销|充值|消耗|用过|用掉|充入)",
        r"已(?:经)?被[^,，。;；!！?？请可]{0,20}?(?:使用|激活|兑换|领取|绑定|核销)",
        rf"已(?:经)?{_BY_OR_AT}?(?:使用|激活|兑换|领取)过",
        rf"(?:不(?:能|可)|无法|禁止)?重复(?:使用|激活|兑换|领取)(?:{_CODE})?(?=$|[,，。!！])",
        rf"{_CODE}{_GAP}(?:使用|激活|兑换)?次数(?:已)?(?:达到?(?:上限)?|超过|超出|用完|用尽|耗尽|为0|上限)",
        r"(?:already|previously)(?:been)?(?:used|redeemed|claimed|activated|applied|consumed)",
        r"(?:hasbeen|was|hasalready|isalready)(?:been)?(?:used|redeemed|claimed|activated)",
        rf"{_CODE}.{{0,6}}alreadyinuse|alreadyown(?:s|ed)?thisproduct|duplicateactivation|usedcode|alreadyregisteredto",
    ),
    ErrorCode.CODE_WRONG: (
        rf"{_CODE}{_IN_GAP}{{0,10}}?(?:错误|有误|不正确|不对|输错|填写错误|不匹配|不符|不一致|格式错误|格式不正确|格式不符)",
        rf"(?:错误的|不正确的|输错了?|输入(?:了)?错误的?){_CODE}",
        rf"(?:输入|填写)的?{_CODE}(?:错误|有误|不正确)|(?:^|[,，。:您你])(?:输入|填写|格式)(?:错误|有误|不正确)",
        rf"请?输入正确的{_CODE}",
        rf"(?:incorrect|wrong|mistyped|malformed).{{0,10}}{_CODE}",
        rf"{_CODE}.{{0,16}}(?:isincorrect|incorrect|iswrong|isnotcorrect|doesnotmatch|doesn'?tmatch|iswronglytyped|notcorrect)",
    ),
    ErrorCode.EXPIRED: (
        rf"{_CODE}{_WIDE_GAP}(?:已(?:经)?(?:过期|到期|逾期|过有效期|过期失效)|过期了|过了?(?:有效|使用|兑换)期|超过(?:有效|使用|兑换)期)",
        rf"{_CODE}{_GAP}已?于?[\d年月日./-]{{4,12}}(?:过期|到期)",
        r"(?:过了|超过)(?:有效|使用|兑换)期|(?:有效|使用|兑换)期(?:限)?已过",
        rf"(?:has|have|is|was|already)expired|{_CODE}(?:has|have|is|was|already)*expired|expired(?:code|key|voucher|giftcard|card)|pastits?expir|"
        r"nolongeravailabletoredeem",
    ),
    ErrorCode.TOPUP_FAILED: (
        rf"{_TOPUP}(?:订单|处理|请求|提交|操作|申请|服务)?(?:已)?(?:失败|不成功|未成功|没有成功|没成功|异常|未能成功|未完成|未能完成|出错|被拒绝?|被退回|被驳回)",
        rf"(?:无法|未能|不能|没能)(?:完成|进行|为.{{0,8}})?{_TOPUP}",
        rf"{_TOPUP}(?:has|was|is|request|order|attempt)*(?:(?:of|for|to)[\w+*.@-]{{1,24}})?(?:has|was|is)*"
        r"(?:failed|unsuccessful|notsuccessful|declined|rejected|error|couldnotbecompleted|couldn'?tbecompleted|didnotgothrough|didn'?tgothrough)",
        rf"(?:failedto|unableto|couldnot|couldn'?t|can'?t|cannot)(?:process|complete)?(?:the|your|this)?{_TOPUP}|failed{_TOPUP}",
    ),
    ErrorCode.NUMBER_NOT_FOUND: (
        rf"{_TARGET}(?:信息)?.{{0,4}}?(?:不存在|有误|错误|无效|不正确|未注册|未开通|格式错误|格式不正确|不合法|查无|找不到|未找到|是空号|为空号|填写错误|输入错误|"
        r"输入有误|填写有误)",
        rf"(?:无效的?|错误的|不正确的|不存在的?|查无此?|(?:找不到|未找到|没有找到|查询不到|查不到|未查询到|搜索不到)(?:该|此|这个|您输入的)?|"
        rf"请(?:输入|填写)正确的){_TARGET}(?!的|[^,，。]{{0,4}}记录)",
        r"(?:phone|mobile|account|user|player|recipient|subscriber|character)(?:number|id|name)?(?:you(?:'?ve|have)?entered)?.{0,10}(?:doesnotexist|doesn'?texist|"
        r"notfound|isinvalid|invalid|isnotvalid|isn'?tvalid|notvalid|couldnotbefound|isnotregistered|notregistered|wasnotfound|isincorrect)",
        r"(?:invalid|incorrect|wrong|unknown|nosuch)(?:phone|mobile|account|user|player|recipient|subscriber|number)(?:number|id)?",
        r"(?:can'?t|cannot|couldnot|couldn'?t|unableto|didnot|didn'?t)(?:find|locate|recogni[sz]e)(?:an?y?|the|this|that|your)?"
        r"(?:phone|mobile|account|user|player|recipient|subscriber|number|character)",
        r"no(?:such)?(?:account|user|player|recipient|subscriber|phone)(?:with|found|exists|matching|number|was)",
        r"numberdoesnotexist|numbernotfound|numberisinvalid|numbernotinservice|numberisnotinservice",
    ),
    ErrorCode.REGION_MISMATCH: (
        r"(?:区服|大区|服务器|地区|区域|国家|归属地|国家/地区|国家或地区|省份|运营商|版本区)(?:信息)?"
        r"(?:匹配失败|不匹配|不符|不一致|错误|不支持|不正确|限制|受限|有误|不可用|填写错误|选择错误|选择有误)",
        r"(?:不支持|不适用于?|无法在|不能在|不可在).{0,8}(?:地区|区域|国家|区服|大区|服务器|归属地|国服|港服|美服|日服|省份?)(?:内|的)?"
        r"(?:使用|激活|充值|兑换|账号|账户|号码|用户)?",
        r"(?:notavailable|notvalid|cannotbe(?:used|redeemed|activated)|can'?tbe(?:used|redeemed|activated)|notsupported|restricted|notallowed|isn'?tavailable|"
        r"unavailable|doesnotwork|doesn'?twork)(?:for(?:use|redemption))?in(?:your|this|the)?(?:current)?(?:country|region|area|territory|store|location)",
        r"(?:region|country|server|territory)(?:and\w+)?(?:doesnotmatch|doesn'?tmatch|donotmatch|don'?tmatch|mismatch|isnotsupported|notsupported|locked|restricted|"
        r"restriction|lock|isincorrect|notmatched)",
        r"(?:different|wrong|another|incorrect|unsupported)(?:country|region|server|territory)",
    ),
    ErrorCode.BALANCE_INSUFFICIENT: (
        r"(?:余额|额度|零钱|资金|点数|积分|金币|钻石|点券|账户余额)(?:可用|当前)?(?:已)?(?:不足|不够|为0|为零)",
        r"(?:insufficient|notenough|inadequate|lackof|don'?thaveenough|donothaveenough)(?:account|available|wallet|card)?(?:balance|funds?|credits?|money)",
        r"(?:balance|funds?|credits?)(?:is|are)?(?:insufficient|toolow|notenough|notsufficient)",
    ),
    ErrorCode.NO_SUCH_RECORD: (
        r"(?:无|没有?|暂无|未(?:能)?(?:查询|查找|查|找|检索|搜索)到?|没有?(?:查询|查找|查|找|检索|搜索)到|查不到|找不到|查无|查询不到|搜索不到)"
        r"(?:到|此|该|任何|相关|相应|对应|匹配|您的|您|有关|这笔|符合条件的|本次|该?订单|号码|账号|用户|的){0,6}"
        r"(?:充值|交易|缴费|到账|兑换|开通|入账|订购|使用|消费|激活)?(?:记录|流水|明细)",
        r"(?:充值|交易|缴费|到账|兑换|入账)?记录(?:不存在|为空|未找到)",
        r"no(?:such|matching|relevant)?(?:top-?up|recharge|transaction|payment|purchase|redemption|credit)?(?:s|history)?(?:record|records|transactions|history)(?:s)?"
        r"(?:was|were)?(?:found|exists?|available)?",
        r"(?:can'?t|cannot|couldnot|couldn'?t|unableto|didnot|didn'?t)(?:find|locate)(?:an?y?|the|this|that|your)?(?:such|matching)?"
        r"(?:top-?up|recharge|transaction|payment|purchase|redemption)?(?:records?|history|transactions)",
        r"(?:record|records|transaction)(?:does|was|were|could|is)?not(?:be)?(?:found|exist)",
    ),
    ErrorCode.SYSTEM_BUSY: (
        r"(?:系统|网络|服务器|服务|接口|通道|后台|平台)(?:当前|暂时|正|正在|出现|发生|连接|内部|请求)*(?:繁忙|异常|错误|故障|忙|超时|维护中|正在维护|维护升级|升级维护|"
        r"升级中|不可用|开小差|出错|中断|不稳定|拥堵|崩溃|连接失败|无响应|不给力)",
        r"(?:操作|请求|提交|访问)(?:过于|太|太过)频繁|(?:请求|连接|响应|处理)超时|人数(?:过|太|较)多",
        r"(?:system|server|service|network|gateway)(?:is|are)?(?:currently|temporarily|too|experiencing|internal|connection)*"
        r"(?:busy|error|unavailable|down|timeout|timedout|failure|overloaded|undermaintenance|maintenance|problem|exception|offline)",
        r"(?:internalserver|network|connection|server|system)(?:error|timeout|failure|failed|issue|problem)|requesttimedout|requesttimeout|somethingwentwrong|"
        r"toomanyrequests|tryagainlater|trylater|unexpectederror|anerroroccurred|anerrorhasoccurred|temporarilyunavailable|serviceunavailable",
    ),
    ErrorCode.PAYMENT_FAILED: (
        r"(?:支付|付款|扣款|交易|转账)(?:请求|处理|操作|订单)?(?:失败|不成功|未成功|没有成功|没成功|异常|超时|未能成功|出错|未完成|(?:未能|没能|无法)(?:完成|成功|处理))",
        r"(?:支付|付款|扣款|交易|转账)(?:请求|订单)?(?:已)?被[^,，。;；!！请可]{0,8}(?:拒绝|拒付|拦截|驳回)",
        r"(?:无法|未能|不能|没能)(?:完成|进行)?(?:本次|此次|您的|该笔)?(?:支付|付款|扣款|交易)",
        r"(?:payment|transaction|charge|purchase|card|order)(?:has|was|is|been|request|attempt|could|method)*(?:failed|unsuccessful|declined|notsuccessful|rejected|"
        r"refused|notbeprocessed|notbecompleted|notcompleted|didnotgothrough|didn'?tgothrough|failure|error)",
        r"(?:failedto|unableto|couldnot|couldn'?t|can'?t|cannot)(?:process|complete|authori[sz]e)(?:the|your|this)?(?:payment|transaction|charge|purchase)|failedpayment",
    ),
    ErrorCode.DUPLICATE_PAYMENT: (
        r"重复(?:支付|付款|扣款|扣费|下单|缴费)",
        r"(?:扣款|扣费|扣钱|支付|付款|扣)(?:了)?(?:两|二|2|多|三|3)(?:次|笔|遍)|多次扣[款费]",
        r"(?:该|此|本)?(?:笔)?(?:订单|账单)(?:您|你|已经?|已被)+(?:支付|付款|付过)(?:过|成功|完成)*了?(?=$|[,，。!！、;；.]|请|无需|不能|不可)",
        r"(?:duplicate|repeated|double)(?:payment|charge|transaction|order)|(?:charged|paid|billed|deducted)twice|(?:already(?:been)?paid|paymentalreadymade|"
        r"orderalreadypaid|paymentalreadycompleted)",
    ),
    ErrorCode.ORDER_NOT_FOUND: (
        r"订单(?:号|编号|信息|状态|数据)?.{0,3}(?:不存在|异常|失效|已失效|无效|错误|有误|未找到|找不到|已被删除|查无|出错|已过期)",
        r"订单(?:号|编号)?已(?:经|被)*(?:取消|删除|关闭)或(?:者)?(?:不存在|已删除|失效)",
        r"(?:找不到|未找到|没有找到|查无此?|无此|未查询到|查询不到|查不到|没有查到|未查到|没有查询到)(?:该|此|相关|您(?:要)?(?:查询|查找|搜索)?的|对应的?|任何|到|这个|相应的?)*"
        r"订单(?!的|[^,，。]{0,6}记录)",
        r"order(?:number|id)?.{0,8}(?:notfound|notexist|n'texist|invalid|abnormal|notbefound|unavailable|error)",
        r"(?:no(?:such|matching)?orders?(?:was|were)?(?:found)?|invalidorder|(?:couldnot|couldn'?t|cannot|can'?t|unableto)(?:find|locate)(?:your|the|this|that)*order(?!history)|"
        r"ordererror|unknownorder)",
    ),
    ErrorCode.OUT_OF_STOCK: (
        r"(?:库存|存货|备货|商品|卡密|货源|面值|套餐)(?:已经?|暂时|暂|当前)*(?:不足|不够|缺货|售罄|售完|售空|为0|为零|告罄|抢光|无货|下架|卖完|卖光)",
        r"(?:已经?|暂时?|全部)(?:售罄|缺货|售完|无货|无库存|断货|抢光|售空|卖完|卖光)|暂无(?:库存|货)|没有库存|(?:^|[,，:])(?:缺货|无货|售罄)(?:$|[,，。!])",
        r"(?:outofstock|soldout|nostock|notinstock|insufficientstock|stock(?:is)?insufficient|nolongerinstock|currentlyunavailableforpurchase|insufficientinventory|"
        r"notenoughstock)",
    ),
    ErrorCode.ACCOUNT_RESTRICTED: (
        r"(?:账号|账户|用户|帐号|帐户|您的号码|该号码|游戏账号|当前用户)(?:当前|已经?|目前|被|已被|因.{0,10}|存在|处于|状态|出现|有)*"
        r"(?:异常|冻结|封禁|封停|封号|受限|限制|风险|禁用|停用|锁定|注销|风控|管控|被封|黑名单|停机)",
        r"(?:账号|账户|用户)[^。;；!！?？请如若将可]{0,16}(?:已经?|被)(?:系统|平台|临时|暂时|永久|被)*(?:冻结|封禁|封停|封号|限制|禁用|停用|锁定|风控|管控|拉黑)",
        r"(?:触发|命中|受到?|遭到|被)(?:系统|平台|安全)?(?:风控|风险控制|安全策略|安全限制)|(?:风控|安全)(?:限制|拦截|策略|校验未通过|原因)|(?:限制|禁止)(?:充值|交易|登录|购买|支付|下单)|"
        r"(?:交易|操作|支付|账号|账户)存在(?:安全)?风险",
        r"account(?:has|is|been|was|currently|temporarily|your)*(?:restricted|suspended|locked|banned|limited|disabled|frozen|blocked|abnormal|underreview|onhold|deactivated)",
        r"(?:restricted|suspended|locked|banned|frozen|disabled|blocked)(?:account|user)|suspiciousactivity|unusualactivity|riskcontrol|securityrestriction|"
        r"blockedforsecurity|accountrestriction",
    ),
    ErrorCode.NOT_DELIVERED: (
        r"(?:尚|还|仍|暂|一直)?未(?:能)?(?:按时|及时|成功)?(?:到账|到帐|收到(?:充值|卡密|话费|激活码|兑换码|商品|货|会员|款|流量)|发放|交付|送达)",
        r"没有?(?:到账|收到(?:充值|卡密|话费|激活码|兑换码|商品|货|会员))",
        r"(?:发货|发卡|发放|交付|配送|开通|下发|提卡|取卡|出卡)(?:失败|异常|不成功|未成功|超时)",
        r"(?:卡密|激活码|兑换码|充值码|卡券|商品)(?:信息)?(?:发送|发放|下发|生成|提取|获取)(?:失败|异常|超时|不成功)",
        r"(?:not(?:yet)?(?:been)?(?:delivered|received|credited|arrived)|undelivered|delivery(?:has|was|is)?(?:failed|unsuccessful|overdue|delayed|timedout)|neverarrived|"
        r"failedtodeliver|deliveryfailure|notyetcredited|wasnotcredited|couldnotbedelivered)",
    ),
}

# One thing that does not fit another: the first is what is wrong, so the second's own sayings inside do not count.
RELATIONS: Mapping[ErrorCode, str] = {
    ErrorCode.NUMBER_NOT_FOUND: (
        rf"{_TARGET}(?:与|和)(?:所选|当前|实际)?(?:运营商|姓名|户名|机主).{{0,4}}"
        r"(?:不符|不匹配|不一致)"
    ),
    ErrorCode.REGION_MISMATCH: (
        r"(?:区服|大区|服务器|地区|区域|国家|归属地)(?:信息)?(?:与|和|同|跟)[^,，。;；!！]{1,14}?"
        r"(?:匹配失败|不匹配|不符|不一致)"
    ),
}

# Terms of a product as much as messages: only what a dialog or an all but empty page says counts.
ONLY_IN_DIALOGS: Mapping[ErrorCode, str] = {
    ErrorCode.CODE_USED: rf"{_CODE}(?:当前)?状态:?已(?:被)?(?:使用|激活|兑换)",
    ErrorCode.REGION_MISMATCH: (
        r"(?:仅|只)(?:限|支持|可在|能在|适用于?|可用于|能用于)[^,，。;；!！]{0,10}?"
        r"(?:地区|区域|国家|大区|区服|服务器|[国港美日台韩欧外][服区]|省份)(?:内|的)*"
        r"(?:使用|激活|充值|兑换|账号|账户|用户)?"
        r"|onlybe(?:used|redeemed|activated)(?:in|within)(?!app)|onlyvalidin|onlyavailablein"
    ),
}

# Results say that it failed, causes say why; of a message that says both, the cause is its meaning.
RESULTS: Mapping[ErrorCode, int] = {
    ErrorCode.SYSTEM_BUSY: 1,
    ErrorCode.ORDER_NOT_FOUND: 1,
    ErrorCode.TOPUP_FAILED: 2,
    ErrorCode.PAYMENT_FAILED: 2,
    ErrorCode.NOT_DELIVERED: 3,
}
