"""Which materials a claim still lacks, and exactly what the buyer is asked to send."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from service.domain.assessment import MissingMaterial, Text
from service.domain.claims import Claim
from service.domain.evidence import Failed, FieldName, Gap, GapKind, PageKind, Read
from service.domain.identifiers import fold_identifier
from service.domain.showing import PLAIN, facts_shown, plain_gaps
from service.policy.clause_parts import MaterialsClause, MaterialsWhen
from service.policy.clauses import Facts
from service.policy.gap_sentences import FILES, UNUSABLE_AS_SENT, gap_sentence
from service.policy.log_clauses import log_proves
from service.policy.parts import CoreFact, Material
from service.policy.schema import Policy

# Of each group one fact is enough; the first is the one that is asked for.
SHOWN_AS: Mapping[CoreFact, tuple[FieldName, ...]] = {
    CoreFact.NUMBER: (FieldName.ORDER_NUMBER, FieldName.TRADE_NUMBER),
    CoreFact.ORDER_NUMBER: (FieldName.ORDER_NUMBER,),
    CoreFact.TRADE_NUMBER: (FieldName.TRADE_NUMBER,),
    CoreFact.AMOUNT: (FieldName.AMOUNT,),
    CoreFact.TIME: (FieldName.ORDERED_AT, FieldName.PAID_AT),
    CoreFact.PAYEE: (FieldName.PAYEE,),
    CoreFact.PROMPT: (FieldName.ERROR_PROMPT,),
}


def missing_materials(facts: Facts) -> tuple[MissingMaterial, ...]:
    """What the reason needs and no page of the order shows; nothing where the platform's own log proves the claim.

    A page that is there and hides what it must show is asked for again, with what is wrong with it.
    """
    rule = facts.policy.reasons.get(facts.claim.reason)
    codes = () if rule is None or log_proves(facts) else rule.materials
    further = (code for clause in further_clauses(facts.policy, facts.claim) for code in clause.materials)
    kinds = {item.page.kind for item in facts.evidence if item.page is not None and isinstance(item.outcome, Read)}
    found = []
    for code in dict.fromkeys((*codes, *further)):
        material = facts.policy.materials[code]
        if not _present(material, kinds, facts.claim):
            found.append(MissingMaterial(code=code, text=_asked(facts, material)))
        elif wrong := list(_not_shown(facts, material)):
            found.append(MissingMaterial(code=code, text=_joined([*wrong, *_unusable(facts)])))
    return tuple(found)


def further_clauses(policy: Policy, claim: Claim) -> Iterator[MaterialsClause]:
    """The clauses that ask this claim for more than its reason does."""
    for clause in policy.further_materials:
        if clause.concerns(claim) and _FURTHER[clause.when](policy, claim, clause):
            yield clause


_FURTHER: Mapping[MaterialsWhen, Callable[[Policy, Claim, MaterialsClause], bool]] = {
    MaterialsWhen.ALWAYS: lambda _policy, _claim, _clause: True,
    MaterialsWhen.CROSS_BORDER: lambda _policy, claim, _clause: claim.order.cross_border,
    MaterialsWhen.AMOUNT_FROM: lambda policy, claim, clause: (
        claim.amount_claimed.currency == policy.currency
        and clause.amount_from_minor is not None
        and claim.amount_claimed.minor >= clause.amount_from_minor
    ),
}


def _unusable(facts: Facts) -> Iterator[Text]:
    """What is wrong with files that nobody can open as they were sent: one of them may be the page that is missing."""
    for item in facts.evidence:
        if isinstance(item.outcome, Failed) and item.outcome.reason in UNUSABLE_AS_SENT:
            yield FILES[item.outcome.reason]


def _joined(texts: Iterable[Text]) -> Text:
    each = list(dict.fromkeys(texts))
    return Text(zh="；".join(text.zh for text in each), en="; ".join(text.en for text in each))


def _present(material: Material, kinds: set[PageKind], claim: Claim) -> bool:
    if material.statement_characters is not None:
        stood_in = material.page_stands_in and bool(kinds)
        return stood_in or _says_enough(material, claim, material.statement_characters)
    return not kinds.isdisjoint(material.shown_by)


def _says_enough(material: Material, claim: Claim, characters: int) -> bool:
    """Whether the statement is long enough, without what says nothing where the policy lists such phrases."""
    said = "".join(claim.statement.split())
    if material.names_order and fold_identifier(claim.order.order_number) not in fold_identifier(said):
        return False
    if material.vague_phrases:
        said = _words(said)
        for phrase in sorted((_words(each) for each in material.vague_phrases), key=len, reverse=True):
            said = said.replace(phrase, "") if phrase else said
    return len(said) >= characters


def _words(text: str) -> str:
    """Letters and digits alone, in lower case: blanks, marks and signs say nothing."""
    return "".join(each for each in text.casefold() if each.isalnum())


def _asked(facts: Facts, material: Material) -> Text:
    """The published words; where something came of which nobody can say that it is such a page, why that is so."""
    gaps = [
        gap
        for item in facts.evidence
        if item.page is not None and item.page.kind is PageKind.UNKNOWN
        for gap in item.page.gaps
        if gap.field is None and (gap.kind in PLAIN or gap.kind is GapKind.WRONG_KIND)
    ]
    # What cannot be made out may well be the right page; only what can is another one.
    wrong = [gap_sentence(gap) for gap in sorted(gaps, key=lambda gap: gap.kind is GapKind.WRONG_KIND)[:1]]
    wrong += _unusable(facts)
    if not wrong or not material.shown_by:
        return material.text
    why = _joined(wrong)
    return Text(zh=f"{material.zh}（{why.zh}）", en=f"{material.en} ({why.en})")


def _not_shown(facts: Facts, material: Material) -> Iterator[Text]:
    """For each fact the material must show and no page does: why, as far as the pages say."""
    shown = facts_shown(facts.claim, facts.evidence)
    gaps = [
        gap
        for item, gap in plain_gaps(facts.claim, facts.evidence)
        if item.page is not None and item.page.kind in material.shown_by
    ]
    for fact in material.must_show:
        names = SHOWN_AS[fact]
        if shown.isdisjoint(names):
            reasons = [gap for gap in gaps if gap.field in names] or [gap for gap in gaps if gap.field is None]
            yield gap_sentence(reasons[0] if reasons else Gap(kind=GapKind.NOT_SHOWN, field=names[0]))
