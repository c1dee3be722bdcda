"""When a delivery is tried again."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.delivery import ATTEMPTS, DELAYS, Message, SecretBox, SecretUnreadable, new_secret, next_attempt
from service.delivery.schedule import LONGEST_WAIT, retry_after

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
chances = st.floats(0, 1, exclude_max=True)
waits = st.none() | st.timedeltas(timedelta(0), timedelta(days=400))


@given(st.lists(chances, min_size=ATTEMPTS - 1, max_size=ATTEMPTS - 1))
def test_a_receiver_has_a_day_at_least_to_come_back(spread: list[float]) -> None:
    at = NOW
    for attempts, chance in enumerate(spread, start=1):
        following = next_attempt(attempts, at, chance)
        assert following is not None
        assert DELAYS[attempts - 1] <= following - at <= DELAYS[attempts - 1] * 1.2
        at = following
    assert at - NOW >= timedelta(hours=24)
    assert next_attempt(ATTEMPTS, at, 0.0) is None


@given(st.integers(1, ATTEMPTS - 1), chances, waits)
def test_asking_to_wait_only_ever_puts_off_and_never_beyond_a_day(
    attempts: int, chance: float, wait: timedelta | None
) -> None:
    plain, asked = next_attempt(attempts, NOW, chance), next_attempt(attempts, NOW, chance, wait)
    assert plain is not None
    assert asked is not None
    assert asked == max(plain, NOW + min(wait or timedelta(0), LONGEST_WAIT))


@given(st.text(max_size=40))
def test_any_retry_after_is_read_without_harm(header: str) -> None:
    found = retry_after(header, NOW)
    assert found is None or timedelta(0) <= found <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("-5", None), ("1.5", None), ("120", 120), (" 7 ", 7),
        ("99999999999999999999", 86_400), ("٣", None),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime(NOW - timedelta(days=1), usegmt=True), 0),
        (format_datetime(NOW + timedelta(days=9), usegmt=True), 86_400),
    ],
)  # fmt: skip
def test_retry_after_in_seconds_and_as_a_date(header: str | None, seconds: int | None) -> None:
    assert retry_after(header, NOW) == (None if seconds is None else timedelta(seconds=seconds))


def test_a_sealed_secret_opens_only_where_it_belongs() -> None:
    box, endpoint, secret = SecretBox(b"key"), uuid.uuid4(), new_secret()
    sealed = box.seal("acme", endpoint, secret)
    assert secret.encode() not in sealed
    assert box.open("acme", endpoint, sealed) == secret
    for other in (
        lambda: SecretBox(b"another").open("acme", endpoint, sealed),
        lambda: box.open("north", endpoint, sealed),
        lambda: box.open("acme", uuid.uuid4(), sealed),
        lambda: box.open("acme", endpoint, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        lambda: box.open("acme", endpoint, b""),
    ):
        with pytest.raises(SecretUnreadable, match="PREREVIEW_WEBHOOK_SECRET"):
            other()


def test_a_message_in_a_log_shows_no_secret_and_nothing_it_says() -> None:
    secret = new_secret()
    shown = repr(
        Message(
            id="m-1",
            platform_id="acme",
            url="https://shop.example/?token=t-1",
            body=b"A1001",
            secrets=[secret],
            sent_at=NOW,
        )
    )
    assert "m-1" in shown
    assert not any(each in shown for each in (secret, "t-1", "A1001"))
