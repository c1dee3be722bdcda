"""Serial number: a card's secret on what was bought, and the payment's own number in a bank's record of it (流水号)."""

from __future__ import annotations

import re

from service.evidence.lexicon import Label
from service.evidence.normalise import compact
from service.evidence.sheet import Key, Sheet

_SERIAL = "serialnumber"


def serials_of_payment(sheet: Sheet) -> list[Key]:
    """Serial numbers beside when and to whom it was paid, where nothing else on the page is a card's or of goods."""
    secrets = sheet.keys_of(Label.CARD_SECRET)
    if not secrets or any(compact(key.piece.text).strip(":") != _SERIAL for key in secrets):
        return []
    if not (sheet.keys_of(Label.PAID_AT) and sheet.keys_of(Label.PAYEE)):
        return []
    return [] if sheet.keys_of(*_OF_GOODS) else secrets


_OF_GOODS = (Label.PRODUCT, Label.PRODUCT_SECTION, Label.ORDER_NUMBER, Label.ORDERED_AT, Label.VOUCHER_NUMBER)


def is_slip(sheet: Sheet) -> bool:
    """A card terminal's slip or a bank's record: its 卡号 is the payer's, its serial number the payment's."""
    terms = sum(bool(_TERMINAL.match(compact(one.text))) for one in sheet.segments)
    return terms >= _FEWEST_OF_A_SLIP or bool(serials_of_payment(sheet))


_TERMINAL, _FEWEST_OF_A_SLIP = re.compile(r"终端|批次|授权码|参考号|terminal|batchno|authno|authcode"), 2
