"""Makes three days of the toy chain; as a program it kills itself at a chosen step of writing one table.

Run as `python -m tests.faults.killed_writer FOLDER TABLE STEP`: the process sends itself SIGKILL right before that step.
"""

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from paramount_assets.lake import Day, LakeRun
from tests.lake import toy

DAYS = [Day(dt.date(2025, 11, n)) for n in (3, 4, 5)]
UNDATED = ("totals", "chosen")


def write(folder: Path, around: Callable[[str, Callable[[], object]], object]) -> None:
    """Makes every table; `around` is given each table's name and what makes it."""
    delivered = toy.Delivered()
    delivered.arrivals.update({str(day): [n, n + 10] for n, day in enumerate(DAYS, 1)})
    delivered.reference.update({str(DAYS[0]): [1], str(DAYS[2]): [2]})
    catalogue = toy.catalogue(folder / "expectations")
    with LakeRun(catalogue, toy.settings(folder), toy.no_ledger, toy.judge) as lake:
        for table in catalogue:
            keys = [None] if table.name in UNDATED else DAYS
            around(table.name, lambda table=table, keys=keys: list(lake.make(table, keys)))


def main(folder: Path, target: str, kill_at: int) -> None:
    """Writes until the given step of the target table, counting each flush and each renaming."""
    steps = 0

    def dying(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            nonlocal steps
            steps += 1
            if steps == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **kwargs)

        return call

    def around(name: str, make: Callable[[], object]) -> None:
        if name != target:
            make()
            return
        real = os.fsync, os.replace
        os.fsync, os.replace = (dying(function) for function in real)
        make()
        os.fsync, os.replace = real

    write(folder, around)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
