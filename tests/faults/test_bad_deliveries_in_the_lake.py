"""What a bad delivery leaves behind in the lake. Each fault has a day of its own in one run, so its neighbours go on beside it.

The numbers are those of the rows of the list of faults; what is said at the moment of reading is in `test_bad_deliveries`.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import GateClosed, LakeRun, Made, Releases, Store
from paramount_assets.ledger import LedgerExport
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus
from tests.deliveries import as_csv, edit_manifest, header_of, movement, write_prison_extract

pytestmark = pytest.mark.slow

RELEASED, FAILED, HELD, WAITING = GateStatus.RELEASED, GateStatus.FAILED, GateStatus.HELD, GateStatus.WAITING
ROOT = Path(__file__).parents[2]
HEADER = header_of("movements")
START = Day(dt.date(2025, 3, 1))
PRISON = ("raw_extract", "volumes", "quarantined_rows", "movements", "contacts", "receptions")


def several(day, count=3, **overrides):
    """Movements of different people, different on each day."""
    booked = f"{day:%m%d}"
    return [movement(prisoner_number=f"A{1000 + n}BC", booking_id=f"{booked}{n}", **overrides) for n in range(count)]


def land(landing: Path, day: Day, *rows, content: bytes | None = None, **manifest):
    movements = content if content is not None else [*several(day), *rows]
    return write_prison_extract(landing, day, movements, **manifest)


@dataclass(frozen=True)
class Fault:
    """One bad delivery and what it must leave behind.

    `gates` are those of raw extract, quarantined rows, movements and receptions. `because` is what holds the first table that is
    not released, after the label of the delivery. `aside` are the rows put aside: line, reason, column.
    """

    row: int
    name: str
    deliver: Callable[[Path, Day], object]
    gates: tuple[GateStatus, ...] = (FAILED, HELD, HELD, HELD)
    because: str | None = None
    aside: tuple[tuple[int, str, str | None], ...] = ()
    movements: int | None = None
    notes: tuple[str, ...] = ()


ALL_RELEASED = (RELEASED,) * 4
MOVEMENTS_FAIL = (RELEASED, RELEASED, FAILED, HELD)


def no_manifest(landing, day):
    (land(landing, day) / "manifest.json").unlink()


def cut_short(landing, day):
    folder = land(landing, day)
    whole = (folder / "movements.csv").read_bytes()
    (folder / "movements.csv").write_bytes(whole[:-200])


def again_as_version_2(landing, day):
    land(landing, day)
    land(landing, day, version=2, produced_at=f"{day}T09:00:00")


def yesterdays(landing, day):
    write_prison_extract(landing, day, several(day - dt.timedelta(days=1)))


def nothing(landing, day):
    edit_manifest(write_prison_extract(landing, day, []), "movements.csv", nil_return=False)


def encoded(encoding):
    def deliver(landing, day):
        content = as_csv(several(day, first_name="Renée"), HEADER).decode().encode(encoding)
        edit_manifest(write_prison_extract(landing, day, content), "movements.csv", rows=3)

    return deliver


def without_column(landing, day):
    write_prison_extract(landing, day, as_csv(_without(several(day), "date_of_birth"), _except("date_of_birth")))


def _without(rows, column):
    return [{name: value for name, value in row.items() if name != column} for row in rows]


def _except(column):
    return [name for name in HEADER if name != column]


def day_first(landing, day):
    rows = several(day, 40)
    turned = [row | {"date_of_birth": "14/03/1988"} for row in rows[:12]]
    write_prison_extract(landing, day, [*turned, *rows[12:]], volume_confirmed_by="data_team")


def placeholders(landing, day):
    rows = several(day, 20)
    write_prison_extract(landing, day, [*(row | {"date_of_birth": "1900-01-01"} for row in rows[:8]), *rows[8:]])


def of_garbage(landing, day):
    lines = as_csv(several(day), HEADER).split(b"\r\n")
    write_prison_extract(landing, day, b"\r\n".join([*lines[:2], b"%$#!,garbage", *lines[2:]]))


def with_row(**overrides):
    return lambda landing, day: land(landing, day, movement(booking_id=f"{day:%m%d}9", **overrides))


def contradicting(landing, day):
    one, other = (movement(booking_id=f"{day:%m%d}9", first_name=name) for name in ("Darren", "Dean"))
    land(landing, day, one, other)


FAULTS = (
    Fault(
        3,
        "the same delivery as another version",
        again_as_version_2,
        ALL_RELEASED,
        movements=3,
        notes=("prison_extract {day} v2: the same files as v1, nothing happens",),
    ),
    Fault(0, "a good day", land, ALL_RELEASED, movements=3),
    Fault(
        4,
        "yesterday's content under today's date",
        yesterdays,
        because="movements.csv: the same content as the delivery of {day_before}",
    ),
    Fault(5, "a truncated file", cut_short, because="movements.csv: sha256 is not the one in the manifest"),
    Fault(
        5,
        "a wrong hash",
        lambda landing, day: edit_manifest(land(landing, day), "movements.csv", sha256="0" * 64),
        because="movements.csv: sha256 is not the one in the manifest",
    ),
    Fault(
        5,
        "a wrong row count",
        lambda landing, day: edit_manifest(land(landing, day), "movements.csv", rows=4),
        because="movements.csv: 3 rows, the manifest says 4",
    ),
    Fault(
        5,
        "a missing last newline that the manifest knows of",
        lambda landing, day: land(landing, day, content=as_csv(several(day), HEADER).rstrip()),
        ALL_RELEASED,
        movements=3,
    ),
    Fault(
        6,
        "still being uploaded",
        no_manifest,
        (WAITING, HELD, HELD, HELD),
        because="prison_extract {day}: landed without a manifest, not looked at",
    ),
    Fault(7, "no rows and no nil return", nothing, because="movements.csv: no rows and no nil return"),
    Fault(7, "a signed nil return", lambda landing, day: write_prison_extract(landing, day, []), ALL_RELEASED, movements=0),
    Fault(
        8,
        "a byte order mark",
        lambda landing, day: land(landing, day, content=b"\xef\xbb\xbf" + as_csv(several(day), HEADER)),
        ALL_RELEASED,
        movements=3,
    ),
    Fault(8, "UTF-16", encoded("utf-16"), because="movements.csv: is not UTF-8, it looks like UTF-16"),
    Fault(8, "cp1252", encoded("cp1252"), because="movements.csv: is not UTF-8, it looks like cp1252"),
    Fault(
        9,
        "a column added",
        lambda landing, day: write_prison_extract(landing, day, [row | {"shoe_size": "9"} for row in several(day)]),
        ALL_RELEASED,
        movements=3,
        notes=("prison_extract {day} v1: movements.csv: ignored column shoe_size",),
    ),
    Fault(10, "a column removed", without_column, because="movements.csv: missing column date_of_birth"),
    Fault(
        10,
        "a column renamed",
        lambda landing, day: land(landing, day, content=as_csv(several(day), HEADER).replace(b"last_name", b"surname", 1)),
        because="movements.csv: missing column last_name",
    ),
    Fault(
        10,
        "columns reordered",
        lambda landing, day: land(landing, day, content=as_csv(several(day), sorted(HEADER))),
        ALL_RELEASED,
        movements=3,
    ),
    Fault(
        11,
        "dates of day, month, year",
        day_first,
        MOVEMENTS_FAIL,
        because="movements.csv: 12 of 40 rows break the contract, more than 5 are allowed: not_a_date date_of_birth 12",
        aside=tuple((n, "not_a_date", "date_of_birth") for n in range(1, 13)),
    ),
    Fault(
        12,
        "a birth date in the future",
        with_row(date_of_birth="2025-12-31"),
        ALL_RELEASED,
        aside=((4, "date_in_future", "date_of_birth"),),
        movements=3,
    ),
    Fault(
        12,
        "a spike of placeholder birth dates",
        placeholders,
        MOVEMENTS_FAIL,
        because="expect_column_values_to_be_between(share_of_placeholder_birth_dates, max_value=0.1): observed 0.4",
    ),
    Fault(13, "a NUL", with_row(last_name="Null\0byte"), ALL_RELEASED, aside=((4, "nul_character", "last_name"),), movements=3),
    Fault(
        13,
        "a megabyte in a field",
        with_row(most_serious_offence="x" * 1_000_000),
        ALL_RELEASED,
        aside=((4, "field_too_long", "most_serious_offence"),),
        movements=3,
    ),
    Fault(
        13,
        "a right-to-left mark",
        with_row(first_name="\u202eevil"),
        ALL_RELEASED,
        aside=((4, "bidirectional_control", "first_name"),),
        movements=3,
    ),
    Fault(13, "a row of garbage", of_garbage, ALL_RELEASED, aside=((2, "wrong_field_count", None),), movements=3),
    Fault(
        13,
        "embedded quotes and newlines, which are CSV",
        with_row(address_line='Flat "B",\n12 Example\r\nStreet'),
        ALL_RELEASED,
        movements=4,
    ),
    Fault(
        13,
        "poison above the tolerance",
        lambda landing, day: write_prison_extract(landing, day, several(day, 6, last_name="Null\0byte")),
        MOVEMENTS_FAIL,
        because="movements.csv: 6 of 6 rows break the contract, more than 5 are allowed: nul_character last_name 6",
        aside=tuple((n, "nul_character", "last_name") for n in range(1, 7)),
    ),
    Fault(14, "a formula in a name", with_row(last_name="=cmd()|' /C calc'!A0"), ALL_RELEASED, movements=4),
    Fault(
        16,
        "two rows with one key that contradict",
        contradicting,
        ALL_RELEASED,
        aside=((4, "contradicting_key", None), (5, "contradicting_key", None)),
        movements=3,
    ),
    Fault(
        0,
        "an unknown code",
        with_row(legal_status="PAROLED"),
        ALL_RELEASED,
        aside=((4, "unknown_code", "legal_status"),),
        movements=3,
    ),
    Fault(
        0,
        "an impossible date",
        with_row(date_of_birth="1990-02-30"),
        ALL_RELEASED,
        aside=((4, "not_a_date", "date_of_birth"),),
        movements=3,
    ),
)
"""Row 0: not in the list, and asked for besides."""

DAY_OF = {fault.name: Day(START + dt.timedelta(days=n)) for n, fault in enumerate(FAULTS)}


@dataclass(frozen=True)
class Lake:
    """The lake after the one run, and what was made in it."""

    settings: Settings
    made: dict[tuple[str, str], Made] = field(default_factory=dict)

    def run(self, *days: Day, only: tuple[str, ...] = PRISON) -> dict[tuple[str, str], Made]:
        catalogue = catalogue_of(self.settings)
        with LakeRun(catalogue, self.settings, LedgerExport.empty) as lake:
            made = [m for name in only for m in lake.make(catalogue[name], days)]
        return {(m.table.name, m.day): m for m in made}

    def releases(self) -> Releases:
        return Releases(Store(self.settings.lake_folder), catalogue_of(self.settings))

    def rows(self, name: str, day: Day):
        """The rows of a table's day that may be read."""
        table = catalogue_of(self.settings)[name]
        record = self.releases().released(table, str(day))
        return Store(self.settings.lake_folder).frame(table.key, str(day), record.sha256)


def installed(folder: Path) -> Settings:
    return Settings(root=ROOT, data=folder, first_day=START, lock_wait_seconds=5.0)


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Lake:
    settings = installed(tmp_path_factory.mktemp("bad_deliveries"))
    for fault in FAULTS:
        fault.deliver(settings.landing_folder, DAY_OF[fault.name])
    return Lake(settings, Lake(settings).run(*DAY_OF.values()))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f"row {f.row}: {f.name}" if f.row else f.name)
def test_what_a_bad_delivery_leaves_behind(lake, fault):
    day = DAY_OF[fault.name]
    names = ("raw_extract", "quarantined_rows", "movements", "receptions")
    made = {name: lake.made[name, str(day)] for name in names}
    assert tuple(made[name].status for name in names) == fault.gates
    assert _what_holds(made) == _expected(fault, day)
    assert [name for name in names if _is_readable(lake, name, day)] == [n for n in names if made[n].status is RELEASED]
    assert not _is_readable(lake, "notifications", day)
    if made["quarantined_rows"].status is RELEASED:
        assert lake.rows("quarantined_rows", day).rows() == [("movements.csv", *row) for row in fault.aside]
    if made["movements"].status is RELEASED:
        assert lake.rows("movements", day).height == fault.movements
    record = made["raw_extract"].record
    assert (record.notes if record else ()) == tuple(note.format(day=day) for note in fault.notes)


def _what_holds(made: dict[str, Made]) -> str | None:
    return next((m.because for m in made.values() if m.status is not RELEASED), None)


def _expected(fault: Fault, day: Day) -> str | None:
    if fault.because is None:
        return None
    said = fault.because.format(day=day, day_before=day - dt.timedelta(days=1))
    return said if said.startswith(("prison_extract", "expect_")) else f"prison_extract {day} v1: {said}"


def _is_readable(lake: Lake, name: str, day: Day) -> bool:
    try:
        lake.releases().released(catalogue_of(lake.settings)[name], str(day))
    except GateClosed:
        return False
    return True


def test_a_delivery_that_is_still_being_uploaded_makes_no_partition(lake):
    day = DAY_OF["still being uploaded"]
    store = Store(lake.settings.lake_folder)
    assert not [name for name in PRISON if store.day_folder(f"prison/{name}", str(day)).exists()]


def test_no_gate_record_and_no_message_holds_a_value_of_a_row(lake):
    said = "\n".join(f.read_text(encoding="utf-8") for f in lake.settings.lake_folder.rglob("*.json"))
    assert not [
        value
        for value in ("Samplesworth", "Example Street", "14/03/1988", "PAROLED", "evil", "=cmd", "1990-02-30")
        if value in said
    ]


def test_a_formula_is_the_same_in_the_lake_as_it_was_delivered(lake):
    names = lake.rows("movements", DAY_OF["a formula in a name"])["last_name"].to_list()
    assert "=cmd()|' /C calc'!A0" in names


def test_3_the_same_delivery_again_changes_no_bytes_and_closes_nothing(tmp_path):
    settings = installed(tmp_path)
    land(settings.landing_folder, START)
    lake = Lake(settings)
    before = {key: made.record.sha256 for key, made in lake.run(START).items()}
    land(settings.landing_folder, START, version=2, produced_at=f"{START}T09:00:00")
    again = lake.run(START, only=("raw_extract",))["raw_extract", str(START)]
    assert again.record.notes == (f"prison_extract {START} v2: the same files as v1, nothing happens",)
    assert all(_is_readable(lake, name, START) for name in PRISON)
    assert {key: made.record.sha256 for key, made in lake.run(START).items()} == before


def test_a_correction_in_place_of_a_bad_delivery_opens_the_day(tmp_path):
    settings = installed(tmp_path)
    cut_short(settings.landing_folder, START)
    lake = Lake(settings)
    assert lake.run(START)["receptions", str(START)].status is HELD
    land(settings.landing_folder, START, version=2)
    assert lake.run(START)["receptions", str(START)].status is RELEASED


@pytest.mark.parametrize("damage", ["not JSON", "of another version", "not a file", "another day's"])
def test_33_a_gate_that_cannot_be_read_is_closed(tmp_path, damage):
    settings = installed(tmp_path)
    days = (START, Day(START + dt.timedelta(days=1)))
    for day in days:
        land(settings.landing_folder, day)
    lake = Lake(settings)
    lake.run(*days)
    gate = Store(settings.lake_folder).day_folder("prison/movements", str(START)) / "gate.json"
    _damage(gate, damage)
    state = lake.releases().state(catalogue_of(settings)["movements"], str(START))
    assert state.status is FAILED
    assert not _is_readable(lake, "receptions", START)
    assert _is_readable(lake, "receptions", days[1])
    refused = lake.run(START, only=("receptions",))["receptions", str(START)]
    assert (refused.status, refused.because) == (HELD, f"prison/movements {START}: {state.because}")


def _damage(gate: Path, how: str) -> None:
    match how:
        case "not JSON":
            gate.write_text("{")
        case "of another version":
            gate.write_text(gate.read_text().replace('"format": 1', '"format": 99'))
        case "not a file":
            gate.unlink()
            gate.mkdir()
        case "another day's":
            gate.write_text((gate.parents[1] / str(START + dt.timedelta(days=1)) / "gate.json").read_text())


ELSEWHERE = {
    14: "notifications/test_handover.py::test_a_cell_that_a_spreadsheet_would_run_is_escaped",
    35: "pipeline/test_bad_day.py::test_35_one_table_of_a_held_day_alone_is_refused_and_no_record_changes",
}
"""Rows of the list that are tested, wholly or in part, in another place."""


def test_every_row_of_the_list_that_is_about_deliveries_and_gates_has_a_test():
    here = {fault.row for fault in FAULTS} - {0} | {33}
    assert here | set(ELSEWHERE) == {*range(3, 15), 16, 33, 35}
    for place in ELSEWHERE.values():
        file, _, name = place.partition("::")
        assert f"def {name}(" in (ROOT / "tests" / file).read_text(encoding="utf-8")
