"""An order's page of a site: sums in a column at the right, navigation on top, other goods with their stars beneath."""

from __future__ import annotations

import pytest
from evidence_samples import AS_OF, STATUS_BAR, line, middle, page_of, right, rows, values_of

from service.domain.evidence import FieldName, ImageFacts, Line, Page, PageKind, Read
from service.evidence import extract


def site(*lines: Line) -> Page:
    return extract(
        Read(lines=tuple(lines), image=ImageFacts(media_type="image/png", width=1920, height=1080)), as_of=AS_OF
    )


def said(page: Page, name: FieldName) -> object:
    field = page.fields.get(name)
    return field.value if field else None


def spread(
    texts: tuple[str, ...], top: float, *, left: float = 180, step: float = 300, height: float = 22
) -> list[Line]:
    return [line(text, left + step * place, top, height=height) for place, text in enumerate(texts)]


HEAD = [
    line("Fernmarket", 24, 28, height=28),
    line("Search Fernmarket", 396, 30, height=22),
    *spread(("All", "Today's Deals", "Registry", "Gift Cards", "Sell"), 100, left=20, step=180),
]
ORDER = [
    *HEAD,
    line("Order Details", 176, 208, height=40),
    line("Order placed 3 May 2026 10:12", 176, 280, height=22),
    line("Order # 7719035520184", 620, 280, height=22),
    line("Payment Methods", 730, 346, height=24),
    line("Visa ending in 4410", 730, 384, height=22),
]
SUMS = ("Item(s) Subtotal:", "Coupon savings:", "Total before tax:", "Sales tax:", "Grand Total:")


def column(*sums: str) -> list[Line]:
    return [
        piece
        for place, (name, amount) in enumerate(zip(SUMS, sums, strict=True))
        for piece in (line(name, 1256, 350 + 34 * place, height=22), right(amount, 1718, 350 + 34 * place, height=22))
    ]


GOODS = [
    line("Delivered", 202, 620, height=28),
    line("Sunken Vale - Deluxe Edition", 360, 680, height=22),
    line("Buy it again", 1480, 680, height=22),
    line("Sold by: Alder Games", 360, 715, height=22),
    line("$40.00", 360, 750, height=22),
]


@pytest.mark.parametrize(
    ("sums", "paid"),
    [
        (("$40.00", "-$5.00", "$35.00", "$0.00", "$35.00"), 3500),
        (("$40.00", "-$5.00", "$35.00", "$2.80", "$37.80"), 3780),
        (("$40.00", "$0.00", "$40.00", "$0.00", "$40.00"), 4000),
    ],
)
def test_what_is_left_before_tax_may_be_what_was_paid(sums: tuple[str, ...], paid: int) -> None:
    assert said(site(*ORDER, *column(*sums), *GOODS), FieldName.AMOUNT) == paid


def test_a_total_equal_to_the_goods_is_still_not_what_was_paid_over_a_discount() -> None:
    page = page_of(
        *STATUS_BAR, *rows(("订单编号", "880017265534"), ("商品总价", "¥40.00"), ("合计", "¥40.00"), ("优惠", "-¥5.00"))
    )
    assert said(page, FieldName.AMOUNT) is None


@pytest.mark.parametrize(
    "heading",
    [
        "Players who bought this also bought",
        "Recommended based on your order",
        "Similar sponsored items",
        "Buy it again",
        "x",
    ],
)
def test_goods_with_stars_side_by_side_are_others(heading: str) -> None:
    shelf = [
        line(heading, 176, 820, height=24),
        *spread(
            ("Sunken Vale: Gold Pass", "Harbour Lights Gift Card 50", "Office Tools (1 PC)", "2000 Gold Coins"), 900
        ),
        *spread(("★★★★☆ 412", "★★★★☆95", "★★★☆☆ (1,204)", "★★★★★88"), 934),
        *spread(("$10.00", "$50.00", "$129.00", "$9.90"), 968),
    ]
    page = site(*ORDER, *column("$40.00", "-$5.00", "$35.00", "$0.00", "$35.00"), *GOODS, *shelf)
    assert said(page, FieldName.PRODUCT) == "Sunken Vale - Deluxe Edition"


def test_a_column_of_sums_goes_on_beside_other_goods() -> None:
    facts = [
        line("Order info", 1282, 150, height=22),
        *[
            piece
            for place, (name, value) in enumerate(
                (("Order no.", "77190355201"), ("Date", "Sep 02, 2026 08:15"), ("Payment method", "PayPal"))
            )
            for piece in (
                line(name, 1282, 190 + 40 * place, height=22),
                line(value, 1470, 190 + 40 * place, height=22),
            )
        ],
        line("Subtotal", 1282, 560, height=22),
        right("$60.00", 1746, 560, height=22),
        line("Service charge", 1282, 600, height=22),
        right("$0.00", 1746, 600, height=22),
        line("Total", 1282, 640, height=22),
        right("$60.00", 1746, 640, height=22),
    ]
    page = site(
        *HEAD,
        line("Account / Library / Order details", 146, 140, height=22),
        line("Sunken Vale - Deluxe Edition", 338, 193, height=22),
        line("After it is shown, the code is considered used.", 172, 490, height=22),
        line("You may also like", 172, 540, height=22),
        *spread(("Harbour Lights Gift Card 50", "Gold Pass: 1 Year Key"), 610, left=172),
        *facts,
    )
    assert said(page, FieldName.PRODUCT) == "Sunken Vale - Deluxe Edition"
    assert said(page, FieldName.AMOUNT) == 6000


@pytest.mark.parametrize(
    "way", ["Home / My library / Order details", "首页 / 个人中心 / 订单详情", "Account/Keys/Orders"]
)
def test_the_way_to_a_page_is_no_product(way: str) -> None:
    page = site(*HEAD, line(way, 146, 150, height=24), *ORDER[len(HEAD) :])
    assert said(page, FieldName.PRODUCT) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "check your inbox and the order's messages",
        "open the link in your e-mail",
        "see your messages",
        "sent to your mailbox, look in the spam folder too",
    ],
)
def test_what_the_buyer_is_bidden_is_no_product(sentence: str) -> None:
    page = page_of(*STATUS_BAR, line(f"Digital item: {sentence}", 60, 300), *rows(("Order number", "7719035520184")))
    assert said(page, FieldName.PRODUCT) is None


CODES = ("K7QX-2WMD-9RTA", "B4XZ9-77QPL-M2NVC-0KJ3D", "8GHT - P2LQ - W6YM - ZZ31")


@pytest.mark.parametrize("code", CODES)
def test_a_key_in_groups_with_its_own_button_is_given(code: str) -> None:
    given = [line(code, 80, 500), line("Copy", 900, 500)]
    record = rows(("Order number", "7719035520184"), ("Ordered", "Sep 02, 2026 08:15"), ("Total", "$60.00"))
    goods = line("Sunken Vale - Deluxe Edition", 200, 300)
    assert page_of(*STATUS_BAR, goods, *given, *record).kind is PageKind.DELIVERY


def test_an_order_number_with_its_button_is_none() -> None:
    record = rows(("Ordered", "Sep 02, 2026 08:15"), ("Total", "$60.00"))
    number = [line("Order number", 60, 500), line("K7QX-2WMD-9RTA", 400, 500), line("Copy", 900, 500)]
    goods = line("Sunken Vale - Deluxe Edition", 200, 300)
    assert page_of(*STATUS_BAR, line("Order details", 400, 120), goods, *number, *record).kind is PageKind.ORDER


@pytest.mark.parametrize("menu", ["USD ≡", "EUR▼ 三", "EN ☰"])
def test_a_currency_stands_beside_a_sites_menu(menu: str) -> None:
    page = page_of(
        *STATUS_BAR,
        line("Alderkeys", 24, 100),
        right(menu, 1056, 100),
        line("Sunken Vale - Deluxe Edition", 200, 300),
        line("Platform: Larkplay · Region: Europe", 200, 360, height=32),
        *rows(("Order number", "7719035520184"), ("Total", "$60.00")),
    )
    assert said(page, FieldName.PLATFORM_MARK) == "Alderkeys"


def test_a_month_in_small_print_may_be_misread() -> None:
    page = site(*HEAD, line("Order placed 3 Auqust 2026 10:12", 176, 280, height=22), *ORDER[len(HEAD) + 2 :])
    assert said(page, FieldName.ORDERED_AT) == "2026-08-03T10:12"


def test_free_delivery_on_the_cards_of_other_goods_ends_no_shelf() -> None:
    card = [
        line("Item", 40, 900, height=44),
        line("Sunken Vale Deluxe Edition PC", 350, 980),
        line("Code - Worldwide - No Wait", 350, 1040),
        line("Delivery", 350, 1100),
        line("$40.00", 350, 1160),
        line("Item number: 266479976132", 350, 1220, height=32),
    ]
    paid = rows(("1 item", "$40.00"), ("Delivery charge", "Free"), ("Order total", "$40.00"), top=1400)
    shelf = [
        line("Explore related items", 40, 1800, height=48),
        *spread(("Harbour Lights", "Office Tools", "Sunken"), 2000, left=44, step=400, height=40),
        *spread(("Gift Card 50", "- Fast", "Vale - 1 PC"), 2060, left=44, step=400, height=40),
        *spread(("$9.00", "Delivery", "Code"), 2120, left=44, step=400, height=40),
        *spread(("Free delivery", "$30.00", "$648.00"), 2180, left=44, step=400, height=40),
        *spread(("43 sold", "Free delivery", "Fast Delivery"), 2240, left=44, step=400, height=40),
    ]
    record = rows(("Order number", "JMZ-7667091-7312"), ("Time placed", "Dec 01, 2025 at 12:20 AM"), top=300)
    page = page_of(*STATUS_BAR, line("Purchase details", 330, 150), *record, *card, *paid, *shelf)
    assert said(page, FieldName.PRODUCT) == "Sunken Vale Deluxe Edition PC Code - Worldwide - No Wait Delivery"
    assert said(page, FieldName.AMOUNT) == 4000


@pytest.mark.parametrize("menu", ["≡ All Deals Gift Cards Games", "三全部今日优惠礼品卡", "= Al Deals Games"])
def test_a_site_s_menu_in_one_line_names_no_goods(menu: str) -> None:
    facts = rows(("Order number", "T20261003081244"), ("Order total", "¥30.00"), top=900)
    goods = [line("Larkspur Season Pass (PC)", 240, 500), line("¥30.00", 240, 560)]
    head = [line("Larkmart", 60, 20), line(menu, 60, 80), line("Order Details", 240, 160, height=60)]
    found = values_of(*head, *goods, *facts)
    assert found["product"] == "Larkspur Season Pass (PC)"


def test_where_the_goods_were_sent_is_no_name_and_hides_no_way_to_pay() -> None:
    columns = [line("Emailed to your address", 60, 300), line("Payment Methods", 600, 260)]
    columns += [line("Visa ending in 4418", 600, 310)]
    facts = rows(("Order number", "T20261003081244"), ("Ordered on", "3 Oct 2026, 08:12"), top=900)
    found = values_of(*STATUS_BAR, middle("Order Details", 110), *columns, *facts)
    assert (found["payment_method"], found.get("payee")) == ("Visa ending in 4418", None)


@pytest.mark.parametrize("packed", ["单件装", "两件套", "单品"])
def test_how_goods_are_packed_is_no_part_of_their_name(packed: str) -> None:
    card = [line("云帆读书会员年卡", 240, 300), right("¥30.00", 1020, 300)]
    card += [line(packed, 240, 350), right("x1", 1020, 350)]
    facts = rows(("订单编号", "T20261003081244"), ("下单时间", "2026-10-03 08:12:44"), top=900)
    assert values_of(*STATUS_BAR, middle("订单详情", 110), *card, *facts)["product"] == "云帆读书会员年卡"
