"""Ids as the platform writes them, from the simulator's numbers."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from training.simulator.calendar import Span
from training.simulator.streams import Floats

_ODD = 2654435761  # 2^32 over the golden ratio: neighbours end far apart


def _shuffled(number: int, bits: int) -> int:
    """Another number of so many bits, its own for each below 2^bits: a name must not tell whose range it is from."""
    return number * _ODD % (1 << bits)


@dataclass(frozen=True, slots=True)
class Names:
    """``ordered``: seconds of each order, for the date in its number. ``seed`` keeps worlds' case ids apart."""

    span: Span
    ordered: Floats
    seed: int

    def account(self, number: int) -> str:
        return f"acc-{100000 + number}"

    def device(self, number: int) -> str:
        return f"dev-{_shuffled(number, 32):08x}"

    def payer(self, number: int) -> str:
        return f"pay-{_shuffled(number, 32):08x}"

    def address(self, number: int) -> str:
        """In 100.64.0.0/10, the range of RFC 6598 that belongs to nobody."""
        place = _shuffled(number, 22)
        return f"100.{64 + (place >> 16)}.{(place >> 8) & 255}.{place & 255}"

    def seller(self, number: int) -> str:
        return f"sel-{1000 + number}"

    def product(self, number: int) -> str:
        return f"prd-{10000 + number}"

    def phone(self, account: int) -> str:
        """A number that cannot exist: no Chinese mobile number begins with 100."""
        return f"100{account % 10**8:08d}"

    def order(self, number: int) -> str:
        local = self.span.start.timestamp() + float(self.ordered[number])
        stamp = self.span.start.fromtimestamp(local, self.span.start.tzinfo)
        return f"{stamp:%Y%m%d%H%M%S}{number:08d}"

    def trade(self, number: int) -> str:
        return f"20{self.order(number)}{number % 10**4:04d}"

    def case(self, number: int) -> uuid.UUID:
        """A fixed UUID (version 8) per claim of a seeded world."""
        return uuid.UUID(int=(self.seed & 0xFFFFFFFF) << 96 | 8 << 76 | 2 << 62 | number)
