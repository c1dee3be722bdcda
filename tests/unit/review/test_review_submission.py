"""What makes two requests the same, and which moments are refused."""

from __future__ import annotations

import copy
import hashlib
import itertools
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from service.api import examples
from service.api.schemas.claims import ClaimIn
from service.domain.clock import FUTURE_TOLERANCE
from service.domain.errors import InvalidClaim
from service.review.requests import Submission, UploadedFile
from service.review.submissions import body_digest, refuse_future

HASHES = [hashlib.sha256(name.encode()).hexdigest() for name in ("a", "b", "c")]
NOW = datetime(2026, 11, 21, 9, 31, tzinfo=UTC)


def turned(value: object) -> object:
    """The same JSON with the keys of every object in reverse order."""
    if isinstance(value, dict):
        return {key: turned(item) for key, item in reversed(value.items())}
    return [turned(item) for item in value] if isinstance(value, list) else value


def test_the_order_of_keys_and_files_and_the_spacing_mean_nothing() -> None:
    claim = examples.CLAIM
    expected = body_digest(claim, HASHES)
    respaced = orjson.loads(orjson.dumps(claim, option=orjson.OPT_INDENT_2))
    other = turned(claim)
    assert isinstance(other, dict)
    assert list(other) != list(claim)
    for order in itertools.permutations(HASHES):
        assert body_digest(other, order) == body_digest(respaced, order) == expected


@pytest.mark.parametrize("path", [("statement",), ("amount_claimed",), ("order", "paid_at"), ("account", "id")])
def test_any_other_content_is_another_request(path: tuple[str, ...]) -> None:
    changed = copy.deepcopy(examples.CLAIM)
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = "2026-11-20T00:00:00+08:00"
    assert body_digest(changed, HASHES) != body_digest(examples.CLAIM, HASHES)


def test_other_files_are_another_request() -> None:
    digests = {body_digest(examples.CLAIM, hashes) for hashes in ([], HASHES[:1], HASHES[:2], HASHES)}
    assert len(digests) == 4


def submission(**moments: datetime) -> Submission:
    data = copy.deepcopy(examples.CLAIM)
    for path, moment in moments.items():
        part, _, name = path.partition("__")
        data[part][name] = moment.isoformat()
    claim = ClaimIn.model_validate(data).to_domain("demo")
    return Submission(claim=claim, claim_data=data, files=(), idempotency_key="k")


MOMENTS = (
    "order__ordered_at", "order__paid_at", "order__confirmed_at", "fulfilment__delivered_at",
    "fulfilment__activated_at",
)  # fmt: skip


@pytest.mark.parametrize("path", MOMENTS)
def test_a_moment_in_the_future_is_refused_by_name(path: str) -> None:
    late = NOW + FUTURE_TOLERANCE + timedelta(seconds=1)
    with pytest.raises(InvalidClaim) as refused:
        refuse_future(submission(**{path: late}), NOW)
    assert [error["path"] for error in refused.value.extra["errors"]] == [path.replace("__", ".")]


def test_clocks_may_differ_a_little() -> None:
    refuse_future(submission(**dict.fromkeys(MOMENTS, NOW + FUTURE_TOLERANCE)), NOW)


def test_an_uploads_bytes_stay_out_of_its_representation() -> None:
    assert "secret" not in repr(UploadedFile(name="a.png", data=b"secret"))
