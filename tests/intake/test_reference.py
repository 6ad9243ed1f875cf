"""The state of a reference after full deliveries and deltas."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.intake import assets
from paramount_assets.intake.contracts import REFERENCE_FILES
from paramount_assets.lake import DeliveryBlocked, Landing, NotDelivered, schema_of
from paramount_assets.vocabulary import Day, Source
from tests.deliveries import (
    police_address,
    police_association,
    police_marker,
    police_name,
    police_person,
    services_child,
    services_family_member,
    services_plan,
    write_childrens_services,
    write_delivery,
    write_police_records,
)

MONDAY, TUESDAY, WEDNESDAY = (Day(dt.date(2025, 11, n)) for n in (3, 4, 5))
POLICE = {
    "persons": assets.police_person_records,
    "person_names": assets.police_names,
    "person_addresses": assets.police_addresses,
    "associations": assets.police_associations,
    "markers": assets.police_markers,
}
SERVICES = {
    "children": assets.services_children,
    "family_members": assets.services_family_members,
    "plans": assets.services_plans,
}
COLUMNS = {
    file.contract.name: schema_of([*file.contract.table_columns, "delivered_on", "line_number"]) for file in REFERENCE_FILES
}


def police(folder, name, *days):
    """The state of a police table after the deliveries of these days."""
    state = pl.DataFrame(schema=COLUMNS[name])
    for day in days:
        state = POLICE[name](day, Landing(folder), state)
    return state


def services(folder, name, *days):
    """The state of a table of children's services after the deliveries of these days."""
    children, state = pl.DataFrame(schema=COLUMNS["children"]), pl.DataFrame(schema=COLUMNS[name])
    for day in days:
        children = SERVICES["children"](day, Landing(folder), children)
        state = children if name == "children" else SERVICES[name](day, Landing(folder), children, state)
    return state


@pytest.mark.parametrize("name", POLICE)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_police_table_has_the_columns_and_types_of_the_dictionary(tmp_path, name, suffix):
    write_police_records(tmp_path, MONDAY, suffix=suffix)
    state = police(tmp_path, name, MONDAY)
    assert dict(state.schema) == COLUMNS[name]
    assert state.select("delivered_on", "line_number").rows() == [(MONDAY, 1)]


@pytest.mark.parametrize("name", SERVICES)
def test_a_table_of_childrens_services_has_the_columns_and_types_of_the_dictionary(tmp_path, name):
    write_childrens_services(tmp_path, MONDAY)
    state = services(tmp_path, name, MONDAY)
    assert dict(state.schema) == COLUMNS[name]
    assert state.height == 1


def test_a_day_without_a_delivery_makes_no_version(tmp_path):
    with pytest.raises(NotDelivered, match=r"^police_records 2025-11-03: nothing has landed$"):
        police(tmp_path, "persons", MONDAY)


def test_a_full_delivery_replaces_all_that_was_there(tmp_path):
    write_police_records(tmp_path, MONDAY, persons=[police_person(), police_person(person_id="P2")])
    write_police_records(tmp_path, TUESDAY, persons=[police_person(person_id="P2"), police_person(person_id="P3")])
    state = police(tmp_path, "persons", MONDAY, TUESDAY)
    assert state.select("person_id", "delivered_on").rows() == [("P2", TUESDAY), ("P3", TUESDAY)]


def test_a_delta_changes_adds_and_deletes_by_key_and_leaves_the_rest_as_it_was(tmp_path):
    write_police_records(tmp_path, MONDAY, persons=[police_person(person_id=f"P{n}") for n in (1, 2, 3)])
    changes = [
        police_person(person_id="P2", last_name="Married"),
        police_person(person_id="P4"),
        {"person_id": "P3", "deleted": "Y"},
    ]
    write_police_records(tmp_path, TUESDAY, kind="delta", persons=changes, person_names=[], markers=[])
    state = police(tmp_path, "persons", MONDAY, TUESDAY).sort("person_id")
    assert state.select("person_id", "last_name", "delivered_on", "line_number").rows() == [
        ("P1", "Samplesworth", MONDAY, 1),
        ("P2", "Married", TUESDAY, 1),
        ("P4", "Samplesworth", TUESDAY, 2),
    ]


def test_a_delta_finds_a_row_whose_key_has_an_unknown_part(tmp_path):
    write_police_records(tmp_path, MONDAY, associations=[police_association(from_date="")])
    change = police_association(from_date="", source="custody_record")
    write_police_records(tmp_path, TUESDAY, kind="delta", persons=[], associations=[change])
    assert police(tmp_path, "associations", MONDAY, TUESDAY)["association_source"].to_list() == ["custody_record"]


@pytest.mark.parametrize(
    ("name", "rows", "kept"),
    [
        ("person_names", [police_name(), police_name(person_id="P2", last_name="Kept")], "Kept"),
        ("person_addresses", [police_address(), police_address(person_id="P2", address_line="Kept")], "Kept"),
        ("associations", [police_association(), police_association(person_id="P2", related_person_id="P1")], None),
        ("markers", [police_marker(), police_marker(marker_id="Kept", subject_type="address")], "Kept"),
    ],
)
def test_deleting_a_person_removes_what_is_recorded_of_them(tmp_path, name, rows, kept):
    write_police_records(tmp_path, MONDAY, **{name: rows})
    nothing = {file: [] for file in POLICE}
    write_police_records(tmp_path, TUESDAY, kind="delta", **(nothing | {"persons": [{"person_id": "P1", "deleted": "Y"}]}))
    state = police(tmp_path, name, MONDAY, TUESDAY)
    assert state.height == (kept is not None)
    assert kept is None or kept in state.row(0)


def test_a_marker_about_a_deleted_person_still_warns_of_its_subject(tmp_path):
    write_police_records(tmp_path, MONDAY, markers=[police_marker(subject_id="P2", about_person_id="P1")])
    nothing = {file: [] for file in POLICE}
    write_police_records(tmp_path, TUESDAY, kind="delta", **(nothing | {"persons": [{"person_id": "P1", "deleted": "Y"}]}))
    assert police(tmp_path, "markers", MONDAY, TUESDAY).height == 1


def test_a_delta_that_nothing_came_before_is_refused(tmp_path):
    write_police_records(tmp_path, MONDAY, kind="delta")
    with pytest.raises(DeliveryBlocked) as refused:
        police(tmp_path, "persons", MONDAY)
    assert str(refused.value) == "police_records 2025-11-03 v1: a delta, and no full delivery came before it"


def test_a_full_delivery_of_one_authority_leaves_what_another_delivered(tmp_path):
    oxford, reading = "E07000178", "E06000038"
    children = [services_child(), services_child(child_id="C2", la_code=reading), services_child(child_id="C3")]
    members = [services_family_member(), services_family_member(child_id="C2"), services_family_member(child_id="C3")]
    plans = [services_plan(), services_plan(child_id="C2"), services_plan(child_id="C3")]
    write_childrens_services(tmp_path, MONDAY, children=children, family_members=members, plans=plans)
    write_childrens_services(tmp_path, TUESDAY, children=[services_child(la_code=oxford, first_name="Mollie")], plans=[])
    after = {name: services(tmp_path, name, MONDAY, TUESDAY).sort("child_id") for name in SERVICES}
    assert after["children"].select("child_id", "first_name").rows() == [("C1", "Mollie"), ("C2", "Molly")]
    assert after["family_members"].select("child_id", "delivered_on").rows() == [("C1", TUESDAY), ("C2", MONDAY)]
    assert after["plans"]["child_id"].to_list() == ["C2"]


def test_a_child_who_moves_to_another_authority_is_one_child(tmp_path):
    write_childrens_services(tmp_path, MONDAY)
    write_childrens_services(tmp_path, TUESDAY, children=[services_child(la_code="E06000038")])
    state = services(tmp_path, "children", MONDAY, TUESDAY)
    assert state.select("child_id", "la_code").rows() == [("C1", "E06000038")]
    assert services(tmp_path, "family_members", MONDAY, TUESDAY).height == 1


def test_deleting_a_child_removes_family_and_plans(tmp_path):
    write_childrens_services(tmp_path, MONDAY)
    deleted = {"children": [{"child_id": "C1", "deleted": "Y"}], "family_members": [], "plans": []}
    write_childrens_services(tmp_path, TUESDAY, kind="delta", **deleted)
    assert [services(tmp_path, name, MONDAY, TUESDAY).height for name in SERVICES] == [0, 0, 0]


def test_a_delta_of_childrens_services_changes_by_key(tmp_path):
    write_childrens_services(tmp_path, MONDAY)
    more = {
        "children": [],
        "family_members": [services_family_member(member_number="2", relationship_code="mother")],
        "plans": [],
    }
    write_childrens_services(tmp_path, TUESDAY, kind="delta", **more)
    state = services(tmp_path, "family_members", MONDAY, TUESDAY).sort("member_number")
    assert state.select("relationship_code", "delivered_on").rows() == [("father", MONDAY), ("mother", TUESDAY)]


def test_an_answer_is_refused_until_it_can_be_used(tmp_path):
    write_childrens_services(tmp_path, MONDAY, kind="answer")
    with pytest.raises(DeliveryBlocked) as refused:
        services(tmp_path, "children", MONDAY)
    assert str(refused.value) == (
        "childrens_services 2025-11-03 v1: kind answer is not supported yet, a full delivery or a delta is"
    )


def test_a_file_with_too_many_broken_rows_blocks_its_table_and_not_the_others(tmp_path):
    broken = [police_address(address_id=str(n), from_date="long ago") for n in range(6)]
    write_police_records(tmp_path, MONDAY, person_addresses=broken)
    with pytest.raises(DeliveryBlocked) as refused:
        police(tmp_path, "person_addresses", MONDAY)
    assert str(refused.value) == (
        "police_records 2025-11-03 v1: person_addresses.csv: "
        "6 of 6 rows break the contract, more than 5 are allowed: not_a_date from_date 6"
    )
    assert police(tmp_path, "persons", MONDAY).height == 1


def test_a_damaged_file_blocks_every_table_of_its_delivery(tmp_path):
    folder = write_police_records(tmp_path, MONDAY)
    (folder / "markers.csv").write_bytes(b"torn")
    with pytest.raises(DeliveryBlocked, match=r"^police_records 2025-11-03 v1: markers\.csv: sha256 is not the one"):
        police(tmp_path, "persons", MONDAY)


def test_a_warning_in_unknown_words_is_kept(tmp_path):
    write_police_records(tmp_path, MONDAY, markers=[police_marker(marker_code="NEW")])
    assert police(tmp_path, "markers", MONDAY)["marker_code"].to_list() == ["NEW"]


def test_records_put_aside_are_listed_for_both_sources(tmp_path):
    write_police_records(tmp_path, MONDAY, persons=[police_person(gender="X"), police_person(person_id="P2")])
    write_childrens_services(tmp_path, MONDAY, plans=[services_plan(plan_type="?"), services_plan(), services_plan()])
    listed = assets.quarantined_reference_rows(MONDAY, Landing(tmp_path))
    assert listed.rows() == [
        ("police_records", "persons.csv", 1, "unknown_code", "gender"),
        ("childrens_services", "plans.csv", 1, "unknown_code", "plan_type"),
        ("childrens_services", "plans.csv", 3, "exact_duplicate", None),
    ]
    assert dict(listed.schema) == schema_of(listed.columns)


def test_records_of_one_source_are_listed_while_the_other_is_blocked(tmp_path):
    folder = write_police_records(tmp_path, MONDAY)
    (folder / "markers.csv").unlink()
    write_childrens_services(tmp_path, MONDAY, plans=[services_plan(plan_type="?")])
    assert assets.quarantined_reference_rows(MONDAY, Landing(tmp_path))["source"].to_list() == ["childrens_services"]


def test_a_blocked_delivery_alone_lists_nothing(tmp_path):
    folder = write_police_records(tmp_path, MONDAY)
    (folder / "markers.csv").unlink()
    with pytest.raises(DeliveryBlocked, match=r"markers\.csv: in the manifest and not in the folder$"):
        assets.quarantined_reference_rows(MONDAY, Landing(tmp_path))


def test_a_day_without_any_reference_lists_nothing(tmp_path):
    with pytest.raises(NotDelivered, match=r"^police_records and childrens_services 2025-11-03: nothing has landed$"):
        assets.quarantined_reference_rows(MONDAY, Landing(tmp_path))


@pytest.mark.parametrize("source", [Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES])
def test_reference_records_in_are_records_kept_and_put_aside(tmp_path, source):
    is_police = source is Source.POLICE_RECORDS
    make, write = (police_person, write_police_records) if is_police else (services_child, write_childrens_services)
    name, key = ("persons", "person_id") if is_police else ("children", "child_id")
    rows = [make(**{key: str(n)}) for n in range(20)] + [make(), make(), make(**{key: "20", "gender": "?"})]
    write(tmp_path, MONDAY, **{name: rows})
    kept = (police if is_police else services)(tmp_path, name, MONDAY).height
    aside = assets.quarantined_reference_rows(MONDAY, Landing(tmp_path)).height
    assert (kept, aside) == (21, 2)


def test_a_delivery_of_police_records_lists_every_file(tmp_path):
    write_delivery(tmp_path, Source.POLICE_RECORDS, MONDAY, {"persons.csv": [police_person()]})
    with pytest.raises(DeliveryBlocked, match=r"v1: person_names: not in the manifest; person_addresses: not in the manifest"):
        police(tmp_path, "persons", MONDAY)
