"""What a claim may say, what is refused, and that every refusal says what to do without repeating the value."""

from __future__ import annotations

import contextlib
import copy
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api import examples
from service.api.schemas.claims import AccountIn, ClaimIn, FulfilmentIn, OrderIn, ProductIn, TermsIn
from service.api.validation import validate
from service.domain import claims as domain
from service.domain.errors import InvalidClaim
from service.domain.money import Money

REMOVE = object()


def changed(path: str, value: Any) -> dict[str, Any]:
    data = copy.deepcopy(examples.CLAIM)
    *parents, last = path.split(".")
    at = data
    for step in parents:
        at = at[step]
    if value is REMOVE:
        del at[last]
    else:
        at[last] = value
    return data


def refused(data: Any) -> list[dict[str, str]]:
    with pytest.raises(InvalidClaim) as refusal:
        validate(ClaimIn, data, InvalidClaim)
    errors: list[dict[str, str]] = refusal.value.extra["errors"]
    return errors


def test_the_example_becomes_the_domains_claim() -> None:
    claim = validate(ClaimIn, examples.CLAIM).to_domain("demo")
    assert claim.platform_id == "demo"
    assert claim.order.amount_paid == Money(2950, "CNY")
    assert claim.order.amount_refunded == Money(0, "CNY")
    assert claim.order.product.face_value == Money(3000, "CNY")
    assert claim.order.paid_at == datetime(2026, 11, 20, 13, 4, 40, tzinfo=UTC)
    assert claim.order.terms.anchor is domain.Anchor.PAID
    assert claim.fulfilment.use is domain.UseState.NEVER_VIEWED
    assert claim.reason is domain.ReasonCode.CODE_INVALID
    assert claim.route is domain.Route.ORIGINAL


@pytest.mark.parametrize(
    ("model", "kind", "extra", "lacking"),
    [
        (AccountIn, domain.Account, set(), set()),
        (ProductIn, domain.Product, set(), set()),
        (TermsIn, domain.ProductTerms, set(), set()),
        (OrderIn, domain.Order, {"currency"}, set()),
        (FulfilmentIn, domain.Fulfilment, set(), set()),
        (ClaimIn, domain.Claim, {"platform"}, {"platform_id"}),
    ],
)
def test_no_field_of_the_domain_is_out_of_reach(model: Any, kind: Any, extra: set[str], lacking: set[str]) -> None:
    assert set(model.model_fields) - extra == {field.name for field in fields(kind)} - lacking


def test_a_foreign_currency_is_a_persons_business_not_an_error() -> None:
    claim = validate(ClaimIn, changed("order.currency", "USD")).to_domain("demo")
    assert {claim.amount_claimed.currency, claim.order.amount_paid.currency} == {"USD"}


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("order.amount_paid", 0, "at least 1"),
        ("order.amount_paid", -5, "at least 1"),
        ("order.amount_paid", 10_000_000_01, "at most 1000000000"),
        ("order.amount_paid", 29.5, "whole number"),
        ("order.amount_paid", 2950.0, "whole number"),
        ("order.amount_paid", "2950", "whole number"),
        ("order.amount_paid", True, "whole number"),
        ("order.amount_paid", None, "whole number"),
        ("amount_claimed", 1e30, "whole number"),
        ("amount_claimed", REMOVE, "is required"),
        ("order.currency", "cny", "must match"),
        ("order.currency", "RMB ", "must match"),
        ("order.currency", "CNY\n", "must match"),
        ("order.ordered_at", "2026-11-20 21:04", "no time zone"),
        ("order.ordered_at", "yesterday", "ISO 8601"),
        ("order.ordered_at", "2026-13-40T00:00:00+08:00", "month must be"),
        ("order.ordered_at", 1_700_000_000, "ISO 8601"),
        ("order.ordered_at", "0001-01-01T00:00:00+08:00", "between the years"),
        ("order.ordered_at", "9999-12-31T23:59:59-08:00", "between the years"),
        ("order.ordered_at", "1999-12-31T23:59:59+00:00", "between the years"),
        ("order.quantity", 0, "at least 1"),
        ("order.cross_border", "no", "true or false"),
        ("order.cross_border", 0, "true or false"),
        ("order.order_number", "", "not be empty"),
        ("order.order_number", "x" * 129, "at most 128"),
        ("order.order_number", " KM1", "blank"),
        ("order.order_number", "KM\n1", "printable"),
        ("order.order_number", "KM\u202e1", "printable"),
        ("order.order_number", 12, "must be text"),
        ("order.product.kind", "car", "must be one of"),
        ("order.product", "game card", "must be an object"),
        ("order.terms.time_limit_hours", 0, "at least 1"),
        ("order.terms.anchor", "refunded_at", "must be one of"),
        ("fulfilment.use", "eaten", "must be one of"),
        ("reason", "bored", "must be one of"),
        ("reason", None, "must be one of"),
        ("route", "cash", "must be one of"),
        ("statement", "很" * 5_001, "at most 5000"),
        ("channel", "API!", "must match"),
        ("surprise", 1, "not a known field"),
        ("account.age", 70, "not a known field"),
        ("account", REMOVE, "is required"),
    ],
)
def test_bad_fields(path: str, value: Any, message: str) -> None:
    errors = refused(changed(path, value))
    assert [error["path"] for error in errors] == [path]
    assert message in errors[0]["message"]


@pytest.mark.parametrize("data", [None, [], "claim", 3, True])
def test_a_claim_is_an_object(data: Any) -> None:
    assert refused(data) == [{"path": "", "message": "must be an object"}]


def test_contradictions_within_the_record() -> None:
    assert "amount_refunded is above" in refused(changed("order.amount_refunded", 3000))[0]["message"]
    used = refused(changed("fulfilment", {"units_total": 30, "units_used": 31}))
    assert used[0] == {"path": "fulfilment", "message": "units_used is above units_total; send the log as it stands"}


def test_many_errors_are_listed_to_a_bound() -> None:
    with pytest.raises(InvalidClaim) as refusal:
        validate(ClaimIn, {**examples.CLAIM, **{f"x{i}": 1 for i in range(80)}}, InvalidClaim)
    assert len(refusal.value.extra["errors"]) == 50
    assert refusal.value.extra["error_count"] == 80


def test_no_message_repeats_what_was_sent() -> None:
    secret = "13812345678secret"
    for path in ("order.amount_paid", "order.ordered_at", "reason", "order.currency", "fulfilment", "route"):
        with pytest.raises(InvalidClaim) as refusal:
            validate(ClaimIn, changed(path, secret), InvalidClaim)
        assert secret not in refusal.value.detail + str(refusal.value.extra)


def test_a_key_of_any_length_is_named_in_short() -> None:
    assert refused({**examples.CLAIM, "k" * 100_000: 1})[0]["path"] == "k" * 80


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
_PATHS = [
    "order",
    "order.ordered_at",
    "order.amount_paid",
    "order.product",
    "account.id",
    "fulfilment",
    "reason",
    "platform",
]


@given(st.sampled_from(_PATHS), _JSON)
def test_anything_is_taken_or_refused_never_an_exception_of_another_kind(path: str, value: Any) -> None:
    data = {**examples.CLAIM, "platform": value} if path == "platform" else changed(path, value)
    with contextlib.suppress(InvalidClaim):
        validate(ClaimIn, data, InvalidClaim).to_domain("demo")


def test_consent_comes_with_a_moment_and_a_purpose() -> None:
    given = {"given_at": "2026-11-20T13:00:00+08:00", "purpose": "Checking who holds the account"}
    claim = validate(ClaimIn, changed("consent", given)).to_domain("demo")
    assert claim.consent == domain.Consent(
        given_at=datetime(2026, 11, 20, 5, tzinfo=UTC), purpose="Checking who holds the account"
    )
    assert validate(ClaimIn, examples.CLAIM).to_domain("demo").consent is None
    for lacking in ("given_at", "purpose"):
        (error,) = refused(changed("consent", {name: given[name] for name in given if name != lacking}))
        assert error["path"] == f"consent.{lacking}"
    (error,) = refused(changed("consent", given | {"purpose": "  "}))
    assert error["path"] == "consent.purpose"
