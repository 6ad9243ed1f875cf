"""What children's services hold after the deliveries of several authorities: in bulk, as deltas, and as answers."""

import datetime as dt

import pytest

from paramount_assets.intake import assets
from paramount_assets.intake.contracts import FAMILY_MEMBERS, PLANS
from paramount_assets.lake import DeliveryBlocked, Landing, schema_of
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day
from tests.deliveries import (
    person_asked,
    services_child,
    services_family_member,
    services_plan,
    write_childrens_services,
)
from tests.frames import rows_of

MONDAY, TUESDAY, WEDNESDAY = (Day(dt.date(2025, 11, n)) for n in (3, 4, 5))
OXFORDSHIRE, OXFORD, BUCKS = "E10000025", "E07000178", "E06000060"
TABLES = ("services_answers", "services_children", "services_family_members", "services_plans")
NOTHING = {"children": [], "family_members": [], "plans": []}


class Held:
    """The tables of children's services, day by day."""

    def __init__(self, folder):
        self.folder = folder
        self.tables = {name: rows_of(f"intake/{name}") for name in TABLES}

    def after(self, *days) -> "Held":
        for day in days:
            before = self.tables
            given = (day, Landing(self.folder), Settings())
            answers = assets.services_answers(*given, before["services_answers"])
            children = assets.services_children(*given, answers, before["services_children"])
            members = assets.services_family_members(*given, children, before["services_family_members"])
            plans = assets.services_plans(*given, children, before["services_plans"])
            made = dict(zip(TABLES, (answers, children, members, plans), strict=True))
            self.tables = {name: frame.select(before[name].columns) for name, frame in made.items()}
        return self

    def ids(self, name="services_children"):
        return sorted(self.tables[name]["child_id"].drop_nulls())

    def put_aside(self, day):
        children = self.tables["services_children"]
        return assets.quarantined_reference_rows(day, Landing(self.folder), Settings(), None, children)


@pytest.fixture
def held(tmp_path):
    return Held(tmp_path)


def families(*ids, la_code=OXFORD):
    """The rows of three files about these children."""
    return {
        "children": [services_child(child_id=i, la_code=la_code) for i in ids],
        "family_members": [services_family_member(child_id=i) for i in ids],
        "plans": [services_plan(child_id=i) for i in ids],
    }


def bulk(folder, day, *ids, **more):
    write_childrens_services(folder, day, **({"feed": OXFORDSHIRE} | families(*ids) | more))


def answer(folder, day, asked, **more):
    """Buckinghamshire's answer: for each reference the children held because of it."""
    ids = sorted({child for children in asked.values() for child in children})
    pairs = [(ref, child) for ref, children in asked.items() for child in (children or [""])]
    rows = [person_asked(request_ref=ref, child_id=child) for ref, child in pairs]
    files = families(*ids, la_code=BUCKS) | {"persons_asked": rows} | more
    write_childrens_services(folder, day, kind="answer", **({"feed": BUCKS} | files))


def blocked(held, day):
    with pytest.raises(DeliveryBlocked) as refused:
        held.after(day)
    return str(refused.value)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_the_columns_and_types_of_the_dictionary(held, name):
    answer(held.folder, MONDAY, {"1-1": ["B1"]})
    state = held.after(MONDAY).tables[name]
    assert dict(state.schema) == schema_of(state.columns)
    assert state.height == 1


def test_a_full_delivery_replaces_the_children_of_its_authority_alone(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"]})
    bulk(held.folder, TUESDAY, "C1", "C2")
    bulk(held.folder, WEDNESDAY, "C2")
    held.after(MONDAY, TUESDAY, WEDNESDAY)
    assert [held.ids(name) for name in TABLES] == [["B1"], ["B1", "C2"], ["B1", "C2"], ["B1", "C2"]]


def test_two_authorities_on_one_date_are_taken_in_one_after_the_other(held):
    bulk(held.folder, MONDAY, "C1")
    answer(held.folder, MONDAY, {"1-1": ["B1"]}, version=2)
    assert held.after(MONDAY).ids() == ["B1", "C1"]


def test_a_correction_of_one_feed_leaves_the_others_delivery_of_the_date_standing(held):
    bulk(held.folder, MONDAY, "C1")
    answer(held.folder, MONDAY, {"1-1": ["B1"]}, version=2)
    bulk(held.folder, MONDAY, "C2", version=3)
    assert held.after(MONDAY).ids() == ["B1", "C2"]


def test_an_answer_replaces_what_was_held_because_of_the_persons_asked_about(held):
    answer(held.folder, MONDAY, {"1-1": ["B1", "B2"], "2-1": ["B3"]})
    answer(held.folder, TUESDAY, {"1-1": ["B4"]})
    held.after(MONDAY, TUESDAY)
    assert [held.ids(name) for name in TABLES] == [["B3", "B4"]] * 4


def test_a_child_stays_while_another_persons_answer_holds_it(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"], "2-1": ["B1"]})
    answer(held.folder, TUESDAY, {"1-1": []})
    assert held.after(MONDAY, TUESDAY).ids() == ["B1"]
    answer(held.folder, WEDNESDAY, {"2-1": []})
    assert held.after(WEDNESDAY).ids() == []


def test_an_empty_answer_says_that_nothing_is_held(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"]})
    answer(held.folder, TUESDAY, {"1-1": []})
    held.after(MONDAY, TUESDAY)
    assert [held.ids(name) for name in TABLES] == [[]] * 4
    assert held.tables["services_answers"].select("feed", "request_ref", "child_id", "delivered_on").rows() == [
        (BUCKS, "1-1", None, TUESDAY)
    ]


def test_an_answer_about_nobody_changes_nothing(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"]})
    answer(held.folder, TUESDAY, {})
    assert held.after(MONDAY, TUESDAY).ids() == ["B1"]


def test_a_child_of_an_answer_comes_with_the_family_and_plans_that_the_answer_says_it_has(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"]})
    answer(held.folder, TUESDAY, {"2-1": ["B1"]}, plans=[])
    held.after(MONDAY, TUESDAY)
    assert [held.ids(name) for name in TABLES] == [["B1", "B1"], ["B1"], ["B1"], []]


def test_what_a_bulk_of_the_same_authority_holds_stays_whatever_is_answered(held):
    before = services_child(child_id="B1", la_code=BUCKS)
    held.tables["services_children"] = rows_of(
        "intake/services_children",
        {"child_id": "B1", "la_code": BUCKS, "last_name": before["last_name"], "is_in_bulk": True, "delivered_on": MONDAY},
    )
    answer(held.folder, TUESDAY, {"1-1": ["B1"]})
    answer(held.folder, WEDNESDAY, {"1-1": []})
    held.after(TUESDAY, WEDNESDAY)
    assert held.tables["services_children"].select("child_id", "is_in_bulk").rows() == [("B1", True)]


def test_a_delta_changes_by_key_and_leaves_the_rest_of_the_family(held):
    bulk(held.folder, MONDAY, "C1")
    mother = services_family_member(member_number="2", relationship_code="mother")
    changes = NOTHING | {"family_members": [mother], "children": [services_child(first_name="Mollie")]}
    write_childrens_services(held.folder, TUESDAY, kind="delta", feed=OXFORDSHIRE, **changes)
    held.after(MONDAY, TUESDAY)
    members = held.tables["services_family_members"].sort("member_number")
    assert members.select("relationship_code", "delivered_on").rows() == [("father", MONDAY), ("mother", TUESDAY)]
    assert held.tables["services_children"]["first_name"].to_list() == ["Mollie"]
    assert held.ids("services_plans") == ["C1"]


def test_deleting_a_child_removes_family_and_plans(held):
    bulk(held.folder, MONDAY, "C1")
    deleted = NOTHING | {"children": [{"child_id": "C1", "deleted": "Y"}]}
    write_childrens_services(held.folder, TUESDAY, kind="delta", feed=OXFORDSHIRE, **deleted)
    held.after(MONDAY, TUESDAY)
    assert [held.ids(name) for name in TABLES] == [[]] * 4


def test_a_delta_deletes_nothing_of_another_authority(held):
    bulk(held.folder, MONDAY, "C1")
    answer(held.folder, MONDAY, {"1-1": ["B1"]}, version=2)
    gone = {"child_id": "B1", "deleted": "Y"}
    members, plans = [gone | {"member_number": "1"}], [{**services_plan(child_id="B1"), "deleted": "Y"}]
    changes = {"children": [gone], "family_members": members, "plans": plans}
    write_childrens_services(held.folder, TUESDAY, kind="delta", feed=OXFORDSHIRE, **changes)
    held.after(MONDAY, TUESDAY)
    assert [held.ids(name) for name in TABLES[1:]] == [["B1", "C1"]] * 3


def test_a_delta_needs_a_full_delivery_of_its_own_authority_before_it(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"]})
    write_childrens_services(held.folder, TUESDAY, kind="delta", feed=OXFORDSHIRE)
    held.after(MONDAY)
    assert blocked(held, TUESDAY) == "childrens_services 2025-11-04 v1: a delta, and no full delivery came before it"


def test_a_delivery_without_a_feed_replaces_the_authorities_that_it_contains(held):
    reading = "E06000038"
    both = {key: families("C1")[key] + families("R1", la_code=reading)[key] for key in NOTHING}
    write_childrens_services(held.folder, MONDAY, **both)
    write_childrens_services(held.folder, TUESDAY, **families("C2"))
    held.after(MONDAY, TUESDAY)
    assert [held.ids(name) for name in TABLES[1:]] == [["C2", "R1"]] * 3


def test_a_delivery_without_a_feed_brings_no_child_of_an_authority_that_agreed_to_answers(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"]})
    both = {key: families("C1")[key] + families("B2", la_code=BUCKS)[key] for key in NOTHING}
    write_childrens_services(held.folder, TUESDAY, **both)
    held.after(MONDAY, TUESDAY)
    assert [held.ids(name) for name in TABLES[1:]] == [["B1", "C1"]] * 3
    assert ("children.csv", 2, "other_authority") in aside(held, TUESDAY)


def test_a_delivery_without_a_feed_leaves_the_families_that_a_feed_brought_on_the_date(held):
    bulk(held.folder, MONDAY, "C1")
    write_childrens_services(held.folder, MONDAY, version=2, **families("R1", la_code="E06000038"))
    held.after(MONDAY)
    assert [held.ids(name) for name in TABLES[1:]] == [["C1", "R1"]] * 3


def test_a_child_who_moves_within_a_delivery_without_a_feed_is_one_child(held):
    write_childrens_services(held.folder, MONDAY)
    write_childrens_services(held.folder, TUESDAY, children=[services_child(la_code="E06000038")])
    assert held.after(MONDAY, TUESDAY).tables["services_children"]["la_code"].to_list() == ["E06000038"]


@pytest.mark.parametrize(
    ("kind", "feed", "message"),
    [
        ("full", "E06000099", "the force's file knows no children's services E06000099"),
        ("answer", None, "an answer names no feed"),
        ("full", BUCKS, "E06000060 is agreed to deliver answer, not kind full"),
        ("answer", OXFORDSHIRE, "E10000025 is agreed to deliver bulk, not kind answer"),
        ("full", "the county", "not valid in feed"),
    ],
)
def test_a_delivery_that_was_not_agreed_is_blocked(held, kind, feed, message):
    write_childrens_services(held.folder, MONDAY, kind=kind, feed=feed)
    assert blocked(held, MONDAY) == f"childrens_services 2025-11-03 v1: manifest.json: {message}"


def test_an_answer_without_the_persons_asked_about_is_not_whole(held):
    folder = held.folder
    answer(folder, MONDAY, {"1-1": ["B1"]})
    write_childrens_services(folder, MONDAY, version=2, kind="answer", feed=BUCKS, persons_asked=b"request_ref\r\n1-1\r\n")
    assert blocked(held, MONDAY) == "childrens_services 2025-11-03 v2: persons_asked.csv: missing column child_id"


def aside(held, day):
    return held.put_aside(day).select("file_name", "line_number", "reason_code").rows()


def test_a_child_of_another_authority_is_put_aside_with_its_family(held):
    bulk(held.folder, MONDAY, "C1", "C2", children=[services_child(), services_child(child_id="C2", la_code=BUCKS)], plans=[])
    assert held.after(MONDAY).ids() == ["C1"]
    assert aside(held, MONDAY) == [("children.csv", 2, "other_authority"), ("family_members.csv", 2, "unknown_reference")]


def test_another_authoritys_file_is_blocked(held):
    bulk(held.folder, MONDAY, children=[services_child(child_id=f"C{n}", la_code=BUCKS) for n in range(6)])
    assert blocked(held, MONDAY).endswith("more than 5 are allowed: other_authority la_code 6")


def test_a_child_that_nobody_was_asked_about_is_put_aside(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"]}, **families("B1", "B2", la_code=BUCKS))
    assert held.after(MONDAY).ids() == ["B1"]
    unknown = [("family_members.csv", 2, "unknown_reference"), ("plans.csv", 2, "unknown_reference")]
    assert aside(held, MONDAY) == [("children.csv", 2, "not_asked_about"), *unknown]


def test_an_answer_that_names_a_child_it_does_not_bring_is_put_aside(held):
    answer(held.folder, MONDAY, {"1-1": ["B1"], "2-1": ["B9"]}, **families("B1", la_code=BUCKS))
    assert held.after(MONDAY).ids("services_answers") == ["B1"]
    assert aside(held, MONDAY) == [("persons_asked.csv", 2, "unknown_reference")]


def test_an_identifier_that_another_authoritys_child_has_is_put_aside(held):
    bulk(held.folder, MONDAY, "C1")
    answer(held.folder, MONDAY, {"1-1": ["C1", "B1"]}, version=2)
    held.after(MONDAY)
    assert sorted(held.tables["services_children"].select("child_id", "la_code").rows()) == [("B1", BUCKS), ("C1", OXFORD)]
    assert ("children.csv", 2, "key_of_another_feed") in aside(held, MONDAY)
    assert held.tables["services_family_members"].filter(child_id="C1").height == 1


@pytest.mark.parametrize("file", [FAMILY_MEMBERS, PLANS], ids=lambda f: f.contract.name)
def test_rows_about_a_child_nobody_delivered_are_put_aside(held, file):
    row = {"family_members": services_family_member, "plans": services_plan}[file.contract.name](child_id="X9")
    bulk(held.folder, MONDAY, "C1", **{file.contract.name: [row]})
    held.after(MONDAY)
    assert aside(held, MONDAY) == [(f"{file.contract.name}.csv", 1, "unknown_reference")]


def test_every_record_of_two_feeds_is_counted_once(held):
    bulk(held.folder, MONDAY, "C1", "C2", plans=[services_plan(), services_plan(), services_plan(plan_type="?")])
    answer(held.folder, MONDAY, {"1-1": ["B1"], "2-1": []}, version=2)
    children = held.after(MONDAY).tables["services_children"]
    counted = assets.reference_deliveries(MONDAY, Landing(held.folder), Settings(), None, children)
    parts = counted.select("kept_count", "deleted_count", "quarantined_count", "duplicate_count").sum_horizontal()
    assert parts.to_list() == counted["record_count"].to_list() == [2, 2, 3, 1, 1, 1, 2]
    assert counted["feed"].unique(maintain_order=True).to_list() == [OXFORDSHIRE, BUCKS]
