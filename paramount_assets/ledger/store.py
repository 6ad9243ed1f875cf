"""Opens the ledger's database: its version is checked, its guarantees are switched on, its transactions are one at a time.

SQLite by default (WAL, full synchronisation, foreign keys), PostgreSQL by a URL. Everything that is written goes through
`Ledger.writing`: one transaction, whole or not at all, and never two at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from paramount_assets.ledger.keys import Pseudonyms, read_or_make_key
from paramount_assets.ledger.schema import METADATA, SCHEMA_VERSION, chain_head, ledger_schema
from paramount_assets.settings import Settings

LEDGER_FILE = "ledger.sqlite"
BUSY_SECONDS = 60
"""How long a writer waits for another one."""

GENESIS = "0" * 64
"""What stands for the sha256 of the event before the first."""


class LedgerRefused(Exception):
    """The database is no ledger that this program may write: newer, older or half made."""


@dataclass(frozen=True)
class Ledger:
    """An open ledger. Use it as a context manager, or close it."""

    engine: sa.Engine
    pseudonyms: Pseudonyms

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction that writes. No other writes meanwhile, so what it reads still holds when it commits."""
        with self.engine.begin() as connection:
            connection.execute(sa.select(chain_head.c.event_number).with_for_update())
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One transaction that only reads, from one state of the ledger, and keeps no writer waiting."""
        with self.engine.connect().execution_options(is_reading=True) as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Closes all connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def has_ledger(settings: Settings) -> bool:
    """The installation's ledger has been made; one that is at a URL is taken to be there."""
    return bool(settings.ledger_url) or (settings.ledger_folder / LEDGER_FILE).exists()


def open_ledger(settings: Settings) -> Ledger:
    """Opens the installation's ledger, and makes it where there is none.

    Raises:
        LedgerRefused: its schema is newer or older than this program's, or only half made.
        KeyUnusable: the pseudonym key is damaged.
    """
    pseudonyms = read_or_make_key(settings.ledger_folder)
    return open_at(settings.ledger_url or f"sqlite:///{settings.ledger_folder / LEDGER_FILE}", pseudonyms)


def open_at(url: str, pseudonyms: Pseudonyms) -> Ledger:
    """Opens the ledger at a SQLAlchemy URL.

    Raises:
        LedgerRefused: its schema is newer or older than this program's, or only half made.
    """
    engine = sa.create_engine(url)
    if engine.dialect.name == "sqlite":
        _guard_sqlite(engine)
    try:
        with engine.begin() as connection:
            _make_or_check(connection)
    except LedgerRefused:
        engine.dispose()
        raise
    return Ledger(engine, pseudonyms)


def _guard_sqlite(engine: sa.Engine) -> None:
    """The driver's own transactions are switched off: a writer takes the lock when it begins, not when it first writes."""
    if engine.url.database:
        Path(engine.url.database).touch(mode=0o600)

    @sa.event.listens_for(engine, "connect")
    def _(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's connection
        connection.isolation_level = None
        connection.execute(f"pragma busy_timeout = {BUSY_SECONDS * 1000}")
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma foreign_keys = on")

    @sa.event.listens_for(engine, "begin")
    def _(connection: sa.Connection) -> None:
        is_reading = connection.get_execution_options().get("is_reading", False)
        connection.exec_driver_sql("begin" if is_reading else "begin immediate")


def _make_or_check(connection: sa.Connection) -> None:
    present = set(sa.inspect(connection).get_table_names())
    if not present:
        METADATA.create_all(connection)
        connection.execute(ledger_schema.insert().values(version=SCHEMA_VERSION))
        connection.execute(chain_head.insert().values(head_id=1, event_number=0, sha256=GENESIS))
        return
    version = connection.execute(sa.select(sa.func.max(ledger_schema.c.version))).scalar() if "ledger_schema" in present else None
    if version is None or (version == SCHEMA_VERSION and not present.issuperset(METADATA.tables)):
        raise LedgerRefused("the ledger's schema is only half made: restore the ledger from its newest backup")
    if version > SCHEMA_VERSION:
        raise LedgerRefused(
            f"the ledger has schema version {version}, this program knows {SCHEMA_VERSION}: "
            "use the newer program, or restore the backup made before it was installed"
        )
    if version < SCHEMA_VERSION:
        raise LedgerRefused(f"the ledger has schema version {version}, this program needs {SCHEMA_VERSION}: migrate it first")
