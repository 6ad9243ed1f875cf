import datetime as dt

import polars as pl

from paramount_assets.households.custody import Window, people_in_custody
from tests.frames import earlier_rows_of, rows_of

RECEIVED = dt.datetime.fromisoformat("2025-10-29T16:00")


def window(table: str, today=(), earlier=()) -> Window:
    return Window(rows_of(table, *today), earlier_rows_of(table, *earlier))


def custody(persons: Window, person_links=None, family_links=None, movements=None) -> pl.DataFrame:
    return people_in_custody(
        persons,
        person_links or window("linkage/person_links"),
        family_links or window("linkage/family_links"),
        movements or window("prison/movements"),
    ).sort("subject_id")


def mother(**values) -> dict:
    return {"reception_id": "R1", "prisoner_number": "A1111AA", "received_at": RECEIVED, "received_on": RECEIVED.date()} | values


def test_somebody_received_a_week_ago_is_in_custody_under_every_record_of_theirs():
    day_of_reception = {"as_of": dt.date(2025, 10, 30)}
    found = custody(
        window("persons/cleaned_persons", earlier=[mother(**day_of_reception)]),
        window("linkage/person_links", earlier=[{"reception_id": "R1", "person_id": "P1"} | day_of_reception]),
        window("linkage/family_links", earlier=[{"reception_id": "R1", "child_id": "K1", "member_number": 2} | day_of_reception]),
    )
    assert found["subject_id"].to_list() == ["childrens_services:K1/2", "police_records:P1", "prison_extract:A1111AA"]
    assert found["received_on"].to_list() == [RECEIVED.date()] * 3
    assert found["released_on"].to_list() == [None] * 3


def test_a_reception_looked_at_again_counts_with_its_newest_links():
    found = custody(
        window("persons/cleaned_persons", today=[mother()], earlier=[mother(as_of=dt.date(2025, 10, 30))]),
        window("linkage/person_links", earlier=[{"reception_id": "R1", "person_id": "WRONG", "as_of": dt.date(2025, 10, 30)}]),
    )
    assert found["subject_id"].to_list() == ["prison_extract:A1111AA"]


def test_the_first_release_after_the_reception_ends_the_custody():
    release = {"prisoner_number": "A1111AA", "movement_type_code": "REL"}
    movements = window(
        "prison/movements",
        today=[release | {"movement_at": dt.datetime.fromisoformat("2025-11-05T09:00")}],
        earlier=[
            release | {"movement_at": dt.datetime.fromisoformat("2025-10-29T09:00"), "as_of": dt.date(2025, 10, 30)},
            release | {"movement_at": dt.datetime.fromisoformat("2025-11-01T09:00"), "as_of": dt.date(2025, 11, 2)},
        ],
    )
    found = custody(window("persons/cleaned_persons", earlier=[mother(as_of=dt.date(2025, 10, 30))]), movements=movements)
    assert found["released_on"].to_list() == [dt.date(2025, 11, 1)]
