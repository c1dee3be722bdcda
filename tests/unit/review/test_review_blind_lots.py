"""The lot that decides which cases are judged before the score is shown: its share, and that it knows nothing else."""

from __future__ import annotations

import random
import uuid

import numpy as np

from service.domain.identifiers import new_id
from service.policy.audit import uniform
from service.review.quality import drawn_blind

SECRET = b"a secret of the test"
N = 20_000


def ids(seed: int) -> list[uuid.UUID]:
    """As they are made: in the order of time, random behind it."""
    chance, first = random.Random(seed), new_id().int >> 80
    return [uuid.UUID(int=((first + n * 50) << 80) | (7 << 76) | chance.getrandbits(76)) for n in range(N)]


def lots(cases: list[uuid.UUID], permille: int = 200, secret: bytes = SECRET) -> np.ndarray:
    return np.array([drawn_blind(secret, "acme", case, permille) for case in cases], dtype=float)


def within(share: float, expected: float, n: int = N) -> bool:
    """Four standard errors: once in 16,000 by chance, and these ids are always the same."""
    return abs(share - expected) < 4 * (expected * (1 - expected) / n) ** 0.5


def test_so_many_of_a_thousand_are_drawn_in_every_stretch_of_time() -> None:
    cases = ids(1)
    for permille in (20, 200, 500):
        drawn = lots(cases, permille)
        assert within(drawn.mean(), permille / 1000)
        assert all(within(part.mean(), permille / 1000, N // 10) for part in np.split(drawn, 10))
    assert lots(cases, 0).sum() == 0
    assert lots(cases, 1000).sum() == N


def test_the_lot_hangs_neither_on_risk_nor_on_the_audits_draw_nor_on_anything_a_case_says() -> None:
    cases, chance = ids(2), np.random.default_rng(2)
    drawn = lots(cases)
    risk, amount = chance.beta(1, 20, N), chance.lognormal(8, 2, N)
    # What is risky comes in bursts, and ids tell the time: neither may show.
    burst = np.sin(np.arange(N) / 40) + chance.normal(0, 0.3, N)
    audit = np.array([uniform(SECRET, "acme", f"ORDER-{n}") for n in range(N)])
    same_secret = np.array([uniform(SECRET, "acme", case.hex) for case in cases])
    for other in (risk, amount, burst, audit, same_secret, np.arange(N)):
        assert abs(np.corrcoef(drawn, other)[0, 1]) < 4 / N**0.5
        upper = other > np.median(other)
        assert within(drawn[upper].mean(), 0.2, int(upper.sum()))


def test_who_does_not_know_the_secret_cannot_foresee_the_lot_and_a_larger_share_keeps_the_smaller() -> None:
    cases = ids(3)
    ours, others, platform = lots(cases), lots(cases, secret=b"another"), "globex"
    elsewhere = np.array([drawn_blind(SECRET, platform, case, 200) for case in cases], dtype=float)
    for guess in (others, elsewhere):
        assert abs(np.corrcoef(ours, guess)[0, 1]) < 4 / N**0.5
    assert not (ours - lots(cases, 300) > 0).any()
    assert (ours == lots(cases)).all()
