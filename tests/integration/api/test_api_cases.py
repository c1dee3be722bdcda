"""The life of a case over HTTP, each journey as a platform, its buyer and its reviewers go through it."""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from api_service import Service

from service.store import EmbeddedPostgres

Make = Callable[..., dict[str, Any]]
ANA, BO = {"by": "ana.lopez"}, {"by": "bo.chen"}
MEI = {"as": "senior", "by": "mei.sun"}
NO = {"clause": "N1", "message": "该卡密已激活。", "reason": "the log shows use"}
YES = {"message": "已核实，同意退款。"}
CLIENTS: dict[str, httpx.Client] = {}
NEWS = "I found the message in which support promised the refund."


class Journey:
    """One case and what is done to it."""

    def __init__(self, service: Service, postgres: EmbeddedPostgres, data: dict[str, Any], id_: str = "") -> None:
        self.service, self.postgres = service, postgres
        if not id_:
            answer = service.submit(data)
            assert answer.status_code == 201, answer.text
            id_ = answer.json()["case_id"]
        self.claim, self.id, self.order = data, id_, data["order"]["order_number"]

    def http(self, key: str = "full") -> httpx.Client:
        """Kept open: making one costs more than most of what is asked with it."""
        token = self.service.keys[key]
        if token not in CLIENTS:
            CLIENTS[token] = self.service.http(key)
        return CLIENTS[token]

    def post(self, action: str, *bodies: dict[str, Any], key: str = "full", **headers: str) -> httpx.Response:
        body = {name: value for each in bodies for name, value in each.items()}
        sent = {"Idempotency-Key": uuid.uuid4().hex, **headers}
        return self.http(key).post(f"/v1/cases/{self.id}/{action}", json=body, headers=sent)

    def does(self, action: str, *bodies: dict[str, Any], state: str) -> dict[str, Any]:
        answer = self.post(action, *bodies)
        assert answer.status_code == 200, answer.text
        data: dict[str, Any] = answer.json()
        assert data["state"] == state
        return data

    def refuses(self, status: int, says: str, action: str, *bodies: dict[str, Any]) -> dict[str, Any]:
        before = self.now()
        answer = self.post(action, *bodies)
        assert answer.status_code == status, answer.text
        assert says in answer.json()["detail"]
        assert self.now() == before  # what is refused changes nothing
        refusal: dict[str, Any] = answer.json()
        return refusal

    def sends(self, *files: bytes, action: str = "evidence", status: int = 200, key: str = "full") -> dict[str, Any]:
        parts = [("evidence", (f"{number}.png", data, "image/png")) for number, data in enumerate(files)]
        answer = self.http(key).post(
            f"/v1/cases/{self.id}/{action}", files=parts, headers={"Idempotency-Key": uuid.uuid4().hex}
        )
        assert answer.status_code == status, answer.text
        data: dict[str, Any] = answer.json()
        return data

    def now(self) -> dict[str, Any]:
        data: dict[str, Any] = self.http().get(f"/v1/cases/{self.id}").json()
        return data

    def until(self, *states: str, steps: int = 0) -> dict[str, Any]:
        end = time.monotonic() + 30
        while True:
            data = self.now()
            if data["state"] in states and not data.get("reassessing") and len(data.get("history", [])) >= steps:
                return data
            assert time.monotonic() < end, f"still {data['state']}"
            time.sleep(0.05)

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """``query`` with :id and :order of this case."""
        url = self.postgres.url(self.service.database).replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            text = query.replace(":id", "%(id)s").replace(":order", "%(order)s")
            return connection.execute(text.encode(), {"id": self.id, "order": self.order}).fetchall()

    def told(self) -> list[str]:
        query = "SELECT type FROM outgoing_events WHERE case_id = :id ORDER BY case_version, occurred_at, id"
        return [row[0] for row in self.rows(query)]

    def recorded(self) -> list[str]:
        query = "SELECT kind FROM history_events WHERE order_number = :order ORDER BY kind"
        return [row[0] for row in self.rows(query)]

    def labels(self) -> list[tuple[Any, ...]]:
        return self.rows("SELECT source, loss_share FROM labels WHERE case_id = :id ORDER BY id")


@pytest.fixture
def journey(service: Service, claim: Make, postgres: EmbeddedPostgres) -> Callable[..., Journey]:
    """A case that a person has: the platform's own log speaks against the claim."""

    def begin(*, amount: int = 2950, **order: Any) -> Journey:
        data = claim()
        data["order"] |= {"amount_paid": amount, **order}
        data |= {"amount_claimed": amount, "fulfilment": {"state": "delivered", "use": "activated"}}
        begun = Journey(service, postgres, data)
        assert begun.now()["state"] == "in_review"
        return begun

    return begin


def test_withdrawn_before_a_decision_and_claimed_again(journey: Callable[..., Journey], service: Service) -> None:
    case = journey()
    assert "withdraw" in case.now()["actions"]["buyer"]
    assert "approve" not in case.now()["actions"]["platform"]
    data = case.does("withdraw", {"reason": "works after all"}, state="withdrawn")
    assert data["history"][-1]["party"] == "buyer"
    assert "撤回" in data["buyer"]["message"]
    assert "actions" not in data
    case.refuses(409, "withdrawn cannot go through withdraw", "withdraw")
    again = service.submit({**case.claim, "reference": "RF-2"})
    assert again.status_code == 201
    assert again.json()["case_id"] != case.id
    assert case.recorded().count("refund_withdrawn") == 1


def test_asked_for_material_the_case_goes_on_with_it_and_back_to_the_person(journey: Callable[..., Journey]) -> None:
    case = journey()
    case.refuses(422, "Ask for materials of this platform's policy", "ask-for-materials", ANA, {"materials": ["gold"]})
    data = case.does("ask-for-materials", ANA, {"materials": ["purchase"]}, state="awaiting_materials")
    assert [item["code"] for item in data["buyer"]["missing"]] == ["purchase"]
    assert data["deadline"]["due"] == "materials"
    assert case.sends(b"a page")["state"] == "assessing"
    data = case.until("in_review", "auto_approved")
    assert data["state"] == "in_review"  # a person has it: nothing is approved by itself any more
    assert case.sends(b"a page", status=409)["detail"].startswith("The order has these files already")
    superseded = case.rows("SELECT superseded_at IS NOT NULL FROM assessments WHERE case_id = :id ORDER BY recorded_at")
    assert superseded == [(True,), (False,)]
    told = case.told()
    assert told.index("case.materials_requested") < told.index("case.assessing")


def test_new_evidence_while_a_person_has_it_is_assessed_beside(journey: Callable[..., Journey]) -> None:
    case = journey()
    before = case.now()
    assert case.sends(b"something new")["state"] == "in_review"
    after = case.until("in_review", steps=2)
    assert after["version"] == before["version"] + 2
    assert [step["action"] for step in after["history"]] == ["reassessing", "reassessed"]
    assert len(after["internal"]["evidence"]) == 1
    stale = case.post("reject", ANA, NO, **{"If-Match": f'"{before["version"]}"'})
    assert (stale.status_code, stale.json()["type"]) == (409, "urn:prereview:problem:stale-write")
    case.does("reject", ANA, NO, state="rejected")


def test_a_suppliers_answer_corrects_the_record_and_the_old_assessment_keeps_its_claim(
    journey: Callable[..., Journey],
) -> None:
    case = journey()
    case.refuses(409, "Nobody was asked", "supplier-answer", {"answer": "never activated"})
    case.does("ask-supplier", ANA, {"question": "Was it ever activated?"}, state="awaiting_supplier")
    answer = {"answer": "never activated", "fulfilment": {"use": "never_viewed", "voidable": True}}
    case.does("supplier-answer", answer, state="assessing")
    data = case.until("in_review")
    assert data["internal"]["recommendation"] != "reject"
    used = case.rows(
        "SELECT coalesce(a.claim, c.claim) -> 'fulfilment' ->> 'use' FROM assessments a JOIN cases c "
        "ON c.platform_id = a.platform_id AND c.id = a.case_id WHERE c.id = :id ORDER BY a.recorded_at"
    )
    assert used == [("activated",), ("never_viewed",)]


def test_corrections_are_held_to_what_claims_are_held_to(journey: Callable[..., Journey]) -> None:
    case = journey()
    wrong = {"order": {"amount_refunded": 5000}}
    refusal = case.refuses(422, "amount_refunded is above amount_paid", "corrections", wrong)
    assert refusal["errors"][0]["path"] == "order"
    case.refuses(422, "is what the case is known by", "corrections", {"order": {"order_number": "X"}})
    case.refuses(422, "A buyer may correct", "corrections", {"as": "buyer", "order": {"quantity": 2}})
    case.refuses(409, "This is what the record says already", "corrections", {"fulfilment": {"use": "activated"}})
    for otherwise in ({"reason_code": "platform_fault"}, {"amount_claimed": 10}):
        case.refuses(409, "judging the claim as it was made", "corrections", {"as": "buyer"}, otherwise)
    case.does("corrections", {"as": "buyer", "statement": "It was bought for my mother."}, state="in_review")
    case.until("in_review", steps=2)


def test_a_late_record_of_the_order_makes_a_new_assessment(journey: Callable[..., Journey], service: Service) -> None:
    case = journey()
    event = {
        "event_id": uuid.uuid4().hex,
        "kind": "fulfilment",
        "occurred_at": "2026-11-20T21:04:42+08:00",
        "order_number": case.order,
        "outcome": "failed",
    }
    with service.http() as http:
        for _ in range(2):  # told twice, looked at once
            assert http.post("/v1/events", json={"events": [event]}).status_code == 200
    data = case.until("in_review", steps=2)
    assert [step["said"].get("cause") for step in data["history"] if "said" in step] == ["late_record"]


def test_offered_countered_offered_again_and_taken(journey: Callable[..., Journey]) -> None:
    case = journey()
    case.refuses(422, "needs a reason", "offer", ANA, YES, {"amount": 1000})
    case.refuses(422, "at most ¥29.50", "offer", ANA, YES, {"amount": 2951, "reason": "goodwill"})
    data = case.does("offer", ANA, YES, {"amount": 1000, "reason": "goodwill"}, state="offered")
    assert (data["offer"]["amount"], data["amount"], data["deadline"]["due"]) == (1000, None, "offer")
    case.refuses(409, "above the ¥10.00 offered", "counter", {"amount": 900})
    case.does("counter", {"amount": 2000}, state="countered")
    case.does("offer", ANA, YES, {"amount": 1800, "reason": "goodwill"}, state="offered")
    data = case.does("accept-offer", state="partially_approved")
    assert (data["amount"], data["currency"]) == (1800, "CNY")
    assert {"case.offer_made", "case.offer_countered", "case.offer_accepted"} <= set(case.told())
    assert case.recorded() == ["refund_granted", "refund_requested"]
    assert case.labels() == []  # an agreement judges nobody
    case.refuses(409, "partially_approved cannot go through decline_offer", "decline-offer")


@pytest.mark.parametrize(
    "corrected",
    [{"order": {"disputed": True}}, {"order": {"amount_paid": 2960}}, {"amount_claimed": 900}],
    ids=["disputed since", "another payment", "less claimed than offered"],
)
def test_an_offer_ends_with_the_facts_it_was_made_on(
    journey: Callable[..., Journey], corrected: dict[str, Any]
) -> None:
    case = journey()
    case.does("offer", ANA, YES, {"amount": 1000, "reason": "goodwill"}, state="offered")
    assert case.post("corrections", {"as": "platform"}, corrected).status_code == 200
    case.until("offered", steps=3)
    case.refuses(409, "corrected after this offer", "accept-offer")
    case.does("decline-offer", state="in_review")


def test_declined_and_decided_in_part_with_a_label(journey: Callable[..., Journey]) -> None:
    case = journey()
    case.does("offer", ANA, YES, {"amount": 1000, "reason": "goodwill"}, state="offered")
    case.does("decline-offer", {"reason": "too little"}, state="in_review")
    data = case.does("approve-partially", ANA, YES, {"amount": 1475, "reason": "half"}, state="partially_approved")
    assert data["amount"] == 1475
    assert case.labels() == [("review", pytest.approx(0.5))]
    assert case.recorded() == ["refund_granted", "refund_requested"]


def test_rejected_appealed_with_something_new_and_granted_by_somebody_else(journey: Callable[..., Journey]) -> None:
    case = journey()
    case.refuses(422, "names the clause of the policy", "reject", ANA, {**NO, "clause": "N99"})
    data = case.does("reject", ANA, NO, state="rejected")
    assert data["buyer"]["message"] == NO["message"]
    assert "申诉" in data["buyer"]["next"]
    case.refuses(409, "needs something new", "appeal", {"statement": "please"})
    case.refuses(409, "needs something new", "appeal", {"statement": f"  {case.claim['statement']} "})
    case.does("appeal", {"statement": NEWS}, state="appealed")
    case.refuses(403, "handled this case before", "begin-second-review", {"by": "ANA.Lopez "})
    case.does("begin-second-review", BO, state="in_second_review")
    case.refuses(403, "handled this case before", "approve", ANA, YES)
    data = case.does("approve", BO, YES, state="approved")
    assert data["amount"] == 2950
    assert case.labels() == [("review", 1.0), ("appeal", 0.0)]
    assert case.recorded() == ["refund_granted", "refund_rejected", "refund_requested"]
    entries = case.rows("SELECT action, after ->> 'state' FROM audit WHERE subject = 'case:' || :id ORDER BY id")
    for step in data["history"]:
        assert (f"case.{step['action']}", step["to_state"]) in entries


def test_upheld_then_arbitrated_and_the_ruling_is_binding(journey: Callable[..., Journey]) -> None:
    case = journey()
    case.does("reject", MEI, NO, state="rejected")
    assert case.sends(b"a page nobody saw", action="appeal")["state"] == "appealed"
    case.until("appealed", steps=4)
    case.does("begin-second-review", BO, state="in_second_review")
    case.does("uphold", BO, NO, state="rejected")
    case.refuses(409, "ask for arbitration instead", "appeal", {"statement": NEWS})
    case.does("request-arbitration", {"statement": NEWS}, state="arbitration")
    ruling = {"ruling": "12315 no. 8841", "message": "仲裁维持原决定。"}
    case.refuses(403, "does not rule on it", "rule-rejected", MEI, ruling)
    data = case.does("rule-rejected", {"as": "senior", "by": "tan.wei"}, ruling, state="closed")
    assert data["history"][-1]["said"]["ruling"] == "12315 no. 8841"
    assert "actions" not in data
    assert case.recorded() == ["refund_rejected", "refund_requested"]


def test_an_appeal_names_the_live_case_its_order_has_by_now(journey: Callable[..., Journey], service: Service) -> None:
    case = journey()
    case.does("reject", ANA, NO, state="rejected")
    other = service.submit({**case.claim, "reference": "RF-2"}, [("new.png", b"mended evidence")]).json()
    refusal = case.refuses(409, other["number"], "appeal", {"statement": NEWS})
    assert refusal["case_id"] == other["case_id"]
    assert case.recorded().count("refund_withdrawn") == 0  # mending and applying again is held against nobody


def test_a_large_grant_waits_for_a_second_person(journey: Callable[..., Journey]) -> None:
    case = journey(amount=250_000)
    proposed = case.post("approve", ANA, YES)
    assert proposed.status_code == 202
    data = proposed.json()
    assert (data["state"], data["amount"], data["pending_second"]["amount"]) == ("in_review", None, 250_000)
    case.refuses(409, "another person has to confirm", "approve", {"by": "Ana.Lopez"}, YES)
    case.sends(b"something new")  # and what was proposed is proposed no more
    assert "pending_second" not in case.until("in_review", steps=3)
    assert case.post("approve", ANA, YES).status_code == 202
    data = case.does("approve", BO, YES, state="approved")
    assert (data["amount"], case.recorded().count("refund_granted")) == (250_000, 1)


def test_where_two_differ_a_senior_who_is_neither_decides(journey: Callable[..., Journey]) -> None:
    case = journey(amount=250_000)
    assert case.post("approve", ANA, YES).status_code == 202
    differing = case.post("approve-partially", BO, YES, {"amount": 200_000, "reason": "part"})
    assert (differing.status_code, differing.json()["state"]) == (202, "in_review")
    part = {**YES, "amount": 200_000, "reason": "yes"}
    case.refuses(403, "neither of you", "approve-partially", ANA, part)
    case.refuses(403, "neither of you", "approve", {**BO, "as": "senior"}, YES)
    case.refuses(403, "a senior reviewer decides it", "reject", {"by": "lin"}, NO)
    assert "refund_granted" not in case.recorded()
    data = case.does("approve-partially", MEI, part, state="partially_approved")
    assert (data["amount"], case.recorded().count("refund_granted")) == (200_000, 1)


def test_who_refuses_what_another_would_grant_refuses_nothing(journey: Callable[..., Journey]) -> None:
    case = journey(amount=250_000)
    assert case.post("approve", ANA, YES).status_code == 202
    assert case.post("reject", BO, NO).json()["state"] == "in_review"
    case.does("reject", MEI, NO, state="rejected")


def test_disputed_orders_are_for_seniors_and_cross_border_ones_need_proof_of_identity(
    journey: Callable[..., Journey],
) -> None:
    disputed = journey(disputed=True)
    for action, body in (("approve", YES), ("reject", NO), ("offer", {**YES, "amount": 500, "reason": "x"})):
        disputed.refuses(403, "Only a senior reviewer decides disputed orders", action, ANA, body)
    disputed.does("reject", MEI, NO, state="rejected")
    abroad = journey(cross_border=True)
    abroad.refuses(403, "Only a senior reviewer decides cross-border orders", "approve", ANA, YES)
    abroad.refuses(409, "needs proof of identity", "approve", MEI, YES)
    abroad.does("reject", MEI, NO, state="rejected")


def test_reversed_the_loss_becomes_a_label_and_the_order_may_be_claimed_again(
    journey: Callable[..., Journey], service: Service
) -> None:
    case = journey()
    case.does("approve", ANA, YES, state="approved")
    back = {"reason": "charged back", "loss_share": 1.0, "source": "chargeback"}
    case.refuses(422, "Only a senior reviewer's", "reverse", {**back, "source": "review"})
    data = case.does("reverse", back, state="reversed")
    assert data["amount"] is None
    assert case.labels() == [("review", 0.0), ("chargeback", 1.0)]
    assert case.rows("SELECT ended_as FROM grants WHERE case_id = :id") == [("reversed",)]
    assert "refund_wrong" in case.recorded()
    assert service.submit({**case.claim, "reference": "RF-2"}).status_code == 201


def test_lapsed_and_reopened_it_is_assessed_anew(journey: Callable[..., Journey]) -> None:
    case = journey()
    case.does("ask-for-materials", ANA, {"materials": ["purchase"]}, state="awaiting_materials")
    case.rows("UPDATE deadlines SET due_at = '2026-01-01', remind_at = NULL WHERE case_id = :id RETURNING id")
    data = case.until("lapsed")
    assert data["actions"]["buyer"] == ["reopen"]
    case.does("reopen", {"as": "buyer"}, state="assessing")
    case.until("in_review")
    assert {"case.lapsed", "case.reopened"} <= set(case.told())


def test_in_whose_part_a_key_may_act_is_its_scopes(journey: Callable[..., Journey], service: Service) -> None:
    case = journey()
    for action, body in (("withdraw", {}), ("approve", {**ANA, **YES}), ("reject", {**MEI, **NO})):
        answer = case.post(action, body, key="claims")
        assert (answer.status_code, answer.json()["type"]) == (403, "urn:prereview:problem:scope-missing")
        assert case.post(action, body, key="north").status_code == 404
    case.refuses(422, "Name the reviewer", "reopen", {"as": "reviewer"})
    case.refuses(422, "readable characters", "approve", {"by": "a\u200bb"}, YES)
    case.refuses(422, "must be 'reviewer' or 'senior'", "approve", {"as": "buyer", **ANA}, YES)


def test_files_of_those_who_may_not_send_them_are_not_kept(journey: Callable[..., Journey], service: Service) -> None:
    case = journey()
    for action in ("evidence", "appeal"):
        case.sends(b"from a stranger", action=action, status=403, key="claims")
        case.sends(b"from a stranger", action=action, status=404, key="north")
    named = hashlib.sha256(b"from a stranger").hexdigest()
    assert not [path for path in service.evidence.rglob("*") if path.name.startswith(named)]
    assert case.now()["version"] == 2


def test_a_repeated_action_changes_nothing_and_is_answered_the_same(journey: Callable[..., Journey]) -> None:
    case = journey()
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first = case.post("reject", ANA, NO, **key)
    again = case.post("reject", ANA, NO, **key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert case.recorded().count("refund_rejected") == 1
    other = case.post("approve", ANA, YES, **key)
    assert other.json()["type"] == "urn:prereview:problem:idempotency-key-reused"


def test_two_reviewers_at_once_decide_once(journey: Callable[..., Journey]) -> None:
    case = journey()
    version = f'"{case.now()["version"]}"'
    deciding = [("approve", {**ANA, **YES}), ("reject", {**BO, **NO})] * 4
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda each: case.post(*each, **{"If-Match": version}), deciding))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert len(case.labels()) == 1


def test_posts_through_every_channel_at_once_are_one_case_with_all_their_evidence(
    service: Service, claim: Make, postgres: EmbeddedPostgres
) -> None:
    data = claim()
    data["fulfilment"] = {"state": "delivered", "use": "activated"}
    channels = [{**data, "reference": f"RF-{number}", "channel": f"app{number}"} for number in range(6)]

    def post(number: int) -> httpx.Response:
        return service.submit(channels[number], [(f"{number}.png", b"page %d" % number)])

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(post, range(6)))
    assert sorted(answer.status_code for answer in answers).count(200) == 5
    (case_id,) = {answer.json()["case_id"] for answer in answers}
    case = Journey(service, postgres, data, case_id)
    end = time.monotonic() + 20
    while len(case.until("in_review")["internal"]["evidence"]) < 6:
        assert time.monotonic() < end, "some of the evidence was not assessed"
        time.sleep(0.05)
    states = case.rows("SELECT count(*) FROM cases WHERE order_number = :order")
    assert states == [(1,)]
    # Asking again while a decision is due counts; the platform's own claim sent twice does not.
    assert case.recorded().count("refund_requested") == 6
