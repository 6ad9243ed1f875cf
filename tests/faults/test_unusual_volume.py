"""Row 15: a volume far from the usual holds its day until somebody confirms it or a new version comes."""

import datetime as dt
from pathlib import Path

import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import LakeRun, Made
from paramount_assets.ledger import LedgerExport
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus
from tests.deliveries import contact, movement, write_prison_extract
from tests.installations import states

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
START = Day(dt.date(2025, 3, 3))
USUAL = 30
TABLES = ("raw_extract", "volumes", "quarantined_rows", "movements", "contacts", "receptions")
RELEASED, FAILED, HELD = GateStatus.RELEASED, GateStatus.FAILED, GateStatus.HELD


def day(number: int) -> Day:
    return Day(START + dt.timedelta(days=number))


def land(settings: Settings, of: Day, count: int, **manifest):
    rows = [
        movement(prisoner_number=f"A{1000 + n % 9000}BC", booking_id=f"{of:%m%d}{n}", movement_at=f"{of}T05:00:00")
        for n in range(count)
    ]
    return write_prison_extract(settings.landing_folder, of, rows, **manifest)


def run(settings: Settings, *days: Day) -> dict[str, Made]:
    """What became of each table on the last of the days."""
    catalogue = catalogue_of(settings)
    with LakeRun(catalogue, settings, LedgerExport.empty) as lake:
        made = [m for name in TABLES for m in lake.make(catalogue[name], days)]
    return {m.table.name: m for m in made if m.day == str(days[-1])}


def gates(made: dict[str, Made]) -> list[GateStatus]:
    return [made[name].status for name in TABLES]


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(root=ROOT, data=tmp_path, first_day=START)


@pytest.fixture
def settled(settings) -> Settings:
    """Seven usual days are made."""
    days = [day(n) for n in range(7)]
    for each in days:
        land(settings, each, USUAL)
    assert gates(run(settings, *days)) == [RELEASED] * 6
    return settings


@pytest.mark.parametrize(("times", "count"), [("0.2", 6), ("5", 150), ("100", 3000)])
def test_15_an_unusual_volume_holds_the_day_and_says_the_figures(settled, times, count):
    land(settled, day(7), count)
    made = run(settled, day(7))
    assert gates(made) == [RELEASED, FAILED, HELD, HELD, HELD, HELD]
    assert made["volumes"].because == (
        f"movements.csv has {count:,} records where 30 are usual: held until a new version comes, "
        "or the same files as a new version with volume_confirmed_by in the manifest"
    )


@pytest.mark.parametrize(("count", "warned"), [(7, True), (15, False), (11, False), (59, False), (60, True), (149, True)])
def test_15_a_volume_inside_the_limits_at_most_warns(settled, count, warned):
    land(settled, day(7), count)
    made = run(settled, day(7))
    assert gates(made) == [RELEASED] * 6
    assert [o.about for o in made["volumes"].record.warnings] == (["movements_off_the_usual"] if warned else [])


def test_15_the_same_files_confirmed_by_a_role_as_a_new_version_open_the_day(settled):
    land(settled, day(7), 3000)
    run(settled, day(7))
    land(settled, day(7), 3000, version=2, volume_confirmed_by="data_team")
    made = run(settled, day(7))
    assert gates(made) == [RELEASED] * 6
    assert made["movements"].record.rows == 3000


def test_15_a_new_version_of_a_usual_volume_opens_the_day(settled):
    land(settled, day(7), 3000)
    run(settled, day(7))
    land(settled, day(7), USUAL, version=2)
    assert gates(run(settled, day(7))) == [RELEASED] * 6


def test_15_a_held_volume_holds_no_other_day_and_does_not_become_the_usual(settled):
    for number in (7, 8, 9):
        land(settled, day(number), 3000 if number == 7 else USUAL)
    run(settled, day(7), day(8), day(9))
    stands = states(settled)
    assert stands["prison/volumes", str(day(7))].status is FAILED
    assert ("prison/movements", str(day(7))) not in stands
    assert {stands["prison/movements", str(day(n))].status for n in (8, 9)} == {RELEASED}


def test_15_with_fewer_than_seven_days_nothing_is_unusual(settings):
    for number in range(6):
        land(settings, day(number), USUAL)
    land(settings, day(6), 3000)
    assert gates(run(settings, *(day(n) for n in range(7)))) == [RELEASED] * 6


def test_15_a_signed_nil_return_is_believed(settled):
    write_prison_extract(settled.landing_folder, day(7), [])
    made = run(settled, day(7))
    assert gates(made) == [RELEASED] * 6
    assert made["movements"].record.rows == 0


def test_15_contacts_where_none_were_usual_warn_and_hold_nothing(settled):
    land(settled, day(7), USUAL, contacts=[contact(contact_id=str(n)) for n in range(40)])
    made = run(settled, day(7))
    assert gates(made) == [RELEASED] * 6
    assert [o.about for o in made["volumes"].record.warnings] == ["contacts_off_the_usual"]


def test_15_a_quiet_weekday_holds_no_day(settings):
    days = [day(n) for n in range(14)]
    for each in days:
        land(settings, each, 4 if each.isoweekday() == 7 else USUAL)
    made = run(settings, *days)
    assert gates(made) == [RELEASED] * 6
    assert made["volumes"].record.warnings == []


def test_15_a_late_day_and_a_correction_settle_in_day_order(settings):
    days = [day(n) for n in range(9)]
    for each in days:
        land(settings, each, 3000 if each == day(7) else USUAL)
    (settings.landing_folder / "prison_extract" / str(day(0)) / "v1" / "manifest.json").rename(settings.data_folder / "late")
    run(settings, *days)
    assert states(settings)["prison/movements", str(day(7))].status is RELEASED, "six days say nothing of what is usual"
    (settings.data_folder / "late").rename(settings.landing_folder / "prison_extract" / str(day(0)) / "v1" / "manifest.json")
    run(settings, day(0))
    assert states(settings)["prison/movements", str(day(7))].status is GateStatus.HELD
    run(settings, *days)
    in_order = {key: state.status for key, state in states(settings).items() if key[0] in {f"prison/{t}" for t in TABLES}}
    assert {key for key, status in in_order.items() if status is FAILED} == {("prison/volumes", str(day(7)))}
    assert {key[1] for key, status in in_order.items() if status is HELD} == {str(day(7))}
