"""What pages print follows from the seed, and the truth speaks the read contract's language."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
import yaml

from service.domain.evidence import ErrorCode, FieldName, PageKind
from training.screens import DEVELOPMENT, HELD_OUT
from training.screens import prompts as prompt_texts
from training.screens.damage import DAMAGES
from training.screens.distractors import DISTRACTORS, distractors
from training.screens.edited import KINDS
from training.screens.facts import MONEY_FORMATS, TIME_FORMATS, Print
from training.screens.layouts import LAYOUTS, SAMPLE, SAMPLE_SEED
from training.screens.printing import environment
from training.screens.rendering import TEMPLATES, drawings

DATA = Path(__file__).resolve().parents[2] / "data" / "screens"
DEMO = Path(__file__).resolve().parents[3] / "service" / "demo"


def test_one_seed_gives_the_same_pages_and_another_gives_others() -> None:
    first, again, other = drawings(7, 40), drawings(7, 40), drawings(8, 40)
    assert [page.values for page in first] == [page.values for page in again]
    assert [page.context for page in first] == [page.context for page in again]
    assert [page.screen for page in first] == [page.screen for page in again]
    assert [page.values for page in first] != [page.values for page in other]


def test_a_page_does_not_depend_on_how_many_follow() -> None:
    assert [page.values for page in drawings(3, 20)] == [page.values for page in drawings(3, 50)][:20]


SEALED_POOLS = ("second", "third", "fourth", "fifth", "sixth", "seventh")
# Their authors had not seen the other sets' wordings, and so could not keep clear of what everybody says.
DRAWN_BLIND = ("fifth", "sixth", "seventh")


def test_held_out_layouts_share_neither_template_nor_wording_with_the_others() -> None:
    assert len(HELD_OUT) >= 3
    assert len(DEVELOPMENT) >= 10
    assert not {layout.name for layout in HELD_OUT} & {layout.name for layout in DEVELOPMENT}
    for code in (None, *prompt_texts.codes("first")):
        for language in ("zh", "en"):
            kept = prompt_texts.wordings(code, language, held_out=True)
            used = prompt_texts.wordings(code, language, pool="breadth")
            assert kept, (code, language)
            assert used, (code, language)
            assert not {*kept} & set(used)
            for pool in SEALED_POOLS:
                sealed = prompt_texts.wordings(code, language, held_out=True, pool=pool)
                assert sealed, (pool, code, language)
                assert pool in DRAWN_BLIND or not {*sealed} & {*used}


def test_one_layout_put_together_at_random_gives_pages_of_many_kinds() -> None:
    jinja = environment(TEMPLATES)
    pages = drawings(2, 40, [layout for layout in DEVELOPMENT if layout.name == "composed_order"])
    html = [jinja.get_template("composed_order.html").render(page.context) for page in pages]
    assert html == [jinja.get_template("composed_order.html").render(page.context) for page in pages]
    names = {row["label"] for page in pages for row in page.context["rows"] if row["field"] == "order_number"}
    ways = {
        marker
        for marker in ("<table", "·····", 'class="stacked"', 'class="columns"')
        for text in html
        if marker in text
    }
    assert len(names) >= 6
    assert len(ways) == 4


def test_distractors_are_no_fields_and_follow_from_the_facts() -> None:
    page = drawings(6, 1, [layout for layout in DEVELOPMENT if layout.name == "composed_bill"])[0]
    texts = distractors(page.facts, page.style, page.language, "breadth")
    assert texts == distractors(page.facts, page.style, page.language, "breadth")
    assert set(texts) == set(DISTRACTORS)
    assert not set(DISTRACTORS) & set(page.values)


def test_every_error_code_has_wordings_and_no_wording_means_two_things() -> None:
    assert set(prompt_texts.codes()) == {code.value for code in ErrorCode}
    owners: dict[str, str | None] = {}
    for code in (None, *prompt_texts.codes()):
        for language in ("zh", "en"):
            own = prompt_texts.wordings(code, language, pool="breadth")
            assert own, (code, language)
            kept = prompt_texts.wordings(code, language, held_out=True)
            sealed = {
                text
                for pool in SEALED_POOLS
                for text in prompt_texts.wordings(code, language, held_out=True, pool=pool)
            }
            for text in (*own, *kept, *sealed):
                assert isinstance(text, str)
                assert owners.setdefault(text, code) == code, text


def test_every_layout_has_a_template_and_every_template_a_layout() -> None:
    names = {path.stem for path in TEMPLATES.glob("[!_]*.html")}
    assert names == {layout.name for layout in LAYOUTS}


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_values_are_of_the_read_contract(layout) -> None:
    assert layout.page in set(PageKind)
    for page in drawings(11, 12, [layout]):
        assert set(page.values) <= {name.value for name in FieldName}
        assert isinstance(page.values["amount"], int)
        assert page.values["amount"] > 0
        assert datetime.fromisoformat(str(page.values["ordered_at"])) <= datetime.fromisoformat(
            str(page.values["paid_at"])
        )
        if "error_prompt" in page.values:
            assert page.values["error_prompt"] in set(ErrorCode)
        for row in page.context["rows"]:
            assert row["field"] == "" or row["field"] in page.values


@pytest.mark.parametrize("time", sorted({form for forms in TIME_FORMATS.values() for form in forms}))
def test_a_printed_time_says_its_value_and_nothing_finer(time: str) -> None:
    moment = datetime.fromisoformat("2026-03-07T09:05:08")
    printing = Print(time=time, money="{n}")
    text, value = printing.moment(moment), printing.value_of(moment)
    read = datetime.strptime(text, time)  # noqa: DTZ007 (pages print no zone)
    assert read == datetime.fromisoformat(value)
    assert (read.second == 8) == (len(value) == len("2026-03-07T09:05:08"))


@pytest.mark.parametrize("money", sorted({form for forms in MONEY_FORMATS.values() for form in forms}))
def test_a_printed_amount_says_its_fen(money: str) -> None:
    text = Print(time="%Y", money=money).yuan(1_234_507)
    assert round(float(re.sub(r"[^0-9.]", "", text)) * 100) == 1_234_507


def test_the_sample_prints_what_its_seed_says() -> None:
    truths = json.loads((DATA / "truth.json").read_text("utf-8"))
    pages = drawings(SAMPLE_SEED, len(SAMPLE), SAMPLE)
    assert len(truths) == len(pages)
    for (name, entry), page in zip(truths.items(), pages, strict=True):
        assert (DATA / name).is_file()
        assert entry["layout"] == page.layout.name
        assert not entry["held_out"]
        assert entry["damage"] in DAMAGES
        assert entry["fields"].keys() == entry["boxes"].keys() == entry["texts"].keys()
        for field, value in entry["fields"].items():
            assert page.values[field] == value
            x0, y0, x1, y1 = entry["boxes"][field]
            assert 0 <= x0 < x1 <= entry["width"]
            assert 0 <= y0 < y1 <= entry["height"]


def test_the_demo_prints_what_its_scenarios_need() -> None:
    scenarios = yaml.safe_load((DEMO / "scenarios.yaml").read_text("utf-8"))
    truths = json.loads((DEMO / "pages" / "truth.json").read_text("utf-8"))
    assert len(scenarios) >= 12
    assert len({scenario["id"] for scenario in scenarios}) == len(scenarios)
    used = {name for scenario in scenarios for name in scenario["files"]}
    assert used == set(truths)
    assert sum((DEMO / "pages" / name).stat().st_size for name in used) <= 2_500_000
    assert max((DEMO / "pages" / name).stat().st_size for name in used) <= 250_000


def test_demo_pages_contradict_the_record_exactly_where_the_scenario_says() -> None:
    scenarios = yaml.safe_load((DEMO / "scenarios.yaml").read_text("utf-8"))
    truths = json.loads((DEMO / "pages" / "truth.json").read_text("utf-8"))
    for scenario in scenarios:
        order = scenario["claim"]["order"]
        record = {name: order.get(name) for name in ("order_number", "trade_number", "payee")}
        record["amount"] = order["amount_paid"]
        record["ordered_at"], record["paid_at"] = order["ordered_at"][:16], order["paid_at"][:16]
        differing = {
            field
            for name in scenario["files"]
            for field, value in truths[name]["fields"].items()
            if field in record and (value[:16] if field.endswith("_at") else value) != record[field]
        }
        expected = {
            "contradiction": {"amount"},
            "private_payee": {"payee"},
            "other_order": {"order_number", "trade_number", "amount", "ordered_at", "paid_at"},
        }
        assert differing == expected.get(scenario["id"], set()), scenario["id"]


@pytest.mark.parametrize("folder", ["edited", "later"])
def test_the_other_samples_are_whole(folder: str) -> None:
    truths = json.loads((DATA / folder / "truth.json").read_text("utf-8"))
    files = {path.name for path in (DATA / folder).iterdir()} - {"truth.json"}
    assert files == set(truths)
    for entry in truths.values():
        assert not entry["held_out"]
        assert not entry["fields"].keys() & entry["cut_fields"].keys()
        assert entry["cut"] == sorted(entry["cut_fields"])
        if "edit" in entry:
            assert entry["edit"]["of"] in truths
    if folder == "edited":
        assert {entry["edit"]["kind"] for entry in truths.values() if "edit" in entry} == set(KINDS)
    else:
        assert {entry["damage"] for entry in truths.values()} == set(DAMAGES)


def test_all_samples_together_stay_small() -> None:
    assert sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file()) <= 8_000_000
