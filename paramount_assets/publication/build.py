"""Building the analysts' database.

It holds every published table that is released, days together with a column `as_of`, and the gates themselves. What makes it
safe to hand out stands in `publication.disguise`. It is built in a file beside the old one, read back, and swapped in with one
rename: who has the old one open keeps it, who opens it next gets the new one.
"""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from paramount_assets.engine import GUARDS
from paramount_assets.lake import Catalogue, Releases, Store, Table, WriterLock
from paramount_assets.publication.disguise import Pseudonym, disguised, published_columns
from paramount_assets.publication.gates import GATE_TABLES, gate_frames
from paramount_assets.vocabulary import Cadence

AS_OF = "as_of"
_AS_OF_ABOUT = "Day the row belongs to: the extract's date, or for figures over all days the newest day they cover."
_READ_ONLY = 0o444


class PublicationBroken(Exception):
    """The file that was built does not give back what was written to it."""


@dataclass(frozen=True)
class Published:
    """What was published: the file and the number of rows of each table `step.name`."""

    file: Path
    rows: dict[str, int]


def publish(file: Path, catalogue: Catalogue, store: Store, pseudonym: Pseudonym, wait_seconds: float = 0.0) -> Published:
    """Builds the database and swaps it in. No run writes the lake meanwhile, so all tables are of one moment.

    Args:
        file: where analysts find it.
        catalogue: all tables.
        store: the lake.
        pseudonym: a keyed pseudonym of an identifier; equal identifiers get equal ones.
        wait_seconds: how long to wait for a run that is writing the lake.

    Raises:
        LakeBusy: a run is writing the lake.
        OSError, duckdb.Error: the disk is full or the folder cannot be written; the old file stands untouched.
        PublicationBroken: the new file does not read back; the old one stands untouched.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_name(f".{file.name}.unfinished")
    with WriterLock(store.folder, wait_seconds):
        _remove(unfinished)
        try:
            rows = _build(unfinished, catalogue, store, pseudonym)
            _read_back(unfinished, rows)
            unfinished.chmod(_READ_ONLY)
            unfinished.replace(file)
        finally:
            _remove(unfinished)
    return Published(file, rows)


def _remove(unfinished: Path) -> None:
    """Removes a half-built file and DuckDB's log beside it, also those that a killed process left."""
    for file in (unfinished, unfinished.with_name(f"{unfinished.name}.wal")):
        file.unlink(missing_ok=True)


def _build(file: Path, catalogue: Catalogue, store: Store, pseudonym: Pseudonym) -> dict[str, int]:
    rows = {}
    releases = Releases(store, catalogue)
    newest = _newest_day(catalogue, releases)
    with duckdb.connect(str(file), config=GUARDS) as connection:
        for table in (t for t in catalogue if t.is_published):
            frame = _rows(table, catalogue, releases, store, newest, pseudonym)
            columns = published_columns(catalogue.suite(table)) | {AS_OF: _AS_OF_ABOUT}
            _put(connection, table.step, table.name, frame, table.description, columns)
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


def _rows(
    table: Table, catalogue: Catalogue, releases: Releases, store: Store, newest: str | None, pseudonym: Pseudonym
) -> pl.DataFrame:
    """All released rows of a table as analysts get them, with the day they belong to."""
    suite = catalogue.suite(table)
    frames = [disguised(catalogue.empty(table), suite, pseudonym).with_columns(pl.lit(None, pl.Date).alias(AS_OF))]
    for record in releases.released_days(table):
        day = newest if table.cadence is Cadence.ALL_DAYS else record.day
        frame = disguised(store.frame(table.key, record.day, str(record.sha256)), suite, pseudonym)
        frames.append(frame.with_columns(pl.lit(day, pl.String).str.to_date().alias(AS_OF)))
    return pl.concat(frames)


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
                raise PublicationBroken(f"{name} came back with {found} rows, {expected} were written")
