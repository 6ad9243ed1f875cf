"""Runs commands as processes of their own and says what each took: wall clock, processor time, peak of memory."""

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from paramount_assets import clock

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-c", "from paramount_assets.cli import main; main()")


@dataclass(frozen=True)
class Step:
    """One command: seconds of wall clock and of all processors together, peak of memory in MB, and how it ended."""

    name: str
    wall_seconds: float
    cpu_seconds: float
    peak_mb: int
    exit_code: int


def paramount(name: str, data: Path, *arguments: str) -> Step:
    """Runs one `paramount` command on a data folder, process start-up included."""
    environment = os.environ | {"PARAMOUNT_DATA": str(data), "DAGSTER_DISABLE_TELEMETRY": "1"}
    start = time.perf_counter()
    process = subprocess.Popen([*COMMAND, *arguments], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    step = Step(name, round(wall, 1), round(usage.ru_utime + usage.ru_stime, 1), usage.ru_maxrss // 1024, process.returncode)
    print(
        f"{step.name:44} {step.wall_seconds:8.1f} s {step.cpu_seconds:8.1f} s {step.peak_mb:7d} MB  exit {step.exit_code}",
        flush=True,
    )
    return step


def data_folder(made: Path | None, folder: Path, *world: str, name: str = "simulate") -> list[Step]:
    """Fills a data folder: with a copy of a world made earlier, or with a new one. A made-up world that stood there is removed.

    Args:
        made: a data folder with landing, ledger and world; None makes one.
        folder: the folder to fill.
        world: the arguments of `paramount simulate`.
        name: what the making of a new one is called in the results.

    Raises:
        SystemExit: something else than a made-up world stands in the folder.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "world" / "world.json").exists():
        raise SystemExit(f"{folder} holds what is no made-up world; name another --folder")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if made is None:
        return [paramount(name, folder, "simulate", *world)]
    for part in ("landing", "ledger", "world"):
        shutil.copytree(made / part, folder / part)
    return []


def options(name: str, about: str) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(
        prog=f"python -m benchmarks.{name}", description=about, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=7, help="of the made-up world")
    parser.add_argument("--folder", type=Path, default=ROOT / "data" / "benchmark" / name, help="filled anew, and left there")
    parser.add_argument("--json", type=Path, help="where the results go")
    return parser


def options_of_a_day(name: str, about: str, days: int) -> argparse.ArgumentParser:
    """Those of a benchmark that runs days of one force: how large it is, or which world it is."""
    parser = options(name, about)
    parser.add_argument("--residents", type=int, default=2_500_000, help="of the made-up world")
    parser.add_argument("--days", type=int, default=days, help="of the made-up world")
    parser.add_argument("--made", type=Path, help="a data folder with a world that begins on 2025-11-03, instead of a new one")
    return parser


def write_results(options: argparse.Namespace, steps: Sequence[Step]) -> None:
    """Writes what was measured, on what and of what, where that was asked for; ends with an error if a command failed."""
    if options.json is not None:
        asked = {name: value for name, value in vars(options).items() if isinstance(value, int | float | str)}
        result = {"measured_on": clock.today().isoformat(), "commit": _commit(), "machine": _machine(), "asked": asked}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(result | {"steps": [asdict(s) for s in steps]}, indent=1) + "\n", encoding="utf-8")
    if failed := [step.name for step in steps if step.exit_code]:
        raise SystemExit(f"failed: {', '.join(failed)}")


def _commit() -> str:
    found = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    return found.stdout.strip()


def _machine() -> dict[str, str | int | float]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return {
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory, 1),
        "load_before": round(os.getloadavg()[2], 1),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
