"""Every part of one process, built from settings, once."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta

import service
from service.delivery import Sender, Targets
from service.domain.actors import Actor
from service.domain.assessment import PlatformMode
from service.domain.certificate import Certificate
from service.domain.clock import Clock, SystemClock
from service.domain.errors import Conflict
from service.evidence import EXTRACTOR_VERSION
from service.features import FEATURE_HASH
from service.policy import load_policy
from service.review.account_standing import AccountDesk
from service.review.accounts import Accounts
from service.review.api_keys import ApiKeys
from service.review.assessing import Assessor
from service.review.auditing import Auditing
from service.review.budgeting import Budgeting
from service.review.buyer_desk import BuyerDesk
from service.review.case_locks import CaseLocks
from service.review.case_pictures import CasePictures
from service.review.case_reading import CaseReading
from service.review.casework import CaseWork
from service.review.deadlines import Deadlines
from service.review.delivering import Delivering, DeliveryWatch
from service.review.erasure_requests import ErasureDesk
from service.review.event_uploads import HistoryUploads
from service.review.feed import FeedReading
from service.review.finding import CaseFinding, KeptViews
from service.review.golden import Golden
from service.review.health import Health
from service.review.held_decisions import HeldDecisions
from service.review.incidents import Incidents
from service.review.listing import Listing
from service.review.live import LiveWatch
from service.review.model_desk import ModelDesk
from service.review.monitoring import Monitoring
from service.review.next_case import NextCase
from service.review.operations import OperationsWatch, Parts, WorkDone
from service.review.outcomes import Outcomes
from service.review.personal_data import PersonalDataDesk
from service.review.policies import PolicyDesk, may_be_set_up
from service.review.policy_backtest import PolicyBacktests
from service.review.policy_backtest_runs import BacktestRuns
from service.review.policy_drafting import PolicyDrafting
from service.review.policy_trials import PolicyTrials
from service.review.quality import Quality
from service.review.queue_sight import QueueSight
from service.review.queues import Queues
from service.review.reading import EvidenceReading
from service.review.replay import Replay
from service.review.reuse import ReuseSearch
from service.review.risk_desk import RiskDesk
from service.review.service import ReviewService
from service.review.shadowing import Shadowing
from service.review.sightings import SeenElsewhere
from service.review.switching import Switching
from service.review.system_standing import SystemWatch
from service.review.thresholds import ThresholdWorkbench
from service.review.trail import Trail
from service.review.trail_desk import TrailDesk
from service.review.use_cases import UseCases
from service.review.webhooks import Webhooks
from service.review.writes import Writes
from service.scoring import Champion, Pinned, Shadow
from service.scoring.promotions import Versions
from service.settings import Settings
from service.store import (
    CaseListing,
    CheckpointFiles,
    CheckpointKey,
    CheckpointRule,
    EventUploads,
    KeptAnswers,
    Platform,
    PolicyVersion,
    Pseudonym,
    RetentionRule,
    Sealing,
    Sightings,
    Store,
    pseudonyms,
)
from service.store.budget_book import BudgetBook
from service.store.erasure_requests import ErasureRequests
from service.store.feed import Feed
from service.store.policy_backtest_runs import PolicyBacktestRuns
from service.store.policy_drafts import PolicyDrafts
from service.store.retention_standing import RetentionStandings
from service.store.saved_views import SavedViews
from service.store.sign_in_failures import SignInFailures
from service.store.switches import Switches
from service.store.user_sessions import Sessions
from service.store.user_standing import AccountStandings
from service.store.users import Users
from service.vision import READER_VERSION, ReaderPool
from service.wiring.places import checkpoints_url, clock, evidence_url
from service.wiring.secret_keys import (
    answers_secret,
    audit_secret,
    case_links,
    identity_key,
    kept_or_made,
    sealing_keys,
    trail_seals,
    webhook_box,
)


@dataclass(frozen=True, slots=True)
class Deployment:
    """The parts of one process; opened and closed together."""

    settings: Settings
    clock: Clock
    store: Store
    reader: ReaderPool
    champion: Champion
    shadow: Shadow
    shadowing: Shadowing
    monitoring: Monitoring
    review: ReviewService
    auditing: Auditing
    trail: Trail
    personal_data: PersonalDataDesk
    delivering: Delivering
    telling: DeliveryWatch
    operations: OperationsWatch
    use_cases: UseCases


def reader_version(settings: Settings) -> str:
    """The reader's behaviour: two that differ may read the same page differently, so a certificate names it.

    Another engine is another reader: it neither uses the default's kept readings nor its certificate.
    """
    engine = "" if settings.reader_engine == "onnx" else f"+{settings.reader_engine}"
    return f"{READER_VERSION}{engine}+{EXTRACTOR_VERSION}"


def code_versions(settings: Settings) -> dict[str, str]:
    """Of what runs here, by name."""
    return {"service": service.__version__, "reader": reader_version(settings), "features": FEATURE_HASH[:16]}


def audit_trail(settings: Settings, store: Store, moment: Clock) -> Trail:
    """The audit trail; its signing key is made once, and checkpoints of another are told apart."""
    return Trail(
        store,
        CheckpointKey(kept_or_made(settings.home, "checkpoint", settings.checkpoint_secret)),
        CheckpointFiles(checkpoints_url(settings)),
        moment,
        CheckpointRule(entries=settings.checkpoint_entries, within=timedelta(minutes=settings.checkpoint_minutes)),
        timedelta(seconds=settings.unchained_seconds),
    )


def build(settings: Settings, url: str) -> Deployment:
    """Every part, unopened: nothing here waits for a database, a model or a process."""
    moment = clock(settings)
    keys = sealing_keys(settings)
    store = Store(
        url,
        evidence_url(settings),
        pool_size=settings.pool_size,
        clock=moment,
        sealing=Sealing(keys.read),
        seals=trail_seals(settings),
    )
    reader = ReaderPool(
        engine=settings.reader_engine,
        workers=settings.reader_workers,
        deadline_seconds=settings.reader_deadline_seconds,
    )
    champion = Champion(settings.models / "risk", feature_hash=FEATURE_HASH)
    shadow = Shadow(settings.models / "risk", feature_hash=FEATURE_HASH)
    shadowing = Shadowing(store, shadow)
    reading = EvidenceReading(store, reader, reader_version(settings), identity_key(settings))
    auditing = Auditing(store, champion, moment)
    trail = audit_trail(settings, store, moment)
    identity = identity_key(settings)

    def pseudonym(platform_id: str) -> Pseudonym:
        return pseudonyms(identity(platform_id))

    health = Health(store, champion, reader, trail)
    done = WorkDone()
    review = ReviewService(
        store,
        Assessor(store, reading, ReuseSearch(store, reader), champion, audit_secret(settings)),
        champion,
        shadowing,
        health,
        moment,
        done,
        answer_deadline_seconds=settings.answer_deadline_seconds,
        assessing_at_once=settings.assessing_at_once,
    )
    desk = PolicyDesk(store, moment)
    golden = Golden(store, moment, review.policy_of, audit_secret(settings))
    casework = CaseWork(store, moment, after_decision=golden.after_decision)
    trials = PolicyTrials(store, desk, champion)
    backtests = PolicyBacktests(store, desk, trials, moment)
    box, targets = webhook_box(settings), Targets(allow_private=settings.webhook_allow_private)
    answers = KeptAnswers(store.database, answers_secret(settings))
    writes = Writes(answers, moment)

    sightings = SeenElsewhere(Sightings(store.database), moment)
    judging = Quality(store, auditing, golden, moment, review.policy_of, audit_secret(settings))
    locks = CaseLocks(store, Users(store.database), review.policy_of, moment, judging)
    # By the real clock: a demo's stands in the past, and a wait must pass there too.
    accounts = Accounts(Users(store.database), Sessions(store.database), SignInFailures(store.database), SystemClock())

    def in_service() -> Certificate | None:
        bundle = champion.current()
        return bundle.certificate if bundle is not None else None

    def parts() -> Parts:
        in_use, connections = store.database.connections()
        return Parts(
            reader=reader.health(),
            connections_in_use=in_use,
            connections=connections,
            assessing=review.assessing,
            writing=writes.in_progress,
        )

    budgeting, incidents = Budgeting(store, BudgetBook(store.database), moment), Incidents(store, moment)
    keeping = RetentionRule(settings.retention_days)
    personal_data = PersonalDataDesk(store, moment, keeping, pseudonym, answers, keys)
    return Deployment(
        settings=settings,
        clock=moment,
        store=store,
        reader=reader,
        champion=champion,
        shadow=shadow,
        shadowing=shadowing,
        monitoring=Monitoring(store, champion, shadow, shadowing, moment),
        review=review,
        auditing=auditing,
        trail=trail,
        personal_data=personal_data,
        delivering=Delivering(store, Sender(targets), box),
        telling=DeliveryWatch(store, moment),
        operations=OperationsWatch(store, moment, done, parts),
        use_cases=UseCases(
            review=review,
            casework=casework,
            case_locks=locks,
            next_case=NextCase(store, review.policy_of, moment, judging),
            queue_sight=QueueSight(Queues(store, moment), judging, locks),
            buyers=BuyerDesk(store, case_links(settings), casework, review.policy_of, address=settings.public_url),
            sightings=sightings,
            case_reading=CaseReading(store, champion, sightings, judging, moment),
            case_pictures=CasePictures(store, judging, moment),
            writes=writes,
            listing=Listing(CaseListing(store.database)),
            policies=desk,
            trials=trials,
            backtests=backtests,
            backtest_runs=BacktestRuns(PolicyBacktestRuns(store.database), desk, backtests, moment, SystemClock()),
            drafting=PolicyDrafting(PolicyDrafts(store.database), desk, SystemClock()),
            outcomes=Outcomes(store, moment, review.policy_of),
            incidents=incidents,
            deadlines=Deadlines(store, moment, review.policy_of),
            queues=Queues(store, moment),
            finding=CaseFinding(store),
            views=KeptViews(SavedViews(store.database), moment),
            live=LiveWatch(store, Sessions(store.database), in_service, moment, SystemClock()),
            quality=judging,
            uploads=HistoryUploads(EventUploads(store.database), casework, moment),
            switching=Switching(Switches(store.database), moment),
            budgeting=budgeting,
            risk=RiskDesk(
                store,
                champion,
                shadow,
                auditing,
                budgeting,
                incidents,
                moment,
                reader_version=reader_version(settings),
            ),
            thresholds=ThresholdWorkbench(store, champion, moment),
            # By the real clock, as what is sent.
            webhooks=Webhooks(store, box, targets, SystemClock()),
            feed=FeedReading(Feed(store.database)),
            personal_data=personal_data,
            trail_desk=TrailDesk(store, trail, moment),
            model_desk=ModelDesk(
                store, champion, shadow, Versions(settings.models / "risk"), moment, settings.mlflow_url
            ),
            accounts=accounts,
            account_desk=AccountDesk(
                Users(store.database), AccountStandings(store.database), SignInFailures(store.database), SystemClock()
            ),
            api_keys=ApiKeys(store, moment, settings.rate_limits),
            erasures=ErasureDesk(
                ErasureRequests(store.database),
                RetentionStandings(store.database),
                personal_data,
                keeping,
                pseudonym,
                moment,
            ),
            system=SystemWatch(store, health, champion, reader, trail, moment, SystemClock(), code_versions(settings)),
            held=HeldDecisions(
                store, casework, moment, SystemClock(), accounts.may_still_review, seconds=settings.undo_seconds
            ),
        ),
    )


async def set_up_platform(deployment: Deployment, policy_text: str, mode: PlatformMode, actor: Actor) -> bool:
    """Add a platform with its first policy, signed off by the operator alone; True if the platform is new.

    On a platform that has one (its mode stays) that would pass over the second person: Conflict for another text,
    unless it is a demo.
    """
    parsed, now = load_policy(policy_text), deployment.clock.now()
    store = deployment.store
    found = await store.platform_in_force(parsed.platform, now)
    if found is not None and found[1].text == policy_text:
        return False
    if found is not None and not may_be_set_up(found[0].mode):
        raise Conflict(
            f"Platform {parsed.platform!r} has a policy. Propose the new one and have a second person sign it off: "
            "prereview policy propose FILE --by NAME, then prereview policy approve VERSION --by OTHER"
        )
    new = await store.add_platform(
        Platform(id=parsed.platform, zone=parsed.zone, currency=parsed.currency, mode=mode, created_at=now), actor
    )
    await store.add_policy(
        PolicyVersion(
            platform_id=parsed.platform,
            version=hashlib.sha256(policy_text.encode()).hexdigest()[:16],
            effective_at=now,
            text=policy_text,
            digest=parsed.digest,
            actor=actor,
            recorded_at=now,
        )
    )
    return new


def replay(deployment: Deployment) -> Replay:
    """Replay with a reading of its own that trusts no kept reading."""
    settings = deployment.settings
    reading = EvidenceReading(
        deployment.store, deployment.reader, reader_version(settings), identity_key(settings), afresh=True
    )
    reuse = ReuseSearch(deployment.store, deployment.reader)

    def assessor(model: str) -> Assessor:
        champion = deployment.champion
        bundle = champion.current()
        if bundle is None or bundle.version != model:
            champion = Pinned(settings.models / "risk", model, feature_hash=FEATURE_HASH)
        return Assessor(deployment.store, reading, reuse, champion, audit_secret(settings))

    return Replay(deployment.store, assessor)
