"""The catalogue: all tables of the chain, with their suites, and the order in which they are made."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import polars as pl

from paramount_assets.lake.dictionary import schema_of
from paramount_assets.lake.references import reference_faults
from paramount_assets.lake.table import How, Table
from paramount_assets.quality import Suite, load_suite


class CatalogueInvalid(Exception):
    """The tables do not fit together."""


class Catalogue:
    """All tables by name, step by step, upstream before downstream.

    Args:
        tables: every table, steps in the order of the chain; names must be unique over all steps, and none reads a later step.
        expectations: the folder of the suites.

    Raises:
        CatalogueInvalid: two tables share a name, one reads a table that does not exist, they read each other in a circle, or a
            suite refers to a table that its own is not made from.
        SuiteInvalid: a table has no suite, or one that breaks the rules for suites.
        TableMismatch: a suite lists a column that the data dictionary does not know.
    """

    def __init__(self, tables: Iterable[Table], expectations: Path) -> None:
        self._tables = _in_order(list(tables))
        self._suites = {t.name: load_suite(expectations / f"{t.key}.json", t.key) for t in self._tables.values()}
        for suite in self._suites.values():
            schema_of(suite.columns)
        for table in self._tables.values():
            for fault in reference_faults(table, self._suites[table.name], self._suites.get):
                raise CatalogueInvalid(fault)

    def __iter__(self) -> Iterator[Table]:
        return iter(self._tables.values())

    def __getitem__(self, name: str) -> Table:
        return self._tables[name]

    def by_key(self, key: str) -> Table:
        """The table of an asset key `step/name`."""
        return self._tables[key.rpartition("/")[2]]

    def suite(self, table: Table) -> Suite:
        """The table's suite."""
        return self._suites[table.name]

    def empty(self, table: Table) -> pl.DataFrame:
        """A frame of the table's columns and types, without rows."""
        return pl.DataFrame(schema=schema_of(self.suite(table).columns))


def _in_order(tables: list[Table]) -> dict[str, Table]:
    by_name = {t.name: t for t in tables}
    if len(by_name) < len(tables):
        names = [t.name for t in tables]
        raise CatalogueInvalid(f"two tables share a name: {', '.join(sorted(n for n in by_name if names.count(n) > 1))}")
    upstream = {t.name: {r.table for r in t.reads if r.how is not How.PREVIOUS} for t in tables}
    for name, read in upstream.items():
        if unknown := sorted(read - set(by_name)):
            raise CatalogueInvalid(f"{name} reads {', '.join(unknown)}, which no step makes")
    try:
        upstream_first = [by_name[name] for name in TopologicalSorter(upstream).static_order()]
    except CycleError as fault:
        raise CatalogueInvalid(f"tables read each other in a circle: {' -> '.join(fault.args[1])}") from None
    steps = list(dict.fromkeys(t.step for t in tables))
    return {t.name: t for t in sorted(upstream_first, key=lambda t: steps.index(t.step))}
