"""Which days say what is usual: those before, as their gate records kept it."""

import datetime as dt
import json
from pathlib import Path

import pytest

from paramount_assets.lake import Catalogue, LakeRun, Made
from paramount_assets.quality import ExpectationOutcome, Verdict
from paramount_assets.vocabulary import Day, GateStatus, Severity
from tests.lake import toy

DAYS = [Day(dt.date(2025, 11, 1) + dt.timedelta(days=n)) for n in range(40)]
DRIFT = {
    "measure": "row_count",
    "min_ratio": 0.5,
    "max_ratio": 2,
    "severity": "warning",
    "meta": {"why": "It is a toy, but it should not change overnight."},
}


@pytest.fixture
def delivered() -> toy.Delivered:
    delivered = toy.Delivered()
    delivered.arrivals.update({str(day): list(range(1, 101)) for day in DAYS})
    return delivered


def judge(frames, suite, counts):
    """Keeps the count of rows; a day that holds a 666 fails."""
    return {day: Verdict((_outcome(frame),), {"row_count": float(frame.height)}) for day, frame in frames.items()}


def _outcome(frame):
    bad = frame.filter(line_number=666).height
    return ExpectationOutcome("toy", "toy", "", Severity.CRITICAL, "It is a toy.", bad == 0, broken=False, observed=bad)


def catalogue(folder: Path) -> Catalogue:
    toy.catalogue(folder)
    for name in ("arrivals", "reference"):
        file = folder / "toy" / f"{name}.json"
        drift = DRIFT | ({"least_days": 1} if name == "reference" else {})
        file.write_text(json.dumps(json.loads(file.read_text()) | {"drift_expectations": [drift]}))
    return Catalogue([getattr(toy, name) for name in toy.TABLES], folder)


def run(folder: Path, *days: Day, only: str = "arrivals") -> list[Made]:
    chain = catalogue(folder / "expectations")
    with LakeRun(chain, toy.settings(folder), toy.no_ledger, judge) as lake:
        return list(lake.make(chain[only], days))


def warned(made: list[Made]) -> list[str]:
    return [m.day for m in made if m.record and [o for o in m.record.warnings if o.about == "row_count"]]


def test_a_day_is_compared_with_the_days_before_in_the_same_run(tmp_path, delivered):
    delivered.arrivals[str(DAYS[9])] = list(range(1, 1001))
    delivered.arrivals[str(DAYS[3])] = list(range(1, 1001))
    made = run(tmp_path, *DAYS[:12])
    assert warned(made) == [str(DAYS[9])], "seven days are needed before anything is usual, and one odd day does not change it"


def test_a_day_is_compared_with_the_records_of_earlier_runs(tmp_path, delivered):
    for day in DAYS[:7]:
        run(tmp_path, day)
    delivered.arrivals[str(DAYS[7])] = list(range(1, 301))
    made = run(tmp_path, DAYS[7])
    assert warned(made) == [str(DAYS[7])]
    assert made[0].status is GateStatus.RELEASED
    assert made[0].record.measures == {"row_count": 300.0}


def test_days_that_failed_or_lie_further_back_than_four_weeks_say_nothing(tmp_path, delivered):
    for day in DAYS[1:7]:
        delivered.arrivals[str(day)] = [666, *range(1, 60)]
    run(tmp_path, *DAYS[:8])
    delivered.arrivals[str(DAYS[8])] = list(range(1, 301))
    assert warned(run(tmp_path, DAYS[8])) == [], "of eight days two are released"
    run(tmp_path, *DAYS[9:12])
    assert warned(run(tmp_path, DAYS[39])) == [], "of the 28 days before none is there"


def test_the_same_run_again_writes_no_new_record(tmp_path, delivered):
    delivered.arrivals[str(DAYS[9])] = list(range(1, 301))
    run(tmp_path, *DAYS[:12])
    before = {f: f.stat().st_mtime_ns for f in tmp_path.rglob("gate.json")}
    run(tmp_path, *DAYS[:12])
    assert {f: f.stat().st_mtime_ns for f in tmp_path.rglob("gate.json")} == before


def test_a_version_is_compared_with_the_versions_before_however_old(tmp_path, delivered):
    delivered.reference[str(DAYS[0])] = list(range(1, 51))
    delivered.reference[str(DAYS[35])] = list(range(51, 351))
    run(tmp_path, DAYS[0], only="reference")
    assert warned(run(tmp_path, DAYS[35], only="reference")) == [str(DAYS[35])]
