import pytest

from paramount_assets.matching.records import RecordsUnusable, prepared
from tests.matching.people import people, person


def test_a_table_without_its_id_column_cannot_be_compared():
    with pytest.raises(RecordsUnusable, match="has no column person_id"):
        prepared(people(person("A")), "person_id")


def test_an_id_that_stands_twice_is_refused_without_being_quoted():
    with pytest.raises(RecordsUnusable, match="stands twice in a table of 2 rows") as refusal:
        prepared(people(person("SECRET"), person("SECRET")), "key")
    assert "SECRET" not in str(refusal.value)


def test_what_a_table_does_not_hold_is_unknown():
    (row,) = prepared(people(person("A")).select("key", "last_name"), "key").to_dicts()
    assert row["last_name"] == "OAKLEY"
    assert row["first_name"] is row["full_name"] is row["postcodes"] is row["gender"] is None


def test_an_empty_list_of_postcodes_and_a_gender_that_was_not_recorded_are_unknown():
    (row,) = prepared(people(person("A", gender="NK", postcodes=[])), "key").to_dicts()
    assert row["postcodes"] is row["outward_codes"] is row["gender"] is None


def test_outward_codes_are_the_first_halves_of_all_postcodes_each_once():
    (row,) = prepared(people(person("A", postcodes=["OX4 1AB", "MK9 2CD", "OX4 3EF"])), "key").to_dicts()
    assert row["outward_codes"] == ["MK9", "OX4"]


def test_rows_come_in_the_order_of_their_ids():
    assert prepared(people(person("B"), person("A")), "key")["person_key"].to_list() == ["A", "B"]
