"""Words that say whom money goes to: 转账给某某, 向某某付款, Transfer to somebody."""

from __future__ import annotations

import re

_BEFORE = re.compile(
    r"^(?:给|由)(?=.{2,}(?:付款|收款|支付|转账)$)"
    # The dash of 转账-给某某 is read as 一 where it is a full-width one.
    r"|^(?:扫?二?维?码?(?:付款|支付|转账|汇款)|向)(?:\s?[-一]?\s?[转付汇]?(?:给|到|to|向)|-)?-?\s*"
    r"|^(?:(?:your )?(?:receipt|invoice) from|"
    r"(?:payment|transfer|purchase|paid|sent|you paid|you sent)(?: money)?\s?[-:]?\s?(?:to|at):?|you paid)\s+",
    re.IGNORECASE,
)
# 转账给小陈充值: who is called so tops up, the transfer does not.
_AROUND = re.compile(r"^(?:向|给|(?:转账|付款)给(?!.*充值$))(.{2,}?)-?(?:付款|支付|转账|充值|扫码付款)$")
_GOES_OUT = re.compile(
    r"^(?:(?:转账|付款|支付|汇款)\s?[-一]?\s?[转付汇]?给|向.{2,}(?:付款|支付|转账|汇款)$"
    r"|(?:payment|transfer|paid|sent|you paid|you sent)(?: money)?\s?[-:]?\s?to\s)",
    re.IGNORECASE,
)


def named_in(text: str) -> str:
    """Who is named where ``text`` says whom money goes to; all of it where it only may be a name."""
    around = _AROUND.match(text)
    return around[1] if around else _BEFORE.sub("", text).strip(" -:")


def begins_with_to(text: str) -> bool:
    return _BEFORE.match(text) is not None


def goes_out(text: str) -> bool:
    """Whether the words say that money goes to somebody, and not only who it is."""
    return _GOES_OUT.match(text) is not None
