"""Builds everything from settings, once per process."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import logging
import os
import secrets
import sys
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr
from structlog.typing import Processor

from service.delivery import SecretBox, Sender, Targets
from service.domain.actors import Actor
from service.domain.assessment import PlatformMode
from service.domain.clock import Clock, ShiftedClock, SystemClock
from service.domain.errors import ConfigurationError, Conflict, Unavailable
from service.domain.masking import mask_text
from service.evidence import EXTRACTOR_VERSION
from service.features import FEATURE_HASH
from service.policy import load_policy
from service.review.assessing import Assessor
from service.review.auditing import Auditing
from service.review.budgeting import Budgeting
from service.review.buyer_desk import BuyerDesk, CaseLinks
from service.review.casework import CaseWork
from service.review.deadlines import Deadlines
from service.review.delivering import Delivering, DeliveryWatch
from service.review.event_uploads import HistoryUploads
from service.review.feed import FeedReading
from service.review.health import Health
from service.review.incidents import Incidents
from service.review.listing import Listing
from service.review.monitoring import Monitoring
from service.review.operations import OperationsWatch, Parts, WorkDone
from service.review.outcomes import Outcomes
from service.review.personal_data import PersonalDataDesk
from service.review.policies import PolicyDesk, may_be_set_up
from service.review.policy_backtest import PolicyBacktests
from service.review.policy_trials import PolicyTrials
from service.review.queues import Queues
from service.review.reading import EvidenceReading
from service.review.replay import Replay
from service.review.reuse import ReuseSearch
from service.review.service import ReviewService
from service.review.shadowing import Shadowing
from service.review.sightings import SeenElsewhere
from service.review.switching import Switching
from service.review.trail import Trail
from service.review.use_cases import UseCases
from service.review.webhooks import Webhooks
from service.review.writes import Writes
from service.scoring import Champion, Pinned, Shadow
from service.settings import Settings
from service.store import (
    CaseListing,
    CheckpointFiles,
    CheckpointKey,
    CheckpointRule,
    EmbeddedPostgres,
    EventUploads,
    GivenKeys,
    KeptAnswers,
    KeyFile,
    Platform,
    PolicyVersion,
    Pseudonym,
    RetentionRule,
    Sealing,
    SealingKeys,
    Sightings,
    Store,
    current_revision,
    head_revision,
    migrate,
    pseudonyms,
)
from service.store.budget_book import BudgetBook
from service.store.feed import Feed
from service.store.switches import Switches
from service.vision import READER_VERSION, ReaderPool

log = structlog.get_logger(__name__)

# How often a process looks whether another bundle was promoted: one stat() call.
BREAKER_SECONDS = 60.0
CHAMPION_SECONDS = 2.0
FORGET_SECONDS = 600.0
DRIFT_FIRST_SECONDS, DRIFT_SECONDS = 60.0, 3600.0
# A worker chains what was committed in the last second; every process looks how far chaining lags.
CHAIN_SECONDS = 1.0
RETENTION_SECONDS = 3600.0
TRAIL_SECONDS = 5.0
OPERATIONS_SECONDS = 15.0
BUDGET_SECONDS = 3600.0
DEADLINE_SECONDS, INCIDENT_SECONDS, ANOMALY_SECONDS = 2.0, 15.0, 10.0


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


class _StandardError(io.TextIOWrapper):
    """Standard error as it is when a line is written: whoever replaces or closes it must not make logging fail."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8")

    def write(self, text: str, /) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def configure_logging(settings: Settings) -> None:
    """Structured logs to standard error, those of libraries among them; no personal data is put into an event, and what
    an error says is masked."""
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _masked,
    ]
    structlog.configure(
        processors=[*common, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        logger_factory=structlog.PrintLoggerFactory(file=_StandardError()),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=max(logging.WARNING, logging.getLevelName(settings.log_level)))
    for handler in logging.getLogger().handlers:
        handler.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            )
        )


def _masked(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An error's words may quote what it stumbled over."""
    return {name: mask_text(value) if isinstance(value, str) else value for name, value in event.items()}


def clock(settings: Settings) -> Clock:
    return ShiftedClock(settings.clock_start) if settings.clock_start else SystemClock()


def database_url(settings: Settings, *, checked: bool = True) -> tuple[str, EmbeddedPostgres | None]:
    """The database's URL, and the embedded server to release at the end where none was given.

    The embedded database is ours alone, so it is migrated here; a given one is migrated by `prereview migrate`, and
    ``checked`` refuses one whose tables are not up to date.
    """
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        if checked:
            require_schema(url)
        return url, None
    embedded = EmbeddedPostgres(settings.home / "db")
    embedded.acquire()
    try:
        migrate(embedded.url())
    except BaseException:
        embedded.release()
        raise
    return embedded.url(), embedded


def require_schema(url: str) -> None:
    """ConfigurationError where the database answers and its tables are not those of this code."""
    try:
        found, wanted = current_revision(url), head_revision()
    except Unavailable:
        return
    if found != wanted:
        raise ConfigurationError(
            f"The database's tables are at revision {found or 'none'}, this code needs {wanted}. Run: prereview migrate"
        )


def evidence_url(settings: Settings) -> str:
    return settings.evidence_url or (settings.home.resolve() / "evidence").as_uri()


def audit_secret(settings: Settings) -> bytes:
    """The key of the audit draw. Made once and kept beside the data: a new key would draw other cases."""
    return _secret(settings.home, "audit", settings.audit_secret)


def case_links(settings: Settings) -> CaseLinks:
    return CaseLinks(_secret(settings.home, "links", settings.link_secret))


def identity_key(settings: Settings) -> Callable[[str], bytes]:
    """platform id → the key of its identity digests. No platform's digest is ever another's.

    Made from one secret, kept beside the data: with a new one no card would be the registered identity any more.
    """
    secret = _secret(settings.home, "identity", settings.identity_secret)

    def of_platform(platform_id: str) -> bytes:
        return hmac.new(secret, b"identity:" + platform_id.encode(), hashlib.sha256).digest()

    return of_platform


def sealing_keys(settings: Settings) -> SealingKeys:
    """The keys evidence is encrypted under; without them it is lost."""
    if settings.personal_data_keys is not None:
        return GivenKeys(settings.personal_data_keys.get_secret_value())
    return KeyFile(settings.home / "personal-data.secret")


def checkpoints_url(settings: Settings) -> str:
    return settings.checkpoints_url or (settings.home.resolve() / "checkpoints").as_uri()


def audit_trail(settings: Settings, store: Store, moment: Clock) -> Trail:
    """The audit trail; its signing key is made once, and checkpoints of another are told apart."""
    return Trail(
        store,
        CheckpointKey(_secret(settings.home, "checkpoint", settings.checkpoint_secret)),
        CheckpointFiles(checkpoints_url(settings)),
        moment,
        CheckpointRule(entries=settings.checkpoint_entries, within=timedelta(minutes=settings.checkpoint_minutes)),
        timedelta(seconds=settings.unchained_seconds),
    )


def webhook_box(settings: Settings) -> SecretBox:
    """What webhook secrets are sealed with; with another key nothing can be signed until each has a new secret."""
    return SecretBox(_secret(settings.home, "webhook", settings.webhook_secret))


def answers_secret(settings: Settings) -> bytes:
    """What kept answers are sealed with. With a new one nobody is told again what was answered before."""
    return _secret(settings.home, "answers", settings.answers_secret)


def _secret(home: Path, name: str, given: SecretStr | None) -> bytes:
    """The secret that was given, or one made once and kept in ``home``."""
    if given is not None:
        return given.get_secret_value().encode()
    path = home / f"{name}.secret"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_secret(path)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
    return _kept_secret(path)


def _kept_secret(path: Path) -> bytes:
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise ConfigurationError(
            f"{path} is damaged: put the {path.stem} secret back from a backup, or delete it for a new one"
        )
    return secret.encode()


def build(settings: Settings, url: str) -> Deployment:
    """Every part, unopened: nothing here waits for a database, a model or a process."""
    moment = clock(settings)
    keys = sealing_keys(settings)
    store = Store(url, evidence_url(settings), pool_size=settings.pool_size, clock=moment, sealing=Sealing(keys.read))
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

    done = WorkDone()
    review = ReviewService(
        store,
        Assessor(store, reading, ReuseSearch(store, reader), champion, audit_secret(settings)),
        champion,
        shadowing,
        Health(store, champion, reader, trail),
        moment,
        done,
        answer_deadline_seconds=settings.answer_deadline_seconds,
        assessing_at_once=settings.assessing_at_once,
    )
    desk = PolicyDesk(store, moment)
    casework = CaseWork(store, moment)
    trials = PolicyTrials(store, desk, champion)
    box, targets = webhook_box(settings), Targets(allow_private=settings.webhook_allow_private)
    answers = KeptAnswers(store.database, answers_secret(settings))
    writes = Writes(answers, moment)

    def parts() -> Parts:
        in_use, connections = store.database.connections()
        return Parts(
            reader=reader.health(),
            connections_in_use=in_use,
            connections=connections,
            assessing=review.assessing,
            writing=writes.in_progress,
        )

    personal_data = PersonalDataDesk(store, moment, RetentionRule(settings.retention_days), pseudonym, answers, keys)
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
            buyers=BuyerDesk(store, case_links(settings), casework, review.policy_of, address=settings.public_url),
            sightings=SeenElsewhere(Sightings(store.database), moment),
            writes=writes,
            listing=Listing(CaseListing(store.database)),
            policies=desk,
            trials=trials,
            backtests=PolicyBacktests(store, desk, trials, moment),
            outcomes=Outcomes(store, moment, review.policy_of),
            incidents=Incidents(store, moment),
            deadlines=Deadlines(store, moment, review.policy_of),
            queues=Queues(store, moment),
            uploads=HistoryUploads(EventUploads(store.database), casework, moment),
            switching=Switching(Switches(store.database), moment),
            budgeting=Budgeting(store, BudgetBook(store.database), moment),
            # By the real clock, as what is sent.
            webhooks=Webhooks(store, box, targets, SystemClock()),
            feed=FeedReading(Feed(store.database)),
            personal_data=personal_data,
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


async def follow(followed: Champion) -> None:
    """Take up a newly promoted bundle, or the one rolled back to, within seconds, without a pause; until cancelled."""
    while True:
        await asyncio.sleep(CHAMPION_SECONDS)
        if not followed.stale:
            continue
        before = followed.current()
        try:
            taken = await asyncio.to_thread(followed.reload)
        except Exception as error:  # whoever follows must not stop doing so
            log.error(f"{followed.pointer} could not be reloaded", error=repr(error))
            continue
        bundle = followed.current()
        if bundle is not before or not taken:
            version = bundle.version if bundle else None
            log.info(f"{followed.pointer} changed", taken=taken, version=version, problem=followed.problem)


async def work(deployment: Deployment) -> None:
    """Assess cases whose request did not, and hold the breakers against what the audit finds, until cancelled."""

    async def assess(platform_id: str, case_id: uuid.UUID, attempt: int) -> None:
        await deployment.review.finish(platform_id, case_id, attempt=attempt)

    cases = deployment.use_cases
    beside = [
        asyncio.create_task(watch_breakers(deployment)),
        asyncio.create_task(look_again("the audit trail", deployment.trail.tend, CHAIN_SECONDS)),
        asyncio.create_task(deployment.delivering.run()),
        asyncio.create_task(look_again("retention", deployment.personal_data.sweep_lately, RETENTION_SECONDS)),
        asyncio.create_task(look_again("kept answers", cases.writes.forget, FORGET_SECONDS)),
        asyncio.create_task(look_again("deadlines", cases.deadlines.look, DEADLINE_SECONDS)),
        asyncio.create_task(look_again("incidents", cases.incidents.look, INCIDENT_SECONDS)),
        asyncio.create_task(look_again("anomalies", cases.outcomes.look, ANOMALY_SECONDS)),
        asyncio.create_task(look_again("budgets", cases.budgeting.sweep, BUDGET_SECONDS)),
    ]
    try:
        await deployment.store.run_worker(assess)
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


async def look_again(what: str, look: Callable[[], Awaitable[object]], seconds: float) -> None:
    """``look`` every so many seconds, whatever becomes of one round; until cancelled."""
    while True:
        try:
            await look()
        except Exception as error:  # the next round may find the database back
            log.error("a round failed and is tried again", what=what, error=repr(error))
        await asyncio.sleep(seconds)


async def watch_breakers(deployment: Deployment) -> None:
    """A judgement is held against the breaker as it comes; this is for cases that nobody judged in time."""
    while True:
        try:
            await deployment.auditing.watch_all()
        except Exception as error:  # the next round may find the database back
            log.error("the breakers could not be looked at", error=repr(error))
        await asyncio.sleep(BREAKER_SECONDS)


async def watch_drift(deployment: Deployment) -> None:
    """Have drift looked at once an hour, the first time a minute after the start; until cancelled."""
    await asyncio.sleep(DRIFT_FIRST_SECONDS)
    while True:
        try:
            await deployment.monitoring.look()
        except Exception as error:  # the next round may find the database back
            log.error("drift could not be looked at", error=repr(error))
        await asyncio.sleep(DRIFT_SECONDS)


@asynccontextmanager
async def running(deployment: Deployment, *, reading: bool = True) -> AsyncIterator[Deployment]:
    """The deployment at work; ``reading`` False leaves reader and model alone (commands that assess nothing)."""
    try:
        await deployment.store.open()
    except Unavailable as error:  # it answers 503 and shows red until the database is back; nothing has to be restarted
        log.warning("the database does not answer yet", detail=error.detail)
    following: list[asyncio.Task[None]] = []
    try:
        if reading:
            await asyncio.to_thread(deployment.reader.start)
            for followed in (deployment.champion, deployment.shadow):
                await asyncio.to_thread(followed.current)  # a fifth of a second no request should wait for
                following.append(asyncio.create_task(follow(followed)))
            following.append(asyncio.create_task(watch_drift(deployment)))
            following.append(
                asyncio.create_task(look_again("the audit trail", deployment.trail.standing, TRAIL_SECONDS))
            )
            following.append(asyncio.create_task(look_again("telling", deployment.telling.look, TRAIL_SECONDS)))
            following.append(
                asyncio.create_task(look_again("operations", deployment.operations.look, OPERATIONS_SECONDS))
            )
        yield deployment
    finally:
        for task in following:
            task.cancel()
        await deployment.review.close()
        await asyncio.to_thread(deployment.reader.stop)
        await deployment.store.close()


@asynccontextmanager
async def deployed(settings: Settings, *, reading: bool = True) -> AsyncIterator[Deployment]:
    """Build, open, and at the end close everything, the embedded database included."""
    url, embedded = database_url(settings)
    try:
        async with running(build(settings, url), reading=reading) as deployment:
            yield deployment
    finally:
        if embedded is not None:
            embedded.release()
