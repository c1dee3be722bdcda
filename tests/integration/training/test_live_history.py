"""From a platform's own database to rows that train: what was served comes out again, cell for cell."""

from __future__ import annotations

import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from running_service import CLOCK_START, SCREENS, Site, migrated_database, new_claim, set_up

from service import wiring
from service.api.schemas.claims import ClaimIn
from service.domain.actors import Actor, ActorKind
from service.domain.assessment import Assessment, PlatformMode
from service.domain.cases import CaseState
from service.domain.claims import Claim
from service.domain.errors import ConfigurationError
from service.domain.history import EventKind, HistoryEvent
from service.domain.labels import Label, LabelSource
from service.domain.money import Money
from service.features import FEATURE_NAMES
from service.policy import load_policy, platform_policy_text
from service.review.requests import Caller, Scope, Submission, UploadedFile
from service.settings import Settings
from service.store import AcceptRequest, DecideRequest, EmbeddedPostgres, PolicyVersion, Store
from service.store.switches import Switches
from training.datasets import build_dataset, feature_rows
from training.labels import RecordedAdjudications
from training.leaks import check_leaks
from training.live_history import Exported, export_history
from training.observed import Observed
from training.pipeline import caps_of

PERSON = Actor(ActorKind.PERSON, "tester")
PAGES = ("0011-toast.jpg", "0003-order_cards.jpg")
MATURING = timedelta(days=30)
POLICY = load_policy(platform_policy_text("demo"))


@pytest.fixture
def site(postgres: EmbeddedPostgres, tmp_path: Path) -> Site:
    return set_up(tmp_path / "home", migrated_database(postgres))


@pytest.fixture
async def deployment(site: Site, tmp_path: Path) -> AsyncIterator[wiring.Deployment]:
    settings = Settings(home=tmp_path / "home", reader_workers=1, clock_start=CLOCK_START)
    async with wiring.running(wiring.build(settings, site.url)) as running:
        yield running


def a_past(claim: Claim) -> list[tuple[HistoryEvent, datetime]]:
    """Orders, payments and a refund of the account, some recorded late, one so late that no claim may see it."""

    def event(number: int, kind: EventKind, days: float, lag_hours: float) -> tuple[HistoryEvent, datetime]:
        occurred = CLOCK_START - timedelta(days=days)
        made = HistoryEvent(
            event_id=f"past-{number}", kind=kind, occurred_at=occurred, account_id=claim.account.id,
            device_id=claim.account.device_id, payer_id=claim.account.payer_id, ip=claim.account.ip,
            seller_id=claim.order.seller_id, product_id=claim.order.product.id, amount=Money(1000 + number),
        )  # fmt: skip
        return made, occurred + timedelta(hours=lag_hours)

    kinds = (EventKind.ORDER, EventKind.PAYMENT, EventKind.REFUND_REQUESTED, EventKind.REFUND_GRANTED)
    told = [event(number, kinds[number % 4], 0.5 + number * 3, 0.1) for number in range(24)]
    return [*told, event(99, EventKind.REFUND_WRONG, 2.0, 200.0)]


async def test_rows_made_from_the_export_are_the_rows_that_were_served(
    deployment: wiring.Deployment, tmp_path: Path
) -> None:
    caller = Caller(key_id="k", platform_id="demo", scopes=frozenset(Scope), actor=PERSON)
    given = [new_claim() for _ in range(3)]
    await deployment.store.load_history("demo", a_past(ClaimIn.model_validate(given[0]).to_domain("demo")))
    served = {}
    for number, data in enumerate(given):
        files = tuple(UploadedFile(name=name, data=(SCREENS / name).read_bytes()) for name in PAGES[:number])
        claim = ClaimIn.model_validate(data).to_domain("demo")
        answer = await deployment.review.submit(
            caller, Submission(claim=claim, claim_data=data, files=files, idempotency_key=f"k{number}")
        )
        assert answer.view.assessment
        served[str(answer.view.case.id)] = answer.view.assessment
    url = deployment.store.database.conninfo
    told = export_history(url, "demo", tmp_path / "out", until=CLOCK_START + timedelta(days=1), maturing=MATURING)
    assert told.claims == 3
    assert told.unknown_policy == 0
    observed = Observed(tmp_path / "out")
    caps = caps_of(POLICY)
    rows = feature_rows(observed, caps)
    ids = pq.read_table(observed.path("claims"), columns=["claim_id"])["claim_id"].to_pylist()
    online = np.array([[served[one].features[name] for name in FEATURE_NAMES] for one in ids], dtype=np.float32)
    np.testing.assert_array_equal(rows, online)
    assert rows[:, FEATURE_NAMES.index("account_refunds_requested_90d")].max() >= 6
    assert rows[:, FEATURE_NAMES.index("account_refunds_wrong_90d")].max() == 0
    assert observed.facts["origin"] == "simulated"  # of a demo platform
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.fixture
async def decided(
    store: Store,
    now: datetime,
    make_claim: Callable[..., Claim],
    accept_request: Callable[..., AcceptRequest],
    decide_request: Callable[..., DecideRequest],
    make_assessment: Callable[..., Assessment],
) -> Callable[..., Any]:
    """Makes a decided case of a live platform; ``how``: approved, drawn, person or materials."""
    text = platform_policy_text("demo").replace("platform: demo", "platform: acme", 1)
    policy = load_policy(text)
    version = PolicyVersion(
        platform_id="acme", version="1", effective_at=now, text=text, digest=policy.digest, actor=PERSON,
        recorded_at=now,
    )  # fmt: skip
    await store.add_policy(version)
    second = Actor(ActorKind.PERSON, "second")
    await Switches(store.database).set_mode("acme", PlatformMode.LIVE, PERSON, now, reason="go", approved_by=second)

    async def make(number: int, how: str, approval_class: str = "risk", **changes: Any) -> uuid.UUID:
        accept = accept_request(make_claim(f"C{number}", id=f"buyer-{number}"), f"key-{number}")
        await store.accept(accept)
        approval = replace(make_assessment(accept.case_id).verdict, approval_class=approval_class)
        common: dict[str, Any] = {
            "mode": PlatformMode.LIVE,
            "versions": {"policy_text": policy.fingerprint},
            "draw_probability": 0.01,
            **changes,
        }
        manual = replace(make_assessment(accept.case_id, approve=False), **common)
        made = {
            "approved": replace(manual, verdict=approval),
            "drawn": replace(manual, would_have_been=approval, audit_drawn=True),
            "person": manual,
        }[how]
        state = CaseState.AUTO_APPROVED if how == "approved" else CaseState.IN_REVIEW
        await store.decide(decide_request(accept.case_id, assessment=made, fallback=manual, new_state=state))
        return accept.case_id

    return make


def label(case_id: uuid.UUID, at: datetime, share: float, source: LabelSource, who: str = "lin") -> Label:
    return Label(
        platform_id="acme", case_id=case_id, source=source, reviewer=Actor(ActorKind.PERSON, who), loss_share=share,
        recorded_at=at, score_seen=source is LabelSource.REVIEW,
    )  # fmt: skip


def export(store: Store, folder: Path, until: datetime) -> tuple[Exported, dict[str, Any], dict[str, Any]]:
    told = export_history(store.database.conninfo, "acme", folder, until=until, maturing=MATURING)
    claims = {row["claim_id"]: row for row in pq.read_table(folder / "claims.parquet").to_pylist()}
    labels = {row["claim_id"]: row for row in pq.read_table(folder / "labels.parquet").to_pylist()}
    return told, claims, labels


async def test_every_claim_keeps_its_chance_of_being_seen(
    store: Store, decided: Callable[..., Any], now: datetime, tmp_path: Path
) -> None:
    approved, drawn, person = [await decided(n, how) for n, how in enumerate(("approved", "drawn", "person"))]
    unaudited = await decided(3, "approved", "recoverable")
    for_nothing = await decided(4, "drawn", "recoverable")
    observing = await decided(5, "drawn", mode=PlatformMode.OBSERVING)
    later = await decided(7, "approved", audited_later=True, audit_drawn=True)
    held_back = await decided(8, "drawn", held_back=True)
    strange = await decided(6, "approved", versions={"policy_text": "gone"})
    told, claims, _ = export(store, tmp_path / "out", now + timedelta(days=1))
    ways = {key: (row["route"], row["drawn"], row["draw_probability"]) for key, row in claims.items()}
    assert ways[str(approved)] == ("risk", False, 0.01)
    assert ways[str(drawn)] == ("risk", True, 0.01)
    assert ways[str(person)] == ("person", False, 1.0)
    assert ways[str(unaudited)] == ("recoverable", False, 0.0)
    assert ways[str(for_nothing)] == ("person", False, 1.0)
    assert ways[str(observing)] == ("person", False, 1.0)
    assert ways[str(later)] == ("risk", True, 0.01)
    assert ways[str(held_back)] == ("person", False, 1.0)
    assert ways[str(strange)] == ("risk", False, 0.0)
    assert told.unknown_policy == 1
    assert json.loads((tmp_path / "out" / "world.json").read_text())["origin"] == "live"
    dataset = build_dataset(Observed(tmp_path / "out"), caps_of(POLICY))
    assert dict(zip(dataset.claim_ids, dataset.asked.tolist(), strict=True))[str(approved)] is False
    report = check_leaks(Observed(tmp_path / "out"), caps_of(POLICY), _table(Observed(tmp_path / "out")))
    assert not report.changed


def _table(observed: Observed) -> Any:
    from training.backfill import backfill

    path = observed.folder / "rows.parquet"
    backfill(observed, caps_of(POLICY), path)
    return pq.read_table(path)


async def test_labels_count_once_they_are_final(
    store: Store, decided: Callable[..., Any], now: datetime, tmp_path: Path
) -> None:
    drawn, approved, person, young = [
        await decided(n, how) for n, how in enumerate(("drawn", "approved", "person", "person"))
    ]
    for who, share in (("lin", 1.0), ("wang", 1.0)):
        await store.learning.add_label(label(drawn, now + timedelta(days=2), share, LabelSource.AUDIT, who))
    # Known only because it went wrong: taking it would count wrong ones alone.
    await store.learning.add_label(label(approved, now + timedelta(days=5), 1.0, LabelSource.CHARGEBACK))
    await store.learning.add_label(label(person, now + timedelta(days=1), 0.0, LabelSource.REVIEW))
    await store.learning.add_label(label(young, now + timedelta(days=20), 1.0, LabelSource.REVIEW))
    _, _, labels = export(store, tmp_path / "out", now + timedelta(days=40))
    assert set(labels) == {str(drawn), str(person)}
    assert (labels[str(drawn)]["wrong"], labels[str(drawn)]["source"]) == (1, "audit")
    assert labels[str(drawn)]["reviewer"] == "lin, wang"
    desk = RecordedAdjudications(tmp_path / "out" / "adjudications.csv")
    (judged,) = desk.judge(list(labels), by=now + timedelta(days=40))
    assert (judged.claim_id, judged.wrong_share) == (str(drawn), 1.0)
    assert labels[str(person)]["recorded_at"] == now + timedelta(days=31)
    # A decision that was appealed is what the appeal says, from then on.
    await store.learning.add_label(label(young, now + timedelta(days=25), 0.0, LabelSource.APPEAL))
    _, _, labels = export(store, tmp_path / "out", now + timedelta(days=40))
    assert (labels[str(young)]["wrong"], labels[str(young)]["source"]) == (0, "appeal")


async def test_where_nobody_labelled_events_tell(
    store: Store, decided: Callable[..., Any], now: datetime, tmp_path: Path
) -> None:
    refused, overturned, granted, found, open_ = [await decided(number, "person") for number in range(5)]

    async def tell(case_id: uuid.UUID, kind: EventKind, days: float) -> None:
        moment = now + timedelta(days=days)
        event = HistoryEvent(event_id=f"{case_id}-{kind}", kind=kind, occurred_at=moment, case_id=case_id)
        await store.record_events("acme", [event], moment)

    for case_id in (refused, overturned):
        await tell(case_id, EventKind.REFUND_REJECTED, 1)
    await tell(overturned, EventKind.REFUND_GRANTED, 6)
    for case_id in (granted, found):
        await tell(case_id, EventKind.REFUND_GRANTED, 1)
    await tell(found, EventKind.CHARGEBACK, 9)
    _, _, labels = export(store, tmp_path / "out", now + timedelta(days=60))
    assert {key: (row["wrong"], row["source"]) for key, row in labels.items()} == {
        str(refused): (1, "reviewer"),
        str(overturned): (0, "appeal"),
        str(granted): (0, "reviewer"),
        str(found): (1, "chargeback"),
    }
    assert str(open_) not in labels
    _, _, early = export(store, tmp_path / "early", now + timedelta(days=20))
    assert set(early) == {str(overturned), str(found)}


async def test_what_is_not_an_export_is_not_overwritten(
    store: Store, decided: Callable[..., Any], now: datetime, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="no decided cases"):
        export(store, tmp_path / "out", now + timedelta(days=1))
    assert not (tmp_path / "out").exists()
    await decided(1, "person")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(ConfigurationError, match="choose another folder"):
        export(store, tmp_path / "mine", now + timedelta(days=1))
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "precious"
