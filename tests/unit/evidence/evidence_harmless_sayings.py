"""What dialogs, toasts and pages say that reports no error: one saying a line."""

from __future__ import annotations

CONFIRMATIONS = """
    确认使用该兑换码吗？使用后不可退款
    是否确认将卡密充值到账号 138****0021？
    兑换后将无法撤销，确定继续？
    确认要删除这条充值记录吗
    确定要放弃支付吗？
    您确定要注销账号吗？注销后账号将无法使用
    该操作会使激活码失效，是否继续
    激活后不支持退款，确认激活？
    是否重新发送验证码？
    订单尚未支付，确定离开吗？
    充值账号：138 0013 8000，请确认无误后充值
    确认本次充值？充错账号不予退款
    退出后未保存的内容将丢失，是否退出？
    请再次确认您的区服：艾欧尼亚
    您的余额将被扣除30元，确认支付？
    使用优惠券后不可恢复，是否使用
    确认收货后，款项将打给卖家，是否确认？
    该账号将被绑定到当前设备，是否继续
    此操作无法撤销
    开启免密支付后，单笔限额200元，是否开启？
    Are you sure you want to redeem this code?
    Once redeemed, this code cannot be used again. Continue?
    Do you want to cancel the payment?
    Redeem to account mike_88?
    Delete this order? This can't be undone
    Leave this page? Your order has not been paid
    You are about to top up 13800138000
    Confirm your purchase
    Would you like to activate this product now?
    Keep this subscription?
"""
GOOD_NEWS = """
    充值成功，已到账
    兑换成功！礼包已通过邮件发放
    激活成功，有效期至2027-05-01
    您的卡密已发放，请在订单中查看
    话费已到账，当前余额32.50元
    恭喜您成功兑换30天会员
    支付成功！预计1-10分钟到账
    验证码已发送，请注意查收
    验证成功
    身份验证通过
    实名认证已完成
    绑定成功
    已为您解除账号限制
    您的账号已恢复正常
    账号已解冻
    卡密已解锁，可正常使用
    网络已恢复
    系统已恢复正常，感谢您的耐心等待
    订单已发货，卡密已发送至您的邮箱
    库存已补充，欢迎选购
    退款成功，已原路退回
    退款已到账
    您的优惠券已到账
    签到成功，获得10积分
    修改成功
    会员开通成功，立即享受权益
    充值100元成功，赠送5元
    礼品卡已添加到您的账户，余额¥100
    恭喜，该激活码有效
    该卡密可以使用
    卡密验证通过
    已成功提交，工作人员将在24小时内处理
    未发现异常
    账号无异常
    检测完成，网络连接正常
    您的账户安全，无风险
    未检测到重复扣款
    余额充足
    当前库存充足
    系统运行正常
    本次支付无需验证码
    密码设置成功
    已开启限额提醒
    您的号码状态正常
    订单状态正常
    已重新连接网络
    限额调整成功
    已取消支付
    订单取消成功
    您已成功退出登录
    Success! Your code has been redeemed
    Code redeemed. 30 days added to your account
    Payment received. Thank you!
    Your top-up was successful
    You're all set
    Your identity has been verified
    Verification code sent
    Your account has been reinstated
    No errors found
    No issues detected
    Your connection is secure
    Back in stock
    Your refund has been issued
    Phone number verified
    Card added to your wallet
    Limit updated
    Your order is on its way
    Successfully connected to the server
    Everything is up to date
    Your purchase is complete
"""
TIPS = """
    温馨提示：充值一般10分钟内到账，如超过24小时未到账请联系客服
    如遇充值失败，款项将原路退回
    若提示卡密错误，请检查大小写
    如果兑换码无效，请联系商家更换
    若显示网络异常，请稍后重试
    请在有效期内使用，过期作废
    请勿将卡密告诉他人，谨防诈骗
    为保障账户安全，请勿泄露验证码
    连续输错5次密码，账号将被锁定
    每个账号每日限兑换3次
    每人限购2件
    单笔限额5000元，单日限额50000元
    卡密一经售出，概不退换
    充值前请核对号码，充错不退
    激活码仅限使用一次
    兑换码有效期30天，逾期失效
    携号转网用户可能充值失败
    月初月末充值高峰期，可能延迟到账
    系统将于今晚23:00至次日6:00进行维护
    维护期间将无法充值，敬请谅解
    账户余额不足时将自动从银行卡扣款
    超过30天未使用将自动失效
    超出限额的部分不予充值
    卡密使用后不支持退款
    若账号异常导致充值失败，由买家自行承担
    为避免充值失败，请填写正确的手机号
    请确认网络正常后再提交
    输入错误超过5次将锁定24小时
    请保持网络畅通
    兑换前请确认您的账号未被封禁
    激活码区分大小写
    活动期间每日限领一次
    本券满100可用，不可叠加
    收不到验证码？
    充值不到账怎么处理
    为什么提示卡密已被使用？
    兑换失败怎么办？
    什么是风控限制？
    如何解除账号冻结
    卡密无效的常见原因
    关于系统维护的公告
    账号被封怎么申诉
    支付失败常见问题
    订单异常说明
    限额说明
    卡密错误处理办法
    充值失败包赔
    不到账包退
    假一赔十，卡密无效全额退款
    无效可退
    未到账极速退款
    卡密失效包换
    If your code is invalid, please contact the seller
    Codes expire 12 months after purchase
    Codes can only be redeemed once
    Make sure your account is not restricted
    What should I do if my code doesn't work?
    Why was my payment declined?
    How to fix network errors
    Your account may be locked after 5 failed attempts
    Limit 2 per customer
    In case of payment failure, you will be refunded
    Do not share your verification code with anyone
    Enter the code exactly as shown
    Valid for 30 days
    Payments may be declined if your card is expired
    Maintenance is scheduled for Sunday
    Not received? See our help page
    Unused codes can be refunded
    Invalid codes will be replaced
"""
BUTTONS_AND_LABELS = """
    重新发送验证码
    获取验证码
    查看使用记录
    忘记密码？
    无法充值？
    遇到问题？
    未到账申诉
    充值失败反馈
    申请退款
    退款原因：卡密无效
    退款原因：充值未到账
    申请原因：卡密错误
    问题类型：支付失败
    请选择退款原因
    请输入兑换码
    请输入16位卡密
    请输入手机号
    请输入验证码
    请输入支付密码
    卡密使用说明
    有效期至 2026-12-31
    使用状态：未使用
    激活状态：未激活
    已使用 3/5
    剩余次数：2次
    今日剩余兑换次数：1
    今日已兑换 1/3
    单日限额：50000元
    当前限额 ¥5000
    账户余额：0.00元
    余额：¥12.50
    库存：999
    异常订单（0）
    失败 0
    失败订单
    已过期（2）
    已失效卡券
    失效记录
    过期券
    无密码
    免密支付
    余额不足提醒
    库存预警
    到期提醒
    到货通知
    错误日志
    网络诊断
    账号安全
    风险提示
    重置密码
    Error log
    Expired (3)
    Report a problem
    Resend code
    Enter your code
    Forgot password?
    Refund reason: code invalid
    Remaining uses: 2
    0 failed
    Daily limit: 500
"""
OTHER_THINGS = """
    您有1张优惠券已过期
    该优惠券已使用
    优惠券已被领取
    红包已被领完
    您的登录状态已过期，请重新登录
    链接已失效
    二维码已过期，点击刷新
    图片加载失败
    评论发表失败
    视频加载失败
    会员将于3天后到期，请及时续费
    会员到期提醒：还有7天
    您的积分将于月底过期
    定位失败，请手动选择城市
    保存失败
    上传失败，请重新上传
    收藏失败
    发票开具失败
    请输入昵称
    昵称已被使用
    评价已过期
    直播已结束
    拼团失败，已为您退款
    砍价失败
    抽奖机会已用完
    签到失败
    快递未送达
    已有新版本，请更新
    存储空间不足
    电量不足
    内存不足，请清理
    麦克风权限被拒绝
    相机无法使用，请开启权限
    通知权限未开启
    Your session has expired. Please sign in again
    Coupon expired
    Low battery
    Storage almost full
    Camera access denied
    Upload failed
    Couldn't play video
    This username is already taken
    Photo couldn't be saved
"""
PROGRESS = """
    充值中，请稍候
    正在处理您的订单
    支付结果确认中，请勿重复支付
    正在验证卡密，请稍候
    等待商家发货
    商家正在备货
    订单处理中，预计30分钟内完成
    正在连接服务器
    加载中
    正在为您查询充值记录
    退款处理中，预计1-3个工作日
    退款申请已提交
    退款申请已驳回
    退款申请被拒绝
    已提交申诉，请等待处理
    等待买家付款
    审核中
    排队中，前面还有3人
    话费充值中，最晚24小时到账
    预计到账时间：2026-05-03 12:00
    Processing your payment
    Please wait while we verify your code
    Connecting
    Your refund is being processed
    Awaiting payment
    Loading your orders
    Checking code
    Your claim was rejected
"""
PROMOTIONS = """
    限时抢购，售完即止
    手慢无，先到先得
    库存紧张，仅剩3件
    即将售罄
    限购1件，每日10点开抢
    新用户首充立减10元
    充100送10，多充多送
    不限次数，无限畅玩
    永不过期
    终身有效，无需激活
    0风险，包到账
    失败必赔
    全网最低价，缺货包赔
    秒到账，不到账双倍赔付
    正品保障，假卡包赔
    邀请好友得红包，上限100元
    无限额度等你领
    Hurry, almost sold out
    Never expires
    No limits, unlimited play
    Buy 2 get 1 free
    Selling fast
"""
# (saying by the buyer or an agent, in a conversation)
TALK = """
    我充值的话费一直没到账
    你们给的卡密是错的
    激活码显示已被使用
    帮我查一下为什么充值失败
    我的账号没有异常啊
    您好，查询到您的订单充值失败，已为您申请退款
    亲，卡密无效的话发个截图看一下
    您好，系统显示该卡密已被使用
    建议您检查网络后再试
    稍后会有专员联系您
"""
