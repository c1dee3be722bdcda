"""Whether the certificate of a threshold covers what is being served."""

from __future__ import annotations

import math
from datetime import datetime

from service.domain.assessment import PlatformMode, Text
from service.domain.certificate import Certificate, Origin, Serving

_SERVED = (
    ("model", "模型", "model"),
    ("features", "特征", "features"),
    ("policy", "规则", "policy"),
    ("reader", "识别器", "reader"),
)


def mismatches(
    certificate: Certificate,
    serving: Serving,
    *,
    platform_id: str,
    mode: PlatformMode,
    as_of: datetime,
    wrong_share_up_to_permille: int,
) -> tuple[Text, ...]:
    """One sentence for each thing that keeps the certificate from holding; empty: it holds.

    Must match: model, features, policy digest, reader; the platform; validity at ``as_of``; an origin that counts in
    this mode; alpha and bound within what the risk owner allows. The rest of a certificate is provenance.
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
    problems += _number_problems(certificate, wrong_share_up_to_permille)
    return tuple(problems)


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
