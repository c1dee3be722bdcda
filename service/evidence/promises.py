"""Whether a sentence says that money will come back. Requests, questions, conditions, refusals and advice do not."""

from __future__ import annotations

import re

from service.evidence.normalise import clean, compact

_BACK = r"(?:退款|退回|退还|返还|退给|退到|退至|退钱|退费|全额退|原路退|全退|退您|退你|打回|返回)"
_WILL = (
    r"(?:会|将|已经?|马上|立即|立刻|即刻|现在|这边|我们|我这|今[天日晚]|明[天日]|当[天日]|随后|稍后|尽快|同意|安排|正在|"
    r"(?:帮|为|给|替)(?:您|你|亲)|\d+(?:-\d+|[~至到]\d+)?(?:个)?(?:小时|工作日|分钟|天|日)(?:之?内)?|[一二三两]个?(?:工作日|小时|天)(?:之?内)?|"
    r"(?:款项|钱款?|金额|资金|余额))"
)
_PROMISE = re.compile(
    rf"{_WILL}.{{0,24}}{_BACK}|{_BACK}(?:给|到|至)?(?:您|你|亲|原|支付)|{_BACK}(?:成功|已到账|将?会?在.{{0,16}}到账|会.{{0,10}}到账)|"
    rf"(?:帮|为|给|替)(?:您|你|亲)(?:全额|直接|先|马上|立刻|都|把.{{0,8}})?(?:退了?$|退掉|退(?=[,，。!！]))|可以?(?:给|为|帮)(?:您|你|亲).{{0,6}}{_BACK}|{_BACK}(?:已经?)(?:提交|发起|处理|受理|通过|完成|到账|操作)"
)
_REFUSAL = re.compile(
    r"(?:不|没|無|无|未|拒|难以|难|别|勿|禁止|概不|暂停|谢绝|哪有)[^,。]{0,10}(?:退|返还)|退[^,。]{0,3}(?:不了|不到|不成|不回)|"
    r"退(?:款|货)?(?:申请)?(?:已?被)?(?:失败|关闭|驳回|拒绝|取消|不予|未通过|不通过|不支持)|非退|仅?退款?(?:规则|政策|说明|条件|须知)"
)
# Someone else has to act, or something has to hold first.
_OPEN = re.compile(
    r"(?:如果?|若|倘|假如|要是|除非|只有|万一|是否|能否|可否|能不能|可不可以|会不会|有没有|什么时候|何时|多久|怎么|为什么|哪里)|"
    r"(?:请|麻烦|需要?|可以|可|自行|自己|建议|让|去)(?:您|你|亲)?[^,。]{0,12}(?:申请|提交|发起|联系|操作|点击?)[^,。]{0,8}(?:退|售后)|"
    r"(?:需要?|须|等待?|待)[^,。]{0,10}(?:审核|审批|核实|确认|上级|同意|批准)"
)
_QUESTION = re.compile(r"[?？]$|(?:吗|么|呢|嘛)[.。!！~]*$")
_CLAUSE = re.compile(r"(?<=[。！!;；?？\n])|[，,]")

_WILL_EN = (
    r"(?:will|'ll|'ve|shall|have|has|had|is being|are|am|is|was|were|been|going to|can confirm|processed|processing|"
    r"issued?|issuing|initiated|approved|arranged?|sent)"
)
_PROMISE_EN = re.compile(
    rf"\b(?:we|[il]{{1,2}}|your|the|a|full|refund|money|amount|payment|it|you)\b[^.?!;]{{0,40}}{_WILL_EN}\b[^.?!;]{{0,50}}\b"
    r"(?:refund(?:ed|ing|s)?|reimburse[ds]?|money back|credited back|returned (?:the|your|to)|back to your|"
    r"return(?:ing)? (?:the |your |full |whole |entire )*(?:money|amount|payment|funds?|sum|price|cost))\b|"
    r"\b(?:charge|payment|amount|money|sum|cost|price|balance|it)\b[^.?!;]{0,20}\b(?:will|shall|has|have|is|'ll)\b[^.?!;]{0,20}"
    r"\b(?:returned|reversed|credited|paid back|sent back)\b|"
    rf"\brefund\b[^.?!;]{{0,30}}\b(?:{_WILL_EN})\b[^.?!;]{{0,30}}\b"
    r"(?:issued|processed|made|sent|approved|initiated|completed|credited|arrive|reach|receive|be back|on its way)\b|"
    r"\b(?:issued|processed|approved|initiated|arranged) (?:a|your|the) (?:full |partial )?refund|"
    r"\b(?:we|i|finance)(?:'ll|'ve| will| have| are| am|'re|'m| shall)\b[^.?!;]{0,14}"
    r"\b(?:return(?:ed|ing)?|sen(?:d|t|ding)|put(?:ting)?) (?:it|them|this|that|(?:the|this|that) \w+)"
    r"(?: back)? (?:to|on|onto|into) your (?:card|bank|wallet)",
    re.IGNORECASE,
)
_REFUSAL_EN = re.compile(
    r"\b(?:not|cannot|can ?'?t|won ?'?t|unable|no|never|isn ?'?t|aren ?'?t|non|don ?'?t|doesn ?'?t|refuse[ds]?|"
    r"declined?|rejected|denied)\b[^.?!;]{0,40}(?:refund|reimburse|money back|return)|"
    r"refund[^.?!;]{0,30}\b(?:not|denied|declined|rejected|cancelled|unavailable)\b|"
    r"non-?refundable",
    re.IGNORECASE,
)
_OPEN_EN = re.compile(
    r"\b(?:if|whether|unless|once you|when you|please (?:apply|request|submit|contact|open)|"
    r"you (?:can|may|could|need to|should|must) (?:apply|request|submit|ask|open)|may|might|could)\b",
    re.IGNORECASE,
)


def promises_refund(text: str) -> bool:
    """Whether ``text`` affirms, in Chinese or English, that money comes back or has come back."""
    return any(_in_chinese(clause) for clause in _clauses(text)) or any(
        _in_english(sentence) for sentence in re.split(r"(?<=[.!?;])\s", clean(text))
    )


def _clauses(text: str) -> list[str]:
    """Clauses in match form; a condition's clause reads on into the one it governs."""
    found: list[str] = []
    for part in _CLAUSE.split(clean(text)):
        form = compact(part or "").strip()
        if not form:
            continue
        if (
            found
            and re.match(r".{0,2}(?:如果?|若|假如|要是|除非|核实后?如)", found[-1])
            and not re.search(r"[。！!;?？]$", found[-1])
        ):
            found[-1] += "," + form
        else:
            found.append(form)
    return found


def _in_chinese(clause: str) -> bool:
    if _QUESTION.search(clause) or _REFUSAL.search(clause) or _OPEN.search(clause):
        return False
    return bool(_PROMISE.search(clause))


def _in_english(sentence: str) -> bool:
    if "?" in sentence or _REFUSAL_EN.search(sentence) or _OPEN_EN.search(sentence):
        return False
    return bool(_PROMISE_EN.search(sentence))
