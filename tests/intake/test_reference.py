"""The state of police records after full deliveries and deltas, and what is listed of all references as put aside."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.intake import assets
from paramount_assets.intake.contracts import REFERENCE_FILES
from paramount_assets.lake import Delivery, DeliveryBlocked, Landing, NotDelivered, schema_of
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, Source
from tests.deliveries import (
    police_address,
    police_association,
    police_marker,
    police_name,
    police_person,
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
COLUMNS = {
    file.contract.name: schema_of([*file.contract.table_columns, "delivered_on", "line_number"]) for file in REFERENCE_FILES
}


def police(folder, name, *days):
    """The state of a police table after the deliveries of these days."""
    persons, state = pl.DataFrame(schema=COLUMNS["persons"]), pl.DataFrame(schema=COLUMNS[name])
    for day in days:
        persons = POLICE["persons"](day, Landing(folder), persons)
        state = persons if name == "persons" else POLICE[name](day, Landing(folder), persons, state)
    return state


def put_aside(folder, day, persons=None, children=None):
    """What is listed as put aside, with the tables as they are after the day."""
    return assets.quarantined_reference_rows(day, Landing(folder), Settings(), persons, children)


@pytest.mark.parametrize("name", POLICE)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_police_table_has_the_columns_and_types_of_the_dictionary(tmp_path, name, suffix):
    write_police_records(tmp_path, MONDAY, suffix=suffix)
    state = police(tmp_path, name, MONDAY)
    assert dict(state.schema) == COLUMNS[name]
    assert state.select("delivered_on", "line_number").row(0) == (MONDAY, 1)


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


OF_NOBODY = {
    "person_names": police_name(person_id="P9"),
    "person_addresses": police_address(person_id="P9"),
    "associations": police_association(related_person_id="P9"),
    "markers": police_marker(marker_id="M9", subject_id="P9"),
}
COLUMN_OF_NOBODY = {"associations": "related_person_id", "markers": "subject_id"}


@pytest.mark.parametrize("name", OF_NOBODY)
@pytest.mark.parametrize("kind", ["full", "delta"])
def test_a_row_that_speaks_of_a_person_nobody_delivered_is_put_aside(tmp_path, name, kind):
    write_police_records(tmp_path, MONDAY)
    write_police_records(tmp_path, TUESDAY, kind=kind, **{name: [OF_NOBODY[name]]})
    persons = police(tmp_path, "persons", MONDAY, TUESDAY)
    kept = 0 if kind == "full" else 1
    assert police(tmp_path, name, MONDAY, TUESDAY).height == kept
    aside = put_aside(tmp_path, TUESDAY, persons).filter(file_name=f"{name}.csv")
    column = COLUMN_OF_NOBODY.get(name, "person_id")
    assert aside.rows() == [("police_records", 1, f"{name}.csv", 1, "unknown_reference", column)]


def test_a_delta_may_speak_of_a_person_that_an_earlier_delivery_brought(tmp_path):
    write_police_records(tmp_path, MONDAY)
    nothing = {file: [] for file in POLICE}
    write_police_records(tmp_path, TUESDAY, kind="delta", **(nothing | {"person_names": [police_name(name_number="2")]}))
    assert police(tmp_path, "person_names", MONDAY, TUESDAY).height == 2


def test_a_delta_may_delete_what_is_recorded_of_a_person_together_with_the_person(tmp_path):
    write_police_records(tmp_path, MONDAY)
    nothing = {file: [] for file in POLICE}
    gone = {"persons": [{"person_id": "P1", "deleted": "Y"}], "person_names": [police_name(deleted="Y")]}
    write_police_records(tmp_path, TUESDAY, kind="delta", **(nothing | gone))
    persons = police(tmp_path, "persons", MONDAY, TUESDAY)
    assert police(tmp_path, "person_names", MONDAY, TUESDAY).is_empty()
    assert put_aside(tmp_path, TUESDAY, persons).is_empty()


def test_an_address_may_be_warned_of_whoever_lives_there(tmp_path):
    write_police_records(
        tmp_path, MONDAY, markers=[police_marker(subject_type="address", subject_id="AD9", marker_code="REFUGE")]
    )
    assert police(tmp_path, "markers", MONDAY).height == 1


def test_too_many_rows_of_nobody_block_the_file(tmp_path):
    write_police_records(tmp_path, MONDAY, person_names=[police_name(person_id=f"X{n}") for n in range(6)])
    with pytest.raises(DeliveryBlocked, match=r"6 of 6 rows break the contract.*: unknown_reference person_id 6$"):
        police(tmp_path, "person_names", MONDAY)


def test_references_are_not_judged_while_the_persons_are_not_released(tmp_path):
    write_police_records(tmp_path, MONDAY, person_names=[police_name(person_id="P9")])
    assert put_aside(tmp_path, MONDAY, persons=None).is_empty()


def test_every_record_of_a_reference_delivery_is_counted_once(tmp_path):
    write_police_records(tmp_path, MONDAY)
    names = [
        police_name(name_number="2"),
        police_name(name_number="2"),
        police_name(name_number="1", deleted="Y"),
        police_name(person_id="P9"),
        police_name(name_number="x"),
    ]
    write_police_records(tmp_path, TUESDAY, kind="delta", version=3, person_names=names)
    persons = police(tmp_path, "persons", MONDAY, TUESDAY)
    counted = assets.reference_deliveries(TUESDAY, Landing(tmp_path), Settings(), persons, None)
    assert counted["file_name"].to_list() == [f"{name}.csv" for name in POLICE]
    row = counted.row(1, named=True)
    assert (row["delivery_version"], row["delivery_kind"], row["delivered_on"]) == (3, "delta", TUESDAY)
    told = {name: row[f"{name}_count"] for name in ("record", "kept", "deleted", "quarantined", "duplicate")}
    assert told == {"record": 5, "kept": 1, "deleted": 1, "quarantined": 2, "duplicate": 1}
    assert dict(counted.schema) == schema_of(counted.columns)


def test_a_file_that_was_judged_for_its_table_is_not_read_again_to_list_what_was_put_aside(tmp_path, monkeypatch):
    write_police_records(tmp_path, MONDAY, person_names=[police_name(person_id="P9"), police_name()])
    persons = police(tmp_path, "persons", MONDAY)
    for name in POLICE:
        police(tmp_path, name, MONDAY)
    monkeypatch.setattr(Delivery, "parse", None)
    assert put_aside(tmp_path, MONDAY, persons).height == 1


def test_a_delta_that_nothing_came_before_is_refused(tmp_path):
    write_police_records(tmp_path, MONDAY, kind="delta")
    with pytest.raises(DeliveryBlocked) as refused:
        police(tmp_path, "persons", MONDAY)
    assert str(refused.value) == "police_records 2025-11-03 v1: a delta, and no full delivery came before it"


def test_a_file_with_too_many_broken_rows_blocks_its_table_and_not_the_others(tmp_path):
    broken = [police_address(address_id=str(n), from_date="long ago") for n in range(6)]
    write_police_records(tmp_path, MONDAY, person_addresses=broken)
    with pytest.raises(DeliveryBlocked) as refused:
        police(tmp_path, "person_addresses", MONDAY)
    assert str(refused.value) == (
        "police_records 2025-11-03 v1: person_addresses.csv: "
        "6 of 6 rows break the contract, more than 5 are allowed: not_a_date from_date 6"
    )
    assert police(tmp_path, "persons", MONDAY).height == 2


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
    listed = put_aside(tmp_path, MONDAY)
    assert listed.rows() == [
        ("police_records", 1, "persons.csv", 1, "unknown_code", "gender"),
        ("childrens_services", 1, "plans.csv", 1, "unknown_code", "plan_type"),
        ("childrens_services", 1, "plans.csv", 3, "exact_duplicate", None),
    ]
    assert dict(listed.schema) == schema_of(listed.columns)


def test_records_of_one_source_are_listed_while_the_other_is_blocked(tmp_path):
    folder = write_police_records(tmp_path, MONDAY)
    (folder / "markers.csv").unlink()
    write_childrens_services(tmp_path, MONDAY, plans=[services_plan(plan_type="?")])
    assert put_aside(tmp_path, MONDAY)["source"].to_list() == ["childrens_services"]


def test_a_blocked_delivery_alone_lists_nothing(tmp_path):
    folder = write_police_records(tmp_path, MONDAY)
    (folder / "markers.csv").unlink()
    with pytest.raises(DeliveryBlocked, match=r"markers\.csv: in the manifest and not in the folder$"):
        put_aside(tmp_path, MONDAY)


def test_a_day_without_any_reference_lists_nothing(tmp_path):
    with pytest.raises(NotDelivered, match=r"^police_records and childrens_services 2025-11-03: nothing has landed$"):
        put_aside(tmp_path, MONDAY)


def test_reference_records_in_are_records_kept_and_put_aside(tmp_path):
    rows = [police_person(person_id=str(n)) for n in range(20)]
    write_police_records(tmp_path, MONDAY, persons=[*rows, rows[0], rows[0], police_person(person_id="20", gender="?")])
    assert (police(tmp_path, "persons", MONDAY).height, put_aside(tmp_path, MONDAY).height) == (20, 3)


def test_a_delivery_of_police_records_lists_every_file(tmp_path):
    write_delivery(tmp_path, Source.POLICE_RECORDS, MONDAY, {"persons.csv": [police_person()]})
    with pytest.raises(DeliveryBlocked, match=r"v1: person_names: not in the manifest; person_addresses: not in the manifest"):
        police(tmp_path, "persons", MONDAY)
