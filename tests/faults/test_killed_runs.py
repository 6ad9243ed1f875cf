"""`kill -9` at seeded moments of a run over four days, then a second run: the same bytes and the same claims as without it.

The kill at each point of one write is in `test_killed_while_writing`, the kill at each point of a claim in `ledger/test_crashes`.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from paramount_assets.ledger import open_ledger, verify_chain
from tests.four_days import (
    DAYS,
    MEMORY,
    ROOT,
    claims,
    days_to_make,
    installation,
    names_of,
    released,
    run_and_tell,
    told_twice,
)

pytestmark = pytest.mark.slow

MOMENTS = 5
"""One drawn from each fifth of the run."""
SEED = 19

RUN = """
import os, signal, sys
from pathlib import Path
import pytest
from tests.four_days import DAYS, Memory, run_and_tell, settings_of

folder, remembered, kill_at = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
memory, heard = Memory.load(remembered), 0

def listen(made):
    global heard
    heard += 1
    if heard == kill_at:
        os.kill(os.getpid(), signal.SIGKILL)

memory.patch_scoring(pytest.MonkeyPatch().setattr)
for day in DAYS:
    run_and_tell(settings_of(folder), [day], memory, listen)
"""


@pytest.fixture(scope="module", autouse=True)
def _remembered_scores():
    with pytest.MonkeyPatch.context() as patch:
        MEMORY.patch_scoring(patch.setattr)
        yield


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """Bytes, claims and the number of table-days of the run without a kill, and the file of what it remembered."""
    settings = installation(tmp_path_factory.mktemp("undisturbed"))
    made = [each for day in DAYS for each in run_and_tell(settings, [day], MEMORY)]
    assert names_of(made) == []
    remembered = tmp_path_factory.mktemp("memory") / "memory.pickle"
    MEMORY.save(remembered)
    return released(settings), claims(settings), len(made), remembered


def killed(folder: Path, remembered: Path, kill_at: int) -> None:
    """Runs the four days in another process, which kills itself when that many table-days are made."""
    arguments = [sys.executable, "-c", RUN, str(folder), str(remembered), str(kill_at)]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_a_run_killed_at_any_moment_is_made_whole_by_a_second_one(tmp_path, undisturbed, moment):
    bytes_of, claimed, table_days, remembered = undisturbed
    kill_at = random.Random(f"{SEED} {moment}").randrange(
        1 + moment * table_days // MOMENTS, (moment + 1) * table_days // MOMENTS
    )
    settings = installation(tmp_path)
    killed(tmp_path, remembered, kill_at)
    left = released(settings)
    assert left.items() <= bytes_of.items()
    assert days_to_make(settings)
    for day in DAYS:
        run_and_tell(settings, [day], MEMORY)
    assert days_to_make(settings) == []
    assert released(settings) == bytes_of
    assert claims(settings) == claimed
    assert told_twice(settings) == []
    assert not list(settings.lake_folder.glob(".writing/*"))
    with open_ledger(settings) as ledger:
        assert verify_chain(ledger) is None
