from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from service.domain.errors import ConfigurationError
from training.observed import Observed
from training.simulator.parameters import Parameters
from training.simulator.report import draw_page, write_report
from training.simulator.report_data import WorldTables, load_tables
from training.simulator.report_panels import PAGES


@pytest.fixture(scope="module")
def tables(small_folder: Path) -> WorldTables:
    return load_tables(small_folder, Observed(small_folder).facts)


def test_the_report_is_written_with_every_page_and_an_index(
    small_folder: Path, small_parameters: Parameters, tmp_path: Path
) -> None:
    written = write_report(small_folder, tmp_path / "report", small_parameters)
    assert [path.name for path in written] == ["year.png", "claims.png", "evidence_and_labels.png", "index.html"]
    for path in written[:-1]:
        with Image.open(path) as picture:
            assert picture.width >= 1000
            assert len(set(picture.convert("L").resize((60, 60)).get_flattened_data())) > 10, "an empty page"
    index = written[-1].read_text("utf-8")
    assert "SIMULATED" in index
    assert all(f'src="{path.name}"' in index for path in written[:-1])


@pytest.mark.parametrize("page", PAGES)
def test_every_plot_says_that_it_is_simulated_and_shows_something(page: str, tables: WorldTables) -> None:
    figure = draw_page(page, PAGES[page], tables, None)
    shown = [axes for axes in figure.axes if axes.get_title()]
    assert len(shown) == len(PAGES[page])
    for axes in shown:
        assert axes.get_title().endswith("SIMULATED")
        assert axes.lines or axes.patches or axes.collections or axes.images, axes.get_title()
    plt.close(figure)


def test_days_and_claims_add_up(tables: WorldTables) -> None:
    assert tables.days == 365
    assert tables.per_day(tables.claims["as_of"]).sum() == tables.facts["claims"] == len(tables.claims)
    assert tables.claims["undue"].equals(tables.claims["due"] < 0.5)
    assert set(tables.checks["result"]) == {"pass", "unknown", "fail"}
    assert (tables.pages["claim"].to_numpy() < len(tables.claims)).all()


def test_moments_are_in_the_platforms_own_time(tables: WorldTables) -> None:
    hours = np.bincount(tables.orders["occurred_at"].dt.hour, minlength=24)
    assert hours.argmax() in range(19, 23), "people buy in the evening, Asia/Shanghai"


def test_seasons_are_drawn_only_where_the_parameters_are_the_worlds_own(
    tables: WorldTables, small_parameters: Parameters
) -> None:
    own, none = (draw_page("year", PAGES["year"][:1], tables, given) for given in (small_parameters, None))
    assert len(own.axes[0].patches) == len(small_parameters.value("calendar.seasons"))
    assert not none.axes[0].patches
    plt.close("all")


def test_what_is_no_world_is_refused_before_anything_is_written(small_parameters: Parameters, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="prereview-train simulate"):
        write_report(tmp_path, tmp_path / "report", small_parameters)
    assert not (tmp_path / "report").exists()
