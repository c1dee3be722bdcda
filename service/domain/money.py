"""Money: integer minor units with an ISO 4217 currency; never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

_CURRENCY = re.compile(r"[A-Z]{3}\Z")
# Minor-unit digits where they are not two (ISO 4217, list one).
_EXPONENTS = {"JPY": 0, "KRW": 0, "VND": 0, "CLP": 0, "BHD": 3, "KWD": 3, "OMR": 3, "TND": 3}
_SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"}


class Rounding(StrEnum):
    """How a share is brought to a whole minor unit. Up is away from zero, down towards it; so is half up."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"
    DOWN = "down"
    UP = "up"


def exponent(currency: str) -> int:
    """Number of minor-unit digits of a currency (2 where the list above is silent)."""
    return _EXPONENTS.get(currency, 2)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in integer minor units (fen for CNY). Arithmetic across currencies raises ValueError."""

    minor: int
    currency: str = "CNY"

    def __post_init__(self) -> None:
        if isinstance(self.minor, bool) or not isinstance(self.minor, int):
            raise TypeError(f"money is integer minor units, not {type(self.minor).__name__}")
        if not _CURRENCY.match(self.currency):
            raise ValueError(f"{self.currency!r} is not an ISO 4217 currency code such as CNY")

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot combine {self.currency} with {other.currency}")

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.minor < other.minor

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.minor <= other.minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def share(self, numerator: int, denominator: int, rounding: Rounding = Rounding.HALF_UP) -> Money:
        """This amount times a fraction, rounded to a whole minor unit; exact before it is rounded."""
        if denominator <= 0:
            raise ValueError("a share needs a positive denominator")
        exact = self.minor * numerator
        whole, rest = divmod(abs(exact), denominator)
        whole += _rounds_away(whole, rest, denominator, rounding)
        return Money(-whole if exact < 0 else whole, self.currency)

    def __str__(self) -> str:
        """As people read it: ``¥12.50``, ``USD 3.00`` where no symbol is known."""
        digits = exponent(self.currency)
        sign = "-" if self.minor < 0 else ""
        whole, part = divmod(abs(self.minor), 10**digits)
        number = f"{whole}.{part:0{digits}d}" if digits else str(whole)
        symbol = _SYMBOLS.get(self.currency)
        return f"{sign}{symbol}{number}" if symbol else f"{sign}{self.currency} {number}"


def _rounds_away(whole: int, rest: int, denominator: int, rounding: Rounding) -> bool:
    """Whether ``whole`` + ``rest`` / ``denominator`` becomes ``whole`` + 1."""
    if rounding is Rounding.DOWN:
        return False
    if rounding is Rounding.UP:
        return rest > 0
    if rounding is Rounding.HALF_EVEN and 2 * rest == denominator:
        return whole % 2 == 1
    return 2 * rest >= denominator
