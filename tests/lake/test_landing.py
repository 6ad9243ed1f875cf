"""Which delivery stands, and what a delivery says of itself."""

import datetime as dt
import io

import polars as pl
import pytest

from paramount_assets.lake import DeliveryBlocked, Landing, NotDelivered
from paramount_assets.lake.contract import Column, FileContract
from paramount_assets.vocabulary import Day, Source
from tests.deliveries import (
    edit_manifest,
    movement,
    police_person,
    services_child,
    write_delivery,
    write_police_records,
    write_prison_extract,
)

DAY = Day(dt.date(2025, 11, 5))
PERSONS = FileContract("persons", ("person_id",), (Column("person_id", required=True), Column("last_name")))
CONTRACTS = [PERSONS]


def land(folder, content, **more):
    return write_delivery(folder, Source.POLICE_RECORDS, DAY, {"persons.csv": content}, **more)


def stands(folder):
    return Landing(folder).delivery(Source.POLICE_RECORDS, DAY)


def test_a_delivery_says_what_its_manifest_says(tmp_path):
    land(tmp_path, [police_person()], version=3)
    delivery = stands(tmp_path)
    assert (delivery.source, delivery.extract_date, delivery.version) == (Source.POLICE_RECORDS, DAY, 3)
    assert (delivery.kind, delivery.schema, delivery.produced_at) == (
        "full",
        "1.0",
        dt.datetime.fromisoformat("2025-11-05T05:40:00"),
    )
    assert delivery.files["persons.csv"].rows == 1
    assert len(delivery.manifest_sha256) == 64
    assert delivery.same_as is None
    assert delivery.label == "police_records 2025-11-05 v3"


def test_version_ten_stands_before_version_nine(tmp_path):
    for version in (9, 10):
        land(tmp_path, [police_person(person_id=str(version))], version=version)
    assert stands(tmp_path).version == 10


def test_a_folder_that_is_no_version_is_not_looked_at(tmp_path):
    land(tmp_path, [police_person()])
    odd = tmp_path / "police_records" / "2025-11-05" / "v1-old"
    odd.mkdir()
    (odd / "manifest.json").write_text("{}")
    assert stands(tmp_path).version == 1


def test_going_back_to_an_earlier_content_lets_the_earlier_version_stand(tmp_path):
    for version, name in enumerate("ABA", start=1):
        land(tmp_path, [police_person(last_name=name)], version=version)
    delivery = stands(tmp_path)
    assert (delivery.version, delivery.same_as) == (1, 3)


def test_the_same_bytes_with_another_statement_are_another_delivery(tmp_path):
    first = land(tmp_path, [], version=1)
    edit_manifest(first, "persons.csv", nil_return=False)
    land(tmp_path, [], version=2)
    assert stands(tmp_path).version == 2


def test_the_same_files_confirmed_by_a_role_are_another_delivery(tmp_path):
    land(tmp_path, [police_person()])
    land(tmp_path, [police_person()], version=2, volume_confirmed_by="duty_operator")
    assert stands(tmp_path).version == 2


def test_what_was_read_is_remembered_once(tmp_path):
    land(tmp_path, [police_person()])
    landing = Landing(tmp_path)
    assert landing.delivery(Source.POLICE_RECORDS, DAY) is landing.delivery(Source.POLICE_RECORDS, DAY)
    assert [delivery.label for delivery in landing.read] == ["police_records 2025-11-05 v1"]


def test_what_was_not_there_was_not_read(tmp_path):
    landing = Landing(tmp_path)
    with pytest.raises(NotDelivered):
        landing.delivery(Source.POLICE_RECORDS, DAY)
    assert landing.read == []


def test_the_dates_of_a_source_are_those_with_a_manifest(tmp_path):
    for day in (7, 5, 6):
        folder = write_police_records(tmp_path, Day(dt.date(2025, 11, day)))
    (folder / "manifest.json").unlink()
    days = Landing(tmp_path).dates(Source.POLICE_RECORDS)
    assert days == [dt.date(2025, 11, 5), dt.date(2025, 11, 7)]
    assert Landing(tmp_path).dates(Source.PRISON_EXTRACT) == []


def test_everything_of_one_kind_that_is_wrong_is_said_at_once(tmp_path):
    folder = write_prison_extract(tmp_path, DAY)
    edit_manifest(folder, "movements.csv", sha256="0" * 64)
    edit_manifest(folder, "contacts.csv", sha256="1" * 64)
    with pytest.raises(DeliveryBlocked) as refused:
        Landing(tmp_path).delivery(Source.PRISON_EXTRACT, DAY).verify([])
    assert str(refused.value) == (
        "prison_extract 2025-11-05 v1: movements.csv: sha256 is not the one in the manifest; "
        "contacts.csv: sha256 is not the one in the manifest"
    )


def test_a_file_that_no_contract_knows_is_noted_and_ignored(tmp_path):
    write_delivery(
        tmp_path, Source.POLICE_RECORDS, DAY, {"persons.csv": [police_person()], "vehicles.csv": b"plate\r\nAB12 CDE\r\n"}
    )
    delivery = stands(tmp_path)
    delivery.verify(CONTRACTS)
    assert "police_records 2025-11-05 v1: vehicles.csv: no contract knows this file, it is ignored" in delivery.notes


def test_a_column_with_an_unusual_name_is_counted_and_not_named(tmp_path):
    land(tmp_path, b"person_id,last_name,Mr Smith,shoe_size\r\nP1,A,,\r\n")
    delivery = stands(tmp_path)
    delivery.verify(CONTRACTS)
    delivery.verify(CONTRACTS)
    assert delivery.notes == [
        "police_records 2025-11-05 v1: persons.csv: ignored column shoe_size, 1 with an unusual name",
    ]


def test_a_delta_needs_the_column_that_says_what_is_deleted(tmp_path):
    land(tmp_path, b"person_id,last_name\r\nP1,A\r\n", kind="delta")
    with pytest.raises(DeliveryBlocked, match=r"persons\.csv: missing column deleted$"):
        stands(tmp_path).verify(CONTRACTS)


def test_a_delta_may_have_empty_files(tmp_path):
    land(tmp_path, [], kind="delta")
    stands(tmp_path).verify(CONTRACTS)


def test_a_reference_may_land_as_parquet(tmp_path):
    write_delivery(tmp_path, Source.POLICE_RECORDS, DAY, {"persons.parquet": [police_person(last_name="")]})
    delivery = stands(tmp_path)
    delivery.verify(CONTRACTS)
    rows = delivery.parse(PERSONS).rows
    assert rows.rows(named=True) == [{"line_number": 1, "person_id": "P1", "last_name": None}]


def test_parquet_that_is_torn_blocks(tmp_path):
    write_delivery(tmp_path, Source.POLICE_RECORDS, DAY, {"persons.parquet": b"PAR1"})
    with pytest.raises(DeliveryBlocked, match=r"persons\.parquet: is not Parquet$"):
        stands(tmp_path).verify(CONTRACTS)


def test_parquet_whose_values_are_not_text_blocks(tmp_path):
    content = io.BytesIO()
    pl.DataFrame({"person_id": ["P1"], "last_name": [1]}).write_parquet(content)
    write_delivery(tmp_path, Source.POLICE_RECORDS, DAY, {"persons.parquet": content.getvalue()})
    with pytest.raises(DeliveryBlocked, match=r"persons\.parquet: holds 1 columns that are not text$"):
        stands(tmp_path).verify(CONTRACTS)


def test_one_file_in_two_forms_blocks(tmp_path):
    rows = [police_person()]
    write_delivery(tmp_path, Source.POLICE_RECORDS, DAY, {"persons.parquet": rows, "persons.csv": rows})
    with pytest.raises(DeliveryBlocked, match=r"persons: listed as CSV and as Parquet$"):
        stands(tmp_path).verify(CONTRACTS)


def test_content_of_more_than_a_month_ago_may_come_again(tmp_path):
    same = [movement()]
    write_prison_extract(tmp_path, Day(DAY - dt.timedelta(days=32)), same)
    write_prison_extract(tmp_path, DAY, same)
    repeated = FileContract("movements", ("prisoner_number",), (Column("prisoner_number"),), is_new_every_day=True)
    Landing(tmp_path).delivery(Source.PRISON_EXTRACT, DAY).verify([repeated])
    write_prison_extract(tmp_path, Day(DAY - dt.timedelta(days=31)), same)
    with pytest.raises(DeliveryBlocked, match=r"the same content as the delivery of 2025-10-05$"):
        Landing(tmp_path).delivery(Source.PRISON_EXTRACT, DAY).verify([repeated])


def land_feed(folder, feed, version, *children, **more):
    rows = [services_child(child_id=child) for child in children]
    return write_delivery(folder, Source.CHILDRENS_SERVICES, DAY, {"children.csv": rows}, version, **({"feed": feed} | more))


def standing(folder):
    return [(d.feed, d.version) for d in Landing(folder).deliveries(Source.CHILDRENS_SERVICES, DAY)]


OXFORDSHIRE, BUCKS = "E10000025", "E06000060"


def test_the_highest_version_of_each_feed_stands(tmp_path):
    land_feed(tmp_path, OXFORDSHIRE, 1, "C1")
    land_feed(tmp_path, BUCKS, 2, "B1")
    land_feed(tmp_path, OXFORDSHIRE, 3, "C2")
    assert standing(tmp_path) == [(BUCKS, 2), (OXFORDSHIRE, 3)]


def test_the_same_content_of_a_feed_again_lets_its_first_stand_and_touches_no_other(tmp_path):
    land_feed(tmp_path, OXFORDSHIRE, 1, "C1")
    land_feed(tmp_path, BUCKS, 2, "C1")
    land_feed(tmp_path, OXFORDSHIRE, 3, "C1")
    found = Landing(tmp_path).deliveries(Source.CHILDRENS_SERVICES, DAY)
    assert [(d.feed, d.version, d.same_as) for d in found] == [(OXFORDSHIRE, 1, 3), (BUCKS, 2, None)]
    assert found[0].notes == ["childrens_services 2025-11-05 v3: the same files as v1, nothing happens"]


def test_every_standing_delivery_is_pinned_once(tmp_path):
    land_feed(tmp_path, OXFORDSHIRE, 1, "C1")
    land_feed(tmp_path, BUCKS, 2, "B1")
    landing = Landing(tmp_path)
    first, again = (landing.deliveries(Source.CHILDRENS_SERVICES, DAY) for _ in range(2))
    assert [a is b for a, b in zip(first, again, strict=True)] == [True, True]
    assert [d.version for d in landing.read] == [1, 2]


def test_a_feed_whose_newest_manifest_is_wrong_is_blocked_and_goes_on_standing(tmp_path):
    land_feed(tmp_path, OXFORDSHIRE, 1, "C1")
    land_feed(tmp_path, OXFORDSHIRE, 2, "C1", schema=None)
    land_feed(tmp_path, BUCKS, 3, "B1")
    found = Landing(tmp_path).deliveries(Source.CHILDRENS_SERVICES, DAY)
    assert [(d.version, d.manifest_fault) for d in found] == [(2, "not valid in schema"), (3, None)]


def test_a_manifest_that_names_no_feed_at_all_stands_until_another_delivery_lands(tmp_path):
    folder = land_feed(tmp_path, OXFORDSHIRE, 1, "C1")
    (folder / "manifest.json").write_text("{", encoding="utf-8")
    assert standing(tmp_path) == [(None, 1)]
    land_feed(tmp_path, OXFORDSHIRE, 2, "C1")
    assert standing(tmp_path) == [(OXFORDSHIRE, 2)]


def test_a_delivery_that_is_passed_over_is_noted(tmp_path):
    folder = land_feed(tmp_path, OXFORDSHIRE, 1, "C1")
    (folder / "manifest.json").write_bytes(b"{")
    land_feed(tmp_path, BUCKS, 2, "B1")
    [delivery] = Landing(tmp_path).deliveries(Source.CHILDRENS_SERVICES, DAY)
    assert delivery.notes == [f"childrens_services {DAY} v1: passed over, its manifest does not say whose it is"]


def test_a_source_with_one_feed_may_name_none(tmp_path):
    land(tmp_path, [police_person()], feed=OXFORDSHIRE)
    with pytest.raises(DeliveryBlocked, match=r"manifest\.json: names a feed, and this source has none$"):
        stands(tmp_path).verify(CONTRACTS)


@pytest.mark.parametrize("source", [Source.PRISON_EXTRACT, Source.CASEWORK_FEEDBACK])
def test_what_is_no_reference_lands_as_csv(tmp_path, source):
    write_delivery(tmp_path, source, DAY, {"persons.parquet": [police_person()]})
    with pytest.raises(DeliveryBlocked, match=r"v1: persons\.parquet: this source delivers CSV, not Parquet$"):
        Landing(tmp_path).delivery(source, DAY).verify(CONTRACTS)
