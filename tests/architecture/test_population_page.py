"""The page on the made-up population: its charts are there, and it is what the code would write."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from docs import population
from docs.charts import Bar, Chart, svg
from paramount_assets.evaluation.causes import CAUSES

ROOT = Path(__file__).parents[2]
MEASURE = ROOT / "docs" / "how-to" / "measure-against-the-truth.md"
MOST_BYTES = 60_000
SVG = "{http://www.w3.org/2000/svg}"


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", text, re.M)


def pictures(text: str) -> list[str]:
    return re.findall(r"\]\(\.\./pictures/(.+?\.svg)\)", text)


def drawn(*bars: Bar, form: str = "{:.1f} %") -> ET.Element:
    return ET.fromstring(svg(Chart("A & B", "What is seen", bars, form)))  # noqa: S314 - written by the code under test


def test_every_chart_of_the_page_is_there_small_and_said_in_words():
    text = population.PAGE.read_text(encoding="utf-8")
    assert pictures(text)
    for name in pictures(text):
        file = population.PICTURES / name
        assert file.stat().st_size < MOST_BYTES
        root = ET.fromstring(file.read_text(encoding="utf-8"))  # noqa: S314 - a file of the project
        assert root.find(f"{SVG}title").text
        assert root.find(f"{SVG}desc").text
    assert {f.name for f in population.PICTURES.glob("*.svg")} == set(pictures(text))


def test_every_chart_has_its_source_or_says_that_there_is_none():
    text = population.PAGE.read_text(encoding="utf-8")
    after_each = re.split(r"^!\[.*$", text, flags=re.M)[1:]
    assert all(re.search(r"^Source: \S", part, re.M) for part in after_each)


def test_what_was_not_calibrated_is_said():
    text = population.PAGE.read_text(encoding="utf-8")
    assert headings(text)[-1] == population.UNCALIBRATED
    assert all(f"- {line}" in text for line in population.NOT_CALIBRATED)


@pytest.mark.slow
def test_the_page_is_of_the_form_that_the_code_writes_and_the_same_every_time():
    first, second = (population.files(population.make_world(3_000, days=4, density=600.0)) for _ in range(2))
    assert first == second
    committed = population.PAGE.read_text(encoding="utf-8")
    assert headings(first[population.PAGE]) == headings(committed)
    assert pictures(first[population.PAGE]) == pictures(committed)
    assert {file.name for file in first if file.suffix == ".svg"} == set(pictures(committed))


def test_a_world_too_small_for_shares_is_refused():
    with pytest.raises(ValueError, match="1,000 residents or more"):
        population.make_world(999)


def test_a_chart_says_its_values_and_escapes_its_names():
    root = drawn(Bar("<18", 12.34, 20.0), Bar("18 and over", 50.0, (53.0, 78.0)), Bar("unknown", 1.0))
    said = [text.text for text in root.findall(f"{SVG}text")]
    assert said[0] == "A & B"
    assert {"<18", "12.3 %", "20.0 %", "53.0 to 78.0 %", "1.0 %"} <= set(said)


def test_bars_are_drawn_to_one_scale_and_a_range_from_its_lower_end():
    root = drawn(Bar("made", 40.0, (50.0, 100.0)), Bar("other", 20.0))
    bars = {cls: [r for r in root.findall(f"{SVG}rect") if r.get("class") == cls][1:] for cls in ("made", "published")}
    widths = [float(bar.get("width")) for bar in bars["made"]]
    (published,) = bars["published"]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    start = float(published.get("x")) - float(bars["made"][0].get("x"))
    assert start == pytest.approx(widths[0] * 1.25, abs=0.2)


def test_a_chart_without_published_values_has_no_legend_for_them():
    said = [text.text or "" for text in drawn(Bar("made", 1.0)).findall(f"{SVG}text")]
    assert not [text for text in said if "published" in text]


def test_the_page_on_measuring_lists_every_cause_in_order_with_its_meaning():
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", MEASURE.read_text(encoding="utf-8"), re.M)
    assert rows == [(cause.code, cause.because) for cause in CAUSES]
