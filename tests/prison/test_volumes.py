"""How many records an extract has, how many are usual, and who confirmed what is not."""

import datetime as dt

import polars as pl
import pytest

from paramount_assets.lake import Delivery, DeliveryBlocked, schema_of
from paramount_assets.lake.delivery import DeliveredFile
from paramount_assets.prison.volumes import volumes
from paramount_assets.vocabulary import Day, Source

DAY = Day(dt.date(2025, 11, 30))  # a Sunday
FILES = ("movements.csv", "contacts.csv")


def records(movements, contacts=None, version=1):
    """The kept records of one extract; without contacts their file is not there."""
    rows = [(FILES[0], n, version) for n in range(movements + 1)]
    rows += [(FILES[1], n, version) for n in range(contacts + 1)] if contacts is not None else []
    return pl.DataFrame(rows, {"file_name": pl.String, "line_number": pl.Int64, "delivery_version": pl.Int64}, orient="row")


def earlier(*counts, last=DAY):
    """The extracts of the days up to the day before, oldest first, a pair with contacts; None for a day that is not released."""
    days = [(last - dt.timedelta(days=len(counts) - n), count) for n, count in enumerate(counts)]
    both = [(day, count if isinstance(count, tuple) else (count,)) for day, count in days if count is not None]
    kept = [records(*count).with_columns(as_of=pl.lit(day)) for day, count in both]
    return pl.concat([records(0).with_columns(as_of=pl.lit(DAY)).clear(), *kept])


def delivery(tmp_path, version=1, nil_return=False, **content):
    files = {FILES[0]: DeliveredFile(FILES[0], tmp_path, 0 if nil_return else 9, "0" * 64, nil_return)}
    return Delivery(Source.PRISON_EXTRACT, DAY, version, tmp_path, "0" * 64, "full", files=files, content=content)


@pytest.fixture
def found(tmp_path):
    def of(today, before, **manifest):
        return {row["file_name"]: row for row in volumes(today, before, delivery(tmp_path, **manifest)).iter_rows(named=True)}

    return of


def test_the_usual_is_the_median_of_the_extracts_before(found):
    row = found(records(60), earlier(*[10, 20, 30, 40, 50, 20, 3000]))["movements.csv"]
    assert (row["row_count"], row["usual_row_count"], row["ratio"]) == (60, 30.0, 2.0)


def test_with_fewer_than_seven_extracts_nothing_is_usual(found):
    row = found(records(60), earlier(10, 10, None, 10, 10, None, None, 10, 10))["movements.csv"]
    assert (row["usual_row_count"], row["usual_weekday_row_count"], row["ratio"]) == (None, None, None)


def test_a_weekday_has_a_usual_of_its_own_of_two_middle_ones_the_higher(found):
    row = found(records(4), earlier(*[3, 30, 30, 30, 30, 30, 30, 5, 30, 30, 30, 30, 30, 30]))["movements.csv"]
    assert (row["usual_row_count"], row["usual_weekday_row_count"]) == (30.0, 5.0)


def test_a_file_that_is_not_there_has_no_records(found):
    row = found(records(10), earlier(*[(10, 30)] * 7, *[10] * 4))["contacts.csv"]
    assert (row["row_count"], row["usual_row_count"], row["ratio"]) == (0, 30.0, 0.0)


def test_the_days_before_a_file_was_first_delivered_say_nothing_of_it(found):
    row = found(records(10, 60), earlier(*[10] * 7, *[(10, 30)] * 6))["contacts.csv"]
    assert (row["row_count"], row["usual_row_count"], row["ratio"]) == (60, None, None)
    assert found(records(10, 60), earlier(*[10] * 7))["contacts.csv"]["usual_row_count"] is None


def test_a_role_in_the_manifest_confirms_both_files(found):
    rows = found(records(10, 5), earlier(), volume_confirmed_by="data_team")
    assert {row["confirmed_by"] for row in rows.values()} == {"data_team"}


def test_a_manifest_of_another_version_than_was_kept_confirms_nothing(found):
    rows = found(records(10, 5, version=1), earlier(), version=2, volume_confirmed_by="data_team")
    assert {row["confirmed_by"] for row in rows.values()} == {None}


def test_a_signed_nil_return_confirms_its_own_file_alone(found):
    rows = found(records(0), earlier(*[30] * 7), nil_return=True)
    assert {name: row["confirmed_by"] for name, row in rows.items()} == {"movements.csv": "nil_return", "contacts.csv": None}


@pytest.mark.parametrize("role", ["Jane Secretname", "jane.secretname", "", 7, ["data_team"]])
def test_what_is_no_role_is_refused_without_being_repeated(found, role):
    with pytest.raises(DeliveryBlocked, match="volume_confirmed_by is no role") as blocked:
        found(records(10), earlier(), volume_confirmed_by=role)
    assert "ecretname" not in str(blocked.value)


def test_the_table_has_the_columns_and_types_of_the_dictionary(tmp_path):
    made = volumes(records(3, 2), earlier(*[10] * 8), delivery(tmp_path))
    assert dict(made.schema) == schema_of(made.columns)
