"""The case page as drawn: kept as files to be read, and with nothing foreign in it whatever a case holds.

After a wanted change: ``PREREVIEW_UPDATE_GOLDEN=1 pytest tests/unit/console``, then read the diff.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from case_page_builders import POLICY, approved, around, doubtful, lacking, step
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request

from service.console.case_page import CasePage, LinkedAccount, Shared, Surroundings, case_page
from service.console.pages import Look, Pages
from service.domain.actors import Actor, ActorKind
from service.domain.cases import CaseState
from service.domain.codec import to_data
from service.domain.history import EventKind, HistoryEvent
from service.domain.lifecycle import Action, Party
from service.review.requests import CaseView
from tests.hostile_input import HOSTILE

KEPT = Path(__file__).parent / "case_pages"
UPDATE = os.environ.get("PREREVIEW_UPDATE_GOLDEN") == "1"
# As service.console.pages has it; the frame around the page is tested with the frame.
TEMPLATES = Environment(
    loader=PackageLoader("service.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
STATIC = Path(__file__).parents[3] / "service" / "console" / "static"
CASES: dict[str, Callable[[], CaseView]] = {"approved": approved, "doubtful": doubtful, "lacking": lacking}


def whole(page: CasePage, language: str) -> str:
    """With the frame that every page of the console has."""
    scope = {"type": "http", "method": "GET", "path": "/console/cases/1", "root_path": "/console", "headers": []}
    look = Look(language=language, theme=None, keys=True)
    answer = Pages().page(Request(scope), "case/page.html", look, page=page, desk=None, rooms=[], csrf="csrf-token")
    return bytes(answer.body).decode()


def drawn(page: CasePage, language: str) -> str:
    look = Look(language=language, theme=None, keys=True)
    return TEMPLATES.get_template("case/body.html").render(page=page, say=look.say, look=look, csrf="csrf-token")


class Seen(HTMLParser):
    """Tags, attributes and addresses of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_three_cases_are_as_kept(name: str) -> None:
    language = "zh" if name == "approved" else "en"
    page = case_page(CASES[name](), POLICY, around(language=language))
    for ending, text in (
        ("json", json.dumps(to_data(page), ensure_ascii=False, indent=1, sort_keys=True) + "\n"),
        ("html", drawn(page, language)),
    ):
        file = KEPT / f"{name}.{ending}"
        if UPDATE:
            file.write_text(text, encoding="utf-8")
        assert file.read_text(encoding="utf-8") == text


def hostile(text: str) -> tuple[CaseView, Surroundings]:
    """The doubtful case with ``text`` wherever somebody outside can write."""
    case = doubtful()
    assert case.assessment is not None
    first, *rest = case.assessment.evidence
    assert first.page is not None
    fields = {name: replace(field, text=text, note=text) for name, field in first.page.fields.items()}
    claim = replace(
        case.case.claim,
        statement=text,
        account=replace(case.case.claim.account, id=text),
        order=replace(
            case.case.claim.order,
            order_number=text,
            product=replace(case.case.claim.order.product, name=text),
        ),
    )
    assessment = replace(
        case.assessment,
        evidence=(replace(first, name=text, page=replace(first.page, fields=fields)), *rest),
        checks=tuple(
            replace(check, claimed=text, read=text, record=text, note=text) for check in case.assessment.checks
        ),
        reuse=tuple(replace(one, other_order=text, other_account=text) for one in case.assessment.reuse),
    )
    said = step(
        4,
        Action.COUNTER,
        Party.BUYER,
        CaseState.COUNTERED,
        actor=Actor(ActorKind.KEY, text),
        reason=text,
        data={"statement": text, "clause": text},
    )
    view = replace(case, case=replace(case.case, claim=claim), assessment=assessment, steps=(said,))
    event = HistoryEvent(
        event_id="x", kind=EventKind.FULFILMENT, occurred_at=case.case.as_of, order_number=text, outcome=text
    )
    linked = LinkedAccount(account=text, shares=(Shared.DEVICE,))
    typed = {"act": "reject", "message": text, "reason": text, "clause": text, "amount": text}
    return view, around(events=(event,), linked=(linked,), acted_on=3, typed=typed)


PLAIN = Seen(drawn(case_page(doubtful(), POLICY, around()), "en"))
MORE_TEXTS = (
    '" onmouseover="alert(1)',
    "' autofocus onfocus=alert(1) x='",
    "javascript:alert(1)",
    "</textarea><script>",
)


@pytest.mark.parametrize("text", [*HOSTILE, *MORE_TEXTS])
def test_text_from_outside_stays_text(text: str) -> None:
    view, surroundings = hostile(text)
    html = drawn(case_page(view, POLICY, surroundings), "en")
    seen = Seen(html)
    assert set(seen.tags) <= set(PLAIN.tags) | {"time"}
    assert not {"script", "style", "iframe", "a", "object"} & set(seen.tags)
    assert seen.tags.count("img") == PLAIN.tags.count("img")
    names = {name for name, _ in seen.attributes}
    assert not {name for name in names if name.startswith("on") or name == "style"}
    assert names <= {name for name, _ in PLAIN.attributes} | {"open", "role", "selected"}
    addresses = [value or "" for name, value in seen.attributes if name in ("src", "href", "action")]
    assert all(address.startswith("evidence/") for address in addresses)
    for unseen in "\u202e\u0000\u001b\u0007":
        assert unseen not in html


def test_no_card_is_sent_before_it_was_revealed() -> None:
    html = drawn(case_page(doubtful(), POLICY, around()), "en")
    assert f'src="evidence/{"c" * 64}"' not in html
    assert "13812345678" not in html


def test_the_blind_page_names_no_score() -> None:
    html = drawn(case_page(doubtful(), POLICY, around(blind=True)), "en")
    shown = drawn(case_page(doubtful(), POLICY, around()), "en")
    for word in (
        "57.4%",
        "5.0%",
        "cert-1",
        "other font",
        "contradicts the record",
        "waterfall",
        "Proposed",
        'aria-pressed="false">Tamper',
    ):
        assert word in shown, word
        assert word not in html, word
    assert "Judge first" in html


def test_every_form_carries_token_and_version_and_every_key_is_shown() -> None:
    page = case_page(doubtful(), POLICY, around())
    html = drawn(page, "en")
    assert page.deciding is not None
    assert html.count('method="post"') == html.count('name="csrf" value="csrf-token"')
    # Besides the decisions: a reading put right and files, which make a new version as well, and a mark: none.
    assert html.count('name="version" value="4"') == len(page.deciding.forms) + 2
    assert html.count('name="once"') == len(page.deciding.forms) + 3
    for form in page.deciding.forms:
        assert f"<kbd>{form.key.upper()}</kbd>" in html


def test_what_was_typed_is_still_there_when_the_case_moved_on() -> None:
    typed = {"act": "reject", "clause": "N5", "message": "my words", "reason": "my reason"}
    html = drawn(case_page(doubtful(), POLICY, around(acted_on=3, typed=typed)), "en")
    assert "The case has moved on" in html
    assert "my words" in html
    assert "my reason" in html
    assert '<option value="N5" selected>' in html


def test_the_page_is_light_and_style_and_script_stand_in_files() -> None:
    html = whole(case_page(doubtful(), POLICY, around()), "en")
    files = sum(len((STATIC / name).read_bytes()) for name in ("case.js", "case.css"))
    assert len(html.encode()) + files < 120_000
    assert len((STATIC / "case.js").read_bytes()) < 10_000
    assert html.count("/console/static/case-") == 2
    assert "R261121-7K3M9Q2XWA" in html.partition("</title>")[0]
    assert not {"script", "style"} & set(PLAIN.tags)
    assert "style" not in {name for name, _ in PLAIN.attributes}
