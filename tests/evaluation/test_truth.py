"""Whose children count, and where they live on the day."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.evaluation.truth import AnswerKeyMissing, Truth, door, true_children
from tests.evaluation.made import CHILD, FATHER, HOME, MOTHER, OTHER_HOME, lives, people, receptions, truth

NEWBORN = 9


def children(world: Truth) -> list[dict]:
    return true_children(world, receptions(), 18).sort("child_id").to_dicts()


def with_child(born: dt.date, died_on: dt.date | None = None) -> Truth:
    own = people().with_columns(
        born=pl.when(pl.col("resident_id") == CHILD).then(pl.lit(born)).otherwise("born"),
        died_on=pl.when(pl.col("resident_id") == CHILD).then(pl.lit(died_on, pl.Date)).otherwise("died_on"),
    )
    return truth(people=own)


def test_the_prisoners_child_is_a_child_at_its_own_home():
    (child,) = children(truth())
    assert (child["child_id"], child["tie"], child["is_minor"], child["home_id"]) == (CHILD, "father", True, HOME)


def test_a_child_who_moved_lives_where_it_lived_on_the_day_of_the_reception():
    (before,) = children(truth(lives=lives(child=(OTHER_HOME, dt.date(2025, 11, 3)))))
    (after,) = children(truth(lives=lives(child=(OTHER_HOME, dt.date(2025, 11, 4)))))
    assert (before["home_id"], after["home_id"]) == (OTHER_HOME, HOME)


@pytest.mark.parametrize(
    ("born", "is_minor"),
    [(dt.date(2007, 11, 3), False), (dt.date(2007, 11, 4), True), (dt.date(2025, 11, 3), True)],
)
def test_one_is_a_child_until_the_eighteenth_birthday(born, is_minor):
    (child,) = children(with_child(born))
    assert child["is_minor"] is is_minor


def test_a_child_who_died_before_is_not_looked_for_and_one_who_dies_later_is():
    assert children(with_child(dt.date(2018, 1, 1), died_on=dt.date(2025, 11, 3))) == []
    assert len(children(with_child(dt.date(2018, 1, 1), died_on=dt.date(2025, 11, 4)))) == 1


def unborn(born_on: dt.date) -> Truth:
    expected = {"resident_id": NEWBORN, "household_id": 1, "mother_id": MOTHER, "father_id": FATHER}
    family = people(expected | {"expected_date_of_birth": dt.date(2025, 11, 20)})
    born = pl.when(pl.col("resident_id") == NEWBORN).then(pl.lit(born_on)).otherwise("born")
    return truth(people=family.with_columns(born=born))


def test_a_child_born_in_the_span_is_a_child_from_that_day_on_and_lives_with_its_mother():
    newborn = children(unborn(dt.date(2025, 11, 3)))[-1]
    assert (newborn["child_id"], newborn["is_minor"], newborn["is_unborn"], newborn["home_id"]) == (NEWBORN, True, False, HOME)


def test_an_unborn_child_is_kept_apart():
    expected = children(unborn(dt.date(2025, 11, 4)))[-1]
    assert (expected["is_minor"], expected["is_unborn"], expected["is_expected"]) == (False, True, True)


def test_a_child_that_will_be_born_next_year_is_not_expected_yet():
    assert children(unborn(dt.date(2026, 11, 4)))[-1]["is_expected"] is False


def test_a_home_is_the_same_however_its_address_is_written():
    written = pl.DataFrame(
        {
            "line": [
                "14 Maple Place",
                "14 MAPLE PL",
                "14, Maple Place",
                "Flat 3, Heron House, Maple Road",
                "16 Maple Place",
                None,
            ],
            "postcode": ["OX1 3PB", "ox13pb", "OX1 3PB", "OX1 3PB", "OX1 3PB", "OX1 3PB"],
        }
    )
    doors = written.select(found=door("line", "postcode"))["found"]
    assert doors.to_list() == ["OX13PB 14", "OX13PB 14", "OX13PB 14", "OX13PB 3", "OX13PB 16", None]


def test_without_an_answer_key_it_is_refused(tmp_path):
    with pytest.raises(AnswerKeyMissing):
        Truth.read(tmp_path)
