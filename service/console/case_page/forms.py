"""What the reviewer can do with the case, each as a form with a key, its message to the buyer drafted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.console.case_page.clauses import ClauseChoice, rejection_clauses
from service.console.case_page.surroundings import Fault, Surroundings
from service.console.foreign_text import visible
from service.domain.assessment import Grant, Text
from service.domain.lifecycle import Party
from service.domain.money import Money, exponent
from service.policy import Policy
from service.policy.amounts import refundable
from service.policy.grants import grant_of, offered
from service.review.deciding import handed_up, only_for_seniors
from service.review.requests import CaseView
from service.review.viewing import possible_actions


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialChoice:
    """``missing``: by the rules; ``chosen``: ticked, because it is or because it was before the form came back."""

    code: str
    text: str
    missing: bool
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActForm:
    """One form. ``act``: what is posted; ``key``: the key that opens it.

    ``asks``: which fields it has: ``amount``, ``clause``, ``materials``, ``question``, ``ruling``, ``loss``,
    ``message``, ``reason``. ``message``: the draft to the buyer, which says nothing of how risk is judged; ``reason``
    is internal, and ``reasoned`` says that it has to be given. ``fault``: what was wrong with it when it was sent.
    """

    act: str
    key: str
    label: str
    tone: str
    asks: tuple[str, ...]
    message: str = ""
    reasoned: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOut:
    """The part the policy works out: ``amount`` as typed into a field (major units), ``basis``: the clauses."""

    amount: str
    shown: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """``version``: what every form is made for; ``once``: what makes its second submit harmless."""

    forms: tuple[ActForm, ...]
    clauses: tuple[ClauseChoice, ...]
    materials: tuple[MaterialChoice, ...]
    part: WorkedOut | None
    currency: str
    most: str
    version: int
    once: str
    typed: Mapping[str, str]


_GRANT = Text(zh="您的退款申请已审核通过。", en="Your refund claim has been approved.")
_PART = Text(
    zh="您的退款申请已部分通过，退款金额按平台公布的规则计算。",
    en="Your refund claim has been approved in part; the amount follows the platform's published rules.",
)
_REFUSE = Text(
    zh="经审核，您的申请不符合平台公布的退款规则，本次未能通过。",
    en="We have looked at your claim: it does not meet the platform's published refund rules.",
)
_ASK = Text(zh="为继续处理您的申请，请补充以下材料。", en="To go on with your claim we need the following from you.")
_OFFER = Text(zh="我们为您提出如下退款方案。", en="We have an offer for you.")
_NONE = Text(zh="", en="")
_TYPED = 2_000

_DECIDE = ("message", "reason")
# act: key, name, tone, fields, draft
_FORMS: Mapping[str, tuple[str, Text, str, tuple[str, ...], Text]] = {
    "approve": ("a", Text(zh="通过", en="Approve"), "good", _DECIDE, _GRANT),
    "rule-approved": ("a", Text(zh="裁定通过", en="Ruled: approve"), "good", ("ruling", *_DECIDE), _GRANT),
    "approve-partially": ("p", Text(zh="部分通过", en="Approve in part"), "good", ("amount", *_DECIDE), _PART),
    "rule-partially": (
        "p",
        Text(zh="裁定部分通过", en="Ruled: in part"),
        "good",
        ("ruling", "amount", *_DECIDE),
        _PART,
    ),
    "reject": ("r", Text(zh="拒绝", en="Reject"), "bad", ("clause", *_DECIDE), _REFUSE),
    "uphold": ("r", Text(zh="维持拒绝", en="Uphold the rejection"), "bad", ("clause", *_DECIDE), _REFUSE),
    "rule-rejected": ("r", Text(zh="裁定拒绝", en="Ruled: reject"), "bad", ("ruling", *_DECIDE), _REFUSE),
    "ask-for-materials": ("m", Text(zh="索要材料", en="Ask for material"), "", ("materials", *_DECIDE), _ASK),
    "ask-supplier": ("s", Text(zh="询问供应商", en="Ask the supplier"), "", ("question", "reason"), _NONE),
    "supplier-answer": ("w", Text(zh="录入答复", en="Enter their answer"), "", ("question",), _NONE),
    "offer": ("o", Text(zh="提出方案", en="Make an offer"), "", ("amount", *_DECIDE), _OFFER),
    "begin-second-review": ("b", Text(zh="开始复核", en="Begin the second review"), "", (), _NONE),
    "send-to-review": ("b", Text(zh="转回人工审核", en="Take back to review"), "", ("reason",), _NONE),
    "reopen": ("b", Text(zh="重新打开", en="Reopen"), "", ("reason",), _NONE),
    "close": ("c", Text(zh="结案", en="Close for good"), "bad", ("reason",), _NONE),
    "reverse": ("x", Text(zh="撤销退款", en="Take the refund back"), "bad", ("loss", "reason"), _NONE),
    "request-arbitration": ("z", Text(zh="提请仲裁", en="Ask for arbitration"), "", ("reason",), _NONE),
    "escalate": ("e", Text(zh="转仲裁", en="Escalate to arbitration"), "", ("reason",), _NONE),
    "hand-up": ("e", Text(zh="升级给高级审核员", en="Escalate to a senior"), "", ("reason",), _NONE),
}
# The same on every case before the first judgement: what can be done would say what was decided.
_BEFORE_JUDGEMENT = ("approve", "approve-partially", "reject", "ask-for-materials", "hand-up")


def deciding(view: CaseView, policy: Policy, around: Surroundings) -> Deciding | None:
    """None for who may only read."""
    if not around.may_act:
        return None
    claim = view.case.claim
    verdict = view.assessment.verdict if view.assessment is not None and not around.blind else None
    missing = {each.code for each in verdict.buyer.missing} if verdict is not None else set()
    return Deciding(
        forms=tuple(_form(act, around) for act in _acts(view, policy, around)),
        clauses=rejection_clauses(policy, verdict.clauses if verdict is not None else (), around.language),
        materials=tuple(
            MaterialChoice(
                code=code,
                text=material.text.get(around.language),
                missing=code in missing,
                chosen=code in (around.materials if around.typed.get("act") == "ask-for-materials" else missing),
            )
            for code, material in policy.materials.items()
        ),
        part=_part(view, policy, frozenset(verdict.clauses) if verdict is not None else frozenset()),
        currency=claim.amount_claimed.currency,
        most=str(claim.amount_claimed),
        version=view.case.version,
        once=around.once,
        typed={name: visible(text, _TYPED) for name, text in around.typed.items()},
    )


def _acts(view: CaseView, policy: Policy, around: Surroundings) -> list[str]:
    if around.blind:
        return list(_BEFORE_JUDGEMENT)
    possible = possible_actions(view).get(around.party, ())
    acts = [act for act in _FORMS if act in possible]
    if around.party is not Party.REVIEWER or "approve" not in acts:
        return acts
    if handed_up(view.steps):
        return [act for act in acts if act not in _SENIORS]
    if only_for_seniors(policy, view.case.claim):
        acts = [act for act in acts if act not in _SENIORS]
    return [*acts, "hand-up"] if "escalate" not in acts else acts


# What a reviewer cannot do to a case that is for seniors.
_SENIORS = frozenset({"approve", "approve-partially", "reject", "offer", "uphold", "escalate"})


def _form(act: str, around: Surroundings) -> ActForm:
    key, label, tone, asks, draft = _FORMS[act]
    return ActForm(
        act=act,
        key=key,
        label=label.get(around.language),
        tone=tone,
        asks=asks,
        message=draft.get(around.language),
        reasoned=asks == ("reason",) or act == "reverse",
        fault=around.fault if around.typed.get("act") == act else None,
    )


def act_name(act: str, language: str) -> str:
    """What the act's form is called."""
    return _FORMS[act][1].get(language)


def draft(act: str, language: str) -> str:
    """What the buyer is told unless it is changed."""
    return _FORMS[act][4].get(language)


def asked(act: str) -> tuple[str, ...]:
    """The fields of an act's form; KeyError for what is no act."""
    return _FORMS[act][3]


def _part(view: CaseView, policy: Policy, met: frozenset[str]) -> WorkedOut | None:
    """As the use case works it out when no amount is given: the part that is due, else what may be offered."""
    claim, since = view.case.claim, view.case.accepted_at
    if claim.amount_claimed.currency != policy.currency:
        return None
    due = refundable(policy, claim, since)
    grant: Grant | None
    if due is not None and 0 < (due.net + due.fee).minor < claim.amount_claimed.minor:
        grant = grant_of(policy, claim, due)
    else:
        grant = offered(policy, claim, since, met)
    if grant is None:
        return None
    return WorkedOut(amount=major(grant.amount), shown=str(grant.amount), basis=", ".join(grant.basis))


def major(amount: Money) -> str:
    """``12.50`` for 1250 fen: what an amount field holds."""
    digits = exponent(amount.currency)
    whole, part = divmod(amount.minor, 10**digits)
    return f"{whole}.{part:0{digits}d}" if digits else str(whole)
