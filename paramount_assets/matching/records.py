"""The form in which people are compared: one row per person, standard columns, and what is derived from them.

Values are expected in standard form already; nothing is cleaned here. Unknown is null and never evidence.
"""

import polars as pl

STANDARD_COLUMNS = pl.Schema(
    {
        "last_name": pl.String(),
        "first_name": pl.String(),
        "date_of_birth": pl.Date(),
        "postcodes": pl.List(pl.String()),
        "pnc_number": pl.String(),
        "cro_number": pl.String(),
        "gender": pl.String(),
    }
)
"""What may be known of a person; a table that lacks a column knows nothing of it."""

ID = "person_key"
"""The column of a prepared table that names its rows."""

PREPARED_COLUMNS = (
    ID, "last_name", "first_name", "full_name", "swapped_name", "date_of_birth", "postcodes", "outward_codes", "pnc_number",
    "cro_number", "gender",
)  # fmt: skip
"""Columns of a prepared table, in order."""

_RECORDED_GENDERS = ("M", "F")

_JOINT = "|"


class RecordsUnusable(ValueError):
    """A table cannot be compared: its id column is missing, empty somewhere or not unique."""


def prepared(people: pl.DataFrame, id_column: str) -> pl.DataFrame:
    """One row per person as the comparisons read it, sorted by id.

    Args:
        people: one row per person with any of STANDARD_COLUMNS; others are ignored.
        id_column: unique text id of the rows.

    Raises:
        RecordsUnusable: an id is missing or stands twice.
    """
    return laid_out(keyed(people, id_column))


def keyed(people: pl.DataFrame, id_column: str) -> pl.DataFrame:
    """The people with all that blocking rules and rarities read; cheap enough for a whole reference.

    `date_of_birth` becomes ISO text, so that slips of the pen can be counted in characters; `full_name` and `swapped_name` hold
    both names in the two orders, null unless both are known.

    Args:
        people: one row per person with any of STANDARD_COLUMNS; others are ignored.
        id_column: unique text id of the rows.

    Raises:
        RecordsUnusable: an id is missing or stands twice.
    """
    if id_column not in people.columns:
        raise RecordsUnusable(f"the table has no column {id_column}")
    if people[id_column].null_count() or people[id_column].n_unique() != people.height:
        raise RecordsUnusable(f"{id_column} is empty or stands twice in a table of {people.height} rows")
    known = [name for name in STANDARD_COLUMNS.names() if name in people.columns]
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in STANDARD_COLUMNS.items() if name not in known]
    standard = people.select(pl.col(id_column).alias(ID), *known).with_columns(absent)
    return standard.with_columns(
        full_name=pl.concat_str("last_name", "first_name", separator=_JOINT),
        swapped_name=pl.concat_str("first_name", "last_name", separator=_JOINT),
        date_of_birth=pl.col("date_of_birth").dt.to_string("%Y-%m-%d"),
    )


def laid_out(people: pl.DataFrame) -> pl.DataFrame:
    """What `keyed` gave, or some rows of it, as the comparisons read it, sorted by id.

    `outward_codes` are the first halves of the postcodes; an empty list of postcodes and a gender other than M or F become null.
    """
    outward = pl.col("postcodes").list.eval(pl.element().str.split(" ").list.first()).list.unique()
    return (
        people.with_columns(
            outward_codes=_none_if_empty(outward),
            postcodes=_none_if_empty(pl.col("postcodes")),
            gender=pl.when(pl.col("gender").is_in(_RECORDED_GENDERS)).then("gender"),
        )
        .select(PREPARED_COLUMNS)
        .sort(ID)
    )


def _none_if_empty(lists: pl.Expr) -> pl.Expr:
    known = lists.list.drop_nulls().list.sort()
    return pl.when(known.list.len() > 0).then(known)
