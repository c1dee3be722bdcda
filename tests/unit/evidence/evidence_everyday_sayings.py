"""More of what pages say every day that reports no error of goods or payment: one saying a line."""

from __future__ import annotations

EVERYDAY = """
    兑换码已复制到剪贴板
    该商品支持7天无理由退款
    卡密仅展示一次，请妥善保存
    已为您屏蔽该号码
    您已同意用户协议
    充值金额：50元
    请选择充值面额
    暂不支持退款，请谨慎购买
    虚拟商品不支持退换
    售出后不支持无理由退款
    卡密为虚拟商品，一经使用不可退换
    本产品激活后不可转移
    您的反馈已收到
    您的投诉已受理，处理结果将短信通知
    订单评价后可获得积分
    请确认您已阅读并同意充值协议
    您的账号已在新设备登录
    您的账号在另一台设备登录
    检测到新设备登录，请确认是否本人操作
    您正在更换绑定手机号
    已关闭自动续费
    自动续费已取消
    该订单已申请退款
    您的退款申请未通过
    退款失败，请联系客服
    退款已关闭
    售后申请已被商家拒绝
    提现失败，请检查银行卡信息
    收货地址不能为空
    昵称不能为空
    手机号不能为空
    请先登录
    请先绑定手机号
    您尚未登录
    请先同意服务协议
    请上传凭证
    请填写申请理由
    文件过大，请压缩后上传
    图片格式不支持
    最多上传9张图片
    订单已完成，无法修改地址
    已超过退款期限
    已超过售后期限，无法申请退款
    超过7天不可申请售后
    该评价已被删除
    商品已加入购物车
    已添加到桌面
    今天也要开心哦
    下载完成
    更新失败，请重试
    蓝牙连接失败
    打印失败
    您的快递已签收
    尊敬的用户，您的套餐余量：流量3.2GB
    【中国移动】您已成功充值50元，当前余额82.13元
    【工商银行】您尾号1234卡5月3日支出50.00元，余额320.11元
    【支付宝】验证码123456，用于支付，请勿泄露
    【腾讯】您的验证码是4421，5分钟内有效
    您有一张待使用的兑换码，请在有效期内使用
    兑换码将在3天后过期，快去使用吧
    您的卡密即将过期
    会员有效期至2027-01-01
    套餐外流量按5元/GB收费
    开启网络加速，告别卡顿
    本店所有卡密均可售后，无效包换
    售前咨询，非诚勿扰
    支持微信支付、支付宝支付
    该账号可正常使用
    该手机号可以充值
    该号码归属地：广东深圳 中国移动
    系统消息
    系统通知：您的订单已完成
    服务器状态：正常
    网络状态良好
    支付安全由平台保障
    风控审核中，请耐心等待
    订单已进入人工审核
    您的账户余额变动提醒
    交易提醒：您有一笔支出
    限时优惠进行中
    库存有限，欲购从速
    Code copied to clipboard
    This item is non-refundable
    All sales are final
    Please sign in to continue
    Please enter your phone number
    Your code will arrive by email within 10 minutes
    Refund request denied
    We sent a code to your phone
    Keep your code safe and never share it
    New sign-in to your account
    Update available
    Rate your purchase
    Your subscription renews on 1 June
    Cancel subscription?
    Payment method updated
    Your request has been submitted
    By redeeming you accept the terms
    Order completed
    Free trial ends in 3 days
"""
