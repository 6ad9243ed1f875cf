"""`kill -9` at every point of the write protocol, then a second run: the same bytes as without the kill."""

import subprocess
import sys
from pathlib import Path

import pytest

from paramount_assets.lake import Releases, Store
from paramount_assets.vocabulary import GateStatus
from tests.lake import toy

ROOT = Path(__file__).parents[2]

WRITER = """
import datetime as dt, os, signal, sys
from pathlib import Path
from paramount_assets.lake import Day, LakeRun
from tests.lake import toy

folder, target, kill_at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
days = [Day(dt.date(2025, 11, n)) for n in (3, 4, 5)]
delivered = toy.Delivered()
delivered.arrivals.update({str(day): [n, n + 10] for n, day in enumerate(days, 1)})
delivered.reference.update({str(days[0]): [1], str(days[2]): [2]})
calls = 0

def dying(real):
    def call(*args, **kwargs):
        global calls
        calls += 1
        if calls == kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return call

catalogue = toy.catalogue(folder / "expectations")
with LakeRun(catalogue, toy.settings(folder), toy.no_ledger, toy.judge) as lake:
    for table in catalogue:
        keys = [None] if table.name in ("totals", "chosen") else days
        if table.name != target:
            list(lake.make(table, keys))
            continue
        real = os.fsync, os.replace
        if kill_at:
            os.fsync, os.replace = map(dying, real)
        list(lake.make(table, keys))
        os.fsync, os.replace = real
print(calls)
"""

STEPS_OF_ONE_WRITE = 9
"""Bytes, record and pointer are each flushed, renamed, and their folder flushed."""


def write(folder: Path, target: str, kill_at: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(folder), target, str(kill_at)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, -9), done.stderr
    return done.returncode


def released(folder: Path) -> dict[tuple[str, str], tuple[GateStatus, str | None]]:
    catalogue = toy.catalogue(folder / "expectations")
    releases = Releases(Store(toy.settings(folder).lake_folder), catalogue)
    states = {(t.name, day): releases.state(t, day) for t in catalogue for day in releases.days(t)}
    return {key: (s.status, s.record.sha256 if s.record else None) for key, s in states.items()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    write(folder, "people", 0)
    return released(folder)


@pytest.mark.slow
@pytest.mark.parametrize("step", range(1, STEPS_OF_ONE_WRITE + 1))
@pytest.mark.parametrize("table", ["people", "reference", "totals"], ids=["daily", "versioned", "all days"])
def test_a_run_killed_while_writing_leaves_what_a_second_run_makes_whole(table, step, tmp_path, undisturbed):
    assert write(tmp_path, table, step) == -9
    after_kill = released(tmp_path)
    assert all(undisturbed[key] == state for key, state in after_kill.items() if state[0] is GateStatus.RELEASED)
    assert write(tmp_path, table, 0) == 0
    assert released(tmp_path) == undisturbed
    assert not list(tmp_path.glob("lake/.writing/*"))
