"""A SQL file is a table: `dbt_like_sql/<step>/<table>.sql`, one SELECT of plain DuckDB SQL.

Its first comment is its description, the tables it names as `step.table` are what it reads. `getvariable('day')` is the day;
the relations `settings.districts`, `settings.policy` and `settings.teams` hold the force's configuration.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from paramount_assets.engine import Bounds, bounds_in_force, in_memory
from paramount_assets.lake.table import Given, How, Reads, Table
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day

_SETTINGS = "settings"


class SqlInvalid(Exception):
    """A SQL file is no table: no description, no single SELECT, or a table without its step."""


@dataclass(frozen=True)
class SqlTables:
    """All SQL files of a step, read when the catalogue is put together."""

    step: str
    cadence: Cadence

    def load(self, folder: Path) -> list[Table]:
        """The step's tables.

        Args:
            folder: the folder `dbt_like_sql`.

        Raises:
            SqlInvalid: a file is no table; the message names it.
        """
        return [_table(file, self.step, self.cadence) for file in sorted((folder / self.step).glob("*.sql"))]


def sql_tables(step: str, cadence: Cadence = Cadence.DAILY) -> SqlTables:
    """Declares that the SQL files of a step are tables of it."""
    return SqlTables(step, cadence)


def _table(file: Path, step: str, cadence: Cadence) -> Table:
    sql = file.read_text(encoding="utf-8")
    reads = tuple(Reads(name, name, How.CURRENT, as_file=True) for _, name in tables_read(sql, file.name))
    return Table(
        step=step,
        name=file.stem,
        cadence=cadence,
        description=description_of(sql, file.name),
        make=functools.partial(run_sql, sql, {name: schema for schema, name in tables_read(sql, file.name)}),
        reads=reads,
        given=(Given("day", Day), Given("settings", Settings)),
        kinds=frozenset({"sql", "duckdb"}),
        sql_file=file,
    )


def description_of(sql: str, file_name: str) -> str:
    """The first comment: the table's grain.

    Raises:
        SqlInvalid: the file does not begin with one.
    """
    lines = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        lines.append(line.removeprefix("--").strip())
    if not lines:
        raise SqlInvalid(f"{file_name}: does not begin with a comment that says what a row is")
    return " ".join(lines)


def tables_read(sql: str, file_name: str) -> list[tuple[str, str]]:
    """The tables that a query names, as (step, table), sorted.

    Raises:
        SqlInvalid: it is no single SELECT, or names a table without its step.
    """
    statements = sqlglot.parse(sql, read="duckdb")
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise SqlInvalid(f"{file_name}: is not one SELECT")
    named_inside = {cte.alias for cte in statements[0].find_all(exp.CTE)}
    found = {(t.db, t.name) for t in statements[0].find_all(exp.Table) if t.db or t.name not in named_inside}
    if bare := sorted(name for step, name in found if not step):
        raise SqlInvalid(f"{file_name}: {', '.join(bare)} stands without its step")
    return sorted((step, name) for step, name in found if step != _SETTINGS)


def run_sql(
    sql: str, steps: dict[str, str], *, day: Day | None, settings: Settings, **tables: pl.DataFrame | Path
) -> pl.DataFrame:
    """Runs a table's query. Of a Parquet file only the columns and row groups that the query needs are read.

    Args:
        sql: the query.
        steps: the step of each table it reads.
        day: the day, None for a table of all days.
        settings: the force's configuration is read from them.
        tables: the tables it reads, by name, as rows or as a Parquet file.
    """
    with _scratch(settings.memory_limit) as connection:
        for schema in sorted({*steps.values(), _SETTINGS}):
            connection.execute(f"create schema {schema}")
        for name, table in {**tables, **_settings_relations(settings)}.items():
            rows = connection.read_parquet(str(table)) if isinstance(table, Path) else connection.from_arrow(table.to_arrow())
            rows.create_view(f"rows_of_{name}")
            connection.execute(f"create view {steps.get(name, _SETTINGS)}.{name} as from rows_of_{name}")
        if day is not None:
            connection.execute(f"set variable day = date '{day.isoformat()}'")
        return connection.sql(sql).pl()


@contextmanager
def _scratch(memory_limit: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database whose content is gone afterwards. Opening one costs more than most of these queries."""
    with _database(replace(bounds_in_force(), memory_limit=memory_limit)).cursor() as connection:
        connection.begin()
        try:
            yield connection
        finally:
            connection.rollback()


@functools.lru_cache(maxsize=1)
def _database(bounds: Bounds) -> duckdb.DuckDBPyConnection:
    """One for each run, whose folder to spill to is gone after it."""
    return in_memory(bounds.memory_limit)


def _settings_relations(settings: Settings) -> dict[str, pl.DataFrame]:
    force = settings.force
    districts = [(d.la_code, d.name, d.live_from, d.team) for d in force.districts]
    columns = {"la_code": pl.String, "name": pl.String, "live_from": pl.Date, "team": pl.String}
    return {
        "districts": pl.DataFrame(districts, columns, orient="row"),
        "policy": pl.DataFrame([force.policy.model_dump()]),
        "teams": pl.DataFrame({"default_team": [force.teams.default], "safeguarding_team": [force.teams.safeguarding]}),
    }
