"""Kind, product, way to pay and account on pages unlike each other: what a careful reader takes from each."""

from __future__ import annotations

import pytest
from evidence_fresh_cards import CARDS
from evidence_fresh_long import LONG
from evidence_fresh_pages import ACCOUNTS, Fresh
from evidence_fresh_records import RECORDS
from evidence_fresh_shops import SHOPS

from service.domain.evidence import FieldName, ImageFacts, Page, Read
from service.evidence import extract


def shown(fresh: Fresh) -> Page:
    lines = fresh.lines()
    height = int(max(one.box.y1 for one in lines) + 100)
    facts = ImageFacts(media_type="image/png", width=int(fresh.width), height=height)
    return extract(Read(lines=tuple(lines), image=facts))


def value(page: Page, name: FieldName) -> str:
    found = page.fields.get(name)
    return "".join(str(found.value).split()) if found else ""


def form(expected: object) -> str:
    return "".join(str(expected).split()) if expected is not None else ""


@pytest.mark.parametrize("fresh", [*LONG, *CARDS, *RECORDS, *SHOPS, *ACCOUNTS], ids=lambda fresh: fresh.name)
def test_a_page_is_read_as_a_clerk_would(fresh: Fresh) -> None:
    page = shown(fresh)
    wanted = {
        FieldName.PRODUCT: fresh.product,
        FieldName.PAYMENT_METHOD: fresh.method,
        FieldName.RECHARGED_ACCOUNT: fresh.account,
    }
    asked = {name: form(expected) for name, expected in wanted.items() if expected is not ...}
    assert page.kind is fresh.kind
    assert {name: value(page, name) for name in asked} == asked
