"""What dry runs and back-tests tell, in both languages."""

from __future__ import annotations

import re

from service.console.words import Names
from service.domain.assessment import Decision, ObligationKind, Recommendation, Text
from service.review.policy_trials import CERTIFIED, RULES_ALONE, VOID

FACTS: Names = {
    "decision": Text(zh="决定", en="decision"),
    "approval_class": Text(zh="通过方式", en="way of approval"),
    "amount": Text(zh="退款金额", en="amount"),
    "fee": Text(zh="手续费", en="fee"),
    "route": Text(zh="退款去向", en="route"),
    "obligations": Text(zh="平台须做", en="obligations"),
    "recommendation": Text(zh="给审核员的建议", en="recommendation"),
    "clauses": Text(zh="适用条款", en="clauses"),
    "missing": Text(zh="缺少的材料", en="missing material"),
    "lane": Text(zh="通道", en="lane"),
    "senior": Text(zh="须高级审核员", en="for a senior"),
    "second_review": Text(zh="须第二人复核", en="second review"),
}
DECISIONS: Names = {
    Decision.AUTO_APPROVED: Text(zh="自动通过", en="approved automatically"),
    Decision.MANUAL_REVIEW: Text(zh="人工审核", en="a person decides"),
    Decision.MATERIALS_NEEDED: Text(zh="补充材料", en="material is asked for"),
    Recommendation.APPROVE: Text(zh="建议通过", en="approve"),
    Recommendation.APPROVE_PARTIALLY: Text(zh="建议部分通过", en="approve in part"),
    Recommendation.REVIEW: Text(zh="请审核", en="review"),
    Recommendation.REJECT: Text(zh="建议拒绝", en="reject"),
    Recommendation.ASK_FOR_MATERIALS: Text(zh="建议索要材料", en="ask for material"),
}
OBLIGATIONS: Names = {
    ObligationKind.VOID_CODE: Text(zh="作废卡密", en="void the code"),
    ObligationKind.RECALL_TOP_UP: Text(zh="撤回充值", en="recall the top-up"),
}
_ZH = {
    RULES_ALONE: "两边都只看规则本身，不考虑运行模式、放行比例、额度和抽查。",
    VOID: "新文本改变了决定规则，现有证书不再有效：在签发新证书之前，不会按低风险自动通过。",
    CERTIFIED: "这里假设阈值对新文本也已获认证；实际运行时要等证书签发后才成立。",
    "The policy of then cannot be read any more; before is the answer as it was stored.": (
        "当时的规则已无法读取，“之前”一列是当时保存的答复。"
    ),
    "Both sides are what the rules say, before mode, share approved and the audit draw; budgets start empty.": (
        "两边都只看规则本身，不考虑运行模式、放行比例和抽查；额度从零开始计算。"
    ),
    "Buyers are taken to claim as they did: nobody adapts to the other answers.": (
        "假设买家仍按原来的方式申请，不会因答复不同而改变。"
    ),
}
_COUNTED = re.compile(r"(?P<count>[\d,]+) cases are answered otherwise by the rules of then today: .*", re.DOTALL)


def said(note: str, language: str) -> str:
    """A note of a dry run or back-test; as it is where there is no Chinese for it."""
    if language == "en":
        return note
    counted = _COUNTED.fullmatch(note)
    if counted is not None:
        return f"{counted['count']} 个案件用当时的规则重新判断，与当时的答复不同：代码或模型此后有变化。"
    return _ZH.get(note, note)
