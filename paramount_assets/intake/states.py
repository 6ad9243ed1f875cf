"""A table's state, changed row by row."""

import polars as pl

from paramount_assets.intake.contracts import ReferenceFile


def changed(rows: pl.DataFrame, delta: pl.DataFrame, file: ReferenceFile) -> pl.DataFrame:
    """The rows after a delta: those with the key of one of its rows are replaced or deleted, the others stay."""
    brought = delta.filter(~pl.col("deleted")).drop("deleted")
    return pl.concat([without(rows, delta, file.contract.table_key).select(brought.columns), brought])


def without(rows: pl.DataFrame, others: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """The rows whose key none of the others has; an unknown part of a key equals an unknown one."""
    return rows.join(others.select(key).unique(), on=key, how="anti", nulls_equal=True)
