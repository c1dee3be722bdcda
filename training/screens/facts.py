"""Random facts of one purchase, and the ways apps print them. Everything follows from the generator handed in."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from training.screens.pools import pool_of

_GAMES = ("云深无迹", "星槎远航", "赤羽传", "幻塔纪元", "北境之歌", "山海小镇", "极速漂移", "霜月三国")
_SHOPS = (
    "速达数码专营",
    "小鹿充值",
    "星河点卡",
    "万卡通旗舰店",
    "阿芒虚拟商城",
    "极光会员站",
    "Bluebird Digital",
    "老周点卡铺",
)
_COMPANIES = (
    "杭城星河网络科技有限公司",
    "深南万卡信息技术有限公司",
    "海沙极光文化传媒有限公司",
    "广域速达电子商务有限公司",
    "北屿智卡科技有限公司",
    "渝江云票网络服务有限公司",
    "西岭鹿鸣数字科技（集团）有限公司",
)
_PEOPLE = ("*小芳", "**国", "陈*", "李建*", "*Wei")
_METHODS = {
    "zh": (
        "余额",
        "零钱",
        "零钱通",
        "工贸银行储蓄卡(4471)",
        "建安银行信用卡（8820）",
        "江南银行(1093)",
        "花呗分期",
        "云闪付",
        "支付宝",
        "微信支付",
        "Apple Pay",
    ),
    "en": (
        "Wallet balance",
        "Visa •••• 4471",
        "Mastercard ending 8820",
        "Alipay",
        "WeChat Pay",
        "Bank card (1093)",
        "PayPal",
    ),
}
_PRODUCTS_EN = (
    "Steam-like Wallet Card 50",
    "Northsong Gold Pack 980",
    "Aurora Music Premium 12 months",
    "Mobile Top-up 100",
    "Starfall Season Pass",
    "Office Suite activation key, 1 year",
    "Prepaid Game Card 20",
)
_STATUS = {
    "order": {
        "zh": ("交易成功", "已完成", "待发货", "已发货", "充值中", "充值失败", "交易关闭", "待评价", "发货失败"),
        "en": ("Completed", "Delivered", "Processing", "Failed", "Awaiting delivery", "Closed"),
    },
    "payment": {
        "zh": ("支付成功", "交易成功", "付款成功", "已支付", "已全额退款"),
        "en": ("Paid", "Payment successful", "Completed", "Refunded"),
    },
    "delivery": {
        "zh": ("已发卡", "发货成功", "卡密已发放", "提取成功"),
        "en": ("Delivered", "Code issued", "Ready to redeem"),
    },
}
# Local time as printed; pages name no zone.
_EARLIEST = datetime(2025, 10, 1, 7)  # noqa: DTZ001
TIME_FORMATS = {
    "zh": (
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y.%m.%d %H:%M:%S",
        "%Y年%m月%d日 %H:%M:%S",
        "%Y年%m月%d日 %H:%M",
        "%Y/%m/%d %H:%M",
    ),
    "en": (
        "%Y-%m-%d %H:%M:%S",
        "%b %d, %Y %H:%M",
        "%d %b %Y, %I:%M %p",
        "%b %d, %Y, %I:%M:%S %p",
        "%Y/%m/%d %H:%M:%S",
        "%d %B %Y %H:%M",
    ),
}
MONEY_FORMATS = {
    "zh": ("¥{n}", "￥{n}", "¥ {n}", "{n}元", "¥{g}", "{n}"),
    "en": ("¥{n}", "CNY {g}", "¥{g}", "RMB {n}", "{g} CNY"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One purchase as an app could print it. Amounts are fen; times local without zone."""

    order_number: str
    trade_number: str
    product: str
    list_price: int
    discount: int
    amount: int
    quantity: int
    ordered_at: datetime
    paid_at: datetime
    payee: str
    payment_method: str
    recharged_account: str
    status: str
    shop: str
    face_value: int
    captured_at: datetime

    @property
    def clock(self) -> str:
        """What the status bar says."""
        return self.captured_at.strftime("%H:%M")


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """How one app prints: ``time`` a strftime format, ``money`` a pattern with {n} plain or {g} grouped.

    ``{day}`` in ``time`` is 今天 or 昨天 as seen from ``today``, and month and day for anything else.
    """

    time: str
    money: str
    today: date | None = None

    def moment(self, moment: datetime) -> str:
        """The printed time; Chinese dates drop leading zeros, as apps do."""
        text = moment.strftime(self.time).replace("{day}", self._day(moment))
        if "月" in text:
            text = text.lstrip("0").replace("年0", "年").replace("月0", "月")
        return text

    def _day(self, moment: datetime) -> str:
        ago = (self.today - moment.date()).days if self.today else None
        return {0: "今天", 1: "昨天"}.get(ago, f"{moment:%m-%d}") if ago is not None else f"{moment:%m-%d}"

    def value_of(self, moment: datetime) -> str:
        """ISO 8601 of what is printed: to the minute where no seconds are shown."""
        return moment.isoformat() if "%S" in self.time else moment.isoformat(timespec="minutes")

    def yuan(self, minor: int) -> str:
        """The printed amount."""
        return self.money.format(n=f"{minor / 100:.2f}", g=f"{minor / 100:,.2f}")


def draw_print(rng: Random, language: str) -> Print:
    """A random way to print times and money."""
    return Print(time=rng.choice(TIME_FORMATS[language]), money=rng.choice(MONEY_FORMATS[language]))


def draw_facts(rng: Random, language: str, page: str, pool: str = "first") -> Facts:
    """A random purchase between October 2025 and November 2026; ``page`` decides which states can be shown."""
    if pool != "first":
        return _pooled(rng, language, page, pool)
    ordered = _EARLIEST + timedelta(seconds=rng.randrange(410 * 86400))
    paid = ordered + timedelta(seconds=rng.randrange(4, 200))
    quantity = rng.choices((1, 2, 3, 10), (12, 2, 1, 1))[0]
    unit = rng.choice((990, 1000, 1500, 3000, 5000, 6480, 9800, 10000, 19800, 32800, 64800, 129800))
    listed = unit * quantity
    discount = rng.choice((0, 50, 100, rng.randrange(1, max(2, listed // 4))))
    return Facts(
        order_number=order_number(rng, ordered),
        trade_number=trade_number(rng, paid),
        product=product(rng, language, unit),
        list_price=listed,
        discount=discount,
        amount=listed - discount,
        quantity=quantity,
        ordered_at=ordered,
        paid_at=paid,
        payee=rng.choice(_PEOPLE) if rng.random() < 0.1 else rng.choice(_COMPANIES),
        payment_method=rng.choice(_METHODS[language]),
        recharged_account=recharged_account(rng),
        status=rng.choice(states(page, language)),
        shop=rng.choice(_SHOPS),
        face_value=unit,
        captured_at=paid + timedelta(minutes=rng.randrange(2, 600)),
    )


def _pooled(rng: Random, language: str, page: str, name: str) -> Facts:
    """A purchase whose names and words come from ``pools.yaml``."""
    facts, pool = draw_facts(rng, language, page), pool_of(name)
    game, unit = rng.choice(pool["games"]), facts.face_value
    companies = pool["companies_en" if language == "en" else "companies"]
    payees = rng.choices((companies, pool["shown_as"], pool["people"]), (7, 2, 1))[0]
    states_of = pool["status"].get(page, pool["status"]["order"])
    facts = replace(
        facts,
        product=rng.choice(pool["products"][language]).format(game=game, face=f"{unit / 100:g}", count=unit // 10),
        payee=rng.choice(companies if language == "en" else payees),
        payment_method=rng.choice(pool["methods"][language]),
        status=rng.choice(states_of[language]),
        shop=rng.choice(pool["shops"]),
        order_number=order_number(rng, facts.ordered_at) if rng.random() < 0.6 else _long_number(rng, facts.ordered_at),
    )
    if "accounts" in pool:
        pattern = rng.choice(pool["accounts"])
        facts = replace(facts, recharged_account="".join(_digits(rng, 1) if c == "#" else c for c in pattern))
    if pool.get("single"):
        discount = min(facts.discount, unit // 4)
        facts = replace(facts, quantity=1, list_price=unit, discount=discount, amount=unit - discount)
    return facts


def _long_number(rng: Random, ordered: datetime) -> str:
    """More shapes of order numbers: long runs of digits, a prefix of a shop, hexadecimal, groups."""
    day = ordered.strftime("%Y%m%d")
    letters = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(8))
    shapes = (
        ordered.strftime("%Y%m%d%H%M%S") + _digits(rng, 8),
        day + _digits(rng, 16),
        rng.choice("123456789") + _digits(rng, 11),
        rng.choice("12345") + _digits(rng, 17),
        f"{letters[:2]}{_digits(rng, 14)}",
        "".join(rng.choice("0123456789abcdef") for _ in range(24)),
        f"{letters[:3]}-{_digits(rng, 7)}-{_digits(rng, 4)}",
        f"{letters}{_digits(rng, 6)}",
        f"M{letters[:1]}{_digits(rng, 4)}{letters[1:6]}",
    )
    return rng.choice(shapes)


def states(page: str, language: str) -> tuple[str, ...]:
    """Every state such a page can show."""
    return _STATUS.get(page, _STATUS["order"])[language]


def _digits(rng: Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _ in range(count))


def order_number(rng: Random, ordered: datetime) -> str:
    """One of the shapes platforms use: plain digits, prefix and date, mixed letters, dashes."""
    day = ordered.strftime("%Y%m%d")
    mixed = "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ") for _ in range(12))
    shapes = (
        day + _digits(rng, 10),
        "KM" + ordered.strftime("%Y%m%d%H%M%S") + _digits(rng, 4),
        f"DD{day[2:]}{_digits(rng, 8)}",
        _digits(rng, 1).replace("0", "3") + _digits(rng, 18),
        f"{mixed[:4]}-{day}-{mixed[4:8]}",
        f"T{day}{mixed[:6]}",
        ordered.strftime("%y%m%d") + "-" + _digits(rng, 15),
        mixed,
    )
    return rng.choice(shapes)


def trade_number(rng: Random, paid: datetime) -> str:
    """The payment's own number: 28 digits of either great style, or a bank's shorter one."""
    day = paid.strftime("%Y%m%d")
    shapes = (
        day + "22001" + _digits(rng, 15),
        "42000" + _digits(rng, 5) + day + _digits(rng, 10),
        "10000" + _digits(rng, 27),
        day + _digits(rng, 12),
        "".join(rng.choice("0123456789ABCDEF") for _ in range(20)),
    )
    return rng.choice(shapes)


def product(rng: Random, language: str, unit: int) -> str:
    """A product's name; some are long enough to wrap on a phone."""
    if language == "en":
        return rng.choice(_PRODUCTS_EN)
    face = f"{unit / 100:g}元"
    game = rng.choice(_GAMES)
    return rng.choice(
        (
            f"{game} {face}点卡 官方卡密自动发货",
            f"【秒到】{game}{unit // 10}钻石直充 填写游戏ID",
            f"全国话费快充{face} 24小时内到账",
            f"青柠视频会员{rng.choice(('月卡', '季卡', '年卡'))} 直充到手机号",
            f"{game}通行证激活码 国区",
            f"Q币{unit // 100}个 自动充值",
            f"{game}礼包兑换码（安卓/iOS通用）",
        )
    )


def recharged_account(rng: Random) -> str:
    """A phone number (masked or not, from a block nobody is given), a mail address or a player's id."""
    tail = _digits(rng, 4)
    shapes = (
        f"199****{tail}",
        f"1990000{tail}",
        f"199 0000 {tail}",
        f"u{tail}@example.com",
        f"UID{_digits(rng, 8)}",
        _digits(rng, 9).replace("0", "5"),
    )
    return rng.choice(shapes)
