"""The prison extract, kept character for character and read from there."""

import datetime as dt

import pytest

from paramount_assets.lake import Landing, schema_of
from paramount_assets.lake.parsing import QUARANTINE_SCHEMA
from paramount_assets.prison.assets import contacts, movements, quarantined_rows, raw_extract
from paramount_assets.prison.contract import CONTACTS, MOVEMENTS
from paramount_assets.vocabulary import Day
from tests.deliveries import as_csv, contact, header_of, movement, write_prison_extract

DAY = Day(dt.date(2025, 11, 5))


@pytest.fixture
def raw(tmp_path):
    write_prison_extract(tmp_path, DAY, [movement(aliases="SMITH|DAZ||;SAMPLES||D|1988-03-15")], [contact()], version=2)
    return raw_extract(DAY, Landing(tmp_path))


def test_every_record_is_kept_with_its_file_its_number_and_its_version(raw):
    assert raw.select("file_name", "line_number", "delivery_version").rows() == [
        ("movements.csv", 0, 2),
        ("movements.csv", 1, 2),
        ("contacts.csv", 0, 2),
        ("contacts.csv", 1, 2),
    ]
    assert raw["record_text"][2] == ",".join(header_of("contacts"))


def test_the_kept_records_are_the_file_again(tmp_path):
    content = as_csv([movement(last_name='A "quoted",\nname'), movement(booking_id="2", title=" Mr ")], header_of("movements"))
    write_prison_extract(tmp_path, DAY, content)
    kept = raw_extract(DAY, Landing(tmp_path)).filter(file_name="movements.csv")["record_text"]
    assert "".join(text + "\r\n" for text in kept).encode() == content


def test_a_blank_line_is_no_record(tmp_path):
    write_prison_extract(tmp_path, DAY, as_csv([movement()], header_of("movements")) + b"\r\n\r\n")
    assert raw_extract(DAY, Landing(tmp_path)).filter(file_name="movements.csv")["line_number"].to_list() == [0, 1]


def test_movements_have_the_columns_and_types_of_the_dictionary(raw):
    assert dict(movements(DAY, raw).schema) == schema_of(["line_number", *MOVEMENTS.table_columns])


def test_contacts_have_the_columns_and_types_of_the_dictionary(raw):
    assert dict(contacts(DAY, raw).schema) == schema_of(["line_number", *CONTACTS.table_columns])


def test_rows_put_aside_have_the_columns_and_types_of_the_dictionary(raw):
    assert dict(quarantined_rows(DAY, raw).schema) == schema_of(list(QUARANTINE_SCHEMA))


def test_lists_stay_as_recorded(raw):
    assert movements(DAY, raw)["aliases"].to_list() == ["SMITH|DAZ||;SAMPLES||D|1988-03-15"]


def test_the_tables_do_not_depend_on_the_order_of_the_kept_records(raw):
    shuffled = raw.reverse()
    assert movements(DAY, shuffled).equals(movements(DAY, raw))
    assert contacts(DAY, shuffled).equals(contacts(DAY, raw))
