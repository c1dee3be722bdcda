"""Shelves, notices of shops, desktop tables and pages in English."""

from __future__ import annotations

from evidence_fresh_pages import ORDER, PAYMENT, UNKNOWN, Fresh

SHOPS = [
    Fresh(
        "notice: key: value lines, wrap",
        PAYMENT,
        "云海幻境官方充值648元钻石包 微信全区全服",
        """
        44 服务通知 ^
        30 4月11日 12:01 ^
        36 小鹿支付
        40 支付成功通知
        商品名称：云海幻境官方充值648元钻石包 微信全
        & 区全服
        支付金额：¥648.00
        支付方式：微信支付
        支付时间：2026-04-11 12:00:58
        商户单号：4200012345678901
        34 点击查看详情 >
        """,
        method="微信支付",
    ),
    Fresh(
        "notice: keyword columns spread",
        ORDER,
        "青柚视频会员季卡",
        """
        44 订阅通知 ^
        30 12:01 ^
        36 青柚视频
        40 会员开通成功通知
        32 开通套餐 @48 | 青柚视频会员季卡 @260
        32 开通账号 @48 | 138****5678 @260
        32 开通时间 @48 | 2026-04-11 12:00 @260
        32 订单金额 @48 | 58.00元 @260
        32 订单编号 @48 | QY260411887766 @260
        32 备注 @48 | 感谢您的支持，点击查看权益 @260
        34 详情
        """,
        account="138****5678",
    ),
    Fresh(
        "a shop's shelf",
        UNKNOWN,
        None,
        """
        44 极速数码专营店 ^
        34 首页 @80 | 全部商品 @360 | 新品 @680 | 客服 @900
        +300
        原野传说点卡100元 | 星河战纪礼包30元 @560
        ¥98.00 | ¥30.00 @560
        30 已售1000+ | 已售300+ @560
        +300
        蓝鲸出击600钻石 | 明月江湖月卡 @560
        ¥58.00 | ¥30.00 @560
        30 已售200+ | 已售90+ @560
        """,
    ),
    Fresh(
        "a good's own page",
        UNKNOWN,
        None,
        """
        30 10:21 | 5G >
        +700
        56 ¥98.00 | 已售 2万+ >
        44 原野传说点卡100元官方直充自动到账
        34 7天无理由退货 · 极速退款 · 假一赔四
        发货 | 自动发货 | 快递: 免运费 >
        保障 | 正品保障
        选择 | 请选择 面值
        商品评价(2000+) | 查看全部 >
        +400
        44 加入购物车 @400 | 立即购买 >
        """,
    ),
    Fresh(
        "cart about to be paid for",
        UNKNOWN,
        None,
        """
        44 确认订单 ^
        +40
        极速数码专营店 >
        原野传说点卡100元 @300 | ¥98.00 >
        32 官方直充 @300 | x1 >
        +40
        充值账号 | 13800138000 >
        配送方式 | 自动发货 >
        订单备注 | 选填 >
        +40
        支付方式
        支付宝 @120
        微信支付 @120
        +200
        合计：¥98.00 | 提交订单 >
        """,
    ),
    Fresh(
        "desktop detail with a goods table and wrapped cells",
        ORDER,
        "云海幻境官方直充648元钻石 全区全服自动到账",
        """
        28 首页 | 我的订单 @200 | 帮助中心 @380 | 欢迎您，u88 >
        +40
        36 订单详情
        28 订单编号：26041100112233 | 下单时间：2026-04-11 10:00:00 @480 | 订单状态：已完成 @960
        +40
        28 商品 | 单价 @620 | 数量 @800 | 小计 @980 | 操作 @1200
        28 云海幻境官方直充648元钻石 @150 | ¥620.00 @620 | 1 @810 | ¥620.00 @980 | 申请售后 @1200
        & 28 全区全服自动到账 @150
        +40
        28 商品总额：¥620.00 >
        28 实付款：¥620.00 >
        """,
        width=1440,
    ),
    Fresh(
        "desktop detail with two goods",
        ORDER,
        None,
        """
        36 订单详情
        28 订单编号：26041100112233 | 下单时间：2026-04-11 10:00:00 @480 | 订单状态：已完成 @960
        +40
        28 商品名称 | 单价 @620 | 数量 @800 | 小计 @980
        28 云海幻境648元钻石 | ¥620.00 @620 | 1 @810 | ¥620.00 @980
        28 蓝鲸视频会员季卡 | ¥58.00 @620 | 1 @810 | ¥58.00 @980
        +40
        28 实付款：¥678.00 >
        """,
        width=1440,
    ),
    Fresh(
        "desktop card-code shop's query page",
        ORDER,
        "网盘超级会员激活码 年卡",
        """
        32 小鹿发卡网 | 首页 @300 | 订单查询 @420 | 联系客服 @600
        +60
        28 商品名称：网盘超级会员激活码 年卡
        28 订单编号：LU2604110012
        28 下单时间：2026-04-11 22:10:00
        28 购买数量：1
        28 支付方式：支付宝扫码
        28 订单总价：128.00元
        28 订单状态：已付款
        """,
        method="支付宝扫码",
        width=1440,
    ),
    Fresh(
        "app store's receipt: item and price",
        PAYMENT,
        "Starfall Season Pass",
        """
        44 Receipt ^
        +40
        30 APPLE ACCOUNT
        30 u88@example.com
        30 INVOICE DATE
        30 Apr 11, 2026
        30 ORDER ID
        30 MK5TT9Q2LL
        30 BILLED TO
        30 Visa •••• 4242
        +40
        32 App Store
        36 Starfall Season Pass @200 | $9.99 >
        28 In-App Purchase @200
        28 Report a Problem @200
        +40
        36 TOTAL @700 | $9.99 >
        """,
    ),
    Fresh(
        "mail of a shop",
        ORDER,
        "Aurora Wallet Gift Card $50",
        """
        44 Thanks for your order!
        34 Hi Sam, your order is complete. You will find your code below.
        +40
        Order #100200300
        Order date: April 11, 2026
        +40
        36 Item @48 | Qty @640 | Price >
        36 Aurora Wallet Gift Card $50 | 1 @660 | $48.50 >
        +40
        Subtotal @560 | $48.50 >
        Tax @560 | $0.00 >
        Total @560 | $48.50 >
        Payment method | PayPal @560
        """,
        method="PayPal",
    ),
    Fresh(
        "order's page with key over value",
        ORDER,
        "1280 Gems Bundle",
        """
        44 Order details ^
        +40
        28 Order number
        36 GG-2604-118877
        28 Item
        36 1280 Gems Bundle
        28 Player ID
        36 812345678
        28 Order date
        36 11 Apr 2026, 10:11
        28 Total paid
        36 $19.99
        28 Payment method
        36 Mastercard ending in 5454
        """,
        method="Mastercard ending in 5454",
        account="812345678",
    ),
    Fresh(
        "top-up in English",
        ORDER,
        "Mobile Top-up 100 CNY",
        """
        44 Top-up details ^
        +60
        60 Completed ^
        +40
        Mobile number | 138****5678 >
        Product | Mobile Top-up 100 CNY >
        Order ID | TU26041100991 >
        Order time | 2026-04-11 10:11:12 >
        Amount paid | ¥99.80 >
        Paid with | Alipay >
        """,
        method="Alipay",
        account="138****5678",
    ),
    Fresh(
        "shelf: category and list",
        UNKNOWN,
        None,
        """
        44 游戏点卡 ^
        34 综合 @80 | 销量 @360 | 价格 @600 | 筛选 @900
        原野传说点卡100元 @300
        32 自动发货 | 已售1000+ @500
        40 ¥98.00 @300 | 购买 >
        +60
        星河战纪礼包30元 @300
        32 自动发货 | 已售300+ @500
        40 ¥29.00 @300 | 购买 >
        +60
        蓝鲸出击600钻石 @300
        32 人工充值 @300 | 已售20+ @500
        40 ¥58.00 @300 | 购买 >
        """,
    ),
    Fresh(
        "shelf: plans of membership",
        UNKNOWN,
        None,
        """
        44 会员中心 ^
        138****5678
        34 您还不是会员
        +40
        44 连续包月 @80 | 季卡 @430 | 年卡 @780
        48 ¥15.00 @80 | ¥45.00 @430 | ¥158.00 @780
        28 ¥25.00 @80 | ¥75.00 @430 | ¥198.00 @780
        +60
        会员权益
        34 免广告 @80 | 高清画质 @400 | 专属客服 @760
        +60
        支付方式
        支付宝
        微信支付
        44 立即开通 ¥15.00 ^
        34 开通即同意《会员服务协议》
        """,
    ),
    Fresh(
        "shelf: shop page with stock",
        UNKNOWN,
        None,
        """
        36 小鹿发卡网
        34 分类：全部 @48 | 游戏 @300 | 会员 @500
        商品名称 | 价格 @600 | 库存 @800 | 操作 @950
        网盘会员月卡 | ¥10.00 @600 | 99 @800 | 购买 @950
        网盘会员年卡 | ¥88.00 @600 | 12 @800 | 购买 @950
        视频会员月卡 | ¥12.00 @600 | 50 @800 | 购买 @950
        """,
    ),
    Fresh(
        "en order: amazon-like",
        ORDER,
        "Xbox-like Game Pass Ultimate 3 Month Membership [Digital Code]",
        """
        36 Order Details
        30 Ordered on April 11, 2026 | Order# 113-1234567-1234567 @560
        +30
        30 Shipping Address | Payment method @400 | Order Summary @720
        30 Sam Lee | Visa ending in 4242 @400 | Item(s) Subtotal: @720 | $44.99 >
        30 US | Grand Total: @720 | $44.99 >
        +40
        36 Delivered April 11
        30 Xbox-like Game Pass Ultimate 3 Month @260
        & 30 Membership [Digital Code] @260
        26 Sold by: Nexus Game Keys @260
        30 $44.99 @260
        30 Buy it again @260 | View your item @500
        """,
    ),
    Fresh(
        "en order: summary card first",
        ORDER,
        "Aurora Wallet Gift Card $50",
        """
        44 Your order ^
        34 Delivered
        36 Aurora Wallet Gift Card $50 @260 | $48.50 >
        30 Digital delivery @260 | Qty 1 >
        Order number | GG-118877-22 >
        Placed on | Apr 11, 2026 10:11 >
        Subtotal | $48.50 >
        Total | $48.50 >
        Payment | PayPal >
        """,
        method="PayPal",
    ),
    Fresh(
        "en order: no title, thanks",
        ORDER,
        "Nimbus Cloud Drive 2TB Annual Plan",
        """
        48 Thank you for your purchase ^
        34 A receipt was sent to u88@example.com ^
        +40
        Order no. | NB-2604-1188 >
        Order date | 04/11/2026 10:11 PM >
        Plan | Nimbus Cloud Drive 2TB Annual Plan >
        Account | u88@example.com >
        Total paid | $99.99 >
        Paid with | Mastercard •••• 5454 >
        44 Back to home ^
        """,
        method="Mastercard •••• 5454",
        account="u88@example.com",
    ),
]
