"""Wrong doors and wrong children."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.evaluation import doors
from paramount_assets.evaluation.truth import Truth
from paramount_assets.vocabulary import Source
from tests.evaluation.made import CHILD, FATHER, NEIGHBOURS_CHILD, OTHER_HOME, PRISONER, lives, people, records, truth

TOLD_AT = dt.datetime.fromisoformat("2025-11-04T09:00")
GRANDCHILD = 8


def told(child: int | None, line: str = "14 MAPLE PLACE", case: str = "N-1") -> dict:
    return {
        "notification_ref": case, "prisoner_number": PRISONER, "child_id": child, "recipient_kind": "neighbourhood_team",
        "address_line": line, "postcode": "OX1 3PB", "told_at": TOLD_AT,
    }  # fmt: skip


def counts(*rows: dict, world: Truth | None = None) -> dict[str, tuple[int, int]]:
    world = world or truth()
    frame = pl.DataFrame(list(rows), schema_overrides={"child_id": pl.Int64})
    lines = doors.told_section(doors.told_children(frame, world)).lines
    return {line.key: (line.figure.count, line.figure.of) for line in lines}


def test_the_prisoners_child_at_its_home_is_the_right_door():
    right = counts(told(CHILD))
    assert set(right.values()) == {(0, 1)}


def test_the_neighbours_child_at_its_own_home_is_a_wrong_door_and_a_wrong_child():
    wrong = counts(told(NEIGHBOURS_CHILD, "16 Maple Place"))
    assert (wrong["wrong_door"], wrong["wrong_family"], wrong["wrong_child"]) == ((1, 1), (1, 1), (1, 1))
    assert wrong["wrong_home"] == wrong["child_at_wrong_home"] == (0, 1)


def test_somebody_whom_the_answer_key_does_not_know_is_nobodys_child():
    assert counts(told(None))["wrong_child"] == (1, 1)


@pytest.mark.parametrize(("moved_on", "is_wrong"), [(dt.date(2025, 11, 4), 1), (dt.date(2025, 11, 5), 0)])
def test_a_door_is_wrong_once_the_child_has_moved_out(moved_on, is_wrong):
    moved = counts(told(CHILD), world=truth(lives=lives(child=(OTHER_HOME, moved_on))))
    assert (moved["wrong_home"], moved["child_at_wrong_home"]) == ((is_wrong, 1), (is_wrong, 1))
    assert moved["wrong_child"] == (0, 1)


def test_one_child_who_lives_there_makes_the_door_right_and_the_other_still_counts_as_wrong():
    mixed = counts(told(CHILD), told(NEIGHBOURS_CHILD))
    assert mixed["wrong_door"] == (0, 1)
    assert mixed["wrong_child"] == (1, 2)


def test_a_grandchild_and_a_child_of_the_household_are_no_mistakes():
    in_household = truth(people=people({"resident_id": GRANDCHILD, "household_id": 1}))
    tie = pl.DataFrame({"from_id": [FATHER], "to_id": [GRANDCHILD], "tie": ["grandparent"]})
    tied = truth(people=people({"resident_id": GRANDCHILD, "household_id": 2}), ties=tie)
    assert counts(told(GRANDCHILD), world=in_household)["wrong_child"] == (0, 1)
    assert counts(told(GRANDCHILD), world=tied)["wrong_child"] == (0, 1)


def test_only_a_neighbourhood_team_goes_to_a_door():
    to_safeguarding = told(NEIGHBOURS_CHILD) | {"recipient_kind": "safeguarding_team"}
    assert counts(to_safeguarding)["wrong_door"] == (0, 0)
    assert counts(to_safeguarding)["wrong_child"] == (1, 1)


def test_a_second_case_is_a_second_door():
    assert counts(told(CHILD), told(CHILD, case="N-2"))["wrong_door"] == (0, 2)


def test_a_prisoner_whom_the_answer_key_does_not_know_has_no_child():
    world = truth(source_records=records((Source.POLICE_RECORDS, "P1", FATHER)).filter(pl.col("source") != "prison_extract"))
    assert counts(told(CHILD), world=world)["wrong_child"] == (1, 1)
