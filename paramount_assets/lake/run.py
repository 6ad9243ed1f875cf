"""One run over a lake: makes tables' days, judges them, and writes bytes, gate record and pointer in that order.

A run holds the lake's writer lock from beginning to end, so two runs cannot interleave. A fault of one day is that day's: it
is written down as its gate and the other days go on.
"""

import importlib.metadata
import logging
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType

import polars as pl

from paramount_assets import clock, engine
from paramount_assets.lake.catalogue import Catalogue
from paramount_assets.lake.dictionary import conform
from paramount_assets.lake.faults import DeliveryBlocked, GateClosed, NotDelivered
from paramount_assets.lake.inputs import Handed, Inputs
from paramount_assets.lake.landing import Delivery
from paramount_assets.lake.lock import WriterLock
from paramount_assets.lake.references import count_orphans
from paramount_assets.lake.release import Releases
from paramount_assets.lake.store import Store, list_files
from paramount_assets.lake.table import Table
from paramount_assets.lake.usual import with_drift
from paramount_assets.ledger import LedgerExport
from paramount_assets.quality import DeliveryPin, GateRecord, Judge, Suite, Verdict, judge
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day, GateStatus

DAYS_TOGETHER = 31
"""How many days are held in memory and judged at once."""

_CODE_VERSION = importlib.metadata.version("paramount-assets")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Made:
    """What became of one table's day in a run. `record` is the one that stands now, None where there is none."""

    table: Table
    day: str
    status: GateStatus
    because: str | None
    record: GateRecord | None

    @property
    def is_fault(self) -> bool:
        """Something is not as it should be; a source that need not deliver and did not is no fault."""
        return self.status not in (GateStatus.RELEASED, GateStatus.NO_DELIVERY)


@dataclass(frozen=True)
class _Draft:
    """A table's day that was made and not judged yet. `frame` is what is judged; `source` is set for a folder of files.

    `orphans` counts, for each reference of the suite, the rows that refer to what is not there.
    """

    day: str
    frame: pl.DataFrame
    handed: Handed
    source: Path | None
    orphans: dict[str, int] = field(default_factory=dict)


class LakeRun:
    """A run. Use it as a context manager: entering takes the lock.

    Args:
        catalogue: all tables.
        settings: where the lake and the landing area are.
        ledger: gives the ledger's export when a table asks for it.
        judging: judges frames by a suite; a test may remember verdicts.
        listener: is told of each table's day as soon as it is made.

    Raises:
        LakeBusy: another run kept the lock for longer than the setting allows.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        ledger: Callable[[], LedgerExport],
        judging: Judge = judge,
        listener: Callable[[Made], None] | None = None,
    ) -> None:
        self.catalogue = catalogue
        self.store = Store(settings.lake_folder)
        self.releases = Releases(self.store, catalogue)
        self._inputs = Inputs(catalogue, self.store, self.releases, settings, ledger)
        self._judge = judging
        self._listener = listener
        self._lock = WriterLock(self.store.folder, settings.lock_wait_seconds)
        self._bounds = engine.Bounds(settings.memory_limit)

    def __enter__(self) -> "LakeRun":
        self._lock.acquire()
        self.store.clear_unfinished()
        self._bounds = replace(self._bounds, spill_folder=self.store.new_spill_folder())
        self._bounds_before = engine.bound(self._bounds)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        engine.bound(self._bounds_before)
        self.store.clear_unfinished()
        self._lock.release()

    def make(self, table: Table, days: Sequence[Day | None]) -> Iterator[Made]:
        """Makes a table's days, oldest first; for a table without days give `[None]`.

        Yields:
            What became of each day, in order.
        """
        together = 1 if table.reads_itself else DAYS_TOGETHER
        in_order = sorted(days, key=str)
        for start in range(0, len(in_order), together):
            some = in_order[start : start + together]
            results = [self._draft(table, day) for day in some]
            drafts = [r for r in results if isinstance(r, _Draft)]
            verdicts = self._verdicts(table, drafts)
            for result in results:
                made = result if isinstance(result, Made) else self._settle(table, result, verdicts)
                if self._listener is not None:
                    self._listener(made)
                yield made

    def _verdicts(self, table: Table, drafts: list[_Draft]) -> dict[str, Verdict]:
        suite = self.catalogue.suite(table)
        return with_drift(table, suite, self.releases, self._judged(suite, drafts))

    def _judged(self, suite: Suite, drafts: list[_Draft]) -> dict[str, Verdict]:
        """The verdict of each day; a day for which there is not enough memory, even by itself, has none."""
        try:
            return self._judge({d.day: d.frame for d in drafts}, suite, {d.day: d.orphans for d in drafts}) if drafts else {}
        except engine.OUT_OF_MEMORY:
            alone = [[draft] for draft in drafts if len(drafts) > 1]
            return {day: verdict for each in alone for day, verdict in self._judged(suite, each).items()}

    def _draft(self, table: Table, day: Day | None) -> "_Draft | Made":
        key = self._inputs.key(table, day)
        handed = Handed()
        try:
            handed = self._inputs.hand(table, day)
            made = table.make(**handed.arguments)
            if isinstance(made, Path):
                return _Draft(key, list_files(made), handed, made)
            suite = self.catalogue.suite(table)
            frame = conform(made, suite.columns).sort(suite.key)
            referred_to = self._inputs.referred_to(suite.references, handed)
            return _Draft(key, frame, handed, None, count_orphans(frame, suite.references, referred_to))
        except GateClosed as fault:
            return Made(table, key, GateStatus.HELD, str(fault), self._standing(table, key))
        except NotDelivered as fault:
            return self._not_delivered(table, key, str(fault))
        except DeliveryBlocked as fault:
            return self._failed(table, key, str(fault), handed)
        except OSError:
            raise
        except Exception as fault:  # noqa: BLE001 - one day's fault is that day's: written down, and the others go on
            because = _needs_memory(self._bounds) if engine.is_out_of_memory(fault) else _where(fault)
            return self._failed(table, key, because, handed)

    def _settle(self, table: Table, draft: _Draft, verdicts: dict[str, Verdict]) -> Made:
        verdict = verdicts.get(draft.day)
        if verdict is None:
            return self._failed(table, draft.day, _needs_memory(self._bounds), draft.handed)
        if draft.source is None:
            sha256 = self.store.put_frame(table.key, draft.day, draft.frame)
        else:
            sha256 = self.store.put_folder(table.key, draft.day, draft.source, draft.frame)
        record = self._record(table, draft.day, draft.handed, GateStatus.RELEASED if verdict.passed else GateStatus.FAILED)
        return self._put(
            table,
            replace(
                record,
                because=verdict.because,
                sha256=sha256,
                rows=draft.frame.height,
                outcomes=verdict.outcomes,
                measures=verdict.measures,
            ),
        )

    def _failed(self, table: Table, key: str, because: str, handed: Handed) -> Made:
        return self._put(table, replace(self._record(table, key, handed, GateStatus.FAILED), because=because))

    def _record(self, table: Table, key: str, handed: Handed, status: GateStatus) -> GateRecord:
        read = handed.landing.read if handed.landing else []
        return GateRecord(
            table=table.key,
            day=key,
            status=status,
            made_at=clock.now().isoformat(),
            code_version=_CODE_VERSION,
            suite_sha256=self.catalogue.suite(table).sha256,
            inputs=tuple(handed.pins),
            deliveries=tuple(_pin(d) for d in read),
            notes=tuple(note for d in read for note in d.notes),
        )

    def _put(self, table: Table, record: GateRecord) -> Made:
        """Writes the record, unless the one that stands says the same."""
        standing = self._standing(table, record.day)
        if standing is None or replace(standing, made_at=record.made_at) != record:
            self.store.put_record(record)
            self.releases.wrote(record)
            standing = record
        return Made(table, record.day, record.status, record.because, standing)

    def _not_delivered(self, table: Table, key: str, because: str) -> Made:
        """A delivery that is not there changes nothing: what stands from an earlier run goes on standing."""
        standing = self.releases.state(table, key)
        if standing.record is not None:
            return Made(table, key, standing.status, standing.because, standing.record)
        is_expected = table.cadence is Cadence.DAILY and not table.is_optional
        return Made(table, key, GateStatus.WAITING if is_expected else GateStatus.NO_DELIVERY, because, None)

    def _standing(self, table: Table, key: str) -> GateRecord | None:
        return self.releases.state(table, key).record


def _pin(delivery: Delivery) -> DeliveryPin:
    rows = sum(file.rows for file in delivery.files.values())
    day = delivery.extract_date.isoformat()
    return DeliveryPin(str(delivery.source), day, delivery.version, delivery.manifest_sha256, rows)


def _needs_memory(bounds: engine.Bounds) -> str:
    return (
        f"needs more memory than PARAMOUNT_MEMORY_LIMIT={bounds.memory_limit} allows: "
        "raise it, or run the day on a machine with more memory"
    )


def _where(fault: Exception) -> str:
    """The kind of a fault and the lines it came through, without its message, which may hold a value."""
    trace = traceback.extract_tb(fault.__traceback__)
    lines = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in trace]
    _log.error("a table could not be made: %s at %s", type(fault).__name__, " > ".join(lines))
    own = [line for line, frame in zip(lines, trace, strict=True) if Path(frame.filename).name != "run.py"]
    return f"{type(fault).__name__} at {own[0] if own else lines[-1]}"
