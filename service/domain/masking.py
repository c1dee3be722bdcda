"""Personal data in free text, made unreadable before the text is kept where it cannot be taken out again."""

from __future__ import annotations

import re

# Phones, identity numbers and bank cards are runs of digits, often in groups; an account may be an address.
_NUMBER = re.compile(r"(?<![\w-])\+?\d(?:[ -]?\d){6,24}[0-9Xx]?(?![\w-])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def mask_text(text: str) -> str:
    """``text`` with long numbers and mail addresses cut down to their ends: 138****78, l***@example.com.

    Ids of our own (UUIDs, case numbers) stay. A name cannot be told from any other word and stays as well.
    """
    return _NUMBER.sub(_short_number, _MAIL.sub(_short_mail, text))


def _short_number(found: re.Match[str]) -> str:
    digits = re.sub(r"[^0-9Xx]", "", found.group())
    return f"{digits[:3]}****{digits[-2:]}"


def _short_mail(found: re.Match[str]) -> str:
    name, _, host = found.group().partition("@")
    return f"{name[:1]}***@{host}"
