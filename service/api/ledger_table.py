"""The ledger as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator

from service.api.schemas.outcomes import LedgerEntryOut
from service.domain.ledger import LedgerEntry

# What a spreadsheet takes for the beginning of a formula; those of full width where it is set to Chinese or Japanese.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


async def ledger_table(entries: AsyncIterator[LedgerEntry]) -> AsyncIterator[str]:
    """CSV, a head and a row for each entry, in pieces; columns are the fields of ``LedgerEntryOut``."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, list(LedgerEntryOut.model_fields))
    writer.writeheader()
    async for entry in entries:
        row = LedgerEntryOut.of(entry).model_dump(mode="json")
        writer.writerow({name: cell(value) for name, value in row.items()})
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def cell(value: object) -> object:
    """``value`` so that no spreadsheet runs it: ids come from outside."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
