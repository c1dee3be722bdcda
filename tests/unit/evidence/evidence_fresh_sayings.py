"""Two later batches of sayings, written without a look at the lexicons. The first reading told 72 and 80 of 100."""

from __future__ import annotations

from service.domain.evidence import ErrorCode

SAYINGS = {
    ErrorCode.CODE_INVALID: """
        您输入的券码有问题，系统查不到
        卡密不可识别，请确认是否为本平台卡密
        充值卡序列号不正确或不存在
        兑换码已被作废
        无此兑换码
        激活失败：激活码已失效
        卡密核验不通过，请联系卖家
        提示：该礼品码并不存在
        您的产品密钥不起作用，请检查后重试
        该CDK未被系统收录
        This code isn't valid anymore
        We can't redeem that code. Check it and try again
        Sorry, your code could not be recognized
        Invalid redemption code
        The activation key you provided does not exist in our system
        Your voucher number isn't recognised
        激活码不存在或已失效，请联系客服
        卡密无法识别
        输入的兑换密码不是有效的密码
        该点卡已失效
        查询不到该礼品码信息
        兑换码非本活动兑换码
        CDKEY无效（-20）
        该卡号未入库，请联系代理商
        您提供的序列号不被支持
        The redemption code is not valid or has been entered incorrectly
        Code does not exist
        Sorry, this isn't a valid coupon
        Unrecognized code
        Your activation code could not be verified""",
    ErrorCode.CODE_USED: """
        此卡密已有人使用
        您的兑换码在5月1日已使用过
        该礼品卡余额已被领走
        兑换码已使用，如有疑问请联系客服
        当前卡密已被激活，激活设备：iPhone 14
        该券已核销，核销门店：线上
        此Key已在Steam库中激活
        该充值密码已被使用
        激活次数已达上限，该密钥无法再次激活
        此兑换码您已经使用过啦
        That code has been used already
        Gift card already in use on another account
        Code was redeemed on 3 May
        You have already claimed this reward
        This product has already been activated
        The key has already been registered
        该兑换码已完成兑换
        卡密已消费
        本充值卡已使用完毕
        该卡已于昨日充入他人账户
        该密钥已达到激活设备上限
        此券已使用，不可重复核销
        该激活码已被其他玩家抢先一步激活
        每个礼包码只能使用一次，您已使用
        This voucher was already used
        The gift card has already been applied to another account
        Code already claimed by someone else
        This key is already activated""",
    ErrorCode.CODE_WRONG: """
        充值密码错误，请重新输入15位密码
        卡密核对失败，请检查是否多输或漏输
        券码输入有误，请检查
        卡号和密码对不上
        输入的激活码不符合规则
        卡密由18位数字组成，请重新输入
        序列号填写不正确
        The card number you entered is incorrect
        Wrong PIN
        Please check your code and try again. It doesn't match our records
        Incorrect voucher code
        兑换码错误，请区分大小写
        卡密长度有误
        请核对充值卡密码，密码不正确
        输入的券码格式错误
        激活码不正确，还剩2次机会
        亲，您的卡密输错啦
        The voucher PIN is incorrect
        Please double-check your code. The code is incorrect
        Incorrect redemption code""",
    ErrorCode.EXPIRED: """
        您的兑换码已超出使用期限
        来晚一步，兑换码过期了
        该卡有效期已于2025年底结束
        抱歉，卡券超过有效期无法核销
        充值卡过期，请联系发行方
        激活码失效：已过激活截止时间
        The code expired last month
        This offer has expired
        Your gift card is expired and can't be used
        Expired code
        该卡密的有效期已过
        本券已于2026.01.01过期失效
        兑换码过了使用期限，不能兑换
        您的激活码因超过有效期而失效
        礼品卡逾期，余额已清零
        领取失败，礼包已过期
        The voucher has passed its expiration date
        Redemption period has ended
        This key has expired and is no longer valid""",
    ErrorCode.TOPUP_FAILED: """
        您的话费充值订单充值失败
        充值没有成功，费用将自动退还至您的支付账户
        抱歉，给13800138000充值50元失败
        上游充值失败，请申请退款
        本次流量充值未能到达运营商，充值失败
        游戏点券充值失败，请稍后再试
        电费缴纳失败
        Your top-up didn't go through
        Mobile recharge failed
        We were unable to top up this number
        Recharge could not be processed at this time
        充值失败（错误码3002）
        您好，您的充值订单未能成功，款项将退回
        充值不成功，请更换号码或面额
        直充失败，已为您原路退款
        加油卡充值失败
        【中国联通】您为186****1234办理的交费业务失败
        未能充值成功
        Sorry, the recharge was unsuccessful
        Unable to recharge this number
        Your top up has been declined""",
    ErrorCode.NUMBER_NOT_FOUND: """
        该手机号码为空号或已停用
        没有这个账号，请检查
        您输入的UID查询不到对应玩家
        充值号码错误
        账号填写有误，请返回修改
        抖音号不存在，请核对
        角色名不存在或区服选择有误
        请核对手机号，该号码不正确
        That user doesn't exist
        We couldn't find a player with that ID
        This mobile number is not valid
        The account you entered was not found
        手机号码输入有误，请核实
        对方账号不存在
        游戏账号填写不正确，无法充值
        未检索到该用户ID
        该号码非法，请输入11位手机号
        用户名不存在
        账号校验失败：账号不存在
        您充值的号码已销户
        Invalid phone number format
        Recipient not found
        User not found
        Incorrect player ID""",
    ErrorCode.REGION_MISMATCH: """
        该密钥在您的地区不可激活
        您的账号不属于该兑换码适用的地区
        此卡为美区卡，您的账号为国区
        兑换失败：服务器不对
        号码归属地与充值地区不一致
        抱歉，该服务暂未在您所在的地区开放
        不是本省移动号码，无法办理
        This card is for a different country
        Not available in your country or region
        You must be in the United States to redeem this code
        Your region is not supported
        This key can't be activated in your region
        所在地区暂不支持该服务
        账号地区错误
        该激活码与您的游戏区服不匹配
        当前IP所在地区受限
        该卡仅支持苹果日区账号
        该游戏在您所在区域不可购买
        大区选择错误，兑换失败
        This code is only valid in the EU
        Sorry, this item isn't available in your region
        Gift card region does not match account region""",
    ErrorCode.BALANCE_INSUFFICIENT: """
        余额不够，充值后再来吧
        您的Q币不足
        商户余额不足，请联系商家充值
        账户资金不足以完成扣款
        星币不足
        当前余额¥3.20，不足以支付
        Your balance is too low
        You don't have enough diamonds
        Insufficient wallet balance
        可用余额不足，当前余额0.35元
        钱包里的钱不够了
        账户余额不足以支付该订单
        银行卡余额不足，扣款失败
        抱歉，您的积分不够兑换
        金币不够，快去充值吧
        Not enough balance
        Insufficient credit""",
    ErrorCode.NO_SUCH_RECORD: """
        没有查到这笔充值
        该时间段暂无交易记录
        未找到相应的兑换记录，请确认账号
        什么都没有找到
        您还没有任何充值记录
        运营商反馈：未收到充值请求，无充值记录
        We couldn't find any transactions
        You have no recent purchases
        No history found
        没有找到您的充值记录，请核对账号
        查无充值信息
        当前账号没有兑换记录
        近三个月没有交易明细
        未查询到符合条件的数据
        游戏内无到账记录
        No top-up records
        No matching records were found
        Nothing found""",
    ErrorCode.SYSTEM_BUSY: """
        服务器繁忙（1001）
        系统忙，请稍后重试
        网络似乎断开了
        服务器睡着了，请稍后再试
        请求过于频繁，请休息一会儿
        由于系统升级，充值功能暂停使用
        服务器君正在努力恢复中
        网络不稳定，请切换网络后重试
        504 Gateway Time-out
        系统开了点小差
        The service is unavailable right now
        Can't reach the server. Check your internet connection
        We hit a snag. Please try again
        The server is not responding
        You're offline
        Internal error (500)
        服务器响应超时，请重试
        系统正在升级，请稍后访问
        网络请求异常
        网络开了小差，刷新试试
        服务器暂时无法访问
        系统出现异常，请联系管理员
        业务繁忙，请稍后再试
        接口返回异常
        System busy, try again later
        Sorry, something's gone wrong on our end
        Server error. Please try again
        Request failed (timeout)""",
    ErrorCode.PAYMENT_FAILED: """
        支付没有成功，请重试
        银行卡交易失败，请联系发卡银行
        支付已取消或失败
        您的支付请求被银行拒绝
        付款遇到了一点问题
        扣费失败，请检查签约状态
        Payment was not successful
        Your bank declined the transaction
        We couldn't charge your card
        Card payment failed
        支付失败，订单未付款
        扣款失败，请确认银行卡可用
        微信支付失败：交易未完成
        您的银行卡暂不支持此交易，付款失败
        购买失败，请稍后重试
        支付过程中出现异常
        Transaction failed
        Your payment has been rejected
        The purchase failed""",
    ErrorCode.DUPLICATE_PAYMENT: """
        此单您已完成支付，请不要重复支付
        订单已经支付成功，请勿重复操作
        您被重复扣款19.9元
        一笔订单扣了两次款
        This bill has already been paid
        Duplicate transaction
        订单已支付，请不要重复提交
        该笔交易疑似重复扣款
        您已经付过款了
        重复缴费，请核实
        You've already paid
        Your order was paid twice""",
    ErrorCode.ORDER_NOT_FOUND: """
        系统里没有这个订单
        订单号无法识别
        您的订单出现异常
        订单已被系统删除，无法查看
        无法查询到该订单
        Sorry, we cannot locate your order
        This order is no longer available
        Invalid order number
        查询失败，订单不存在
        无法找到对应订单
        该订单异常，已关闭
        订单编号错误，请核对
        未找到与该手机号匹配的订单
        No such order
        Order number not recognised""",
    ErrorCode.OUT_OF_STOCK: """
        商品太火爆，已经卖断货了
        暂无可用卡密
        该面额已售完
        当前商品无库存
        您购买的商品库存不够
        卡池已空，请等待补货
        Currently out of stock
        We're all out of codes
        This product has sold out
        商品库存告罄
        卡密已发完，请等待补货
        此商品已下架或售罄
        该套餐暂时无法购买，库存不足
        手慢了，商品被抢光了
        Item out of stock
        Sorry, sold out!""",
    ErrorCode.ACCOUNT_RESTRICTED: """
        您的账号因异常登录被暂时冻结
        该用户已被封禁
        您的支付功能已被限制
        检测到您的账号有风险，已暂停兑换功能
        你的账号被禁止兑换
        为保障资金安全，该笔交易已被风控系统拦截
        Your account is temporarily restricted
        We've locked your account
        Access denied: your account was flagged
        Your wallet has been frozen
        账号因涉嫌违规被冻结
        您的账户被限制登录
        账号风险较高，暂时无法领取
        当前账号不允许兑换
        该账号在黑名单中
        账户状态不正常，请联系客服
        This account is banned from redeeming
        Your account is under review""",
    ErrorCode.NOT_DELIVERED: """
        商家还没有发货
        已扣款但未到账
        卡密发放异常，请联系客服补发
        会员权益还没到账
        虚拟商品自动发货失败
        钻石未到账，请重新登录游戏查看
        Your code hasn't been delivered
        We have not received your top-up yet
        The credit has not arrived
        充值金额未到账
        订单超时未到账
        还未收到卡密
        发码失败，请稍后查看
        礼包发放失败
        Delivery of your code failed
        Your top-up hasn't arrived""",
    ErrorCode.LIMIT_EXCEEDED: """
        充值已达今日上限
        您本月的充值额度已用完
        抱歉，该商品每人最多购买1件
        支付失败：单日累计限额不足
        您的兑换次数已用尽，请明日再来
        超过单次可充值最大金额
        您购买的数量已超过限购数
        今天的领取次数用完了
        该银行卡已超过当日交易限额
        未成年人单次充值金额超限
        You've hit your daily limit
        Quantity exceeds the limit per customer
        Maximum number of purchases reached
        You can't redeem more codes today
        Transaction limit exceeded
        该账户今日累计充值超限
        交易金额超出限额
        充值次数超过限制
        您本日兑换已达5次上限
        超出每日兑换次数
        购买数量已超上限
        余额转出超过每日限额
        You have exceeded your monthly limit
        Limit exceeded
        Too many redemptions today""",
    ErrorCode.CODE_LOCKED: """
        该充值卡被锁定，请24小时后再试
        卡密暂时被冻结，请联系卖家
        礼品卡已被发卡方停用
        该兑换码已被暂停使用
        卡券冻结中，无法核销
        This card has been locked
        Code is temporarily disabled
        Your gift card is on hold
        该卡密已被平台锁定
        卡号被冻结，暂不能充值
        此激活码已封禁
        充值卡处于锁定状态
        您的礼品卡因安全原因被暂停使用
        This code is locked
        The card has been suspended""",
    ErrorCode.VERIFICATION_FAILED: """
        短信验证码错误，请重新输入
        校验码已过期
        实名信息校验失败
        您的身份信息未通过审核
        姓名和身份证号码不一致
        验证码不对，再试一次
        登录密码错误
        人脸比对未通过
        The verification code you entered is wrong
        Incorrect OTP
        ID verification failed
        The code we texted you has expired
        验证码输入错误，请重新获取
        验证码已超时
        身份核验不通过
        支付密码不正确
        手势密码错误
        账号或密码错误
        实名认证信息有误
        Wrong verification code
        Verification expired
        Your identity could not be verified""",
    ErrorCode.NOT_YET_VALID: """
        活动还没开始呢
        该卡券尚未到使用时间
        此兑换码暂未开放兑换
        未到激活时间，请耐心等待
        您的权益尚未生效
        兑换通道未开启
        This code can't be used yet
        Promotion not yet started
        Voucher not valid yet
        该礼包码尚未开放
        活动暂未开始
        卡券未到可用日期
        兑换还没开始
        激活码未到生效日期，无法激活
        The code is not valid yet
        This offer is not available until Friday""",
}
