"""What the buyer is told of each step people take: the reviewer's own words, then what can be done, by when, where."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.assessment import BuyerAnswer, Grant, MissingMaterial, Text
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.deadlines import Deadline
from service.policy.buyer import for_approval, for_materials, joined, official_channel
from service.policy.schema import Policy

_S = CaseState
PENDING = BuyerAnswer(
    message=Text(
        zh="您的退款申请已收到，正在处理。",
        en="Your refund request has been received and is being looked at.",
    ),
    next=Text(
        zh="无需重复提交，请凭退款单号在本平台查看进度。",
        en="There is no need to send it again; follow it here by its case number.",
    ),
)
"""Before anything was decided."""
# For steps that come without a reviewer's words.
BY_STATE: Mapping[CaseState, BuyerAnswer] = {
    state: BuyerAnswer(message=Text(zh=message[0], en=message[1]), next=Text(zh=then[0], en=then[1]))
    for state, message, then in (
        (
            _S.AWAITING_SUPPLIER,
            ("正在向供应商或商家核实。", "We are asking the supplier or the seller."),
            ("您无需操作，有结果会在此更新。", "There is nothing to do; the answer will show here."),
        ),
        (
            _S.COUNTERED,
            ("您的还价已收到，审核员会答复。", "We have your counter-offer; a reviewer will answer."),
            ("您无需操作，请留意进度。", "There is nothing to do; please follow the progress here."),
        ),
        (
            _S.WITHDRAWN,
            ("您的退款申请已撤回。", "Your refund claim is withdrawn."),
            ("如仍需要退款，可在时限内重新申请。", "If you still want a refund, apply again within the time limit."),
        ),
        (
            _S.LAPSED,
            ("退款单已因超时关闭。", "The case has lapsed: something was due and did not come in time."),
            ("您可以重新打开退款单并补充材料。", "You may reopen it and add what was asked for."),
        ),
        (
            _S.PAID,
            ("退款已支付。", "The refund has been paid."),
            (
                "请留意到账；如未到账，请联系平台官方渠道。",
                "Please watch for it; if it does not arrive, ask the platform.",
            ),
        ),
        (
            _S.PAYMENT_FAILED,
            ("退款支付未成功，平台正在处理。", "The payment did not go through; the platform is on it."),
            ("您无需重新申请。", "There is no need to apply again."),
        ),
        (
            _S.REVERSED,
            ("该笔退款已被撤销。", "The refund has been reversed."),
            ("如有疑问，请联系平台官方渠道。", "If you have questions, ask the platform through its official channel."),
        ),
        (
            _S.APPEALED,
            ("您的申诉已收到。", "We have your appeal."),
            ("将由未参与过本单的审核员复核。", "Somebody who has not handled the case before will look at it."),
        ),
        (
            _S.IN_SECOND_REVIEW,
            ("您的申诉正在复核。", "Your appeal is being looked at."),
            ("复核人员未参与过本单此前的处理。", "By somebody who has not handled the case before."),
        ),
        (
            _S.ARBITRATION,
            ("您的退款单已进入仲裁。", "Your case is in arbitration."),
            ("仲裁结果将记录并执行。", "The ruling will be recorded and is binding."),
        ),
        (
            _S.CLOSED,
            ("退款单已结案。", "The case is closed."),
            ("如有疑问，请联系平台官方渠道。", "If you have questions, ask the platform through its official channel."),
        ),
    )
}


RETURNED = BuyerAnswer(
    message=Text(
        zh="退款暂未完成，已转由人工继续处理。",
        en="The refund could not be completed yet; a person goes on with it.",
    ),
    next=Text(
        zh="您无需重新申请，有结果会在此更新。", en="There is no need to apply again; the answer will show here."
    ),
)
"""What was granted could not be carried out."""


def granted(policy: Policy, claim: Claim, grant: Grant, words: str) -> BuyerAnswer:
    """``words``: the reviewer's, to the buyer."""
    rules = for_approval(policy, claim, grant)
    return BuyerAnswer(message=_said(words), next=joined(rules.message, rules.next))


def rejected(policy: Policy, basis: Text, deadline: Deadline | None, words: str) -> BuyerAnswer:
    """``basis``: the clause's wording; ``deadline``: to appeal."""
    return BuyerAnswer(
        message=_said(words),
        next=joined(
            Text(zh=f"依据：{basis.zh}。", en=f"The basis: {basis.en}."),
            Text(
                zh=f"如不认可，可提交新的证据或说明申诉{_until(policy, deadline).zh}，由另一位审核员复核。",
                en="If you disagree, you may appeal with new evidence or a new statement"
                f"{_until(policy, deadline).en}; another reviewer will look.",
            ),
            official_channel(policy),
        ),
    )


def final(policy: Policy, words: str) -> BuyerAnswer:
    """A ruling against the claim: binding, so there is nothing left to do here."""
    return BuyerAnswer(message=_said(words), next=official_channel(policy))


def asked(policy: Policy, missing: tuple[MissingMaterial, ...], deadline: Deadline | None, words: str) -> BuyerAnswer:
    rules = for_materials(policy, missing)
    until = _until(policy, deadline)
    return BuyerAnswer(
        message=joined(_said(words), rules.message) if words else rules.message,
        next=joined(
            Text(
                zh=f"请于原退款单补充{until.zh}；逾期退款单会关闭，之后仍可重新打开。",
                en=f"Add it to the same claim{until.en}; after that the claim lapses, and it can be reopened.",
            ),
            official_channel(policy),
        ),
        missing=missing,
    )


def offered(policy: Policy, grant: Grant, deadline: Deadline | None, words: str) -> BuyerAnswer:
    until = _until(policy, deadline)
    return BuyerAnswer(
        message=_said(words),
        next=joined(
            Text(
                zh=f"平台提议退款 {grant.amount}。您可以接受、还价或拒绝{until.zh}；拒绝不影响后续处理。",
                en=f"The platform offers {grant.amount}. You may accept, counter or decline{until.en}; "
                "declining is not held against you.",
            ),
            official_channel(policy),
        ),
    )


def _said(words: str) -> Text:
    return Text(zh=words, en=words)


def _until(policy: Policy, deadline: Deadline | None) -> Text:
    if deadline is None:
        return Text(zh="", en="")
    local = f"{deadline.due_at.astimezone(policy.time_zone):%Y-%m-%d %H:%M}"
    return Text(zh=f"（{local} 前）", en=f" until {local}")
