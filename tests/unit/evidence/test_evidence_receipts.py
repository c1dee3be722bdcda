"""Whole pages of many makers: receipts without labels, checkouts, price lists, results with a record under them."""

from __future__ import annotations

from datetime import date

import pytest
from evidence_samples import line, middle, read, right, rows

from service.domain.evidence import FieldName, Line, Page, PageKind
from service.evidence import extract

AS_OF = date(2026, 11, 4)
LARGE = 100.0


def shown(*lines: Line) -> Page:
    return extract(read(*lines), as_of=AS_OF)


def values(*lines: Line) -> dict[str, str | int]:
    return {name.value: found.value for name, found in shown(*lines).fields.items()}


def test_an_english_receipt_needs_no_labels() -> None:
    found = values(
        middle("Payment successful", 200, height=60),
        middle("Pixel Card Shop", 330),
        middle("$9.99", 420, height=LARGE),
        middle("Nov 3, 2026 at 9:04 PM", 560),
        *rows(("Transaction ID", "8KJ22817LM992"), ("Paid with", "PayPal balance"), top=700),
        middle("Done", 1100),
    )
    assert found == {
        "amount": 999,
        "paid_at": "2026-11-03T21:04",
        "payee": "Pixel Card Shop",
        "payment_method": "PayPal balance",
        "status": "Payment successful",
        "trade_number": "8KJ22817LM992",
    }


def test_a_payment_in_a_column_names_its_payee_over_its_time() -> None:
    found = values(
        line("Nexus Game Keys Ltd.", 60, 130, height=48),
        line("November 3. 2026 at 9:04:05 PM GMT+8", 60, 200, height=32),
        line("Payment · Completed", 60, 250, height=32),
        line("Transaction ID", 60, 330, height=32),
        line("5JX48213TR901264K", 60, 375, height=32),
        line("Paid with", 60, 450, height=32),
        line("Visa Credit x-4412", 60, 495, height=32),
        line("Total", 700, 495, height=32),
        line("$43.19 USD", 980, 495, height=32),
    )
    assert found["payee"] == "Nexus Game Keys Ltd"
    assert found["paid_at"] == "2026-11-03T21:04:05"
    assert found["status"] == "Payment · Completed"


def test_a_receipt_s_item_stands_beside_its_price() -> None:
    found = values(
        middle("Receipt from Nexus Keys", 200),
        middle("$43.19", 300, height=LARGE),
        middle("Paid November 3, 2026", 430),
        *rows(("Receipt number", "2210-3382"), ("Payment method", "Visa - 4412"), top=600),
        line("Xbox Game Pass Ultimate", 60, 900),
        right("$43.19", 1020, 900),
        *rows(("Amount paid", "$43.19"), top=1000),
    )
    assert found["product"] == "Xbox Game Pass Ultimate"
    assert found["payee"] == "Nexus Keys"
    assert found["paid_at"] == "2026-11-03"


def test_labels_over_values_are_no_table() -> None:
    pairs = [("DATE", "Nov 3, 2026"), ("ORDER ID", "MQ7T4K2XWL"), ("DOCUMENT NO.", "218840771265")]
    pairs += [("BILLED TO", "Visa ... 4412"), ("TOTAL", "$16.19")]
    stacked = [
        line(text, 60, 300 + 130 * number + 50 * below, height=36)
        for number, pair in enumerate(pairs)
        for below, text in enumerate(pair)
    ]
    page = shown(line("Receipt", 60, 100, height=70), *stacked)
    assert page.kind is PageKind.PAYMENT
    assert page.fields[FieldName.ORDER_NUMBER].value == "MQ7T4K2XWL"
    assert page.fields[FieldName.AMOUNT].value == 1619
    assert page.fields[FieldName.PAYMENT_METHOD].value == "Visa •••• 4412"


def test_billed_to_a_person_is_no_way_to_pay() -> None:
    page = [line("Receipt", 60, 100, height=70), line("BILLED TO", 60, 300), line("John Smith", 60, 350)]
    assert "payment_method" not in values(*page, *rows(("Total", "$16.19")))


@pytest.mark.parametrize("tick", ["√", "✓", "V", "J ", "☑ "])
def test_a_tick_hides_neither_title_nor_state(tick: str) -> None:
    page = shown(
        middle(f"{tick}支付成功", 200, height=56),
        middle("¥328.00", 320, height=LARGE),
        *rows(("收款方", "蓝鲸游戏(个人)"), ("付款方式", "中国银行储蓄卡(8812)"), ("支付奖励", "待领取5积分")),
        middle("完成", 1000),
    )
    assert page.kind is PageKind.PAYMENT
    assert page.fields[FieldName.STATUS].value in ("支付成功", f"{tick}支付成功")
    assert page.fields[FieldName.PAYEE].value == "蓝鲸游戏(个人)"


def test_a_result_with_a_whole_record_under_it_is_that_record() -> None:
    page = shown(
        middle("充值结果", 80),
        middle("充值成功", 300, height=56),
        *rows(("充值号码", "138 0013 8000"), ("实付金额", "49.85元"), ("支付方式", "微信支付")),
        *rows(("订单编号", "CM20261103210412345678"), ("交易时间", "2026-11-03 21:04:12"), top=900),
        middle("返回首页", 1300),
    )
    assert page.kind in (PageKind.ORDER, PageKind.PAYMENT)
    assert page.fields[FieldName.STATUS].value == "充值成功"
    assert page.fields[FieldName.AMOUNT].value == 4985


def test_a_state_may_be_a_word_buttons_use_too() -> None:
    order = [line("订单详情", 440, 80), line("完成", 60, 200, height=70)]
    facts = rows(("订单编号", "283417750921"), ("下单时间", "2026-10-30 12:33:09"), ("实付款", "¥291.00"))
    assert values(*order, *facts)["status"] == "完成"
    assert "status" not in values(line("订单详情", 440, 80), *facts, middle("完成", 1400, height=70))


def test_a_price_list_sells_and_records_nothing() -> None:
    plans = [("连续包月", "¥19"), ("季卡", "¥58"), ("年卡", "¥198")]
    columns = [
        one
        for number, (name, price) in enumerate(plans)
        for one in (line(name, 100 + 380 * number, 400), line(price, 110 + 380 * number, 470, height=70))
    ]
    assert values(line("会员中心", 440, 80), line("您还不是会员", 60, 200), *columns, middle("立即开通", 1200)) == {}


def test_what_a_checkout_asks_for_was_not_paid() -> None:
    found = values(
        line("开通会员", 440, 80),
        middle("超级会员月卡", 300),
        middle("¥25", 380, height=LARGE),
        *rows(("支付方式", "微信支付"), top=700),
        middle("确认协议并支付", 900),
    )
    assert found == {"payment_method": "微信支付"}


@pytest.mark.parametrize(
    "over", ["网上支付消费", "招商银行信用卡(1234)", "138 0013 8000", "交易金额(元)", "Amount paid"]
)
def test_what_stands_over_an_amount_is_not_always_a_name(over: str) -> None:
    bill = [line("交易详情", 440, 80), middle(over, 260), middle("-128.00", 360, height=LARGE)]
    facts = rows(("交易时间", "2026-11-03 21:04:05"), ("交易卡号", "6225****1234"))
    assert "payee" not in values(*bill, *facts)


def test_a_shop_is_not_who_was_paid_but_a_payee_is_on_any_page() -> None:
    order = [line("订单详情", 440, 80), *rows(("订单编号", "88220211003"), ("下单时间", "2026-11-03 21:04"), top=200)]
    assert "payee" not in values(*order, *rows(("商家", "小野虚拟专营店")))
    assert values(*order, *rows(("收款方", "杭州星河网络科技")))["payee"] == "杭州星河网络科技"


def test_an_account_at_a_bank_is_no_payee() -> None:
    transfer = [middle("√ 转账成功", 200, height=60), middle("人民币 2,599.00 元", 320, height=90)]
    facts = rows(("收款账户", "6222 **** **** 0183"), ("对方户名", "湖北易联数字科技"), ("付款账户", "工商银行(8812)"))
    found = values(*transfer, *facts)
    assert found["payee"] == "湖北易联数字科技"
    assert found["payment_method"] == "工商银行(8812)"
    assert found["amount"] == 259900


def test_a_price_glued_to_a_title_is_split_off() -> None:
    found = values(
        line("订单详情", 440, 80),
        line("爱奇艺黄金VIP会员季卡3个月填手机¥68", 300, 300),
        line("号", 300, 352),
        right("×2", 1044, 352),
        *rows(("商品总价", "¥136.00"), ("购物券", "-¥15.00"), ("红包", "-¥6.66"), ("实付款", "¥114.34"), top=500),
        *rows(("订单编号", "4107779200315566213"), top=900),
        line("你可能还喜欢", 60, 1100),
        line("Win11专业版密钥", 60, 1160),
        right("¥9.90", 1020, 1160),
    )
    assert found["product"] == "爱奇艺黄金VIP会员季卡3个月填手机号"
    assert found["amount"] == 11434


def test_an_amount_may_come_in_three_pieces() -> None:
    pieces = [line("¥", 850, 310, height=30), line("39", 880, 290, height=56), line(".00", 960, 310, height=30)]
    order = [line("订单详情", 440, 80), line("订单编号：88220211", 60, 200), line("实付款", 60, 300), *pieces]
    assert values(*order)["amount"] == 3900


def test_a_number_may_break_at_its_hyphen() -> None:
    order = [line("订单详情", 440, 80), line("订单编号", 60, 200), right("DD261103-8821-4471-", 1020, 200)]
    found = values(*order, right("99ab-cdef", 1020, 250), line("下单时间：2026-11-03 21:04", 60, 400))
    assert found["order_number"] == "DD261103-8821-4471-99ab-cdef"


def test_a_code_of_look_alikes_is_given_with_less_certainty() -> None:
    scores = [
        shown(line("订单详情", 440, 80), line(f"订单编号：{number}", 60, 200)).fields[FieldName.ORDER_NUMBER].score
        for number in ("R7K2OXM94LZ0BTVA", "T20250411000123")
    ]
    assert scores[0] < 0.9 <= scores[1]


def test_yesterday_is_the_day_before_the_claim() -> None:
    bill = [line("账单详情", 440, 80), middle("星河点卡", 260), middle("-39.00", 360, height=LARGE)]
    assert values(*bill, *rows(("支付时间", "昨天 21:04"), ("支付方式", "零钱")))["paid_at"] == "2026-11-03T21:04"


def test_a_role_s_number_is_the_account_recharged() -> None:
    order = [line("订单详情", 440, 80), *rows(("订单号", "G88120031"), ("商品名称", "创世结晶6480"), top=200)]
    found = values(*order, *rows(("游戏区服", "天空岛"), ("角色UID", "188203312"), ("手机号", "13800138000")))
    assert found["recharged_account"] == "188203312"


def test_a_list_of_one_order_is_read_as_that_order() -> None:
    tabs = [line(text, 60 + 250 * number, 160) for number, text in enumerate(("全部", "待付款", "待发货", "已完成"))]
    card = [
        line("订单号：YK261103210466", 60, 300),
        right("充值中", 1020, 300),
        line("QQ币100个 官方直充", 300, 400),
        right("¥98.50", 1020, 400),
        *rows(("实付款", "¥98.50"), top=550),
    ]
    page = shown(line("我的订单", 440, 60), *tabs, *card)
    assert page.kind is PageKind.LIST
    assert page.fields[FieldName.PRODUCT].value == "QQ币100个 官方直充"
    assert page.fields[FieldName.STATUS].value == "充值中"
    assert page.fields[FieldName.AMOUNT].value == 9850


def test_people_talking_make_a_conversation() -> None:
    page = shown(
        middle("10月12日 14:20", 200, height=30),
        line("老板我买的卡密用不了", 160, 280),
        right("您把订单号发我看一下", 920, 400),
        line("就是昨天晚上买的那张", 160, 520),
        middle("10月12日 14:35", 640, height=30),
        right("提示已经被使用，给您退款", 920, 720),
    )
    assert page.kind is PageKind.CHAT


def test_a_toast_stands_alone_in_the_middle() -> None:
    checkout = [line("确认订单", 440, 80), line("抖币1000个", 60, 290), line("充值账号：dy_8812", 60, 360)]
    facts = rows(("商品金额", "¥100.00"), ("支付方式", "平台余额"), ("当前余额", "¥36.20"), top=500)
    more = rows(("优惠", "¥0.00"), ("数量", "1"), top=800)
    toast = middle("余额不足，请先充值", 1300)
    found = values(*checkout, *facts, *more, toast, line("合计¥100.00", 60, 2200), right("立即支付", 1020, 2200))
    assert found["error_prompt"] == "balance_insufficient"
    assert "amount" not in found


def test_a_failed_order_tells_its_state_and_why() -> None:
    order = [line("订单详情", 440, 80), middle("充值失败", 300, height=60)]
    why = middle("失败原因：手机号码与运营商不符，请核对后重试", 400, height=34)
    facts = rows(("订单号", "7730021188465"), ("商品名称", "联通流量包10GB"), ("充值账号", "18612345678"))
    more = rows(("面值", "¥60"), ("支付金额", "¥57.60"), ("下单时间", "2026.11.03 08:30:18"), top=900)
    found = values(*order, why, *facts, *more)
    assert found["status"] == "充值失败"
    assert found["error_prompt"] == "number_not_found"


def test_a_question_with_buttons_under_each_other_lies_over_the_page() -> None:
    page = shown(
        middle("卡密充值", 80),
        line("激活码", 60, 300),
        line("QW4G-KFHQ-2026-0722", 60, 360),
        middle("确认使用该激活码？", 700),
        middle("确定", 860),
        middle("取消", 960),
    )
    assert page.kind is PageKind.PROMPT
    assert not page.fields


def test_a_form_to_redeem_a_code_delivers_none() -> None:
    form = [middle("兑换中心", 80), line("兑换码", 60, 300), line("QW4G-KFHQ-2026-0722", 60, 360)]
    assert shown(*form, middle("立即兑换", 600)).kind is PageKind.UNKNOWN
    assert shown(*form, *rows(("订单编号", "K261103210466"), ("实付款", "¥46.80"))).kind is PageKind.DELIVERY


def test_a_bank_s_line_of_money_is_no_item() -> None:
    bill = [line("交易详情", 440, 80), middle("-128.00", 260, height=LARGE), line("信用卡账户可用额度", 60, 420)]
    facts = rows(("交易时间", "2026-11-03 21:04:05"), ("商户名称", "星河数卡商城"))
    assert "product" not in values(*bill, right("¥20,000.00", 1020, 420), *facts)
