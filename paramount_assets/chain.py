"""The chain: every table of every step. A step's tables are what its `assets` module declares."""

import functools
import importlib
from dataclasses import dataclass

from paramount_assets.lake import Catalogue, SqlTables, Table
from paramount_assets.settings import Settings

STEPS = (
    "prison",
    "intake",
    "persons",
    "linkage",
    "households",
    "eligibility",
    "suitability",
    "notifications",
    "casework",
    "outcomes",
)
"""The steps in the order of the chain. Nothing reads a later one."""


@functools.cache
def catalogue_of(settings: Settings) -> Catalogue:
    """All tables with their suites.

    Raises:
        CatalogueInvalid, SqlInvalid, SuiteInvalid, TableMismatch: the tables, SQL files and suites do not fit together.
    """
    tables = [table for step in STEPS for table in _tables_of(step, settings)]
    return Catalogue(tables, settings.project_folder("expectations"))


def _tables_of(step: str, settings: Settings) -> list[Table]:
    declared = vars(importlib.import_module(f"paramount_assets.{step}.assets")).values()
    from_files = [d for d in declared if isinstance(d, SqlTables)]
    sql = settings.project_folder("dbt_like_sql")
    return [d for d in declared if isinstance(d, Table)] + [t for files in from_files for t in files.load(sql)]


class SelectionUnknown(Exception):
    """A step or table was asked for that the chain does not have."""


@dataclass(frozen=True)
class Selection:
    """Which tables a run makes: those of `only`, or all, without those of `without`. Each is a step or a `step/table`."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    def of(self, catalogue: Catalogue) -> list[Table]:
        """The tables chosen, upstream first.

        Raises:
            SelectionUnknown: no table has one of the names.
        """
        for name in (*self.only, *self.without):
            if not any(_is_of(table, name) for table in catalogue):
                raise SelectionUnknown(f"there is no step or table called {name}")
        chosen = [t for t in catalogue if not self.only or any(_is_of(t, name) for name in self.only)]
        return [t for t in chosen if not any(_is_of(t, name) for name in self.without)]


def _is_of(table: Table, name: str) -> bool:
    return name in (table.step, table.key)
