"""Small frames of any table: its suite's columns, the dictionary's types, and only the values that matter."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from paramount_assets.lake import schema_of

SUITES = Path(__file__).parents[1] / "expectations"


def rows_of(table: str, *rows: dict[str, Any], also: dict[str, pl.DataType] | None = None) -> pl.DataFrame:
    """A frame of `step/table`, one row per dict; what a dict leaves out is null. `also` adds columns, such as `as_of`."""
    columns = json.loads((SUITES / f"{table}.json").read_text())["columns"]
    schema = schema_of(columns) | (also or {})
    unknown = sorted({name for row in rows for name in row} - set(schema))
    assert not unknown, f"{table} has no column {', '.join(unknown)}"
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def earlier_rows_of(table: str, *rows: dict[str, Any]) -> pl.DataFrame:
    """A frame of earlier days of `step/table`, with `as_of`."""
    return rows_of(table, *rows, also={"as_of": pl.Date()})
