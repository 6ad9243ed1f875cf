"""References between tables: whether what a row names stands in the table it was made from.

Only counts leave this module.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from paramount_assets.lake.table import How, Table
from paramount_assets.quality import Reference, Suite


def count_orphans(
    frame: pl.DataFrame, references: Sequence[Reference], inputs: Mapping[str, pl.DataFrame | Path]
) -> dict[str, int]:
    """For each reference, by its name, the rows that refer to what is not there.

    Args:
        frame: the table's day.
        references: the suite's.
        inputs: the tables that they refer to, by name, as rows or as a Parquet file.
    """
    return {r.name: _orphans(frame, r, inputs[r.to.rpartition("/")[2]]) for r in references}


def _orphans(frame: pl.DataFrame, reference: Reference, named: pl.DataFrame | Path) -> int:
    own, others = list(reference.columns), list(reference.to_columns)
    rows = frame.select(own).drop_nulls()
    if rows.is_empty():
        return 0
    there = pl.read_parquet(named, columns=others) if isinstance(named, Path) else named.select(others)
    return rows.join(there, left_on=own, right_on=others, how="anti").height


def reference_faults(table: Table, suite: Suite, suite_of: Callable[[str], Suite | None]) -> Iterable[str]:
    """What is wrong with a suite's references: a table that the day does not hang on, or columns that it does not have.

    Args:
        table: the table.
        suite: of the table.
        suite_of: the suite of an input, by the table's name.
    """
    read = {r.table for r in table.reads if r.how in (How.CURRENT, How.GATE) and not r.as_folder}
    for reference in suite.references:
        name = reference.to.rpartition("/")[2]
        to = suite_of(name) if name in read else None
        if to is None or to.table != reference.to:
            yield f"{table.key}: {reference.name} refers to {reference.to}, which it is not made from"
        elif unknown := sorted(set(reference.to_columns) - set(to.columns)):
            yield f"{table.key}: {reference.name} refers to {', '.join(unknown)}, not a column of {reference.to}"
