"""What the data scientists' codes are called, in both languages."""

from __future__ import annotations

from service.console.words import Names
from service.domain.assessment import Text
from service.domain.certificate import Origin
from service.domain.labels import LabelSource

LEVELS: Names = {
    "stable": Text(zh="稳定", en="stable"),
    "watch": Text(zh="留意", en="watch"),
    "act": Text(zh="需处理", en="act"),
    "unclear": Text(zh="数据不足", en="too few"),
}
ORIGINS: Names = {
    Origin.SIMULATED: Text(zh="模拟数据（演示之外无效）", en="simulated (void outside a demo)"),
    Origin.OBSERVED: Text(zh="观察数据", en="observed"),
    Origin.LIVE: Text(zh="线上数据", en="live"),
}
SOURCES: Names = {
    LabelSource.REVIEW: Text(zh="日常审核", en="ordinary review"),
    LabelSource.AUDIT: Text(zh="抽查（盲审）", en="audit, blind"),
    LabelSource.ADJUDICATION: Text(zh="裁定", en="adjudication"),
    LabelSource.RECORD: Text(zh="系统记录", en="the system's record"),
    LabelSource.APPEAL: Text(zh="申诉", en="appeal"),
    LabelSource.CHARGEBACK: Text(zh="拒付", en="chargeback"),
}
KINDS: Names = {
    "both": Text(zh="两者都会通过", en="both would approve"),
    "only champion": Text(zh="仅现用模型", en="only the champion"),
    "only shadow": Text(zh="仅影子模型", en="only the shadow"),
    "neither": Text(zh="两者都不通过", en="neither"),
}
CHANGES: Names = {
    "promoted": Text(zh="上线", en="promoted"),
    "rolled_back": Text(zh="回退", en="rolled back"),
    "shadowed": Text(zh="开始影子运行", en="made the shadow"),
    "shadow_ended": Text(zh="结束影子运行", en="shadow ended"),
}
