"""Row 21: a table's day that needs more memory than the limit fails with a plain reason, and not the host nor the other days."""

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest

from paramount_assets import engine
from paramount_assets.lake import Catalogue, LakeRun, Made, Table, sql_tables, table
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus
from tests.lake import toy

DAYS = [Day(dt.date(2025, 11, n)) for n in (3, 4, 5)]
LIMIT = "20MB"
BECAUSE = "needs more memory than PARAMOUNT_MEMORY_LIMIT=20MB allows: raise it, or run the day on a machine with more memory"
LISTED = "-- One row per answer.\nselect len(list(line_number || ' and more')) as line_number from toy.numbers"
SPILLED = "-- One row per answer.\nselect count(*) as line_number from (select distinct line_number * 7 from toy.numbers)"


@table("toy")
def numbers(day: Day) -> pl.DataFrame:
    """One row per number: ten, and on the second day too many."""
    return pl.DataFrame({"line_number": pl.int_range(2_000_000 if day == DAYS[1] else 10, eager=True) * 666 + 1})


@table("toy")
def of_splink(numbers: pl.DataFrame) -> pl.DataFrame:
    """One row per answer of a library that wraps what went wrong."""
    try:
        with engine.in_memory() as connection:
            connection.register("numbers", numbers)
            return connection.sql(LISTED.replace("toy.", "")).pl()
    except engine.OUT_OF_MEMORY as fault:
        raise RuntimeError("Mr Secret") from fault


@table("toy")
def of_python(day: Day, numbers: pl.DataFrame) -> pl.DataFrame:
    """One row per answer."""
    if day == DAYS[1]:
        raise MemoryError
    return pl.DataFrame({"line_number": [1]})


def suite(**measures: str) -> str:
    key = {"type": "expect_compound_columns_to_be_unique", "kwargs": {"column_list": ["line_number"]}}
    count = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "row_count", "min_value": 0}}
    stamp = {"severity": "critical", "meta": {"why": "It is a toy."}}
    return json.dumps(
        {
            "columns": ["line_number"],
            "owner": "data-team",
            "measures": {"row_count": "count(*)"} | measures,
            "row_expectations": [key | stamp],
            "day_expectations": [count | stamp],
        }
    )


def catalogue(folder: Path, *made_by: Table, **measures: str) -> Catalogue:
    (folder / "expectations" / "toy").mkdir(parents=True, exist_ok=True)
    for each in made_by:
        (folder / "expectations" / "toy" / f"{each.name}.json").write_text(suite(**measures))
    return Catalogue(made_by, folder / "expectations")


def run(folder: Path, made_by: Table, limit: str = LIMIT) -> list[Made]:
    """Makes three days of a table and of the numbers that it reads."""
    chain = catalogue(folder, numbers, made_by)
    with LakeRun(chain, Settings(root=folder, data=folder, memory_limit=limit), toy.no_ledger, toy.judge) as lake:
        return [made for each in chain for made in lake.make(each, DAYS)][3:]


def sql_table(folder: Path, sql: str) -> Table:
    (folder / "sql" / "toy").mkdir(parents=True)
    (folder / "sql" / "toy" / "answers.sql").write_text(sql)
    return sql_tables("toy").load(folder / "sql")[0]


def only_the_second_day_failed(made: list[Made]) -> bool:
    return [m.status for m in made] == [GateStatus.RELEASED, GateStatus.FAILED, GateStatus.RELEASED] and made[
        1
    ].because == BECAUSE


def test_21_a_sql_table_fails_its_day_alone(tmp_path):
    assert only_the_second_day_failed(run(tmp_path, sql_table(tmp_path, LISTED)))


def test_21_a_want_of_memory_that_a_library_wraps_is_told_as_such_and_without_its_words(tmp_path):
    assert only_the_second_day_failed(run(tmp_path, of_splink))
    assert not [file for file in tmp_path.rglob("*.json") if "Secret" in file.read_text()]


def test_21_pythons_own_want_of_memory_fails_its_day_alone(tmp_path):
    assert only_the_second_day_failed(run(tmp_path, of_python))


@pytest.mark.slow
def test_21_judging_fails_the_day_alone_that_it_has_no_memory_for(tmp_path):
    chain = catalogue(tmp_path, numbers, middle="length(median(repeat(line_number::varchar, 20)))")
    with LakeRun(chain, Settings(root=tmp_path, data=tmp_path, memory_limit=LIMIT), toy.no_ledger) as lake:
        made = list(lake.make(numbers, DAYS))
    assert only_the_second_day_failed(made)
    assert not list((tmp_path / "lake" / "toy" / "numbers" / str(DAYS[1])).glob("*.parquet"))


def test_21_a_failed_day_is_made_once_there_is_memory(tmp_path):
    made_by = sql_table(tmp_path, LISTED)
    assert only_the_second_day_failed(run(tmp_path, made_by))
    assert [m.status for m in run(tmp_path, made_by, limit="4GB")] == [GateStatus.RELEASED] * 3


def test_21_what_can_be_spilled_is_spilled_into_the_lake_and_nothing_stays(tmp_path):
    made = run(tmp_path, sql_table(tmp_path, SPILLED))
    assert [m.status for m in made] == [GateStatus.RELEASED] * 3
    assert [m.record.rows for m in made] == [1] * 3
    assert not list((tmp_path / "lake").glob(".writing/*"))


def test_21_one_process_spills_in_run_after_run(tmp_path):
    made_by = sql_table(tmp_path, SPILLED)
    assert [m.status for _ in range(2) for m in run(tmp_path, made_by)] == [GateStatus.RELEASED] * 6


def test_21_a_run_spills_before_it_has_written_anything(tmp_path):
    run(tmp_path, made_by := sql_table(tmp_path, SPILLED))
    settings = Settings(root=tmp_path, data=tmp_path, memory_limit=LIMIT)
    with LakeRun(catalogue(tmp_path, numbers, made_by), settings, toy.no_ledger, toy.judge) as lake:
        assert [m.status for m in lake.make(made_by, DAYS)] == [GateStatus.RELEASED] * 3


def test_21_the_bounds_hold_for_every_connection_of_a_run_and_no_longer(tmp_path):
    before = engine.bounds_in_force()
    settings = Settings(root=tmp_path, data=tmp_path, memory_limit=LIMIT)
    with LakeRun(catalogue(tmp_path, numbers), settings, toy.no_ledger), engine.in_memory() as connection:
        limit, folder = connection.sql("select current_setting('memory_limit'), current_setting('temp_directory')").fetchall()[0]
    assert limit == "19.0 MiB"
    assert folder.startswith(str(tmp_path / "lake" / ".writing" / "spilled"))
    assert engine.bounds_in_force() == before
