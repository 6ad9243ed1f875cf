"""The analysts' file of a small made-up world."""

import shutil
import subprocess
import sys
from dataclasses import replace

import duckdb
import polars as pl
import pytest

from paramount_assets.lake import Holds, LakeBusy, LakeRun, Releases, dictionary
from paramount_assets.ledger import LedgerExport
from paramount_assets.publication import build, publish
from paramount_assets.quality import GateRecord
from paramount_assets.vocabulary import GateStatus, Source
from tests.publication.conftest import DAYS, Installation

pytestmark = pytest.mark.slow

PSEUDONYM = "[A-Z2-7]{26}"
RECORD = f"((prison_extract|police_records|childrens_services):)?{PSEUDONYM}(/{PSEUDONYM})?"


@pytest.fixture
def analyst(published):
    with duckdb.connect(str(published), read_only=True) as connection:
        yield connection


@pytest.fixture
def copy(installation, tmp_path) -> Installation:
    """The same installation once more, to be altered."""
    shutil.copytree(installation.settings.data_folder, tmp_path / "data")
    return Installation(installation.settings.model_copy(update={"data": tmp_path / "data"}))


def tables(analyst) -> dict[str, pl.DataFrame]:
    names = analyst.sql("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    return {name: analyst.table(name).pl() for (name,) in names}


def texts(analyst) -> set[str]:
    """Every text of every column of every table."""
    return {
        value
        for frame in tables(analyst).values()
        for column, kind in frame.schema.items()
        if kind == pl.String
        for value in frame[column].drop_nulls().unique()
    }


def words(values: set[str]) -> set[str]:
    """Values and what they are put together of."""
    return {part for value in values for part in value.replace(";", " ").replace(":", " ").replace("/", " ").split()} | values


def known_to(installation: Installation, source: Source, file: str, *columns: str) -> set[str]:
    landed = installation.landed(source, file)
    return {value for column in columns for value in landed[column].drop_nulls()}


@pytest.fixture(scope="module")
def identifiers(installation) -> set[str]:
    prison, police, services = Source.PRISON_EXTRACT, Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES
    return {
        *known_to(installation, prison, "movements.csv", "prisoner_number", "booking_id", "pnc_number", "cro_number"),
        *known_to(installation, police, "persons.csv", "person_id", "pnc_id", "cro_number"),
        *known_to(installation, police, "person_addresses.csv", "address_id"),
        *known_to(installation, services, "children.csv", "child_id"),
        *known_to(installation, services, "family_members.csv", "family_id"),
    }


@pytest.fixture(scope="module")
def personal(installation) -> set[str]:
    prison, police, services = Source.PRISON_EXTRACT, Source.POLICE_RECORDS, Source.CHILDRENS_SERVICES
    values = {
        *known_to(installation, prison, "movements.csv", "last_name", "first_name", "date_of_birth", "address_line", "postcode"),
        *known_to(installation, prison, "contacts.csv", "last_name", "first_name", "date_of_birth", "address_line", "postcode"),
        *known_to(installation, police, "persons.csv", "last_name", "first_name", "middle_names", "date_of_birth"),
        *known_to(installation, police, "person_addresses.csv", "address_line", "postcode"),
        *known_to(installation, services, "children.csv", "last_name", "first_name", "date_of_birth", "address_line", "postcode"),
    }
    return {value.upper() for value in values}


def test_it_has_every_published_table_and_the_gates(installation, analyst):
    expected = {f"{t.step}.{t.name}" for t in installation.catalogue if t.is_published}
    assert set(tables(analyst)) == expected | {"quality.gates", "quality.expectations"}


def test_the_tables_that_matter_have_rows(analyst):
    spine = ("prison.receptions", "linkage.person_links", "households.children", "eligibility.eligible_children")
    ends = ("notifications.notifications", "casework.cases", "outcomes.reach", "intake.feedback", "quality.expectations")
    assert not [name for name in (*spine, *ends) if tables(analyst)[name].is_empty()]


def test_every_table_and_column_has_a_comment(analyst):
    uncommented = analyst.sql(
        "select table_name, null from duckdb_tables() where not internal and coalesce(comment, '') = ''"
        " union all select table_name, column_name from duckdb_columns() where not internal and coalesce(comment, '') = ''"
    ).fetchall()
    assert not uncommented


def test_every_row_says_which_day_it_belongs_to(analyst):
    for name, frame in tables(analyst).items():
        day = "day" if name.startswith("quality.") else "as_of"
        assert not frame[day].has_nulls(), name


def test_no_personal_column_is_in_it(analyst):
    columns = {column for frame in tables(analyst).values() for column in frame.columns}
    assert not {c for c in columns if c in dictionary() and dictionary()[c].holds is Holds.PERSONAL}


def test_every_identifier_is_a_pseudonym(analyst):
    for name, frame in tables(analyst).items():
        for column in (c for c in frame.columns if c in dictionary() and dictionary()[c].holds is Holds.IDENTIFIER):
            odd = frame.filter(~pl.col(column).str.contains(f"^{RECORD}(;{RECORD})*$"))
            assert odd.is_empty(), f"{name}.{column}"


def test_no_identifier_of_any_source_stands_in_a_value(analyst, identifiers):
    assert len(identifiers) > 500
    assert not words(texts(analyst)) & identifiers


def test_no_identifier_of_any_source_stands_in_the_files_bytes(published, identifiers):
    content = published.read_bytes()
    assert not [value for value in identifiers if len(value) >= 6 and value.encode() in content]


def test_no_identifier_that_the_platform_made_stands_in_a_value(installation, analyst):
    store, releases = installation.store, Releases(installation.store, installation.catalogue)
    made = set()
    for table in installation.catalogue:
        hidden = [c for c in installation.catalogue.suite(table).columns if dictionary()[c].holds is Holds.IDENTIFIER]
        for record in releases.released_days(table) if hidden else []:
            frame = store.frame(table.key, record.day, str(record.sha256))
            made |= {value for c in hidden for value in frame[c].drop_nulls()}
    assert len(made) > 500
    assert not texts(analyst) & made


def test_no_name_birth_date_address_or_postcode_stands_in_a_text(analyst, personal):
    assert len(personal) > 500
    # Every source and table writes a name with a capital letter; "do" and "long" are words of English as well as surnames.
    found = {text for text in words(texts(analyst)) if text.upper() in personal and not text.islower()}
    assert not found


def test_tables_join_on_pseudonyms_as_they_did_on_identifiers(installation, analyst):
    store, releases = installation.store, Releases(installation.store, installation.catalogue)

    def joined(left: str, right: str, column: str) -> int:
        frames = [
            pl.concat(
                store.frame(installation.catalogue[name].key, r.day, str(r.sha256)).select(column)
                for r in releases.released_days(installation.catalogue[name])
            )
            for name in (left, right)
        ]
        return frames[0].join(frames[1], on=column).height

    for left, right, column in (
        ("prison.receptions", "households.children", "reception_id"),
        ("eligibility.eligible_children", "notifications.notifications", "family_id"),
        ("households.children", "eligibility.eligible_children", "child_ref"),
        ("casework.cases", "intake.feedback", "notification_ref"),
    ):
        found = tables(analyst)[left].join(tables(analyst)[right], on=column).height
        assert found == joined(left.split(".")[1], right.split(".")[1], column) > 0


def test_the_file_can_only_be_read(published):
    assert published.stat().st_mode & 0o222 == 0


def test_a_reader_of_the_old_file_keeps_it_and_the_next_one_gets_the_new(copy):
    file = copy.settings.published_file
    reader = (
        "import duckdb, sys\n"
        "connection = duckdb.connect(sys.argv[1], read_only=True)\n"
        "count = lambda: connection.sql('select count(*) from prison.receptions').fetchall()[0][0]\n"
        "for _ in sys.stdin: print(count(), flush=True)\n"
    )

    def start():
        return subprocess.Popen([sys.executable, "-c", reader, str(file)], stdin=-1, stdout=-1, text=True)

    def ask(process) -> int:
        process.stdin.write("?\n")
        process.stdin.flush()
        return int(process.stdout.readline())

    with start() as early:
        before = ask(early)
        day = copy.store.day_folder("prison/receptions", str(DAYS[0]))
        shutil.rmtree(day)
        copy.publish()
        with start() as late:
            assert ask(late) < before
            assert ask(early) == before
            late.stdin.close()
        early.stdin.close()
    assert [f.name for f in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("broken", ["_put", "_read_back", "gate_frames"])
def test_a_failure_in_the_middle_leaves_the_old_file_and_nothing_else(copy, monkeypatch, broken):
    file = copy.settings.published_file
    before = file.read_bytes()
    real, calls = getattr(build, broken), []

    def failing(*args, **kwargs):
        calls.append(broken)
        if broken != "_put" or len(calls) > 5:
            raise OSError(28, "No space left on device")
        return real(*args, **kwargs)

    monkeypatch.setattr(build, broken, failing)
    with pytest.raises(OSError, match="No space left"):
        copy.publish()
    assert file.read_bytes() == before
    assert [f.name for f in file.parent.iterdir()] == [file.name]


def test_what_a_killed_process_left_is_cleared(copy):
    file = copy.settings.published_file
    file.with_name(f".{file.name}.unfinished").write_bytes(b"half a file")
    file.with_name(f".{file.name}.unfinished.wal").write_bytes(b"half a log")
    copy.publish()
    assert [f.name for f in file.parent.iterdir()] == [file.name]


def test_a_day_that_is_not_released_is_not_in_it(copy):
    store, key, day = copy.store, "linkage/person_links", str(DAYS[1])
    standing = store.record(key, day)
    assert standing is not None
    held: GateRecord = replace(standing, status=GateStatus.FAILED, because="a test closed it")
    store.put_record(held)
    copy.publish()
    with duckdb.connect(str(copy.settings.published_file), read_only=True) as connection:
        for table in ("linkage.person_links", "households.household_members", "notifications.notifications"):
            days = connection.table(table).pl()["as_of"].cast(pl.String)
            assert day not in days.to_list(), table
        gates = dict(connection.table("quality.gates").filter(f"day = '{day}'").select("table_key, status").fetchall())
    assert gates[key] == "failed"
    assert gates["notifications/notifications"] == "held"
    assert gates["prison/receptions"] == "released"


def test_nothing_is_published_while_a_run_writes_the_lake(copy):
    with (
        LakeRun(copy.catalogue, copy.settings, LedgerExport.empty),
        copy.ledger() as ledger,
        pytest.raises(LakeBusy),
    ):
        publish(copy.settings.published_file, copy.catalogue, copy.store, ledger.pseudonyms.of_identifier)
