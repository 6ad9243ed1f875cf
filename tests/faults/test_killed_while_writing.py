"""`kill -9` at every point of the write protocol, then a second run: the same bytes as without the kill."""

import subprocess
import sys
from pathlib import Path

import pytest

from paramount_assets.lake import Releases, Store
from paramount_assets.vocabulary import GateStatus
from tests.faults.killed_writer import write
from tests.lake import toy

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

STEPS_OF_ONE_WRITE = 9
"""Bytes, record and pointer are each flushed, renamed, and their folder flushed."""


def write_and_die(folder: Path, table: str, step: int) -> int:
    command = [sys.executable, "-m", "tests.faults.killed_writer", str(folder), table, str(step)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False).returncode


def write_undisturbed(folder: Path) -> None:
    write(folder, lambda _, make: make())


def released(folder: Path) -> dict[tuple[str, str], tuple[GateStatus, str | None]]:
    catalogue = toy.catalogue(folder / "expectations")
    releases = Releases(Store(toy.settings(folder).lake_folder), catalogue)
    states = {(t.name, day): releases.state(t, day) for t in catalogue for day in releases.days(t)}
    return {key: (s.status, s.record.sha256 if s.record else None) for key, s in states.items()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    write_undisturbed(folder)
    return released(folder)


@pytest.mark.parametrize("step", range(1, STEPS_OF_ONE_WRITE + 1))
@pytest.mark.parametrize("table", ["people", "reference", "totals"], ids=["daily", "versioned", "all days"])
def test_a_run_killed_while_writing_leaves_what_a_second_run_makes_whole(table, step, tmp_path, undisturbed):
    assert write_and_die(tmp_path, table, step) == -9
    after_kill = released(tmp_path)
    assert all(undisturbed[key] == state for key, state in after_kill.items() if state[0] is GateStatus.RELEASED)
    write_undisturbed(tmp_path)
    assert released(tmp_path) == undisturbed
    assert not list(tmp_path.glob("lake/.writing/*"))
