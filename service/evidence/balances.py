"""What is left on an account or a card: large figures as well, and never what was paid."""

from __future__ import annotations

import re

from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.segments import Segment
from service.evidence.sheet import Sheet

_BALANCE = re.compile(r"余额|(?:总|账户|我的)资产|零钱$|balance")


def balances(sheet: Sheet) -> list[Segment]:
    """The figures right under 账户余额 or Available balance: a wallet's under a bill, a gift card's on its face."""
    keys = [key for key in sheet.keys_of(Label.OTHER_AMOUNT) if _BALANCE.search(compact(key.piece.text))]
    return [below[0] for key in keys if key.inline is None and (below := sheet.below(key))]
