"""Evidence: what the pages say against the record, and how well they could be read."""

from __future__ import annotations

from collections.abc import Callable

from service.domain.checks import CheckCode, Result
from service.features.facts import Facts
from service.features.feature import Feature, Group, Unit, text

_PASS, _FAIL = Result.PASS.rank, Result.FAIL.rank
# A page that bears these out belongs to this very order.
CORE_CHECKS = (
    CheckCode.ORDER_NUMBER,
    CheckCode.TRADE_NUMBER,
    CheckCode.AMOUNT,
    CheckCode.ORDERED_AT,
    CheckCode.PAID_AT,
)
# Beyond this many, more pages say nothing more.
_PAGES_COUNTED = 4
_GAPS_COUNTED = 6
_PLACES_COUNTED = 3
_RESULTS = (text("相符", "agrees"), text("无法核对", "could not be checked"), text("不符", "contradicts the record"))
_READABLE = (text("可读", "readable"), text("未知", "unknown"), text("不可读", "not readable"))

_SUBJECTS = {
    CheckCode.ORDER_NUMBER: text("截图订单号", "Order number on the pages"),
    CheckCode.TRADE_NUMBER: text("截图交易单号", "Trade number on the pages"),
    CheckCode.AMOUNT: text("截图金额", "Amount on the pages"),
    CheckCode.ORDERED_AT: text("截图下单时间", "Order time on the pages"),
    CheckCode.PAID_AT: text("截图支付时间", "Payment time on the pages"),
    CheckCode.PRODUCT: text("截图商品", "Product on the pages"),
    CheckCode.PAYEE: text("截图收款方", "Payee on the pages"),
    CheckCode.RECHARGED_ACCOUNT: text("截图充值账号", "Recharged account on the pages"),
    CheckCode.PAYMENT_STATE: text("截图支付状态", "Payment state on the pages"),
    CheckCode.PROMPT_REASON: text("错误提示与申请理由", "Error prompt against the reason"),
    CheckCode.PROMPT_FULFILMENT: text("错误提示与交付记录", "Error prompt against the delivery log"),
    CheckCode.EVIDENCE_READABLE: text("凭证可读性", "Readability of the evidence"),
    CheckCode.EVIDENCE_COMPLETE: text("凭证完整性", "Completeness of the evidence"),
    CheckCode.EVIDENCE_ORIGINAL: text("凭证是否首次使用", "Evidence seen for no other order"),
    CheckCode.IDENTITY: text("身份证明", "Identity proof"),
}


def _check(code: CheckCode) -> Feature:
    subject = _SUBJECTS[code]
    return Feature(
        name=f"check_{code.value}",
        unit=Unit.LEVEL,
        direction=1,
        group=Group.EVIDENCE,
        description=subject,
        sentence=text(f"{subject.zh}：{{value}}", f"{subject.en}: {{value}}"),
        compute=lambda facts: float(facts.ranks[code]),
        levels=_READABLE if code is CheckCode.EVIDENCE_READABLE else _RESULTS,
    )


def _failed_share(facts: Facts) -> float:
    return facts.reading.failed / facts.reading.files if facts.reading.files else 0.0


# Counted as "failed" and "failed or unknown", never "unknown" alone: that one falls when an unknown turns into a fail,
# and with any direction but 0 it would let a contradiction lower the risk.
_COUNTS = (
    Feature(
        name="checks_failed",
        unit=Unit.COUNT,
        direction=1,
        group=Group.EVIDENCE,
        description=text("不符的核对项数", "Checks that contradict the record"),
        sentence=text("{value} 项核对不符", "{value} check{s} against the record failed"),
        compute=lambda facts: float(sum(rank == _FAIL for rank in facts.ranks.values())),
    ),
    Feature(
        name="checks_not_passed",
        unit=Unit.COUNT,
        direction=1,
        group=Group.EVIDENCE,
        description=text("未通过（不符或无法核对）的核对项数", "Checks that did not pass: failed or unknown"),
        sentence=text("{value} 项核对未通过或无法核对", "{value} check{s} failed or could not be made"),
        compute=lambda facts: float(sum(rank != _PASS for rank in facts.ranks.values())),
    ),
    Feature(
        name="core_checks_passed",
        unit=Unit.COUNT,
        direction=-1,
        group=Group.EVIDENCE,
        description=text("相符的关键项数（单号、金额、时间）", "Key checks that pass: numbers, amount, times"),
        sentence=text("{value} 项关键信息与记录相符", "{value} key fact{s} confirmed by the record"),
        compute=lambda facts: float(sum(facts.ranks[code] == _PASS for code in CORE_CHECKS)),
    ),
)


def _score(name: str, zh: str, en: str, compute: Callable[[Facts], float]) -> Feature:
    return Feature(
        name=name,
        unit=Unit.SHARE,
        direction=-1,
        group=Group.EVIDENCE,
        description=text(f"{zh}（无页为0）", f"{en}, 0 without a page"),
        sentence=text(f"{zh} {{value}}", f"{en}: {{value}}"),
        compute=compute,
    )


_READING = (
    Feature(
        name="evidence_failed_share",
        unit=Unit.SHARE,
        direction=1,
        group=Group.EVIDENCE,
        description=text("无法读取的文件占比", "Share of the files that could not be read"),
        sentence=text("{value} 的文件无法读取", "{value} of the files could not be read"),
        compute=_failed_share,
    ),
    Feature(
        name="pages_read",
        unit=Unit.COUNT,
        direction=-1,
        group=Group.EVIDENCE,
        description=text(
            f"读到文字的页数（至多计{_PAGES_COUNTED}页）", f"Pages with text, at most {_PAGES_COUNTED} counted"
        ),
        sentence=text("读到文字的凭证 {value} 页", "{value} page{s} of evidence with text"),
        compute=lambda facts: float(min(facts.reading.pages, _PAGES_COUNTED)),
    ),
    Feature(
        name="evidence_gaps",
        unit=Unit.COUNT,
        direction=1,
        group=Group.EVIDENCE,
        description=text(
            f"截图上被截掉、遮挡或看不清的信息数（至多计{_GAPS_COUNTED}项）",
            f"Facts cut off, covered or illegible on the pages, at most {_GAPS_COUNTED} counted",
        ),
        sentence=text("截图上有 {value} 项信息被截掉、遮挡或看不清", "{value} fact{s} cut off, covered or illegible"),
        compute=lambda facts: float(min(facts.reading.gaps, _GAPS_COUNTED)),
    ),
    Feature(
        name="tamper_strength",
        unit=Unit.SHARE,
        direction=1,
        group=Group.EVIDENCE,
        description=text(
            "截图上最可疑处的改动痕迹强度（无痕迹为0）",
            "Strength of the strongest trace of editing on the pages, 0 without one",
        ),
        sentence=text("截图上疑似改动痕迹的强度 {value}", "Strongest trace of editing on the pages: {value}"),
        compute=lambda facts: facts.reading.tamper_strength,
    ),
    Feature(
        name="tamper_places",
        unit=Unit.COUNT,
        direction=1,
        group=Group.EVIDENCE,
        description=text(
            f"截图上明显疑似改动的处数（至多计{_PLACES_COUNTED}处）",
            f"Places on the pages that look clearly worked over, at most {_PLACES_COUNTED} counted",
        ),
        sentence=text("截图上有 {value} 处明显疑似改动", "Pages with {value} clear trace{s} of editing"),
        compute=lambda facts: float(min(facts.reading.tamper_places, _PLACES_COUNTED)),
    ),
    _score(
        "reading_score_lowest",
        "最差一页的识别置信度",
        "Recognition score of the worst page",
        lambda facts: facts.reading.lowest_page_score,
    ),
    _score("reading_score_mean", "平均识别置信度", "Mean recognition score", lambda facts: facts.reading.mean_score),
)

EVIDENCE_FEATURES: tuple[Feature, ...] = (*(_check(code) for code in CheckCode), *_COUNTS, *_READING)
