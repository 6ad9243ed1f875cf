import stat

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from paramount_assets.ledger import LedgerRefused, open_ledger
from paramount_assets.ledger.schema import METADATA, SCHEMA_VERSION, claims, ledger_schema
from paramount_assets.settings import Settings
from tests.ledger.made import day, ledger_in, morning


def pragma(ledger, name):
    with ledger.reading() as connection:
        return connection.exec_driver_sql(f"pragma {name}").scalar()


def test_sqlite_is_opened_with_everything_that_keeps_a_commit(ledger):
    assert pragma(ledger, "journal_mode") == "wal"
    assert pragma(ledger, "synchronous") == 2
    assert pragma(ledger, "foreign_keys") == 1


def test_the_installations_ledger_lies_under_its_data_folder_for_its_owner_only(tmp_path):
    settings = Settings(root=tmp_path)
    with open_ledger(settings):
        pass
    with open_ledger(settings):
        file = settings.ledger_folder / "ledger.sqlite"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(settings.ledger_folder.stat().st_mode) == 0o700


def set_version(folder, version):
    with ledger_in(folder) as ledger, ledger.engine.begin() as connection:
        connection.execute(ledger_schema.update().values(version=version))


def test_a_ledger_newer_than_the_program_is_refused_and_says_what_to_do(tmp_path):
    set_version(tmp_path, SCHEMA_VERSION + 1)
    with pytest.raises(LedgerRefused, match="use the newer program, or restore the backup"):
        ledger_in(tmp_path)


def test_a_ledger_older_than_the_program_is_refused_until_it_is_migrated(tmp_path):
    set_version(tmp_path, SCHEMA_VERSION - 1)
    with pytest.raises(LedgerRefused, match="migrate it first"):
        ledger_in(tmp_path)


@pytest.mark.parametrize("half", ["drop table outbox", "drop table ledger_schema", "delete from ledger_schema"])
def test_half_a_schema_is_refused_and_says_what_to_do(tmp_path, half):
    with ledger_in(tmp_path) as ledger, ledger.engine.begin() as connection:
        connection.exec_driver_sql(half)
    with pytest.raises(LedgerRefused, match="only half made: restore the ledger"):
        ledger_in(tmp_path)


def test_a_transaction_that_fails_leaves_nothing(ledger):
    row = {
        "source_record": "police_records:P1",
        "prisoner_number": "A1234BC",
        "episode_id": "E",
        "recipient_kind": "neighbourhood_team",
        "notification_ref": "N-NOBODY",
        "reception_id": "R",
        "claimed_on": day(1),
        "claimed_at": morning(1),
    }
    with pytest.raises(sa.exc.IntegrityError), ledger.writing() as connection:
        connection.execute(claims.insert().values(row))
    with ledger.reading() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(claims)).scalar() == 0


def test_the_schema_is_also_valid_for_postgresql():
    statements = [str(CreateTable(table).compile(dialect=postgresql.dialect())) for table in METADATA.sorted_tables]
    assert len(statements) == len(METADATA.tables)
