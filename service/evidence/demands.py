"""What each kind of evidence must show, as data."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.evidence import FieldName, PageKind
from service.domain.showing import PURCHASE
from service.evidence.lexicon import Label

_F = FieldName
# Per kind the core facts; of each group one is enough, the first is what the buyer is asked for.
CORE: Mapping[PageKind, tuple[tuple[FieldName, ...], ...]] = {
    PageKind.ORDER: PURCHASE,
    PageKind.PAYMENT: ((_F.TRADE_NUMBER, _F.ORDER_NUMBER), (_F.AMOUNT,), (_F.PAID_AT, _F.ORDERED_AT)),
}
# Pages that must be whole and carry the platform's mark or a moment.
WHOLE_KINDS = frozenset({PageKind.ORDER, PageKind.PAYMENT})
# Pages that prove something only if it is said when.
DATED = frozenset({PageKind.PROMPT, PageKind.CHAT, PageKind.DELIVERY})
# The fact a printed name announces.
NAMES: Mapping[Label, FieldName] = {
    Label.ORDER_NUMBER: _F.ORDER_NUMBER,
    Label.MERCHANT_NUMBER: _F.ORDER_NUMBER,
    Label.TRADE_NUMBER: _F.TRADE_NUMBER,
    Label.PAID: _F.AMOUNT,
    Label.PAYMENT_AMOUNT: _F.AMOUNT,
    Label.ORDERED_AT: _F.ORDERED_AT,
    Label.CREATED_AT: _F.ORDERED_AT,
    Label.PAID_AT: _F.PAID_AT,
    Label.TIME: _F.ORDERED_AT,
    Label.PRODUCT: _F.PRODUCT,
    Label.PAYEE: _F.PAYEE,
    Label.PAYMENT_METHOD: _F.PAYMENT_METHOD,
    Label.STATUS: _F.STATUS,
    Label.RECHARGED_ACCOUNT: _F.RECHARGED_ACCOUNT,
}
