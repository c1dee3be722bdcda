"""Where a shop sent what it sold, and whose account a form fills: told under words of many shops."""

from __future__ import annotations

import pytest
from evidence_samples import STATUS_BAR, line, page_of, right, rows

from service.domain.evidence import FieldName, PageKind
from service.evidence.account_field import account, may_be_anothers

SURE = 0.9
ACCOUNT = FieldName.RECHARGED_ACCOUNT


@pytest.mark.parametrize(
    "key",
    ["Codes sent to", "Licence key e-mailed to", "Delivery email", "卡密发送至", "激活码已发放到邮箱", "收件邮箱"],
)
def test_the_address_codes_were_sent_to_is_told_with_doubt(key: str) -> None:
    page = page_of(
        line("Order #8820417730915", 60, 100, height=50),
        *rows(("Total paid", "CNY 40.00"), ("Payment method", "Visa 4412")),
        line(key, 60, 900),
        line("mara.k12@example.org", 60, 950),
        line("Order status", 60, 1060),
        line("Completed", 60, 1110),
    )
    read = page.fields[ACCOUNT]
    assert read.value == "mara.k12@example.org"
    assert read.score < SURE
    assert may_be_anothers(read)


def test_a_publishers_pass_is_the_account_even_where_its_key_breaks() -> None:
    head = (*STATUS_BAR, line("充值订单", 60, 200, height=60), *rows(("订单编号：", "8820417730915"), top=400))
    whole = page_of(*head, *rows(("充值通行证：", "lantern5521"), ("实付金额：", "30.00元"), ("状态：", "充值成功")))
    assert whole.fields[ACCOUNT].value == "lantern5521"
    broken = page_of(
        *head,
        line("充值通行", 60, 600),
        right("lantern5521", 1020, 602),
        line("证：", 140, 652),
        *rows(("实付金额：", "30.00元"), ("状态：", "充值成功"), top=760),
    )
    assert broken.fields[ACCOUNT].value == "lantern5521"


@pytest.mark.parametrize(
    "text",
    [
        "rook_88@example.org Not you? Sign in again",
        "rook_88@example.org不是你?更换账号",
        "rook_88@example.orgSwitch user",
    ],
)
def test_the_way_to_another_account_is_no_part_of_it(text: str) -> None:
    assert account(text) == "rook_88@example.org"


def test_an_account_beside_a_menus_entry_belongs_to_the_key_over_it() -> None:
    page = page_of(
        line("SHOP", 30, 30, height=24),
        line("Profile", 30, 140, height=24),
        line("Activate a product", 400, 140, height=34),
        line("Redeem a code", 30, 252, height=24),
        line("Account", 400, 215, height=24),
        line("rook_88@example.org Not you? Switch account", 400, 250, height=26),
        line("Product key", 400, 320, height=24),
        line("7AHAN-MXYZ8-WS3W5", 420, 370, height=26),
        line("This code has already been redeemed", 500, 620, height=26),
        line("Close", 800, 700, height=26),
    )
    assert page.kind is PageKind.PROMPT
    assert page.fields[ACCOUNT].value == "rook_88@example.org"
    assert may_be_anothers(page.fields[ACCOUNT])


def test_a_forms_request_for_the_number_names_what_stands_under_it() -> None:
    page = page_of(
        *STATUS_BAR,
        line("话费充值", 60, 150, height=50),
        line("请填写充值手机号", 60, 320),
        line("13300007716", 60, 390, height=56),
        line("50元", 80, 560),
        line("100元", 420, 560),
        line("立即充值", 460, 800),
        line("充值失败，请稍后重试", 320, 1200),
    )
    assert page.kind is PageKind.PROMPT
    read = page.fields[ACCOUNT]
    assert (read.value, read.score < SURE, may_be_anothers(read)) == ("13300007716", True, True)
