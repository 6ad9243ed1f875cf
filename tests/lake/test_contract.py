"""How rows are judged against a contract, apart from any source."""

import datetime as dt
import itertools

import polars as pl
import pytest

from paramount_assets.lake.contract import Column, FileContract, Kind, ReasonCode, Rule
from paramount_assets.lake.parsing import parse
from paramount_assets.lake.reading import BATCH_ROWS, in_batches
from paramount_assets.vocabulary import Day

DAY = Day(dt.date(2025, 11, 5))
CONTRACT = FileContract(
    name="things",
    key=("id", "part"),
    columns=(
        Column("id", required=True),
        Column("part", Kind.INTEGER),
        Column("made_on", Kind.DATE),
        Column("seen_at", Kind.TIMESTAMP),
        Column("open", Kind.BOOLEAN, rename="is_open"),
        Column("colour", Kind.CODE, codes=("red", "blue")),
    ),
    rules=(Rule(ReasonCode.BAD_FORMAT, "colour", (pl.col("colour") == "red") & ~pl.col("open")),),
)
HEADER = CONTRACT.file_columns


def judge(*rows, contract=CONTRACT, header=HEADER):
    return parse(contract, "things.csv", in_batches(header, iter(rows), itertools.count(1)), DAY)


def reasons(parsed):
    return [(line, reason, column) for _, line, reason, column in parsed.quarantined.rows()]


def test_values_take_the_types_of_the_contract_and_the_names_of_the_table():
    parsed = judge(["a", "07", "2025-01-02", "2025-01-02T03:04:05", "Y", "red"])
    assert parsed.rows.rows(named=True) == [
        {
            "line_number": 1,
            "id": "a",
            "part": 7,
            "made_on": dt.date(2025, 1, 2),
            "seen_at": dt.datetime.fromisoformat("2025-01-02T03:04:05"),
            "is_open": True,
            "colour": "red",
        }
    ]
    assert parsed.rows.schema["seen_at"] == pl.Datetime("us")


def test_empty_and_blank_values_are_unknown():
    parsed = judge(["a", "", " ", "", "\t", ""])
    assert parsed.rows.row(0)[2:] == (None, None, None, None, None)


def test_a_file_without_rows_has_the_types_of_the_contract():
    parsed = judge()
    assert parsed.rows.schema["part"] == pl.Int64
    assert parsed.quarantined.columns == ["file_name", "line_number", "reason_code", "column_name"]


@pytest.mark.parametrize(
    "value", ["2025-1-2", "02/01/2025", "2025-02-29", "20250102", "2025-01-02 ", "0025-01-02", "2025-01-02T00:00:00"]
)
def test_what_is_not_an_iso_date_is_never_guessed(value):
    assert reasons(judge(["a", "", value, "", "", ""])) == [(1, "not_a_date", "made_on")]


@pytest.mark.parametrize("value", ["1.0", "-1", "+1", "1e3", "१", "1234567890", "1 000"])
def test_what_is_not_a_plain_whole_number_is_not_read_as_one(value):
    assert reasons(judge(["a", value, "", "", "", ""])) == [(1, "not_an_integer", "part")]


def test_a_rule_over_several_columns_puts_a_row_aside():
    assert reasons(judge(["a", "", "", "", "N", "red"], ["b", "", "", "", "", "red"])) == [(1, "bad_format", "colour")]


def test_a_part_of_a_key_may_be_unknown_and_then_equals_unknown():
    first, second = ["a", "", "2025-01-01", "", "", ""], ["a", "", "2025-01-02", "", "", ""]
    assert reasons(judge(first, second)) == [(1, "contradicting_key", None), (2, "contradicting_key", None)]


def test_rows_without_a_required_part_of_the_key_do_not_contradict_each_other():
    first, second = ["", "1", "2025-01-01", "", "", ""], ["", "1", "2025-01-02", "", "", ""]
    assert reasons(judge(first, second)) == [(1, "missing_required", "id"), (2, "missing_required", "id")]


def test_two_ways_of_writing_one_key_are_one_key():
    assert [r for _, r, _ in reasons(judge(["a", "1", "", "", "", ""], ["a", "01", "", "", "", ""]))] == ["contradicting_key"] * 2


def test_a_column_that_may_be_absent_counts_as_empty():
    contract = FileContract(
        "things", ("id",), (Column("id"), Column("ref", instead_of="token"), Column("token", instead_of="ref"))
    )
    parsed = judge(["a", "r1"], contract=contract, header=["id", "ref"])
    assert parsed.rows.rows(named=True) == [{"line_number": 1, "id": "a", "ref": "r1", "token": None}]
    assert contract.missing_from(["id", "token"]) == []
    assert contract.missing_from(["id"]) == ["ref", "token"]


def test_columns_that_no_contract_knows_are_ignored_whatever_they_hold():
    row = ["a", "", "", "", "", "", "\0" * 20_000]
    assert judge(row, header=[*HEADER, "blob"]).quarantined.is_empty()


def test_a_row_of_a_delta_that_deletes_need_only_say_which():
    contract = FileContract("things", ("id",), (Column("id", required=True), Column("name", required=True))).of_delta()
    parsed = judge(["a", "", "Y"], ["b", "", "N"], ["c", "C", ""], contract=contract, header=["id", "name", "deleted"])
    assert parsed.rows["id"].to_list() == ["a"]
    assert reasons(parsed) == [(2, "missing_required", "name"), (3, "missing_required", "deleted")]


def test_a_field_of_ten_thousand_bytes_is_the_longest_that_is_read():
    contract = FileContract("things", ("id",), (Column("id"), Column("note")))
    parsed = judge(["a", "x" * 10_000], ["b", "é" * 5_001], contract=contract, header=["id", "note"])
    assert reasons(parsed) == [(2, "field_too_long", "note")]


def test_copies_and_contradictions_are_found_across_batches():
    rows = [[str(n), "", "", "", "", ""] for n in range(BATCH_ROWS + 2)]
    rows[-2:] = [["0", "", "", "", "", ""], ["1", "", "2025-01-01", "", "", ""]]
    parsed = judge(*rows)
    assert reasons(parsed) == [
        (2, "contradicting_key", None),
        (BATCH_ROWS + 1, "exact_duplicate", None),
        (BATCH_ROWS + 2, "contradicting_key", None),
    ]
    assert parsed.rows.height == BATCH_ROWS - 1
