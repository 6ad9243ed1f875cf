"""A range of six days whose third is bad, through Dagster: its neighbours go on, and nothing of it can be read or told."""

import shutil

import dagster as dg
import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import GateClosed, Releases, Store
from paramount_assets.lake.table import Table
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, GateStatus
from tests.deliveries import edit_manifest, write_prison_extract
from tests.families import received
from tests.installations import files_of, states
from tests.pipeline.conftest import BAD, DAYS, FAMILIES

pytestmark = pytest.mark.slow

GOOD = tuple(day for day in DAYS if day != BAD)
HANGS_ON_NO_DELIVERY = {"intake/rulings"}
"""Decisions by people come from the ledger, so they are released on a day without a usable delivery too."""


def daily(settings: Settings) -> list[Table]:
    return [t for t in catalogue_of(settings) if t.cadence is Cadence.DAILY]


def checks_shown(settings: Settings, table: Table) -> dict[str, dg.AssetCheckEvaluation]:
    """What Dagster shows of a table's gate: the newest asset check of each partition."""
    key = dg.AssetCheckKey(dg.AssetKey(table.key.split("/")), "gate")
    with dg.DagsterInstance.from_config(str(settings.root)) as instance:
        history = instance.event_log_storage.get_asset_check_execution_history(key, limit=100)
    events = [record.event.dagster_event for record in reversed(history) if record.event and record.event.dagster_event]
    found = [e.asset_check_evaluation_data for e in events if e.event_type is dg.DagsterEventType.ASSET_CHECK_EVALUATION]
    return {str(each.partition): each for each in found}


def test_the_five_good_days_reach_the_notifications(once):
    made = {m.day: m for m in once.outcome.made if m.table.name == "notifications"}
    assert {day: made[str(day)].status for day in GOOD} == dict.fromkeys(GOOD, GateStatus.RELEASED)
    assert {day: made[str(day)].record.rows for day in GOOD} == dict.fromkeys(GOOD, 1)


def test_the_bad_day_shows_a_failed_check_on_its_own_partition_for_every_daily_table(once):
    shown = {t.key: checks_shown(once.settings, t) for t in daily(once.settings)}
    of_bad_day = {key: checks[str(BAD)].passed for key, checks in shown.items()}
    assert {key for key, passed in of_bad_day.items() if passed} == HANGS_ON_NO_DELIVERY
    assert all(checks[str(day)].passed for checks in shown.values() for day in GOOD if str(day) in checks)
    held = {key for key, checks in shown.items() if checks[str(BAD)].metadata["gate"].value == "held"}
    failed = {key for key, checks in shown.items() if checks[str(BAD)].metadata["gate"].value == "failed"}
    assert failed == {"prison/raw_extract", "intake/feedback", "intake/quarantined_feedback"}
    assert held | failed | HANGS_ON_NO_DELIVERY == {t.key for t in daily(once.settings)}


def test_a_closed_check_says_what_holds_the_day(once):
    catalogue = catalogue_of(once.settings)
    said = {
        name: checks_shown(once.settings, catalogue[name])[str(BAD)].metadata["because"].value
        for name in ("raw_extract", "movements", "notifications")
    }
    fault = "prison_extract 2025-11-05 v1: movements.csv: sha256 is not the one in the manifest"
    assert said["raw_extract"] == fault
    assert said["movements"] == f"prison/raw_extract 2025-11-05: {fault}"
    assert "2025-11-05" in said["notifications"]


def test_nothing_of_the_bad_day_can_be_read(once):
    catalogue = catalogue_of(once.settings)
    releases = Releases(Store(once.settings.lake_folder), catalogue)
    readable = set()
    for table in daily(once.settings):
        try:
            releases.released(table, str(BAD))
            readable.add(table.key)
        except GateClosed:
            continue
    assert readable == HANGS_ON_NO_DELIVERY


def test_the_range_got_through_and_its_outcome_has_the_faults_of_the_bad_day_alone(once):
    assert once.outcome.is_complete
    assert {m.day for m in once.outcome.faults} == {str(BAD)}
    assert not once.outcome.only_waits


def test_the_commands_exit_code_comes_from_the_gates(six_days, command):
    code, said = command("backfill", "--from", str(DAYS[1]), "--to", str(DAYS[3]), "--only", "prison")
    assert code == 3
    assert "movements.csv: sha256 is not the one in the manifest" in " ".join(said.split())
    assert command("backfill", "--from", str(DAYS[3]), "--to", str(DAYS[4]), "--only", "prison")[0] == 0
    assert command("status")[0] == 3


def test_a_correction_that_fails_closes_what_was_made_from_the_earlier_bytes(six_days):
    second = DAYS[1]
    before = states(six_days.settings)
    folder = write_prison_extract(
        six_days.settings.landing_folder, second, [received(FAMILIES[1], FAMILIES[1].father, second, prison_id="HMP")], version=2
    )
    edit_manifest(folder, "movements.csv", rows=7)
    outcome = six_days.run("prison", first=second)
    assert not outcome.is_complete
    after = states(six_days.settings)
    assert after["prison/raw_extract", str(second)].because == (
        "prison_extract 2025-11-04 v2: movements.csv: 1 rows, the manifest says 7"
    )
    of_the_day = {t.key for t in daily(six_days.settings) if (t.key, str(second)) in before} - HANGS_ON_NO_DELIVERY
    assert {before[key, str(second)].status for key in of_the_day} == {GateStatus.RELEASED}
    assert {key: after[key, str(second)].status for key in of_the_day if key != "prison/raw_extract"} == dict.fromkeys(
        of_the_day - {"prison/raw_extract"}, GateStatus.HELD
    )
    assert after["notifications/notifications", str(DAYS[0])].status is GateStatus.RELEASED
    assert after["notifications/notifications", str(DAYS[3])].status is GateStatus.HELD, "its window reads the second day"


def test_35_one_table_of_a_held_day_alone_is_refused_and_no_record_changes(six_days):
    before = files_of(six_days.settings.lake_folder)
    outcome = six_days.run("notifications/notifications", first=BAD)
    assert not outcome.is_complete
    assert [(m.table.name, m.day, m.status) for m in outcome.made] == [("notifications", str(BAD), GateStatus.HELD)]
    assert files_of(six_days.settings.lake_folder) == before
    assert not Store(six_days.settings.lake_folder).day_folder("notifications/notifications", str(BAD)).exists()


def test_one_table_of_a_good_day_alone_is_made(six_days):
    before = states(six_days.settings)["notifications/notifications", str(DAYS[1])]
    shutil.rmtree(six_days.settings.lake_folder / "notifications")
    outcome = six_days.run("notifications/notifications", first=DAYS[1])
    assert outcome.is_complete
    assert outcome.faults == []
    assert states(six_days.settings)["notifications/notifications", str(DAYS[1])].record.sha256 == before.record.sha256


def test_34_a_lost_dagster_instance_changes_nothing_that_may_be_read(six_days, command):
    stands, says = states(six_days.settings), command("status")
    lake = files_of(six_days.settings.lake_folder)
    shutil.rmtree(six_days.settings.data_folder / "dagster")
    assert command("status") == says
    assert states(six_days.settings) == stands
    outcome = six_days.run("prison", "persons", "notifications", first=DAYS[0], last=DAYS[-1])
    assert {m.day for m in outcome.faults} == {str(BAD)}
    assert files_of(six_days.settings.lake_folder) == lake
