from __future__ import annotations

import pytest

from service.api.limits import Held, UploadLimits, size
from service.domain.errors import Unavailable


@pytest.mark.parametrize(
    ("count", "text"),
    [(900, "900 bytes"), (256 * 1024, "256 kB"), (10 * 1024 * 1024, "10 MB"), (1536 * 1024, "1.5 MB")],
)
def test_sizes_are_written_as_people_do(count: int, text: str) -> None:
    assert size(count) == text


def test_a_body_within_the_limits_fits_a_request() -> None:
    limits = UploadLimits()
    assert limits.request_bytes > limits.total_bytes + limits.claim_bytes
    assert limits.held_bytes >= limits.request_bytes


def test_room_is_bounded_and_given_back_even_after_an_error() -> None:
    held = Held(100)
    for _ in range(3):
        with held.room(60):
            with pytest.raises(Unavailable), held.room(41):
                pass
            with pytest.raises(KeyError), held.room(40):
                raise KeyError
    with held.room(100):
        pass
