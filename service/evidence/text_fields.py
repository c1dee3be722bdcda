"""Product, payee, way to pay, state and recharged account."""

from __future__ import annotations

import re

from service.domain.evidence import Field, FieldName, PageKind
from service.evidence.account_field import find_account
from service.evidence.doubt import doubted
from service.evidence.labelled_text import labelled_text
from service.evidence.lexicon import Label
from service.evidence.money_fields import BigAmount
from service.evidence.payee_field import find_payee
from service.evidence.product_field import find_product
from service.evidence.sheet import Sheet
from service.evidence.status_field import find_status
from service.evidence.vocabulary import is_button, is_payment_method, is_tab_word, status_text

_ONLY_METHODS = re.compile(r"(?!billedto|chargedto|debitedfrom)")
_ACCOUNT = re.compile(r"(?:account|账户|账号):?$")
_PAID_FROM = re.compile(r"(?:paid|debited|sent)?from(?:account)?:?$|(?:source|debit)(?:account)?:?$")
# A card's number is the way to pay only as it is masked; a choice of ways is none.
_A_CARD = re.compile(r"[\d*•·.\s]*[*•]{2,}[\d*•·.\s]*")
_LONGEST_METHOD = 40
_NO_METHOD = re.compile(r"担保|20\d{2}[-/.年]\d|^(?:channel|notifications?|amount|status|更多|详情)$", re.IGNORECASE)
# A word behind 支付方式 that is no way to pay known here may belong to something else.
_UNKNOWN = 0.88


def find(sheet: Sheet, kind: PageKind, big: BigAmount | None) -> list[Field]:
    found = [
        find_status(sheet, kind, big),
        find_product(sheet, kind),
        find_payee(sheet, kind, big),
        _method(sheet, kind),
        find_account(sheet, kind),
    ]
    return [field for field in found if field]


def _is_method(text: str) -> bool:
    return (
        len(text) <= _LONGEST_METHOD
        and (not re.fullmatch(r"[\d\W]+", text) or bool(_A_CARD.fullmatch(text)))
        and not is_button(text)
        and not is_tab_word(text)
        and status_text(text) is None
        and not _NO_METHOD.search(text)
    )


def _is_known_method(text: str) -> bool:
    return _is_method(text) and is_payment_method(text)


def _method(sheet: Sheet, kind: PageKind) -> Field | None:
    """``Billed to`` may stand before the buyer's name and address as well as before the card."""
    name, label = FieldName.PAYMENT_METHOD, Label.PAYMENT_METHOD
    plain = labelled_text(sheet, name, label, accept=_is_method, wraps=True, keys=_ONLY_METHODS)
    found = plain or labelled_text(sheet, name, label, accept=_is_known_method, wraps=True)
    if found is None and kind is PageKind.PAYMENT:
        found = labelled_text(sheet, name, Label.PHONE, accept=_is_known_method, keys=_ACCOUNT) or labelled_text(
            sheet, name, Label.OTHER_TEXT, accept=_is_known_method, wraps=True, keys=_PAID_FROM
        )
    if found and not is_payment_method(str(found.value)) and not _A_CARD.fullmatch(str(found.value)):
        found = doubted(found, "no way to pay that is known", _UNKNOWN)
    # Under its heading a checkout has ways to choose from, of which none was taken.
    return None if found and sheet.asks_to_pay and found.rule.endswith("below") else found
