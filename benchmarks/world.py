"""Making worlds: a million residents and a whole force with the records of five years, and the demo from end to end."""

import datetime as dt
from pathlib import Path

from benchmarks.measured import Step, data_folder, options, paramount, write_results

FIRST_DAY = dt.date(2025, 11, 3)
FIVE_YEARS = ("--from", "2021-10-01", "--days", "1826", "--density", "1")
"""From the first partition that there is: no made-up world ends after today."""

LATER_STEPS = ("intake/feedback", "casework", "outcomes")
"""Made once the answers of the made-up casework have come in."""


def main() -> None:
    """Measures and reports."""
    parser = options("world", "Making worlds, and the demo.")
    parser.add_argument("--share", type=float, default=1.0, help="of the residents of every world; less only tries the script")
    parser.add_argument("--demo-days", type=int, default=30, help="days of the demo")
    asked = parser.parse_args()

    def force(name: str, folder: str, residents: int, *more: str) -> list[Step]:
        size = ["--preset", "force", "--residents", str(int(residents * asked.share)), "--seed", str(asked.seed)]
        return data_folder(None, asked.folder / folder, *size, *more, name=name)

    steps = [
        *force("1,000,000 residents, five years", "million", 1_000_000, *FIVE_YEARS),
        *force("2,500,000 residents, five years", "force", 2_500_000, *FIVE_YEARS),
        *force("preset force", "preset", 2_500_000, "--density", "4"),
        *_demo(asked.folder / "demo", int(60_000 * asked.share), asked.demo_days, asked.seed),
    ]
    write_results(asked, steps)


def _demo(data: Path, residents: int, days: int, seed: int) -> list[Step]:
    last, feedback = (FIRST_DAY + dt.timedelta(days=n) for n in (days - 1, days + 27))
    first = ["--from", FIRST_DAY.isoformat()]
    without = [part for step in LATER_STEPS for part in ("--without", step)]
    only = [part for step in LATER_STEPS for part in ("--only", step)]
    told = ["backfill", *first, "--to", last.isoformat(), *without, "--notify", "--replay"]
    answered = ["backfill", *first, "--to", feedback.isoformat(), *only, "--replay"]
    size = ["--residents", str(residents), "--days", str(days), "--seed", str(seed)]
    return [
        *data_folder(None, data, "--preset", "demo", *size, name="demo: simulate"),
        paramount("demo: backfill", data, *told),
        paramount("demo: answers", data, "simulate", "--answers"),
        paramount("demo: backfill of what came of it", data, *answered),
        paramount("demo: publish", data, "publish"),
        paramount("demo: status", data, "status", *first, "--to", last.isoformat()),
        paramount("demo: evaluate", data, "evaluate"),
    ]


if __name__ == "__main__":
    main()
