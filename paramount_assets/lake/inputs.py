"""What a table's day is made from: each parameter found in the lake, and pinned as it was found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from paramount_assets import clock
from paramount_assets.lake.catalogue import Catalogue
from paramount_assets.lake.faults import GateClosed, NotDelivered
from paramount_assets.lake.landing import Landing
from paramount_assets.lake.release import Releases, digest, window
from paramount_assets.lake.store import Store
from paramount_assets.lake.table import ALL_DAYS, How, Reads, Table
from paramount_assets.ledger import LedgerExport
from paramount_assets.quality import GateRecord, InputPin, Reference
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Cadence, Day, GateStatus

AS_OF = "as_of"
"""The column that says which day a row belongs to, where days are read together."""


@dataclass
class Handed:
    """The arguments of one call of a table's function, and the pins of all that was read for them."""

    arguments: dict[str, Any] = field(default_factory=dict)
    pins: list[InputPin] = field(default_factory=list)
    gates: dict[str, GateRecord] = field(default_factory=dict)
    """By name, the tables of which only the gate was asked."""
    landing: Landing | None = None


class Inputs:
    """Finds the inputs of tables in one lake."""

    def __init__(
        self, catalogue: Catalogue, store: Store, releases: Releases, settings: Settings, ledger: Callable[[], LedgerExport]
    ) -> None:
        self._catalogue = catalogue
        self._store = store
        self._releases = releases
        self._settings = settings
        self._ledger = ledger

    def hand(self, table: Table, day: Day | None) -> Handed:
        """All that a table's function is called with.

        Raises:
            GateClosed: an input that it cannot do without is not released.
            NotDelivered: the table is versioned and none of the versions it reads is of this day.
        """
        handed = Handed()
        for given in table.given:
            handed.arguments[given.parameter] = self._given(given.kind, day, handed)
        if table.cadence is Cadence.VERSIONED and day is not None:
            self._refuse_without_delivery(table, day)
        for read in table.reads:
            if read.how is How.GATE:
                self._pass_gate(self._catalogue[read.table], day, handed)
            else:
                handed.arguments[read.parameter] = self._read(read, day, handed.pins)
        return handed

    def key(self, table: Table, day: Day | None) -> str:
        """Under what a table's bytes are kept: the day, or for a table made apart the name that the settings choose.

        A model chosen anew stands beside the old one, so what was made with the old one goes on standing too.
        """
        if table.cadence is Cadence.MADE_APART:
            return self._settings.model
        return ALL_DAYS if day is None or table.cadence is Cadence.ALL_DAYS else day.isoformat()

    def _given(self, kind: Any, day: Day | None, handed: Handed) -> Any:  # noqa: ANN401 - one of GIVEN_KINDS
        if kind is Landing:
            handed.landing = Landing(self._settings.landing_folder)
            return handed.landing
        if kind is LedgerExport:
            return self._ledger()
        return self._settings if kind is Settings else day

    def _refuse_without_delivery(self, table: Table, day: Day) -> None:
        """A version made from versions exists on the days on which one of those was delivered."""
        upstream = [self._catalogue[r.table] for r in table.reads if r.how in (How.CURRENT, How.GATE)]
        states = [self._releases.state(t, day.isoformat()) for t in upstream if t.cadence is Cadence.VERSIONED]
        if states and all(s.record is None for s in states):
            raise NotDelivered(f"{table.key} {day}: no delivery")
        for state in states:
            if state.record is not None and state.status is not GateStatus.RELEASED:
                raise GateClosed(f"{state.record.table} {day}: {state.status}")

    def referred_to(self, references: Sequence[Reference], handed: Handed) -> dict[str, pl.DataFrame | Path]:
        """What a suite's references name, by table: the rows that were handed in, or the file behind a gate that was asked."""
        names = {reference.to.rpartition("/")[2] for reference in references}
        files = {n: self._store.frame_file(r.table, r.day, str(r.sha256)) for n, r in handed.gates.items() if n in names}
        return files | {n: handed.arguments[n] for n in names - set(files)}

    def _pass_gate(self, table: Table, day: Day | None, handed: Handed) -> None:
        key = self.key(table, day)
        record = self._releases.released(table, key)
        handed.pins.append(InputPin(table.key, key, record.sha256))
        handed.gates[table.name] = record

    def _read(self, read: Reads, day: Day | None, pins: list[InputPin]) -> pl.DataFrame | Path | Day | None:
        upstream = self._catalogue[read.table]
        if upstream.cadence in (Cadence.ALL_DAYS, Cadence.MADE_APART):
            return self._one(read, self.key(upstream, day), pins)
        return self._all_days(upstream, pins) if day is None else self._of_day(read, upstream, day, pins)

    def _of_day(self, read: Reads, upstream: Table, day: Day, pins: list[InputPin]) -> pl.DataFrame | Path | Day | None:
        match read.how:
            case How.EARLIER:
                return self._earlier(upstream, window(day, read.days), pins)
            case How.PREVIOUS:
                return self._rows(read, self._version(upstream, window(day, 1)[0], pins, is_required=False))
            case How.BESIDE:
                return self._beside(upstream, day.isoformat(), pins)
            case How.VERSION_DATE:
                version = self._version(upstream, day.isoformat(), pins, is_required=False)
                return clock.day_of(version.day) if version else None
        return self._current(read, day, pins)

    def _current(self, read: Reads, day: Day, pins: list[InputPin]) -> pl.DataFrame | Path:
        table = self._catalogue[read.table]
        if table.cadence is Cadence.VERSIONED:
            return self._rows(read, self._version(table, day.isoformat(), pins, is_required=not table.is_optional))
        return self._one(read, day.isoformat(), pins)

    def _one(self, read: Reads, day: str, pins: list[InputPin]) -> pl.DataFrame | Path:
        table = self._catalogue[read.table]
        if table.is_optional and self._releases.state(table, day).status is not GateStatus.RELEASED:
            pins.append(InputPin(table.key, day, None))
            return self._rows(read, None)
        record = self._releases.released(table, day)
        pins.append(InputPin(table.key, day, record.sha256))
        folder = self._store.day_folder(table.key, day) / str(record.sha256)
        return folder if read.as_folder else self._rows(read, record)

    def _all_days(self, table: Table, pins: list[InputPin]) -> pl.DataFrame:
        records = self._releases.released_days(table)
        pins.append(InputPin(table.key, "*", digest(records)))
        return together(self._catalogue, self._store, table, records)

    def _earlier(self, table: Table, days: list[str], pins: list[InputPin]) -> pl.DataFrame:
        first = self._settings.first_day.isoformat()
        found = []
        for day in days:
            state = self._releases.state(table, day)
            is_released = state.status is GateStatus.RELEASED and state.record is not None
            if day >= first:
                pins.append(InputPin(table.key, day, state.record.sha256 if is_released and state.record else None))
            found += [state.record] if is_released and state.record else []
        return together(self._catalogue, self._store, table, found)

    def _version(self, table: Table, as_at: str, pins: list[InputPin], *, is_required: bool) -> GateRecord | None:
        record = self._releases.version(table, as_at)
        if record is None and is_required:
            raise GateClosed(f"{table.key}: no released version up to {as_at}")
        pins.append(InputPin(table.key, record.day if record else "", record.sha256 if record else None, as_at))
        return record

    def _beside(self, table: Table, day: str, pins: list[InputPin]) -> pl.DataFrame | None:
        state = self._releases.state(table, day)
        record = state.record if state.status is GateStatus.RELEASED else None
        pins.append(InputPin(table.key, day, record.sha256 if record else None))
        return self._store.frame(record.table, record.day, str(record.sha256)) if record else None

    def _rows(self, read: Reads, record: GateRecord | None) -> pl.DataFrame | Path:
        """What a record points at, as the parameter wants it; no rows where there is none."""
        if record is None:
            return self._catalogue.empty(self._catalogue[read.table])
        if read.as_file:
            return self._store.frame_file(record.table, record.day, str(record.sha256))
        return self._store.frame(record.table, record.day, str(record.sha256))


def together(catalogue: Catalogue, store: Store, table: Table, records: list[GateRecord]) -> pl.DataFrame:
    """The rows of several released days of a table, with the column `as_of`; no rows where there are no days."""
    empty = catalogue.empty(table).with_columns(pl.lit(None, pl.Date).alias(AS_OF))
    frames = [(r.day, store.frame(r.table, r.day, str(r.sha256))) for r in records]
    return pl.concat([empty, *(frame.with_columns(pl.lit(day).str.to_date().alias(AS_OF)) for day, frame in frames)])
