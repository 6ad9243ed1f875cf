import datetime as dt

from paramount_assets.persons import police
from paramount_assets.vocabulary import Day
from tests.frames import rows_of

TODAY = Day(dt.date(2025, 11, 5))


def address(person_id="P1", **values) -> dict:
    usual = {"address_id": "A1", "address_line": "1 High St", "postcode": "OX1 4AR", "address_type": "home"}
    return {"person_id": person_id, "from_date": dt.date(2020, 1, 1)} | usual | values


def person(*addresses) -> dict:
    records = rows_of("intake/police_person_records", {"person_id": "P1", "last_name": "Hill", "pnc_id": "81/34U"})
    return police.persons(records, police.homes(rows_of("intake/police_addresses", *addresses)), TODAY).row(0, named=True)


def test_the_newest_home_that_holds_is_the_persons_home():
    found = person(
        address(to_date=dt.date(2023, 1, 1)),
        address(address_id="A2", address_line="2 Low St", postcode="OX1 1ZZ", from_date=dt.date(2023, 1, 1)),
        address(address_id="A3", address_line="3 Far St", postcode="OX4 9QQ", from_date=dt.date(2025, 11, 6)),
    )
    assert (found["address_line"], found["postcode"]) == ("2 LOW STREET", "OX1 1ZZ")
    assert found["postcodes"] == ["OX1 1ZZ", "OX1 4AR", "OX4 9QQ"]


def test_a_workplace_is_no_home_and_an_unnamed_kind_of_address_may_be_one():
    assert person(address(address_type="work"))["home_id"] is None
    assert person(address(address_type=None))["home_id"] is not None


def test_a_person_without_address_stays_with_unknown_home():
    found = person()
    assert (found["home_id"], found["postcodes"], found["pnc_number"]) == (None, [], "1981/0000034U")
