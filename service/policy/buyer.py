"""What the buyer is told: plain words, the next step, the official channel; never how risk was judged.

A message for a person's review hangs on findings marked ``told`` alone, so every kind of suspicion reads the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from service.domain.assessment import BuyerAnswer, Grant, MissingMaterial, ObligationKind, Text
from service.domain.claims import Claim, Route
from service.domain.evidence import Evidence
from service.domain.showing import plain_gaps
from service.policy.findings import Finding, Told
from service.policy.gap_sentences import gap_sentence
from service.policy.grants import route_rule, withdrawable
from service.policy.schema import Policy
from service.policy.timing_parts import BankDetail, RouteRule

_RECEIVED = Text(
    zh="您的退款申请已收到，将由人工复核。",
    en="We have your refund claim; a person will look at it.",
)
_WAIT = Text(zh="您无需重复提交。", en="There is no need to apply again.")
_UNREADABLE = Text(
    zh="有图片无法打开或看不清，您可以在原退款单补充清晰、完整的截图。",
    en="An image could not be opened or made out; you may add a clear, whole screenshot to the same claim.",
)
_ADD_PROOF = Text(
    zh="如有相反的证明，可在原退款单补充。", en="If you have proof to the contrary, add it to the same claim."
)
_IMPRECISE = Text(
    zh="选择更具体的原因会更快：请在原退款单说明发生了什么、有何凭证、希望如何处理。",
    en="A more precise reason is faster: say on the same claim what happened, what shows it, and what you ask for.",
)
_OBLIGATIONS = {
    ObligationKind.VOID_CODE: Text(
        zh="该卡密将被作废，请勿再使用；平台确认作废后付款。",
        en="The code is being voided, so do not use it; the money is released once the platform confirms that.",
    ),
    ObligationKind.RECALL_TOP_UP: Text(
        zh="该笔充值将被撤回；平台确认撤回后付款。",
        en="The top-up is being recalled; the money is released once the platform confirms that.",
    ),
}
# For the case where not even the policy can be relied on.
BARE = BuyerAnswer(message=_RECEIVED, next=_WAIT)


def for_person(policy: Policy, claim: Claim, evidence: Sequence[Evidence], findings: Iterable[Finding]) -> BuyerAnswer:
    found = tuple(findings)
    told = {finding.told: finding for finding in reversed(found) if finding.told is not None}
    message, extra = _RECEIVED, []
    if Told.EXCLUDED in told:
        message = _excluded(told[Told.EXCLUDED])
        extra.append(_ADD_PROOF)
    wrong = list(dict.fromkeys(_wrong_pages(claim, evidence, found)))
    if wrong:
        extra.append(_mend(wrong))
    elif Told.UNREADABLE in told:
        extra.append(_UNREADABLE)
    if Told.IMPRECISE in told:
        extra.append(_IMPRECISE)
    extra += [each.wording for each in found if each.told is Told.ASKED and each.wording is not None]
    return BuyerAnswer(message=message, next=joined(_WAIT, *extra, _promise(policy), official_channel(policy)))


# More would not be read.
_MOST_TOLD = 4


def _wrong_pages(claim: Claim, evidence: Sequence[Evidence], findings: Iterable[Finding]) -> Iterator[Text]:
    """Files that could not be used, then facts that no page shows legibly. It hangs on the pages alone."""
    yield from (each.wording for each in findings if each.told is Told.UNREADABLE and each.wording is not None)
    yield from (gap_sentence(gap) for _, gap in plain_gaps(claim, evidence))


def _mend(wrong: Sequence[Text]) -> Text:
    zh = "；".join(each.zh for each in wrong[:_MOST_TOLD])
    en = "; ".join(each.en for each in wrong[:_MOST_TOLD])
    return Text(
        zh=f"您可以在原退款单补充。{zh}。", en=f"You may add pages to the same claim. {en[:1].upper()}{en[1:]}."
    )


def for_materials(policy: Policy, missing: tuple[MissingMaterial, ...]) -> BuyerAnswer:
    zh, en = "；".join(each.text.zh for each in missing), "; ".join(each.text.en for each in missing)
    term = policy.materials_deadline.text
    return BuyerAnswer(
        message=Text(zh=f"还需要您补充：{zh}。", en=f"We still need from you: {en}."),
        next=joined(
            Text(
                zh=f"请在 {term.zh}内于原退款单补充；逾期未补充，退款单会自动关闭，之后仍可重新打开。",
                en=f"Add it to the same claim within {term.en}; after that the claim lapses, and it can be reopened.",
            ),
            official_channel(policy),
        ),
        missing=missing,
    )


def for_approval(policy: Policy, claim: Claim, grant: Grant) -> BuyerAnswer:
    fee = Text(zh="", en="")
    if grant.fee.minor > 0:
        fee = Text(zh=f"（已扣除手续费 {grant.fee}）", en=f" (after a fee of {grant.fee})")
    return BuyerAnswer(
        message=Text(
            zh=f"您的退款 {grant.amount} 已通过{fee.zh}。", en=f"Your refund of {grant.amount} is approved{fee.en}."
        ),
        next=joined(
            *(_OBLIGATIONS[each] for each in grant.obligations), _arrival(policy, claim), official_channel(policy)
        ),
    )


def _arrival(policy: Policy, claim: Claim) -> Text:
    rule = route_rule(policy, claim)
    if rule is None:
        return Text(zh="", en="")
    arrival = Text(zh=f"退款将{rule.zh}。", en=f"It goes {rule.en}.")
    if rule.buyer_gives:
        arrival = joined(arrival, _asked_of_the_buyer(rule))
    if claim.route is not Route.BALANCE:
        return arrival
    return joined(
        arrival,
        Text(zh="该余额可以提现。", en="This balance can be withdrawn.")
        if withdrawable(rule, claim)
        else Text(zh="请注意：该余额不可提现。", en="Please note: this balance cannot be withdrawn."),
    )


_BANK_DETAILS = {
    BankDetail.HOLDER: Text(zh="持卡人姓名", en="the card's holder"),
    BankDetail.OPENING_BANK: Text(zh="开户行", en="its bank"),
    BankDetail.CARD_NUMBER: Text(zh="卡号", en="its number"),
}


def _asked_of_the_buyer(rule: RouteRule) -> Text:
    zh = "、".join(_BANK_DETAILS[each].zh for each in rule.buyer_gives)
    en = ", ".join(_BANK_DETAILS[each].en for each in rule.buyer_gives)
    return Text(
        zh=f"付款前平台会在官方渠道向您确认：{zh}（须为原付款卡）。",
        en=f"Before paying, the platform asks you in the official channel for {en} (of the card that paid).",
    )


def _excluded(finding: Finding) -> Text:
    wording = finding.wording or finding.text
    return Text(
        zh=f"您的退款申请已收到。按公布的规则「{wording.zh}」，这类情况通常不予退款；将由人工复核后答复您。",
        en=f'We have your refund claim. The published rule "{wording.en}" usually rules this out; '
        "a person will look at it and answer you.",
    )


def _promise(policy: Policy) -> Text:
    term = policy.review_promise.text
    return Text(zh=f"一般在 {term.zh}内答复。", en=f"You will usually hear from us within {term.en}.")


def official_channel(policy: Policy) -> Text:
    channel = policy.official_channel
    return Text(
        zh=f"进度与结果只在官方渠道通知：{channel.zh}。我们不会索要密码、验证码，也不会让您转账。",
        en=f"Progress and result appear only in the official channel: {channel.en}. "
        "We never ask for passwords or codes, nor for a transfer.",
    )


def joined(*texts: Text) -> Text:
    return Text(zh="".join(text.zh for text in texts if text.zh), en=" ".join(text.en for text in texts if text.en))
