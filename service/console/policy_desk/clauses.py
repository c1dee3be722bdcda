"""A policy in words: what each clause says to buyers, in both languages, and what it does to a claim."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.console.foreign_text import visible
from service.console.policy_desk.clause_words import Words
from service.policy import Policy
from service.policy.clause_parts import FilteredClause
from service.policy.parts import NegativeClause, Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """``id`` as it stands in decisions; ``zh``/``en`` the published wording, empty where there is none; ``does`` what
    comes of it; ``scope`` the claims it is for, empty for all."""

    id: str
    does: str
    zh: str = ""
    en: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """``key``: of the policy's text, where these clauses stand."""

    key: str
    title: str
    clauses: tuple[Clause, ...]
    about: str = ""


def sections(policy: Policy, language: str) -> tuple[Section, ...]:
    """In the order people ask: what is refused, for what reasons, by what proof, what is approved, who looks, when."""
    words = Words(policy, language)
    return tuple(section for section in _sections(policy, words) if section.clauses)


def _sections(policy: Policy, words: Words) -> Iterator[Section]:
    say = words.say
    yield Section(
        key="negative_list",
        title=say("不予退款的情形", "What is not refunded"),
        clauses=tuple(_negative(each, words) for each in policy.negative_list),
    )
    yield Section(
        key="reasons",
        title=say("退款原因", "Reasons for a refund"),
        clauses=tuple(
            Clause(id=reason.value, zh=_plain(rule.zh), en=_plain(rule.en), does=words.reason(reason))
            for reason, rule in policy.reasons.items()
        ),
    )
    yield Section(
        key="materials",
        title=say("材料", "Material"),
        clauses=tuple(
            Clause(id=code, zh=_plain(each.zh), en=_plain(each.en), does=words.material(code))
            for code, each in policy.materials.items()
        ),
    )
    yield Section(
        key="further_materials",
        title=say("另需的材料", "Further material"),
        clauses=tuple(_filtered(each, words.further(each), words) for each in policy.further_materials),
    )
    yield Section(
        key="classes",
        title=say("自动通过", "Automatic approval"),
        about=say("平台选择了哪些自动通过方式，以及各自的上限。", "Which ways the platform chose, and up to what sum."),
        clauses=tuple(Clause(id=key, does=does) for key, does in words.classes()),
    )
    yield Section(
        key="budgets",
        title=say("额度", "Budgets"),
        about=say("超出额度的申请转人工。", "What does not fit goes to a person."),
        clauses=tuple(Clause(id=each.id, does=words.budget(each)) for each in policy.budgets),
    )
    yield Section(key="fee", title=say("手续费", "Fees"), clauses=(Clause(id="fee", does=words.fee()),))
    yield Section(
        key="time_limits",
        title=say("申请时限", "Time limits"),
        clauses=tuple(Clause(id=key, does=does) for key, does in words.limits()),
    )
    yield from _people_and_money(policy, words)


def _people_and_money(policy: Policy, words: Words) -> Iterator[Section]:
    say = words.say
    yield Section(
        key="confirmations",
        title=say("先询问谁", "Who is asked first"),
        clauses=tuple(_filtered(each, words.confirmation(each), words) for each in policy.confirmations),
    )
    yield Section(
        key="liability",
        title=say("责任", "Who is liable"),
        about=words.liability(),
        clauses=tuple(_filtered(each, words.liable(each), words) for each in policy.liability.clauses),
    )
    yield Section(
        key="offers",
        title=say("可协商的方案", "What may be offered"),
        clauses=tuple(_filtered(each, words.offer(each), words) for each in policy.offers),
    )
    yield Section(
        key="routes",
        title=say("退款去向", "Where the money goes"),
        clauses=tuple(
            Clause(id=each.id or each.route.value, zh=_plain(each.zh), en=_plain(each.en), does=words.route(each))
            for each in policy.routes
        ),
    )
    yield Section(
        key="review",
        title=say("人工审核与抽查", "People and the audit"),
        clauses=tuple(Clause(id=key, does=does) for key, does in words.people()),
    )
    yield Section(
        key="deadlines",
        title=say("处理期限", "How long each step may take"),
        clauses=tuple(Clause(id=key, does=does) for key, does in words.deadlines()),
    )
    yield Section(
        key="notes",
        title=say("说明", "Notes"),
        clauses=tuple(
            _worded(each.id, each, say("仅公示，不影响决定", "published; decides nothing")) for each in policy.notes
        ),
    )


def _plain(wording: str) -> str:
    """A wording whole (it has 500 characters at most), and nothing in it that deceives."""
    return visible(wording, 500)


def _worded(clause_id: str, wording: Wording, does: str) -> Clause:
    return Clause(id=clause_id, zh=_plain(wording.zh), en=_plain(wording.en), does=does)


def _negative(clause: NegativeClause, words: Words) -> Clause:
    return Clause(
        id=clause.id,
        zh=_plain(clause.zh),
        en=_plain(clause.en),
        does=words.negative(clause),
        scope=words.scope(clause.reasons, clause.goods),
    )


def _filtered(clause: FilteredClause, does: str, words: Words) -> Clause:
    scope = words.scope(clause.reasons, clause.goods, clause.stage)
    return Clause(id=clause.id, zh=_plain(clause.zh), en=_plain(clause.en), does=does, scope=scope)
