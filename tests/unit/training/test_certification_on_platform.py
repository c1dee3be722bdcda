"""A model that exists, certified on tables: the list to judge, the judgements, the certificate."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.domain.assessment import PlatformMode
from service.domain.certificate import Origin
from service.domain.errors import ConfigurationError
from service.policy import Policy, load_platform_policy
from service.policy.certificate import mismatches
from training.certification.draw import secret_of, simulated_secret
from training.certification.on_platform import Prepared, issue, prepare, to_judge
from training.cli import app
from training.export import served
from training.labels import RecordedAdjudications
from training.observed import Observed
from training.pipeline import Run
from training.recipe import Recipe


def generous(policy: Policy) -> Policy:
    """An alpha that the few claims of a small world can certify."""
    risk = policy.classes.risk.model_copy(update={"wrong_share_up_to_permille": 400})
    return policy.model_copy(update={"classes": policy.classes.model_copy(update={"risk": risk})})


@pytest.fixture(scope="module")
def prepared(small_observed: Observed, small_recipe: Recipe, small_run: Run) -> Prepared:
    policy = generous(load_platform_policy("demo"))
    return prepare({"demo": (small_observed, policy)}, small_recipe, served(small_run.parts), reader="reader.1")


def judged(prepared: Prepared, path: Path, *, share: float, leave_out: int = 0) -> RecordedAdjudications:
    moment = (prepared.end - timedelta(days=1)).isoformat()
    claims = to_judge(prepared, simulated_secret(3))[leave_out:]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["claim_id", "loss_share", "recorded_at"])
        writer.writerows([one.claim_id, share, moment] for one in claims)
    return RecordedAdjudications(path)


def test_what_was_judged_becomes_a_certificate_that_holds_where_it_was_made(prepared: Prepared, tmp_path: Path) -> None:
    desk = judged(prepared, tmp_path / "judged.csv", share=0.0)
    done, made = issue(prepared, desk, simulated_secret(3), now=prepared.end, valid_days=180)
    assert made is not None
    assert done.drawn <= len(desk)
    assert done.unresolved == 0
    assert made.labels >= 10
    assert made.platforms == ("demo",)
    assert made.holds_per_platform
    assert made.expires_at - made.issued_at == timedelta(days=180)
    assert not mismatches(
        made,
        prepared.serving,
        platform_id="demo",
        mode=PlatformMode.DEMO,
        as_of=made.issued_at,
        wrong_share_up_to_permille=400,
        entity_limit=prepared.limit,
    )


def test_losses_and_open_judgements_refuse_it(prepared: Prepared, tmp_path: Path) -> None:
    lost, none = issue(
        prepared, judged(prepared, tmp_path / "a.csv", share=0.9), simulated_secret(3), now=prepared.end, valid_days=9
    )
    assert none is None
    assert "no safe threshold" in lost.why
    everything = len(to_judge(prepared, simulated_secret(3)))
    desk = judged(prepared, tmp_path / "b.csv", share=0.0, leave_out=everything)
    done, none = issue(prepared, desk, simulated_secret(3), now=prepared.end, valid_days=9)
    assert none is None
    assert done.unresolved == done.drawn


def test_a_certificate_of_several_platforms_says_that_it_holds_for_none_alone(
    prepared: Prepared, tmp_path: Path
) -> None:
    both = replace(prepared, platforms=("demo", "other"))
    desk = judged(both, tmp_path / "judged.csv", share=0.0)
    _, made = issue(both, desk, simulated_secret(3), now=both.end, valid_days=9)
    assert made is not None
    assert made.platforms == ("demo", "other")
    assert not made.holds_per_platform
    assert "does not hold for each" in made.promise


def test_platforms_are_pooled_only_under_one_rule(
    small_observed: Observed, small_recipe: Recipe, small_run: Run
) -> None:
    demo = generous(load_platform_policy("demo"))
    fee = demo.model_copy(update={"fee": demo.fee.model_copy(update={"buyer_at_fault_permille": 50})})
    strict = load_platform_policy("demo")
    unheld = demo.model_copy(update={"budgets": demo.budgets[:2]})
    for other, said in ((fee, "rules differ"), (strict, "alphas differ"), (unheld, "limits of account")):
        with pytest.raises(ConfigurationError, match=said):
            prepare(
                {"a": (small_observed, demo), "b": (small_observed, other)},
                small_recipe,
                served(small_run.parts),
                reader="r",
            )
    with pytest.raises(ConfigurationError, match="add budgets of entity account"):
        prepare({"a": (small_observed, unheld)}, small_recipe, served(small_run.parts), reader="r")


def test_only_a_simulated_platform_may_use_a_secret_that_can_be_foreseen() -> None:
    assert secret_of(Origin.SIMULATED, 3, None) == simulated_secret(3)
    assert secret_of(Origin.OBSERVED, 3, b"its own") == b"its own"
    for origin in (Origin.OBSERVED, Origin.LIVE):
        with pytest.raises(ConfigurationError, match="PREREVIEW_AUDIT_SECRET"):
            secret_of(origin, 3, b"")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("claim_id,loss_share\nc,0\n", "lacks the column recorded_at"),
        ("", "lacks the column claim_id"),
        ("claim_id,loss_share,recorded_at\nc,,2026-01-01T00:00+00:00\n", "line 2: loss_share must be a number"),
        ("claim_id,loss_share,recorded_at\nc,0,yesterday\n", "line 2: loss_share must be a number"),
        ("claim_id,loss_share,recorded_at\nc,1.5,2026-01-01T00:00+00:00\n", "from 0 to 1"),
        ("claim_id,loss_share,recorded_at\nc,nan,2026-01-01T00:00+00:00\n", "from 0 to 1"),
        ("claim_id,loss_share,recorded_at\nc,0,2026-01-01T00:00\n", "time zone"),
        (
            "claim_id,loss_share,recorded_at\nc,0,2026-01-01T00:00+00:00\nc,1,2026-01-01T00:00+00:00\n",
            "line 3: claim c is judged twice",
        ),
    ],
)
def test_bad_judgements_are_named_by_line(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "judged.csv"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=said):
        RecordedAdjudications(path)


def test_a_claim_listed_without_judgement_is_open(tmp_path: Path) -> None:
    path = tmp_path / "listed.csv"
    path.write_text("platform,claim_id,loss_share,recorded_at\ndemo,a,,\ndemo,b,0.5,2026-01-01T00:00+00:00\n")
    assert len(RecordedAdjudications(path)) == 1


def test_judgements_count_once_they_have_arrived(tmp_path: Path, prepared: Prepared) -> None:
    desk = judged(prepared, tmp_path / "judged.csv", share=0.25)
    first = to_judge(prepared, simulated_secret(3))[0].claim_id
    assert [one.wrong_share for one in desk.judge([first, "unknown"], by=prepared.end)] == [0.25]
    assert desk.judge([first], by=prepared.end - timedelta(days=2)) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["certificate", "show", "--models", "nowhere"], "names no champion"),
        (["certificate", "suggest", "--review-cost", "0"], "at least ¥0.01"),
    ],
)
def test_the_commands_say_what_to_do_next(arguments: list[str], said: str) -> None:
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 1
    assert said in " ".join(result.stderr.split())


def test_labels_needed_as_a_table_and_as_json() -> None:
    shown = CliRunner().invoke(app, ["certificate", "labels"])
    assert shown.exit_code == 0
    assert "149" in shown.stdout
    machine = CliRunner().invoke(app, ["certificate", "labels", "--json"])
    assert '"by_money": 598' in machine.stdout
