"""The ledger as CSV: every entry, and nothing a spreadsheet runs."""

from __future__ import annotations

import asyncio
import csv
import io
import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from service.api.ledger_table import cell, ledger_table
from service.domain.ledger import LedgerEntry
from service.domain.money import Money

MOMENT = datetime(2026, 11, 21, 2, 10, tzinfo=UTC)


def entry(seller_id: str) -> LedgerEntry:
    return LedgerEntry(
        case_id=uuid.uuid4(), case_number="R261121-7K3M9Q2XWA", order_number="1,2\n3", seller_id=seller_id,
        product_id="card-30", supplier_id=None, reason="code_invalid", granted=Money(2900, "CNY"), granted_at=MOMENT,
        paid=None, paid_at=None, liable="seller", recover_from="seller", recover=Money(2900, "CNY"), clause=None,
        ended_as=None,
    )  # fmt: skip


def table(*entries: LedgerEntry) -> list[dict[str, str]]:
    async def told() -> AsyncIterator[LedgerEntry]:
        for each in entries:
            yield each

    async def whole() -> str:
        return "".join([piece async for piece in ledger_table(told())])

    return list(csv.DictReader(io.StringIO(asyncio.run(whole()), newline="")))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_an_id_is_never_a_formula(sign: str) -> None:
    hostile = f"{sign}HYPERLINK(A1)"
    (row,) = table(entry(hostile))
    assert row["seller_id"] == f"'{hostile}"


def test_every_entry_is_a_row_with_its_own_values() -> None:
    rows = table(entry("seller-88"), entry("卖家 9"))
    assert [row["seller_id"] for row in rows] == ["seller-88", "卖家 9"]
    assert {row["order_number"] for row in rows} == {"1,2\n3"}
    assert (rows[0]["granted"], rows[0]["paid"]) == ("2900", "")


def test_an_empty_ledger_has_its_head() -> None:
    assert table() == []
    assert cell(-5) == -5  # a number of ours stays one
