"""Personal data in text, covered before the text is kept or shown where nobody needs them."""

from __future__ import annotations

import re

# Phones, identity numbers and bank cards are runs of digits, often in groups. A date and a time are none of them.
_MOMENT = r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2})?)?"
# Beside letters of ours it is part of an id; beside Chinese ones it is a number.
_NUMBER = re.compile(rf"(?<![A-Za-z0-9-])(?:(?P<moment>{_MOMENT})|\+?\d(?:[ -]?\d){{7,24}}[0-9Xx]?)(?![A-Za-z0-9-])")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def mask_text(text: str) -> str:
    """``text`` with long numbers and mail addresses cut down to their ends: 138****78, l***@example.com.

    Ids of our own (UUIDs, case numbers, hashes), dates and times stay. A name cannot be told from any other word and
    stays as well.
    """
    return _NUMBER.sub(_short_number, _MAIL.sub(_short_mail, text))


def mask_account(text: str) -> str:
    """An account's name with its middle covered: 138****78, p***7; what is covered already stays as it is."""
    bare = text.strip()
    if "*" in bare or not bare:
        return bare
    masked = mask_text(bare)
    if masked != bare:
        return masked
    return f"{bare[0]}***{bare[-1]}" if len(bare) > 3 else "***"


def _short_number(found: re.Match[str]) -> str:
    if found["moment"]:
        return found.group()
    digits = re.sub(r"[^0-9Xx]", "", found.group())
    return f"{digits[:3]}****{digits[-2:]}"


def _short_mail(found: re.Match[str]) -> str:
    name, _, host = found.group().partition("@")
    return f"{name[:1]}***@{host}"
