"""Write, audit, publish: what may be read, and when it may not any more."""

import datetime as dt
from pathlib import Path

import pytest

from paramount_assets.lake import GateClosed, LakeBusy, LakeRun, Made, Store
from paramount_assets.lake.release import Releases
from paramount_assets.vocabulary import Day, GateStatus
from tests.lake import toy

DAYS = [Day(dt.date(2025, 11, n)) for n in range(3, 9)]
D1, D2, D3, D4, D5, D6 = (str(d) for d in DAYS)
UNDATED = ("totals", "chosen")


@pytest.fixture
def delivered() -> toy.Delivered:
    delivered = toy.Delivered()
    delivered.arrivals.update({str(d): [n + 1] for n, d in enumerate(DAYS)})
    delivered.reference.update({D1: [1, 2]})
    return delivered


def run(folder: Path, *days: str, only: tuple[str, ...] = toy.TABLES, model: str = "older") -> dict[tuple[str, str], Made]:
    """Makes days of the toy chain in one run."""
    catalogue = toy.catalogue(folder / "expectations")
    wanted = [Day(dt.date.fromisoformat(d)) for d in days]
    with LakeRun(catalogue, toy.settings(folder, model), toy.no_ledger, toy.judge) as lake:
        made = [m for t in catalogue if t.name in only for m in lake.make(t, [None] if t.name in UNDATED else wanted)]
    return {(m.table.name, m.day): m for m in made}


def statuses(folder: Path) -> dict[tuple[str, str], GateStatus]:
    """What every gate says now, asked afresh."""
    catalogue = toy.catalogue(folder / "expectations")
    releases = Releases(store(folder), catalogue)
    keys = [(t, str(d)) for t in catalogue for d in DAYS if t.name not in UNDATED] + [(catalogue["totals"], "all")]
    return {(t.name, d): releases.state(t, d).status for t, d in keys}


def store(folder: Path):
    return Store(toy.settings(folder).lake_folder)


def test_a_blocked_day_holds_what_hangs_on_it_and_its_neighbours_go_on(tmp_path, delivered):
    delivered.arrivals[D3] = toy.blocked()
    made = run(tmp_path, *map(str, DAYS))
    assert made["arrivals", D3].status is GateStatus.FAILED
    assert made["people", D3].status is GateStatus.HELD
    assert made["pairs", D3].status is GateStatus.HELD
    assert [made["pairs", d].status for d in (D1, D2, D4, D5, D6)] == [GateStatus.RELEASED] * 5


def test_nothing_downstream_of_a_failed_suite_can_be_read(tmp_path, delivered):
    delivered.arrivals[D3] = [666]
    run(tmp_path, *map(str, DAYS))
    catalogue = toy.catalogue(tmp_path / "expectations")
    releases = Releases(store(tmp_path), catalogue)
    with pytest.raises(GateClosed, match="toy/people 2025-11-05"):
        releases.released(catalogue["people"], D3)


def test_a_correction_that_fails_closes_what_was_made_from_the_earlier_bytes(tmp_path, delivered):
    run(tmp_path, *map(str, DAYS))
    assert statuses(tmp_path)["pairs", D2] is GateStatus.RELEASED
    delivered.arrivals[D2] = [666]
    run(tmp_path, D2, only=("arrivals",))
    now = statuses(tmp_path)
    assert now["arrivals", D2] is GateStatus.FAILED
    assert now["people", D2] is GateStatus.HELD
    assert now["pairs", D2] is GateStatus.HELD
    assert now["looked_back", D3] is GateStatus.HELD
    assert now["pairs", D3] is GateStatus.RELEASED


def test_a_correction_that_passes_makes_stale_what_was_made_from_the_earlier_bytes(tmp_path, delivered):
    run(tmp_path, *map(str, DAYS))
    delivered.arrivals[D2] = [77]
    run(tmp_path, D2, only=("arrivals",))
    now = statuses(tmp_path)
    assert now["people", D2] is GateStatus.STALE
    run(tmp_path, D2, D3, D4)
    now = statuses(tmp_path)
    assert {now[t, d] for t in ("people", "looked_back", "pairs") for d in (D2, D3, D4)} == {GateStatus.RELEASED}


def test_a_failure_found_on_superseded_bytes_is_stale_and_one_whose_input_is_closed_stands(tmp_path, delivered):
    delivered.arrivals[D2] = [333]
    run(tmp_path, D1, D2)
    assert statuses(tmp_path)["people", D2] is GateStatus.FAILED
    delivered.arrivals[D2] = [666]
    run(tmp_path, D2, only=("arrivals",))
    assert statuses(tmp_path)["people", D2] is GateStatus.FAILED
    delivered.arrivals[D2] = [2]
    run(tmp_path, D2, only=("arrivals",))
    assert statuses(tmp_path)["people", D2] is GateStatus.STALE
    run(tmp_path, D2)
    assert statuses(tmp_path)["people", D2] is GateStatus.RELEASED


def test_the_same_bytes_again_open_what_was_made_from_them(tmp_path, delivered):
    run(tmp_path, *map(str, DAYS))
    delivered.arrivals[D2] = [666]
    run(tmp_path, D2, only=("arrivals",))
    delivered.arrivals[D2] = [2]
    run(tmp_path, D2, only=("arrivals",))
    assert statuses(tmp_path)["pairs", D2] is GateStatus.RELEASED


def test_a_window_pins_a_missing_day_as_absent_and_is_stale_when_it_comes(tmp_path, delivered):
    late = delivered.arrivals.pop(D2)
    made = run(tmp_path, *map(str, DAYS))
    assert made["arrivals", D2].status is GateStatus.WAITING
    assert made["looked_back", D3].status is GateStatus.RELEASED
    delivered.arrivals[D2] = late
    run(tmp_path, D2)
    now = statuses(tmp_path)
    assert (now["looked_back", D3], now["looked_back", D4], now["looked_back", D5]) == (
        GateStatus.STALE,
        GateStatus.STALE,
        GateStatus.RELEASED,
    )


def test_a_missing_delivery_makes_no_partition(tmp_path, delivered):
    delivered.arrivals.pop(D2)
    run(tmp_path, *map(str, DAYS))
    assert not store(tmp_path).day_folder("toy/arrivals", D2).exists()


def test_a_versioned_table_is_pinned_as_of_the_day(tmp_path, delivered):
    made = run(tmp_path, *map(str, DAYS))
    assert made["reference", D2].status is GateStatus.NO_DELIVERY
    pin = next(p for p in made["pairs", D5].record.inputs if p.table == "toy/cleaned_reference")
    assert (pin.day, pin.version_as_at) == (D1, D5)


def test_a_version_that_lands_late_makes_the_days_after_it_stale(tmp_path, delivered):
    run(tmp_path, *map(str, DAYS))
    delivered.reference[D4] = [4]
    run(tmp_path, D4, only=("reference", "cleaned_reference"))
    now = statuses(tmp_path)
    assert now["pairs", D3] is GateStatus.RELEASED
    assert {now["pairs", d] for d in (D4, D5, D6)} == {GateStatus.STALE}


def test_a_version_is_made_from_the_version_before_it(tmp_path, delivered):
    delivered.reference[D4] = [4]
    made = run(tmp_path, *map(str, DAYS))
    bytes_of = store(tmp_path).frame("toy/reference", D4, made["reference", D4].record.sha256)
    assert bytes_of["line_number"].to_list() == [1, 2, 4]


def test_a_version_derived_from_a_failed_one_is_held_and_the_last_good_one_serves(tmp_path, delivered):
    delivered.reference[D4] = [666]
    made = run(tmp_path, *map(str, DAYS))
    assert made["cleaned_reference", D4].status is GateStatus.HELD
    pin = next(p for p in made["pairs", D5].record.inputs if p.table == "toy/cleaned_reference")
    assert pin.day == D1


def test_a_table_of_all_days_is_stale_when_a_day_is_added(tmp_path, delivered):
    run(tmp_path, D1, D2)
    assert statuses(tmp_path)["totals", "all"] is GateStatus.RELEASED
    run(tmp_path, D3, only=("arrivals", "people"))
    assert statuses(tmp_path)["totals", "all"] is GateStatus.STALE


def test_a_gate_record_that_cannot_be_read_counts_as_closed(tmp_path, delivered):
    run(tmp_path, *map(str, DAYS))
    (store(tmp_path).day_folder("toy/people", D2) / "gate.json").write_text("{")
    now = statuses(tmp_path)
    assert now["people", D2] is GateStatus.FAILED
    assert now["pairs", D2] is GateStatus.HELD
    made = run(tmp_path, D2, only=("pairs",))
    assert made["pairs", D2].because == "toy/people 2025-11-04: the gate record is damaged (JSONDecodeError)"


def test_bytes_that_are_gone_count_as_closed(tmp_path, delivered):
    run(tmp_path, *map(str, DAYS))
    next(store(tmp_path).day_folder("toy/people", D2).glob("*.parquet")).unlink()
    assert statuses(tmp_path)["pairs", D2] is GateStatus.HELD


def test_a_second_run_writes_nothing_and_changes_nothing(tmp_path, delivered):
    run(tmp_path, *map(str, DAYS))
    before = {f: f.stat().st_mtime_ns for f in tmp_path.rglob("lake/**/*.json")}
    again = run(tmp_path, *map(str, DAYS))
    assert {f: f.stat().st_mtime_ns for f in tmp_path.rglob("lake/**/*.json")} == before
    assert again["pairs", D5].status is GateStatus.RELEASED


def test_two_runs_cannot_interleave(tmp_path, delivered):
    catalogue = toy.catalogue(tmp_path / "expectations")
    with (
        LakeRun(catalogue, toy.settings(tmp_path), toy.no_ledger, toy.judge),
        pytest.raises(LakeBusy, match="another run has been writing the lake"),
        LakeRun(catalogue, toy.settings(tmp_path), toy.no_ledger, toy.judge),
    ):
        pass


def test_an_error_in_one_day_is_written_down_without_its_message(tmp_path, delivered):
    delivered.arrivals[D3] = ValueError("Mr Secret")
    made = run(tmp_path, *map(str, DAYS))
    assert made["arrivals", D3].status is GateStatus.FAILED
    assert made["arrivals", D3].because.startswith("ValueError at toy.py:")
    assert not [f for f in tmp_path.rglob("*.json") if "Secret" in f.read_text()]


def test_another_model_stands_beside_the_old_one_and_closes_nothing(tmp_path, delivered):
    run(tmp_path, D1, D2)
    run(tmp_path, D2, model="newer", only=("chosen",))
    assert statuses(tmp_path)["weighed", D1] is GateStatus.RELEASED
    made = run(tmp_path, D2, model="newer", only=("chosen", "weighed"))
    pins = [pin.day for pin in made["weighed", D2].record.inputs if pin.table == "toy/chosen"]
    assert pins == ["newer"]
    assert statuses(tmp_path)["weighed", D1] is GateStatus.RELEASED


def counted(folder: Path, day: str) -> list[int]:
    record = store(folder).record("toy/counted", day)
    return store(folder).frame("toy/counted", day, str(record.sha256))["line_number"].to_list()


def test_what_stands_beside_a_version_of_the_day_takes_it_where_it_is_released(tmp_path, delivered):
    delivered.reference[D2] = [666]
    made = run(tmp_path, D1, D2, D3)
    assert made["reference", D2].status is GateStatus.FAILED
    assert [made["counted", d].status for d in (D1, D2, D3)] == [GateStatus.RELEASED] * 3
    assert [counted(tmp_path, d) for d in (D1, D2, D3)] == [[2], [-1], [-1]]


def test_what_stands_beside_a_version_is_stale_once_that_is_released(tmp_path, delivered):
    run(tmp_path, D1, D2)
    delivered.reference[D2] = [3]
    run(tmp_path, D2, only=("reference",))
    assert statuses(tmp_path)["counted", D2] is GateStatus.STALE
    run(tmp_path, D2)
    assert counted(tmp_path, D2) == [3]
