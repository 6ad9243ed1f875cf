"""The data dictionary: what each column is called, holds and means, read from `columns.toml`."""

import functools
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import polars as pl

from paramount_assets.lake.faults import TableMismatch

_TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "number": pl.Float64(),
    "boolean": pl.Boolean(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us"),
    "texts": pl.List(pl.String()),
}


class Holds(StrEnum):
    """What a column may give away, and so what may be published of it."""

    OPEN = "open"
    IDENTIFIER = "identifier"
    PERSONAL = "personal"


@dataclass(frozen=True)
class Column:
    """One column of the dictionary. `type` is the dictionary's own word for it."""

    name: str
    type: str
    holds: Holds
    about: str

    @property
    def dtype(self) -> pl.DataType:
        """The Polars type."""
        return _TYPES[self.type]


@functools.cache
def dictionary() -> dict[str, Column]:
    """Every column by its name."""
    text = Path(__file__).with_name("columns.toml").read_text(encoding="utf-8")
    entries = tomllib.loads(text).items()
    return {name: Column(name, e["type"], Holds(e["holds"]), e["about"]) for name, e in entries}


def schema_of(columns: Sequence[str]) -> dict[str, pl.DataType]:
    """Names and types of a table's columns.

    Raises:
        TableMismatch: a column is not in the dictionary.
    """
    if unknown := sorted(set(columns) - set(dictionary())):
        raise TableMismatch(f"not in the data dictionary: {', '.join(unknown)}")
    return {name: dictionary()[name].dtype for name in columns}


def conform(frame: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    """The frame with exactly these columns in this order; a column of nothing but nulls takes its type from the dictionary.

    Raises:
        TableMismatch: a column is missing or too many, or has another type than the dictionary says.
    """
    schema = schema_of(columns)
    if missing := sorted(set(schema) - set(frame.columns)):
        raise TableMismatch(f"columns missing: {', '.join(missing)}")
    if extra := sorted(set(frame.columns) - set(schema)):
        raise TableMismatch(f"columns that the suite does not list: {', '.join(extra)}")
    untyped = [name for name, dtype in frame.schema.items() if dtype in (pl.Null, pl.List(pl.Null))]
    frame = frame.with_columns(pl.col(name).cast(schema[name]) for name in untyped)
    if wrong := [f"{n} is {frame.schema[n]}, not {t}" for n, t in schema.items() if frame.schema[n] != t]:
        raise TableMismatch(f"types differ from the data dictionary: {'; '.join(wrong)}")
    return frame.select(list(schema))
