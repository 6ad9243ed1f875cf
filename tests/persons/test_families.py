import datetime as dt

from paramount_assets.persons import families
from tests.frames import earlier_rows_of, rows_of


def test_a_child_belongs_to_the_authority_of_the_home_and_not_of_the_record():
    records = rows_of(
        "intake/services_children",
        {"child_id": "K1", "la_code": "E06000060", "first_name": "Amy", "address_line": "1 High St", "postcode": "OX1 4AR"},
        {"child_id": "K2", "la_code": "E06000060", "first_name": "Ben", "address_line": "1 High St", "postcode": None},
    )
    assert families.children(records)["la_code"].to_list() == ["E07000178", None]


def test_only_who_lives_with_the_child_has_the_childs_postcode():
    children = rows_of("persons/known_children", {"child_id": "K1", "postcode": "OX1 4AR"}, {"child_id": "K2"})
    members = rows_of(
        "intake/services_family_members",
        {"child_id": "K1", "member_number": 1, "person_last_name": "Hill", "is_same_household": True},
        {"child_id": "K1", "member_number": 2, "person_last_name": "Hill", "is_same_household": False},
        {"child_id": "K1", "member_number": 3, "person_last_name": "Hill"},
        {"child_id": "K2", "member_number": 1, "person_last_name": "Hill", "is_same_household": True},
    )
    assert families.family_members(members, children)["postcodes"].to_list() == [["OX1 4AR"], [], [], []]


def test_contacts_of_a_reception_looked_at_again_are_those_last_delivered():
    persons = rows_of("persons/cleaned_persons", {"reception_id": "R1", "prisoner_number": "A1111AA"})
    today = rows_of("prison/contacts", {"prisoner_number": "A9999AA", "contact_id": "1", "last_name": "Other"})
    earlier = earlier_rows_of(
        "prison/contacts",
        {"prisoner_number": "A1111AA", "contact_id": "1", "last_name": "New", "as_of": dt.date(2025, 11, 2)},
        {"prisoner_number": "A1111AA", "contact_id": "1", "last_name": "Old", "as_of": dt.date(2025, 11, 1)},
    )
    found = families.contacts(persons, today, earlier)
    assert found.select("reception_id", "contact_id", "last_name").rows() == [("R1", "1", "NEW")]
