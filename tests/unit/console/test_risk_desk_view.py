"""The risk desk's drawings and what it says of safety."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from service.console.risk_desk.plots import days_plot, sequence_plot, tradeoff_plot
from service.console.risk_desk.view import Level, view
from service.console.risk_desk.words import METHODS
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import PlatformMode, Text
from service.domain.certificate import Certificate, Origin
from service.domain.incidents import Incident, Struck
from service.domain.proposals import Proposal, ProposalKind
from service.domain.risk_figures import DayFigures
from service.policy import load_platform_policy
from service.policy.intervals import Method
from service.policy.tradeoff import Past, PastClaim, Standing, curve, effect
from service.review.auditing import Observed, SequencePoint
from service.review.auditing import Standing as Audited
from service.review.budgeting import Fill
from service.review.risk_desk import OBLIGATIONS_COUNTED, RiskOverview
from service.store.platforms import Platform, Stopped, Tripped

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
LIN = Actor(ActorKind.PERSON, "user:lin")
CERTIFICATE = Certificate(
    id="cert-1", threshold=0.08, alpha=0.02, delta=0.05, bound=0.016, labels=543, origin=Origin.LIVE,
    platforms=("demo",), model="m", features="f", policy="p", reader="r", issued_at=NOW,
    expires_at=NOW + timedelta(days=90), data_hash="", code_version="",
)  # fmt: skip
STANDING = Audited(
    platform="demo", tripped_at=None, reason=None, certificate="cert-1", alpha=0.02, delta=0.05, settled=200,
    unsettled=0, late=0, mean_loss_share=0.01, share_at_least=0.0,
)  # fmt: skip
PLATFORM = Platform(id="demo", zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.LIVE, created_at=NOW)
TRIPPED = replace(PLATFORM, breaker=Tripped(at=NOW, reason="x"))
STOPPED = replace(PLATFORM, stopped=Stopped(at=NOW, reason="x", was=PlatformMode.LIVE))
CALM = RiskOverview(
    now=NOW, platform=PLATFORM, rules=load_platform_policy("demo"), model="m", refused=None, certificate=CERTIFICATE,
    void=(), threshold=0.08, days=(), observed=Observed(standing=STANDING, points=()), fills=(), shadow_model=None,
    shadow=None, obligations=(), obligations_open=0, sellers=(), incidents=(), proposals=(),
)  # fmt: skip


def audited(**changes: object) -> RiskOverview:
    return replace(CALM, observed=Observed(standing=replace(STANDING, **changes), points=()))


@pytest.mark.parametrize(
    ("told", "level", "said"),
    [
        (CALM, Level.GOOD, "do not refute"),
        (replace(CALM, platform=TRIPPED), Level.BAD, "breaker has tripped"),
        (replace(CALM, platform=STOPPED), Level.WARN, "Stopped"),
        (replace(CALM, platform=replace(PLATFORM, mode=PlatformMode.OBSERVING)), Level.GOOD, "Observing"),
        (replace(CALM, certificate=None, threshold=None), Level.WARN, "No certificate"),
        (replace(CALM, void=(Text(zh="到期", en="it expired"),)), Level.WARN, "does not hold"),
        (replace(CALM, now=NOW + timedelta(days=80)), Level.WARN, "expires soon"),
        (replace(CALM, refused="features differ"), Level.WARN, "cannot be used"),
        (audited(share_at_least=0.03), Level.BAD, "at least 3.00%"),
        (audited(share_at_least=0.001), Level.GOOD, "at least 0.10%"),
        (audited(settled=0), Level.WARN, "Nothing has been audited"),
        (audited(late=3), Level.WARN, "not judged in time"),
        (
            replace(CALM, fills=(Fill(budget="day", window_hours=24, entity="platform:demo", amount_minor=95,
                                      limit_amount=100, count=1, limit_count=None, full=0.95),)),
            Level.WARN, "1 budgets",
        ),
        (
            replace(CALM, incidents=(Incident(
                id=uuid.UUID(int=1), platform_id="demo", struck=Struck.SELLER, struck_id="s", began_at=NOW,
                ended_at=None, reason="r", noticed=True, confirmed_at=None, dismissed_at=None, actor=LIN,
                recorded_at=NOW),)),
            Level.WARN, "incident waits",
        ),
        (
            replace(CALM, proposals=(Proposal(id=uuid.UUID(int=1), platform_id="demo", kind=ProposalKind.RESUME,
                                              reason="r", proposed_by=LIN, proposed_at=NOW),)),
            Level.WARN, "second person",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_safety(told: RiskOverview, level: Level, said: str) -> None:
    shown = view(told, "en")
    assert shown.level is level
    assert said in " ".join(sign.get("en") for sign in shown.signs)
    assert all(sign.zh and sign.zh != sign.en for sign in shown.signs)


def test_a_count_that_was_cut_says_so_and_a_lapsed_proposal_waits_no_more() -> None:
    lapsed = Proposal(id=uuid.UUID(int=1), platform_id="demo", kind=ProposalKind.TIGHTEN, reason="r",
                      proposed_by=LIN, proposed_at=NOW - timedelta(days=4))  # fmt: skip
    shown = view(replace(CALM, obligations_open=OBLIGATIONS_COUNTED + 1, proposals=(lapsed,)), "zh")
    assert (shown.obligations_open, shown.waiting, shown.past) == ("1,000+", (), (lapsed,))


def day(number: int, approved: int, claims: int = 10, **changes: object) -> DayFigures:
    made = DayFigures(
        day=date(2026, 3, number), claims=claims, approved=approved, claimed_minor=9_000, approved_minor=approved * 100
    )
    return replace(made, **changes)


def test_days_are_drawn_to_scale_and_gaps_stay_gaps() -> None:
    plot = days_plot([day(1, 5), day(2, 10), day(4, 0, claims=0), day(5, 5, complete=False)], ("¥10", "¥5"))
    assert plot is not None
    assert [(bar.height, bar.faint) for bar in plot.bars] == [(60.0, False), (120.0, False), (0.0, False), (60.0, True)]
    assert [len(piece.split()) for piece in plot.line] == [2, 1]
    assert [tick.text for tick in plot.days] == ["03-01", "03-05"]
    assert days_plot([], ("", "")) is None


def test_the_sequence_stands_against_what_is_allowed_and_what_was_certified() -> None:
    points = [SequencePoint(labels=n, at=NOW, mean=0.01, low=0.0, high=1.0) for n in (1, 50, 100)]
    plot = sequence_plot(points, 0.02, 0.016)
    assert plot is not None
    assert (plot.alpha, plot.bound) == (70.0, 82.0)
    # The upper end lies beyond the drawing, and is cut at its edge.
    assert {point.split(",")[1] for point in plot.band.split()[:3]} == {"10"}
    assert sequence_plot([], 0.02, 0.016) is None


def test_the_tradeoff_ends_where_nothing_was_audited() -> None:
    claims = tuple(
        PastClaim(case_id=uuid.UUID(int=n), accepted_at=NOW, standing=Standing.BY_RISK if n < 60 else Standing.ABOVE,
                  risk=n / 1000, amount_minor=100, drawn=True, loss_share=float(n == 50) if n < 60 else None)
        for n in range(100)
    )  # fmt: skip
    past = Past(claims, audited_up_to=0.06)
    effects = curve(past, up_to=1.0, confidence=0.9)
    chosen = effect(past, 0.03, confidence=0.9)
    plot = tradeoff_plot(effects, 0.02, effect(past, 0.06, confidence=0.9), chosen)
    assert plot is not None
    assert plot.open is not None
    assert plot.chosen is not None
    assert plot.chosen[0] < plot.open < 330
    assert plot.at_work == plot.open
    assert plot.chosen[1] == 130.0
    beyond = tradeoff_plot(effects, 0.02, None, effect(past, 0.09, confidence=0.9))
    assert beyond is not None
    assert beyond.chosen is not None
    assert beyond.chosen[1] is None
    assert tradeoff_plot(effects[:1], 0.02, None, None) is None


def test_every_interval_is_told_with_its_method() -> None:
    assert set(METHODS) == set(Method)
