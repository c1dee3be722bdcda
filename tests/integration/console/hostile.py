"""A platform on which every text that comes from outside is an attack on whoever looks at it."""

from __future__ import annotations

import asyncio
import copy
import io
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import httpx
import orjson
import yaml
from api_service import CLOCK_START, FOUNDER, Service, platform_policy
from PIL import Image, ImageDraw, ImageFont

from service.api import examples
from service.domain.assessment import PlatformMode
from service.policy import load_policy
from service.review.requests import Scope
from service.store import KeyTerms, Platform, Store, quality
from tests.running_service import screen

PLATFORM = "hostile"
# Whatever runs, runs into __xss (browsing.WATCH); whatever is stopped by the policy alone is a violation.
MARKUP = (
    '<script>window.__xss.push("script")</script>',
    '"><img src=x onerror=window.__xss.push("img")>',
    "'><svg/onload=window.__xss.push(`svg`)>",
    '</textarea></title></style><iframe srcdoc="<script>parent.__xss.push(1)</script>">',
    "]]>--><base href=//example.com/><form action=//example.com><button>",
)
INSIDE = (
    "javascript:window.__xss.push(`url`)//",
    '" autofocus onfocus="window.__xss.push(`focus`)" onmouseover="window.__xss.push(`over`)" style="display:none" x="',
    "' hx-get='/console/users' hx-trigger='load' hx-on:click='window.__xss.push(1)' data-key='a' y='",
    "{{7*7}}{% debug %}${7*7}#{7*7}<%= 7*7 %>",
    "red;}body{display:none}*{background:url(//example.com/css)}",
    "=cmd|' /C calc'!A0",
)
BIDI = "\u202egnp.exe\u2066\u200b\u2028"
EVERYTHING = "\n".join((*MARKUP, *INSIDE, BIDI, "line\r\nbreak\ttab"))
LINE = MARKUP[0] + MARKUP[1] + INSIDE[1] + INSIDE[3]
NAME = MARKUP[1] + INSIDE[0] + BIDI
ID = MARKUP[1][:40] + "{{7*7}}"


@dataclass(frozen=True, slots=True)
class Hostile:
    """``cases``: by what has become of them; ``accounts``: whose they are."""

    platform: str
    key: str
    cases: dict[str, str]


def hostile_platform(service: Service, database_url: str) -> Hostile:
    """The platform with a case in every state reviewers meet."""
    known = open_platform(service, database_url, PLATFORM, policy_text(), NAME)
    cases = _Furnishing(known).cases()
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, _draw(cases, database_url, str(service.evidence))).result()
    return Hostile(PLATFORM, known.keys[PLATFORM], cases)


def open_platform(service: Service, database_url: str, platform_id: str, text: str, key_name: str = "full") -> Service:
    """Another platform on the running service, in demo mode under the policy in ``text``; its key stands under its
    id."""
    with ThreadPoolExecutor(1) as thread:
        prepared = _prepare(platform_id, text, key_name, database_url, str(service.evidence))
        key = thread.submit(asyncio.run, prepared).result()
    return replace(service, keys={**service.keys, platform_id: key})


def policy_text() -> str:
    """The demo's policy with an attack in every wording a person reads."""
    data = yaml.safe_load(platform_policy(PLATFORM, CLOCK_START).text)
    _poison(data)
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)


def _poison(data: Any) -> None:
    if isinstance(data, dict):
        if set(data) == {"zh", "en"} and all(isinstance(text, str) for text in data.values()):
            data.update({language: f"{text} {MARKUP[0]}{MARKUP[1]}{INSIDE[3]}" for language, text in data.items()})
        for value in data.values():
            _poison(value)
    elif isinstance(data, list):
        for value in data:
            _poison(value)


async def _prepare(platform_id: str, text: str, key_name: str, database_url: str, evidence: str) -> str:
    store = Store(database_url, evidence)
    await store.open()
    await store.add_platform(
        Platform(id=platform_id, zone="Asia/Shanghai", currency="CNY", mode=PlatformMode.DEMO, created_at=CLOCK_START),
        FOUNDER,
    )
    policy = replace(platform_policy(platform_id, CLOCK_START), text=text, digest=load_policy(text).digest)
    await store.add_policy(policy)
    scopes = tuple(scope.value for scope in Scope)
    _, key = await store.create_key(platform_id, key_name, scopes, FOUNDER, CLOCK_START, KeyTerms(rate_class="large"))
    await store.close()
    return key


async def _draw(cases: dict[str, str], database_url: str, evidence: str) -> None:
    """One case is to be judged before its score is shown, and none of the others: which, chance would say."""
    store, now = Store(database_url, evidence), datetime.now(UTC)
    async with store.transaction() as tx:
        for name, case_id in cases.items():
            await quality.keep_draw(tx, PLATFORM, uuid.UUID(case_id), name == "waiting", 200, now)
    await store.close()


def picture() -> bytes:
    """An order page whose printed product, seller and remarks are attacks: what OCR reads comes from outside too."""
    with Image.open(io.BytesIO(screen())) as page:
        drawn = Image.new("RGB", (page.width, page.height + 40 * len(MARKUP + INSIDE)), "white")
        drawn.paste(page, (0, 0))
    draw, font = ImageDraw.Draw(drawn), ImageFont.load_default(22)
    for number, text in enumerate((*MARKUP, *INSIDE)):
        label = ("Product", "Seller", "Order number", "Amount", "Remark")[number % 5]
        draw.text((12, drawn.height - 40 * (number + 1)), f"{label}: {text}"[:90], fill="black", font=font)
    # Bytes of its own, so that nothing kept from another test answers for it.
    drawn.putpixel((0, 0), tuple(uuid.uuid4().bytes[:3]))
    buffer = io.BytesIO()
    drawn.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


class _Furnishing:
    def __init__(self, service: Service) -> None:
        self._service = service

    def cases(self) -> dict[str, str]:
        with self._service.http(PLATFORM) as http:
            self._http = http
            page = (f"{LINE}.png", picture())
            made = {"seen": self._submit([page, (f"../{NAME}.pdf", b"%PDF-1.7 no page")])}
            made |= {name: self._submit() for name in ("waiting", "rejected", "offered", "asked", "supplier", "upheld")}
            made["approved"] = self._submit(fulfilment={"state": "delivered", "use": "never_viewed", "voidable": True})
            self._words(made)
            self._platform_wide()
        return made

    def _claim(self, **changes: Any) -> dict[str, Any]:
        data = copy.deepcopy(examples.CLAIM)
        unlike = uuid.uuid4().hex[:12]
        data["reference"] = f"{ID}{unlike}"
        data["account"] |= {"id": f"{ID}{unlike}", "device_id": ID, "payer_id": ID, "ip": ID, "elderly": True}
        data["order"] |= {
            "order_number": f"{unlike}{ID}",
            "trade_number": f"{ID}{unlike}",
            "seller_id": ID,
            "supplier_id": ID,
            "payee": NAME,
            "payment_method": NAME,
            "recharged_account": ID,
            "funding_source": NAME,
        }
        data["order"]["product"] |= {"id": ID, "name": f"{LINE}{BIDI}", "category": NAME, "region": NAME}
        data |= {
            "statement": EVERYTHING,
            "fulfilment": {"state": "delivered", "use": "activated"},
            "consent": {"given_at": "2026-11-20T22:00:00+08:00", "purpose": LINE[:190]},
            **changes,
        }
        return data

    def _submit(self, files: list[tuple[str, bytes]] | None = None, **changes: Any) -> str:
        answer = self._service.submit(self._claim(**changes), files, key=PLATFORM)
        assert answer.status_code in (201, 202), answer.text
        case_id = str(answer.json()["case_id"])
        end = time.monotonic() + 60
        while not self._http.get(f"/v1/cases/{case_id}").json()["decision"]:
            assert time.monotonic() < end, "no decision"
            time.sleep(0.1)
        return case_id

    def _words(self, cases: dict[str, str]) -> None:
        """Everything people and buyers can say about a case."""
        ana, bo = {"as": "reviewer", "by": "ana<b>"}, {"as": "reviewer", "by": "bo"}
        why, message = LINE[:900], EVERYTHING[:1_900]
        no = {**ana, "clause": "N1", "message": message, "reason": why}
        self._does(cases["rejected"], "reject", no)
        self._sends(cases["rejected"], "appeal", {"as": "buyer", "statement": EVERYTHING})
        self._does(cases["upheld"], "reject", no)
        self._sends(cases["upheld"], "appeal", {"as": "buyer", "statement": EVERYTHING})
        self._does(cases["upheld"], "begin-second-review", bo)
        self._does(cases["upheld"], "uphold", {**bo, "message": message, "reason": why, "clause": "N1"})
        self._does(cases["offered"], "offer", {**ana, "amount": 1475, "message": message, "reason": why})
        self._does(cases["offered"], "counter", {"as": "buyer", "amount": 2500, "statement": EVERYTHING})
        self._does(cases["asked"], "ask-for-materials", {**ana, "materials": ["purchase"], "message": message})
        self._does(cases["supplier"], "ask-supplier", {**ana, "asked": "supplier", "question": message})
        self._does(cases["supplier"], "supplier-answer", {"answer": EVERYTHING[:1_900]})
        back = {"as": "platform", "reason": why, "loss_share": 1.0, "source": "chargeback"}
        self._does(cases["approved"], "reverse", back)

    def _platform_wide(self) -> None:
        address = "https://example.com/hook?x=" + MARKUP[1].replace(" ", "%20") + "&y='-alert(1)-'"
        self._post("/v1/webhooks", {"url": address, "types": [], "description": LINE[:200]})
        struck = {"struck": "seller", "struck_id": ID, "began_at": "2026-11-21T08:00:00Z"}
        self._post("/v1/incidents", {**struck, "by": "ana<b>", "reason": LINE[:900]})
        proposal = {"text": policy_text() + "\n# " + MARKUP[0], "by": "ana<b>", "note": LINE[:900]}
        self._post("/v1/policy/versions", proposal)
        self._post("/v1/platform/stop", {"by": "ana<b>", "reason": LINE[:900]})

    def _does(self, case_id: str, action: str, body: dict[str, Any]) -> None:
        self._post(f"/v1/cases/{case_id}/{action}", body)

    def _sends(self, case_id: str, action: str, details: dict[str, Any]) -> None:
        files = [
            ("details", ("details.json", orjson.dumps(details), "application/json")),
            ("evidence", (f"{NAME}.png", b"no picture", "image/png")),
        ]
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        _taken(self._http.post(f"/v1/cases/{case_id}/{action}", files=files, headers=headers))

    def _post(self, path: str, body: dict[str, Any]) -> None:
        _taken(self._http.post(path, json=body, headers={"Idempotency-Key": uuid.uuid4().hex}))


def _taken(answer: httpx.Response) -> None:
    assert answer.status_code < 300, f"{answer.request.url}: {answer.text}"
