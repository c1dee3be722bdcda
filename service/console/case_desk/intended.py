"""What a form says, as something to do; or what is wrong with it, in words that stand beside the field."""

from __future__ import annotations

import re
import unicodedata

from service.console.case_page import Fault
from service.console.case_page.forms import asked
from service.console.forms import Form
from service.console.pages import Say
from service.domain.holding import Act, Intended
from service.domain.money import exponent
from service.review.performing import REASONED

LONGEST, LONGEST_REASON = 2_000, 1_000
_HUNDRED = 100


def intended(form: Form, currency: str, say: Say) -> Intended | Fault:
    """``currency``: of the claim, in whose major units an amount is typed."""
    try:
        act = Act(form.get("act"))
    except ValueError:
        return Fault("", say("没有这样的操作。", "There is nothing of that name to do."))
    fields = asked(act)
    texts = {name: _text(form.get(name)) for name in ("message", "reason", "ruling", "question", "clause")}
    materials = tuple(dict.fromkeys(form.all("materials")))
    amount = minor_of(form.get("amount"), currency) if "amount" in fields else None
    loss = _percent(form.get("loss")) if "loss" in fields else 0
    empty = _missing(fields, texts, say)
    if empty is not None:
        return empty
    if "materials" in fields and not materials:
        return Fault("materials", say("请至少选择一项材料。", "Choose at least one material."))
    if "amount" in fields and amount is None and form.get("amount").strip():
        return Fault("amount", say("金额请写成 12.50 这样的数字。", "Write the amount as a number such as 12.50."))
    if loss is None:
        return Fault("loss", say("请写 0 到 100 之间的整数。", "Write a whole number from 0 to 100."))
    if act in REASONED and not texts["reason"]:
        return Fault("reason", say("请写明内部理由。", "Say why, for your colleagues."))
    return Intended(
        act=act,
        message=texts["message"] if "message" in fields else "",
        reason=texts["reason"],
        amount=amount,
        clause=texts["clause"] if "clause" in fields else None,
        ruling=texts["ruling"] if "ruling" in fields else "",
        materials=materials if "materials" in fields else (),
        question=texts["question"] if "question" in fields else "",
        asks_seller="question" in fields and form.get("seller") == "yes",
        loss_permille=loss * 10,
    )


def _missing(fields: tuple[str, ...], texts: dict[str, str], say: Say) -> Fault | None:
    """The first field that must not be empty, or is too long."""
    empty = {
        "ruling": say("请写明裁决。", "Write down the ruling."),
        "clause": say("请选择依据的条款。", "Choose the clause it rests on."),
        "question": say("请写明要问什么，或对方的答复。", "Write what is to be asked, or what they answered."),
        "message": say("请写给买家的话。", "Write a message to the buyer."),
    }
    for name in fields:
        if name in empty and not texts[name]:
            return Fault(name, empty[name])
        longest = LONGEST_REASON if name == "reason" else LONGEST
        if len(texts.get(name, "")) > longest:
            return Fault(name, say(f"最多 {longest} 个字符。", f"At most {longest} characters."))
    return None


def typed_of(form: Form) -> dict[str, str]:
    """What was filled in, to be shown again."""
    names = ("act", "message", "reason", "amount", "clause", "ruling", "question", "seller", "loss")
    return {name: form.get(name)[: LONGEST + 100] for name in names if form.get(name)}


def typed_again(what: Intended, major: str) -> dict[str, str]:
    """A decision taken back, as it was filled in. ``major``: the amount as typed; empty where none was."""
    typed = {
        "act": what.act.value, "message": what.message, "reason": what.reason, "clause": what.clause or "",
        "ruling": what.ruling, "question": what.question, "seller": "yes" if what.asks_seller else "",
        "loss": str(what.loss_permille // 10), "amount": major,
    }  # fmt: skip
    return {name: text for name, text in typed.items() if text}


def minor_of(text: str, currency: str) -> int | None:
    """Minor units of an amount as people type it (``12.5``, ``¥12.50``, full-width); None for what is none."""
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip(" ¥$€")
    digits = exponent(currency)
    fraction = rf"(?:\.(\d{{1,{digits}}}))?" if digits else "()?"
    found = re.fullmatch(rf"(\d{{1,10}}){fraction}", plain, re.ASCII)
    if found is None:
        return None
    scale: int = 10**digits
    return int(found[1]) * scale + int((found[2] or "").ljust(digits, "0") or 0)


def _percent(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).strip().rstrip("%").strip()
    return int(plain) if re.fullmatch(r"\d{1,3}", plain, re.ASCII) and int(plain) <= _HUNDRED else None


def _text(text: str) -> str:
    """Without what a database cannot hold, and what only looks empty."""
    return text.replace("\0", "").strip()
