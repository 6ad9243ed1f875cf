"""Dagster's own storage in SQLite files, with one engine for each file.

Dagster's SQLite event log makes a new engine for every statement, so that each of the tens of thousands of a backfill is compiled
anew: about a sixth of the demo's work. Files and content are Dagster's own; `storage: sqlite` reads them as well.
"""

import functools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

ENGINES_KEPT = 16
"""Each run has a file of its own; the UI may look at many."""


class SqliteStorage(DagsterSqliteStorage):
    """What `storage: custom` in dagster.yaml names."""

    def __init__(self, base_dir: str, inst_data: Any = None) -> None:  # noqa: ANN401 - dagster's own, not public
        super().__init__(base_dir, inst_data)
        self._event_log_storage = _EventLog(self._event_log_storage._base_dir)

    @classmethod
    def from_config_value(cls, inst_data: Any, config_value: Any) -> "SqliteStorage":  # noqa: ANN401
        """As Dagster makes it from the configuration."""
        return cls.from_local(inst_data=inst_data, **config_value)


class _EventLog(SqliteEventLogStorage):
    @contextmanager
    def _connect(self, shard: str) -> Iterator[sa.Connection]:
        with self._db_lock:
            engine = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection


@functools.lru_cache(maxsize=ENGINES_KEPT)
def _engine(url: str) -> sa.Engine:
    engine = sa.create_engine(url, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS, "check_same_thread": False})
    sa.event.listen(engine, "connect", _flush_at_checkpoints)
    return engine


def _flush_at_checkpoints(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.execute("pragma synchronous = normal")
