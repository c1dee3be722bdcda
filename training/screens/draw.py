"""From a seed to everything one page prints: layout, screen, facts, wording, and the values a reader should find."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from training.screens import prompts
from training.screens.browser import Screen
from training.screens.distractors import DISTRACTORS, distractors
from training.screens.facts import Facts, Print, draw_facts, draw_print
from training.screens.identity import Identity, draw_identity
from training.screens.layout import Layout, Row
from training.screens.talk import draw_talk

# CSS width, height and scale of common devices; the product is what their screenshots measure.
DEVICES: Mapping[str, tuple[tuple[int, int, float], ...]] = {
    "phone": (
        (360, 780, 3),
        (375, 667, 2),
        (375, 812, 3),
        (390, 844, 3),
        (393, 873, 2.75),
        (412, 915, 2.625),
        (360, 640, 2),
        (414, 896, 2),
        (360, 800, 2),
    ),
    "desktop": ((1366, 768, 1), (1280, 800, 1), (1440, 900, 1), (1280, 720, 1.5)),
    # A phone held across, as games are played.
    "wide": ((780, 360, 3), (844, 390, 2), (667, 375, 2)),
}
_FONTS = (
    "'Noto Sans CJK SC'",
    "'WenQuanYi Micro Hei'",
    "'Liberation Sans','Noto Sans CJK SC'",
    "'DejaVu Sans','WenQuanYi Micro Hei'",
    "'Liberation Sans','WenQuanYi Micro Hei'",
)
_ACCENTS = ("#1677ff", "#e1251b", "#07a35a", "#7a3ff2", "#f5870a", "#0d8f8c", "#d6246e", "#344054")
_NOISE: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "invoice": {"zh": ("不开发票", "电子普通发票", "查看发票"), "en": ("Not requested", "Available")},
    "acquirer": {"zh": ("云联清算有限公司", "财讯通支付科技有限公司"), "en": ("Unity Clearing",)},
    "bank": {"zh": ("工贸银行杭城分行", "江南银行总行营业部"), "en": ("Jiangnan Bank",)},
    "purpose": {"zh": ("网上购物", "快捷支付", "充值缴费"), "en": ("Online purchase", "Top-up")},
}


# Printed facts that are no fields of the read contract; their truth is kept apart.
EXTRAS = ("clock", "delivered_at", "valid_until", "face_value", "list_price", "platform_mark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """One page before it is photographed.

    ``values``: what a reader should find for each field, if it is visible; ``extras``: the same for what is no field
    of the read contract. ``orders``: values of the rows of a list page. ``messages``: of a conversation.
    """

    layout: Layout
    language: str
    screen: Screen
    context: Mapping[str, Any]
    facts: Facts
    style: Print
    values: Mapping[str, str | int]
    extras: Mapping[str, str | int] = field(default_factory=dict)
    orders: Sequence[Mapping[str, str | int]] = ()
    messages: Sequence[Mapping[str, Any]] = ()


def draw_page(rng: Random, layout: Layout) -> Drawing:
    """A random page of ``layout``; the same generator state gives the same page."""
    language = rng.choice(layout.languages)
    facts = draw_facts(rng, language, layout.page, layout.pool)
    style = draw_print(rng, language)
    if layout.money:
        style = replace(style, money=rng.choice(layout.money))
    if layout.times:
        # Where dates go without their year, the capture may be of any later day.
        facts = replace(facts, captured_at=facts.captured_at + timedelta(days=rng.choice((0, 0, 1, 2, 9, 40))))
        style = replace(style, time=rng.choice(layout.times[language]), today=facts.captured_at.date())
    return _drawn(rng, layout, language, facts, style)


def _drawn(rng: Random, layout: Layout, language: str, facts: Facts, style: Print) -> Drawing:
    code, prompt = prompts.draw(
        rng, language, held_out=layout.held_out, harmless=layout.prompts or 0, among=layout.codes, pool=layout.voice
    )
    texts, moments = _texts(facts, style, rng, layout, language)
    screen = _screen(rng, layout)
    context = _dressing(rng, language) | {
        "rows": draw_rows(rng, layout, language, texts),
        "prompt": prompt if layout.prompts is not None else None,
        "failed": code is not None,
        "code": code,
        "dark": screen.dark,
        "phone": screen.width < 1000,
    }
    frame = Drawing(
        layout=layout,
        language=language,
        screen=screen,
        context=context,
        values={"error_prompt": code} if layout.prompts is not None and code is not None else {},
        facts=facts,
        style=style,
    )
    return _filled(frame, texts, moments, rng)


def another(drawing: Drawing, rng: Random) -> Drawing:
    """The same page of the same app for another purchase: an innocent look-alike. A prompt says the same again."""
    facts = draw_facts(rng, drawing.language, drawing.layout.page, drawing.layout.pool)
    style = drawing.style
    if style.today:
        later = timedelta(days=rng.choice((0, 0, 1, 2, 9, 40)))
        facts = replace(facts, captured_at=facts.captured_at + later)
        style = replace(style, today=facts.captured_at.date())
    texts, moments = _texts(facts, style, rng, drawing.layout, drawing.language)
    rows = [row | {"text": texts.get(row["fact"], row["text"])} for row in drawing.context["rows"]]
    prompt = {name: value for name, value in drawing.values.items() if name == "error_prompt"}
    frame = replace(drawing, context=dict(drawing.context) | {"rows": rows}, values=prompt, facts=facts, style=style)
    return _filled(frame, texts, moments, rng)


def _texts(
    facts: Facts, style: Print, rng: Random, layout: Layout, language: str
) -> tuple[dict[str, str], dict[str, datetime]]:
    """Everything as printed, distractors too, and the moments behind the two times that are no facts of a purchase."""
    moments = later_moments(facts, rng)
    return printed(facts, style, moments) | distractors(facts, style, language, layout.pool), moments


def _filled(frame: Drawing, texts: Mapping[str, str], moments: Mapping[str, datetime], rng: Random) -> Drawing:
    """The frame of a page with its purchase, the others beside it, and everything drawn last."""
    facts, style, language = frame.facts, frame.style, frame.language
    others, other_texts = [], []
    for _ in range(7):
        others.append(_before(draw_facts(rng, language, "order", frame.layout.pool), facts.captured_at))
        other_texts.append(printed(others[-1], style, later_moments(others[-1], rng)))
    # Drawn last, so that earlier layouts print what they always printed.
    identity = draw_identity(rng)
    start = facts.paid_at + timedelta(minutes=30)
    messages = draw_talk(rng, language, start, held_out=frame.layout.held_out, pool=frame.layout.voice)
    shown = {"f": facts, "p": texts, "others": other_texts, "identity": identity, "messages": messages}
    return replace(
        frame,
        context=dict(frame.context) | shown,
        values=field_values(facts, style) | dict(frame.values),
        extras=_extra_values(facts, style, moments, identity) | {"platform_mark": texts["mark"]},
        orders=[field_values(other, style) for other in others],
        messages=[asdict(message) for message in messages] if frame.layout.page == "chat" else [],
    )


def _before(facts: Facts, captured_at: datetime) -> Facts:
    """The same purchase within the year before the capture: a list shows no later order, and a day without its year
    is the latest such day."""
    years = -((captured_at - facts.paid_at) // timedelta(days=365))
    shift = timedelta(days=365 * -years)
    return replace(facts, ordered_at=facts.ordered_at + shift, paid_at=facts.paid_at + shift)


def _extra_values(
    facts: Facts, style: Print, moments: Mapping[str, datetime], identity: Identity
) -> dict[str, str | int]:
    return {
        "clock": facts.clock,
        "delivered_at": style.value_of(moments["delivered_at"]),
        "valid_until": style.value_of(moments["valid_until"]),
        "face_value": facts.face_value,
        "list_price": facts.list_price,
        "identity_name": identity.name,
        "identity_number": identity.number,
        "identity_validity": identity.validity,
    }


def later_moments(facts: Facts, rng: Random) -> dict[str, datetime]:
    """When the goods were delivered, and until when they serve."""
    delivered = facts.paid_at + timedelta(seconds=rng.randrange(2, 900))
    return {"delivered_at": delivered, "valid_until": delivered + timedelta(days=rng.choice((30, 90, 365)))}


def printed(facts: Facts, style: Print, moments: Mapping[str, datetime]) -> dict[str, str]:
    """Every fact as this app prints it."""
    return {
        "order_number": facts.order_number,
        "trade_number": facts.trade_number,
        "product": facts.product,
        "payee": facts.payee,
        "payment_method": facts.payment_method,
        "recharged_account": facts.recharged_account,
        "status": facts.status,
        "amount": style.yuan(facts.amount),
        "list_price": style.yuan(facts.list_price).lstrip("-"),
        "discount": "-" + style.yuan(facts.discount).lstrip("-"),
        "ordered_at": style.moment(facts.ordered_at),
        "paid_at": style.moment(facts.paid_at),
        "delivered_at": style.moment(moments["delivered_at"]),
        "valid_until": style.moment(moments["valid_until"]),
        "stock": str(facts.quantity),
        "face_value": style.yuan(facts.face_value).lstrip("-"),
    }


def field_values(facts: Facts, style: Print) -> dict[str, str | int]:
    """The value of every field in the terms of the read contract."""
    return {
        "order_number": facts.order_number,
        "trade_number": facts.trade_number,
        "product": facts.product,
        "payee": facts.payee,
        "payment_method": facts.payment_method,
        "recharged_account": facts.recharged_account,
        "status": facts.status,
        "amount": facts.amount,
        "ordered_at": style.value_of(facts.ordered_at),
        "paid_at": style.value_of(facts.paid_at),
    }


def draw_rows(rng: Random, layout: Layout, language: str, texts: Mapping[str, str]) -> list[dict[str, str]]:
    """The rows this page shows, labelled; distractors carry an empty ``field``."""
    rows = [_labelled(rng, row, language, texts) for row in layout.rows if rng.random() < row.chance]
    if layout.shuffled:
        rng.shuffle(rows)
    return rows


def _labelled(rng: Random, row: Row, language: str, texts: Mapping[str, str]) -> dict[str, str]:
    noise = _NOISE.get(row.fact)
    text = rng.choice(noise[language]) if noise else texts[row.fact]
    extra = row.fact if row.fact in EXTRAS else ""
    labels: Sequence[str] = row.labels.get(language) or row.labels["zh"]
    known = "" if noise or extra or row.fact == "stock" or row.fact in DISTRACTORS else row.fact
    return {"fact": row.fact, "field": known, "extra": extra, "label": rng.choice(labels), "text": text}


def _screen(rng: Random, layout: Layout) -> Screen:
    width, height, scale = rng.choice(DEVICES[rng.choice(layout.devices)])
    return Screen(width=width, height=height, scale=scale, dark=width < 1000 and rng.random() < 0.35, tall=layout.tall)


def _dressing(rng: Random, language: str) -> dict[str, Any]:
    """Looks that change nothing in what is said."""
    return {
        "lang": language,
        "font": rng.choice(_FONTS),
        "accent": rng.choice(_ACCENTS),
        "radius": rng.choice((0, 4, 8, 14)),
        "size": rng.choice((13, 14, 14, 15)),
        "gap": rng.choice((4, 5.5, 7, 9)),
        "net": rng.choice(("5G", "4G", "LTE", "WiFi")),
        "battery": rng.randrange(8, 100),
        "variant": rng.randrange(1000),
    }
