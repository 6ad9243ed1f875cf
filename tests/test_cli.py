"""The command `paramount` as a person meets it: what it says and the code it ends with."""

import datetime as dt
import inspect
import json
import re
import shutil
import sqlite3
import typing
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from paramount_assets import cli, clock, worlds
from paramount_assets.lake import LakeBusy, Store
from paramount_assets.lake.lock import WriterLock
from paramount_assets.ledger import export, open_ledger
from paramount_assets.ledger.events import append
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Source
from tests.installations import make_root

ROOT = Path(__file__).parents[1]
FORCE_FILE = ROOT / "paramount_assets" / "forces" / "thames_valley.toml"
DAYS = ("2025-11-03", "2025-11-04", "2025-11-05")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    """An installation of its own: the project's folders to read, an empty data folder to write."""
    return installed(tmp_path, monkeypatch)


def installed(folder: Path, monkeypatch) -> Path:
    make_root(folder)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PARAMOUNT_ROOT", str(folder))
    monkeypatch.setenv("PARAMOUNT_DATA", str(folder / "data"))
    monkeypatch.setenv("PARAMOUNT_LOCK_WAIT_SECONDS", "0.1")
    return folder


def paramount(*arguments: str) -> tuple[int, str, str]:
    """Runs the command; its exit code, what it printed and what it complained of. A traceback fails the test."""
    result = CliRunner().invoke(cli.app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def simulate(*more: str) -> tuple[int, str, str]:
    days = ("--from", DAYS[0], "--days", str(len(DAYS)))
    return paramount("simulate", "--residents", "1000", "--density", "1200", *days, *more)


def refused(*arguments: str) -> tuple[int, str]:
    """A refusal is one plain line."""
    code, out, err = paramount(*arguments)
    assert out == ""
    assert err.count("\n") == 1, err
    return code, err.strip()


def test_nobody_is_asked_about_a_day_that_has_not_arrived(home):
    code, said = refused("request", "children", "--date", DAYS[0])
    assert (code, said) == (cli.WAITING, f"prison_extract {DAYS[0]}: nothing has landed, so nobody can be asked about")
    assert not (home / "data" / "ledger").exists()


# --- what is asked for ------------------------------------------------------------------------------------------------


def test_every_command_and_option_says_what_it_is():
    commands = typer.main.get_command(cli.app).commands
    assert set(commands) == {"simulate", "run", "backfill", "request", "status", "evaluate", "publish", "verify"}
    assert all(command.help for command in commands.values())
    options = [(name, option.name, option.help) for name, c in commands.items() for option in c.params]
    assert not [(name, option) for name, option, text in options if option != "help" and not text]


@pytest.mark.parametrize("command", ["simulate", "run", "backfill", "request", "status", "evaluate", "publish", "verify"])
def test_help_can_be_read(command):
    code, out, _ = paramount(command, "--help")
    assert code == cli.WELL
    assert inspect.getdoc(getattr(cli, command)).split(".")[0].split(",")[0] in " ".join(out.split())


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("run",), "--date"),
        (("run", "--date", "5.11.2025"), "2025-11-03"),
        (("run", "--date", "2019-01-01"), "days are from 2021-10-01 to today"),
        (("run", "--date", "2999-01-01"), "days are from 2021-10-01 to today"),
        (("backfill", "--from", "2025-11-05", "--to", "2025-11-03"), "the last day is before the first"),
        (("status", "--from", "2025-11-05", "--to", "2025-11-03"), "the last day is before the first"),
        (("simulate", "--from", "2019-01-01"), "days are from 2021-10-01 to today"),
        (("simulate", "--days", "3000"), "this world would end on 2034-01-19"),
        (("simulate", "--preset", "village"), "'tiny', 'demo', 'county', 'force'"),
        (("simulate", "--format", "xlsx"), "'csv', 'parquet'"),
        (("simulate", "--answers", "--fresh"), "--answers needs the world that --fresh would remove"),
        (("publish", "--loudly"), "No such option"),
    ],
)
def test_a_command_given_wrongly_is_told_what_is_wrong(home, arguments, complaint):
    code, _, err = paramount(*arguments)
    assert code == cli.WRONG_USE
    assert complaint in " ".join(err.replace("│", " ").split())


def test_a_step_that_the_chain_does_not_have_is_named(home):
    days = ("--from", DAYS[0], "--to", DAYS[1])
    assert refused("backfill", *days, "--only", "linkages") == (cli.WRONG_USE, "there is no step or table called linkages")
    assert refused("backfill", *days, "--without", "linkage/links")[0] == cli.WRONG_USE


def test_a_real_installation_is_never_replayed(home):
    code, said = refused("run", "--date", DAYS[0], "--replay")
    assert (code, "no made-up world has landed here" in said) == (cli.WRONG_USE, True)


# --- what is in the way -----------------------------------------------------------------------------------------------


def test_a_missing_configuration_of_the_force_is_one_plain_line(home, monkeypatch):
    monkeypatch.setenv("PARAMOUNT_FORCE_FILE", str(home / "none.toml"))
    code, said = refused("simulate")
    assert (code, said) == (cli.WRONG_USE, f"the force's configuration {home / 'none.toml'} is not there")


def test_a_wrong_configuration_of_the_force_is_told_without_its_values(home, monkeypatch):
    wrong = FORCE_FILE.read_text(encoding="utf-8").replace("hold_days = 2", 'hold_days = "Secretvalue"')
    (home / "wrong.toml").write_text(wrong, encoding="utf-8")
    monkeypatch.setenv("PARAMOUNT_FORCE_FILE", str(home / "wrong.toml"))
    code, said = refused("simulate")
    assert code == cli.WRONG_USE
    assert "policy.hold_days: Input should be a valid integer" in said
    assert "Secretvalue" not in said


def test_a_wrong_setting_is_one_plain_line(home, monkeypatch):
    monkeypatch.setenv("PARAMOUNT_LOCK_WAIT_SECONDS", "a while")
    code, said = refused("status")
    assert (code, said.startswith("settings (PARAMOUNT_...): lock_wait_seconds")) == (cli.WRONG_USE, True)


def test_broken_suites_and_sql_files_are_named(home):
    for name in ("dbt_like_sql", "expectations"):
        (home / name).unlink()
        shutil.copytree(ROOT / name, home / name)
    suite = home / "expectations" / "prison" / "movements.json"
    suite.unlink()
    assert refused("verify") == (cli.BROKE, "prison/movements: no suite at expectations/prison/movements.json")
    (home / "dbt_like_sql" / "outcomes" / "reach.sql").write_text("select 1\n")
    code, said = refused("verify")
    assert (code, said.startswith("reach.sql: ")) == (cli.BROKE, True)


def test_a_ledger_of_a_newer_program_is_refused(home):
    settings = Settings()
    open_ledger(settings).close()
    with sqlite3.connect(settings.ledger_folder / "ledger.sqlite") as connection:
        connection.execute("update ledger_schema set version = 99")
    connection.close()
    settings.landing_folder.joinpath(Source.PRISON_EXTRACT, DAYS[0], "v1").mkdir(parents=True)
    settings.landing_folder.joinpath(Source.PRISON_EXTRACT, DAYS[0], "v1", "manifest.json").write_text("{}")
    code, said = refused("status")
    assert (code, "schema version 99" in said) == (cli.BROKE, True)


def test_a_damaged_key_is_one_plain_line(home):
    settings = Settings()
    settings.ledger_folder.mkdir(parents=True)
    (settings.ledger_folder / "pseudonym.key").write_text("no key")
    code, said = refused("publish")
    assert (code, "restore it from the backup" in said) == (cli.BROKE, True)


def test_publishing_waits_its_turn_and_says_so(home):
    with WriterLock(Settings().lake_folder, 0):
        code, said = refused("publish")
    assert (code, said.startswith("another run has been writing the lake")) == (cli.BROKE, True)


def test_a_full_disk_is_one_plain_line(home, monkeypatch):
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device", str(home / "data"))

    monkeypatch.setattr(cli, "build_published", full)
    assert refused("publish") == (cli.BROKE, f"No space left on device: {home / 'data'}")


def test_a_fault_of_the_program_keeps_its_traceback(home, monkeypatch):
    def broken(*_args: object) -> None:
        raise KeyError

    monkeypatch.setattr(cli, "build_published", broken)
    with pytest.raises(KeyError):
        paramount("publish")


# --- simulate ---------------------------------------------------------------------------------------------------------


def test_too_few_residents_are_one_plain_line(home):
    code, said = refused("simulate", "--residents", "100")
    assert (code, said.startswith("a made-up world needs at least ")) == (cli.WRONG_USE, True)


@pytest.mark.parametrize(
    ("option", "complaint"),
    [
        (("--density", "-1"), "density is a number, 0 or more; 1 is life"),
        (("--density", "nan"), "density is a number, 0 or more; 1 is life"),
        (("--noise", "-0.5"), "noise is a number from 0 to 10; 1 is the world's own difficulty"),
        (("--days", "0"), "a made-up world lasts from 1 to 3,653 days"),
        (("--residents", "60000000"), "a made-up world has at most 3,000,000 residents"),
        (("--seed", "-1"), "a seed is a whole number, 0 or more"),
    ],
)
def test_nonsense_is_refused_in_one_plain_line(home, option, complaint):
    assert refused("simulate", *option) == (cli.WRONG_USE, complaint)
    assert not (home / "data").exists()


def test_more_receptions_than_adults_are_one_plain_line(home):
    code, said = refused("simulate", "--residents", "1000", "--density", "1000000")
    assert (code, "use more residents or fewer days" in said) == (cli.WRONG_USE, True)


def test_a_made_up_world_lands_and_says_that_it_is_denser_than_life(home):
    code, out, _ = simulate()
    assert code == cli.WELL
    assert "1200 times as many receptions as the area really has" in out
    assert sorted(f.name for f in (home / "data" / "landing" / "prison_extract").iterdir()) == list(DAYS)
    assert {"Households", "Deliveries", "Records that differ from the truth, by cause"} <= set(out.splitlines())
    assert max(len(line) for line in out.splitlines()) <= 80
    code, said = refused("simulate")
    assert (code, "--fresh" in said) == (cli.WRONG_USE, True)
    assert simulate("--fresh")[0] == cli.WELL


def test_no_world_is_made_beside_real_deliveries(home):
    (home / "data" / "landing").mkdir(parents=True)
    for more in ((), ("--fresh",)):
        code, said = refused("simulate", *more)
        assert (code, "not known to be made up" in said) == (cli.WRONG_USE, True)


def test_without_an_answer_key_there_is_nothing_to_measure_against(home):
    code, said = refused("evaluate")
    assert code == cli.WRONG_USE
    assert "only a world made by paramount simulate can be measured" in said


def test_nobody_answers_where_no_world_was_made(home):
    assert refused("simulate", "--answers")[0] == cli.WRONG_USE


# --- status and verify on an empty installation -----------------------------------------------------------------------


def test_where_nothing_has_landed_status_says_so_and_makes_nothing(home):
    assert refused("status") == (cli.WAITING, f"no prison extract has landed in {home / 'data' / 'landing'}")
    assert not (home / "data").exists()


def test_a_day_asked_for_that_has_not_arrived_waits(home):
    code, out, _ = paramount("status", "--from", DAYS[0], "--to", DAYS[1])
    assert code == cli.WAITING
    assert f"{DAYS[1]} waiting: prison/raw_extract: the prison extract has not arrived. Next: ask where the extract is." in out


def test_where_there_is_nothing_nothing_was_altered(home):
    code, out, _ = paramount("verify")
    assert (code, out.startswith("Nothing was altered")) == (cli.WELL, True)
    assert not (home / "data").exists()


def test_an_altered_audit_event_is_named(home):
    settings = Settings()
    with open_ledger(settings) as ledger, ledger.writing() as connection:
        for _ in range(3):
            append(connection, clock.now(), "told")
    assert paramount("verify")[0] == cli.WELL
    with sqlite3.connect(settings.ledger_folder / "ledger.sqlite") as connection:
        connection.execute("update events set actor = 'nobody' where event_number = 2")
    connection.close()
    code, out, _ = paramount("verify")
    assert (code, out.strip()) == (cli.GATE_CLOSED, "audit event 2 has been altered")


# --- a whole installation ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory) -> Path:
    """Three days of a made-up world, run, told, answered and published through the command."""
    folder = tmp_path_factory.mktemp("lived_in")
    with pytest.MonkeyPatch.context() as patch:
        installed(folder, patch)
        simulate()
        days = ("--from", DAYS[0], "--to", DAYS[-1])
        late = ("--without", "intake/feedback", "--without", "casework", "--without", "outcomes")
        said = [paramount("backfill", *days, *late, "--notify", "--replay"), paramount("simulate", "--answers")]
        only = ("--only", "intake/feedback", "--only", "casework", "--only", "outcomes")
        said += [paramount("backfill", "--from", DAYS[0], "--to", "2025-11-20", *only, "--replay"), paramount("publish")]
    (folder / "said.json").write_text(json.dumps(said))
    return folder


@pytest.fixture
def copy(lived_in, home) -> Path:
    """The same installation once more, to be altered."""
    shutil.copytree(lived_in / "data", home / "data")
    return home


@pytest.mark.slow
class TestAWholeInstallation:
    def test_every_command_ends_well_and_says_what_was_done(self, lived_in):
        told, answered, totals, published = json.loads((lived_in / "said.json").read_text())
        assert [code for code, _, _ in (told, answered, totals, published)] == [cli.WELL] * 4
        assert "0 held, 0 failed or waiting. Ledger: " in told[1]
        assert "notified" in told[1]
        assert "made-up casework events landed" in answered[1]
        assert "Nobody was told: that takes --notify." in totals[1]
        assert str(lived_in / "data" / "published" / "paramount.duckdb") in published[1]

    def test_nothing_that_was_printed_names_anybody(self, lived_in):
        said = (lived_in / "said.json").read_text()
        movements = (lived_in / "data" / "landing" / "prison_extract" / DAYS[0] / "v1" / "movements.csv").read_text()
        numbers = {line.split(",")[0] for line in movements.splitlines()[1:]}
        assert numbers
        assert not [number for number in numbers if number in said]

    def test_status_shows_each_day_and_that_all_is_well(self, copy):
        code, out, _ = paramount("status")
        assert code == cli.WELL
        assert [line.split()[:2] for line in out.splitlines() if line.startswith("2025")] == [[d, "released"] for d in DAYS]
        assert max(len(line) for line in out.splitlines()) <= 80

    def test_status_tells_of_a_day_that_never_came(self, copy):
        code, out, _ = paramount("status", "--to", "2025-11-06")
        assert code == cli.WAITING
        assert "2025-11-06 waiting: prison/raw_extract" in out

    def test_verify_finds_nothing(self, copy):
        assert paramount("verify")[0] == cli.WELL

    def test_verify_names_a_file_that_was_altered(self, copy):
        file = next((copy / "data" / "lake" / "linkage" / "person_links" / DAYS[1]).glob("*.parquet"))
        file.write_bytes(file.read_bytes() + b" ")
        code, out, _ = paramount("verify")
        assert (code, out.strip()) == (
            cli.GATE_CLOSED,
            f"linkage/person_links {DAYS[1]}: {file.stem[:12]}.parquet has been altered",
        )

    def test_a_day_run_twice_changes_nothing_and_tells_nobody_again(self, copy):
        store = Store(copy / "data" / "lake")
        with open_ledger(Settings.read()) as ledger:
            day = str(export(ledger).cases["opened_on"].min())
        before = {key: store.record(key, day) for key in ("notifications/notifications", "linkage/person_links")}
        code, out, _ = paramount("run", "--date", day, "--notify", "--replay")
        assert code == cli.WELL
        assert re.search(r"Ledger: \d+ unchanged(, \d+ barred)?\.$", out)
        assert before == {key: store.record(key, day) for key in before}

    def test_a_day_whose_extract_has_not_come_waits(self, copy):
        code, _, err = paramount("run", "--date", "2025-11-06")
        assert code == cli.WAITING
        assert "prison/raw_extract 2025-11-06: waiting: prison_extract 2025-11-06: nothing has landed" in err

    def test_a_bad_day_is_held_and_shown_and_its_neighbours_go_on(self, copy):
        movements = copy / "data" / "landing" / "prison_extract" / DAYS[1] / "v1" / "movements.csv"
        movements.write_bytes(movements.read_bytes()[:-20])
        code, _, err = paramount("backfill", "--from", DAYS[0], "--to", DAYS[-1])
        assert code == cli.GATE_CLOSED
        assert f"prison/raw_extract {DAYS[1]}: failed" in err
        code, out, _ = paramount("status")
        assert code == cli.GATE_CLOSED
        assert f"{DAYS[1]} failed: prison/raw_extract: " in out
        assert "Next: read the reason, ask for a correction." in out
        assert [line.split()[1] for line in out.splitlines() if line.startswith(DAYS[0])] == ["released"]

    def test_a_run_beside_another_says_that_it_must_wait(self, copy):
        with WriterLock(copy / "data" / "lake", 0):
            code, said = refused("run", "--date", DAYS[0])
        assert (code, said.startswith("another run has been writing the lake")) == (cli.BROKE, True)

    def test_a_run_that_broke_off_says_where_and_of_what_and_no_more(self, copy, monkeypatch):
        def full(*_args: object) -> None:
            raise OSError(28, "No space left on device", "Secretname")

        monkeypatch.setattr(Store, "put_frame", full)
        code, _, err = paramount("run", "--date", DAYS[0])
        assert code == cli.BROKE
        assert "broke off at prison/raw_extract: OSError" in err
        assert "Secretname" not in err


def test_every_fault_with_a_plain_line_has_a_code_of_its_own():
    assert set(cli._EXIT_CODES.values()) == {cli.BROKE, cli.WRONG_USE, cli.GATE_CLOSED, cli.WAITING}
    assert {LakeBusy, worlds.NotMadeUp, worlds.WorldImpossible} <= set(cli._EXIT_CODES)


def test_days_are_days_everywhere():
    hints = [typing.get_type_hints(getattr(cli, name)) for name in ("simulate", "backfill", "run", "status")]
    assert not [hint for each in hints for hint in each.values() if hint is dt.datetime]
