"""People who do not exist: synthetic identity cards with a valid check digit and a district nobody was ever given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

# 99 as county is assigned in no province.
_DISTRICTS = {"110199": "北京市虚拟县", "330199": "浙江省虚拟县", "440399": "广东省虚拟县", "510199": "四川省虚拟县"}
_NAMES = ("样本甲", "样本乙", "示例丙", "测试丁", "虚构戊", "范例己")
_STREETS = ("样例路", "示范街", "虚构巷")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What both sides of a card print."""

    name: str
    sex: str
    born: str
    address: str
    number: str
    authority: str
    validity: str


def check_digit(first: str) -> str:
    """The eighteenth character for the first seventeen digits (GB 11643: ISO 7064 MOD 11-2)."""
    if len(first) != len(_WEIGHTS) or not first.isdecimal():
        raise ValueError("a check digit is of seventeen digits")
    total = sum(int(digit) * weight for digit, weight in zip(first, _WEIGHTS, strict=True))
    return "10X98765432"[total % 11]


def draw_identity(rng: Random) -> Identity:
    """A random card of an invented person, adult in 2025."""
    district, county = rng.choice(sorted(_DISTRICTS.items()))
    born = date(1955, 1, 1) + timedelta(days=rng.randrange(52 * 365))
    serial = rng.randrange(1, 1000)
    first = f"{district}{born:%Y%m%d}{serial:03d}"
    issued = date(2012, 1, 1) + timedelta(days=rng.randrange(12 * 365))
    years = rng.choice((10, 20, 0))
    until = f"{issued.year + years}.{issued:%m}.{min(issued.day, 28):02d}" if years else "长期"
    return Identity(
        name=rng.choice(_NAMES),
        sex="男" if serial % 2 else "女",
        born=f"{born.year}年{born.month}月{born.day}日",
        address=f"{county}{rng.choice(_STREETS)}{rng.randrange(1, 200)}号",
        number=first + check_digit(first),
        authority=f"{county}公安局（样本）",
        validity=f"{issued:%Y.%m.}{min(issued.day, 28):02d}-{until}",
    )
