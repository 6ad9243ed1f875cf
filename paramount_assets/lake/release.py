"""What may be read: `released()`, asked on every read and answered recursively.

A table's day is released when its own gate passed and every input it was made from is still the released one. Nothing else
decides. A record that cannot be read, or bytes that are gone, count as closed.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from paramount_assets.lake.catalogue import Catalogue
from paramount_assets.lake.faults import GateClosed
from paramount_assets.lake.store import Store
from paramount_assets.lake.table import How, Reads, Table
from paramount_assets.quality import GateRecord, GateUnreadable, InputPin
from paramount_assets.vocabulary import Cadence, Day, GateStatus


@dataclass(frozen=True)
class State:
    """The gate of a table's day as it is now. `record` is the last one made, whatever its state."""

    status: GateStatus
    because: str | None = None
    record: GateRecord | None = None


class Releases:
    """Answers for one moment of a lake: what it has found out it does not ask again until told that something was written."""

    def __init__(self, store: Store, catalogue: Catalogue) -> None:
        self._store = store
        self._catalogue = catalogue
        self._states: dict[tuple[str, str], State] = {}
        self._records: dict[tuple[str, str], GateRecord | None] = {}
        self._days: dict[str, list[str]] = {}

    def wrote(self, record: GateRecord) -> None:
        """Takes note of a record just written: whatever hangs on it must be asked anew."""
        self._records[record.table, record.day] = record
        self._days.pop(record.table, None)
        self._states.clear()

    def released(self, table: Table, day: str) -> GateRecord:
        """The record of a table's day that may be read.

        Raises:
            GateClosed: it may not; the message says why.
        """
        state = self.state(table, day)
        if state.status is not GateStatus.RELEASED or state.record is None:
            raise GateClosed(f"{table.key} {day}: {state.because or state.status}")
        return state.record

    def state(self, table: Table, day: str) -> State:
        """The gate of a table's day, with the reason where it is closed."""
        asked = (table.key, day)
        if asked not in self._states:
            self._states[asked] = self._find_state(table, day)
        return self._states[asked]

    def days(self, table: Table) -> list[str]:
        """The days of a table that have a gate record, oldest first."""
        if table.key not in self._days:
            self._days[table.key] = self._store.days(table.key)
        return self._days[table.key]

    def version(self, table: Table, as_at: str) -> GateRecord | None:
        """The newest released version of a versioned table that is not after the day."""
        candidates = (day for day in reversed(self.days(table)) if day <= as_at)
        return next((s.record for d in candidates if (s := self.state(table, d)).status is GateStatus.RELEASED), None)

    def released_days(self, table: Table) -> list[GateRecord]:
        """The records of all released days of a table, oldest first."""
        states = [self.state(table, day) for day in self.days(table)]
        return [s.record for s in states if s.status is GateStatus.RELEASED and s.record is not None]

    def passed(self, table: Table, day: str) -> GateRecord | None:
        """The record of a table's day whose own gate passed, whatever became of its inputs; None where there is none."""
        try:
            record = self._record(table, day)
        except GateUnreadable:
            return None
        return record if record is not None and record.status is GateStatus.RELEASED else None

    def _record(self, table: Table, day: str) -> GateRecord | None:
        asked = (table.key, day)
        if asked not in self._records:
            self._records[asked] = self._store.record(table.key, day)
        return self._records[asked]

    def _find_state(self, table: Table, day: str) -> State:
        try:
            record = self._record(table, day)
        except GateUnreadable as fault:
            return State(GateStatus.FAILED, str(fault))
        if record is None:
            return self._never_made(table, day)
        if record.status is not GateStatus.RELEASED or record.sha256 is None:
            return self._failed(record)
        if not self._store.has_bytes(table.key, day, record.sha256):
            return State(GateStatus.FAILED, "the bytes that were released are gone", record)
        for pin in record.inputs:
            if closed := self._closed_by(pin):
                return State(closed.status, closed.because, record)
        return State(GateStatus.RELEASED, None, record)

    def _failed(self, record: GateRecord) -> State:
        """A failure stands until what it was found on has been made again; then the day is to be made again too."""
        closed = (self._closed_by(pin) for pin in record.inputs)
        stale = next((c for c in closed if c is not None and c.status is GateStatus.STALE), None)
        return State(stale.status, stale.because, record) if stale else State(record.status, record.because, record)

    def _never_made(self, table: Table, day: str) -> State:
        """Says which table upstream keeps it from being made, if one does."""
        for read in required_reads(table, self._catalogue):
            state = self.state(self._catalogue[read.table], day)
            if state.status in (GateStatus.FAILED, GateStatus.HELD, GateStatus.STALE):
                return State(GateStatus.HELD, f"{self._catalogue[read.table].key}: {state.status}")
        return State(GateStatus.MISSING, "never made")

    def _closed_by(self, pin: InputPin) -> State | None:
        """Why a pin no longer holds, None while it does."""
        table = self._catalogue.by_key(pin.table)
        if pin.version_as_at is not None:
            version = self.version(table, pin.version_as_at)
            found = (version.day, version.sha256) if version else ("", None)
            return None if found == (pin.day, pin.sha256) else State(GateStatus.STALE, f"another version of {pin.table} is due")
        if pin.day == "*":
            same = digest(self.released_days(table)) == pin.sha256
            return None if same else State(GateStatus.STALE, f"the released days of {pin.table} have changed")
        return self._closed_by_day(table, pin)

    def _closed_by_day(self, table: Table, pin: InputPin) -> State | None:
        state = self.state(table, pin.day)
        released = state.record.sha256 if state.status is GateStatus.RELEASED and state.record else None
        if released == pin.sha256:
            return None
        if released is None:
            return State(GateStatus.HELD, f"{pin.table} {pin.day}: {state.status}")
        return State(GateStatus.STALE, f"{pin.table} {pin.day} has been made again")


def digest(records: list[GateRecord]) -> str:
    """One hash for a list of released days."""
    return hashlib.sha256("".join(f"{r.day} {r.sha256}\n" for r in records).encode()).hexdigest()


def required_reads(table: Table, catalogue: Catalogue) -> list[Reads]:
    """The reads of a table without which its day cannot be made: the same day of tables that are not optional."""
    daily = [r for r in table.reads if r.how in (How.CURRENT, How.GATE) and table.cadence in (Cadence.DAILY, Cadence.VERSIONED)]
    return [r for r in daily if catalogue[r.table].cadence is table.cadence and not catalogue[r.table].is_optional]


def window(day: Day, days: int) -> list[str]:
    """The days before a day, oldest first, as keys."""
    return [(day - dt.timedelta(days=back)).isoformat() for back in range(days, 0, -1)]
