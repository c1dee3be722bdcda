"""Word classes of error prompts in Chinese: what a verdict is said of, and what may stand between the two.

Everything is in match form: lower case, simplified script, no blanks.
"""

from __future__ import annotations

# Passwords of an account are proof of identity; those of a card are the goods.
_OF_A_PERSON = "支付 登录 登陆 交易 取款 查询 动态 手势 锁屏 解锁 二级 账号或 账户或 户名或 账号和 账户和 户名和"
_OF_A_CARD = "".join(f"(?<!{word})" for word in _OF_A_PERSON.split()) + "密码"
CODE = (
    "(?:激活码|兑换码|充值码|礼品码|礼包码|下载码|下载序号|礼品卡|卡密|序列号|卡号|cdkey|cdk|密钥|秘钥|充值卡|点卡|卡券|兑换券|提货券|提货码|提货卡|券码|券号|"
    f"激活密钥|产品密钥|产品代码|注册码|授权码|许可证|优惠码|邀请码|体验码|礼券|(?<!错误)代码|{_OF_A_CARD}|卡片|该卡|此卡|本卡|这张卡|该码|此码|本码|"
    "这个码|该券|此券|本券|会员码|兑换密码|e卡|购物卡|"
    "(?<!verification)(?<!security)(?<!confirmation)(?<!authentication)(?<!captcha)(?<!error)(?<!sms)(?<!country)(?<!area)(?<!zip)(?<!login)code|"
    "key|(?<!ship)(?<!shop)(?<!top)pin|voucher|giftcard|card|serialnumber)"
)
# What may stand between a thing and what is said of it: dates, adverbs, names, "in another account"; but no end of a
# clause, and no word that turns the saying into advice, a condition or a term (请, 如, 将, 可, 至, 后, 内).
IN_GAP = "[^,，。;；!！?？:：请如若将可至前后内]"
GAP, WIDE_GAP = f"{IN_GAP}{{0,8}}?", f"{IN_GAP}{{0,24}}?"
BY_OR_AT = f"(?:(?:被|遭|在|于|由|给)(?:(?!暂停|停止|限制|禁止|冻结|锁定){IN_GAP}|(?<=\\d):(?=\\d)){{1,24}}?)"
TOPUP = (
    "(?:充值|直充|缴纳|话费充值|流量充值|缴费|代缴|代充|兑换并充值|续费|续订|加油卡充值|"
    "流量订购|套餐订购|业务订购|top-?up|topup|recharge|refill)"
)
PAYMENT = "(?:支付|付款|扣款|扣费|收款|刷卡|交易|转账|代扣|购买)"
# Steps of a deed that may stand before its outcome: 充值订单处理失败, 支付结果:失败.
STEPS = (
    "(?:订单|结果|状态|处理|请求|提交|操作|申请|服务|任务|运营商|商家|银行|已取消或|"
    "系统|平台|上游|渠道|已经?|被|最终|仍|时|:|：|-)*"
)
FAILED = (
    "(?:失败|不成功|未成功|未能成功|没有成功|没成功|异常|出错|未完成|未能完成|没有完成|"
    "被?拒绝?|被退回|被?驳回|遇到了?.{0,3}问题|出现问题|出了?问题)"
)
TARGET = (
    "(?:手机号码|手机号|(?<!订单)(?<!单)(?<!序列)(?<!卡)号码|充值号码|充值账号|账号|账户|用户|用户名|qq号|qq号码|角色|角色名|玩家|户号|uid|抖音号|快手号|微信号|游戏id|"
    "玩家id|角色id|游戏账号|邮箱|目标账号|会员号|昵称)"
)
ACCOUNT = "(?:账号|账户|用户|该号码|您的号码|微信|支付宝|appleid|steamid|qq|收款方|收款人|商户号|userid)"
PLACE = "(?:区服|大区|服务器|地区|区域|国家|归属地|国家/地区|国家或地区|省份|运营商|版本区|店面)"
# Who somebody is, and what proves it.
PROOF = (
    "(?:验证码|校验码|动态码|动态口令|口令|动态密码|支付密码|登录密码|登陆密码|交易密码|取款密码|查询密码|手势密码|锁屏密码|二级密码|(?:账号|账户|户名|用户名)(?:或|和|与)密码|图形码|"
    "滑块|拼图|人脸|刷脸|指纹|面容|身份证?|实名|证件|姓名|安全验证|二次验证|手机验证|短信验证|登录验证|银行预留|预留手机号?|人机|活体)"
)
NOT_FOUND = (
    "(?:无此|查无|找不到|未找到|没有找到|没找到|无法找到|未能找到|查不到|查询不到|未能?查询?到|没有?查询?到|未检索到|搜索不到|未搜索到|没有搜索到|"
    "暂未查询?到|未获取到|无法获取|无法查询到?)"
)
SYSTEM = "(?:系统|网络|服务器|服务|接口|通道|后台|平台|网关|页面|数据|连接|程序|活动|前方|线路|信号)"
# Words that tell that something is wrong, but not what.
AMISS = (
    "(?:失败|异常|不正常|有误|错误|不对|不行|不成功|不存在|不足|不够|不符|不通|未能|无法(?!撤|恢复|退|取消|更改|修改|转)|没能|非法|被拒|受限|有问题|出问题|已停|已关闭|"
    "不(?:支持|允许|可|能)(?!退|[7七]天|无理由|转|提现|换|叠加|找零|重复|与|撤|恢复|修改|取消|更改|为空|低于|少于))"
)
