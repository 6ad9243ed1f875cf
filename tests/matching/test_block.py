"""One pair for each blocking rule that no other rule would bring together."""

import datetime as dt

import pytest

from paramount_assets.matching.block import RULES
from paramount_assets.matching.score import score
from tests.matching.people import crowd, documented_model, people, person

pytestmark = pytest.mark.slow

RECEIVED = person("R", postcodes=["OX4 1AB"], pnc_number="2011/0004827K", cro_number="004827/11K")
ELSEWHERE = {"postcodes": ["MK9 2CD"], "pnc_number": None, "cro_number": None}
OTHER_DATE = dt.date(1969, 11, 30)

ONLY_FOUND_BY = {
    "pnc": {"last_name": "PIKE", "first_name": "ADA", "date_of_birth": OTHER_DATE, "pnc_number": "2011/0004827K"},
    "cro": {"last_name": "PIKE", "first_name": "ADA", "date_of_birth": OTHER_DATE, "cro_number": "004827/11K"},
    "surname_birth_date": {"first_name": "TREVOR"},
    "forename_birth_date": {"last_name": "PIKE"},
    "swapped_names_birth_date": {"last_name": "MARCUS", "first_name": "OAKLEY"},
    "initials_birth_date": {"last_name": "OAKELEIGH", "first_name": "MARKUS"},
    "names_birth_year": {"date_of_birth": dt.date(1987, 8, 21)},
    "names_birth_day": {"date_of_birth": dt.date(1978, 3, 12)},
    "postcode_birth_date": {"last_name": "PIKE", "first_name": "ADA", "postcodes": ["OX4 1AB"]},
    "postcode_initials": {"last_name": "OAKES", "first_name": "MARK", "date_of_birth": None, "postcodes": ["OX4 1AB", "MK9 2CD"]},
}


def pairs_found(rules, other):
    model = documented_model()
    chosen = [rule.as_splink() for rule in RULES if rule.name in rules]
    model.settings["blocking_rules_to_generate_predictions"] = chosen
    return score(people(RECEIVED), people(person("P", **ELSEWHERE | other), *crowd(20)), model, -100, "key", "key").height


@pytest.mark.parametrize("rule", ONLY_FOUND_BY)
def test_each_blocking_rule_finds_a_pair_that_no_other_finds(rule):
    every_other = {other.name for other in RULES} - {rule}
    assert pairs_found({rule}, ONLY_FOUND_BY[rule]) == 1
    assert pairs_found(every_other, ONLY_FOUND_BY[rule]) == 0


def test_every_blocking_rule_has_its_example():
    assert set(ONLY_FOUND_BY) == {rule.name for rule in RULES}
