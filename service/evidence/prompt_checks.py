"""An error prompt against the reason claimed and against the fulfilment log. Tables by meaning, one row a decision."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.checks import Result
from service.domain.claims import Claim, Fulfilment, FulfilmentState, ReasonCode, UseState
from service.domain.evidence import ErrorCode
from service.evidence.compare import Finding

_E, _R = ErrorCode, ReasonCode
_ABOUT_CODES = frozenset({_E.CODE_INVALID, _E.CODE_USED, _E.CODE_WRONG, _E.EXPIRED, _E.CODE_LOCKED})
_NOTHING_CAME = frozenset({_E.NOT_DELIVERED, _E.TOPUP_FAILED, _E.NO_SUCH_RECORD, _E.OUT_OF_STOCK, _E.NUMBER_NOT_FOUND})
# A code that is good in itself and cannot be used now.
_NOT_TO_BE_USED = frozenset({_E.EXPIRED, _E.CODE_LOCKED, _E.NOT_YET_VALID})

# Prompts that bear a reason out. A limit and a failed verification are the buyer's own affair: they bear out nothing.
_SUPPORTS: Mapping[ReasonCode, frozenset[ErrorCode]] = {
    _R.NOT_DELIVERED: frozenset({_E.NOT_DELIVERED, _E.TOPUP_FAILED, _E.NO_SUCH_RECORD, _E.OUT_OF_STOCK}),
    _R.CODE_INVALID: frozenset({_E.CODE_INVALID, _E.CODE_WRONG, _E.CODE_LOCKED}),
    _R.CODE_ALREADY_USED: frozenset({_E.CODE_USED}),
    _R.USED_WITHOUT_EFFECT: frozenset({_E.NO_SUCH_RECORD, _E.NOT_DELIVERED, _E.TOPUP_FAILED}),
    _R.NOT_AS_DESCRIBED: frozenset({_E.REGION_MISMATCH, _E.EXPIRED, _E.NOT_YET_VALID}),
    _R.SERVICE_ABNORMAL: frozenset({_E.SYSTEM_BUSY, _E.NOT_DELIVERED, _E.NO_SUCH_RECORD}),
    _R.DUPLICATE_PAYMENT: frozenset({_E.DUPLICATE_PAYMENT, _E.PAYMENT_FAILED}),
    _R.PLATFORM_FAULT: frozenset({_E.SYSTEM_BUSY, _E.ORDER_NOT_FOUND, _E.PAYMENT_FAILED, _E.OUT_OF_STOCK}),
    _R.WRONG_TARGET: frozenset({_E.NUMBER_NOT_FOUND, _E.REGION_MISMATCH}),
}
# Prompts that speak against a reason: a code that was tried was delivered; a used code is not an invalid one.
_CONTRADICTS: Mapping[ReasonCode, frozenset[ErrorCode]] = {
    _R.NOT_DELIVERED: _ABOUT_CODES,
    _R.CODE_INVALID: frozenset({_E.CODE_USED}),
    _R.UNUSED_CHANGE_OF_MIND: frozenset({_E.CODE_USED}),
}


def against_reason(code: ErrorCode, reason: ReasonCode) -> Finding:
    if code in _SUPPORTS.get(reason, frozenset()):
        return Finding(Result.PASS, "the prompt bears the reason out")
    if code in _CONTRADICTS.get(reason, frozenset()):
        return Finding(Result.FAIL, "the prompt speaks against the reason")
    return Finding(Result.UNKNOWN, "the prompt neither bears out nor contradicts the reason")


def against_fulfilment(code: ErrorCode, claim: Claim) -> Finding:
    log = claim.fulfilment
    if code is ErrorCode.CODE_USED:
        return _used(log)
    if code in (ErrorCode.CODE_INVALID, ErrorCode.CODE_WRONG):
        return _invalid(log)
    if code in _NOTHING_CAME:
        return _nothing_came(code, claim)
    if code in _NOT_TO_BE_USED and log.use in (UseState.NEVER_VIEWED, UseState.VIEWED):
        return Finding(Result.PASS, "the log shows no activation")
    if code is ErrorCode.CODE_LOCKED and log.use is UseState.VOIDED:
        return Finding(Result.PASS, "the log says it was voided")
    return Finding(Result.UNKNOWN, "the log says nothing about this prompt")


def _used(log: Fulfilment) -> Finding:
    if log.use in (UseState.NEVER_VIEWED, UseState.VIEWED):
        return Finding(Result.FAIL, "the page says used, the log says never activated")
    if log.use in (UseState.ACTIVATED, UseState.PARTLY_USED):
        if log.used_by_claimant is None:
            return Finding(Result.UNKNOWN, "the log shows an activation, but not whose")
        if log.used_by_claimant:
            return Finding(Result.FAIL, "the log says the claimant activated it")
        return Finding(Result.PASS, "the log says somebody else activated it")
    return Finding(Result.UNKNOWN, "the log does not know")


def _invalid(log: Fulfilment) -> Finding:
    if log.use in (UseState.ACTIVATED, UseState.PARTLY_USED):
        return Finding(Result.FAIL, "the page says invalid, the log says it was activated")
    if log.use in (UseState.VIEWED, UseState.VOIDED):
        return Finding(Result.PASS, "the log shows no activation")
    if log.use is UseState.NEVER_VIEWED:
        return Finding(Result.UNKNOWN, "the log says the code was never shown, so what was tried?")
    return Finding(Result.UNKNOWN, "the log does not know")


def _nothing_came(code: ErrorCode, claim: Claim) -> Finding:
    state = claim.fulfilment.state
    if state is FulfilmentState.DELIVERED:
        if claim.reason is ReasonCode.USED_WITHOUT_EFFECT and code is not ErrorCode.OUT_OF_STOCK:
            return Finding(Result.UNKNOWN, "delivered with us and missing there: the operator's word is needed")
        return Finding(Result.FAIL, "the page says it did not come, the log says delivered")
    if state in (FulfilmentState.NOT_DELIVERED, FulfilmentState.FAILED):
        return Finding(Result.PASS, "the log agrees")
    return Finding(Result.UNKNOWN, "the log does not know yet")
