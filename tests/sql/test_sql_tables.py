"""Every `given`/`expect` file beside this one, run against the SQL file of the table it is named for.

A file gives rows of the tables that are read (columns left out are null, tables left out are empty) and the rows expected, with
only the columns that matter, in any order.
"""

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
import yaml

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import schema_of
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day

HERE = Path(__file__).parent
SETTINGS = Settings(root=HERE.parents[1])
CATALOGUE = catalogue_of(SETTINGS)
CASES = sorted(HERE.glob("*/*/*.yaml"))
DAY = Day(dt.date(2025, 11, 5))


def given_frame(name: str, rows: list[dict], *, is_of_all_days: bool) -> pl.DataFrame:
    schema = schema_of(CATALOGUE.suite(CATALOGUE[name]).columns) | ({"as_of": pl.Date()} if is_of_all_days else {})
    unknown = sorted({column for row in rows for column in row} - set(schema))
    assert not unknown, f"{name} has no column {', '.join(unknown)}"
    return pl.DataFrame([{column: row.get(column) for column in schema} for row in rows], schema)


@pytest.mark.parametrize("file", CASES, ids=lambda f: f"{f.parent.parent.name}/{f.parent.name}: {f.stem}")
def test_a_sql_table_gives_what_its_example_says(file):
    case = yaml.safe_load(file.read_text())
    table = CATALOGUE[file.parent.name]
    is_of_all_days = table.cadence is Cadence.ALL_DAYS
    given = {name.split(".")[1]: rows for name, rows in case.get("given", {}).items()}
    read = {r.table for r in table.reads}
    assert set(given) <= read, f"{table.key} does not read {', '.join(sorted(set(given) - read))}"
    dated = {name: is_of_all_days and CATALOGUE[name].cadence is not Cadence.ALL_DAYS for name in read}
    frames = {name: given_frame(name, given.get(name, []), is_of_all_days=dated[name]) for name in read}
    day = None if is_of_all_days else case.get("day", DAY)
    made = table.make(day=day, settings=SETTINGS, **frames)
    columns = sorted({column for row in case["expect"] for column in row})
    found = sorted((tuple(row[c] for c in columns) for row in made.iter_rows(named=True)), key=repr)
    assert found == sorted((tuple(row.get(c) for c in columns) for row in case["expect"]), key=repr)


def test_every_sql_table_has_an_example():
    assert {t.name for t in CATALOGUE if t.sql_file is not None} <= {f.parent.name for f in CASES}
