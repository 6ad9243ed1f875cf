"""Four days of deliveries and rulings, and running them: what the tests of order, repetition and killed runs share.

Day 1: the police's records in full; four fathers are received. Day 2: children's services in full; a fifth father. Day 3: a
delta of the police, a father whose record only it brings, and a release. Day 4: the one released is recalled, and a mother is
received whose children's father is inside. Two rulings lie between the days.
"""

import datetime as dt
import hashlib
import pickle
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import LakeRun, Made, Releases, Store
from paramount_assets.ledger import LedgerExport, Ruling, export, open_ledger, record_ruling, write_key
from paramount_assets.matching.model import FrozenModel
from paramount_assets.matching.score import score
from paramount_assets.quality import Counts, Suite, Verdict, judge
from paramount_assets.settings import Settings
from paramount_assets.telling import tell
from paramount_assets.vocabulary import Cadence, Day, GateStatus, RulingKind
from tests.deliveries import (
    police_address,
    police_marker,
    police_person,
    write_childrens_services,
    write_police_records,
    write_prison_extract,
)
from tests.families import Family, let_out, police_files, received, reception_id, services_files

ROOT = Path(__file__).parents[1]
DAYS = tuple(Day(dt.date(2025, 11, n)) for n in (3, 4, 5, 6))
FIRST, SECOND, THIRD, FOURTH = DAYS

BOTH_INSIDE, RECALLED, ORDINARY, KNOWN_LATE, WRONG_LINK, UNSURE_LINK = (Family(n) for n in range(6))
_MISTYPED = {"date_of_birth": "1985-11-02", "pnc_id": ""}


def write_deliveries(landing: Path) -> None:
    """Lands everything that the four days deliver."""
    movements = {
        FIRST: [received(family, family.father, FIRST) for family in (BOTH_INSIDE, RECALLED, WRONG_LINK, UNSURE_LINK)],
        SECOND: [received(ORDINARY, ORDINARY.father, SECOND)],
        THIRD: [received(KNOWN_LATE, KNOWN_LATE.father, THIRD), let_out(RECALLED, RECALLED.father, THIRD)],
        FOURTH: [
            received(RECALLED, RECALLED.father, FOURTH, 3, movement_reason_code="L", legal_status="RECALL"),
            received(BOTH_INSIDE, BOTH_INSIDE.mother, FOURTH),
        ],
    }
    for day, rows in movements.items():
        write_prison_extract(landing, day, rows)
    write_police_records(landing, FIRST, **_police_in_full())
    write_childrens_services(landing, SECOND, **services_files([BOTH_INSIDE, RECALLED, ORDINARY, KNOWN_LATE]))
    write_police_records(landing, THIRD, kind="delta", **_police_delta())


def _police_in_full() -> dict[str, list[dict[str, str]]]:
    files = police_files([BOTH_INSIDE, RECALLED, ORDINARY, WRONG_LINK, UNSURE_LINK])
    unsure = UNSURE_LINK.father.person_id
    files["persons"] = [row | _MISTYPED if row["person_id"] == unsure else row for row in files["persons"]]
    files["markers"] = [
        police_marker(marker_id="M1", subject_id=ORDINARY.mother.person_id),
        police_marker(marker_id="M2", subject_id=RECALLED.mother.person_id),
    ]
    return files


def _police_delta() -> dict[str, list[dict[str, str]]]:
    """A family that was not known, a death, a move and a warning that was taken back."""
    files = police_files([KNOWN_LATE])
    mother = BOTH_INSIDE.mother
    files["persons"].append(
        police_person(person_id=ORDINARY.mother.person_id, last_name="Cattermole", first_name="Clarice", deceased="Y", pnc_id="")
    )
    files["person_addresses"].append(
        police_address(
            person_id=mother.person_id,
            address_id="AD99",
            address_line="99 Made Up Street, Oxford",
            postcode="OX4 6AJ",
            from_date="2025-10-30",
        )
    )
    files["markers"].append(police_marker(marker_id="M2", subject_id=RECALLED.mother.person_id, deleted="Y"))
    return files


def settings_of(folder: Path, root: Path = ROOT) -> Settings:
    return Settings(root=root, data=folder, first_day=FIRST, lock_wait_seconds=5.0)


def installation(folder: Path, root: Path = ROOT) -> Settings:
    """An installation in a folder: everything has landed, the rulings are recorded, nothing is made."""
    settings = settings_of(folder, root)
    write_deliveries(settings.landing_folder)
    make_afresh(settings)
    return settings


def make_afresh(settings: Settings) -> None:
    """Takes away all that was made and told, and records the rulings anew."""
    for folder in (settings.lake_folder, settings.ledger_folder, settings.outbox_folder):
        shutil.rmtree(folder, ignore_errors=True)
    write_key(settings.ledger_folder, bytes(range(32)))
    wrong, unsure = WRONG_LINK.father, UNSURE_LINK.father
    with open_ledger(settings) as ledger:
        for kind, person, at in (
            (RulingKind.ACCEPT_LINK, unsure, dt.datetime.combine(FIRST, dt.time(10))),
            (RulingKind.REJECT_LINK, wrong, dt.datetime.combine(THIRD, dt.time(9))),
        ):
            record_ruling(ledger, Ruling(kind, reception_id(person), person.person_id, "reviewer", "made up"), at)


@dataclass
class Memory:
    """Remembers verdicts and scores by the content they were reached on, so that the same question is put once.

    The suites and Splink are most of the time of a run. Both are asked in earnest the first time; that they answer the same to
    the same question is tested where they live. Everything else of the chain runs anew each time.
    """

    verdicts: dict[tuple[str, str], Verdict] = field(default_factory=dict)
    scores: dict[tuple[object, ...], pl.DataFrame] = field(default_factory=dict)

    def judge(self, frames: Mapping[str, pl.DataFrame], suite: Suite, counts: Counts) -> dict[str, Verdict]:
        """As `quality.judge`."""
        keys = {day: (suite.sha256, f"{_content(frame)} {counts[day]}") for day, frame in frames.items()}
        unknown = {day: frame for day, frame in frames.items() if keys[day] not in self.verdicts}
        if unknown:
            self.verdicts |= {keys[day]: verdict for day, verdict in judge(unknown, suite, counts).items()}
        return {day: self.verdicts[key] for day, key in keys.items()}

    def score(
        self,
        left: pl.DataFrame,
        right: pl.DataFrame,
        model: FrozenModel,
        threshold_match_weight: float,
        left_id: str = "left_id",
        right_id: str = "right_id",
    ) -> pl.DataFrame:
        """As `matching.score.score`."""
        key = (_content(left), _content(right), model.sha256, threshold_match_weight, left_id, right_id)
        if key not in self.scores:
            self.scores[key] = score(left, right, model, threshold_match_weight, left_id, right_id)
        return self.scores[key]

    def patch_scoring(self, setattr_: Callable[[str, object], None]) -> None:
        """Has the two tables that score ask this memory."""
        for module in ("pairs", "families"):
            setattr_(f"paramount_assets.linkage.{module}.score", self.score)

    def save(self, file: Path) -> None:
        """For another process."""
        file.write_bytes(pickle.dumps((self.verdicts, self.scores)))

    @staticmethod
    def load(file: Path) -> "Memory":
        """What another process has remembered."""
        return Memory(*pickle.loads(file.read_bytes()))  # noqa: S301 - written by the test itself


MEMORY = Memory()
"""One for all tests of a process."""


def _content(frame: pl.DataFrame) -> str:
    return hashlib.sha256(f"{frame.schema}\n{frame.write_ndjson()}".encode()).hexdigest()


def run_and_tell(
    settings: Settings,
    days: Sequence[Day],
    memory: Memory,
    listener: Callable[[Made], None] | None = None,
    without: Cadence = Cadence.ALL_DAYS,
) -> list[Made]:
    """Makes every table that has days, without Dagster, and tells what is due at 06:30 of each day.

    Args:
        settings: the installation.
        days: the days of the run, in order.
        memory: remembers verdicts.
        listener: is told of each table's day as soon as it is made.
        without: further tables to leave out, such as all that are versioned.
    """
    catalogue = catalogue_of(settings)
    with LakeRun(catalogue, settings, lambda: ledger_of(settings), memory.judge, listener) as lake:
        made = [
            each
            for table in catalogue
            if table.cadence not in {Cadence.ALL_DAYS, without}
            for each in lake.make(table, [None] if table.cadence is Cadence.MADE_APART else days)
        ]
    for day in sorted(days):
        tell(settings, day, day, notify=True, replay=True)
    return made


def days_to_make(settings: Settings) -> list[Day]:
    """The days on which a table is not released that should be: never made, held, failed or stale."""
    done = (GateStatus.RELEASED, GateStatus.NO_DELIVERY)
    catalogue = catalogue_of(settings)
    releases = Releases(Store(settings.lake_folder), catalogue)
    tables = [t for t in catalogue if t.cadence is Cadence.DAILY and not t.is_optional]
    versions = [t for t in catalogue if t.cadence is Cadence.VERSIONED]
    made = [(t, day) for t in versions for day in releases.days(t)]
    wanted = [(t, day.isoformat()) for t in tables for day in DAYS]
    return sorted({Day(dt.date.fromisoformat(d)) for t, d in (*made, *wanted) if releases.state(t, d).status not in done})


def settle(settings: Settings, run: Callable[[Day], object]) -> int:
    """Runs the days that are to be made, in day order, until there is none; returns how many runs it took."""
    for count in range(3 * len(DAYS)):
        waiting = days_to_make(settings)
        if not waiting:
            return count
        run(waiting[0])
    raise AssertionError(f"still to be made: {', '.join(map(str, days_to_make(settings)))}")


def released(settings: Settings) -> dict[tuple[str, str], str | None]:
    """The sha256 of every table's day that is released."""
    catalogue = catalogue_of(settings)
    releases = Releases(Store(settings.lake_folder), catalogue)
    some = [t for t in catalogue if t.cadence in (Cadence.DAILY, Cadence.VERSIONED)]
    return {(t.key, record.day): record.sha256 for t in some for record in releases.released_days(t)}


def claims(settings: Settings) -> list[tuple[str, ...]]:
    """Who claims which record for which custody episode and recipient, sorted; a claim that stood twice would be here twice."""
    columns = ("source_record", "prisoner_number", "episode_id", "recipient_kind")
    return sorted(ledger_of(settings).claims.select(columns).iter_rows())


def told_twice(settings: Settings) -> list[str]:
    """Cases whose team got a second notification of a family without having been told to leave it in between."""
    handed = ledger_of(settings).outbox.filter(pl.col("entry_state") == "handed").sort("entry_number")
    turns = handed.filter(pl.col("entry_kind").is_in(["notify", "withdraw"]))
    is_second = (pl.col("entry_kind") == "notify") & (pl.col("entry_kind").shift(1).over("notification_ref") == "notify")
    return turns.filter(is_second)["notification_ref"].to_list()


def ledger_of(settings: Settings) -> LedgerExport:
    """The ledger as it is now."""
    with open_ledger(settings) as ledger:
        return export(ledger)


def names_of(made: Iterable[Made]) -> list[str]:
    """What was not released, with the reason: what a failing test shows."""
    return [f"{m.table.key} {m.day}: {m.status}: {m.because}" for m in made if m.is_fault]
