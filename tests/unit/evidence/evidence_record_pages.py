"""Records as other makers print them, one row of text a line, with the numbers, amount and times they state.

Each page is a block: its name after ``##``, its rows, then ``=>`` and the fields expected, all others absent.
``# text``: large, in the middle; ``^ text``: a title there; ``= text``: a line there; ``left | right``: at both edges;
``left || value``: value in a column beside; ``> text``: at the right edge, ``+`` close under the last; else at the
left edge.
"""

from __future__ import annotations

BANKS = """
## bank receipt, day and clock apart
^ 交易明细详情
交易卡号 | 6222 **** **** 4471
交易日期 | 2026-10-28
交易时间 | 20:15:33
记账日期 | 2026-10-29
业务摘要 | 网上快捷支付
交易金额 | -128.50
账户余额 | 3,204.77
对方户名 | 武汉点金数字科技有限公司
柜员流水号 | 88210453
交易场所 | 支付宝-游戏点卡
=> trade_number=88210453 amount=12850 paid_at=2026-10-28T20:15:33

## bank app, expense in words
^ 收支详情
= 支出
# -49.80
= 人民币元
交易类型 | 消费
入账日期 | 20261029
交易时间 | 2026/10/28 09:07:21
交易渠道 | 财付通
交易流水号 | 2026102809072100317745
余额 | 1,950.20
=> trade_number=2026102809072100317745 amount=4980 paid_at=2026-10-28T09:07:21

## bank transfer with fee
^ 转账汇款
^ 转账成功
# ¥1,288.00
收款人 | 王*明
收款账号 | 6217 **** **** 0098
手续费 | ¥0.00
转账时间 | 2026年10月28日 20时15分33秒
转账流水号 | HB202610280098123
=> trade_number=HB202610280098123 amount=128800 paid_at=2026-10-28T20:15:33

## credit card bill line
^ 账单明细
交易商户 | 微信支付-南京一叶卡券
交易金额(人民币) | 99.00
交易日 | 2026-10-28
记账日 | 2026-10-29
卡末四位 | 3391
=> amount=9900 paid_at=2026-10-28

## electronic receipt
^ 电子回单
回单编号：202610280073
付款人户名：李四
付款人账号：6228********3312
收款人户名：成都蓝海信息技术有限公司
金额（大写）：人民币叁佰贰拾捌元整
金额（小写）：￥328.00
交易时间：2026-10-28 10:22:41
交易流水号：73920118843
=> trade_number=73920118843 amount=32800 paid_at=2026-10-28T10:22:41

## text message of the bank
【招商银行】您账户3391于10月28日20:15在财付通-星卡网快捷支付328.00元，余额1200.11
=> amount=32800 paid_at=2026-10-28T20:15

## unionpay
^ 交易详情
= 星卡网
# -65.00
= 支付成功
订单金额 | 68.00元
优惠 | -3.00元
实付金额 | 65.00元
付款卡 | 邮储银行 借记卡(2210)
订单时间 | 2026-10-28 11:30:02
订单编号 | 20261028113002887712
商户订单号 | XK261028000913
=> order_number=XK261028000913 trade_number=20261028113002887712 amount=6500 ordered_at=2026-10-28T11:30:02
"""

WALLETS = """
## alipay transfer
^ 账单详情
= 小北
# -200.00
= 交易成功
付款方式 | 余额宝
转账备注 | 转账
对方账户 | 小北 138******66
创建时间 | 2026-10-28 20:15:33
订单号 | 20261028200040011100580091234567
账单分类 | 转账红包
=> trade_number=20261028200040011100580091234567 amount=20000 paid_at=2026-10-28T20:15:33

## alipay purchase with merchant's number
^ 账单详情
= 星卡数码专营店
# -97.50
= 交易成功
支付时间 | 2026-10-28 20:15:40
付款方式 | 花呗
商品说明 | Steam充值卡100元
订单金额 | 100.00
红包抵扣 | -2.50
创建时间 | 2026-10-28 20:15:33
订单号 | 2026102822001400110512345678
商家订单号 | T200P3312345678901234
=> order_number=T200P3312345678901234 trade_number=2026102822001400110512345678 amount=9750 \
ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:40

## wechat transfer waiting
= 待小北收款
# ¥328.00
= 1天内对方未收款，将退还给你
转账时间 | 2026年10月28日 20:15:33
收款时间 | -
转账单号 | 1000050001202610280098712345678
=> trade_number=1000050001202610280098712345678 amount=32800 paid_at=2026-10-28T20:15:33

## wechat bill
= 星卡网
# -30.00
当前状态 | 支付成功
支付时间 | 2026年10月28日 20:15:33
商品 | Q币30个
商户全称 | 武汉点金数字科技有限公司
支付方式 | 零钱
交易单号 | 4200002311202610288812345678
商户单号 | XK2610280009131
=> order_number=XK2610280009131 trade_number=4200002311202610288812345678 amount=3000 paid_at=2026-10-28T20:15:33

## wechat red packet sent
= 微信红包-发给小北
# -88.00
当前状态 | 对方已领取
支付时间 | 2026年10月28日 20:15:33
支付方式 | 零钱通
交易单号 | 1000039801202610289912345678
=> trade_number=1000039801202610289912345678 amount=8800 paid_at=2026-10-28T20:15:33

## kinship card
= 亲属卡交易
# -19.90
当前状态 | 支付成功
使用者 | 小儿
交易时间 | 2026年10月28日 20:15:33
商户全称 | 乐玩互动
付款卡 | 零钱(亲属卡)
交易单号 | 4200002555202610281112345678
=> trade_number=4200002555202610281112345678 amount=1990 paid_at=2026-10-28T20:15:33

## wechat pay success
^ 支付成功
# ¥15.00
收款方 | 星卡网
优惠 | -¥1.00
原价 | ¥16.00
= 完成
=> amount=1500

## service account card
- 微信支付凭证
= 付款金额
# ¥30.00
收款方 || 星卡网
支付方式 || 零钱
支付时间 || 2026-10-28 20:15:33
交易单号 || 4200002311202610288812345678
=> trade_number=4200002311202610288812345678 amount=3000 paid_at=2026-10-28T20:15:33

## refund details of a wallet
^ 退款详情
# +30.00
= 退款成功
退款方式 | 退回零钱
退款时间 | 2026-10-29 09:00:11
退款单号 | 50300201182026102900112233
原支付金额 | ¥30.00
交易单号 | 4200002311202610288812345678
=> trade_number=4200002311202610288812345678

## refund in the wallet's bill
= 星卡网-退款
# +30.00
当前状态 | 已全额退款
退款时间 | 2026年10月29日 09:00:11
退款单号 | 50300201182026102900112233
=>
"""

ORDERS = """
## order with five amounts and small print
^ 订单详情
= 交易成功
- 星卡数码专营店
- 王者荣耀点券 648元 直充
> ¥648.00
> x1
商品总价 | ¥648.00
店铺优惠 | -¥12.00
平台红包 | -¥6.00
运费 | ¥0.00
实付款 | ¥630.00
订单编号：4012876543210098765
支付宝交易号：2026102822001400110512345678
创建时间：2026-10-28 20:15:33
付款时间：2026-10-28 20:15:40
发货时间：2026-10-28 20:16:02
成交时间：2026-10-28 20:16:05
- 猜你喜欢
原神创世结晶 | ¥98.00
Q币100个 | ¥97.00
=> order_number=4012876543210098765 trade_number=2026102822001400110512345678 amount=63000 \
ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:40

## voucher in the local services app
^ 券详情
- 50元奶茶代金券
- 有效期至 2027-01-28
- 券码 8832 1290 4471
- 订单信息
订单号：5520981234567
下单时间：2026-10-28 12:01:09
购买手机号：138****6666
数量：2
总价：¥84.00
优惠：-¥4.00
实付：¥80.00
=> order_number=5520981234567 amount=8000 ordered_at=2026-10-28T12:01:09

## voucher, bought at
^ 订单详情
= 待使用
- 视频会员季卡兑换券
- ¥58
- 购买须知
购买时间 2026.10.28 12:01
订单编号 MT7729018834 复制
付款方式 微信支付
实付金额 ¥55.5
=> order_number=MT7729018834 amount=5550 ordered_at=2026-10-28T12:01

## ticket order
^ 订单已完成
- 流浪地球3 2张
- 10月30日 19:30 5号厅
- 取票码 8821 3300
票价 | ¥79.80
服务费 | ¥6.00
优惠券 | -¥10.00
实付 | ¥75.80
订单号 | 3399128840
下单时间 | 2026-10-28 09:12:45
=> order_number=3399128840 amount=7580 ordered_at=2026-10-28T09:12:45

## game shop receipt
^ 充值订单
游戏 | 星穹战记
区服 | 天空之城
角色ID | 880123456
商品 | 648星钻
金额 | ￥648
订单号 | SQ-20261028-77120
创建时间 | 2026-10-28 20:15
支付时间 | 2026-10-28 20:16
状态 | 已发货
=> order_number=SQ-20261028-77120 amount=64800 ordered_at=2026-10-28T20:15 paid_at=2026-10-28T20:16

## top-up result
^ 充值成功
= 138 0013 8000
充值面额 | 100元
优惠 | -0.20元
实付金额 | 99.80元
充值时间 | 2026-10-28 20:15:33
订单编号 | 102620282015
=> order_number=102620282015 amount=9980 ordered_at=2026-10-28T20:15:33

## instalments
^ 订单详情
订单编号 | JD302118877261
下单时间 | 2026-10-28 20:15:33
商品总额 | ¥3,299.00
立减 | -¥300.00
实付款 | ¥2,999.00
白条分期 | ¥499.83 x 6期
支付时间 | 2026-10-28 20:17:01
=> order_number=JD302118877261 amount=299900 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:17:01

## zero paid
^ 订单详情
订单编号 | 88201739221
下单时间 | 2026-10-28 20:15:33
商品金额 | ¥9.90
优惠券 | -¥9.90
实付款 | ¥0.00
=> order_number=88201739221 amount=0 ordered_at=2026-10-28T20:15:33

## balance payment
^ 订单详情
订单号 | K202610280091
商品金额 | 50.00
余额支付 | 20.00
在线支付 | 30.00
实付总额 | 50.00
提交时间 | 2026-10-28 20:15:33
=> order_number=K202610280091 amount=5000 ordered_at=2026-10-28T20:15:33

## refund page of an order
^ 退款详情
= 退款成功
退款总金额 | ¥48.00
退回支付宝 | ¥48.00
- 视频会员月卡
退款原因 | 卡密无效
退款金额 | ¥48.00
申请时间 | 2026-10-29 08:00:00
退款编号 | 198827733001
=>

## card shop order query
^ 订单查询
订单号 20261028201533889
商品名称 Steam 100元充值卡
订单金额 96.00
支付方式 支付宝
下单时间 2026-10-28 20:15:33
支付状态 已支付
卡密 AAAA-BBBB-CCCC
=> order_number=20261028201533889 amount=9600 ordered_at=2026-10-28T20:15:33

## second-hand shop
^ 交易成功
- 卖家 月下
- Q币 500个
成交价 | ¥460.00
订单编号 | 2210098877665544332
交易快照 | 查看
付款时间 | 2026-10-28 20:15:40
拍下时间 | 2026-10-28 20:15:33
=> order_number=2210098877665544332 amount=46000 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:40

## presale with deposit
^ 订单详情
订单编号 | 70011827712
阶段1：定金 | ¥100.00
阶段2：尾款 | ¥899.00
商品总价 | ¥999.00
实付款 | ¥999.00
下单时间 | 2026-10-28 20:15:33
=> order_number=70011827712 amount=99900 ordered_at=2026-10-28T20:15:33

## carrier bill
^ 缴费详情
缴费金额 | 50.00元
实际支付 | 49.95元
缴费号码 | 138 0013 8000
缴费时间 | 2026-10-28 20:15:33
流水号 | 1026102820153391
渠道 | 掌上营业厅
=> trade_number=1026102820153391 amount=4995 paid_at=2026-10-28T20:15:33

## utility bill
^ 缴费成功
# 120.50元
缴费项目 | 电费
户号 | 3301882771
缴费单位 | 国网浙江电力
缴费时间 | 2026-10-28 20:15
交易号 | 2026102800220011
=> trade_number=2026102800220011 amount=12050 paid_at=2026-10-28T20:15

## timeline
^ 订单详情
- 订单号 ZX88210099
支付成功 | 2026-10-28 20:15:40
提交订单 | 2026-10-28 20:15:33
发货成功 | 2026-10-28 20:16:01
合计 | ¥18.80
=> order_number=ZX88210099 amount=1880 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:40

## long page with two cards
^ 订单详情
- 卖家已发货
- 网易云音乐黑胶年卡
> ¥128.00
商品总价 | ¥128.00
共减 | -¥20.00
需付款 | ¥108.00
订单编号 | 261028-330981234567890
商品快照 | 发生交易争议时，可作为判断依据
支付方式 | 微信支付
支付时间 | 2026-10-28 20:15:40
下单时间 | 2026-10-28 20:15:33
- 为你推荐
QQ音乐绿钻 | ¥15.00
酷狗音乐 | ¥12.00
爱奇艺黄金 | ¥25.00
=> order_number=261028-330981234567890 amount=10800 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:40
"""

ENGLISH = """
## app store receipt
^ Receipt
APPLE ACCOUNT || a@b.com
DATE || 28 Oct 2026
ORDER ID || MLX3K29QPW
DOCUMENT NO. || 118827730012
- Star War Gems
> $4.99
Subtotal | $4.99
Tax | $0.40
TOTAL | $5.39
=> order_number=MLX3K29QPW amount=539 ordered_at=2026-10-28

## play store
^ Thank you
- You've made a purchase from Star Games on Google Play.
- Order number: GPA.3312-8871-0091-22817
- Order date: Oct 28, 2026 8:15:33 PM GMT+8
Item | Price
500 gems (Star War) | $4.99
Tax | $0.00
Total | $4.99
Payment method: | Visa-4412
=> order_number=GPA.3312-8871-0091-22817 amount=499 ordered_at=2026-10-28T20:15:33

## steam
^ Thank you for your purchase!
Account name: || starfan88
Invoice: || 3312887100912281771
Date issued: || 28 Oct, 2026 @ 8:15pm CST
Payment method: || WeChat Pay
Subtotal: | ¥ 98.00
Total: | ¥ 98.00
Confirmation number: || 3312887100912281771
=> order_number=3312887100912281771 amount=9800 ordered_at=2026-10-28T20:15

## paypal
- Hello, Li Si
- You paid $4.99 USD to Nexus Keys
Transaction ID
8KJ22817LM992271X
Transaction date
Oct 28, 2026 20:15:33 GMT+8
Payment sent to
pay@nexus.com
Subtotal | $4.99 USD
Total | $4.99 USD
=> trade_number=8KJ22817LM992271X amount=499 paid_at=2026-10-28T20:15:33

## receipt of a payment service
= Receipt from Nexus Keys
= Receipt #2210-3382
AMOUNT PAID || DATE PAID || PAYMENT METHOD
$43.19 || Oct 28, 2026 || Visa - 4412
- Summary
Xbox Game Pass | $40.00
Tax | $3.19
Amount charged | $43.19
=> amount=4319 paid_at=2026-10-28

## invoice
^ Invoice
Invoice number | F0091-0002
Date of issue | October 28, 2026
Date due | October 28, 2026
- $20.00 due October 28, 2026
Subtotal | $20.00
Total | $20.00
Amount due | $20.00 USD
=> amount=2000

## web shop
^ Order Confirmed
- Order #: 10-8823-1190
Order placed: | 28/10/2026 20:15
Items: | $39.98
Discount: | -$5.00
Shipping: | $0.00
Order total: | $34.98
Charged to: | Mastercard •••• 1188
=> order_number=10-8823-1190 amount=3498 ordered_at=2026-10-28T20:15

## english bank
^ Transaction details
= NEXUS KEYS LTD
# -$12.50
Status | Completed
Date | 28 Oct 2026, 20:15
Reference | FT26302ABC91
Card | Visa ending 4412
Category | Games
=> trade_number=FT26302ABC91 amount=1250 paid_at=2026-10-28T20:15

## english timeline
^ Order details
- Order No. SK-2026-118827
Order placed | Oct 28, 2026, 8:15 PM
Payment received | Oct 28, 2026, 8:16 PM
Delivered | Oct 28, 2026, 8:17 PM
Total paid | US$ 9.99
=> order_number=SK-2026-118827 amount=999 ordered_at=2026-10-28T20:15 paid_at=2026-10-28T20:16

## key shop order
^ Purchase details
Purchase ID | 7c91f0aa-22b1
Date of purchase | 2026-10-28 20:15:33
Product | Xbox Gift Card 50
Price | EUR 49.50
Service fee | EUR 1.20
You paid | EUR 50.70
Payment reference | PSP-99182277
=> order_number=7c91f0aa-22b1 trade_number=PSP-99182277 amount=5070 ordered_at=2026-10-28T20:15:33

## english refund
^ Refund details
Refund amount | $4.99
Refund ID | RF-118822
Refunded on | Oct 29, 2026
Order number | GP-118827
=> order_number=GP-118827

## english wallet
^ Payment Successful
# ¥ 30.00
Payee | Star Cards
Payment Method | Balance
Transaction Time | 2026-10-28 20:15:33
Transaction No. | 4200002311202610288812345678
Merchant Order No. | XK2610280009131
=> order_number=XK2610280009131 trade_number=4200002311202610288812345678 amount=3000 paid_at=2026-10-28T20:15:33

## traditional
^ 訂單詳情
訂單編號 | TW261028000991
下單時間 | 2026/10/28 20:15
付款時間 | 2026/10/28 20:16
實付金額 | ¥30.00
交易序號 | 99182277331
=> order_number=TW261028000991 trade_number=99182277331 amount=3000 ordered_at=2026-10-28T20:15 paid_at=2026-10-28T20:16
"""

MANNERS = """
## label over value, chinese
^ 交易凭证
商户名称
星卡网
交易金额
¥ 1 288.00
交易时间
2026-10-28 20:15:33
交易流水号
99182277331188
=> trade_number=99182277331188 amount=128800 paid_at=2026-10-28T20:15:33

## units and thousands
^ 订单详情
订单编号 | 88201739221
实付金额 | RMB 12,880.50元
订单时间 | 2026-10-28 20:15
=> order_number=88201739221 amount=1288050 ordered_at=2026-10-28T20:15

## yesterday
^ 账单详情
= 星卡网
# -30.00
= 交易成功
支付时间 | 昨天 20:15
商家订单号 | XK2610280009131
=> order_number=XK2610280009131 amount=3000 paid_at=2026-11-03T20:15

## no year
^ 订单详情
订单号：88201739221
下单：10-28 20:15:33
支付：10-28 20:15:40
实付：30元
=> order_number=88201739221 amount=3000 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:40

## lost blanks
^ 订单详情
订单编号88201739221复制
下单时间2026-10-2820:15:33
付款时间2026-10-2820:15:40
实付款¥30.00
=> order_number=88201739221 amount=3000 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:40

## another zone's time
^ Order details
Order ID | SK-2026-118827
Created | 2026-10-28T12:15:33Z
Total | $9.99
=> order_number=SK-2026-118827 amount=999 ordered_at=2026-10-28T12:15:33+00:00

## number in groups
^ 订单详情
订单编号 | 8820 1739 2211 0098
下单时间 | 2026-10-28 20:15:33
合计：¥30.00 （含运费0.00）
=> order_number=8820173922110098 amount=3000 ordered_at=2026-10-28T20:15:33

## sums in a sentence
^ 订单详情
订单编号 | 88201739221
下单时间 | 2026-10-28 20:15:33
- 共2件商品 优惠¥4.00 实付¥26.00
=> order_number=88201739221 amount=2600 ordered_at=2026-10-28T20:15:33

## combined payment
^ 账单详情
= 星卡网
# -30.00
= 支付成功
付款方式 | 零钱 ¥10.00
> 红包 ¥20.00
付款时间 | 2026-10-28 20:15:33
交易号 | 2026102822001400110512345678
=> trade_number=2026102822001400110512345678 amount=3000 paid_at=2026-10-28T20:15:33

## not yet paid
^ 待付款
- 剩余14分22秒 订单自动关闭
订单编号 | 88201739221
下单时间 | 2026-10-28 20:15:33
应付金额 | ¥30.00
- 立即支付
=> order_number=88201739221 amount=3000 ordered_at=2026-10-28T20:15:33

## points and cash
^ 兑换详情
兑换单号 | DH2610280091
兑换时间 | 2026-10-28 20:15:33
所需积分 | 2,000积分
支付金额 | 9.90元
=> order_number=DH2610280091 amount=990

## after-sale number beside the order's
^ 售后详情
售后单号 | SH9911827733
订单编号 | 88201739221
申请时间 | 2026-10-29 20:15:33
退款金额 | ¥30.00
实付金额 | ¥30.00
=> order_number=88201739221 amount=3000

## membership renewal
^ 扣费详情
= 连续包月会员
# -19.00
= 自动扣款成功
扣费时间 | 2026-10-28 03:12:09
下次扣费日期 | 2026-11-28
签约单号 | QY20260101008
交易单号 | 4200002311202610288812345678
=> trade_number=4200002311202610288812345678 amount=1900 paid_at=2026-10-28T03:12:09
"""

TALKED = """
## order summary, pairs in one line
^ 我的订单
- 订单号：20261028201533 下单时间：2026-10-28 20:15:33
- 单价：¥10.00 数量：3 实付：¥29.50
- 支付方式：支付宝 支付时间：2026-10-28 20:15:50
=> order_number=20261028201533 amount=2950 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:50

## desktop table of one order
^ 订单查询结果
订单编号 || 商品 || 金额 || 状态 || 下单时间
88201739221 || Q币30个 || ¥29.50 || 已完成 || 2026-10-28 20:15
=> order_number=88201739221 amount=2950 ordered_at=2026-10-28T20:15

## tiles
^ 支付结果
¥29.50 || 2026-10-28 || 88201739221
支付金额 || 支付日期 || 订单号
=> amount=2950 paid_at=2026-10-28

## two columns of labels over values
^ 订单信息
订单编号 || 实付金额
88201739221 || ¥29.50
下单时间 || 支付时间
2026-10-28 20:15:33 || 2026-10-28 20:15:50
=> order_number=88201739221 amount=2950 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:50

## the name of the app before the number
^ 订单详情
游戏盒子订单号 | YX20261028-3391
实付(元) | 29.50
下单时间(北京时间) | 2026-10-28 20:15:33
=> order_number=YX20261028-3391 amount=2950 ordered_at=2026-10-28T20:15:33

## remarks in brackets
^ 交易详情
交易金额（元） | 29.50
交易单号(微信) | 4200002311202610288812345678
商户单号（卖家） | XK2610280009131
支付完成时间 | 2026/10/28 20:15:33
=> order_number=XK2610280009131 trade_number=4200002311202610288812345678 amount=2950 paid_at=2026-10-28T20:15:33

## virtual card order, price with coupon and points
^ 订单详情
= 已完成
- 京东E卡 100元
> ¥100.00
订单编号： 302118877261
下单时间： 2026-10-28 20:15:33
商品总额 | ¥100.00
优惠券 | -¥5.00
京豆 | -¥0.50
实付款： | ¥94.50
=> order_number=302118877261 amount=9450 ordered_at=2026-10-28T20:15:33

## total pays, in one line with the count
^ 订单详情
- 共1件 合计:¥29.50
订单号: 88201739221
创建于 2026-10-28 20:15:33
支付于 2026-10-28 20:15:50
=> order_number=88201739221 amount=2950 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:50

## membership page with the last order
^ 会员订单
- 连续包年 黄金会员
订单编号 | VIP202610280031
开通时间 | 2026-10-28 20:15:33
支付金额 | ¥148
到期时间 | 2027-10-28
=> order_number=VIP202610280031 amount=14800

## delivery page
^ 提取卡密
- 订单号：20261028201533889
- 卡号：8821330012
- 卡密：ABCD-EFGH-1234
面值 | 100元
购买时间 | 2026-10-28 20:15
售价 | 96.00元
=> order_number=20261028201533889 ordered_at=2026-10-28T20:15

## status with its time
^ 订单详情
= 已付款 2026-10-28 20:15:50
订单编号 | 88201739221
提交时间 | 2026-10-28 20:15:33
订单总价 | ¥30.00
店铺优惠 | -¥0.50
实际付款 | ¥29.50
=> order_number=88201739221 amount=2950 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:50

## refunded in part
^ 订单详情
= 部分退款
订单编号 | 88201739221
下单时间 | 2026-10-28 20:15:33
支付时间 | 2026-10-28 20:15:50
实付款 | ¥59.00
已退款 | ¥29.50
退款时间 | 2026-10-29 10:00:00
=> order_number=88201739221 amount=5900 ordered_at=2026-10-28T20:15:33 paid_at=2026-10-28T20:15:50

## wallet bill of a refunded payment
= 星卡网
# -59.00
= 已退款(¥29.50)
当前状态 | 已部分退款
支付时间 | 2026年10月28日 20:15:50
交易单号 | 4200002311202610288812345678
商户单号 | XK2610280009131
=> order_number=XK2610280009131 trade_number=4200002311202610288812345678 amount=5900 paid_at=2026-10-28T20:15:50

## credit card payment
^ 交易明细
= 京东商城
# 329.00
= 人民币
卡号末四位 | 3391
交易日期 | 10月28日
记账日期 | 10月29日
交易类型 | 消费
=> amount=32900 paid_at=2026-10-28

## bank transfer in columns
^ 转账详情
付款人 || 李四
付款账号 || 6222 **** 4471
收款人 || 王五
金额(元) || 1,500.00
大写金额 || 壹仟伍佰元整
转账渠道 || 手机银行
处理状态 || 转账成功
受理时间 || 2026-10-28 20:15:33
业务流水号 || 0281028331002
=> trade_number=0281028331002 amount=150000 paid_at=2026-10-28T20:15:33

## transfer, day and time in their own columns
^ 汇款成功
汇款金额 || ¥1,500.00
日期 || 2026-10-28
时间 || 20:15:33
凭证号 || 88210453
=> trade_number=88210453 amount=150000 paid_at=2026-10-28T20:15:33

## arrival promised
^ 转账申请已提交
# ¥500.00
收款方 | 王五 招商银行(0098)
预计到账时间 | 2026-10-28 22:15前
转账时间 | 2026-10-28 20:15
转账单号 | 1000050001202610280098712345678
=> trade_number=1000050001202610280098712345678 amount=50000 paid_at=2026-10-28T20:15

## digital yuan
^ 支付成功
# ¥12.00
收款钱包 | 星卡网
付款钱包 | 工商银行(2210)
交易时间 | 2026-10-28 20:15:33
钱包流水号 | 10202610282015330091
=> trade_number=10202610282015330091 amount=1200 paid_at=2026-10-28T20:15:33

## carrier record
^ 充值记录详情
充值号码 | 13800138000
充值金额 | 100.00元
实付金额 | 98.50元
办理时间 | 2026-10-28 20:15:33
订单流水号 | 8102820153310091
充值状态 | 充值成功
=> order_number=8102820153310091 amount=9850 ordered_at=2026-10-28T20:15:33

## marketplace with money held
^ 交易详情
- 担保交易 资金由平台保管
订单号 | DB88201739221
商品单价 | ¥460.00
买家实付 | ¥464.60
平台服务费 | ¥4.60
下单时间 | 2026.10.28 20:15:33
=> order_number=DB88201739221 amount=46460 ordered_at=2026-10-28T20:15:33

## takeaway with a short number
^ 订单已送达
- 取餐号 39
订单号码 | 3301 8827 7120 0918
打包费 | ¥1.00
配送费 | ¥3.00
红包 | -¥5.00
合计 | ¥26.80
支付时间 | 10-28 12:01
=> order_number=3301882771200918 amount=2680 paid_at=2026-10-28T12:01

## order number wrapped
^ 订单详情
订单编号 | 2026102820153388120
+ 09183301
下单时间 | 2026-10-28
+ 20:15:33
实付款 | ¥29.50
=> order_number=202610282015338812009183301 amount=2950 ordered_at=2026-10-28T20:15:33

## labels with colons in a column
^ 交易成功
付款金额： || 29.50 元
付款时间： || 2026年10月28日 20:15
商品订单： || 88201739221
支付流水： || 4200002311202610288812345678
=> order_number=88201739221 trade_number=4200002311202610288812345678 amount=2950 paid_at=2026-10-28T20:15

## the first payment and the rest
^ 订单详情
订单编号 | 88201739221
首付款 | ¥100.00
尾款 | ¥195.00
订单总额 | ¥295.00
已支付 | ¥295.00
付款时间 | 2026-10-28 20:15:33
=> order_number=88201739221 amount=29500 paid_at=2026-10-28T20:15:33

## gift
^ 礼物订单
赠送给 | 小北
商品 | 星钻礼包
支付 | ¥29.50
时间 | 2026-10-28 20:15:33
单号 | LW88201739221
=> order_number=LW88201739221 amount=2950 ordered_at=2026-10-28T20:15:33

## the price among others' prices
^ 订单详情
- 原神 6480创世结晶
> ¥648.00
> 实付¥618.00
订单编号：88201739221
下单时间：2026-10-28 20:15:33
- 大家都在买
- 星穹铁道 3280古老梦华
> 券后¥312.00
- 绝区零 6480菲林
> 券后¥615.00
=> order_number=88201739221 amount=61800 ordered_at=2026-10-28T20:15:33

## due was paid
^ 订单详情
= 已完成
订单编号 | 88201739221
应付金额 | ¥30.00
优惠金额 | ¥0.50
实付金额 | ¥29.50
=> order_number=88201739221 amount=2950

## saved
^ 支付成功
# ¥29.50
= 已优惠¥0.50
= 原价¥30.00
订单号 | 88201739221
付款时间 | 2026-10-28 20:15:33
=> order_number=88201739221 amount=2950 paid_at=2026-10-28T20:15:33
"""

FOREIGN = """
## paypal activity
= Nexus Keys
# -$4.99
= Oct 28, 2026 · Payment
= Completed
Paid with
Visa x-4412 | $4.99 USD
Transaction ID
8KJ22817LM992271X
Purchase details
Gift card
Purchase amount | $4.99
Total | $4.99
=> trade_number=8KJ22817LM992271X amount=499 paid_at=2026-10-28

## google pay
= Star Games
# $4.99
= Oct 28, 2026, 8:15 PM
Status | Complete
Google transaction ID | GPA.3312-8871-0091-22817
Upi ref | 302118877261
=> trade_number=GPA.3312-8871-0091-22817 amount=499 paid_at=2026-10-28T20:15

## amazon
^ Order Details
- Ordered on October 28, 2026
- Order# 112-8827712-0091228
Item(s) Subtotal: | $50.00
Shipping & Handling: | $0.00
Total before tax: | $50.00
Estimated tax to be collected: | $0.00
Gift Card Amount: | -$10.00
Grand Total: | $40.00
=> order_number=112-8827712-0091228 amount=4000 ordered_at=2026-10-28

## amazon digital
^ Final Details for Digital Order
- Digital Order: October 28, 2026
- Order Number: D01-8827712-0091228
- Order Total: $39.99
=> order_number=D01-8827712-0091228 amount=3999

## console store
^ Thank You For Your Purchase
Order Number: | 881277301992
Date Purchased: | 10/28/2026 @ 08:15 PM
Wallet Amount: | $0.00
Payment Method: | Mastercard
Order Total: | $59.99
=> order_number=881277301992 amount=5999 ordered_at=2026-10-28T20:15

## console store two
^ Your receipt
Order number | 8812773019
Order date | 28 October 2026
Sold by | Game Store
Unit price | USD 19.99
Discount | USD 5.00-
Total charged | USD 14.99
=> order_number=8812773019 amount=1499 ordered_at=2026-10-28

## charge receipt
- Nexus Keys
- Receipt
Invoice number: F0091-0002
Receipt number: 2210-3382
Date paid: October 28, 2026
- $43.19 paid on October 28, 2026
Amount paid | $43.19
=> amount=4319 paid_at=2026-10-28

## payment link
^ Payment received
= You paid Nexus Keys
# US$43.19
Payment ID || pay_8827Xk2210Lm
Date || Oct 28, 2026, 20:15
Order ref || NK-882771
=> order_number=NK-882771 trade_number=pay_8827Xk2210Lm amount=4319 paid_at=2026-10-28T20:15

## order mail
- Hi Li, thanks for your order!
- Your order NK-882771-22 was placed on Oct 28, 2026 20:15.
Item | Qty | Price
Xbox Gift Card | 1 | $50.00
Discount | -$5.00
Total | $45.00
=> order_number=NK-882771-22 amount=4500 ordered_at=2026-10-28T20:15

## crypto-like hash
^ Payment details
Txn hash | 8f91aa02bd77c1e2f3a4b5c6d7e8f901
Order ID | 9917722831
Paid amount | 43.19 USD
Paid at | 2026-10-28 20:15:33 (UTC+8)
=> order_number=9917722831 amount=4319 paid_at=2026-10-28T20:15:33

## bank english with value date
^ Transfer successful
# HKD 328.00
Transaction ref. no. | HC1262810091
Transaction date | 28-Oct-2026
Transaction time | 20:15:33
Value date | 29-Oct-2026
To | Star Cards Ltd
=> trade_number=HC1262810091 amount=32800 paid_at=2026-10-28T20:15:33

## english unionpay slip
- MERCHANT COPY
MERCHANT NAME: STAR CARDS
MERCHANT NO: 898110053310001
TERMINAL NO: 00128812
CARD NO: 622848******3312
TRANS TYPE: SALE
BATCH NO: 000012
VOUCHER NO: 000331
REF NO: 102815330091
DATE/TIME: 2026/10/28 20:15:33
AMOUNT: RMB 328.00
=> trade_number=102815330091 amount=32800 paid_at=2026-10-28T20:15:33

## chinese slip
- 商户存根
商户名称：星卡数码
商户编号：898110053310001
终端编号：00128812
卡号：622848******3312
交易类型：消费
批次号：000012
凭证号：000331
参考号：102815330091
授权码：A88120
日期时间：2026/10/28 20:15:33
金额：RMB 328.00
=> trade_number=102815330091 amount=32800 paid_at=2026-10-28T20:15:33

## subscription
^ Subscription payment
Plan | Premium yearly
Amount charged | US$ 119.99
Billing date | Oct 28, 2026
Next billing date | Oct 28, 2027
Order ID | SUB-8827-7199
=> order_number=SUB-8827-7199 amount=11999 paid_at=2026-10-28

## day first
^ Order summary
Order reference: ABX882771
Placed on: 28.10.2026 20:15
Total incl. VAT: €49,50
Payment: Visa
=> order_number=ABX882771 amount=4950 ordered_at=2026-10-28T20:15
"""
