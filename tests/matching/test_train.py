import datetime as dt
import json

import polars as pl
import pytest

from paramount_assets.matching.model import load_model
from paramount_assets.matching.score import score
from paramount_assets.matching.train import TrainingImpossible, train, train_and_freeze
from tests.matching.people import crowd, people, person

KNOWN_EVERYWHERE = 300


def known(number):
    return {"pnc_number": f"2011/{number:07d}K"}


def registers():
    """People of whom every fifth is written down with a slip; the first hundred have a number."""
    ours = [row | (known(n) if n < 100 else {}) | {"gender": "M"} for n, row in enumerate(crowd(KNOWN_EVERYWHERE))]
    theirs = [dict(row) for row in ours]
    for n, row in enumerate(theirs):
        if n % 5 == 0:
            row["date_of_birth"] += dt.timedelta(days=1)
        if n % 7 == 0:
            row["first_name"] += "N"
    return people(*ours, *crowd(250, start=700)), people(*theirs, *crowd(350, start=1000))


@pytest.mark.slow
def test_training_again_on_the_same_data_gives_the_same_files(tmp_path):
    left, right = registers()
    first = train_and_freeze(left, right, tmp_path / "one" / "m", "key", "key")
    second = train_and_freeze(left.reverse(), right.reverse(), tmp_path / "two" / "m", "key", "key")
    for name in ("model.json", "report.json", "MANIFEST"):
        assert (first / name).read_bytes() == (second / name).read_bytes()


@pytest.mark.slow
def test_a_trained_model_finds_the_people_that_it_was_trained_on(tmp_path):
    left, right = registers()
    model = load_model(train_and_freeze(left, right, tmp_path / "m", "key", "key"))
    found = score(left, right, model, 14.0, "key", "key")
    right_ones = found.filter(pl.col("left_id") == pl.col("right_id")).height
    assert right_ones >= 0.95 * KNOWN_EVERYWHERE
    assert found.height - right_ones <= 0.01 * KNOWN_EVERYWHERE


@pytest.mark.slow
def test_every_level_has_both_probabilities_and_says_where_they_come_from():
    left, right = registers()
    trained = train(left, right, "m", "key", "key")
    levels = {(row["comparison"], row["level"]): row for row in trained.report["levels"]}
    assert levels["birth_date", "birth dates equal"]["m_from"] == "trained"
    assert levels["name", "names swapped"]["m_from"] == "documented"
    assert levels["pnc", "PNC numbers agree"] | {"m": 0, "m_from": 0} == {
        "comparison": "pnc", "level": "PNC numbers agree", "m": 0, "m_from": 0, "u": 1.3e-7, "u_from": "documented",
    }  # fmt: skip
    for comparison in trained.model["settings"]["comparisons"]:
        for level in comparison["comparison_levels"]:
            assert level.get("is_null_level") or (0 < level["m_probability"] <= 1 and 0 < level["u_probability"] <= 1)


@pytest.mark.slow
def test_neither_the_model_nor_its_report_holds_a_value_of_any_person(tmp_path):
    left, right = registers()
    trained = train(left, right, "m", "key", "key")
    written = json.dumps([trained.model, trained.report])
    values = left.select(pl.col("last_name", "first_name", "pnc_number"), pl.col("postcodes").list.first()).drop_nulls()
    assert not [value for row in values.rows() for value in row if value in written]


def test_nothing_can_be_learnt_from_nobody():
    with pytest.raises(TrainingImpossible, match="0 people against 1"):
        train(people(), people(person("A")), "m", "key", "key")


def test_nothing_can_be_learnt_from_people_who_share_no_birth_date():
    with pytest.raises(TrainingImpossible, match="no two records agree on date_of_birth"):
        train(people(person("A")), people(*crowd(10)), "m", "key", "key")
