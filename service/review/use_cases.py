"""All that the faces call, one object for each kind of work."""

from __future__ import annotations

from dataclasses import dataclass

from service.review.account_standing import AccountDesk
from service.review.accounts import Accounts
from service.review.api_keys import ApiKeys
from service.review.budgeting import Budgeting
from service.review.buyer_desk import BuyerDesk
from service.review.case_locks import CaseLocks
from service.review.case_pictures import CasePictures
from service.review.case_reading import CaseReading
from service.review.casework import CaseWork
from service.review.deadlines import Deadlines
from service.review.erasure_requests import ErasureDesk
from service.review.event_uploads import HistoryUploads
from service.review.feed import FeedReading
from service.review.finding import CaseFinding, KeptViews
from service.review.held_decisions import HeldDecisions
from service.review.incidents import Incidents
from service.review.listing import Listing
from service.review.live import LiveWatch
from service.review.model_desk import ModelDesk
from service.review.next_case import NextCase
from service.review.outcomes import Outcomes
from service.review.personal_data import PersonalDataDesk
from service.review.policies import PolicyDesk
from service.review.policy_backtest import PolicyBacktests
from service.review.policy_backtest_runs import BacktestRuns
from service.review.policy_drafting import PolicyDrafting
from service.review.policy_trials import PolicyTrials
from service.review.quality import Quality
from service.review.queue_sight import QueueSight
from service.review.queues import Queues
from service.review.risk_desk import RiskDesk
from service.review.service import ReviewService
from service.review.sightings import SeenElsewhere
from service.review.switching import Switching
from service.review.system_standing import SystemWatch
from service.review.thresholds import ThresholdWorkbench
from service.review.trail_desk import TrailDesk
from service.review.webhooks import Webhooks
from service.review.writes import Writes


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCases:
    """Built once by wiring and handed to every face."""

    review: ReviewService
    casework: CaseWork
    case_locks: CaseLocks
    next_case: NextCase
    writes: Writes
    sightings: SeenElsewhere
    listing: Listing
    policies: PolicyDesk
    trials: PolicyTrials
    backtests: PolicyBacktests
    backtest_runs: BacktestRuns
    drafting: PolicyDrafting
    switching: Switching
    budgeting: Budgeting
    risk: RiskDesk
    thresholds: ThresholdWorkbench
    webhooks: Webhooks
    feed: FeedReading
    outcomes: Outcomes
    incidents: Incidents
    deadlines: Deadlines
    queues: Queues
    queue_sight: QueueSight
    finding: CaseFinding
    views: KeptViews
    live: LiveWatch
    buyers: BuyerDesk
    uploads: HistoryUploads
    personal_data: PersonalDataDesk
    accounts: Accounts
    account_desk: AccountDesk
    api_keys: ApiKeys
    erasures: ErasureDesk
    system: SystemWatch
    trail_desk: TrailDesk
    model_desk: ModelDesk
    quality: Quality
    held: HeldDecisions
    case_reading: CaseReading
    case_pictures: CasePictures
