"""One case over HTTP: seen by its platform only, decided once, held, taken back, and never lost on the way."""

from __future__ import annotations

import asyncio
import hashlib
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from api_service import Service
from browsing import Watched
from console_people import browser, sign_in, token_on
from identity_card import identity_card

from service.store import EmbeddedPostgres, quality
from service.store.database import Database
from service.store.holding_tables import held_decisions
from training.screens.browser import chromium_path

SCREENS = Path(__file__).parents[2] / "data" / "screens"


class At:
    """Somebody signed in, with one case before them."""

    def __init__(self, http: httpx.Client, case_id: str) -> None:
        self.http, self.case_id = http, case_id
        self.path = f"/cases/{case_id}"

    def page(self, path: str | None = None) -> httpx.Response:
        return self.http.get(path or self.path)

    def fields(self, act: str) -> dict[str, str]:
        """What the act's form on the page holds besides what is typed."""
        page = self.page()
        return {
            "csrf": token_on(page),
            "act": act,
            "version": _hidden(page, "version"),
            "once": _hidden(page, "once"),
        }

    def send(self, act: str, fields: dict[str, str] | None = None, **typed: Any) -> httpx.Response:
        return self.http.post(self.path, data={**(fields or self.fields(act)), **typed})

    def undo(self) -> httpx.Response:
        page = self.page()
        ids = re.findall(r'<input type="hidden" name="id" value="([0-9a-f-]{36})">', page.text)
        return self.http.post("/held/undo", data={"csrf": token_on(page), "id": ids})


def _hidden(page: httpx.Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.text)
    assert found is not None, page.text[:2000]
    return found[1]


def keep_lot(database_url: str, case_id: str, *, blind: bool) -> None:
    """As if this lot had been drawn: whether a case has to be judged before its score is shown."""
    now = datetime.now(UTC)
    change(database_url, lambda tx: quality.keep_draw(tx, "demo", uuid.UUID(case_id), blind, 200, now))


def let_time_pass(database_url: str) -> None:
    """What is held is due now."""
    change(database_url, lambda tx: tx.execute(sa.update(held_decisions).values(due_at=datetime.now(UTC))))


def change(database_url: str, what: Callable[[Any], Awaitable[object]]) -> None:
    async def done() -> None:
        database = Database(database_url)
        async with database.transaction() as tx:
            await what(tx)
        await database.close()

    with ThreadPoolExecutor(1) as thread:  # a browser's test has an event loop running
        thread.submit(lambda: asyncio.run(done())).result()


@pytest.fixture
def in_review(service: Service, claim: Callable[..., dict[str, Any]], postgres: EmbeddedPostgres) -> Callable[..., str]:
    """A case that waits for a person, and its id; ``blind``: to be judged before its score is shown."""

    def make(
        key: str = "full", files: list[tuple[str, bytes]] | None = None, *, blind: bool = False, **changes: Any
    ) -> str:
        used = {"fulfilment": {"state": "delivered", "use": "viewed"}, **changes}
        answer = service.submit(claim(**used), files, key=key)
        assert answer.status_code in (201, 202), answer.text
        case_id = str(answer.json()["case_id"])
        with service.http(key) as http:
            end = time.monotonic() + 60
            while http.get(f"/v1/cases/{case_id}").json()["state"] in ("accepted", "assessing"):
                assert time.monotonic() < end
                time.sleep(0.1)
            if http.get(f"/v1/cases/{case_id}").json()["state"] == "awaiting_materials":
                http.post(
                    f"/v1/cases/{case_id}/send-to-review",
                    json={"as": "reviewer", "by": "setup", "reason": "for the test"},
                    headers={"Idempotency-Key": uuid.uuid4().hex},
                )
        keep_lot(postgres.url(service.database), case_id, blind=blind)
        return case_id

    return make


@pytest.fixture
def at(service: Service, new_person: Callable[..., str]) -> Iterator[Callable[..., At]]:
    opened: list[httpx.Client] = []

    def make(case_id: str, *roles: str, platform: str = "demo", language: str = "en") -> At:
        http = browser(service, **{"Accept-Language": language}).__enter__()
        opened.append(http)
        sign_in(http, new_person(*(roles or ("reviewer",)), platform=platform), platform=platform)
        return At(http, case_id)

    yield make
    for http in opened:
        http.close()


def state(service: Service, case_id: str) -> str:
    with service.http() as http:
        return str(http.get(f"/v1/cases/{case_id}").json()["state"])


def test_a_decision_is_held_shown_and_taken_back_with_what_was_written(
    service: Service, in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    case_id = in_review()
    seat, other = at(case_id), at(case_id)
    fields = seat.fields("approve")
    sent = seat.send("approve", fields, message="Your refund is on its way.", reason="the log shows it <never> arrived")
    assert sent.status_code == 303, sent.text
    assert re.fullmatch(r"/console/(queues|cases/[0-9a-f-]{36})", sent.headers["location"])
    page = seat.page()
    assert re.search(r"Approved ¥29.\d\d for case R", page.text), page.text[:3000]
    assert "has decided" in other.page().text
    refused = other.send("reject", {**fields, "csrf": token_on(other.page())}, clause="N1", message="No.", reason="x")
    assert refused.status_code == 409
    assert "is at work on this case" in refused.text
    assert "No." in refused.text

    # The same form again, and twice at once, is the same decision.
    assert (
        seat.send(
            "approve", fields, message="Your refund is on its way.", reason="the log shows it <never> arrived"
        ).status_code
        == 303
    )
    changed = seat.send("approve", fields, message="Something else.", reason="")
    assert changed.status_code == 409
    assert "nothing was done twice" in changed.text

    back = seat.undo()
    assert back.status_code == 303
    page = seat.page(back.headers["location"].removeprefix("/console"))
    assert "Taken back" in page.text
    assert "the log shows it &lt;never&gt; arrived" in page.text
    assert "Approved" not in page.text.split("case-head")[0]
    assert state(service, case_id) == "in_review"
    # The page as it was before, from the browser's history: sent again, it must not look decided.
    again = seat.send(
        "approve", fields, message="Your refund is on its way.", reason="the log shows it <never> arrived"
    )
    assert (again.status_code, "nothing is decided" in again.text) == (409, True)
    assert "Approved" not in seat.page().text.split("case-head")[0]


def test_what_stands_against_a_decision_is_said_beside_its_field_and_nothing_typed_is_lost(
    service: Service, in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    case_id = in_review()
    seat = at(case_id, language="zh-CN")
    for act, typed, said in (
        ("reject", {"message": "不行", "reason": "写好的理由"}, "请选择依据的条款"),
        ("approve-partially", {"amount": "lots", "message": "m", "reason": "写好的理由"}, "请写成 12.50 这样的数字"),
        ("approve-partially", {"amount": "31", "message": "m", "reason": "写好的理由"}, "金额须大于零且不超过 ¥29.50"),
        ("approve-partially", {"amount": "3.33", "message": "写好的理由"}, "请写明内部理由"),
        ("ask-for-materials", {"message": "m", "reason": "写好的理由"}, "请至少选择一项材料"),
        ("ask-supplier", {"question": " ", "reason": "写好的理由"}, "请写明要问什么"),
    ):
        page = seat.send(act, **typed)
        assert page.status_code == 422, (act, page.status_code)
        assert said in page.text, (act, re.findall(r'class="fault"[^>]*>([^<]*)', page.text))
        assert "写好的理由" in page.text
    assert seat.send("approve", version="x").status_code == 400
    assert seat.send("no-such-act").status_code == 422

    with service.http() as http:
        http.post(
            f"/v1/cases/{case_id}/ask-for-materials",
            json={"as": "reviewer", "by": "bo", "materials": ["purchase"]},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
    stale = seat.fields("reject")
    page = seat.send(
        "reject", {**stale, "version": str(int(stale["version"]) - 1)}, clause="N1", message="m", reason="写好的理由"
    )
    assert page.status_code == 409
    assert "退款单已有变化" in page.text
    assert "索要材料" in page.text
    assert "写好的理由" in page.text
    assert f'name="version" value="{stale["version"]}"' in page.text


def test_only_the_platforms_own_people_see_a_case_and_an_auditor_changes_nothing(
    in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    case_id = in_review()
    stranger = at(case_id, platform="north")
    assert stranger.page().status_code == stranger.page(f"/cases/{uuid.uuid4()}").status_code == 404
    assert stranger.page("/cases/nonsense").status_code == 404
    form = {"csrf": token_on(stranger.page("/password")), "act": "approve", "version": "3", "once": "a" * 16}
    assert stranger.send("approve", form, message="m").status_code == 404

    auditor = at(case_id, "auditor")
    page = auditor.page()
    assert page.status_code == 200
    assert "For reading only." in page.text
    assert 'name="act"' not in page.text
    form = {"csrf": token_on(auditor.page("/password")), "act": "approve", "version": "3", "once": "a" * 16}
    for act in ("approve", "reveal", "mark", "correct-reading"):
        assert auditor.send(act, form | {"act": act}).status_code == 403
    assert at(case_id, "data_scientist").page().status_code == 403


def test_a_misread_field_is_put_right_and_a_mark_changes_nothing(
    service: Service, claim: Callable[..., dict[str, Any]], in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    page_sent, data = ("order.jpg", (SCREENS / "0003-order_cards.jpg").read_bytes()), claim()
    case_id = in_review(files=[page_sent], **data | {"fulfilment": {"state": "delivered", "use": "viewed"}})
    seat = at(case_id)
    options = dict(re.findall(r'<option value="([0-9a-f]{64} \w+)">#1 ([^<]*)</option>', seat.page().text))
    field = next(value for value in options if value.endswith(" amount"))
    assert seat.send("correct-reading", field=field, text="not money").status_code == 422
    fields = seat.fields("correct-reading")
    sent = seat.send("correct-reading", fields, field=field, text="¥12.34")
    assert sent.status_code == 303, re.findall(r'class="fault"[^>]*>([^<]*)', sent.text)
    end = time.monotonic() + 30
    while "12.34" not in (page := seat.page()).text.split("case-viewer")[0] and time.monotonic() < end:
        time.sleep(0.2)
    row = page.text.split('data-fact="amount"')[1].split("</tr>")[0]
    assert "¥12.34" in row
    assert "differs" in row

    before = state(service, case_id), _hidden(page, "version")
    assert seat.send("mark", loss="100", confidence="75", note="same phone as the ring").status_code == 303
    assert seat.send("mark", loss="7", confidence="75").status_code == 422
    assert (state(service, case_id), _hidden(seat.page(), "version")) == before
    # What one person says a page shows approves nothing by itself, in the order's next claim neither.
    with service.http() as http:
        back = {"as": "buyer", "reason": "again"}
        http.post(f"/v1/cases/{case_id}/withdraw", json=back, headers={"Idempotency-Key": uuid.uuid4().hex})
        viewed = {"fulfilment": {"state": "delivered", "use": "viewed"}, "reference": uuid.uuid4().hex}
        again = service.submit({**data, **viewed}, [page_sent]).json()["case_id"]
        assert again != case_id
        end = time.monotonic() + 30
        while (told := http.get(f"/v1/cases/{again}").json())["state"] in ("accepted", "assessing"):
            assert time.monotonic() < end
            time.sleep(0.1)
    assert "under_review" in [each["code"] for each in told["internal"]["reasons"]]


def test_files_are_added_from_the_page_and_the_case_is_assessed_anew(
    service: Service, in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    case_id = in_review()
    seat = at(case_id)
    assert 'type="file"' in seat.page().text
    fields = {**seat.fields("approve"), "act": "add-files"}
    picture = ("files", ("../<img src=x onerror=alert(1)>.jpg", (SCREENS / "0003-order_cards.jpg").read_bytes()))

    def send(*files: Any, **changed: str) -> httpx.Response:
        return seat.http.post(seat.path, data={**fields, **changed}, files=files)

    assert send(picture, csrf="0" * 64).status_code == 403
    nothing = send(("files", ("", b"")))
    assert (nothing.status_code, "Choose at least one file" in nothing.text) == (422, True)
    assert send(*[("files", (f"{n}.txt", b"x")) for n in range(11)]).status_code == 413
    boundary = {"Content-Type": "multipart/form-data; boundary=x"}
    assert seat.http.post(seat.path, content=b"--x\r\n", headers=boundary).status_code == 400

    assert send(picture).status_code == 303
    assert send(picture).status_code == 303  # sent twice, it is added once
    end = time.monotonic() + 30
    while "/evidence/" not in (page := seat.page().text):
        assert time.monotonic() < end
        time.sleep(0.2)
    assert "&lt;img src=x onerror=" in page
    assert "<img src=x onerror" not in page
    stale = send(("files", ("other.txt", b"other")), once="b" * 16)
    assert (stale.status_code, "moved on" in stale.text) == (409, True)


def test_pictures_are_the_cases_own_and_identity_cards_stay_covered_until_revealed(
    service: Service, in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    picture = (SCREENS / "0003-order_cards.jpg").read_bytes()
    card = identity_card()
    consent = {"given_at": "2026-11-20T22:00:00+08:00", "purpose": "refund"}
    case_id = in_review(files=[("order.jpg", picture), ("card.png", card)], consent=consent)
    seat, other, stranger = at(case_id), at(case_id), at(case_id, platform="north")
    text = seat.page().text
    own, covered = hashlib.sha256(picture).hexdigest(), hashlib.sha256(card).hexdigest()
    assert f"evidence/{own}" in text
    assert f"evidence/{covered}" not in text

    shown = seat.page(f"{seat.path}/evidence/{own}")
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
    assert shown.headers["cache-control"] == "no-store"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert shown.content == picture
    assert stranger.page(f"{seat.path}/evidence/{own}").status_code == 404
    foreign = in_review()
    assert seat.page(f"/cases/{foreign}/evidence/{own}").status_code == 404
    assert seat.page(f"{seat.path}/evidence/{'0' * 64}").status_code == 404

    assert seat.page(f"{seat.path}/evidence/{covered}").status_code == 403
    assert seat.send("reveal", what=covered, reason=" ").status_code == 422
    assert seat.send("reveal", what=own, reason="to look").status_code == 400
    assert seat.send("reveal", what=covered, reason="the name on the claim is another").status_code == 303
    assert seat.page(f"{seat.path}/evidence/{covered}").content == card
    assert f"evidence/{covered}" in seat.page().text
    assert other.page(f"{seat.path}/evidence/{covered}").status_code == 403


def test_a_case_to_be_judged_blind_shows_its_score_after_the_judgement_and_decides_with_the_second_send(
    service: Service, in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    case_id = in_review(blind=True)
    seat = at(case_id)
    page = seat.page().text
    assert "Judge first" in page
    assert "Why this risk" not in page
    assert "Mark the risk" not in page
    assert seat.send("mark", {**seat.fields("mark")}, loss="0", confidence="95").status_code == 403

    shown = seat.send("reject", clause="N1", message="Not by our rules.", reason="seen before")
    assert shown.status_code == 200
    assert "Your judgement is recorded" in shown.text
    assert "Why this risk" in shown.text
    assert "Not by our rules." in shown.text
    assert state(service, case_id) == "in_review"
    assert "Undo" not in shown.text

    fields = {name: _hidden(shown, name) for name in ("csrf", "version", "once")}
    sent = seat.send(
        "reject", fields | {"act": "reject"}, clause="N1", message="Not by our rules.", reason="seen before"
    )
    assert sent.status_code == 303
    assert "Rejected for case" in seat.page().text


def test_what_was_held_takes_effect_by_itself_and_what_came_to_nothing_is_told(
    service: Service, in_review: Callable[..., str], at: Callable[..., At], postgres: EmbeddedPostgres
) -> None:
    case_id, other = in_review(), in_review()
    seat = at(case_id)
    assert seat.send("ask-for-materials", materials="purchase", message="Please send it.").status_code == 303
    beside = At(seat.http, other)
    assert beside.send("reject", clause="N1", message="No.").status_code == 303
    with service.http() as http:
        gone = http.post(f"/v1/cases/{other}/withdraw", json={"as": "buyer"}, headers={"Idempotency-Key": other})
    assert gone.status_code == 200, gone.text
    let_time_pass(postgres.url(service.database))
    end = time.monotonic() + 30
    while state(service, case_id) != "awaiting_materials" and time.monotonic() < end:
        time.sleep(0.1)
    assert state(service, case_id) == "awaiting_materials"
    while "Not done: Reject" not in (page := seat.page()).text and time.monotonic() < end:
        time.sleep(0.1)
    assert "The case changed before this took effect" in page.text
    held = re.findall(r'/held/seen".*?name="id" value="([0-9a-f-]{36})"', page.text, re.DOTALL)
    assert seat.http.post("/held/seen", data={"csrf": token_on(page), "id": held}).status_code == 303
    assert "Not done" not in seat.page().text
    assert state(service, other) == "withdrawn"
    late = seat.page(f"{seat.path}?undone={uuid.uuid4()}")
    assert late.status_code == 200


def test_a_case_handed_up_is_for_seniors_alone(
    service: Service, in_review: Callable[..., str], at: Callable[..., At], postgres: EmbeddedPostgres
) -> None:
    case_id = in_review()
    seat, senior = at(case_id), at(case_id, "senior")
    assert seat.send("hand-up", reason=" ").status_code == 422
    assert seat.send("hand-up", reason="the pages contradict each other").status_code == 303
    assert "Handed up to a senior for case" in seat.page().text
    let_time_pass(postgres.url(service.database))
    end = time.monotonic() + 30
    while "handed up to a senior" not in (page := senior.page()).text and time.monotonic() < end:
        time.sleep(0.1)
    assert "Senior only" in page.text
    mine = seat.page().text
    assert 'value="approve"' not in mine
    assert 'value="ask-for-materials"' in mine
    assert seat.send("approve", seat.fields("approve"), message="m").status_code == 403
    assert senior.send("approve", message="m").status_code == 303


@pytest.mark.browser
@pytest.mark.skipif(chromium_path() is None, reason="no chromium installed; set PREREVIEW_CHROMIUM to one")
def test_a_case_is_decided_and_taken_back_without_a_mouse(
    service: Service, in_review: Callable[..., str], signed_in: Callable[..., Watched]
) -> None:
    case_id = in_review(files=[("order.jpg", (SCREENS / "0021-order_cards.jpg").read_bytes())])
    watched = signed_in("reviewer")
    page = watched.page
    page.goto(f"/console/cases/{case_id}")
    image = page.locator(".paper img").first
    image.wait_for()
    page.wait_for_function("document.querySelector('.paper img').naturalWidth > 0")
    row = page.locator('tr[data-fact="amount"]').first
    row.hover()
    assert "lit" in page.locator('rect[data-fact="amount"]').first.get_attribute("class").split()
    page.mouse.move(0, 0)
    width = image.bounding_box()["width"]
    page.keyboard.press("+")
    page.wait_for_function("(width) => document.querySelector('.paper img').clientWidth > width * 1.1", arg=width)

    page.keyboard.press("a")
    assert page.evaluate("document.activeElement.name") == "message"
    page.keyboard.press("Tab")
    page.keyboard.type("the log shows it never arrived")
    page.keyboard.press("Control+Enter")
    page.locator(".held-bar").wait_for()
    assert "已通过 ¥" in page.locator(".held-bar").inner_text()
    page.keyboard.press("u")
    page.wait_for_url(f"**/cases/{case_id}?undone=*")
    assert page.locator("#act-approve-reason").input_value() == "the log shows it never arrived"
    assert page.locator(".held-bar").count() == 0
    assert state(service, case_id) == "in_review"
    watched.quiet()


def test_what_a_supplier_answered_is_entered_at_once_and_once(
    service: Service, in_review: Callable[..., str], at: Callable[..., At]
) -> None:
    case_id = in_review()
    with service.http() as http:
        asked = {"as": "reviewer", "by": "bo", "asked": "supplier", "question": "did it arrive?"}
        http.post(f"/v1/cases/{case_id}/ask-supplier", json=asked, headers={"Idempotency-Key": case_id})
    seat = at(case_id)
    assert seat.send("supplier-answer", question=" ").status_code == 422
    fields = seat.fields("supplier-answer")
    for _ in range(2):
        assert seat.send("supplier-answer", fields, question="The carrier says it did not.").status_code == 303
    page = seat.page().text
    assert page.count("The carrier says it did not.") == 1
    assert "Undo" not in page
