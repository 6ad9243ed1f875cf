"""The operator's morning: for each day whether it arrived, was gated, linked and told, and what to do if not.

Everything here is counts, taken from gate records and the ledger.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from paramount_assets.lake import ALL_DAYS, Catalogue, Releases, State, Store, Table
from paramount_assets.ledger import LedgerExport
from paramount_assets.vocabulary import Cadence, Day, GateStatus

COUNTED = {
    "receptions": "received",
    "person_links": "linked",
    "review_pairs": "review",
    "children": "children",
    "eligible_children": "eligible",
    "notifications": "due",
}
"""The tables whose rows of the day are shown, each under a short heading."""

_NEXT_ACTION = {
    GateStatus.WAITING: "ask where the extract is",
    GateStatus.MISSING: "run the day",
    GateStatus.FAILED: "read the reason, ask for a correction",
    GateStatus.HELD: "mend what holds it, run the day again",
    GateStatus.STALE: "run the day again",
    GateStatus.RELEASED: "",
    GateStatus.NO_DELIVERY: "",
}
_WORST_FIRST = (GateStatus.FAILED, GateStatus.WAITING, GateStatus.STALE, GateStatus.MISSING, GateStatus.HELD, GateStatus.RELEASED)


@dataclass(frozen=True)
class Morning:
    """One day. `rows` gives the rows of each counted table, None where it is not released; `told` counts notifications sent."""

    day: Day
    status: GateStatus
    where: str
    because: str
    rows: dict[str, int | None]
    told: int

    @property
    def next_action(self) -> str:
        """What the operator does now."""
        return _NEXT_ACTION[self.status]


def mornings(
    days: Sequence[Day], catalogue: Catalogue, releases: Releases, arrived: set[Day], ledger: LedgerExport
) -> list[Morning]:
    """One line per day.

    Args:
        days: which days.
        catalogue: all tables.
        releases: what may be read now.
        arrived: the days whose prison extract has landed.
        ledger: what was told.
    """
    return [_morning(day, catalogue, releases, arrived, ledger) for day in days]


def _morning(day: Day, catalogue: Catalogue, releases: Releases, arrived: set[Day], ledger: LedgerExport) -> Morning:
    daily = [t for t in catalogue if t.cadence is Cadence.DAILY and not t.is_optional]
    states = [(t, _with_arrival(releases.state(t, day.isoformat()), t, is_here=day in arrived)) for t in daily]
    table, state = min(states, key=lambda pair: _WORST_FIRST.index(pair[1].status))
    is_well = state.status is GateStatus.RELEASED
    return Morning(
        day=day,
        status=state.status,
        where="" if is_well else table.key,
        because="" if is_well else state.because or "",
        rows={name: _rows(releases.state(catalogue[name], day.isoformat())) for name in COUNTED},
        told=ledger.cases.filter(ledger.cases["opened_on"] == day).height,
    )


def side_faults(days: Sequence[Day], catalogue: Catalogue, releases: Releases) -> list[str]:
    """What failed on the days beside the daily chain: reference deliveries and casework feedback, a line each.

    They close no other gate, because the version before serves, so nothing else would show them.
    """
    beside = [t for t in catalogue if t.cadence is Cadence.VERSIONED or (t.cadence is Cadence.DAILY and t.is_optional)]
    states = [(t, day, releases.state(t, day.isoformat())) for day in days for t in beside]
    return [f"{day} failed: {t.key}: {s.because}. Next: ask for a correction." for t, day, s in states if _has_failed(s)]


def released_outcomes(catalogue: Catalogue, releases: Releases, store: Store) -> dict[str, pl.DataFrame]:
    """The tables of the step `outcomes` that are released, by name."""
    tables = [t for t in catalogue if t.step == "outcomes"]
    records = {t.name: releases.state(t, ALL_DAYS) for t in tables}
    return {
        name: store.frame(state.record.table, ALL_DAYS, str(state.record.sha256))
        for name, state in records.items()
        if state.status is GateStatus.RELEASED and state.record
    }


def _has_failed(state: State) -> bool:
    return state.status is GateStatus.FAILED


def _with_arrival(state: State, table: Table, *, is_here: bool) -> State:
    """The first table of a day that was never made waits for its delivery, unless that is here."""
    if state.status is GateStatus.MISSING and not is_here and table.name == "raw_extract":
        return State(GateStatus.WAITING, "the prison extract has not arrived")
    return state


def _rows(state: State) -> int | None:
    return state.record.rows if state.status is GateStatus.RELEASED and state.record else None
