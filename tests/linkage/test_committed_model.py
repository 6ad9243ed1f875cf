import json

import pytest

from paramount_assets.linkage.assets import scored_pairs
from paramount_assets.linkage.pairs import MODELS
from paramount_assets.matching.compare import COMPARISONS
from paramount_assets.matching.linker import untrained_settings
from paramount_assets.matching.model import load_model
from paramount_assets.matching.thresholds import PERSON_LINKS
from paramount_assets.settings import Settings
from tests.linkage.frames import police, received

pytestmark = pytest.mark.slow

FOLDER = MODELS / Settings().model


def test_the_configured_model_is_there_as_it_was_frozen_and_small():
    assert load_model(FOLDER).name == FOLDER.name
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 200_000


def test_the_configured_model_compares_and_blocks_as_the_code_says():
    settings, written = load_model(FOLDER).settings, untrained_settings(0.5)
    rules = [[rule["blocking_rule"] for rule in s["blocking_rules_to_generate_predictions"]] for s in (settings, written)]
    conditions = [[[c["sql_condition"] for c in x["comparison_levels"]] for x in s["comparisons"]] for s in (settings, written)]
    assert rules[0] == rules[1]
    assert conditions[0] == conditions[1]


def test_the_report_tells_of_every_level_what_it_weighs_and_on_what_it_was_trained():
    report = json.loads((FOLDER / "report.json").read_text(encoding="utf-8"))
    told = [(row["comparison"], row["level"]) for row in report["levels"]]
    assert told == [(comparison.name, level.label) for comparison in COMPARISONS for level in comparison.levels]
    assert set(report["trained_on"]) == {"left_rows", "right_rows", "sha256"}
    assert set(report["versions"]) == {"splink", "duckdb", "polars"}


@pytest.mark.parametrize("comparison", [c.name for c in COMPARISONS])
def test_stronger_agreement_never_weighs_less_than_none(comparison):
    report = json.loads((FOLDER / "report.json").read_text(encoding="utf-8"))
    ratios = [row["m"] / row["u"] for row in report["levels"] if row["comparison"] == comparison and "m" in row]
    assert ratios[0] > 1 > ratios[-1]
    assert min(ratios) == ratios[-1]


@pytest.mark.parametrize(
    "slip",
    [
        {},
        {"pnc_number": None},
        {"first_name": "MARCOS"},
        {"last_name": "MARCUS", "first_name": "OAKLEY"},
        {"postcodes": []},
        {"postcodes": ["MK9 2CD"]},
    ],
    ids=["none", "no number", "forename misspelt", "names swapped", "no home", "moved"],
)
def test_a_person_known_well_is_found_in_spite_of_one_slip(slip):
    pairs = scored_pairs(received({"reception_id": "R1"}), police({"person_id": "P1"} | slip), FOLDER)
    assert pairs["match_weight"].item() >= PERSON_LINKS.accept
