import datetime as dt
import logging
import math

import polars as pl
import pytest

from paramount_assets.matching.score import SCORED_COLUMNS, WEIGHTS, score
from tests.matching.people import crowd, documented_model, people, person

pytestmark = pytest.mark.slow

HOME = {"postcodes": ["OX4 1AB"]}


def scored(received, known, threshold=-100.0):
    table = people(received), people(person("P", **known), *crowd(200))
    return score(*table, documented_model(), threshold, "key", "key").filter(pl.col("right_id") == "P")


def part(name, received=None, known=None):
    """One part of the weight of a pair that the blocking rules bring together."""
    found = scored(person("R", **HOME | (received or {})), HOME | (known or {}))
    assert found.height == 1
    return found[name].item()


@pytest.mark.parametrize("sides", [(0, 1), (1, 0), (0, 0)])
def test_an_empty_side_gives_an_empty_table_with_all_columns(sides):
    rows = [person("A")]
    pairs = score(people(*rows[: sides[0]]), people(*rows[: sides[1]]), documented_model(), 0.0, "key", "key")
    assert pairs.schema == SCORED_COLUMNS
    assert pairs.is_empty()


def test_people_with_nothing_in_common_give_an_empty_table_with_all_columns():
    pairs = score(people(person("A")), people(*crowd(5)), documented_model(), 0.0, "key", "key")
    assert pairs.schema == SCORED_COLUMNS
    assert pairs.is_empty()


def test_one_record_against_one_record_is_scored():
    pairs = score(people(person("A")), people(person("B")), documented_model(), -100.0, "key", "key")
    assert pairs.schema == SCORED_COLUMNS
    assert pairs.select("left_id", "right_id").rows() == [("A", "B")]


def test_the_parts_of_a_weight_and_the_prior_add_up_to_the_whole():
    found = scored(person("R", gender="M", **HOME), {"gender": "M", **HOME})
    prior = documented_model().prior(201)
    parts = sum(found[name].item() for name in WEIGHTS)
    assert found["match_weight"].item() == pytest.approx(parts + math.log2(prior / (1 - prior)), abs=1e-9)
    assert found["match_probability"].item() == pytest.approx(1 / (1 + 2 ** -found["match_weight"].item()))


def test_pairs_come_in_the_order_of_their_ids_and_the_same_each_time():
    left, right = people(*crowd(60)), people(*reversed(crowd(120)))
    first, second = (score(left, right, documented_model(), -100.0, "key", "key") for _ in range(2))
    assert first.equals(second)
    assert first.equals(first.sort("left_id", "right_id"))


def test_pairs_below_the_threshold_are_left_out():
    weight = scored(person("R"), {})["match_weight"].item()
    assert scored(person("R"), {}, threshold=weight - 0.1).height == 1
    assert scored(person("R"), {}, threshold=weight + 0.1).is_empty()


def test_a_rare_name_weighs_more_than_a_common_one():
    common = [person(f"C{n}", date_of_birth=dt.date(1950, 1, n + 1)) for n in range(31)]
    table = people(person("P", **HOME), *common, *crowd(200))
    among_many = score(people(person("R", **HOME)), table, documented_model(), -100.0, "key", "key")
    weight = among_many.filter(pl.col("right_id") == "P")["name_weight"].item()
    assert weight < part("name_weight") - 5


@pytest.mark.parametrize(
    "names",
    [
        {"last_name": "MARCUS", "first_name": "OAKLEY"},
        {"first_name": "MARCOS"},
        {"last_name": "OAKELY"},
        {"last_name": "OAKELY", "first_name": "MARCOS"},
        {"first_name": None},
    ],
    ids=["swapped", "forename close", "surname close", "both close", "forename unknown"],
)
def test_names_written_in_another_way_speak_for_one_person_but_less_than_equal_ones(names):
    assert 0 < part("name_weight", known=names) < part("name_weight")


def test_two_wholly_different_names_speak_against_one_person():
    assert part("name_weight", known={"last_name": "PIKE", "first_name": "ADA"}) < 0


def test_an_unknown_surname_says_nothing():
    assert part("name_weight", known={"last_name": None}) == 0


@pytest.mark.parametrize(
    ("born", "known_as"),
    [("1987-03-12", "1987-12-03"), ("1987-03-12", "1987-03-13"), ("1987-03-12", "1978-03-12")],
    ids=["day and month swapped", "one figure off", "two figures exchanged"],
)
def test_a_birth_date_with_one_slip_speaks_for_one_person_but_less_than_an_equal_one(born, known_as):
    dates = {"date_of_birth": dt.date.fromisoformat(born)}, {"date_of_birth": dt.date.fromisoformat(known_as)}
    assert 0 < part("birth_date_weight", *dates) < part("birth_date_weight")


def test_two_different_birth_dates_speak_against_one_person_even_in_one_year():
    same_year = part("birth_date_weight", known={"date_of_birth": dt.date(1987, 8, 29)})
    other_year = part("birth_date_weight", known={"date_of_birth": dt.date(1969, 11, 30)})
    assert other_year < same_year < 0


def test_an_unknown_birth_date_says_nothing():
    assert part("birth_date_weight", known={"date_of_birth": None}) == 0


def test_a_former_home_counts_as_much_as_the_present_one():
    moved = part("location_weight", received={"postcodes": ["MK9 2CD", "OX4 1AB"]})
    assert moved == part("location_weight") > 0


def test_a_home_nearby_speaks_for_one_person_and_a_distant_one_a_little_against():
    nearby = part("location_weight", known={"postcodes": ["OX4 3EF"]})
    distant = part("location_weight", known={"postcodes": ["MK9 2CD"]})
    assert distant < 0 < nearby < part("location_weight")


def test_an_unknown_home_says_nothing():
    assert part("location_weight", received={"postcodes": []}) == 0


@pytest.mark.parametrize("number", [("pnc_number", "2011/0004827K", "2009/0014419T"), ("cro_number", "004827/11K", "014419/09T")])
def test_identifiers_agree_contradict_or_say_nothing(number):
    column, one, other = number
    agrees = scored(person("R", **{column: one}), {column: one})
    contradicts = scored(person("R", **{column: one}), {column: other})
    absent = scored(person("R", **{column: one}), {})
    assert agrees["identifier_weight"].item() > 20
    assert contradicts["identifier_weight"].item() < -9
    assert absent["identifier_weight"].item() == 0
    told = [
        (f["has_identifier_agreement"].item(), f["has_identifier_contradiction"].item()) for f in (agrees, contradicts, absent)
    ]
    assert told == [(True, False), (False, True), (False, False)]


def test_what_plainly_agrees_is_told_and_unknown_where_a_side_is_unknown():
    number = {"pnc_number": "2011/0004827K"}
    pair = scored(person("R", **number, **HOME), {"first_name": None, "date_of_birth": dt.date(1977, 3, 13), **number, **HOME})
    told = pair.select("has_same_last_name", "has_same_first_name", "has_same_birth_date", "has_shared_postcode", "years_apart")
    assert told.row(0) == (True, None, False, True, 9)


def test_a_larger_reference_asks_for_more_evidence_and_a_smaller_one_not_for_less():
    model = documented_model()
    assert model.prior(100) == model.prior(5_000) == pytest.approx(1e-4)
    assert model.prior(500_000) == pytest.approx(1e-6)


def test_scoring_says_nothing_by_the_way(capsys, caplog):
    with caplog.at_level(logging.DEBUG):
        scored(person("R", **HOME), HOME)
    assert capsys.readouterr() == ("", "")
    assert not [record for record in caplog.records if record.levelno >= logging.INFO]
