"""The chain: every table of every step. A step's tables are what its `assets` module declares."""

import functools
import importlib

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
