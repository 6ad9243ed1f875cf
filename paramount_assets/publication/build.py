"""Building the analysts' database.

It holds every published table that is released, days together with a column `as_of`, without any personal column and with
every identifier replaced by a keyed pseudonym; and the gates themselves. It is built in a file beside the old one, read back,
and swapped in with one rename: who has the old one open keeps it, who opens it next gets the new one.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from paramount_assets.engine import GUARDS
from paramount_assets.lake import Catalogue, Holds, Releases, Store, Table, dictionary
from paramount_assets.publication.gates import GATE_TABLES, gate_frames
from paramount_assets.vocabulary import Cadence

AS_OF = "as_of"
_AS_OF_ABOUT = "Day the row belongs to: the extract's date, or for figures over all days the newest day they cover."


@dataclass(frozen=True)
class Published:
    """What was published: the file and the number of rows of each table `step.name`."""

    file: Path
    rows: dict[str, int]


def publish(file: Path, catalogue: Catalogue, store: Store, pseudonym: Callable[[str], str]) -> Published:
    """Builds the database and swaps it in.

    Args:
        file: where analysts find it.
        catalogue: all tables.
        store: the lake.
        pseudonym: a keyed pseudonym of an identifier; equal identifiers get equal ones.

    Raises:
        OSError: the disk is full or the folder cannot be written; the old file stands untouched.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    try:
        rows = _build(unfinished, catalogue, Releases(store, catalogue), store, pseudonym)
        _read_back(unfinished, rows)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return Published(file, rows)


def _build(file: Path, catalogue: Catalogue, releases: Releases, store: Store, pseudonym: Callable[[str], str]) -> dict[str, int]:
    rows = {}
    with duckdb.connect(str(file), config=GUARDS) as connection:
        newest = _newest_day(catalogue, releases)
        for table in (t for t in catalogue if t.is_published):
            frame = _rows(table, catalogue, releases, store, newest)
            columns = {c: dictionary()[c].about for c in frame.columns if c != AS_OF} | {AS_OF: _AS_OF_ABOUT}
            _put(connection, table.step, table.name, _pseudonymous(frame, pseudonym), table.description, columns)
            rows[f"{table.step}.{table.name}"] = frame.height
        for name, frame in gate_frames(catalogue, store, releases).items():
            about, columns = GATE_TABLES[name]
            _put(connection, "quality", name, frame, about, columns)
            rows[f"quality.{name}"] = frame.height
        connection.execute("checkpoint")
    return rows


def _newest_day(catalogue: Catalogue, releases: Releases) -> str | None:
    days = [r.day for t in catalogue if t.cadence is Cadence.DAILY for r in releases.released_days(t)[-1:]]
    return max(days, default=None)


def _rows(table: Table, catalogue: Catalogue, releases: Releases, store: Store, newest: str | None) -> pl.DataFrame:
    """All released rows of a table without its personal columns, with the day they belong to."""
    columns = [c for c in catalogue.suite(table).columns if dictionary()[c].holds is not Holds.PERSONAL]
    frames = [catalogue.empty(table).select(columns).with_columns(pl.lit(None, pl.Date).alias(AS_OF))]
    for record in releases.released_days(table):
        day = newest if table.cadence is Cadence.ALL_DAYS else record.day
        frame = store.frame(table.key, record.day, str(record.sha256)).select(columns)
        frames.append(frame.with_columns(pl.lit(day, pl.String).str.to_date().alias(AS_OF)))
    return pl.concat(frames)


def _pseudonymous(frame: pl.DataFrame, pseudonym: Callable[[str], str]) -> pl.DataFrame:
    hidden = [c for c in frame.columns if c != AS_OF and dictionary()[c].holds is Holds.IDENTIFIER]
    known = {value: pseudonym(value) for c in hidden for value in frame[c].drop_nulls().unique()}
    return frame.with_columns(pl.col(c).replace_strict(known, default=None, return_dtype=pl.String) for c in hidden)


def _put(
    connection: duckdb.DuckDBPyConnection, schema: str, name: str, frame: pl.DataFrame, about: str, columns: dict[str, str]
) -> None:
    connection.execute(f"create schema if not exists {schema}")
    connection.register("rows_to_publish", frame)
    connection.execute(f"create table {schema}.{name} as select * from rows_to_publish")  # noqa: S608 - names are the catalogue's
    connection.unregister("rows_to_publish")
    connection.execute(f"comment on table {schema}.{name} is {_quoted(about)}")
    for column, text in columns.items():
        connection.execute(f'comment on column {schema}.{name}."{column}" is {_quoted(text)}')


def _quoted(text: str) -> str:
    escaped = text.replace("'", "''")
    return f"'{escaped}'"


def _read_back(file: Path, rows: dict[str, int]) -> None:
    with duckdb.connect(str(file), read_only=True, config=GUARDS) as connection:
        for name, expected in rows.items():
            found = connection.sql(f"select count(*) from {name}").fetchall()[0][0]  # noqa: S608 - names are the catalogue's
            if found != expected:
                raise OSError(f"{name} came back with {found} rows, {expected} were written")
