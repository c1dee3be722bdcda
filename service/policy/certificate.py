"""Whether the certificate of a threshold covers what is being served."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

from service.domain.assessment import PlatformMode, Text
from service.domain.certificate import Certificate, Origin, Serving
from service.policy.budgets import EntityLimit

_SERVED = (
    ("model", "模型", "model"),
    ("features", "特征", "features"),
    ("policy", "规则", "policy"),
    ("reader", "识别器", "reader"),
)


def threshold_at_work(certificate: Certificate, limits: Mapping[str, float]) -> float:
    """The certified threshold, or what two people have tightened it to under this certificate, if that is lower.

    ``limits``: by certificate. One that cannot be read approves nothing; none can ever raise the threshold.
    """
    limit = limits.get(certificate.id)
    if limit is None:
        return certificate.threshold
    return min(certificate.threshold, limit) if 0.0 <= limit <= 1.0 else -1.0


def mismatches(
    certificate: Certificate,
    serving: Serving,
    *,
    platform_id: str,
    mode: PlatformMode,
    as_of: datetime,
    wrong_share_up_to_permille: int,
    entity_limit: EntityLimit | None = None,
) -> tuple[Text, ...]:
    """One sentence for each thing that keeps the certificate from holding; empty: it holds.

    Must match: model, features, policy digest, reader; the platform; validity at ``as_of``; an origin that counts in
    this mode; alpha and bound within what the risk owner allows; and ``entity_limit``, what the budgets hold account,
    device and payer to, no looser than what was certified. The rest of a certificate is provenance.
    """
    problems = [
        Text(
            zh=f"证书针对的{zh}是 {getattr(certificate, name)}，当前使用的是 {getattr(serving, name)}",
            en=f"the certificate is for {en} {getattr(certificate, name)}, but {getattr(serving, name)} is serving",
        )
        for name, zh, en in _SERVED
        if getattr(certificate, name) != getattr(serving, name)
    ]
    if platform_id not in certificate.platforms:
        problems.append(Text(zh=f"证书不适用于平台 {platform_id}", en=f"the certificate is not for {platform_id}"))
    if not as_of < certificate.expires_at:
        day = f"{certificate.expires_at:%Y-%m-%d}"
        problems.append(Text(zh=f"证书已于 {day} 到期", en=f"the certificate expired on {day}"))
    if certificate.origin is Origin.SIMULATED and mode is not PlatformMode.DEMO:
        problems.append(
            Text(zh="证书来自模拟数据，只在演示平台有效", en="the certificate comes from simulated data: demo only")
        )
    if certificate.pooled and certificate.holds_per_platform:
        problems.append(
            Text(
                zh="多个平台合并的证书不对单个平台成立，而该证书如此声称",
                en="a certificate pooled over platforms holds for none of them by itself, but this one says it does",
            )
        )
    problems += _number_problems(certificate, wrong_share_up_to_permille)
    problems += _entity_problems(certificate, entity_limit)
    return tuple(problems)


def _entity_problems(certificate: Certificate, held: EntityLimit | None) -> list[Text]:
    """A certificate drawn while nobody could take more than a limit says nothing of a platform that lets them."""
    cap, hours = certificate.entity_cap_minor, certificate.entity_window_hours
    if cap is None or hours is None or (held is not None and held.amount <= cap and held.window_hours >= hours):
        return []
    return [
        Text(
            zh=f"证书以每个账号、设备、付款人在 {hours} 小时内至多 {cap} 分为前提，当前预算没有这样限制",
            en=f"the certificate rests on at most {cap} minor units in {hours} hours for each account, device and "
            "payer, and the budgets at work do not hold them to it",
        )
    ]


def _number_problems(certificate: Certificate, wrong_share_up_to_permille: int) -> list[Text]:
    problems = []
    if not (math.isfinite(certificate.threshold) and 0 <= certificate.threshold <= 1):
        problems.append(Text(zh="证书的阈值不是概率", en="the certificate's threshold is not a probability"))
    allowed = wrong_share_up_to_permille / 1000
    if not certificate.alpha <= allowed:
        problems.append(
            Text(
                zh=f"证书的 α={certificate.alpha:g} 高于平台允许的 {allowed:g}",
                en=f"the certificate's alpha {certificate.alpha:g} is above the {allowed:g} this platform allows",
            )
        )
    if not certificate.bound <= certificate.alpha:
        problems.append(
            Text(
                zh=f"证书的上界 {certificate.bound:g} 高于其 α={certificate.alpha:g}",
                en=f"the certificate's bound {certificate.bound:g} is above its own alpha {certificate.alpha:g}",
            )
        )
    return problems
