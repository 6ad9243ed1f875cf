"""What the duty operator reads."""

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from paramount_assets.chain import catalogue_of
from paramount_assets.lake import State
from paramount_assets.ledger import LedgerExport
from paramount_assets.morning import COUNTED, Morning, mornings, side_faults
from paramount_assets.settings import Settings
from paramount_assets.vocabulary import Day, GateStatus

CATALOGUE = catalogue_of(Settings(root=Path(__file__).parents[1]))
DAY = Day(dt.date(2025, 11, 5))


class Gates:
    """Every table released with three rows, but for those that are named."""

    def __init__(self, **others: State) -> None:
        self.others = others

    def state(self, table, day: str) -> State:
        assert day == str(DAY)
        return self.others.get(table.name, State(GateStatus.RELEASED, None, SimpleNamespace(rows=3)))


def morning(*, arrived: bool = True, ledger: LedgerExport | None = None, **others: State) -> Morning:
    arrivals = {DAY} if arrived else set()
    return mornings([DAY], CATALOGUE, Gates(**others), arrivals, ledger or LedgerExport.empty())[0]


def all_but(status: GateStatus) -> dict[str, State]:
    return {t.name: State(status, "never made") for t in CATALOGUE}


def test_a_day_that_went_well_shows_its_counts_and_asks_for_nothing():
    well = morning()
    assert (well.status, well.where, well.because, well.next_action) == (GateStatus.RELEASED, "", "", "")
    assert well.rows == dict.fromkeys(COUNTED, 3)


def test_a_day_whose_extract_has_not_arrived_waits():
    waiting = morning(arrived=False, **all_but(GateStatus.MISSING))
    assert waiting.status is GateStatus.WAITING
    assert waiting.where == "prison/raw_extract"
    assert waiting.because == "the prison extract has not arrived"
    assert waiting.next_action == "ask where the extract is"


def test_a_day_that_arrived_and_was_not_run_is_to_be_run():
    missing = morning(arrived=True, **all_but(GateStatus.MISSING))
    assert (missing.status, missing.next_action) == (GateStatus.MISSING, "run the day")


def test_the_table_that_failed_is_shown_and_not_those_that_it_holds():
    failed = morning(
        person_links=State(GateStatus.FAILED, "too many links"),
        notifications=State(GateStatus.HELD, "linkage/person_links: failed"),
    )
    assert (failed.status, failed.where, failed.because) == (GateStatus.FAILED, "linkage/person_links", "too many links")
    assert failed.rows["person_links"] is None
    assert failed.rows["notifications"] is None
    assert failed.rows["receptions"] == 3


def test_a_reference_delivery_that_failed_is_shown_although_the_day_went_well():
    because = "police_records 2025-11-05 v1: markers.csv: missing column marker_code"
    gates = Gates(police_markers=State(GateStatus.FAILED, because))
    shown = f"2025-11-05 failed: intake/police_markers: {because}. Next: ask for a correction."
    assert side_faults([DAY], CATALOGUE, gates) == [shown]
    assert side_faults([DAY], CATALOGUE, Gates()) == []


def test_a_source_that_need_not_deliver_keeps_no_day():
    assert morning(feedback=State(GateStatus.NO_DELIVERY)).status is GateStatus.RELEASED


@pytest.mark.parametrize("status", list(GateStatus))
def test_every_state_of_a_gate_has_its_next_action(status):
    action = Morning(DAY, status, "", "", {}, 0).next_action
    assert bool(action) is (status not in (GateStatus.RELEASED, GateStatus.NO_DELIVERY))


def test_families_told_are_counted_on_the_day_they_were_first_due():
    empty = LedgerExport.empty()
    cases = pl.DataFrame({"notification_ref": ["A", "B", "C"], "opened_on": [DAY, DAY, DAY + dt.timedelta(days=1)]})
    ledger = LedgerExport(pl.concat([empty.cases, cases], how="diagonal"), empty.claims, empty.outbox, empty.rulings)
    assert morning(ledger=ledger).told == 2
